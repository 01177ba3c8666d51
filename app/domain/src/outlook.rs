//! What is to be expected of a planned span, for the whole and for every branch of the tree: history, a fan of months to
//! come, the distribution of the span's total, and what market factors change of it. How it is reckoned is on the server
//! only (feature `forecast`); what was reckoned travels.

pub mod change;
mod distribution;
mod factor;
mod place;
#[cfg(feature = "forecast")]
pub mod reckon;
mod thing;

use serde::{Deserialize, Serialize};

use crate::assumption::{Planning, PlanningQuery};
use crate::calendar::{Day, Month, Period};
use crate::money::Minor;
use crate::target::Span;

pub use distribution::{CHANCES, Distribution};
pub use factor::{
    Attached, Effect, Factor, FactorError, FactorKind, MAX_FILE_BYTES, MAX_LINK, MAX_NAME, MAX_SOURCE,
    NewFactor, file_type,
};
pub use place::{Place, Who};
pub use thing::{NamedThing, Step, Thing, ThingKind};

/// What to look at; the plain address of the page opens with defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlookQuery {
    /// Which planning.
    #[serde(default)]
    pub planning: PlanningQuery,
    /// The branch whose fan is looked at, as [`Place`] writes it; the topmost within sight without one.
    #[serde(default)]
    pub node: Option<String>,
}

/// What is to be expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// The planning it is of.
    pub planning: Planning,
    /// Facts up to this day count.
    pub as_of: Day,
    /// First and last day with a fact; none before the first import.
    pub history: Option<(Day, Day)>,
    /// The first month of every list of months.
    pub first: Month,
    /// How many months of every list are history: whole months with facts. The others are to come.
    pub known: usize,
    /// How many months there are in all.
    pub months: usize,
    /// The month the planned span starts with, as a place in the list; it may lie before the first month to come.
    pub span_from: usize,
    /// Stretches of the history without a single fact.
    #[serde(default)]
    pub holes: Vec<Hole>,
    /// The month after the planned span's last; before the end of the list where there are newer facts.
    pub span_to: usize,
    /// The branches in pre-order, the whole within sight first.
    pub branches: Vec<Branch>,
    /// The place of the branch that is looked at.
    pub at: usize,
    /// More of the branch that is looked at.
    pub detail: Detail,
    /// The market factors of the planning, oldest first.
    pub factors: Vec<Factor>,
}

/// A stretch of the history without a single fact of anybody: what was then is not known, rather than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// Its first month, as a place in the list of months.
    pub from: usize,
    /// How many months.
    pub months: usize,
}

impl Hole {
    /// Whether a month of the list lies in it.
    pub fn contains(self, place: usize) -> bool {
        place
            .checked_sub(self.from)
            .is_some_and(|after| after < self.months)
    }
}

/// The outlook of a branch: the company, a unit, a person in a unit, or what belongs to nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    /// Which branch.
    pub place: Place,
    /// What the unit or person is called; empty for what belongs to nobody.
    pub name: String,
    /// The place of the branch above it in the list.
    pub above: Option<usize>,
    /// How deep it lies below the topmost.
    pub depth: usize,
    /// What each month of the history brought, deals left out of it not counted.
    pub history: Vec<Minor>,
    /// What is to be expected of each month to come, after market factors.
    pub fan: Vec<Fan>,
    /// What the planned span will bring in all, after market factors; none where nothing is known.
    pub total: Option<Distribution>,
    /// P50 of the planned span before market factors.
    pub before_factors: Option<Minor>,
    /// What was done in the planned span already.
    pub booked: Minor,
    /// The same span a year before: done, or where it still runs done and expected; none where nothing is known of it.
    pub last_year: Option<Minor>,
}

/// What is to be expected of a month. P50 is the expected value: that of a branch is the sum of those below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fan {
    /// It will be less with a chance of 10 %.
    pub p10: Minor,
    /// It will be less with a chance of 25 %.
    pub p25: Minor,
    /// In the middle.
    pub p50: Minor,
    /// It will be more with a chance of 25 %.
    pub p75: Minor,
    /// It will be more with a chance of 10 %.
    pub p90: Minor,
}

/// More of the branch that is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The comparable spans before the planned one, oldest first.
    pub before: Vec<Before>,
    /// The methods the forecast is made of, with their parts.
    pub methods: Vec<(String, f64)>,
    /// How well the same methods did on history held back from them; none where that is too short.
    pub accuracy: Option<Accuracy>,
    /// What the Spring Festival changes of a month that all of its days fall into, as a part of what is usual; none where
    /// that cannot be told from chance.
    #[serde(default)]
    pub festival: Option<f64>,
    /// What can and cannot be concluded.
    pub notes: Vec<Note>,
    /// What each factor changes of P50 of the planned span, in the order of the factors.
    pub steps: Vec<Step>,
    /// The open pipeline beside it; none where deals are not kept.
    pub pipeline: Option<OpenPipeline>,
    /// Months that a deal was left out of, with what was left out.
    pub left_out: Vec<(Month, Minor)>,
}

/// A comparable span before the planned one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// Its days.
    pub span: Span,
    /// The fiscal period of exactly these days; none where a plan covers other days.
    pub period: Option<Period>,
    /// What it brought, or where it still runs what it will have brought: done, and P50 of its rest.
    pub amount: Minor,
    /// Whether all of it is known, some of it is expected, or its beginning is not known.
    pub state: BeforeState,
    /// Against the span before it; none where either is not known as a whole.
    pub growth: Option<f64>,
}

/// What is known of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeforeState {
    /// All of it.
    Whole,
    /// It runs: its end is expected.
    Landing,
    /// The facts begin within it.
    Partial,
    /// Months of it lie in a stretch without a single fact.
    Hole,
}

/// How well forecasts did on history held back from them: made as if some of the last months had not been yet.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// From how many points of the history it was tried.
    pub tries: u32,
    /// How many months were compared, each try's counted.
    pub months: u32,
    /// The longest try, in months.
    pub ahead: u32,
    /// The sum of the errors of months over the sum of what they brought; none where they brought nothing.
    pub off: Option<f64>,
    /// The mean error of the sums of twelve months held back, over what they brought.
    pub year_off: Option<f64>,
    /// How many of the compared months lay from P10 to P90.
    pub inside: u32,
}

/// Below this part of months from P10 to P90 the range was clearly narrower than it promises,
const NARROW: f64 = 0.7;
/// of so many months at least: of fewer it may be chance.
const ENOUGH: u32 = 24;

impl Accuracy {
    /// The part of months that lay from P10 to P90; 0.8 is what they promise.
    pub fn coverage(&self) -> f64 {
        f64::from(self.inside) / f64::from(self.months.max(1))
    }

    /// Whether clearly fewer months than promised lay in the range.
    pub fn is_narrow(&self) -> bool {
        self.months >= ENOUGH && self.coverage() < NARROW
    }
}

/// What can and cannot be concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum Note {
    /// There is no fact: nothing can be said.
    NoFacts,
    /// This branch brought nothing yet, so nothing is expected of it.
    Nothing,
    /// Less than a year is known: no season can be seen, and the range is wide.
    Short {
        /// Whole months.
        months: u32,
    },
    /// Less than two years are known: what looks like a season may be chance.
    OneSeason {
        /// Whole months.
        months: u32,
    },
    /// Months in the middle without a single fact: they count as unknown, not as nothing.
    Hole {
        /// The first such month.
        from: Month,
        /// How many.
        months: u32,
    },
    /// Most of those who sell every month have nothing in the last one: its data is taken for not complete, and the forecast
    /// starts with it.
    Incomplete {
        /// The month.
        month: Month,
    },
    /// Rows that imports did not take over because they are in another currency: the history lacks them.
    OtherCurrency {
        /// How many.
        rows: u64,
    },
    /// Little comes, now and then: months say little, the sum of the span says more.
    Seldom,
    /// The newest fact is old: what came since is not known, and the forecast starts there.
    Old {
        /// The day of the newest fact.
        last: Day,
        /// Months since.
        months: u32,
    },
    /// The planned span lies behind the facts: all of it is done, nothing is forecast.
    Over,
    /// The planned span ends further ahead than the history is long: its range is wide.
    Far {
        /// Months ahead.
        months: u32,
    },
}

/// Open deals beside the outlook, which knows nothing of them. Those without an amount count with that of a usual won deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenPipeline {
    /// Deals that are to close in the planned span.
    pub closing: Stock,
    /// Deals whose day of closing is not known, or has passed.
    pub undated: Stock,
    /// The part of closed deals that was won; none where none closed.
    pub won: Option<f64>,
    /// How many have no amount.
    pub unpriced: u32,
}

/// Some open deals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// How many.
    pub deals: u32,
    /// Their amounts.
    pub amount: Minor,
    /// Each times the part of deals in its stage that was won.
    pub weighted: Minor,
}

/// The market factors of a planning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorList {
    /// The planning they belong to.
    pub planning: Planning,
    /// The factors, oldest first.
    pub factors: Vec<Factor>,
}

impl Outlook {
    /// The branch that is looked at.
    pub fn branch(&self) -> Option<&Branch> {
        self.branches.get(self.at)
    }

    /// The branch of a place.
    pub fn find(&self, place: Place) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.place == place)
    }

    /// A month of the list.
    pub fn month(&self, place: usize) -> Month {
        self.first.plus(i32::try_from(place).unwrap_or(i32::MAX))
    }

    /// Whether a month of the list is one of the history without a single fact.
    pub fn is_hole(&self, place: usize) -> bool {
        self.holes.iter().any(|hole| hole.contains(place))
    }

    /// The same for a page: only the branch that is looked at keeps its fan, all others what a row of a table shows.
    #[must_use]
    pub fn focused(mut self, history_months: usize) -> Self {
        let at = self.at;
        for (place, branch) in self.branches.iter_mut().enumerate() {
            if place != at {
                branch.fan = Vec::new();
                let cut = branch.history.len().saturating_sub(history_months);
                branch.history.drain(..cut);
            }
        }
        self
    }
}

impl Branch {
    /// P50 of the planned span.
    pub fn p50(&self) -> Option<Minor> {
        self.total.as_ref().map(Distribution::p50)
    }

    /// P50 of the planned span against the same span a year before: 0.1 for 10 % more.
    pub fn growth(&self) -> Option<f64> {
        let before = self.last_year.filter(|before| before.0 > 0)?;
        Some(self.p50()?.0 as f64 / before.0 as f64 - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_has_its_months_and_no_others() {
        let hole = Hole { from: 3, months: 2 };
        let inside: Vec<usize> = (0..8).filter(|place| hole.contains(*place)).collect();
        assert_eq!(inside, [3, 4]);
    }

    #[test]
    fn a_range_is_called_narrow_by_enough_months_only() {
        let of = |inside: u32, months: u32| Accuracy {
            tries: 2,
            months,
            ahead: 5,
            off: None,
            year_off: None,
            inside,
        };
        assert!(of(20, 30).is_narrow());
        assert!(!of(21, 30).is_narrow() && !of(30, 30).is_narrow());
        assert!(!of(2, 3).is_narrow(), "chance does that half of the time");
    }
}
