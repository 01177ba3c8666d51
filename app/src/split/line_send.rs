//! Lines that are set go to the server one after the other: each is decided on what was set before it. Nothing of it is lost: where
//! the server is not reached they are sent again, and what it does not take stays at its cell with the reason and the choice.

use std::time::Duration;

use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::rows::{LineAnswer, NewRowLine, SeenLine, SetByHand};
use domain::money::Minor;
use domain::plan::{Intent, NodeIndex};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::{Board, Columns, KeptLines, LineChange, LineStep, LineTask, NoLine, Place, RefusedLine};
use super::lines::{free_row_line, set_row_line};
use crate::error::AppError;
use crate::session::go_afresh;
use crate::sign_in::and_back;

/// The pause before a line whose answer did not come is sent again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A line of a row as it is wanted: set, or let go.
pub(super) struct WantedLine {
    /// The row; over the whole plan, or in a period.
    pub(super) place: Place,
    /// The line.
    pub(super) key: String,
    /// What is set; none: it is proposed again.
    pub(super) set: Option<SetByHand>,
}

impl WantedLine {
    /// A line that is set to an amount.
    pub(super) fn set(place: Place, key: String, amount: Minor) -> Self {
        let set = SetByHand {
            amount,
            by: String::new(),
            // What was set last gives way: the server says when it was.
            at_ms: i64::MAX,
            reason: None,
        };
        Self {
            place,
            key,
            set: Some(set),
        }
    }
}

/// Sets lines here at once and then at the server.
pub(super) fn enter(board: Board, wanted: Vec<WantedLine>) {
    let Columns::Lines(by) = board.columns_now() else {
        return;
    };
    let why = board.said_reason();
    let put = |WantedLine { place, key, set }: WantedLine| {
        let set = set.map(|set| set.because(why.as_deref()));
        let (node, period) = place;
        LineChange {
            node,
            before: board.put_line(by, place, &key, set.clone()),
            key,
            period,
            after: set,
        }
    };
    let changes = wanted.into_iter().map(put).collect();
    send(board, LineStep { by, changes }, None);
}

/// Takes lines back, or sets them again, where they are what comes next; false where the grid's own changes are.
pub(super) fn step(board: Board, intent: Intent) -> bool {
    let Some(LineStep { by, changes }) = board.take_step(intent) else {
        return false;
    };
    // What is taken back, or done again, is seen: it is all of one period, or of the whole plan.
    if let Some(change) = changes.first() {
        board.show_line_period(change.period);
    }
    // Each change as it would be made in the other direction. What it left is what is expected there: what somebody else set
    // since is not taken back unseen.
    let back = |change: LineChange| {
        board.put_line(by, change.place(), &change.key, change.before.clone());
        LineChange {
            node: change.node,
            key: change.key,
            period: change.period,
            before: change.after,
            after: change.before,
        }
    };
    let changes = changes.into_iter().rev().map(back).collect();
    send(board, LineStep { by, changes }, Some(intent));
    true
}

/// Does what was not taken again, on what is there now.
pub(super) fn again(board: Board, refused: RefusedLine) {
    let RefusedLine { by, change, why } = refused;
    board.put_line(by, change.place(), &change.key, change.after.clone());
    let before = match why {
        NoLine::Changed(changed) => changed.now,
        NoLine::Error(_) => change.before,
    };
    let change = LineChange {
        node: change.node,
        key: change.key,
        period: change.period,
        before,
        after: change.after,
    };
    let changes = vec![change];
    send(board, LineStep { by, changes }, None);
}

/// Takes up what the last grid of the version left.
pub(super) fn resume(board: Board, kept: KeptLines) {
    for task in board.take_up_lines(kept) {
        queue(board, task);
    }
}

fn send(board: Board, step: LineStep, intent: Option<Intent>) {
    board.forget_refused(step.by, &step.changes);
    let task = LineTask {
        step,
        done: Vec::new(),
        intent,
        at: board.own_changes(),
    };
    queue(board, task);
}

/// Sends something after what is under way.
fn queue(board: Board, task: LineTask) {
    if task.step.changes.is_empty() {
        return;
    }
    board.waiting_lines().borrow_mut().push_back(task);
    let busy = board.desk().busy;
    let is_under_way = busy.get_untracked() > 0;
    busy.update(|busy| *busy += 1);
    if !is_under_way {
        go_on(board, FIRST_PAUSE);
    }
}

/// Sends what waits, one after the other; what is not answered again after a pause.
fn go_on(board: Board, pause: Duration) {
    let whole = (board.version(), board.whole_index(NodeIndex(0)));
    spawn_local(async move {
        let mut pause = pause;
        while let Some((by, change)) = (!is_gone(board)).then(|| board.next_line()).flatten() {
            let answer = ask(whole, by, change).await;
            // What waits went with the page when the grid was closed; sent twice, it is done once.
            if is_gone(board) {
                return;
            }
            match answer {
                Err(AppError::Unreachable | AppError::Busy { .. }) => {
                    board.offline.set(true);
                    let next = (pause * 2).min(LONGEST_PAUSE);
                    set_timeout(
                        move || {
                            if !is_gone(board) {
                                go_on(board, next);
                            }
                        },
                        pause,
                    );
                    return;
                }
                // The tab keeps what waits, and it is sent after signing in.
                Err(AppError::SignIn) => return go_afresh(&and_back()),
                answer => {
                    pause = FIRST_PAUSE;
                    if board.offline.get_untracked() {
                        board.offline.set(false);
                    }
                    board.settle_line(answer);
                }
            }
        }
    });
}

/// Sends a line. `whole`: the version, and where the topmost row of the grid stands in it.
async fn ask(
    (version, top): (VersionId, NodeIndex),
    by: LineBy,
    change: LineChange,
) -> Result<LineAnswer, AppError> {
    let LineChange {
        node,
        key,
        period,
        before,
        after,
    } = change;
    let node = NodeIndex(top.0 + node.0);
    let seen = SeenLine::of(before.as_ref());
    match after {
        Some(set) => {
            let line = NewRowLine {
                node,
                by,
                key,
                period,
                amount: set.amount,
                reason: set.reason,
                seen,
            };
            set_row_line(version, line).await
        }
        None => free_row_line(version, node, period, by, key, seen).await,
    }
}

/// Whether the grid was closed meanwhile; its signals are gone then.
fn is_gone(board: Board) -> bool {
    board.desk().busy.try_get_untracked().is_none()
}
