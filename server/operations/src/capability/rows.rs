//! The rows of people and units.

use std::collections::{BTreeMap, BTreeSet};

use domain::assumption::Planning;
use domain::calendar::{Day, Month, WorkingDays};
use domain::capability::capacity::{Range, Strength, Times};
use domain::capability::team::{
    Attained, GivenFigure, Ground as Rests, PersonRow, RampState, Ratio, Resources, Territory, UnitRow,
};
use domain::id::{AccountId, UnitId};
use domain::money::{Fact, Minor};
use domain::plan::PlanPeriod;
use domain::potential::{Figure, Who};
use store::capability::Capability;
use store::unit::Unit;

use super::Whole;
use super::known::{Known, Person, holding, minor};
use super::newcomers::Newcomers;

/// What all rows are reckoned from.
pub(super) struct Ground<'a> {
    pub(super) known: &'a Known,
    /// The people: those who are known, or these as they would be.
    pub(super) people: &'a [Person],
    pub(super) planning: &'a Planning,
    pub(super) months: &'a [PlanPeriod],
    pub(super) weights: &'a [f64],
    pub(super) working: &'a WorkingDays,
}

/// A person with what the row is made of.
pub(super) struct Worker<'a> {
    pub(super) row: PersonRow,
    pub(super) person: &'a Person,
    /// What they can do in each month at each unit.
    pub(super) parts: BTreeMap<UnitId, Vec<Range>>,
    pub(super) heads: BTreeMap<UnitId, Vec<u32>>,
    /// At full strength, by month.
    pub(super) strengths: Vec<Strength>,
}

/// Everybody who is there in the planned time, or is known to sell.
pub(super) fn workers<'a>(ground: &Ground<'a>) -> Vec<Worker<'a>> {
    ground
        .people
        .iter()
        .filter_map(|person| {
            let worker = worker(ground, person);
            // Who is not there, sold nothing and has nothing open is none of this page's.
            let gone = worker.row.ground == Rests::NotThere && worker.row.resources == Resources::default();
            (!gone).then_some(worker)
        })
        .collect()
}

fn worker<'a>(ground: &Ground<'a>, person: &'a Person) -> Worker<'a> {
    let Ground {
        known,
        planning,
        months,
        weights,
        working,
        people: _,
    } = *ground;
    let id = person.member.id;
    let span = planning.span;
    let home = person.home(known.as_of);
    let estimate = known.estimates.of_member.get(&id);
    let team = home.and_then(|unit| known.estimates.of_unit.get(&unit)).copied();
    let usual = team.or(known.estimates.mean);
    let given = holding(&known.given, Who::Member(id), span.ends_on);
    let there = person.times.iter().any(|(_, time)| {
        time.starts_on < span.ends_on && time.ends_on.is_none_or(|end| end > span.starts_on)
    });
    let own = estimate.map(Strength::of);
    let used = given.and_then(|given| figure(given, usual, planning));
    let rests = if !there {
        Rests::NotThere
    } else if used.is_some() {
        Rests::Given
    } else if !person.counts() {
        Rests::SellsNothing
    } else if own.is_none() {
        Rests::NoHistory
    } else if person.months() == 0 {
        Rests::Team
    } else {
        Rests::Own {
            months: person.months(),
        }
    };
    let of_month = |month: &PlanPeriod| -> Strength {
        if !rests.counts() {
            return Strength::default();
        }
        let given = holding(&known.given, Who::Member(id), month.ends_on);
        given
            .and_then(|given| figure(given, usual, planning))
            .or(own.filter(|_| person.counts()))
            .unwrap_or_default()
    };
    let strengths: Vec<Strength> = months.iter().map(of_month).collect();
    let mut by_unit: BTreeMap<UnitId, Times> = BTreeMap::new();
    for (unit, time) in &person.times {
        let at = by_unit.entry(*unit).or_insert_with(|| Times {
            assignments: Vec::new(),
            ramp: person.ramp(),
        });
        at.assignments.push(*time);
    }
    let none = || vec![0; months.len()];
    let heads: BTreeMap<UnitId, Vec<u32>> = by_unit
        .iter()
        .map(|(unit, times)| {
            let heads = if rests.counts() {
                times.heads(months, working)
            } else {
                none()
            };
            (*unit, heads)
        })
        .collect();
    let parts: BTreeMap<UnitId, Vec<Range>> = by_unit
        .iter()
        .map(|(unit, times)| (*unit, times.capacity(months, working, &strengths, weights)))
        .collect();
    let by_month: Vec<Range> = (0..months.len())
        .map(|month| Range::of_months(&parts.values().map(|of| of[month]).collect::<Vec<_>>()))
        .collect();
    let monthly = rests.counts().then(|| used.or(own).unwrap_or_default());
    let mean = known.estimates.mean.map_or(0.0, |mean| mean.value);
    let leaves_on = person
        .times
        .iter()
        .map(|(_, time)| time.ends_on)
        .max_by_key(|end| end.unwrap_or(Day(i32::MAX)))
        .flatten()
        .filter(|end| there && *end < span.ends_on);
    let row = PersonRow {
        member: id,
        name: person.member.name.clone(),
        territory: territory(ground, person),
        ground: rests,
        weight: match rests {
            Rests::Own { .. } => estimate.map_or(0.0, |estimate| estimate.weight),
            _ => 0.0,
        },
        monthly: monthly.map(Strength::range),
        against_mean: monthly.filter(|_| mean > 0.0).map(|monthly| Ratio {
            value: monthly.value / mean,
            low: monthly.low / mean,
            high: monthly.high / mean,
        }),
        attainment: known.estimates.reached.get(&id).map(|estimate| Attained {
            raw: estimate.raw.unwrap_or(estimate.value),
            of: Ratio {
                value: estimate.value,
                low: estimate.interval.low,
                high: estimate.interval.high,
            },
            periods: person.periods(),
        }),
        ramp: ramp_state(person, known.as_of.min(span.starts_on)),
        leaves_on,
        resources: resources(&person.customers, &[person], planning),
        given: given.map(|given| given_figure(given, planning)),
        heads: (0..months.len())
            .map(|month| heads.values().map(|of| of[month]).sum())
            .collect(),
        capacity: by_month.iter().map(|month| month.value).collect(),
        total: Range::of_months(&by_month),
    };
    Worker {
        row,
        person,
        parts,
        heads,
        strengths,
    }
}

/// What an imported figure comes to; a rating is of what is usual, and nothing where that is not known.
pub(super) fn figure(given: &Capability, usual: Option<Strength>, planning: &Planning) -> Option<Strength> {
    match given.figure {
        Figure::Money(amount) => {
            let value = minor(amount, planning).0.max(0) as f64;
            Some(Strength {
                value,
                low: value,
                high: value,
            })
        }
        Figure::Rating(ppm) => usual.map(|usual| usual.times(f64::from(ppm) / 1_000_000.0)),
    }
}

fn given_figure(given: &Capability, planning: &Planning) -> GivenFigure {
    let (money, rating_ppm) = match given.figure {
        Figure::Money(amount) => (Some(minor(amount, planning)), None),
        Figure::Rating(ppm) => (None, Some(ppm)),
    };
    GivenFigure {
        money,
        rating_ppm,
        from: given.starts_on,
        by: given.assessed_by.clone(),
    }
}

/// How far somebody is who is still ramping at a day.
fn ramp_state(person: &Person, at: Day) -> Option<RampState> {
    let since = person.new_since?;
    let full = person.ramp_of_all.months();
    let full_on = Month::of(since)
        .plus(i32::try_from(full).unwrap_or(0))
        .day_or_last(since.ymd().2);
    (full_on > at).then_some(RampState { since, full_on })
}

fn territory(ground: &Ground<'_>, person: &Person) -> Vec<Territory> {
    let day = ground.known.as_of;
    let name = |id: UnitId| {
        let unit = ground.known.units.iter().find(|unit| unit.id == id);
        unit.map(|unit| unit.name.clone()).unwrap_or_default()
    };
    let holds =
        |starts_on: Day, ends_on: Option<Day>| starts_on <= day && ends_on.is_none_or(|end| end > day);
    let mut found: Vec<Territory> = person
        .times
        .iter()
        .filter(|(_, time)| holds(time.starts_on, time.ends_on))
        .map(|(unit, time)| Territory {
            unit: *unit,
            name: name(*unit),
            share_ppm: time.share_ppm,
        })
        .collect();
    if found.is_empty() {
        let next = person.times.iter().find(|(_, time)| time.starts_on > day);
        found.extend(next.map(|(unit, time)| Territory {
            unit: *unit,
            name: name(*unit),
            share_ppm: time.share_ppm,
        }));
    }
    found
}

fn resources(customers: &BTreeMap<AccountId, Fact>, people: &[&Person], planning: &Planning) -> Resources {
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let amount = customers
        .values()
        .fold(0_i64, |sum, amount| sum.saturating_add(amount.0));
    let mut found = Resources {
        customers: u32::try_from(customers.len()).unwrap_or(u32::MAX),
        customer_amount: minor(Fact(amount), planning),
        ..Resources::default()
    };
    let mut pipeline = 0_i64;
    for open in people.iter().filter_map(|person| person.open) {
        found.open_deals = found.open_deals.saturating_add(count(open.deals));
        found.without_amount = found.without_amount.saturating_add(count(open.without_amount));
        pipeline = pipeline.saturating_add(open.amount.0);
    }
    found.pipeline = minor(Fact(pipeline), planning);
    found
}

/// What several people come to.
pub(super) fn sum(people: &[PersonRow], newcomers: &[Newcomers], months: usize) -> Whole {
    let mut heads = vec![0_u64; months];
    let mut capacity = vec![0_i64; months];
    for person in people {
        for (sum, month) in heads.iter_mut().zip(&person.heads) {
            *sum += u64::from(*month);
        }
        for (sum, month) in capacity.iter_mut().zip(&person.capacity) {
            *sum = sum.saturating_add(month.0);
        }
    }
    let mut totals: Vec<Range> = people.iter().map(|person| person.total).collect();
    for new in newcomers {
        new.add_heads(&mut heads);
        new.add_capacity(&mut capacity);
        totals.extend(new.totals());
    }
    Whole {
        heads,
        capacity: capacity.into_iter().map(Minor).collect(),
        total: Range::of_people(totals.iter()),
    }
}

/// The units there are in the planned time, parents before their children, each with all below it.
pub(super) fn units(ground: &Ground<'_>, workers: &[Worker<'_>], newcomers: &[Newcomers]) -> Vec<UnitRow> {
    let Ground {
        known,
        planning,
        months,
        ..
    } = *ground;
    let span = planning.span;
    let there: Vec<&Unit> = known
        .units
        .iter()
        .filter(|unit| unit.starts_on < span.ends_on && unit.ends_on.is_none_or(|end| end > span.starts_on))
        .collect();
    ordered(&there)
        .into_iter()
        .map(|(unit, depth)| {
            let below: BTreeSet<UnitId> = crate::scope::below(&known.units, &[unit.id]);
            let within = |id: &&UnitId| below.contains(id);
            let mut heads = vec![0_u64; months.len()];
            let mut capacity = vec![0_i64; months.len()];
            let mut totals = Vec::new();
            let mut customers: BTreeMap<AccountId, Fact> = BTreeMap::new();
            let mut people = Vec::new();
            for worker in workers {
                let parts: Vec<&Vec<Range>> = worker
                    .parts
                    .keys()
                    .filter(within)
                    .map(|id| &worker.parts[id])
                    .collect();
                for of in &parts {
                    for (sum, month) in capacity.iter_mut().zip(of.iter()) {
                        *sum = sum.saturating_add(month.value.0);
                    }
                    totals.push(Range::of_months(of));
                }
                for id in worker.heads.keys().filter(within) {
                    for (sum, month) in heads.iter_mut().zip(&worker.heads[id]) {
                        *sum += u64::from(*month);
                    }
                }
                let home = worker.person.home(known.as_of);
                if home.is_some_and(|home| below.contains(&home)) {
                    people.push(worker.person);
                    for (account, amount) in &worker.person.customers {
                        let sum = customers.entry(*account).or_default();
                        sum.0 = sum.0.saturating_add(amount.0);
                    }
                }
            }
            for new in newcomers.iter().filter(|new| below.contains(&new.unit)) {
                new.add_heads(&mut heads);
                new.add_capacity(&mut capacity);
                totals.extend(new.totals());
            }
            let given = holding(&known.given, Who::Unit(unit.id), span.ends_on);
            UnitRow {
                unit: unit.id,
                name: unit.name.clone(),
                depth,
                heads,
                resources: resources(&customers, &people, planning),
                given: given.map(|given| given_figure(given, planning)),
                capacity: capacity.into_iter().map(Minor).collect(),
                total: Range::of_people(totals.iter()),
            }
        })
        .collect()
}

/// Units with how deep they are, parents before their children.
fn ordered<'a>(units: &[&'a Unit]) -> Vec<(&'a Unit, u8)> {
    let known: BTreeSet<UnitId> = units.iter().map(|unit| unit.id).collect();
    let mut children: BTreeMap<Option<UnitId>, Vec<&'a Unit>> = BTreeMap::new();
    for unit in units.iter().rev() {
        let parent = unit.parent.filter(|parent| known.contains(parent));
        children.entry(parent).or_default().push(unit);
    }
    let mut found = Vec::new();
    let mut open: Vec<(&Unit, u8)> = children
        .remove(&None)
        .unwrap_or_default()
        .into_iter()
        .map(|unit| (unit, 0))
        .collect();
    while let Some((unit, depth)) = open.pop() {
        for child in children.remove(&Some(unit.id)).unwrap_or_default() {
            open.push((child, depth.saturating_add(1)));
        }
        found.push((unit, depth));
    }
    found
}
