//! What a change is reckoned on: the published version, who belongs where and when, and the working calendar.

use std::collections::HashMap;

use domain::basis::Ramp;
use domain::calendar::{Day, WorkingDays};
use domain::format::Lang;
use domain::id::{MemberId, UnitId};
use domain::money::Currency;
use domain::plan::PlanPeriod;
use domain::staffing::{Asked, Days, days_within, without};
use domain::target::{Span, VersionStatus};
use store::Session;
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;

use crate::plan::state::{self, State};
use crate::plan::tree::Parts;
use crate::{Error, Scope};

/// How long before a plan begins somebody may come or go, and its numbers be changed for that, in days.
const BEFORE: i32 = 366;

/// See the module.
pub(super) struct Ground {
    pub(super) state: State,
    pub(super) people: Parts,
    pub(super) working: WorkingDays,
    /// Of beginners.
    pub(super) ramp: Ramp,
    /// What a row of what nobody carries is called.
    pub(super) nobody: &'static str,
    /// Of all amounts.
    pub(super) currency: Currency,
    /// The first day the change holds.
    pub(super) on: Day,
    /// Where in the lists of people each member, their assignments and their leave are: a merger asks for everybody.
    places: HashMap<MemberId, Places>,
    /// Where in the list of units each is.
    units: HashMap<UnitId, usize>,
}

/// Places in the lists of people.
#[derive(Default)]
struct Places {
    member: Option<usize>,
    assignments: Vec<usize>,
    leave: Vec<usize>,
}

impl Places {
    fn of(people: &Parts) -> HashMap<MemberId, Self> {
        let mut places: HashMap<MemberId, Self> = HashMap::with_capacity(people.members.len());
        for (place, member) in people.members.iter().enumerate() {
            places.entry(member.id).or_default().member = Some(place);
        }
        for (place, assignment) in people.assignments.iter().enumerate() {
            places
                .entry(assignment.member)
                .or_default()
                .assignments
                .push(place);
        }
        for (place, row) in people.leave.iter().enumerate() {
            places.entry(row.leave.member).or_default().leave.push(place);
        }
        places
    }
}

impl Ground {
    /// Refuses what is no version on record, and a day outside of its plan: after it, or long before. A plan goes on record
    /// before it begins, and who is gone by then has a number in it.
    pub(super) async fn load(session: &impl Session, scope: &Scope, asked: &Asked) -> Result<Self, Error> {
        let all = state::all(scope);
        let row = store::version::get(session, scope, asked.version).await?;
        if row.status != VersionStatus::Published {
            return Err(Error::conflict(
                "not_published",
                "只有现行的已发布版本可以调整。",
                "Only a version that is on record can be adjusted.",
            ));
        }
        let state = State::load(session, &all, row).await?;
        let Span { starts_on, ends_on } = state.plan.span;
        let earliest = starts_on.plus(-BEFORE);
        if asked.on < earliest || ends_on <= asked.on {
            return Err(Error::invalid_field(
                "day_outside_plan",
                "on",
                format!(
                    "日期须在计划结束之前、且不早于计划开始前一年：{earliest} 至 {}。",
                    ends_on.plus(-1)
                ),
                format!(
                    "The day lies before the end of the plan and at most a year before it begins: {earliest} to {}.",
                    ends_on.plus(-1)
                ),
            ));
        }
        let organization = store::organization::get(session, &all).await?;
        let people = Parts {
            units: store::unit::list(session, &all, None).await?,
            members: store::member::list(session, &all).await?,
            assignments: store::assignment::list(session, &all, None).await?,
            leave: store::leave::list(session, &all, starts_on).await?,
        };
        let places = Places::of(&people);
        let units = people
            .units
            .iter()
            .enumerate()
            .map(|(place, unit)| (unit.id, place));
        let units = units.collect();
        Ok(Self {
            state,
            people,
            places,
            units,
            working: WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays),
            ramp: store::ramp::get(session, &all).await?,
            nobody: Lang::parse(&organization.language)
                .unwrap_or_default()
                .pick("计划内无人承担", "Nobody in the plan"),
            currency: organization.currency,
            on: asked.on,
        })
    }

    pub(super) fn periods(&self) -> &[PlanPeriod] {
        self.state.grid.shape().periods()
    }

    /// From the day on.
    pub(super) fn since(&self) -> Span {
        Span {
            starts_on: self.on,
            ends_on: Day(i32::MAX),
        }
    }

    /// Until the day.
    pub(super) fn until(&self) -> Span {
        Span {
            starts_on: Day(i32::MIN),
            ends_on: self.on,
        }
    }

    /// The name of a member who is known.
    pub(super) fn name(&self, member: MemberId) -> Result<&str, Error> {
        Ok(self
            .member(member)
            .ok_or(Error::NotFound("member"))?
            .name
            .as_str())
    }

    /// The first day a member is gone, where one is known.
    pub(super) fn left_on(&self, member: MemberId) -> Option<Day> {
        self.member(member).and_then(|known| known.left_on)
    }

    fn member(&self, id: MemberId) -> Option<&Member> {
        let place = self.places.get(&id)?.member?;
        self.people.members.get(place)
    }

    /// A unit that is known.
    pub(super) fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units
            .get(&id)
            .and_then(|place| self.people.units.get(*place))
    }

    /// The times somebody belongs to a unit.
    fn own(&self, member: MemberId, unit: UnitId) -> Vec<&Assignment> {
        let places = self.places.get(&member);
        places
            .into_iter()
            .flat_map(|places| &places.assignments)
            .filter_map(|place| self.people.assignments.get(*place))
            .filter(|assignment| assignment.unit == unit)
            .collect()
    }

    /// The working days of each period in a span and outside of it, as somebody is there in a unit: without the leave that is
    /// not in question. Who is not assigned to the unit, but has a number in it, counts as being there all the time.
    pub(super) fn days(&self, member: MemberId, unit: UnitId, span: Span) -> Vec<Days> {
        let away: Vec<Span> = self
            .places
            .get(&member)
            .into_iter()
            .flat_map(|places| &places.leave)
            .filter_map(|place| self.people.leave.get(*place))
            .map(|row| Span {
                starts_on: row.leave.from,
                ends_on: row.leave.until,
            })
            .flat_map(|away| {
                // What is in question of days they are away anyhow is the change itself.
                if span.ends_on == Day(i32::MAX) {
                    vec![away]
                } else {
                    without(away, &[span])
                }
            })
            .collect();
        let there = self.there(member, unit);
        days_within(self.periods(), &there, &away, span, &self.working)
    }

    /// The same for what is nobody's, which is there all the time.
    pub(super) fn plain_days(&self, span: Span) -> Vec<Days> {
        let whole = [(self.state.plan.span, WHOLE_PPM)];
        days_within(self.periods(), &whole, &[], span, &self.working)
    }

    fn there(&self, member: MemberId, unit: UnitId) -> Vec<(Span, u32)> {
        let plan = self.state.plan.span;
        let own = self.own(member, unit);
        let goes_on = own.iter().any(|assignment| assignment.starts_on == self.on);
        // An end on the very day is this change, entered already.
        let end = |end: Option<Day>| {
            let end = end.filter(|end| goes_on || *end != self.on);
            end.map_or(plan.ends_on, |end| end.min(plan.ends_on))
        };
        let person = self.member(member);
        let hired = person
            .and_then(|person| person.hired_on)
            .unwrap_or(plan.starts_on);
        let left = end(person.and_then(|person| person.left_on));
        let times: Vec<(Span, u32)> = own
            .into_iter()
            .map(|assignment| {
                let time = Span {
                    starts_on: assignment.starts_on.max(hired).max(plan.starts_on),
                    ends_on: end(assignment.ends_on).min(left),
                };
                (time, assignment.share_ppm)
            })
            .filter(|(time, _)| time.days() > 0)
            .collect();
        if times.is_empty() {
            vec![(plan, WHOLE_PPM)]
        } else {
            times
        }
    }
}
