//! The wire error: what a person may know about why something was not done.
//!
//! Refusals of `domain` and `operations` arrive word for word in both languages; anything else is logged on the server
//! under a reference number, and only the number travels.

use leptos::server_fn::codec::PostcardEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
mod answer;

#[cfg(feature = "ssr")]
pub(crate) use answer::RenderingPage;
#[cfg(feature = "ssr")]
pub use answer::answer;

/// Why a server function did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Refused with a reason: what is wrong, where, and how to mend it.
    #[error("{code}: {en}")]
    Refused {
        /// Stable and in `snake_case`.
        code: String,
        /// The reason in Chinese.
        zh: String,
        /// The reason in English.
        en: String,
        /// The field or parameter concerned.
        field: Option<String>,
    },
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    SignIn,
    /// Not there, or not for this person; the two look alike.
    #[error("not found")]
    NotFound,
    /// It clashes with what is there now (someone was quicker).
    #[error("{code}: {en}")]
    Conflict {
        /// Stable and in `snake_case`.
        code: String,
        /// The reason in Chinese.
        zh: String,
        /// The reason in English.
        en: String,
    },
    /// Too many tries.
    #[error("too many requests, wait {retry_after_s} s")]
    Busy {
        /// Seconds until another try makes sense.
        retry_after_s: u32,
    },
    /// The server was not reached, or what it said was not understood.
    #[error("the server was not reached")]
    Unreachable,
    /// Ours to mend; the log holds the details under this number.
    #[error("internal error {reference}")]
    Internal {
        /// What to quote when asking for help.
        reference: String,
    },
}

impl AppError {
    /// The field the refusal is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Refused { field, .. } => field.as_deref(),
            _ => None,
        }
    }

    fn malformed() -> Self {
        Self::Refused {
            code: "malformed".to_owned(),
            zh: "请求里缺少内容，或者格式不对。请刷新页面后再试。".to_owned(),
            en: "Something in the request is missing or malformed. Reload the page and try again.".to_owned(),
            field: None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = PostcardEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::malformed(),
            // Here it is the request that cannot be read; in the browser it would be the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => Self::malformed(),
            #[cfg(feature = "ssr")]
            other => answer::unexpected(&other.to_string()),
            #[cfg(not(feature = "ssr"))]
            _ => Self::Unreachable,
        }
    }
}
