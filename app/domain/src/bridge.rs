//! From one number to another in steps that sum exactly: target to actual, volume, price and mix, and the sales process.
//!
//! - [`items`]: volume, mix and price of what was sold in both periods, with new and lost items beside them; or price and
//!   quantity, symmetric. Works at any level (category, product, key), also where the two periods share no item.
//! - [`against_plan`] and [`against_pipeline`]: target to actual, with what slipped in and out of the period, the
//!   exchange rate, and the part of the target that nobody ever worked on.
//! - [`process`] and [`factors`]: pipeline × turnover × win rate × deal size, or any other product, split by LMDI or
//!   Shapley.
//! - [`contributions`]: whose differences make the difference, over a tree, the largest by name and the rest as "other".
//!
//! Rounding: each record's part of a step is rounded to a ten-thousandth of the currency unit, the finest a fact has.
//! Then steps are rounded to minor units by largest remainder so that they sum to the difference of the rounded ends,
//! and the parts of each step so that they sum to the step. A step is thus off its formula by at most a minor unit and
//! two ten-thousandths a record, and nothing is left over anywhere.

mod draft;
mod factors;
mod items;
mod label;
mod process;
mod target;
mod tree;

use serde::{Deserialize, Serialize};

pub use factors::{FactorMethod, Factors, Segment, factors};
pub use items::{Item, ItemMethod, Sold, items};
pub use process::{Funnel, Stream, process};
pub use target::{Deal, Expected, Outcome, Planned, against_pipeline, against_plan};
pub use tree::{Node, contributions};

use crate::money::Minor;

/// The way from one number to another. However it was made or read, its steps sum to `to` − `from` and the parts of a
/// step to the step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Bridge {
    method: Method,
    level: Level,
    from: Minor,
    to: Minor,
    steps: Vec<Step>,
}

/// How a bridge was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Items of two periods, or of plan and actual.
    Items(ItemMethod),
    /// The factors of a product.
    Factors(FactorMethod),
    /// Differences over a tree.
    Contributions,
}

/// What was compared: the same figures tell another mix at another level, so the level belongs to the result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Its name: category, product, person, region, …
    pub name: String,
    /// Keys on both sides.
    pub both: usize,
    /// Keys only where the bridge begins.
    pub before: usize,
    /// Keys only where it ends.
    pub after: usize,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is.
    #[serde(flatten)]
    pub kind: StepKind,
    /// What it adds; negative where it takes. The sum of `parts` and `others`.
    pub amount: Minor,
    /// Whose records make it, the largest parts first; those that come to nothing are left out.
    pub parts: Vec<Part>,
    /// What [`Bridge::top`] left out.
    pub others: Others,
}

/// What a key adds to a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The item, deal, segment or node: what its records are looked up by.
    pub key: String,
    /// What it adds.
    pub amount: Minor,
}

/// Parts that are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// How many.
    pub count: usize,
    /// Their sum.
    pub amount: Minor,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StepKind {
    /// More or fewer units, at the average price before.
    Volume,
    /// Units of dearer or cheaper items.
    Mix,
    /// Units of each item, at its mean price of both sides: volume and mix together.
    Quantity,
    /// Prices of what is on both sides.
    Price,
    /// Not there before.
    New,
    /// Not there any more.
    Lost,
    /// Items on both sides without a price on one (no quantity, or returns only): more or less, nobody can say why.
    Amount,
    /// Expected in another period, won in this one.
    SlippedIn,
    /// Expected in this period, neither won nor lost in it.
    SlippedOut,
    /// The rate of the day against the rate of the plan.
    Currency,
    /// The part of the target for which there never was a pipeline.
    Unworked,
    /// Pipeline beyond the target.
    Surplus,
    /// How much pipeline there was.
    Pipeline,
    /// How much of the pipeline came to a decision: the shorter the cycle, the more.
    Cycle,
    /// How much of what was decided was won.
    WinRate,
    /// What a deal won was worth.
    DealSize,
    /// Another factor, by name.
    Factor {
        /// Its name.
        name: String,
    },
    /// A node of the tree.
    Contributor {
        /// Its key.
        key: String,
    },
    /// All that have no step of their own.
    Other,
}

/// Why there is no bridge.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum BridgeError {
    /// Amounts or quantities sum to more than can be counted.
    #[error("the amounts or quantities are too large")]
    TooLarge,
    /// A bridge from elsewhere whose steps do not sum.
    #[error("{missing} minor units are missing in the sum of the bridge or of one of its steps")]
    Unbalanced {
        /// Wanted less found, in minor units.
        missing: i64,
    },
    /// A segment with another number of factors than there are names, or more than 8 of them, or none.
    #[error("{key} has {got} factors; {expected} are named, from 1 to 8 can be split")]
    FactorCount {
        /// The segment.
        key: String,
        /// How many are named.
        expected: usize,
        /// How many it has.
        got: usize,
    },
    /// A factor that is not a number from zero up, or an amount below zero: a logarithm has no answer.
    #[error("{key} has a negative amount, or a factor that is negative or no number")]
    Negative {
        /// The segment.
        key: String,
    },
    /// Counts of which one should be part of another and is not: more deals closed than in the pipeline, or more won than
    /// closed.
    #[error("{key} has {pipeline} deals in the pipeline, {closed} of these closed and {won} of those won")]
    Counts {
        /// The segment.
        key: String,
        /// Deals in the pipeline.
        pipeline: u64,
        /// Of these closed.
        closed: u64,
        /// Of those won.
        won: u64,
    },
    /// A win rate that is not from 0 to 1.
    #[error("the win rate of {key} is not between 0 and 1")]
    WinRate {
        /// The segment.
        key: String,
    },
    /// Factors whose product is not the amount.
    #[error("the factors of {key} multiply to {product}, its amount is {amount}")]
    Inconsistent {
        /// The segment.
        key: String,
        /// The product in currency units.
        product: f64,
        /// The amount in currency units.
        amount: f64,
    },
    /// A node whose parent does not stand before it, or a top that does not exist.
    #[error("node {node} is not in the tree: parents stand before their children")]
    Tree {
        /// Its position.
        node: usize,
    },
}

impl Bridge {
    /// How it was computed.
    pub fn method(&self) -> Method {
        self.method
    }

    /// What was compared.
    pub fn level(&self) -> &Level {
        &self.level
    }

    /// Where it begins.
    pub fn from(&self) -> Minor {
        self.from
    }

    /// Where it ends.
    pub fn to(&self) -> Minor {
        self.to
    }

    /// The steps in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What the step of a kind adds: nothing where there is none.
    pub fn amount(&self, kind: &StepKind) -> Minor {
        self.steps
            .iter()
            .find(|step| step.kind == *kind)
            .map_or(Minor(0), |step| step.amount)
    }

    /// The same with no more than `count` parts a step, the largest; the rest goes to `others`.
    pub fn top(mut self, count: usize) -> Self {
        for step in &mut self.steps {
            if step.parts.len() > count {
                let left_out = step.parts.split_off(count);
                step.others.count += left_out.len();
                // Checked when it was made: the parts of a step sum to no overflow, whatever their signs.
                step.others.amount.0 += left_out.iter().map(|part| part.amount.0).sum::<i64>();
            }
        }
        self
    }
}

/// A bridge that may not sum.
#[derive(Deserialize)]
struct Unchecked {
    method: Method,
    level: Level,
    from: Minor,
    to: Minor,
    steps: Vec<Step>,
}

impl TryFrom<Unchecked> for Bridge {
    type Error = BridgeError;

    fn try_from(read: Unchecked) -> Result<Self, BridgeError> {
        let balanced = |wanted: i128, sum: i128| match wanted - sum {
            0 => Ok(()),
            missing => Err(BridgeError::Unbalanced {
                missing: i64::try_from(missing).unwrap_or(if missing > 0 { i64::MAX } else { i64::MIN }),
            }),
        };
        let difference = i128::from(read.to.0) - i128::from(read.from.0);
        balanced(
            difference,
            read.steps.iter().map(|step| i128::from(step.amount.0)).sum(),
        )?;
        for step in &read.steps {
            let parts = || {
                step.parts
                    .iter()
                    .map(|part| part.amount.0)
                    .chain([step.others.amount.0])
            };
            balanced(step.amount.0.into(), parts().map(i128::from).sum())?;
            let size: u128 = parts().map(|amount| u128::from(amount.unsigned_abs())).sum();
            if size > i64::MAX as u128 {
                return Err(BridgeError::TooLarge);
            }
        }
        Ok(Self {
            method: read.method,
            level: read.level,
            from: read.from,
            to: read.to,
            steps: read.steps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Fact};

    fn bridge() -> Bridge {
        let sold = |amount| Sold {
            quantity: 0,
            amount: Fact(amount),
        };
        let list = ["a", "b", "c"].map(|key| Item {
            key: key.to_owned(),
            before: sold(0),
            after: sold(i64::from(key.as_bytes()[0]) * 10_000),
        });
        let cny = Currency::from_code("CNY").unwrap();
        items("key", ItemMethod::PriceVolumeMix, &list, &cny).unwrap()
    }

    #[test]
    fn a_bridge_from_elsewhere_is_checked() {
        let bridge = bridge();
        let text = serde_json::to_string(&bridge).unwrap();
        assert_eq!(serde_json::from_str::<Bridge>(&text).unwrap(), bridge);
        for (sound, broken) in [
            ("\"to\":29400", "\"to\":29401"),
            ("\"amount\":9900", "\"amount\":9901"),
        ] {
            let text = text.replacen(sound, broken, 1);
            let error = serde_json::from_str::<Bridge>(&text).unwrap_err();
            assert!(error.to_string().contains("1 minor units are missing"), "{error}");
        }
    }

    #[test]
    fn fewer_parts_sum_to_the_same() {
        let short = bridge().top(1).top(1);
        let new = short
            .steps()
            .iter()
            .find(|step| step.kind == StepKind::New)
            .unwrap();
        assert_eq!((new.parts.len(), new.parts[0].key.as_str()), (1, "c"));
        assert_eq!(
            new.others,
            Others {
                count: 2,
                amount: Minor(19_500)
            }
        );
        let text = serde_json::to_string(&short).unwrap();
        assert_eq!(serde_json::from_str::<Bridge>(&text).unwrap(), short);
    }
}
