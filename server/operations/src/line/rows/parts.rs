//! What somebody set of lines of rows in single periods: the line and the number of the period stay, and the others give and take.

use std::collections::HashMap;

use domain::id::NodeId;
use domain::line::matrix::Closest;
use domain::line::parts::{FixedPart, with_set};
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::Lines;
use store::row_line::RowLine;

use super::walk::{Level, Misfit, Tables, Walked, places};
use crate::Error;

/// What is set in periods, by node.
pub(super) struct FixedParts(HashMap<NodeId, Vec<FixedPart>>);

impl FixedParts {
    /// Of all that is set.
    pub(super) fn of(set: &[RowLine], lines: &Lines) -> Self {
        let mut parts: HashMap<NodeId, Vec<FixedPart>> = HashMap::new();
        let places = places(lines);
        for set in set {
            if let (Some(line), Some(period)) = (places.get(set.key.as_str()), set.period) {
                parts.entry(set.node).or_default().push(FixedPart {
                    period: usize::from(period.0),
                    line: *line,
                    amount: set.amount,
                    at_ms: set.at_ms,
                });
            }
        }
        Self(parts)
    }

    /// Whether something of a node is set.
    pub(super) fn has(&self, node: NodeId) -> bool {
        self.0.contains_key(&node)
    }
}

impl Tables<'_> {
    /// Everything that cannot be met along a way: over the whole plan, and in the periods of its rows.
    pub(super) fn misfits(&self, walked: &Walked, set: &[RowLine]) -> Result<Vec<Misfit>, Error> {
        let parts = FixedParts::of(set, self.lines);
        let mut misfits: Vec<Misfit> = Vec::new();
        for level in &walked.levels {
            misfits.extend(level.unmet());
            misfits.extend(self.parts_unmet(level, &parts)?);
        }
        Ok(misfits)
    }

    /// What cannot be met in the periods of the rows of a table.
    pub(super) fn parts_unmet(&self, level: &Level, parts: &FixedParts) -> Result<Vec<Misfit>, Error> {
        let mut misfits = Vec::new();
        for (row, cells) in level.below.rows.iter().zip(&level.below.cells) {
            if self.state.node(*row).is_none_or(|node| !parts.has(node.id)) {
                continue;
            }
            let found = self.parts(*row, cells, parts)?;
            misfits.extend(found.unmet.into_iter().filter_map(|unmet| {
                Some(Misfit {
                    row: *row,
                    line: unmet.line,
                    period: Some(PeriodIndex(u16::try_from(unmet.row).ok()?)),
                    set: unmet.set,
                    fits: unmet.fits,
                })
            }));
        }
        Ok(misfits)
    }

    /// A row by lines, over the whole plan or in a period; `own`: over the whole plan.
    pub(super) fn cut(
        &self,
        (row, period): (NodeIndex, Option<PeriodIndex>),
        own: &[Minor],
        parts: &FixedParts,
    ) -> Result<Vec<Minor>, Error> {
        let Some(PeriodIndex(period)) = period else {
            return Ok(own.to_vec());
        };
        let found = self.parts(row, own, parts)?;
        Ok(found
            .cells
            .into_iter()
            .nth(usize::from(period))
            .unwrap_or_default())
    }

    /// The lines of a row by the periods.
    fn parts(&self, row: NodeIndex, own: &[Minor], parts: &FixedParts) -> Result<Closest, Error> {
        let grid = &self.state.grid;
        let set = self.state.node(row).and_then(|node| parts.0.get(&node.id));
        let set = set.map_or(&[][..], Vec::as_slice);
        let periods: Vec<Minor> = grid
            .periods()
            .map(|period| grid.amount(row, Some(period)))
            .collect();
        let lines = self.with_ties(own.iter().copied());
        with_set(&lines, &periods, set).map_err(|why| self.no_table(why))
    }
}
