//! Months of a plan shown as quarters. A quarter is a sum: what the plan keeps are its months, which share what is typed into it.

use domain::money::Minor;
use domain::negotiation::Subject;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::{Quarter, SortBy};
use leptos::prelude::*;

use super::{Board, Column, Columns, Number};

/// The quarter of a row that somebody asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::split) struct AskedQuarter {
    /// The row.
    pub(in crate::split) node: NodeIndex,
    /// The quarter, by its place among those of the plan.
    pub(in crate::split) quarter: u16,
    /// Whether they were about to paste into it.
    pub(in crate::split) pastes: bool,
}

/// A row and a quarter, by its place among those of the plan.
pub(in crate::split) type QuarterOfRow = (NodeIndex, u16);

/// What is typed into quarters.
#[derive(Clone, Copy)]
pub(super) struct QuarterFields {
    /// The one with the field, and what that begins with.
    editing: RwSignal<Option<(QuarterOfRow, String)>>,
    /// Texts that are no amounts, which stay where they were typed.
    wrong: RwSignal<Vec<(QuarterOfRow, String)>>,
}

impl QuarterFields {
    /// Nothing is typed yet.
    pub(super) fn new() -> Self {
        Self {
            editing: RwSignal::new(None),
            wrong: RwSignal::new(Vec::new()),
        }
    }
}

impl Board {
    /// Whether the periods are months that make quarters.
    pub(in crate::split) fn has_quarters(&self) -> bool {
        self.about(|open| !open.quarters.is_empty())
    }

    /// Whether quarters stand in place of the months; tracks it.
    pub(in crate::split) fn shows_quarters(&self) -> bool {
        self.lines.quarters.get() && self.columns() == Columns::Periods
    }

    /// The same without tracking: rows are made anew where there are other columns.
    pub(in crate::split) fn shows_quarters_now(&self) -> bool {
        self.lines.quarters.get_untracked() && self.columns_now() == Columns::Periods
    }

    /// A quarter by its place.
    pub(in crate::split) fn quarter(&self, at: u16) -> Option<Quarter> {
        self.about(|open| open.quarters.get(usize::from(at)).cloned())
    }

    /// Which number of a row a quarter is, where it is negotiated. Does not track.
    pub(in crate::split) fn number_of_quarter(&self, node: NodeIndex, quarter: &Quarter) -> Number {
        let periods = self.about(|open| open.periods.len());
        (node, Subject::of_quarter(quarter, periods))
    }

    /// The quarters that are columns now, each with its place; none while the columns are others. Does not track.
    pub(in crate::split) fn quarter_heads(&self) -> Option<Vec<(u16, Quarter)>> {
        self.shows_quarters_now()
            .then(|| self.about(|open| (0..).zip(open.quarters.iter().cloned()).collect()))
    }

    /// What a row has in a quarter, as it is shown: the sum of its months. Tracks changes.
    pub(in crate::split) fn in_quarter(&self, node: NodeIndex, quarter: &Quarter) -> Option<Minor> {
        quarter.sum(|month| self.shown((node, Some(month))))
    }

    /// The same where nobody looks while a drag is under way, as in a hint.
    pub(in crate::split) fn in_quarter_at_rest(&self, node: NodeIndex, quarter: &Quarter) -> Option<Minor> {
        quarter.sum(|month| self.shown_at_rest((node, Some(month))))
    }

    /// The same of the plan itself: what a change goes by; none where there is no such quarter. Does not track.
    pub(in crate::split) fn quarter_now(&self, (node, at): QuarterOfRow) -> Option<Minor> {
        let quarter = self.quarter(at)?;
        self.grid(|grid| quarter.sum(|month| Some(grid.amount(node, Some(month)))))
    }

    /// The row with a quarter that is typed into; tracks it.
    pub(super) fn typed_quarter(&self) -> Option<NodeIndex> {
        self.quarter_fields
            .editing
            .with(|editing| editing.as_ref().map(|((node, _), _)| *node))
    }

    /// What the field of a quarter began with, while that is the one being typed into; tracks it.
    pub(in crate::split) fn begun_quarter(&self, place: QuarterOfRow) -> Option<String> {
        self.quarter_fields.editing.with(|editing| {
            let here = editing.as_ref().filter(|(at, _)| *at == place);
            here.map(|(_, text)| text.clone())
        })
    }

    /// Opens the field of a quarter with a text, or closes the one that is open.
    pub(in crate::split) fn edit_quarter(&self, field: Option<(QuarterOfRow, String)>) {
        self.quarter_fields.editing.set(field);
    }

    /// What was typed into a quarter and is no amount; tracks it.
    pub(in crate::split) fn wrong_quarter(&self, place: QuarterOfRow) -> Option<String> {
        self.quarter_fields.wrong.with(|wrong| {
            let here = wrong.iter().find(|(at, _)| *at == place);
            here.map(|(_, text)| text.clone())
        })
    }

    /// Everything that was typed into quarters and is no amount; nothing once the grid is gone. Does not track.
    pub(in crate::split) fn wrong_quarters(&self) -> Vec<(QuarterOfRow, String)> {
        self.quarter_fields.wrong.try_get_untracked().unwrap_or_default()
    }

    /// Takes up what was typed into quarters of a grid that was closed and is no amount.
    pub(in crate::split) fn take_up_wrong_quarters(&self, wrong: Vec<(QuarterOfRow, String)>) {
        if !wrong.is_empty() {
            self.quarter_fields.wrong.set(wrong);
        }
    }

    /// Keeps a text that is no amount where it was typed; none: it is right now, or given up.
    pub(in crate::split) fn keep_wrong_quarter(&self, place: QuarterOfRow, text: Option<&str>) {
        // Cells follow it: nothing is told where nothing changes.
        if untrack(|| self.wrong_quarter(place)).as_deref() == text {
            return;
        }
        self.quarter_fields.wrong.update(|wrong| {
            wrong.retain(|(at, _)| *at != place);
            wrong.extend(text.map(|text| (place, text.to_owned())));
        });
    }

    /// Shows quarters in place of months, or the months; a plan that has no quarters keeps its periods.
    pub(in crate::split) fn show_quarters(&self, wanted: bool) {
        let wanted = wanted && self.has_quarters();
        if self.lines.quarters.get_untracked() == wanted {
            return;
        }
        self.editing.set(None);
        self.edit_quarter(None);
        self.menu.set(None);
        self.lines.quarters.set(wanted);
        self.column.set(Column::Row);
        self.arrange(|state| {
            let is_of_time = |by: SortBy| matches!(by, SortBy::Amount(Some(_)) | SortBy::Quarter(_));
            state.sort = state.sort.filter(|sort| !is_of_time(sort.by));
        });
        self.lines.made.update(|made| *made = made.wrapping_add(1));
    }

    /// The months of a quarter of a row take the place of the quarters, and the first of them the focus.
    pub(in crate::split) fn show_months_of(&self, node: NodeIndex, quarter: &Quarter) {
        self.show_quarters(false);
        self.focus(node, Column::Cell(Some(quarter.first)), false);
    }

    /// Whether cells that are pasted would go to quarters, which are sums: then their card says where they are pasted. Amounts of the
    /// total alone are pasted while quarters are shown, too.
    pub(in crate::split) fn pastes_into_quarters(&self, text: &str) -> bool {
        if !self.shows_quarters_now() {
            return false;
        }
        let chosen = match self.column.get_untracked() {
            Column::Quarter(at) => Some(at),
            _ => None,
        };
        let is_marked = self
            .block
            .get_untracked()
            .is_some_and(|block| block.columns.0 > 0);
        let refused = chosen.is_some() || is_marked || text.contains('\t');
        if refused {
            self.quarter_card.set(Some(AskedQuarter {
                node: self.selected.get_untracked(),
                quarter: chosen.unwrap_or_default(),
                pastes: true,
            }));
        }
        refused
    }

    /// The column that a period stands in: its quarter while quarters are shown. Does not track.
    pub(super) fn column_of(&self, period: PeriodIndex) -> Column {
        if !self.shows_quarters_now() {
            return Column::Cell(Some(period));
        }
        let at = self.about(|open| open.quarters.iter().position(|quarter| quarter.holds(period)));
        let at = at.and_then(|at| u16::try_from(at).ok());
        at.map_or(Column::Row, Column::Quarter)
    }
}
