//! Where imported targets are, or would be: a line for each fiscal year, with a way to the split.

use domain::import::{Landing, Withheld};
use domain::target::VersionStatus;
use leptos::prelude::*;

use crate::ui::{Glyph, Icon};
use crate::words::{Words, t, t_string, use_i18n};

/// See the module; nothing where an import has no targets.
#[component]
pub(super) fn Landings(landings: Vec<Landing>) -> impl IntoView {
    let i18n = use_i18n();
    (!landings.is_empty()).then(|| {
        view! {
            <section class="card landings">
                <header><h2>{t!(i18n, import.landings)}</h2></header>
                <ul>
                    {landings.into_iter().map(|landing| view! { <Line landing=landing /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Line(landing: Landing) -> impl IntoView {
    let i18n = use_i18n();
    let Landing {
        year,
        plan,
        version,
        status,
        made,
        withheld,
        ..
    } = landing;
    let draft = status == VersionStatus::Draft;
    let words = move || {
        let (year, plan) = (year.clone(), plan.clone());
        match (draft, version.is_some(), made) {
            (true, false, _) => t_string!(i18n, import.l_will_draft, year = year, plan = plan).to_string(),
            (false, false, _) => t_string!(i18n, import.l_will_record, year = year, plan = plan).to_string(),
            (true, true, true) => t_string!(i18n, import.l_draft, year = year, plan = plan).to_string(),
            (false, true, true) => t_string!(i18n, import.l_record, year = year, plan = plan).to_string(),
            (_, true, false) => t_string!(i18n, import.l_unchanged, year = year, plan = plan).to_string(),
        }
    };
    view! {
        <li class="row wrap" data-landing=status.as_str()>
            <span>{words}</span>
            {withheld.map(|withheld| view! {
                <span class="refused">
                    <Icon glyph=Glyph::Warning />
                    {move || why(&withheld, i18n)}
                </span>
            })}
            <span class="grow"></span>
            {version.map(|version| view! {
                <a class="btn" class:primary=draft href=crate::split::address(version)>{t!(i18n, import.open_split)}</a>
            })}
        </li>
    }
}

fn why(withheld: &Withheld, i18n: Words) -> String {
    match withheld {
        Withheld::Replaces { plan } => t_string!(i18n, import.w_replaces, plan = plan.clone()).to_string(),
        Withheld::Cuts { plan } => t_string!(i18n, import.w_cuts, plan = plan.clone()).to_string(),
        Withheld::NotAllowed => t_string!(i18n, import.w_not_allowed).to_string(),
    }
}
