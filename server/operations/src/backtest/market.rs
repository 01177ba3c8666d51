//! What markets were worth as it was known before each past quarter: no figure counts that was noted later, so that a split of the
//! past by the market is no hindsight.

use std::collections::{BTreeMap, HashMap};

use domain::backtest::models::MarketUnknown;
use domain::calendar::{Day, Period};
use domain::id::{AccountId, MemberId, UnitId};
use domain::money::{Currency, Minor};
use domain::potential::Subject;
use domain::target::Span;
use store::assignment::Assignment;
use store::attainment::{Cut, Question, Time};
use store::potential::Potential;
use store::rollup::Dimension;
use store::{Scope, Session};

use crate::Error;
use crate::plan::history::part;
use crate::plan::market::worth;

/// Quarters before a quarter whose sales say which customers are whose: a year, as in a plan.
const SOLD_QUARTERS: usize = 4;
/// Days before or after everything.
const EVER: (Day, Day) = (Day(i32::MIN / 2), Day(i32::MAX / 2));

/// What the markets of people were worth as it was known before each quarter.
#[derive(Debug, Default)]
pub(super) struct Market {
    /// For each quarter a weight for each person of the past; none where nothing was known then, or not for everybody there.
    pub(super) quarters: Vec<Option<Vec<u64>>>,
    /// When the first figure was noted, where that was after the last quarter began; none where none ever was, or where those that
    /// were known are of other days or other people.
    pub(super) known_from: Option<Day>,
}

impl Market {
    /// Whether it was known before a quarter.
    pub(super) fn knows(&self, quarter: usize) -> bool {
        self.quarters.get(quarter).is_some_and(Option::is_some)
    }

    /// The weight of a person in a quarter.
    pub(super) fn weight(&self, quarter: usize, person: usize) -> u64 {
        let weights = self.quarters.get(quarter).and_then(Option::as_ref);
        weights
            .and_then(|weights| weights.get(person))
            .copied()
            .unwrap_or(0)
    }

    /// Why the past is not split by it, where it was known before so many of the quarters.
    pub(super) fn unknown(&self, quarters: usize) -> MarketUnknown {
        MarketUnknown {
            known_from: self.known_from,
            quarters,
        }
    }
}

/// Whose past it is, and when they were there.
pub(super) struct Whose<'a> {
    pub(super) quarters: &'a [Period],
    pub(super) members: &'a [MemberId],
    /// For each person the amount of each quarter; `None` where they were not there.
    pub(super) rows: &'a [Vec<Option<Minor>>],
}

/// Reads the figures and works out what they were worth to each person, quarter by quarter.
pub(super) async fn known(
    session: &impl Session,
    all: &Scope,
    metric: &store::metric::Metric,
    currency: &Currency,
    whose: Whose<'_>,
) -> Result<Market, Error> {
    let figures = store::potential::list(session, all, EVER.0, EVER.1).await?;
    let known_from = figures.iter().map(|figure| figure.noted_on).min();
    let mut quarters = vec![None; whose.quarters.len()];
    let early = known_from.is_some_and(|day| whose.quarters.iter().any(|quarter| day < quarter.start));
    if early {
        let parents: HashMap<UnitId, Option<UnitId>> = store::unit::list(session, all, None)
            .await?
            .into_iter()
            .map(|unit| (unit.id, unit.parent))
            .collect();
        let mut homes: HashMap<MemberId, Vec<Assignment>> = HashMap::new();
        for assignment in store::assignment::list(session, all, None).await? {
            homes.entry(assignment.member).or_default().push(assignment);
        }
        let by_account = figures
            .iter()
            .any(|figure| matches!(figure.subject, Subject::Account(_)));
        let sold = if by_account {
            sold(session, all, metric, &whose).await?
        } else {
            Vec::new()
        };
        for (at, quarter) in whose.quarters.iter().enumerate() {
            let within = Span::of(quarter);
            let figures = before(&figures, within);
            if figures.is_empty() {
                continue;
            }
            let worth = worth(figures, within, currency);
            let there = |person: &usize| {
                let row = whose.rows.get(*person);
                row.and_then(|row| row.get(at)).is_some_and(Option::is_some)
            };
            let people: Vec<usize> = (0..whose.members.len()).filter(there).collect();
            let weights = of_units(&worth, &parents, &homes, &whose, &people, within)
                .or_else(|| of_accounts(&worth, &sold, at, whose.members.len()));
            if let Some(place) = quarters.get_mut(at) {
                *place = weights.filter(|weights| weights.iter().any(|weight| *weight > 0));
            }
        }
    }
    Ok(Market {
        quarters,
        known_from: known_from.filter(|_| !early),
    })
}

/// The figures of days of a quarter that were noted before it began.
fn before(figures: &[Potential], within: Span) -> Vec<Potential> {
    figures
        .iter()
        .filter(|figure| {
            figure.noted_on < within.starts_on
                && figure.starts_on < within.ends_on
                && within.starts_on < figure.ends_on
        })
        .cloned()
        .collect()
}

/// The markets of units over the people below, by presence; none where somebody who is there is below none. That of the whole
/// company tells nobody from anybody else and does not count.
fn of_units(
    worth: &BTreeMap<Subject, i64>,
    parents: &HashMap<UnitId, Option<UnitId>>,
    homes: &HashMap<MemberId, Vec<Assignment>>,
    whose: &Whose<'_>,
    people: &[usize],
    within: Span,
) -> Option<Vec<u64>> {
    let above = |unit: UnitId| -> Option<UnitId> {
        // A tree is no deeper than it has units.
        let mut at = unit;
        for _ in 0..=parents.len() {
            let parent = (*parents.get(&at)?)?;
            if worth.contains_key(&Subject::Unit(at)) {
                return Some(at);
            }
            at = parent;
        }
        None
    };
    let mut places: Vec<(usize, UnitId, u64)> = Vec::new();
    for person in people {
        let member = whose.members.get(*person)?;
        let mut anywhere = false;
        for home in homes.get(member).into_iter().flatten() {
            let here = Span {
                starts_on: home.starts_on.max(within.starts_on),
                ends_on: home.ends_on.unwrap_or(EVER.1).min(within.ends_on),
            };
            let days = u64::from(
                here.ends_on
                    .0
                    .saturating_sub(here.starts_on.0)
                    .max(0)
                    .unsigned_abs(),
            );
            if days > 0 {
                places.push((*person, above(home.unit)?, days * u64::from(home.share_ppm)));
                anywhere = true;
            }
        }
        if !anywhere {
            return None;
        }
    }
    let mut there: HashMap<UnitId, u64> = HashMap::new();
    for (_, unit, own) in &places {
        *there.entry(*unit).or_default() += own;
    }
    let mut weights = vec![0_u64; whose.members.len()];
    for (person, unit, own) in places {
        let amount = worth.get(&Subject::Unit(unit)).copied().unwrap_or(0);
        let all = there.get(&unit).copied().unwrap_or(own);
        if let Some(weight) = weights.get_mut(person) {
            *weight = weight.saturating_add(part(amount, own, all));
        }
    }
    Some(weights)
}

/// The markets of customers over those who sold to them in the year before, by what each sold; none where no customer has a figure.
fn of_accounts(
    worth: &BTreeMap<Subject, i64>,
    sold: &[HashMap<AccountId, BTreeMap<usize, u64>>],
    quarter: usize,
    people: usize,
) -> Option<Vec<u64>> {
    let year = sold.get(quarter.saturating_sub(SOLD_QUARTERS)..quarter)?;
    let mut weights = vec![0_u64; people];
    let mut known = false;
    for (subject, amount) in worth {
        let Subject::Account(account) = subject else {
            continue;
        };
        known = true;
        let mut sellers: BTreeMap<usize, u64> = BTreeMap::new();
        for quarter in year {
            for (person, sold) in quarter.get(account).into_iter().flatten() {
                let sum = sellers.entry(*person).or_default();
                *sum = sum.saturating_add(*sold);
            }
        }
        let sum = sellers
            .values()
            .fold(0_u64, |sum, sold| sum.saturating_add(*sold));
        for (person, sold) in sellers {
            if let Some(weight) = weights.get_mut(person) {
                *weight = weight.saturating_add(part(*amount, sold, sum));
            }
        }
    }
    known.then_some(weights)
}

/// Who sold how much to each customer in each quarter.
async fn sold(
    session: &impl Session,
    all: &Scope,
    metric: &store::metric::Metric,
    whose: &Whose<'_>,
) -> Result<Vec<HashMap<AccountId, BTreeMap<usize, u64>>>, Error> {
    let mut sold: Vec<HashMap<AccountId, BTreeMap<usize, u64>>> = vec![HashMap::new(); whose.quarters.len()];
    let (Some(first), Some(last)) = (whose.quarters.first(), whose.quarters.last()) else {
        return Ok(sold);
    };
    let people: HashMap<MemberId, usize> = whose.members.iter().copied().zip(0..).collect();
    let question = Question {
        from: first.start,
        to: last.end,
        time: Time::Periods(
            whose
                .quarters
                .iter()
                .map(|quarter| (quarter.start, quarter.end))
                .collect(),
        ),
        by_member: Cut::Apart,
        by_unit: Cut::Together,
        by_things: vec![Dimension::Account],
    };
    for piece in store::attainment::sums(session, all, metric, &question).await? {
        let [account, _] = piece.things;
        let amount = u64::try_from(piece.amount.0).unwrap_or(0);
        let place = usize::try_from(piece.time).ok();
        let quarter = place.and_then(|place| sold.get_mut(place));
        let (Some(quarter), Some(person)) = (quarter, people.get(&piece.member)) else {
            continue;
        };
        if account.is_nil() || amount == 0 {
            continue;
        }
        let sum = quarter
            .entry(AccountId(account))
            .or_default()
            .entry(*person)
            .or_default();
        *sum = sum.saturating_add(amount);
    }
    Ok(sold)
}

#[cfg(test)]
mod tests;
