//! Lines beside the grid: what the selected row and the rows below it are to bring of each product, category, channel or
//! account. Worked out by the server when the panel is open, and again when the numbers have changed and are saved.

pub mod cell;
pub mod fault;
pub mod table;

use std::time::Duration;

use domain::event::Event;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::rows::{LineAnswer, NewRowLine, RowLines, SeenLine};
use domain::money::Currency;
use domain::plan::{NodeIndex, PeriodIndex};
use leptos::ev;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use super::board::Board;
use crate::error::AppError;
use crate::live::{Connection, use_live};
use crate::ui::{Choice, ErrorView, Select, Skeleton, when};
use crate::words::{Words, t, t_string, use_i18n};
use table::LinesTable;

/// Numbers that change are waited for so long: one after the other is one question.
const SOON: Duration = Duration::from_millis(300);
/// Rows below the selected one that are shown at first, and more at each press.
const FIRST_ROWS: u32 = 50;
const MORE_ROWS: u32 = 200;

/// A row of a version and the rows below it by lines.
#[server(prefix = "/api/app", endpoint = "split/row-lines", input = Json)]
pub async fn load_row_lines(
    version: VersionId,
    node: NodeIndex,
    by: Option<LineBy>,
    most: u32,
) -> Result<Option<RowLines>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.row_lines(&scope, version, node, by, most).await)
}

/// Sets how much of a row of a draft is to come from a line.
#[server(prefix = "/api/app", endpoint = "split/row-line", input = Json)]
pub async fn set_row_line(version: VersionId, line: NewRowLine) -> Result<LineAnswer, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_row_line(&scope, version, line).await)
}

/// Lets a line of a row of a draft go, over the whole plan or in a period: it is proposed again.
#[server(prefix = "/api/app", endpoint = "split/row-line-free", input = Json)]
pub async fn free_row_line(
    version: VersionId,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    by: LineBy,
    key: String,
    seen: SeenLine,
) -> Result<LineAnswer, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let freed = operations.free_row_line(&scope, version, (node, period), (by, key.as_str()), seen);
    crate::error::answer(freed.await)
}

/// What was found.
type Found = Result<Option<RowLines>, AppError>;

/// What is asked for; with the state of the numbers it is asked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    node: NodeIndex,
    by: Option<LineBy>,
    most: u32,
    head: u64,
    heard: u64,
}

/// The panel's state.
#[derive(Clone, Copy)]
pub struct Ledger {
    board: Board,
    version: VersionId,
    currency: StoredValue<Currency>,
    opened: RwSignal<bool>,
    by: RwSignal<Option<LineBy>>,
    /// How many rows are shown, of which row.
    most: RwSignal<(NodeIndex, u32)>,
    shown: RwSignal<Option<Found>>,
    /// The cell that is typed into: its row and its line.
    editing: RwSignal<Option<(NodeIndex, String)>>,
    /// Counts what was heard of besides the grid's own changes.
    heard: RwSignal<u64>,
    fetched: StoredValue<Option<Asked>>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Ledger {
    fn new(board: Board) -> Self {
        Self {
            board,
            version: board.version(),
            currency: StoredValue::new(board.currency()),
            opened: RwSignal::new(false),
            by: RwSignal::new(None),
            most: RwSignal::new((NodeIndex(0), FIRST_ROWS)),
            shown: RwSignal::new(None),
            editing: RwSignal::new(None),
            heard: RwSignal::new(0),
            fetched: StoredValue::new(None),
            waiting: StoredValue::new(None),
        }
    }

    /// What to ask for now; nothing while the panel is folded, a change is on its way or a cell is typed into. Tracks changes.
    fn asked(&self) -> Option<Asked> {
        self.board.track_settled();
        let node = self.board.whole_index(self.board.selected.get());
        let (of, most) = self.most.get();
        let asked = Asked {
            node,
            by: self.by.get(),
            most: if of == node { most } else { FIRST_ROWS },
            head: self.board.head(),
            heard: self.heard.get(),
        };
        let is_typed = self.editing.with(Option::is_some);
        let is_saved = self.board.unsaved.get() == 0;
        (self.opened.get() && is_saved && !is_typed).then_some(asked)
    }

    /// Asks whenever there is something else to ask for, a moment later.
    fn follow(self) {
        Effect::new(move |_| {
            let asked = self.asked();
            if let Some(before) = self.waiting.try_update_value(Option::take).flatten() {
                before.clear();
            }
            let known = self.fetched.get_value();
            if let Some(asked) = asked.filter(|asked| known != Some(*asked)) {
                let later = set_timeout_with_handle(move || self.fetch(asked), SOON);
                self.waiting.set_value(later.ok());
            }
        });
        on_cleanup(move || {
            if let Some(later) = self.waiting.try_update_value(Option::take).flatten() {
                later.clear();
            }
        });
        // Lines of the whole and of rows, and the history they are proposed by, change without a change of the grid.
        let live = use_live();
        Effect::new(move |_| {
            let last = live.last.get();
            if matches!(last, Some(Event::AssumptionsChanged | Event::FactsChanged { .. })) {
                self.heard.update(|heard| *heard += 1);
            }
        });
        Effect::new(move |was: Option<Connection>| {
            let is = live.connection.get();
            if was == Some(Connection::Lost) && is == Connection::Open {
                self.heard.update(|heard| *heard += 1);
            }
            is
        });
    }

    fn fetch(self, asked: Asked) {
        self.fetched.set_value(Some(asked));
        spawn_local(async move {
            let found = load_row_lines(self.version, asked.node, asked.by, asked.most).await;
            // The page was left, or something else was asked for since.
            if self.fetched.try_with_value(|known| *known == Some(asked)) != Some(true) {
                return;
            }
            if self.editing.try_with_untracked(Option::is_some) != Some(false) {
                // The field is not taken away under the hand; it is asked again when it is closed.
                self.fetched.set_value(None);
                return;
            }
            let focused = focused_cell();
            let _left = self.shown.try_set(Some(found));
            if let Some(tag) = focused {
                request_animation_frame(move || focus_cell(&tag));
            }
        });
    }

    /// Shows more rows below a row.
    fn show_more(&self, node: NodeIndex, shown: usize) {
        let shown = u32::try_from(shown).unwrap_or(u32::MAX);
        self.most.set((node, shown.saturating_add(MORE_ROWS)));
    }

    /// Ends typing into a cell, which gets the focus back.
    fn close(&self, tag: String) {
        let _left = self.editing.try_set(None);
        request_animation_frame(move || focus_cell(&tag));
    }

    /// Something was set: everything is asked for anew.
    fn done(&self, tag: String) {
        self.close(tag);
        let _left = self.heard.try_update(|heard| *heard += 1);
    }
}

/// The cell that has the focus.
fn focused_cell() -> Option<String> {
    document().active_element()?.get_attribute("data-cell")
}

/// Puts the focus on a cell, where it is in the page.
fn focus_cell(tag: &str) {
    let cell = document().query_selector(&format!(".row-lines [data-cell=\"{tag}\"]"));
    if let Some(cell) = cell
        .ok()
        .flatten()
        .and_then(|cell| cell.dyn_into::<HtmlElement>().ok())
    {
        // Fails for nothing that can have the focus.
        drop(cell.focus());
    }
}

/// The panel; folded at first, and nothing is fetched before it is opened.
#[component]
pub(super) fn LinesPanel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let ledger = Ledger::new(board);
    ledger.follow();
    let toggle = move |event: ev::Event| {
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) = element {
            ledger.opened.set(element.has_attribute("open"));
        }
    };
    view! {
        <details class="panel row-lines" on:toggle=toggle>
            <summary class="row between">
                <h2>{t!(i18n, lines.title)}</h2>
                <span class="sm muted">{t!(i18n, lines.hint)}</span>
            </summary>
            {when(move || ledger.opened.get(), move || view! { <Inside ledger=ledger /> }.into_any())}
        </details>
    }
}

#[component]
fn Inside(ledger: Ledger) -> impl IntoView {
    let i18n = use_i18n();
    let known = Memo::new(move |_| {
        ledger.shown.with(|shown| match shown {
            Some(Ok(Some(lines))) => lines.known.clone(),
            _ => Vec::new(),
        })
    });
    let now = Signal::derive(move || {
        ledger.shown.with(|shown| match shown {
            Some(Ok(Some(lines))) => lines.by.as_str().to_owned(),
            _ => String::new(),
        })
    });
    let choices = Signal::derive(move || {
        let choice = |by: LineBy| Choice::new(by.as_str(), label(by, i18n));
        known.get().into_iter().map(choice).collect::<Vec<_>>()
    });
    view! {
        {when(
            move || known.with(|known| !known.is_empty()),
            move || {
                view! {
                    <Select
                        label=t!(i18n, lines.by)
                        name="lines-by"
                        choices=choices
                        value=now
                        compact=true
                        on_pick=Callback::new(move |picked: String| ledger.by.set(LineBy::parse(&picked)))
                    />
                }
                    .into_any()
            },
        )}
        {move || match ledger.shown.get() {
            None => view! { <Skeleton /> }.into_any(),
            Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
            Some(Ok(None)) => {
                view! {
                    <p class="sm muted" data-lines="none">{t!(i18n, lines.none)}</p>
                    <a class="sm" href="/data/import">{t!(i18n, lines.none_action)}</a>
                }
                    .into_any()
            }
            Some(Ok(Some(lines))) => view! { <LinesTable ledger=ledger lines=lines /> }.into_any(),
        }}
    }
}

/// What a dimension is called.
pub(crate) fn label(by: LineBy, i18n: Words) -> &'static str {
    match by {
        LineBy::Product => t_string!(i18n, target.by_product),
        LineBy::Category => t_string!(i18n, target.by_category),
        LineBy::Channel => t_string!(i18n, target.by_channel),
        LineBy::Account => t_string!(i18n, target.by_account),
    }
}
