//! The tables of the rows below rows by lines, from the whole down.

use std::collections::{BTreeSet, HashMap};

use domain::format::Lang;
use domain::id::NodeId;
use domain::line::matrix::{self, MatrixError, MatrixLine};
use domain::line::profile::Profile;
use domain::line::tables::{self, Below, FixedLine, with_totals};
use domain::line::tie;
use domain::money::{Currency, Minor};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::Lines;
use store::row_line::RowLine;

use super::parts::FixedParts;
use super::{ROOT, at};
use crate::Error;
use crate::plan::state::{State, damaged};

/// Something that was set and cannot be met.
#[derive(Clone, Copy)]
pub(super) struct Misfit {
    pub(super) row: NodeIndex,
    /// The place of the line.
    pub(super) line: usize,
    /// In which period; none: over the whole plan.
    pub(super) period: Option<PeriodIndex>,
    pub(super) set: Minor,
    /// What there is room for.
    pub(super) fits: Minor,
}

impl Misfit {
    /// Where it is.
    pub(super) fn place(&self) -> (NodeIndex, Option<PeriodIndex>, usize) {
        (self.row, self.period, self.line)
    }
}

/// The rows below one row by lines.
pub(super) struct Level {
    pub(super) above: NodeIndex,
    pub(super) below: Below,
}

impl Level {
    /// What the rows sum to, by line.
    pub(super) fn sums(&self) -> Vec<Minor> {
        self.below.sums()
    }

    /// What cannot be met over the whole plan.
    pub(super) fn unmet(&self) -> impl Iterator<Item = Misfit> + '_ {
        self.below.unmet.iter().filter_map(|unmet| {
            Some(Misfit {
                row: *self.below.rows.get(unmet.row)?,
                line: unmet.line,
                period: None,
                set: unmet.set,
                fits: unmet.fits,
            })
        })
    }
}

/// The way from the whole to a row.
pub(super) struct Walked {
    /// The row by lines.
    pub(super) own: Vec<Minor>,
    /// The tables along the way; the last is that of the rows below the row, where there are any.
    pub(super) levels: Vec<Level>,
}

/// What is set, by node.
type Fixed = HashMap<NodeId, Vec<FixedLine>>;

/// What the tables are worked out from.
pub(super) struct Tables<'a> {
    pub(super) state: &'a State,
    pub(super) lines: &'a Lines,
    currency: &'a Currency,
    profile: Option<&'a Profile>,
    /// The place of each line in the profile.
    places: Vec<Option<usize>>,
    /// What breaks ties between the lines.
    ties: Vec<u128>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(
        state: &'a State,
        lines: &'a Lines,
        currency: &'a Currency,
        profile: Option<&'a Profile>,
    ) -> Self {
        let place = |key: &str| profile.and_then(|profile| profile.place(key));
        Self {
            state,
            lines,
            currency,
            profile,
            places: lines.lines.iter().map(|line| place(&line.key)).collect(),
            ties: lines.lines.iter().map(|line| tie(&line.key)).collect(),
        }
    }

    /// The currency of the amounts.
    pub(super) fn currency(&self) -> &Currency {
        self.currency
    }

    /// Works out the tables along a way from the whole with what is set.
    pub(super) fn walk(&self, way: &[NodeIndex], set: &[RowLine]) -> Result<Walked, Error> {
        let shape = self.state.grid.shape();
        let fixed = self.fixed(set);
        let mut above = self.whole()?;
        let mut levels = Vec::new();
        for (at, parent) in way.iter().enumerate() {
            if shape.is_leaf(*parent) {
                break;
            }
            let level = self.level(*parent, &above, &fixed)?;
            let next = way.get(at + 1);
            if let Some(cells) = next.and_then(|next| level.below.row(*next)) {
                above = with_totals(&above, cells);
            }
            levels.push(level);
        }
        Ok(Walked {
            own: above.iter().map(|line| line.total).collect(),
            levels,
        })
    }

    /// Everything that is set and cannot be met, in the whole version; only where something is set it is looked.
    pub(super) fn unmet(&self, set: &[RowLine]) -> Result<Vec<Misfit>, Error> {
        let shape = self.state.grid.shape();
        let (fixed, parts) = (self.fixed(set), FixedParts::of(set, self.lines));
        // Rows above others come before them.
        let mut parents: BTreeSet<u32> = BTreeSet::new();
        for (row, node) in (0_u32..).map(NodeIndex).zip(&self.state.nodes) {
            if fixed.contains_key(&node.id) || parts.has(node.id) {
                parents.extend(shape.ancestors(row).map(|above| above.0));
            }
        }
        let mut known: HashMap<u32, Vec<MatrixLine>> = HashMap::from([(ROOT.0, self.whole()?)]);
        let mut unmet = Vec::new();
        for above in &parents {
            let Some(lines) = known.remove(above) else {
                continue;
            };
            let level = self.level(NodeIndex(*above), &lines, &fixed)?;
            unmet.extend(level.unmet());
            unmet.extend(self.parts_unmet(&level, &parts)?);
            for (row, cells) in level.below.rows.iter().zip(&level.below.cells) {
                if parents.contains(&row.0) {
                    known.insert(row.0, with_totals(&lines, cells));
                }
            }
        }
        Ok(unmet)
    }

    /// What is set, by node.
    fn fixed(&self, set: &[RowLine]) -> Fixed {
        let mut fixed = Fixed::new();
        let places = places(self.lines);
        for set in set.iter().filter(|set| set.period.is_none()) {
            if let Some(line) = places.get(set.key.as_str()) {
                let of_node = fixed.entry(set.node).or_default();
                of_node.push(FixedLine {
                    line: *line,
                    amount: set.amount,
                    at_ms: set.at_ms,
                });
            }
        }
        fixed
    }

    /// The lines of the whole.
    fn whole(&self) -> Result<Vec<MatrixLine>, Error> {
        let amounts = self.lines.lines.iter().map(|line| line.amount.max(Minor(0)));
        let lines = self.with_ties(amounts);
        self.brought(self.state.grid.amount(ROOT, None), &lines)
    }

    /// The lines with these amounts, in their order.
    pub(super) fn with_ties(&self, amounts: impl Iterator<Item = Minor>) -> Vec<MatrixLine> {
        let lines = self.ties.iter().zip(amounts);
        lines
            .map(|(key, total)| MatrixLine { key: *key, total })
            .collect()
    }

    /// The rows below one row, by its lines.
    fn level(&self, above: NodeIndex, lines: &[MatrixLine], fixed: &Fixed) -> Result<Level, Error> {
        let total = |row: NodeIndex| self.state.grid.amount(row, None);
        let history = |row: NodeIndex| self.history(row);
        let fixed = |row: NodeIndex| -> Vec<FixedLine> {
            let known = self.state.node(row).and_then(|node| fixed.get(&node.id));
            known.cloned().unwrap_or_default()
        };
        let ground = tables::Ground {
            shape: self.state.grid.shape(),
            by: self.lines.by,
            total: &total,
            history: &history,
            fixed: &fixed,
        };
        let below = tables::below(&ground, above, lines).map_err(|why| self.no_table(why))?;
        Ok(Level { above, below })
    }

    /// Why there is no table.
    pub(super) fn no_table(&self, why: MatrixError) -> Error {
        match why {
            MatrixError::OutOfRange => refused(&why, self.currency),
            why => damaged(why),
        }
    }

    /// What a row and those below it brought, by line.
    fn history(&self, row: NodeIndex) -> Vec<Minor> {
        let Some(profile) = self.profile else {
            return Vec::new();
        };
        let sums = profile.sums(row.0..self.state.grid.shape().end(row).0);
        self.places
            .iter()
            .map(|place| place.map_or(Minor(0), |place| at(&sums, place)))
            .collect()
    }

    fn brought(&self, total: Minor, lines: &[MatrixLine]) -> Result<Vec<MatrixLine>, Error> {
        matrix::brought_to(total, lines).map_err(|why| refused(&why, self.currency))
    }
}

/// The place of each line, by its key. What was set of a line that is part of the rest now has none: it waits until it is one of its
/// own again.
pub(super) fn places(lines: &Lines) -> HashMap<&str, usize> {
    let keys = lines.lines.iter().map(|line| line.key.as_str());
    keys.zip(0..).collect()
}

/// The refusal of what no table can have.
pub(super) fn refused(why: &MatrixError, currency: &Currency) -> Error {
    Error::conflict(
        "row_lines_misfit",
        why.words(Lang::ZhCn, currency, "", ""),
        why.words(Lang::En, currency, "", ""),
    )
}
