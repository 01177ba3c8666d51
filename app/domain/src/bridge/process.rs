//! The sales process as a product: pipeline × turnover × win rate × deal size.

use serde::{Deserialize, Serialize};

use super::{Bridge, BridgeError, FactorMethod, Factors, Segment, StepKind, factors};
use crate::money::{Currency, FACT_SCALE, Fact};

/// A process in one period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "known")]
pub enum Funnel {
    /// As it was.
    Counted {
        /// Deals that were open at any time of the period: when it began, or created in it.
        pipeline: u64,
        /// Deals of these that were won or lost in it; no more than `pipeline`.
        closed: u64,
        /// Deals of these that were won; no more than `closed`.
        won: u64,
        /// What those came to.
        amount: Fact,
    },
    /// As it was planned: the amount is the product.
    Planned {
        /// Deals to be worked on.
        pipeline: f64,
        /// Days of the period.
        days: f64,
        /// Days in which a pipeline of that size turns over once (Little's law: pipeline / closed deals a day).
        cycle_days: f64,
        /// Part of the closed deals that is won, from 0 to 1.
        win_rate: f64,
        /// What a deal won comes to, in currency units.
        deal_size: f64,
    },
}

/// A segment's process on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stream {
    /// What it is looked up by: a person, a team, a product.
    pub key: String,
    /// Where the bridge begins: the period before, or the plan.
    pub before: Funnel,
    /// Where it ends.
    pub after: Funnel,
}

/// Which part of a difference came from more or fewer deals in the pipeline, from a faster or slower cycle, from the win
/// rate and from deal size: amount = pipeline × (closed / pipeline) × (won / closed) × (amount / won). The second is
/// the period's days over those of the cycle.
///
/// Where nothing was closed there is no win rate, where nothing was won no deal size: they count as unchanged.
pub fn process(
    level: &str,
    method: FactorMethod,
    streams: &[Stream],
    currency: &Currency,
) -> Result<Bridge, BridgeError> {
    let segments: Vec<Segment> = streams
        .iter()
        .map(|stream| {
            Ok(Segment {
                key: stream.key.clone(),
                before: stream.before.factors(&stream.key)?,
                after: stream.after.factors(&stream.key)?,
            })
        })
        .collect::<Result<_, BridgeError>>()?;
    let names = [
        StepKind::Pipeline,
        StepKind::Cycle,
        StepKind::WinRate,
        StepKind::DealSize,
    ];
    factors(level, method, &names, &segments, currency)
}

impl Funnel {
    fn factors(self, key: &str) -> Result<Factors, BridgeError> {
        let ratio = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        match self {
            Self::Counted {
                pipeline,
                closed,
                won,
                amount,
            } => {
                if closed > pipeline || won > closed {
                    return Err(BridgeError::Counts {
                        key: key.to_owned(),
                        pipeline,
                        closed,
                        won,
                    });
                }
                let (open, decided, gained) = (pipeline as f64, closed as f64, won as f64);
                let worth = amount.0 as f64 / FACT_SCALE as f64;
                Ok(Factors {
                    amount,
                    values: vec![
                        Some(open),
                        ratio(decided, open),
                        ratio(gained, decided),
                        ratio(worth, gained),
                    ],
                })
            }
            Self::Planned {
                pipeline,
                days,
                cycle_days,
                win_rate,
                deal_size,
            } => {
                if !(0.0..=1.0).contains(&win_rate) {
                    return Err(BridgeError::WinRate { key: key.to_owned() });
                }
                let turnover = ratio(days, cycle_days).unwrap_or(f64::NAN);
                let scaled = pipeline * turnover * win_rate * deal_size * FACT_SCALE as f64;
                if scaled.is_nan() || scaled < 0.0 {
                    return Err(BridgeError::Negative { key: key.to_owned() });
                }
                if scaled >= i64::MAX as f64 {
                    return Err(BridgeError::TooLarge);
                }
                Ok(Factors {
                    amount: Fact(scaled.round() as i64),
                    values: [pipeline, turnover, win_rate, deal_size].map(Some).to_vec(),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Minor;

    #[test]
    fn a_plan_and_what_came_of_it() {
        let stream = Stream {
            key: "north".to_owned(),
            before: Funnel::Planned {
                pipeline: 100.0,
                days: 90.0,
                cycle_days: 112.5,
                win_rate: 0.25,
                deal_size: 8_000.0,
            },
            after: Funnel::Counted {
                pipeline: 100,
                closed: 80,
                won: 10,
                amount: Fact(80_000 * 10_000),
            },
        };
        let cny = Currency::from_code("CNY").unwrap();
        let bridge = process("team", FactorMethod::Lmdi, &[stream], &cny).unwrap();
        // Half of the win rate and nothing else.
        assert_eq!(
            (bridge.from(), bridge.to()),
            (Minor(16_000_000), Minor(8_000_000))
        );
        assert_eq!(bridge.amount(&StepKind::WinRate), Minor(-8_000_000));
        assert_eq!(bridge.amount(&StepKind::Cycle), Minor(0));
    }
}
