//! From rows and moves to the draft: its nodes, where it starts, the one command that changes it, and what it shows before.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::format::Lang;
use domain::id::NodeId;
use domain::money::{Currency, Minor};
use domain::plan::{
    Constraint, ConstraintDelta, Deltas, Entered, Grid, NodeIndex, NodeRef, PeriodIndex, PlanCommand, Shape,
};
use domain::staffing::{Effect, Kind, Preview, PreviewRow, after};
use domain::target::Span;
use store::version::Node;

use super::reckon::Work;
use super::steps::Flows;
use crate::Error;
use crate::plan::state::{self, damaged};
use crate::target::absent::Absent;
use crate::target::refusal::sentence;

/// A draft to be made.
pub(super) struct Finished {
    /// What happened.
    kind: Kind,
    /// Its nodes, in pre-order.
    pub(super) nodes: Vec<Node>,
    /// The published numbers on them, without what would stand in the way of the change.
    pub(super) start: Grid,
    /// The amounts that change.
    pub(super) amounts: Vec<Entered>,
    /// What entering them changes.
    pub(super) deltas: Deltas,
    /// Where nobody is there once they are entered.
    pub(super) absent: Vec<(NodeIndex, PeriodIndex)>,
    /// Locks and bounds of changed numbers that are not in it any more.
    pub(super) released: u32,
    places: HashMap<NodeId, NodeIndex>,
}

impl Finished {
    /// The command that changes it.
    pub(super) fn command(&self, reason: Option<String>) -> PlanCommand {
        PlanCommand::Staff {
            change: self.kind,
            amounts: self.amounts.clone(),
            absent: self.absent.clone(),
            reason,
        }
    }

    /// Whether there is nothing to be written into the log.
    pub(super) fn is_quiet(&self) -> bool {
        self.amounts.is_empty() && self.absent.is_empty()
    }

    /// Whether a number changes that somebody carries.
    pub(super) fn touches(&self, of: NodeRef) -> bool {
        let node = |entered: &Entered| self.nodes.get(entered.node.0 as usize);
        self.amounts
            .iter()
            .any(|entered| node(entered).is_some_and(|node| node.of == of))
    }
}

/// Makes a draft of what a change comes to.
pub(super) fn finish(work: &Work<'_>, kind: Kind) -> Result<Finished, Error> {
    let ground = work.ground;
    let used: BTreeSet<NodeId> = work
        .moves
        .iter()
        .flat_map(|one| [one.from, one.to])
        .filter_map(|place| work.ids.get(place).copied())
        .collect();
    let nodes = work.rows.in_order(&used);
    let shape = state::shape(&ground.state.plan, &nodes)?;
    let places: HashMap<NodeId, NodeIndex> = nodes
        .iter()
        .map(|node| (node.id, NodeIndex(node.ordinal)))
        .collect();
    let mut start = published(work, &nodes, &shape)?;
    let amounts = entered(work, &places);
    let changes = changes(&start, &amounts);
    let (held, released) = held(work, &start, &places, &changes);
    start.fold(&held).map_err(damaged)?;
    let absent = absent(work, &mut start, &places, &changes)?;
    let mut finished = Finished {
        kind,
        nodes,
        start,
        amounts,
        deltas: Deltas::default(),
        absent,
        released,
        places,
    };
    if !finished.is_quiet() {
        finished.deltas =
            domain::plan::apply(&finished.start, &finished.command(None)).map_err(|refusal| {
                let (start, currency) = (&finished.start, &work.ground.currency);
                let absent = Absent::wherever_shut(start);
                let said = |lang| sentence(start.shape(), &refusal, &absent, currency, lang);
                Error::conflict(
                    "change_refused",
                    format!("这项变动无法写入计划：{}", said(Lang::ZhCn)),
                    format!("This change cannot be written into the plan: {}", said(Lang::En)),
                )
            })?;
    }
    Ok(finished)
}

/// The published numbers on the nodes of the draft.
fn published(work: &Work<'_>, nodes: &[Node], shape: &Arc<Shape>) -> Result<Grid, Error> {
    let mut amounts = vec![Minor(0); shape.cells()];
    for (node, index) in nodes.iter().zip(shape.nodes()) {
        for (period, amount) in (0..).map(PeriodIndex).zip(work.rows.amounts(node.id)) {
            if let Some(cell) = amounts.get_mut(shape.cell(index, period).0 as usize) {
                *cell = amount;
            }
        }
    }
    Grid::from_amounts(Arc::clone(shape), amounts).map_err(damaged)
}

/// The amounts that the moves lead to.
fn entered(work: &Work<'_>, places: &HashMap<NodeId, NodeIndex>) -> Vec<Entered> {
    let mut amounts = Vec::new();
    let now = after(&work.table, &work.moves);
    for ((id, row), now) in work.ids.iter().zip(&work.table).zip(now) {
        let Some(node) = places.get(id).copied() else {
            continue;
        };
        for (period, (was, amount)) in (0..).map(PeriodIndex).zip(row.amounts.iter().zip(now)) {
            if *was != amount {
                amounts.push(Entered {
                    node,
                    period: Some(period),
                    amount,
                });
            }
        }
    }
    amounts.sort_unstable();
    amounts
}

/// By how much each place changes: the entered ones, those above them, and their totals.
type Changes = BTreeMap<(NodeIndex, Option<PeriodIndex>), i64>;

fn changes(start: &Grid, amounts: &[Entered]) -> Changes {
    let mut changes = Changes::new();
    for entered in amounts {
        let change = entered.amount.0 - start.amount(entered.node, entered.period).0;
        let above = start.shape().ancestors(entered.node);
        for node in std::iter::once(entered.node).chain(above) {
            for period in [entered.period, None] {
                *changes.entry((node, period)).or_default() += change;
            }
        }
    }
    changes
}

/// What holds the numbers of the published version, but what would not let them change, or shuts a row somebody comes back to;
/// and how much that is.
fn held(
    work: &Work<'_>,
    start: &Grid,
    places: &HashMap<NodeId, NodeIndex>,
    changes: &Changes,
) -> (Deltas, u32) {
    let ground = work.ground;
    let mut deltas = Deltas::default();
    let mut released = 0;
    let comes_back = |id: NodeId, period: Option<PeriodIndex>| {
        let days = period.and_then(|period| ground.periods().get(usize::from(period.0)));
        work.returning.contains(&id) && days.is_some_and(|days| ground.on < days.ends_on)
    };
    for (was, period, constraint) in ground.state.grid.constraints() {
        let Some(id) = ground.state.node(was).map(|node| node.id) else {
            continue;
        };
        let Some(node) = places.get(&id).copied() else {
            continue;
        };
        let constraint = Constraint {
            cap: constraint.cap.filter(|cap| cap.0 > 0 || !comes_back(id, period)),
            ..constraint
        };
        let change = changes.get(&(node, period)).copied().unwrap_or_default();
        let amount = start.amount(node, period).0 + change;
        let new = if change == 0 {
            constraint
        } else {
            Constraint {
                lock: None,
                floor: constraint.floor.filter(|floor| floor.0 <= amount),
                cap: constraint.cap.filter(|cap| amount <= cap.0),
            }
        };
        released += u32::from(new != constraint);
        if !new.is_empty() {
            deltas.constraints.push(ConstraintDelta {
                node,
                period,
                old: Constraint::default(),
                new,
            });
        }
    }
    (deltas, released)
}

/// Nobody carries a number in a period in which they are not there: a cap of zero, at once where there is nothing, and the
/// others once nothing is left.
fn absent(
    work: &Work<'_>,
    start: &mut Grid,
    places: &HashMap<NodeId, NodeIndex>,
    changes: &Changes,
) -> Result<Vec<(NodeIndex, PeriodIndex)>, Error> {
    let mut later = Vec::new();
    let mut deltas = Deltas::default();
    for (id, span) in &work.absent {
        let Some(node) = places.get(id).copied() else {
            continue;
        };
        for (place, period) in (0..).map(PeriodIndex).zip(work.ground.periods()) {
            let days = Span {
                starts_on: period.starts_on,
                ends_on: period.ends_on,
            };
            let at = (node, Some(place));
            let was = start.amount(node, Some(place));
            let now = was.0 + changes.get(&at).copied().unwrap_or_default();
            let old = start.constraint(node, Some(place));
            if !span.contains(days) || now != 0 || old.cap == Some(Minor(0)) {
                continue;
            }
            if was.0 == 0 {
                deltas.constraints.push(ConstraintDelta {
                    node,
                    period: Some(place),
                    old,
                    new: Constraint {
                        cap: Some(Minor(0)),
                        ..old
                    },
                });
            } else {
                later.push((node, place));
            }
        }
    }
    start.fold(&deltas).map_err(damaged)?;
    later.sort_unstable();
    later.dedup();
    Ok(later)
}

/// What is shown before anything is written: each unit concerned with the rows in it that change, and the units above.
pub(super) fn preview(work: &Work<'_>, finished: &Finished, currency: Currency) -> Result<Preview, Error> {
    let state = &work.ground.state;
    let mut end = finished.start.clone();
    end.fold(&finished.deltas).map_err(damaged)?;
    let shape = finished.start.shape();
    let mut of_unit: BTreeMap<NodeIndex, BTreeMap<NodeIndex, Effect>> = BTreeMap::new();
    for (id, effect) in &work.effects {
        let Some(node) = finished.places.get(id).copied() else {
            continue;
        };
        // A unit without anybody carries its number itself.
        let unit = shape.parent(node).unwrap_or(node);
        of_unit.entry(unit).or_default().insert(node, *effect);
        // The units above sum it up; the tree goes from the top down, and so do the rows.
        for above in shape.ancestors(unit) {
            of_unit.entry(above).or_default();
        }
    }
    // A unit that goes on elsewhere has the name of the one that ends: there it is told with the unit above.
    let mut names: HashMap<&str, usize> = HashMap::new();
    for unit in of_unit.keys() {
        *names.entry(shape.name(*unit)).or_default() += 1;
    }
    let called = |node: NodeIndex, is_unit: bool| {
        let name = shape.name(node);
        match shape.parent(node) {
            Some(above) if is_unit && names.get(name).is_some_and(|count| *count > 1) => {
                format!("{name} · {}", shape.name(above))
            }
            _ => name.to_owned(),
        }
    };
    let flows = Flows::of(work, shape, |id| finished.places.get(&id).copied());
    let was = |node: NodeIndex| work.rows.was(finished.nodes.get(node.0 as usize)?.id);
    let row = |node: NodeIndex, is_unit: bool, effect: Effect| {
        let amounts = |grid: &Grid| {
            let periods = grid.periods();
            periods.map(|period| grid.amount(node, Some(period))).collect()
        };
        PreviewRow {
            name: called(node, is_unit),
            is_unit,
            was: was(node),
            steps: flows.steps(node, shape),
            before: amounts(&finished.start),
            after: amounts(&end),
            effect,
        }
    };
    let mut rows = Vec::new();
    for (unit, below) in of_unit {
        rows.push(row(unit, true, Effect::Sum));
        for (node, effect) in below {
            rows.push(row(node, false, effect));
        }
    }
    let root = NodeIndex(0);
    Ok(Preview {
        plan_name: state.plan.name.clone(),
        number: state.version.number,
        currency,
        periods: state.plan.periods.clone(),
        rows,
        before: finished.start.amount(root, None),
        after: end.amount(root, None),
        released: finished.released,
    })
}
