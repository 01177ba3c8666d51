//! The files of an import: what each holds, which column is which field, the first rows.

use domain::format;
use domain::id::ImportId;
use domain::import::{ColumnMatch, Field, FileProblem, FileView, Kind, Mapping, Role, fields};
use leptos::prelude::*;

use super::Desk;
use crate::ui::{Glyph, Icon, PlainRow, Toast, use_toasts, when};
use crate::words::{lang, t, t_string, use_i18n};
use crate::workbook;

/// Rows of the file that are shown.
const SAMPLE_ROWS: usize = 5;

/// Every file, in the order of import.
#[component]
pub(super) fn Files(files: Vec<FileView>, import: ImportId, desk: Desk, editable: bool) -> impl IntoView {
    files
        .into_iter()
        .map(|file| view! { <OneFile file=file import=import desk=desk editable=editable /> })
        .collect_view()
}

#[component]
fn OneFile(file: FileView, import: ImportId, desk: Desk, editable: bool) -> impl IntoView {
    let i18n = use_i18n();
    let name = file.name.clone();
    let rows = file.report.as_ref().map_or(0, |report| report.counts.read);
    let was_read = file.report.is_some();
    let read_as = file.read_as.clone();
    let kind = file.kind;
    let for_kind = name.clone();
    let pick_kind = move |chosen: String| {
        if let Some(kind) = Kind::parse(&chosen) {
            desk.choices.update(|choices| {
                choices.mappings.remove(&for_kind);
                choices.kinds.insert(for_kind.clone(), kind);
            });
        }
    };
    let problem = file.problem.clone();
    let of_plan = match &problem {
        Some(FileProblem::PlanWorkbook { version }) => *version,
        _ => None,
    };
    view! {
        <section class="card import-file" data-file=name.clone()>
            <header>
                <Icon glyph=Glyph::File />
                <h2>{name.clone()}</h2>
                <span class="sm muted" hidden=!was_read>
                    {move || t_string!(i18n, import.read_as, how = read_as.clone(), rows = format::rows(rows, lang(i18n.get_locale()))).to_string()}
                </span>
                <span class="end">
                    <label class="row">
                        <span class="sm muted">{t!(i18n, import.kind)}</span>
                        <select class="select s" disabled=!editable on:change=move |event| pick_kind(event_target_value(&event))>
                            {move || {
                                Kind::ALL
                                    .into_iter()
                                    .map(|choice| {
                                        view! {
                                            <option value=choice.as_str() selected=kind == Some(choice)>
                                                {choice.label(lang(i18n.get_locale()))}
                                            </option>
                                        }
                                    })
                                    .collect_view()
                            }}
                        </select>
                    </label>
                </span>
            </header>
            {problem.map(|problem| view! {
                <p class="refused far" role="alert">
                    <Icon glyph=Glyph::Warning />
                    {move || problem.words(lang(i18n.get_locale()))}
                </p>
            })}
            {of_plan.map(|version| view! {
                <p class="row">
                    <a class="btn primary" href=workbook::address_of_import(version, import, &file.name)>{t!(i18n, import.to_workbook)}</a>
                </p>
            })}
            {file.mapping.map(|mapping| {
                let problems = mapping.problems.clone();
                let columns = mapping.columns.clone();
                let whole = StoredValue::new(mapping.clone());
                view! {
                    {problems
                        .into_iter()
                        .map(|problem| view! {
                            <p class="refused" role="alert">
                                <Icon glyph=Glyph::Warning />
                                {move || problem.words(lang(i18n.get_locale()))}
                            </p>
                        })
                        .collect_view()}
                    <div class="scroll-x">
                        <table class="tb import-table">
                            <thead>
                                <tr>
                                    {columns
                                        .into_iter()
                                        .map(|column| view! {
                                            <Head file=name.clone() kind=mapping.kind column=column mapping=whole desk=desk editable=editable />
                                        })
                                        .collect_view()}
                                </tr>
                            </thead>
                            <tbody>
                                {file
                                    .sample
                                    .into_iter()
                                    .take(SAMPLE_ROWS)
                                    .map(|row| row.into_iter().fold(PlainRow::new(), PlainRow::words).end())
                                    .collect_view()}
                            </tbody>
                        </table>
                    </div>
                }
            })}
        </section>
    }
}

/// A column: its heading in the file, the field it is, how sure that is.
#[component]
fn Head(
    file: String,
    kind: Kind,
    column: ColumnMatch,
    mapping: StoredValue<Mapping>,
    desk: Desk,
    editable: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let header = column.header.clone();
    let own = match &column.role {
        Role::Field { field } => Some(*field),
        Role::Ignored | Role::Period { .. } => None,
    };
    let pick = {
        let (file, header) = (file.clone(), header.clone());
        move |field: String| {
            let lost = desk.choices.try_update(|choices| {
                let before = choices.mappings.get(&file);
                let (chosen, lost) = mapping.with_value(|mapping| mapping.choose(before, &header, &field));
                choices.mappings.insert(file.clone(), chosen);
                lost
            });
            if let Some(lost) = lost.flatten() {
                let field = Field::parse(kind, &field).map_or(field.clone(), |field| {
                    field.label(lang(i18n.get_locale_untracked())).to_owned()
                });
                toasts.show(Toast::refused(
                    t_string!(i18n, import.one_column),
                    t_string!(
                        i18n,
                        import.taken_over,
                        field = field,
                        new = header.clone(),
                        old = lost
                    ),
                ));
            }
        }
    };
    // What the column is now: as chosen here, or as it was found.
    let now = {
        let header = header.clone();
        Memo::new(move |_| {
            desk.choices.with(|choices| match choices.mappings.get(&file) {
                Some(mapping) => mapping
                    .iter()
                    .find(|(_, from)| **from == header && !from.is_empty())
                    .map(|(field, _)| field.clone()),
                None => own.map(|field| field.as_str().to_owned()),
            })
        })
    };
    let confidence = column.confidence;
    let period = matches!(column.role, Role::Period { .. });
    let period_name = header.clone();
    let label = header.clone();
    view! {
        <th scope="col">
            <span class="sm muted">{header}</span>
            {if period {
                view! { <b>{move || t_string!(i18n, import.period_column, name = period_name.clone()).to_string()}</b> }.into_any()
            } else {
                view! {
                    <select
                        class="select s"
                        aria-label=label
                        disabled=!editable
                        prop:value=move || now.get().unwrap_or_default()
                        on:change=move |event| pick(event_target_value(&event))
                    >
                        <option value="" selected=own.is_none()>
                            {t!(i18n, import.ignored)}
                        </option>
                        {move || {
                            fields(kind)
                                .iter()
                                .map(|spec| {
                                    let field = spec.field;
                                    view! {
                                        <option value=field.as_str() selected=own == Some(field)>
                                            {field.label(lang(i18n.get_locale()))}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                }
                    .into_any()
            }}
            {when(
                move || confidence > 0 && now.get().as_deref() == own.map(Field::as_str),
                move || view! { <span class="sm muted">{t!(i18n, import.matched, percent = confidence)}</span> }.into_any(),
            )}
        </th>
    }
}
