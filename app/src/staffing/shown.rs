//! What a change would do: every number it touches, before and after, why; and the button that makes the draft.

use domain::format;
use domain::id::CommandId;
use domain::money::{Currency, Minor};
use domain::plan::NodeIndex;
use domain::staffing::{Asked, Preview, PreviewRow};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::card::{Asks, NumberCard, Place, Side};
use crate::split;
use crate::ui::{Button, ButtonKind, Column, Field, Table, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// Rows that are shown; all of them are written.
const SHOWN: usize = 200;

/// Before and after, and the button.
#[component]
pub(super) fn Shown(
    preview: Preview,
    asked: Memo<Option<Asked>>,
    /// What the change is called by, so that it is made once.
    key: Memo<CommandId>,
    reason: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Preview {
        currency,
        periods,
        rows,
        before,
        after,
        released,
        ..
    } = preview;
    let currency = StoredValue::new(currency);
    let money = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let count = rows.len();
    // The whole plan is its own first row, where that changes.
    let whole = rows
        .iter()
        .position(|row| row.is_unit && row.was == Some(NodeIndex(0)));
    let whole = whole.filter(|at| *at < SHOWN);
    let card = RwSignal::new(None::<Place>);
    let version = asked.get_untracked().map(|asked| asked.version);
    let rows = StoredValue::new(rows.into_iter().take(SHOWN).collect::<Vec<PreviewRow>>());
    let periods = StoredValue::new(periods);
    let columns = Signal::derive(move || {
        let code = currency.with_value(|currency| currency.code.clone());
        vec![
            Column::words(t_string!(i18n, staffing.row)),
            Column::numbers(t_string!(i18n, staffing.before)).in_unit(code),
            Column::numbers(t_string!(i18n, staffing.after)),
            Column::numbers(t_string!(i18n, staffing.difference)),
            Column::words(t_string!(i18n, staffing.effect)),
        ]
    });
    let by_period = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let names = periods.with_value(|periods| {
            periods
                .iter()
                .map(|period| Column::numbers(format::period(period, lang)))
                .collect::<Vec<_>>()
        });
        std::iter::once(Column::words(t_string!(i18n, staffing.row)))
            .chain(names)
            .collect::<Vec<_>>()
    });
    let number = move |amount: Minor, side: Side| match whole {
        Some(row) => {
            let place = Place {
                row,
                period: None,
                side,
            };
            let strong = side == Side::After;
            view! { <Asks place=place amount=amount currency=currency card=card strong=strong /> }.into_any()
        }
        None => money(amount).into_any(),
    };
    view! {
        <div class="stack" data-preview=count data-before=before.0 data-after=after.0>
            <h3>{t!(i18n, staffing.preview)}</h3>
            <p class="sm muted">{t!(i18n, staffing.card_hint)}</p>
            <div class="stacked">
                <Table caption=t!(i18n, staffing.preview) columns=columns>
                    {rows.with_value(|rows| rows.iter().enumerate().map(|(at, row)| view! { <Line row=row.clone() at=at currency=currency card=card /> }).collect_view())}
                    <tr class="total">
                        <th scope="row">{t!(i18n, staffing.whole)}</th>
                        <td class="num" data-label=move || t_string!(i18n, staffing.before)>{number(before, Side::Before)}</td>
                        <td class="num strong" data-label=move || t_string!(i18n, staffing.after)>{number(after, Side::After)}</td>
                        <td class="num" data-label=move || t_string!(i18n, staffing.difference)>{number(Minor(after.0 - before.0), Side::Difference)}</td>
                        <td></td>
                    </tr>
                </Table>
            </div>
            {(count > SHOWN).then(|| view! { <p class="sm muted">{move || t_string!(i18n, staffing.shown, count = SHOWN).to_string()}</p> })}
            {(released > 0).then(|| view! { <p class="sm is-behind">{move || t_string!(i18n, staffing.released, count = released).to_string()}</p> })}
            <details class="staff-rows">
                <summary>{t!(i18n, staffing.by_period)}</summary>
                <Table caption=t!(i18n, staffing.by_period) columns=by_period>
                    {rows.with_value(|rows| rows.iter().enumerate().map(|(at, row)| view! { <Periods row=row.clone() at=at currency=currency card=card /> }).collect_view())}
                </Table>
            </details>
            <Make asked=asked key=key reason=reason />
            <NumberCard card=card rows=rows periods=periods currency=currency version=version />
        </div>
    }
}

/// The name of a row: units stand out, what is in them is a step further in.
fn name_class(row: &PreviewRow) -> &'static str {
    if row.is_unit { "strong" } else { "depth-1" }
}

#[component]
fn Line(
    row: PreviewRow,
    at: usize,
    currency: StoredValue<Currency>,
    card: RwSignal<Option<Place>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (before, after) = row.totals();
    let difference = Minor(after.0 - before.0);
    let class = name_class(&row);
    let of = if row.is_unit { "unit" } else { "row" };
    let effect = row.effect;
    let key = row.name.clone();
    let place = |side: Side| Place {
        row: at,
        period: None,
        side,
    };
    view! {
        <tr data-key=key data-of=of data-before=before.0 data-after=after.0>
            <td class=class>{row.name}</td>
            <td class="num" data-label=move || t_string!(i18n, staffing.before)><Asks place=place(Side::Before) amount=before currency=currency card=card /></td>
            <td class="num strong" data-label=move || t_string!(i18n, staffing.after)><Asks place=place(Side::After) amount=after currency=currency card=card strong=true /></td>
            <td class="num" data-label=move || t_string!(i18n, staffing.difference)><Asks place=place(Side::Difference) amount=difference currency=currency card=card /></td>
            <td class="effect" data-label=move || t_string!(i18n, staffing.effect)>{move || effect.words(lang(i18n.get_locale()))}</td>
        </tr>
    }
}

/// A row by period: what it has, and what it will have where that is something else.
#[component]
fn Periods(
    row: PreviewRow,
    at: usize,
    currency: StoredValue<Currency>,
    card: RwSignal<Option<Place>>,
) -> impl IntoView {
    let class = name_class(&row);
    let cells = row
        .before
        .iter()
        .zip(&row.after)
        .enumerate()
        .map(|(period, (before, after))| {
            let number = |amount: Minor, side: Side| {
                let place = Place {
                    row: at,
                    period: Some(period),
                    side,
                };
                view! { <Asks place=place amount=amount currency=currency card=card /> }
            };
            let then = (before != after).then(|| (" → ", number(*after, Side::After)));
            view! { <td class="num">{number(*before, Side::Before)} {then}</td> }
        })
        .collect_view();
    view! {
        <tr>
            <td class=class>{row.name}</td>
            {cells}
        </tr>
    }
}

/// The reason, and the button.
#[component]
fn Make(asked: Memo<Option<Asked>>, key: Memo<CommandId>, reason: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let busy = RwSignal::new(false);
    // Asked for when it is pressed, not while nothing was tried yet.
    let tried = RwSignal::new(false);
    let missing = Signal::derive(move || {
        let lacks = tried.get() && reason.with(|reason| reason.trim().is_empty());
        lacks.then(|| t_string!(i18n, staffing.reason_missing).to_owned())
    });
    let make = move |_| {
        tried.set(true);
        let (Some(wanted), None) = (asked.get_untracked(), missing.get_untracked()) else {
            return;
        };
        let (words, key) = (reason.get_untracked(), key.get_untracked());
        busy.set(true);
        spawn_local(async move {
            match super::open(wanted, key, words).await {
                Ok(made) => {
                    let _gone = navigate.try_with_value(|navigate| {
                        navigate(&split::address(made.version), NavigateOptions::default());
                    });
                    // It stays at work until the draft is there.
                    return;
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, staffing.open),
                    words_of(&error, i18n),
                )),
            }
            // The page may have been left.
            let _gone = busy.try_set(false);
        });
    };
    view! {
        <Field label=t!(i18n, staffing.reason) name="staffing-reason" bind=reason error=missing />
        <div class="row wrap">
            <Button kind=ButtonKind::Primary busy=busy press=make>{t!(i18n, staffing.open)}</Button>
            <span class="sm muted">{t!(i18n, staffing.open_text)}</span>
        </div>
    }
}
