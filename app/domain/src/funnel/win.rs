//! What becomes of the deals that were created together.

use serde::{Deserialize, Serialize};

use super::{Exit, Funnel, Incidence, Known, Observed, Rate, days};
use crate::calendar::Period;
use crate::metric::Status;

/// Deals created in one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cohort {
    /// The period they were created in.
    pub period: Period,
    /// How many; 0 where none were.
    pub created: u64,
    /// Those that are won by now.
    pub won: u64,
    /// Those that are lost by now.
    pub lost: u64,
    /// Those that are open.
    pub open: u64,
    /// Won of all created, as it stands.
    pub won_so_far: Option<Rate>,
    /// Won of those closed. In a young cohort these are only the quick ones.
    pub won_of_closed: Option<Rate>,
    /// The age for which `won_by` and `lost_by` are told: as asked, or the oldest that one of the cohort has reached.
    pub by_days: u32,
    /// The share won by that age, from all of the cohort, loss competing (Aalen and Johansen 1978).
    pub won_by: f64,
    /// The share lost by that age.
    pub lost_by: f64,
    /// Whether most of its deals are too young to tell: its youngest may not have reached the age by which nine of ten
    /// closings that come have come (as far as all deals were followed). Such a cohort must not be compared with older ones by anything but `won_by`.
    pub immature: bool,
}

impl Funnel<'_> {
    /// Won and lost by age, of all deals whose beginning is known; `None` where there are none.
    pub fn incidence(&self) -> Option<Incidence> {
        incidence(self.deals.iter())
    }

    /// The cohorts of some periods by the day the deal began, with what is won and lost by an age.
    pub fn cohorts(&self, periods: &[Period], by_days: u32) -> Vec<Cohort> {
        let settled = self.incidence().and_then(|all| all.settled_by(0.9));
        periods
            .iter()
            .map(|period| self.cohort(period, by_days, settled))
            .collect()
    }

    fn cohort(&self, period: &Period, by_days: u32, settled: Option<u32>) -> Cohort {
        let deals = || {
            let inside = |known: &&Known| known.began().is_some_and(|day| period.contains(day));
            self.deals.iter().filter(inside)
        };
        let count = |status| deals().filter(|known| known.outcome.status() == status).count() as u64;
        let (won, lost, open) = (count(Status::Won), count(Status::Lost), count(Status::Open));
        let curve = incidence(deals());
        let oldest = deals()
            .filter_map(Known::began)
            .min()
            .map_or(0, |began| days(began, self.as_of));
        let by_days = by_days.min(oldest);
        // Nothing has closed anywhere: nobody can tell an age at which things settle.
        let mature = settled.is_some_and(|age| days(period.last_day(), self.as_of) >= age)
            && period.last_day() <= self.as_of;
        Cohort {
            period: period.clone(),
            created: won + lost + open,
            won,
            lost,
            open,
            won_so_far: Rate::of(won, won + lost + open),
            won_of_closed: Rate::of(won, won + lost),
            by_days,
            won_by: curve.as_ref().map_or(0.0, |curve| curve.success_by(by_days)),
            lost_by: curve.as_ref().map_or(0.0, |curve| curve.failure_by(by_days)),
            immature: open > 0 && !mature,
        }
    }
}

fn incidence<'a, 'b: 'a>(deals: impl Iterator<Item = &'a Known<'b>>) -> Option<Incidence> {
    Incidence::of(deals.filter_map(|known| {
        let exit = match known.outcome.status() {
            Status::Open => Exit::None,
            Status::Won => Exit::Success,
            Status::Lost => Exit::Failure,
        };
        Some(Observed {
            from: 0,
            to: days(known.began()?, known.until()),
            exit,
        })
    }))
}
