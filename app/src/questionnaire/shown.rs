//! Words and marks that the list, the editor and the results share.

use domain::questionnaire::{Ask, Progress, Status};
use leptos::prelude::*;

use crate::ui::{Standing, Tag, TagKind};
use crate::words::{Locale, t, td_string, use_i18n};

/// Where a questionnaire stands.
#[component]
pub(super) fn StatusTag(status: Status) -> impl IntoView {
    let i18n = use_i18n();
    match status {
        Status::Draft => view! { <Tag kind=TagKind::Accent>{t!(i18n, questionnaire.draft)}</Tag> }.into_any(),
        Status::Open => {
            view! { <Tag kind=TagKind::Standing(Standing::OnPace)>{t!(i18n, questionnaire.open)}</Tag> }
                .into_any()
        }
        Status::Closed => view! { <Tag>{t!(i18n, questionnaire.closed)}</Tag> }.into_any(),
    }
}

/// How far somebody came.
pub(super) fn progress_name(progress: Progress, locale: Locale) -> &'static str {
    match progress {
        Progress::None => td_string!(locale, questionnaire.waiting),
        Progress::Begun => td_string!(locale, questionnaire.begun),
        Progress::Answered => td_string!(locale, questionnaire.answered),
    }
}

/// What a kind of answer is called.
pub(super) fn ask_name(ask: &Ask, locale: Locale) -> &'static str {
    match ask {
        Ask::Text => td_string!(locale, questionnaire.ask_text),
        Ask::Number => td_string!(locale, questionnaire.ask_number),
        Ask::Money => td_string!(locale, questionnaire.ask_money),
        Ask::Choice { .. } => td_string!(locale, questionnaire.ask_choice),
        Ask::Scale => td_string!(locale, questionnaire.ask_scale),
        Ask::Proposal => td_string!(locale, questionnaire.ask_proposal),
    }
}
