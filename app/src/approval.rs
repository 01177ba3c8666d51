//! Approval: what waits for whom, the chain and where it stands, what differs from the plan of record, what changed since
//! one looked, and what was said.

pub mod acts;
pub mod chain;
pub mod difference;
pub mod revision;

use domain::access::Permission;
use domain::approval::{
    ApprovalQuery, Approvals, Approver, Decided, Decision, InReview, Look, Progress, Shown, Step, StepState,
};
use domain::format::{self, Scale};
use domain::id::VersionId;
use domain::people::actor;
use domain::target::Published;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::error::AppError;
use crate::frame::{moment, role_name};
use crate::live::use_live;
use crate::page::lazy_page;
use crate::remark::{Remarks, Subject};
use crate::reserved::may;
use crate::set::{SetTabs, asked};
use crate::split;
use crate::split::head::StatusTag;
use crate::ui::{Column, EmptyState, ErrorView, Glyph, Skeleton, Standing, Table, Tag, TagKind};
use crate::wire::fetch;
use crate::words::{Locale, lang, t, t_string, td_string, use_i18n};
use crate::workbook::ExportLink;
use acts::Acts;
use chain::ChainForm;
use difference::DifferenceCard;
use revision::RevisionCard;

/// What waits, the chain, and the version that is looked at.
#[server(prefix = "/api/app", endpoint = "approval/load", input = server_fn::codec::Json)]
pub async fn load_approvals(query: ApprovalQuery) -> Result<Approvals, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.approvals(&scope, query).await)
}

/// Hands a draft in.
#[server(prefix = "/api/app", endpoint = "approval/submit", input = server_fn::codec::Json)]
pub async fn submit(version: VersionId, note: Option<String>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.submit_version(&scope, version, note.as_deref()).await)
}

/// Passes the step whose turn it is.
#[server(prefix = "/api/app", endpoint = "approval/approve", input = server_fn::codec::Json)]
pub async fn approve(version: VersionId, note: Option<String>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.approve_version(&scope, version, note.as_deref()).await)
}

/// Sends a version back, or takes it back.
#[server(prefix = "/api/app", endpoint = "approval/return", input = server_fn::codec::Json)]
pub async fn send_back(version: VersionId, reason: Option<String>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .return_version(&scope, version, reason.as_deref())
            .await,
    )
}

/// Publishes without the rest of the chain.
#[server(prefix = "/api/app", endpoint = "approval/publish-anyway", input = server_fn::codec::Json)]
pub async fn publish_anyway(version: VersionId, reason: String) -> Result<Published, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.publish_anyway(&scope, version, &reason).await)
}

/// Chooses the chain; without a step nothing has to be approved.
#[server(prefix = "/api/app", endpoint = "approval/chain", input = server_fn::codec::Json)]
pub async fn choose_chain(steps: Vec<Approver>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_approval_chain(&scope, steps).await)
}

/// Remembers what one has seen.
#[server(prefix = "/api/app", endpoint = "approval/seen", input = server_fn::codec::Json)]
pub async fn mark_seen(version: VersionId, head: u64) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.look_at_version(&scope, version, head).await)
}

lazy_page!(ApprovalPage, page, part = work, needs = ReadPeople);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let asked = asked();
    // What one does here shows at once, also where the stream of events is broken.
    let nudge = RwSignal::new(0_u32);
    let source = move || {
        (
            asked.get().version,
            live.plans.get(),
            live.people.get(),
            nudge.get(),
        )
    };
    let approvals = fetch(source, |(version, ..)| load_approvals(ApprovalQuery { version }));
    view! {
        <Title text=t!(i18n, approval.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match approvals.await {
                    Ok(approvals) => view! { <Opened approvals=approvals nudge=nudge /> }.into_any(),
                    Err(error) => {
                        view! {
                            <header class="head"><h1>{t!(i18n, approval.title)}</h1></header>
                            <SetTabs current="approval" />
                            <div class="content"><ErrorView error=error /></div>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Opened(approvals: Approvals, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let Approvals {
        waiting,
        others,
        chain,
        shown,
    } = approvals;
    let head = shown
        .clone()
        .map(|shown| view! { <Head shown=shown nudge=nudge /> });
    let subject: RwSignal<Subject> = RwSignal::new(None);
    let body = match shown {
        None => view! {
            <EmptyState glyph=Glyph::Check title=t!(i18n, approval.nothing) body=t!(i18n, approval.nothing_text)>
                <a class="btn primary" href="/set/target">{t!(i18n, split.empty_action)}</a>
            </EmptyState>
        }
        .into_any(),
        Some(shown) => view! { <Body shown=shown subject=subject nudge=nudge /> }.into_any(),
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, approval.title)}</h1>
            {head}
        </header>
        <SetTabs current="approval" />
        <div class="content approval">
            <Queue rows=waiting mine=true />
            <Queue rows=others mine=false />
            {body}
            {may(Permission::EditPlan).then(|| view! { <RevisionCard /> })}
            <ChainForm chain=chain nudge=nudge />
        </div>
    }
}

/// Which version it is, and what can be done with it.
#[component]
fn Head(shown: Shown, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let version = shown.version;
    view! {
        <Tag kind=TagKind::Line>{shown.plan_name.clone()}</Tag>
        <StatusTag number=shown.number status=shown.status />
        <span class="grow"></span>
        <ExportLink version=version />
        <a class="btn" href=split::address(version)>{t!(i18n, approval.open_split)}</a>
        <Acts version=version number=shown.number may=shown.may nudge=nudge />
    }
}

/// Versions in review.
#[component]
fn Queue(rows: Vec<InReview>, mine: bool) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return ().into_any();
    }
    let title = if mine {
        t!(i18n, approval.waiting)
    } else {
        t!(i18n, approval.others)
    };
    let row = move |row: InReview| {
        let by = move || {
            let lang = lang(i18n.get_locale());
            let (by, when) = (actor(&row.by, lang).to_owned(), moment(row.at_ms, lang));
            t_string!(i18n, approval.handed_in, by = by, when = when).to_string()
        };
        view! {
            <li class="row wrap">
                <a href=domain::approval::address(row.version)>{row.plan} " v" {row.number}</a>
                <span class="sm muted">{by}</span>
                {(row.progress == Progress::Approved).then(|| view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, approval.approved)}</Tag> })}
            </li>
        }
    };
    view! {
        <section class="card" data-queue=if mine { "mine" } else { "others" }>
            <header><h2>{title}</h2></header>
            <ul class="queue">{rows.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Body(shown: Shown, subject: RwSignal<Subject>, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (version, periods) = (shown.version, shown.periods.clone());
    let about = shown.clone();
    let reason = shown.reason.clone();
    view! {
        {reason.map(|reason| view! {
            <p class="card">
                <b>{t!(i18n, approval.revision)}</b>
                " "
                {move || reason.cause.words(lang(i18n.get_locale()))}
                {reason.words.map(|words| format!(" · {words}"))}
            </p>
        })}
        <div class="cards">
            <div class="w8 stack">
                <DifferenceCard shown=shown.clone() subject=subject />
                <LookCard shown=shown.clone() nudge=nudge />
            </div>
            <div class="w4 stack">
                <Way shown=about />
                <section class="card">
                    <header>
                        <h2>{t!(i18n, approval.remarks)}</h2>
                        {move || subject.get().is_some().then(|| view! {
                            <button type="button" class="btn link end" on:click=move |_| subject.set(None)>{t!(i18n, approval.whole_plan)}</button>
                        })}
                    </header>
                    <Remarks version=version periods=periods subject=subject />
                </section>
            </div>
        </div>
    }
}

/// The steps and what was decided.
#[component]
fn Way(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let handed_in = shown.submission.map(|submission| {
        let (by, at_ms) = (submission.by, submission.at_ms);
        let text = move || {
            let lang = lang(i18n.get_locale());
            t_string!(
                i18n,
                approval.handed_in,
                by = actor(&by, lang).to_owned(),
                when = moment(at_ms, lang)
            )
            .to_string()
        };
        view! {
            <p class="sm muted">{text}</p>
            {submission.note.map(|note| view! { <p class="said">{note}</p> })}
        }
    });
    let count = shown.steps.len();
    let none = count == 0;
    view! {
        <section class="card" data-steps=count>
            <header><h2>{t!(i18n, approval.way)}</h2></header>
            {handed_in}
            {none.then(|| view! { <p class="muted">{t!(i18n, approval.no_steps)}</p> })}
            <ol class="way">{shown.steps.into_iter().map(|step| view! { <StepLine step=step /> }).collect_view()}</ol>
            {(!shown.decided.is_empty()).then(|| view! { <h3>{t!(i18n, approval.decided)}</h3> })}
            <ul class="queue">{shown.decided.into_iter().map(|decided| view! { <DecidedLine decided=decided /> }).collect_view()}</ul>
        </section>
    }
}

/// What a step is called, whoever may decide it.
fn approver_name(approver: Approver, names: &[String], locale: Locale) -> String {
    match approver {
        Approver::Planners => td_string!(locale, approval.by_planners).to_owned(),
        Approver::Role { role } => role_name(role, locale).to_owned(),
        Approver::Person { .. } => names
            .first()
            .cloned()
            .unwrap_or_else(|| td_string!(locale, approval.by_nobody).to_owned()),
    }
}

#[component]
fn StepLine(step: Step) -> impl IntoView {
    let i18n = use_i18n();
    let Step {
        approver,
        names,
        state,
    } = step;
    let stuck = names.is_empty() && !matches!(state, StepState::Passed { .. });
    let joined = names.clone();
    let who = move || approver_name(approver, &names, i18n.get_locale());
    let mark = match state {
        StepState::Later => view! { <Tag>{t!(i18n, approval.step_later)}</Tag> }.into_any(),
        StepState::Now => view! { <Tag kind=TagKind::Accent>{t!(i18n, approval.step_now)}</Tag> }.into_any(),
        StepState::Passed { by, at_ms } => {
            let text = move || {
                let lang = lang(i18n.get_locale());
                format!("{}, {}", actor(&by, lang), moment(at_ms, lang))
            };
            view! {
                <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, approval.step_passed)}</Tag>
                <span class="sm muted">{text}</span>
            }
            .into_any()
        }
    };
    view! {
        <li>
            <p class="row wrap"><b>{who}</b> {mark}</p>
            {(joined.len() > 1).then(|| view! { <p class="sm muted">{joined.join(" · ")}</p> })}
            {stuck.then(|| view! { <p class="sm is-behind">{t!(i18n, approval.step_stuck)}</p> })}
        </li>
    }
}

#[component]
fn DecidedLine(decided: Decided) -> impl IntoView {
    let i18n = use_i18n();
    let Decided {
        decision,
        by,
        at_ms,
        note,
    } = decided;
    let kind = match decision {
        Decision::Approved => TagKind::Standing(Standing::Ahead),
        Decision::Returned => TagKind::Standing(Standing::Far),
        Decision::TakenBack => TagKind::Plain,
        Decision::Overridden => TagKind::Standing(Standing::Behind),
    };
    let what = move || match decision {
        Decision::Approved => t_string!(i18n, approval.d_approved),
        Decision::Returned => t_string!(i18n, approval.d_returned),
        Decision::TakenBack => t_string!(i18n, approval.d_taken_back),
        Decision::Overridden => t_string!(i18n, approval.d_overridden),
    };
    let text = move || {
        let lang = lang(i18n.get_locale());
        format!("{}, {}", actor(&by, lang), moment(at_ms, lang))
    };
    view! {
        <li data-decision=decision.as_str()>
            <p class="row wrap"><Tag kind=kind>{what}</Tag> <span class="sm muted">{text}</span></p>
            {note.map(|note| view! { <p class="said">{note}</p> })}
        </li>
    }
}

/// What others changed since one looked last.
#[component]
fn LookCard(shown: Shown, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let Shown {
        version,
        head,
        look: Look { at_ms, count, cells },
        currency,
        periods,
        ..
    } = shown;
    let largest = cells
        .iter()
        .map(|seen| seen.before.0.max(seen.after.0))
        .max()
        .unwrap_or_default();
    let currency = StoredValue::new(currency);
    let periods = StoredValue::new(periods);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| {
            Scale::column(domain::money::Minor(largest), currency, lang(i18n.get_locale()))
        })
    });
    let money =
        move |amount| currency.with_value(|currency| format::money_column(amount, currency, scale.get()));
    let columns = Signal::derive(move || {
        let label = scale.get().label();
        let unit = if label.is_empty() {
            currency.with_value(|currency| currency.code.clone())
        } else {
            label.to_owned()
        };
        vec![
            Column::words(t_string!(i18n, split.column_node)),
            Column::words(t_string!(i18n, workbook.period)),
            Column::numbers(t_string!(i18n, approval.was)).in_unit(unit),
            Column::numbers(t_string!(i18n, approval.is)),
            Column::words(t_string!(i18n, approval.changed_by)),
        ]
    });
    let when = move || match at_ms {
        Some(at_ms) => {
            let when = moment(at_ms, lang(i18n.get_locale()));
            t_string!(i18n, approval.looked_at, when = when).to_string()
        }
        None => t_string!(i18n, approval.never_looked).to_owned(),
    };
    let seen = move |_| {
        leptos::task::spawn_local(async move {
            // Where it fails the list stays as it is.
            if mark_seen(version, head).await.is_ok() {
                nudge.update(|count| *count += 1);
            }
        });
    };
    let none = cells.is_empty();
    let rows = cells
        .into_iter()
        .map(|seen| {
            let period = move || {
                periods.with_value(|periods| {
                    let period = periods.get(usize::from(seen.period.0));
                    period.map(|period| format::period(period, lang(i18n.get_locale())))
                })
            };
            let by = seen.by;
            let who = move || {
                let lang = lang(i18n.get_locale());
                format!("{}, {}", actor(&by, lang), moment(seen.at_ms, lang))
            };
            view! {
                <tr class="fresh">
                    <td>{seen.name}</td>
                    <td>{period}</td>
                    <td class="num">{move || money(seen.before)}</td>
                    <td class="num strong">{move || money(seen.after)}</td>
                    <td class="sm muted">{who}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" data-changed=count>
            <header>
                <h2>{t!(i18n, approval.changed)}</h2>
                <span class="sm muted">{when}</span>
                <button type="button" class="btn s end" on:click=seen>{t!(i18n, approval.mark_seen)}</button>
            </header>
            {none.then(|| view! { <p class="muted">{t!(i18n, approval.changed_none)}</p> })}
            {(!none).then(|| view! { <Table caption=t!(i18n, approval.changed) columns=columns>{rows}</Table> })}
        </section>
    }
}
