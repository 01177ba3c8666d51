//! Calendar months as numbers that can be added to.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;

/// A calendar month, counted from January of year 0: `year * 12 + month - 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(pub i32);

impl Month {
    /// The month of a year, 1 to 12; years 1 to 9999.
    pub fn new(year: i32, month: u8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month))
            .then(|| Self(year * 12 + i32::from(month) - 1))
    }

    /// The month a day lies in.
    pub fn of(day: Day) -> Self {
        let (year, month, _) = day.ymd();
        Self(year * 12 + i32::from(month) - 1)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        (self.0.rem_euclid(12) + 1) as u8
    }

    /// The month `months` later (earlier when negative).
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// Its first day; of a month beyond the years -9999 to 9999 the day at which they begin or end, so that the last period there
    /// is ends after it starts.
    pub fn first_day(self) -> Day {
        let beyond = if self.0 < 0 {
            Day::from_ymd(-9999, 1, 1)
        } else {
            Day::from_ymd(9999, 12, 31).map(|last| last.plus(1))
        };
        let day = Day::from_ymd(self.year(), self.month(), 1).or(beyond);
        day.unwrap_or_default()
    }

    /// The first day after it.
    pub fn end(self) -> Day {
        self.plus(1).first_day()
    }

    /// The day of the month, or its last day where the month is shorter.
    pub fn day_or_last(self, day: u8) -> Day {
        Day::from_ymd(self.year(), self.month(), day.max(1)).unwrap_or_else(|| self.end().plus(-1))
    }

    /// Reads `2017-03`.
    pub fn parse(name: &str) -> Option<Self> {
        let (year, month) = name.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_on() {
        let month = Month::parse("2017-12").unwrap();
        assert_eq!(month.plus(1).to_string(), "2018-01");
        assert_eq!(month.first_day().to_string(), "2017-12-01");
        assert_eq!(month.end().to_string(), "2018-01-01");
        assert_eq!(
            Month::of(Day::parse_iso("2016-02-29").unwrap()).to_string(),
            "2016-02"
        );
        assert_eq!(
            Month::parse("2017-02").unwrap().day_or_last(30).to_string(),
            "2017-02-28"
        );
        let last = Month::parse("9999-12").unwrap();
        assert_eq!(last.end().plus(-1).to_string(), "9999-12-31");
        assert_eq!(last.end(), last.plus(7).first_day(), "there is no later day");
        assert_eq!(Month(i32::MIN).first_day().to_string(), "-9999-01-01");
        for bad in ["2017-13", "2017-00", "2017-1", "17-01", "+017-01"] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
    }
}
