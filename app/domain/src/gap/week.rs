//! The weeks that are left.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period, WorkingDays};
use crate::pace::Curve;

/// A week, or what the period leaves of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// First day.
    pub start: Day,
    /// Day after the last day.
    pub end: Day,
    /// What it counts beside the other weeks: what is to be done is dealt out by it.
    pub weight: u32,
}

/// More weeks than this are not looked at: ten years.
const MAX_WEEKS: usize = 522;

/// The weeks of a period after `today`, from Monday to Sunday, with the part of the period that each is expected to hold
/// by the curve: by working days where it is even, by the season where it comes from past periods. Weeks without a
/// working day are left out, and what lies more than ten years ahead.
pub fn weeks(period: &Period, today: Day, curve: &Curve, working: &WorkingDays) -> Vec<Week> {
    let mut weeks = Vec::new();
    let mut start = today.plus(1).max(period.start);
    let mut before = curve.share(period, start.plus(-1), working);
    while start < period.end && weeks.len() < MAX_WEEKS {
        let end = start.plus(8 - i32::from(start.weekday())).min(period.end);
        let until = curve.share(period, end.plus(-1), working);
        if working.count(start, end) > 0 {
            weeks.push(Week {
                start,
                end,
                weight: until.0.saturating_sub(before.0),
            });
        }
        (start, before) = (end, until);
    }
    weeks
}
