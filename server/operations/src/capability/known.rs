//! What is known of people: who they are, what they did, what they reached, what they work with.

use std::collections::{BTreeMap, BTreeSet};

use domain::assumption::Planning;
use domain::basis::{Assignment, Ramp};
use domain::calendar::{Day, Month, WorkingDays};
use domain::capability::capacity::{Strength, Times};
use domain::capability::{Difference, Estimate, Observation, PersonRecord, records};
use domain::history::{Monthly, Season};
use domain::id::{AccountId, MemberId, UnitId};
use domain::money::{Fact, Minor};
use domain::plan::{Factor, NodeRef, PlanPeriod};
use domain::potential::Who;
use domain::target::Span;
use store::attainment::{Cut, Question, Time};
use store::capability::Capability;
use store::member::Member;
use store::metric::Metric;
use store::opportunity::Open;
use store::unit::Unit;
use store::{Scope, Session};

use super::CHANCE;
use crate::Error;

/// Months of history that estimates rest on.
const MONTHS: i32 = 24;
/// Months of history that the season rests on.
const SEASON_MONTHS: i32 = 60;
/// Months of published targets that are looked at.
const TARGET_MONTHS: i32 = 36;
/// A month is whole when its facts come within so many days of its end.
const EDGE_DAYS: i32 = 5;
/// Somebody is new for so many months after they were hired.
const NEW_MONTHS: i32 = 12;
/// A month of less of somebody's strength than this says nothing about them.
const LEAST_STRENGTH: f64 = 0.1;
/// A season below this says nothing about a month either.
const LEAST_SEASON: f64 = 0.05;

/// Everything that is known.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) as_of: Day,
    pub(super) history: Option<Span>,
    pub(super) history_months: u32,
    pub(super) season: Option<Season>,
    pub(super) target_periods: u32,
    pub(super) units: Vec<Unit>,
    pub(super) people: Vec<Person>,
    pub(super) given: Vec<Capability>,
    pub(super) estimates: Estimates,
}

/// A person.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) member: Member,
    /// Dated times at units, cut where they leave.
    pub(super) times: Vec<(UnitId, Assignment)>,
    /// The first day, where they are new.
    pub(super) new_since: Option<Day>,
    /// Whether they have facts in the history or a target.
    pub(super) sells: bool,
    /// What they did in each month that says something.
    observed: Vec<Observation>,
    /// What they reached of each target.
    reached: Vec<Observation>,
    pub(super) customers: BTreeMap<AccountId, Fact>,
    pub(super) open: Option<Open>,
}

impl Person {
    /// The unit they count with: today's first, or where they first come.
    pub(super) fn home(&self, day: Day) -> Option<UnitId> {
        let holds =
            |of: &&(UnitId, Assignment)| of.1.starts_on <= day && of.1.ends_on.is_none_or(|end| end > day);
        self.times
            .iter()
            .find(holds)
            .or_else(|| self.times.iter().find(|of| of.1.starts_on > day))
            .or_else(|| self.times.last())
            .map(|(unit, _)| *unit)
    }

    /// Whether they count at all.
    pub(super) fn counts(&self) -> bool {
        self.sells || self.new_since.is_some()
    }

    /// Months they were observed in.
    pub(super) fn months(&self) -> u32 {
        u32::try_from(self.observed.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn periods(&self) -> u32 {
        u32::try_from(self.reached.len()).unwrap_or(u32::MAX)
    }

    /// All of their time, wherever.
    pub(super) fn all_times(&self) -> Times {
        Times {
            assignments: self.times.iter().map(|(_, time)| *time).collect(),
            ramp: self.ramp(),
        }
    }

    /// How they get going.
    pub(super) fn ramp(&self) -> Option<(Ramp, Day)> {
        self.new_since.map(|since| (Ramp::default(), since))
    }
}

/// What is estimated of them.
#[derive(Debug, Default)]
pub(super) struct Estimates {
    /// What people do in an average month.
    pub(super) of_member: BTreeMap<MemberId, Estimate>,
    pub(super) of_unit: BTreeMap<UnitId, Strength>,
    pub(super) mean: Option<Strength>,
    pub(super) people_differ: Option<bool>,
    /// What people reach of targets.
    pub(super) reached: BTreeMap<MemberId, Estimate>,
}

impl Known {
    pub(super) async fn load(
        session: &impl Session,
        scope: &Scope,
        planning: &Planning,
        today: Day,
        facts: Option<(Day, Day)>,
        working: &WorkingDays,
    ) -> Result<Self, Error> {
        let as_of = facts.map_or(today, |(_, last)| last.min(today));
        let metric = store::metric::find(session, scope, &planning.metric).await?;
        let whole = facts
            .filter(|_| metric.is_some())
            .and_then(|(first, _)| whole_months(first, as_of));
        let mut known = Self {
            as_of,
            history: None,
            history_months: 0,
            season: None,
            target_periods: 0,
            units: store::unit::list(session, scope, None).await?,
            people: Vec::new(),
            given: store::capability::list(session, scope, planning.span.ends_on).await?,
            estimates: Estimates::default(),
        };
        known.people = people(session, scope, as_of, facts).await?;
        if let (Some(metric), Some(span)) = (&metric, whole) {
            known
                .observe(session, scope, metric, planning, span, working)
                .await?;
        }
        if let Some(metric) = &metric {
            known.reach(session, scope, metric, planning).await?;
            known.customers(session, scope, metric).await?;
        }
        for open in store::opportunity::open(session, scope).await? {
            if let Some(person) = known.of(open.member) {
                person.open = Some(open);
            }
        }
        known.estimate();
        Ok(known)
    }

    fn of(&mut self, member: MemberId) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.member.id == member)
    }

    /// What everybody did in the whole months, without the season and at full strength.
    async fn observe(
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

    /// What everybody reached of published targets that are over, and who carries one in the planned time.
    async fn reach(
        &mut self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
        planning: &Planning,
    ) -> Result<(), Error> {
        let over = self.as_of.plus(1);
        let from = Month::of(over).plus(-TARGET_MONTHS).first_day();
        let to = planning.span.ends_on.max(over);
        let found =
            store::cell::published_targets(session, scope, planning.metric.as_str(), from, to).await?;
        let mut targets: BTreeMap<(MemberId, Span), i64> = BTreeMap::new();
        for target in found {
            let NodeRef::Member(member) = target.node else {
                continue;
            };
            if target.period.ends_on <= over {
                *targets.entry((member, target.period)).or_default() += target.amount.0;
            } else if target.amount.0 > 0
                && let Some(person) = self.of(member)
            {
                person.sells = true;
            }
        }
        let spans: BTreeSet<Span> = targets.keys().map(|(_, span)| *span).collect();
        // One period is on record once; what overlaps nevertheless is counted by the first.
        let mut periods: Vec<(Day, Day)> = Vec::new();
        for span in spans {
            if periods
                .last()
                .is_none_or(|(_, ends_on)| *ends_on <= span.starts_on)
            {
                periods.push((span.starts_on, span.ends_on));
            }
        }
        self.target_periods = u32::try_from(periods.len()).unwrap_or(u32::MAX);
        let sums = by_member(session, scope, metric, &periods).await?;
        for ((member, span), target) in targets {
            let place = periods
                .iter()
                .position(|period| *period == (span.starts_on, span.ends_on));
            let (Some(place), true) = (place, target > 0) else {
                continue;
            };
            let done = sums.get(&member).and_then(|of| of.get(&place)).copied();
            let done = done.unwrap_or_default().to_minor(&planning.currency);
            if let Some(person) = self.of(member) {
                person.reached.push(Observation {
                    value: done.0 as f64 / target as f64,
                    weight: target as f64,
                });
            }
        }
        Ok(())
    }

    /// Whose customers brought how much in the last twelve months.
    async fn customers(
        &mut self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
    ) -> Result<(), Error> {
        let to = self.as_of.plus(1);
        let question = Question {
            from: Month::of(to).plus(-12).day_or_last(to.ymd().2),
            to,
            time: Time::Whole,
            by_member: Cut::Apart,
            by_unit: Cut::Together,
            by_things: vec![store::rollup::Dimension::Account],
        };
        let pieces = store::attainment::sums(session, scope, metric, &question).await?;
        let mut found: BTreeMap<MemberId, BTreeMap<AccountId, Fact>> = BTreeMap::new();
        for piece in pieces {
            let [account, _] = piece.things;
            if account.is_nil() {
                continue;
            }
            let sum = found
                .entry(piece.member)
                .or_default()
                .entry(AccountId(account))
                .or_default();
            sum.0 = sum.0.saturating_add(piece.amount.0);
        }
        for person in &mut self.people {
            person.customers = found.remove(&person.member.id).unwrap_or_default();
        }
        Ok(())
    }

    /// Draws everybody towards the team, and teams towards the company.
    fn estimate(&mut self) {
        let teams: BTreeMap<UnitId, u32> = (0..).zip(&self.units).map(|(at, unit)| (unit.id, at)).collect();
        let as_of = self.as_of;
        let team = |person: &Person| {
            let home = person.home(as_of).and_then(|unit| teams.get(&unit).copied());
            home.unwrap_or(u32::MAX)
        };
        let counted: Vec<&Person> = self.people.iter().filter(|person| person.counts()).collect();
        let record = |person: &&Person, periods: &[Observation]| PersonRecord {
            team: team(person),
            periods: periods.to_vec(),
        };
        let sold: Vec<PersonRecord> = counted
            .iter()
            .map(|person| record(person, &person.observed))
            .collect();
        let mut estimates = Estimates::default();
        // Nobody there, or nobody with a month: then nothing is estimated, and the page says so.
        if let Ok(found) = records(&sold, CHANCE) {
            estimates.people_differ = Some(found.difference() != Difference::NotSeen);
            let mean = found.mean.max(0.0);
            estimates.mean = Some(Strength {
                value: mean,
                low: mean,
                high: mean,
            });
            for (unit, team) in &teams {
                if let Some(estimate) = found.teams.get(team) {
                    estimates.of_unit.insert(*unit, Strength::of(estimate));
                }
            }
            estimates.of_member = counted
                .iter()
                .map(|person| person.member.id)
                .zip(found.people)
                .collect();
        }
        let reached: Vec<PersonRecord> = counted
            .iter()
            .map(|person| record(person, &person.reached))
            .collect();
        if let Ok(found) = records(&reached, CHANCE) {
            let people = counted.iter().zip(found.people);
            estimates.reached = people
                .filter(|(person, _)| !person.reached.is_empty())
                .map(|(person, estimate)| (person.member.id, estimate))
                .collect();
        }
        self.estimates = estimates;
    }
}

/// From the first whole month with facts, at most as many as a season needs, to the last; none where there is not one.
fn whole_months(first: Day, last: Day) -> Option<Span> {
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
async fn by_member(
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

/// Everybody there ever was, with when they are where.
async fn people(
    session: &impl Session,
    scope: &Scope,
    as_of: Day,
    facts: Option<(Day, Day)>,
) -> Result<Vec<Person>, Error> {
    let mut times: BTreeMap<MemberId, Vec<(UnitId, Assignment)>> = BTreeMap::new();
    for of in store::assignment::list(session, scope, None).await? {
        times.entry(of.member).or_default().push((
            of.unit,
            Assignment {
                starts_on: of.starts_on,
                ends_on: of.ends_on,
                share_ppm: of.share_ppm,
            },
        ));
    }
    let new_from = Month::of(as_of).plus(-NEW_MONTHS).first_day();
    let begins = facts.map(|(first, _)| first);
    Ok(store::member::list(session, scope)
        .await?
        .into_iter()
        .map(|member| {
            let mut own = times.remove(&member.id).unwrap_or_default();
            if let Some(left) = member.left_on {
                for (_, time) in &mut own {
                    time.ends_on = Some(time.ends_on.map_or(left, |end| end.min(left)));
                }
            }
            own.retain(|(_, time)| time.ends_on.is_none_or(|end| end > time.starts_on));
            own.sort_by_key(|(_, time)| (time.starts_on, std::cmp::Reverse(time.share_ppm)));
            // Who was there before the first fact is known to be long at work.
            let new_since = member
                .hired_on
                .filter(|hired| *hired >= new_from && begins.is_none_or(|begins| *hired > begins));
            Person {
                times: own,
                new_since,
                sells: false,
                observed: Vec::new(),
                reached: Vec::new(),
                customers: BTreeMap::new(),
                open: None,
                member,
            }
        })
        .collect())
}

/// The figure that holds at a day, or of a list the last that begins before it.
pub(super) fn holding(given: &[Capability], who: Who, before: Day) -> Option<&Capability> {
    given
        .iter()
        .filter(|one| one.who == who && one.starts_on < before)
        .max_by_key(|one| (one.starts_on, one.figure.kind() == "money"))
}

/// An amount in minor units.
pub(super) fn minor(amount: Fact, planning: &Planning) -> Minor {
    amount.to_minor(&planning.currency)
}
