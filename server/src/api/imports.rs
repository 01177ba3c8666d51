//! `/api/v1/imports`: files in, how far they are, what came of them.

mod form;

use std::collections::BTreeMap;
use std::path::Path;

use axum::Json;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Path as Address, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::format::Lang;
use domain::id::ImportId;
use domain::import::{Kind, Options, View};
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Error, clock};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::prefers_chinese;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The most bytes of one upload, all files together.
const MOST_BYTES: u64 = 1 << 30;
/// The most bytes of a field that is no file.
const MOST_FIELD_BYTES: usize = 1 << 20;
/// Files of one upload.
const MOST_FILES: usize = 20;

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
    let folder = state.files.as_path();
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
    let read = read(form, folder, &mut wanted).await;
    let started = match read {
        Ok(()) if wanted.uploads.is_empty() => Err(Error::invalid_field(
            "no_file",
            "file",
            "没有文件。请用 multipart 字段 file 上传。",
            "There is no file: send it as the multipart field `file`.",
        )),
        Ok(()) => state.operations.start_import(&scope, wanted.clone()).await,
        Err(error) => Err(error),
    };
    match started {
        Ok(view) => Ok((
            StatusCode::ACCEPTED,
            Json(Accepted {
                id: view.id.0,
                status: view.status.as_str(),
            }),
        )),
        Err(error) => {
            for upload in &wanted.uploads {
                // What is already gone needs no removing.
                drop(tokio::fs::remove_file(&upload.path).await);
            }
            Err(error.into())
        }
    }
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

/// Reads the parts of the form; files go to disk as they come.
async fn read(mut form: Multipart, folder: &Path, wanted: &mut NewImport) -> Result<(), Error> {
    let mut left = MOST_BYTES;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "file" => {
                if wanted.uploads.len() >= MOST_FILES {
                    return Err(Error::invalid_field(
                        "too_many_files",
                        "file",
                        format!("一次最多 {MOST_FILES} 个文件。"),
                        format!("At most {MOST_FILES} files at once."),
                    ));
                }
                let upload = store(field, folder, &mut left, wanted).await?;
                wanted.uploads.push(upload);
            }
            "kind" => {
                let name = text(field, "kind").await?;
                wanted.kind = Some(Kind::parse(name.trim()).ok_or_else(|| unknown_kind(&name))?);
            }
            "mapping" => wanted.mapping = json(&text(field, "mapping").await?, "mapping")?,
            "options" => wanted.options = options(&text(field, "options").await?)?,
            other => {
                return Err(Error::invalid_field(
                    "unknown_field",
                    other,
                    format!("没有字段“{other}”。可用：kind、file、mapping、options。"),
                    format!("There is no field \"{other}\"; the fields are kind, file, mapping, options."),
                ));
            }
        }
    }
    Ok(())
}

/// Writes a file to disk, piece by piece.
async fn store(
    mut field: Field<'_>,
    folder: &Path,
    left: &mut u64,
    wanted: &mut NewImport,
) -> Result<Upload, Error> {
    let name = field
        .file_name()
        .map_or_else(|| "upload".to_owned(), |name| name.chars().take(200).collect());
    let path = folder.join(format!("upload-{}", clock::new_id()));
    let disk = |error: std::io::Error| Error::Internal(format!("an upload cannot be written: {error}"));
    tokio::fs::create_dir_all(folder).await.map_err(disk)?;
    let mut file = tokio::fs::File::create(&path).await.map_err(disk)?;
    let upload = Upload {
        name,
        path,
        custody: Custody::Ours,
    };
    loop {
        let piece = match field.chunk().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(error) => {
                wanted.uploads.push(upload);
                return Err(broken(error));
            }
        };
        let size = piece.len() as u64;
        if size > *left {
            wanted.uploads.push(upload);
            return Err(Error::invalid_field(
                "too_large",
                "file",
                "文件太大：一次最多 1 GB。请拆成几个文件。",
                "The files are too large: at most 1 GB at once. Split them.",
            ));
        }
        *left -= size;
        if let Err(error) = file.write_all(&piece).await {
            wanted.uploads.push(upload);
            return Err(disk(error));
        }
    }
    file.flush().await.map_err(disk)?;
    Ok(upload)
}

/// A field that is no file.
async fn text(mut field: Field<'_>, name: &str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        if bytes.len() + piece.len() > MOST_FIELD_BYTES {
            return Err(malformed(name));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| malformed(name))
}

fn json<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| malformed(name))
}

/// The options; one that does not exist is named.
fn options(text: &str) -> Result<Options, Error> {
    let value: serde_json::Map<String, serde_json::Value> = json(text, "options")?;
    if let Err(error) = Options::check_names(value.keys().map(String::as_str)) {
        return Err(Error::invalid_field(
            "unknown_option",
            "options",
            error.words(Lang::ZhCn),
            error.words(Lang::En),
        ));
    }
    let reads = |name: &str, value: &serde_json::Value| {
        let alone = serde_json::Map::from_iter([(name.to_owned(), value.clone())]);
        serde_json::from_value::<Options>(alone.into()).is_ok()
    };
    let wrong = value.iter().find(|(name, value)| !reads(name, value));
    let (name, given) = wrong.map_or((String::new(), String::new()), |(name, value)| {
        (name.clone(), value.to_string())
    });
    serde_json::from_value(value.clone().into()).map_err(|error| {
        Error::invalid_field(
            "options",
            "options",
            format!("选项 {name} 的值不对：{given}。"),
            format!("The value of the option {name} is wrong: {given} ({error})."),
        )
    })
}

fn unknown_kind(name: &str) -> Error {
    let kinds = Kind::ALL.map(Kind::as_str).join(", ");
    Error::invalid_field(
        "unknown_kind",
        "kind",
        format!("没有内容类型“{name}”。可用：{kinds}。"),
        format!("There is no kind \"{name}\"; the kinds are {kinds}."),
    )
}

fn malformed(name: &str) -> Error {
    Error::invalid_field(
        "malformed",
        name,
        format!("字段 {name} 的格式不对。"),
        format!("The field {name} is malformed."),
    )
}

fn broken(_: MultipartError) -> Error {
    Error::invalid(
        "broken_upload",
        "上传中断或格式不对，请再试一次。",
        "The upload broke off or is malformed; try again.",
    )
}
