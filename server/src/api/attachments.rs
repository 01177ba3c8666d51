//! `/api/v1/attachments`: files beside an entry, in and out.

use axum::Json;
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::outlook::MAX_FILE_BYTES;
use operations::{Error, Received, clock};
use serde::Serialize;
use tokio::io::{AsyncWriteExt, BufWriter};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Bytes of an upload written to disk at once.
const WRITE_BYTES: usize = 256 << 10;

/// A file to send.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form")]
pub(super) struct Report {
    /// PDF, Word, Excel, `PowerPoint`, CSV, text, PNG or JPEG; at most 20 MB.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// A file that was taken in.
#[derive(Serialize, ToSchema)]
pub(super) struct Attached {
    /// Its id: what an entry names it by.
    id: Uuid,
    /// What it is called.
    name: String,
    /// How large it is.
    bytes: u64,
}

/// Take a file in
///
/// Name it in an entry within a day; a file that nothing refers to is deleted then.
#[utoipa::path(
    post,
    path = "/attachments",
    tag = "outlook",
    request_body(content_type = "multipart/form-data", content = Report),
    responses(
        (status = 201, description = "It was taken in.", body = Attached),
        (status = 400, description = "There is no file, it is too large, or none of the types that are taken.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(scope): Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Attached>), ApiError> {
    // Who may not is not told how it is asked for.
    state.operations.may_attach(&scope)?;
    let mut form = form.map_err(|_| no_file())?;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let folder = state.operations.attachment_folder();
        let waiting = Waiting::receive(field, &folder).await?;
        let file = state.operations.attach(&scope, waiting.received.clone()).await?;
        let answer = Attached {
            id: file.id.0,
            name: file.name,
            bytes: file.bytes,
        };
        return Ok((StatusCode::CREATED, Json(answer)));
    }
    Err(no_file().into())
}

/// A file beside an entry
#[utoipa::path(
    get,
    path = "/attachments/{attachment}",
    tag = "outlook",
    params(("attachment" = Uuid, Path, description = "The file.")),
    responses(
        (status = 200, description = "The file, to be saved.", content_type = "application/octet-stream", body = String),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such file, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.parse().map_err(|_| Error::NotFound("attachment"))?;
    let opened = state.operations.attachment(&scope, id).await?;
    // Reports are small enough to be read at once, and what is read is whole.
    let bytes = tokio::fs::read(&opened.path)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound("attachment"),
            _ => Error::Internal(format!("a file cannot be read: {error}")),
        })?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(opened.media_type));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let disposition = HeaderValue::from_str(&disposition(&opened.file.name))
        .unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok((headers, Body::from(bytes)).into_response())
}

/// To be saved under a name in any script (RFC 6266, RFC 8187), and never shown.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' | ' ' => letter,
            _ => '_',
        })
        .collect();
    let mut coded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            coded += &format!("%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

/// A file on disk that no row knows yet. It is deleted with this value, so that neither a refused file nor a caller who breaks
/// off leaves anything behind.
struct Waiting {
    received: Received,
}

impl Waiting {
    /// Writes a file to disk, piece by piece.
    async fn receive(mut field: Field<'_>, folder: &std::path::Path) -> Result<Self, Error> {
        let name = field.file_name().unwrap_or("file").to_owned();
        let disk = |error: std::io::Error| Error::Internal(format!("an upload cannot be written: {error}"));
        tokio::fs::create_dir_all(folder).await.map_err(disk)?;
        let waiting = Self {
            received: Received {
                name,
                path: folder.join(format!("upload-{}", clock::new_id())),
            },
        };
        let file = tokio::fs::File::create(&waiting.received.path)
            .await
            .map_err(disk)?;
        let mut file = BufWriter::with_capacity(WRITE_BYTES, file);
        let mut left = MAX_FILE_BYTES;
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
            left = left.checked_sub(piece.len() as u64).ok_or_else(too_large)?;
            file.write_all(&piece).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        Ok(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // What was taken in lies elsewhere by now.
        if let Err(error) = std::fs::remove_file(&self.received.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.received.path.display(), %error, "a part of an upload stays behind");
        }
    }
}

fn no_file() -> Error {
    Error::invalid_field(
        "no_file",
        "file",
        "没有文件。请用 multipart 字段 file 上传。",
        "There is no file: send it as the multipart field `file`.",
    )
}

fn too_large() -> Error {
    Error::invalid_field(
        "too_large",
        "file",
        "文件太大：最多 20 MB。",
        "The file is too large: at most 20 MB.",
    )
}

fn broken(_: &MultipartError) -> Error {
    Error::invalid(
        "broken_upload",
        "上传中断或格式不对，请再试一次。",
        "The upload broke off or is malformed; try again.",
    )
}
