//! What makes a scheme hold together.

use serde::{Deserialize, Serialize};

use super::{Base, Measure, Scheme, Terms, Tiers, WHOLE_PPM};
use crate::plan::MAX_AMOUNT;

/// Rates up to this are allowed: 10,000 %.
const MAX_RATE_PPM: i64 = 100_000_000;

/// Why rules do not hold together. Measures and tiers are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum SchemeError {
    /// Nothing is measured.
    #[error("a scheme needs a measure")]
    NoMeasure,
    /// Two measures of one name.
    #[error("measure {measure} has the name of another")]
    SameKey {
        /// The later of the two.
        measure: usize,
    },
    /// The weights do not sum to 100 %.
    #[error("the weights sum to {sum_ppm} millionths, not to 1,000,000")]
    Weights {
        /// Their sum.
        sum_ppm: u64,
    },
    /// A share of more than 100 %.
    #[error("the share of measure {measure} is more than all of it")]
    Share {
        /// The measure.
        measure: usize,
    },
    /// More than all of an overpayment would be taken back.
    #[error("no more than all of an overpayment can be taken back")]
    ClawBack,
    /// A cap or a target pay that is negative or larger than any target may be.
    #[error("a cap or the target pay is out of range: {amount} minor units")]
    Amount {
        /// What it is.
        amount: i64,
    },
    /// A measure without tiers.
    #[error("measure {measure} has no tiers")]
    NoTiers {
        /// The measure.
        measure: usize,
    },
    /// The first tier does not begin at 0.
    #[error("the first tier of measure {measure} begins at {from_ppm} millionths of the target, not at 0")]
    Start {
        /// The measure.
        measure: usize,
        /// Where it begins.
        from_ppm: u32,
    },
    /// A tier that ends where it begins or before.
    #[error("tier {tier} of measure {measure} ends before it begins")]
    Backwards {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
    },
    /// A tier that begins before the one listed before it does.
    #[error("tier {tier} of measure {measure} is out of order")]
    Order {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
    },
    /// A tier that begins before the one before it ends.
    #[error("tier {tier} of measure {measure} overlaps the one before it")]
    Overlap {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
    },
    /// A tier that begins after the one before it ended.
    #[error("there is a gap before tier {tier} of measure {measure}")]
    Gap {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
    },
    /// The last tier has an end: nobody knows what lies above it pays. A last tier with a rate of 0 pays nothing more.
    #[error("the last tier of measure {measure} has an end")]
    Ends {
        /// The measure.
        measure: usize,
    },
    /// A negative rate, or one above 10,000 %.
    #[error("the rate of tier {tier} of measure {measure} is out of range: {rate_ppm} millionths")]
    Rate {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
        /// The rate.
        rate_ppm: i64,
    },
    /// A rate for everything that is below that of the tier before: reaching the tier would pay less.
    #[error("the rate of tier {tier} of measure {measure} falls, and counts for everything")]
    Falls {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
    },
}

impl Scheme {
    /// Checks rules.
    pub fn new(terms: Terms) -> Result<Self, SchemeError> {
        if terms.measures.is_empty() {
            return Err(SchemeError::NoMeasure);
        }
        let mut keys = std::collections::BTreeSet::new();
        for (place, measure) in terms.measures.iter().enumerate() {
            if !keys.insert(&measure.key) {
                return Err(SchemeError::SameKey { measure: place });
            }
            check(place, measure)?;
        }
        let sum_ppm = terms
            .measures
            .iter()
            .map(|measure| u64::from(measure.weight_ppm))
            .sum();
        if sum_ppm != u64::from(WHOLE_PPM) {
            return Err(SchemeError::Weights { sum_ppm });
        }
        if terms.claw_back_ppm > WHOLE_PPM {
            return Err(SchemeError::ClawBack);
        }
        let pay = match terms.base {
            Base::Sold => None,
            Base::TargetPay { pay } => Some(pay),
        };
        let caps = terms.measures.iter().filter_map(|measure| measure.cap);
        for amount in caps.chain(terms.cap).chain(pay) {
            if !(0..=MAX_AMOUNT).contains(&amount.0) {
                return Err(SchemeError::Amount { amount: amount.0 });
            }
        }
        Ok(Self(terms))
    }

    /// The rules.
    pub fn terms(&self) -> &Terms {
        &self.0
    }
}

impl TryFrom<Terms> for Scheme {
    type Error = SchemeError;

    fn try_from(terms: Terms) -> Result<Self, SchemeError> {
        Self::new(terms)
    }
}

impl From<Scheme> for Terms {
    fn from(scheme: Scheme) -> Self {
        scheme.0
    }
}

fn check(place: usize, measure: &Measure) -> Result<(), SchemeError> {
    if measure.share_ppm > WHOLE_PPM {
        return Err(SchemeError::Share { measure: place });
    }
    let (Some(first), Some(last)) = (measure.tiers.first(), measure.tiers.last()) else {
        return Err(SchemeError::NoTiers { measure: place });
    };
    for (tier, rule) in measure.tiers.iter().enumerate() {
        if rule.to_ppm.is_some_and(|to| to <= rule.from_ppm) {
            return Err(SchemeError::Backwards { measure: place, tier });
        }
        if !(0..=MAX_RATE_PPM).contains(&rule.rate_ppm) {
            return Err(SchemeError::Rate {
                measure: place,
                tier,
                rate_ppm: rule.rate_ppm,
            });
        }
    }
    for (tier, pair) in measure.tiers.windows(2).enumerate() {
        let at = (place, tier + 1);
        let (before, after) = (pair[0], pair[1]);
        joined(at, before.from_ppm, before.to_ppm, after.from_ppm)?;
        if measure.tiers_pay == Tiers::Whole && after.rate_ppm < before.rate_ppm {
            return Err(SchemeError::Falls {
                measure: place,
                tier: tier + 1,
            });
        }
    }
    if first.from_ppm != 0 {
        return Err(SchemeError::Start {
            measure: place,
            from_ppm: first.from_ppm,
        });
    }
    match last.to_ppm {
        None => Ok(()),
        Some(_) => Err(SchemeError::Ends { measure: place }),
    }
}

/// Whether a tier begins where the one before it ends.
fn joined(
    (measure, tier): (usize, usize),
    before: u32,
    end: Option<u32>,
    start: u32,
) -> Result<(), SchemeError> {
    match end {
        _ if start < before => Err(SchemeError::Order { measure, tier }),
        Some(end) if start == end => Ok(()),
        Some(end) if start > end => Err(SchemeError::Gap { measure, tier }),
        // One without an end lies over everything after it.
        Some(_) | None => Err(SchemeError::Overlap { measure, tier }),
    }
}
