//! A beginner's first months.

use serde::{Deserialize, Serialize};

use super::assignment::days;
use super::{BasisError, factor_ppm};
use crate::calendar::{Day, Month, WorkingDays};
use crate::plan::PlanPeriod;

/// What is expected in each month since the start, in millionths; later months are as the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ramp {
    /// By month since the start.
    pub steps_ppm: Vec<u32>,
}

impl Default for Ramp {
    /// 0, 25, 50, 75 and from then on 100 %.
    fn default() -> Self {
        Self {
            steps_ppm: vec![0, 250_000, 500_000, 750_000, 1_000_000],
        }
    }
}

/// How much is expected in each period of somebody who starts on a day, in millionths: the steps of the ramp, each by its
/// working days among those of the period from the start on. A month since the start ends the day before the start's day of
/// a month (its last day where it is shorter). Nothing is expected before the start.
///
/// That somebody is there for a part of the period only is the [`super::assignment_factor`]'s to say.
pub fn ramp_factor(
    ramp: &Ramp,
    start: Day,
    periods: &[PlanPeriod],
    working: &WorkingDays,
) -> Result<Vec<u32>, BasisError> {
    let steps = &ramp.steps_ppm;
    let last = *steps.last().ok_or(BasisError::Empty)?;
    if let Some(of) = steps.iter().position(|step| *step > 1_000_000) {
        return Err(BasisError::Shares {
            of,
            sum_ppm: u64::from(steps[of]),
        });
    }
    let (first, day) = (Month::of(start), start.ymd().2);
    let month = |count: usize| {
        if count == 0 {
            start
        } else {
            first
                .plus(i32::try_from(count).unwrap_or(i32::MAX))
                .day_or_last(day)
        }
    };
    let factor = |(at, period): (usize, &PlanPeriod)| {
        let present = days(working, *period, start, period.ends_on);
        if present == 0 {
            return Ok(0);
        }
        let mut sum = 0_u128;
        let mut counted = 0_u32;
        for (count, step) in steps.iter().enumerate() {
            if month(count) >= period.ends_on {
                break;
            }
            let here = days(working, *period, month(count), month(count + 1));
            sum += u128::from(here) * u128::from(*step);
            counted += here;
        }
        sum += u128::from(present.saturating_sub(counted)) * u128::from(last);
        factor_ppm(at, sum, u128::from(present))
    };
    periods.iter().enumerate().map(factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn periods(bounds: &[&str]) -> Vec<PlanPeriod> {
        bounds
            .windows(2)
            .map(|pair| PlanPeriod {
                starts_on: day(pair[0]),
                ends_on: day(pair[1]),
            })
            .collect()
    }

    #[test]
    fn a_start_on_the_first_ramps_by_calendar_months() {
        let months = periods(&[
            "2017-12-01",
            "2018-01-01",
            "2018-02-01",
            "2018-03-01",
            "2018-04-01",
            "2018-05-01",
            "2018-06-01",
        ]);
        let factors = ramp_factor(
            &Ramp::default(),
            day("2018-01-01"),
            &months,
            &WorkingDays::weekdays(),
        );
        assert_eq!(factors, Ok(vec![0, 0, 250_000, 500_000, 750_000, 1_000_000]));
        // Years later: all of it.
        let factors = ramp_factor(
            &Ramp::default(),
            day("2011-08-31"),
            &months,
            &WorkingDays::weekdays(),
        );
        assert_eq!(factors, Ok(vec![1_000_000; 6]));
    }

    #[test]
    fn a_start_within_a_month_weighs_the_steps_by_working_days() {
        // From 2018-01-15: month 0 until 02-15, month 1 until 03-15, month 2 until 04-15.
        let quarter = periods(&["2018-01-01", "2018-04-01"]);
        let weekdays = WorkingDays::weekdays();
        let days = |from, until| i64::from(weekdays.count(day(from), day(until)));
        let (one, two) = (days("2018-02-15", "2018-03-15"), days("2018-03-15", "2018-04-01"));
        let all = days("2018-01-15", "2018-04-01");
        let expected = (one * 250_000 + two * 500_000 + all / 2) / all;
        let factors = ramp_factor(&Ramp::default(), day("2018-01-15"), &quarter, &weekdays).unwrap();
        assert_eq!(i64::from(factors[0]), expected);
        // The end of January plus one month is the end of February.
        let months = periods(&["2018-02-28", "2018-03-01"]);
        let factors = ramp_factor(&Ramp::default(), day("2018-01-31"), &months, &weekdays);
        assert_eq!(factors, Ok(vec![250_000]));
    }

    #[test]
    fn a_ramp_has_steps_within_the_whole() {
        let months = periods(&["2018-01-01", "2018-02-01"]);
        let of = |steps: &[u32]| {
            let ramp = Ramp {
                steps_ppm: steps.to_vec(),
            };
            ramp_factor(&ramp, day("2017-01-01"), &months, &WorkingDays::weekdays())
        };
        assert_eq!(of(&[]), Err(BasisError::Empty));
        assert_eq!(
            of(&[0, 1_000_001]),
            Err(BasisError::Shares {
                of: 1,
                sum_ppm: 1_000_001
            })
        );
        assert_eq!(of(&[400_000]), Ok(vec![400_000]));
    }
}
