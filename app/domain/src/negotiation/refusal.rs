//! Why a move is refused, in both languages.

use serde::{Deserialize, Serialize};

use super::{MOST_CHARS, Status};
use crate::calendar::Day;
use crate::format::{self, Lang};

/// Why a move is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum Refusal {
    /// The other side has to move.
    #[error("the other side has to move")]
    NotYourTurn,
    /// It has ended.
    #[error("the negotiation has ended")]
    Closed {
        /// How.
        status: Status,
    },
    /// The amount is what there is already.
    #[error("the amount is on the table already")]
    SameAmount,
    /// An amount below zero.
    #[error("amounts are not negative")]
    Negative,
    /// More than a plan can hold.
    #[error("the amount is more than a plan can hold")]
    TooLarge,
    /// No amount where one is needed.
    #[error("an amount is needed")]
    AmountMissing,
    /// No words where they are needed.
    #[error("words are needed")]
    WordsMissing,
    /// The deadline is over.
    #[error("the deadline {due_on} is over")]
    PastDue {
        /// The last day on which one could move.
        due_on: Day,
    },
    /// A deadline that is over, or too far away.
    #[error("the deadline must lie within a year")]
    Due,
    /// Nobody is left further up.
    #[error("nobody is further up")]
    NobodyAbove,
    /// The carrier asked for nothing that could go further up.
    #[error("the carrier has asked for nothing yet")]
    NothingAsked,
    /// Only whoever began it takes it back.
    #[error("only who began it takes it back")]
    NotYours,
    /// A thread begins with a proposal.
    #[error("a negotiation begins with a proposal")]
    NotBegun,
    /// It has begun already: one answers.
    #[error("the negotiation has begun already")]
    Begun,
}

impl Refusal {
    /// What programs match on.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotYourTurn => "negotiation_turn",
            Self::Closed { .. } => "negotiation_closed",
            Self::SameAmount => "negotiation_same_amount",
            Self::Negative | Self::TooLarge | Self::AmountMissing => "negotiation_amount",
            Self::WordsMissing => "negotiation_words",
            Self::PastDue { .. } => "negotiation_overdue",
            Self::Due => "negotiation_due",
            Self::NobodyAbove => "negotiation_top",
            Self::NothingAsked => "negotiation_nothing_asked",
            Self::NotYours => "negotiation_not_yours",
            Self::NotBegun | Self::Begun => "negotiation_move",
        }
    }

    /// The field it is about, where there is one: then the input is wrong, and not the time for it.
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::SameAmount | Self::Negative | Self::TooLarge | Self::AmountMissing => Some("amount"),
            Self::WordsMissing => Some("words"),
            Self::Due => Some("due_on"),
            _ => None,
        }
    }

    /// What people read.
    pub fn words(self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::NotYourTurn => (
                "现在轮到对方回应，请等对方。",
                "It is the other side's turn: wait for their answer.",
            ),
            Self::Closed { status } => return ended(status, lang),
            Self::SameAmount => (
                "这个数和现在的一样，请写另一个数，或者直接同意。",
                "That is the amount there is already: name another one, or agree.",
            ),
            Self::Negative => ("目标不能小于 0。", "A target is not below 0."),
            Self::TooLarge => (
                "金额太大，计划里放不下。",
                "The amount is more than a plan can hold.",
            ),
            Self::AmountMissing => ("请写一个金额。", "Name an amount."),
            Self::WordsMissing => {
                return lang.pick(
                    format!("请写明理由，最多 {MOST_CHARS} 个字符。"),
                    format!("Say why, in at most {MOST_CHARS} characters."),
                );
            }
            Self::PastDue { due_on } => {
                let due = format::date(due_on, lang);
                return lang.pick(
                    format!("截止日期{due}已过，不能再回应。"),
                    format!("It was due on {due}: nobody can answer any more."),
                );
            }
            Self::Due => (
                "截止日期应在今天以后一年之内。",
                "The deadline lies between today and a year from now.",
            ),
            Self::NobodyAbove => (
                "上面没有更高的负责人了。",
                "There is nobody further up who could decide.",
            ),
            Self::NothingAsked => (
                "承担人还没有提出自己的数字，请先提出一个再上报。",
                "The carrier has asked for nothing yet: name an amount first, then let it go further up.",
            ),
            Self::NotYours => (
                "只有发起的一方可以收回；你可以不同意。",
                "Only the side that began it takes it back; you can decline.",
            ),
            Self::NotBegun => (
                "协商要从提出一个数字开始。",
                "A negotiation begins with a proposal.",
            ),
            Self::Begun => (
                "这个数字已经在协商中，请在原来的协商里回应。",
                "This number is being negotiated already: answer there.",
            ),
        };
        lang.pick(zh, en).to_owned()
    }
}

/// That a negotiation has ended, and how.
fn ended(status: Status, lang: Lang) -> String {
    let (zh, en) = match status {
        Status::Agreed => (
            "双方已经商定，不能再改。要改请重新提出。",
            "Both sides have agreed: that does not change any more. Propose anew for another number.",
        ),
        Status::Declined => (
            "这次协商已经以不同意结束。",
            "This negotiation has ended without an agreement.",
        ),
        Status::Withdrawn => ("这次协商已被收回。", "This negotiation was taken back."),
        Status::Expired => ("这次协商已经过期。", "This negotiation has expired."),
        Status::Open => ("这次协商还没有结束。", "This negotiation goes on."),
    };
    lang.pick(zh, en).to_owned()
}
