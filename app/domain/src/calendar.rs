//! Days and fiscal calendars: a calendar is a list of dated, half-open periods.

mod clocks;
pub mod festival;
mod fiscal;
pub mod holidays;
mod month;
mod parse;
mod period;
mod working;

use serde::{Deserialize, Serialize};

pub use clocks::{Clocks, Offset};
pub use fiscal::Fiscal;
pub use month::Month;
pub use parse::{DateError, DateOrder, from_excel_serial, parse_date};
pub use period::{Calendar, CalendarError, Period, PeriodKind};
pub use working::WorkingDays;

/// A calendar day, counted from 1970-01-01 (day 0), proleptic Gregorian; stored and sent as this integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

/// Julian day number of 1970-01-01.
const EPOCH_JULIAN_DAY: i32 = 2_440_588;

impl Day {
    /// The first day of what was always there: before it nothing is counted.
    pub const BEGINNING: Self = Self(0);

    /// The day of a civil date, `None` where it does not exist.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(date.to_julian_day() - EPOCH_JULIAN_DAY))
    }

    /// Year, month (1 to 12) and day of the month; of a day beyond the years -9999 to 9999 those of the nearest one within.
    pub fn ymd(self) -> (i32, u8, u8) {
        let bound = if self.0 < 0 {
            time::Date::MIN
        } else {
            time::Date::MAX
        };
        let date = time::Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN_DAY)).unwrap_or(bound);
        (date.year(), u8::from(date.month()), date.day())
    }

    /// Day of the week, Monday = 1 to Sunday = 7.
    pub fn weekday(self) -> u8 {
        ((i64::from(self.0) + 3).rem_euclid(7) + 1) as u8
    }

    /// The day `days` later (earlier when negative).
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        // A number may have a sign, a date's may not.
        let is_iso = |(place, byte): (usize, &u8)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if bytes.len() != 10 || !bytes.iter().enumerate().all(is_iso) {
            return None;
        }
        Self::from_ymd(
            text[..4].parse().ok()?,
            text[5..7].parse().ok()?,
            text[8..].parse().ok()?,
        )
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `#[serde(with = "calendar::iso")]`: a day as `YYYY-MM-DD`, for what leaves the product (the API).
pub mod iso {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Day;

    /// Writes the ISO date.
    pub fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    /// Reads the ISO date and nothing else.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Day::parse_iso(&text)
            .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a date like 2018-02-15")))
    }
}

/// `#[serde(default, with = "calendar::iso_option")]`: the same for a day that may be absent.
pub mod iso_option {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Day;

    /// Writes the ISO date or null.
    pub fn serialize<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_none(),
        }
    }

    /// Reads an ISO date or null.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
        let Some(text) = Option::<std::borrow::Cow<str>>::deserialize(deserializer)? else {
            return Ok(None);
        };
        Day::parse_iso(&text)
            .map(Some)
            .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a date like 2018-02-15")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(Day::from_ymd(1970, 1, 1), Some(Day(0)));
        let day = Day::parse_iso("2018-02-15").unwrap();
        assert_eq!(day.ymd(), (2018, 2, 15));
        assert_eq!(day.weekday(), 4);
        // 2^31 days are two more than whole weeks, and 1970-01-01 was a Thursday.
        assert_eq!((Day(i32::MIN).weekday(), Day(i32::MAX).weekday()), (2, 5));
        assert_eq!(day.to_string(), "2018-02-15");
        assert_eq!(Day::parse_iso("2018-02-30"), None);
        assert_eq!(Day::parse_iso("2018-2-3"), None);
        for signed in ["2017-+1-05", "2017-01-+5", "+017-01-05", "-017-01-05"] {
            assert_eq!(Day::parse_iso(signed), None, "{signed}");
        }
        assert_eq!(Day(i32::MIN).to_string(), "-9999-01-01");
        assert_eq!(Day(i32::MAX).to_string(), "9999-12-31");
    }
}
