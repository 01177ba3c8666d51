//! `/api/v1/versions/{version}/row-lines/{by}`: several lines of rows of a draft set together, as a pasted block of them.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use domain::format::Lang;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::rows::LineAnswer;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use operations::{Error, WantedLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::refused;
use super::row_lines::seen_line;
use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Lines that are set together, at most 200.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLines {
    lines: Vec<NewLineOfRow>,
}

/// A line of a row that is to be set, or given up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLineOfRow {
    /// The row, as the rows of the version name it; not 0, the whole.
    row: u32,
    /// The line: the id of the product, category, channel or account; empty for what has none, `rest` for everything else.
    key: String,
    /// In which period, from 0 in the order of the plan: the line over the whole plan and the row's number of the period stay. Null or
    /// left out: over the whole plan.
    period: Option<u16>,
    /// In minor units; null or left out: it is given up, and follows from the history again.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
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

/// What became of lines that were to be set.
#[derive(Serialize, ToSchema)]
pub(super) struct LinesDone {
    /// How many are as they were wanted.
    done: u64,
    /// How many are not.
    refused: u64,
    /// Each, in the order in which they were sent.
    lines: Vec<LineDone>,
}

/// What became of a line.
#[derive(Serialize, ToSchema)]
struct LineDone {
    row: u32,
    key: String,
    /// Null: over the whole plan.
    period: Option<u16>,
    done: bool,
    /// Why it is not; null where it is.
    refused: Option<LineRefused>,
}

/// Why a line is not as it was wanted.
#[derive(Serialize, ToSchema)]
struct LineRefused {
    /// For programs, `snake_case`; `row_line_changed` where something else was set since the caller looked.
    code: String,
    /// What is wrong and what would mend it, in Chinese.
    message_zh: String,
    /// The same in English.
    message_en: String,
}

/// Set several lines of rows of a draft, or give them up
///
/// One after the other, each decided on what was set before it: what one is refused for does not hold up the others, and is told of
/// it. What makes no sense as a block (a text in an amount, a line named twice) is refused as a whole, and nothing is set. Sent again
/// as it was, because its answer was lost, each is done once.
#[utoipa::path(
    put,
    path = "/versions/{version}/row-lines/{by}",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("by" = String, Path, description = "`product`, `category`, `channel` or `account`."),
    ),
    request_body = NewLines,
    responses(
        (status = 200, description = "What became of each, also where some or all are refused.", body = LinesDone),
        (status = 400, description = "The body is not understood, there are too many, one is named twice, or an amount is out of range; nothing is set.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or dimension, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft.", body = ErrorBody),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, by)): Path<(Uuid, String)>,
    wanted: Result<Json<NewLines>, JsonRejection>,
) -> Result<Json<LinesDone>, ApiError> {
    state.operations.may_plan(&scope)?;
    let by = LineBy::parse(&by).ok_or_else(ApiError::nothing)?;
    let NewLines { lines } = read(wanted)?;
    let places: Vec<Named> = lines
        .iter()
        .map(|line| (line.row, line.key.clone(), line.period))
        .collect();
    let wanted = lines.into_iter().map(|line| WantedLine {
        node: NodeIndex(line.row),
        key: line.key,
        period: line.period.map(PeriodIndex),
        amount: line.amount.map(Minor),
        reason: line.reason,
        seen: seen_line(line.seen, line.seen_free),
    });
    let answers = state
        .operations
        .set_row_lines(&scope, VersionId(version), by, wanted.collect())
        .await?;
    let lines: Vec<LineDone> = places
        .into_iter()
        .zip(answers)
        .map(|(named, answer)| line(named, answer))
        .collect();
    let done = lines.iter().filter(|line| line.done).count();
    Ok(Json(LinesDone {
        done: done as u64,
        refused: (lines.len() - done) as u64,
        lines,
    }))
}

/// The row, the line and the period of what was wanted.
type Named = (u32, String, Option<u16>);

fn line((row, key, period): Named, answer: Result<LineAnswer, Error>) -> LineDone {
    let why = match answer {
        Ok(LineAnswer::Done) => None,
        Ok(LineAnswer::Changed(changed)) => Some(LineRefused {
            code: "row_line_changed".to_owned(),
            message_zh: changed.words(Lang::ZhCn),
            message_en: changed.words(Lang::En),
        }),
        Err(error) => {
            let (code, words) = refused(error);
            Some(LineRefused {
                code,
                message_zh: words.zh,
                message_en: words.en,
            })
        }
    };
    LineDone {
        row,
        key,
        period,
        done: why.is_none(),
        refused: why,
    }
}
