//! What is known of rows beside their amounts: what they brought before, what can be expected of them, and which are being
//! negotiated. It comes later than the grid, and for some rows only.

use std::collections::{BTreeMap, HashMap};

use domain::calendar::Period;
use domain::fairness::{Expected, Ground, Outlook, Settings};
use domain::id::NegotiationId;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{MOST_TREND_ROWS, SortBy, Trend, Trends};
use leptos::prelude::*;

use super::state::State;
use super::{Board, Column, Number};

/// What is known of rows beside their amounts.
pub(super) struct Beside {
    /// Counts what came to be known. The grid's own count would draw every line again with each frame of a drag.
    told: RwSignal<u32>,
    /// What rows brought, asked for last, did not come.
    failed: RwSignal<bool>,
    /// The thread that somebody wants to see.
    sought: RwSignal<Option<NegotiationId>>,
    /// The number that somebody wants to negotiate.
    proposed: RwSignal<Option<Number>>,
    expected: Expected,
    quarters: Vec<Period>,
    /// By row; none while the answer is on its way.
    trends: HashMap<NodeIndex, Option<Trend>>,
    /// Rows with a thread that goes on.
    talks: BTreeMap<NodeIndex, NegotiationId>,
    /// The very numbers with one; none where nobody here may begin another.
    begun: Option<BTreeMap<Number, NegotiationId>>,
}

impl Beside {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            told: RwSignal::new(0),
            failed: RwSignal::new(false),
            sought: RwSignal::new(None),
            proposed: RwSignal::new(None),
            expected: Expected::default(),
            quarters: Vec::new(),
            trends: HashMap::new(),
            talks: BTreeMap::new(),
            begun: None,
        }
    }
}

impl State {
    /// The chance that a row reaches its total as it is shown; of a unit, as it is, while what is below it is not worked out.
    pub(super) fn chance(&self, node: NodeIndex) -> Option<f64> {
        let grid = &self.open.grid;
        let is_leaf = grid.shape().is_leaf(node);
        let total = |node: NodeIndex| -> Minor {
            let preview = self
                .overlay
                .as_ref()
                .filter(|overlay| is_leaf || !overlay.is_part())
                .and_then(|overlay| overlay.amount((node, None)));
            preview.unwrap_or_else(|| grid.amount(node, None))
        };
        self.beside.expected.chance(grid.shape(), node, total)
    }
}

impl Board {
    /// Follows what came to be known of rows.
    fn track_told(&self) {
        self.state.with_value(|state| state.beside.told).track();
    }

    /// Keeps something that came to be known; nothing where the grid was closed meanwhile.
    fn tell_of_rows(&self, keep: impl FnOnce(&mut State)) {
        let told = self.state.try_update_value(|state| {
            keep(state);
            state.beside.told
        });
        if let Some(told) = told {
            told.try_update(|count| *count = count.wrapping_add(1));
        }
    }

    /// Keeps what can be expected of the rows.
    pub(in crate::split) fn keep_expected(&self, ground: &Ground) {
        self.tell_of_rows(|state| {
            let (shape, offset) = (state.open.grid.shape(), state.open.offset);
            state.beside.expected = ground.expected(shape, offset, &Settings::default());
        });
        let by_chance = |state: &State| state.sort.is_some_and(|sort| sort.by == SortBy::Chance);
        if self.state.try_with_value(by_chance) == Some(true) {
            self.arrange(|_| {});
        }
    }

    /// The chance that a row reaches its total; none where nothing can be expected. Tracks changes.
    pub(in crate::split) fn chance(&self, node: NodeIndex) -> Option<f64> {
        self.track_told();
        self.track_row(node);
        // Of a unit, what is asked of those below it of whom nothing is known counts too.
        if !self.shape(|shape| shape.is_leaf(node)) {
            self.track_shown();
        }
        self.state.with_value(|state| state.chance(node))
    }

    /// What can be expected of a row; none where nothing can. Tracks changes.
    pub(in crate::split) fn outlook(&self, node: NodeIndex) -> Option<Outlook> {
        self.track_told();
        self.state.with_value(|state| state.beside.expected.outlook(node))
    }

    /// Rows in sight of which nobody asked yet what they brought, by their places in the whole version; they count as asked from
    /// now on. Does not track.
    pub(in crate::split) fn take_unasked(&self) -> Vec<NodeIndex> {
        let in_sight = self.rows_in_sight.try_get_untracked().unwrap_or_default();
        let unasked = self.state.try_update_value(|state| {
            let offset = state.open.offset;
            let asked = &mut state.beside.trends;
            let mut unasked = Vec::new();
            for node in in_sight {
                if unasked.len() < MOST_TREND_ROWS && !asked.contains_key(&node) {
                    asked.insert(node, None);
                    unasked.push(NodeIndex(node.0 + offset));
                }
            }
            unasked
        });
        unasked.unwrap_or_default()
    }

    /// Keeps what rows brought.
    pub(in crate::split) fn put_trends(&self, Trends { quarters, rows }: Trends) {
        self.tell_of_rows(|state| {
            let offset = state.open.offset;
            for trend in rows {
                if let Some(node) = trend.node.0.checked_sub(offset).map(NodeIndex) {
                    state.beside.trends.insert(node, Some(trend));
                }
            }
            // Where no row of a page is within reach, no quarters are told.
            if !quarters.is_empty() {
                state.beside.quarters = quarters;
            }
        });
    }

    /// Keeps whether all that was asked for of what the rows in sight brought has come.
    pub(in crate::split) fn trends_came(&self, came: bool) {
        if let Some(failed) = self.state.try_with_value(|state| state.beside.failed) {
            let _gone = failed.try_set(!came);
        }
    }

    /// Whether what rows in sight brought did not come; tracks it.
    pub(in crate::split) fn trends_failed(&self) -> bool {
        self.state.with_value(|state| state.beside.failed).get()
    }

    /// Rows whose question was not answered are asked about again: when somebody scrolls, or says so.
    pub(in crate::split) fn unask(&self, rows: &[NodeIndex]) {
        self.tell_of_rows(|state| {
            let offset = state.open.offset;
            for row in rows {
                if let Some(node) = row.0.checked_sub(offset).map(NodeIndex) {
                    state.beside.trends.remove(&node);
                }
            }
        });
    }

    /// Forgets what rows brought: there are other facts.
    pub(in crate::split) fn forget_trends(&self) {
        self.tell_of_rows(|state| state.beside.trends.clear());
    }

    /// Reads what a row brought, with the quarters it may have brought it in; none where nothing is known. Tracks changes.
    pub(in crate::split) fn trend<T>(
        &self,
        node: NodeIndex,
        read: impl FnOnce(&Trend, &[Period]) -> T,
    ) -> Option<T> {
        self.track_told();
        self.state.with_value(|state| {
            let trend = state.beside.trends.get(&node)?.as_ref()?;
            (!trend.amounts.is_empty()).then(|| read(trend, &state.beside.quarters))
        })
    }

    /// Marks the rows with a thread that goes on, in place of those that were marked before.
    pub(in crate::split) fn mark_talks(&self, talks: BTreeMap<NodeIndex, NegotiationId>) {
        self.tell_of_rows(|state| state.beside.talks = talks);
    }

    /// The thread about a row that goes on; tracks changes.
    pub(in crate::split) fn talk(&self, node: NodeIndex) -> Option<NegotiationId> {
        self.track_told();
        self.state
            .with_value(|state| state.beside.talks.get(&node).copied())
    }

    /// Somebody wants to see a thread.
    pub(in crate::split) fn seek_talk(&self, id: NegotiationId) {
        self.state.with_value(|state| state.beside.sought).set(Some(id));
    }

    /// The thread that somebody wants to see; tracks it.
    pub(in crate::split) fn sought_talk(&self) -> Option<NegotiationId> {
        self.state.with_value(|state| state.beside.sought).get()
    }

    /// Threads can be begun here, but about numbers that have one; none: they cannot.
    pub(in crate::split) fn offer_talks(&self, begun: Option<BTreeMap<Number, NegotiationId>>) {
        self.state.try_update_value(|state| state.beside.begun = begun);
    }

    /// The thread about exactly this number that goes on. Does not track.
    pub(in crate::split) fn talk_at(&self, number: Number) -> Option<NegotiationId> {
        self.state
            .with_value(|state| state.beside.begun.as_ref()?.get(&number).copied())
    }

    /// Whether a thread can be begun about a number. Does not track.
    pub(in crate::split) fn may_propose(&self, number: Number) -> bool {
        self.state.with_value(|state| {
            let begun = state.beside.begun.as_ref();
            begun.is_some_and(|begun| !begun.contains_key(&number))
        })
    }

    /// Somebody wants to negotiate a number: its row gets the focus.
    pub(in crate::split) fn propose_for(&self, number: Number) {
        let (node, subject) = number;
        let first = subject.periods().next();
        let column = first.map_or(Column::Row, |period| self.column_of(period));
        self.focus(node, column, false);
        self.state
            .with_value(|state| state.beside.proposed)
            .set(Some(number));
    }

    /// The number that somebody wants to negotiate; tracks it.
    pub(in crate::split) fn proposed_for(&self) -> Option<Number> {
        self.state.with_value(|state| state.beside.proposed).get()
    }
}
