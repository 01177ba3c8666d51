//! Periods and calendars made of them.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Fiscal, Month};

/// How long a period is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// ISO week, Monday to Sunday.
    Week,
    /// Calendar month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// Twelve months.
    Year,
}

impl PeriodKind {
    /// Every kind, shortest first.
    pub const ALL: [Self; 5] = [Self::Week, Self::Month, Self::Quarter, Self::Half, Self::Year];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }

    /// The kind of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Length in months; weeks have none.
    pub fn months(self) -> Option<i32> {
        match self {
            Self::Week => None,
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Half => Some(6),
            Self::Year => Some(12),
        }
    }
}

/// A named, half-open range of days.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Week, month, quarter, half or year.
    pub kind: PeriodKind,
    /// `2017-W09`, `2017-03`, `2017-Q1`, `2017-H1`, `2017`.
    pub name: String,
    /// First day.
    pub start: Day,
    /// Day after the last day.
    pub end: Day,
}

impl Period {
    /// Whether the day lies in it.
    pub fn contains(&self, day: Day) -> bool {
        self.start <= day && day < self.end
    }

    /// Number of days.
    pub fn days(&self) -> i32 {
        self.end.0.saturating_sub(self.start.0)
    }

    /// The last day, inclusive.
    pub fn last_day(&self) -> Day {
        self.end.plus(-1)
    }
}

/// Why a calendar cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A start month outside 1 to 12.
    #[error("a fiscal year starts in a month from 1 to 12, not {0}")]
    StartMonth(u8),
    /// No period, or a period without a day.
    #[error("period \"{0}\" has no day")]
    Empty(String),
    /// Two neighbours overlap or leave a gap.
    #[error("period \"{before}\" ends before {end}, but \"{after}\" starts on {start}")]
    NotAdjacent {
        /// The earlier period.
        before: String,
        /// Its exclusive end.
        end: Day,
        /// The later period.
        after: String,
        /// Its start.
        start: Day,
    },
    /// A boundary that is no month and day, or boundaries out of order.
    #[error("boundary {0}-{1} is no day of a year, or not after the one before it")]
    Boundary(u8, u8),
    /// More periods than a calendar may have.
    #[error("a calendar has at most {} periods", Calendar::MAX_PERIODS)]
    TooMany,
}

/// A list of adjacent periods of one kind, sorted by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Period>", into = "Vec<Period>")]
pub struct Calendar {
    periods: Vec<Period>,
}

impl TryFrom<Vec<Period>> for Calendar {
    type Error = CalendarError;
    fn try_from(periods: Vec<Period>) -> Result<Self, CalendarError> {
        Self::new(periods)
    }
}

impl From<Calendar> for Vec<Period> {
    fn from(calendar: Calendar) -> Self {
        calendar.periods
    }
}

impl Calendar {
    /// More periods than this are refused: 60 years of weeks.
    pub const MAX_PERIODS: usize = 3_200;

    /// A calendar of given periods; they must be adjacent and each must have a day.
    pub fn new(periods: Vec<Period>) -> Result<Self, CalendarError> {
        if periods.is_empty() {
            return Err(CalendarError::Empty(String::new()));
        }
        if periods.len() > Self::MAX_PERIODS {
            return Err(CalendarError::TooMany);
        }
        if let Some(empty) = periods.iter().find(|period| period.end <= period.start) {
            return Err(CalendarError::Empty(empty.name.clone()));
        }
        for pair in periods.windows(2) {
            if pair[0].end != pair[1].start {
                return Err(CalendarError::NotAdjacent {
                    before: pair[0].name.clone(),
                    end: pair[0].end,
                    after: pair[1].name.clone(),
                    start: pair[1].start,
                });
            }
        }
        Ok(Self { periods })
    }

    /// The regular calendar of a kind, covering every day of `from..to`.
    pub fn regular(fiscal: Fiscal, kind: PeriodKind, from: Day, to: Day) -> Result<Self, CalendarError> {
        Self::new(fiscal.periods(kind, from, to))
    }

    /// A calendar of periods that start on the given days, the last ending before `end`; each bears its first day as
    /// its name, as companies with irregular quarters name them (`2014-03-01`).
    pub fn from_starts(kind: PeriodKind, starts: &[Day], end: Day) -> Result<Self, CalendarError> {
        let ends = starts.iter().skip(1).copied().chain([end]);
        Self::new(
            starts
                .iter()
                .zip(ends)
                .map(|(&start, end)| Period {
                    kind,
                    name: start.to_string(),
                    start,
                    end,
                })
                .collect(),
        )
    }

    /// A calendar whose years all break at the same dates, such as quarters from 05-30, 08-30, 11-30 and 02-28.
    ///
    /// `boundaries` are (month, day) in the order of the fiscal year; a day the month lacks means its last day.
    /// `first_year` is the calendar year of the first boundary, `years` how many fiscal years follow. Names follow the
    /// rule of `Fiscal`: `2012-Q1` is the first part of the year that ends in 2012.
    pub fn from_boundaries(
        kind: PeriodKind,
        boundaries: &[(u8, u8)],
        first_year: i32,
        years: u16,
    ) -> Result<Self, CalendarError> {
        let mut starts = Vec::new();
        for turn in 0..=i32::from(years) {
            let mut year = first_year.saturating_add(turn);
            let mut before: Option<(u8, u8)> = None;
            for &(month, day) in boundaries {
                if before.is_some_and(|before| (month, day) < before) {
                    year += 1;
                }
                let base = Month::new(year, month).filter(|_| (1..=31).contains(&day));
                let start = base.ok_or(CalendarError::Boundary(month, day))?.day_or_last(day);
                before = Some((month, day));
                starts.push((turn, start));
                if starts.len() > Self::MAX_PERIODS {
                    return Err(CalendarError::TooMany);
                }
            }
        }
        let count = boundaries.len() * usize::from(years);
        let year_ends: Vec<i32> = (1..=usize::from(years))
            .filter_map(|turn| starts.get(turn * boundaries.len()))
            .map(|(_, start)| start.plus(-1).ymd().0)
            .collect();
        let mut periods = Vec::with_capacity(count);
        for (index, pair) in starts.windows(2).take(count).enumerate() {
            let ordinal = index % boundaries.len() + 1;
            if pair[1].1 <= pair[0].1 {
                let (month, day) = boundaries[ordinal % boundaries.len()];
                return Err(CalendarError::Boundary(month, day));
            }
            let year = usize::try_from(pair[0].0)
                .ok()
                .and_then(|turn| year_ends.get(turn))
                .copied();
            let year = year.unwrap_or(first_year);
            let name = match kind {
                PeriodKind::Week => format!("{year:04}-W{ordinal:02}"),
                PeriodKind::Month => format!("{year:04}-M{ordinal:02}"),
                PeriodKind::Quarter => format!("{year:04}-Q{ordinal}"),
                PeriodKind::Half => format!("{year:04}-H{ordinal}"),
                PeriodKind::Year => format!("{year:04}"),
            };
            periods.push(Period {
                kind,
                name,
                start: pair[0].1,
                end: pair[1].1,
            });
        }
        Self::new(periods)
    }

    /// All periods, earliest first; never empty.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The period of a day, by binary search; `None` outside the calendar.
    pub fn period_of(&self, day: Day) -> Option<&Period> {
        let index = self.periods.partition_point(|period| period.end <= day);
        self.periods.get(index).filter(|period| period.contains(day))
    }

    /// The periods that share a day with `from..to`.
    pub fn between(&self, from: Day, to: Day) -> &[Period] {
        let first = self.periods.partition_point(|period| period.end <= from);
        let last = self.periods.partition_point(|period| period.start < to);
        self.periods.get(first..last).unwrap_or_default()
    }

    /// The period of a name.
    pub fn named(&self, name: &str) -> Option<&Period> {
        self.periods.iter().find(|period| period.name == name)
    }
}

#[cfg(test)]
#[path = "period_tests.rs"]
mod tests;
