//! How periods of one kind fill up.

use super::Share;
use crate::calendar::{Day, Period, WorkingDays};
use crate::money::Fact;

/// How periods of one kind used to fill up, by working day. Without history: evenly over the working days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curve {
    /// One per past period: cumulative share after 0, 1, … n working days, in thousand-millionths.
    periods: Vec<Vec<u32>>,
}

impl Curve {
    /// Past periods looked at, the latest ones.
    pub const MAX_PERIODS: usize = 8;

    /// The concentration where no past period is known: half-way through, one standard deviation is a tenth of the whole.
    pub const UNKNOWN_CONCENTRATION: f64 = 24.0;

    /// The most that is believed of a history without any scatter.
    pub const MAX_CONCENTRATION: f64 = 10_000.0;

    /// Evenly over the working days.
    pub fn even() -> Self {
        Self::default()
    }

    /// The curve of complete past periods. `facts` are sorted by day; periods without working days or without a positive
    /// total are left out. Callers leave out incomplete periods (`history::coverage`) and everything after today.
    pub fn from_history(periods: &[Period], facts: &[(Day, Fact)], working: &WorkingDays) -> Self {
        let latest = periods.len().saturating_sub(Self::MAX_PERIODS);
        let shapes = periods[latest..].iter().filter_map(|period| {
            let first = facts.partition_point(|(day, _)| *day < period.start);
            let last = facts.partition_point(|(day, _)| *day < period.end);
            shape(period, &facts[first..last], working)
        });
        Self {
            periods: shapes.collect(),
        }
    }

    /// The same of what is known at the end of `today`: periods that end later and facts dated later are left out, so that
    /// no backtest sees its own future.
    pub fn known_by(today: Day, periods: &[Period], facts: &[(Day, Fact)], working: &WorkingDays) -> Self {
        let past: Vec<Period> = periods
            .iter()
            .filter(|period| period.last_day() <= today)
            .cloned()
            .collect();
        let known = facts.partition_point(|(day, _)| *day <= today);
        Self::from_history(&past, &facts[..known], working)
    }

    /// How closely past periods kept to the curve, as the concentration `c` of a beta distribution: a share `S` of which
    /// the curve speaks scatters with the variance `S(1 − S) / (c + 1)`, nothing at both ends. By moments over the tenths
    /// of a period, pooled; the straight line counts as one more past period here too. Without history
    /// [`Self::UNKNOWN_CONCENTRATION`].
    pub fn concentration(&self) -> f64 {
        if self.periods.is_empty() {
            return Self::UNKNOWN_CONCENTRATION;
        }
        let whole = f64::from(Share::WHOLE.0);
        let mut scatter = 0.0;
        for tenth in 1..10 {
            let mut shares: Vec<f64> = self
                .periods
                .iter()
                .map(|shape| at(shape, tenth, 10) as f64 / whole)
                .collect();
            shares.push(tenth as f64 / 10.0);
            let middle = shares.iter().sum::<f64>() / shares.len() as f64;
            let squares: f64 = shares
                .iter()
                .map(|share| (share - middle) * (share - middle))
                .sum();
            // The line is among them, so the middle is neither 0 nor 1.
            scatter += squares / (middle * (1.0 - middle)) / self.periods.len() as f64;
        }
        (9.0 / scatter - 1.0).clamp(1.0, Self::MAX_CONCENTRATION)
    }

    /// How many past periods it rests on.
    pub fn support(&self) -> usize {
        self.periods.len()
    }

    /// The share of a period expected by the end of a day: nothing before it, all of it from its last day on.
    pub fn share(&self, period: &Period, day: Day, working: &WorkingDays) -> Share {
        if day < period.start {
            return Share::NONE;
        }
        if day >= period.last_day() {
            return Share::WHOLE;
        }
        let total = i128::from(working.of(period));
        let elapsed = i128::from(working.elapsed(period, day));
        if total == 0 {
            // A period without working days fills up by days.
            let since_start = |day: Day| i128::from(day.0) - i128::from(period.start.0);
            let part = (since_start(day) + 1) * i128::from(Share::WHOLE.0) / since_start(period.end);
            return Share(part as u32);
        }
        let line = i128::from(Share::WHOLE.0) * elapsed / total;
        let past: i128 = self.periods.iter().map(|shape| at(shape, elapsed, total)).sum();
        let parts = self.periods.len() as i128 + 1;
        Share(((past + line + parts / 2) / parts).clamp(0, i128::from(Share::WHOLE.0)) as u32)
    }
}

/// Cumulative shares of one past period; never falling, whatever was credited back, and all of it at the end.
fn shape(period: &Period, facts: &[(Day, Fact)], working: &WorkingDays) -> Option<Vec<u32>> {
    let days = usize::try_from(working.of(period))
        .ok()
        .filter(|days| *days > 0)?;
    let total: i128 = facts.iter().map(|(_, amount)| i128::from(amount.0)).sum();
    if total <= 0 {
        return None;
    }
    let mut sums = vec![0_i128; days + 1];
    for (day, amount) in facts {
        // What falls on a day off counts with the working day before it.
        let elapsed = usize::try_from(working.elapsed(period, *day)).unwrap_or(0);
        if let Some(sum) = sums.get_mut(elapsed) {
            *sum += i128::from(amount.0);
        }
    }
    let whole = i128::from(Share::WHOLE.0);
    let mut cumulative = 0;
    let mut highest = 0;
    let mut shares: Vec<u32> = sums
        .into_iter()
        .map(|sum| {
            cumulative += sum;
            highest = (cumulative * whole / total).clamp(highest, whole);
            highest as u32
        })
        .collect();
    if let Some(last) = shares.last_mut() {
        *last = Share::WHOLE.0;
    }
    Some(shares)
}

/// A shape at `elapsed / total` of its working days, between two of them by proportion.
fn at(shape: &[u32], elapsed: i128, total: i128) -> i128 {
    let days = shape.len() as i128 - 1;
    let position = elapsed * days;
    let index = (position / total).clamp(0, days) as usize;
    let rest = position % total;
    let here = i128::from(shape[index]);
    let next = shape.get(index + 1).map_or(here, |share| i128::from(*share));
    here + (next - here) * rest / total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Fiscal;
    use crate::money::Minor;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn quarter(name: &str) -> Period {
        Fiscal::default().named(name).unwrap()
    }

    #[test]
    fn without_history_only_working_days_count() {
        let weekdays = WorkingDays::weekdays();
        let q1 = quarter("2018-Q1");
        let share = |date| Curve::even().share(&q1, day(date), &weekdays);
        // 65 weekdays; 34 by 15 February (23 in January, 11 in February).
        assert_eq!(
            share("2018-02-15").0,
            1_000_000_000_u64.wrapping_mul(34).div_euclid(65) as u32
        );
        assert_eq!(share("2018-02-17"), share("2018-02-16"));
        assert_eq!(share("2017-12-31"), Share::NONE);
        assert_eq!(share("2018-03-31"), Share::WHOLE);
        assert_eq!(share("2019-01-01"), Share::WHOLE);
        assert_eq!(share("2018-02-15").of(Minor(6_500)), Minor(3_400));
        assert_eq!(Share(500_000_000).of(Minor(3)), Minor(2));
        assert_eq!(Share(500_000_000).of(Minor(-3)), Minor(-2));
        assert_eq!(Share::WHOLE.of(Minor(i64::MAX)), Minor(i64::MAX));
    }

    #[test]
    fn a_hockey_stick_is_expected_late() {
        let weekdays = WorkingDays::weekdays();
        let q4 = quarter("2017-Q4");
        // All of it on the last day.
        let facts = [(day("2017-12-29"), Fact(1_000))];
        let curve = Curve::from_history(std::slice::from_ref(&q4), &facts, &weekdays);
        assert_eq!(curve.support(), 1);
        let q1 = quarter("2018-Q1");
        let even = Curve::even().share(&q1, day("2018-02-15"), &weekdays);
        let late = curve.share(&q1, day("2018-02-15"), &weekdays);
        assert!(
            late.0.abs_diff(even.0 / 2) <= 1,
            "one past period counts as much as the line"
        );
        let nothing = Curve::from_history(&[q4], &[(day("2017-12-29"), Fact(-5))], &weekdays);
        assert_eq!(nothing.support(), 0);
    }

    #[test]
    fn scatter_is_measured_in_past_periods() {
        let weekdays = WorkingDays::weekdays();
        let names = ["2017-Q1", "2017-Q2", "2017-Q3"];
        let quarters = names.map(quarter);
        let every_day: Vec<(Day, Fact)> = (0..273)
            .map(|offset| quarters[0].start.plus(offset))
            .filter(|day| weekdays.is_working(*day))
            .map(|day| (day, Fact(100)))
            .collect();
        let steady = Curve::from_history(&quarters, &every_day, &weekdays).concentration();
        assert!(steady > 5_000.0, "{steady}");
        // All at once, early, in the middle and late.
        let lumps = ["2017-01-10", "2017-05-15", "2017-09-20"].map(|date| (day(date), Fact(100)));
        let lumpy = Curve::from_history(&quarters, &lumps, &weekdays).concentration();
        assert!(lumpy < 3.0, "{lumpy}");
        assert!((Curve::even().concentration() - 24.0).abs() < 1e-12);
    }

    #[test]
    fn what_comes_after_today_is_not_seen() {
        let weekdays = WorkingDays::weekdays();
        let quarters = ["2017-Q1", "2017-Q2", "2017-Q3"].map(quarter);
        let mut facts = vec![(day("2017-02-01"), Fact(5)), (day("2017-06-20"), Fact(9))];
        let known = Curve::known_by(day("2017-07-15"), &quarters, &facts, &weekdays);
        assert_eq!(known.support(), 2);
        facts.push((day("2017-07-16"), Fact(1_000)));
        assert_eq!(
            Curve::known_by(day("2017-07-15"), &quarters, &facts, &weekdays),
            known
        );
        assert_eq!(
            Curve::known_by(day("2017-06-29"), &quarters, &facts, &weekdays).support(),
            1
        );
    }

    proptest::proptest! {
        #[test]
        fn the_curve_never_falls_and_ends_at_all_of_it(
            amounts in proptest::collection::vec(-50_i64..500, 92),
            kept in 0_usize..92,
        ) {
            let china = crate::calendar::holidays::china();
            let past = quarter("2017-Q4");
            let facts: Vec<(Day, Fact)> = (0..92).filter(|day| *day != kept)
                .map(|offset| (past.start.plus(offset as i32), Fact(amounts[offset]))).collect();
            let curve = Curve::from_history(&[past], &facts, &china);
            let now = quarter("2018-Q1");
            let mut before = Share::NONE;
            for offset in -1..=now.days() {
                let share = curve.share(&now, now.start.plus(offset), &china);
                proptest::prop_assert!(share >= before && share <= Share::WHOLE);
                before = share;
            }
            proptest::prop_assert_eq!(before, Share::WHOLE);
        }

        #[test]
        fn any_history_has_a_concentration(amounts in proptest::collection::vec(proptest::num::i32::ANY, 0..300)) {
            let quarters = ["2017-Q1", "2017-Q2", "2017-Q3"].map(quarter);
            let facts: Vec<(Day, Fact)> = (0..).zip(&amounts)
                .map(|(offset, amount)| (quarters[0].start.plus(offset), Fact(i64::from(*amount)))).collect();
            let concentration = Curve::from_history(&quarters, &facts, &WorkingDays::weekdays()).concentration();
            proptest::prop_assert!((1.0..=Curve::MAX_CONCENTRATION).contains(&concentration));
        }
    }
}
