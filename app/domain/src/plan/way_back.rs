//! What gives way to a step back or forth: locks, floors and caps that others set since.

use super::{
    Constraint, ConstraintDelta, Deltas, Grid, Intent, Log, NodeIndex, PeriodIndex, PlanCommand, Refusal,
    Undo,
};
use crate::id::UserId;
use crate::money::Minor;

/// A lock or bound of a step that somebody changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldSince {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// What the step left there.
    pub left: Constraint,
    /// What is there now.
    pub now: Constraint,
    /// Who changed it last.
    pub by: UserId,
}

impl Undo {
    /// The same, with the locks of these places released in the same step: what comes back meets them. A place of which the step
    /// itself puts back what holds it stays as it is.
    #[must_use]
    pub fn unlocking(mut self, grid: &Grid, places: &[(NodeIndex, Option<PeriodIndex>)]) -> Self {
        let PlanCommand::Restore { deltas, .. } = &mut self.command else {
            return self;
        };
        for (node, period) in places.iter().copied() {
            let old = grid.constraint(node, period);
            let is_put_back = deltas
                .constraints
                .iter()
                .any(|delta| (delta.node, delta.period) == (node, period));
            if old.lock.is_some() && !is_put_back {
                deltas.constraints.push(ConstraintDelta {
                    node,
                    period,
                    old,
                    new: Constraint { lock: None, ..old },
                });
            }
        }
        self
    }

    /// The same, with the floors and caps of these places moved in the same step as far as what comes back needs: those that are
    /// there, and those that come back with it. What is wide enough stays, and so does a period that is shut because nobody is there.
    #[must_use]
    pub fn loosening(mut self, grid: &Grid, places: &[(NodeIndex, Option<PeriodIndex>)]) -> Self {
        let PlanCommand::Restore { deltas, .. } = &mut self.command else {
            return self;
        };
        for (node, period) in places.iter().copied() {
            let old = grid.constraint(node, period);
            let put_back = deltas
                .constraints
                .iter()
                .position(|delta| (delta.node, delta.period) == (node, period));
            let held = put_back
                .and_then(|at| deltas.constraints.get(at))
                .map_or(old, |delta| delta.new);
            // Only what is held is looked at: its place is one of the plan.
            if held.floor.is_none() && held.cap.is_none() {
                continue;
            }
            let amount = amount_after(grid, deltas, (node, period));
            let is_shut = period.is_some() && held.cap == Some(Minor(0));
            let new = Constraint {
                lock: held.lock,
                floor: held.floor.map(|floor| floor.min(amount)),
                cap: held.cap.map(|cap| if is_shut { cap } else { cap.max(amount) }),
            };
            if let Some(delta) = put_back.and_then(|at| deltas.constraints.get_mut(at)) {
                delta.new = new;
            } else if new != old {
                deltas.constraints.push(ConstraintDelta {
                    node,
                    period,
                    old,
                    new,
                });
            }
        }
        self
    }
}

/// What a place of a plan has after deltas whose cells ascend.
fn amount_after(grid: &Grid, deltas: &Deltas, (node, period): (NodeIndex, Option<PeriodIndex>)) -> Minor {
    let of = |period: PeriodIndex| {
        let changed = deltas.of(grid.shape().cell(node, period));
        changed.map_or_else(|| grid.amount(node, Some(period)), |delta| delta.new)
    };
    match period {
        Some(period) => of(period),
        None => Minor(
            grid.periods()
                .fold(0, |sum: i64, period| sum.saturating_add(of(period).0)),
        ),
    }
}

impl Log {
    /// Who set the floor or cap that refused a change, as far as the log goes back; none where it is not the one that holds now.
    pub fn bounded_by(&self, grid: &Grid, refusal: &Refusal) -> Option<UserId> {
        let (node, period, bound, is_floor) = match refusal {
            Refusal::BelowFloor {
                node, period, floor, ..
            } => (*node, *period, *floor, true),
            Refusal::AboveCap {
                node, period, cap, ..
            } => (*node, *period, *cap, false),
            _ => return None,
        };
        let of = |held: Constraint| if is_floor { held.floor } else { held.cap };
        if of(grid.constraint(node, period)) != Some(bound) {
            return None;
        }
        let sets = |delta: &ConstraintDelta| {
            (delta.node, delta.period) == (node, period)
                && of(delta.new) == Some(bound)
                && of(delta.old) != of(delta.new)
        };
        let entry = self
            .entries()
            .iter()
            .rev()
            .find(|entry| entry.deltas.constraints.iter().any(sets))?;
        Some(entry.author)
    }

    /// The lock or bound for which the author's next step is not taken back or done again: the first that was changed since.
    pub fn held_since(&self, author: UserId, intent: Intent, grid: &Grid) -> Option<HeldSince> {
        let (done, undone) = self.stacks(author);
        let steps = match intent {
            Intent::Undo => done,
            Intent::Redo => undone,
        };
        let (_, effect) = steps.last().copied()?;
        let made = self.entry(effect)?.deltas.constraints.iter();
        let (left, now) = made
            .map(|made| (made, grid.constraint(made.node, made.period)))
            .find(|(made, now)| made.new != *now)?;
        let is_there = |delta: &ConstraintDelta| (delta.node, delta.period) == (left.node, left.period);
        let mut later = self.entries().iter().rev().take_while(|entry| entry.seq > effect);
        let last = later.find(|entry| entry.deltas.constraints.iter().any(is_there))?;
        Some(HeldSince {
            node: left.node,
            period: left.period,
            left: left.new,
            now,
            by: last.author,
        })
    }
}
