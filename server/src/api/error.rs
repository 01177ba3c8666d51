//! Errors of the REST interface: `{"error": {code, message, message_zh, message_en, field, reference}}`.
//!
//! A refusal keeps its words in both languages; `message` is the one the caller's `Accept-Language` asks for. What
//! nobody foresaw is logged, and the answer carries only its reference number. Whatever else answers with an error
//! below `/api/v1` (a missing route, a parameter that cannot be read, a body too large) is put into the same form.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::{Error, Words};
use serde::Serialize;
use utoipa::ToSchema;

use super::steps::ChangedMeanwhile;
use crate::fault;

/// The most of a foreign error's text that is quoted, bytes.
const QUOTED: usize = 2_000;

/// What a handler answers when it does not do what was asked; `?` makes it of the use cases' errors.
#[derive(Debug)]
pub(crate) struct ApiError {
    error: Error,
    /// What others changed meanwhile, where that is why.
    changed: Option<Box<ChangedMeanwhile>>,
}

/// The body of every error.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What happened.
    pub error: ErrorDetail,
}

/// What happened, for programs (`code`, `field`) and for people (the messages).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// Stable, in `snake_case`.
    pub code: String,
    /// In the language the request accepts, English when it names none.
    pub message: String,
    /// In Chinese.
    pub message_zh: String,
    /// In English.
    pub message_en: String,
    /// The field or parameter concerned.
    pub field: Option<String>,
    /// What to quote when asking for help; only where the failure is ours.
    pub reference: Option<String>,
    /// What others changed meanwhile, where it can be done all the same; left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Box<ChangedMeanwhile>>,
}

impl ApiError {
    /// There is no such route, or nothing for this caller: the two look alike.
    pub(super) fn nothing() -> Self {
        Error::NotFound("route").into()
    }

    /// The same with what others changed meanwhile.
    pub(super) fn with(self, changed: ChangedMeanwhile) -> Self {
        Self {
            changed: Some(Box::new(changed)),
            ..self
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self { error, changed: None }
    }
}

/// Code and words of what was refused as a part of something that was not.
pub(super) fn refused(error: Error) -> (String, Words) {
    match error {
        Error::Invalid(refusal) | Error::Conflict(refusal) => (refusal.code, refusal.words),
        _ => {
            let (_, code, words) = generic(StatusCode::NOT_FOUND, "");
            (code, words)
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut field = None;
        let mut reference = None;
        let mut retry_after_s = None;
        let (status, code, words) = match self.error {
            Error::Invalid(refusal) => {
                field = refusal.field;
                (StatusCode::BAD_REQUEST, refusal.code, refusal.words)
            }
            Error::Conflict(refusal) => {
                field = refusal.field;
                (StatusCode::CONFLICT, refusal.code, refusal.words)
            }
            Error::Unauthenticated => generic(StatusCode::UNAUTHORIZED, ""),
            Error::NotFound(_) => generic(StatusCode::NOT_FOUND, ""),
            Error::Busy { retry_after_s: wait } => {
                retry_after_s = Some(wait);
                generic(StatusCode::TOO_MANY_REQUESTS, "")
            }
            Error::Internal(detail) => {
                reference = Some(fault::record(&detail));
                generic(StatusCode::INTERNAL_SERVER_ERROR, "")
            }
        };
        let mut detail = ErrorDetail::new(code, words, field, reference);
        detail.changed = self.changed;
        let mut answer = written(status, detail);
        if let Some(wait) = retry_after_s {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        answer
    }
}

impl ErrorDetail {
    fn new(code: String, words: Words, field: Option<String>, reference: Option<String>) -> Self {
        Self {
            code,
            message: words.en.clone(),
            message_zh: words.zh,
            message_en: words.en,
            field,
            reference,
            changed: None,
        }
    }
}

/// Puts every error below `/api/v1` into the interface's form and language, whoever answered.
pub(crate) async fn in_form(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/v1/") {
        return next.run(request).await;
    }
    let chinese = prefers_chinese(request.headers());
    let answer = next.run(request).await;
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    if let Some(detail) = answer.extensions().get::<ErrorDetail>() {
        if !chinese {
            return answer;
        }
        let mut detail = detail.clone();
        detail.message.clone_from(&detail.message_zh);
        return replaced(answer, status, detail);
    }
    let (parts, body) = answer.into_parts();
    let quoted = to_bytes(body, QUOTED).await.unwrap_or_default();
    let quoted = if status.is_client_error() && parts.extensions.get::<fault::Reference>().is_none() {
        String::from_utf8_lossy(&quoted).into_owned()
    } else {
        String::new()
    };
    let reference = parts
        .extensions
        .get::<fault::Reference>()
        .map(|reference| reference.0.clone());
    let (_, code, words) = generic(status, quoted.trim());
    let mut detail = ErrorDetail::new(code, words, None, reference);
    if chinese {
        detail.message.clone_from(&detail.message_zh);
    }
    replaced(Response::from_parts(parts, Body::empty()), status, detail)
}

/// The error's own headers stay (`retry-after`, `allow`), its body is written anew.
fn replaced(answer: Response, status: StatusCode, detail: ErrorDetail) -> Response {
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let written = written(status, detail);
    let (fresh, body) = written.into_parts();
    parts.headers.extend(fresh.headers);
    Response::from_parts(parts, body)
}

fn written(status: StatusCode, detail: ErrorDetail) -> Response {
    let body = ErrorBody {
        error: detail.clone(),
    };
    let mut answer = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer.extensions_mut().insert(detail);
    answer
}

/// Code and words of a status nobody worded.
fn generic(status: StatusCode, said: &str) -> (StatusCode, String, Words) {
    let (code, zh, en) = match status {
        StatusCode::UNAUTHORIZED => (
            "unauthenticated",
            "需要有效的令牌（Authorization: Bearer …）或登录。",
            "A valid token (Authorization: Bearer …) or a sign-in is needed.",
        ),
        StatusCode::FORBIDDEN => (
            "cross_site",
            "请求来自其他网站，已拒绝。",
            "Refused: caused by another site.",
        ),
        StatusCode::NOT_FOUND => ("not_found", "不存在，或无权查看。", "Not there, or not for you."),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "此地址不支持该方法，见 Allow。",
            "This address does not know the method; see Allow.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "请求内容过大。", "The body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "unsupported_media_type",
            "不支持此内容类型。",
            "This content type is not understood.",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            "too_many_requests",
            "请求过多，请按 Retry-After 稍后再试。",
            "Too many requests; wait as Retry-After says.",
        ),
        status if status.is_server_error() => (
            "internal",
            "服务器出了意外，已记录。",
            "Something went wrong on the server; it is on record.",
        ),
        _ => ("malformed", "请求无法理解。", "The request is not understood."),
    };
    let (zh, en) = if said.is_empty() || status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND {
        (zh.to_owned(), en.to_owned())
    } else {
        (format!("{zh}（{said}）"), format!("{en} ({said})"))
    };
    (status, code.to_owned(), Words::new(zh, en))
}

/// Whether the first of our languages that `Accept-Language` names with the highest weight is Chinese.
pub(crate) fn prefers_chinese(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut best: Option<(f32, bool)> = None;
    for item in accepted.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        let chinese = tag == "zh" || tag.starts_with("zh-");
        let english = tag == "en" || tag.starts_with("en-");
        if (chinese || english) && weight > 0.0 && best.is_none_or(|(found, _)| weight > found) {
            best = Some((weight, chinese));
        }
    }
    best.is_some_and(|(_, chinese)| chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_accepted_most() {
        for (accepted, chinese) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", true),
            ("en-US,zh;q=0.9", false),
            ("fr, zh;q=0.3, en;q=0.5", false),
            ("de", false),
            ("zh;q=0, en;q=0.1", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted))]);
            assert_eq!(prefers_chinese(&headers), chinese, "{accepted}");
        }
    }
}
