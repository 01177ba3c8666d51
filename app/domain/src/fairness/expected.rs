//! The chance of every row of a tree to reach its target, in a few operations a row: meant to be asked again for the rows in
//! sight while somebody drags. Persons are judged as [`super::check`] judges them, units as it judges the whole.

use super::whole::reached;
use super::{Ground, Outlook, Settings};
use crate::money::Minor;
use crate::plan::{NodeIndex, Shape};

/// Below a unit with more rows than these of which nothing can be said, nothing is said of the unit either: what is asked of them
/// is added up each time.
const MOST_APART: usize = 500;

/// What can be expected of the rows of a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// By row: of who carries a number their own outlook, of a unit that of all below it together.
    rows: Vec<Option<Outlook>>,
    /// Rows of which nothing can be expected, in pre-order.
    apart: Vec<NodeIndex>,
}

/// Sums of the outlooks below a row.
#[derive(Clone, Copy, Default)]
struct Below {
    people: u32,
    mean: f64,
    sd: f64,
    squares: f64,
}

impl Ground {
    /// What can be expected of the rows of a tree. `offset`: where its root stands in the whole version; rows of other parts are
    /// left out. `O(n)`.
    pub fn expected(&self, shape: &Shape, offset: u32, settings: &Settings) -> Expected {
        let place = |node: NodeIndex| {
            let node = node.0.checked_sub(offset).map(NodeIndex);
            node.filter(|node| shape.has(*node))
        };
        let mut below = vec![Below::default(); shape.len()];
        for footing in &self.people {
            let sums = place(footing.node).and_then(|node| below.get_mut(node.0 as usize));
            if let Some(sums) = sums {
                let Outlook { mean, sd } = footing.outlook;
                *sums = Below {
                    people: 1,
                    mean,
                    sd,
                    squares: sd * sd,
                };
            }
        }
        // From the bottom up: what lies below a row is complete before the row itself is added to the one above.
        for node in shape.nodes().rev() {
            let own = below.get(node.0 as usize).copied().unwrap_or_default();
            let above = shape
                .parent(node)
                .and_then(|parent| below.get_mut(parent.0 as usize));
            if let Some(above) = above {
                above.people += own.people;
                above.mean += own.mean;
                above.sd += own.sd;
                above.squares += own.squares;
            }
        }
        let rho = settings.correlation.clamp(0.0, 1.0);
        let outlook = |sums: &Below| Outlook {
            mean: sums.mean,
            // As in `whole`.
            sd: ((1.0 - rho) * sums.squares + rho * sums.sd * sums.sd).sqrt(),
        };
        let mut apart: Vec<NodeIndex> = self
            .unknown
            .iter()
            .chain(&self.unassigned)
            .filter_map(|node| place(*node))
            .collect();
        apart.sort_unstable();
        Expected {
            rows: below
                .iter()
                .map(|sums| (sums.people > 0).then(|| outlook(sums)))
                .collect(),
            apart,
        }
    }
}

impl Expected {
    /// What can be expected of a row: of a unit, of those below it of whom something is known together.
    pub fn outlook(&self, node: NodeIndex) -> Option<Outlook> {
        self.rows.get(node.0 as usize).copied().flatten()
    }

    /// The chance that a row reaches its target; none without a target, and where nothing can be expected. `amount`: the total of
    /// a row, also while it is only shown. What is asked of those of whom nothing is known counts as reached.
    pub fn chance(&self, shape: &Shape, node: NodeIndex, amount: impl Fn(NodeIndex) -> Minor) -> Option<f64> {
        self.chance_with(shape, node, amount, 0.0)
    }

    /// The same where so much more can be expected of the row, in minor units; how far it spreads stays.
    pub fn chance_with(
        &self,
        shape: &Shape,
        node: NodeIndex,
        amount: impl Fn(NodeIndex) -> Minor,
        more: f64,
    ) -> Option<f64> {
        let outlook = self.outlook(node)?;
        let outlook = Outlook {
            mean: (outlook.mean + more).max(0.0),
            ..outlook
        };
        let target = amount(node).0;
        if target <= 0 {
            return None;
        }
        if shape.is_leaf(node) {
            return Some(outlook.chance(target as f64));
        }
        let end = shape.end(node);
        let from = self.apart.partition_point(|other| *other <= node);
        let until = self.apart.partition_point(|other| *other < end);
        let apart = self
            .apart
            .get(from..until)
            .filter(|apart| apart.len() <= MOST_APART)?;
        let aside: i128 = apart.iter().map(|other| i128::from(amount(*other).0)).sum();
        let goal = (i128::from(target) - aside).max(0) as f64;
        Some(reached(outlook.mean, outlook.sd, goal))
    }
}
