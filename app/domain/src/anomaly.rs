//! What stands out: amounts, drops and surges, pace, and gaps in the process; every finding with its evidence in numbers.
//!
//! A finding never says that something is wrong, only that it is unlike the rest, how much, against what, and what money
//! hangs on it. Where many things are tested at once, the share of false findings is bounded (Benjamini and Hochberg
//! 1995). Findings are ranked by money, not by how unlikely they are. Incomplete periods are told as such and never as
//! a collapse.

mod amount;
mod duplicate;
mod kind;
mod pace;
mod process;
mod series;
mod settings;
mod shift;
mod usual;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::money::Fact;

pub use amount::{Filled, amounts, one_offs, one_offs_among};
pub use duplicate::duplicates;
pub use kind::{Evidence, IncompleteSide, OwnerProblem, Residual, Step};
pub use pace::{PacePoint, slow_pace};
pub use process::{Owners, process};
pub use series::{Measure, Scan, ScanError, Series, series};
pub use settings::Settings;

/// An order or a deal as far as its amount is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Stable id.
    pub key: String,
    /// The day it counts.
    pub day: Day,
    /// What it is worth.
    pub amount: Fact,
    /// The product, where known.
    pub product: Option<String>,
    /// The customer, where known.
    pub customer: Option<String>,
    /// A number or text from elsewhere that should be different for every order, such as the customer's order number.
    pub reference: Option<String>,
}

/// How urgent a finding is, by the money that hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To know.
    Notice,
    /// To look at.
    Warning,
    /// To act on.
    Critical,
}

impl Severity {
    /// By the share of a whole that is at stake.
    pub fn of(stake: Fact, whole: Fact, settings: &Settings) -> Self {
        let share = stake.0.unsigned_abs() as f64 / whole.0.unsigned_abs().max(1) as f64;
        if share >= settings.critical_share {
            Self::Critical
        } else if share >= settings.warning_share {
            Self::Warning
        } else {
            Self::Notice
        }
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Notice => lang.pick("留意", "to know"),
            Self::Warning => lang.pick("需查看", "to look at"),
            Self::Critical => lang.pick("需处理", "to act on"),
        }
    }
}

/// Something that stands out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found, in numbers.
    pub evidence: Evidence,
    /// How urgent it is.
    pub severity: Severity,
    /// The money that hangs on it.
    pub stake: Fact,
    /// Since when, or on which day.
    pub since: Option<Day>,
    /// Keys of the orders, deals or series it is about.
    pub records: Vec<String>,
}

/// Puts findings in the order in which they are worth looking at: most money first, then by kind and keys.
pub fn rank(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let money = b.stake.0.unsigned_abs().cmp(&a.stake.0.unsigned_abs());
        let name = |finding: &Finding| finding.evidence.as_str();
        money
            .then_with(|| name(a).cmp(name(b)))
            .then_with(|| a.records.cmp(&b.records))
    });
}

/// Amounts summed exactly, at the ends of what fits where they do not fit.
fn total(amounts: impl Iterator<Item = Fact>) -> Fact {
    let sum: i128 = amounts.map(|amount| i128::from(amount.0)).sum();
    Fact(sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
}
