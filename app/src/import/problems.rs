//! Cells that cannot be taken over: row, column, reason, and how to mend each in place.

use domain::import::{Field, FileView, Fix, LeftOut, Problem, Reason, Report};
use leptos::prelude::*;

use super::Desk;
use crate::ui::when;
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
    let several_files = files.len() > 1;
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
            <PutRight desk=desk editable=editable />
            <ul class="problems">
                {listed
                    .into_iter()
                    .map(|(file, problem)| view! { <One file=file named=several_files problem=problem desk=desk editable=editable /> })
                    .collect_view()}
            </ul>
            {cut.then(|| view! { <p class="sm muted">{t!(i18n, import.too_many, count = LISTED)}</p> })}
        </section>
    }
}

/// What was changed and left out so far, and the way back where there is one.
#[component]
fn PutRight(desk: Desk, editable: bool) -> impl IntoView {
    let i18n = use_i18n();
    let counts = Memo::new(move |_| {
        desk.choices
            .with(|choices| (choices.fixes.len(), choices.drops.len()))
    });
    when(
        move || counts.get() != (0, 0),
        move || {
            let words = move || {
                let (fixed, dropped) = counts.get();
                t_string!(i18n, import.put_right, fixed = fixed, dropped = dropped).to_string()
            };
            view! {
                <p class="row wrap sm" data-put-right>
                    {words}
                    {editable.then(|| view! {
                        <button type="button" class="btn link" on:click=move |_| desk.take_changes_back()>
                            {t!(i18n, import.take_changes_back)}
                        </button>
                    })}
                </p>
            }
            .into_any()
        },
    )
}

/// What a person made of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mended {
    /// It says something else.
    Fixed(String),
    /// What it says means something else, here and wherever it stands.
    Alias(String),
}

/// A cell, and the verbs that mend it.
#[derive(Clone, Copy)]
struct Cell {
    desk: Desk,
    file: StoredValue<String>,
    row: u64,
    field: Option<Field>,
    /// A wide sheet has many amounts in a row: the heading tells which.
    column: StoredValue<Option<String>>,
    value: StoredValue<String>,
}

impl Cell {
    fn is_of(&self, fix: &Fix) -> bool {
        self.file.with_value(|file| fix.file == *file)
            && fix.row == self.row
            && Some(fix.field) == self.field
            && self.column.with_value(|column| fix.column == *column)
    }

    fn leaves_out(&self, drop: &LeftOut) -> bool {
        drop.row == self.row && self.file.with_value(|file| drop.file == *file)
    }

    fn mended(&self) -> Option<Mended> {
        self.desk.choices.with(|choices| {
            let fix = choices.fixes.iter().find(|fix| self.is_of(fix));
            let aliases = self
                .field
                .and_then(|field| choices.options.aliases.get(field.as_str()));
            let alias = || aliases.and_then(|aliases| self.value.with_value(|value| aliases.get(value)));
            fix.map(|fix| Mended::Fixed(fix.value.clone()))
                .or_else(|| alias().map(|to| Mended::Alias(to.clone())))
        })
    }

    fn is_dropped(&self) -> bool {
        self.desk
            .choices
            .with(|choices| choices.drops.iter().any(|drop| self.leaves_out(drop)))
    }

    /// Puts another text into it; its own text takes a fix back.
    fn fix(&self, value: String) {
        let Some(field) = self.field else { return };
        self.desk.choices.update(|choices| {
            choices.fixes.retain(|fix| !self.is_of(fix));
            if self.value.with_value(|own| *own != value) {
                choices.fixes.push(Fix {
                    file: self.file.get_value(),
                    row: self.row,
                    field,
                    column: self.column.get_value(),
                    value,
                });
            }
        });
    }

    /// Says what its text means.
    fn alias(&self, to: String) {
        let Some(field) = self.field else { return };
        self.desk.choices.update(|choices| {
            let aliases = choices.options.aliases.entry(field.as_str().to_owned());
            aliases.or_default().insert(self.value.get_value(), to);
        });
    }

    /// Leaves it as it came.
    fn restore(&self) {
        self.desk.choices.update(|choices| {
            choices.fixes.retain(|fix| !self.is_of(fix));
            let Some(field) = self.field else { return };
            let aliases = &mut choices.options.aliases;
            if let Some(of_field) = aliases.get_mut(field.as_str()) {
                self.value.with_value(|value| of_field.remove(value));
                if of_field.is_empty() {
                    aliases.remove(field.as_str());
                }
            }
        });
    }

    /// Leaves the row out, or takes it in again.
    fn drop_or_keep(&self) {
        self.desk.choices.update(|choices| {
            let before = choices.drops.len();
            choices.drops.retain(|drop| !self.leaves_out(drop));
            if choices.drops.len() == before {
                choices.drops.push(LeftOut {
                    file: self.file.get_value(),
                    row: self.row,
                });
            }
        });
    }
}

#[component]
fn One(file: String, named: bool, problem: Problem, desk: Desk, editable: bool) -> impl IntoView {
    let i18n = use_i18n();
    let cell = Cell {
        desk,
        file: StoredValue::new(file),
        row: problem.row,
        field: problem.field,
        column: StoredValue::new(problem.column.clone()),
        value: StoredValue::new(problem.value.clone()),
    };
    let mended = Memo::new(move |_| cell.mended());
    let dropped = Memo::new(move |_| cell.is_dropped());
    let column = problem.column.clone().unwrap_or_default();
    let place = move || t_string!(i18n, import.row, row = problem.row).to_string();
    let value = problem.value.clone();
    let reason = {
        let problem = problem.clone();
        move || problem.reason_words(lang(i18n.get_locale()))
    };
    view! {
        <li class="problem" class:dropped=move || dropped.get() class:mended=move || mended.with(Option::is_some)>
            <span class="place sm muted">{named.then(|| cell.file.get_value() + " ")} {place} " " {column}</span>
            {(!value.is_empty()).then(|| view! { <span class="bad">{value}</span> })}
            {move || mended.get().map(|mended| view! { <Became mended=mended cell=cell /> })}
            <span class="reason">{reason}</span>
            {editable.then(|| view! { <Verbs problem=problem cell=cell mended=mended dropped=dropped /> })}
        </li>
    }
}

/// What a cell is now, and the way back.
#[component]
fn Became(mended: Mended, cell: Cell) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match &mended {
        Mended::Fixed(value) => t_string!(i18n, import.fixed, value = value.clone()).to_string(),
        Mended::Alias(value) => t_string!(i18n, import.reads_as, value = value.clone()).to_string(),
    };
    view! {
        <span class="tag t-accent">{words}</span>
        <button type="button" class="btn link" on:click=move |_| cell.restore()>{t!(i18n, import.restore)}</button>
    }
}

/// How a cell can be mended.
#[component]
fn Verbs(problem: Problem, cell: Cell, mended: Memo<Option<Mended>>, dropped: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let by_alias = matches!(problem.reason, Reason::UnknownReference { .. })
        && problem.field.is_some_and(|field| Field::ALIASED.contains(&field));
    let proposal = StoredValue::new(problem.suggestion.map(|suggestion| suggestion.value));
    let take = move |_| {
        if let Some(value) = proposal.get_value() {
            if by_alias {
                cell.alias(value);
            } else {
                cell.fix(value);
            }
        }
    };
    let label = move || {
        let value = proposal.get_value().unwrap_or_default();
        if by_alias {
            t_string!(i18n, import.use_all, value = value).to_string()
        } else {
            t_string!(i18n, import.use_one, value = value).to_string()
        }
    };
    let written = move || match mended.get() {
        Some(Mended::Fixed(value)) => value,
        _ => cell.value.get_value(),
    };
    view! {
        <span class="verbs row wrap">
            {when(
                move || proposal.with_value(Option::is_some) && mended.with(Option::is_none),
                move || view! { <button type="button" class="btn s" on:click=take>{label}</button> }.into_any(),
            )}
            {cell.field.is_some().then(|| view! {
                <input class="input s" aria-label=t!(i18n, import.fix) value=written() prop:value=written
                    on:change=move |event| cell.fix(event_target_value(&event)) />
            })}
            <button type="button" class="btn s quiet" on:click=move |_| cell.drop_or_keep()>
                {move || if dropped.get() { t_string!(i18n, import.drop_back) } else { t_string!(i18n, import.drop_row) }}
            </button>
        </span>
    }
}
