//! A plan as a workbook: what comes back from it, compared with what there is.
//!
//! A workbook bears the version and the command it was written at. What somebody changed in it is what differs from the
//! amounts of that moment: a cell that only others changed since is left alone, and a blank cell says nothing.

mod note;
mod obstacle;

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::id::VersionId;
use crate::level::{Level, LevelError, Value};
use crate::money::{Currency, Minor};
use crate::plan::{Entered, NodeIndex, PeriodIndex};
pub use note::Note;
pub use obstacle::Obstacle;

/// Changed amounts that are taken over at once.
pub const MOST_CHANGES: usize = 20_000;

/// What a blank amount means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blanks {
    /// Leave as it is.
    #[default]
    Keep,
    /// Nothing is to be done there any more.
    Zero,
}

/// A workbook against a draft; nothing is written yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The draft.
    pub version: VersionId,
    /// Its number, from 1.
    pub number: u32,
    /// The plan's name.
    pub plan_name: String,
    /// The last command it was compared at: to be sent back with what is to be taken over.
    pub head: u64,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The periods, by their index.
    pub periods: Vec<Period>,
    /// The total of the plan now.
    pub before: Minor,
    /// The total with every change that can be had.
    pub after: Minor,
    /// What can be taken over.
    pub changes: Vec<CellChange>,
    /// What cannot.
    pub refused: Vec<Refused>,
    /// Levels of the whole plan that differ.
    pub levels: Vec<LevelChange>,
    /// Why those levels cannot be had together with the amounts; then none of them is taken over.
    pub level_fault: Option<LevelError>,
    /// The name of the row that is about, where it is one below the topmost.
    pub level_fault_at: Option<String>,
    /// What else is to be known.
    pub notes: Vec<Note>,
}

/// An amount of the workbook that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellChange {
    /// The row.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// What the rows above it are called, from the top; empty at the top.
    pub above: String,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// The amount now.
    pub before: Minor,
    /// The amount of the workbook.
    pub after: Minor,
    /// What the amount was when the workbook was written, where somebody changed it since.
    pub written: Option<Minor>,
}

impl CellChange {
    /// As it is entered.
    pub fn entered(&self) -> Entered {
        Entered {
            node: self.node,
            period: self.period,
            amount: self.after,
        }
    }
}

/// An amount that cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Which.
    pub change: CellChange,
    /// What stands in its way.
    pub obstacle: Obstacle,
}

/// A level of the whole plan that the workbook says something else of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelChange {
    /// Floor, stretch or challenge; the target is what the plan says.
    pub level: Level,
    /// What is decided now; none where nothing is.
    pub before: Option<Value>,
    /// What the workbook says.
    pub after: Value,
    /// What that comes to with every change that can be had; none where the levels are out of order.
    pub amount: Option<Minor>,
    /// Whether somebody decided it anew since the workbook was written.
    pub moved: bool,
}

impl LevelChange {
    /// As it is taken over.
    pub fn entered(&self) -> LevelEntered {
        LevelEntered {
            level: self.level,
            before: self.before,
            after: self.after,
        }
    }
}

/// A level to be decided as a workbook says, provided that it still is what it was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelEntered {
    /// Which.
    pub level: Level,
    /// What it was when it was compared.
    pub before: Option<Value>,
    /// What it is to be.
    pub after: Value,
}

/// What was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// The last command now.
    pub head: u64,
    /// How many amounts were entered.
    pub entered: u64,
    /// How many levels were decided.
    pub levels: u64,
}
