//! Splitting what a node has over the nodes below: by weights, keeping proposals, with an over-assignment by level.

use super::blockers::Way;
use super::margins::{Frame, Handle};
use super::refuse::{blocked, check_bounds};
use super::region::Region;
use super::rows::Kept as KeptTotals;
use super::spread::{Gap, Rule, Weights};
use super::trial::irreducible;
use super::{Decided, all_periods, check_amount, uplift};
use crate::allocation::blend::{self, Blend};
use crate::money::Minor;
use crate::plan::{
    BasisWeights, Cause, ConstraintDelta, Deltas, Factor, Grid, Kept, NodeIndex, OwnWeights, Proposal,
    Refusal, Spread,
};

/// What a split asks for; see [`crate::plan::PlanCommand::Split`].
#[derive(Clone, Copy)]
pub(crate) struct Splitting<'a> {
    pub(crate) node: NodeIndex,
    pub(crate) spread: Spread,
    pub(crate) bases: &'a [BasisWeights],
    pub(crate) factors: &'a [Factor],
    pub(crate) own: &'a [OwnWeights],
    pub(crate) proposals: &'a [Proposal],
    pub(crate) uplift_ppm: &'a [u32],
    pub(crate) step: Minor,
}

/// Splits what a node has over the nodes below by a blend of bases.
pub(crate) fn split(grid: &Grid, asked: Splitting<'_>) -> Result<Decided, Refusal> {
    let (node, step) = (asked.node, asked.step);
    grid.known(node, None)?;
    if grid.shape().is_leaf(node) {
        return Err(Refusal::NoChildren { node });
    }
    if step.0 < 1 {
        return Err(Refusal::Step { step });
    }
    let blend = blend::of_subtree(grid.shape(), node, asked.bases, asked.factors, asked.own)?;
    let rule = Rule {
        weights: match &blend {
            Blend::Same(weights) => Weights::Given(weights),
            Blend::ByPeriod(columns) => Weights::ByPeriod(columns),
        },
        except: None,
        step: step.0,
    };
    let held;
    let grid = if asked.proposals.is_empty() {
        grid
    } else {
        held = hold_proposals(grid, node, asked.proposals)?;
        &held
    };
    let split = if asked.uplift_ppm.is_empty() {
        resplit(grid, node, asked.spread, rule)
    } else {
        uplift::split(grid, node, asked.spread, asked.uplift_ppm, rule)
    };
    split.map_err(|refusal| with_proposals(refusal, grid, asked.proposals))
}

/// The refusal with proposals called by their name: they were held as floors and caps.
fn with_proposals(mut refusal: Refusal, grid: &Grid, proposals: &[Proposal]) -> Refusal {
    if let Refusal::Blocked { blockers, .. } = &mut refusal {
        for blocker in blockers {
            let here =
                |proposal: &&Proposal| (proposal.node, proposal.period) == (blocker.node, blocker.period);
            let locked = grid.constraint(blocker.node, blocker.period).lock.is_some();
            if let Some(proposal) = proposals.iter().find(here).filter(|_| !locked) {
                blocker.cause = Cause::Proposal;
                blocker.amount = proposal.amount;
            }
        }
    }
    refusal
}

/// Gives the nodes below a node new amounts by a rule.
pub(super) fn resplit(
    grid: &Grid,
    node: NodeIndex,
    spread: Spread,
    rule: Rule<'_>,
) -> Result<Decided, Refusal> {
    Decided::alone(grid, solved(grid, node, spread, rule)?)
}

/// The region below a node with what a rule gives to everybody.
pub(super) fn solved(
    grid: &Grid,
    node: NodeIndex,
    spread: Spread,
    rule: Rule<'_>,
) -> Result<Region, Refusal> {
    let mut region = Region::new(grid, node, all_periods(grid), KeptTotals::Nothing);
    region.find_broken();
    share(&mut region, grid, spread, rule).map_err(|gap| refusal(grid, node, spread, rule, gap))?;
    Ok(region)
}

/// The refusal of a split that what is held prevents: who stands in the way is found by trying without.
fn refusal(grid: &Grid, top: NodeIndex, spread: Spread, rule: Rule<'_>, gap: Gap) -> Refusal {
    let missing = (gap.wanted - gap.reachable).abs();
    let end = grid.shape().end(top);
    let places = grid.constraints().map(|(node, period, _)| (node, period));
    let places = places.filter(|(node, _)| (top..end).contains(node));
    let fits = |grid: &Grid| {
        let mut region = Region::new(grid, top, all_periods(grid), KeptTotals::Nothing);
        region.find_broken();
        if share(&mut region, grid, spread, rule).is_ok() {
            missing
        } else {
            0
        }
    };
    let cells = (end.0 - top.0) as usize * grid.periods().count();
    let way = Way::of(gap.wanted - gap.reachable);
    let blockers = irreducible(grid, places.collect(), |_| way, missing, cells, fits);
    blocked(grid, gap, blockers)
}

fn share(region: &mut Region, grid: &Grid, spread: Spread, rule: Rule<'_>) -> Result<(), Gap> {
    if let Some(gap) = contradiction(region) {
        return Err(gap);
    }
    if !region.rows.is_empty() {
        let rule_of = |parent: usize| {
            if spread == Spread::Subtree || parent == 0 {
                rule
            } else {
                Rule::FOLLOW
            }
        };
        let frame = Frame {
            root: None,
            own: 0,
            handle: Handle::None,
        };
        if !region.settle_rows(grid, frame, None, rule_of)? {
            // Present amounts always keep what is held; proposals and over-assignments may not.
            return Err(region.broken_row());
        }
    }
    if spread == Spread::Subtree {
        return region.descend(grid, 0, rule);
    }
    if !region.is_above_rows(0) {
        region.spread(grid, 0, rule)?;
    }
    let mut child = 1;
    while child < region.len {
        region.descend(grid, child, Rule::FOLLOW)?;
        child = region.end(grid, child);
    }
    Ok(())
}

/// The lowest node whose own bounds and those below it contradict each other. The present amounts always keep them all,
/// but proposals and over-assignments ask for others.
fn contradiction(region: &Region) -> Option<Gap> {
    let gap = |local: usize, column: Option<usize>, (lo, hi): (i64, i64)| {
        (lo > hi).then(|| Gap {
            parent: region.node(local),
            period: column.map(|column| region.periods[column]),
            wanted: hi,
            reachable: lo,
        })
    };
    if region.lo.is_empty() {
        return None;
    }
    (0..region.len).rev().find_map(|local| {
        let mut columns = 0..region.periods.len();
        let cell = columns.find_map(|column| gap(local, Some(column), region.room(column, local)));
        cell.or_else(|| {
            let row = region.rows.get(&local)?;
            gap(local, None, (row.lo, row.hi))
        })
    })
}

/// The same grid with bounds at the proposals, for this split only.
fn hold_proposals(grid: &Grid, top: NodeIndex, proposals: &[Proposal]) -> Result<Grid, Refusal> {
    let mut places: Vec<_> = proposals
        .iter()
        .map(|proposal| (proposal.node, proposal.period))
        .collect();
    places.sort_unstable();
    if let Some(pair) = places.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Proposal { node: pair[0].0 });
    }
    let mut bounds = Deltas::default();
    for Proposal {
        node,
        period,
        amount,
        kept,
    } in proposals.iter().copied()
    {
        grid.known(node, period)?;
        if node <= top || node >= grid.shape().end(top) {
            return Err(Refusal::Proposal { node });
        }
        check_amount(node, period, amount.0)?;
        let old = grid.constraint(node, period);
        let mut new = old;
        // What is only the least may be less than what is there at least.
        let least = kept == Kept::AtLeast;
        let (lo, _) = old.bounds(grid.amount(node, period).0);
        let asked = if least { amount.0.max(lo) } else { amount.0 };
        check_bounds(grid, node, period, asked)?;
        new.floor = Some(Minor(asked));
        if !least {
            new.cap = Some(Minor(asked));
        }
        bounds.constraints.push(ConstraintDelta {
            node,
            period,
            old,
            new,
        });
    }
    let mut held = grid.clone();
    // The deltas start from what the grid has.
    held.fold(&bounds).map_err(|_| Refusal::Proposal { node: top })?;
    Ok(held)
}
