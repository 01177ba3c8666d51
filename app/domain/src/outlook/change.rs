//! What market factors change: reckoned in whole minor units at the leaves of the tree and summed upwards, so that what a
//! factor adds to a branch is the sum of what it adds below it, and P50 before, the factors, and P50 after sum exactly.
//!
//! A percentage is of what is expected of each day it holds; several are each of that and not of one another. Money is
//! spread evenly over the factor's days and, within a month, over the people of its unit by what is expected of them.
//! Months that are done are what they are. Nothing that was never below zero is taken below zero.

use std::ops::Range;

use super::{Effect, Factor, Fan};
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
}

/// What factors change of what is expected. `fans`: of each branch, from the month `first` on; `span`: the months of the
/// planned span among them.
pub fn changes(
    factors: &[Factor],
    nodes: &[Node],
    fans: &[&[Fan]],
    first: Month,
    span: &Range<usize>,
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
    };
    for factor in factors {
        let within = within(factor, nodes);
        let leaves: Vec<usize> = (0..nodes.len())
            .filter(|place| is_leaf[*place] && within[*place])
            .collect();
        let mut steps = vec![Minor(0); nodes.len()];
        for step in 0..months {
            let month = first.plus(i32::try_from(step).unwrap_or(i32::MAX));
            let base: Vec<i64> = leaves.iter().map(|leaf| fans[*leaf][step].p50.0).collect();
            for (leaf, wanted) in leaves.iter().zip(of_month(factor, month, &base)) {
                let had = &mut left[*leaf][step];
                let added = if *had >= 0 { wanted.max(-*had) } else { wanted };
                *had = had.saturating_add(added);
                changes.months[*leaf][step] = changes.months[*leaf][step].saturating_add(added);
                if span.contains(&step) {
                    steps[*leaf].0 = steps[*leaf].0.saturating_add(added);
                }
            }
        }
        for place in (0..nodes.len()).rev() {
            if let Some(above) = nodes[place].above {
                steps[above].0 = steps[above].0.saturating_add(steps[place].0);
            }
        }
        changes.steps.push(steps);
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

/// What a factor adds to each leaf in a month, after its weight.
fn of_month(factor: &Factor, month: Month, base: &[i64]) -> Vec<i64> {
    let days = i128::from(factor.entry.days_in(Span {
        starts_on: month.first_day(),
        ends_on: month.end(),
    }));
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
            spread(until(done + days) - until(done), base)
        }
    }
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
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::id::FactorId;
    use crate::outlook::{FactorKind, NewFactor};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn factor(unit: Option<UnitId>, from: &str, to: &str, effect: Effect, weight: u8) -> Factor {
        Factor {
            id: FactorId::default(),
            entry: NewFactor {
                kind: FactorKind::Policy,
                name: "x".into(),
                unit,
                span: Span {
                    starts_on: day(from),
                    ends_on: day(to),
                },
                effect,
                weight,
                source: "y".into(),
                link: None,
                attachment: None,
            },
            unit_name: String::new(),
            attached: None,
            author: String::new(),
            at_ms: 0,
        }
    }

    fn fan(amounts: &[i64]) -> Vec<Fan> {
        amounts
            .iter()
            .map(|amount| Fan {
                p50: Minor(*amount),
                p90: Minor(*amount * 2),
                p75: Minor(*amount),
                ..Fan::default()
            })
            .collect()
    }

    /// A company of two units, of which the second has two people.
    fn company() -> (Vec<Node>, [UnitId; 3]) {
        let units = [1, 2, 3].map(|id| UnitId(uuid::Uuid::from_u128(id)));
        let node = |above, unit| Node { above, unit };
        let nodes = vec![
            node(None, Some(units[0])),
            node(Some(0), Some(units[1])),
            node(Some(0), Some(units[2])),
            node(Some(2), None),
            node(Some(2), None),
        ];
        (nodes, units)
    }

    #[test]
    fn a_percentage_holds_on_its_days_and_by_its_weight() {
        let (nodes, units) = company();
        let fans = [
            fan(&[3_000, 3_000]),
            fan(&[1_000, 1_000]),
            fan(&[2_000, 2_000]),
            fan(&[1_500, 1_500]),
            fan(&[500, 500]),
        ];
        let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
        let first = Month::parse("2027-01").unwrap();
        let half_of_february = factor(
            Some(units[2]),
            "2027-02-15",
            "2027-06-01",
            Effect::Percent { hundredths: 1_000 },
            50,
        );
        let whole = factor(
            None,
            "2027-01-01",
            "2027-03-01",
            Effect::Percent { hundredths: -1_000 },
            100,
        );
        let found = changes(&[half_of_february, whole], &nodes, &fans, first, &(1..2));
        // 37.5 and 12.5, each rounded away from zero; what is above is their sum.
        assert_eq!(found.steps[0], [51, 0, 51, 38, 13].map(Minor));
        assert_eq!(found.steps[1], [-300, -100, -200, -150, -50].map(Minor));
        // January lies before the planned span: it is changed, and no part of its sum.
        assert_eq!(found.months[0], [-300, -249]);
    }

    #[test]
    fn money_is_spread_over_days_and_people_to_the_last_cent() {
        let (nodes, units) = company();
        let fans = [
            fan(&[0, 30, 30]),
            fan(&[0, 10, 10]),
            fan(&[0, 20, 20]),
            fan(&[0, 15, 15]),
            fan(&[0, 5, 5]),
        ];
        let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
        let first = Month::parse("2027-01").unwrap();
        let money = factor(
            Some(units[2]),
            "2027-01-01",
            "2027-04-01",
            Effect::Money { amount: Minor(1_001) },
            100,
        );
        let found = changes(std::slice::from_ref(&money), &nodes, &fans, first, &(0..3));
        assert_eq!(found.steps[0][0], Minor(1_001));
        assert_eq!(found.steps[0][3].0 + found.steps[0][4].0, 1_001);
        assert_eq!(found.months[0].iter().sum::<i64>(), 1_001);
        // Where nothing is expected of anybody it is spread evenly.
        assert!((found.months[3][0] - found.months[4][0]).abs() <= 1);
        // Days before the first month to come are done: what fell on them is not made up for.
        let later = changes(&[money], &nodes, &fans, first.plus(1), &(0..3));
        assert_eq!(later.steps[0][0], Minor(1_001 - 345));
    }

    #[test]
    fn nothing_is_taken_below_zero() {
        let (nodes, units) = company();
        let fans = [fan(&[30]), fan(&[10]), fan(&[20]), fan(&[15]), fan(&[5])];
        let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
        let first = Month::parse("2027-01").unwrap();
        let gone = |unit| {
            factor(
                unit,
                "2027-01-01",
                "2027-02-01",
                Effect::Money {
                    amount: Minor(-9_000),
                },
                100,
            )
        };
        let found = changes(&[gone(Some(units[2])), gone(None)], &nodes, &fans, first, &(0..1));
        assert_eq!((found.steps[0][0], found.steps[1][0]), (Minor(-20), Minor(-10)));
        assert_eq!(moved(fans[0][0], found.months[0][0]).p50, Minor(0));
        // A unit that is not there changes nothing.
        let strange = gone(Some(UnitId(uuid::Uuid::from_u128(99))));
        assert_eq!(
            changes(&[strange], &nodes, &fans, first, &(0..1)).steps[0],
            [Minor(0); 5]
        );
    }

    proptest::proptest! {
        #[test]
        fn before_and_factors_make_after(
            base in proptest::collection::vec(0_i64..1_000_000_000_000, 9),
            effects in proptest::collection::vec((proptest::bool::ANY, -10_000_i32..20_000, 0_u8..=100, 0_usize..4), 0..5),
        ) {
            let (nodes, units) = company();
            let leaf = |place: usize| base[place * 3..place * 3 + 3].to_vec();
            let add = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<i64>>();
            let (one, two, three) = (leaf(0), leaf(1), leaf(2));
            let second = add(&two, &three);
            let fans = [add(&one, &second), one, second, two, three].map(|amounts| fan(&amounts));
            let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
            let factors: Vec<Factor> = effects
                .into_iter()
                .map(|(money, size, weight, unit)| {
                    let effect = if money {
                        Effect::Money { amount: Minor(i64::from(size) * 12_345_677) }
                    } else {
                        Effect::Percent { hundredths: size }
                    };
                    factor(units.get(unit).copied(), "2027-01-11", "2027-03-20", effect, weight)
                })
                .collect();
            let found = changes(&factors, &nodes, &fans, Month::parse("2027-01").unwrap(), &(0..3));
            for place in 0..nodes.len() {
                let before: i64 = fans[place].iter().map(|month| month.p50.0).sum();
                let after: i64 = fans[place]
                    .iter()
                    .zip(&found.months[place])
                    .map(|(month, by)| moved(*month, *by).p50.0)
                    .sum();
                let steps: i64 = found.steps.iter().map(|steps| steps[place].0).sum();
                proptest::prop_assert_eq!(before + steps, after);
                let below: Vec<usize> = (0..nodes.len()).filter(|child| nodes[*child].above == Some(place)).collect();
                if !below.is_empty() {
                    for (factor, steps) in found.steps.iter().enumerate() {
                        let sum: i64 = below.iter().map(|child| found.steps[factor][*child].0).sum();
                        proptest::prop_assert_eq!(sum, steps[place].0);
                    }
                }
            }
        }
    }
}
