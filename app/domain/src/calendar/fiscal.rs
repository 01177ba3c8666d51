//! The fiscal year and its regular periods.

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, CalendarError, Day, Month, Period, PeriodKind};

/// The fiscal year of an organization by its first month.
///
/// Naming: a fiscal year bears the calendar year in which it **ends**, so with April as first month `2018-Q1` is April to
/// June 2017 and with January it is what everybody calls it. Quarters and halves are named within their fiscal year;
/// months keep their calendar name (`2017-03`), weeks their ISO name (`2017-W09`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Fiscal {
    start_month: u8,
}

impl Default for Fiscal {
    fn default() -> Self {
        Self { start_month: 1 }
    }
}

impl TryFrom<u8> for Fiscal {
    type Error = CalendarError;
    fn try_from(month: u8) -> Result<Self, CalendarError> {
        Self::new(month)
    }
}

impl From<Fiscal> for u8 {
    fn from(fiscal: Fiscal) -> Self {
        fiscal.start_month
    }
}

impl Fiscal {
    /// A fiscal year that starts on the first day of this month, 1 to 12.
    pub fn new(start_month: u8) -> Result<Self, CalendarError> {
        if (1..=12).contains(&start_month) {
            Ok(Self { start_month })
        } else {
            Err(CalendarError::StartMonth(start_month))
        }
    }

    /// The first month, 1 to 12.
    pub fn start_month(self) -> u8 {
        self.start_month
    }

    /// The period of a kind that a day lies in.
    pub fn period_of(self, kind: PeriodKind, day: Day) -> Period {
        let Some(months) = kind.months() else {
            return week_of(day);
        };
        let month = Month::of(day);
        let offset = (month.0 - (i32::from(self.start_month) - 1)).rem_euclid(12);
        let year_start = month.plus(-offset);
        let ordinal = offset / months;
        let first = year_start.plus(ordinal * months);
        let fiscal_year = year_start.plus(11).year();
        let name = match kind {
            PeriodKind::Quarter => format!("{fiscal_year:04}-Q{}", ordinal + 1),
            PeriodKind::Half => format!("{fiscal_year:04}-H{}", ordinal + 1),
            PeriodKind::Year => format!("{fiscal_year:04}"),
            PeriodKind::Month | PeriodKind::Week => first.to_string(),
        };
        Period {
            kind,
            name,
            start: first.first_day(),
            end: first.plus(months).first_day(),
        }
    }

    /// The period after (`steps` > 0) or before (`steps` < 0) another of the same kind.
    pub fn step(self, period: &Period, steps: i32) -> Period {
        let start = match period.kind.months() {
            None => period.start.plus(steps.saturating_mul(7)),
            Some(months) => Month::of(period.start)
                .plus(steps.saturating_mul(months))
                .first_day(),
        };
        self.period_of(period.kind, start)
    }

    /// The same days one fiscal year earlier: the comparison "against last year".
    pub fn year_before(self, period: &Period) -> Period {
        match period.kind.months() {
            None => self.step(period, -52),
            Some(months) => self.step(period, -12 / months),
        }
    }

    /// Every period of a kind that shares a day with `from..to`; empty where `to` is not after `from`.
    pub fn periods(self, kind: PeriodKind, from: Day, to: Day) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut day = from;
        while day < to && periods.len() < Calendar::MAX_PERIODS {
            let period = self.period_of(kind, day);
            if period.end <= day {
                break;
            }
            day = period.end;
            periods.push(period);
        }
        periods
    }

    /// The period of a name such as `2017-W09`, `2017-03`, `2017-Q1`, `2017-H1` or `2017`.
    pub fn named(self, name: &str) -> Option<Period> {
        let (year, rest) = match name.split_once('-') {
            None => (name, None),
            Some((year, rest)) => (year, Some(rest)),
        };
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        // A day inside the fiscal year: its last month is in the calendar year that names it.
        let last_month = Month::new(
            year,
            if self.start_month == 1 {
                12
            } else {
                self.start_month - 1
            },
        )?;
        let first_month = last_month.plus(-11);
        let kind = match rest.map(str::as_bytes) {
            None => PeriodKind::Year,
            Some([b'Q', b'1'..=b'4']) => PeriodKind::Quarter,
            Some([b'H', b'1'..=b'2']) => PeriodKind::Half,
            Some([b'W', _, _]) => PeriodKind::Week,
            Some([_, _]) => PeriodKind::Month,
            Some(_) => return None,
        };
        let digits = rest.map_or("", |rest| rest.trim_start_matches(['Q', 'H', 'W']));
        let ordinal = if kind == PeriodKind::Year {
            1
        } else {
            digits.parse::<i32>().ok()?
        };
        let day = match kind {
            PeriodKind::Week => monday_of(Day::from_ymd(year, 1, 4)?).plus((ordinal - 1) * 7),
            PeriodKind::Month => Month::parse(name)?.first_day(),
            PeriodKind::Quarter | PeriodKind::Half | PeriodKind::Year => first_month
                .plus((ordinal - 1) * kind.months().unwrap_or(0))
                .first_day(),
        };
        let period = self.period_of(kind, day);
        (period.name == name).then_some(period)
    }
}

/// The Monday of a day's week.
fn monday_of(day: Day) -> Day {
    day.plus(1 - i32::from(day.weekday()))
}

/// The ISO 8601 week of a day: it belongs to the year of its Thursday.
fn week_of(day: Day) -> Period {
    let start = monday_of(day);
    let (year, _, _) = start.plus(3).ymd();
    let first = Day::from_ymd(year, 1, 4).map_or(start, monday_of);
    Period {
        kind: PeriodKind::Week,
        name: format!("{year:04}-W{:02}", start.0.saturating_sub(first.0) / 7 + 1),
        start,
        end: start.plus(7),
    }
}
