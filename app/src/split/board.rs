//! The open plan in the browser: signals to read, verbs to write.
//!
//! The amounts live outside of the reactive system, because there may be 100,000 rows: one `tick` tells the few rows in
//! sight to read again; a frame of a drag tells no more than the rows that move (`frame`). The state is what the server confirmed plus what is still on its way (`pending`): on news the
//! pending changes are taken back, the news applied, and the pending ones done again (architecture, invariant 6).

mod aims;
mod beside;
mod cells;
mod changes;
mod followed;
mod frame;
mod held;
mod lines;
mod look;
mod names;
mod news;
mod others;
mod quarters;
mod sheet;
mod state;
mod typed;

use std::collections::{HashSet, VecDeque};

use domain::id::{UserId, VersionId};
use domain::level::{Given, Level};
use domain::money::{Currency, Minor};
use domain::negotiation::Subject;
use domain::plan::{Basis, Constraint, Grid, NodeIndex, PeriodIndex, Shape};
use domain::split::{self, Against, InForce, Only, OpenGrid, OwnRows, Stacks};
use domain::why::Other;
use leptos::prelude::*;

use super::jump::Jump;
use super::preview::{How, Overlay};
use super::why::beside::Part;
use aims::Aims;
use beside::Beside;
use followed::{Frames, Told};
use held::Held;
use lines::LineColumns;
use news::Marks;
use others::Others;
use quarters::QuarterFields;
use state::State;

pub(super) use aims::Stamp;
pub(super) use cells::Pasting;
pub(super) use held::Base;
pub use lines::Columns;
pub(super) use lines::{KeptLines, LineChange, LineStep, LineTask, NoLine, NoLines, RefusedLine};
pub(super) use look::{Look, QUARTERS};
pub(super) use names::UNNAMED;
pub(super) use news::Mark;
pub(super) use quarters::{AskedQuarter, QuarterOfRow};
pub(super) use sheet::{Block, Column, place_of};
pub(super) use state::Change;

/// A place of the grid: a row and a period, or the row's total.
pub(super) type Place = (NodeIndex, Option<PeriodIndex>);

/// A row and one of its numbers that can be negotiated.
pub(super) type Number = (NodeIndex, Subject);

/// The open plan.
#[derive(Clone, Copy)]
pub struct Board {
    state: StoredValue<State, LocalStorage>,
    tick: RwSignal<u32>,
    /// Counts frames of drags, which `tick` does not: they tell the rows that move.
    framed: RwSignal<u32>,
    /// Whether a hand drags an amount; told each time one lets go, too.
    dragged: RwSignal<bool>,
    /// Whom frames of drags tell.
    frames: StoredValue<Frames, LocalStorage>,
    /// Counts changes of the grid itself; `tick` also counts what is only shown.
    settled: RwSignal<u32>,
    /// How an amount is changed.
    pub(super) how: RwSignal<How>,
    /// What the amounts are held against.
    pub against: RwSignal<Against>,
    /// Which of floor, target, stretch and challenge the amounts are.
    pub(super) aim: RwSignal<Level>,
    /// What was decided of those levels.
    pub(super) decided: RwSignal<Given>,
    /// Which rows have something else on them.
    pub(super) own_rows: RwSignal<OwnRows>,
    /// The level that the tree was unfolded to last, by its name; empty where rows were folded one by one since.
    pub level: RwSignal<String>,
    /// The row with the focus.
    pub selected: RwSignal<NodeIndex>,
    /// What of the row has the focus.
    pub column: RwSignal<Column>,
    /// Where the marked block begins, which ends at the focus.
    anchor: RwSignal<Option<(NodeIndex, usize)>>,
    /// The marked block.
    pub(super) block: Memo<Option<Block>>,
    /// The place being typed into, and what the field starts with.
    pub editing: RwSignal<Option<(Place, String)>>,
    /// What was typed into places and is no amount: it stays there until it is made right or given up.
    pub wrong: RwSignal<Vec<(Place, String)>>,
    /// The place whose menu is open.
    pub menu: RwSignal<Option<Place>>,
    /// Whether the list of all keys is open.
    pub(super) keys_shown: RwSignal<bool>,
    /// The number of the row that the keyboard is on its way to.
    pub(super) jump: StoredValue<Option<Jump>>,
    /// What is sought among the names, as typed.
    pub seek: RwSignal<String>,
    /// What is being pasted; none while nothing is.
    pub pasting: RwSignal<Option<Pasting>>,
    /// The place whose why-card is open.
    pub why: RwSignal<Option<Place>>,
    /// The figure beside the total that its why-card was opened from.
    pub(super) why_part: RwSignal<Option<Part>>,
    /// The quarter of a row whose card is open.
    pub(super) quarter_card: RwSignal<Option<AskedQuarter>>,
    /// What is typed into quarters.
    quarter_fields: QuarterFields,
    /// The figure beside an amount whose card is open.
    pub why_other: RwSignal<Option<(Place, Other)>>,
    /// Why what is changed next is changed, in the words of who changes it; empty: nothing is said.
    pub reason: RwSignal<String>,
    /// Changes on their way to the server.
    pub unsaved: RwSignal<usize>,
    /// The server was not reached: what is unsaved is sent again later.
    pub offline: RwSignal<bool>,
    /// What others changed just now.
    others: RwSignal<Others>,
    /// The columns of lines.
    lines: LineColumns,
    /// Counts names that came.
    named: RwSignal<u32>,
    /// Names that were asked for did not come.
    names_failed: RwSignal<bool>,
    /// The rows that exist in the page; a drag works out no others.
    pub rows_in_sight: RwSignal<Vec<NodeIndex>>,
    /// Those of them that are within the grid's window: others are drawn for when they are scrolled to.
    in_view: StoredValue<HashSet<NodeIndex>>,
}

impl Board {
    /// Opens what the server sent; regions and teams are unfolded, members of small plans too.
    pub(super) fn new(open: OpenGrid) -> Self {
        let expanded = split::unfolded_at_first(open.grid.shape());
        let lines = LineColumns::new();
        let pages = names::pages(open.grid.shape());
        let mut state = State {
            open,
            pages,
            pending: VecDeque::new(),
            made: Vec::new(),
            expanded,
            filter: String::new(),
            only: Only::default(),
            sort: None,
            wanted: None,
            rows: Vec::new(),
            overlay: None,
            blocking: Vec::new(),
            marks: Marks::default(),
            beside: Beside::new(),
            held: Held::new(),
            aims: Aims::new(),
            lines,
        };
        state.mark();
        state.layout(Against::default());
        let state = StoredValue::new_local(state);
        let selected = RwSignal::new(NodeIndex(0));
        let column = RwSignal::new(Column::default());
        let anchor = RwSignal::new(None);
        Self {
            state,
            tick: RwSignal::new(0),
            framed: RwSignal::new(0),
            dragged: RwSignal::new(false),
            frames: StoredValue::new_local(Frames::default()),
            settled: RwSignal::new(0),
            how: RwSignal::new(How::default()),
            against: RwSignal::new(Against::default()),
            aim: RwSignal::new(Level::Target),
            decided: RwSignal::new(Given::default()),
            own_rows: RwSignal::new(OwnRows::default()),
            level: RwSignal::new(String::new()),
            selected,
            column,
            anchor,
            block: sheet::block(state, anchor, selected, column),
            editing: RwSignal::new(None),
            wrong: RwSignal::new(Vec::new()),
            menu: RwSignal::new(None),
            keys_shown: RwSignal::new(false),
            jump: StoredValue::new(None),
            seek: RwSignal::new(String::new()),
            pasting: RwSignal::new(None),
            why: RwSignal::new(None),
            why_part: RwSignal::new(None),
            quarter_card: RwSignal::new(None),
            quarter_fields: QuarterFields::new(),
            why_other: RwSignal::new(None),
            reason: RwSignal::new(String::new()),
            unsaved: RwSignal::new(0),
            offline: RwSignal::new(false),
            others: RwSignal::new(Others::new()),
            lines,
            named: RwSignal::new(0),
            names_failed: RwSignal::new(false),
            rows_in_sight: RwSignal::new(Vec::new()),
            in_view: StoredValue::new(HashSet::new()),
        }
    }

    /// The rows in sight of scrolling, from top to bottom; tracks changes.
    pub(super) fn rows(&self) -> Vec<NodeIndex> {
        self.tick.track();
        self.state.with_value(|state| state.rows.clone())
    }

    /// Reads what the server sent about the version: name, periods, people.
    pub(super) fn about<T>(&self, read: impl FnOnce(&OpenGrid) -> T) -> T {
        self.state.with_value(|state| read(&state.open))
    }

    /// The version.
    pub(super) fn version(&self) -> VersionId {
        self.about(|open| open.version)
    }

    /// The sequence number up to which the state is confirmed.
    pub(super) fn head(&self) -> u64 {
        self.about(|open| open.head)
    }

    /// Where a row of this grid stands in the whole version.
    pub(super) fn whole_index(&self, node: NodeIndex) -> NodeIndex {
        NodeIndex(node.0 + self.about(|open| open.offset))
    }

    /// The currency of every amount.
    pub(super) fn currency(&self) -> Currency {
        self.about(|open| open.currency.clone())
    }

    /// Whether this person may change this version.
    pub(super) fn may_edit(&self) -> bool {
        self.about(|open| open.may_edit)
    }

    /// Reads the tree.
    pub(super) fn shape<T>(&self, read: impl FnOnce(&Shape) -> T) -> T {
        self.about(|open| read(open.grid.shape()))
    }

    /// Reads the grid as it is without the drag; does not track.
    pub(super) fn grid<T>(&self, read: impl FnOnce(&Grid) -> T) -> T {
        self.about(|open| read(&open.grid))
    }

    /// The amount to show: the one under the pointer while dragging. Tracks changes.
    pub(super) fn amount(&self, place: Place) -> Minor {
        self.track_place(place);
        self.state.with_value(|state| state.amount(place))
    }

    /// Follows whatever changes what is shown, a drag too.
    pub(super) fn track_shown(&self) {
        self.tick.track();
        self.framed.track();
    }

    /// Follows changes of the grid itself, not what a drag only shows.
    pub(super) fn track_settled(&self) {
        self.settled.track();
    }

    /// Reads the tree, where it stands in the whole version, and the total of any row as it is shown: while dragging that of
    /// the rows in sight is the one under the pointer. Does not track.
    pub(super) fn with_shown<T>(
        &self,
        read: impl FnOnce(&Shape, u32, &dyn Fn(NodeIndex) -> Minor) -> T,
    ) -> T {
        self.state.with_value(|state| {
            let grid = &state.open.grid;
            let total = |node: NodeIndex| {
                let preview = state
                    .overlay
                    .as_ref()
                    .and_then(|overlay| overlay.amount((node, None)));
                preview.unwrap_or_else(|| grid.amount(node, None))
            };
            read(grid.shape(), state.open.offset, &total)
        })
    }

    /// The share of a basis in the split of the whole, millionths; none where nothing is known of it. Tracks changes.
    pub(super) fn share_ppm(&self, of: Basis) -> Option<u32> {
        self.settled.track();
        self.about(|open| {
            let found = open.bases.iter().find(|basis| basis.basis == of);
            found.map(|basis| basis.share_ppm)
        })
    }

    /// How the split of the whole went beside its shares; tracks changes.
    pub(super) fn in_force(&self) -> InForce {
        self.settled.track();
        self.about(|open| open.in_force.clone())
    }

    /// What the row had when the draft was started.
    pub(super) fn start(&self, node: NodeIndex) -> Minor {
        self.about(|open| open.start.get(node.0 as usize).copied().unwrap_or_default())
    }

    /// What the row did in the comparable period.
    pub(super) fn history(&self, node: NodeIndex) -> Option<Minor> {
        self.about(|open| open.history.get(node.0 as usize).copied().flatten())
    }

    /// What holds a place; tracks changes.
    pub(super) fn constraint(&self, (node, period): Place) -> Constraint {
        self.follow(node, Told::Shown);
        self.grid(|grid| grid.constraint(node, period))
    }

    /// The same, where nothing of it is asked again while somebody drags: a drag moves no bound.
    pub(super) fn settled_constraint(&self, (node, period): Place) -> Constraint {
        self.follow(node, Told::Settled);
        self.grid(|grid| grid.constraint(node, period))
    }

    /// Whether the last refusal named this row; tracks changes.
    pub(super) fn is_blocking(&self, node: NodeIndex) -> bool {
        self.track_row(node);
        self.state.with_value(|state| state.blocking.contains(&node))
    }

    /// Whether the rows below the row are listed; none where nothing lies below. Tracks changes.
    pub(super) fn is_expanded(&self, node: NodeIndex) -> Option<bool> {
        self.follow(node, Told::Shown);
        self.state.with_value(|state| {
            let leaf = state.open.grid.shape().is_leaf(node);
            (!leaf).then(|| state.is_unfolded(node))
        })
    }

    /// Whether rows can be folded: not while only some are listed. Tracks changes.
    pub(super) fn can_fold(&self) -> bool {
        self.tick.track();
        self.state.with_value(|state| state.wanted.is_none())
    }

    /// Whether what is shown is a frame of a drag, which works out the rows in sight only. Does not track.
    pub(super) fn is_dragged(&self) -> bool {
        self.state
            .with_value(|state| state.overlay.as_ref().is_some_and(Overlay::is_frame))
    }

    /// How many own changes can be undone and redone; tracks changes.
    pub(super) fn undoable(&self) -> Stacks {
        self.tick.track();
        self.about(|open| open.undoable)
    }

    /// The name of a person who changed something.
    pub(super) fn person(&self, id: UserId) -> String {
        self.about(|open| open.people.get(&id).cloned().unwrap_or_default())
    }

    /// Who signed the lock of a place, if it is locked.
    pub(super) fn locked_by(&self, place: Place) -> Option<String> {
        let lock = self.constraint(place).lock?;
        Some(self.person(lock))
    }

    /// Rows in all.
    pub(super) fn all_rows(&self) -> usize {
        self.shape(Shape::len)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        self.state.update_value(change);
        self.refresh();
    }
}
