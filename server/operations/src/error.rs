//! The error policy of the use cases: a refusal is for people, in both languages; anything else is for the log.

use serde::{Deserialize, Serialize};
use store::StoreError;

/// A sentence in both languages; says what is wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Chinese, full-width punctuation.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// Why something was refused: which kind (decides the HTTP status), a stable code for programs, and words for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, `snake_case`: what programs match on.
    pub code: String,
    /// What people read.
    pub words: Words,
    /// The field, row or parameter concerned, where there is one.
    pub field: Option<String>,
}

/// What a use case answers when it does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong: 400.
    #[error("invalid: {}", .0.code)]
    Invalid(Refusal),
    /// Nobody is signed in: 401.
    #[error("sign in first")]
    Unauthenticated,
    /// Not there, or not for this actor; the two look alike: 404.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// It clashes with what is there now: 409.
    #[error("conflict: {}", .0.code)]
    Conflict(Refusal),
    /// Too many tries: 429, seconds to wait.
    #[error("too many requests")]
    Busy {
        /// Seconds until another try makes sense.
        retry_after_s: u32,
    },
    /// Ours to mend: 500 with a reference number, details in the log only.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// Wrong input without a field.
    pub fn invalid(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Refusal {
            code: code.to_owned(),
            words: Words::new(zh, en),
            field: None,
        })
    }

    /// Wrong input of a field.
    pub fn invalid_field(code: &str, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Refusal {
            code: code.to_owned(),
            words: Words::new(zh, en),
            field: Some(field.to_owned()),
        })
    }

    /// A clash with the present state.
    pub fn conflict(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(Refusal {
            code: code.to_owned(),
            words: Words::new(zh, en),
            field: None,
        })
    }

    /// The same, said of a field.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        if let Self::Invalid(refusal) | Self::Conflict(refusal) = &mut self {
            refusal.field = Some(field.to_owned());
        }
        self
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Conflict(what) => Self::conflict(
                "conflict",
                format!("与现有数据冲突：{what}"),
                format!("conflicts with existing data: {what}"),
            ),
            other => Self::Internal(other.to_string()),
        }
    }
}
