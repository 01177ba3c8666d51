//! Exposures made of a calendar.

use serde::{Deserialize, Serialize};

use crate::calendar::festival::spring_festival;
use crate::calendar::{Day, Period, WorkingDays};
use crate::history::{Coverage, coverage};

/// The days around a festival that it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// Days before it.
    pub before: u16,
    /// Days after it; the day itself always counts.
    pub after: u16,
}

/// Why an exposure cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum FestivalError {
    /// The date of the festival in a year that periods lie in is not known.
    #[error("the date of the Spring Festival of {year} is not known; 1970 to 2050 are")]
    UnknownYear {
        /// The year.
        year: i32,
    },
}

/// Which share of each period's days lies in the window around a Spring Festival, 0 to 1.
pub fn spring_festival_share(periods: &[Period], window: Window) -> Result<Vec<f64>, FestivalError> {
    periods.iter().map(|period| share(period, window)).collect()
}

fn share(period: &Period, window: Window) -> Result<f64, FestivalError> {
    if period.days() <= 0 {
        return Ok(0.0);
    }
    let (before, after) = (i32::from(window.before), i32::from(window.after));
    // Those whose window reaches into the period.
    let first = period.start.plus(-after);
    let last = period.last_day().plus(before);
    let mut inside = 0;
    for year in first.ymd().0..=last.ymd().0 {
        let day = spring_festival(year).ok_or(FestivalError::UnknownYear { year })?;
        let from = day.plus(-before).max(period.start);
        let to = day.plus(after + 1).min(period.end);
        inside += (to.0 - from.0).max(0);
    }
    Ok((f64::from(inside) / f64::from(period.days())).min(1.0))
}

/// How many working days each period has more than the mean of its peers, as a share of that mean; 0.05 for 21 days where
/// 20 are usual. Peers are the periods of the same place in the season, so that the season itself is not counted twice.
///
/// `is_known` says of a year whether its holidays are known ([`crate::calendar::holidays::is_published`] for China). A period
/// that reaches into another year is taken for usual, 0, and is no peer: with its holidays counted as working days it would
/// look like a month of extra work.
pub fn working_days_change(
    periods: &[Period],
    season: usize,
    working: &WorkingDays,
    is_known: impl Fn(i32) -> bool,
) -> Vec<f64> {
    let season = season.max(1);
    let days: Vec<Option<f64>> = periods
        .iter()
        .map(|period| {
            let known = is_known(period.start.ymd().0) && is_known(period.last_day().ymd().0);
            known.then(|| f64::from(working.of(period)))
        })
        .collect();
    let mut usual = vec![(0.0, 0.0); season.min(days.len())];
    for (place, days) in days.iter().enumerate() {
        if let Some(days) = days {
            let (sum, count) = &mut usual[place % season];
            *sum += days;
            *count += 1.0;
        }
    }
    let changes = days.iter().enumerate().map(|(place, days)| {
        let (sum, count) = usual[place % season];
        match days {
            Some(days) if sum > 0.0 => days * count / sum - 1.0,
            _ => 0.0,
        }
    });
    changes.collect()
}

/// The values of whole periods; those of periods that facts from `first` to `last` (both inclusive) do not cover become
/// NaN, missing: a period that still runs, or lacks data, is not a collapse ([`coverage`]).
/// Values and periods go together by their places, as far as both lists reach.
pub fn whole_periods(
    values: &[f64],
    periods: &[Period],
    first: Day,
    last: Day,
    working: &WorkingDays,
) -> Vec<f64> {
    let pairs = values.iter().zip(periods);
    pairs
        .map(|(value, period)| match coverage(period, first, last, working) {
            Coverage::Whole => *value,
            Coverage::StartsLate | Coverage::EndsEarly | Coverage::Outside => f64::NAN,
        })
        .collect()
}
