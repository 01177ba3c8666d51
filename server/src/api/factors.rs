//! `/api/v1/factors`: market factors of a planning.

mod things;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::calendar::Day;
use domain::id::FactorId;
use domain::money::Minor;
use domain::outlook as known;
use domain::target::Span;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::outlook::Planned;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

pub(super) use things::{__path_things, things};

/// A market factor as it is entered. It has a `percent` or an `amount`, and a `source`, a `link` or an `attachment`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorEntry {
    /// What kind of thing changes.
    kind: FactorKind,
    /// What people call it.
    #[schema(example = "Subsidy", max_length = 120)]
    name: String,
    /// The unit it is about; the whole without one.
    unit: Option<Uuid>,
    /// The product category it is about; without a category, product or channel everything that is sold there. Of the three
    /// at most one can be given. It then changes that part of what is expected which the thing had of the last twelve months.
    category: Option<Uuid>,
    /// The product it is about.
    product: Option<Uuid>,
    /// The channel it is about.
    channel: Option<Uuid>,
    /// Its first day.
    #[schema(format = Date, example = "2027-03-01")]
    from: String,
    /// The day after its last.
    #[schema(format = Date, example = "2028-01-01")]
    to: String,
    /// What it changes of what is expected in its days, in hundredths of a per cent: 350 is +3.5 %.
    #[schema(minimum = -10_000, maximum = 100_000)]
    percent: Option<i32>,
    /// What it changes over all of its days, in minor units.
    amount: Option<i64>,
    /// How much of that counts, in per cent.
    #[schema(maximum = 100)]
    weight: u8,
    /// Where it is known from.
    #[serde(default)]
    #[schema(max_length = 500)]
    source: String,
    /// A page that says so.
    #[schema(max_length = 2000)]
    link: Option<String>,
    /// A report that says so, as `POST /attachments` answered it.
    attachment: Option<Uuid>,
}

/// What kind of thing changes.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FactorKind {
    IndustryGrowth,
    Competitor,
    CustomerDemand,
    Policy,
    Price,
    NewProduct,
    Channel,
}

/// A market factor.
#[derive(Serialize, ToSchema)]
pub(super) struct Factor {
    /// Its id.
    id: Uuid,
    kind: FactorKind,
    name: String,
    /// The unit it is about; the whole without one.
    unit: Option<Uuid>,
    /// The product category it is about.
    category: Option<Uuid>,
    /// The product it is about.
    product: Option<Uuid>,
    /// The channel it is about.
    channel: Option<Uuid>,
    /// What that is called.
    of_name: Option<String>,
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: String,
    percent: Option<i32>,
    amount: Option<i64>,
    weight: u8,
    source: String,
    link: Option<String>,
    /// The report: ask for it by `GET /attachments/{id}`.
    attachment: Option<Uuid>,
    /// The report's name.
    attachment_name: Option<String>,
    /// Who entered it, or changed it last.
    author: String,
    /// When, milliseconds since the epoch.
    at_ms: i64,
}

/// The market factors of a planning
#[utoipa::path(
    get,
    path = "/factors",
    tag = "outlook",
    params(Planned),
    responses(
        (status = 200, description = "The factors, oldest first.", body = Vec<Factor>),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
    planned: Result<Query<Planned>, QueryRejection>,
) -> Result<Json<Vec<Factor>>, ApiError> {
    state.operations.may_read_outlook(&scope)?;
    let list = state
        .operations
        .factors(&scope, &Planned::query(planned)?)
        .await?;
    Ok(Json(list.factors.into_iter().map(Factor::from).collect()))
}

/// Enter a market factor
///
/// Its effect is in the next outlook. Refused where the version is frozen.
#[utoipa::path(
    post,
    path = "/factors",
    tag = "outlook",
    params(Planned),
    request_body = FactorEntry,
    responses(
        (status = 201, description = "It was entered.", body = Factor),
        (status = 400, description = "Something is wrong with it.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, unit, category, product, channel or report, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen.", body = ErrorBody),
    )
)]
pub(super) async fn add(
    State(state): State<AppState>,
    Caller(scope): Caller,
    planned: Result<Query<Planned>, QueryRejection>,
    entry: Result<Json<FactorEntry>, JsonRejection>,
) -> Result<(StatusCode, Json<Factor>), ApiError> {
    // Who may not is not told how it is asked for.
    state.operations.may_attach(&scope)?;
    let entry = read(entry)?;
    let factor = state
        .operations
        .add_factor(&scope, &Planned::query(planned)?, entry)
        .await?;
    Ok((StatusCode::CREATED, Json(factor.into())))
}

/// Change a market factor
#[utoipa::path(
    put,
    path = "/factors/{factor}",
    tag = "outlook",
    params(("factor" = Uuid, Path, description = "The factor."), Planned),
    request_body = FactorEntry,
    responses(
        (status = 200, description = "It was changed.", body = Factor),
        (status = 400, description = "Something is wrong with it.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such factor, or nothing it is said to be about, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen.", body = ErrorBody),
    )
)]
pub(super) async fn edit(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<String>,
    planned: Result<Query<Planned>, QueryRejection>,
    entry: Result<Json<FactorEntry>, JsonRejection>,
) -> Result<Json<Factor>, ApiError> {
    state.operations.may_attach(&scope)?;
    let entry = read(entry)?;
    let factor = state
        .operations
        .edit_factor(&scope, &Planned::query(planned)?, parse(&id)?, entry)
        .await?;
    Ok(Json(factor.into()))
}

/// Take a market factor out
#[utoipa::path(
    delete,
    path = "/factors/{factor}",
    tag = "outlook",
    params(("factor" = Uuid, Path, description = "The factor."), Planned),
    responses(
        (status = 204, description = "It is out."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such factor, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen.", body = ErrorBody),
    )
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<String>,
    planned: Result<Query<Planned>, QueryRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_attach(&scope)?;
    state
        .operations
        .remove_factor(&scope, &Planned::query(planned)?, parse(&id)?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The id in an address; what is none names nothing.
fn parse(id: &str) -> Result<FactorId, Error> {
    id.parse().map_err(|_| Error::NotFound("factor"))
}

fn read(entry: Result<Json<FactorEntry>, JsonRejection>) -> Result<known::NewFactor, Error> {
    let Json(entry) = entry.map_err(|rejection| {
        Error::invalid(
            "body",
            "请求内容读不懂：需要 kind、name、from、to、weight，以及 percent 或 amount。",
            format!(
                "The body is not understood: kind, name, from, to, weight, and percent or amount are needed ({rejection})."
            ),
        )
    })?;
    let effect = match (entry.percent, entry.amount) {
        (Some(hundredths), None) => known::Effect::Percent { hundredths },
        (None, Some(amount)) => known::Effect::Money {
            amount: Minor(amount),
        },
        _ => {
            return Err(Error::invalid_field(
                "effect",
                "percent",
                "percent 和 amount 须填且只填一个。",
                "Give either percent or amount.",
            ));
        }
    };
    let named = [
        entry.category.map(|id| known::Thing::Category(id.into())),
        entry.product.map(|id| known::Thing::Product(id.into())),
        entry.channel.map(|id| known::Thing::Channel(id.into())),
    ];
    let mut named = named.into_iter().flatten();
    let of = named.next();
    if named.next().is_some() {
        return Err(Error::invalid_field(
            "one_thing",
            "product",
            "category、product 和 channel 最多填一个。",
            "Give at most one of category, product and channel.",
        ));
    }
    Ok(known::NewFactor {
        kind: entry.kind.into(),
        name: entry.name,
        unit: entry.unit.map(Into::into),
        of,
        span: Span {
            starts_on: day(&entry.from, "from")?,
            ends_on: day(&entry.to, "to")?,
        },
        effect,
        weight: entry.weight,
        source: entry.source,
        link: entry.link,
        attachment: entry.attachment.map(Into::into),
    })
}

pub(super) fn day(text: &str, name: &str) -> Result<Day, Error> {
    Day::parse_iso(text).ok_or_else(|| {
        Error::invalid_field(
            "day",
            name,
            format!("{name} 应是日期，例如 2027-03-01，而不是“{text}”。"),
            format!("{name} must be a day such as 2027-03-01, not \"{text}\"."),
        )
    })
}

impl From<known::Factor> for Factor {
    fn from(factor: known::Factor) -> Self {
        let entry = factor.entry;
        let (percent, amount) = match entry.effect {
            known::Effect::Percent { hundredths } => (Some(hundredths), None),
            known::Effect::Money { amount } => (None, Some(amount.0)),
        };
        let of = |kind| entry.of.filter(|of| of.kind() == kind).map(known::Thing::id);
        Self {
            id: factor.id.0,
            kind: entry.kind.into(),
            name: entry.name,
            unit: entry.unit.map(|unit| unit.0),
            category: of(known::ThingKind::Category),
            product: of(known::ThingKind::Product),
            channel: of(known::ThingKind::Channel),
            of_name: entry.of.map(|_| factor.of_name),
            from: entry.span.starts_on.to_string(),
            to: entry.span.ends_on.to_string(),
            percent,
            amount,
            weight: entry.weight,
            source: entry.source,
            link: entry.link,
            attachment: entry.attachment.map(|id| id.0),
            attachment_name: factor.attached.map(|file| file.name),
            author: factor.author,
            at_ms: factor.at_ms,
        }
    }
}

impl From<FactorKind> for known::FactorKind {
    fn from(kind: FactorKind) -> Self {
        match kind {
            FactorKind::IndustryGrowth => Self::IndustryGrowth,
            FactorKind::Competitor => Self::Competitor,
            FactorKind::CustomerDemand => Self::CustomerDemand,
            FactorKind::Policy => Self::Policy,
            FactorKind::Price => Self::Price,
            FactorKind::NewProduct => Self::NewProduct,
            FactorKind::Channel => Self::Channel,
        }
    }
}

impl From<known::FactorKind> for FactorKind {
    fn from(kind: known::FactorKind) -> Self {
        match kind {
            known::FactorKind::IndustryGrowth => Self::IndustryGrowth,
            known::FactorKind::Competitor => Self::Competitor,
            known::FactorKind::CustomerDemand => Self::CustomerDemand,
            known::FactorKind::Policy => Self::Policy,
            known::FactorKind::Price => Self::Price,
            known::FactorKind::NewProduct => Self::NewProduct,
            known::FactorKind::Channel => Self::Channel,
        }
    }
}
