//! `/api/v1/imports`: files in, how far they are, what came of them.

mod form;
pub(super) mod upload;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::multipart::Multipart;
use axum::extract::{Path as Address, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::format::Lang;
use domain::id::ImportId;
use domain::import::{Options, View};
use operations::Error;
use operations::import::{NewImport, Origin};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use self::upload::Received;
use super::error::prefers_chinese;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// An import that was accepted.
#[derive(Serialize, ToSchema)]
pub(super) struct Accepted {
    /// Its id: ask `GET /api/v1/imports/{id}` how it stands.
    id: Uuid,
    /// `queued` or `running`.
    #[schema(example = "queued")]
    status: &'static str,
}

/// An import as it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Standing {
    /// Its id.
    id: Uuid,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    #[schema(example = "done")]
    status: &'static str,
    /// Rows by outcome.
    counts: Counts,
    /// Rows in all; 0 while unknown.
    total: u64,
    /// The first problems of each file.
    errors: Vec<Problem>,
    /// Each file with its mapping, findings and control totals.
    #[schema(value_type = Vec<Object>)]
    files: Vec<domain::import::FileView>,
    /// Where targets are, or would be: a plan's version for each metric and fiscal year, a draft or published.
    #[schema(value_type = Vec<Object>)]
    targets: Vec<domain::import::Landing>,
}

/// Rows by outcome.
#[derive(Serialize, ToSchema)]
struct Counts {
    read: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
}

/// What is wrong with a cell, a row or a file.
#[derive(Serialize, ToSchema)]
struct Problem {
    /// Name of the file; empty where no single one is at fault.
    file: String,
    /// The row, the heading being 1; none where the whole file is at fault.
    row: Option<u64>,
    /// The heading of the column.
    column: Option<String>,
    /// The text of the cell.
    value: String,
    /// What is wrong, in the caller's language.
    reason: String,
    /// What was probably meant.
    suggestion: Option<String>,
}

/// Take files in
///
/// The answer comes at once; ask for the import by its id how it stands.
///
/// Targets become the plan of record of their fiscal years, unless that replaced a plan that people published: then, and with
/// `"publish": false`, they become a draft; with `"publish": true` they replace it.
#[utoipa::path(
    post,
    path = "/imports",
    tag = "imports",
    request_body(content_type = "multipart/form-data", content = form::Upload),
    responses(
        (status = 202, description = "The files were taken in; the work goes on.", body = Accepted),
        (status = 400, description = "A field or an option is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(scope): Caller,
    headers: HeaderMap,
    form: Multipart,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    state.operations.may_import(&scope)?;
    let origin = if headers.contains_key(header::COOKIE) {
        Origin::Page
    } else {
        Origin::Api
    };
    let mut wanted = NewImport {
        uploads: Vec::new(),
        kind: None,
        mapping: BTreeMap::new(),
        options: Options::default(),
        origin,
    };
    let mut received = Received::new(state.operations.import_folder());
    received.read(form, &mut wanted).await?;
    if received.files().is_empty() {
        return Err(Error::invalid_field(
            "no_file",
            "file",
            "没有文件。请用 multipart 字段 file 上传。",
            "There is no file: send it as the multipart field `file`.",
        )
        .into());
    }
    // A task of its own: whoever leaves now does not leave an import behind that was noted and never begun.
    let started = tokio::spawn(async move {
        wanted.uploads = received.files().to_vec();
        let view = state.operations.start_import(&scope, wanted).await?;
        received.hand_over();
        Ok::<View, Error>(view)
    });
    let view = started
        .await
        .map_err(|error| Error::Internal(format!("an import cannot be started: {error}")))??;
    Ok((
        StatusCode::ACCEPTED,
        Json(Accepted {
            id: view.id.0,
            status: view.status.as_str(),
        }),
    ))
}

/// How an import stands
#[utoipa::path(
    get,
    path = "/imports/{id}",
    tag = "imports",
    params(("id" = Uuid, Path, description = "The import.")),
    responses(
        (status = 200, description = "How it stands.", body = Standing),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such import.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    headers: HeaderMap,
    Address(id): Address<String>,
) -> Result<Json<Standing>, ApiError> {
    let view = state.operations.import(&scope, parse(&id)?).await?;
    Ok(Json(standing(view, lang(&headers))))
}

/// Stop an import; nothing of it is written
#[utoipa::path(
    post,
    path = "/imports/{id}/cancel",
    tag = "imports",
    params(("id" = Uuid, Path, description = "The import.")),
    responses(
        (status = 200, description = "It stops.", body = Standing),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such import.", body = ErrorBody),
        (status = 409, description = "It is at its end already.", body = ErrorBody),
    )
)]
pub(super) async fn cancel(
    State(state): State<AppState>,
    Caller(scope): Caller,
    headers: HeaderMap,
    Address(id): Address<String>,
) -> Result<Json<Standing>, ApiError> {
    let view = state.operations.cancel_import(&scope, parse(&id)?).await?;
    Ok(Json(standing(view, lang(&headers))))
}

/// Take a whole import back
#[utoipa::path(
    post,
    path = "/imports/{id}/undo",
    tag = "imports",
    params(("id" = Uuid, Path, description = "The import.")),
    responses(
        (status = 202, description = "The undo runs as an import of its own.", body = Accepted),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such import.", body = ErrorBody),
        (status = 409, description = "It cannot be taken back now.", body = ErrorBody),
    )
)]
pub(super) async fn undo(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Address(id): Address<String>,
) -> Result<(StatusCode, Json<Accepted>), ApiError> {
    let view = state.operations.undo_import(&scope, parse(&id)?).await?;
    Ok((
        StatusCode::ACCEPTED,
        Json(Accepted {
            id: view.id.0,
            status: view.status.as_str(),
        }),
    ))
}

/// The rows that were not taken over, as CSV
#[utoipa::path(
    get,
    path = "/imports/{id}/errors.csv",
    tag = "imports",
    params(("id" = Uuid, Path, description = "The import.")),
    responses(
        (status = 200, description = "UTF-8 with byte order mark; the rows with what is wrong.", content_type = "text/csv", body = String),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such import.", body = ErrorBody),
    )
)]
pub(super) async fn errors(
    State(state): State<AppState>,
    Caller(scope): Caller,
    headers: HeaderMap,
    Address(id): Address<String>,
) -> Result<Response, ApiError> {
    let csv = state
        .operations
        .import_errors(&scope, parse(&id)?, lang(&headers))
        .await?;
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"errors.csv\"");
    Ok(([kind, name], csv).into_response())
}

/// The id in an address; what is none names nothing.
fn parse(id: &str) -> Result<ImportId, ApiError> {
    id.parse().map_err(|_| Error::NotFound("import").into())
}

fn lang(headers: &HeaderMap) -> Lang {
    if prefers_chinese(headers) {
        Lang::ZhCn
    } else {
        Lang::En
    }
}

fn standing(view: View, lang: Lang) -> Standing {
    let mut errors = Vec::new();
    for file in &view.files {
        if let Some(problem) = &file.problem {
            errors.push(Problem {
                file: file.name.clone(),
                row: None,
                column: None,
                value: String::new(),
                reason: problem.words(lang),
                suggestion: None,
            });
        }
        for problem in file.mapping.iter().flat_map(|mapping| &mapping.problems) {
            errors.push(Problem {
                file: file.name.clone(),
                row: None,
                column: None,
                value: String::new(),
                reason: problem.words(lang),
                suggestion: None,
            });
        }
        for problem in file.report.iter().flat_map(|report| &report.problems) {
            errors.push(Problem {
                file: file.name.clone(),
                row: Some(problem.row),
                column: problem.column.clone(),
                value: problem.value.clone(),
                reason: problem.words(lang),
                suggestion: problem
                    .suggestion
                    .as_ref()
                    .map(|suggestion| suggestion.value.clone()),
            });
        }
    }
    if let (Some(failure), true) = (view.failure, errors.is_empty()) {
        errors.push(Problem {
            file: String::new(),
            row: None,
            column: None,
            value: String::new(),
            reason: failure.words(lang).to_owned(),
            suggestion: None,
        });
    }
    let counts = view.counts;
    Standing {
        id: view.id.0,
        status: view.status.as_str(),
        counts: Counts {
            read: counts.read,
            created: counts.created,
            updated: counts.updated,
            unchanged: counts.unchanged,
            rejected: counts.rejected,
        },
        total: view.total,
        errors,
        files: view.files,
        targets: view.targets,
    }
}
