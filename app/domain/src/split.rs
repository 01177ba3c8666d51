//! The split grid as it travels: what opens it, what a change answers, and what others did meanwhile.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::id::{NodeId, PlanId, UserId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::{BasisWeights, Difference, Entry, Grid, NodeIndex, Refusal};
use crate::target::VersionStatus;

/// Everything the grid of one version needs to open.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenGrid {
    /// The plan.
    pub plan: PlanId,
    /// Its name.
    pub plan_name: String,
    /// The version.
    pub version: VersionId,
    /// Its number, from 1.
    pub number: u32,
    /// Where it stands.
    pub status: VersionStatus,
    /// The metric's key.
    pub metric: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// The periods of the columns, with their names.
    pub periods: Vec<Period>,
    /// The state at `head`; for who sees a part of the plan, that part.
    pub grid: Grid,
    /// Where the grid's root stands in the whole version: add it to an index of this grid to ask about a node.
    pub offset: u32,
    /// The roots of the parts this person sees, the one of this grid among them; one for who sees everything.
    pub roots: Vec<Part>,
    /// The level of each node (`company`, `region`, `team`, `member`, `unassigned` …), in pre-order.
    pub levels: Vec<String>,
    /// The sequence number of the last command.
    pub head: u64,
    /// The total of each node at the draft's start, in pre-order.
    pub start: Vec<Minor>,
    /// What each node did in the comparable period, in pre-order; `None` where nothing is known.
    pub history: Vec<Option<Minor>>,
    /// The bases of the initial split, each with its share and one weight for each node below the root; what a
    /// `Split` of the root would be given. Empty for who may not edit.
    pub bases: Vec<BasisWeights>,
    /// Weight of each period by the season of the history.
    pub seasons: Vec<u64>,
    /// Who is asking; signs locks.
    pub me: UserId,
    /// Whether this person may change this version.
    pub may_edit: bool,
    /// Nodes that are this person's own quota, which nobody edits for themselves.
    pub own: Vec<NodeIndex>,
    /// How many own commands can be undone and redone.
    pub undoable: Stacks,
    /// Names of the people who changed something or hold a lock.
    pub people: BTreeMap<UserId, String>,
}

/// A part of a plan that somebody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its root.
    pub node: NodeId,
    /// What the root is called.
    pub name: String,
}

/// How far somebody can go back and forth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stacks {
    /// Commands that can be taken back.
    pub undo: u32,
    /// Commands that can be done again.
    pub redo: u32,
}

/// What to do where others changed the same since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "if", content = "head")]
pub enum Insist {
    /// Show the difference and do nothing.
    #[default]
    Ask,
    /// Do it, if the head still is the one at which the difference was shown.
    At(u64),
}

/// What a change answers: everything since the base it was made on, or why it was not done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Applied {
    /// Entries after the base, in order; one's own is the last unless it was not done.
    pub entries: Vec<Entry>,
    /// The sequence number of the last command now.
    pub head: u64,
    /// Why the own command was not done.
    pub refused: Option<Refusal>,
    /// Others changed the same since the base, so the own command was not done: show this and ask.
    pub differences: Vec<Difference>,
    /// How many own commands can be undone and redone now.
    pub undoable: Stacks,
    /// Names of the authors of `entries` and `differences`.
    pub people: BTreeMap<UserId, String>,
}

impl Applied {
    /// Whether the own command is the last entry.
    pub fn is_done(&self) -> bool {
        self.refused.is_none() && self.differences.is_empty()
    }
}
