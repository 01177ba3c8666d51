//! History as it travels: months by a dimension, how the months of a year compare, and who contributes most.

mod channel;
mod customer;
mod exclusion;
mod growth;
mod note;
mod parts;
mod season;

use serde::{Deserialize, Serialize};

use crate::assumption::{Planning, PlanningQuery};
use crate::calendar::{Day, Period};
use crate::metric::{Dimension, Key, MetricKey, Source};
use crate::money::{Currency, Minor};

pub use crate::history::Coverage;
pub use channel::{Brought, Channel, Channels, Ended, channels};
pub use customer::{Age, Customer, Customers, Group, Named, Size, customers};
pub use exclusion::{Exclusion, LONGEST_REASON, NewExclusion, OneOff, Reason};
pub use growth::{Amount, Growth, compound, growth, holes};
pub use note::{Gap, Note, notes};
pub use parts::{Concentration, Drift, drift};
pub use season::{Calendar, Season, SeasonYear, season};

/// What to show; the plain address of the page opens with defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineQuery {
    /// The planning whose exclusions count; see [`PlanningQuery`].
    #[serde(default)]
    pub planning: PlanningQuery,
    /// The metric; by default that of the planning.
    #[serde(default)]
    pub metric: Option<MetricKey>,
    /// The dimension of the rows: a unit level, `manager`, `member`, `product`, `account` …
    #[serde(default)]
    pub by: Option<String>,
    /// The id of a row of that dimension that everything but the rows is narrowed to.
    #[serde(default)]
    pub of: Option<String>,
    /// First day; by default five years before the last fact.
    #[serde(default)]
    pub from: Option<Day>,
    /// Day after the last; by default the end of the month of the last fact.
    #[serde(default)]
    pub to: Option<Day>,
}

/// The history of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The planning whose exclusions count.
    pub planning: Planning,
    /// What is counted.
    pub metric: MetricKey,
    /// Every metric there are facts for.
    pub metrics: Vec<MetricKey>,
    /// What a fact is.
    pub source: Source,
    /// The currency of every amount.
    pub currency: Currency,
    /// Facts up to this day count.
    pub as_of: Day,
    /// First and last day with a fact; none before the first import.
    pub span: Option<(Day, Day)>,
    /// The days shown, the second is the one after the last.
    pub window: (Day, Day),
    /// The sum of all that is shown, with what is left out.
    pub total: Minor,
    /// How much of it is left out.
    pub left_out: Minor,
    /// How many facts.
    pub count: i64,
    /// The months, from the first with a fact to the last.
    pub months: Vec<Slice>,
    /// The quarters.
    pub quarters: Vec<Slice>,
    /// The years.
    pub years: Vec<Slice>,
    /// Compound growth a year, and over how many years.
    pub compound: Option<(f64, u16)>,
    /// Stretches of months without anything.
    pub gaps: Vec<Gap>,
    /// What can and cannot be concluded.
    pub notes: Vec<Note>,
    /// The dimension of `rows`.
    pub by: Dimension,
    /// Unit levels that exist, from the top.
    pub levels: Vec<String>,
    /// What all rows together brought, without what is left out, whatever the page is narrowed to.
    pub whole: Minor,
    /// The row everything but the rows is narrowed to.
    pub of: Option<Key>,
    /// One row for each value of the dimension, largest first; at most [`MOST_ROWS`].
    pub rows: Vec<BaselineRow>,
    /// What the smaller ones bring together, and how many they are.
    pub others: Option<(usize, BaselineRow)>,
    /// How much hangs on a few of them; none where nobody brought anything.
    pub concentration: Option<Concentration>,
    /// How shares moved between the first and the last whole year; none without two.
    pub drift: Option<Drifted>,
    /// How the months of a year compare.
    pub season: Season,
    /// Single facts that stand out or are left out.
    pub one_offs: Vec<OneOff>,
}

/// Rows that travel: more are summed up.
pub const MOST_ROWS: usize = 200;

/// A period of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Which.
    pub period: Period,
    /// What it brought, with what is left out.
    pub amount: Minor,
    /// How much of that is left out.
    pub left_out: Minor,
    /// How many facts.
    pub count: i64,
    /// Whether its facts are all there.
    pub coverage: Coverage,
    /// Whether months of it lie in a gap.
    pub gap: bool,
    /// How it compares, without what is left out.
    pub growth: Growth,
}

impl Slice {
    /// What a season or a trend is read from.
    pub fn clean(&self) -> Minor {
        Minor(self.amount.0.saturating_sub(self.left_out.0))
    }

    /// Whether it may be compared.
    pub fn is_whole(&self) -> bool {
        self.coverage == Coverage::Whole && !self.gap
    }

    /// As growth takes it: what has a gap is compared with nothing.
    pub fn comparable(&self) -> Amount {
        Amount {
            amount: self.clean(),
            coverage: if self.gap {
                Coverage::Outside
            } else {
                self.coverage
            },
        }
    }
}

/// The trend: the mean of the twelve months up to each, without what is left out; none where one of them is not whole.
pub fn trend(months: &[Slice]) -> Vec<Option<Minor>> {
    (0..months.len())
        .map(|at| {
            let year = months.get(at.checked_sub(11)?..=at)?;
            let sum: i128 = year.iter().map(|month| i128::from(month.clean().0)).sum();
            year.iter()
                .all(Slice::is_whole)
                .then(|| Minor(i64::try_from(sum / 12).unwrap_or_default()))
        })
        .collect()
}

/// A row of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineRow {
    /// The id within the dimension.
    pub id: String,
    /// What it is called; empty for what is not given.
    pub name: String,
    /// The amount of each month, without what is left out.
    pub amounts: Vec<Minor>,
    /// The amount of each year.
    pub years: Vec<Minor>,
    /// Their sum.
    pub total: Minor,
    /// The last whole year against the one before.
    pub on_year: Option<f64>,
    /// Compound growth a year over the whole years.
    pub compound: Option<f64>,
    /// The sum of this row and the larger ones, of the whole, from 0 to 1; exact before it is rounded to a float.
    pub cumulative: f64,
}

/// How shares moved from one year to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drifted {
    /// The name of the year before.
    pub before: String,
    /// The name of the year.
    pub now: String,
    /// The largest movers first; `part` is the place among `rows`, or their number for the others.
    pub parts: Vec<Drift>,
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
            years: vec![Minor(total)],
            total: Minor(total),
            on_year: None,
            compound: None,
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
}
