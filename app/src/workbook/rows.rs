//! The tables of what differs: amounts, levels, and what cannot be taken over.

use domain::format;
use domain::level::{LevelError, Value};
use domain::money::{Currency, Minor};
use domain::plan::PeriodIndex;
use domain::workbook::{CellChange, LevelChange, Refused};
use leptos::prelude::*;

use crate::target::written;
use crate::ui::{Column, Glyph, Icon, Table};
use crate::words::{lang, t, t_string, use_i18n};

/// Differences that are shown; all of them are written.
pub(super) const SHOWN: usize = 200;

/// A row of differences: whose, when, before, after, by how much.
fn cells(
    change: CellChange,
    currency: StoredValue<Currency>,
    when_of: Callback<Option<PeriodIndex>, String>,
) -> impl IntoView {
    let money = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let difference = change.after.0 - change.before.0;
    let sign = if difference > 0 { "+" } else { "" };
    let period = change.period;
    let written = change.written;
    view! {
        <td title=change.above>{change.name}</td>
        <td>{move || when_of.run(period)}</td>
        <td class="num">{money(change.before)} {written.map(|written| view! { <span class="sm muted">" ("{money(written)}")"</span> })}</td>
        <td class="num strong">{money(change.after)}</td>
        <td class="num">{format!("{sign}{}", money(Minor(difference)))}</td>
    }
}

/// The amounts that differ.
#[component]
pub(super) fn Rows(
    rows: Vec<CellChange>,
    currency: StoredValue<Currency>,
    when_of: Callback<Option<PeriodIndex>, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let columns = Signal::derive(move || {
        let code = currency.with_value(|currency| currency.code.clone());
        vec![
            Column::words(t_string!(i18n, split.column_node)),
            Column::words(t_string!(i18n, workbook.period)),
            Column::numbers(t_string!(i18n, workbook.before)).in_unit(code),
            Column::numbers(t_string!(i18n, workbook.after)),
            Column::numbers(t_string!(i18n, workbook.difference)),
        ]
    });
    view! {
        <Table caption=t!(i18n, workbook.title) columns=columns>
            {rows
                .into_iter()
                .take(SHOWN)
                .map(|change| {
                    let moved = change.written.is_some().to_string();
                    view! { <tr data-moved=moved>{cells(change, currency, when_of)}</tr> }
                })
                .collect_view()}
        </Table>
    }
}

/// The amounts that cannot be taken over, and why.
#[component]
pub(super) fn RefusedRows(
    refused: Vec<Refused>,
    currency: StoredValue<Currency>,
    when_of: Callback<Option<PeriodIndex>, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, split.column_node)),
            Column::words(t_string!(i18n, workbook.period)),
            Column::numbers(t_string!(i18n, workbook.before)),
            Column::numbers(t_string!(i18n, workbook.after)),
            Column::numbers(t_string!(i18n, workbook.difference)),
            Column::words(t_string!(i18n, workbook.why)),
        ]
    });
    let row = move |Refused { change, obstacle }: Refused| {
        let why = move || {
            currency.with_value(|currency| {
                obstacle.words(lang(i18n.get_locale()), &|amount| format::full(amount, currency))
            })
        };
        view! {
            <tr>
                {cells(change, currency, when_of)}
                <td>{why}</td>
            </tr>
        }
    };
    let count = refused.len();
    view! {
        <section class="card" data-refused=count>
            <header><h2>{t!(i18n, workbook.refused_title)}</h2></header>
            <Table caption=t!(i18n, workbook.refused_title) columns=columns>
                {refused.into_iter().take(SHOWN).map(row).collect_view()}
            </Table>
        </section>
    }
}

/// The levels that differ, and why they cannot be had.
#[component]
pub(super) fn Levels(
    levels: Vec<LevelChange>,
    fault: Option<LevelError>,
    /// The name of the row that is about, where it is one below the topmost.
    fault_at: Option<String>,
    currency: StoredValue<Currency>,
) -> impl IntoView {
    let i18n = use_i18n();
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, target.level)),
            Column::numbers(t_string!(i18n, workbook.before)),
            Column::numbers(t_string!(i18n, workbook.after)),
            Column::numbers(t_string!(i18n, target.level_amount)),
        ]
    });
    let shown = move |value: Option<Value>| match value {
        Some(_) => currency.with_value(|currency| written(value, currency)),
        None => format::NONE.to_owned(),
    };
    let row = move |change: LevelChange| {
        let amount = change.amount.map_or_else(
            || format::NONE.to_owned(),
            |amount| currency.with_value(|currency| format::full(amount, currency)),
        );
        view! {
            <tr data-level=change.level.as_str() data-moved=change.moved.to_string()>
                <td>{move || change.level.word(lang(i18n.get_locale()))}</td>
                <td class="num">{shown(change.before)}</td>
                <td class="num strong">{shown(Some(change.after))}</td>
                <td class="num">{amount}</td>
            </tr>
        }
    };
    view! {
        <Table caption=t!(i18n, target.levels) columns=columns>
            {levels.into_iter().map(row).collect_view()}
        </Table>
        {fault.map(|fault| view! {
            <p class="row is-far" data-figure="level-fault">
                <Icon glyph=Glyph::Warning />
                <span>
                    {move || {
                        let lang = lang(i18n.get_locale());
                        currency.with_value(|currency| fault.words_at(fault_at.as_deref(), lang, currency))
                    }}
                    " "
                    {t!(i18n, workbook.levels_stay)}
                </span>
            </p>
        })}
    }
}
