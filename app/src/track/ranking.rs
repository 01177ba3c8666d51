//! The rows of the board: who stands where, with a mark where today should be.

use domain::format::{self, Scale};
use domain::metric::{AttainmentRow, Dimension};
use domain::money::Minor;
use domain::org::level_name;
use domain::track::Board;
use leptos::prelude::*;

use super::address;
use super::progress::{bar_words, pace_of, shares};
use crate::ui::{BarSize, Choice, Column, MoreRows, Progress, Segment, StandingMark, Table};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Rows shown before one asks for more.
const FIRST_ROWS: usize = 50;

/// The table, by the chosen dimension.
#[component]
pub(super) fn Ranking(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let go = address::go();
    let by = board.by.to_string();
    let time = board.by.is_time();
    let levels = board.levels.clone();
    let choices = Signal::derive(move || dimensions(&levels, i18n));
    let mut rows = board.rows.clone();
    if !time {
        // Best pace first; without a target by what is done. The name settles ties, so the order never flickers.
        rows.sort_by(|a, b| {
            let key = |row: &AttainmentRow| pace_of(row).map_or(f64::NEG_INFINITY, |(_, ratio)| ratio);
            key(b)
                .total_cmp(&key(a))
                .then(b.actual.cmp(&a.actual))
                .then_with(|| name_of(a).cmp(name_of(b)))
        });
    }
    let largest = rows
        .iter()
        .map(|row| row.actual.0.max(row.target.unwrap_or_default().0))
        .max()
        .unwrap_or(0);
    let currency = board.currency.clone();
    let scale = {
        let currency = currency.clone();
        move || Scale::column(Minor(largest), &currency, lang(i18n.get_locale()))
    };
    let unit = {
        let (scale, currency) = (scale.clone(), currency.clone());
        move || scale().unit(&currency)
    };
    let columns = Signal::derive(move || {
        vec![
            Column::numbers(t_string!(i18n, track.column_rank)),
            Column::words(t_string!(i18n, track.column_name)),
            Column::numbers(t_string!(i18n, track.column_done)),
            Column::numbers(t_string!(i18n, track.column_target)),
            Column::words(t_string!(i18n, track.column_bar)),
            Column::numbers(t_string!(i18n, track.column_attainment)),
            Column::numbers(t_string!(i18n, track.column_pace)),
            Column::numbers(t_string!(i18n, track.column_gap)),
            Column::numbers(t_string!(i18n, track.column_count)),
        ]
    });
    let all = RwSignal::new(rows.len() <= FIRST_ROWS);
    let hidden = rows.len().saturating_sub(FIRST_ROWS);
    let body = {
        let (currency, dimension, scale) = (currency.clone(), board.by.clone(), scale.clone());
        move || {
            let count = if all.get() { rows.len() } else { FIRST_ROWS };
            let scale = scale();
            rows.iter()
                .take(count)
                .enumerate()
                .map(|(index, row)| {
                    let rank = if time { String::new() } else { (index + 1).to_string() };
                    view! { <Line row=row.clone() rank=rank currency=currency.clone() scale=scale dimension=dimension.clone() /> }
                })
                .collect_view()
        }
    };
    let total = board.total.clone();
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, track.ranking)}</h2>
                <span class="sm muted">{t!(i18n, track.ranking_hint)}</span>
                <span class="sm muted end">{move || t_string!(i18n, track.unit_in, unit = unit())}</span>
            </header>
            <div class="scroll-x dimensions">
                <Segment
                    label=t!(i18n, track.by)
                    choices=choices
                    value=Signal::stored(by)
                    on_pick=Callback::new(move |by| go("by", Some(by)))
                />
            </div>
            <Table caption=t!(i18n, track.ranking) columns=columns>
                {body}
                <TotalLine row=total currency=currency scale=Signal::derive(scale) />
            </Table>
            <MoreRows all=all hidden=hidden />
        </section>
    }
}

#[component]
fn Line(
    row: AttainmentRow,
    rank: String,
    currency: domain::money::Currency,
    scale: Scale,
    dimension: Dimension,
) -> impl IntoView {
    let i18n = use_i18n();
    let go = address::go();
    let name = name_of(&row).to_owned();
    let id = row
        .keys
        .values()
        .next()
        .map(|key| key.id.clone())
        .unwrap_or_default();
    let open = format!("{dimension}~{id}");
    let (done, due) = shares(&row);
    let pace = pace_of(&row);
    let money = |amount: Minor| format::money_column(amount, &currency, scale);
    let gap = row.target.map(|target| Minor(row.actual.0 - target.0));
    let words = {
        let (row, currency) = (row.clone(), currency.clone());
        move || bar_words(&row, &currency, i18n)
    };
    let shown_name = if name.is_empty() { None } else { Some(name.clone()) };
    view! {
        <tr data-key=name data-actual=row.actual.0 data-target=row.target.map(|target| target.0)>
            <td class="num muted">{rank}</td>
            <td>
                <button type="button" class="btn link" on:click=move |_| go("open", Some(open.clone()))>
                    {move || shown_name.clone().unwrap_or_else(|| t_string!(i18n, track.unnamed).to_string())}
                </button>
            </td>
            <td class="num strong" title=format::full(row.actual, &currency)>{money(row.actual)}</td>
            <td class="num muted">{row.target.map_or_else(|| format::NONE.to_owned(), money)}</td>
            <td class="share-cell">
                <Progress
                    done=Signal::stored(done)
                    due=Signal::stored(due)
                    size=BarSize::Small
                    standing=Signal::stored(None)
                    label=words
                />
            </td>
            <td class="num">{format::ratio_percent(row.attainment)}</td>
            <td class="num">
                {match pace {
                    Some((standing, ratio)) => {
                        view! { <StandingMark standing=standing>{format::percent(ratio)}</StandingMark> }.into_any()
                    }
                    None => format::NONE.into_any(),
                }}
            </td>
            <td class="num">{gap.map_or_else(|| format::NONE.to_owned(), |gap| format::change(gap, &currency, scale))}</td>
            <td class="num muted">{format::integer(row.count)}</td>
        </tr>
    }
}

#[component]
fn TotalLine(row: AttainmentRow, currency: domain::money::Currency, scale: Signal<Scale>) -> impl IntoView {
    let i18n = use_i18n();
    let pace = pace_of(&row);
    let gap = row.target.map(|target| Minor(row.actual.0 - target.0));
    let (actual, target) = (row.actual, row.target);
    let money = move |amount: Minor, currency: &domain::money::Currency| {
        format::money_column(amount, currency, scale.get())
    };
    let (for_actual, for_target, for_gap) = (currency.clone(), currency.clone(), currency);
    view! {
        <tr class="total">
            <td></td>
            <td>{t!(i18n, track.total)}</td>
            <td class="num">{move || money(actual, &for_actual)}</td>
            <td class="num">{move || target.map_or_else(|| format::NONE.to_owned(), |target| money(target, &for_target))}</td>
            <td></td>
            <td class="num">{format::ratio_percent(row.attainment)}</td>
            <td class="num">{pace.map_or_else(|| format::NONE.to_owned(), |(_, ratio)| format::percent(ratio))}</td>
            <td class="num">
                {move || gap.map_or_else(|| format::NONE.to_owned(), |gap| format::change(gap, &for_gap, scale.get()))}
            </td>
            <td class="num">{format::integer(row.count)}</td>
        </tr>
    }
}

/// The name of a row's first key.
fn name_of(row: &AttainmentRow) -> &str {
    row.keys.values().next().map_or("", |key| key.name.as_str())
}

/// The dimensions on offer: the unit levels that exist, then people, things and time.
pub(crate) fn dimensions(levels: &[String], i18n: Words) -> Vec<Choice> {
    let mut choices: Vec<Choice> = levels
        .iter()
        .map(|level| {
            Choice::new(
                format!("unit:{level}"),
                level_name(level, lang(i18n.get_locale())),
            )
        })
        .collect();
    choices.extend([
        Choice::new("manager", t_string!(i18n, track.by_manager)),
        Choice::new("member", t_string!(i18n, track.by_member)),
        Choice::new("product", t_string!(i18n, track.by_product)),
        Choice::new("category", t_string!(i18n, track.by_category)),
        Choice::new("account", t_string!(i18n, track.by_account)),
        Choice::new("channel", t_string!(i18n, track.by_channel)),
        Choice::new("month", t_string!(i18n, track.by_month)),
        Choice::new("day", t_string!(i18n, track.by_day)),
    ]);
    choices
}
