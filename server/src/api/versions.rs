//! `/api/v1/versions`: a version of a plan as a workbook, out and back.

use axum::Json;
use axum::extract::multipart::Multipart;
use axum::extract::{Path as Address, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::format::Lang;
use domain::id::VersionId;
use domain::workbook::{Blanks, Comparison};
use operations::{Error, Returned};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::error::prefers_chinese;
use super::imports::upload::{Received, broken, text};
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The most bytes of a workbook that comes back.
const MOST_BYTES: u64 = 64 << 20;

/// How it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The language of its headings, `zh-CN` or `en`; by default the caller's.
    #[param(example = "zh-CN", pattern = "^(zh-CN|en)$")]
    lang: Option<String>,
}

/// The multipart form of a workbook; it is read part by part, so nothing is made of this.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
pub(super) struct Form {
    /// A workbook that was exported here and changed.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What a blank amount means: `keep`, the default, leaves what there is; `zero` makes it nothing.
    #[schema(pattern = "^(keep|zero)$")]
    blanks: Option<String>,
}

/// A version of a plan as a workbook
///
/// Numbers are numbers, units and totals are formulas over what lies below, and hidden marks tell later what was changed.
#[utoipa::path(
    get,
    path = "/versions/{version}/export.xlsx",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version."), Asked),
    responses(
        (status = 200, description = "The workbook.", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn export(
    State(state): State<AppState>,
    Caller(scope): Caller,
    headers: HeaderMap,
    Address(version): Address<String>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(asked) = asked.map_err(|_| unknown_language())?;
    let lang = match asked.lang.as_deref() {
        None if prefers_chinese(&headers) => Lang::ZhCn,
        None => Lang::En,
        Some(name) => Lang::ALL
            .into_iter()
            .find(|lang| lang.tag() == name)
            .ok_or_else(unknown_language)?,
    };
    let export = state
        .operations
        .export_version(&scope, parse(&version)?, lang)
        .await?;
    let kind = HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let mut answer = export.bytes.into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    let attached = format!(
        "attachment; filename=\"plan.xlsx\"; filename*=UTF-8''{}",
        percent(&export.name)
    );
    if let Ok(attached) = HeaderValue::from_str(&attached) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, attached);
    }
    Ok(answer)
}

/// What a changed workbook would change in a draft
///
/// Nothing is written. Only what was changed in the workbook counts; what others changed in the draft since stays.
#[utoipa::path(
    post,
    path = "/versions/{version}/workbook",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The draft.")),
    request_body(content_type = "multipart/form-data", content = Form),
    responses(
        (status = 200, description = "The differences: what can be taken over, what cannot and why, what else is to be known.", body = Object),
        (status = 400, description = "The file is no plan that was exported here, or of another one.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version for this caller.", body = ErrorBody),
        (status = 409, description = "The version does not change any more.", body = ErrorBody),
    )
)]
pub(super) async fn compare(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Address(version): Address<String>,
    mut form: Multipart,
) -> Result<Json<Comparison>, ApiError> {
    let version = parse(&version)?;
    // Whoever may not plan is refused before a file is read.
    state.operations.may_edit_plans(&scope)?;
    let mut received = Received::new(state.operations.import_folder());
    let mut blanks = Blanks::Keep;
    let mut left = MOST_BYTES;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "file" if received.files().is_empty() => received.receive(field, &mut left).await?,
            "blanks" => blanks = self::blanks(&text(field, "blanks").await?)?,
            other => {
                return Err(Error::invalid_field(
                    "unknown_field",
                    other,
                    format!("多余的字段“{other}”。可用：file（一个）、blanks。"),
                    format!("The field \"{other}\" is one too many; the fields are file, once, and blanks."),
                )
                .into());
            }
        }
    }
    let Some(upload) = received.files().first().cloned() else {
        return Err(Error::invalid_field(
            "no_file",
            "file",
            "没有文件。请用 multipart 字段 file 上传。",
            "There is no file: send it as the multipart field `file`.",
        )
        .into());
    };
    let returned = Returned {
        name: upload.name,
        path: upload.path,
        blanks,
    };
    let found = state
        .operations
        .compare_workbook(&scope, version, returned)
        .await?;
    Ok(Json(found))
}

fn blanks(name: &str) -> Result<Blanks, Error> {
    match name.trim() {
        "keep" | "" => Ok(Blanks::Keep),
        "zero" => Ok(Blanks::Zero),
        other => Err(Error::invalid_field(
            "blanks",
            "blanks",
            format!("blanks 应为 keep 或 zero，而不是“{other}”。"),
            format!("blanks is keep or zero, not \"{other}\"."),
        )),
    }
}

/// The id in an address; what is none names nothing.
fn parse(id: &str) -> Result<VersionId, ApiError> {
    id.parse().map_err(|_| Error::NotFound("version").into())
}

fn unknown_language() -> Error {
    Error::invalid_field(
        "bad_language",
        "lang",
        "语言为 zh-CN 或 en。",
        "The language is zh-CN or en.",
    )
}

/// A name as RFC 8187 writes it.
fn percent(name: &str) -> String {
    let mut text = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
