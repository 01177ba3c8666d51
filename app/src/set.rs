//! Set: the tabs of its pages, and the address that names the planning one looks at.

use domain::assumption::PlanningQuery;
use domain::id::VersionId;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::ui::{Tab, Tabs};
use crate::words::{t, t_string, use_i18n};

/// The planning that the address of the page names.
pub(crate) fn asked() -> Memo<PlanningQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        map.with(|map| PlanningQuery {
            // What is no id names no version: another one must not be opened in its place.
            version: map
                .get("version")
                .map(|version| version.parse::<VersionId>().unwrap_or_default()),
            period: map.get("period"),
        })
    })
}

/// A page of Set for the same planning.
pub(crate) fn address(page: &str, asked: &PlanningQuery) -> String {
    match (&asked.version, &asked.period) {
        (Some(version), _) => format!("/set/{page}?version={version}"),
        (None, Some(period)) => format!("/set/{page}?period={period}"),
        (None, None) => format!("/set/{page}"),
    }
}

/// The pages of Set, in the order they are worked through. Their links keep the planning one looks at.
#[component]
pub(crate) fn SetTabs(
    /// The tab that is shown, by its key.
    current: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let asked = asked();
    let tabs = Signal::derive(move || {
        let asked = asked.get();
        [
            ("baseline", t_string!(i18n, target.tab_baseline)),
            ("outlook", t_string!(i18n, outlook.tab)),
            ("capability", t_string!(i18n, target.tab_capability)),
            ("questionnaires", t_string!(i18n, target.tab_questionnaires)),
            ("target", t_string!(i18n, target.tab_target)),
            ("scenarios", t_string!(i18n, target.tab_scenarios)),
            ("approval", t_string!(i18n, approval.title)),
        ]
        .into_iter()
        .map(|(key, label)| Tab {
            key: key.to_owned(),
            href: address(key, &asked),
            label: label.to_owned(),
        })
        .collect::<Vec<_>>()
    });
    view! { <Tabs label=t!(i18n, frame.set) tabs=tabs current=Signal::stored(current.to_owned()) /> }
}
