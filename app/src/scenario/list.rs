//! The list of scenarios, and what can be done with each.

use domain::format;
use domain::id::VersionId;
use domain::scenario::{COMPARED, PlanScenarios, ScenarioRow};
use domain::target::VersionStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::frame::moment;
use crate::target::called;
use crate::ui::{
    Button, ButtonKind, ButtonSize, ButtonType, Choice, Dialog, Field, Select, Standing, Tag, TagKind, Toast,
    use_toasts, words_of,
};
use crate::words::{lang, t, t_string, use_i18n};

/// What is asked about a scenario.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Branch(VersionId),
    Rename(VersionId),
}

/// The list, with drafts that were put away below it.
#[component]
pub(super) fn Scenarios(
    plan: PlanScenarios,
    picked: Memo<Vec<VersionId>>,
    reload: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let PlanScenarios {
        plan,
        currency,
        plans,
        scenarios,
        ..
    } = plan;
    let currency = StoredValue::new(currency);
    let busy = RwSignal::new(false);
    let asked = RwSignal::new(None::<Asked>);
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let go = move |address: String| {
        // The page may have been left when an answer leads somewhere.
        let _gone = navigate.try_with_value(|navigate| {
            let stay = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&address, stay);
        });
    };
    let address = move |versions: &[VersionId]| {
        let ids: Vec<String> = versions.iter().map(ToString::to_string).collect();
        format!("/set/scenarios?plan={plan}&compare={}", ids.join(","))
    };
    let pick = Callback::new(move |version: VersionId| {
        let mut versions = picked.get_untracked();
        match versions.iter().position(|known| *known == version) {
            Some(place) => {
                versions.remove(place);
            }
            None => versions.push(version),
        }
        go(address(&versions));
    });
    let done = move |title: String, outcome: Result<(), AppError>| {
        match outcome {
            Ok(()) => toasts.show(Toast::done(title)),
            Err(error) => toasts.show(Toast::refused(
                t_string!(i18n, scenario.title),
                words_of(&error, i18n),
            )),
        }
        // The page may have been left.
        let _gone = busy.try_set(false);
        let _gone = reload.try_run(());
    };
    let ask = Callback::new(move |(what, text): (Asked, String)| {
        name.set(text);
        wrong.set(None);
        asked.set(Some(what));
        open.set(true);
    });
    let send = move || {
        let Some(what) = asked.get_untracked() else {
            return;
        };
        let text = name.get_untracked();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let (said, outcome) = match what {
                Asked::Branch(version) => {
                    let text = (!text.trim().is_empty()).then_some(text);
                    let said = t_string!(i18n, scenario.branch_done).to_owned();
                    (said, super::branch(version, text).await.map(drop))
                }
                Asked::Rename(version) => (text.clone(), super::rename(version, text).await),
            };
            match outcome {
                Ok(()) => {
                    let _gone = open.try_set(false);
                    done(said, Ok(()));
                }
                // What was typed stays, and what is wrong with it stands below it.
                Err(error) if open.try_get_untracked() == Some(true) => {
                    wrong.set(Some(words_of(&error, i18n)));
                    busy.set(false);
                }
                Err(error) => done(said, Err(error)),
            }
        });
    };
    let put_away = Callback::new(move |(version, name, away): (VersionId, String, bool)| {
        busy.set(true);
        // What is away is not compared any more.
        let rest: Vec<VersionId> = picked
            .get_untracked()
            .into_iter()
            .filter(|known| *known != version)
            .collect();
        spawn_local(async move {
            let (outcome, said) = if away {
                let outcome = super::archive(version).await;
                (
                    outcome,
                    t_string!(i18n, scenario.archive_done, name = name).to_string(),
                )
            } else {
                let outcome = super::restore(version).await;
                (
                    outcome,
                    t_string!(i18n, scenario.restore_done, name = name).to_string(),
                )
            };
            if away && outcome.is_ok() {
                go(address(&rest));
            }
            done(said, outcome);
        });
    });
    let many = plans.len() > 1;
    let choices = Signal::derive(move || {
        plans
            .iter()
            .map(|plan| Choice::new(plan.plan.to_string(), plan.name.clone()))
            .collect::<Vec<_>>()
    });
    let (away, used): (Vec<ScenarioRow>, Vec<ScenarioRow>) =
        scenarios.into_iter().partition(|row| row.shelved_at_ms.is_some());
    let row = move |row: ScenarioRow| view! { <Row row=row currency=currency picked=picked busy=busy pick=pick ask=ask put_away=put_away /> };
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, scenario.list)}</h2>
                <span class="sm muted">{t!(i18n, scenario.list_hint)}</span>
                <span class="end">
                    {many.then(|| view! {
                        <Select
                            label=t!(i18n, scenario.plan)
                            name="plan"
                            compact=true
                            choices=choices
                            value=Signal::stored(plan.to_string())
                            on_pick=Callback::new(move |plan: String| go(format!("/set/scenarios?plan={plan}")))
                        />
                    })}
                </span>
            </header>
            <ul class="plans scenarios">{used.into_iter().map(row).collect_view()}</ul>
            {(!away.is_empty()).then(|| view! {
                <details>
                    <summary>{t!(i18n, scenario.shelved_list)} " (" {away.len()} ")"</summary>
                    <p class="sm muted">{t!(i18n, scenario.shelved_hint)}</p>
                    <ul class="plans">{away.into_iter().map(row).collect_view()}</ul>
                </details>
            })}
            <Dialog
                open=open
                title=move || match asked.get() {
                    Some(Asked::Rename(_)) => t_string!(i18n, scenario.rename),
                    _ => t_string!(i18n, scenario.branch),
                }
            >
                <form on:submit=move |event| {
                    event.prevent_default();
                    send();
                }>
                    {move || {
                        let label = match asked.get() {
                            Some(Asked::Rename(_)) => t_string!(i18n, scenario.name),
                            _ => t_string!(i18n, scenario.branch_name),
                        };
                        view! { <Field label=label name="scenario-name" bind=name error=wrong /> }
                    }}
                    <footer>
                        <Button press=move |_| open.set(false)>{t!(i18n, scenario.cancel)}</Button>
                        <Button kind=ButtonKind::Primary r#type=ButtonType::Submit busy=busy>{t!(i18n, scenario.save)}</Button>
                    </footer>
                </form>
            </Dialog>
        </section>
    }
}

#[component]
fn Row(
    row: ScenarioRow,
    currency: StoredValue<domain::money::Currency>,
    picked: Memo<Vec<VersionId>>,
    busy: RwSignal<bool>,
    pick: Callback<VersionId>,
    ask: Callback<(Asked, String)>,
    put_away: Callback<(VersionId, String, bool)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let ScenarioRow {
        version,
        branched_from,
        total,
        shelved_at_ms,
    } = row;
    let (id, number) = (version.id, version.number);
    let name = StoredValue::new(version.name.clone());
    let title = move || name.with_value(|name| called(name, number, i18n));
    let is_away = shelved_at_ms.is_some();
    let draft = version.status == VersionStatus::Draft;
    let state = match version.status {
        _ if is_away => view! { <Tag>{t!(i18n, scenario.shelved)}</Tag> }.into_any(),
        VersionStatus::Draft => view! { <Tag kind=TagKind::Accent>{t!(i18n, target.draft)}</Tag> }.into_any(),
        VersionStatus::Published => {
            view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, target.published)}</Tag> }
                .into_any()
        }
        VersionStatus::InReview => {
            view! { <Tag kind=TagKind::Locked>{t!(i18n, target.in_review)}</Tag> }.into_any()
        }
        VersionStatus::Archived => view! { <Tag>{t!(i18n, target.archived)}</Tag> }.into_any(),
    };
    let said = move || {
        let lang = lang(i18n.get_locale());
        let by = domain::people::actor(&version.created_by, lang).to_owned();
        let made = t_string!(
            i18n,
            target.created_by,
            by = by,
            when = moment(version.created_at_ms, lang)
        )
        .to_string();
        match branched_from {
            Some(number) => format!("{} · {made}", t_string!(i18n, scenario.from, number = number)),
            None => made,
        }
    };
    let amount =
        move || currency.with_value(|currency| format::compact(total, currency, lang(i18n.get_locale())));
    let full = currency.with_value(|currency| format::full(total, currency));
    let mine = move || picked.with(|picked| picked.contains(&id));
    let full_up = move || picked.with(|picked| picked.len() >= *COMPARED.end() && !picked.contains(&id));
    view! {
        <li class="row wrap" data-scenario=number data-total=total.0>
            {(!is_away).then(|| view! {
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=mine
                        checked=mine
                        disabled=full_up
                        aria-label=move || t_string!(i18n, scenario.pick, name = title()).to_string()
                        on:change=move |_| pick.run(id)
                    />
                </label>
            })}
            <a href=format!("/set/target?version={id}")>{title}</a>
            {state}
            <b title=full>{amount}</b>
            <span class="sm muted">{said}</span>
            <span class="grow"></span>
            {draft.then(|| view! {
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=busy press=move |_| ask.run((Asked::Rename(id), name.get_value()))>
                    {t!(i18n, scenario.rename)}
                </Button>
            })}
            <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=busy press=move |_| ask.run((Asked::Branch(id), String::new()))>
                {t!(i18n, scenario.branch)}
            </Button>
            {draft.then(|| view! {
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=busy press=move |_| put_away.run((id, name.get_value(), !is_away))>
                    {move || if is_away { t_string!(i18n, scenario.restore) } else { t_string!(i18n, scenario.archive) }}
                </Button>
            })}
        </li>
    }
}
