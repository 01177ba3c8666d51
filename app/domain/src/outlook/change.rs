//! What market factors change: reckoned in whole minor units at the leaves of the tree and summed upwards, so that what a
//! factor adds to a branch is the sum of what it adds below it, and P50 before, the factors, and P50 after sum exactly.
//!
//! A percentage is of what is expected of each day it holds; several are each of that and not of one another. Money is
//! spread evenly over the factor's days and, within a month, over the people of its unit by what is expected of them.
//! Months that are done are what they are. Nothing that was never below zero is taken below zero.
//!
//! A factor on a product, a category or a channel is about a part of what is expected of each leaf: its share of what the
//! leaf brought in the last twelve whole months. For leaf `i` and month `m` a percentage adds
//!
//! ```text
//! P50(i, m) × share(i) × effect × weight × days of the factor in m ÷ days of m
//! ```
//!
//! so that a branch whose leaves have the share `s` moves by `s` times what the same factor on all of it moves. Money goes to
//! the leaves by `P50 × share`, and takes no more away than that; where the thing brought nothing anywhere, as a new product
//! did, by what is expected of the leaves in all. Leaves alone are changed, and branches sum them: nothing falls apart.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Effect, Factor, Fan, Thing};
use crate::calendar::Month;
use crate::id::UnitId;
use crate::money::Minor;
use crate::target::Span;

/// A branch: the one above it, and its unit where it is one. Parents come before their children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The branch above.
    pub above: Option<usize>,
    /// The unit it is.
    pub unit: Option<UnitId>,
}

/// What factors change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// All of them together, for each branch and month to come.
    pub months: Vec<Vec<i64>>,
    /// Each of them in the planned span, for each branch.
    pub steps: Vec<Vec<Minor>>,
    /// What of each of them falls on nothing in the planned span, for each branch: what is not expected cannot be lost.
    pub cut: Vec<Vec<Minor>>,
    /// For each of them, which part of what is expected of each branch in the planned span it is about, in millionths; none
    /// for a factor on all of it, and for a branch it does not touch.
    pub parts: Vec<Vec<Option<u32>>>,
}

/// The whole, in millionths.
pub const WHOLE_PPM: u32 = 1_000_000;

/// Which part of what a branch brought lately was of a thing, in millionths, for each branch.
pub type Shares = BTreeMap<Thing, Vec<u32>>;

/// A part of a whole in millionths, none below nothing and none above the whole: where returns outweigh sales there is no
/// part to speak of.
pub fn share_ppm(part: i128, whole: i128) -> u32 {
    if whole <= 0 {
        return 0;
    }
    let ppm = (part.clamp(0, whole) * i128::from(WHOLE_PPM) + whole / 2) / whole;
    u32::try_from(ppm).unwrap_or(WHOLE_PPM)
}

/// What factors change of what is expected. `fans`: of each branch, from the month `first` on; `span`: the months of the
/// planned span among them; `shares`: of every thing a factor is about, a thing that is not there has none anywhere.
pub fn changes(
    factors: &[Factor],
    nodes: &[Node],
    fans: &[&[Fan]],
    first: Month,
    span: &Range<usize>,
    shares: &Shares,
) -> Changes {
    let months = fans.first().map_or(0, |fan| fan.len());
    let mut is_leaf = vec![true; nodes.len()];
    for node in nodes {
        if let Some(above) = node.above {
            is_leaf[above] = false;
        }
    }
    let mut left: Vec<Vec<i64>> = fans
        .iter()
        .map(|fan| fan.iter().map(|month| month.p50.0).collect())
        .collect();
    let mut changes = Changes {
        months: vec![vec![0; months]; nodes.len()],
        steps: Vec::with_capacity(factors.len()),
        cut: Vec::with_capacity(factors.len()),
        parts: Vec::with_capacity(factors.len()),
    };
    for factor in factors {
        let within = within(factor, nodes);
        let about = About::of(factor, shares);
        let leaves: Vec<usize> = (0..nodes.len())
            .filter(|place| is_leaf[*place] && within[*place])
            .collect();
        let mut steps = vec![Minor(0); nodes.len()];
        let mut cut = vec![Minor(0); nodes.len()];
        // Of each branch what is expected, and of that what the factor is about.
        let mut touched = vec![(0_i128, 0_i128); nodes.len()];
        for step in 0..months {
            let month = first.plus(i32::try_from(step).unwrap_or(i32::MAX));
            let whole: Vec<i64> = leaves.iter().map(|leaf| fans[*leaf][step].p50.0).collect();
            let base: Vec<i64> = leaves
                .iter()
                .zip(&whole)
                .map(|(leaf, whole)| about.part(*leaf, *whole))
                .collect();
            if span.contains(&step) && days_in(factor, month) > 0 {
                for (leaf, (whole, base)) in leaves.iter().zip(whole.iter().zip(&base)) {
                    touched[*leaf].0 += i128::from(*whole);
                    touched[*leaf].1 += i128::from(*base);
                }
            }
            let wanted = about.of_month(factor, month, &whole, &base);
            for (leaf, (wanted, base)) in leaves.iter().zip(wanted.into_iter().zip(&base)) {
                let had = &mut left[*leaf][step];
                let of_thing = wanted.max(about.least(*base));
                let added = if *had >= 0 { of_thing.max(-*had) } else { of_thing };
                *had = had.saturating_add(added);
                changes.months[*leaf][step] = changes.months[*leaf][step].saturating_add(added);
                if span.contains(&step) {
                    steps[*leaf].0 = steps[*leaf].0.saturating_add(added);
                    cut[*leaf].0 = cut[*leaf].0.saturating_add(wanted.saturating_sub(added));
                }
            }
        }
        for place in (0..nodes.len()).rev() {
            if let Some(above) = nodes[place].above {
                steps[above].0 = steps[above].0.saturating_add(steps[place].0);
                cut[above].0 = cut[above].0.saturating_add(cut[place].0);
                let (whole, base) = touched[place];
                touched[above].0 += whole;
                touched[above].1 += base;
            }
        }
        changes.steps.push(steps);
        changes.cut.push(cut);
        let part = |(whole, base): (i128, i128)| (whole > 0).then(|| share_ppm(base, whole));
        changes.parts.push(match about {
            About::All => vec![None; nodes.len()],
            About::Shares(_) => touched.into_iter().map(part).collect(),
        });
    }
    for place in (0..nodes.len()).rev() {
        if let Some(above) = nodes[place].above {
            for step in 0..months {
                let added = changes.months[place][step];
                changes.months[above][step] = changes.months[above][step].saturating_add(added);
            }
        }
    }
    changes
}

/// Which branches lie in the unit of a factor.
fn within(factor: &Factor, nodes: &[Node]) -> Vec<bool> {
    let mut within = vec![factor.entry.unit.is_none(); nodes.len()];
    for (place, node) in nodes.iter().enumerate() {
        let own = factor.entry.unit.is_some() && node.unit == factor.entry.unit;
        within[place] |= own || node.above.is_some_and(|above| within[above]);
    }
    within
}

/// What of a leaf a factor is about.
enum About<'a> {
    /// All of it.
    All,
    /// A part of each, in millionths.
    Shares(&'a [u32]),
}

impl<'a> About<'a> {
    fn of(factor: &Factor, shares: &'a Shares) -> Self {
        match factor.entry.of {
            None => Self::All,
            Some(thing) => Self::Shares(shares.get(&thing).map(Vec::as_slice).unwrap_or_default()),
        }
    }

    fn part(&self, leaf: usize, whole: i64) -> i64 {
        match self {
            Self::All => whole,
            Self::Shares(shares) => {
                let share = i128::from(shares.get(leaf).copied().unwrap_or(0).min(WHOLE_PPM));
                ratio(i128::from(whole) * share, i128::from(WHOLE_PPM))
            }
        }
    }

    /// What a factor adds to each leaf in a month, after its weight. `whole`: what is expected of each leaf; `base`: of that
    /// what the factor is about.
    fn of_month(&self, factor: &Factor, month: Month, whole: &[i64], base: &[i64]) -> Vec<i64> {
        let days = i128::from(days_in(factor, month));
        let weight = i128::from(factor.entry.weight.min(100));
        if days == 0 || weight == 0 {
            return vec![0; base.len()];
        }
        match factor.entry.effect {
            Effect::Percent { hundredths } => {
                let of_days = i128::from((month.end().0 - month.first_day().0).max(1));
                let part = days * weight * i128::from(hundredths);
                base.iter()
                    .map(|amount| ratio(i128::from(*amount) * part, of_days * 100 * 10_000))
                    .collect()
            }
            Effect::Money { amount } => {
                let before = Span {
                    starts_on: factor.entry.span.starts_on,
                    ends_on: month.first_day(),
                };
                // Differences of running sums: the months of a factor sum to all of it.
                let until = |days: i128| {
                    ratio(
                        i128::from(amount.0) * weight * days,
                        i128::from(factor.entry.span.days().max(1)) * 100,
                    )
                };
                let done = i128::from(before.days());
                let wanted = until(done + days) - until(done);
                self.spread(wanted, whole, base)
            }
        }
    }

    fn spread(&self, amount: i64, whole: &[i64], base: &[i64]) -> Vec<i64> {
        match self {
            Self::All => spread(amount, base),
            // What comes new comes to those who sell.
            Self::Shares(_) if amount > 0 && base.iter().all(|part| *part <= 0) => spread(amount, whole),
            Self::Shares(_) => spread(amount, base),
        }
    }

    /// The most that can be taken from a leaf of which `part` is what the factor is about: what is not there cannot be lost.
    fn least(&self, part: i64) -> i64 {
        match self {
            Self::All => i64::MIN,
            Self::Shares(_) => -part.max(0),
        }
    }
}

/// The days of a factor that lie in a month.
fn days_in(factor: &Factor, month: Month) -> u32 {
    factor.entry.days_in(Span {
        starts_on: month.first_day(),
        ends_on: month.end(),
    })
}

/// An amount over leaves by what is expected of them, evenly where that is nothing; by largest remainder.
fn spread(amount: i64, base: &[i64]) -> Vec<i64> {
    let mut weights: Vec<i128> = base.iter().map(|base| i128::from(*base).max(0)).collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights = vec![1; base.len()];
    }
    let whole: i128 = weights.iter().sum::<i128>().max(1);
    let (size, sign) = (i128::from(amount).abs(), i128::from(amount).signum());
    let mut shares: Vec<i128> = weights.iter().map(|weight| size * weight / whole).collect();
    let mut order: Vec<usize> = (0..base.len()).collect();
    order.sort_by_key(|place| (-(size * weights[*place] % whole), *place));
    let missing = size - shares.iter().sum::<i128>();
    for place in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[place] += 1;
    }
    shares.into_iter().map(|share| bounded(share * sign)).collect()
}

/// `above / below`, rounded half away from zero.
fn ratio(above: i128, below: i128) -> i64 {
    let half = below / 2;
    bounded((above + if above >= 0 { half } else { -half }) / below)
}

fn bounded(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN / 4 } else { i64::MAX / 4 })
}

/// A month after what factors change: all of the fan moves along, and no further down than P50 does below zero.
#[must_use]
pub fn moved(month: Fan, by: i64) -> Fan {
    let lowest = if month.p10.0 >= 0 { 0 } else { i64::MIN };
    let at = |amount: Minor| Minor(amount.0.saturating_add(by).max(lowest));
    Fan {
        p10: at(month.p10),
        p25: at(month.p25),
        p50: at(month.p50),
        p75: at(month.p75),
        p90: at(month.p90),
    }
}

#[cfg(test)]
mod tests;
