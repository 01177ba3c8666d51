//! What stands in the way of an amount of a workbook, and how that is said.

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::money::Minor;

/// What stands in the way of an amount. Names are those of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "obstacle")]
pub enum Obstacle {
    /// It is the own number of whoever asks.
    Own,
    /// A row is locked.
    Lock {
        /// The row.
        name: String,
        /// At which amount.
        amount: Minor,
        /// Who locked it; none who is unknown by now.
        by: Option<String>,
    },
    /// A row would fall under its floor.
    Floor {
        /// The row.
        name: String,
        /// The floor.
        amount: Minor,
    },
    /// A row would exceed its cap.
    Cap {
        /// The row.
        name: String,
        /// The cap.
        amount: Minor,
    },
    /// Rows below are held, so that a part cannot be placed.
    Below {
        /// The rows.
        names: Vec<String>,
        /// How much cannot be placed.
        missing: Minor,
    },
    /// It is more than a plan can hold, or less than nothing.
    Amount,
    /// Something else; the workbook and the plan do not fit.
    Other,
}

impl Obstacle {
    /// What people read; `money` writes an amount.
    pub fn words(&self, lang: Lang, money: &dyn Fn(Minor) -> String) -> String {
        match self {
            Self::Own => lang.pick(
                "这是你自己的目标，请让另一位计划员来改。".to_owned(),
                "This is your own target: let another planner change it.".to_owned(),
            ),
            Self::Lock { name, amount, by } => {
                let amount = money(*amount);
                match by {
                    Some(by) => lang.pick(
                        format!("“{name}”已由 {by} 锁定在 {amount}"),
                        format!("{name} is locked at {amount} by {by}"),
                    ),
                    None => lang.pick(
                        format!("“{name}”已锁定在 {amount}"),
                        format!("{name} is locked at {amount}"),
                    ),
                }
            }
            Self::Floor { name, amount } => {
                let amount = money(*amount);
                lang.pick(
                    format!("“{name}”会低于下限 {amount}"),
                    format!("{name} would fall under its floor {amount}"),
                )
            }
            Self::Cap { name, amount } => {
                let amount = money(*amount);
                lang.pick(
                    format!("“{name}”会超过上限 {amount}"),
                    format!("{name} would exceed its cap {amount}"),
                )
            }
            Self::Below { names, missing } => {
                let missing = money(*missing);
                let names = names.join(lang.pick("、", ", "));
                lang.pick(
                    format!("下级 {names} 受锁定或上下限约束，{missing} 无处安放"),
                    format!("{names} below are held, so that {missing} cannot be placed"),
                )
            }
            Self::Amount => lang.pick(
                "数字超出计划能容纳的范围".to_owned(),
                "the amount is beyond what a plan can hold".to_owned(),
            ),
            Self::Other => lang.pick(
                "与计划不符，请重新导出".to_owned(),
                "it does not fit the plan: export it anew".to_owned(),
            ),
        }
    }
}
