//! One level of a plan, period by period and from the top down.

use std::collections::BTreeMap;

use super::{Above, Level, LevelError, Override, TARGET_PPM, Value, hedge_of, rounded};
use crate::allocation::{AllocationError, Filler, Share, Slot, allocate};
use crate::money::Minor;
use crate::plan::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Shape};

/// More than any amounts that can be had sum to.
const BEYOND: i128 = 1 << 60;

/// What an override gives its node in one period.
#[derive(Clone, Copy)]
struct Held {
    /// The amount, the nearest where a ratio gives none.
    value: i64,
    /// The whole amounts on both sides of the ratio; twice the amount where that was given.
    lo: i64,
    hi: i64,
    /// What it is of the node's target, as a fraction; of no target it is nothing.
    ratio: Option<(i128, i128)>,
}

/// What is asked of a level in one period.
struct Column<'a> {
    shape: &'a Shape,
    level: Level,
    period: PeriodIndex,
    /// This level's part of each node's hedge.
    hedges: Vec<i64>,
    /// Least and most of each node that overrides, the neighbouring level and those below allow.
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
        let held: BTreeMap<NodeIndex, (Held, Above)> = given
            .iter()
            .map(|(asked, values)| (asked.node, (values[usize::from(period.0)], asked.above)))
            .collect();
        let ratio = (ratio_ppm.into(), TARGET_PPM.into());
        let (lo, hi) = shape.nodes().map(|node| bounds(node, period)).unzip();
        let mut column = Column {
            shape,
            level,
            period,
            hedges: hedges(target, period, ratio, &held),
            lo,
            hi,
        };
        let wanted = column.wanted(target, ratio, plain, &held);
        amounts.extend(column.solve(&wanted, &held)?);
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

/// This level's part of each hedge: by the ratio of the node, or else of the nearest node above it that has its own.
fn hedges(
    target: &Grid,
    period: PeriodIndex,
    plan: (i128, i128),
    held: &BTreeMap<NodeIndex, (Held, Above)>,
) -> Vec<i64> {
    let shape = target.shape();
    let mut ratios: Vec<(i128, i128)> = Vec::with_capacity(shape.len());
    for node in shape.nodes() {
        let above = shape
            .parent(node)
            .map_or(plan, |parent| ratios[parent.0 as usize]);
        let own = held.get(&node).and_then(|(held, _)| held.ratio);
        ratios.push(own.unwrap_or(above));
    }
    let hedge = |(node, ratio): (NodeIndex, (i128, i128))| {
        hedge_of(target.hedge(node, Some(period)).0, ratio).min(BEYOND) as i64
    };
    shape.nodes().zip(ratios).map(hedge).collect()
}

/// What an override gives its node in each period.
fn values(
    target: &Grid,
    asked: &Override,
    bounds: &impl Fn(NodeIndex, PeriodIndex) -> (i64, i64),
) -> Result<Vec<Held>, LevelError> {
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
                let plan = target.amount(node, Some(period)).0;
                let value = rounded(plan, ppm) as i64;
                let (lo, hi) = bounds(node, period);
                if !(lo..=hi).contains(&value) {
                    return Err(order(Some(period), value, value.clamp(lo, hi)));
                }
                let exact = i128::from(plan) * i128::from(ppm);
                let below = (exact / 1_000_000) as i64;
                let above = below + i64::from(exact % 1_000_000 > 0);
                Ok(Held {
                    value,
                    lo: below.max(lo),
                    hi: above.min(hi),
                    ratio: Some((ppm.into(), TARGET_PPM.into())),
                })
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
            let held = |(share, value): (&Share, i64)| Held {
                value,
                lo: value,
                hi: value,
                ratio: (share.weight > 0).then_some((value.into(), share.weight.into())),
            };
            match allocate(amount.0, &shares) {
                Ok(split) => Ok(shares.iter().zip(split.amounts).map(held).collect()),
                Err(AllocationError::Infeasible { reachable, .. }) => Err(order(None, amount.0, reachable)),
                Err(_) if amount.0 < 0 => Err(order(None, amount.0, 0)),
                Err(_) => Err(LevelError::TooLarge { node, level }),
            }
        }
    }
}

impl Column<'_> {
    /// What everybody is to have: the override, or what the plan's ratio gives and what follows from below. What follows
    /// parts into the node's amount and its hedge as the target does.
    fn wanted(
        &mut self,
        target: &Grid,
        ratio: (i128, i128),
        plain: &[i64],
        held: &BTreeMap<NodeIndex, (Held, Above)>,
    ) -> Vec<i64> {
        let mut wanted = plain.to_vec();
        for node in self.shape.nodes().rev() {
            let place = node.0 as usize;
            if let Some((held, _)) = held.get(&node) {
                wanted[place] = held.value;
                continue;
            }
            let stays = |child: &NodeIndex| matches!(held.get(child), Some((_, Above::Stays)));
            let follow = self.shape.children(node).filter(|child| !stays(child));
            let difference: i128 = follow
                .map(|child| i128::from(wanted[child.0 as usize]) - i128::from(plain[child.0 as usize]))
                .sum();
            if difference == 0 {
                continue;
            }
            let plan = i128::from(target.amount(node, Some(self.period)).0);
            let hedge = target.hedge(node, Some(self.period)).0;
            let whole = plan + i128::from(hedge);
            let sum = i128::from(plain[place]) + hedge_of(hedge, ratio) + difference;
            let mut own = sum;
            if hedge > 0 {
                let near = (2 * sum * plan + whole) / (2 * whole);
                // Rounding alone is not to put it on the wrong side of the neighbouring level.
                let (lo, hi) = (i128::from(self.lo[place]), i128::from(self.hi[place]));
                let within = near.clamp(lo, hi).min(sum);
                own = if (within - near).abs() <= 1 { within } else { near };
            }
            self.hedges[place] = (sum - own).min(BEYOND) as i64;
            own = own.min(BEYOND);
            wanted[place] = own as i64;
        }
        wanted
    }

    /// Everybody's amount: ratios are kept to the nearest unit, or else to one of the two beside them.
    fn solve(
        &mut self,
        wanted: &[i64],
        held: &BTreeMap<NodeIndex, (Held, Above)>,
    ) -> Result<Vec<i64>, LevelError> {
        if !held.contains_key(&NodeIndex(0)) {
            self.hold_root(wanted[0])?;
        }
        let free = (self.lo.clone(), self.hi.clone());
        for (node, (held, _)) in held {
            let place = node.0 as usize;
            (self.lo[place], self.hi[place]) = (held.value, held.value);
        }
        if self.narrow().is_err() {
            (self.lo, self.hi) = free;
            for (node, (held, _)) in held {
                let place = node.0 as usize;
                (self.lo[place], self.hi[place]) = (held.lo, held.hi);
            }
            self.narrow()?;
        }
        Ok(self.descend(wanted))
    }

    /// The root has what it is to have.
    fn hold_root(&mut self, wanted: i64) -> Result<(), LevelError> {
        let (node, level) = (NodeIndex(0), self.level);
        if wanted > MAX_AMOUNT {
            return Err(LevelError::TooLarge { node, level });
        }
        let bound = wanted.clamp(self.lo[0], self.hi[0]);
        if bound != wanted {
            return Err(LevelError::Order {
                node,
                period: Some(self.period),
                level,
                amount: Minor(wanted),
                bound: Minor(bound),
            });
        }
        (self.lo[0], self.hi[0]) = (wanted, wanted);
        Ok(())
    }

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

    /// Everybody's amount, from the root's down, siblings in proportion to `weights` and within their bounds, which must
    /// have been narrowed.
    fn descend(&self, weights: &[i64]) -> Vec<i64> {
        let mut amounts = vec![0_i64; self.shape.len()];
        amounts[0] = weights[0].clamp(self.lo[0], self.hi[0]);
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
            filler.fill(amounts[place] + self.hedges[place], &mut slots, |id| {
                self.shape.key(id)
            });
            for slot in &slots {
                amounts[slot.id as usize] = slot.amount;
            }
        }
        amounts
    }

    fn gap(&self, node: NodeIndex, wanted: i64, reachable: i64) -> LevelError {
        let reachable = reachable.max(0);
        LevelError::Gap {
            node,
            period: self.period,
            level: self.level,
            wanted: Minor(wanted),
            reachable: Minor(reachable),
            missing: Minor((wanted - reachable).abs()),
        }
    }
}
