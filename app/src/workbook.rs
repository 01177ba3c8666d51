//! A plan and spreadsheets: the link that hands a version out, and the page that takes a changed one back after its
//! differences were looked at.

use domain::format;
use domain::id::VersionId;
use domain::money::{Currency, Minor};
use domain::plan::{Entered, PeriodIndex};
use domain::target::PlanRow;
use domain::workbook::{CellChange, Comparison, Note, Refused, TakenOver};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::error::AppError;
use crate::page::lazy_page;
use crate::split;
use crate::target::load_plans;
use crate::ui::{
    Button, ButtonKind, Column, EmptyState, ErrorView, Glyph, Icon, IconSize, Skeleton, Table, Tag, TagKind,
    Toast, use_toasts, words_of,
};
use crate::wire::fetch;
use crate::words::{lang, t, t_string, use_i18n};

/// Differences that are shown; all of them are written.
const SHOWN: usize = 200;

/// Writes amounts of a workbook into a draft, as one step.
#[server(prefix = "/api/app", endpoint = "workbook/enter", input = server_fn::codec::Json)]
pub async fn enter_workbook(
    version: VersionId,
    head: u64,
    amounts: Vec<Entered>,
    name: String,
) -> Result<TakenOver, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .enter_workbook(&scope, version, head, amounts, &name)
            .await,
    )
}

/// Where a changed workbook of a version is taken back.
pub(crate) fn address(version: VersionId) -> String {
    format!("/split/workbook?version={version}")
}

/// Hands a version out as a workbook.
#[component]
pub(crate) fn ExportLink(version: VersionId) -> impl IntoView {
    let i18n = use_i18n();
    let href = move || {
        let lang = lang(i18n.get_locale()).tag();
        format!("/api/v1/versions/{version}/export.xlsx?lang={lang}")
    };
    view! {
        <a class="btn quiet desk-only" href=href download rel="external">
            <Icon glyph=Glyph::Download />
            {t!(i18n, workbook.export)}
        </a>
    }
}

/// What was brought back so far.
#[derive(Clone, Copy)]
struct Desk {
    version: VersionId,
    /// Blank amounts mean nothing is to be done.
    blank_is_zero: RwSignal<bool>,
    busy: RwSignal<bool>,
    file: RwSignal<String>,
    found: RwSignal<Option<Result<Comparison, AppError>>>,
}

lazy_page!(WorkbookPage, page, part = work, needs = EditPlan);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let version = move || map.with(|map| map.get("version")?.parse::<VersionId>().ok());
    let plans = fetch(|| (), |()| load_plans());
    view! {
        <Title text=t!(i18n, workbook.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match plans.await {
                    Ok(plans) => view! { <Opened plans=plans version=version() /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The page of a version that is there.
#[component]
fn Opened(plans: Vec<PlanRow>, version: Option<VersionId>) -> impl IntoView {
    let i18n = use_i18n();
    let found = plans.into_iter().find_map(|plan| {
        let row = plan.versions.iter().find(|row| Some(row.id) == version)?;
        Some((plan.name.clone(), row.number, row.id))
    });
    let Some((plan, number, version)) = found else {
        return view! {
            <EmptyState glyph=Glyph::Split title=t!(i18n, split.no_version) body=t!(i18n, split.no_version_text)>
                <a class="btn primary" href="/split">{t!(i18n, split.no_version_action)}</a>
            </EmptyState>
        }
        .into_any();
    };
    let desk = Desk {
        version,
        blank_is_zero: RwSignal::new(false),
        busy: RwSignal::new(false),
        file: RwSignal::new(String::new()),
        found: RwSignal::new(None),
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, workbook.title)}</h1>
            <Tag kind=TagKind::Line>{plan}</Tag>
            <Tag kind=TagKind::Accent>{t!(i18n, split.draft, number = number)}</Tag>
            <span class="grow"></span>
            <ExportLink version=version />
            <a class="btn" href=split::address(version)>{t!(i18n, workbook.back)}</a>
        </header>
        <div class="content">
            <Drop desk=desk />
            {move || desk.found.get().map(|found| match found {
                Ok(found) => view! { <Found found=found desk=desk /> }.into_any(),
                Err(error) => view! { <ErrorView error=error /> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

/// The place to drop the workbook.
#[component]
fn Drop(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        sending::dropped(&event, desk);
    };
    view! {
        <label class="row">
            <input
                type="checkbox"
                name="blanks"
                prop:checked=move || desk.blank_is_zero.get()
                on:change=move |event| desk.blank_is_zero.set(event_target_checked(&event))
            />
            {t!(i18n, workbook.blank_is_zero)}
        </label>
        <label
            class="drop"
            class:over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=on_drop
        >
            <Icon glyph=Glyph::Upload size=IconSize::Large />
            <b>{t!(i18n, workbook.drop_title)}</b>
            <span class="muted">{t!(i18n, workbook.drop_text)}</span>
            <span class="btn" aria-hidden="true">
                {move || if desk.busy.get() { t_string!(i18n, workbook.comparing) } else { t_string!(i18n, workbook.choose) }}
            </span>
            <input
                node_ref=input
                class="sr"
                type="file"
                name="file"
                accept=".xlsx"
                disabled=move || desk.busy.get()
                on:change=move |_| sending::chosen(input, desk)
            />
        </label>
    }
}

/// The differences and what is to be known of them.
#[component]
fn Found(found: Comparison, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let (head, both) = (
        found.head,
        found
            .changes
            .iter()
            .filter(|change| change.written.is_some())
            .count(),
    );
    let all = found.changes.len();
    let also_moved = RwSignal::new(false);
    let chosen = move || if also_moved.get() { all } else { all - both };
    let changes = StoredValue::new(found.changes.clone());
    let writing = RwSignal::new(false);
    let write = move |_| {
        let also = also_moved.get_untracked();
        let amounts = changes.with_value(|changes| {
            let taken = changes.iter().filter(|change| also || change.written.is_none());
            taken.map(CellChange::entered).collect::<Vec<_>>()
        });
        writing.set(true);
        spawn_local(async move {
            match enter_workbook(desk.version, head, amounts, desk.file.get_untracked()).await {
                Ok(taken) => {
                    let count = taken.entered;
                    toasts.show(Toast::done(
                        t_string!(i18n, workbook.written, count = count).to_string(),
                    ));
                    navigate.with_value(|navigate| {
                        navigate(&split::address(desk.version), NavigateOptions::default());
                    });
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, workbook.title),
                    words_of(&error, i18n),
                )),
            }
            writing.set(false);
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
        ..
    } = found;
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
            {(all > 0).then(|| view! { <Rows rows=rows currency=currency when_of=Callback::new(when_of) /> })}
            {(all > SHOWN).then(|| view! { <p class="sm muted">{move || t_string!(i18n, workbook.shown, count = SHOWN).to_string()}</p> })}
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
                    <Button kind=ButtonKind::Primary busy=writing disabled=Signal::derive(move || chosen() == 0) on:click=write>
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

#[component]
fn Rows(
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

#[component]
fn RefusedRows(
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

#[cfg(feature = "hydrate")]
mod sending {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use leptos::{ev, html};
    use web_sys::{File, FormData};

    use super::Desk;
    use crate::wire::post_form;

    /// Sends what was dropped.
    pub(super) fn dropped(event: &ev::DragEvent, desk: Desk) {
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            send(&file, desk);
        }
    }

    /// Sends what was chosen; the same file can be chosen again after it was changed.
    pub(super) fn chosen(input: NodeRef<html::Input>, desk: Desk) {
        let Some(input) = input.get_untracked() else {
            return;
        };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            send(&file, desk);
        }
        input.set_value("");
    }

    fn send(file: &File, desk: Desk) {
        let Ok(form) = FormData::new() else { return };
        // A file always fits a form.
        drop(form.append_with_blob_and_filename("file", file, &file.name()));
        let blanks = if desk.blank_is_zero.get_untracked() {
            "zero"
        } else {
            "keep"
        };
        drop(form.append_with_str("blanks", blanks));
        desk.file.set(file.name());
        desk.busy.set(true);
        spawn_local(async move {
            let found = post_form(&format!("/api/v1/versions/{}/workbook", desk.version), form).await;
            desk.found.set(Some(found));
            desk.busy.set(false);
        });
    }
}

/// The server's twin: it receives files, it does not send them.
#[cfg(not(feature = "hydrate"))]
mod sending {
    use leptos::prelude::NodeRef;
    use leptos::{ev, html};

    use super::Desk;

    pub(super) fn dropped(_event: &ev::DragEvent, _desk: Desk) {}

    pub(super) fn chosen(_input: NodeRef<html::Input>, _desk: Desk) {}
}
