//! A refusal or a failure, in the reader's language.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::error::AppError;
use crate::words::{Locale, Words, is_chinese, td_string, use_i18n};

/// What a person reads about an error.
pub fn words_of(error: &AppError, words: Words) -> String {
    in_language(error, words.get_locale())
}

fn in_language(error: &AppError, locale: Locale) -> String {
    match error {
        AppError::Refused { zh, en, .. } | AppError::Conflict { zh, en, .. } => {
            if is_chinese(locale) {
                zh.clone()
            } else {
                en.clone()
            }
        }
        AppError::SignIn => td_string!(locale, ui.sign_in_first).to_string(),
        AppError::NotFound => td_string!(locale, ui.not_found).to_string(),
        AppError::Busy { retry_after_s } => td_string!(locale, ui.busy, seconds = retry_after_s).to_string(),
        AppError::Unreachable => td_string!(locale, ui.unreachable).to_string(),
        AppError::Internal { reference } => {
            td_string!(locale, ui.internal, reference = reference).to_string()
        }
    }
}

/// Shows an error where it happened.
#[component]
pub fn ErrorView(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    let i18n = use_i18n();
    let ours = matches!(error, AppError::Internal { .. } | AppError::Unreachable);
    let class = if ours { "refused far" } else { "refused" };
    view! {
        <div class=class role="alert">
            <Icon glyph=Glyph::Warning />
            <p>{move || words_of(&error, i18n)}</p>
        </div>
    }
}
