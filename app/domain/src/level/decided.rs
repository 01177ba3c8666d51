//! What was decided of the levels of a plan: of the whole, and at single rows another ratio or an amount in its place.

use serde::{Deserialize, Serialize};

use super::{Given, Level, LevelError, Levels, Override, TARGET_PPM, Value};
use crate::money::Minor;
use crate::plan::{Grid, NodeIndex};

/// The levels of a plan as they were decided. What a row has holds for everybody below it who has nothing of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Of the whole plan.
    pub whole: Given,
    /// At rows below the topmost, each level of a row once. Those of a level that is not decided of the whole wait until it is.
    pub rows: Vec<Override>,
}

/// A ratio of the target as a fraction.
type Fraction = (i128, i128);

impl Decided {
    /// Whether nothing was decided of the whole, so that there are no levels at all.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// What counts of the rows: what is of a level that is decided of the whole.
    pub fn counting(&self) -> impl Iterator<Item = Override> + '_ {
        let counts = move |row: &&Override| self.whole.get(row.level).is_some();
        self.rows.iter().filter(counts).copied()
    }

    /// The amounts of every level in every cell of a plan; none where nothing was decided.
    pub fn levels(&self, target: &Grid) -> Result<Option<Levels>, LevelError> {
        let rows: Vec<Override> = self.counting().collect();
        self.check_order(target, &rows)?;
        self.whole.levels_with(target, &rows)
    }

    /// A stretch above the challenge could be had where the challenge of others gave way: nobody asked for that, so it is refused.
    fn check_order(&self, target: &Grid, rows: &[Override]) -> Result<(), LevelError> {
        for row in rows {
            let node = row.node;
            let beside = match row.level {
                Level::Stretch => Level::Challenge,
                Level::Challenge => Level::Stretch,
                // The target bounds the floor, and it is no wish.
                Level::Floor | Level::Target => continue,
            };
            if !target.shape().has(node) || self.whole.get(beside).is_none() {
                continue;
            }
            let own = self.in_force(target, rows, node, row.level);
            let other = self.in_force(target, rows, node, beside);
            let (Some(own), Some(other)) = (own, other) else {
                continue;
            };
            let (low, high) = if row.level == Level::Stretch {
                (own, other)
            } else {
                (other, own)
            };
            if low.0 * high.1 > high.0 * low.1 {
                let total = i128::from(target.amount(node, None).0);
                let of = |(part, whole): Fraction| {
                    let amount = if whole == 0 {
                        part
                    } else {
                        (2 * total * part + whole) / (2 * whole)
                    };
                    Minor(i64::try_from(amount).unwrap_or(i64::MAX))
                };
                return Err(LevelError::Order {
                    node,
                    period: None,
                    level: row.level,
                    amount: of(own),
                    bound: of(other),
                });
            }
        }
        Ok(())
    }

    /// What a level is of the target at a node: its own, or that of the nearest above it that has one, or the plan's. An amount
    /// where there is no target is more than any ratio of it.
    fn in_force(&self, target: &Grid, rows: &[Override], node: NodeIndex, level: Level) -> Option<Fraction> {
        let shape = target.shape();
        let root = NodeIndex(0);
        let fraction = |of: NodeIndex, value: Value| match value {
            Value::Ratio { ppm } => (i128::from(ppm), i128::from(TARGET_PPM)),
            Value::Amount { amount } => (i128::from(amount.0), i128::from(target.amount(of, None).0)),
        };
        let own = |at: NodeIndex| {
            let found = rows.iter().find(|row| row.node == at && row.level == level)?;
            Some(fraction(at, found.value))
        };
        let nearest = std::iter::once(node).chain(shape.ancestors(node)).find_map(own);
        nearest.or_else(|| Some(fraction(root, self.whole.get(level)?)))
    }
}
