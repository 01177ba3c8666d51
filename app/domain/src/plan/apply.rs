//! Deciding a command: the one place where a plan's amounts are worked out, in the browser and on the server.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CellIndex, Constraint, ConstraintDelta, Deltas, GiveWay, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex,
    PlanCommand, Refusal,
};
use crate::money::Minor;
use crate::rebalance::{self, Aim, Decided, Span, Splitting, check_amount, check_held};

/// What the command changes in this grid, or why it is refused; the grid stays as it is.
///
/// Folding the result keeps every promise of [`Grid`]. No deltas mean that everything is as asked already.
pub fn apply(grid: &Grid, command: &PlanCommand) -> Result<Deltas, Refusal> {
    Ok(decide(grid, command)?.deltas(grid))
}

/// What a command changes, before anybody says in which form it is wanted.
pub(super) enum Decision {
    /// Cell by cell.
    Deltas(Deltas),
    /// The amounts of a subtree.
    Subtree(Box<Decided>),
}

impl Decision {
    /// What changes, cell by cell. `grid`: the one it was decided for.
    pub(super) fn deltas(self, grid: &Grid) -> Deltas {
        match self {
            Self::Deltas(deltas) => deltas,
            Self::Subtree(decided) => decided.deltas(grid),
        }
    }
}

/// Decides a command.
pub(super) fn decide(grid: &Grid, command: &PlanCommand) -> Result<Decision, Refusal> {
    let subtree = |decided: Decided| Decision::Subtree(Box::new(decided));
    match command {
        PlanCommand::Set {
            node,
            period,
            amount,
            keep,
            give,
            ..
        } => {
            let aim = Aim {
                node: *node,
                period: *period,
                keep: *keep,
                give: *give,
            };
            rebalance::decide(grid, aim, *amount).map(subtree)
        }
        PlanCommand::SetSpan {
            node,
            first,
            periods,
            amount,
            keep,
            give,
            ..
        } => {
            let span = Span {
                node: *node,
                first: *first,
                periods: *periods,
                keep: *keep,
                give: *give,
            };
            rebalance::set_span(grid, span, *amount).map(Decision::Deltas)
        }
        PlanCommand::Split {
            node,
            spread,
            bases,
            factors,
            own,
            proposals,
            uplift_ppm,
            step,
            ..
        } => rebalance::split(
            grid,
            Splitting {
                node: *node,
                spread: *spread,
                bases,
                factors,
                own,
                proposals,
                uplift_ppm,
                step: *step,
            },
        )
        .map(subtree),
        PlanCommand::SetTotal { amount, seasons, .. } => {
            rebalance::set_total(grid, *amount, seasons).map(subtree)
        }
        PlanCommand::Lock { node, period, by } => hold(grid, *node, *period, |held| {
            held.lock.get_or_insert(*by);
        })
        .map(Decision::Deltas),
        PlanCommand::Unlock { node, period } => {
            hold(grid, *node, *period, |held| held.lock = None).map(Decision::Deltas)
        }
        PlanCommand::Floor { node, period, amount } => {
            let (floor, cap) = (*amount, grid.constraint(*node, *period).cap);
            uncrossed(grid, *node, *period, floor, cap)?;
            fits(grid, *node, *period, floor, |now, floor| now >= floor)?;
            hold(grid, *node, *period, |held| held.floor = *amount).map(Decision::Deltas)
        }
        PlanCommand::Cap { node, period, amount } => {
            let (floor, cap) = (grid.constraint(*node, *period).floor, *amount);
            uncrossed(grid, *node, *period, floor, cap)?;
            fits(grid, *node, *period, cap, |now, cap| now <= cap)?;
            hold(grid, *node, *period, |held| held.cap = *amount).map(Decision::Deltas)
        }
        PlanCommand::EvenOut { node, .. } => rebalance::even_out(grid, *node).map(subtree),
        PlanCommand::Move {
            from,
            to,
            period,
            amount,
            ..
        } => rebalance::move_amount(grid, *from, *to, *period, *amount).map(Decision::Deltas),
        PlanCommand::SendShare {
            from,
            to,
            period,
            share_ppm,
            ..
        } => {
            grid.known(*from, *period)?;
            let all = i128::from(grid.amount(*from, *period).0);
            let amount = Minor((all * i128::from(*share_ppm) / 1_000_000) as i64);
            rebalance::move_amount(grid, *from, *to, *period, amount).map(Decision::Deltas)
        }
        PlanCommand::Enter { amounts, gives, .. } => {
            super::enter::enter(grid, amounts, *gives).map(Decision::Deltas)
        }
        PlanCommand::Staff { amounts, absent, .. } => {
            let entered = super::enter::enter(grid, amounts, GiveWay::Above)?;
            shut(grid, entered, absent).map(Decision::Deltas)
        }
        PlanCommand::OverAssign { node, uplift_ppm, .. } => {
            rebalance::over_assign(grid, *node, uplift_ppm).map(subtree)
        }
        PlanCommand::Steps { steps } => super::steps::together(grid, steps).map(Decision::Deltas),
        PlanCommand::Restore { deltas, .. } => restore(grid, deltas).map(Decision::Deltas),
    }
}

/// Changes what holds a place.
fn hold(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    change: impl FnOnce(&mut Constraint),
) -> Result<Deltas, Refusal> {
    grid.known(node, period)?;
    let old = grid.constraint(node, period);
    let mut new = old;
    change(&mut new);
    let constraints = vec![ConstraintDelta {
        node,
        period,
        old,
        new,
    }];
    Ok(Deltas {
        constraints,
        ..Deltas::default()
    }
    .tidy())
}

/// Shuts places in which nobody is there: nothing is left in them after what was entered, and a cap of zero keeps it so.
fn shut(grid: &Grid, mut deltas: Deltas, absent: &[(NodeIndex, PeriodIndex)]) -> Result<Deltas, Refusal> {
    let none = Minor(0);
    // A place that is named twice is shut once.
    let places: BTreeSet<(NodeIndex, PeriodIndex)> = absent.iter().copied().collect();
    for (node, place) in places {
        let period = Some(place);
        grid.known(node, period)?;
        let old = grid.constraint(node, period);
        uncrossed(grid, node, period, old.floor, Some(none))?;
        let entered = deltas.of(grid.shape().cell(node, place));
        let left = entered.map_or(grid.amount(node, period), |delta| delta.new);
        if left > none {
            return Err(Refusal::OutsideBound {
                node,
                period,
                amount: left,
                bound: none,
            });
        }
        deltas.constraints.push(ConstraintDelta {
            node,
            period,
            old,
            new: Constraint {
                cap: Some(none),
                ..old
            },
        });
    }
    Ok(deltas.tidy())
}

/// Refuses a floor and a cap that nothing could lie between.
fn uncrossed(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    floor: Option<Minor>,
    cap: Option<Minor>,
) -> Result<(), Refusal> {
    grid.known(node, period)?;
    let (Some(floor), Some(cap)) = (floor, cap) else {
        return Ok(());
    };
    // What is no amount is told as that.
    check_amount(node, period, floor.0)?;
    check_amount(node, period, cap.0)?;
    if floor > cap {
        return Err(Refusal::Crossed {
            node,
            period,
            floor,
            cap,
        });
    }
    Ok(())
}

/// Refuses a bound that is no amount or that the present amount breaks.
fn fits(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    bound: Option<Minor>,
    keeps: impl Fn(Minor, Minor) -> bool,
) -> Result<(), Refusal> {
    grid.known(node, period)?;
    let Some(bound) = bound else { return Ok(()) };
    check_amount(node, period, bound.0)?;
    let amount = grid.amount(node, period);
    if keeps(amount, bound) {
        Ok(())
    } else {
        Err(Refusal::OutsideBound {
            node,
            period,
            amount,
            bound,
        })
    }
}

/// Puts back values, checked as if they came from a stranger: they must start from the present state, keep sums, and
/// stay within today's locks and bounds, or those that come back with them.
fn restore(grid: &Grid, deltas: &Deltas) -> Result<Deltas, Refusal> {
    let shape = grid.shape();
    let deltas = deltas.clone().tidy();
    let known = |cell: CellIndex| {
        let (node, period) = shape.place(cell);
        grid.known(node, Some(period)).map(|()| (node, period))
    };
    // An amount that comes back with its bound has to fit that one: who was shut when they handed over is open again.
    let becomes: BTreeMap<(NodeIndex, Option<PeriodIndex>), Constraint> = deltas
        .constraints
        .iter()
        .map(|delta| ((delta.node, delta.period), delta.new))
        .collect();
    let bounded = |node: NodeIndex, period: Option<PeriodIndex>, amount: i64| {
        let now = grid.constraint(node, period);
        let mut held = becomes.get(&(node, period)).copied().unwrap_or(now);
        // A lock that comes back holds the amount that comes back with it.
        held.lock = held.lock.filter(|_| now.lock.is_some());
        check_held(grid, held, (node, period), amount)
    };
    // By cell of a parent: how far children and hedge are apart from it after the change.
    let mut apart: BTreeMap<CellIndex, i64> = BTreeMap::new();
    let mut totals: BTreeMap<NodeIndex, i64> = BTreeMap::new();
    let mut before = None;
    for delta in &deltas.cells {
        let (node, period) = known(delta.cell)?;
        changed(delta.cell, delta.old, grid.amount(node, Some(period)))?;
        if before.replace(delta.cell) == Some(delta.cell) {
            return Err(Refusal::Changed {
                cell: delta.cell,
                expected: delta.old,
                found: delta.new,
            });
        }
        check_amount(node, Some(period), delta.new.0)?;
        bounded(node, Some(period), delta.new.0)?;
        let change = delta.new.0 - delta.old.0;
        *totals.entry(node).or_default() += change;
        if let Some(parent) = shape.parent(node) {
            *apart.entry(shape.cell(parent, period)).or_default() += change;
        }
        if !shape.is_leaf(node) {
            *apart.entry(delta.cell).or_default() -= change;
        }
    }
    let mut before = None;
    for delta in &deltas.hedges {
        let (node, period) = known(delta.cell)?;
        changed(delta.cell, delta.old, grid.hedge(node, Some(period)))?;
        if !(0..=MAX_AMOUNT).contains(&delta.new.0) || before.replace(delta.cell) == Some(delta.cell) {
            return Err(Refusal::Hedge {
                node,
                period,
                hedge: delta.new,
                limit: delta.old,
            });
        }
        *apart.entry(delta.cell).or_default() -= delta.new.0 - delta.old.0;
    }
    if let Some((cell, _)) = apart.iter().find(|(_, difference)| **difference != 0) {
        let (node, period) = shape.place(*cell);
        return Err(Refusal::Unbalanced { node, period });
    }
    for (node, change) in totals.iter().filter(|(_, change)| **change != 0) {
        let total = grid.amount(*node, None).0 + *change;
        check_amount(*node, None, total)?;
        bounded(*node, None, total)?;
    }
    let mut places = BTreeSet::new();
    for delta in &deltas.constraints {
        grid.known(delta.node, delta.period)?;
        for bound in [delta.new.floor, delta.new.cap].into_iter().flatten() {
            check_amount(delta.node, delta.period, bound.0)?;
        }
        let (node, period) = (delta.node, delta.period);
        let amount = match period {
            Some(at) => deltas.of(shape.cell(node, at)).map(|delta| delta.new),
            None => totals
                .get(&node)
                .map(|change| Minor(grid.amount(node, None).0 + *change)),
        };
        let amount = amount.unwrap_or_else(|| grid.amount(node, period));
        for (bound, breaks) in [
            (
                delta.new.floor,
                delta.new.floor.is_some_and(|floor| amount < floor),
            ),
            (delta.new.cap, delta.new.cap.is_some_and(|cap| amount > cap)),
        ] {
            if let Some(bound) = bound.filter(|_| breaks) {
                return Err(Refusal::OutsideBound {
                    node,
                    period,
                    amount,
                    bound,
                });
            }
        }
        if grid.constraint(node, period) != delta.old || !places.insert((node, period)) {
            let cell = shape.cell(node, period.unwrap_or_default());
            return Err(Refusal::Changed {
                cell,
                expected: amount,
                found: amount,
            });
        }
    }
    Ok(deltas)
}

fn changed(cell: CellIndex, expected: Minor, found: Minor) -> Result<(), Refusal> {
    if expected == found {
        Ok(())
    } else {
        Err(Refusal::Changed {
            cell,
            expected,
            found,
        })
    }
}
