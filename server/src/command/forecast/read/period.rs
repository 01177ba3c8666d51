//! Periods as numbers that go up by one.

use domain::calendar::{Day, Fiscal, Month, Period, PeriodKind};

/// What kind of period a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A year or any other whole number.
    Number,
    /// A day; how far apart they are tells what they stand for.
    Day,
    /// A named period.
    Named(PeriodKind),
}

/// The kind and number of a period; days are counted as days.
pub(super) fn parse(text: &str) -> Option<(Kind, i64)> {
    if let Ok(number) = text.parse::<i64>() {
        return Some((Kind::Number, number));
    }
    if let Some(day) = Day::parse_iso(text) {
        return Some((Kind::Day, i64::from(day.0)));
    }
    let period = Fiscal::default().named(text)?;
    let number = match period.kind.months() {
        None => period.start.0.div_euclid(7),
        Some(months) => Month::of(period.start).0 / months,
    };
    Some((Kind::Named(period.kind), i64::from(number)))
}

/// The week, month or quarter of a number as [`parse`] gives it.
pub(super) fn named(kind: PeriodKind, number: i64) -> Option<Period> {
    let number = i32::try_from(number).ok()?;
    let day = match kind {
        // A number counts from a Thursday to a Wednesday; the week begins on the Monday among them.
        PeriodKind::Week => Day(number.checked_mul(7)?.checked_add(4)?),
        PeriodKind::Month => Month(number).first_day(),
        PeriodKind::Quarter => Month(number.checked_mul(3)?).first_day(),
        PeriodKind::Half | PeriodKind::Year => return None,
    };
    Some(Fiscal::default().period_of(kind, day))
}

/// What is counted where periods are days: months (or three, six or twelve of them) where all days have the same place in
/// their month, else weeks where all are whole weeks apart, else days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stride {
    Months(i64),
    Days(i64),
}

impl Stride {
    pub(super) fn of(days: impl Iterator<Item = Day> + Clone) -> Self {
        let first = days.clone().next().unwrap_or_default();
        let date = first.ymd().2;
        let is_last = |day: Day| day.plus(1).ymd().2 == 1;
        if days.clone().all(|day| day.ymd().2 == date) || days.clone().all(is_last) {
            let months = days.map(|day| i64::from(Month::of(day).0 - Month::of(first).0));
            let apart = months.fold(0, common);
            let whole = [12, 6, 3]
                .into_iter()
                .find(|months| apart > 0 && apart % months == 0);
            return Self::Months(whole.unwrap_or(1));
        }
        let apart = days
            .map(|day| i64::from(day.0) - i64::from(first.0))
            .fold(0, common);
        Self::Days(if apart % 7 == 0 { 7 } else { 1 })
    }

    /// The kind of the periods, where they are weeks, months or quarters.
    pub(super) fn kind(self) -> Option<PeriodKind> {
        match self {
            Self::Months(1) => Some(PeriodKind::Month),
            Self::Months(3) => Some(PeriodKind::Quarter),
            Self::Days(7) => Some(PeriodKind::Week),
            Self::Months(_) | Self::Days(_) => None,
        }
    }

    /// The number of a day, up by one from one period to the next.
    pub(super) fn number(self, day: Day) -> i64 {
        match self {
            Self::Months(months) => i64::from(Month::of(day).0).div_euclid(months),
            Self::Days(days) => i64::from(day.0).div_euclid(days),
        }
    }
}

/// The greatest common divisor.
fn common(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_differ_by_one() {
        for (before, after) in [
            ("2016-12", "2017-01"),
            ("2016-Q4", "2017-Q1"),
            ("2016-H2", "2017-H1"),
            ("2015-W53", "2016-W01"),
            ("2016", "2017"),
            ("-1", "0"),
        ] {
            let (before, after) = (parse(before).unwrap(), parse(after).unwrap());
            assert_eq!((after.0, after.1), (before.0, before.1 + 1));
        }
        for text in [
            "",
            "2017-13",
            "2017-Q5",
            "2017-W54",
            "March",
            "1.5",
            "2017-02-30",
            "2017/03",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_names_its_period_again() {
        for name in ["2016-12", "2017-01", "2016-Q4", "2015-W53", "2016-W01"] {
            let (Kind::Named(kind), number) = parse(name).unwrap() else {
                panic!("{name}")
            };
            assert_eq!(named(kind, number).unwrap().name, name);
        }
        assert_eq!(named(PeriodKind::Year, 2_017), None);
        assert_eq!(named(PeriodKind::Week, i64::MAX), None);
    }

    #[test]
    fn days_stand_for_what_they_are_apart() {
        let of = |days: &[&str]| Stride::of(days.iter().map(|day| Day::parse_iso(day).unwrap()));
        assert_eq!(of(&["2017-01-01", "2017-02-01", "2017-06-01"]), Stride::Months(1));
        assert_eq!(of(&["2017-01-31", "2017-02-28", "2017-04-30"]), Stride::Months(1));
        assert_eq!(of(&["2016-03-31", "2016-12-31"]), Stride::Months(3));
        assert_eq!(of(&["2016-12-31", "2014-12-31"]), Stride::Months(12));
        assert_eq!(of(&["2017-01-02", "2017-01-16", "2017-01-09"]), Stride::Days(7));
        assert_eq!(of(&["2017-01-02", "2017-01-03", "2017-01-09"]), Stride::Days(1));
        assert_eq!(of(&["2017-01-02"]), Stride::Months(1));
    }
}
