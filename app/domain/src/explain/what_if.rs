//! What the last split would have given to a node if it counted more or less in one basis.
//!
//! Only the sibling group is split again, as it stands right after that split: by the same bases, factors, proposals, hedges
//! and step, within the same locks and bounds, with one weight changed. What the parent has stays, so what one node gets more
//! its siblings get less, to the minor unit. Later changes of the number are not made again: the answer is what the *split*
//! would give against what it gave, each in the steps that the why-card tells.

use std::mem::discriminant;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Step, StepKind, deciding, last_split};
use crate::money::Minor;
use crate::plan::{
    Basis, BasisWeights, Deltas, Entry, Grid, Misfit, NodeIndex, PeriodIndex, PlanCommand, Refusal, Shape,
    Standing, apply,
};

/// The least change of a weight in per cent: nothing is left of it.
pub const LEAST_PCT: i32 = -100;
/// The largest change of a weight in per cent: five times as much.
pub const MOST_PCT: i32 = 400;

/// A change to try out: by how much more a node is to count in a basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growth {
    /// In which basis.
    pub basis: Basis,
    /// By how many per cent, from [`LEAST_PCT`] to [`MOST_PCT`].
    pub change_pct: i32,
}

/// What a change of a weight would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The change.
    pub growth: Growth,
    /// What the split gives by the weights as they are.
    pub before: Minor,
    /// What it would give.
    pub after: Minor,
    /// How many siblings would have another number.
    pub others: u32,
    /// Whether the node counts in the basis at all; nothing times anything stays nothing.
    pub counts: bool,
}

/// One step of the split, as it is and as it would be; none where it does not come to anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// By the weights as they are.
    pub before: Option<Step>,
    /// With the change.
    pub after: Option<Step>,
}

impl Line {
    /// What the step is.
    pub fn kind(&self) -> Option<&StepKind> {
        self.before
            .as_ref()
            .or(self.after.as_ref())
            .map(|step| &step.kind)
    }
}

/// What a change of a weight would do, with the steps to both amounts: they sum to them exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reckoned {
    /// What it would do.
    pub tried: Tried,
    /// The steps, in the order in which people tell them.
    pub lines: Vec<Line>,
}

/// Why a change cannot be tried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untried {
    /// A change outside of [`LEAST_PCT`] to [`MOST_PCT`].
    #[error("the change of {change_pct} % is not between -100 and 400")]
    Change {
        /// What it is.
        change_pct: i32,
    },
    /// No split decided the number: it was imported, or set by hand from the start.
    #[error("no split decided this number")]
    NotSplit,
    /// The split did not count the basis.
    #[error("the split does not count this basis")]
    NotCounted {
        /// Which.
        basis: Basis,
    },
    /// The split is refused with the other weight.
    #[error("the split is refused: {0}")]
    Refused(#[from] Refusal),
    /// The log is not that of the grid.
    #[error("the log does not fit: {0}")]
    Misfit(#[from] Misfit),
}

/// Tries out a change of a node's weight in the last split that decided it, over some periods together; the node and the
/// periods must exist.
pub fn what_if(
    start: &Grid,
    entries: &[Entry],
    node: NodeIndex,
    periods: &[PeriodIndex],
    growth: Growth,
) -> Result<Tried, Untried> {
    reckon(start, entries, node, periods, growth).map(|reckoned| reckoned.tried)
}

/// The same as [`what_if`], with the steps.
pub fn reckon(
    start: &Grid,
    entries: &[Entry],
    node: NodeIndex,
    periods: &[PeriodIndex],
    growth: Growth,
) -> Result<Reckoned, Untried> {
    let Growth { basis, change_pct } = growth;
    let times = (LEAST_PCT..=MOST_PCT)
        .contains(&change_pct)
        .then(|| u64::try_from(100 + change_pct).ok())
        .flatten()
        .ok_or(Untried::Change { change_pct })?;
    let place = last_split(start, entries, &Standing::of(entries), node).ok_or(Untried::NotSplit)?;
    let mut grid = start.clone();
    for entry in entries.iter().take(place + 1) {
        grid.fold(&entry.deltas)?;
    }
    let shape = grid.shape();
    let parent = shape.parent(node).ok_or(Untried::NotSplit)?;
    let entry = entries.get(place).ok_or(Untried::NotSplit)?;
    let group = of_group(&entry.command, shape, parent).ok_or(Untried::NotSplit)?;
    let own = (node.0 - parent.0 - 1) as usize..(shape.end(node).0 - parent.0 - 1) as usize;
    let counts = weight(&group, basis, own.clone()).ok_or(Untried::NotCounted { basis })? > 0;
    // Both go the same way, so that no change is no difference.
    let (old, new) = (grown(&group, basis, &own, 100), grown(&group, basis, &own, times));
    let (before, after) = (split(&grid, &old)?, split(&grid, &new)?);
    let told = |made: &Grid, command: PlanCommand| {
        let entry = Entry::new(entry.seq, entry.at_ms, entry.author, command, Deltas::default());
        let mut steps = Vec::new();
        super::split::steps(&grid, made, &entry, node, periods, &mut steps);
        steps
    };
    let lines = beside(told(&before, old), told(&after, new));
    let amount = |grid: &Grid, node: NodeIndex| -> i64 {
        periods
            .iter()
            .map(|period| grid.amount(node, Some(*period)).0)
            .sum()
    };
    let others = shape
        .children(parent)
        .filter(|sibling| *sibling != node && amount(&before, *sibling) != amount(&after, *sibling))
        .count();
    Ok(Reckoned {
        tried: Tried {
            growth,
            before: Minor(amount(&before, node)),
            after: Minor(amount(&after, node)),
            others: u32::try_from(others).unwrap_or(u32::MAX),
            counts,
        },
        lines,
    })
}

/// The steps of two splits beside each other; what comes to nothing in both is left out, but for the bases.
fn beside(before: Vec<Step>, mut after: Vec<Step>) -> Vec<Line> {
    let mut lines: Vec<Line> = before
        .into_iter()
        .map(|step| {
            let same = after.iter().position(|other| is_same(&step.kind, &other.kind));
            Line {
                after: same.map(|same| after.remove(same)),
                before: Some(step),
            }
        })
        .collect();
    lines.extend(after.into_iter().map(|step| Line {
        before: None,
        after: Some(step),
    }));
    let is_told = |step: Option<&Step>| {
        step.is_some_and(|step| step.amount.0 != 0 || matches!(step.kind, StepKind::Basis { .. }))
    };
    lines.retain(|line| is_told(line.before.as_ref()) || is_told(line.after.as_ref()));
    lines.sort_by_key(|line| line.kind().map_or(0, super::place));
    lines
}

/// Whether two steps are the same but for what they come to.
fn is_same(one: &StepKind, other: &StepKind) -> bool {
    match (one, other) {
        (StepKind::Basis { basis: one, .. }, StepKind::Basis { basis: other, .. }) => one == other,
        (StepKind::Factor { factor: one, .. }, StepKind::Factor { factor: other, .. }) => one == other,
        _ => discriminant(one) == discriminant(other),
    }
}

fn split(grid: &Grid, command: &PlanCommand) -> Result<Grid, Untried> {
    let deltas = apply(grid, command)?;
    let mut split = grid.clone();
    split.fold(&deltas)?;
    Ok(split)
}

/// The part of a split that lies below one of its parents, as a split of its own.
fn of_group(command: &PlanCommand, shape: &Shape, parent: NodeIndex) -> Option<PlanCommand> {
    let PlanCommand::Split {
        node: top,
        spread,
        bases,
        factors,
        own,
        proposals,
        uplift_ppm,
        step,
        ..
    } = command
    else {
        return None;
    };
    let end = shape.end(parent);
    let (from, bases) = deciding(shape, *top, bases, own, parent);
    let below = parent.0.checked_sub(from.0)? as usize..(end.0 - from.0).checked_sub(1)? as usize;
    let inside = |node: NodeIndex| parent < node && node < end;
    let bases = bases.iter().map(|basis| {
        Some(BasisWeights {
            weights: basis.weights.get(below.clone())?.to_vec(),
            ..*basis
        })
    });
    let level = usize::from(shape.depth(parent).checked_sub(shape.depth(*top))?);
    Some(PlanCommand::Split {
        node: parent,
        spread: *spread,
        bases: bases.collect::<Option<Vec<_>>>()?,
        factors: factors
            .iter()
            .filter(|factor| inside(factor.node))
            .cloned()
            .collect(),
        own: own.iter().filter(|own| inside(own.node)).cloned().collect(),
        proposals: proposals
            .iter()
            .filter(|proposal| inside(proposal.node))
            .copied()
            .collect(),
        uplift_ppm: uplift_ppm.get(level..).map(<[u32]>::to_vec).unwrap_or_default(),
        step: *step,
        reason: None,
    })
}

/// The weight of some nodes in a basis that counts; none where it does not.
fn weight(command: &PlanCommand, basis: Basis, own: Range<usize>) -> Option<u128> {
    let PlanCommand::Split { bases, .. } = command else {
        return None;
    };
    let known = bases
        .iter()
        .find(|known| known.basis == basis && known.share_ppm > 0)?;
    let weights = known.weights.get(own)?;
    Some(weights.iter().map(|weight| u128::from(*weight)).sum())
}

/// The same split with the weights of some nodes in a basis times so many hundredths.
fn grown(command: &PlanCommand, basis: Basis, own: &Range<usize>, hundredths: u64) -> PlanCommand {
    let mut grown = command.clone();
    if let PlanCommand::Split { bases, .. } = &mut grown {
        for known in bases.iter_mut().filter(|known| known.basis == basis) {
            let largest = known.weights.iter().copied().max().unwrap_or(0);
            // Only proportions count, so everybody else is taken a hundred times. Where that would not fit, a weight has so
            // many digits that rounding it shows nowhere.
            let fits = largest <= u64::MAX / (100 + u64::from(MOST_PCT.unsigned_abs()));
            for (place, weight) in known.weights.iter_mut().enumerate() {
                let times = if own.contains(&place) { hundredths } else { 100 };
                let whole = u128::from(*weight) * u128::from(times);
                let whole = if fits { whole } else { whole / 100 };
                *weight = u64::try_from(whole).unwrap_or(u64::MAX);
            }
        }
    }
    grown
}
