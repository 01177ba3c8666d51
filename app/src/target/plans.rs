//! The plans there are, with their versions.

use domain::people::actor;
use domain::target::{PlanRow, VersionRow, VersionStatus};
use leptos::prelude::*;

use crate::frame::moment;
use crate::ui::{Standing, Tag, TagKind};
use crate::words::{Words, lang, t, t_string, use_i18n};
use crate::workbook::ExportLink;

/// The plans with their versions, the latest first.
#[component]
pub(super) fn Plans(plans: Vec<PlanRow>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card w7">
            <header><h2>{t!(i18n, target.plans)}</h2></header>
            {plans.is_empty().then(|| view! { <p class="muted">{t!(i18n, target.plans_empty)}</p> })}
            <ul class="plans">
                {plans
                    .into_iter()
                    .map(|plan| {
                        view! {
                            <li>
                                <p class="row wrap">
                                    <b>{plan.name}</b>
                                    {plan.imported.then(|| view! { <Tag>{t!(i18n, target.imported)}</Tag> })}
                                </p>
                                <ul>{plan.versions.into_iter().map(|version| view! { <Version version=version /> }).collect_view()}</ul>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Version(version: VersionRow) -> impl IntoView {
    let i18n = use_i18n();
    let number = version.number;
    let name = version.name.clone();
    let status = version.status;
    let kind = match status {
        VersionStatus::Draft => TagKind::Accent,
        VersionStatus::Published => TagKind::Standing(Standing::Ahead),
        VersionStatus::InReview => TagKind::Locked,
        VersionStatus::Archived => TagKind::default(),
    };
    let said = move || {
        let lang = lang(i18n.get_locale());
        if let (Some(by), Some(at_ms)) = (&version.published_by, version.published_at_ms) {
            t_string!(
                i18n,
                target.published_by,
                by = actor(by, lang).to_owned(),
                when = moment(at_ms, lang)
            )
            .to_string()
        } else {
            let when = moment(version.created_at_ms, lang);
            t_string!(
                i18n,
                target.created_by,
                by = actor(&version.created_by, lang).to_owned(),
                when = when
            )
            .to_string()
        }
    };
    view! {
        <li class="row wrap">
            <a href=format!("/set/target?version={}", version.id)>{move || called(&name, number, i18n)}</a>
            <Tag kind=kind>{move || status_name(status, i18n)}</Tag>
            <span class="sm muted">{said}</span>
            <ExportLink version=version.id />
        </li>
    }
}

/// What a version is called: its number, with its name where it has one of its own.
pub(crate) fn called(name: &str, number: u32, i18n: Words) -> String {
    if name.is_empty() || name == format!("v{number}") {
        t_string!(i18n, target.version, number = number).to_string()
    } else {
        t_string!(i18n, target.named, name = name.to_owned(), number = number).to_string()
    }
}

/// What the state of a version is called.
pub(crate) fn status_name(status: VersionStatus, i18n: Words) -> &'static str {
    match status {
        VersionStatus::Draft => t_string!(i18n, target.draft),
        VersionStatus::Published => t_string!(i18n, target.published),
        VersionStatus::InReview => t_string!(i18n, target.in_review),
        VersionStatus::Archived => t_string!(i18n, target.archived),
    }
}
