//! The chain from the gap to the weeks.

#![expect(
    clippy::disallowed_methods,
    reason = "the ranges are statistics; every number that is planned is an integer"
)]

use super::{Activity, Gap, NoActivity, Rate, Task, Week};
use crate::allocation::{Share, allocate};
use crate::money::Minor;
use crate::plan::MAX_AMOUNT;
use crate::statistics::{Interval, normal_quantile, wilson};

/// Millionths in a whole.
const WHOLE_PPM: u32 = 1_000_000;

/// How many deals of a size close a gap, rounded up.
pub fn deals(missing: Minor, deal: Minor) -> Result<u64, NoActivity> {
    if missing.0 <= 0 {
        let over = Minor(missing.0.saturating_neg());
        return Err(NoActivity::NothingMissing { over });
    }
    if deal.0 <= 0 {
        return Err(NoActivity::NoDeal);
    }
    Ok(missing.0.unsigned_abs().div_ceil(deal.0.unsigned_abs()))
}

/// What has to be done in the weeks left, the last of which ends where the gap is to be closed.
pub fn activity(gap: &Gap, weeks: &[Week]) -> Result<Activity, NoActivity> {
    let deals = deals(gap.missing, gap.deal)?;
    if !(f64::MIN_POSITIVE..=0.999_999).contains(&gap.chance) {
        return Err(NoActivity::Chance);
    }
    let mut tasks: Vec<Task> = Vec::with_capacity(gap.stages.len());
    let mut spread = Spread::default();
    let mut lead_days = 0;
    for (place, stage) in gap.stages.iter().enumerate() {
        let (done, led_to) = stage.rate.ratio(place)?;
        let for_next = tasks.last().map_or(deals, |task| task.needed);
        let needed = u64::try_from((u128::from(for_next) * u128::from(done)).div_ceil(u128::from(led_to)))
            .ok()
            .filter(|needed| *needed <= MAX_AMOUNT as u64)
            .ok_or(NoActivity::TooMany { stage: place })?;
        spread.add(stage.rate, gap.chance);
        // What is done after the last of the things it leads to leads to nothing.
        lead_days = lead_days.max(stage.lead_days);
        let (weekly, used) =
            over_weeks(needed, lead_days, weeks).ok_or(NoActivity::NoTimeLeft { stage: place })?;
        tasks.push(Task {
            name: stage.name.clone(),
            for_next,
            rate: stage.rate,
            needed,
            range: spread.around(needed),
            a_week: needed.div_ceil(used),
            weekly,
        });
    }
    Ok(Activity { deals, tasks })
}

impl Rate {
    /// How many are done for how many next things; both positive.
    fn ratio(self, stage: usize) -> Result<(u64, u64), NoActivity> {
        let whole = u64::from(WHOLE_PPM);
        let (done, led_to) = match self {
            Self::Share { ppm } if ppm > WHOLE_PPM => return Err(NoActivity::NoRate { stage }),
            Self::Share { ppm } => (whole, ppm.into()),
            Self::Each { ppm } => (ppm.into(), whole),
            Self::Counted { done, led_to } => (done, led_to),
        };
        match (done, led_to) {
            (0, _) => Err(NoActivity::NoRate { stage }),
            (_, 0) => Err(NoActivity::NeverLeadsOn { stage }),
            ratio => Ok(ratio),
        }
    }
}

/// A number over the weeks in which it is done in time, and how many those are; `None` where there are none.
fn over_weeks(needed: u64, lead_days: u32, weeks: &[Week]) -> Option<(Vec<u64>, u64)> {
    let close = weeks.iter().map(|week| week.end).max()?;
    let lead = i32::try_from(lead_days).unwrap_or(i32::MAX);
    let in_time = |week: &Week| week.weight > 0 && week.end.plus(lead) <= close;
    let places: Vec<usize> = (0..weeks.len()).filter(|place| in_time(&weeks[*place])).collect();
    let shares: Vec<Share> = places
        .iter()
        .map(|place| Share::free(*place as u128, weeks[*place].weight.into()))
        .collect();
    let amounts = allocate(i64::try_from(needed).ok()?, &shares).ok()?.amounts;
    let mut weekly = vec![0; weeks.len()];
    for (place, amount) in places.iter().zip(amounts) {
        weekly[*place] = amount.unsigned_abs();
    }
    Some((weekly, places.len() as u64))
}

/// How far the logarithm of what is needed may lie from its estimate, squared: limits of independent rates combine by the
/// root of the sum of squares, for each side on its own (Zou and Donner 2008).
#[derive(Default)]
struct Spread {
    fewer: f64,
    more: f64,
}

impl Spread {
    fn add(&mut self, rate: Rate, chance: f64) {
        let Rate::Counted { done, led_to } = rate else {
            return;
        };
        let (done_float, led_float) = (done as f64, led_to as f64);
        let (better, worse) = if let Some(interval) = wilson(led_to, done, chance) {
            let part = led_float / done_float;
            ((interval.high / part).ln(), (part / interval.low).ln())
        } else {
            // More came of it than was done: a ratio of two counts, normal on the log scale.
            let z = normal_quantile(0.5 + chance / 2.0);
            let apart = z * (1.0 / done_float + 1.0 / led_float).sqrt();
            (apart, apart)
        };
        self.fewer += better * better;
        self.more += worse * worse;
    }

    fn around(&self, needed: u64) -> Option<Interval> {
        (self.fewer > 0.0 || self.more > 0.0).then(|| Interval {
            low: needed as f64 * (-self.fewer.sqrt()).exp(),
            high: needed as f64 * self.more.sqrt().exp(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Day, Period, PeriodKind, WorkingDays};
    use crate::gap::{Stage, weeks};
    use crate::pace::Curve;

    /// Ten weeks from Monday, 2018-01-01.
    fn ten_weeks() -> Vec<Week> {
        let start = Day::parse_iso("2018-01-01").unwrap();
        let period = Period {
            kind: PeriodKind::Quarter,
            name: "ten weeks".to_owned(),
            start,
            end: start.plus(70),
        };
        weeks(&period, start.plus(-1), &Curve::even(), &WorkingDays::weekdays())
    }

    fn stage(name: &str, rate: Rate) -> Stage {
        Stage {
            name: name.to_owned(),
            rate,
            lead_days: 0,
        }
    }

    fn gap() -> Gap {
        Gap {
            missing: Minor(60_000_000),
            deal: Minor(5_000_000),
            stages: vec![
                stage("quotations", Rate::Share { ppm: 300_000 }),
                stage("visits", Rate::Each { ppm: 2_500_000 }),
            ],
            chance: 0.8,
        }
    }

    #[test]
    fn a_gap_becomes_visits_a_week() {
        let found = activity(&gap(), &ten_weeks()).unwrap();
        assert_eq!(found.deals, 12);
        let tasks: Vec<(&str, u64, u64, u64)> = found
            .tasks
            .iter()
            .map(|task| (task.name.as_str(), task.for_next, task.needed, task.a_week))
            .collect();
        assert_eq!(tasks, [("quotations", 12, 40, 4), ("visits", 40, 100, 10)]);
        assert_eq!(found.tasks[0].weekly, [4; 10]);
        assert_eq!(found.tasks[1].weekly, [10; 10]);
        assert!(found.tasks.iter().all(|task| task.range.is_none()));
    }

    #[test]
    fn visits_come_early_enough() {
        let mut gap = gap();
        gap.stages[1].lead_days = 21;
        let found = activity(&gap, &ten_weeks()).unwrap();
        // Seven weeks: 14.3 a week.
        assert_eq!(found.tasks[1].weekly, [15, 15, 14, 14, 14, 14, 14, 0, 0, 0]);
        assert_eq!(found.tasks[1].a_week, 15);
        gap.stages[1].lead_days = 64;
        assert_eq!(
            activity(&gap, &ten_weeks()),
            Err(NoActivity::NoTimeLeft { stage: 1 })
        );
    }

    #[test]
    fn counted_rates_have_a_range() {
        let mut gap = gap();
        gap.stages[0].rate = Rate::Counted {
            done: 100,
            led_to: 30,
        };
        let found = activity(&gap, &ten_weeks()).unwrap();
        // Wilson, 80 %: 24.5 % to 36.2 %.
        let range = found.tasks[0].range.unwrap();
        assert!(
            (range.low - 12.0 / 0.3615).abs() < 0.1 && (range.high - 12.0 / 0.2448).abs() < 0.1,
            "{range:?}"
        );
        // The rate of the visits is stated: their range is that of the quotations.
        let visits = found.tasks[1].range.unwrap();
        assert!((visits.low / range.low - 2.5).abs() < 1e-9);
        gap.stages[1].rate = Rate::Counted {
            done: 250,
            led_to: 100,
        };
        let both = activity(&gap, &ten_weeks()).unwrap().tasks[1].range.unwrap();
        assert!(both.low < visits.low && both.high > visits.high);
        gap.stages[1].rate = Rate::Counted {
            done: 50,
            led_to: 100,
        };
        let more = &activity(&gap, &ten_weeks()).unwrap().tasks[1];
        assert_eq!(more.needed, 20);
        assert!(more.range.unwrap().contains(20.0));
    }
}
