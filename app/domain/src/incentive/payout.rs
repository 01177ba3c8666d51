//! What a scheme pays, and what a deal changes about it.

use serde::{Deserialize, Serialize};

use super::{Achieved, Base, Measure, Scheme, Statement, Step, StepKind, Tiers, WHOLE_PPM};
use crate::money::{Minor, divide, round_to_sum};
use crate::plan::MAX_AMOUNT;

/// Millionths in a whole.
const PPM: i128 = WHOLE_PPM as i128;

/// Why nothing can be said about a payout. Measures are counted from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum PayoutError {
    /// Not one number a measure.
    #[error("the scheme has {expected} measures, {got} were given")]
    Measures {
        /// How many the scheme has.
        expected: usize,
        /// How many were given.
        got: usize,
    },
    /// The scheme has no such measure.
    #[error("the scheme has no measure {measure}")]
    Unknown {
        /// Which.
        measure: usize,
    },
    /// A target of zero or less: there is no part of it that was reached.
    #[error("the target of measure {measure} is not positive")]
    Target {
        /// The measure.
        measure: usize,
    },
    /// An amount beyond [`MAX_AMOUNT`], or one that makes a payout beyond it.
    #[error("the amounts are too large")]
    TooLarge,
    /// A landing without a number, or with one that is none: see [`super::Landing`].
    #[error("the landing has no paths, or its quantiles are out of order, or its spread is negative")]
    Landing,
}

/// What is paid for what was done; one [`Achieved`] a measure, in the scheme's order.
pub fn payout(scheme: &Scheme, achieved: &[Achieved]) -> Result<Statement, PayoutError> {
    let terms = scheme.terms();
    if achieved.len() != terms.measures.len() {
        return Err(PayoutError::Measures {
            expected: terms.measures.len(),
            got: achieved.len(),
        });
    }
    let mut steps = Vec::new();
    let mut total = 0_i128;
    let bases = bases(scheme);
    for (place, ((measure, achieved), base)) in terms.measures.iter().zip(achieved).zip(bases).enumerate() {
        total += i128::from(of_measure(place, measure, *achieved, base, &mut steps)?);
    }
    if let Some(cap) = terms.cap
        && total > i128::from(cap.0)
    {
        steps.push(Step {
            kind: StepKind::Capped { measure: None, cap },
            amount: minor(i128::from(cap.0) - total)?,
        });
        total = cap.0.into();
    }
    Ok(Statement {
        payout: minor(total)?,
        steps,
    })
}

/// What a span of what was done is multiplied by besides its rate: `numerator / denominator`, the latter times the target
/// where parts of the target count.
#[derive(Clone, Copy)]
struct Factor {
    numerator: i128,
    denominator: i128,
    of_target: bool,
}

/// One factor a measure. The pay for reaching the target is first dealt out to the measures in minor units, by weight.
fn bases(scheme: &Scheme) -> Vec<Factor> {
    let measures = &scheme.terms().measures;
    match scheme.terms().base {
        Base::Sold => measures
            .iter()
            .map(|measure| {
                let numerator = i128::from(measure.weight_ppm) * i128::from(measure.share_ppm);
                let common = common_divisor(numerator, PPM * PPM);
                Factor {
                    numerator: numerator / common,
                    denominator: PPM * PPM / common,
                    of_target: false,
                }
            })
            .collect(),
        Base::TargetPay { pay } => {
            let weighted: Vec<i128> = measures
                .iter()
                .map(|measure| i128::from(pay.0) * i128::from(measure.weight_ppm))
                .collect();
            round_to_sum(&weighted, PPM, pay.0.into())
                .into_iter()
                .zip(measures)
                .map(|(pay, measure)| Factor {
                    numerator: divide(pay * i128::from(measure.share_ppm), PPM),
                    denominator: 1,
                    of_target: true,
                })
                .collect()
        }
    }
}

fn common_divisor(a: i128, b: i128) -> i128 {
    if a == 0 { b } else { common_divisor(b % a, a) }
}

/// What a measure pays; adds its steps.
fn of_measure(
    place: usize,
    measure: &Measure,
    achieved: Achieved,
    factor: Factor,
    steps: &mut Vec<Step>,
) -> Result<i64, PayoutError> {
    let target = i128::from(achieved.target.0);
    if target <= 0 {
        return Err(PayoutError::Target { measure: place });
    }
    if achieved.target.0 > MAX_AMOUNT || achieved.done.0.unsigned_abs() > MAX_AMOUNT as u64 {
        return Err(PayoutError::TooLarge);
    }
    let done = i128::from(achieved.done.0.max(0));
    let spans = spans(measure, target, done);
    let denominator = PPM * PPM * factor.denominator * if factor.of_target { target } else { 1 };
    let numerators: Vec<i128> = spans
        .iter()
        .zip(&measure.tiers)
        .map(|(span, tier)| {
            let rate = factor.numerator.checked_mul(tier.rate_ppm.into())?;
            span.checked_mul(rate)
        })
        .collect::<Option<_>>()
        .ok_or(PayoutError::TooLarge)?;
    let sum = numerators
        .iter()
        .try_fold(0_i128, |sum, numerator| sum.checked_add(*numerator));
    let mut total = divide(sum.ok_or(PayoutError::TooLarge)?, denominator);
    let amounts = round_to_sum(&numerators, denominator, total);
    let on = round_to_sum(&spans, PPM, done);
    for (tier, rule) in measure
        .tiers
        .iter()
        .enumerate()
        .filter(|(tier, _)| spans[*tier] > 0)
    {
        steps.push(Step {
            kind: StepKind::Tier {
                measure: place,
                tier,
                rate_ppm: rule.rate_ppm,
                on: minor(on[tier])?,
            },
            amount: minor(amounts[tier])?,
        });
    }
    let threshold = target * i128::from(measure.threshold_ppm);
    if done * PPM < threshold {
        let needed = minor((threshold + PPM - 1) / PPM)?;
        steps.push(Step {
            kind: StepKind::BelowThreshold {
                measure: place,
                needed,
            },
            amount: minor(-total)?,
        });
        total = 0;
    }
    if let Some(cap) = measure.cap
        && total > i128::from(cap.0)
    {
        steps.push(Step {
            kind: StepKind::Capped {
                measure: Some(place),
                cap,
            },
            amount: minor(i128::from(cap.0) - total)?,
        });
        total = cap.0.into();
    }
    minor(total).map(|total| total.0)
}

/// What each tier's rate is taken of, in millionths of a minor unit; they sum to what was done.
fn spans(measure: &Measure, target: i128, done: i128) -> Vec<i128> {
    let done = done * PPM;
    let border = |ppm: u32| target * i128::from(ppm);
    measure
        .tiers
        .iter()
        .map(|tier| {
            let (low, high) = (border(tier.from_ppm), tier.to_ppm.map(border));
            match measure.tiers_pay {
                Tiers::Marginal => (high.map_or(done, |high| done.min(high)) - low).max(0),
                Tiers::Whole if low <= done && high.is_none_or(|high| done < high) => done,
                Tiers::Whole => 0,
            }
        })
        .collect()
}

fn minor(amount: i128) -> Result<Minor, PayoutError> {
    i64::try_from(amount)
        .ok()
        .filter(|amount| amount.unsigned_abs() <= MAX_AMOUNT as u64)
        .map(Minor)
        .ok_or(PayoutError::TooLarge)
}

/// What was paid for a period so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Payouts less what was taken back.
    pub net: Minor,
    /// Overpayments in it that were not taken back: the [`StepKind::Kept`] of the last settlement.
    pub kept: Minor,
}

/// What is still due, or is taken back, after refunds, returns or corrections: the payout for the corrected numbers less
/// what was paid. Of an overpayment the scheme's part is taken back, once: what was kept before is not asked for again.
/// The statement's payout is negative where something is taken back.
pub fn settle(scheme: &Scheme, corrected: &[Achieved], paid: Paid) -> Result<Statement, PayoutError> {
    let mut statement = payout(scheme, corrected)?;
    let (net, kept) = (i128::from(paid.net.0), i128::from(paid.kept.0.max(0)));
    let mut due = i128::from(statement.payout.0) - net;
    if net != 0 {
        statement.steps.push(Step {
            kind: StepKind::PaidBefore,
            amount: minor(-net)?,
        });
    }
    if due < 0 {
        let asked = (-due - kept).max(0);
        let taken = divide(asked * i128::from(scheme.terms().claw_back_ppm), PPM);
        if -due != taken {
            statement.steps.push(Step {
                kind: StepKind::Kept,
                amount: minor(-due - taken)?,
            });
        }
        due = -taken;
    }
    statement.payout = minor(due)?;
    Ok(statement)
}

/// What a deal changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextDeal {
    /// The payout without it.
    pub before: Minor,
    /// The payout with it.
    pub after: Minor,
    /// What it is worth: after − before.
    pub worth: Minor,
}

/// What the next deal is worth; `amounts` is what it adds to each measure (negative: what a return costs).
pub fn next_deal(scheme: &Scheme, achieved: &[Achieved], amounts: &[Minor]) -> Result<NextDeal, PayoutError> {
    if amounts.len() != achieved.len() {
        return Err(PayoutError::Measures {
            expected: achieved.len(),
            got: amounts.len(),
        });
    }
    let before = payout(scheme, achieved)?.payout;
    let with: Vec<Achieved> = achieved
        .iter()
        .zip(amounts)
        .map(|(achieved, amount)| Achieved {
            done: Minor(achieved.done.0.saturating_add(amount.0)),
            ..*achieved
        })
        .collect();
    let after = payout(scheme, &with)?.payout;
    Ok(NextDeal {
        before,
        after,
        worth: Minor(after.0 - before.0),
    })
}

/// The next border of a measure's curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextTier {
    /// The tier that begins there; the one that holds there already where it is the threshold.
    pub tier: usize,
    /// Its rate.
    pub rate_ppm: i64,
    /// What is missing to it.
    pub missing: Minor,
    /// What the way there is worth.
    pub worth: Minor,
}

/// How far the next tier, or the threshold, of a measure is; `None` above the last.
pub fn next_tier(
    scheme: &Scheme,
    achieved: &[Achieved],
    measure: usize,
) -> Result<Option<NextTier>, PayoutError> {
    let (Some(rules), Some(stand)) = (scheme.terms().measures.get(measure), achieved.get(measure)) else {
        return Err(PayoutError::Unknown { measure });
    };
    payout(scheme, achieved)?;
    // The first minor unit at or above a border.
    let border = |ppm: u32| (i128::from(stand.target.0) * i128::from(ppm) + PPM - 1) / PPM;
    let borders = rules.tiers.iter().map(|tier| tier.from_ppm);
    let next = borders
        .chain([rules.threshold_ppm])
        .filter(|ppm| border(*ppm) > i128::from(stand.done.0.max(0)))
        .min();
    let Some(ppm) = next else { return Ok(None) };
    let tier = rules
        .tiers
        .partition_point(|tier| tier.from_ppm <= ppm)
        .saturating_sub(1);
    let missing = minor(border(ppm) - i128::from(stand.done.0))?;
    let mut amounts = vec![Minor(0); achieved.len()];
    if let Some(amount) = amounts.get_mut(measure) {
        *amount = missing;
    }
    Ok(Some(NextTier {
        tier,
        rate_ppm: rules.tiers.get(tier).map_or(0, |tier| tier.rate_ppm),
        missing,
        worth: next_deal(scheme, achieved, &amounts)?.worth,
    }))
}
