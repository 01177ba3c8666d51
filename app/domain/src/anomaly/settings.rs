//! The thresholds, each with its default.

use serde::{Deserialize, Serialize};

/// From where on something stands out. The defaults suit a sales team; none of them is fitted to data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Robust z beyond which an amount or a residual stands out: 3.5 (Iglewicz and Hoaglin 1993).
    pub z: f64,
    /// The share of findings that may be false where many are tested at once: 5 %.
    pub false_rate: f64,
    /// How many orders the spread of all orders counts for beside those of a product: 10.
    pub prior_orders: f64,
    /// What moves of a mean in standard deviations the level watch lets pass (Page 1954, k): 0.5.
    pub shift_slack: f64,
    /// The sum at which the level watch raises an alarm (h): 5.
    pub shift_limit: f64,
    /// Smallest share of its period that makes a single order a one-off: 25 %.
    pub one_off_share: f64,
    /// Smallest share of a typical period that makes a single order a one-off: 10 %.
    pub one_off_typical: f64,
    /// Orders a period needs before one of them can be unlike the rest: 10.
    pub one_off_orders: usize,
    /// Attainment of the expected below which a period is slow: 0.93, the border of "far behind".
    pub pace: f64,
    /// Slow periods in a row that are a finding: 3.
    pub pace_periods: usize,
    /// Days without a sign of life after which an open deal is stale: 30.
    pub stale_days: u32,
    /// A stage counts as skipped where at least this share of the deals beyond it recorded it: 50 %.
    pub stage_usual: f64,
    /// Won deals are asked for skipped stages so many days long: 90.
    pub recent_days: u32,
    /// Orders of one customer and amount within so many days may be the same one: 7.
    pub duplicate_days: u32,
    /// Unless more than so many of them are to be expected by chance: 0.05.
    pub duplicate_chance: f64,
    /// Share of the whole at stake from which a finding is to be looked at: 1 %.
    pub warning_share: f64,
    /// Share from which it is to be acted on: 5 %.
    pub critical_share: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            z: 3.5,
            false_rate: 0.05,
            prior_orders: 10.0,
            shift_slack: 0.5,
            shift_limit: 5.0,
            one_off_share: 0.25,
            one_off_typical: 0.10,
            one_off_orders: 10,
            pace: 0.93,
            pace_periods: 3,
            stale_days: 30,
            stage_usual: 0.5,
            recent_days: 90,
            duplicate_days: 7,
            duplicate_chance: 0.05,
            warning_share: 0.01,
            critical_share: 0.05,
        }
    }
}
