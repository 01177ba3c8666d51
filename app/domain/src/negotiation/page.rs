//! Negotiations as they travel between server and browser.

use serde::{Deserialize, Serialize};

use super::{Move, Side, Standing, Subject};
use crate::calendar::{Day, Period};
use crate::id::{NegotiationId, NodeId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::{GiveWay, NodeIndex};

/// A move with who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// For which side.
    pub side: Side,
    /// Who, by name.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// What.
    pub what: Move,
}

/// Something whoever looks can do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Answer with another amount, agree or decline.
    Answer,
    /// Have the next leader up decide.
    Escalate,
    /// Take it back.
    Withdraw,
    /// Give another deadline.
    Postpone,
    /// Agreeing changes the draft at once: one chooses who gives.
    SetsDraft,
}

/// A negotiation as one of its sides sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Which.
    pub id: NegotiationId,
    /// The version whose number it is.
    pub version: VersionId,
    /// The number of that version, where a draft made from it is looked at; none where it is the one looked at.
    pub on: Option<u32>,
    /// What its plan is called.
    pub plan_name: String,
    /// The node that carries the number.
    pub node: NodeId,
    /// Its place in the whole version.
    pub row: NodeIndex,
    /// What the unit or person is called.
    pub name: String,
    /// Which number of the row.
    pub subject: Subject,
    /// What that is called, where it is no total: its period, or its quarter.
    pub period: Option<Period>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The number when the negotiation began.
    pub number: Minor,
    /// Where it stands.
    pub standing: Standing,
    /// The last day on which one can move.
    pub due_on: Day,
    /// For the plan side: what is left in the pool right above the number.
    pub hedge: Option<Minor>,
    /// The side of whoever looks.
    pub side: Side,
    /// Who has to move, by name; none where it has ended, or where whoever plans is asked.
    pub waits_for: Option<String>,
    /// The moves, the oldest first.
    pub said: Vec<Said>,
    /// What whoever looks can do now.
    pub acts: Vec<Act>,
}

impl Talk {
    /// By how much the amount on the table exceeds the number; negative where it is less.
    pub fn difference(&self) -> Minor {
        Minor(self.standing.amount.0.saturating_sub(self.number.0))
    }

    /// Whether whoever looks can do something now.
    pub fn can(&self, act: Act) -> bool {
        self.acts.contains(&act)
    }
}

/// A number that was agreed on, as a draft is to have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedNumber {
    /// The negotiation.
    pub id: NegotiationId,
    /// The row, by its place in the whole version.
    pub row: NodeIndex,
    /// What it is called.
    pub name: String,
    /// Which number of it.
    pub subject: Subject,
    /// The agreed amount.
    pub amount: Minor,
}

/// What was agreed on in the negotiation of a published number, or of the one it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedTotal {
    /// The agreed amount, over all periods.
    pub amount: Minor,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// The negotiations of a version, as far as whoever looks takes part in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// What waits for whoever looks first, then what is open, then the latest. Of a draft also those on what it came from
    /// that go on, or were agreed on and are not in it yet.
    pub talks: Vec<Talk>,
    /// How many more have ended.
    pub more: u64,
    /// Of a draft that whoever looks may change: every number that was agreed on, here or in what it came from.
    pub agreed: Vec<AgreedNumber>,
}

/// What entering the agreed numbers of a draft would come to, either way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterWays {
    /// The currency of every amount.
    pub currency: Currency,
    /// The last command of the draft that it was worked out for.
    pub head: u64,
    /// Each way, the one that is proposed first.
    pub ways: Vec<EnterWay>,
}

/// What entering agreed numbers would come to, one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterWay {
    /// What gives way.
    pub gives: GiveWay,
    /// How many would be entered.
    pub entered: u32,
    /// The totals above the numbers, over all periods: those right above them, then the topmost one.
    pub totals: Vec<TotalAbove>,
    /// How many more stand right above them.
    pub more: u32,
    /// Those the draft could not take.
    pub left: Vec<LeftOut>,
}

/// A total above agreed numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalAbove {
    /// What the row is called.
    pub name: String,
    /// What it has now.
    pub before: Minor,
    /// What it would have.
    pub after: Minor,
}

/// What entering agreed numbers came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredAgreed {
    /// How many the draft has now.
    pub entered: u32,
    /// Those it could not take.
    pub left: Vec<LeftOut>,
}

/// An agreed number that a draft could not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// What the row is called.
    pub name: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}
