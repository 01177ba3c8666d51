//! The target number: for which period, how much, beside what was done before; and the plans there are.

use domain::access::Permission;
use domain::calendar::PeriodKind;
use domain::format;
use domain::money::{AmountError, Minor};
use domain::people::actor;
use domain::target::{NewPlan, PlanRow, TotalError, VersionRow, VersionStatus, parse_total};
use domain::track::{Horizon, Horizons};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::reserved::may;
use crate::set::SetTabs;
use crate::split;
use crate::ui::{
    Button, ButtonKind, Choice, ErrorView, Field, FieldKind, Segment, Select, Skeleton, Standing, Tag,
    TagKind, Toast, use_toasts, words_of,
};
use crate::wire::fetch;
use crate::words::{lang, t, t_string, use_i18n};
use crate::workbook::ExportLink;

/// The metric that targets are set for.
const BOOKINGS: &str = "bookings";

/// Every plan with its versions.
#[server(prefix = "/api/app", endpoint = "target/plans", input = server_fn::codec::Json)]
pub async fn load_plans() -> Result<Vec<PlanRow>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.plans(&scope).await)
}

/// The periods a target can be set for, with what was done before.
#[server(prefix = "/api/app", endpoint = "target/horizons", input = server_fn::codec::Json)]
pub async fn load_horizons() -> Result<Horizons, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.horizons(&scope).await)
}

/// Makes a plan with its first draft.
#[server(prefix = "/api/app", endpoint = "target/create", input = server_fn::codec::Json)]
pub async fn create_plan(plan: NewPlan) -> Result<domain::target::Made, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.create_plan(&scope, plan).await)
}

lazy_page!(TargetPage, page, part = work, needs = EditPlan);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let plans = fetch(move || live.plans.get(), |_| load_plans());
    let horizons = fetch(
        move || (live.facts.get(), live.business_date.get()),
        |_| load_horizons(),
    );
    view! {
        <Title text=t!(i18n, target.title) />
        <header class="head">
            <h1>{t!(i18n, target.title)}</h1>
        </header>
        <SetTabs current="target" />
        <div class="content">
            <div class="cards">
                <Transition fallback=|| view! { <Skeleton /> }>
                    {move || Suspend::new(async move {
                        match horizons.await {
                            Ok(horizons) => view! { <NewTarget horizons=horizons /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        }
                    })}
                </Transition>
                <Transition fallback=|| view! { <Skeleton /> }>
                    {move || Suspend::new(async move {
                        match plans.await {
                            Ok(plans) => view! { <Plans plans=plans /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
        </div>
    }
}

/// The form: period, columns, number.
#[component]
fn NewTarget(horizons: Horizons) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let Horizons { currency, periods } = horizons;
    let currency = StoredValue::new(currency);
    let chosen = RwSignal::new(
        periods
            .first()
            .map(|horizon| horizon.period.name.clone())
            .unwrap_or_default(),
    );
    let periods = StoredValue::new(periods);
    let choices = Signal::derive(move || {
        periods.with_value(|periods| {
            periods
                .iter()
                .map(|horizon| {
                    Choice::new(
                        horizon.period.name.clone(),
                        format::period(&horizon.period, lang(i18n.get_locale())),
                    )
                })
                .collect::<Vec<_>>()
        })
    });
    let horizon = move || {
        chosen.with(|chosen| {
            periods.with_value(|periods| {
                periods
                    .iter()
                    .find(|horizon| horizon.period.name == *chosen)
                    .cloned()
            })
        })
    };
    let columns = RwSignal::new(PeriodKind::Month);
    let column_choices = Signal::derive(move || {
        vec![
            Choice::new("month", t_string!(i18n, target.columns_month)),
            Choice::new("quarter", t_string!(i18n, target.columns_quarter)),
        ]
    });
    let total = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let typed = move || total.with(|text| currency.with_value(|currency| parse_total(text, currency)));
    let amount = move || typed().ok();
    let wrong = move || match typed() {
        Ok(_) | Err(TotalError::Amount(AmountError::Empty)) => None,
        Err(TotalError::Amount(AmountError::NotANumber)) => {
            Some(t_string!(i18n, target.total_bad, text = total.get()).to_string())
        }
        Err(error) => Some(error.words(lang(i18n.get_locale()))),
    };
    let busy = RwSignal::new(false);
    let create = move |_| {
        let (Some(horizon), Some(total)) = (horizon(), amount()) else {
            return;
        };
        let name = name.get_untracked();
        let plan = NewPlan {
            metric: BOOKINGS.to_owned(),
            from: horizon.period.start,
            to: horizon.period.end,
            period_kind: columns.get_untracked(),
            total,
            name: (!name.trim().is_empty()).then(|| name.trim().to_owned()),
        };
        busy.set(true);
        spawn_local(async move {
            match create_plan(plan).await {
                Ok(made) => navigate.with_value(|navigate| {
                    navigate(&split::address(made.version), NavigateOptions::default());
                }),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, target.new),
                    words_of(&error, i18n),
                )),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="card w5">
            <header><h2>{t!(i18n, target.new)}</h2></header>
            <div class="stack">
                <Select
                    label=t!(i18n, target.period)
                    name="period"
                    choices=choices
                    value=chosen
                    on_pick=Callback::new(move |period| chosen.set(period))
                />
                <Field
                    label=t!(i18n, target.total)
                    name="total"
                    kind=FieldKind::Number
                    bind=total
                    hint=t!(i18n, target.total_hint)
                    error=Signal::derive(wrong)
                />
                {move || horizon().map(|horizon| view! { <Comparison horizon=horizon currency=currency.get_value() amount=Signal::derive(amount) /> })}
                <div class="fld">
                    <span>{t!(i18n, target.columns)}</span>
                    <Segment
                        label=t!(i18n, target.columns)
                        choices=column_choices
                        value=Signal::derive(move || columns.get().as_str().to_owned())
                        on_pick=Callback::new(move |kind: String| columns.set(PeriodKind::parse(&kind).unwrap_or(PeriodKind::Month)))
                    />
                </div>
                <Field label=t!(i18n, target.name) name="plan-name" bind=name />
                <Button kind=ButtonKind::Primary busy=busy disabled=Signal::derive(move || amount().is_none()) on:click=create>
                    {t!(i18n, target.create)}
                </Button>
            </div>
        </section>
    }
}

/// What was done before, and by how much the number exceeds it.
#[component]
fn Comparison(
    horizon: Horizon,
    currency: domain::money::Currency,
    amount: Signal<Option<Minor>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let line = move |before: Option<Minor>| {
        let figure = move || match before {
            Some(before) => {
                currency.with_value(|currency| format::compact(before, currency, lang(i18n.get_locale())))
            }
            None => t_string!(i18n, target.none).to_owned(),
        };
        let growth = move || {
            let (before, now) = (before.filter(|before| before.0 > 0)?, amount.get()?);
            Some(format::percent_change(now.0 as f64 / before.0 as f64 - 1.0))
        };
        (figure, growth)
    };
    let (last_year, last_year_growth) = line(horizon.last_year);
    let (previous, previous_growth) = line(horizon.previous);
    view! {
        <dl class="lines">
            <div>
                <dt>{t!(i18n, target.last_year)}</dt>
                <dd data-figure="last-year" data-minor=horizon.last_year.map(|amount| amount.0)>{last_year} " " <b>{last_year_growth}</b></dd>
            </div>
            <div>
                <dt>{t!(i18n, target.previous)}</dt>
                <dd data-figure="previous" data-minor=horizon.previous.map(|amount| amount.0)>{previous} " " <b>{previous_growth}</b></dd>
            </div>
        </dl>
    }
}

/// The plans with their versions, the latest first.
#[component]
fn Plans(plans: Vec<PlanRow>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card w7">
            <header><h2>{t!(i18n, target.plans)}</h2></header>
            {plans.is_empty().then(|| view! { <p class="muted">{t!(i18n, target.plans_empty)}</p> })}
            <ul class="plans">
                {plans
                    .into_iter()
                    .map(|plan| {
                        view! {
                            <li>
                                <p class="row wrap">
                                    <b>{plan.name}</b>
                                    {plan.imported.then(|| view! { <Tag>{t!(i18n, target.imported)}</Tag> })}
                                </p>
                                <ul>{plan.versions.into_iter().map(|version| view! { <Version version=version /> }).collect_view()}</ul>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Version(version: VersionRow) -> impl IntoView {
    let i18n = use_i18n();
    let number = version.number;
    let state = match version.status {
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
        if let (Some(by), Some(at_ms)) = (&version.published_by, version.published_at_ms) {
            t_string!(
                i18n,
                target.published_by,
                by = actor(by, lang).to_owned(),
                when = moment(at_ms, lang)
            )
            .to_string()
        } else {
            let when = moment(version.created_at_ms, lang);
            t_string!(
                i18n,
                target.created_by,
                by = actor(&version.created_by, lang).to_owned(),
                when = when
            )
            .to_string()
        }
    };
    view! {
        <li class="row wrap">
            <a href=split::address(version.id)>{t!(i18n, target.version, number = number)}</a>
            {state}
            <span class="sm muted">{said}</span>
            {may(Permission::ReadPeople).then(|| view! { <ExportLink version=version.id /> })}
        </li>
    }
}
