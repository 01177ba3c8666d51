//! A product of factors on both sides, split by factor: logarithmic mean Divisia (LMDI-I) or Shapley.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Parts};
use super::{Bridge, BridgeError, Level, Method, StepKind};
use crate::money::{Currency, FACT_SCALE, Fact, round_to_sum};

/// More factors than this are refused: Shapley looks at every subset.
const MAX_FACTORS: usize = 8;

/// Fixed-point places under a ten-thousandth, to round effects by their fractions.
const FIXED: i128 = 1 << 20;

/// How a change of a product is split by its factors. Both leave no residual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorMethod {
    /// Δₖ = L(v₁, v₀)·ln(x₁ₖ/x₀ₖ) with the logarithmic mean L(a, b) = (a − b)/(ln a − ln b) (Ang 2004, 2005). A factor that
    /// rises from zero or falls to it takes all of the change, several such factors equal parts: the limits for small
    /// values (Wood and Lenzen 2006).
    #[default]
    Lmdi,
    /// The mean of a factor's effect over all orders in which factors may change (Shapley 1953; Sun 1998).
    Shapley,
}

/// One side of a segment: an amount as a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// The amount; not negative.
    pub amount: Fact,
    /// The factors, whose product is the amount in currency units: to a millionth of it or a ten-thousandth of a unit.
    /// `None` where a factor has no value (the size of deals where none was won): then it counts as unchanged.
    pub values: Vec<Option<f64>>,
}

/// A segment on both sides: a region, a person, a product line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// What it is looked up by.
    pub key: String,
    /// Where the bridge begins.
    pub before: Factors,
    /// Where it ends.
    pub after: Factors,
}

/// What each factor added, over all segments: computed within each and summed, so that a shift between segments does not
/// pass for a change of a factor. The parts of a step are the segments.
///
/// Effects are floats; within each segment they are rounded to ten-thousandths that sum to its difference exactly.
pub fn factors(
    level: &str,
    method: FactorMethod,
    names: &[StepKind],
    segments: &[Segment],
    currency: &Currency,
) -> Result<Bridge, BridgeError> {
    let mut parts: Vec<Parts> = names
        .iter()
        .map(|_| Parts::with_capacity(segments.len()))
        .collect();
    let mut draft = Draft {
        method: Method::Factors(method),
        level: Level {
            name: level.to_owned(),
            ..Level::default()
        },
        from: 0,
        to: 0,
        steps: Vec::new(),
    };
    for segment in segments {
        check(&segment.key, &segment.before, names.len())?;
        check(&segment.key, &segment.after, names.len())?;
        let (before, after) = (
            i128::from(segment.before.amount.0),
            i128::from(segment.after.amount.0),
        );
        draft.from += before;
        draft.to += after;
        match (before, after) {
            (0, 0) => continue,
            (0, _) => draft.level.after += 1,
            (_, 0) => draft.level.before += 1,
            _ => draft.level.both += 1,
        }
        let effects = match method {
            FactorMethod::Lmdi => lmdi(&segment.before, &segment.after),
            FactorMethod::Shapley => shapley(&segment.before, &segment.after),
        };
        let fixed: Vec<i128> = effects
            .into_iter()
            .map(|effect| (effect * FIXED as f64) as i128)
            .collect();
        for (parts, amount) in parts.iter_mut().zip(round_to_sum(&fixed, FIXED, after - before)) {
            parts.push((segment.key.clone(), amount));
        }
    }
    for (name, parts) in names.iter().zip(parts) {
        draft.add(name.clone(), parts);
    }
    draft.finish(currency)
}

fn check(key: &str, side: &Factors, expected: usize) -> Result<(), BridgeError> {
    let got = side.values.len();
    if got != expected || !(1..=MAX_FACTORS).contains(&expected) {
        let key = key.to_owned();
        return Err(BridgeError::FactorCount { key, expected, got });
    }
    let bad = |value: &f64| !value.is_finite() || *value < 0.0;
    if side.amount.0 < 0 || side.values.iter().flatten().any(bad) {
        return Err(BridgeError::Negative { key: key.to_owned() });
    }
    let amount = side.amount.0 as f64 / FACT_SCALE as f64;
    // A factor without a value belongs to an amount of nothing.
    let product: f64 = side.values.iter().map(|value| value.unwrap_or(0.0)).product();
    let slack = (amount * 1e-6).max(1.0 / FACT_SCALE as f64);
    if !product.is_finite() || (product - amount).abs() > slack {
        return Err(BridgeError::Inconsistent {
            key: key.to_owned(),
            product,
            amount,
        });
    }
    Ok(())
}

/// Effects in ten-thousandths.
fn lmdi(before: &Factors, after: &Factors) -> Vec<f64> {
    let (from, to) = (before.amount.0 as f64, after.amount.0 as f64);
    let pairs = || before.values.iter().zip(&after.values);
    if from > 0.0 && to > 0.0 {
        let mean = log_mean(to, from);
        return pairs()
            .map(|(before, after)| match (before, after) {
                (Some(before), Some(after)) if *before > 0.0 && *after > 0.0 => mean * (after / before).ln(),
                _ => 0.0,
            })
            .collect();
    }
    // One side is nothing: the factors that are nothing there share the other.
    let empty = if from > 0.0 { after } else { before };
    let zero = |value: &Option<f64>| *value == Some(0.0);
    let zeros = empty.values.iter().filter(|value| zero(value)).count().max(1) as f64;
    empty
        .values
        .iter()
        .map(|value| if zero(value) { (to - from) / zeros } else { 0.0 })
        .collect()
}

/// The logarithmic mean of two positive numbers.
fn log_mean(a: f64, b: f64) -> f64 {
    let ratio = (a - b) / b;
    if ratio == 0.0 { a } else { (a - b) / ratio.ln_1p() }
}

/// Effects in ten-thousandths.
fn shapley(before: &Factors, after: &Factors) -> Vec<f64> {
    let scale = FACT_SCALE as f64;
    let pairs: Vec<(f64, f64)> = before
        .values
        .iter()
        .zip(&after.values)
        .map(|(before, after)| {
            let value = |own: &Option<f64>, other: &Option<f64>| own.or(*other).unwrap_or(0.0);
            (value(before, after), value(after, before))
        })
        .collect();
    let count = pairs.len();
    (0..count)
        .map(|factor| {
            let others = (0_u32..1 << count).filter(|subset| subset & (1 << factor) == 0);
            let effect: f64 = others
                .map(|changed| {
                    let rest = (0..count).filter(|other| *other != factor).map(|other| {
                        let (before, after) = pairs[other];
                        if changed & (1 << other) == 0 {
                            before
                        } else {
                            after
                        }
                    });
                    weight(changed.count_ones() as usize, count) * rest.product::<f64>()
                })
                .sum();
            let (before, after) = pairs[factor];
            effect * (after - before) * scale
        })
        .collect()
}

/// The share of orders in which just these factors of `count` changed before one: s!·(n − s − 1)!/n!, which is
/// 1/(n·C(n − 1, s)).
fn weight(changed: usize, count: usize) -> f64 {
    let choices = (1..=changed).fold(1.0, |choices, place| {
        choices * (count - place) as f64 / place as f64
    });
    1.0 / (count as f64 * choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(values: &[Option<f64>]) -> Factors {
        let product: f64 = values.iter().map(|value| value.unwrap_or(0.0)).product();
        Factors {
            amount: Fact((product * 10_000.0).round() as i64),
            values: values.to_vec(),
        }
    }

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / 10_000.0 - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    #[test]
    fn effects_of_two_factors_by_hand() {
        let (before, after) = (side(&[Some(10.0), Some(20.0)]), side(&[Some(20.0), Some(15.0)]));
        // L(300, 200) = 100 / ln 1.5 = 246.630346; ln 2 = 0.693147, ln 0.75 = −0.287682.
        near(&lmdi(&before, &after), &[170.951_129, -70.951_129]);
        near(&shapley(&before, &after), &[175.0, -75.0]);
    }

    #[test]
    fn zeros_take_their_limits() {
        let full = side(&[Some(4.0), Some(0.5), Some(100.0)]);
        let none_won = side(&[Some(9.0), Some(0.0), None]);
        near(&lmdi(&none_won, &full), &[0.0, 200.0, 0.0]);
        near(&lmdi(&full, &none_won), &[0.0, -200.0, 0.0]);
        let nothing = side(&[Some(0.0), Some(0.0), None]);
        near(&lmdi(&nothing, &full), &[100.0, 100.0, 0.0]);
        let tiny = side(&[Some(9.0), Some(1e-300), Some(100.0)]);
        let limit = Factors {
            amount: Fact(1),
            ..tiny
        };
        let close = lmdi(&limit, &full);
        assert!(close[1] > 1_990_000.0, "the limit of small values: {close:?}");
    }

    #[test]
    fn weights_of_all_subsets_sum_to_one() {
        for count in 1..=MAX_FACTORS {
            let sum: f64 = (0_u32..1 << (count - 1))
                .map(|subset| weight(subset.count_ones() as usize, count))
                .sum();
            assert!((sum - 1.0).abs() < 1e-12, "{count}: {sum}");
        }
    }
}
