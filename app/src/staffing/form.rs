//! What is chosen of a change so far, and what is still to be said before it can be reckoned.

use domain::calendar::Day;
use domain::id::{UnitId, VersionId};
use domain::staffing::{Asked, Carry, Change, Desk, Kind, LeaveEntry, LeaveKind, Rest, Source};
use leptos::prelude::*;

use super::person::Chosen;
use crate::words::{Words, t_string};

/// What is chosen so far.
#[derive(Clone, Copy)]
pub struct Form {
    pub(super) version: RwSignal<String>,
    pub(super) kind: RwSignal<String>,
    pub(super) on: RwSignal<Option<Day>>,
    pub(super) until: RwSignal<Option<Day>>,
    pub(super) person: Chosen,
    pub(super) successor: Chosen,
    /// The unit somebody moves from, where they have a number in several.
    pub(super) left: RwSignal<String>,
    /// The unit that ends.
    pub(super) ended: RwSignal<String>,
    /// The unit somebody comes to.
    pub(super) to: RwSignal<String>,
    pub(super) rest: RwSignal<String>,
    pub(super) source: RwSignal<String>,
    pub(super) carry: RwSignal<String>,
    pub(super) ramp: RwSignal<bool>,
    pub(super) why: RwSignal<String>,
}

impl Form {
    /// Nothing yet, or the change that leave calls for.
    pub(super) fn new(version: Option<VersionId>, desk: &Desk) -> Self {
        let Some((entry, (version, on))) = called_for(desk) else {
            return Self::begin(version, desk.today);
        };
        let leave = &entry.row.leave;
        Self {
            kind: RwSignal::new(Kind::Leave.as_str().to_owned()),
            until: RwSignal::new(Some(leave.until)),
            person: Chosen::of(leave.member, entry.name.clone()),
            why: RwSignal::new(leave.kind.as_str().to_owned()),
            ..Self::begin(Some(version), on)
        }
    }

    fn begin(version: Option<VersionId>, on: Day) -> Self {
        Self {
            version: RwSignal::new(version.map(|version| version.to_string()).unwrap_or_default()),
            kind: RwSignal::new(Kind::Leaver.as_str().to_owned()),
            on: RwSignal::new(Some(on)),
            until: RwSignal::new(None),
            person: Chosen::new(),
            successor: Chosen::new(),
            left: RwSignal::new(String::new()),
            ended: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
            rest: RwSignal::new("colleagues".to_owned()),
            source: RwSignal::new("nobody".to_owned()),
            carry: RwSignal::new("goes".to_owned()),
            ramp: RwSignal::new(false),
            why: RwSignal::new(LeaveKind::default().as_str().to_owned()),
        }
    }

    pub(super) fn version(self) -> Option<VersionId> {
        self.version.get().parse().ok()
    }

    pub(super) fn kind(self) -> Kind {
        Kind::parse(&self.kind.get()).unwrap_or(Kind::Leaver)
    }

    /// The unit somebody moves from: the chosen one of those they have a number in, or else the first.
    pub(super) fn left(self) -> Option<UnitId> {
        let units = self.person.found()?.units;
        let chosen = self.left.get().parse::<UnitId>().ok();
        let known = chosen.filter(|chosen| units.iter().any(|unit| unit.id == *chosen));
        known.or_else(|| units.first().map(|unit| unit.id))
    }

    fn rest(self) -> Option<Rest> {
        Some(match self.rest.get().as_str() {
            "nobody" => Rest::Nobody,
            "successor" => Rest::Successor {
                member: self.successor.member()?,
                ramp: self.ramp.get(),
            },
            _ => Rest::Colleagues,
        })
    }

    /// What is still to be said before anything can be reckoned.
    pub(super) fn lacks(self) -> Option<Lack> {
        let kind = self.kind();
        let (ended, to) = (unit(self.ended), unit(self.to));
        let person = self.person.member().is_none().then_some(Lack::Person);
        let same = |from: Option<UnitId>| (from.is_some() && from == to).then_some(Lack::SameUnit);
        let no_unit = to.is_none().then_some(Lack::Unit);
        let whom = match kind {
            Kind::Merger => no_unit.or(ended.is_none().then_some(Lack::Unit)).or(same(ended)),
            Kind::Joiner => person.or(no_unit),
            Kind::Transfer => {
                let left = self.left();
                person
                    .or(left.is_none().then_some(Lack::Number))
                    .or(no_unit)
                    .or(same(left))
            }
            Kind::Leaver | Kind::Leave => person.or(self.rest().is_none().then_some(Lack::Successor)),
        };
        let on = self.on.get();
        let is_back = || on.zip(self.until.get()).is_some_and(|(on, until)| on < until);
        whom.or(on.is_none().then_some(Lack::Day))
            .or((kind == Kind::Leave && !is_back()).then_some(Lack::Until))
    }

    /// The change, once all of it is said.
    pub(super) fn asked(self) -> Option<Asked> {
        if self.lacks().is_some() {
            return None;
        }
        let on = self.on.get()?;
        let member = || self.person.member();
        let change = match self.kind() {
            Kind::Leaver => Change::Leaver {
                member: member()?,
                rest: self.rest()?,
            },
            Kind::Joiner => Change::Joiner {
                member: member()?,
                unit: unit(self.to)?,
                source: match self.source.get().as_str() {
                    "nothing" => Source::Nothing,
                    "colleagues" => Source::Colleagues,
                    _ => Source::Nobody,
                },
                ramp: self.ramp.get(),
            },
            Kind::Transfer => Change::Transfer {
                member: member()?,
                from: self.left()?,
                to: unit(self.to)?,
                number: match self.carry.get().as_str() {
                    "nobody" => Carry::Nobody,
                    "colleagues" => Carry::Colleagues,
                    _ => Carry::Goes,
                },
            },
            Kind::Merger => Change::Merger {
                from: unit(self.ended)?,
                into: unit(self.to)?,
            },
            Kind::Leave => Change::Leave {
                member: member()?,
                until: self.until.get().filter(|until| on < *until)?,
                why: LeaveKind::parse(&self.why.get()).unwrap_or_default(),
                rest: self.rest()?,
            },
        };
        Some(Asked {
            version: self.version()?,
            on,
            change,
        })
    }
}

/// Leave that touches a plan on record, with that plan and from which day on.
pub(super) fn called_for(desk: &Desk) -> Option<(&LeaveEntry, (VersionId, Day))> {
    let entry = desk.leave.as_ref()?;
    Some((entry, entry.row.leave.touches(&desk.plans, desk.today)?))
}

/// The chosen unit, if any.
fn unit(chosen: RwSignal<String>) -> Option<UnitId> {
    chosen.get().parse().ok()
}

/// What is not said yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Who it is about.
    Person,
    /// Who is chosen has no number that could go along.
    Number,
    /// A unit.
    Unit,
    /// Another unit than the one that is chosen already.
    SameUnit,
    /// Who takes over.
    Successor,
    /// From which day on.
    Day,
    /// Until when, after that day.
    Until,
}

impl Lack {
    /// What people read.
    pub(super) fn words(self, i18n: Words) -> &'static str {
        match self {
            Self::Person => t_string!(i18n, staffing.lacks_person),
            Self::Number => t_string!(i18n, staffing.lacks_number),
            Self::Unit => t_string!(i18n, staffing.lacks_unit),
            Self::SameUnit => t_string!(i18n, staffing.lacks_other_unit),
            Self::Successor => t_string!(i18n, staffing.lacks_successor),
            Self::Day => t_string!(i18n, staffing.lacks_day),
            Self::Until => t_string!(i18n, staffing.lacks_until),
        }
    }
}
