//! Public holidays of mainland China with their make-up working days (调休), as published by the State Council.
//!
//! The days are data: `holidays/china.csv`, made by `cargo xtask holidays` from a maintained package whose version the file
//! names. When the notice of a new year is out (国务院办公厅关于部分节假日安排的通知, each November), raise the version in
//! `xtask/src/holidays.rs` and run the command again; an organization that cannot wait brings the year's days as a [`Table`]
//! of its own. For other years nobody can know the arrangement: then only the statutory days with a fixed date count
//! (`BASE_DAYS`), without Spring Festival, Qingming, Dragon Boat and Mid-Autumn, and `is_published` says no.

mod table;

use std::sync::LazyLock;

use crate::calendar::{Day, WorkingDays};

pub use table::{DayKind, Table, TableError, TableProblem};

/// The made table.
const CHINA: &str = include_str!("holidays/china.csv");

/// The made table, read once. That it can be read is held by a test.
static PUBLISHED: LazyLock<Table> = LazyLock::new(|| Table::parse(CHINA).unwrap_or_default());

/// Statutory days with a fixed date: New Year, Labour Day, National Day.
const BASE_DAYS: [(u8, u8); 5] = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)];

/// Years that get at least the statutory days.
const BASE_YEARS: std::ops::RangeInclusive<i32> = 2000..=2060;

/// Whether the arrangement of a year is known in full.
pub fn is_published(year: i32) -> bool {
    PUBLISHED.has_year(year)
}

/// The working days of mainland China: Monday to Friday, less the holidays, plus the make-up days.
pub fn china() -> WorkingDays {
    let base = BASE_YEARS
        .filter(|year| !is_published(*year))
        .flat_map(|year| BASE_DAYS.map(|(month, day)| Day::from_ymd(year, month, day)));
    WorkingDays::new(base.flatten(), []).with(&PUBLISHED)
}

#[cfg(test)]
#[path = "holidays/notices.rs"]
mod tests;
