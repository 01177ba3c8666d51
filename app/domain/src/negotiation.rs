//! Negotiation: a thread on one number. Somebody proposes another amount, the other side agrees, answers with an amount of its
//! own or declines, and what they do not settle goes one leader further up.
//!
//! There are two sides: whoever carries the number, and the plan (the leaders above, and whoever plans). One of them has to
//! move, never both. The moves are only ever added; where a thread stands is the fold of them.

mod enter;
mod page;
mod refusal;
mod subject;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, WorkingDays};
use crate::id::{NegotiationId, VersionId};
use crate::money::Minor;
use crate::plan::MAX_AMOUNT;

pub use enter::{RowToEnter, ToEnter, to_enter};
pub use page::{
    Act, AgreedNumber, AgreedTotal, Desk, EnterWay, EnterWays, EnteredAgreed, LeftOut, Said, Talk, TotalAbove,
};
pub use refusal::Refusal;
pub use subject::{About, Subject};

/// Longest words of a move, characters.
pub const MOST_CHARS: usize = 1_000;
/// Working days the other side has, unless the plan side says otherwise.
pub const WORKING_DAYS: i32 = 5;
/// Days after today within which a deadline lies.
pub const LONGEST_DAYS: i32 = 366;

/// One of the two sides of a negotiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Whoever carries the number.
    Carrier,
    /// The leaders above the number, and whoever plans.
    Plan,
}

impl Side {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Carrier => "carrier",
            Self::Plan => "plan",
        }
    }

    /// The side of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Carrier, Self::Plan]
            .into_iter()
            .find(|side| side.as_str() == name)
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Carrier => Self::Plan,
            Self::Plan => Self::Carrier,
        }
    }
}

/// What kind of move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// Begins with another amount.
    Propose,
    /// Answers with another amount.
    Counter,
    /// Takes the amount on the table.
    Agree,
    /// Ends it without an agreement.
    Decline,
    /// Has the next leader up decide.
    Escalate,
    /// Takes back what one began.
    Withdraw,
}

impl MoveKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Propose,
        Self::Counter,
        Self::Agree,
        Self::Decline,
        Self::Escalate,
        Self::Withdraw,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Counter => "counter",
            Self::Agree => "agree",
            Self::Decline => "decline",
            Self::Escalate => "escalate",
            Self::Withdraw => "withdraw",
        }
    }

    /// The kind of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it names an amount.
    pub fn has_amount(self) -> bool {
        matches!(self, Self::Propose | Self::Counter)
    }

    /// Whether it must say why.
    pub fn needs_words(self) -> bool {
        matches!(self, Self::Decline | Self::Escalate)
    }
}

/// A move as it is made: the amount of a proposal or an answer, and words where there are any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which.
    pub kind: MoveKind,
    /// The amount it names; none for those that name none.
    pub amount: Option<Minor>,
    /// Why.
    pub words: Option<String>,
}

impl Move {
    /// A move with the amount and the words that belong to its kind; refused where they are missing, and what does not belong
    /// to it is left out.
    pub fn new(kind: MoveKind, amount: Option<Minor>, words: Option<String>) -> Result<Self, Refusal> {
        if kind.has_amount() && amount.is_none() {
            return Err(Refusal::AmountMissing);
        }
        if kind.needs_words() && words.is_none() {
            return Err(Refusal::WordsMissing);
        }
        Ok(Self {
            kind,
            amount: amount.filter(|_| kind.has_amount()),
            words,
        })
    }
}

/// How a negotiation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody has to move.
    Open,
    /// Both want the same amount.
    Agreed,
    /// It ended without an agreement.
    Declined,
    /// Whoever began it took it back.
    Withdrawn,
    /// Nobody moved in time.
    Expired,
}

impl Status {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Agreed => "agreed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// The status of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Open,
            Self::Agreed,
            Self::Declined,
            Self::Withdrawn,
            Self::Expired,
        ]
        .into_iter()
        .find(|status| status.as_str() == name)
    }
}

/// Where a negotiation stands after its moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether it goes on, or how it ended.
    pub status: Status,
    /// The amount on the table; once agreed, the agreed one.
    pub amount: Minor,
    /// Who began it.
    pub opened_by: Side,
    /// How often it went further up: 0 is the leader right above the number.
    pub level: u8,
    turn: Side,
    /// What the carrier asked for last; it is what goes further up.
    asked: Option<Minor>,
}

impl Standing {
    /// Begins a negotiation of a number with a proposal of one side.
    pub fn begin(side: Side, number: Minor, first: &Move) -> Result<Self, Refusal> {
        if first.kind != MoveKind::Propose {
            return Err(Refusal::NotBegun);
        }
        let amount = checked(first.amount, number)?;
        Ok(Self {
            status: Status::Open,
            amount,
            opened_by: side,
            level: 0,
            turn: side.other(),
            asked: Some(amount).filter(|_| side == Side::Carrier),
        })
    }

    /// The side that has to move; none where it has ended.
    pub fn to_move(&self) -> Option<Side> {
        (self.status == Status::Open).then_some(self.turn)
    }

    /// The standing after a move of one side; `levels` is how often it can go further up.
    pub fn then(self, side: Side, next: &Move, levels: u8) -> Result<Self, Refusal> {
        if self.status != Status::Open {
            return Err(Refusal::Closed { status: self.status });
        }
        let of_turn = || {
            if side == self.turn {
                Ok(())
            } else {
                Err(Refusal::NotYourTurn)
            }
        };
        match next.kind {
            MoveKind::Propose => Err(Refusal::Begun),
            MoveKind::Counter => {
                of_turn()?;
                let amount = checked(next.amount, self.amount)?;
                let asked = if side == Side::Carrier {
                    Some(amount)
                } else {
                    self.asked
                };
                Ok(Self {
                    amount,
                    asked,
                    turn: side.other(),
                    ..self
                })
            }
            MoveKind::Agree => {
                of_turn()?;
                Ok(Self {
                    status: Status::Agreed,
                    ..self
                })
            }
            MoveKind::Decline => {
                of_turn()?;
                Ok(Self {
                    status: Status::Declined,
                    ..self
                })
            }
            MoveKind::Escalate => {
                of_turn()?;
                if self.level >= levels {
                    return Err(Refusal::NobodyAbove);
                }
                Ok(Self {
                    amount: self.asked.ok_or(Refusal::NothingAsked)?,
                    level: self.level + 1,
                    turn: Side::Plan,
                    ..self
                })
            }
            MoveKind::Withdraw if side == self.opened_by => Ok(Self {
                status: Status::Withdrawn,
                ..self
            }),
            MoveKind::Withdraw => Err(Refusal::NotYours),
        }
    }

    /// The standing where nobody moved in time: what was open has expired.
    #[must_use]
    pub fn expired(self) -> Self {
        if self.status == Status::Open {
            Self {
                status: Status::Expired,
                ..self
            }
        } else {
            self
        }
    }

    /// The fold of all moves, the first of them a proposal. How far up they may go was asked when they were made.
    pub fn of<'a>(number: Minor, moves: impl IntoIterator<Item = (Side, &'a Move)>) -> Result<Self, Refusal> {
        let mut moves = moves.into_iter();
        let (side, first) = moves.next().ok_or(Refusal::NotBegun)?;
        moves.try_fold(Self::begin(side, number, first)?, |standing, (side, next)| {
            standing.then(side, next, u8::MAX)
        })
    }
}

/// An amount that can be put on the table against another.
fn checked(amount: Option<Minor>, against: Minor) -> Result<Minor, Refusal> {
    let amount = amount.ok_or(Refusal::AmountMissing)?;
    if amount.0 < 0 {
        return Err(Refusal::Negative);
    }
    if amount.0 > MAX_AMOUNT {
        return Err(Refusal::TooLarge);
    }
    if amount == against {
        return Err(Refusal::SameAmount);
    }
    Ok(amount)
}

/// The last day on which somebody can move who is asked today: so many working days later.
pub fn due_after(today: Day, days: i32, working: &WorkingDays) -> Day {
    // Where a calendar works on no day at all, the days simply pass.
    (1..=LONGEST_DAYS)
        .map(|ahead| today.plus(ahead))
        .filter(|day| working.is_working(*day))
        .nth(usize::try_from(days.max(1)).unwrap_or(1) - 1)
        .unwrap_or_else(|| today.plus(days.max(1)))
}

/// Whether a day can be the deadline of a negotiation: today or later, within a year.
pub fn check_due(due_on: Day, today: Day) -> Result<(), Refusal> {
    if due_on < today || due_on > today.plus(LONGEST_DAYS) {
        return Err(Refusal::Due);
    }
    Ok(())
}

/// Whether one can still move today.
pub fn on_time(due_on: Day, today: Day) -> Result<(), Refusal> {
    if today > due_on {
        return Err(Refusal::PastDue { due_on });
    }
    Ok(())
}

/// The days after today on which whoever has to move is reminded: the working day before the deadline, and the deadline.
pub fn reminders(due_on: Day, today: Day, working: &WorkingDays) -> Vec<Day> {
    // Holidays last less than a month.
    let before = (1..31)
        .map(|back| due_on.plus(-back))
        .find(|day| working.is_working(*day));
    before
        .into_iter()
        .chain([due_on])
        .filter(|day| *day > today)
        .collect()
}

/// What a thread is called within its page.
pub fn anchor(id: NegotiationId) -> String {
    format!("negotiation-{id}")
}

/// Where one side finds a thread: the carrier at the own target, the plan side at the split.
pub fn address(side: Side, version: VersionId, id: NegotiationId) -> String {
    let anchor = anchor(id);
    match side {
        Side::Carrier => format!("/my-target#{anchor}"),
        Side::Plan => format!("/split?version={version}#{anchor}"),
    }
}
