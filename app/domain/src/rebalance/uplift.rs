//! Over-assignment by level: every parent's children are to sum to its amount and some millionths more.

use super::decided::check;
use super::split::solved;
use super::spread::{Rule, Weights};
use super::{Decided, check_amount, delta};
use crate::money::Minor;
use crate::plan::{
    Constraint, ConstraintDelta, Deltas, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal, Shape, Spread,
};

/// Rounds after which hedges stay as they are.
const ROUNDS: usize = 8;

/// Sets the over-assignment of each level below a node in present proportions, period by period.
pub(crate) fn over_assign(grid: &Grid, node: NodeIndex, uplift_ppm: &[u32]) -> Result<Decided, Refusal> {
    grid.known(node, None)?;
    let shape = grid.shape();
    if shape.is_leaf(node) {
        return Err(Refusal::NoChildren { node });
    }
    // Given weights and not those that follow: who follows a parent that stays is left out, and here its children change.
    let inside = node.0 as usize..shape.end(node).0 as usize;
    let present = |period: PeriodIndex| -> Vec<u64> {
        let amounts = grid.column(period).get(inside.clone()).unwrap_or_default();
        amounts.iter().copied().map(i64::unsigned_abs).collect()
    };
    let columns: Vec<Vec<u64>> = grid.periods().map(present).collect();
    let rule = Rule {
        weights: Weights::ByPeriod(&columns),
        except: None,
        step: 1,
    };
    split(grid, node, Spread::Subtree, uplift_ppm, rule)
}

/// Splits with an over-assignment of each level.
///
/// A hedge follows from its parent's amount, and that from the hedge above it and from bounds anywhere. So everything is
/// first split as if nothing were held, hedges taken on the way down; then with these hedges within all bounds; and
/// again with the hedges of the amounts that this gave, until they are those that were used. Without bounds
/// the first such round is the last. Where bounds keep them from settling in a few rounds, the last hedges
/// stay: sums and bounds are exact, and a hedge is that of an amount close by.
pub(super) fn split(
    grid: &Grid,
    node: NodeIndex,
    spread: Spread,
    uplift_ppm: &[u32],
    rule: Rule<'_>,
) -> Result<Decided, Refusal> {
    let uplift = Uplift {
        top: node,
        spread,
        ppm: uplift_ppm,
    };
    uplift.check(grid)?;
    let mut hedged = uplift.cascade(grid, rule)?;
    let mut region = solved(&hedged, node, spread, rule)?;
    for _ in 0..ROUNDS {
        let mut next = grid.clone();
        for (column, period) in grid.periods().enumerate() {
            let amount = |node| region.amount(column, region.local(node));
            uplift.set_hedges(&mut next, period, amount)?;
        }
        if next == hedged {
            break;
        }
        hedged = next;
        // One after the other: of a large plan they do not fit beside each other.
        drop(region);
        region = solved(&hedged, node, spread, rule)?;
    }
    check(grid, &region)?;
    let mut around = Deltas::default();
    for parent in uplift.parents(grid.shape()) {
        for (column, period) in grid.periods().enumerate() {
            let (now, new) = (grid.cell_hedge(parent, period), hedged.cell_hedge(parent, period));
            let amount = region.amount(column, region.local(parent));
            let limit = part(amount, most(grid, parent, period));
            if new > limit {
                return Err(Refusal::Hedge {
                    node: parent,
                    period,
                    hedge: Minor(new),
                    limit: Minor(limit),
                });
            }
            if now != new {
                around
                    .hedges
                    .push(delta(grid.shape().cell(parent, period), now, new));
            }
        }
    }
    for local in 0..region.len {
        let total = (0..region.periods.len())
            .map(|column| region.amount(column, local))
            .sum();
        check_amount(region.node(local), None, total)?;
    }
    Ok(Decided::new(region, around.tidy()))
}

/// An over-assignment asked for.
struct Uplift<'a> {
    top: NodeIndex,
    spread: Spread,
    ppm: &'a [u32],
}

impl Uplift<'_> {
    /// Refuses more than the plan's limit on any level, where that is also more than there is.
    fn check(&self, grid: &Grid) -> Result<(), Refusal> {
        for parent in self.parents(grid.shape()) {
            let ppm = self.of(grid.shape(), parent);
            if ppm <= grid.hedge_limit_ppm() {
                continue;
            }
            let of = |period: PeriodIndex, ppm: u32| part(grid.cell_amount(parent, period), ppm);
            let most = |period: PeriodIndex| most(grid, parent, period);
            let beyond = grid
                .periods()
                .find(|period| of(*period, ppm) > of(*period, most(*period)));
            // Of amounts so small that it comes to nothing it is more all the same.
            let is_more = || grid.periods().all(|period| ppm > most(period));
            if let Some(period) = beyond.or_else(|| is_more().then_some(PeriodIndex(0))) {
                return Err(Refusal::Hedge {
                    node: parent,
                    period,
                    hedge: Minor(of(period, ppm)),
                    limit: Minor(of(period, most(period))),
                });
            }
        }
        Ok(())
    }

    /// The nodes whose hedges are set.
    fn parents<'s>(&self, shape: &'s Shape) -> impl Iterator<Item = NodeIndex> + use<'s> {
        let end = match self.spread {
            Spread::Subtree => shape.end(self.top),
            Spread::Children => NodeIndex(self.top.0 + 1),
        };
        (self.top.0..end.0)
            .map(NodeIndex)
            .filter(|node| !shape.is_leaf(*node))
    }

    fn of(&self, shape: &Shape, parent: NodeIndex) -> u32 {
        let level = usize::from(shape.depth(parent) - shape.depth(self.top));
        self.ppm.get(level).copied().unwrap_or(0)
    }

    /// The grid with the hedges that the weights alone lead to.
    fn cascade(&self, grid: &Grid, rule: Rule<'_>) -> Result<Grid, Refusal> {
        let mut free = grid.clone();
        let release = |(node, period, old)| ConstraintDelta {
            node,
            period,
            old,
            new: Constraint::default(),
        };
        let release = Deltas {
            constraints: grid.constraints().map(release).collect(),
            ..Deltas::default()
        };
        fold(&mut free, &release, self.top)?;
        let mut hedged = grid.clone();
        // Level by level: the amounts of one decide the hedges of the next.
        let deepest = self.parents(grid.shape()).map(|node| grid.shape().depth(node));
        let levels = deepest.max().unwrap_or(0) - grid.shape().depth(self.top);
        for _ in 0..=levels {
            let region = solved(&free, self.top, self.spread, rule)?;
            for (column, period) in grid.periods().enumerate() {
                let amount = |node| region.amount(column, region.local(node));
                self.set_hedges(&mut free, period, amount)?;
                self.set_hedges(&mut hedged, period, amount)?;
            }
        }
        Ok(hedged)
    }

    /// Sets the hedges of one period to those of amounts.
    fn set_hedges(
        &self,
        grid: &mut Grid,
        period: PeriodIndex,
        amount: impl Fn(NodeIndex) -> i64,
    ) -> Result<(), Refusal> {
        let mut deltas = Deltas::default();
        for parent in self.parents(grid.shape()) {
            let now = grid.cell_hedge(parent, period);
            let new = part(amount(parent), self.of(grid.shape(), parent));
            deltas
                .hedges
                .push(delta(grid.shape().cell(parent, period), now, new));
        }
        fold(grid, &deltas, self.top)
    }
}

fn fold(grid: &mut Grid, deltas: &Deltas, top: NodeIndex) -> Result<(), Refusal> {
    // The deltas start from what the grid has.
    grid.fold(deltas).map_err(|_| Refusal::UnknownNode { node: top })
}

/// By how much what lies below a row may exceed it in a period, in millionths: the plan's limit, or what it does already where the
/// limit was lowered since; so that less can be asked for in steps, and of one level while another stays.
fn most(grid: &Grid, parent: NodeIndex, period: PeriodIndex) -> u32 {
    let (amount, hedge) = (grid.cell_amount(parent, period), grid.cell_hedge(parent, period));
    if amount <= 0 || hedge <= 0 {
        return grid.hedge_limit_ppm();
    }
    // The most of which, rounded down, comes what there is.
    let (amount, hedge) = (i128::from(amount), i128::from(hedge));
    let there = ((hedge + 1) * 1_000_000 - 1) / amount;
    u32::try_from(there)
        .unwrap_or(u32::MAX)
        .max(grid.hedge_limit_ppm())
}

/// Some millionths of an amount, rounded down.
fn part(amount: i64, ppm: u32) -> i64 {
    let part = i128::from(amount.min(MAX_AMOUNT)) * i128::from(ppm) / 1_000_000;
    part.min(i128::from(MAX_AMOUNT)) as i64
}
