//! What commands did to a number after it was first decided, and the over-assignment of a row, which they make alone.

use std::collections::BTreeMap;

use super::{Explanation, Step, StepKind, What};
use crate::money::Minor;
use crate::plan::{
    self, Entered, Entry, GiveWay, Grid, Intent, Misfit, NodeIndex, PeriodIndex, PlanCommand, Shape, Standing,
};

/// What each entry from a place on changed of an amount, in the order in which they were made. A command counts with all that took
/// it back or did it again. `grid` stands before the first of them, and after the last then.
pub(super) fn changes(
    grid: &mut Grid,
    entries: &[Entry],
    (from, standing): (usize, &Standing),
    node: NodeIndex,
    amount: &impl Fn(&Grid) -> i64,
) -> Result<Vec<Step>, Misfit> {
    // By the first of them that is told here.
    let mut changes: BTreeMap<usize, (usize, i64)> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate().skip(from) {
        let before = amount(grid);
        grid.fold(&entry.deltas)?;
        let (_, sum) = changes.entry(standing.root(place)).or_insert((place, 0));
        *sum += amount(grid) - before;
    }
    let mut changes: Vec<(usize, i64)> = changes.into_values().filter(|(_, sum)| *sum != 0).collect();
    changes.sort_unstable();
    let shape = grid.shape();
    let step = |(place, difference): (usize, i64)| {
        let entry = &entries[place];
        let (what, at) = what(&entry.command, node, shape);
        let kind = StepKind::Change {
            seq: entry.seq,
            author: entry.author,
            at_ms: entry.at_ms,
            what,
            at,
            reason: entry.command.reason().map(str::to_owned),
        };
        Step {
            amount: Minor(difference),
            kind,
        }
    };
    Ok(changes.into_iter().map(step).collect())
}

/// Explains by how much what lies below a node exceeds it in some periods together (below zero: what is held back of it): what it
/// was where the log begins, and what each command changed.
pub fn explain_hedge(
    start: &Grid,
    entries: &[Entry],
    node: NodeIndex,
    periods: &[PeriodIndex],
) -> Result<Explanation, Misfit> {
    let hedge = |grid: &Grid| -> i64 {
        periods
            .iter()
            .map(|period| grid.hedge(node, Some(*period)).0)
            .sum()
    };
    let standing = Standing::of(entries);
    let mut grid = start.clone();
    let mut steps = vec![Step {
        amount: Minor(hedge(start)),
        kind: StepKind::Start,
    }];
    steps.append(&mut changes(&mut grid, entries, (0, &standing), node, &hedge)?);
    if steps.len() > 1 {
        steps.retain(|step| step.amount.0 != 0);
    }
    Ok(Explanation {
        node,
        period: None,
        amount: Minor(hedge(&grid)),
        steps,
    })
}

/// The node that a command was done to, which changed another one: others follow.
pub fn done_to(command: &PlanCommand, node: NodeIndex, shape: &Shape) -> NodeIndex {
    what(command, node, shape).1
}

/// What a command did to a node, and the node it was done to.
fn what(command: &PlanCommand, node: NodeIndex, shape: &Shape) -> (What, NodeIndex) {
    match command {
        PlanCommand::Set { node, .. } | PlanCommand::SetSpan { node, .. } => (What::Set, *node),
        PlanCommand::Split { node, .. } => (What::Split, *node),
        PlanCommand::SetTotal { .. } => (What::Total, NodeIndex(0)),
        PlanCommand::EvenOut { node, .. } => (What::EvenOut, *node),
        PlanCommand::OverAssign { node, .. } => (What::OverAssign, *node),
        // What is held gave way to the amount that was set.
        PlanCommand::Steps { steps } => {
            let set = steps.iter().find_map(|step| match step {
                plan::Step::Set { node, .. } => Some(*node),
                _ => None,
            });
            set.map_or((What::Hold, node), |set| (What::Set, set))
        }
        PlanCommand::Enter {
            amounts,
            gives: GiveWay::Siblings,
            ..
        } => (What::Set, entered_for(amounts, node, shape)),
        PlanCommand::Enter { .. } => (What::Set, node),
        PlanCommand::Staff { change, .. } => (What::Staff(*change), node),
        PlanCommand::Move { from, to, .. } | PlanCommand::SendShare { from, to, .. } => {
            (What::Move, if *from == node { *to } else { *from })
        }
        PlanCommand::Restore {
            intent: Intent::Undo, ..
        } => (What::Undo, node),
        PlanCommand::Restore {
            intent: Intent::Redo, ..
        } => (What::Redo, node),
        PlanCommand::Lock { node, .. }
        | PlanCommand::Unlock { node, .. }
        | PlanCommand::Floor { node, .. }
        | PlanCommand::Cap { node, .. } => (What::Hold, *node),
    }
}

/// The row that was entered and that a node changed for the sake of: itself, one above or below it, or else one to which it gave.
fn entered_for(amounts: &[Entered], node: NodeIndex, shape: &Shape) -> NodeIndex {
    let rows = || {
        let rows = amounts.iter().map(|entered| entered.node);
        rows.filter(move |row| shape.has(*row))
    };
    let is_above = |above: NodeIndex, row: NodeIndex| shape.ancestors(row).any(|known| known == above);
    let is_own = |row: &NodeIndex| *row == node || is_above(*row, node) || is_above(node, *row);
    let is_beside = |row: &NodeIndex| {
        let parent = shape.parent(*row);
        parent.is_some_and(|parent| is_above(parent, node))
    };
    let own = rows().find(is_own).or_else(|| rows().find(is_beside));
    own.or_else(|| rows().next()).unwrap_or(node)
}
