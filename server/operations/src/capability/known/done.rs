//! What everybody did in the months that are whole.

use std::collections::BTreeMap;

use domain::assumption::Planning;
use domain::calendar::{Day, Month, WorkingDays};
use domain::capability::Observation;
use domain::history::{Monthly, Season};
use domain::id::MemberId;
use domain::money::Fact;
use domain::plan::{Factor, PlanPeriod};
use domain::target::Span;
use store::attainment::{Cut, Question, Time};
use store::metric::Metric;
use store::{Scope, Session};

use super::Known;
use crate::Error;

/// Months of history that estimates rest on.
const MONTHS: i32 = 24;
/// Months of history that the season rests on.
const SEASON_MONTHS: i32 = 60;
/// A month is whole when its facts come within so many days of its end.
const EDGE_DAYS: i32 = 5;
/// A month of less of somebody's strength than this says nothing about them.
const LEAST_STRENGTH: f64 = 0.1;
/// A season below this says nothing about a month either.
const LEAST_SEASON: f64 = 0.05;

impl Known {
    /// What everybody did in the whole months, without the season and at full strength.
    pub(super) async fn observe(
        &mut self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
        planning: &Planning,
        span: Span,
        working: &WorkingDays,
    ) -> Result<(), Error> {
        let months = months_of(span);
        let sums = by_member(session, scope, metric, &months).await?;
        let totals: Vec<Fact> = (0..months.len())
            .map(|month| {
                Fact(
                    sums.values()
                        .map(|of| of.get(&month).map_or(0, |sum| sum.0))
                        .sum(),
                )
            })
            .collect();
        // A month in which nobody did anything is a gap in the data and not a bad month.
        let known = |month: usize| totals[month].0 != 0;
        let after_gap = (0..months.len()).rev().take_while(|month| known(*month)).last();
        self.season = after_gap.and_then(|first| {
            Season::of(&Monthly {
                first: Month::of(months[first].0),
                sums: totals[first..].to_vec(),
            })
        });
        let from = months.len().saturating_sub(MONTHS as usize);
        self.history = Some(Span {
            starts_on: months[from].0,
            ends_on: span.ends_on,
        });
        let counted: Vec<usize> = (from..months.len()).filter(|month| known(*month)).collect();
        self.history_months = u32::try_from(counted.len()).unwrap_or(0);
        let periods: Vec<PlanPeriod> = months
            .iter()
            .map(|(starts_on, ends_on)| PlanPeriod {
                starts_on: *starts_on,
                ends_on: *ends_on,
            })
            .collect();
        let season = self.season.map(|season| season.index);
        for person in &mut self.people {
            let Some(own) = sums.get(&person.member.id) else {
                continue;
            };
            let first = own.iter().find(|(_, sum)| sum.0 != 0).map(|(month, _)| *month);
            person.sells |= counted
                .iter()
                .any(|month| own.get(month).is_some_and(|sum| sum.0 != 0));
            let times = person.all_times();
            let (heads, ramps) = (times.heads(&periods, working), times.ramps(&periods, working));
            for &month in &counted {
                // Nobody knows since when somebody sells who was always there: then since their first fact.
                if person.member.hired_on.is_none() && first.is_none_or(|first| month < first) {
                    continue;
                }
                let whole = f64::from(Factor::WHOLE_PPM);
                let strength = f64::from(heads[month]) / whole * (f64::from(ramps[month]) / whole);
                let index = season.map_or(1.0, |season| {
                    season[usize::from(Month::of(months[month].0).month() - 1)]
                });
                if strength < LEAST_STRENGTH || index < LEAST_SEASON {
                    continue;
                }
                let amount = own.get(&month).copied().unwrap_or_default();
                person.observed.push(Observation {
                    value: amount.to_minor(&planning.currency).0 as f64 / index / strength,
                    weight: strength,
                });
            }
        }
        Ok(())
    }
}

/// From the first whole month with facts, at most as many as a season needs, to the last; none where there is not one.
pub(super) fn whole_months(first: Day, last: Day) -> Option<Span> {
    let begins = if first <= Month::of(first).first_day().plus(EDGE_DAYS) {
        Month::of(first)
    } else {
        Month::of(first).plus(1)
    };
    let ends = if Month::of(last).end().plus(-EDGE_DAYS) <= last.plus(1) {
        Month::of(last).plus(1)
    } else {
        Month::of(last)
    };
    let begins = begins.max(ends.plus(-SEASON_MONTHS));
    (begins < ends).then(|| Span {
        starts_on: begins.first_day(),
        ends_on: ends.first_day(),
    })
}

fn months_of(span: Span) -> Vec<(Day, Day)> {
    let mut months = Vec::new();
    let mut month = Month::of(span.starts_on);
    while month.first_day() < span.ends_on {
        months.push((month.first_day(), month.end()));
        month = month.plus(1);
    }
    months
}

/// The sums of everybody by the place of each of these periods, which are in order and do not overlap.
pub(super) async fn by_member(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    periods: &[(Day, Day)],
) -> Result<BTreeMap<MemberId, BTreeMap<usize, Fact>>, Error> {
    let mut sums: BTreeMap<MemberId, BTreeMap<usize, Fact>> = BTreeMap::new();
    let (Some((from, _)), Some((_, to))) = (periods.first(), periods.last()) else {
        return Ok(sums);
    };
    let question = Question {
        from: *from,
        to: *to,
        time: Time::Periods(periods.to_vec()),
        by_member: Cut::Apart,
        by_unit: Cut::Together,
        by_things: Vec::new(),
    };
    for piece in store::attainment::sums(session, scope, metric, &question).await? {
        let Ok(place) = usize::try_from(piece.time) else {
            continue;
        };
        let sum = sums.entry(piece.member).or_default().entry(place).or_default();
        sum.0 = sum.0.saturating_add(piece.amount.0);
    }
    Ok(sums)
}
