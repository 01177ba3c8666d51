//! Capability: what the people and units of a planning can do, and what hiring or leaving would change.

#[cfg(feature = "ssr")]
mod drawing;
pub mod lists;
pub mod try_out;

use domain::assumption::PlanningQuery;
use domain::capability::team::Team;
use domain::capability::what_if::WhatIf;
use domain::format;
use domain::money::{Currency, Minor};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::chart::{Chart, ChartOption};
use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::questionnaire::{planning_name, planning_query};
use crate::set::SetTabs;
use crate::ui::{EmptyState, ErrorView, Glyph, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// What a team can do, with its chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The figures.
    pub team: Team,
    /// The months.
    pub months: ChartOption,
}

/// What the people and units of a planning can do.
#[server(prefix = "/api/app", endpoint = "capability/load", input = server_fn::codec::Json)]
pub async fn load_capability(query: PlanningQuery, what_if: WhatIf) -> Result<Drawn, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let team = crate::error::answer(operations.capability(&scope, &query, what_if).await)?;
    let months = drawing::months(&team, crate::server::language());
    Ok(Drawn { team, months })
}

lazy_page!(CapabilityPage, page, part = work, needs = ReadBaseline);

/// Amounts of a page, as people read them.
#[derive(Clone, Copy)]
pub struct Money {
    currency: StoredValue<Currency>,
    i18n: Words,
}

impl Money {
    fn of(self, amount: Minor) -> String {
        self.currency
            .with_value(|currency| format::compact(amount, currency, lang(self.i18n.get_locale())))
    }

    fn full(self, amount: Minor) -> String {
        self.currency
            .with_value(|currency| format::full(amount, currency))
    }

    /// With a sign.
    fn change(self, amount: Minor) -> String {
        let sign = if amount.0 > 0 { "+" } else { "" };
        format!("{sign}{}", self.of(amount))
    }
}

/// People of a number of millionths.
fn heads(ppm: u64) -> String {
    let tenths = (ppm + 50_000) / 100_000;
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let live = use_live();
    let asked = Memo::new(move |_| map.with(planning_query));
    let tried = Memo::new(move |_| {
        map.with(|map| {
            let part = |name| map.get(name).unwrap_or_default();
            WhatIf::parse(&part("hire"), &part("leave"))
        })
    });
    let unread = Signal::derive(move || tried.with(Result::is_err));
    let drawn = fetch(
        move || {
            (
                asked.get(),
                tried.get().unwrap_or_default(),
                (live.facts.get(), live.plans.get(), live.people.get()),
                (live.business_date.get(), live.imports.get()),
                // The chart is drawn in the language of the page.
                i18n.get_locale(),
            )
        },
        |(asked, tried, ..)| load_capability(asked, tried),
    );
    view! {
        <Title text=t!(i18n, capability.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(drawn, move |found| match found {
                    Ok(drawn) => view! { <Shown drawn=drawn unread=unread /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Shown(drawn: Drawn, unread: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let Drawn { team, months } = drawn;
    let as_of = team.as_of;
    let planning = StoredValue::new(team.planning.clone());
    let money = Money {
        currency: StoredValue::new(team.planning.currency.clone()),
        i18n,
    };
    let body = if team.people.is_empty() {
        view! {
            <EmptyState
                glyph=Glyph::People
                title=t!(i18n, capability.empty_title)
                body=t!(i18n, capability.empty_text)
            >
                <a class="btn primary" href="/data/import">
                    {t!(i18n, capability.empty_action)}
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        let team = StoredValue::new(team);
        view! {
            <div class="content">
                <div class="cards">
                    <Summary team=team money=money />
                    <section class="card w7">
                        <header>
                            <h2>{t!(i18n, capability.months)}</h2>
                        </header>
                        <Chart name="capability-months" option=Signal::stored(months) />
                    </section>
                    <try_out::TryOut team=team money=money unread=unread />
                    <lists::Units team=team money=money />
                    <lists::People team=team money=money />
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, capability.title)}</h1>
            <span class="tag line">{move || planning.with_value(|planning| planning_name(planning, i18n))}</span>
            <span class="sm muted">
                {move || t_string!(i18n, capability.as_of, date = format::date(as_of, lang(i18n.get_locale()))).to_string()}
            </span>
        </header>
        <SetTabs current="capability" />
        {body}
    }
}

/// The whole in words: how much, of what, against which target.
#[component]
fn Summary(team: StoredValue<Team>, money: Money) -> impl IntoView {
    let i18n = use_i18n();
    let (total, target, change) =
        team.with_value(|team| (team.total_shown(), team.target, team.change.total));
    let after = total.value;
    let interval = move || {
        t_string!(
            i18n,
            capability.interval,
            low = money.of(total.low),
            high = money.of(total.high)
        )
        .to_string()
    };
    let people = team.with_value(|team| {
        let first = team.heads_shown().first().copied().unwrap_or_default();
        let last = team.heads_shown().last().copied().unwrap_or_default();
        (heads(first), heads(last))
    });
    let against = move || match target {
        None => vec![t_string!(i18n, capability.no_target_yet).to_owned()],
        Some(target) => {
            let mut words = Vec::new();
            if target.0 > 0 {
                let percent = format::percent(after.0 as f64 / target.0 as f64);
                words.push(t_string!(i18n, capability.covers, percent = percent).to_string());
            }
            let apart = Minor(after.0.saturating_sub(target.0));
            if apart.0 >= 0 {
                let amount = money.of(apart);
                words.push(t_string!(i18n, capability.covers_enough, amount = amount).to_string());
            } else {
                let amount = money.of(Minor(apart.0.saturating_neg()));
                words.push(t_string!(i18n, capability.covers_missing, amount = amount).to_string());
            }
            match team.with_value(Team::people_missing) {
                Some(1) => words.push(t_string!(i18n, capability.people_missing_one).to_owned()),
                Some(count) => {
                    words.push(t_string!(i18n, capability.people_missing, count = count).to_string());
                }
                None => {}
            }
            words
        }
    };
    let notes = move || {
        team.with_value(|team| {
            let lang = lang(i18n.get_locale());
            let mut notes = Vec::new();
            match team.history {
                Some(span) if team.history_months > 0 => {
                    let days = format::range(span.starts_on, span.ends_on, lang);
                    let months = team.history_months;
                    notes
                        .push(t_string!(i18n, capability.rests_on, days = days, months = months).to_string());
                    if months < 6 {
                        notes.push(t_string!(i18n, capability.rests_on_little, months = months).to_string());
                    }
                }
                _ => notes.push(t_string!(i18n, capability.rests_on_nothing).to_owned()),
            }
            notes.push(match team.season_years {
                Some(years) => t_string!(i18n, capability.season_known, years = years).to_string(),
                None => t_string!(i18n, capability.season_unknown).to_owned(),
            });
            match team.people_differ {
                Some(true) => notes.push(t_string!(i18n, capability.differ).to_owned()),
                Some(false) => notes.push(t_string!(i18n, capability.differ_not).to_owned()),
                None => {}
            }
            if team.target_periods == 0 {
                notes.push(t_string!(i18n, capability.no_targets).to_owned());
            }
            notes
        })
        .into_iter()
        .map(|note| view! { <li>{note}</li> })
        .collect_view()
    };
    let mean = team.with_value(|team| team.mean);
    view! {
        <section class="card w5">
            <header>
                <h2>{t!(i18n, capability.total)}</h2>
            </header>
            <p class="row wrap base">
                <b class="figure l" data-figure="capacity" data-minor=after.0 title=move || money.full(after)>
                    {move || money.of(after)}
                </b>
                <span class="sm muted" hidden=change.0 == 0>
                    {move || t_string!(i18n, capability.tried).to_owned()} " " {move || money.change(change)}
                </span>
            </p>
            <p class="sm muted">{interval}</p>
            <dl class="lines">
                <div>
                    <dt title=t!(i18n, capability.headcount_hint)>{t!(i18n, capability.headcount)}</dt>
                    <dd>
                        {move || {
                            t_string!(i18n, capability.headcount_from_to, from = people.0.clone(), to = people.1.clone()).to_string()
                        }}
                    </dd>
                </div>
                {mean
                    .map(|mean| {
                        view! {
                            <div>
                                <dt>{t!(i18n, capability.mean)}</dt>
                                <dd data-figure="mean" data-minor=mean.0>{move || money.of(mean)}</dd>
                            </div>
                        }
                    })}
                {target
                    .map(|target| {
                        view! {
                            <div>
                                <dt>{t!(i18n, capability.target)}</dt>
                                <dd data-figure="target" data-minor=target.0>{move || money.of(target)}</dd>
                            </div>
                        }
                    })}
            </dl>
            <p>{move || against().join(t_string!(i18n, capability.space))}</p>
            <ul class="sm muted">{notes}</ul>
        </section>
    }
}
