//! `/api/v1/versions/{version}/rows/{row}/lines`: what a row of a version and those below it are to bring of each line.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::format::Lang;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::rows::{
    LineAnswer, LineCell, LineRow, MOST_ROWS, NewRowLine, RowFault, RowLines, SeenLine,
};
use domain::money::{Currency, Minor};
use domain::plan::{NodeIndex, PeriodIndex};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// By what, and how much of it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `product`, `category`, `channel` or `account`; left out, the first there is data of.
    #[param(example = "product")]
    by: Option<String>,
    /// How many of the rows below, at most 1,000; left out, as many.
    #[param(minimum = 0, maximum = 1_000)]
    most: Option<u32>,
    /// In which period, from 0 in the order of the plan; left out, over the whole plan.
    period: Option<u16>,
}

/// A line of a row that is to be set, or given up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLine {
    /// The line: the id of the product, category, channel or account; empty for what has none, `rest` for everything else.
    key: String,
    /// In which period, from 0 in the order of the plan: the line over the whole plan and the row's number of the period stay. Null or
    /// left out: over the whole plan.
    period: Option<u16>,
    /// In minor units; null or left out: it is given up, and follows from the history again.
    amount: Option<i64>,
    /// Why.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// What was set when the caller looked, in minor units: where something else is set now, it is refused and not overwritten.
    seen: Option<i64>,
    /// The same where nothing was set. With neither it is not compared.
    #[serde(default)]
    seen_free: bool,
}

/// A row and those below it by lines. Amounts are in minor units.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct RowsByLine {
    /// ISO 4217 code; null where nothing is listed.
    #[schema(example = "CNY")]
    currency: Option<String>,
    /// `product`, `category`, `channel` or `account`; null where there is no data of any, and nothing is listed.
    by: Option<&'static str>,
    /// What else there is data of, this one among it.
    known: Vec<&'static str>,
    /// The number of the last command that the amounts are of.
    head: u64,
    /// Whether the caller may set lines here.
    may_edit: bool,
    /// The lines in order; amounts of rows come in the same order.
    lines: Vec<LineNamed>,
    /// The row itself, then those below it.
    rows: Vec<RowByLine>,
    /// How many more there are below.
    more: u64,
    /// What was set and cannot be met, at most 20.
    unmet: Vec<UnmetLineOf>,
    /// How much more cannot be met.
    more_unmet: u64,
}

/// A line.
#[derive(Serialize, ToSchema)]
struct LineNamed {
    key: String,
    /// Empty for the rest and for what bears none.
    name: String,
}

/// A row by lines.
#[derive(Serialize, ToSchema)]
struct RowByLine {
    /// Its number in the version.
    row: u32,
    name: String,
    total: i64,
    /// They sum to the total.
    amounts: Vec<AmountOfLine>,
}

/// How much of a row is to come from a line.
#[derive(Serialize, ToSchema)]
struct AmountOfLine {
    amount: i64,
    /// What somebody set; null where it follows from the history. Another amount where that cannot be met.
    set: Option<i64>,
    /// Who set it.
    set_by: Option<String>,
    /// Why.
    reason: Option<String>,
}

/// Something that was set and cannot be met.
#[derive(Serialize, ToSchema)]
struct UnmetLineOf {
    /// The row; null where it is of the lines of the whole.
    row: Option<u32>,
    /// The line; null where it is of the lines of the whole.
    key: Option<String>,
    /// The period, from 0 in the order of the plan; null where it is over the whole plan.
    period: Option<u16>,
    set: Option<i64>,
    /// What goes with everything else.
    fits: Option<i64>,
    /// What is wrong and what would mend it, in Chinese.
    message_zh: String,
    /// The same in English.
    message_en: String,
}

/// The lines of a row
#[utoipa::path(
    get,
    path = "/versions/{version}/rows/{row}/lines",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it; 0 is the whole."),
        Which,
    ),
    responses(
        (status = 200, description = "The row and those below it by lines.", body = RowsByLine),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, row or period, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    asked: Result<Query<Which>, QueryRejection>,
) -> Result<Json<RowsByLine>, ApiError> {
    let Query(Which { by, most, period }) = asked.map_err(|rejection| not_understood(&rejection))?;
    let by = match by {
        Some(name) => Some(LineBy::parse(&name).ok_or_else(unknown_dimension)?),
        None => None,
    };
    let most = most.unwrap_or(MOST_ROWS);
    let place = (NodeIndex(row), period.map(PeriodIndex));
    let found = state
        .operations
        .row_lines_in(&scope, VersionId(version), place, by, most)
        .await?;
    Ok(Json(found.map(RowsByLine::from).unwrap_or_default()))
}

/// Set a line of a row of a draft, or give it up
///
/// The other lines of the row and the same line of the rows beside it give and take; what is set stays. In a period, the row's other
/// lines of the period and the other periods of the line do.
#[utoipa::path(
    put,
    path = "/versions/{version}/rows/{row}/lines/{by}",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it; not 0, the whole."),
        ("by" = String, Path, description = "`product`, `category`, `channel` or `account`."),
    ),
    request_body = NewLine,
    responses(
        (status = 204, description = "It is set, or given up."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, row, period or dimension, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, or the line cannot be met: it says by how much, or something else was set since the caller looked.", body = ErrorBody),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row, by)): Path<(Uuid, u32, String)>,
    wanted: Result<Json<NewLine>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let by = LineBy::parse(&by).ok_or_else(ApiError::nothing)?;
    let NewLine {
        key,
        period,
        amount,
        reason,
        seen,
        seen_free,
    } = read(wanted)?;
    let seen = seen_line(seen, seen_free);
    let period = period.map(PeriodIndex);
    let (version, node) = (VersionId(version), NodeIndex(row));
    let answer = match amount {
        Some(amount) => {
            let new = NewRowLine {
                node,
                by,
                key,
                period,
                amount: Minor(amount),
                reason,
                seen,
            };
            state.operations.set_row_line(&scope, version, new).await?
        }
        None => {
            state
                .operations
                .free_row_line(&scope, version, (node, period), (by, key.as_str()), seen)
                .await?
        }
    };
    match answer {
        LineAnswer::Done => Ok(StatusCode::NO_CONTENT),
        LineAnswer::Changed(changed) => {
            let (zh, en) = (changed.words(Lang::ZhCn), changed.words(Lang::En));
            Err(Error::conflict("row_line_changed", zh, en).into())
        }
    }
}

/// What the caller saw of a line.
pub(super) fn seen_line(seen: Option<i64>, seen_free: bool) -> SeenLine {
    match seen {
        Some(amount) => SeenLine::Set(Minor(amount)),
        None if seen_free => SeenLine::Free,
        None => SeenLine::Any,
    }
}

fn unknown_dimension() -> Error {
    let names = LineBy::ALL.map(LineBy::as_str);
    Error::invalid_field(
        "unknown_dimension",
        "by",
        format!("by 可以是 {}。", names.join("、")),
        format!("by is one of {}.", names.join(", ")),
    )
}

fn not_understood(rejection: &QueryRejection) -> Error {
    Error::invalid(
        "parameters",
        "参数读不懂：可用 by、most（行数）和 period（周期的序号，从 0 起），没有别的参数。",
        format!(
            "Parameters are not understood: by, most (a number of rows) and period (the place of a period, from 0) are \
             possible ({rejection})."
        ),
    )
}

impl From<RowLines> for RowsByLine {
    fn from(found: RowLines) -> Self {
        let lines = found.columns.into_iter().map(|head| LineNamed {
            key: head.key,
            name: head.name,
        });
        let rows = std::iter::once(found.row).chain(found.below);
        let faults = found.faults.iter().map(|of| fault(of, &found.currency));
        Self {
            by: Some(found.by.as_str()),
            known: found.known.iter().map(|by| by.as_str()).collect(),
            head: found.head,
            may_edit: found.may_edit,
            lines: lines.collect(),
            rows: rows.map(RowByLine::from).collect(),
            more: found.more,
            unmet: faults.collect(),
            more_unmet: found.more_faults,
            currency: Some(found.currency.code),
        }
    }
}

fn fault(fault: &RowFault, currency: &Currency) -> UnmetLineOf {
    let line = match fault {
        RowFault::Whole(_) => None,
        RowFault::Line(line) => Some(line),
    };
    UnmetLineOf {
        row: line.map(|line| line.node.0),
        key: line.map(|line| line.key.clone()),
        period: line.and_then(|line| Some(line.period.as_ref()?.at.0)),
        set: line.map(|line| line.set.0),
        fits: line.map(|line| line.fits.0),
        message_zh: fault.words(Lang::ZhCn, currency),
        message_en: fault.words(Lang::En, currency),
    }
}

impl From<LineRow> for RowByLine {
    fn from(row: LineRow) -> Self {
        Self {
            row: row.node.0,
            name: row.name,
            total: row.total.0,
            amounts: row.cells.into_iter().map(AmountOfLine::from).collect(),
        }
    }
}

impl From<LineCell> for AmountOfLine {
    fn from(cell: LineCell) -> Self {
        let (set, set_by, reason) = match cell.set {
            Some(set) => (Some(set.amount.0), Some(set.by), set.reason),
            None => (None, None, None),
        };
        Self {
            amount: cell.amount.0,
            set,
            set_by,
            reason,
        }
    }
}
