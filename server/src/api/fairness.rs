//! `/api/v1/versions/{version}/fairness` and `/api/v1/fairness/limits`: how fair a version is, what warns and what blocks
//! publishing.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::fairness::{self as known, Kind, Measure, Severity};
use domain::format::Lang;
use domain::id::VersionId;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// How fair a version is, as far as the caller sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionFairness {
    version: Uuid,
    /// Whether a limit keeps it from being published without a stated reason of an owner.
    blocks: bool,
    /// All of it, or the parts that the caller sees.
    parts: Vec<FairnessPart>,
}

/// A part of a version that is judged by itself.
#[derive(Serialize, ToSchema)]
struct FairnessPart {
    /// The topmost row, by its place in the whole version.
    row: u32,
    name: String,
    /// Whether it is all of the version.
    whole: bool,
    /// How high targets lie: `out_of_reach`, `too_high`, `right`, `too_low` or `unclear`; null where nothing can be said.
    #[schema(value_type = Option<String>, example = "right")]
    level: Option<known::Level>,
    /// How evenly they press: `excellent`, `fair`, `uneven` or `unclear`; null where nothing can be said.
    #[schema(value_type = Option<String>, example = "fair")]
    spread: Option<known::Spread>,
    /// Each figure beside its limits; of a whole version only, as limits are.
    figures: Vec<FairnessFigure>,
    /// What was found, the gravest first.
    findings: Vec<FairnessFinding>,
    /// People of whom nothing can be said: they are new and without history.
    not_judged: u64,
}

/// A figure beside its limits, in millionths.
#[derive(Serialize, ToSchema)]
struct FairnessFigure {
    /// `reached`, `gini`, `padding`, `hopeless` or `whole`.
    #[schema(example = "reached")]
    measure: &'static str,
    label_zh: &'static str,
    label_en: &'static str,
    /// Null where it cannot be told.
    value_ppm: Option<i64>,
    warn_ppm: Option<u32>,
    block_ppm: Option<u32>,
    /// Whether a limit is the least that is right; otherwise it is the most.
    at_least: bool,
    /// `warn` or `block`, where it is beyond that; null where it is within both, or cannot be told.
    #[schema(value_type = Option<String>, example = "warn")]
    beyond: Option<Severity>,
}

/// Something that was found.
#[derive(Serialize, ToSchema)]
struct FairnessFinding {
    /// `notice`, `warn` or `block`.
    #[schema(value_type = String, example = "warn")]
    severity: Severity,
    /// What, with its numbers.
    #[schema(value_type = Object)]
    what: Kind,
    label_zh: &'static str,
    label_en: &'static str,
    /// How many people it concerns; 0 where it concerns all.
    people: u64,
    /// The first of them by name.
    names: Vec<String>,
}

/// What warns and what blocks publishing, one for each measure.
#[derive(Serialize, ToSchema)]
pub(super) struct FairnessLimits {
    limits: Vec<FairnessLimit>,
    /// By how much the rows below a row may exceed it, in millionths: more is refused.
    #[schema(example = 500_000)]
    hedge_ppm: u32,
}

/// Limits to be chosen; of measures that are left out, the usual ones hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChosenLimits {
    limits: Vec<FairnessLimit>,
    /// By how much the rows below a row may exceed it, in millionths; left out, it stays as it is. Only an owner raises it.
    #[schema(maximum = 1_000_000)]
    hedge_ppm: Option<u32>,
}

/// The limits of a measure, in millionths; null for none.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FairnessLimit {
    /// `reached`, `gini`, `padding`, `hopeless` or `whole`.
    #[schema(example = "reached")]
    measure: String,
    /// What is beyond it is warned of.
    #[schema(maximum = 10_000_000)]
    warn_ppm: Option<u32>,
    /// What is beyond it is not published without a stated reason.
    #[schema(maximum = 10_000_000)]
    block_ppm: Option<u32>,
}

/// How fair a version is
///
/// Judged by what each person can be expected to do, and held against the limits of the organization. Who leads a part is told
/// of that part.
#[utoipa::path(
    get,
    path = "/versions/{version}/fairness",
    tag = "fairness",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "Verdicts, figures beside their limits, and findings.", body = VersionFairness),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn of_version(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<VersionFairness>, ApiError> {
    let parts = state.operations.fairness_of(&scope, VersionId(version)).await?;
    Ok(Json(VersionFairness {
        version,
        blocks: parts.iter().any(known::Checked::blocks),
        parts: parts.into_iter().map(FairnessPart::from).collect(),
    }))
}

/// What warns and what blocks publishing
#[utoipa::path(
    get,
    path = "/fairness/limits",
    tag = "fairness",
    responses(
        (status = 200, description = "The limits that hold, of every plan.", body = FairnessLimits),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get_limits(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<FairnessLimits>, ApiError> {
    let limits = state.operations.fairness_limits(&scope).await?;
    let limits = limits.list().iter().map(|limit| FairnessLimit {
        measure: limit.measure.as_str().to_owned(),
        warn_ppm: limit.warn_ppm,
        block_ppm: limit.block_ppm,
    });
    Ok(Json(FairnessLimits {
        limits: limits.collect(),
        hedge_ppm: state.operations.hedge_limit(&scope).await?,
    }))
}

/// Choose what warns and what blocks publishing
///
/// Of measures that are left out the usual limits hold. What blocks is loosened by an owner only.
#[utoipa::path(
    put,
    path = "/fairness/limits",
    tag = "fairness",
    request_body = ChosenLimits,
    responses(
        (status = 204, description = "They hold, for every plan."),
        (status = 400, description = "No such measure, a limit or the bound of over-assignment out of range, or one that blocks before it warns.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
        (status = 409, description = "A limit that blocks would be loosened, or the bound of over-assignment raised, which only an owner does.", body = ErrorBody),
    )
)]
pub(super) async fn set_limits(
    State(state): State<AppState>,
    Caller(scope): Caller,
    chosen: Result<Json<ChosenLimits>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let ChosenLimits { limits, hedge_ppm } = read(chosen)?;
    let limits: Vec<known::Limit> = limits
        .into_iter()
        .map(|limit| {
            Ok(known::Limit {
                measure: Measure::parse(&limit.measure).ok_or_else(|| no_measure(&limit.measure))?,
                warn_ppm: limit.warn_ppm,
                block_ppm: limit.block_ppm,
            })
        })
        .collect::<Result<_, Error>>()?;
    state.operations.set_limits(&scope, limits, hedge_ppm).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn no_measure(name: &str) -> Error {
    let names = Measure::ALL.map(Measure::as_str);
    Error::invalid_field(
        "unknown_measure",
        "measure",
        format!("没有指标“{name}”。可用：{}。", names.join("、")),
        format!("There is no measure \"{name}\"; there are {}.", names.join(", ")),
    )
}

impl From<known::Checked> for FairnessPart {
    fn from(part: known::Checked) -> Self {
        Self {
            row: part.row.0,
            name: part.name,
            whole: part.whole,
            level: part.verdicts.map(|(level, _)| level),
            spread: part.verdicts.map(|(_, spread)| spread),
            figures: part.measured.into_iter().map(FairnessFigure::from).collect(),
            findings: part.findings.into_iter().map(FairnessFinding::from).collect(),
            not_judged: part.unknown,
        }
    }
}

impl From<known::Measured> for FairnessFigure {
    fn from(measured: known::Measured) -> Self {
        Self {
            measure: measured.measure.as_str(),
            label_zh: measured.measure.label(Lang::ZhCn),
            label_en: measured.measure.label(Lang::En),
            value_ppm: measured.value_ppm,
            warn_ppm: measured.warn_ppm,
            block_ppm: measured.block_ppm,
            at_least: measured.measure.is_least(),
            beyond: measured.beyond,
        }
    }
}

impl From<known::Found> for FairnessFinding {
    fn from(found: known::Found) -> Self {
        Self {
            severity: found.severity,
            label_zh: found.kind.label(Lang::ZhCn),
            label_en: found.kind.label(Lang::En),
            people: found.count,
            names: found.names,
            what: found.kind,
        }
    }
}
