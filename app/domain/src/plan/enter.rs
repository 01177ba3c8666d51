//! Many amounts at once, as a sheet brings them: each becomes what it says, what lies below it follows in proportion, and
//! everything above is the sum, or stays where siblings give (`siblings`).
//!
//! Entered amounts lie beside each other: none covers another. What two of them do to a common ancestor is added up before
//! its lock is asked, so that a shift between two people of a locked team goes through.

mod siblings;
mod whole;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::{CellDelta, CellIndex, Deltas, Give, GiveWay, Grid, Keep, NodeIndex, PeriodIndex, Refusal};
use crate::money::Minor;
use crate::rebalance::{self, Aim, check_amount, check_bounds};

pub use whole::{EnteringWhole, by_period, enter_whole};

/// An amount as it was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entered {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// The amount it gets.
    pub amount: Minor,
}

/// What entering amounts comes to where those that cannot be had are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entering {
    /// Those that can be had, together.
    pub taken: Vec<Entered>,
    /// Those that cannot, each with what stands in its way.
    pub refused: Vec<(Entered, Refusal)>,
    /// What the taken ones change.
    pub deltas: Deltas,
}

/// What the amounts change, or the first refusal.
pub(super) fn enter(grid: &Grid, amounts: &[Entered], gives: GiveWay) -> Result<Deltas, Refusal> {
    let mut covered = HashSet::new();
    let mut own = Vec::with_capacity(amounts.len());
    for entered in amounts {
        own.push((*entered, alone(grid, entered, &mut covered)?));
    }
    solve(grid, &own, gives).map_err(|stop| stop.refusal)
}

/// What as many of the amounts as possible change. An amount that runs into a lock or bound is left out; where several add
/// up to what a lock above them forbids, or to more than their siblings can give, all of those are.
pub fn enter_most(grid: &Grid, amounts: &[Entered], gives: GiveWay) -> Entering {
    let mut entering = Entering::default();
    let mut covered = HashSet::new();
    let mut own = Vec::with_capacity(amounts.len());
    for entered in amounts {
        match alone(grid, entered, &mut covered) {
            Ok(deltas) => own.push((*entered, deltas)),
            Err(refusal) => entering.refused.push((*entered, refusal)),
        }
    }
    loop {
        match solve(grid, &own, gives) {
            Ok(deltas) => {
                entering.taken = own.into_iter().map(|(entered, _)| entered).collect();
                entering.deltas = deltas;
                return entering;
            }
            Err(stop) => {
                let before = own.len();
                let (hit, rest) = own
                    .into_iter()
                    .partition::<Vec<_>, _>(|(entered, _)| stop.concerns(grid, entered));
                own = rest;
                // A stop that concerns nobody would go on for ever: then nothing is taken.
                let hit = if own.len() < before {
                    hit
                } else {
                    std::mem::take(&mut own)
                };
                let refused = hit
                    .into_iter()
                    .map(|(entered, _)| (entered, stop.refusal.clone()));
                entering.refused.extend(refused);
            }
        }
    }
}

/// Something around entered amounts that does not allow them.
struct Stop {
    by: StoppedBy,
    refusal: Refusal,
}

/// What stops entered amounts.
enum StoppedBy {
    /// A place above or around them, by what they sum to.
    Place(NodeIndex, Option<PeriodIndex>),
    /// Who is to give to these.
    Siblings(Vec<Entered>),
}

impl Stop {
    fn concerns(&self, grid: &Grid, entered: &Entered) -> bool {
        let (node, period) = match &self.by {
            StoppedBy::Place(node, period) => (*node, *period),
            StoppedBy::Siblings(of) => return of.contains(entered),
        };
        let shape = grid.shape();
        let covers = |top: NodeIndex, node: NodeIndex| top <= node && node < shape.end(top);
        let when = period.is_none() || entered.period.is_none() || period == entered.period;
        when && (covers(node, entered.node) || covers(entered.node, node))
    }
}

/// What amounts change that are possible each on its own.
fn solve(grid: &Grid, own: &[(Entered, Deltas)], gives: GiveWay) -> Result<Deltas, Stop> {
    match gives {
        GiveWay::Above => together(grid, own),
        GiveWay::Siblings => {
            let amounts: Vec<Entered> = own.iter().map(|(entered, _)| *entered).collect();
            siblings::give(grid, &amounts)
        }
    }
}

/// What one amount changes at its node and below; nothing above it.
fn alone(grid: &Grid, entered: &Entered, covered: &mut HashSet<CellIndex>) -> Result<Deltas, Refusal> {
    let Entered { node, period, amount } = *entered;
    grid.known(node, period)?;
    check_amount(node, period, amount.0)?;
    let shape = grid.shape();
    let periods: Vec<PeriodIndex> = match period {
        Some(period) => vec![period],
        None => grid.periods().collect(),
    };
    let cells = || {
        let nodes = (node.0..shape.end(node).0).map(NodeIndex);
        nodes.flat_map(|node| periods.iter().map(move |period| shape.cell(node, *period)))
    };
    if cells().any(|cell| covered.contains(&cell)) {
        return Err(Refusal::Covered { node, period });
    }
    let deltas = if let (true, Some(period)) = (shape.is_leaf(node), period) {
        check_bounds(grid, node, Some(period), amount.0)?;
        let delta = CellDelta {
            cell: shape.cell(node, period),
            old: grid.amount(node, Some(period)),
            new: amount,
        };
        Deltas {
            cells: vec![delta],
            ..Deltas::default()
        }
        .tidy()
    } else {
        check_bounds(grid, node, period, amount.0)?;
        below(grid, entered)?
    };
    covered.extend(cells());
    Ok(deltas)
}

/// Solves the node and what lies below it as a plan of its own.
fn below(grid: &Grid, entered: &Entered) -> Result<Deltas, Refusal> {
    let top = entered.node;
    let part = grid.part(top).map_err(|_| Refusal::UnknownNode { node: top })?;
    let aim = Aim {
        node: NodeIndex(0),
        period: entered.period,
        keep: Keep::None,
        give: Give::Siblings,
    };
    let own = rebalance::set(&part, aim, entered.amount).map_err(|refusal| refusal.moved_down(top))?;
    let shape = grid.shape();
    let place = |delta: &CellDelta| {
        let (node, period) = part.shape().place(delta.cell);
        CellDelta {
            cell: shape.cell(NodeIndex(node.0 + top.0), period),
            ..*delta
        }
    };
    Ok(Deltas {
        cells: own.cells.iter().map(place).collect(),
        hedges: own.hedges.iter().map(place).collect(),
        constraints: Vec::new(),
    })
}

/// Adds up what each changes on its own, carries it to the top and asks every lock and bound on the way.
fn together(grid: &Grid, own: &[(Entered, Deltas)]) -> Result<Deltas, Stop> {
    let shape = grid.shape();
    let mut deltas = Deltas::default();
    let mut above: BTreeMap<CellIndex, i64> = BTreeMap::new();
    let mut totals: BTreeMap<NodeIndex, i64> = BTreeMap::new();
    for (entered, changed) in own {
        for delta in &changed.cells {
            let (node, period) = shape.place(delta.cell);
            let change = delta.new.0 - delta.old.0;
            *totals.entry(node).or_default() += change;
            if node == entered.node {
                for ancestor in shape.ancestors(node) {
                    *above.entry(shape.cell(ancestor, period)).or_default() += change;
                    *totals.entry(ancestor).or_default() += change;
                }
            }
        }
        deltas.cells.extend_from_slice(&changed.cells);
        deltas.hedges.extend_from_slice(&changed.hedges);
    }
    let refuse = |node: NodeIndex, period: Option<PeriodIndex>, amount: i64| {
        check_amount(node, period, amount)
            .and_then(|()| check_bounds(grid, node, period, amount))
            .map_err(|refusal| Stop {
                by: StoppedBy::Place(node, period),
                refusal,
            })
    };
    for (cell, change) in above {
        let (node, period) = shape.place(cell);
        let old = grid.amount(node, Some(period));
        let new = Minor(old.0 + change);
        refuse(node, Some(period), new.0)?;
        deltas.cells.push(CellDelta { cell, old, new });
    }
    for (node, change) in totals.into_iter().filter(|(_, change)| *change != 0) {
        refuse(node, None, grid.amount(node, None).0 + change)?;
    }
    Ok(deltas.tidy())
}

/// Of what somebody entered, what is to be applied: an amount counts where nothing below it was entered for the same time.
/// Answers the others too, which are sums of what counts.
pub fn furthest_down(grid: &Grid, amounts: &[Entered]) -> (Vec<Entered>, Vec<Entered>) {
    let shape = grid.shape();
    // Nodes with something entered below them, by period; and for which rows at all.
    let mut below: HashSet<(NodeIndex, Option<PeriodIndex>)> = HashSet::new();
    let mut any: BTreeSet<NodeIndex> = BTreeSet::new();
    for entered in amounts {
        for ancestor in shape.ancestors(entered.node) {
            below.insert((ancestor, entered.period));
            any.insert(ancestor);
        }
        if entered.period.is_some() {
            any.insert(entered.node);
        }
    }
    amounts.iter().partition(|entered| match entered.period {
        Some(_) => !below.contains(&(entered.node, entered.period)) && !below.contains(&(entered.node, None)),
        None => !any.contains(&entered.node),
    })
}
