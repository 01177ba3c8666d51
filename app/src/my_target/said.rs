//! What is said of the own number: where its carrier stands to it, what was agreed on, and who published it.

use domain::format;
use domain::money::{Currency, Minor};
use domain::negotiation::AgreedTotal;
use domain::people::actor;
use domain::target::Confirmation;
use leptos::prelude::*;

use crate::frame::moment;
use crate::ui::{Standing, Tag, TagKind};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Where its carrier stands to the number.
#[component]
pub(super) fn State(
    confirmation: Confirmation,
    /// Whether another number was agreed on since.
    agreed: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    match confirmation {
        Confirmation::Countered { .. } if agreed => {
            view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, my_target.agreed)}</Tag> }
                .into_any()
        }
        Confirmation::Open => {
            view! { <Tag kind=TagKind::Standing(Standing::Behind)>{t!(i18n, my_target.waiting)}</Tag> }
                .into_any()
        }
        Confirmation::Confirmed { at_ms, by } => {
            let title = move || {
                let when = moment(at_ms, lang(i18n.get_locale()));
                t_string!(
                    i18n,
                    my_target.confirmed_at,
                    by = actor(&by, lang(i18n.get_locale())).to_owned(),
                    when = when
                )
                .to_string()
            };
            view! { <span title=title><Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, my_target.confirmed)}</Tag></span> }.into_any()
        }
        Confirmation::Countered { at_ms, by, comment } => {
            let title = move || countered(at_ms, &by, &comment, i18n);
            view! { <span title=title><Tag kind=TagKind::Standing(Standing::Far)>{t!(i18n, my_target.countered)}</Tag></span> }.into_any()
        }
    }
}

/// What was agreed on, and whether the plan has it.
pub(super) fn agreement(agreed: AgreedTotal, total: Minor, currency: &Currency, i18n: Words) -> String {
    let when = moment(agreed.at_ms, lang(i18n.get_locale()));
    let amount = format::currency(agreed.amount, currency);
    if agreed.amount == total {
        t_string!(i18n, my_target.agreed_in_plan, amount = amount, when = when).to_string()
    } else {
        t_string!(i18n, my_target.agreed_not_yet, amount = amount, when = when).to_string()
    }
}

/// Who disagrees, since when, and why.
pub(super) fn countered(at_ms: i64, by: &str, comment: &str, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let when = moment(at_ms, lang);
    t_string!(
        i18n,
        my_target.countered_at,
        by = actor(by, lang).to_owned(),
        when = when,
        comment = comment.to_owned()
    )
    .to_string()
}

/// Who published it, and when.
pub(super) fn published(by: &str, at_ms: i64, i18n: Words) -> impl Fn() -> String + use<> {
    let by = by.to_owned();
    move || {
        let when = moment(at_ms, lang(i18n.get_locale()));
        t_string!(
            i18n,
            my_target.published,
            by = actor(&by, lang(i18n.get_locale())).to_owned(),
            when = when
        )
        .to_string()
    }
}
