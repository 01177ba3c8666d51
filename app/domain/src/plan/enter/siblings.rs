//! Amounts entered at once to which their siblings give: what stands above them stays as it is.
//!
//! An amount that is the only one below its parent is set as by a drag that keeps the column. Where there are several, they
//! are set first and their parent with them; then the parent is put back, period by period, and those below it give that were
//! not entered, in proportion to what they have. What was entered is held on the way: none gives to another, wherever in the
//! tree it stands.

use std::collections::{BTreeMap, HashSet};

use super::{Entered, Stop, StoppedBy, alone};
use crate::id::UserId;
use crate::money::Minor;
use crate::plan::{
    Blocker, Cause, CellDelta, CellIndex, Constraint, Deltas, Give, Grid, Keep, Misfit, NodeIndex,
    PeriodIndex, Refusal,
};
use crate::rebalance::{self, Aim, check_bounds};

/// Signs what is held on the way; nobody who is asked to release a lock.
pub(super) const NOBODY: UserId = UserId(uuid::Uuid::max());

/// What the amounts change where their siblings give. Each must be possible on its own.
pub(super) fn give(grid: &Grid, amounts: &[Entered]) -> Result<Deltas, Stop> {
    let shape = grid.shape();
    let mut groups: BTreeMap<Option<NodeIndex>, Vec<Entered>> = BTreeMap::new();
    for entered in amounts {
        groups
            .entry(shape.parent(entered.node))
            .or_default()
            .push(*entered);
    }
    let mut working = grid.clone();
    for entered in amounts {
        hold(&mut working, entered);
    }
    // Rows come after what is above them: from the last parent on, those further down are done before those above, which
    // then leave them alone.
    for (parent, group) in groups.into_iter().rev() {
        for place in group.iter().flat_map(|entered| places(grid, entered)) {
            let (node, period) = place;
            match grid.constraint(node, period) {
                none if none.is_empty() => working.release(place),
                held => working.hold_as(place, held),
            }
        }
        let done = match (parent, group.as_slice()) {
            (Some(_), [only]) => drag(&working, only),
            (Some(parent), _) => among(&working, parent, &group),
            // Nothing is above the topmost row, and nobody beside it.
            (None, _) => among(&working, NodeIndex(0), &group),
        };
        let done = done.and_then(|deltas| fold(&mut working, &deltas));
        if let Err(refusal) = done {
            return Err(Stop {
                by: StoppedBy::Siblings(group),
                refusal: unsigned(refusal),
            });
        }
        for entered in &group {
            hold(&mut working, entered);
        }
    }
    let cells = changes(grid, &working, |node, period| shape.cell(node, period));
    Ok(Deltas {
        cells,
        ..Deltas::default()
    }
    .tidy())
}

/// One amount, as by a drag that keeps the column.
fn drag(grid: &Grid, entered: &Entered) -> Result<Deltas, Refusal> {
    let aim = Aim {
        node: entered.node,
        period: entered.period,
        keep: Keep::Column,
        give: Give::Siblings,
    };
    rebalance::set(grid, aim, entered.amount)
}

/// Several amounts right below one parent, or those of the topmost row itself.
fn among(grid: &Grid, parent: NodeIndex, group: &[Entered]) -> Result<Deltas, Refusal> {
    let before = grid
        .part(parent)
        .map_err(|_| Refusal::UnknownNode { node: parent })?;
    let after = solved(&before, parent, group).map_err(|refusal| refusal.moved_down(parent))?;
    let shape = grid.shape();
    let cells = changes(&before, &after, |node, period| {
        shape.cell(NodeIndex(node.0 + parent.0), period)
    });
    Ok(Deltas {
        cells,
        ..Deltas::default()
    })
}

/// The same within the part of the plan that begins with the parent.
fn solved(before: &Grid, parent: NodeIndex, group: &[Entered]) -> Result<Grid, Refusal> {
    const TOP: NodeIndex = NodeIndex(0);
    let mut part = before.clone();
    let local = |entered: &Entered| Entered {
        node: NodeIndex(entered.node.0 - parent.0),
        ..*entered
    };
    let of_top = |entered: &Entered| entered.node == TOP;
    let whole = group.iter().map(local).all(|entered| of_top(&entered));
    if !whole {
        // In the end the parent has what it had: nothing holds it on the way.
        for period in part.periods().map(Some).chain([None]) {
            part.release((TOP, period));
        }
    }
    for entered in group.iter().map(local) {
        let mut deltas = alone(&part, &entered, &mut HashSet::new())?;
        let shape = part.shape().clone();
        let mut above = Vec::new();
        for delta in &deltas.cells {
            let (node, period) = shape.place(delta.cell);
            if node == entered.node {
                let difference = delta.new.0 - delta.old.0;
                let old = part.amount(TOP, Some(period));
                above.push(CellDelta {
                    cell: shape.cell(TOP, period),
                    old,
                    new: Minor(old.0 + difference),
                });
            }
        }
        if !of_top(&entered) {
            deltas.cells.extend(above);
        }
        fold(&mut part, &deltas)?;
    }
    // Of a row of which several periods were entered the total counts when all are.
    for entered in group.iter().map(local) {
        let (old, new) = (before.amount(entered.node, None), part.amount(entered.node, None));
        if old != new {
            check_bounds(before, entered.node, None, new.0)?;
        }
    }
    if whole {
        return Ok(part);
    }
    for entered in group.iter().map(local) {
        hold(&mut part, &entered);
    }
    for period in before.periods() {
        let had = before.amount(TOP, Some(period));
        if part.amount(TOP, Some(period)) == had {
            continue;
        }
        let aim = Aim {
            node: TOP,
            period: Some(period),
            keep: Keep::None,
            give: Give::Siblings,
        };
        let deltas = rebalance::set(&part, aim, had)?;
        fold(&mut part, &deltas)?;
    }
    Ok(part)
}

/// The cells of a row that an amount is about.
fn places(grid: &Grid, entered: &Entered) -> Vec<(NodeIndex, Option<PeriodIndex>)> {
    let node = entered.node;
    match entered.period {
        Some(period) => vec![(node, Some(period))],
        None => grid.periods().map(|period| (node, Some(period))).collect(),
    }
}

/// Holds what was entered where it is.
fn hold(grid: &mut Grid, entered: &Entered) {
    let held = Constraint {
        lock: Some(NOBODY),
        ..Constraint::default()
    };
    for place in places(grid, entered) {
        grid.hold_as(place, held);
    }
}

/// What was worked out for this very grid fits it; a misfit is told as a change by somebody else.
fn fold(grid: &mut Grid, deltas: &Deltas) -> Result<(), Refusal> {
    grid.fold(deltas).map_err(|misfit| match misfit {
        Misfit::Cell {
            cell,
            expected,
            found,
        } => Refusal::Changed {
            cell,
            expected,
            found,
        },
        Misfit::Constraint { node, period } => Refusal::Unbalanced {
            node,
            period: period.unwrap_or_default(),
        },
        Misfit::Unknown { cell } => Refusal::Changed {
            cell,
            expected: Minor(0),
            found: Minor(0),
        },
    })
}

/// A refusal in which what was entered itself is no lock that somebody could release.
pub(super) fn unsigned(mut refusal: Refusal) -> Refusal {
    if let Refusal::Blocked { blockers, .. } = &mut refusal {
        for Blocker { cause, .. } in blockers {
            if *cause == (Cause::Lock { by: NOBODY }) {
                *cause = Cause::Kept;
            }
        }
    }
    refusal
}

/// Every amount in which two states of a plan differ.
fn changes(
    before: &Grid,
    after: &Grid,
    cell: impl Fn(NodeIndex, PeriodIndex) -> CellIndex,
) -> Vec<CellDelta> {
    let mut changed = Vec::new();
    for period in before.periods() {
        let amounts = before.column(period).iter().zip(after.column(period));
        for (node, (old, new)) in (0_u32..).zip(amounts) {
            if old != new {
                changed.push(CellDelta {
                    cell: cell(NodeIndex(node), period),
                    old: Minor(*old),
                    new: Minor(*new),
                });
            }
        }
    }
    changed
}
