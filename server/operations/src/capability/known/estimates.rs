//! What is estimated of people and units from what they did and reached.

use std::collections::BTreeMap;

use domain::capability::capacity::Strength;
use domain::capability::{Difference, Estimate, Observation, PersonRecord, records};
use domain::id::{MemberId, UnitId};

use super::{Known, Person};
use crate::capability::CHANCE;

/// What is estimated of them.
#[derive(Debug, Default)]
pub(in crate::capability) struct Estimates {
    /// What people do in an average month.
    pub(in crate::capability) of_member: BTreeMap<MemberId, Estimate>,
    pub(in crate::capability) of_unit: BTreeMap<UnitId, Strength>,
    pub(in crate::capability) mean: Option<Strength>,
    pub(in crate::capability) people_differ: Option<bool>,
    /// What people reach of targets.
    pub(in crate::capability) reached: BTreeMap<MemberId, Estimate>,
}

impl Known {
    /// Draws everybody towards the team, and teams towards the company.
    pub(super) fn estimate(&mut self) {
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
