//! From what somebody is capable of to money a month: capability × season × how much of the month they are there × ramp.
//!
//! Each person's month is rounded once; what a unit, the company or a year can do is the exact sum of these.

use serde::{Deserialize, Serialize};

use crate::basis::{Assignment, BasisError, Ramp, assignment_factor, ramp_factor};
use crate::calendar::{Day, Month, WorkingDays};
use crate::money::Minor;
use crate::plan::{Factor, PlanPeriod};
use crate::target::Span;

/// A figure with the interval it may as well lie in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The figure.
    pub value: Minor,
    /// As low as this.
    pub low: Minor,
    /// Or as high.
    pub high: Minor,
}

impl Range {
    /// The sum of the same person's months: what is not known of the person is not known in all of them alike.
    pub fn of_months(months: &[Self]) -> Self {
        months.iter().fold(Self::default(), |sum, month| Self {
            value: Minor(sum.value.0.saturating_add(month.value.0)),
            low: Minor(sum.low.0.saturating_add(month.low.0)),
            high: Minor(sum.high.0.saturating_add(month.high.0)),
        })
    }

    /// The sum of several people: the figure exactly, the interval as of people who vary independently of each other, so
    /// that some make up for others.
    pub fn of_people<'a>(people: impl Iterator<Item = &'a Self>) -> Self {
        let (mut value, mut below, mut above) = (0_i64, 0.0_f64, 0.0_f64);
        for one in people {
            value = value.saturating_add(one.value.0);
            let (down, up) = (
                (one.value.0 - one.low.0) as f64,
                (one.high.0 - one.value.0) as f64,
            );
            below += down * down;
            above += up * up;
        }
        Self {
            value: Minor(value),
            low: Minor(value.saturating_sub(below.sqrt().round() as i64)),
            high: Minor(value.saturating_add(above.sqrt().round() as i64)),
        }
    }
}

/// What somebody does in an average month at full strength, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Strength {
    /// The figure; not negative.
    pub value: f64,
    /// As low as this.
    pub low: f64,
    /// Or as high.
    pub high: f64,
}

impl Strength {
    /// Of an estimate; what lies below zero counts as nothing.
    pub fn of(estimate: &super::Estimate) -> Self {
        Self {
            value: estimate.value.max(0.0),
            low: estimate.interval.low.max(0.0),
            high: estimate.interval.high.max(0.0),
        }
    }

    /// So much of it.
    pub fn times(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }

    /// In whole minor units.
    pub fn range(self) -> Range {
        let whole = |amount: f64| Minor(amount.round() as i64);
        Range {
            value: whole(self.value),
            low: whole(self.low.min(self.value)),
            high: whole(self.high.max(self.value)),
        }
    }
}

/// The months of planned days, clipped to them.
pub fn months(span: Span) -> Vec<PlanPeriod> {
    let mut months = Vec::new();
    let mut month = Month::of(span.starts_on);
    while month.first_day() < span.ends_on {
        months.push(PlanPeriod {
            starts_on: month.first_day().max(span.starts_on),
            ends_on: month.end().min(span.ends_on),
        });
        month = month.plus(1);
    }
    months
}

/// How much of an average month each of these months is: its season, by the part of it that is planned.
pub fn weights(months: &[PlanPeriod], season: Option<&[f64; 12]>) -> Vec<f64> {
    months
        .iter()
        .map(|period| {
            let month = Month::of(period.starts_on);
            let whole = f64::from(month.end().0 - month.first_day().0);
            let part = f64::from(period.ends_on.0 - period.starts_on.0) / whole;
            let index = season.map_or(1.0, |season| season[usize::from(month.month() - 1)]);
            part * index.max(0.0)
        })
        .collect()
}

/// Somebody's time at one unit, and how they get going.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// When, and with how much of their time.
    pub assignments: Vec<Assignment>,
    /// Since when they ramp; none for those who are long there.
    pub ramp: Option<(Ramp, Day)>,
}

impl Times {
    /// How much of each month they are there, in millionths. Assignments that come to more than the whole count as the whole.
    pub fn heads(&self, months: &[PlanPeriod], working: &WorkingDays) -> Vec<u32> {
        match assignment_factor(&self.assignments, months, working) {
            Ok(heads) => heads,
            Err(BasisError::Shares { .. }) => months
                .iter()
                .map(|month| {
                    let one = assignment_factor(&self.assignments, std::slice::from_ref(month), working);
                    one.ok()
                        .and_then(|heads| heads.first().copied())
                        .unwrap_or(Factor::WHOLE_PPM)
                })
                .collect(),
            // Assignments of no time at all.
            Err(_) => vec![0; months.len()],
        }
    }

    /// How much of full strength they have in each month while they are there, in millionths.
    pub fn ramps(&self, months: &[PlanPeriod], working: &WorkingDays) -> Vec<u32> {
        let Some((ramp, start)) = &self.ramp else {
            return vec![Factor::WHOLE_PPM; months.len()];
        };
        ramp_factor(ramp, *start, months, working).unwrap_or_else(|_| vec![Factor::WHOLE_PPM; months.len()])
    }

    /// What can be done in each month; `strengths` and `weights` are by month.
    pub fn capacity(
        &self,
        months: &[PlanPeriod],
        working: &WorkingDays,
        strengths: &[Strength],
        weights: &[f64],
    ) -> Vec<Range> {
        let whole = f64::from(Factor::WHOLE_PPM);
        let heads = self.heads(months, working);
        let ramps = self.ramps(months, working);
        let parts = heads.iter().zip(&ramps).zip(strengths.iter().zip(weights));
        parts
            .map(|((heads, ramp), (strength, weight))| {
                let factor = f64::from(*heads) / whole * (f64::from(*ramp) / whole) * weight;
                strength.times(factor).range()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn span(from: &str, to: &str) -> Span {
        Span {
            starts_on: day(from),
            ends_on: day(to),
        }
    }

    fn from(starts_on: &str, ends_on: Option<&str>, share_ppm: u32) -> Assignment {
        Assignment {
            starts_on: day(starts_on),
            ends_on: ends_on.map(day),
            share_ppm,
        }
    }

    #[test]
    fn months_are_clipped_and_weighed_by_season() {
        let months = months(span("2027-01-16", "2027-03-01"));
        assert_eq!(months.len(), 2);
        let mut season = [1.0; 12];
        season[1] = 1.5;
        assert_eq!(weights(&months, Some(&season)), [16.0 / 31.0, 1.5]);
        assert_eq!(weights(&months, None), [16.0 / 31.0, 1.0]);
        assert!(super::months(span("2027-01-01", "2027-01-01")).is_empty());
    }

    #[test]
    fn a_newcomer_ramps_and_a_leaver_stops() {
        let months = months(span("2027-01-01", "2027-07-01"));
        let working = WorkingDays::weekdays();
        let strength = Strength {
            value: 1_000.0,
            low: 800.0,
            high: 1_300.0,
        };
        let reckon = |times: &Times| times.capacity(&months, &working, &[strength; 6], &[1.0; 6]);
        let values = |ranges: &[Range]| ranges.iter().map(|range| range.value.0).collect::<Vec<_>>();
        let newcomer = Times {
            assignments: vec![from("2027-02-01", None, 1_000_000)],
            ramp: Some((Ramp::default(), day("2027-02-01"))),
        };
        let found = reckon(&newcomer);
        assert_eq!(values(&found), [0, 0, 250, 500, 750, 1_000]);
        assert_eq!((found[5].low, found[5].high), (Minor(800), Minor(1_300)));
        let half = Times {
            assignments: vec![from("2020-01-01", Some("2027-03-01"), 500_000)],
            ramp: None,
        };
        assert_eq!(values(&reckon(&half)), [500, 500, 0, 0, 0, 0]);
        // More than all of somebody's time is all of it.
        let double = Times {
            assignments: vec![
                from("2020-01-01", None, 800_000),
                from("2027-03-01", None, 800_000),
            ],
            ramp: None,
        };
        assert_eq!(values(&reckon(&double)), [800, 800, 1_000, 1_000, 1_000, 1_000]);
        let never = Times {
            assignments: vec![from("2027-03-01", Some("2027-03-01"), 1)],
            ramp: None,
        };
        assert_eq!(values(&reckon(&never)), [0; 6]);
    }

    #[test]
    fn sums_are_exact_and_people_make_up_for_each_other() {
        let one = Range {
            value: Minor(100),
            low: Minor(70),
            high: Minor(140),
        };
        let other = Range {
            value: Minor(50),
            low: Minor(10),
            high: Minor(80),
        };
        let months = Range::of_months(&[one, one]);
        assert_eq!(
            (months.value, months.low, months.high),
            (Minor(200), Minor(140), Minor(280))
        );
        let people = Range::of_people([one, other].iter());
        assert_eq!(
            (people.value, people.low, people.high),
            (Minor(150), Minor(100), Minor(200))
        );
        assert_eq!(Range::of_people([].iter()), Range::default());
    }
}
