//! Cards of other figures of a row than its amount: what lies below beyond it, what it is held against, how much of it is to come
//! from a line.

use std::time::Duration;

use domain::format;
use domain::id::{NodeId, VersionId};
use domain::line::LineBy;
use domain::line::rows::LineHead;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::CellBase;
use domain::why::{Other, Why};
use leptos::prelude::*;

use super::Steps;
use crate::error::AppError;
use crate::split::board::{Base, Board, Columns, Place};
use crate::split::compare::other;
use crate::split::focus;
use crate::split::line_cell;
use crate::split::line_columns::period_name;
use crate::split::lines::label;
use crate::split::lines::table::named;
use crate::ui::{Button, ButtonSize, Dialog, DialogPlace, ErrorView, Skeleton, when};
use crate::words::{Words, t, t_string, use_i18n};

/// How long the second click of two may take.
const SECOND_CLICK: Duration = Duration::from_millis(250);

/// Why another figure of a row than its amount is what it is.
#[server(prefix = "/api/app", endpoint = "split/why-other", input = server_fn::codec::Json)]
pub async fn why_other(
    version: VersionId,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    other: Other,
) -> Result<Why, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.why_other(&scope, version, node, period, other).await)
}

/// Why so much of a number that the person who asks carries is to come from a line.
#[server(prefix = "/api/app", endpoint = "my-target/why-line", input = server_fn::codec::Json)]
pub async fn why_own_line(
    version: VersionId,
    node: NodeId,
    by: LineBy,
    key: String,
) -> Result<Why, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.why_own_line(&scope, version, node, by, &key).await)
}

/// A click asks and two clicks do something else: asks once the second one did not come.
#[derive(Clone, Copy)]
pub(in crate::split) struct Asking(StoredValue<Option<TimeoutHandle>>);

impl Asking {
    /// Nobody asks yet.
    pub(in crate::split) fn new() -> Self {
        let asking = Self(StoredValue::new(None));
        // What was clicked may be gone, or made anew, before the second click could come.
        on_cleanup(move || asking.stop());
        asking
    }

    /// Nobody asks any more.
    fn stop(self) {
        if let Some(before) = self.0.try_update_value(Option::take).flatten() {
            before.clear();
        }
    }

    /// Takes in a click; `clicks`: how many there were in quick succession.
    pub(in crate::split) fn click(self, clicks: i32, ask: impl FnOnce() + 'static) {
        self.stop();
        if clicks < 2 {
            self.0.set_value(set_timeout_with_handle(ask, SECOND_CLICK).ok());
        }
    }
}

/// The card of the figure that was asked for.
#[component]
pub(in crate::split) fn OtherCard(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(board.why_other.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && board.why_other.with_untracked(Option::is_some) {
            board.why_other.set(None);
            // What it was opened from, an item of a menu, is gone.
            focus::to_stop_if_nowhere();
        }
    });
    let title = move || {
        board
            .why_other
            .get()
            .map_or_else(String::new, |((node, _), other)| {
                format!("{} · {}", board.name(node), figure_name(board, &other, i18n))
            })
    };
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || {
                board
                    .why_other
                    .get()
                    .map(|((node, period), other)| {
                        let note = part_note(board, node, &other, i18n);
                        let line = match &other {
                            Other::Line { by, key } => Some((*by, key.clone())),
                            Other::Hedge | Other::LastYear | Other::Record => None,
                        };
                        let (version, whole) = (board.version(), board.whole_index(node));
                        view! {
                            {note.map(|words| view! { <p class="sm" data-part="line-part">{words}</p> })}
                            <Figure version=version node=whole period=period other=other />
                            {line.map(|(by, key)| view! { <LetGo board=board node=node by=by key=key /> })}
                        }
                    })
            }}
        </Dialog>
    }
}

/// The figures beside an amount of which something is told, as items of its menu.
#[component]
pub(in crate::split) fn OtherItems(board: Board, place: Place) -> impl IntoView {
    let i18n = use_i18n();
    untrack(|| figures(board, place))
        .into_iter()
        .map(|other| {
            let figure = untrack(|| figure_name(board, &other, i18n));
            view! {
                <button
                    type="button"
                    role="menuitem"
                    class="item"
                    on:click=move |_| {
                        board.menu.set(None);
                        board.why_other.set(Some((place, other.clone())));
                    }
                >
                    {move || t_string!(i18n, why.of_figure, figure = figure.clone()).to_string()}
                </button>
            }
        })
        .collect_view()
}

/// The figures beside an amount that are there.
fn figures(board: Board, place: Place) -> Vec<Other> {
    let (node, period) = place;
    let mut found = Vec::new();
    if board.grid(|grid| grid.hedge(node, period)) != Minor(0) {
        found.push(Other::Hedge);
    }
    let against = board.against.get_untracked().of_cells();
    if period.is_none() {
        if board.history(node).is_some() {
            found.push(Other::LastYear);
        }
        if against == Some(CellBase::Record) && board.base(node).is_some() {
            found.push(Other::Record);
        }
    } else if let (Some(against), Some(Base::Amount(_))) = (against, board.held(place)) {
        found.push(other(against));
    }
    found
}

/// The steps to a figure of a row.
#[component]
pub fn Figure(
    version: VersionId,
    /// The row, in the whole version.
    node: NodeIndex,
    period: Option<PeriodIndex>,
    other: Other,
) -> impl IntoView {
    let why: LocalResource<Result<Why, AppError>> = LocalResource::new(move || {
        let other = other.clone();
        async move { why_other(version, node, period, other).await }
    });
    view! {
        <Suspense fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match why.await {
                    Ok(why) => {
                        // A card of steps alone says nothing of formulas and peers.
                        let plain = why.formula.is_empty();
                        view! { <Steps why=why of=None plain=plain /> }.into_any()
                    }
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Lets a line go that somebody set, where it is a column in which it can be set.
#[component]
fn LetGo(board: Board, node: NodeIndex, by: LineBy, key: String) -> impl IntoView {
    let i18n = use_i18n();
    let key = StoredValue::new(key);
    let line = move || {
        key.with_value(|key| shown_line(board, by, key))
            .map(|(line, _)| line)
    };
    // Others may set it, or let it go, while the card is open.
    let is_set = move || {
        let cell = line().and_then(|line| board.line_cell(node, line));
        cell.is_some_and(|cell| cell.set.is_some()) && board.may_set_line(node)
    };
    when(is_set, move || {
        let press = move |_| {
            let line = line();
            board.why_other.set(None);
            if let Some(line) = line {
                line_cell::let_go(board, node, line);
            }
            // The card takes the button with it.
            focus::to_stop_if_nowhere();
        };
        view! { <Button size=ButtonSize::Small press=press>{t!(i18n, lines.back)}</Button> }.into_any()
    })
}

/// How much of the line the period that is shown has, and who set it, where the grid shows one: the steps below are to the whole of
/// it.
fn part_note(board: Board, node: NodeIndex, other: &Other, i18n: Words) -> Option<String> {
    let Other::Line { by, key } = other else {
        return None;
    };
    let (part, set, period) = untrack(|| {
        let (line, _) = shown_line(board, *by, key)?;
        let period = board.line_period()?;
        let set = board.line_cell_now(node, line).and_then(|cell| cell.set);
        Some((
            board.line_amount(node, line)?,
            set,
            period_name(board, period, i18n),
        ))
    })?;
    let full = |amount: Minor| format::full(amount, &board.currency());
    if let Some(set) = set {
        let set = line_cell::set_words(&set, &full(set.amount), i18n).join(" · ");
        return Some(t_string!(i18n, line_columns.part_set, period = period, set = set).to_string());
    }
    let amount = full(part);
    Some(t_string!(i18n, line_columns.part_of, amount = amount, period = period).to_string())
}

/// A line among the columns; none where they are of another dimension, which has lines of the same names.
fn shown_line(board: Board, by: LineBy, key: &str) -> Option<(u16, LineHead)> {
    let heads = board
        .line_heads()
        .filter(|_| board.columns_now() == Columns::Lines(by))?;
    heads.into_iter().find(|(_, head)| head.key == key)
}

/// What a figure is called.
fn figure_name(board: Board, other: &Other, i18n: Words) -> String {
    match other {
        Other::Hedge => t_string!(i18n, split.why_hedge).to_owned(),
        Other::LastYear => t_string!(i18n, why.of_last_year).to_owned(),
        Other::Record => t_string!(i18n, why.of_record).to_owned(),
        Other::Line { by, key } => {
            let head = untrack(|| shown_line(board, *by, key));
            head.map_or_else(|| label(*by, i18n).to_owned(), |(_, head)| named(&head, i18n))
        }
    }
}
