//! One level of a plan, period by period and from the top down.

use std::collections::BTreeMap;

use super::{Above, Level, LevelError, Override, TARGET_PPM, Value, hedge_of, rounded};
use crate::allocation::{AllocationError, Filler, Share, Slot, allocate};
use crate::money::Minor;
use crate::plan::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Shape};

/// What is asked of a level in one period.
struct Column<'a> {
    shape: &'a Shape,
    level: Level,
    period: PeriodIndex,
    /// This level's part of each node's hedge.
    hedges: Vec<i64>,
    /// Least and most of each node that overrides, the neighbouring level and those below allow; anything at first.
    lo: Vec<i64>,
    hi: Vec<i64>,
}

/// The amounts of a level, as the cells of the plan lie. `plain` are those without overrides; `neighbour` is the level
/// that bounds it: the plan for floor and stretch, the stretch for challenge.
pub(super) fn level(
    target: &Grid,
    level: Level,
    ratio_ppm: u32,
    plain: &[i64],
    neighbour: &[i64],
    overrides: &[Override],
) -> Result<Vec<i64>, LevelError> {
    let shape = target.shape();
    let nodes = shape.len();
    let bounds = |node: NodeIndex, period: PeriodIndex| {
        let neighbour = neighbour
            .get(shape.cell(node, period).0 as usize)
            .copied()
            .unwrap_or(0);
        if level == Level::Floor {
            (0, neighbour)
        } else {
            (neighbour, MAX_AMOUNT)
        }
    };
    let mut given = Vec::with_capacity(overrides.len());
    for asked in overrides {
        given.push((asked, values(target, asked, &bounds)?));
    }
    let mut amounts = Vec::with_capacity(shape.cells());
    for (period, plain) in target.periods().zip(plain.chunks(nodes)) {
        let hedge = |node| {
            let hedge = target.hedge(node, Some(period)).0;
            hedge_of(hedge, (ratio_ppm.into(), TARGET_PPM.into())) as i64
        };
        let (lo, hi) = shape.nodes().map(|node| bounds(node, period)).unzip();
        let mut column = Column {
            shape,
            level,
            period,
            hedges: shape.nodes().map(hedge).collect(),
            lo,
            hi,
        };
        // What everybody is to have: the override, or what the plan's ratio gives and what follows from below.
        let mut wanted = plain.to_vec();
        let held: BTreeMap<NodeIndex, i64> = given
            .iter()
            .map(|(asked, values)| (asked.node, values[usize::from(period.0)]))
            .collect();
        for (asked, _) in given.iter().filter(|(asked, _)| asked.above == Above::Follows) {
            let node = asked.node;
            let difference = held[&node] - plain[node.0 as usize];
            for above in shape.ancestors(node) {
                if held.contains_key(&above) {
                    break;
                }
                wanted[above.0 as usize] += difference;
            }
        }
        for (node, value) in &held {
            let place = node.0 as usize;
            (wanted[place], column.lo[place], column.hi[place]) = (*value, *value, *value);
        }
        column.narrow()?;
        amounts.extend(column.descend(wanted[0], &wanted)?);
    }
    let too_large = |node: &NodeIndex| {
        let cells = amounts.iter().skip(node.0 as usize).step_by(nodes);
        cells.sum::<i64>() > MAX_AMOUNT
    };
    if let Some(node) = shape.nodes().find(too_large) {
        return Err(LevelError::TooLarge { node, level });
    }
    Ok(amounts)
}

/// What an override gives its node in each period.
fn values(
    target: &Grid,
    asked: &Override,
    bounds: &impl Fn(NodeIndex, PeriodIndex) -> (i64, i64),
) -> Result<Vec<i64>, LevelError> {
    let (node, level) = (asked.node, asked.level);
    let order = |period, amount: i64, bound: i64| LevelError::Order {
        node,
        period,
        level,
        amount: Minor(amount),
        bound: Minor(bound),
    };
    match asked.value {
        Value::Ratio { ppm } => {
            let value = |period: PeriodIndex| {
                let amount = rounded(target.amount(node, Some(period)).0, ppm) as i64;
                let (lo, hi) = bounds(node, period);
                if (lo..=hi).contains(&amount) {
                    Ok(amount)
                } else {
                    Err(order(Some(period), amount, amount.clamp(lo, hi)))
                }
            };
            target.periods().map(value).collect()
        }
        Value::Amount { amount } => {
            let share = |period: PeriodIndex| {
                let (lo, hi) = bounds(node, period);
                let weight = target.amount(node, Some(period)).0.unsigned_abs();
                Share::free(u128::from(period.0), weight).within(lo, hi)
            };
            let shares: Vec<Share> = target.periods().map(share).collect();
            match allocate(amount.0, &shares) {
                Ok(split) => Ok(split.amounts),
                Err(AllocationError::Infeasible { reachable, .. }) => Err(order(None, amount.0, reachable)),
                Err(_) if amount.0 < 0 => Err(order(None, amount.0, 0)),
                Err(_) => Err(LevelError::TooLarge { node, level }),
            }
        }
    }
}

impl Column<'_> {
    /// Narrows what each node may have to what those below it can sum to.
    fn narrow(&mut self) -> Result<(), LevelError> {
        for node in self.shape.nodes().rev().filter(|node| !self.shape.is_leaf(*node)) {
            let place = node.0 as usize;
            let sum = |bounds: &[i64]| {
                let children = self.shape.children(node);
                children.fold(0_i64, |sum, child| sum.saturating_add(bounds[child.0 as usize]))
            };
            let least = sum(&self.lo) - self.hedges[place];
            let most = sum(&self.hi) - self.hedges[place];
            let (lo, hi) = (self.lo[place].max(least), self.hi[place].min(most));
            if lo > hi {
                let (wanted, reachable) = if least > self.hi[place] {
                    (self.hi[place], least)
                } else {
                    (self.lo[place], most)
                };
                return Err(self.gap(node, wanted, reachable));
            }
            (self.lo[place], self.hi[place]) = (lo, hi);
        }
        Ok(())
    }

    /// Everybody's amount, from the root's down, siblings in proportion to `weights` and within their bounds.
    fn descend(&self, root: i64, weights: &[i64]) -> Result<Vec<i64>, LevelError> {
        let (lo, hi) = (self.lo[0], self.hi[0]);
        if !(lo..=hi).contains(&root) {
            return Err(if root > MAX_AMOUNT {
                self.too_large(NodeIndex(0))
            } else {
                self.gap(NodeIndex(0), root, root.clamp(lo, hi))
            });
        }
        let mut amounts = vec![0_i64; self.shape.len()];
        amounts[0] = root;
        let mut filler = Filler::default();
        let mut slots = Vec::new();
        for parent in self.shape.nodes().filter(|node| !self.shape.is_leaf(*node)) {
            let place = parent.0 as usize;
            slots.clear();
            slots.extend(self.shape.children(parent).map(|child| {
                let at = child.0 as usize;
                Slot::new(
                    child.0,
                    weights[at].max(0).unsigned_abs(),
                    self.lo[at],
                    self.hi[at],
                )
            }));
            // What the parent has was narrowed to what its children reach.
            filler.fill(amounts[place] + self.hedges[place], &mut slots, |id| {
                self.shape.key(id)
            });
            for slot in &slots {
                amounts[slot.id as usize] = slot.amount;
            }
        }
        Ok(amounts)
    }

    fn gap(&self, node: NodeIndex, wanted: i64, reachable: i64) -> LevelError {
        LevelError::Gap {
            node,
            period: self.period,
            level: self.level,
            wanted: Minor(wanted),
            reachable: Minor(reachable),
            missing: Minor((wanted - reachable).abs()),
        }
    }

    fn too_large(&self, node: NodeIndex) -> LevelError {
        LevelError::TooLarge {
            node,
            level: self.level,
        }
    }
}
