//! Commands that give whole subtrees new amounts: split, even out, set the total.

use super::margins::{Frame, Handle};
use super::motion::{Aim, Motion};
use super::refuse::gap_refusal;
use super::region::Region;
use super::rows::Kept;
use super::spread::{Rule, Weights};
use super::{all_periods, decide, deltas_of};
use crate::allocation::blend;
use crate::money::Minor;
use crate::plan::{BasisWeights, Deltas, Give, Grid, Keep, NodeIndex, Refusal, Spread};

/// Splits what a node has over the nodes below by a blend of bases.
pub(crate) fn split(
    grid: &Grid,
    node: NodeIndex,
    spread: Spread,
    bases: &[BasisWeights],
    step: Minor,
) -> Result<Deltas, Refusal> {
    grid.known(node, None)?;
    if grid.shape().is_leaf(node) {
        return Err(Refusal::NoChildren { node });
    }
    if step.0 < 1 {
        return Err(Refusal::Step { step });
    }
    let weights = blend::of_subtree(grid.shape(), node, bases)?;
    let rule = Rule {
        weights: Weights::Given(&weights),
        except: None,
        step: step.0,
    };
    resplit(grid, node, spread, rule)
}

/// Makes the children of a node equal in every period; what lies below follows.
pub(crate) fn even_out(grid: &Grid, node: NodeIndex) -> Result<Deltas, Refusal> {
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

fn resplit(grid: &Grid, node: NodeIndex, spread: Spread, rule: Rule<'_>) -> Result<Deltas, Refusal> {
    let mut region = Region::new(grid, node, all_periods(grid), Kept::Nothing);
    let rule_of = |parent: usize| {
        if spread == Spread::Subtree || parent == 0 {
            rule
        } else {
            Rule::FOLLOW
        }
    };
    if !region.rows.is_empty() {
        let frame = Frame {
            root: None,
            own: 0,
            handle: Handle::None,
        };
        region
            .settle_rows(grid, frame, None, rule_of)
            .map_err(|gap| gap_refusal(grid, &region, gap))?;
    }
    match spread {
        Spread::Subtree => region.descend(grid, 0, rule),
        Spread::Children if region.is_above_rows(0) => below(&mut region, grid, |region, child| {
            region.descend(grid, child, Rule::FOLLOW)
        }),
        Spread::Children => region.spread(grid, 0, rule).and_then(|()| {
            below(&mut region, grid, |region, child| {
                region.descend(grid, child, Rule::FOLLOW)
            })
        }),
    }
    .map_err(|gap| gap_refusal(grid, &region, gap))?;
    deltas_of(grid, &region)
}

fn below<E>(
    region: &mut Region,
    grid: &Grid,
    mut each: impl FnMut(&mut Region, usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut child = 1;
    while child < region.len {
        each(region, child)?;
        child = region.end(grid, child);
    }
    Ok(())
}

/// Sets the total of the plan, over the periods by `seasons` or in present proportions.
pub(crate) fn set_total(grid: &Grid, amount: Minor, seasons: &[u64]) -> Result<Deltas, Refusal> {
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
    decide(grid, motion, amount)
}
