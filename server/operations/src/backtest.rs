//! Which ways of splitting would have been right: the past quarters of a plan's metric, split by each and held against what
//! people did.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::backtest::models::{Figures, Model, Models, Preset, SkippedPeriod, tested};
use domain::backtest::{Advice, BacktestError, Base, Candidate, Options, Panel, judge, replay};
use domain::calendar::{Day, Period, PeriodKind};
use domain::id::{MemberId, VersionId};
use domain::metric::MetricKey;
use domain::money::{Currency, Fact, Minor};
use domain::plan::Basis;
use domain::target::Span;
use store::Session;
use store::attainment::{Cut, Question, Time};
use store::version::WHOLE;

use crate::plan::{damaged, state};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// The longest past that is looked at: five years of quarters.
const MOST_QUARTERS: usize = 20;
/// A quarter is whole when its facts come within so many days of its ends.
const EDGE_DAYS: i32 = 5;
/// Quarters of a person's own past that history and capability go by: a year, as in a plan.
const OWN_QUARTERS: usize = 4;
/// From so many quarters on a year has to lie before one that is split, so that seasons tell nothing.
const LONG_PAST: usize = 8;

impl Operations {
    /// The ways of splitting a version can go by, each with what it would have come to in past quarters. For who may edit
    /// plans; nothing of single people.
    pub async fn split_models(&self, scope: &Scope, version: VersionId) -> Result<Models, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let all = state::all(scope);
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
        let fiscal = crate::attainment::fiscal(&organization)?;
        let metric = MetricKey::parse(&plan.metric_key).map_err(damaged)?;
        let past = match store::metric::find(&reader, &all, &metric).await? {
            Some(metric) => match store::rollup::span(&reader, &all, &metric).await? {
                Some((first, last)) => {
                    let quarters = whole(
                        fiscal.periods(PeriodKind::Quarter, first, last.plus(1)),
                        first,
                        last,
                        today,
                    );
                    let done = done(&reader, &all, &metric, &quarters, &organization.currency).await?;
                    Past::of(quarters, done, &people(&reader, &all).await?)
                }
                None => Past::default(),
            },
            None => Past::default(),
        };
        tokio::task::spawn_blocking(move || models(&known, &past))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

/// What people did in past quarters.
#[derive(Debug, Default)]
struct Past {
    quarters: Vec<Period>,
    /// For each person the amount of each quarter; `None` where they were not there.
    rows: Vec<Vec<Option<Minor>>>,
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
        let days = |span: Span| {
            let both = |other: Span| Span {
                starts_on: span.starts_on.max(other.starts_on).max(quarter.starts_on),
                ends_on: span.ends_on.min(other.ends_on).min(quarter.ends_on),
            };
            self.employed.map_or(0, |employed| both(employed).days())
        };
        let there: u32 = if self.assigned.is_empty() {
            days(quarter)
        } else {
            self.assigned.iter().map(|span| days(*span)).sum()
        };
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
            Some(quarters.iter().enumerate().map(cell).collect())
        };
        let rows = done.into_iter().filter_map(row).collect();
        Self { quarters, rows }
    }
}

/// The last of the quarters that facts are known of from end to end.
fn whole(quarters: Vec<Period>, first: Day, last: Day, today: Day) -> Vec<Period> {
    let known = |quarter: &Period| {
        first <= quarter.start.plus(EDGE_DAYS)
            && quarter.end <= last.plus(1 + EDGE_DAYS)
            && quarter.end <= today.plus(1 + EDGE_DAYS)
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

/// The ways of splitting with their figures. Market potential has none: what is known of it is of the plan's own time, and
/// to split the past by it would be hindsight.
fn models(known: &[Basis], past: &Past) -> Result<Models, BacktestError> {
    let presets: Vec<(Preset, Vec<(Basis, u32)>)> = Preset::ALL
        .into_iter()
        .filter_map(|preset| Some((preset, preset.shares(known)?)))
        .collect();
    let options = Options {
        past: if past.quarters.len() >= LONG_PAST {
            OWN_QUARTERS
        } else {
            1
        },
        ..Options::default()
    };
    let untested = |presets: Vec<(Preset, Vec<(Basis, u32)>)>| Models {
        people: 0,
        periods: Vec::new(),
        skipped: Vec::new(),
        presets: presets
            .into_iter()
            .map(|(preset, shares)| Model {
                preset,
                shares,
                figures: None,
            })
            .collect(),
        advised: false,
        chance: options.chance,
    };
    let places = tested(known);
    let cells: Vec<Option<Minor>> = past.rows.iter().flatten().copied().collect();
    let Ok(panel) = Panel::new(past.rows.len(), past.quarters.len(), cells) else {
        return Ok(untested(presets));
    };
    let bases: Vec<Base<'_>> = places
        .iter()
        .map(|basis| match basis {
            Basis::History => Base::history(OWN_QUARTERS),
            Basis::Capability => Base::capability(OWN_QUARTERS),
            _ => Base::equal(),
        })
        .collect();
    let first = Candidate::new(Preset::Blended.as_str(), &vec![1.0; bases.len()]);
    let found = match replay(&panel, &bases, &[first], &options) {
        Ok(found) => found,
        // There is no past to split, or nothing that could be split: the ways are there all the same.
        Err(BacktestError::NoOrigin | BacktestError::Bases { .. }) => return Ok(untested(presets)),
        Err(error) => return Err(error),
    };
    let advised: Option<Vec<(Basis, u32)>> = match &found.advice {
        Advice::Weights(advice) => {
            let weights = advice.weights.iter().map(|weight| weight.share_ppm);
            Some(places.iter().copied().zip(weights).collect())
        }
        Advice::TooThin { .. } | Advice::OneBase => None,
    };
    let presets: Vec<(Preset, Vec<(Basis, u32)>)> = presets
        .into_iter()
        .map(|(preset, shares)| match &advised {
            Some(advised) if preset == Preset::Blended => (preset, advised.clone()),
            _ => (preset, shares),
        })
        .collect();
    let candidate = |(preset, shares): &(Preset, Vec<(Basis, u32)>)| {
        let all_tested = shares.iter().all(|(basis, _)| places.contains(basis));
        all_tested.then(|| {
            let share = |place: &Basis| {
                let own = shares.iter().find(|(basis, _)| basis == place);
                own.map_or(0.0, |(_, share_ppm)| f64::from(*share_ppm))
            };
            let shares: Vec<f64> = places.iter().map(share).collect();
            Candidate::new(preset.as_str(), &shares)
        })
    };
    let candidates: Vec<Candidate> = presets.iter().filter_map(candidate).collect();
    if candidates.is_empty() {
        return Ok(untested(presets));
    }
    let judged = judge(&panel, &bases, &candidates, &options)?;
    let quarter = |place: usize| past.quarters.get(place).cloned();
    Ok(Models {
        people: found
            .origins
            .iter()
            .map(|origin| origin.people)
            .max()
            .unwrap_or(0),
        periods: found
            .origins
            .iter()
            .filter_map(|origin| quarter(origin.period))
            .collect(),
        skipped: found
            .skipped
            .iter()
            .filter_map(|skipped| {
                Some(SkippedPeriod {
                    period: quarter(skipped.period)?,
                    why: skipped.why,
                })
            })
            .collect(),
        presets: presets
            .into_iter()
            .map(|(preset, shares)| Model {
                figures: judged
                    .iter()
                    .find(|judged| judged.score.name == preset.as_str())
                    .map(Figures::of),
                preset,
                shares,
            })
            .collect(),
        advised: advised.is_some(),
        chance: options.chance,
    })
}

#[cfg(test)]
mod tests {
    use domain::calendar::{Fiscal, Month};

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
