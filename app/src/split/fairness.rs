//! Fairness beside the grid: whether targets can be reached and press evenly, judged again while somebody drags.

pub mod anyway;
pub mod before;
mod figures;
mod findings;
mod judge;
pub mod limits;
mod live;
pub mod why;

use std::sync::Arc;
use std::time::Duration;

use domain::access::Permission;
use domain::fairness::{
    Breach, FairnessError, Figure, Glance, Ground, Judged, Limit, Limits, Moved, Settings, Severity, breaches,
};
use domain::format;
use domain::id::VersionId;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};

use super::board::Board;
use super::panel::is_wide;
use crate::error::AppError;
use crate::reserved::may;
use crate::ui::{ErrorView, Skeleton, when};
use crate::words::{Words, t, t_string, use_i18n};
use anyway::Anyway;
use before::Beside;
use judge::Judge;
use limits::LimitForm;

/// Where the panel begins folded, what it is judged by is fetched so long after the rows.
const AFTER_ROWS: Duration = Duration::from_millis(600);
/// More people than these are judged later, and not while somebody drags; the figures in sight follow all the same.
const FEW_PEOPLE: usize = 5_000;

/// What the fairness of a version is judged by.
#[server(prefix = "/api/app", endpoint = "split/fairness", input = Json, output = Postcard)]
pub async fn load_ground(version: VersionId) -> Result<Ground, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.fairness_ground(&scope, version).await)
}

/// Chooses what warns and what blocks publishing, and by how much the rows below a row may exceed it.
#[server(prefix = "/api/app", endpoint = "fairness/limits", input = Json)]
pub async fn choose_limits(limits: Vec<Limit>, hedge_ppm: Option<u32>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_limits(&scope, limits, hedge_ppm).await)
}

/// A chance below this is less than even: of the whole it is warned of then.
const EVEN: f64 = 0.5;

/// The class of a chance: next to none, less than even, or neither.
pub(super) fn tone(chance: f64) -> &'static str {
    if chance < Settings::default().chance_low {
        "is-far"
    } else if chance < EVEN {
        "is-behind"
    } else {
        ""
    }
}

/// What the fairness of an open plan is judged by, and what it came to last.
#[derive(Clone, Copy)]
pub struct Fair {
    asked: RwSignal<bool>,
    /// Shared by all that read it: of a large plan it takes megabytes.
    ground: LocalResource<Option<Result<Arc<Ground>, AppError>>>,
    glance: RwSignal<Option<Glance>>,
    /// What of it a drag has moved since it was judged.
    moved: RwSignal<Option<Moved>>,
    /// Whether the panel is open.
    is_open: RwSignal<bool>,
    judged: judge::Shown,
    /// What warns and what blocks publishing.
    limits: RwSignal<Limits>,
    /// The figure whose card is open.
    card: RwSignal<Option<Figure>>,
}

impl Fair {
    /// Of an open plan. It is fetched once: chances are in sight on every screen, and it does not depend on the targets.
    pub(super) fn new(board: Board) -> Self {
        let version = board.version();
        let asked = RwSignal::new(is_wide());
        // A phone shows the rows first.
        Effect::new(move |_| {
            if !asked.get_untracked() {
                set_timeout(
                    move || {
                        let _gone = asked.try_set(true);
                    },
                    AFTER_ROWS,
                );
            }
        });
        let ground = LocalResource::new(move || {
            let asked = asked.get();
            async move {
                if asked {
                    Some(load_ground(version).await.map(Arc::new))
                } else {
                    None
                }
            }
        });
        Effect::new(move |_| {
            ground.with(|found| {
                if let Some(Some(Ok(ground))) = found {
                    board.keep_expected(ground);
                }
            });
        });
        Self {
            asked,
            ground,
            glance: RwSignal::new(None),
            moved: RwSignal::new(None),
            is_open: RwSignal::new(is_wide()),
            judged: RwSignal::new(None),
            limits: RwSignal::new(Limits::default()),
            card: RwSignal::new(None),
        }
    }
}

/// How hard targets press, whether the whole is reached, and how unevenly: in one line over the panels, wherever these are scrolled
/// to.
#[component]
pub(super) fn FairnessGlance(fair: Fair) -> impl IntoView {
    let i18n = use_i18n();
    let glance = fair.glance;
    when(
        move || glance.with(Option::is_some),
        move || {
            let figure = move |read: fn(&Glance) -> Option<f64>| {
                move || format::ratio_percent(glance.with(|glance| glance.as_ref().and_then(read)))
            };
            let whole_class = move || {
                let chance = glance.with(|glance| glance.as_ref().map(|glance| glance.whole));
                format!("strong {}", chance.map_or("", tone))
            };
            let whole = move || {
                let chance = glance.with(|glance| glance.as_ref().map(|glance| glance.whole));
                chance.map_or_else(|| format::NONE.to_owned(), format::chance)
            };
            view! {
                <dl class="glance sm" aria-label=t!(i18n, fairness.title)>
                    <div>
                        <dt class="muted">{t!(i18n, rows.glance_stretch)}</dt>
                        <dd class="strong" data-glance="stretch">{figure(|glance| glance.stretch)}</dd>
                    </div>
                    <div>
                        <dt class="muted">{t!(i18n, rows.glance_whole)}</dt>
                        <dd class=whole_class data-glance="whole">{whole}</dd>
                    </div>
                    <div>
                        <dt class="muted">{t!(i18n, rows.glance_gini)}</dt>
                        <dd class="strong" data-glance="gini">{figure(|glance| glance.gini)}</dd>
                    </div>
                </dl>
            }
            .into_any()
        },
    )
}

/// The panel.
#[component]
pub(super) fn FairnessPanel(board: Board, fair: Fair) -> impl IntoView {
    let i18n = use_i18n();
    let opened = is_wide();
    let version = board.version();
    let Fair {
        asked,
        ground,
        is_open,
        ..
    } = fair;
    // What stood before is asked for once somebody looks at it.
    let seen = RwSignal::new(opened);
    view! {
        <details
            class="panel fairness"
            open=opened
            // Also told of when it begins open.
            on:toggle=move |event| {
                let is_unfolded = event_target::<leptos::web_sys::Element>(&event).has_attribute("open");
                let _gone = is_open.try_set(is_unfolded);
                for first in [asked, seen] {
                    // A moment later: the grid may be gone.
                    if first.try_get_untracked() == Some(false) {
                        first.set(true);
                    }
                }
            }
        >
            <summary class="row between">
                <h2>{t!(i18n, fairness.title)}</h2>
                <span class="sm muted">{t!(i18n, fairness.hint)}</span>
            </summary>
            {move || match ground.get() {
                None | Some(None) => view! { <Skeleton /> }.into_any(),
                Some(Some(Ok(ground))) => view! { <Shown board=board ground=ground fair=fair /> }.into_any(),
                Some(Some(Err(error))) => view! { <ErrorView error=error /> }.into_any(),
            }}
            {when(move || seen.get(), move || view! { <Beside version=version /> }.into_any())}
        </details>
    }
}

#[component]
fn Shown(board: Board, ground: Arc<Ground>, fair: Fair) -> impl IntoView {
    let i18n = use_i18n();
    if !ground.known {
        return view! {
            <p class="sm muted" data-fairness="unknown">{t!(i18n, fairness.no_history)}</p>
            <a class="sm" href="/data/import">{t!(i18n, fairness.no_history_action)}</a>
        }
        .into_any();
    }
    let (may_limit, unknown) = (ground.may_limit, ground.unknown.len() as u64);
    let in_work = board.about(|open| open.status.is_in_work());
    let may_anyway = in_work && may(Permission::ManageOrganization);
    // Limits are of the whole plan: a part may be beyond what all together keep.
    let is_whole = board.about(|open| open.offset == 0);
    let many = ground.people.len() > FEW_PEOPLE;
    let Fair {
        glance,
        moved,
        is_open,
        judged,
        limits,
        ..
    } = fair;
    limits.set(ground.limits.clone());
    let ground = StoredValue::new(ground);
    let shown = live::Shown {
        glance,
        moved,
        is_open,
    };
    Judge::follow(board, ground, (shown, judged), many);
    live::follow(board, ground, shown);
    let beyond = move |judged: &Judged| -> Vec<Breach> {
        if is_whole {
            limits.with(|limits| breaches(&judged.report, limits, &Settings::default()))
        } else {
            Vec::new()
        }
    };
    let shown = move || {
        judged.with(|judged| match judged {
            None => view! { <Skeleton /> }.into_any(),
            Some(Ok(judged)) => figures::shown(judged, &beyond(judged), board, fair, i18n),
            Some(Err(error)) => view! { <p class="sm muted">{why_not(error, i18n)}</p> }.into_any(),
        })
    };
    let blocked = move || {
        judged.with(|judged| {
            let judged = judged.as_ref().and_then(|judged| judged.as_ref().ok());
            let found = judged.map(beyond).unwrap_or_default();
            found.iter().any(|breach| breach.severity == Severity::Block)
        })
    };
    view! {
        {shown}
        {may_anyway.then(|| when(blocked, move || view! { <Anyway board=board review=board.about(|open| open.review) /> }.into_any()))}
        {(unknown > 0).then(|| view! {
            <p class="sm muted">
                {move || t_string!(i18n, fairness.unknown, count = format::count(unknown)).to_string()}
            </p>
        })}
        {may_limit.then(|| view! { <LimitForm board=board limits=limits /> })}
    }
    .into_any()
}

/// Why there are no figures.
fn why_not(error: &FairnessError, i18n: Words) -> &'static str {
    match error {
        FairnessError::Nobody | FairnessError::NoTarget => t_string!(i18n, fairness.nobody),
        FairnessError::Target { .. } | FairnessError::Outlook { .. } | FairnessError::Levels { .. } => {
            t_string!(i18n, fairness.not_judged)
        }
    }
}
