//! Working days.

use crate::calendar::holidays::{DayKind, Table};
use crate::calendar::{Day, Period};

/// Which days are worked: Monday to Friday, less holidays, plus make-up days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    /// Holidays on a weekday, sorted.
    holidays: Vec<Day>,
    /// Worked Saturdays and Sundays, sorted.
    made_up: Vec<Day>,
}

impl WorkingDays {
    /// Monday to Friday without holidays.
    pub fn weekdays() -> Self {
        Self::default()
    }

    /// Monday to Friday with these days off (those on weekends change nothing) and these weekend days worked.
    pub fn new(holidays: impl IntoIterator<Item = Day>, made_up: impl IntoIterator<Item = Day>) -> Self {
        let sorted = |days: &mut dyn Iterator<Item = Day>| {
            let mut days: Vec<Day> = days.collect();
            days.sort_unstable();
            days.dedup();
            days
        };
        Self {
            holidays: sorted(&mut holidays.into_iter().filter(|day| day.weekday() <= 5)),
            made_up: sorted(&mut made_up.into_iter().filter(|day| day.weekday() > 5)),
        }
    }

    /// The same with the days of a table as the table says.
    #[must_use]
    pub fn with(&self, table: &Table) -> Self {
        let unsaid = |days: &[Day]| -> Vec<Day> {
            days.iter()
                .copied()
                .filter(|day| table.kind(*day).is_none())
                .collect()
        };
        let of = |kind| {
            table
                .days()
                .filter(move |(_, said)| *said == kind)
                .map(|(day, _)| day)
        };
        Self::new(
            unsaid(&self.holidays).into_iter().chain(of(DayKind::Off)),
            unsaid(&self.made_up).into_iter().chain(of(DayKind::Work)),
        )
    }

    /// The working calendar of an organization by its stored name: `cn` (see `holidays`) or `weekdays`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "cn" => Some(crate::calendar::holidays::china()),
            "weekdays" => Some(Self::weekdays()),
            _ => None,
        }
    }

    /// Whether the day is worked.
    pub fn is_working(&self, day: Day) -> bool {
        if day.weekday() <= 5 {
            self.holidays.binary_search(&day).is_err()
        } else {
            self.made_up.binary_search(&day).is_ok()
        }
    }

    /// Working days in `from..to` (half-open); `i32::MAX` where there are more.
    pub fn count(&self, from: Day, to: Day) -> i32 {
        if to <= from {
            return 0;
        }
        let inside = |days: &[Day]| {
            (days.partition_point(|day| *day < to) - days.partition_point(|day| *day < from)) as i64
        };
        let weekdays = weekdays_before(to) - weekdays_before(from);
        i32::try_from(weekdays - inside(&self.holidays) + inside(&self.made_up)).unwrap_or(i32::MAX)
    }

    /// Working days of a period.
    pub fn of(&self, period: &Period) -> i32 {
        self.count(period.start, period.end)
    }

    /// Working days of a period up to and including a day.
    pub fn elapsed(&self, period: &Period, day: Day) -> i32 {
        self.count(period.start, day.plus(1).min(period.end))
    }

    /// Working days of a period after a day.
    pub fn left(&self, period: &Period, day: Day) -> i32 {
        self.count(day.plus(1).max(period.start), period.end)
    }
}

/// Mondays to Fridays before a day, counted from Monday 1969-12-29.
fn weekdays_before(day: Day) -> i64 {
    let since_monday = i64::from(day.0) + 3;
    since_monday.div_euclid(7) * 5 + since_monday.rem_euclid(7).min(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn months_have_their_working_days() {
        let weekdays = WorkingDays::weekdays();
        assert_eq!(weekdays.count(day("2018-02-01"), day("2018-03-01")), 20);
        let china = WorkingDays::named("cn").unwrap();
        // February 2018: 20 weekdays, less 5 (15, 16, 19, 20, 21), plus the 11th and the 24th.
        assert_eq!(china.count(day("2018-02-01"), day("2018-03-01")), 17);
        assert_eq!(china.count(day("2018-01-01"), day("2019-01-01")), 250);
        assert_eq!(WorkingDays::named("mars"), None);
    }

    #[test]
    fn days_at_the_ends_of_time_are_counted() {
        let weekdays = WorkingDays::weekdays();
        let (first, last) = (Day(i32::MIN), Day(i32::MAX));
        assert_eq!(weekdays.count(Day(i32::MAX - 7), last), 5);
        assert_eq!(weekdays.count(first, Day(i32::MIN + 7)), 5);
        // More than can be said.
        assert_eq!(weekdays.count(first, last), i32::MAX);
    }

    proptest::proptest! {
        #[test]
        fn counting_agrees_with_looking(from in 15_000_i32..21_000, length in 0_i32..400) {
            let china = crate::calendar::holidays::china();
            let looked = (from..from + length).filter(|&day| china.is_working(Day(day))).count();
            proptest::prop_assert_eq!(china.count(Day(from), Day(from + length)), looked as i32);
            let middle = Day(from + length / 3);
            let parts = china.count(Day(from), middle) + china.count(middle, Day(from + length));
            proptest::prop_assert_eq!(parts, looked as i32);
        }
    }
}
