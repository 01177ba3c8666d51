//! What has to give way to a change that is more than one amount: a block that is pasted, a split, over-assignment, a move.

use domain::money::Minor;
use domain::plan::{self, Blocker, Cause, Entered, GiveWay, Grid, MOST_STEPS, PlanCommand, Refusal, Step};

/// What makes room may show what else is in the way; so often it is looked at again.
const MOST_ROUNDS: usize = 8;

/// A change with what makes room for it.
#[derive(Debug)]
pub(super) struct Cleared {
    /// One after the other: what makes room, the change, and bounds that are set again where it leaves their rows.
    pub(super) changes: Vec<PlanCommand>,
    /// Locks that are released.
    pub(super) locks: usize,
    /// Whether floors or caps are moved.
    pub(super) moves_bounds: bool,
}

/// Makes room for a change on a plan that refuses it: locks are released, floors and caps moved as far as needed. None where that
/// is not enough, or the change is of one place.
pub(super) fn cleared(grid: &Grid, refused: &Refusal, command: &PlanCommand) -> Option<Cleared> {
    let is_of_many = matches!(
        command,
        PlanCommand::Enter { .. }
            | PlanCommand::SetSpan { .. }
            | PlanCommand::Split { .. }
            | PlanCommand::SetTotal { .. }
            | PlanCommand::EvenOut { .. }
            | PlanCommand::Move { .. }
            | PlanCommand::SendShare { .. }
            | PlanCommand::OverAssign { .. }
    );
    if !is_of_many {
        return None;
    }
    let mut room = Room {
        after: grid.clone(),
        steps: Vec::new(),
        loose: Vec::new(),
    };
    let held = held_back(grid, command)?;
    if held.is_empty() {
        room.make(refused)?;
    } else {
        room.take(held)?;
    }
    room.fit(command)?;
    let locks = room.steps.iter().filter(|step| is_unlock(step)).count();
    let moves_bounds = locks < room.steps.len();
    let again = room.bounds_again();
    let mut changes = vec![PlanCommand::Steps { steps: room.steps }, command.clone()];
    if !again.is_empty() {
        changes.push(PlanCommand::Steps { steps: again });
    }
    Some(Cleared {
        changes,
        locks,
        moves_bounds,
    })
}

/// The same amounts entered, balanced by the others.
pub(super) fn entered_otherwise(command: &PlanCommand) -> Option<(GiveWay, PlanCommand)> {
    let PlanCommand::Enter {
        amounts,
        gives,
        reason,
    } = command
    else {
        return None;
    };
    let other = match gives {
        GiveWay::Above => GiveWay::Siblings,
        GiveWay::Siblings => GiveWay::Above,
    };
    let command = PlanCommand::Enter {
        amounts: amounts.clone(),
        gives: other,
        reason: reason.clone(),
    };
    Some((other, command))
}

/// A plan in which room is made, step by step.
struct Room {
    after: Grid,
    steps: Vec<Step>,
    /// Bounds that are taken away, and set again where the change leaves their rows.
    loose: Vec<Blocker>,
}

impl Room {
    /// Takes steps on.
    fn take(&mut self, steps: Vec<Step>) -> Option<()> {
        if steps.is_empty() || self.steps.len() + steps.len() > MOST_STEPS {
            return None;
        }
        let together = PlanCommand::Steps { steps };
        let deltas = plan::apply(&self.after, &together).ok()?;
        self.after.fold(&deltas).ok()?;
        if let PlanCommand::Steps { steps } = together {
            self.steps.extend(steps);
        }
        Some(())
    }

    /// Takes away what a refusal names.
    fn make(&mut self, refused: &Refusal) -> Option<()> {
        let mut steps = Vec::new();
        match refused {
            Refusal::Locked { node, period, .. } => steps.push(Step::Unlock {
                node: *node,
                period: *period,
            }),
            // A cap of zero says that nobody is there.
            Refusal::AboveCap {
                node,
                period,
                cap,
                amount,
            } if *cap != Minor(0) => steps.push(Step::Cap {
                node: *node,
                period: *period,
                amount: Some(*amount),
            }),
            Refusal::BelowFloor {
                node, period, amount, ..
            } => steps.push(Step::Floor {
                node: *node,
                period: *period,
                amount: Some(*amount),
            }),
            Refusal::Blocked { blockers, .. } => {
                for blocker in blockers {
                    let (node, period) = (blocker.node, blocker.period);
                    let amount = None;
                    match blocker.cause {
                        Cause::Lock { .. } => steps.push(Step::Unlock { node, period }),
                        Cause::Floor => steps.push(Step::Floor { node, period, amount }),
                        Cause::Cap if blocker.amount != Minor(0) => {
                            steps.push(Step::Cap { node, period, amount });
                        }
                        Cause::Cap | Cause::Proposal | Cause::Empty | Cause::Kept => return None,
                    }
                    if !matches!(blocker.cause, Cause::Lock { .. }) {
                        self.loose.push(*blocker);
                    }
                }
            }
            _ => return None,
        }
        self.take(steps)
    }

    /// Makes the change, and the room it needs beyond that.
    fn fit(&mut self, command: &PlanCommand) -> Option<()> {
        for _ in 0..MOST_ROUNDS {
            match plan::apply(&self.after, command) {
                Ok(deltas) => return self.after.fold(&deltas).ok(),
                Err(refused) => self.make(&refused)?,
            }
        }
        None
    }

    /// The bounds that were taken away, where the change leaves their rows.
    fn bounds_again(&self) -> Vec<Step> {
        let again = |blocker: &Blocker| {
            let (node, period) = (blocker.node, blocker.period);
            let now = self.after.amount(node, period);
            if blocker.cause == Cause::Floor {
                let amount = Some(now.min(blocker.amount));
                Step::Floor { node, period, amount }
            } else {
                let amount = Some(now.max(blocker.amount));
                Step::Cap { node, period, amount }
            }
        };
        self.loose.iter().map(again).collect()
    }
}

fn is_unlock(step: &Step) -> bool {
    matches!(step, Step::Unlock { .. })
}

/// What holds the very places that are entered: all at once, as a refusal names but the first. None where one of them cannot be
/// released because nobody is there.
fn held_back(grid: &Grid, command: &PlanCommand) -> Option<Vec<Step>> {
    let PlanCommand::Enter { amounts, .. } = command else {
        return Some(Vec::new());
    };
    let mut steps = Vec::new();
    for Entered { node, period, amount } in amounts.iter().copied() {
        let held = grid.constraint(node, period);
        if held.lock.is_some() {
            steps.push(Step::Unlock { node, period });
        }
        match held.cap {
            Some(Minor(0)) if amount.0 > 0 => return None,
            Some(cap) if cap < amount => steps.push(Step::Cap {
                node,
                period,
                amount: Some(amount),
            }),
            _ => {}
        }
        if held.floor.is_some_and(|floor| floor > amount) {
            steps.push(Step::Floor {
                node,
                period,
                amount: Some(amount),
            });
        }
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::calendar::Day;
    use domain::id::{MemberId, UnitId, UserId};
    use domain::plan::{NodeIndex, NodeRef, NodeSpec, PlanPeriod, Shape};
    use uuid::Uuid;

    use super::*;

    /// A unit of 600 and four people: 100, 200, 300, 0.
    fn grid(holds: &[PlanCommand]) -> Grid {
        let nodes = (0..5_u128).map(|row| NodeSpec {
            parent: (row > 0).then_some(NodeIndex(0)),
            reference: if row == 0 {
                NodeRef::Unit(UnitId(Uuid::from_u128(1)))
            } else {
                NodeRef::Member(MemberId(Uuid::from_u128(row)))
            },
            name: "a".to_owned(),
        });
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(30),
        };
        let shape = Shape::new(nodes.collect(), vec![period]).unwrap();
        let amount = |node: NodeIndex| Minor([0, 100, 200, 300, 0][node.0 as usize]);
        let mut grid = Grid::from_leaves(Arc::new(shape), |node, _| amount(node)).unwrap();
        for command in holds {
            let deltas = plan::apply(&grid, command).unwrap();
            grid.fold(&deltas).unwrap();
        }
        grid
    }

    fn lock(node: u32) -> PlanCommand {
        PlanCommand::Lock {
            node: NodeIndex(node),
            period: None,
            by: UserId::default(),
        }
    }

    fn enter(amounts: &[(u32, i64)]) -> PlanCommand {
        let entered = amounts.iter().map(|(node, amount)| Entered {
            node: NodeIndex(*node),
            period: None,
            amount: Minor(*amount),
        });
        PlanCommand::Enter {
            amounts: entered.collect(),
            gives: GiveWay::Above,
            reason: None,
        }
    }

    /// What it comes to, change by change.
    fn after(grid: &Grid, changes: &[PlanCommand]) -> Grid {
        let mut after = grid.clone();
        for change in changes {
            let deltas = plan::apply(&after, change).unwrap();
            after.fold(&deltas).unwrap();
        }
        after
    }

    #[test]
    fn everything_that_holds_what_is_pasted_gives_way_at_once() {
        let cap = PlanCommand::Cap {
            node: NodeIndex(2),
            period: None,
            amount: Some(Minor(250)),
        };
        let grid = grid(&[lock(1), cap, lock(3)]);
        let wanted = enter(&[(1, 150), (2, 260), (3, 310)]);
        let refused = plan::apply(&grid, &wanted).unwrap_err();
        let room = cleared(&grid, &refused, &wanted).unwrap();
        assert_eq!((room.locks, room.moves_bounds), (2, true));
        let after = after(&grid, &room.changes);
        let total = |node: u32| after.amount(NodeIndex(node), None).0;
        assert_eq!([1, 2, 3].map(total), [150, 260, 310]);
        assert_eq!(after.constraint(NodeIndex(2), None).cap, Some(Minor(260)));
    }

    #[test]
    fn floors_in_the_way_of_a_change_of_many_are_set_again_where_it_leaves_them() {
        let floor = PlanCommand::Floor {
            node: NodeIndex(3),
            period: None,
            amount: Some(Minor(280)),
        };
        let grid = grid(&[floor]);
        let even = PlanCommand::EvenOut {
            node: NodeIndex(0),
            reason: None,
        };
        let wanted = PlanCommand::Move {
            from: NodeIndex(3),
            to: NodeIndex(4),
            period: None,
            amount: Minor(100),
            reason: None,
        };
        let refused = plan::apply(&grid, &wanted).unwrap_err();
        let room = cleared(&grid, &refused, &wanted).unwrap();
        assert_eq!((room.locks, room.moves_bounds), (0, true));
        let after = after(&grid, &room.changes);
        assert_eq!(after.amount(NodeIndex(3), None), Minor(200));
        assert_eq!(after.constraint(NodeIndex(3), None).floor, Some(Minor(200)));
        // What is not refused for what holds somebody has no such way.
        let refused = Refusal::NoChildren { node: NodeIndex(0) };
        assert!(cleared(&grid, &refused, &even).is_none());
    }

    #[test]
    fn who_is_not_there_takes_nothing() {
        let nobody = PlanCommand::Cap {
            node: NodeIndex(4),
            period: None,
            amount: Some(Minor(0)),
        };
        let grid = grid(&[nobody]);
        let wanted = enter(&[(4, 10)]);
        let refused = plan::apply(&grid, &wanted).unwrap_err();
        assert!(cleared(&grid, &refused, &wanted).is_none());
    }
}
