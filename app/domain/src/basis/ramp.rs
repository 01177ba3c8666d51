//! A beginner's first months.

use serde::{Deserialize, Serialize};

use super::assignment::days;
use super::{BasisError, factor_ppm};
use crate::calendar::{Day, Month, WorkingDays};
use crate::format::Lang;
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

/// Steps at most: the months of a year, and full strength from then on. Who was hired longer before a plan is no beginner in it.
pub const MOST_STEPS: usize = 13;
/// All of it.
const WHOLE_PPM: u32 = 1_000_000;
/// Millionths of one per cent.
const PERCENT_PPM: f64 = 10_000.0;
/// What stands between the steps as people write them: `0/25/50`, `0, 25, 50`, `0、25、50`.
const BETWEEN: [char; 6] = ['/', ',', '，', '、', ';', '；'];

/// Why steps are no ramp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RampError {
    /// Something written is no percentage from 0 to 100.
    #[error("{text:?} is no percentage from 0 to 100")]
    Unread {
        /// What was written.
        text: String,
    },
    /// No step, or more than [`MOST_STEPS`].
    #[error("a ramp has a step at least, and those of a year at most")]
    Steps,
    /// Less is expected than a month before.
    #[error("step {step} is less than the one before it")]
    Falls {
        /// Which, from one.
        step: usize,
    },
    /// Nobody would ever count fully.
    #[error("the last step is not the whole")]
    End,
}

impl RampError {
    /// What is wrong and how to put it right.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unread { text }, Lang::ZhCn) => {
                format!("“{text}”不是 0 到 100 的百分比；请按月填写，如 0/25/50/75/100。")
            }
            (Self::Unread { text }, Lang::En) => {
                format!("“{text}” is no percentage from 0 to 100; write one a month, such as 0/25/50/75/100.")
            }
            (Self::Steps, Lang::ZhCn) => format!("爬坡为 1 到 {MOST_STEPS} 个月。"),
            (Self::Steps, Lang::En) => format!("A ramp has 1 to {MOST_STEPS} months."),
            (Self::Falls { step }, Lang::ZhCn) => format!("第 {step} 个月低于前一个月；爬坡只升不降。"),
            (Self::Falls { step }, Lang::En) => {
                format!("Month {step} is below the one before it; a ramp does not fall.")
            }
            (Self::End, Lang::ZhCn) => "最后一个月须为 100，否则永远不按全额计算。".to_owned(),
            (Self::End, Lang::En) => {
                "The last month must be 100, or nobody would ever count fully.".to_owned()
            }
        }
    }
}

impl Ramp {
    /// The steps where they make a ramp: not falling, up to the whole.
    pub fn of_steps(steps_ppm: Vec<u32>) -> Result<Self, RampError> {
        if steps_ppm.is_empty() || steps_ppm.len() > MOST_STEPS {
            return Err(RampError::Steps);
        }
        if let Some(at) = steps_ppm.windows(2).position(|pair| pair[1] < pair[0]) {
            return Err(RampError::Falls { step: at + 2 });
        }
        if steps_ppm.last() != Some(&WHOLE_PPM) {
            return Err(RampError::End);
        }
        Ok(Self { steps_ppm })
    }

    /// Reads percentages by month as people write them, with or without their sign.
    pub fn parse(text: &str) -> Result<Self, RampError> {
        let steps = text
            .split(|sign: char| BETWEEN.contains(&sign) || sign.is_whitespace())
            // A sign may stand apart from its number.
            .filter(|step| !step.trim_end_matches(['%', '％']).is_empty());
        let steps = steps.map(|step| {
            let percent = step.trim_end_matches(['%', '％']).parse::<f64>().ok();
            let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
            let percent = percent.ok_or_else(|| RampError::Unread {
                text: step.to_owned(),
            })?;
            Ok((percent * PERCENT_PPM).round() as u32)
        });
        Self::of_steps(steps.collect::<Result<Vec<u32>, RampError>>()?)
    }

    /// The percentages by month, as [`Self::parse`] reads them.
    pub fn text(&self) -> String {
        let percent = |ppm: &u32| (f64::from(*ppm) / PERCENT_PPM).to_string();
        let steps: Vec<String> = self.steps_ppm.iter().map(percent).collect();
        steps.join("/")
    }

    /// The months before somebody counts fully.
    pub fn months(&self) -> usize {
        let full = self.steps_ppm.iter().position(|step| *step >= WHOLE_PPM);
        full.unwrap_or(self.steps_ppm.len())
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
    fn a_ramp_is_read_as_people_write_it() {
        for text in [
            "0/25/50/75/100",
            " 0 %, 25%, 50, 75, 100 ％",
            "0、25、50、75、100",
            "0，25，50，75，100",
            "0 25 50 75 100",
        ] {
            assert_eq!(Ramp::parse(text), Ok(Ramp::default()), "{text}");
        }
        let odd = Ramp::parse("12.5/100").unwrap();
        assert_eq!(odd.steps_ppm, [125_000, 1_000_000]);
        assert_eq!((odd.text().as_str(), odd.months()), ("12.5/100", 1));
        assert_eq!(Ramp::parse(&Ramp::default().text()), Ok(Ramp::default()));
        assert_eq!(
            (Ramp::default().months(), Ramp::parse("100").unwrap().months()),
            (4, 0)
        );
    }

    #[test]
    fn what_is_no_ramp_is_refused_with_the_place() {
        let unread = |text: &str| RampError::Unread {
            text: text.to_owned(),
        };
        assert_eq!(Ramp::parse("0/half/100"), Err(unread("half")));
        assert_eq!(Ramp::parse("0/101"), Err(unread("101")));
        assert_eq!(Ramp::parse("-5/100"), Err(unread("-5")));
        assert_eq!(Ramp::parse("NaN/100"), Err(unread("NaN")));
        assert_eq!(Ramp::parse(" "), Err(RampError::Steps));
        assert_eq!(Ramp::parse(&"100/".repeat(MOST_STEPS + 1)), Err(RampError::Steps));
        assert_eq!(Ramp::parse("0/50/25/100"), Err(RampError::Falls { step: 3 }));
        assert_eq!(Ramp::parse("0/50/75"), Err(RampError::End));
        for error in [
            unread("x"),
            RampError::Steps,
            RampError::Falls { step: 2 },
            RampError::End,
        ] {
            assert_ne!(error.words(Lang::ZhCn), error.words(Lang::En));
        }
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
