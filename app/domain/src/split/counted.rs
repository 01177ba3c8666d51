//! What makes the rows of a plan count differently by period, and what of it their weights say already.
//!
//! A factor counts in every basis alike ([`Factor`]), but bases differ in what is in them (see `operations::plan::bases`):
//!
//! | basis | the time people are there | a beginner's ramp |
//! |---|---|---|
//! | equal, capability | that of the whole plan | no |
//! | potential of units | that of the whole plan | no: a market is there for whoever works it |
//! | potential and customers by accounts | no: only divided among one's places | no |
//! | history, pipeline | no: only divided among one's places | yes: what a beginner did and has open is a beginner's |
//! | imported | that of the whole plan | yes |
//!
//! Nothing counts twice: where a kind of factor is wanted, what is in a weight of it already is taken out over the whole plan
//! first, so that the weight is that of somebody who is there all the time and at full strength, and the factor says in which
//! periods how much of it is left. Whole numbers only: the browser shows exactly what the server does.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, WorkingDays};
use crate::plan::{Basis, BasisWeights, Factor, FactorKind, NodeIndex, PlanPeriod, Shape};

/// What is known of the rows of a version beside their weights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The factors of every kind; only of rows that do not count fully in every period.
    pub factors: Vec<Factor>,
    /// What is in the weights already; only of rows where something is.
    pub included: Vec<Included>,
    /// Somebody who is there throughout the plan: days times millionths.
    pub whole: u64,
    /// Whether the weights of potential go by the time people are there: they are those of units' markets.
    pub potential_by_time: bool,
}

/// What is in the weights of a row already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Included {
    /// The row.
    pub node: NodeIndex,
    /// The time there within the plan, as it was when the weights were made: days times share in millionths.
    pub here: u64,
    /// The same over all places of the person.
    pub anywhere: u64,
    /// The working days of a beginner within the plan, each times its step of the ramp in millionths.
    pub ramped: u64,
    /// The same at full strength; nothing of who is no beginner.
    pub started: u64,
    /// How much is left of what does not go by time (history, pipeline, customers, potential of accounts), in millionths: who
    /// leaves gave the rest away with the days after, who takes over has what came along.
    pub kept: u32,
}

impl Counted {
    /// How many rows below a node count differently by a kind.
    pub fn concerned(&self, shape: &Shape, top: NodeIndex, kind: FactorKind) -> usize {
        let factors = self.factors.iter().filter(|factor| factor.kind == kind);
        factors.filter(|factor| is_below(shape, top, factor.node)).count()
    }

    /// The factors of some kinds below a node, as a split of it is given them.
    pub fn factors(&self, shape: &Shape, top: NodeIndex, kinds: &[FactorKind]) -> Vec<Factor> {
        let wanted = |factor: &&Factor| kinds.contains(&factor.kind) && is_below(shape, top, factor.node);
        self.factors.iter().filter(wanted).cloned().collect()
    }

    /// Takes out of the weights of everybody below a node what factors of these kinds say anew.
    pub fn fit(&self, top: NodeIndex, bases: &mut [BasisWeights], kinds: &[FactorKind]) {
        for of in &self.included {
            let place = of
                .node
                .0
                .checked_sub(top.0)
                .and_then(|place| place.checked_sub(1));
            let Some(place) = place.and_then(|place| usize::try_from(place).ok()) else {
                continue;
            };
            for basis in bases.iter_mut() {
                let key = basis.basis;
                if let Some(weight) = basis.weights.get_mut(place) {
                    *weight = self.at_full(key, *weight, of, kinds);
                }
            }
        }
    }

    /// The weight of somebody who is there all the time, at full strength, as far as the kinds ask for it.
    fn at_full(&self, basis: Basis, weight: u64, of: &Included, kinds: &[FactorKind]) -> u64 {
        let mut full = weight;
        if kinds.contains(&FactorKind::Assignment) {
            let whole = match basis {
                Basis::Equal | Basis::Imported => self.whole.max(of.here),
                Basis::Capability => self.whole.max(of.anywhere),
                Basis::Potential if self.potential_by_time => self.whole.max(of.anywhere),
                Basis::History | Basis::Potential | Basis::Customers | Basis::Pipeline => {
                    full = times(full, u64::from(Factor::WHOLE_PPM), u64::from(of.kept));
                    of.anywhere.max(of.here)
                }
            };
            full = times(full, whole, of.here);
        }
        let has_ramp = matches!(basis, Basis::History | Basis::Pipeline | Basis::Imported);
        if has_ramp && kinds.contains(&FactorKind::Ramp) {
            full = times(full, of.started, of.ramped);
        }
        full
    }
}

impl Included {
    /// What is in the weights of a row; none where nothing is.
    ///
    /// `ramp` is the row's factor by period in millionths, empty of who is no beginner; `started` are the days of each period
    /// on which they work, `kept` is what is left of what does not go by time, in millionths.
    pub fn of(
        node: NodeIndex,
        (here, anywhere): (u64, u64),
        whole: u64,
        ramp: &[u32],
        started: &[u32],
        kept: u32,
    ) -> Option<Self> {
        let days = || ramp.iter().zip(started);
        let ramped: u64 = days().map(|(ppm, days)| u64::from(*ppm) * u64::from(*days)).sum();
        let all: u64 = days()
            .map(|(_, days)| u64::from(*days) * u64::from(Factor::WHOLE_PPM))
            .sum();
        let part_time = here > 0 && (here != whole || anywhere != here);
        (part_time || ramped != all || kept != Factor::WHOLE_PPM).then_some(Self {
            node,
            here,
            anywhere,
            ramped,
            started: all,
            kept,
        })
    }
}

/// The working days of each period from a day on.
pub fn days_since(periods: &[PlanPeriod], start: Day, working: &WorkingDays) -> Vec<u32> {
    let days = |period: &PlanPeriod| {
        let from = start.max(period.starts_on);
        working.count(from, period.ends_on).max(0).unsigned_abs()
    };
    periods.iter().map(days).collect()
}

fn is_below(shape: &Shape, top: NodeIndex, node: NodeIndex) -> bool {
    top < node && shape.has(node) && shape.has(top) && node < shape.end(top)
}

/// `weight · whole / part`, to the nearest whole; the weight where there is no part.
fn times(weight: u64, whole: u64, part: u64) -> u64 {
    let most = u128::from(i64::MAX.unsigned_abs());
    let product = u128::from(weight) * u128::from(whole) + u128::from(part / 2);
    product
        .checked_div(u128::from(part))
        .map_or(weight, |full| u64::try_from(full.min(most)).unwrap_or(weight))
}

#[cfg(test)]
#[path = "counted_tests.rs"]
mod tests;
