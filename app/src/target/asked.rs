//! What people who were asked propose for themselves, beside the target and the outlook, with what they said.

use domain::format;
use domain::money::Currency;
use domain::questionnaire::Reply;
use domain::target::{BottomUp, Said};
use leptos::prelude::*;

use crate::questionnaire::Sum;
use crate::words::{lang, t, t_string, use_i18n};

/// The sum, and some of the answers.
#[component]
pub(super) fn Asked(asked: BottomUp, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let BottomUp {
        questionnaire,
        asked,
        sum,
        said,
    } = asked;
    let proposed = sum.proposals;
    let quotes = said
        .into_iter()
        .map(|said| view! { <Quote said=said currency=currency.clone() /> })
        .collect_view();
    view! {
        <Sum sum=sum currency=currency>
            <p class="sm">
                {move || t_string!(i18n, target.bottom_up_text, asked = asked, proposed = proposed).to_string()} " "
                <a href=format!("/set/questionnaires?open={questionnaire}")>{t!(i18n, target.bottom_up)}</a>
            </p>
            <ul class="quotes">{quotes}</ul>
        </Sum>
    }
}

/// What somebody said, and to what.
#[component]
fn Quote(said: Said, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let Said {
        name,
        question,
        reply,
    } = said;
    let (amount, words) = match reply {
        Reply::Proposal { amount, reason } => (Some(amount), reason),
        Reply::Text { text } => (None, text),
        // Nothing else is said in words.
        _ => (None, String::new()),
    };
    let to = move || {
        let lang = lang(i18n.get_locale());
        amount.map_or_else(
            || question.text(lang).to_owned(),
            |amount| format::compact(amount, &currency, lang),
        )
    };
    view! {
        <li>
            <b>{name}</b>
            " "
            <span class="muted">{to}</span>
            <span class="soft">" · " {words}</span>
        </li>
    }
}
