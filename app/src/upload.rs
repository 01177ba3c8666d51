//! Sending files to the interface, as programs do.

use domain::id::VersionId;
use gloo_net::http::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use web_sys::FormData;

use crate::error::AppError;

#[derive(Deserialize)]
struct Refused {
    error: RefusedBody,
}

#[derive(Deserialize)]
struct RefusedBody {
    code: String,
    message_zh: Option<String>,
    message_en: Option<String>,
    message: Option<String>,
    field: Option<String>,
    reference: Option<String>,
}

/// Where the workbook of a version is taken in.
pub(crate) fn workbook_address(version: VersionId) -> String {
    format!("/api/v1/versions/{version}/workbook")
}

/// Sends a form; the answer, or why it was refused.
pub(crate) async fn post_form<T: DeserializeOwned>(address: &str, form: FormData) -> Result<T, AppError> {
    let request = Request::post(address)
        .body(form)
        .map_err(|_| AppError::Unreachable)?;
    let response = request.send().await.map_err(|_| AppError::Unreachable)?;
    if response.ok() {
        return response.json::<T>().await.map_err(|_| AppError::Unreachable);
    }
    let Refused { error } = response
        .json::<Refused>()
        .await
        .map_err(|_| AppError::Unreachable)?;
    if let Some(reference) = error.reference {
        return Err(AppError::Internal { reference });
    }
    let message = error.message.unwrap_or_default();
    Err(AppError::Refused {
        code: error.code,
        zh: error.message_zh.unwrap_or_else(|| message.clone()),
        en: error.message_en.unwrap_or(message),
        field: error.field,
    })
}
