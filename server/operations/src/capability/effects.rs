//! What hiring and leaving would change. People do not depend on each other here, so that effects add up.

use domain::basis::Assignment;
use domain::calendar::Day;
use domain::capability::capacity::{Range, Strength, Times};
use domain::capability::team::{
    Change, Ground as Rests, HireEffect, HireGround, LeaveEffect, LeaveNote, Resources,
};
use domain::capability::what_if::{Hire, Leave, WhatIf};
use domain::id::UnitId;
use domain::money::Minor;

use super::known::Person;
use super::newcomers::Newcomers;
use super::rows::{Ground, Worker};

/// What is tried out, and what it changes.
pub(super) struct Trial {
    pub(super) change: Change,
    /// Everybody who is known, without the time that leavers would not be there.
    pub(super) people: Vec<Person>,
    pub(super) newcomers: Vec<Newcomers>,
}

/// Tries out hiring and leaving.
pub(super) fn of(ground: &Ground<'_>, workers: &[Worker<'_>], what_if: WhatIf) -> Trial {
    let mut people = ground.people.to_vec();
    let mut newcomers = Vec::new();
    let mut months = vec![0_i64; ground.months.len()];
    let mut add = |by_month: &[i64]| {
        for (sum, month) in months.iter_mut().zip(by_month) {
            *sum = sum.saturating_add(*month);
        }
        Minor(
            by_month
                .iter()
                .fold(0_i64, |sum, month| sum.saturating_add(*month)),
        )
    };
    let mut hires = Vec::with_capacity(what_if.hires.len());
    for hire in &what_if.hires {
        let (mut effect, new) = hiring(ground, *hire);
        let by_month: Vec<i64> = new
            .months
            .iter()
            .map(|month| month.value.0.saturating_mul(i64::from(hire.count)))
            .collect();
        effect.total = add(&by_month);
        if effect.ground != HireGround::NoUnit {
            newcomers.push(new);
        }
        hires.push(effect);
    }
    let mut leaves: Vec<LeaveEffect> = Vec::with_capacity(what_if.leaves.len());
    for (at, leave) in what_if.leaves.iter().enumerate() {
        let (mut effect, by_month) = leaving(ground, workers, *leave);
        // Nobody leaves twice: the first line of a person counts.
        if what_if.leaves[..at]
            .iter()
            .any(|other| other.member == leave.member)
        {
            effect.note = LeaveNote::AlreadyGone;
        } else {
            effect.total = add(&by_month);
            if matches!(effect.note, LeaveNote::Counts | LeaveNote::Past) {
                for person in people
                    .iter_mut()
                    .filter(|person| person.member.id == leave.member)
                {
                    person.times = until(&person.times, leave.on);
                }
            }
        }
        leaves.push(effect);
    }
    let total = months.iter().fold(0_i64, |sum, month| sum.saturating_add(*month));
    Trial {
        change: Change {
            what_if,
            hires,
            leaves,
            months: months.into_iter().map(Minor).collect(),
            total: Minor(total),
        },
        people,
        newcomers,
    }
}

/// Somebody's times at units up to a day.
fn until(times: &[(UnitId, Assignment)], day: Day) -> Vec<(UnitId, Assignment)> {
    times
        .iter()
        .filter(|(_, time)| time.starts_on < day)
        .map(|(unit, time)| {
            let ends_on = Some(time.ends_on.map_or(day, |end| end.min(day)));
            (*unit, Assignment { ends_on, ..*time })
        })
        .collect()
}

fn hiring(ground: &Ground<'_>, hire: Hire) -> (HireEffect, Newcomers) {
    let estimates = &ground.known.estimates;
    let unit = ground.known.units.iter().find(|unit| unit.id == hire.unit);
    let (rests, strength) = match (unit, estimates.of_unit.get(&hire.unit), estimates.mean) {
        (None, ..) => (HireGround::NoUnit, Strength::default()),
        (_, Some(own), _) => (HireGround::Unit, *own),
        (_, None, Some(mean)) => (HireGround::Company, mean),
        (_, None, None) => (HireGround::Nothing, Strength::default()),
    };
    let times = Times {
        assignments: vec![Assignment {
            starts_on: hire.on,
            ends_on: None,
            share_ppm: 1_000_000,
        }],
        ramp: Some((hire.pace.ramp(), hire.on)),
    };
    let strengths = vec![strength; ground.months.len()];
    let new = Newcomers {
        unit: hire.unit,
        count: hire.count,
        months: times.capacity(ground.months, ground.working, &strengths, ground.weights),
        heads: times.heads(ground.months, ground.working),
    };
    let effect = HireEffect {
        hire,
        unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        ground: rests,
        monthly: strength.range().value,
        total: Minor(0),
    };
    (effect, new)
}

fn leaving(ground: &Ground<'_>, workers: &[Worker<'_>], leave: Leave) -> (LeaveEffect, Vec<i64>) {
    let nothing = vec![0; ground.months.len()];
    let effect = |name: &str, note, resources| LeaveEffect {
        leave,
        name: name.to_owned(),
        note,
        resources,
        total: Minor(0),
    };
    let Some(worker) = workers.iter().find(|worker| worker.row.member == leave.member) else {
        let person = ground
            .people
            .iter()
            .find(|person| person.member.id == leave.member);
        let (name, note) = match person {
            Some(person) => (person.member.name.as_str(), LeaveNote::AlreadyGone),
            None => ("", LeaveNote::NoMember),
        };
        return (effect(name, note, Resources::default()), nothing);
    };
    let row = &worker.row;
    let gone = worker
        .person
        .times
        .iter()
        .all(|(_, time)| time.ends_on.is_some_and(|end| end <= leave.on));
    let note = if row.ground == Rests::NotThere || gone {
        LeaveNote::AlreadyGone
    } else if !row.ground.counts() {
        LeaveNote::NotCounted
    } else if leave.on >= ground.planning.span.ends_on {
        LeaveNote::TooLate
    } else if leave.on <= ground.known.as_of {
        LeaveNote::Past
    } else {
        LeaveNote::Counts
    };
    let of_note = effect(&row.name, note, row.resources);
    if !matches!(note, LeaveNote::Counts | LeaveNote::Past) {
        return (of_note, nothing);
    }
    let mut left = vec![0_i64; ground.months.len()];
    let there = until(&worker.person.times, leave.on);
    for unit in worker.parts.keys() {
        let of_unit = there.iter().filter(|(of, _)| of == unit);
        let assignments = of_unit.map(|(_, time)| *time).collect();
        let times = Times {
            assignments,
            ramp: worker.person.ramp(),
        };
        let rest: Vec<Range> =
            times.capacity(ground.months, ground.working, &worker.strengths, ground.weights);
        for (sum, month) in left.iter_mut().zip(rest) {
            *sum = sum.saturating_add(month.value.0);
        }
    }
    let by_month = left
        .iter()
        .zip(&row.capacity)
        .map(|(left, before)| left.saturating_sub(before.0))
        .collect();
    (of_note, by_month)
}
