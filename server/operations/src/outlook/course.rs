//! The course of a version: what every branch has booked in each of its periods, to the day, and what the outlook still
//! expects of them. What a revision starts from.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::{Day, Month};
use domain::id::VersionId;
use domain::money::{Currency, Fact, Minor};
use domain::outlook::{Factor, Place, Who};
use domain::revision::due_in;
use domain::target::Span;
use store::attainment::{Cut, Question, Time};

use super::answer::changed;
use super::cache::Reckoned;
use crate::{Error, Operations, Scope};

/// What a branch brought in a period, and what more is expected of it there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// Booked up to today.
    pub(crate) booked: Minor,
    /// P50 of the outlook less what is booked of it; nothing where the period is over.
    pub(crate) to_come: Minor,
}

/// The course of a version.
#[derive(Debug)]
pub(crate) struct Course {
    /// The lowest branches, each with its periods in the order they were asked for.
    pub(crate) leaves: HashMap<Place, Vec<Due>>,
    /// Whether anything could be expected: not before a month with facts is whole.
    pub(crate) expects: bool,
}

impl Operations {
    /// The course of a version over its periods. `news`: market factors besides those of the version.
    pub(crate) async fn course(
        &self,
        all: &Scope,
        version: VersionId,
        periods: &[Span],
        news: Vec<Factor>,
    ) -> Result<Course, Error> {
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, all).await?;
        let today = self.today_of(&organization).day;
        let planning = self.planning(all, &PlanningQuery::of(version)).await?;
        let kept = self.reckoned(all, &organization, &planning).await?;
        let pieces = pieces(periods, kept.history.to_come(), today);
        let mut booked = vec![vec![Fact(0); pieces.len()]; kept.history.branches.list.len()];
        let metric = store::metric::find(&reader, all, &planning.metric).await?;
        if let (Some(metric), Some(first), Some(last)) = (metric, pieces.first(), pieces.last()) {
            let question = Question {
                from: first.starts_on,
                to: last.ends_on,
                time: Time::Periods(
                    pieces
                        .iter()
                        .map(|piece| (piece.starts_on, piece.ends_on))
                        .collect(),
                ),
                by_member: Cut::Apart,
                by_unit: Cut::Apart,
                by_things: Vec::new(),
            };
            for sum in store::attainment::sums(&reader, all, &metric, &question).await? {
                let branch = kept.history.branches.lowest(sum.member, sum.unit);
                let place = usize::try_from(sum.time).unwrap_or(usize::MAX);
                if let Some(known) = booked.get_mut(branch).and_then(|branch| branch.get_mut(place)) {
                    known.0 = known.0.saturating_add(sum.amount.0);
                }
            }
        }
        let reckoning = Reckoning {
            planning,
            periods: periods.to_vec(),
            today,
            pieces,
            booked,
        };
        let made = tokio::task::spawn_blocking(move || reckoning.course(&kept, news));
        made.await
            .map_err(|error| Error::Internal(format!("the course of a plan ended: {error}")))
    }
}

/// What a course is made of.
struct Reckoning {
    planning: Planning,
    periods: Vec<Span>,
    today: Day,
    /// Days between which no period and no month to come begins.
    pieces: Vec<Span>,
    /// By branch and piece; at the lowest branches only.
    booked: Vec<Vec<Fact>>,
}

impl Reckoning {
    fn course(&self, kept: &Reckoned, news: Vec<Factor>) -> Course {
        let branches = &kept.history.branches;
        let mut factors = kept.history.factors.clone();
        factors.extend(news);
        let changed = changed(kept, &factors);
        let mut leaves = HashMap::new();
        for (at, branch) in branches.list.iter().enumerate() {
            if !branches.is_leaf(at) {
                self.of_nobody(at, branch.place, &mut leaves);
                continue;
            }
            let expected: Vec<Minor> = kept
                .expected
                .as_ref()
                .and_then(|expected| expected.get(at))
                .map(|expected| expected.fan.as_slice())
                .unwrap_or_default()
                .iter()
                .zip(changed.months.get(at).into_iter().flatten())
                .map(|(month, by)| Minor(month.p50.0.saturating_add(*by)))
                .collect();
            let dues = self.periods.iter().map(|period| Due {
                booked: self.sum(at, *period),
                to_come: self.to_come(at, *period, kept.history.to_come(), &expected),
            });
            leaves.insert(branch.place, dues.collect());
        }
        Course {
            leaves,
            expects: kept.expected.is_some(),
        }
    }

    /// What was booked for a unit itself, where the outlook knew of nothing of nobody's there.
    fn of_nobody(&self, at: usize, place: Place, leaves: &mut HashMap<Place, Vec<Due>>) {
        let is_something = self
            .booked
            .get(at)
            .into_iter()
            .flatten()
            .any(|booked| booked.0 != 0);
        if is_something {
            let booked = |period: &Span| Due {
                booked: self.sum(at, *period),
                to_come: Minor(0),
            };
            let place = Place {
                who: Who::Nobody,
                ..place
            };
            leaves.insert(place, self.periods.iter().map(booked).collect());
        }
    }

    fn to_come(&self, at: usize, period: Span, first: Month, expected: &[Minor]) -> Minor {
        if period.ends_on <= self.today {
            return Minor(0);
        }
        let months = expected.iter().enumerate().map(|(step, p50)| {
            let month = first.plus(i32::try_from(step).unwrap_or(i32::MAX));
            let days = Span {
                starts_on: month.first_day(),
                ends_on: month.end(),
            };
            let left = p50.0.saturating_sub(self.sum(at, days).0).max(0);
            due_in(period, month, Minor(left), self.today.plus(1))
        });
        Minor(months.fold(0, |sum, part| sum.saturating_add(part.0)))
    }

    /// What a branch booked within days.
    fn sum(&self, at: usize, days: Span) -> Minor {
        let currency: &Currency = &self.planning.currency;
        let Range { start, end } = days.starts_on..days.ends_on;
        let within = self
            .pieces
            .iter()
            .zip(self.booked.get(at).into_iter().flatten())
            .filter(|(piece, _)| start <= piece.starts_on && piece.ends_on <= end);
        Fact(within.fold(0, |sum, (_, booked)| sum.saturating_add(booked.0))).to_minor(currency)
    }
}

/// The days up to today within the periods, cut where a period or a month to come begins.
fn pieces(periods: &[Span], to_come: Month, today: Day) -> Vec<Span> {
    let end = today.plus(1);
    let mut cuts: BTreeSet<Day> = periods
        .iter()
        .flat_map(|period| [period.starts_on.min(end), period.ends_on.min(end)])
        .collect();
    let (Some(first), Some(last)) = (cuts.first().copied(), cuts.last().copied()) else {
        return Vec::new();
    };
    let months = (to_come.0..=Month::of(today).0).map(|month| Month(month).first_day());
    cuts.extend(months.filter(|day| first < *day && *day < last));
    let cuts: Vec<Day> = cuts.into_iter().collect();
    cuts.windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(Span {
                starts_on: *from,
                ends_on: *to,
            }),
            _ => None,
        })
        .collect()
}
