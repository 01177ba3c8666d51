//! `GET /api/v1/me/targets` and `GET /api/v1/members/{member}/targets`: what somebody's numbers were on a day.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::calendar::Day;
use domain::explain::StepKind;
use domain::format::Lang;
use domain::id::MemberId;
use domain::number_on as known;
use domain::reason;
use domain::target::Confirmation;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OnDay {
    /// The day; what was on record at its end counts, by the organization's clocks. Left out, the business date.
    #[param(example = "2027-05-01", format = Date)]
    on: Option<String>,
}

/// The numbers somebody carried on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct NumbersOnDay {
    /// The day.
    #[schema(example = "2027-05-01")]
    on: String,
    /// One for each row of each version that was on record.
    numbers: Vec<NumberOnDay>,
}

/// A number as it was on record.
#[derive(Serialize, ToSchema)]
struct NumberOnDay {
    /// What the plan is called.
    plan: String,
    /// The version that was on record.
    version: Uuid,
    /// Its number, from 1.
    number: u32,
    /// The metric.
    #[schema(example = "bookings")]
    metric: String,
    /// ISO 4217 code of the currency of the amounts.
    #[schema(example = "CNY")]
    currency: String,
    /// What the unit or person is called.
    name: String,
    /// Whether it is a unit's number.
    is_unit: bool,
    /// Over the periods, in minor units.
    total: i64,
    /// By the periods the version was on record for.
    periods: Vec<PeriodOnDay>,
    /// `open`, `confirmed` or `countered` by then.
    #[schema(example = "confirmed")]
    confirmation: &'static str,
    /// When the version was published, milliseconds since 1970-01-01 UTC.
    published_at_ms: i64,
    published_by: String,
    /// Why it was that number: steps that sum to it.
    why: Vec<StepOnDay>,
}

/// A number in a period.
#[derive(Serialize, ToSchema)]
struct PeriodOnDay {
    /// Its name.
    #[schema(example = "2027-Q2")]
    period: String,
    /// In minor units.
    amount: i64,
}

/// A step to a number.
#[derive(Serialize, ToSchema)]
struct StepOnDay {
    /// What it adds, in minor units; negative where it takes.
    amount: i64,
    /// `start`, `basis`, `unweighted`, `factor`, `hedge`, `rounding`, `bounds`, `absence`, `proposal` or `change`.
    #[schema(example = "change")]
    kind: &'static str,
    /// Why, in Chinese where the program itself gave the reason; what somebody wrote stands as they wrote it.
    reason_zh: Option<String>,
    /// The same in English.
    reason_en: Option<String>,
    /// Who changed it.
    by: Option<String>,
}

/// The caller's own numbers on a day
///
/// Of plans that were not over on that day: the own number and those of units the caller led.
#[utoipa::path(
    get,
    path = "/me/targets",
    tag = "me",
    params(OnDay),
    responses(
        (status = 200, description = "The numbers; none where nothing was on record.", body = NumbersOnDay),
        (status = 400, description = "The day is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn own(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<OnDay>, QueryRejection>,
) -> Result<Json<NumbersOnDay>, ApiError> {
    let today = state.operations.business_date(&scope).await?;
    let numbers = state
        .operations
        .own_numbers_on(&scope, day(asked, today)?)
        .await?;
    Ok(Json(numbers.into()))
}

/// Somebody's numbers on a day
#[utoipa::path(
    get,
    path = "/members/{member}/targets",
    tag = "me",
    params(("member" = Uuid, Path, description = "The member."), OnDay),
    responses(
        (status = 200, description = "The numbers; none where nothing was on record.", body = NumbersOnDay),
        (status = 400, description = "The day is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such member, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn of_member(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(member): Path<Uuid>,
    asked: Result<Query<OnDay>, QueryRejection>,
) -> Result<Json<NumbersOnDay>, ApiError> {
    let today = state.operations.business_date(&scope).await?;
    let numbers = state
        .operations
        .numbers_of_member_on(&scope, MemberId(member), day(asked, today)?)
        .await?;
    Ok(Json(numbers.into()))
}

fn day(asked: Result<Query<OnDay>, QueryRejection>, today: Day) -> Result<Day, Error> {
    let wrong = || {
        Error::invalid_field(
            "day",
            "on",
            "on 应是日期，例如 2027-05-01，没有别的参数。",
            "on must be a day such as 2027-05-01; there is no other parameter.",
        )
    };
    let Query(OnDay { on }) = asked.map_err(|_| wrong())?;
    match on {
        Some(text) => Day::parse_iso(&text).ok_or_else(wrong),
        None => Ok(today),
    }
}

impl From<known::NumbersOn> for NumbersOnDay {
    fn from(found: known::NumbersOn) -> Self {
        Self {
            on: found.day.to_string(),
            numbers: found.numbers.into_iter().map(NumberOnDay::from).collect(),
        }
    }
}

impl From<known::NumberOn> for NumberOnDay {
    fn from(found: known::NumberOn) -> Self {
        let confirmation = match found.confirmation {
            Confirmation::Open => "open",
            Confirmation::Confirmed { .. } => "confirmed",
            Confirmation::Countered { .. } => "countered",
        };
        let people = found.why.people;
        let currency = &found.currency;
        let steps = found.why.explanation.steps.into_iter();
        let why = steps.map(|step| {
            let (stored, by) = match &step.kind {
                StepKind::Change { reason, author, .. } => (reason.as_deref(), people.get(author).cloned()),
                _ => (None, None),
            };
            let told = |lang: Lang| stored.map(|stored| reason::words(stored, lang, currency));
            StepOnDay {
                amount: step.amount.0,
                kind: word(&step.kind),
                reason_zh: told(Lang::ZhCn),
                reason_en: told(Lang::En),
                by,
            }
        });
        Self {
            why: why.collect(),
            plan: found.plan_name,
            version: found.version.0,
            number: found.number,
            metric: found.metric,
            currency: found.currency.code,
            name: found.name,
            is_unit: !found.of.is_member(),
            total: found.total.0,
            periods: found
                .periods
                .into_iter()
                .map(|of| PeriodOnDay {
                    period: of.period.name,
                    amount: of.amount.0,
                })
                .collect(),
            confirmation,
            published_at_ms: found.published_at_ms,
            published_by: found.published_by,
        }
    }
}

/// The wire name of a step.
fn word(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Start => "start",
        StepKind::Basis { .. } => "basis",
        StepKind::Unweighted { .. } => "unweighted",
        StepKind::Factor { .. } => "factor",
        StepKind::Hedge { .. } => "hedge",
        StepKind::Rounding { .. } => "rounding",
        StepKind::Bounds { .. } => "bounds",
        StepKind::Absence { .. } => "absence",
        StepKind::Proposal { .. } => "proposal",
        StepKind::Change { .. } => "change",
        StepKind::Done => "done",
        StepKind::Below { .. } => "below",
        StepKind::Others { .. } => "others",
        StepKind::OnRecord { .. } => "on_record",
        StepKind::Line { .. } => "line",
        StepKind::LineSet { .. } => "line_set",
    }
}
