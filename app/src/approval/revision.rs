//! Dynamic adjustment: what the rules propose, opening a revision with a reason, and the rules.

pub mod proposal;
pub mod rules;

use domain::id::{RevisionId, VersionId};
use domain::revision::{Begin, Revisions, Rule, RuleKind};
use domain::target::Made;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::proposed::{Looking, Proposed};
use crate::error::AppError;
use crate::live::use_live;
use crate::split;
use crate::ui::{Button, Choice, ErrorView, Field, Select, Skeleton, Toast, use_toasts, when, words_of};
use crate::wire::{fetch, loaded};
use crate::words::{Words, t, t_string, use_i18n};
use proposal::{ProposalLine, Weighing};
use rules::{Choosing, RuleLine};

/// What is proposed, and the rules.
#[server(prefix = "/api/app", endpoint = "revision/load", input = server_fn::codec::Json)]
pub async fn load_revisions() -> Result<Revisions, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.revisions(&scope).await)
}

/// Opens a revision of a published version.
#[server(prefix = "/api/app", endpoint = "revision/open", input = server_fn::codec::Json)]
pub async fn open_revision(
    version: VersionId,
    proposal: Option<RevisionId>,
    reason: Option<String>,
    begin: Begin,
) -> Result<Made, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .open_revision(&scope, version, proposal, reason.as_deref(), begin)
            .await,
    )
}

/// Puts a proposal aside.
#[server(prefix = "/api/app", endpoint = "revision/put-aside", input = server_fn::codec::Json)]
pub async fn put_aside(id: RevisionId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.put_revision_aside(&scope, id).await)
}

/// Chooses a rule.
#[server(prefix = "/api/app", endpoint = "revision/rule", input = server_fn::codec::Json)]
pub async fn choose_rule(rule: Rule) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_revision_rule(&scope, rule).await)
}

/// What is being written and chosen: it outlives the proposals beside it, which come and go.
#[derive(Clone, Copy)]
pub struct Writing {
    /// How what a person decides begins; each proposal has a way of its own.
    begin: RwSignal<Begin>,
    /// The version that is to be revised; empty: the first of the list.
    version: RwSignal<String>,
    reason: RwSignal<String>,
    /// Whether it was tried: then it is told what is missing.
    tried: RwSignal<bool>,
    /// Whether a revision is being opened.
    busy: RwSignal<bool>,
    rules: StoredValue<Vec<Choosing>>,
    /// What would become of everybody's number.
    looking: Looking,
    /// The proposals of rules.
    weighing: Weighing,
}

/// What is to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    version: VersionId,
    /// What proposed it; none: a person.
    proposal: Option<RevisionId>,
    reason: Option<String>,
    begin: Begin,
}

impl Writing {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            begin: RwSignal::new(Begin::default()),
            version: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
            tried: RwSignal::new(false),
            busy: RwSignal::new(false),
            rules: StoredValue::new(RuleKind::ALL.map(Choosing::new).to_vec()),
            looking: Looking::new(),
            weighing: Weighing::new(),
        }
    }
}

/// For those who plan.
#[component]
pub(super) fn RevisionCard(
    /// What was written so far.
    writing: Writing,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let nudge = RwSignal::new(0_u32);
    let revisions = fetch(move || (live.plans.get(), nudge.get()), |_| load_revisions());
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, approval.adjust)}</h2>
                <span class="sm muted">{t!(i18n, approval.adjust_hint)}</span>
            </header>
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(revisions, move |found| match found {
                        Ok(revisions) => view! { <Shown revisions=revisions writing=writing nudge=nudge /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </section>
    }
}

#[component]
fn Shown(revisions: Revisions, writing: Writing, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let Writing { busy, weighing, .. } = writing;
    let open = Callback::new(move |opening: Opening| {
        busy.set(true);
        let Opening {
            version,
            proposal,
            reason,
            begin,
        } = opening;
        let navigate = navigate.get_value();
        spawn_local(async move {
            match open_revision(version, proposal, reason, begin).await {
                Ok(made) => navigate(&split::address(made.version), NavigateOptions::default()),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, approval.adjust_open),
                    words_of(&error, i18n),
                )),
            }
            let _gone = busy.try_set(false);
        });
    });
    let aside = Callback::new(move |id: RevisionId| {
        spawn_local(async move {
            match put_aside(id).await {
                Ok(()) => nudge.update(|count| *count += 1),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, approval.adjust_aside),
                    words_of(&error, i18n),
                )),
            }
        });
    });
    let Revisions {
        proposals,
        rules,
        published,
    } = revisions;
    weighing.settle(&proposals);
    let proposals = proposals
        .into_iter()
        .map(|proposal| {
            view! { <ProposalLine proposal=proposal weighing=weighing busy=busy aside=aside open=open /> }
        })
        .collect_view();
    let choosing = rules
        .into_iter()
        .filter_map(|rule| {
            let choosing = writing
                .rules
                .with_value(|all| all.iter().find(|one| one.kind == rule.kind).copied())?;
            choosing.follow(rule);
            Some(view! { <RuleLine rule=rule choosing=choosing /> })
        })
        .collect_view();
    view! {
        <ul class="queue">{proposals}</ul>
        <ByHand published=published writing=writing open=open />
        <h3 class="rules">{t!(i18n, approval.rules)}</h3>
        <ul class="queue">
            {choosing}
        </ul>
    }
}

/// What a revision may begin with.
fn ways(i18n: Words) -> Vec<Choice> {
    let name = |begin| match begin {
        Begin::Outlook => t_string!(i18n, approval.begin_outlook),
        Begin::MakeUp => t_string!(i18n, approval.begin_make_up),
        Begin::MakeUpTeams => t_string!(i18n, approval.begin_make_up_teams),
    };
    Begin::ALL
        .into_iter()
        .map(|begin| Choice::new(begin.as_str(), name(begin)))
        .collect()
}

/// A person decides.
#[component]
fn ByHand(published: Vec<(VersionId, String)>, writing: Writing, open: Callback<Opening>) -> impl IntoView {
    let i18n = use_i18n();
    let Some((first, _)) = published.first() else {
        return view! { <p class="muted">{t!(i18n, approval.adjust_none)}</p> }.into_any();
    };
    let Writing {
        version: picked,
        reason,
        tried,
        busy,
        begin,
        looking,
        ..
    } = writing;
    // What was picked may be on record no more.
    let is_there = |picked: &String| {
        published
            .iter()
            .any(|(version, _)| version.to_string() == *picked)
    };
    if !picked.with_untracked(is_there) {
        picked.set(first.to_string());
    }
    let missing = Signal::derive(move || {
        let lacks = tried.get() && reason.with(|reason| reason.trim().is_empty());
        lacks.then(|| t_string!(i18n, approval.reason_missing).to_owned())
    });
    let choices: Vec<Choice> = published
        .into_iter()
        .map(|(version, name)| Choice::new(version.to_string(), name))
        .collect();
    let press = move |_| {
        tried.set(true);
        if missing.get_untracked().is_some() {
            return;
        }
        if let Ok(version) = picked.get_untracked().parse::<VersionId>() {
            open.run(Opening {
                version,
                proposal: None,
                reason: Some(reason.get_untracked()),
                begin: begin.get_untracked(),
            });
        }
    };
    view! {
        <Select
            label=t!(i18n, approval.adjust_begin)
            name="revise-begin"
            choices=Signal::derive(move || ways(i18n))
            value=Signal::derive(move || begin.get().as_str().to_owned())
            on_pick=Callback::new(move |way: String| {
                begin.set(Begin::parse(&way).unwrap_or_default());
            })
        />
        <div class="row wrap by-hand">
            <Select
                label=t!(i18n, approval.adjust_plan)
                name="revise"
                choices=Signal::stored(choices)
                value=picked
                on_pick=Callback::new(move |version| picked.set(version))
            />
            <div class="grow">
                <Field label=t!(i18n, approval.adjust_reason) name="revision-reason" bind=reason error=missing />
            </div>
            <Button busy=busy press=press>{t!(i18n, approval.adjust_open)}</Button>
        </div>
        <p>
            <button
                type="button"
                class="btn s"
                aria-expanded=move || looking.open.get().to_string()
                on:click=move |_| looking.open.update(|open| *open = !*open)
            >
                {t!(i18n, approval.proposed_look)}
            </button>
        </p>
        {when(move || looking.open.get(), move || view! {
            <Proposed
                version=Signal::derive(move || picked.get().parse::<VersionId>().ok())
                begin=Signal::derive(move || Some(begin.get()))
                looking=looking
            />
        }.into_any())}
    }
    .into_any()
}
