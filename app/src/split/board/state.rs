//! What is kept of the open plan outside of the reactive system.

use std::borrow::Cow;
use std::collections::VecDeque;

use domain::id::CommandId;
use domain::money::Minor;
use domain::plan::{self, Back, Deltas, Entry, Grid, NodeIndex, PlanCommand, Refusal};
use domain::split::{Against, Applied, Large, Only, OpenGrid, PartNews, Sort, SortBy};
use leptos::prelude::GetUntracked;
use serde::{Deserialize, Serialize};

use super::Place;
use super::aims::Aims;
use super::beside::Beside;
use super::held::Held;
use super::lines::LineColumns;
use super::names::Page;
use super::news::Marks;
use crate::split::preview::Overlay;
use crate::words::folded;

/// Chances that differ by less than one in so many are in the order of the tree.
const CHANCE_STEPS: f64 = 1e9;

/// A change as it goes to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::split) struct Change {
    /// What it is called: sent again, it is not done twice.
    pub(in crate::split) key: CommandId,
    /// The last command that whoever made it had seen.
    pub(in crate::split) base: u64,
    /// What is to be done.
    pub(in crate::split) command: PlanCommand,
    /// Commands after the base that were made here before it, while it waited.
    #[serde(default)]
    pub(in crate::split) own: Vec<u64>,
}

/// A change that the server has not confirmed yet.
pub(super) struct Pending {
    pub(super) change: Change,
    /// What leads back from it; none once it was taken back.
    pub(super) back: Option<Back>,
    /// By what it is known again, where it changed a lot.
    pub(super) digest: Option<u64>,
}

impl Pending {
    /// Makes a change in a grid; gives it back where it is refused.
    pub(super) fn make(grid: &mut Grid, change: Change) -> Result<Self, Box<(Change, Refusal)>> {
        match plan::make(grid, &change.command) {
            Ok(back) => Ok(Self {
                digest: back.digest(grid),
                back: Some(back),
                change,
            }),
            Err(refusal) => Err(Box::new((change, refusal))),
        }
    }
}

/// What is kept outside of the reactive system.
pub(super) struct State {
    pub(super) open: OpenGrid,
    /// Whether the names are there, page by page.
    pub(super) pages: Vec<Page>,
    pub(super) pending: VecDeque<Pending>,
    /// Commands that were made here and are in the plan.
    pub(super) made: Vec<u64>,
    pub(super) expanded: Vec<bool>,
    pub(super) filter: String,
    pub(super) only: Only,
    pub(super) sort: Option<Sort>,
    /// What is listed while only some rows are: those, and what is above them, whatever is folded.
    pub(super) wanted: Option<Vec<bool>>,
    pub(super) rows: Vec<NodeIndex>,
    pub(super) overlay: Option<Overlay>,
    pub(super) blocking: Vec<NodeIndex>,
    pub(super) marks: Marks,
    pub(super) beside: Beside,
    pub(super) held: Held,
    pub(super) aims: Aims,
    pub(super) lines: LineColumns,
}

impl State {
    /// Lists the rows that folding and filter leave in sight, in their order. It stays until it is asked for again: a row does
    /// not jump away under the hand that changes it.
    pub(super) fn layout(&mut self, against: Against) {
        let shape = self.open.grid.shape();
        let found = |node: NodeIndex| sought(shape.name(node)).contains(&self.filter);
        let found: Option<&dyn Fn(NodeIndex) -> bool> = if self.filter.is_empty() {
            None
        } else {
            Some(&found)
        };
        let wanted = self.open.wanted(self.only, found);
        let figure = |node: NodeIndex, by: SortBy| match by {
            SortBy::Chance => self
                .chance(node)
                .map(|chance| (chance * CHANCE_STEPS).round() as i64),
            SortBy::Line(line) => self
                .lines
                .amount(&self.open.grid, node, line)
                .map(|amount| amount.0),
            by => self.open.figure(node, by, against),
        };
        let rows = self
            .open
            .rows_by(&self.expanded, wanted.as_deref(), self.sort, figure);
        self.wanted = wanted;
        self.rows = rows;
    }

    /// What a place has of the target: under the pointer, while something is dragged.
    pub(super) fn amount(&self, (node, period): Place) -> Minor {
        let preview = self.overlay.as_ref();
        let preview = preview.and_then(|overlay| overlay.amount((node, period)));
        preview.unwrap_or_else(|| self.open.grid.amount(node, period))
    }

    /// The place of the last amount of a row: the total is 0, then come periods, quarters or lines.
    pub(super) fn last_place(&self) -> usize {
        let of_time = if self.lines.quarters.get_untracked() {
            self.open.quarters.len()
        } else {
            self.open.periods.len()
        };
        self.lines.count().unwrap_or(of_time)
    }

    /// The row itself where it is listed, else the nearest one above it that is; none where nothing is listed.
    pub(super) fn nearest_listed(&self, node: NodeIndex) -> Option<NodeIndex> {
        let shape = self.open.grid.shape();
        if !shape.has(node) {
            return self.rows.first().copied();
        }
        std::iter::once(node)
            .chain(shape.ancestors(node))
            .find(|node| self.rows.contains(node))
    }

    /// Whether the rows below a row are listed.
    pub(super) fn is_unfolded(&self, node: NodeIndex) -> bool {
        let is = |flags: &[bool], node: NodeIndex| flags.get(node.0 as usize).copied().unwrap_or_default();
        match &self.wanted {
            None => is(&self.expanded, node),
            Some(wanted) => self
                .open
                .grid
                .shape()
                .children(node)
                .any(|child| is(wanted, child)),
        }
    }

    /// Takes every pending change back, last first.
    pub(super) fn take_back(&mut self) -> bool {
        let grid = &mut self.open.grid;
        self.pending.iter_mut().rev().all(|pending| {
            let back = pending.back.take();
            back.is_some_and(|back| grid.take_back(back))
        })
    }

    /// Applies what the server confirmed.
    pub(super) fn follow(&mut self, news: &Applied) -> bool {
        let head = self.open.head;
        for entry in news.entries.iter().filter(|entry| entry.seq > head) {
            if entry.seq != self.open.head + 1 || !self.fold(entry.seq, &entry.deltas, &news.large) {
                return false;
            }
            self.open.head = entry.seq;
        }
        true
    }

    /// Applies what a command changed: what is told packed is never listed here.
    fn fold(&mut self, seq: u64, deltas: &Deltas, large: &[Large]) -> bool {
        let grid = &mut self.open.grid;
        match Large::of(large, seq) {
            Some(large) => grid.fold_packed(&large.deltas).is_ok(),
            None => grid.fold(deltas).is_ok(),
        }
    }

    /// The change that was first among the pending is one's own among these entries: those that wait behind it were made with it
    /// in sight. It is the last, but where it had to be sent again: then another tab may have come after it, unseen here.
    pub(super) fn made_here(&mut self, command: &PlanCommand, entries: &[Entry]) {
        let me = self.open.me;
        let mine = || entries.iter().rev().filter(move |entry| entry.author == me);
        let same = mine().find(|entry| entry.command == *command);
        let Some(done) = same.or_else(|| mine().next()) else {
            return;
        };
        self.made.push(done.seq);
        for pending in &mut self.pending {
            pending.change.own.push(done.seq);
        }
    }

    /// Commands after a number that were made here.
    pub(super) fn made_after(&self, base: u64) -> Vec<u64> {
        let later = self.made.iter().copied().filter(|seq| *seq > base);
        later.collect()
    }

    /// Applies what changed in the part of a version that this grid shows; nothing may be pending.
    pub(super) fn follow_part(&mut self, news: &PartNews) -> bool {
        if news.behind || !self.pending.is_empty() {
            return false;
        }
        let head = self.open.head;
        let later = news.changes.iter().filter(|change| change.seq > head);
        for change in later {
            if !self.fold(change.seq, &change.deltas, &news.large) {
                return false;
            }
        }
        self.open.head = news.head.max(head);
        true
    }

    /// Does the pending changes again on the news; gives those that are refused now.
    pub(super) fn do_again(&mut self) -> Vec<(Change, Refusal)> {
        let mut refused = Vec::new();
        for Pending { change, .. } in std::mem::take(&mut self.pending) {
            match Pending::make(&mut self.open.grid, change) {
                Ok(pending) => self.pending.push_back(pending),
                Err(given_up) => refused.push(*given_up),
            }
        }
        refused
    }
}

/// A name as it is sought. Names of Chinese and of plain Latin letters are not asked of the browser: a hundred thousand such
/// questions with every letter that is typed take a part of a second.
fn sought(name: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter.is_ascii() || ('\u{2e80}'..='\u{9fff}').contains(&letter);
    if !name.chars().all(is_plain) {
        return Cow::Owned(folded(name));
    }
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_sought_as_the_browser_folds_it() {
        for name in [
            "",
            "华东大区",
            "Anna Müller",
            "ΟΔΟΣ",
            "KA-07 上海（二）",
            "ＡＢＣ",
            "north east",
            "İzmir",
        ] {
            assert_eq!(sought(name), folded(name), "{name}");
        }
        assert!(matches!(sought("华东 2"), Cow::Borrowed(_)));
    }
}
