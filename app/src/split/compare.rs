//! How the amounts of periods compare with last year or with the plan of record: asked for the rows in sight only, when scrolling
//! has come to rest.

use std::time::Duration;

use domain::format;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{CellBase, Compared, Difference};
use domain::why::Other;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use leptos::task::spawn_local;

use super::board::{Base, Board, Column, Place};
use super::why::other::Asking;
use crate::error::AppError;
use crate::words::{Words, t_string, use_i18n};

/// How long nothing was scrolled before something is fetched.
const PAUSE: Duration = Duration::from_millis(120);

/// What the periods of some rows of a version are held against. It travels as columns.
#[server(prefix = "/api/app", endpoint = "split/compared", input = Json, output = Postcard)]
pub async fn load_compared(
    version: VersionId,
    against: CellBase,
    nodes: Vec<NodeIndex>,
) -> Result<Compared, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.compared(&scope, version, against, &nodes).await)
}

/// Fetches what the periods of the rows in sight are held against, each once until they are held against something else.
pub(super) fn follow(board: Board) {
    let version = board.version();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        board.rows_in_sight.track();
        let against = board.cell_base();
        board.hold_cells(against);
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        if let Some(against) = against {
            let later = set_timeout_with_handle(move || ask(board, version, against), PAUSE);
            waiting.set_value(later.ok());
        }
    });
    on_cleanup(move || {
        if let Some(later) = waiting.try_update_value(Option::take).flatten() {
            later.clear();
        }
    });
}

/// Asks again about what did not come.
pub(super) fn again(board: Board) {
    if let Some(against) = untrack(|| board.cell_base()) {
        ask(board, board.version(), against);
    }
}

/// Asks about the rows in sight that nobody asked about yet, some at a time. What does not come is told of (`tools`).
fn ask(board: Board, version: VersionId, against: CellBase) {
    spawn_local(async move {
        loop {
            let rows = board.take_uncompared(against);
            if rows.is_empty() {
                return board.compared_came(against, true);
            }
            match load_compared(version, against, rows.clone()).await {
                Ok(found) => board.put_compared(against, &found),
                // The numbers can be worked on all the same; what went wrong is in the server's log.
                Err(_) => {
                    board.uncompare(against, &rows);
                    return board.compared_came(against, false);
                }
            }
        }
    });
}

/// How an amount of a period compares: its change, as a part where there is one, with a sign, and the whole of it in words.
#[component]
pub(super) fn CellChange(
    board: Board,
    place: Place,
    /// What it is held against.
    against: CellBase,
    cell: Callback<Minor, String>,
    full: Callback<Minor, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let asking = Asking::new();
    // What it is held against is told; two clicks type into the cell, as on the amount beside it.
    let ask = move || {
        if board.editing.get_untracked().is_none() {
            board.why_other.set(Some((place, other(against))));
        }
    };
    move || {
        let held = board.held(place)?;
        let is_known = matches!(held, Base::Amount(_));
        let (class, text, words) = match held {
            Base::Nothing => {
                let words = match against {
                    CellBase::LastYear => t_string!(i18n, sheet.cell_new),
                    CellBase::Record => t_string!(i18n, sheet.cell_not_on_record),
                };
                let text = t_string!(i18n, sheet.cell_none);
                ("vs none muted", text.to_owned(), words.to_owned())
            }
            Base::Amount(base) => {
                let found = Difference::of(board.shown(place)?, base);
                let class = match found.change.0 {
                    1.. => "vs is-ahead",
                    0 => "vs muted",
                    ..0 => "vs is-behind",
                };
                let text = found
                    .ratio
                    .map_or_else(|| signed(found.change, cell), format::percent_change);
                (class, text, words(found, base, against, full, i18n))
            }
        };
        let said = words.clone();
        let inside = view! {
            <span aria-hidden="true">{text}</span>
            <span class="sr">{said}</span>
        };
        if !is_known {
            return Some(view! { <span class=class title=words>{inside}</span> }.into_any());
        }
        let button = view! {
            <button
                type="button"
                class=format!("figure-button {class}")
                style=("width", "auto")
                tabindex="-1"
                title=words
                on:click=move |event| {
                    event.stop_propagation();
                    board.focus(place.0, Column::Cell(place.1), event.shift_key());
                    asking.click(event.detail(), ask);
                }
            >
                {inside}
            </button>
        };
        Some(button.into_any())
    }
}

/// The figure that an amount is held against.
pub(super) fn other(against: CellBase) -> Other {
    match against {
        CellBase::LastYear => Other::LastYear,
        CellBase::Record => Other::Record,
    }
}

/// An amount with its sign.
pub(super) fn signed(amount: Minor, write: Callback<Minor, String>) -> String {
    let text = write.run(amount);
    if amount.0 > 0 { format!("+{text}") } else { text }
}

/// The base and the change from it, with all their digits.
pub(super) fn words(
    found: Difference,
    base: Minor,
    against: CellBase,
    full: Callback<Minor, String>,
    i18n: Words,
) -> String {
    let mut change = signed(found.change, full);
    if let Some(ratio) = found.ratio {
        change = format!("{change} · {}", format::percent_change(ratio));
    }
    let base = full.run(base);
    match against {
        CellBase::LastYear => t_string!(i18n, sheet.cell_last_year, base = base, change = change).to_string(),
        CellBase::Record => t_string!(i18n, sheet.cell_record, base = base, change = change).to_string(),
    }
}
