//! Why a number is what it is: steps that add up to it exactly.
//!
//! The last split that reached a node says what each basis gave it, what ramp, assignment and season, hedge, bounds or a
//! proposal, and rounding did; every later command that touched it adds its change, with who, when and why. Where no split did, the steps begin with the amount
//! at the start of the log. They come in the order in which people tell it: what it is based on, what held it, who changed
//! it, and rounding last. Steps that came to nothing are left out, a change that was taken back among them.

mod later;
pub mod peers;
mod split;
pub mod what_if;

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::money::Minor;
use crate::plan::{
    Basis, BasisWeights, Entry, FactorKind, Grid, Misfit, NodeIndex, OwnWeights, PeriodIndex, PlanCommand,
    Shape, Spread, Standing,
};
use crate::staffing::Kind;

pub use self::later::{done_to, explain_hedge};

/// A number and the steps to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// The number: the sum of the steps.
    pub amount: Minor,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it adds; negative where it takes.
    pub amount: Minor,
    /// What it is.
    #[serde(flatten)]
    pub kind: StepKind,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StepKind {
    /// What the number was where the log begins.
    Start,
    /// What one basis gave: its share of the blend, times this node's part of its siblings' weight, of what the parent
    /// had.
    Basis {
        /// The entry that split.
        seq: u64,
        /// Which basis.
        basis: Basis,
        /// Its share of the blend in this group, in millionths: bases that say nothing about the group left theirs to
        /// the others.
        share_ppm: u32,
        /// The weight of this node in the basis, everything below included.
        weight: u64,
        /// The weight of the whole sibling group.
        of_weight: u64,
        /// What the parent had.
        of: Minor,
    },
    /// No basis said anything about the group, so it was shared otherwise: in former proportions, or by heads.
    Unweighted {
        /// The entry that split.
        seq: u64,
        /// What the parent had.
        of: Minor,
    },
    /// What ramp, assignment or season of this node and of its siblings did.
    Factor {
        /// The entry that split.
        seq: u64,
        /// Which of them.
        factor: FactorKind,
        /// The node's own in millionths, where it is one for all that is explained.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        own_ppm: Option<u32>,
    },
    /// This node's part of the parent's hedge.
    Hedge {
        /// The entry that split.
        seq: u64,
        /// The whole hedge.
        of: Minor,
    },
    /// Rounding to whole units so that siblings sum exactly.
    Rounding {
        /// The entry that split.
        seq: u64,
        /// The step rounded to.
        step: Minor,
    },
    /// Locks, floors and caps of this node or of its siblings.
    Bounds {
        /// The entry that split.
        seq: u64,
    },
    /// Somebody is not there in the time: before they join, after they leave or their unit was merged. Their number is zero
    /// then, and the others of the group take it.
    Absence {
        /// The entry that split.
        seq: u64,
    },
    /// What was proposed for this node was kept, whatever its weight; where it is only the least, it lifted the amount.
    Proposal {
        /// The entry that split.
        seq: u64,
    },
    /// A later command.
    Change {
        /// The entry.
        seq: u64,
        /// Who.
        author: UserId,
        /// When, in milliseconds since 1970.
        at_ms: i64,
        /// What was done.
        what: What,
        /// The node it was done to; others followed.
        at: NodeIndex,
        /// Why, in the words of who did it, or as [`crate::reason`] stores what the program gives.
        reason: Option<String>,
    },
    /// What was done, as the facts say.
    Done,
    /// What a row below was counted with.
    Below {
        /// The row.
        at: NodeIndex,
    },
    /// The same of other rows below, together.
    Others {
        /// How many.
        count: u32,
    },
    /// What a published version says.
    OnRecord {
        /// Its number, from 1.
        number: u32,
    },
    /// What follows for a line from what the row and the whole brought of it.
    Line {
        /// What the row has over all lines.
        of: Minor,
    },
    /// Somebody set a line of a row; others follow.
    LineSet {
        /// Who, by name; empty where whoever asks does not see the row.
        by: String,
        /// When, in milliseconds since 1970.
        at_ms: i64,
        /// The row.
        at: NodeIndex,
        /// Why, where they said.
        reason: Option<String>,
    },
}

/// What a later command did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An amount was set.
    Set,
    /// A node above was split otherwise, or only its children were.
    Split,
    /// The total of the plan was set.
    Total,
    /// Siblings were made equal.
    EvenOut,
    /// It was said by how much the levels are over-assigned.
    OverAssign,
    /// An amount was moved.
    Move,
    /// A command was taken back.
    Undo,
    /// A command was done again.
    Redo,
    /// A lock, floor or cap was changed.
    Hold,
    /// A change of staff was entered.
    Staff(Kind),
}

/// One basis of a split with its part of the blend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasisShare {
    /// Which.
    pub basis: Basis,
    /// Its part in millionths; the parts of a formula are those of the whole.
    pub share_ppm: u32,
}

/// By which bases the last split decided a node, the largest part first; empty where none did.
pub fn formula(start: &Grid, entries: &[Entry], node: NodeIndex) -> Vec<BasisShare> {
    let place = last_split(start, entries, &Standing::of(entries), node);
    let Some(PlanCommand::Split {
        node: top,
        bases,
        own,
        ..
    }) = place
        .and_then(|place| entries.get(place))
        .map(|entry| &entry.command)
    else {
        return Vec::new();
    };
    let shape = start.shape();
    let (_, bases) = deciding(shape, *top, bases, own, shape.parent(node).unwrap_or(*top));
    let sum: u64 = bases.iter().map(|basis| u64::from(basis.share_ppm)).sum();
    let mut shares: Vec<BasisShare> = bases
        .iter()
        .filter(|basis| basis.share_ppm > 0)
        .map(|basis| BasisShare {
            basis: basis.basis,
            share_ppm: ((u64::from(basis.share_ppm) * 1_000_000 + sum / 2) / sum.max(1)) as u32,
        })
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.share_ppm));
    shares
}

/// Explains a number from the grid at the start and every entry since; `node` and `period` must exist.
///
/// An entry that does not fit the grid before it is an error: the log is not that of the grid.
pub fn explain(
    start: &Grid,
    entries: &[Entry],
    node: NodeIndex,
    period: Option<PeriodIndex>,
) -> Result<Explanation, Misfit> {
    let periods: Vec<PeriodIndex> = match period {
        Some(period) => vec![period],
        None => start.periods().collect(),
    };
    let explanation = explain_over(start, entries, node, &periods)?;
    Ok(Explanation {
        period,
        ..explanation
    })
}

/// Explains what a node has in some periods together, as [`explain`] does for one or all.
pub fn explain_over(
    start: &Grid,
    entries: &[Entry],
    node: NodeIndex,
    periods: &[PeriodIndex],
) -> Result<Explanation, Misfit> {
    let amount = |grid: &Grid| -> i64 {
        periods
            .iter()
            .map(|period| grid.amount(node, Some(*period)).0)
            .sum()
    };
    let standing = Standing::of(entries);
    let reached = last_split(start, entries, &standing, node);
    let mut grid = start.clone();
    let mut steps = Vec::new();
    let from = reached.map_or(0, |index| index + 1);
    if let Some(index) = reached {
        for entry in &entries[..index] {
            grid.fold(&entry.deltas)?;
        }
        let before = grid.clone();
        grid.fold(&entries[index].deltas)?;
        split::steps(&before, &grid, &entries[index], node, periods, &mut steps);
    } else {
        steps.push(Step {
            amount: Minor(amount(start)),
            kind: StepKind::Start,
        });
    }
    steps.append(&mut later::changes(
        &mut grid,
        entries,
        (from, &standing),
        node,
        &amount,
    )?);
    if steps.len() > 1 {
        let is_base = |kind: &StepKind| matches!(kind, StepKind::Basis { .. } | StepKind::Unweighted { .. });
        steps.retain(|step| step.amount.0 != 0 || is_base(&step.kind));
    }
    steps.sort_by_key(|step| place(&step.kind));
    Ok(Explanation {
        node,
        period: None,
        amount: Minor(amount(&grid)),
        steps,
    })
}

/// Where a step stands among the others; steps of one kind stay in the order in which they were made.
fn place(kind: &StepKind) -> u8 {
    match kind {
        StepKind::Start
        | StepKind::Basis { .. }
        | StepKind::Unweighted { .. }
        | StepKind::Done
        | StepKind::Below { .. }
        | StepKind::Others { .. }
        | StepKind::OnRecord { .. }
        | StepKind::Line { .. } => 0,
        StepKind::Factor { .. } => 1,
        StepKind::Hedge { .. } => 2,
        StepKind::Bounds { .. } | StepKind::Absence { .. } | StepKind::Proposal { .. } => 3,
        StepKind::Change { .. } | StepKind::LineSet { .. } => 4,
        StepKind::Rounding { .. } => 5,
    }
}

/// The bases by which a split shares what a parent has: those of the innermost branch around it that has weights of its own,
/// else those of the split; and the node whose bases they are.
fn deciding<'a>(
    shape: &Shape,
    top: NodeIndex,
    bases: &'a [BasisWeights],
    own: &'a [OwnWeights],
    parent: NodeIndex,
) -> (NodeIndex, &'a [BasisWeights]) {
    let around =
        |own: &&OwnWeights| own.node <= parent && shape.has(own.node) && parent < shape.end(own.node);
    own.iter()
        .filter(around)
        .max_by_key(|own| own.node)
        .map_or((top, bases), |own| (own.node, own.bases.as_slice()))
}

/// The place of the last split in force that decided a node by its weights.
fn last_split(grid: &Grid, entries: &[Entry], standing: &Standing, node: NodeIndex) -> Option<usize> {
    let decided =
        |(place, entry): &(usize, &Entry)| standing.stands(*place) && reaches(grid, &entry.command, node);
    entries
        .iter()
        .enumerate()
        .rev()
        .find(decided)
        .map(|(place, _)| place)
}

/// Whether a split decided the node by its weights.
fn reaches(grid: &Grid, command: &PlanCommand, node: NodeIndex) -> bool {
    let shape = grid.shape();
    match command {
        PlanCommand::Split {
            node: top,
            spread: Spread::Subtree,
            ..
        } => *top < node && shape.has(*top) && node < shape.end(*top),
        PlanCommand::Split {
            node: top,
            spread: Spread::Children,
            ..
        } => shape.parent(node) == Some(*top),
        _ => false,
    }
}
