//! Cells that cannot be taken over: row, column, reason, and how to mend each in place.

use domain::import::{FileView, Fix, LeftOut, Problem, Report};
use leptos::prelude::*;

use super::Desk;
use crate::words::{lang, t, t_string, use_i18n};

/// Problems listed on the page; all of them are in the file of problem rows.
const LISTED: usize = 100;

/// Every problem of every file.
#[component]
pub(super) fn Problems(files: Vec<FileView>, desk: Desk, editable: bool) -> impl IntoView {
    let i18n = use_i18n();
    let count: u64 = files
        .iter()
        .filter_map(|file| file.report.as_ref())
        .map(|report: &Report| report.problem_count)
        .sum();
    // A file that gave no rows has no cells to speak of: what is wrong with it stands beside its name.
    let unread = files.iter().any(|file| file.report.is_none());
    let listed: Vec<(String, Problem)> = files
        .into_iter()
        .flat_map(|file| {
            let name = file.name;
            file.report
                .map(|report| report.problems)
                .unwrap_or_default()
                .into_iter()
                .map(move |problem| (name.clone(), problem))
        })
        .take(LISTED)
        .collect();
    let cut = count > listed.len() as u64;
    view! {
        <section class="card w8">
            <header>
                <h2>{t!(i18n, import.problems)}</h2>
                <span class="sm muted end" data-problems=count hidden=unread && count == 0>
                    {t!(i18n, import.problems_count, count = count)}
                </span>
            </header>
            {(count == 0).then(|| view! {
                <p class="muted">
                    {move || if unread { t_string!(i18n, import.problems_unread) } else { t_string!(i18n, import.problems_none) }}
                </p>
            })}
            <ul class="problems">
                {listed
                    .into_iter()
                    .map(|(file, problem)| view! { <One file=file problem=problem desk=desk editable=editable /> })
                    .collect_view()}
            </ul>
            {cut.then(|| view! { <p class="sm muted">{t!(i18n, import.too_many, count = LISTED)}</p> })}
        </section>
    }
}

#[component]
fn One(file: String, problem: Problem, desk: Desk, editable: bool) -> impl IntoView {
    let i18n = use_i18n();
    let row = problem.row;
    let field = problem.field;
    let column = problem.column.clone().unwrap_or_default();
    let value = problem.value.clone();
    let suggestion = problem
        .suggestion
        .as_ref()
        .map(|suggestion| suggestion.value.clone());
    let reason = {
        let problem = problem.clone();
        move || problem.words(lang(i18n.get_locale()))
    };
    let of_file = StoredValue::new(file);
    let header = StoredValue::new(problem.column.clone());
    // A wide sheet has many amounts in a row: the heading tells which.
    let same = move |fix: &Fix| {
        of_file.with_value(|file| fix.file == *file)
            && fix.row == row
            && Some(fix.field) == field
            && header.with_value(|header| fix.column == *header)
    };
    let fixed = Memo::new(move |_| {
        desk.choices.with(|choices| {
            choices
                .fixes
                .iter()
                .find(|fix| same(fix))
                .map(|fix| fix.value.clone())
        })
    });
    let dropped = Memo::new(move |_| {
        desk.choices.with(|choices| {
            choices
                .drops
                .iter()
                .any(|drop| of_file.with_value(|file| drop.file == *file) && drop.row == row)
        })
    });
    let fix = move |value: String| {
        let Some(field) = field else { return };
        desk.choices.update(|choices| {
            let file = of_file.get_value();
            choices.fixes.retain(|fix| !same(fix));
            choices.fixes.push(Fix {
                file,
                row,
                field,
                column: header.get_value(),
                value,
            });
        });
    };
    let alias = {
        let from = value.clone();
        move |to: String| {
            let Some(field) = field else { return };
            desk.choices.update(|choices| {
                choices
                    .options
                    .aliases
                    .entry(field.as_str().to_owned())
                    .or_default()
                    .insert(from.clone(), to);
            });
        }
    };
    let is_reference = matches!(problem.reason, domain::import::Reason::UnknownReference { .. });
    let drop_row = move |_| {
        desk.choices.update(|choices| {
            let file = of_file.get_value();
            if choices
                .drops
                .iter()
                .any(|drop| drop.file == file && drop.row == row)
            {
                choices
                    .drops
                    .retain(|drop| !(drop.file == file && drop.row == row));
            } else {
                choices.drops.push(LeftOut { file, row });
            }
        });
    };
    let first = value.clone();
    view! {
        <li class="problem" class:dropped=move || dropped.get()>
            <span class="sm muted nowrap">{move || t_string!(i18n, import.row, row = row).to_string()} " " {column}</span>
            <span class="bad">{value}</span>
            <span class="grow">{reason}</span>
            {editable.then(|| view! {
                <span class="row wrap">
                    {suggestion.map(|suggestion| {
                        let (shown, put) = (suggestion.clone(), suggestion.clone());
                        view! {
                            <button type="button" class="btn s" on:click=move |_| if is_reference { alias(put.clone()) } else { fix(put.clone()) }>
                                {move || if is_reference {
                                    t_string!(i18n, import.use_all, value = shown.clone()).to_string()
                                } else {
                                    t_string!(i18n, import.use_one, value = shown.clone()).to_string()
                                }}
                            </button>
                        }
                    })}
                    {field.is_some().then(|| view! {
                        <input class="input s" aria-label=t!(i18n, import.fix) value=first
                            on:change=move |event| fix(event_target_value(&event)) />
                    })}
                    <button type="button" class="btn s quiet" on:click=drop_row>
                        {move || if dropped.get() { t_string!(i18n, import.dropped) } else { t_string!(i18n, import.drop_row) }}
                    </button>
                    {move || fixed.get().map(|value| view! { <span class="tag t-accent">{t!(i18n, import.fixed, value = value)}</span> })}
                </span>
            })}
        </li>
    }
}
