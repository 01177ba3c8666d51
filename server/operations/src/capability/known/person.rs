//! People: who they are, where they are and since when.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::basis::{Assignment, Ramp};
use domain::calendar::{Day, Month};
use domain::capability::Observation;
use domain::capability::capacity::Times;
use domain::id::{AccountId, MemberId, UnitId};
use domain::money::Fact;
use store::member::Member;
use store::opportunity::Open;
use store::{Scope, Session};

use crate::Error;

/// Somebody is new for so many months after they were hired.
const NEW_MONTHS: i32 = 12;

/// A person.
#[derive(Clone, Debug)]
pub(in crate::capability) struct Person {
    pub(in crate::capability) member: Member,
    /// Dated times at units, cut where they leave.
    pub(in crate::capability) times: Vec<(UnitId, Assignment)>,
    /// The first day, where they are new.
    pub(in crate::capability) new_since: Option<Day>,
    /// How beginners get going, which is the same for everybody.
    pub(in crate::capability) ramp_of_all: Arc<Ramp>,
    /// Whether they have facts in the history or a target.
    pub(in crate::capability) sells: bool,
    /// What they did in each month that says something.
    pub(in crate::capability) observed: Vec<Observation>,
    /// What they reached of each target.
    pub(in crate::capability) reached: Vec<Observation>,
    pub(in crate::capability) customers: BTreeMap<AccountId, Fact>,
    pub(in crate::capability) open: Option<Open>,
}

impl Person {
    /// The unit they count with: today's first, or where they first come.
    pub(in crate::capability) fn home(&self, day: Day) -> Option<UnitId> {
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
    pub(in crate::capability) fn counts(&self) -> bool {
        self.sells || self.new_since.is_some()
    }

    /// Months they were observed in.
    pub(in crate::capability) fn months(&self) -> u32 {
        u32::try_from(self.observed.len()).unwrap_or(u32::MAX)
    }

    pub(in crate::capability) fn periods(&self) -> u32 {
        u32::try_from(self.reached.len()).unwrap_or(u32::MAX)
    }

    /// All of their time, wherever.
    pub(in crate::capability) fn all_times(&self) -> Times {
        Times {
            assignments: self.times.iter().map(|(_, time)| *time).collect(),
            ramp: self.ramp(),
        }
    }

    /// How they get going.
    pub(in crate::capability) fn ramp(&self) -> Option<(Ramp, Day)> {
        self.new_since
            .map(|since| (Ramp::clone(&self.ramp_of_all), since))
    }
}

/// Everybody there ever was, with when they are where.
pub(super) async fn people(
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
    let ramp_of_all = Arc::new(store::ramp::get(session, scope).await?);
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
                ramp_of_all: Arc::clone(&ramp_of_all),
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
