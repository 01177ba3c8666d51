//! Part of the time, or of the periods: what somebody is there for, by working days.

use serde::{Deserialize, Serialize};

use super::{BasisError, factor_ppm};
use crate::calendar::{Day, WorkingDays};
use crate::plan::{Factor, PlanPeriod};

/// A time in which somebody works for a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The first day.
    pub starts_on: Day,
    /// The day after the last; `None` while it lasts.
    pub ends_on: Option<Day>,
    /// Of the full time, in millionths.
    pub share_ppm: u32,
}

/// How much of each period somebody is there, in millionths: working days of the assignments times their shares, of all
/// working days of the period. A period without working days counts by all its days.
///
/// Assignments of one node may follow or overlap each other, as long as they never come to more than the whole of a
/// period. None at all: not there.
pub fn assignment_factor(
    assignments: &[Assignment],
    periods: &[PlanPeriod],
    working: &WorkingDays,
) -> Result<Vec<u32>, BasisError> {
    for assignment in assignments {
        if assignment.ends_on.is_some_and(|end| end <= assignment.starts_on) {
            return Err(BasisError::Empty);
        }
    }
    let factor = |(at, period): (usize, &PlanPeriod)| {
        let all = days(working, *period, period.starts_on, period.ends_on);
        let mut there = 0_u128;
        for assignment in assignments {
            let end = assignment.ends_on.unwrap_or(period.ends_on);
            let worked = days(working, *period, assignment.starts_on, end);
            there += u128::from(worked) * u128::from(assignment.share_ppm);
        }
        let most = u128::from(all) * u128::from(Factor::WHOLE_PPM);
        if there > most {
            let sum_ppm = (there / u128::from(all)) as u64;
            return Err(BasisError::Shares { of: at, sum_ppm });
        }
        factor_ppm(at, there, u128::from(all))
    };
    periods.iter().enumerate().map(factor).collect()
}

/// Working days of a period from one day until another, or all its days where it has no working day.
pub(super) fn days(working: &WorkingDays, period: PlanPeriod, from: Day, until: Day) -> u32 {
    let (from, until) = (from.max(period.starts_on), until.min(period.ends_on));
    let count = if working.count(period.starts_on, period.ends_on) > 0 {
        working.count(from, until)
    } else {
        until.0.saturating_sub(from.0)
    };
    count.max(0).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn months() -> Vec<PlanPeriod> {
        ["2018-01-01", "2018-02-01", "2018-03-01", "2018-04-01"]
            .windows(2)
            .map(|pair| PlanPeriod {
                starts_on: day(pair[0]),
                ends_on: day(pair[1]),
            })
            .collect()
    }

    fn assignment(starts_on: &str, ends_on: Option<&str>, share_ppm: u32) -> Assignment {
        Assignment {
            starts_on: day(starts_on),
            ends_on: ends_on.map(day),
            share_ppm,
        }
    }

    #[test]
    fn who_joins_within_a_month_counts_by_working_days() {
        let weekdays = WorkingDays::weekdays();
        // February 2018 has 20 weekdays, 13 of them from the 12th on.
        let joined = [assignment("2018-02-12", None, 1_000_000)];
        let factors = assignment_factor(&joined, &months(), &weekdays).unwrap();
        assert_eq!(factors, [0, 650_000, 1_000_000]);
        // Half of the time until the 12th, then all of it.
        let more = [
            assignment("2018-01-01", Some("2018-02-12"), 500_000),
            assignment("2018-02-12", None, 1_000_000),
        ];
        let factors = assignment_factor(&more, &months(), &weekdays).unwrap();
        assert_eq!(factors, [500_000, 825_000, 1_000_000]);
        // In China the same month has 17 working days, 11 of them from the 12th on.
        let china = WorkingDays::named("cn").unwrap();
        let factors = assignment_factor(&joined, &months(), &china).unwrap();
        assert_eq!(
            factors[1],
            (china.count(day("2018-02-12"), day("2018-03-01")) as u32 * 1_000_000 + 8) / 17
        );
        assert_eq!(assignment_factor(&[], &months(), &weekdays).unwrap(), [0, 0, 0]);
    }

    #[test]
    fn nobody_is_there_twice_or_backwards() {
        let weekdays = WorkingDays::weekdays();
        let twice = [
            assignment("2018-01-01", None, 600_000),
            assignment("2018-03-01", None, 600_000),
        ];
        assert_eq!(
            assignment_factor(&twice, &months(), &weekdays),
            Err(BasisError::Shares {
                of: 2,
                sum_ppm: 1_200_000
            })
        );
        let backwards = [assignment("2018-02-01", Some("2018-02-01"), 1)];
        assert_eq!(
            assignment_factor(&backwards, &months(), &weekdays),
            Err(BasisError::Empty)
        );
    }

    #[test]
    fn a_period_without_working_days_counts_by_its_days() {
        let weekend = [PlanPeriod {
            starts_on: day("2018-02-03"),
            ends_on: day("2018-02-05"),
        }];
        let joined = [assignment("2018-02-04", None, 1_000_000)];
        let factors = assignment_factor(&joined, &weekend, &WorkingDays::weekdays());
        assert_eq!(factors, Ok(vec![500_000]));
    }
}
