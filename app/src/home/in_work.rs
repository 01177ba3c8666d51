//! The plan in work: where whoever plans goes on.

use domain::id::VersionId;
use domain::people::actor;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::error::answer;
use crate::live::use_live;
use crate::ui::{ButtonKind, ButtonSize, Tag, TagKind};
use crate::wire::{Fetched, Packed, fetch_packed, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// A draft that is being worked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InWork {
    /// What its plan is called.
    pub plan: String,
    /// The draft.
    pub version: VersionId,
    /// Counts from 1 within the plan.
    pub number: u32,
    /// Who made it.
    pub by: String,
}

/// The newest draft within sight of whoever plans; none where there is none, or somebody else plans.
#[server(prefix = "/api/app", endpoint = "home/in_work", input = Json, output = Postcard)]
pub async fn plan_in_work() -> Result<Option<InWork>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    if !scope.may(domain::access::Permission::EditPlan) {
        return Ok(None);
    }
    let plans = answer(operations.plans(&scope).await)?;
    let drafts = plans.into_iter().flat_map(|plan| {
        let name = plan.name;
        let drafts = plan
            .versions
            .into_iter()
            .filter(|version| version.status.is_in_work());
        drafts.map(move |version| (name.clone(), version))
    });
    Ok(drafts
        .max_by_key(|(_, version)| version.created_at_ms)
        .map(|(plan, version)| InWork {
            plan,
            version: version.id,
            number: version.number,
            by: version.created_by,
        }))
}

/// The plan in work on its way.
pub(super) type Loading = Fetched<Result<Option<InWork>, AppError>, Packed>;

/// Fetches it, and again when plans have changed.
pub(super) fn load() -> Loading {
    let live = use_live();
    fetch_packed(move || live.plans.get(), |_| plan_in_work())
}

/// What is in work, with the way on; nothing where nothing is.
#[component]
pub(super) fn InWorkCard(work: Loading) -> impl IntoView {
    view! {
        <Transition fallback=|| ()>
            {loaded(work, move |found| match found {
                    Ok(Some(work)) => view! { <Draft work=work /> }.into_any(),
                    // What else is on the page says what went wrong.
                    Ok(None) | Err(_) => ().into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Draft(work: InWork) -> impl IntoView {
    let i18n = use_i18n();
    let InWork {
        plan,
        version,
        number,
        by,
    } = work;
    view! {
        <section class="card row wrap between">
            <div class="row wrap">
                <h2>{t!(i18n, home.in_work)}</h2>
                <b>{plan}</b>
                <Tag kind=TagKind::Accent>{move || t_string!(i18n, split.draft, number = number).to_string()}</Tag>
                <span class="sm muted">{move || actor(&by, lang(i18n.get_locale())).to_owned()}</span>
            </div>
            <a class=ButtonKind::Primary.class(ButtonSize::Normal) href=crate::split::address(version)>
                {t!(i18n, home.go_on)}
            </a>
        </section>
    }
}
