//! The table: the selected row, the rows below it and what they sum to, by lines.

use domain::format;
use domain::line::REST;
use domain::line::rows::{LineHead, LineRow, MOST_ROWS, RowLines};
use domain::money::Minor;
use domain::plan::NodeIndex;
use leptos::prelude::*;

use super::cell::LineAmount;
use super::fault::Faults;
use super::{Ledger, label};
use crate::ui::{Button, ButtonKind, ButtonSize};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// What a line is called.
pub(crate) fn named(head: &LineHead, i18n: Words) -> String {
    if head.key == REST {
        t_string!(i18n, target.line_rest).to_owned()
    } else if head.name.is_empty() {
        t_string!(i18n, target.line_none).to_owned()
    } else {
        head.name.clone()
    }
}

/// The table, with what cannot be met above it.
#[component]
pub(super) fn LinesTable(ledger: Ledger, lines: RowLines) -> impl IntoView {
    let i18n = use_i18n();
    let RowLines {
        by,
        may_edit,
        columns,
        row,
        below,
        more,
        sum,
        faults,
        more_faults,
        ..
    } = lines;
    let (node, name, shown) = (row.node, StoredValue::new(row.name.clone()), below.len());
    let is_whole = node == NodeIndex(0);
    let can_more = shown < MOST_ROWS as usize;
    let heads = columns
        .iter()
        .cloned()
        .map(|head| {
            let head = StoredValue::new(head);
            let name = move || head.with_value(|head| named(head, i18n));
            view! { <th scope="col" class="num" title=name>{name}</th> }
        })
        .collect_view();
    let first = row_view(ledger, row, &columns, Stands::Selected);
    let rows = below
        .into_iter()
        .map(|row| row_view(ledger, row, &columns, Stands::Below))
        .collect_view();
    let sums = sum.map(|sum| {
        // Rows that are not shown are among it.
        let all = sum.iter().map(|amount| amount.0);
        let total = Minor(all.fold(0_i64, i64::saturating_add));
        let cells = sum
            .into_iter()
            .map(|amount| view! { <td class="num" data-minor=amount.0>{money(ledger, amount, i18n)}</td> })
            .collect_view();
        view! {
            <tr class="total" data-minor=total.0>
                <td>{t!(i18n, lines.sum)}</td>
                <td class="num">{money(ledger, total, i18n)}</td>
                {cells}
            </tr>
        }
    });
    view! {
        {(!faults.is_empty()).then(|| view! { <Faults ledger=ledger faults=faults more=more_faults /> })}
        <p class="sm muted">
            {if is_whole { view! { {t!(i18n, lines.of_whole)} }.into_any() } else { view! { {t!(i18n, lines.of_row)} }.into_any() }}
            " "
            {(may_edit && is_whole).then(|| view! {
                <a href=format!("/set/target?version={}&line={}", ledger.version, by.as_str())>{t!(i18n, lines.of_whole_action)}</a>
            })}
        </p>
        <div class="scroll-x" tabindex="0" role="region" aria-label=t!(i18n, lines.title) data-lines=by.as_str() data-of=node.0>
            <table class="tb">
                <caption class="sr">
                    {move || {
                        let name = name.get_value();
                        t_string!(i18n, lines.caption, name = name, by = label(by, i18n)).to_string()
                    }}
                </caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, split.column_node)}</th>
                        <th scope="col" class="num">{t!(i18n, split.total)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {first}
                    {rows}
                    {sums}
                </tbody>
            </table>
        </div>
        {(more > 0 && can_more).then(|| view! {
            <Button kind=ButtonKind::Quiet size=ButtonSize::Wide press=move |_| ledger.show_more(node, shown)>
                {move || t_string!(i18n, lines.more, count = format::count(more)).to_string()}
            </Button>
        })}
        {(more > 0 && !can_more).then(|| view! {
            <p class="sm muted">{move || t_string!(i18n, lines.left_out, count = format::count(more)).to_string()}</p>
        })}
    }
}

/// Where a row stands in the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// It is the one that is selected in the grid.
    Selected,
    /// It is one of those below.
    Below,
}

fn row_view(ledger: Ledger, row: LineRow, columns: &[LineHead], stands: Stands) -> AnyView {
    let LineRow {
        node,
        name,
        total,
        may_set,
        cells,
    } = row;
    let i18n = use_i18n();
    let offset = ledger.board.about(|open| open.offset);
    let local = node.0.checked_sub(offset).map(NodeIndex);
    let title = name.clone();
    let cells = cells
        .into_iter()
        .zip(columns)
        .map(|(cell, head)| {
            view! {
                <LineAmount ledger=ledger node=node row=name.clone() head=head.clone() cell=cell may_set=may_set />
            }
        })
        .collect_view();
    let is_selected = stands == Stands::Selected;
    let words = name;
    let leads = local.filter(|_| !is_selected);
    let head = match leads {
        Some(local) => view! {
            <button type="button" class="btn link" on:click=move |_| ledger.board.reveal(local)>
                {words}
            </button>
        }
        .into_any(),
        None => view! { <b>{words}</b> }.into_any(),
    };
    view! {
        <tr data-row=node.0 data-minor=total.0 class:strong=is_selected>
            <th scope="row" title=title>{head}</th>
            <td class="num" title=full(ledger, total)>{money(ledger, total, i18n)}</td>
            {cells}
        </tr>
    }
    .into_any()
}

/// An amount as it is read at a glance.
pub(super) fn money(ledger: Ledger, amount: Minor, i18n: Words) -> impl Fn() -> String + Copy {
    move || {
        let lang = lang(i18n.get_locale());
        ledger
            .currency
            .with_value(|currency| format::compact(amount, currency, lang))
    }
}

/// An amount to the last minor unit.
pub(super) fn full(ledger: Ledger, amount: Minor) -> String {
    ledger
        .currency
        .with_value(|currency| format::full(amount, currency))
}
