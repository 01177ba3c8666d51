//! History as it travels: months by a dimension, how the months of a year compare, and who contributes most.

mod exclusion;
mod growth;
mod parts;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Month, Period};
use crate::metric::Dimension;
use crate::money::{Currency, Minor};

pub use crate::history::Coverage;
pub use exclusion::{Exclusion, LONGEST_REASON, NewExclusion, OneOff, Reason};
pub use growth::{Amount, Growth, compound, growth, holes};
pub use parts::{Concentration, Drift, drift};

/// What to show; the plain address of the page opens with defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineQuery {
    /// The dimension of the rows: a unit level, `manager`, `member`, `product`, `account` …
    pub by: Option<String>,
}

/// The history of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The currency of every amount.
    pub currency: Currency,
    /// Facts up to this day count.
    pub as_of: Day,
    /// First and last day with a fact; none before the first import.
    pub span: Option<(Day, Day)>,
    /// The months, from the first with a fact to the last.
    pub months: Vec<Period>,
    /// The sum of each month.
    pub totals: Vec<Minor>,
    /// The dimension of `rows`.
    pub by: Dimension,
    /// Unit levels that exist, from the top.
    pub levels: Vec<String>,
    /// One row for each value of the dimension, largest first.
    pub rows: Vec<BaselineRow>,
    /// A month in which a fiscal year starts: the first column of the season.
    pub year_start: Month,
    /// How the months of each year compare with that year's average month.
    pub season: Vec<SeasonYear>,
}

/// A row of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineRow {
    /// The id within the dimension.
    pub id: String,
    /// What it is called; empty for what is not given.
    pub name: String,
    /// The amount of each month.
    pub amounts: Vec<Minor>,
    /// Their sum.
    pub total: Minor,
    /// The sum of this row and the larger ones, of the whole, from 0 to 1; exact before it is rounded to a float.
    pub cumulative: f64,
}

/// The months of a year against its average month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeasonYear {
    /// The fiscal year's name.
    pub year: String,
    /// 1.0 is an average month; none where the month has no facts or is not whole.
    pub months: Vec<Option<f64>>,
}

impl SeasonYear {
    /// The ratios of a year's months to their mean; months that are not known stay out of the mean.
    pub fn of(year: String, amounts: &[Option<Minor>]) -> Self {
        let known: Vec<i64> = amounts.iter().flatten().map(|amount| amount.0).collect();
        let sum: i128 = known.iter().copied().map(i128::from).sum();
        let mean = if known.is_empty() {
            0.0
        } else {
            sum as f64 / known.len() as f64
        };
        let months = amounts
            .iter()
            .map(|amount| amount.filter(|_| mean > 0.0).map(|amount| amount.0 as f64 / mean))
            .collect();
        Self { year, months }
    }
}

/// Sorts rows largest first (then by name) and fills in what they make together with the larger ones.
pub fn rank(rows: &mut [BaselineRow]) {
    rows.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.name.cmp(&b.name)));
    let whole: i128 = rows.iter().map(|row| i128::from(row.total.0)).sum();
    let mut sum = 0_i128;
    for row in rows {
        sum += i128::from(row.total.0);
        row.cumulative = if whole > 0 { sum as f64 / whole as f64 } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, total: i64) -> BaselineRow {
        BaselineRow {
            id: name.into(),
            name: name.into(),
            amounts: vec![Minor(total)],
            total: Minor(total),
            cumulative: 0.0,
        }
    }

    #[test]
    fn the_largest_come_first_and_together_make_the_whole() {
        let mut rows = vec![row("b", 10), row("a", 10), row("c", 60), row("d", 20)];
        rank(&mut rows);
        assert_eq!(
            rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
            ["c", "d", "a", "b"]
        );
        assert_eq!(
            rows.iter().map(|row| row.cumulative).collect::<Vec<_>>(),
            [0.6, 0.8, 0.9, 1.0]
        );
    }

    #[test]
    fn an_average_month_is_one_and_unknown_months_do_not_count() {
        let season = SeasonYear::of("2017".into(), &[None, Some(Minor(50)), Some(Minor(150))]);
        assert_eq!(season.months, [None, Some(0.5), Some(1.5)]);
        let nothing = SeasonYear::of("2017".into(), &[None, Some(Minor(0))]);
        assert_eq!(nothing.months, [None, None]);
    }
}
