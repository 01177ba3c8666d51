//! Pace that is too slow, period after period.

use serde::{Deserialize, Serialize};

use super::{Evidence, Finding, Settings, Severity, total};
use crate::calendar::Day;
use crate::money::Fact;

/// A period of somebody's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacePoint {
    /// Its first day.
    pub start: Day,
    /// What was reached.
    pub actual: Fact,
    /// What was to be reached by now on the season curve ([`crate::pace`]); for a past period its whole target.
    pub expected: Fact,
}

/// Whether the last periods of a series (in order, up to the running one) were all below the pace. Periods in which
/// nothing was expected are passed over.
pub fn slow_pace(key: &str, points: &[PacePoint], settings: &Settings) -> Option<Finding> {
    let ratio = |point: &PacePoint| point.actual.0 as f64 / point.expected.0 as f64;
    let slow: Vec<&PacePoint> = points
        .iter()
        .rev()
        .filter(|point| point.expected.0 > 0)
        .take_while(|point| ratio(point) < settings.pace)
        .collect();
    if slow.len() < settings.pace_periods.max(1) {
        return None;
    }
    let actual = total(slow.iter().map(|point| point.actual));
    let expected = total(slow.iter().map(|point| point.expected));
    let missing = Fact(expected.0.saturating_sub(actual.0));
    Some(Finding {
        severity: Severity::of(missing, expected, settings),
        stake: missing,
        since: slow.last().map(|point| point.start),
        records: vec![key.to_owned()],
        evidence: Evidence::SlowPace {
            periods: slow.len() as u64,
            ratio: actual.0 as f64 / expected.0 as f64,
            lowest: slow.iter().copied().map(ratio).fold(f64::INFINITY, f64::min),
            threshold: settings.pace,
            missing,
        },
    })
}
