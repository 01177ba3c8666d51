//! The split grid as it travels: what opens it, what a change answers, and what others did meanwhile.

mod columns;
mod compared;
mod counted;
#[cfg(test)]
mod fixture;
mod lean;
mod levelled;
mod levels;
mod own_levels;
mod part;
mod paste;
mod plan_levels;
mod quarters;
mod rows;
mod table;
mod trend;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::approval::Review;
use crate::calendar::Period;
use crate::id::{NodeId, PlanId, UserId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::{
    Basis, BasisWeights, Deltas, Entry, FactorKind, Grid, Intent, NodeIndex, PeriodIndex, Refusal, Shape,
};
use crate::target::VersionStatus;

pub use columns::{ColumnsError, Front, Joining, NAMES_PAGE, ReadFront};
pub use compared::{CellBase, Compared, Difference, MOST_COMPARED_ROWS, known_from_first};
pub use counted::{Counted, Included, days_since};
pub use lean::Large;
pub use levelled::{LevelCells, MOST_LEVEL_ROWS, OwnLevel, OwnRows, RowLevels};
pub use levels::Levels;
pub use own_levels::{LevelsAnswer, LevelsChanged, NewRowLevels, OwnValue, SeenLevels};
pub use part::{PartChange, PartNews};
pub use paste::{PasteAt, PasteChange, PasteFault, PasteProblem, Pasted, paste};
pub use plan_levels::{PlanLevelsAnswer, PlanLevelsChanged};
pub use quarters::{Quarter, quarters};
pub use rows::{Against, Only, Sort, SortBy};
pub use table::{plain_amount, read_table, write_table};
pub use trend::{Growth, MOST_TREND_QUARTERS, MOST_TREND_ROWS, Trend, Trends};

/// Everything the grid of one version needs to open. It travels branch by branch as compact columns (`split::columns`), the names of
/// most people page by page when they are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The quarters that the periods make up, where they are months.
    pub quarters: Vec<Quarter>,
    /// The state at `head`; for who sees a part of the plan, that part.
    pub grid: Grid,
    /// Where the grid's root stands in the whole version: add it to an index of this grid to ask about a node.
    pub offset: u32,
    /// The roots of the parts this person sees, the one of this grid among them; one for who sees everything.
    pub roots: Vec<Part>,
    /// Where each node comes among those of its parent by what it is called, from 0, in pre-order: Chinese names by their sound.
    pub ranks: Vec<u32>,
    /// The level of each node, in pre-order.
    pub levels: Levels,
    /// The sequence number of the last command.
    pub head: u64,
    /// The total of each node at the draft's start, in pre-order.
    pub start: Vec<Minor>,
    /// What each node did in the comparable period, in pre-order; `None` where nothing is known.
    pub history: Vec<Option<Minor>>,
    /// What each node's carrier has on record for these periods, whatever version it comes from, in pre-order; `None`
    /// where nothing is on record, and of everybody where one of the periods is not.
    pub record: Vec<Option<Minor>>,
    /// The bases of the initial split, each with its share and one weight for each node below the root; what a
    /// `Split` of the root would be given. Empty for who may not edit plans.
    pub bases: Vec<BasisWeights>,
    /// How the split in force went beside the shares of its bases; nothing for who may not edit plans.
    pub in_force: InForce,
    /// Weight of each period by the season of the history.
    pub seasons: Vec<u64>,
    /// Who is asking; signs locks.
    pub me: UserId,
    /// Whether it needs to be approved.
    pub review: Review,
    /// Whether this person may change this version.
    pub may_edit: bool,
    /// Nodes that are this person's own quota, which nobody edits for themselves.
    pub own: Vec<NodeIndex>,
    /// How many own commands can be undone and redone.
    pub undoable: Stacks,
    /// Names of the people who changed something or hold a lock.
    pub people: BTreeMap<UserId, String>,
    /// What others changed since this person looked last; none where nothing did, or where no look is known.
    pub news: Option<News>,
}

/// How the split of the whole that is in force went, and which branches were split by weights of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The factors that counted, each kind once.
    pub kinds: Vec<FactorKind>,
    /// Branches with weights of their own, in pre-order.
    pub own: Vec<OwnShares>,
}

/// A branch that was split by weights of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnShares {
    /// Its top.
    pub node: NodeIndex,
    /// The shares of its bases, in millionths.
    pub shares: Vec<(Basis, u32)>,
}

/// What others changed in a grid since somebody looked at the version last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// When they looked, milliseconds since the epoch.
    pub at_ms: i64,
    /// The last command that is told of.
    pub head: u64,
    /// Amounts that others changed since, and that are another now.
    pub count: u64,
    /// The largest of the changes.
    pub cells: Vec<Changed>,
}

/// An amount that somebody else changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The row, in this grid.
    pub node: NodeIndex,
    /// The period.
    pub period: PeriodIndex,
    /// What it was.
    pub before: Minor,
    /// Who changed it last.
    pub by: String,
}

/// The largest plan whose members are all unfolded when it opens, rows.
const UNFOLDED_ROWS: usize = 200;

/// Which nodes are unfolded when a grid opens, in pre-order: regions and teams, in small plans everything.
pub fn unfolded_at_first(shape: &Shape) -> Vec<bool> {
    let all = shape.len() <= UNFOLDED_ROWS;
    shape.nodes().map(|node| all || shape.depth(node) < 2).collect()
}

/// The nodes that folding leaves in sight, from top to bottom.
pub fn in_sight<'a>(shape: &'a Shape, unfolded: &'a [bool]) -> impl Iterator<Item = NodeIndex> + 'a {
    let first = Some(NodeIndex(0)).filter(|node| shape.has(*node));
    std::iter::successors(first, move |node| {
        let next = if unfolded.get(node.0 as usize).copied().unwrap_or_default() {
            NodeIndex(node.0 + 1)
        } else {
            shape.end(*node)
        };
        Some(next).filter(|next| shape.has(*next))
    })
}

/// The first rows of a grid, to be shown until the grid itself is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The plan's name.
    pub plan_name: String,
    /// The version's number, from 1.
    pub number: u32,
    /// Where the version stands.
    pub status: VersionStatus,
    /// The currency of every amount.
    pub currency: Currency,
    /// The periods of the columns.
    pub periods: Vec<Period>,
    /// The rows, from the top down.
    pub rows: Vec<OpeningRow>,
    /// The total at the draft's start or now, whichever is larger: it decides the unit of the columns.
    pub largest: Minor,
}

/// A row of an [`Opening`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningRow {
    /// What it is called.
    pub name: String,
    /// How deep it stands in the tree, from 0.
    pub depth: u8,
    /// Whether it is a person.
    pub is_member: bool,
    /// What it did in the comparable period.
    pub history: Option<Minor>,
    /// The total.
    pub total: Minor,
    /// The total at the draft's start.
    pub start: Minor,
    /// The parent's total; the own one for the root.
    pub whole: Minor,
    /// The amount of each period.
    pub amounts: Vec<Minor>,
}

impl OpenGrid {
    /// The first `count` rows, as the grid will show them when it opens.
    pub fn opening(&self, count: usize) -> Opening {
        let shape = self.grid.shape();
        let unfolded = unfolded_at_first(shape);
        let at = |values: &[Minor], node: NodeIndex| values.get(node.0 as usize).copied().unwrap_or_default();
        let row = |node: NodeIndex| {
            let total = self.grid.amount(node, None);
            OpeningRow {
                name: shape.name(node).to_owned(),
                depth: shape.depth(node),
                is_member: shape.reference(node).is_member(),
                history: self.history.get(node.0 as usize).copied().flatten(),
                total,
                start: at(&self.start, node),
                whole: shape
                    .parent(node)
                    .map_or(total, |parent| self.grid.amount(parent, None)),
                amounts: (0..self.periods.len() as u16)
                    .map(|period| self.grid.amount(node, Some(PeriodIndex(period))))
                    .collect(),
            }
        };
        Opening {
            plan_name: self.plan_name.clone(),
            number: self.number,
            status: self.status,
            currency: self.currency.clone(),
            periods: self.periods.clone(),
            rows: in_sight(shape, &unfolded).take(count).map(row).collect(),
            largest: at(&self.start, NodeIndex(0)).max(self.grid.amount(NodeIndex(0), None)),
        }
    }
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

/// A step back or forth through one's own changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// Whether the last change is taken back or done again.
    pub intent: Intent,
    /// What to do where others were there since.
    pub insist: Insist,
    /// What gives way to it.
    pub frees: Frees,
}

/// Places that give way to a step, in the same step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frees {
    /// Those whose locks are released.
    #[serde(default)]
    pub unlocks: Vec<(NodeIndex, Option<PeriodIndex>)>,
    /// Those whose floors and caps are moved, as far as it needs.
    #[serde(default)]
    pub loosens: Vec<(NodeIndex, Option<PeriodIndex>)>,
}

/// What whoever made a change had seen of the version then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The last command that was in sight.
    pub base: u64,
    /// Later ones that were made in the very same place, as in the same tab of a browser: a change that follows them means what
    /// they left. `None`: every one by the same author.
    pub own: Option<Vec<u64>>,
}

impl Seen {
    /// Everything up to a command, and the author's own after it.
    pub fn up_to(base: u64) -> Self {
        Self { base, own: None }
    }

    /// Whether an entry after the base was out of sight when somebody made a change.
    pub fn misses(&self, entry: &Entry, me: UserId) -> bool {
        entry.author != me || self.own.as_ref().is_some_and(|own| !own.contains(&entry.seq))
    }
}

/// What a change answers: everything since the base it was made on, or why it was not done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Applied {
    /// Entries after the base, in order; one's own is the last unless it was not done, or had been done before.
    pub entries: Vec<Entry>,
    /// The base is too far back for the entries to be told one by one: they, or what they changed ([`Applied::lean`]), are left out,
    /// and the grid is to be opened anew.
    #[serde(default)]
    pub behind: bool,
    /// The only entry is the own one, and it changed just what its sender made of it: its cells are left out.
    #[serde(default)]
    pub as_made: bool,
    /// What changed a lot, for who takes it packed ([`Applied::lean`]): it is not in the entries then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub large: Vec<Large>,
    /// The sequence number of the last command now.
    pub head: u64,
    /// Why the own command was not done.
    pub refused: Option<Refusal>,
    /// Who set the floor or cap that refused it, where the log tells.
    #[serde(default)]
    pub bounded_by: Option<UserId>,
    /// Others changed the same since the base, so the own command was not done: show this and ask.
    pub differences: Vec<crate::plan::Difference>,
    /// Rows beyond those of `differences`, where those are of the rows that were changed most ([`Applied::lean`]).
    #[serde(default)]
    pub more_rows: u64,
    /// Rows of the version, by which the cells of `differences` are known to be of one; it does not travel.
    #[serde(skip)]
    pub rows: u32,
    /// How many own commands can be undone and redone now.
    pub undoable: Stacks,
    /// Names of the authors of `entries` and `differences`, and of `bounded_by`.
    pub people: BTreeMap<UserId, String>,
    /// The shares of the bases in force now, in millionths, where the entries may have changed them; empty where the whole
    /// was never split by bases.
    pub shares: Option<Vec<(Basis, u32)>>,
    /// How the split in force went beside that; told with the shares.
    #[serde(default)]
    pub in_force: InForce,
}

impl Applied {
    /// Whether the own command is the last entry.
    pub fn is_done(&self) -> bool {
        self.refused.is_none() && self.differences.is_empty()
    }

    /// The same without the cells of the own entry, where its sender made the same of it on the same state: of a plan with many rows
    /// they are several times as large as the plan. `digest`: that of what the sender made on `base`, where it has one.
    #[must_use]
    pub fn brief(mut self, base: u64, digest: Option<u64>) -> Self {
        let is_done = self.is_done() && !self.behind;
        if let [own] = self.entries.as_mut_slice()
            && is_done
            && own.seq == base + 1
            && digest.is_some_and(|digest| digest == own.deltas.digest())
        {
            own.deltas = Deltas::default();
            self.as_made = true;
        }
        self
    }
}
