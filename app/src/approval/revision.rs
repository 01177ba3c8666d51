//! Dynamic adjustment: what the rules propose, opening a revision with a reason, and the rules.

use domain::id::{RevisionId, VersionId};
use domain::revision::{Begin, Proposal, Revisions, Rule, RuleKind};
use domain::target::Made;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::split;
use crate::ui::{
    Button, ButtonSize, Choice, ErrorView, Field, Select, Skeleton, Toast, hold_while, use_toasts, words_of,
};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// One of a hundred, in millionths.
const PERCENT_PPM: u32 = 10_000;

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

/// For those who plan.
#[component]
pub(super) fn RevisionCard() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let nudge = RwSignal::new(0_u32);
    let revisions = fetch(move || (live.plans.get(), nudge.get()), |_| load_revisions());
    // What is chosen of the rules outlives the proposals beside them, which come and go.
    let choices = StoredValue::new(RuleKind::ALL.map(Choosing::new).to_vec());
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, approval.adjust)}</h2>
                <span class="sm muted">{t!(i18n, approval.adjust_hint)}</span>
            </header>
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(revisions, move |found| match found {
                        Ok(revisions) => view! { <Shown revisions=revisions choices=choices nudge=nudge /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </section>
    }
}

#[component]
fn Shown(revisions: Revisions, choices: StoredValue<Vec<Choosing>>, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let busy = RwSignal::new(false);
    // What is chosen is not put back by what others do.
    let begin = RwSignal::new(Begin::default());
    let chosen = RwSignal::new(false);
    hold_while(chosen);
    let open = Callback::new(
        move |(version, proposal, reason): (VersionId, Option<RevisionId>, Option<String>)| {
            busy.set(true);
            spawn_local(async move {
                match open_revision(version, proposal, reason, begin.get_untracked()).await {
                    Ok(made) => navigate.with_value(|navigate| {
                        navigate(&split::address(made.version), NavigateOptions::default());
                    }),
                    Err(error) => toasts.show(Toast::refused(
                        t_string!(i18n, approval.adjust_open),
                        words_of(&error, i18n),
                    )),
                }
                busy.set(false);
            });
        },
    );
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
    let proposal = move |proposal: Proposal| {
        let Proposal {
            id,
            version,
            plan,
            number,
            cause,
            at_ms,
        } = proposal;
        let why = move || {
            let lang = lang(i18n.get_locale());
            format!("{} · {}", cause.words(lang), moment(at_ms, lang))
        };
        view! {
            <li class="row wrap" data-proposal=id.to_string()>
                <a href=split::address(version)>{plan} " v" {number}</a>
                <span>{why}</span>
                <span class="grow"></span>
                <Button size=ButtonSize::Small press=move |_| aside.run(id)>{t!(i18n, approval.adjust_aside)}</Button>
                <Button size=ButtonSize::Small busy=busy press=move |_| open.run((version, Some(id), None))>{t!(i18n, approval.adjust_open)}</Button>
            </li>
        }
    };
    let choosing = rules
        .into_iter()
        .filter_map(|rule| {
            let choosing = choices.with_value(|all| all.iter().find(|one| one.kind == rule.kind).copied())?;
            choosing.follow(rule);
            Some(view! { <RuleLine rule=rule choosing=choosing /> })
        })
        .collect_view();
    view! {
        <Select
            label=t!(i18n, approval.adjust_begin)
            name="revise-begin"
            choices=Signal::derive(move || ways(i18n))
            value=Signal::derive(move || begin.get().as_str().to_owned())
            on_pick=Callback::new(move |way: String| {
                let way = Begin::parse(&way).unwrap_or_default();
                begin.set(way);
                chosen.set(way != Begin::default());
            })
        />
        <ul class="queue">{proposals.into_iter().map(proposal).collect_view()}</ul>
        <ByHand published=published busy=busy open=open />
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
fn ByHand(
    published: Vec<(VersionId, String)>,
    busy: RwSignal<bool>,
    open: Callback<(VersionId, Option<RevisionId>, Option<String>)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some((first, _)) = published.first() else {
        return view! { <p class="muted">{t!(i18n, approval.adjust_none)}</p> }.into_any();
    };
    let picked = RwSignal::new(first.to_string());
    let reason = RwSignal::new(String::new());
    let begun = RwSignal::new(false);
    hold_while(begun);
    Effect::new(move |_| begun.set(reason.with(|reason| !reason.is_empty())));
    // Asked for when it is pressed, not while nothing was tried yet.
    let asked = RwSignal::new(false);
    let missing = Signal::derive(move || {
        let lacks = asked.get() && reason.with(|reason| reason.trim().is_empty());
        lacks.then(|| t_string!(i18n, approval.reason_missing).to_owned())
    });
    let choices: Vec<Choice> = published
        .into_iter()
        .map(|(version, name)| Choice::new(version.to_string(), name))
        .collect();
    let press = move |_| {
        asked.set(true);
        if missing.get_untracked().is_some() {
            return;
        }
        if let Ok(version) = picked.get_untracked().parse::<VersionId>() {
            open.run((version, None, Some(reason.get_untracked())));
        }
    };
    view! {
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
    }
    .into_any()
}

/// What is chosen of a rule.
#[derive(Clone, Copy)]
struct Choosing {
    kind: RuleKind,
    enabled: RwSignal<bool>,
    /// Per cent, as typed.
    threshold: RwSignal<String>,
    /// The same as it was last loaded or sent.
    sent: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    /// Whether it was changed here: what was loaded before that is older.
    changed: RwSignal<bool>,
}

impl Choosing {
    fn new(kind: RuleKind) -> Self {
        Self {
            kind,
            enabled: RwSignal::new(false),
            threshold: RwSignal::new(String::new()),
            sent: RwSignal::new(String::new()),
            wrong: RwSignal::new(None),
            changed: RwSignal::new(false),
        }
    }

    /// Takes what is stored, where nothing was changed here.
    fn follow(self, rule: Rule) {
        if !self.changed.get_untracked() {
            self.enabled.set(rule.enabled);
            let percent = (rule.threshold_ppm / PERCENT_PPM).to_string();
            self.sent.set(percent.clone());
            self.threshold.set(percent);
        }
    }

    /// Whether what is typed was not sent yet.
    fn is_new(self) -> bool {
        self.threshold.try_get_untracked() != self.sent.try_get_untracked()
    }

    /// None once the page was left: a field that is taken away with what was typed into it says so as its last.
    fn rule(self) -> Option<Rule> {
        let typed = self.threshold.try_get_untracked()?;
        let typed = typed.trim().trim_end_matches(['%', '％']).trim();
        let percent: u32 = typed.parse().unwrap_or_default();
        Some(Rule {
            kind: self.kind,
            enabled: self.enabled.try_get_untracked()?,
            threshold_ppm: percent.saturating_mul(PERCENT_PPM),
        })
    }
}

/// A rule; what is changed of it holds at once.
#[component]
fn RuleLine(rule: Rule, choosing: Choosing) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let Choosing {
        kind,
        enabled,
        threshold,
        sent,
        wrong,
        changed,
    } = choosing;
    let save = move || {
        let Some(rule) = choosing.rule() else { return };
        wrong.set(None);
        changed.set(true);
        sent.set(threshold.get_untracked());
        spawn_local(async move {
            match choose_rule(rule).await {
                Ok(()) => toasts.show(Toast::done(t_string!(i18n, approval.chain_saved))),
                // The page may have been left.
                Err(error) => drop(wrong.try_set(Some(words_of(&error, i18n)))),
            }
        });
    };
    // Enter is a change as well, and one change is sent once.
    let save_new = move || {
        if choosing.is_new() {
            save();
        }
    };
    let used = RwSignal::new(false);
    hold_while(used);
    let name = move || match kind {
        RuleKind::QuarterEnd => t_string!(i18n, approval.rule_quarter),
        RuleKind::Pace => t_string!(i18n, approval.rule_pace),
        RuleKind::Factor => t_string!(i18n, approval.rule_factor),
    };
    view! {
        <li class="row wrap" data-rule=kind.as_str()>
            <label class="row">
                <input
                    type="checkbox"
                    prop:checked=move || enabled.get()
                    checked=rule.enabled
                    on:change=move |event| {
                        enabled.set(event_target_checked(&event));
                        save();
                    }
                />
                {name}
            </label>
            {(kind == RuleKind::Pace).then(|| view! {
                <span class="row">
                    <input
                        class="input s num percent"
                        name="threshold"
                        inputmode="decimal"
                        aria-label=move || format!("{} (%)", name())
                        aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                        prop:value=move || threshold.get()
                        on:input=move |event| {
                            changed.set(true);
                            threshold.set(event_target_value(&event));
                        }
                        on:focus=move |_| used.set(true)
                        // A field that is taken away says so as its last.
                        on:blur=move |_| { let _gone = used.try_set(false); }
                        on:change=move |_| save_new()
                        on:keydown=move |event| {
                            if event.key() == "Enter" {
                                save_new();
                            }
                        }
                    />
                    {t!(i18n, approval.rule_threshold)}
                </span>
            })}
            <span class="sm is-far" role="alert">{move || wrong.get()}</span>
        </li>
    }
}
