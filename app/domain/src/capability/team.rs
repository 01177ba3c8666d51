//! What the people and units of a planning can do, as it travels.

use serde::{Deserialize, Serialize};

use super::capacity::Range;
use super::what_if::{Hire, Leave, WhatIf};
use crate::assumption::Planning;
use crate::calendar::Day;
use crate::id::{MemberId, UnitId};
use crate::money::Minor;
use crate::plan::PlanPeriod;
use crate::target::Span;

/// What somebody has to work with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// Customers with something credited in the last twelve months.
    pub customers: u32,
    /// What they brought in that time.
    pub customer_amount: Minor,
    /// Deals that are open now.
    pub open_deals: u32,
    /// The amounts of those of them that have one.
    pub pipeline: Minor,
    /// Open deals without an amount.
    pub without_amount: u32,
}

/// Where somebody works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub name: String,
    /// With how much of their time, in millionths.
    pub share_ppm: u32,
}

/// What the figure of a person rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ground")]
pub enum Ground {
    /// What they did in so many months, drawn towards the team by how little that is.
    Own {
        /// Months.
        months: u32,
    },
    /// They are new, or carried nothing so far: what the team does.
    Team,
    /// An imported figure.
    Given,
    /// Nobody has a whole month of history to estimate from.
    NoHistory,
    /// They sold nothing, carry no target and are not new: they do not count.
    SellsNothing,
    /// They are not there in the planned time.
    NotThere,
}

impl Ground {
    /// Whether there is a figure.
    pub fn counts(self) -> bool {
        matches!(self, Self::Own { .. } | Self::Team | Self::Given)
    }
}

/// An imported figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenFigure {
    /// Money a month, in minor units.
    pub money: Option<Minor>,
    /// Or a rating, in millionths of what is usual.
    pub rating_ppm: Option<u32>,
    /// Since when it holds.
    pub from: Day,
    /// Who says so; empty where nothing is said.
    pub by: String,
}

/// A ratio with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The ratio; 1 is all of it.
    pub value: f64,
    /// As low as this.
    pub low: f64,
    /// Or as high.
    pub high: f64,
}

/// What was reached of published targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attained {
    /// The person's own figure alone.
    pub raw: f64,
    /// Drawn towards the team.
    pub of: Ratio,
    /// Periods with a target that are over.
    pub periods: u32,
}

/// How far a newcomer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RampState {
    /// The first day.
    pub since: Day,
    /// The first day at full strength.
    pub full_on: Day,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Where they work: now, or when they first come.
    pub territory: Vec<Territory>,
    /// What the figure rests on.
    pub ground: Ground,
    /// How much of the figure is their own, from 0 to 1.
    pub weight: f64,
    /// What they do in an average month at full strength.
    pub monthly: Option<Range>,
    /// The same against the mean of all.
    pub against_mean: Option<Ratio>,
    /// What they reached of published targets.
    pub attainment: Option<Attained>,
    /// How far they are, where they are new in the planned time or now.
    pub ramp: Option<RampState>,
    /// The first day without them, where it is known and planned.
    pub leaves_on: Option<Day>,
    /// What they work with.
    pub resources: Resources,
    /// What was imported.
    pub given: Option<GivenFigure>,
    /// How much of each month they are there, in millionths.
    pub heads: Vec<u32>,
    /// What they can do in each month.
    pub capacity: Vec<Minor>,
    /// And in all of them.
    pub total: Range,
}

/// A unit with everything below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Which.
    pub unit: UnitId,
    /// What it is called.
    pub name: String,
    /// How deep in the tree.
    pub depth: u8,
    /// How many people count in each month, in millionths.
    pub heads: Vec<u64>,
    /// What they work with; a customer of several people once.
    pub resources: Resources,
    /// What was imported.
    pub given: Option<GivenFigure>,
    /// What can be done in each month.
    pub capacity: Vec<Minor>,
    /// And in all of them.
    pub total: Range,
}

/// What newcomers are reckoned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HireGround {
    /// What the people of the unit do.
    Unit,
    /// What all do: nobody of the unit is known.
    Company,
    /// Nothing: nobody is known.
    Nothing,
    /// There is no such unit.
    NoUnit,
}

/// What hiring changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HireEffect {
    /// What is tried out.
    pub hire: Hire,
    /// What the unit is called.
    pub unit: String,
    /// What they are reckoned with.
    pub ground: HireGround,
    /// What one of them does in an average month at full strength.
    pub monthly: Minor,
    /// What they add in the planned time.
    pub total: Minor,
}

/// What is to be said of somebody's leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveNote {
    /// It takes away what they would have done from that day on.
    Counts,
    /// The day is over: it takes away all of the planned time.
    Past,
    /// They are gone by then anyway.
    AlreadyGone,
    /// They do not count, so that nothing changes.
    NotCounted,
    /// The planned time is over by then.
    TooLate,
    /// There is nobody like that.
    NoMember,
}

/// What leaving changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveEffect {
    /// What is tried out.
    pub leave: Leave,
    /// Their name.
    pub name: String,
    /// What is to be said of it.
    pub note: LeaveNote,
    /// What they would have worked with: somebody has to take it over.
    pub resources: Resources,
    /// What they take away in the planned time; not positive.
    pub total: Minor,
}

/// What is tried out, and what it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What is tried out.
    pub what_if: WhatIf,
    /// By hiring.
    pub hires: Vec<HireEffect>,
    /// By leaving.
    pub leaves: Vec<LeaveEffect>,
    /// In each month.
    pub months: Vec<Minor>,
    /// In all of them.
    pub total: Minor,
}

/// Units, people and the whole as they would be with what is tried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The units, with newcomers and without leavers.
    pub units: Vec<UnitRow>,
    /// The people there are already, by name.
    pub people: Vec<PersonRow>,
    /// What everybody can do in the planned time, newcomers too.
    pub total: Range,
    /// How many people count in each month, in millionths.
    pub heads: Vec<u64>,
}

/// What the people of a planning can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Team {
    /// The planning that is looked at.
    pub planning: Planning,
    /// Facts up to this day count.
    pub as_of: Day,
    /// The whole months the figures rest on; none where there is not even one.
    pub history: Option<Span>,
    /// How many of them have facts.
    pub history_months: u32,
    /// Whole years the season rests on; none where there is too little for one.
    pub season_years: Option<u32>,
    /// Whether people can be told apart by what they did; none where nothing is known.
    pub people_differ: Option<bool>,
    /// What a person does in an average month.
    pub mean: Option<Minor>,
    /// Periods with published targets that are over; 0: there never were any.
    pub target_periods: u32,
    /// The planned months.
    pub months: Vec<PlanPeriod>,
    /// How many average months they are together.
    pub average_months: f64,
    /// The company and its units, parents before their children.
    pub units: Vec<UnitRow>,
    /// The people, by name.
    pub people: Vec<PersonRow>,
    /// What everybody can do in each month; also those who belong to no unit.
    pub capacity: Vec<Minor>,
    /// And in all of them.
    pub total: Range,
    /// How many people count in each month, in millionths.
    pub heads: Vec<u64>,
    /// The number of the version.
    pub target: Option<Minor>,
    /// What is tried out.
    pub change: Change,
    /// And what becomes of everything with it; none where nothing is tried out.
    pub tried: Option<Tried>,
}

impl Team {
    /// The units as they are looked at: with what is tried out.
    pub fn units_shown(&self) -> &[UnitRow] {
        self.tried.as_ref().map_or(&self.units, |tried| &tried.units)
    }

    /// The people as they are looked at.
    pub fn people_shown(&self) -> &[PersonRow] {
        self.tried.as_ref().map_or(&self.people, |tried| &tried.people)
    }

    /// What everybody can do as it is looked at.
    pub fn total_shown(&self) -> Range {
        self.tried.as_ref().map_or(self.total, |tried| tried.total)
    }

    /// Who counts as it is looked at.
    pub fn heads_shown(&self) -> &[u64] {
        self.tried.as_ref().map_or(&self.heads, |tried| &tried.heads)
    }

    /// How many people at full strength all through would bring what is missing to the target, rounded up; none where
    /// nothing is missing or known.
    pub fn people_missing(&self) -> Option<u32> {
        let missing = self.target?.0 - self.total_shown().value.0;
        let one = self.mean?.0 as f64 * self.average_months;
        (missing > 0 && one > 0.0).then(|| (missing as f64 / one).ceil() as u32)
    }
}
