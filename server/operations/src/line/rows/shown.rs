//! A row by lines as it travels, over the whole plan or in a period.

use std::collections::HashMap;

use domain::id::NodeId;
use domain::line::rows::{LineCell, LineRow};
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use store::row_line::RowLine;

use super::ground::Ground;
use super::parts::FixedParts;
use super::walk::Tables;
use super::{ROOT, at, by_hand, is_own, may_edit};
use crate::{Error, Scope};

/// What rows are told from.
pub(super) struct Shown<'a> {
    ground: &'a Ground,
    tables: Tables<'a>,
    period: Option<PeriodIndex>,
    /// What is set over the whole plan, or in the period.
    set: HashMap<(NodeId, &'a str), &'a RowLine>,
    parts: FixedParts,
}

impl<'a> Shown<'a> {
    pub(super) fn new(ground: &'a Ground, period: Option<PeriodIndex>) -> Self {
        let set = ground.set.iter().filter(|set| set.period == period);
        Self {
            ground,
            tables: ground.tables(),
            period,
            set: set.map(|set| ((set.node, set.key.as_str()), set)).collect(),
            parts: FixedParts::of(&ground.set, &ground.lines),
        }
    }

    /// A row by the lines at these places; `own`: its lines over the whole plan.
    pub(super) fn row(
        &self,
        scope: &Scope,
        node: NodeIndex,
        own: &[Minor],
        columns: &[usize],
    ) -> Result<LineRow, Error> {
        let (state, lines) = (&self.ground.state, &self.ground.lines.lines);
        let amounts = self.tables.cut((node, self.period), own, &self.parts)?;
        let known = state.node(node);
        let cell = |column: &usize| {
            let key = lines.get(*column).map_or("", |line| line.key.as_str());
            let set = known.and_then(|known| self.set.get(&(known.id, key)));
            LineCell {
                amount: at(&amounts, *column),
                set: set.map(|set| by_hand(set)),
            }
        };
        let may_set = may_edit(scope, &state.version) && node != ROOT;
        Ok(LineRow {
            node,
            name: known.map(|known| known.name.clone()).unwrap_or_default(),
            total: state.grid.amount(node, self.period),
            may_set: may_set && known.is_some_and(|known| !is_own(scope, known)),
            cells: columns.iter().map(cell).collect(),
        })
    }
}
