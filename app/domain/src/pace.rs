//! Pace: what should have been reached by today, on the season and working-day curve, not on a straight line.
//!
//! The expected share S(d) of a period is read off past periods of the same kind at the same fraction of their working
//! days (engine.md C7). History is shrunk: the plain working-day line counts as one more past period, so a single
//! quarter moves it half of the way and eight move it nearly all. Everything that becomes an amount is integer.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period, WorkingDays};
use crate::format::Lang;
use crate::money::{Fact, Minor};

/// A share of a whole in thousand-millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(pub u32);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const WHOLE: Self = Self(1_000_000_000);

    /// As a number from 0 to 1, for showing.
    pub fn ratio(self) -> f64 {
        f64::from(self.0) / f64::from(Self::WHOLE.0)
    }

    /// That part of an amount, rounded half away from zero.
    pub fn of(self, amount: Minor) -> Minor {
        let whole = i128::from(Self::WHOLE.0);
        let product = i128::from(amount.0) * i128::from(self.0);
        let half = if product < 0 { -whole / 2 } else { whole / 2 };
        Minor(i64::try_from((product + half) / whole).unwrap_or(amount.0))
    }
}

/// How periods of one kind used to fill up, by working day. Without history: evenly over the working days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curve {
    /// One per past period: cumulative share after 0, 1, … n working days, in thousand-millionths.
    periods: Vec<Vec<u32>>,
}

impl Curve {
    /// Past periods looked at, the latest ones.
    pub const MAX_PERIODS: usize = 8;

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
            let days = i128::from(day.0 - period.start.0 + 1);
            return Share((days * i128::from(Share::WHOLE.0) / i128::from(period.days())) as u32);
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

/// What targets of several periods should have brought by the end of `today`: past periods in full, the running one by
/// the curve, coming ones nothing.
pub fn expected_by_today<'a>(
    targets: impl IntoIterator<Item = (&'a Period, Minor)>,
    today: Day,
    curve: &Curve,
    working: &WorkingDays,
) -> Minor {
    let sum: i128 = targets
        .into_iter()
        .map(|(period, target)| i128::from(curve.share(period, today, working).of(target).0))
        .sum();
    Minor(i64::try_from(sum).unwrap_or(i64::MAX))
}

/// `part / whole` for attainment (against the target) and pace (against what is expected by today); never capped.
/// `None` where the whole is zero or negative: nothing can be said then.
pub fn ratio(part: Minor, whole: Minor) -> Option<f64> {
    (whole.0 > 0).then(|| part.0 as f64 / whole.0 as f64)
}

/// How a number stands against its pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Below 93 %.
    FarBehind,
    /// 93 % to below 97 %.
    Behind,
    /// 97 % to below 102 %.
    OnPace,
    /// 102 % and more.
    Ahead,
}

impl Standing {
    /// The standing of an amount against what is expected by today, decided in integers; `None` where nothing is expected.
    pub fn of(actual: Minor, expected: Minor) -> Option<Self> {
        if expected.0 <= 0 {
            return None;
        }
        let actual = i128::from(actual.0) * 100;
        let percent = |percent: i128| actual >= i128::from(expected.0) * percent;
        Some(if percent(102) {
            Self::Ahead
        } else if percent(97) {
            Self::OnPace
        } else if percent(93) {
            Self::Behind
        } else {
            Self::FarBehind
        })
    }

    /// The name in style sheets and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FarBehind => "far_behind",
            Self::Behind => "behind",
            Self::OnPace => "on_pace",
            Self::Ahead => "ahead",
        }
    }

    /// The sign that stands beside the number, so that it does not hang on colour.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::FarBehind => "▼",
            Self::Behind => "▽",
            Self::OnPace => "●",
            Self::Ahead => "▲",
        }
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::FarBehind => lang.pick("严重落后", "far behind"),
            Self::Behind => lang.pick("落后", "behind"),
            Self::OnPace => lang.pick("正常", "on pace"),
            Self::Ahead => lang.pick("领先", "ahead"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Fiscal, PeriodKind};

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
    fn targets_of_months_add_up() {
        let weekdays = WorkingDays::weekdays();
        let months = Fiscal::default().periods(PeriodKind::Month, day("2018-01-01"), day("2018-04-01"));
        let targets = months.iter().map(|month| (month, Minor(1_000)));
        // January in full, 11 of 20 weekdays of February, nothing of March.
        assert_eq!(
            expected_by_today(targets, day("2018-02-15"), &Curve::even(), &weekdays),
            Minor(1_550)
        );
    }

    #[test]
    fn standings_have_exact_borders() {
        let standing = |actual| Standing::of(Minor(actual), Minor(100));
        assert_eq!(standing(102), Some(Standing::Ahead));
        assert_eq!(standing(101), Some(Standing::OnPace));
        assert_eq!(standing(97), Some(Standing::OnPace));
        assert_eq!(standing(96), Some(Standing::Behind));
        assert_eq!(standing(93), Some(Standing::Behind));
        assert_eq!(standing(92), Some(Standing::FarBehind));
        assert_eq!(Standing::of(Minor(5), Minor(0)), None);
        assert_eq!(ratio(Minor(250), Minor(100)), Some(2.5));
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
    }
}
