//! What counts as too much.

use serde::{Deserialize, Serialize};

/// Thresholds; the defaults are those of practice, as said at each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The share of people who should reach their target, at least: 0.60 (Zoltners, Sinha and Lorimer, HBR 2016).
    pub reached_low: f64,
    /// At most: 0.75 (same source).
    pub reached_high: f64,
    /// Below this share targets are out of reach: 0.30, what was left where padding compounded to 15.8 % (HBR 2011).
    pub reached_hopeless: f64,
    /// Gini coefficient up to which a spread is excellent: 0.05.
    pub gini_excellent: f64,
    /// Up to which it is fair: 0.10. A Gini coefficient of 0.10 is about a coefficient of variation of 18 %.
    pub gini_fair: f64,
    /// A person with less than this chance has a target out of reach: 0.10.
    pub chance_low: f64,
    /// With more than this, one that asks nothing: 0.95.
    pub chance_high: f64,
    /// Standard deviation of chances from which they are uneven: 0.25.
    pub chance_spread: f64,
    /// Strength of a rank correlation from which it is reported, where it is not chance either: 0.30.
    pub correlation_strong: f64,
    /// Share of false ones among the correlations reported: 0.05 (Benjamini and Hochberg 1995).
    pub false_rate: f64,
    /// New hires may be stretched by so much more than the others: 0.10.
    pub new_hire_excess: f64,
    /// Over-assignment of one level that warns: 0.10 (engine.md C1: 5 to 10 % a level is usual).
    pub padding_level: f64,
    /// Of all levels together: 0.20.
    pub padding_total: f64,
    /// Of all levels together that blocks: 0.50.
    pub padding_alarm: f64,
    /// The chance with which each target, and the whole, should be reached: τ = 0.65, within 60 to 75 %.
    pub chance_wanted: f64,
    /// How much outcomes of different people go together, from 0 to 1: 0.1, an assumption. `Hindsight::common` estimates it
    /// from a company's own past.
    pub correlation: f64,
    /// With what chance intervals hold: 0.80.
    pub interval: f64,
    /// Fewer people than this are not judged by correlations: 5.
    pub few: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            reached_low: 0.60,
            reached_high: 0.75,
            reached_hopeless: 0.30,
            gini_excellent: 0.05,
            gini_fair: 0.10,
            chance_low: 0.10,
            chance_high: 0.95,
            chance_spread: 0.25,
            correlation_strong: 0.30,
            false_rate: 0.05,
            new_hire_excess: 0.10,
            padding_level: 0.10,
            padding_total: 0.20,
            padding_alarm: 0.50,
            chance_wanted: 0.65,
            correlation: 0.1,
            interval: 0.80,
            few: 5,
        }
    }
}
