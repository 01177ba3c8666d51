//! The difference to the plan of record, by row and period.

use domain::approval::{Difference, DifferenceRow, Shown};
use domain::format::{self, Scale};
use domain::money::{Currency, Minor};
use leptos::prelude::*;

use crate::remark::Subject;
use crate::ui::{Column, Glyph, Icon, Table};
use crate::words::{lang, t, t_string, use_i18n};

/// What the version makes of the plan of record. A row's button begins a remark on it.
#[component]
pub(super) fn DifferenceCard(shown: Shown, subject: RwSignal<Subject>) -> impl IntoView {
    let i18n = use_i18n();
    let Shown {
        difference,
        currency,
        periods,
        ..
    } = shown;
    let Some(Difference {
        before,
        after,
        rows,
        more,
        gone,
    }) = difference
    else {
        return view! {
            <section class="card">
                <header><h2>{t!(i18n, approval.difference)}</h2></header>
                <p class="muted">{t!(i18n, approval.difference_nothing)}</p>
            </section>
        }
        .into_any();
    };
    let currency = StoredValue::new(currency);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| {
            Scale::column(Minor(before.0.max(after.0)), currency, lang(i18n.get_locale()))
        })
    });
    let columns = Signal::derive(move || {
        let label = scale.get().label();
        let unit = if label.is_empty() {
            currency.with_value(|currency| currency.code.clone())
        } else {
            label.to_owned()
        };
        let lang = lang(i18n.get_locale());
        let mut columns = vec![
            Column::words(t_string!(i18n, split.column_node)),
            Column::numbers(t_string!(i18n, approval.on_record)).in_unit(unit),
            Column::numbers(t_string!(i18n, approval.this_version)),
            Column::numbers(t_string!(i18n, workbook.difference)),
            Column::numbers("%"),
        ];
        columns.extend(
            periods
                .iter()
                .map(|period| Column::numbers(format::period(period, lang))),
        );
        columns.push(Column::words(""));
        columns
    });
    let none = rows.is_empty() && gone == 0;
    let body = rows
        .into_iter()
        .map(|row| view! { <Row row=row currency=currency scale=scale subject=subject /> })
        .collect_view();
    let total = move || {
        let (was, is) = (amount(before, currency, scale), amount(after, currency, scale));
        format!("{was} → {is} ({})", change(before, after))
    };
    view! {
        <section class="card" data-before=before.0 data-after=after.0>
            <header>
                <h2>{t!(i18n, approval.difference)}</h2>
                <span class="end">{total}</span>
            </header>
            {none.then(|| view! { <p class="muted">{t!(i18n, approval.difference_none)}</p> })}
            {(!none).then(|| view! { <Table caption=t!(i18n, approval.difference) columns=columns>{body}</Table> })}
            {(more > 0).then(|| view! { <p class="sm muted">{move || t_string!(i18n, approval.difference_more, count = more).to_string()}</p> })}
            {(gone > 0).then(|| view! { <p class="sm muted">{move || t_string!(i18n, approval.difference_gone, count = gone).to_string()}</p> })}
        </section>
    }
    .into_any()
}

fn amount(amount: Minor, currency: StoredValue<Currency>, scale: Memo<Scale>) -> String {
    currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
}

fn change(before: Minor, after: Minor) -> String {
    if before.0 > 0 {
        format::percent_change(after.0 as f64 / before.0 as f64 - 1.0)
    } else {
        format::NONE.to_owned()
    }
}

#[component]
fn Row(
    row: DifferenceRow,
    currency: StoredValue<Currency>,
    scale: Memo<Scale>,
    subject: RwSignal<Subject>,
) -> impl IntoView {
    let i18n = use_i18n();
    let DifferenceRow {
        node,
        name,
        depth,
        before,
        after,
        periods,
    } = row;
    let signed = move |change: i64| {
        currency.with_value(|currency| format::change(Minor(change), currency, scale.get()))
    };
    let had = before.unwrap_or_default();
    let named = name.clone();
    let cells = periods
        .into_iter()
        .map(|(before, after)| {
            let change = after.0 - before.unwrap_or_default().0;
            let class = if change == 0 { "num muted" } else { "num" };
            view! { <td class=class>{move || if change == 0 { format::NONE.to_owned() } else { signed(change) }}</td> }
        })
        .collect_view();
    view! {
        <tr data-node=node.0>
            <td class=format!("deep{}", depth.min(5))>{name}</td>
            <td class="num">{move || before.map_or_else(|| format::NONE.to_owned(), |before| amount(before, currency, scale))}</td>
            <td class="num strong" data-minor=after.0>{move || amount(after, currency, scale)}</td>
            <td class="num">{move || signed(after.0 - had.0)}</td>
            <td class="num muted">{change(had, after)}</td>
            {cells}
            <td>
                <button
                    type="button"
                    class="icb"
                    aria-label=t!(i18n, approval.remark_label)
                    title=t!(i18n, approval.remark_label)
                    on:click=move |_| subject.set(Some((node, named.clone())))
                >
                    <Icon glyph=Glyph::Discuss />
                </button>
            </td>
        </tr>
    }
}
