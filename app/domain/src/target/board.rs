//! The Target page of a version: the number with its levels, its chance, its parts in time and by line, and the check.

use serde::{Deserialize, Serialize};

use crate::assumption::Planning;
use crate::calendar::{Day, Period};
use crate::id::QuestionnaireId;
use crate::level::{Level, LevelError, Value};
use crate::line::{Line, LineBy, LineError};
use crate::money::Minor;
use crate::outlook::Distribution;
use crate::questionnaire::{self, Question, Reply};
use crate::smart::{Claim, Finding};
use crate::split::Stacks;
use crate::target::{DoneBefore, Span};

/// Everything a version's target says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetBoard {
    /// The planning it belongs to; always with a version.
    pub planning: Planning,
    /// Counts from 1 within the plan.
    pub number: u32,
    /// When the draft was put away, milliseconds since the epoch; none where it is in use.
    pub shelved_at_ms: Option<i64>,
    /// The number of the version's last command.
    pub head: u64,
    /// Whether it may be changed by whoever looks: a draft that is in use.
    pub may_edit: bool,
    /// What the one who looks can take back or do again.
    pub undoable: Stacks,
    /// The business date.
    pub today: Day,
    /// The target.
    pub total: Minor,
    /// The same days a year before; none where nothing is known of them.
    pub last_year: Option<DoneBefore>,
    /// What is booked within its days already.
    pub booked: Minor,
    /// What will come, of the same days; none where there is too little history.
    pub outlook: Option<Distribution>,
    /// The four levels, the lowest first.
    pub levels: Vec<LevelRow>,
    /// Why levels that were decided cannot be had at the present target.
    pub level_fault: Option<LevelError>,
    /// The name of the row that is about, where it is one below the topmost.
    pub level_fault_at: Option<String>,
    /// The periods of the plan in order, grouped by the quarter they lie in.
    pub quarters: Vec<Quarter>,
    /// The parts by line, where there is anything to cut by.
    pub lines: Vec<Lines>,
    /// The units directly below the whole, with what they carry.
    pub units: Vec<UnitPart>,
    /// What the units deliberately carry beyond the target.
    pub hedge: Minor,
    /// What it serves.
    pub purpose: Option<Purpose>,
    /// What the check was made of.
    pub claim: Claim,
    /// The check, a finding for each letter.
    pub smart: Vec<Finding>,
    /// What those asked proposed for themselves, summed; none where nobody was asked.
    pub bottom_up: Option<BottomUp>,
}

/// A level of the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelRow {
    /// Which.
    pub level: Level,
    /// What was decided; none for the target itself, and for a level that nobody decided.
    pub value: Option<Value>,
    /// Its amount; none where nobody decided it.
    pub amount: Option<Minor>,
    /// Its amount in each period of the plan, in order; empty where it has none.
    pub periods: Vec<Minor>,
}

/// A quarter of the plan with its periods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quarter {
    /// The quarter.
    pub period: Period,
    /// Its part of the target.
    pub amount: Minor,
    /// The periods within it: place in the plan, the period, its part.
    pub parts: Vec<(u16, Period, Minor)>,
}

/// A dimension the target is cut by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    /// By what.
    pub by: LineBy,
    /// Whether they are as history proposes; else somebody decided them.
    pub proposed: bool,
    /// The lines; they sum to the target unless there is a fault.
    pub lines: Vec<Line>,
    /// Why they cannot be brought to the present target.
    pub fault: Option<LineError>,
    /// What is in the rest and can be given a line of its own: key and name, the largest first.
    pub in_rest: Vec<(String, String)>,
}

/// A unit or person directly below the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitPart {
    /// Its place in the grid.
    pub node: u32,
    /// What it is called.
    pub name: String,
    /// What it carries.
    pub amount: Minor,
    /// Whether its total is locked in the grid.
    pub locked: bool,
    /// What will come there of the same days.
    pub outlook: Option<Distribution>,
}

/// What a target serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// What people call it.
    pub name: String,
    /// How much it asks of this target.
    pub asks: Option<Minor>,
    /// Its days, where it is a plan.
    pub span: Option<Span>,
    /// Whether nobody said so: the plan of record that contains these days was taken.
    pub found: bool,
}

/// What those who were asked proposed for themselves, and what they said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BottomUp {
    /// The questionnaire that asked them.
    pub questionnaire: QuestionnaireId,
    /// How many were asked.
    pub asked: u32,
    /// Their numbers, beside the target and the outlook.
    pub sum: questionnaire::BottomUp,
    /// Some of what they said: reasons of own numbers first, the largest number first, then other answers in words.
    pub said: Vec<Said>,
}

/// What somebody said in a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who.
    pub name: String,
    /// What they were asked.
    pub question: Question,
    /// What they answered.
    pub reply: Reply,
}

/// What is said of a target's purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPurpose {
    /// What people call it; empty to take it away.
    pub name: String,
    /// How much it asks of this target.
    #[serde(default)]
    pub asks: Option<Minor>,
}

/// A change of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum LineChange {
    /// Sets its amount; the others give and take.
    Set {
        /// The line.
        key: String,
        /// What it is to bring.
        amount: Minor,
    },
    /// Locks it, or lets it go.
    Lock {
        /// The line.
        key: String,
        /// Whether it is to stay.
        locked: bool,
    },
    /// Gives something of the rest a line of its own.
    SingleOut {
        /// What.
        key: String,
    },
    /// Takes the proposal of history again.
    Propose,
}

impl TargetBoard {
    /// The chance that an amount is reached, 0 to 1; none without an outlook.
    pub fn chance(&self, amount: Minor) -> Option<f64> {
        self.outlook.as_ref().map(|law| law.chance_of(amount))
    }

    /// Where an amount sits in the outlook: P93 is 93.
    pub fn percentile(&self, amount: Minor) -> Option<f64> {
        self.outlook.as_ref().map(|law| law.percentile_of(amount))
    }
}

/// A round number near an amount: at most three digits that are not zero, half up. What a percentile says has no more
/// meaning than that.
pub fn rounded(amount: Minor) -> Minor {
    let mut step = 1_i64;
    while amount.0 / step >= 1_000 {
        step *= 10;
    }
    Minor((amount.0.max(0) + step / 2) / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_proposed_as_a_round_number() {
        for (amount, round) in [
            (0, 0),
            (7, 7),
            (999, 999),
            (1_004, 1_000),
            (1_005, 1_010),
            (862_450_013, 862_000_000),
            (-5, 0),
        ] {
            assert_eq!(rounded(Minor(amount)), Minor(round), "{amount}");
        }
        assert_eq!(rounded(Minor(999_600)), Minor(1_000_000));
    }
}
