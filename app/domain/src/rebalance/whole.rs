//! Commands that give whole subtrees new amounts: even out, set the total.

use super::motion::{Aim, Motion};
use super::split::resplit;
use super::spread::{Rule, Weights};
use super::{Decided, solved};
use crate::money::Minor;
use crate::plan::{Give, Grid, Keep, NodeIndex, Refusal, Spread};

/// Makes the children of a node equal in every period; what lies below follows.
pub(crate) fn even_out(grid: &Grid, node: NodeIndex) -> Result<Decided, Refusal> {
    grid.known(node, None)?;
    if grid.shape().is_leaf(node) {
        return Err(Refusal::NoChildren { node });
    }
    let weights = vec![1; (grid.shape().end(node).0 - node.0) as usize];
    let rule = Rule {
        weights: Weights::Given(&weights),
        except: None,
        step: 1,
    };
    resplit(grid, node, Spread::Children, rule)
}

/// Sets the total of the plan, over the periods by `seasons` or in present proportions.
pub(crate) fn set_total(grid: &Grid, amount: Minor, seasons: &[u64]) -> Result<Decided, Refusal> {
    let aim = Aim {
        node: NodeIndex(0),
        period: None,
        keep: Keep::Column,
        give: Give::Siblings,
    };
    let mut motion = Motion::new(grid, aim)?;
    let columns = motion.region.periods.len();
    if !seasons.is_empty() && seasons.len() != columns {
        return Err(Refusal::Weights {
            expected: columns as u64,
            got: seasons.len() as u64,
        });
    }
    // So that their sum stays below 2^63.
    let sum: u128 = seasons.iter().copied().map(u128::from).sum();
    let drop = (128 - sum.leading_zeros()).saturating_sub(63);
    motion.seasons = seasons.iter().map(|season| season >> drop).collect();
    solved(grid, motion, amount)
}
