//! The attainment board as it travels to the browser: a period, its progress, the months around it, and rows by one dimension.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period};
use crate::metric::{AttainmentRow, Dimension, Source};
use crate::money::{Currency, Minor};
use crate::target::DoneBefore;

/// Dimensions a board can be read by, in the order they are offered.
pub const DIMENSIONS: [&str; 9] = [
    "unit:region",
    "manager",
    "member",
    "product",
    "category",
    "account",
    "channel",
    "month",
    "day",
];

/// What to show: every part has a default, so that the plain address of the page opens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardQuery {
    /// A period's name such as `2018-Q1`, `2018-02`, `2018`; by default that of the plan of record around today, or
    /// else the quarter of today.
    pub period: Option<String>,
    /// One of [`DIMENSIONS`]; by default the first level below the company.
    pub by: Option<String>,
    /// Facts up to this day count; by default the business date.
    pub as_of: Option<Day>,
}

/// Progress over one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Facts up to this day count.
    pub as_of: Day,
    /// Today, as the organization counts it.
    pub business_date: Day,
    /// Whether today is set by hand instead of by the clock.
    pub business_date_set: bool,
    /// The currency of every amount.
    pub currency: Currency,
    /// The period shown.
    pub period: Period,
    /// Periods that can be chosen, latest first.
    pub periods: Vec<Period>,
    /// The dimension of `rows`.
    pub by: Dimension,
    /// Unit levels that exist, from the top; offered as dimensions.
    pub levels: Vec<String>,
    /// The whole.
    pub total: AttainmentRow,
    /// One row for each month of the fiscal year around the period.
    pub months: Vec<AttainmentRow>,
    /// One row for each value of the dimension.
    pub rows: Vec<AttainmentRow>,
    /// Working days from the day after `as_of` to the end of the period.
    pub working_days_left: u32,
    /// Where the board is empty: the newest deal elsewhere.
    pub newest: Option<Newest>,
}

/// The newest deal within reach, for whoever looks at a time without any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newest {
    /// The day it counts.
    pub day: Day,
    /// The quarter it lies in.
    pub period: Period,
}

impl Board {
    /// Whether there is nothing to show: no target for the period, and no deal in the fiscal year around it.
    pub fn is_empty(&self) -> bool {
        self.total.target.is_none()
            && self.total.actual.0 == 0
            && self.months.iter().all(|row| row.count == 0)
    }

    /// What is still missing; `None` without a target, zero when it is reached.
    pub fn missing(&self) -> Option<Minor> {
        self.total
            .target
            .map(|target| Minor((target.0 - self.total.actual.0).max(0)))
    }

    /// What every remaining working day has to bring, rounded up; `None` without a target or without days left.
    pub fn required_per_day(&self) -> Option<Minor> {
        let days = i64::from(self.working_days_left);
        self.missing()
            .filter(|_| days > 0)
            .map(|missing| Minor((missing.0 + days - 1) / days))
    }
}

/// Which deals to list: those behind one row of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsQuery {
    /// The board the row is on.
    pub board: BoardQuery,
    /// The row's dimension.
    pub dimension: Dimension,
    /// The row's key; empty for the row of what is not given.
    pub key: String,
    /// From this day on instead of the first of the board's period: what is looked at together may begin before it.
    #[serde(default)]
    pub since: Option<Day>,
    /// How many to list; by default [`RECORDS_SHOWN`].
    #[serde(default)]
    pub limit: Option<u32>,
}

/// How many deals are listed at first, and more at a time.
pub const RECORDS_SHOWN: u32 = 500;

/// The deals behind a number, latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// What the row is called; empty where it is not known.
    pub of: String,
    /// The period of the board.
    pub period: Period,
    /// The first day, where that lies before the period.
    pub since: Option<Day>,
    /// The currency of every amount.
    pub currency: Currency,
    /// All of them, also those beyond the rows shown.
    pub count: u64,
    /// Their sum.
    pub sum: Minor,
    /// The first of them.
    pub rows: Vec<RecordRow>,
    /// What they are.
    pub source: Source,
}

/// A deal with the part of it that is credited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its id in the system it comes from.
    pub external_id: String,
    /// The customer.
    pub account: Option<String>,
    /// The product, where it is of one.
    pub product: Option<String>,
    /// Of how many products it is.
    pub products: u32,
    /// Who is credited.
    pub member: String,
    /// The day it counts.
    pub closed_on: Day,
    /// The amount credited.
    pub amount: Minor,
}

/// A period that a target can be set for, with what it can be compared to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Horizon {
    /// The period.
    pub period: Period,
    /// What was done in the same period a year before; `None` where there are no facts.
    pub last_year: Option<DoneBefore>,
    /// What was done in the period before; `None` where there are no facts.
    pub previous: Option<DoneBefore>,
    /// What is booked in the period itself already; `None` where there are no facts.
    pub booked: Option<Minor>,
}

/// Periods that a target can be set for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Horizons {
    /// The currency of every amount.
    pub currency: Currency,
    /// The periods, nearest first: quarters, then years.
    pub periods: Vec<Horizon>,
}
