//! What is held of a revision: every number of a period that is over, and where the old numbers stay, what held them.

use std::collections::BTreeMap;

use domain::money::Minor;
use domain::plan::{Constraint, ConstraintDelta, Deltas, Grid, NodeIndex, PeriodIndex, PlanCommand};
use domain::revision::Begin;
use store::version::Node;

use super::Beginning;
use crate::Scope;
use crate::split::me;

/// The rows of the old version of which what is left stays as it is, because it is locked or lies below what is.
pub(super) struct Locks {
    /// In every period: their total is locked.
    always: Vec<bool>,
    by_period: BTreeMap<PeriodIndex, Vec<bool>>,
}

impl Locks {
    /// Whether the number of a row in a period stays.
    pub(super) fn hold(&self, node: NodeIndex, period: PeriodIndex) -> bool {
        let is_held = |column: &Vec<bool>| column.get(node.0 as usize).copied().unwrap_or(false);
        is_held(&self.always) || self.by_period.get(&period).is_some_and(is_held)
    }
}

impl Beginning<'_> {
    /// Whether the total of a row stays by the way the revision begins, whatever its parts do.
    fn stays(&self, was: NodeIndex) -> bool {
        match self.begin {
            Begin::Outlook => false,
            Begin::MakeUp => was == NodeIndex(0),
            Begin::MakeUpTeams => !self.state.grid.shape().is_leaf(was),
        }
    }

    /// What is locked. A locked total keeps what is left of it, for what is over cannot be changed any more; one that stays
    /// anyway asks nothing of its parts.
    pub(super) fn locks(&self) -> Locks {
        let grid = &self.state.grid;
        let rows = grid.shape().len();
        let mut locks = Locks {
            always: vec![false; rows],
            by_period: BTreeMap::new(),
        };
        for (node, period, held) in grid.constraints() {
            if held.lock.is_none() || period.is_none() && self.stays(node) {
                continue;
            }
            let column = match period {
                Some(period) => locks.by_period.entry(period).or_insert_with(|| vec![false; rows]),
                None => &mut locks.always,
            };
            let below = node.0 as usize..grid.shape().end(node).0 as usize;
            if let Some(below) = column.get_mut(below) {
                below.fill(true);
            }
        }
        locks
    }

    /// What is held from the start: every number of a period that is over, and that nobody carries a number where they are
    /// not there. Other locks and bounds were of the old numbers; where these stay, so do they, as far as they hold.
    pub(super) fn held(
        &self,
        grid: &Grid,
        before: &impl Fn(NodeIndex) -> Option<NodeIndex>,
        scope: &Scope,
    ) -> Deltas {
        let mut deltas = Deltas::default();
        let mut hold = |node: NodeIndex, period: Option<PeriodIndex>, new: Constraint| {
            if !new.is_empty() {
                deltas.constraints.push(ConstraintDelta {
                    node,
                    period,
                    old: Constraint::default(),
                    new,
                });
            }
        };
        let kept = self.begin != Begin::Outlook;
        for (place, period) in (0..).zip(grid.periods()) {
            for node in grid.shape().nodes() {
                let amount = grid.amount(node, Some(period));
                let is_absent = before(node).is_some_and(|was| self.is_absent(was, place));
                let new = if self.is_over(place) {
                    Constraint {
                        lock: Some(me(scope)),
                        ..Constraint::default()
                    }
                } else if is_absent && amount.0 == 0 {
                    Constraint {
                        cap: Some(Minor(0)),
                        ..Constraint::default()
                    }
                } else if kept {
                    self.kept(before(node), Some(period), amount)
                } else {
                    Constraint::default()
                };
                hold(node, Some(period), new);
            }
        }
        if kept {
            for node in grid.shape().nodes() {
                // What stays does so only once what is missing is spread.
                let was = before(node).filter(|was| !self.stays(*was));
                hold(node, None, self.kept(was, None, grid.amount(node, None)));
            }
        }
        deltas
    }

    /// What held a number that is left, or a total, and still can: what is booked may be beyond a bound.
    fn kept(&self, was: Option<NodeIndex>, period: Option<PeriodIndex>, starts: Minor) -> Constraint {
        let held = was.map(|was| self.state.grid.constraint(was, period));
        let held = held.unwrap_or_default();
        Constraint {
            lock: held.lock,
            floor: held.floor.filter(|floor| *floor <= starts),
            cap: held.cap.filter(|cap| *cap >= starts),
        }
    }

    /// What held a total and could not from the start, but does once what is missing is spread: changes of their own, so
    /// that the first one can still be taken back after them.
    pub(super) fn held_again(&self, nodes: &[Node], start: &Grid, now: &Grid) -> Vec<PlanCommand> {
        let mut commands = Vec::new();
        if self.begin == Begin::Outlook {
            return commands;
        }
        for (node, was) in (0..).map(NodeIndex).zip(self.were(nodes)) {
            let Some(was) = was else { continue };
            let held = self.state.grid.constraint(was, None);
            if held.is_empty() {
                continue;
            }
            let (has, amount) = (start.constraint(node, None), now.amount(node, None));
            if let (Some(by), None) = (held.lock, has.lock) {
                commands.push(PlanCommand::Lock {
                    node,
                    period: None,
                    by,
                });
            }
            if has.floor.is_none() && held.floor.is_some_and(|floor| floor <= amount) {
                commands.push(PlanCommand::Floor {
                    node,
                    period: None,
                    amount: held.floor,
                });
            }
            if has.cap.is_none() && held.cap.is_some_and(|cap| cap >= amount) {
                commands.push(PlanCommand::Cap {
                    node,
                    period: None,
                    amount: held.cap,
                });
            }
        }
        commands
    }
}
