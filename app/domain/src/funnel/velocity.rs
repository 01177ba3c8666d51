//! How fast the pipeline turns into money, and whether there is enough of it.

use serde::{Deserialize, Serialize};

use super::{ClosingChance, Funnel, Known, Rate, days};
use crate::calendar::Period;
use crate::metric::Status;
use crate::money::Fact;
use crate::statistics::{mean, quantile};

/// Days from the beginning of a deal to its closing, of closed deals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cycle {
    /// Deals whose beginning is known.
    pub deals: u64,
    /// The mean; a few that dragged on move it.
    pub mean: f64,
    /// By when a quarter had closed.
    pub lower_quartile: f64,
    /// By when half had closed: what a person may expect.
    pub median: f64,
    /// By when three quarters had closed.
    pub upper_quartile: f64,
}

/// What the pipeline brings in a day: `open · win rate · average won value / cycle`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Velocity {
    /// Open deals.
    pub open: u64,
    /// Won of closed.
    pub win_rate: Rate,
    /// The mean value of a won deal.
    pub average_value: Fact,
    /// The cycle of won deals.
    pub cycle: Cycle,
    /// Money a day, with the mean cycle.
    pub per_day: Fact,
    /// Money a day with the median cycle; `None` where that is no day.
    pub per_day_by_median: Option<Fact>,
}

/// Whether there is enough in the pipeline for what is missing in a period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Value of the open deals that are expected to close in the period.
    pub due: Fact,
    /// Value of the open deals whose expected closing day passed before the period began.
    pub overdue: Fact,
    /// Value of the open deals expected after the period.
    pub later: Fact,
    /// Value of the open deals without an expected closing day.
    pub undated: Fact,
    /// `due / missing`; `None` where nothing is missing any more.
    pub ratio: Option<f64>,
    /// Σ value × the chance to be won by the end of the period, over all open deals; `None` where no chances are known.
    pub weighted: Option<Fact>,
    /// `weighted / missing`.
    pub weighted_ratio: Option<f64>,
}

impl Funnel<'_> {
    /// The cycle of the deals won (or lost) in a period or (`None`) at any time; `None` where there are none whose
    /// beginning is known. Deals that are still open are not in it: it is the past, not what open deals will take.
    pub fn cycle(&self, status: Status, within: Option<&Period>) -> Option<Cycle> {
        let took: Vec<f64> = self
            .closed(status, within)
            .filter_map(Known::cycle)
            .map(f64::from)
            .collect();
        Some(Cycle {
            deals: took.len() as u64,
            mean: mean(&took)?,
            lower_quartile: quantile(&took, 0.25)?,
            median: quantile(&took, 0.5)?,
            upper_quartile: quantile(&took, 0.75)?,
        })
    }

    /// The velocity of the open deals, judged by those closed in a period or (`None`) at any time; `None` where none was
    /// won, or where deals are won on the day they begin: then the formula has no answer.
    pub fn velocity(&self, within: Option<&Period>) -> Option<Velocity> {
        let open = self.count(Status::Open);
        let win_rate = self.win_rate(within)?;
        let cycle = self.cycle(Status::Won, within)?;
        let average = exact(self.closed(Status::Won, within)) as f64 / win_rate.part as f64;
        let per_day = |cycle: f64| {
            (cycle > 0.0).then(|| Fact((open as f64 * win_rate.rate * average / cycle).round() as i64))
        };
        Some(Velocity {
            open,
            win_rate,
            average_value: Fact(average.round() as i64),
            cycle,
            per_day: per_day(cycle.mean)?,
            per_day_by_median: per_day(cycle.median),
        })
    }

    /// Value of the open deals; lost and won ones are never in it.
    pub fn open_value(&self) -> Fact {
        total(self.with(Status::Open))
    }

    /// The open deals against what is missing in a period (target less what is booked).
    pub fn coverage(&self, period: &Period, missing: Fact, chance: Option<&ClosingChance>) -> Coverage {
        let of = |wanted: &dyn Fn(Option<crate::calendar::Day>) -> bool| {
            let expected = |known: &&Known| wanted(known.promises().last().map(|last| last.close));
            total(self.with(Status::Open).filter(expected))
        };
        let due = of(&|close| close.is_some_and(|close| period.contains(close)));
        let left = days(self.as_of, period.last_day());
        let weighted = chance.map(|chance| {
            let parts = self.with(Status::Open).map(|known| {
                let age = known.path.last().map_or(0, |entry| days(entry.day, self.as_of));
                known.deal.value.0 as f64 * chance.won_within(known.stage(), age, left)
            });
            Fact(parts.sum::<f64>().round() as i64)
        });
        let against = |amount: Fact| (missing.0 > 0).then(|| amount.0 as f64 / missing.0 as f64);
        Coverage {
            due,
            overdue: of(&|close| close.is_some_and(|close| close < period.start)),
            later: of(&|close| close.is_some_and(|close| close >= period.end)),
            undated: of(&|close| close.is_none()),
            ratio: against(due),
            weighted,
            weighted_ratio: weighted.and_then(against),
        }
    }
}

fn exact<'a, 'b: 'a>(deals: impl Iterator<Item = &'a Known<'b>>) -> i128 {
    deals.map(|known| i128::from(known.deal.value.0)).sum()
}

/// The value of some deals; at the largest amount there is it stands still.
pub(super) fn total<'a, 'b: 'a>(deals: impl Iterator<Item = &'a Known<'b>>) -> Fact {
    Fact(i64::try_from(exact(deals)).unwrap_or(i64::MAX))
}
