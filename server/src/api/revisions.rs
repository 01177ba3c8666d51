//! `/api/v1/revisions`: what calls for a published plan to be adjusted, the rules that ask, and opening a revision.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::format::Lang;
use domain::id::{RevisionId, VersionId};
use domain::revision::{self as known, Begin, RuleKind};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// What is proposed, and by which rules.
#[derive(Serialize, ToSchema)]
pub(super) struct Revisions {
    /// What is proposed and neither opened nor put aside.
    proposals: Vec<Proposal>,
    rules: Vec<RevisionRule>,
    /// Published versions that can be adjusted, the latest first.
    published: Vec<Adjustable>,
}

/// A revision that is proposed.
#[derive(Serialize, ToSchema)]
struct Proposal {
    id: Uuid,
    /// The published version.
    version: Uuid,
    /// What its plan is called.
    plan: String,
    number: u32,
    /// `month_end`, `quarter_end`, `half_end`, `pace` or `factor`.
    #[schema(example = "pace")]
    rule: Option<&'static str>,
    /// The same in words.
    cause: String,
    /// What the periods that are left begin with where no other way is chosen: `outlook`, `make_up` or `make_up_teams`.
    #[schema(example = "make_up")]
    begin: &'static str,
    /// When it was proposed, milliseconds since 1970-01-01 UTC.
    at_ms: i64,
}

/// A rule.
#[derive(Serialize, ToSchema)]
struct RevisionRule {
    /// `month_end`, `quarter_end`, `half_end`: a month, a quarter or half a year of the plan is over, by its own periods; told of
    /// where a published plan has such ends, or the rule is on. `pace`: what is done is off from what is expected by today.
    /// `factor`: a market factor was entered for days of the plan after it was published.
    #[schema(example = "pace")]
    rule: &'static str,
    enabled: bool,
    /// How far off the pace may be, in millionths; of no meaning for the other rules.
    threshold_ppm: u32,
}

/// A published version.
#[derive(Serialize, ToSchema)]
struct Adjustable {
    version: Uuid,
    name: String,
}

/// How a rule is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ruling {
    enabled: bool,
    /// How far off the pace may be, in millionths; left out, a tenth.
    #[schema(minimum = 10_000, maximum = 900_000)]
    threshold_ppm: Option<u32>,
}

/// Why a plan is adjusted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    /// What proposed it; left out, a person decided so.
    proposal: Option<Uuid>,
    /// Needed where nothing proposed it.
    #[schema(max_length = 1000)]
    reason: Option<String>,
    /// What the periods that are left begin with. `outlook`: what is booked and expected. `make_up`: the target of the whole
    /// stays, and what is missing of it is spread again over everybody. `make_up_teams`: the same within each team. Left out,
    /// what the proposal says; `outlook` where a person decided.
    #[schema(example = "make_up")]
    begin: Option<String>,
}

/// The draft that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Opened {
    pub(super) plan: Uuid,
    pub(super) version: Uuid,
}

/// What is proposed, and the rules
#[utoipa::path(
    get,
    path = "/revisions",
    tag = "revisions",
    responses(
        (status = 200, description = "Proposals, rules, and what can be adjusted.", body = Revisions),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Revisions>, ApiError> {
    Ok(Json(state.operations.revisions(&scope).await?.into()))
}

/// Choose a rule
///
/// One that is on is asked at once, and every day.
#[utoipa::path(
    put,
    path = "/revisions/rules/{rule}",
    tag = "revisions",
    params(("rule" = String, Path, description = "`month_end`, `quarter_end`, `half_end`, `pace` or `factor`.", example = "pace")),
    request_body = Ruling,
    responses(
        (status = 204, description = "It holds."),
        (status = 400, description = "No such rule, or a threshold out of bounds.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn set_rule(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(rule): Path<String>,
    ruling: Result<Json<Ruling>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let kind = RuleKind::parse(&rule).ok_or_else(|| {
        Error::invalid_field(
            "unknown_rule",
            "rule",
            "规则只有 month_end、quarter_end、half_end、pace 和 factor。",
            "The rules are month_end, quarter_end, half_end, pace and factor.",
        )
    })?;
    let Ruling {
        enabled,
        threshold_ppm,
    } = read(ruling)?;
    let usual = known::Rule::usual(kind);
    let rule = known::Rule {
        kind,
        enabled,
        threshold_ppm: threshold_ppm.unwrap_or(usual.threshold_ppm),
    };
    state.operations.set_revision_rule(&scope, rule).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open a revision of a published version
///
/// A new draft: the periods that are over are what was booked, held, and the others begin as asked.
#[utoipa::path(
    post,
    path = "/versions/{version}/revision",
    tag = "revisions",
    params(("version" = Uuid, Path, description = "The published version.")),
    request_body = Opening,
    responses(
        (status = 201, description = "The draft was made.", body = Opened),
        (status = 400, description = "No reason, or no way to begin.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or proposal, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It is not on record, all its periods are over, or what is missing has no place.", body = ErrorBody),
    )
)]
pub(super) async fn open(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    opening: Result<Json<Opening>, JsonRejection>,
) -> Result<(StatusCode, Json<Opened>), ApiError> {
    state.operations.may_plan(&scope)?;
    let Opening {
        proposal,
        reason,
        begin,
    } = read(opening)?;
    let proposal = proposal.map(RevisionId);
    let begin = match (begin, proposal) {
        (Some(begin), _) => Begin::parse(&begin).ok_or_else(|| {
            Error::invalid_field(
                "unknown_begin",
                "begin",
                "起点只有 outlook、make_up 和 make_up_teams。",
                "A revision begins with outlook, make_up or make_up_teams.",
            )
        })?,
        (None, Some(proposal)) => state.operations.begin_of_proposal(&scope, proposal).await?,
        (None, None) => Begin::default(),
    };
    let made = state
        .operations
        .open_revision(&scope, VersionId(version), proposal, reason.as_deref(), begin)
        .await?;
    let opened = Opened {
        plan: made.plan.0,
        version: made.version.0,
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Put a proposal aside
///
/// Its cause does not come again.
#[utoipa::path(
    post,
    path = "/revisions/{revision}/dismiss",
    tag = "revisions",
    params(("revision" = Uuid, Path, description = "The proposal.")),
    responses(
        (status = 204, description = "It is put aside."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such proposal, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn dismiss(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(revision): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state
        .operations
        .put_revision_aside(&scope, RevisionId(revision))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<known::Revisions> for Revisions {
    fn from(found: known::Revisions) -> Self {
        let proposal = |proposal: known::Proposal| Proposal {
            id: proposal.id.0,
            version: proposal.version.0,
            plan: proposal.plan,
            number: proposal.number,
            rule: proposal.cause.rule().map(RuleKind::as_str),
            cause: proposal.cause.words(Lang::En),
            begin: proposal.cause.begin().as_str(),
            at_ms: proposal.at_ms,
        };
        let rule = |rule: known::Rule| RevisionRule {
            rule: rule.kind.as_str(),
            enabled: rule.enabled,
            threshold_ppm: rule.threshold_ppm,
        };
        let adjustable = |(version, name): (VersionId, String)| Adjustable {
            version: version.0,
            name,
        };
        Self {
            proposals: found.proposals.into_iter().map(proposal).collect(),
            rules: found.rules.into_iter().map(rule).collect(),
            published: found.published.into_iter().map(adjustable).collect(),
        }
    }
}
