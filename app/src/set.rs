//! Set: the tabs of its pages, and the address that names the planning one looks at.

use domain::assumption::PlanningQuery;
use domain::id::VersionId;
use domain::target::PlanRow;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::frame::screens::screens_of;
use crate::live::use_live;
use crate::reserved::may;
use crate::target::load_plans;
use crate::target::plans::{called, status_name};
use crate::ui::{Choice, Select, Tab, Tabs, when};
use crate::words::{Locale, t, t_string, use_i18n};

/// Marks a period among the plans to choose from.
const PERIOD: &str = "period:";

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

/// The pages of Set that whoever looks may open, in the order they are worked through. Their links keep the planning one looks
/// at.
#[component]
pub(crate) fn SetTabs(
    /// The tab that is shown, by its key.
    current: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let asked = asked();
    let screens = screens_of(may);
    let tabs = Signal::derive(move || {
        let (asked, locale) = (asked.get(), i18n.get_locale());
        let tab = |key: &str, name: fn(Locale) -> &'static str| Tab {
            key: key.to_owned(),
            href: address(key, &asked),
            label: name(locale).to_owned(),
        };
        screens
            .iter()
            .filter_map(|screen| Some(tab(screen.of_set()?, screen.name)))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="set-bar">
            <Tabs label=t!(i18n, frame.set) tabs=tabs current=Signal::stored(current.to_owned()) />
            <PlanPicker current=current asked=asked />
        </div>
    }
}

/// Which plan the pages of Set are about: without one in the address the draft in work.
#[component]
fn PlanPicker(
    /// The page one stays on.
    current: &'static str,
    asked: Memo<PlanningQuery>,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let navigate = StoredValue::new(use_navigate());
    // Fetched by the browser alone: what hangs below parts of a page that come in any order cannot be counted alike on both
    // sides, and a page is read before somebody chooses another plan.
    let plans = RwSignal::new(Vec::<PlanRow>::new());
    Effect::new(move |_| {
        live.plans.track();
        spawn_local(async move {
            // Without an answer there is nothing to choose; what went wrong the page itself tells.
            if let Ok(found) = load_plans().await {
                let _gone = plans.try_set(found);
            }
        });
    });
    let pick = Callback::new(move |picked: String| {
        let asked = PlanningQuery {
            version: picked.parse().ok(),
            period: picked.strip_prefix(PERIOD).map(str::to_owned),
        };
        navigate.with_value(|navigate| navigate(&address(current, &asked), NavigateOptions::default()));
    });
    let chosen = Signal::derive(move || {
        asked.with(|asked| match (&asked.version, &asked.period) {
            (Some(version), _) => version.to_string(),
            (None, Some(period)) => format!("{PERIOD}{period}"),
            (None, None) => String::new(),
        })
    });
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new("", t_string!(i18n, target.in_work))];
        if let PlanningQuery {
            version: None,
            period: Some(period),
        } = asked.get()
        {
            let label = t_string!(i18n, target.preparing, period = period.clone()).to_string();
            choices.push(Choice::new(format!("{PERIOD}{period}"), label));
        }
        plans.with(|plans| {
            for plan in plans {
                choices.extend(plan.versions.iter().map(|version| {
                    let called = called(&version.name, version.number, i18n);
                    let state = status_name(version.status, i18n);
                    Choice::new(
                        version.id.to_string(),
                        format!("{} · {called} · {state}", plan.name),
                    )
                }));
            }
        });
        choices
    });
    when(
        move || plans.with(|plans| !plans.is_empty()),
        move || {
            view! {
                <Select
                    label=t!(i18n, target.which_plan)
                    name="planning"
                    choices=choices
                    value=chosen
                    on_pick=pick
                    compact=true
                />
            }
            .into_any()
        },
    )
}
