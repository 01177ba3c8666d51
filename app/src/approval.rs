//! Approval: what waits for whom, the chain and where it stands, what differs from the plan of record, what changed since
//! one looked, and what was said.

pub mod acts;
pub mod chain;
pub mod difference;
pub mod look;
pub mod proposed;
pub mod revision;
pub mod total;
pub mod way;
pub mod why;

use domain::access::Permission;
use domain::approval::{ApprovalQuery, Approvals, Approver, InReview, Progress, Shown, StepState};
use domain::id::VersionId;
use domain::outlook::Distribution;
use domain::people::actor;
use domain::publish::Looked;
use domain::target::Published;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::remark::{Remarks, Writing};
use crate::reserved::may;
use crate::set::{SetTabs, asked};
use crate::split;
use crate::split::fairness::before::BeforeCard;
use crate::split::head::StatusTag;
use crate::ui::{EmptyState, ErrorView, Glyph, InUse, Skeleton, Standing, Tag, TagKind};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};
use crate::workbook::ExportLink;
use acts::Acts;
use chain::ChainForm;
use difference::DifferenceCard;
use look::LookCard;
use proposed::{Looking, Proposed};
use revision::RevisionCard;
use total::TotalCard;
use way::Way;

/// What waits, the chain, and the version that is looked at.
#[server(prefix = "/api/app", endpoint = "approval/load", input = server_fn::codec::Json)]
pub async fn load_approvals(query: ApprovalQuery) -> Result<Approvals, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.approvals(&scope, query).await)
}

/// What is to be expected of what whoever asks sees of a version; none where nothing can be said.
#[server(prefix = "/api/app", endpoint = "approval/outlook", input = server_fn::codec::Json)]
pub async fn load_expected(version: VersionId) -> Result<Option<Distribution>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.approval_outlook(&scope, version).await)
}

/// Hands a draft in.
#[server(prefix = "/api/app", endpoint = "approval/submit", input = server_fn::codec::Json)]
pub async fn submit(version: VersionId, note: Option<String>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.submit_version(&scope, version, note.as_deref()).await)
}

/// Passes the step whose turn it is, of what whoever decides has seen.
#[server(prefix = "/api/app", endpoint = "approval/approve", input = server_fn::codec::Json)]
pub async fn approve(version: VersionId, looked: Looked, note: Option<String>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    let done = operations.approve_version(&scope, version, Some(looked), note.as_deref());
    crate::error::answer(done.await)
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

/// Publishes without the rest of the chain, or beyond limits of fairness, as whoever publishes has seen it.
#[server(prefix = "/api/app", endpoint = "approval/publish-anyway", input = server_fn::codec::Json)]
pub async fn publish_anyway(
    version: VersionId,
    looked: Looked,
    reason: String,
) -> Result<Published, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let done = operations.publish_anyway(&scope, version, Some(looked), &reason);
    crate::error::answer(done.await)
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
    let desk = Desk::new(nudge);
    let approvals = fetch(source, move |(version, ..)| async move {
        let found = load_approvals(ApprovalQuery { version }).await;
        // While the version before still stands.
        let shown = found.as_ref().ok().and_then(|found| found.shown.as_ref());
        if let Some(shown) = shown {
            desk.remarks.turn_to(shown.version);
        }
        found
    });
    view! {
        <Title text=t!(i18n, approval.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(approvals, move |found| match found {
                    Ok(approvals) => view! { <Opened approvals=approvals desk=desk /> }.into_any(),
                    Err(error) => {
                        view! {
                            <header class="head"><h1>{t!(i18n, approval.title)}</h1></header>
                            <SetTabs current="approval" />
                            <div class="content"><ErrorView error=error /></div>
                        }
                            .into_any()
                    }
                })}
        </Transition>
    }
}

/// What is being written and chosen on the page. What comes meanwhile is shown as soon as no field has the focus, and leaves it
/// as it is.
#[derive(Clone, Copy)]
struct Desk {
    /// Counts what one did here.
    nudge: RwSignal<u32>,
    in_use: InUse,
    remarks: Writing,
    chain: chain::Writing,
    revision: revision::Writing,
    /// The rows of the draft that is looked at.
    looking: Looking,
}

impl Desk {
    fn new(nudge: RwSignal<u32>) -> Self {
        Self {
            nudge,
            in_use: InUse::hold(),
            remarks: Writing::new(),
            chain: chain::Writing::new(),
            revision: revision::Writing::new(),
            looking: Looking::new(),
        }
    }
}

#[component]
fn Opened(approvals: Approvals, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (nudge, in_use) = (desk.nudge, desk.in_use);
    let Approvals {
        waiting,
        others,
        chain,
        shown,
    } = approvals;
    let head = shown
        .clone()
        .map(|shown| view! { <Head shown=shown nudge=nudge /> });
    let body = match shown {
        None => view! {
            <EmptyState glyph=Glyph::Check title=t!(i18n, approval.nothing) body=t!(i18n, approval.nothing_text)>
                {may(Permission::EditPlan).then(|| view! {
                    <a class="btn primary" href="/set/target">{t!(i18n, split.empty_action)}</a>
                })}
            </EmptyState>
        }
        .into_any(),
        Some(shown) => view! { <Body shown=shown desk=desk /> }.into_any(),
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, approval.title)}</h1>
            {head}
        </header>
        <SetTabs current="approval" />
        <div
            class="content approval"
            on:focusin=move |event| in_use.enter(&event)
            on:focusout=move |_| in_use.leave()
        >
            <Queue rows=waiting mine=true />
            <Queue rows=others mine=false />
            {body}
            {may(Permission::EditPlan).then(|| view! { <RevisionCard writing=desk.revision /> })}
            <ChainForm chain=chain writing=desk.chain nudge=nudge />
        </div>
    }
}

/// Which version it is, and what can be done with it.
#[component]
fn Head(shown: Shown, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (version, looked) = (shown.version, shown.looked());
    // Of what is left out where an owner publishes it anyway.
    let unapproved = shown
        .steps
        .iter()
        .any(|step| !matches!(step.state, StepState::Passed { .. }));
    view! {
        <Tag kind=TagKind::Line>{shown.plan_name.clone()}</Tag>
        <StatusTag number=shown.number status=shown.status />
        <span class="grow"></span>
        <ExportLink version=version />
        <a class="btn" href=split::address(version)>{t!(i18n, approval.open_split)}</a>
        <Acts version=version looked=looked number=shown.number may=shown.may outdated=shown.outdated unapproved=unapproved blocking=shown.blocking nudge=nudge />
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
fn Body(shown: Shown, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (version, periods) = (shown.version, shown.periods.clone());
    let (writing, nudge) = (desk.remarks, desk.nudge);
    // The first one came with the page.
    writing.turn_to(version);
    let subject = writing.subject;
    let about = shown.clone();
    let reason = shown.reason.clone();
    let in_work = shown.status.is_in_work();
    let adjusts = in_work && reason.is_some();
    view! {
        {reason.map(|reason| view! {
            <p class="card">
                <b>{t!(i18n, approval.revision)}</b>
                " "
                {move || reason.cause.words(lang(i18n.get_locale()))}
                {reason.words.map(|words| format!(" · {words}"))}
            </p>
        })}
        <TotalCard shown=shown.clone() />
        {adjusts.then(|| view! {
            <section class="card" data-card="proposed">
                <header>
                    <h2>{t!(i18n, approval.proposed)}</h2>
                    <span class="sm muted">{t!(i18n, approval.proposed_hint)}</span>
                </header>
                <Proposed version=Signal::stored(Some(version)) begin=Signal::stored(None) looking=desk.looking />
            </section>
        })}
        <div class="cards">
            <div class="w8 stack">
                <DifferenceCard shown=shown.clone() subject=subject />
                <LookCard shown=shown.clone() nudge=nudge />
            </div>
            <div class="w4 stack">
                <Way shown=about />
                {in_work.then(|| view! { <BeforeCard version=version /> })}
                <section class="card">
                    <header>
                        <h2>{t!(i18n, approval.remarks)}</h2>
                        {move || subject.get().is_some().then(|| view! {
                            <button type="button" class="btn link end" on:click=move |_| subject.set(None)>{t!(i18n, approval.whole_plan)}</button>
                        })}
                    </header>
                    <Remarks version=version periods=periods writing=writing subject=subject follows=true />
                </section>
            </div>
        </div>
    }
}
