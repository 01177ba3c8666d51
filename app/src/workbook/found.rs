//! What a workbook differs in: the differences, what is to be known of them, and the button that writes them.

use domain::format;
use domain::money::Minor;
use domain::plan::PeriodIndex;
use domain::workbook::{CellChange, Comparison, LevelChange, Note};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::rows::{Levels, RefusedRows, Rows, SHOWN};
use super::{Desk, enter_workbook};
use crate::split;
use crate::ui::{Button, ButtonKind, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// The differences and what is to be known of them.
#[component]
pub(super) fn Found(found: Comparison, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let head = found.head;
    // Levels that are out of order with the amounts are shown, and not written.
    let levels = if found.level_fault.is_none() {
        found.levels.clone()
    } else {
        Vec::new()
    };
    let moved = found.changes.iter().filter(|change| change.written.is_some());
    let both = moved.count() + levels.iter().filter(|change| change.moved).count();
    let all = found.changes.len() + levels.len();
    let also_moved = RwSignal::new(false);
    let chosen = move || if also_moved.get() { all } else { all - both };
    let changes = StoredValue::new((found.changes.clone(), levels));
    let writing = RwSignal::new(false);
    let write = move |_| {
        let also = also_moved.get_untracked();
        let (amounts, levels) = changes.with_value(|(changes, levels)| {
            let taken = changes.iter().filter(|change| also || change.written.is_none());
            let decided = levels.iter().filter(|change| also || !change.moved);
            (
                taken.map(CellChange::entered).collect::<Vec<_>>(),
                decided.map(LevelChange::entered).collect::<Vec<_>>(),
            )
        });
        writing.set(true);
        spawn_local(async move {
            match enter_workbook(desk.version, head, amounts, levels, desk.file.get_untracked()).await {
                Ok(taken) => {
                    let count = taken.entered + taken.levels;
                    toasts.show(Toast::done(
                        t_string!(i18n, workbook.written, count = count).to_string(),
                    ));
                    // The page may have been left.
                    let _gone = navigate.try_with_value(|navigate| {
                        navigate(&split::address(desk.version), NavigateOptions::default());
                    });
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, workbook.title),
                    words_of(&error, i18n),
                )),
            }
            let _gone = writing.try_set(false);
        });
    };
    let Comparison {
        currency,
        periods,
        before,
        after,
        refused,
        notes,
        changes: rows,
        levels,
        level_fault,
        level_fault_at,
        ..
    } = found;
    let cells = rows.len();
    let currency = StoredValue::new(currency);
    let periods = StoredValue::new(periods);
    let when_of = move |period: Option<PeriodIndex>| {
        let lang = lang(i18n.get_locale());
        periods.with_value(
            |periods| match period.and_then(|period| periods.get(usize::from(period.0))) {
                Some(period) => format::period(period, lang),
                None => t_string!(i18n, split.total).to_owned(),
            },
        )
    };
    let money = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    view! {
        <section class="card" data-changes=all>
            <header>
                <h2>{move || t_string!(i18n, workbook.changes, count = all).to_string()}</h2>
                <span class="end">
                    {t!(i18n, split.target)} " " {money(before)} " → " <b data-figure="after" data-minor=after.0>{money(after)}</b>
                </span>
            </header>
            <Notes notes=notes refused=refused.len() money=Callback::new(money) when_of=Callback::new(when_of) />
            {(all == 0).then(|| view! { <p class="muted">{t!(i18n, workbook.none)}</p> })}
            {(!levels.is_empty()).then(|| view! { <Levels levels=levels fault=level_fault fault_at=level_fault_at currency=currency /> })}
            {(cells > 0).then(|| view! { <Rows rows=rows currency=currency when_of=Callback::new(when_of) /> })}
            {(cells > SHOWN).then(|| view! { <p class="sm muted">{move || t_string!(i18n, workbook.shown, count = SHOWN).to_string()}</p> })}
            {(both > 0).then(|| view! {
                <label class="row">
                    <input
                        type="checkbox"
                        name="also-moved"
                        prop:checked=move || also_moved.get()
                        on:change=move |event| also_moved.set(event_target_checked(&event))
                    />
                    {move || t_string!(i18n, workbook.also_moved, count = both).to_string()}
                </label>
            })}
            {(all > 0).then(|| view! {
                <footer class="row">
                    <Button kind=ButtonKind::Primary busy=writing disabled=Signal::derive(move || chosen() == 0) press=write>
                        {move || t_string!(i18n, workbook.write, count = chosen()).to_string()}
                    </Button>
                    <span class="sm muted">{t!(i18n, workbook.one_step)}</span>
                </footer>
            })}
        </section>
        {(!refused.is_empty()).then(|| view! { <RefusedRows refused=refused currency=currency when_of=Callback::new(when_of) /> })}
    }
}

/// What is to be known beside the differences.
#[component]
fn Notes(
    notes: Vec<Note>,
    refused: usize,
    money: Callback<Minor, String>,
    when_of: Callback<Option<PeriodIndex>, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |note: Note| {
        let words = move || {
            note.words(lang(i18n.get_locale()), &|amount| money.run(amount), &|period| {
                when_of.run(period)
            })
        };
        view! { <li>{words}</li> }
    };
    view! {
        <ul class="notes">
            {notes.into_iter().map(line).collect_view()}
            {(refused > 0).then(|| view! { <li class="is-behind">{move || t_string!(i18n, workbook.refused, count = refused).to_string()}</li> })}
        </ul>
    }
}
