//! Every branch of the tree with its range; a click shows its fan.

use domain::assumption::PlanningQuery;
use domain::format::{self, Scale};
use domain::money::{Currency, Minor};
use domain::outlook::{Branch, Distribution, Hole, Outlook};
use leptos::prelude::*;

use super::name_of;
use crate::set;
use crate::ui::MoreRows;
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Rows before one asks for more.
const FIRST_ROWS: usize = 60;
/// The size of a sparkline.
const SPARK: (f64, f64) = (96.0, 20.0);

/// The table of branches.
#[component]
pub(super) fn Card(outlook: Outlook, asked: Memo<PlanningQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(outlook.planning.currency.clone());
    let largest = outlook
        .branches
        .iter()
        .filter_map(|branch| branch.total.as_ref())
        .map(|total| total.p90().0)
        .max()
        .unwrap_or(0);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(Minor(largest), currency, lang(i18n.get_locale())))
    });
    let at = outlook.at;
    let known = outlook.known;
    let holes = outlook.holes.clone();
    let all = RwSignal::new(outlook.branches.len() <= FIRST_ROWS);
    let hidden = outlook.branches.len().saturating_sub(FIRST_ROWS);
    let branches = StoredValue::new(outlook.branches);
    let body = move || {
        let count = if all.get() { usize::MAX } else { FIRST_ROWS };
        let asked = asked.get();
        branches.with_value(|branches| {
            branches
                .iter()
                .enumerate()
                .take(count)
                .map(|(place, branch)| {
                    let href = address(branch, place, &asked);
                    let spark = spark(&branch.history, known, &holes);
                    currency.with_value(|currency| {
                        line(branch, place == at, href, spark, currency, scale.get(), i18n)
                    })
                })
                .collect_view()
        })
    };
    let unit = move || currency.with_value(|currency| scale.get().unit(currency));
    view! {
        <section class="card" data-card="branches">
            <header>
                <h2>{t!(i18n, outlook.branches)}</h2>
                <span class="sm muted">{t!(i18n, outlook.branches_hint)}</span>
                <span class="sm muted end">{move || t_string!(i18n, outlook.unit_in, unit = unit()).to_string()}</span>
            </header>
            <div class="scroll-x" tabindex="0">
                <table class="tb">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, outlook.branch)}</th>
                            <th scope="col">{t!(i18n, outlook.history)}</th>
                            <th scope="col" class="num">{t!(i18n, outlook.last_year)}</th>
                            <th scope="col" class="num">"P10"</th>
                            <th scope="col" class="num">"P50"</th>
                            <th scope="col" class="num">"P90"</th>
                            <th scope="col" class="num">{t!(i18n, outlook.change)}</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <MoreRows all=all hidden=hidden />
        </section>
    }
}

/// The address that shows a branch.
fn address(branch: &Branch, place: usize, asked: &PlanningQuery) -> String {
    let page = set::address("outlook", asked);
    if place == 0 {
        return page;
    }
    let join = if page.contains('?') { '&' } else { '?' };
    format!("{page}{join}node={}", branch.place)
}

fn line(
    branch: &Branch,
    is_shown: bool,
    href: String,
    spark: Option<AnyView>,
    currency: &Currency,
    scale: Scale,
    i18n: Words,
) -> impl IntoView + use<> {
    let money = |amount: Option<Minor>| {
        amount.map_or_else(
            || format::NONE.to_owned(),
            |amount| format::money_column(amount, currency, scale),
        )
    };
    let of = |read: fn(&Distribution) -> Minor| money(branch.total.as_ref().map(read));
    let p50 = branch.p50();
    let title = p50.map(|amount| format::full(amount, currency));
    let growth = branch
        .growth()
        .map_or_else(|| format::NONE.to_owned(), format::percent_change);
    let indent = "\u{2003}".repeat(branch.depth);
    view! {
        <tr data-branch=branch.place.to_string() data-p50=p50.map(|amount| amount.0)>
            <td>
                {indent}
                <a href=href aria-current=is_shown.then_some("true") class=is_shown.then_some("strong")>
                    {name_of(branch, i18n)}
                </a>
            </td>
            <td>{spark}</td>
            <td class="num muted">{money(branch.last_year)}</td>
            <td class="num muted">{of(Distribution::p10)}</td>
            <td class="num strong" title=title>{of(Distribution::p50)}</td>
            <td class="num muted">{of(Distribution::p90)}</td>
            <td class="num">{growth}</td>
        </tr>
    }
}

/// The months as a line, broken where nothing is known; nothing where there are less than two. `known`: the place of the
/// month after the last of them.
fn spark(history: &[Minor], known: usize, holes: &[Hole]) -> Option<AnyView> {
    let high = history.iter().map(|amount| amount.0).max()?.max(0) as f64;
    let low = history.iter().map(|amount| amount.0).min()?.min(0) as f64;
    if history.len() < 2 || high <= low {
        return None;
    }
    let first = known.saturating_sub(history.len());
    let (width, height) = SPARK;
    let step = width / (history.len() - 1) as f64;
    let mut path = String::new();
    let mut pen = 'M';
    for (place, amount) in history.iter().enumerate() {
        if holes.iter().any(|hole| hole.contains(first + place)) {
            pen = 'M';
            continue;
        }
        let x = place as f64 * step;
        let y = height - 1.0 - (amount.0 as f64 - low) / (high - low) * (height - 2.0);
        path += &format!("{pen}{x:.1} {y:.1}");
        pen = 'L';
    }
    let line = view! {
        <svg class="soft" width=width height=height viewBox=format!("0 0 {width} {height}") aria-hidden="true">
            <path d=path fill="none" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" />
        </svg>
    };
    Some(line.into_any())
}
