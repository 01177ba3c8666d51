//! Split: the tree of units and members with bars that are dragged; siblings give and take in the same frame.

mod address;
pub mod amount;
pub mod amount_field;
pub mod answers;
pub mod board;
pub mod bounds;
pub mod clipboard;
mod clock;
pub mod columns;
pub mod coming;
pub mod compare;
pub mod edit;
pub mod fairness;
pub mod figures;
mod focus;
pub mod grid;
pub mod handle;
pub mod head;
mod height;
pub mod instead;
mod jump;
pub(crate) mod key;
mod keys;
pub mod keys_help;
pub mod levels;
pub mod line_cell;
pub mod line_columns;
pub mod line_paste;
mod line_send;
pub mod lines;
pub mod menu;
pub mod news;
pub mod offer;
pub mod opening;
pub mod over_assign;
pub mod panel;
pub mod parts;
pub mod paste_form;
pub mod preview;
mod quarter_refusal;
pub mod quarters;
mod refusal;
pub mod row;
pub mod send;
pub mod send_to;
mod since;
pub mod talks;
pub mod tools;
pub mod trend;
mod typeahead;
pub mod unsaved;
mod ways;
pub mod weights;
mod whole;
pub mod why;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::event::Event;
use domain::id::{CommandId, NodeId, VersionId};
use domain::plan::{Intent, NodeIndex, PeriodIndex, PlanCommand};
use domain::publish::Looked;
use domain::split::{Applied, Frees, OpenGrid, Opening, PartNews};
#[cfg(feature = "ssr")]
use domain::split::{Back, Insist, Seen};
use domain::target::{Made, Published};
use domain::why::Why;
use leptos::prelude::*;
use leptos::server_fn::codec::{ByteStream, Json, Postcard, Streaming};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::frame::use_me;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::remark::Writing;
use crate::reserved::may;
use crate::ui::Skeleton;
use crate::wire::fetch;
use crate::words::{t, use_i18n};
use coming::Coming;
use instead::{Before, NoPlan, NotOpened};
use unsaved::Unsaved;
pub use why::ask::Of;
pub use why::{OfNumber, Steps};

/// The grid of a version; without one, of the draft in work or else the plan of record. Who leads several units gets the part below
/// one of them. It travels as columns, branch by branch (`domain::split::Joining`).
#[server(prefix = "/api/app", endpoint = "split/open", input = Json, output = Streaming)]
pub async fn open(
    version: Option<VersionId>,
    part: Option<NodeId>,
) -> Result<ByteStream<AppError>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let open = crate::error::answer(operations.open_work(&scope, version, part).await)?;
    coming::stream(open, FIRST_ROWS)
}

/// What rows of a grid are called that it did not bring, page by page; `top` is where its root stands in the whole version.
#[server(prefix = "/api/app", endpoint = "split/names", input = Json, output = Postcard)]
pub async fn names_on(version: VersionId, top: u32, pages: Vec<u32>) -> Result<Vec<Vec<String>>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.row_names(&scope, version, top, &pages).await)
}

/// Rows that are rendered on the server, and that come before the others.
#[cfg(feature = "ssr")]
const FIRST_ROWS: usize = 50;

/// The first rows of the grid that [`open`] answers.
#[server(prefix = "/api/app", endpoint = "split/first-rows", input = server_fn::codec::Json)]
pub async fn first_rows(
    version: Option<VersionId>,
    part: Option<NodeId>,
) -> Result<Option<Opening>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.first_rows(&scope, version, part, FIRST_ROWS).await)
}

/// Makes a change on the state at `base` and the later commands `own` of the same tab. Sent again under the same key, it is answered
/// and not done twice. What is by its `digest` what the tab made of it is not told cell by cell, and what else changed a lot is packed
/// where it is asked `lean`.
#[server(prefix = "/api/app", endpoint = "split/change", input = server_fn::codec::Json)]
pub async fn change(
    version: VersionId,
    base: u64,
    key: CommandId,
    command: PlanCommand,
    // A page from before an update does not say.
    #[server(default)] own: Option<Vec<u64>>,
    #[server(default)] digest: Option<u64>,
    #[server(default)] lean: bool,
) -> Result<Applied, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let seen = Seen { base, own };
    let done = operations.apply_seen(&scope, version, seen, Some(key), command, Insist::Ask);
    crate::error::answer(done.await.map(|applied| told(applied.brief(base, digest), lean)))
}

/// Takes the own last change back, or does it again; under the same key once. `at`: the head up to which what others did there since
/// was seen, to do it anyway. `frees`: places whose locks, floors and caps give way to it.
#[server(prefix = "/api/app", endpoint = "split/step", input = server_fn::codec::Json)]
pub async fn step(
    version: VersionId,
    base: u64,
    key: CommandId,
    intent: Intent,
    // A page from before an update does not say.
    #[server(default)] at: Option<u64>,
    #[server(default)] frees: Frees,
    #[server(default)] lean: bool,
) -> Result<Applied, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let back = Back {
        intent,
        insist: at.map_or(Insist::Ask, Insist::At),
        frees,
    };
    let done = operations.step_back(&scope, version, base, Some(key), back);
    crate::error::answer(done.await.map(|applied| told(applied, lean)))
}

/// An answer as it was asked for: whoever keeps the state before it takes large changes packed (`lean`), others are told cell by cell.
#[cfg(feature = "ssr")]
fn told(applied: Applied, lean: bool) -> Applied {
    if lean { applied.lean() } else { applied }
}

/// What happened after a sequence number.
#[server(prefix = "/api/app", endpoint = "split/news", input = server_fn::codec::Json)]
pub async fn news(
    version: VersionId,
    after: u64,
    // A page from before an update does not say.
    #[server(default)] lean: bool,
) -> Result<Applied, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let news = operations.changes_since(&scope, version, after).await;
    crate::error::answer(news.map(|applied| told(applied, lean)))
}

/// What changed after a sequence number in the part of a version below one of its rows: for who sees no more than that.
#[server(prefix = "/api/app", endpoint = "split/part-news", input = server_fn::codec::Json)]
pub async fn ask_part_news(
    version: VersionId,
    top: NodeIndex,
    after: u64,
    // A page from before an update does not say.
    #[server(default)] lean: bool,
) -> Result<PartNews, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let news = operations.part_changes_since(&scope, version, top, after).await;
    crate::error::answer(news.map(|news| if lean { news.lean() } else { news }))
}

/// Freezes a draft as plan of record, as whoever publishes has seen it.
#[server(prefix = "/api/app", endpoint = "split/publish", input = server_fn::codec::Json)]
pub async fn publish(version: VersionId, looked: Looked) -> Result<Published, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.publish_seen(&scope, version, Some(looked)).await)
}

/// A new draft from a frozen version.
#[server(prefix = "/api/app", endpoint = "split/branch", input = server_fn::codec::Json)]
pub async fn branch(version: VersionId) -> Result<Made, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.branch_version(&scope, version, None).await)
}

/// Why a number is what it is, in steps that sum to it.
#[server(prefix = "/api/app", endpoint = "split/why", input = server_fn::codec::Json)]
pub async fn why_of(
    version: VersionId,
    node: NodeIndex,
    period: Option<PeriodIndex>,
) -> Result<Why, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.why(&scope, version, node, period).await)
}

/// Where the grid of a version is.
pub(crate) fn address(version: VersionId) -> String {
    format!("/split?version={version}")
}

lazy_page!(SplitPage, page, part = work, needs = ReadPeople);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    // What is no id names no version: another one must not be opened in its place.
    let version = Memo::new(move |_| match map.with(|map| map.get("version")) {
        None => Ok(None),
        Some(id) => id.parse::<VersionId>().map(Some).map_err(|_| AppError::NotFound),
    });
    let named = move || version.get() != Ok(None);
    // Of several units that somebody leads, the one that is looked at.
    let part = Memo::new(move |_| map.with(|map| map.get("part")?.parse::<NodeId>().ok()));
    // The grid comes to the browser only, as there may be 100,000 rows; the server shows the first of them.
    let first = fetch(
        move || (version.get(), part.get()),
        |(version, part)| async move {
            // Only into the page that the server makes: the grid that the browser fetches begins with its first rows, and the same
            // opening would be read twice.
            if cfg!(feature = "ssr") {
                Some(match version {
                    Ok(version) => first_rows(version, part).await,
                    Err(error) => Err(error),
                })
            } else {
                None
            }
        },
    );
    let coming = Coming::new();
    let writing = Writing::new();
    let loaded = LocalResource::new(move || {
        let (version, part) = (version.get(), part.get());
        async move {
            let open = coming.fetch(version?, part).await?;
            // While the grid before still stands.
            if let Some(open) = &open {
                writing.turn_to(open.version);
            }
            Ok::<_, AppError>(open.map(Handed::new))
        }
    });
    let reload = Callback::new(move |()| loaded.refetch());
    // The version whose grid is open; none while one is fetched.
    let opened = StoredValue::new(None::<VersionId>);
    let live = use_live();
    // What is told of while a grid is on its way is not in it: it is asked for once the grid is there.
    let heard = StoredValue::new(BTreeMap::<VersionId, u64>::new());
    Effect::new(move |_| {
        if let Some(Event::PlanChanged { version, head, .. }) = live.last.get() {
            heard.update_value(|heard| {
                heard.insert(version, head);
            });
        }
    });
    // Heard by the page and not by the grid: a grid that is opened anew would hear again what it was opened anew for.
    Effect::new(move |before: Option<()>| {
        // Whether it may be changed is another answer now.
        let Some(Event::Published { version, .. } | Event::ReviewChanged { version }) = live.last.get()
        else {
            return;
        };
        let concerns = opened.get_value().is_none_or(|open| open == version);
        if before.is_some() && concerns {
            opened.set_value(None);
            reload.run(());
        }
    });
    // A grid is closed and opened anew now and then; what was made on it and is not in the plan stays with the page.
    let unsaved = Unsaved::new(use_me().and_then(|me| me.email).unwrap_or_default());
    view! {
        <Title text=t!(i18n, split.title) />
        {move || match loaded.get() {
            None => view! { <Before first=first named=Signal::derive(named) coming=coming /> }.into_any(),
            Some(Ok(Some(handed))) => {
                match handed.take() {
                    Some(open) => {
                        opened.set_value(Some(open.version));
                        let missed = heard.with_value(|heard| heard.get(&open.version).copied());
                        view! { <grid::Workplace open=open unsaved=unsaved reload=reload writing=writing missed=missed /> }
                            .into_any()
                    }
                    // It was taken out before: the page is made anew, and so is the grid.
                    None => {
                        reload.run(());
                        view! { <div class="content"><Skeleton /></div> }.into_any()
                    }
                }
            }
            Some(Ok(None)) => view! { <NoPlan /> }.into_any(),
            Some(Err(error)) => view! { <NotOpened error=error named=named() again=reload /> }.into_any(),
        }}
    }
}

/// A grid on its way into the page. It is taken out and not copied: a large one would be there twice.
#[derive(Clone)]
struct Handed(Arc<Mutex<Option<OpenGrid>>>);

impl Handed {
    fn new(open: OpenGrid) -> Self {
        Self(Arc::new(Mutex::new(Some(open))))
    }

    fn take(&self) -> Option<OpenGrid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
