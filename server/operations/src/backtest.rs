//! Which ways of splitting would have been right: the past quarters of a plan's metric, split by each and held against what
//! people did.

mod cache;
mod market;
mod used;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::access::Permission;
use domain::backtest::models::Models;
use domain::calendar::{Day, Period, PeriodKind};
use domain::id::{MemberId, VersionId};
use domain::metric::MetricKey;
use domain::money::{Currency, Fact, Minor};
use domain::plan::Basis;
use domain::target::Span;
use store::Session;
use store::attainment::{Cut, Question, Time};
use store::organization::Organization;
use store::version::WHOLE;

use crate::plan::{damaged, state};
use crate::scope::require;
use crate::{Error, Operations, Scope};

pub(crate) use cache::Cache;

/// The longest past that is looked at: five years of quarters.
const MOST_QUARTERS: usize = 20;
/// A quarter that is over is whole when its facts come within so many days of its ends.
const EDGE_DAYS: i32 = 5;

impl Operations {
    /// The ways of splitting a version can go by, each with what it would have come to in past quarters. For who may edit
    /// plans; nothing of single people.
    pub async fn split_models(&self, scope: &Scope, version: VersionId) -> Result<Models, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let all = state::all(scope);
        // Read before anything else: what changes meanwhile has a higher number.
        let change = store::outbox::head(&reader, &all).await?;
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        let known: BTreeSet<String> = store::version::bases(&reader, &all, version)
            .await?
            .into_iter()
            .filter(|basis| basis.period == WHOLE)
            .map(|basis| basis.basis)
            .collect();
        let known: Vec<Basis> = known.iter().filter_map(|key| Basis::parse(key)).collect();
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let key = cache::Key {
            organization: scope.organization,
            change,
            today,
            metric: plan.metric_key.clone(),
            known,
        };
        if let Some(kept) = self.ways.find(&key) {
            return Ok(Arc::unwrap_or_clone(kept));
        }
        // One at a time: whoever waits finds what the first one made.
        let _turn = self.ways.turn().await;
        if let Some(kept) = self.ways.find(&key) {
            return Ok(Arc::unwrap_or_clone(kept));
        }
        let past = self.past(&all, &organization, &plan.metric_key, today).await?;
        let cache = self.ways.clone();
        tokio::task::spawn_blocking(move || cache.reckon(key, &past))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
            .map(Arc::unwrap_or_clone)
            .map_err(|error| Error::Internal(error.to_string()))
    }

    /// What people did of a metric in the quarters that are whole by a day.
    async fn past(
        &self,
        all: &Scope,
        organization: &Organization,
        metric: &str,
        today: Day,
    ) -> Result<Past, Error> {
        let reader = self.database.reader();
        let fiscal = crate::attainment::fiscal(organization)?;
        let metric = MetricKey::parse(metric).map_err(damaged)?;
        let Some(metric) = store::metric::find(&reader, all, &metric).await? else {
            return Ok(Past::default());
        };
        let Some((first, last)) = store::rollup::span(&reader, all, &metric).await? else {
            return Ok(Past::default());
        };
        let quarters = whole(
            fiscal.periods(PeriodKind::Quarter, first, last.plus(1)),
            first,
            last,
            today,
        );
        let done = done(&reader, all, &metric, &quarters, &organization.currency).await?;
        let mut past = Past::of(quarters, done, &people(&reader, all).await?);
        let whose = market::Whose {
            quarters: &past.quarters,
            members: &past.members,
            rows: &past.rows,
        };
        past.market = market::known(&reader, all, &metric, &organization.currency, whose).await?;
        Ok(past)
    }
}

/// What people did in past quarters.
#[derive(Debug, Default)]
struct Past {
    quarters: Vec<Period>,
    /// For each person the amount of each quarter; `None` where they were not there.
    rows: Vec<Vec<Option<Minor>>>,
    /// Whose row each is.
    members: Vec<MemberId>,
    /// What their markets were worth, as it was known then.
    market: market::Market,
}

/// When somebody was there.
#[derive(Debug, Default)]
struct There {
    employed: Option<Span>,
    /// At any unit; empty where no assignment is known.
    assigned: Vec<Span>,
}

impl There {
    /// Whether at least half of the days of a quarter.
    fn most_of(&self, quarter: Span) -> bool {
        let Some(employed) = self.employed else {
            return false;
        };
        let within = |span: Span| Span {
            starts_on: span.starts_on.max(employed.starts_on).max(quarter.starts_on),
            ends_on: span.ends_on.min(employed.ends_on).min(quarter.ends_on),
        };
        let mut spans: Vec<Span> = self.assigned.iter().map(|span| within(*span)).collect();
        if spans.is_empty() {
            spans.push(within(quarter));
        }
        spans.sort_unstable();
        // Days at two units at once are the same days.
        let (mut there, mut until) = (0_u32, quarter.starts_on);
        for span in spans {
            let more = Span {
                starts_on: span.starts_on.max(until),
                ends_on: span.ends_on,
            };
            there += more.days();
            until = until.max(span.ends_on);
        }
        2 * there >= quarter.days()
    }
}

impl Past {
    /// Of everybody who did something. Who did something in a quarter was there, whatever is noted; before the first thing
    /// somebody ever did nothing is known of them.
    fn of(
        quarters: Vec<Period>,
        done: BTreeMap<MemberId, BTreeMap<usize, Minor>>,
        people: &BTreeMap<MemberId, There>,
    ) -> Self {
        let row = |(member, amounts): (MemberId, BTreeMap<usize, Minor>)| {
            let first = amounts
                .iter()
                .find(|(_, amount)| amount.0 != 0)
                .map(|(place, _)| *place)?;
            let there = people.get(&member);
            let cell = |(place, quarter): (usize, &Period)| {
                let amount = amounts.get(&place).copied().unwrap_or_default();
                let was = amount.0 != 0 || there.is_some_and(|there| there.most_of(Span::of(quarter)));
                (place >= first && was).then_some(amount)
            };
            let cells: Vec<Option<Minor>> = quarters.iter().enumerate().map(cell).collect();
            Some((member, cells))
        };
        let (members, rows) = done.into_iter().filter_map(row).unzip();
        Self {
            quarters,
            rows,
            members,
            market: market::Market::default(),
        }
    }
}

/// The last of the quarters that facts are known of from end to end.
fn whole(quarters: Vec<Period>, first: Day, last: Day, today: Day) -> Vec<Period> {
    let known = |quarter: &Period| {
        first <= quarter.start.plus(EDGE_DAYS)
            && quarter.end <= last.plus(1 + EDGE_DAYS)
            // Today is one of its days, and the last.
            && quarter.end <= today.plus(1)
    };
    let mut whole: Vec<Period> = quarters.into_iter().filter(known).collect();
    whole.drain(..whole.len().saturating_sub(MOST_QUARTERS));
    whole
}

/// What everybody was credited in each of the quarters.
async fn done(
    session: &impl Session,
    all: &Scope,
    metric: &store::metric::Metric,
    quarters: &[Period],
    currency: &Currency,
) -> Result<BTreeMap<MemberId, BTreeMap<usize, Minor>>, Error> {
    let (Some(first), Some(last)) = (quarters.first(), quarters.last()) else {
        return Ok(BTreeMap::new());
    };
    let question = Question {
        from: first.start,
        to: last.end,
        time: Time::Periods(
            quarters
                .iter()
                .map(|quarter| (quarter.start, quarter.end))
                .collect(),
        ),
        by_member: Cut::Apart,
        by_unit: Cut::Together,
        by_things: Vec::new(),
    };
    let mut sums: BTreeMap<MemberId, BTreeMap<usize, i64>> = BTreeMap::new();
    for piece in store::attainment::sums(session, all, metric, &question).await? {
        if let Ok(place) = usize::try_from(piece.time) {
            let sum = sums.entry(piece.member).or_default().entry(place).or_default();
            *sum = sum.saturating_add(piece.amount.0);
        }
    }
    // What is credited to nobody is nobody's past.
    sums.remove(&MemberId::default());
    let minor = |(place, sum): (usize, i64)| (place, Fact(sum).to_minor(currency));
    Ok(sums
        .into_iter()
        .map(|(member, amounts)| (member, amounts.into_iter().map(minor).collect()))
        .collect())
}

/// When everybody was there.
async fn people(session: &impl Session, all: &Scope) -> Result<BTreeMap<MemberId, There>, Error> {
    let (ever, never) = (Day(i32::MIN / 2), Day(i32::MAX / 2));
    let mut people: BTreeMap<MemberId, There> = store::member::list(session, all)
        .await?
        .into_iter()
        .map(|member| {
            let employed = Span {
                starts_on: member.hired_on.unwrap_or(ever),
                ends_on: member.left_on.unwrap_or(never),
            };
            let there = There {
                employed: Some(employed),
                assigned: Vec::new(),
            };
            (member.id, there)
        })
        .collect();
    for assignment in store::assignment::list(session, all, None).await? {
        if let Some(there) = people.get_mut(&assignment.member) {
            there.assigned.push(Span {
                starts_on: assignment.starts_on,
                ends_on: assignment.ends_on.unwrap_or(never),
            });
        }
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use domain::backtest::models::Preset;
    use domain::calendar::{Fiscal, Month};

    use super::ways::models;
    use super::*;

    fn quarters(count: i32) -> Vec<Period> {
        let first = Day::from_ymd(2015, 1, 1).unwrap();
        let last = Month::of(first).plus(3 * count).first_day();
        Fiscal::default().periods(PeriodKind::Quarter, first, last)
    }

    fn past(people: i64, count: i32) -> Past {
        let row = |person: i64| (0..count).map(|_| Some(Minor(100_000 * (person + 1)))).collect();
        Past {
            quarters: quarters(count),
            rows: (0..people).map(row).collect(),
            ..Past::default()
        }
    }

    #[test]
    fn presets_are_scored_and_the_best_is_named_where_it_is_clear() {
        let known = [Basis::Equal, Basis::History, Basis::Capability, Basis::Potential];
        let found = models(&known, &past(20, 12)).unwrap();
        assert_eq!(
            (found.people, found.periods.len(), found.skipped.len()),
            (20, 8, 4)
        );
        assert_eq!(found.presets.len(), 5);
        for model in &found.presets {
            assert_eq!(
                model.shares.iter().map(|(_, share)| share).sum::<u32>(),
                1_000_000
            );
            assert_eq!(model.figures.is_none(), model.preset == Preset::Market);
        }
        let misplaced = |preset| {
            let model = found.presets.iter().find(|model| model.preset == preset).unwrap();
            model.figures.unwrap().misplaced.value
        };
        assert!(misplaced(Preset::History) < 0.01 && misplaced(Preset::Equal) > 0.3);
        // What the past advises splits as history does: one way, and clearly better than equal parts.
        let found = models(&[Basis::Equal, Basis::History], &past(20, 12)).unwrap();
        let advised = found.presets.last().unwrap();
        assert_eq!((advised.preset, found.advised), (Preset::Blended, true));
        assert!(
            found.best().is_some_and(|best| best != Preset::Equal),
            "{:?}",
            found.presets
        );
    }

    #[test]
    fn without_a_past_the_ways_are_there_without_figures() {
        for past in [Past::default(), past(3, 1)] {
            let found = models(&[Basis::Equal, Basis::History], &past).unwrap();
            let presets: Vec<Preset> = found.presets.iter().map(|model| model.preset).collect();
            assert_eq!(presets, [Preset::Equal, Preset::History, Preset::Blended]);
            assert!(found.presets.iter().all(|model| model.figures.is_none()));
            assert!(found.best().is_none() && !found.advised);
        }
    }

    #[test]
    fn a_quarter_with_a_day_to_come_is_not_whole() {
        let all = quarters(4);
        let (first, last) = (all[0].start, all[3].end.plus(-1));
        let known = |today: Day| whole(all.clone(), first, last, today).len();
        assert_eq!(known(all[3].end.plus(-1)), 4, "its last day");
        assert_eq!(known(all[3].end.plus(-2)), 3);
        assert_eq!(known(all[3].end.plus(30)), 4);
        // Facts that stop a few days before the end are all there are.
        assert_eq!(whole(all.clone(), first, last.plus(-5), all[3].end).len(), 4);
        assert_eq!(whole(all.clone(), first, last.plus(-6), all[3].end).len(), 3);
    }

    #[test]
    fn days_at_two_units_at_once_count_once() {
        let quarter = Span::of(&quarters(1)[0]);
        let part = |from: i32, to: i32| Span {
            starts_on: quarter.starts_on.plus(from),
            ends_on: quarter.starts_on.plus(to),
        };
        let there = |assigned: Vec<Span>| There {
            employed: Some(part(-400, 400)),
            assigned,
        };
        // Thirty of ninety days, at two units; and another twenty after them.
        assert!(!there(vec![part(0, 30), part(0, 30)]).most_of(quarter));
        assert!(there(vec![part(0, 30), part(25, 45)]).most_of(quarter));
        assert!(!there(vec![part(25, 45), part(0, 25)]).most_of(part(0, 91)));
        assert!(there(Vec::new()).most_of(quarter));
    }

    #[test]
    fn who_was_gone_or_not_there_yet_has_no_quarter() {
        let quarters = quarters(4);
        let member = MemberId::default();
        let done = BTreeMap::from([(member, BTreeMap::from([(1, Minor(5))]))]);
        let there = There {
            employed: Some(Span {
                starts_on: Day::from_ymd(2014, 1, 1).unwrap(),
                ends_on: Day::from_ymd(2015, 10, 10).unwrap(),
            }),
            assigned: Vec::new(),
        };
        let past = Past::of(quarters, done, &BTreeMap::from([(member, there)]));
        assert_eq!(past.rows, [vec![None, Some(Minor(5)), Some(Minor(0)), None]]);
    }
}
