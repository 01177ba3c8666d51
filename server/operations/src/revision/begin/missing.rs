//! What is missing of the target, spread again over the people and periods that are left, as the first change of the draft.

use domain::format;
use domain::money::{Currency, Minor};
use domain::plan::{Entered, GiveWay, Grid, NodeIndex, PeriodIndex, PlanCommand, Shape};
use domain::reason::OwnReason;
use domain::revision::{Begin, MakeUpRefusal, OpenNumber, OpenRow, make_up};
use store::version::Node;

use super::Beginning;
use super::held::Locks;
use crate::Error;
use crate::plan::UNASSIGNED;
use crate::plan::state::damaged;

/// Numbers that make up what is missing of a target of their own.
struct Group {
    /// Whose target it is.
    top: NodeIndex,
    leaves: Vec<NodeIndex>,
    /// Units whose surplus of closed periods was part of what the leaves carried, and is no more.
    units: Vec<NodeIndex>,
}

/// An open number and where it stands.
struct Cell {
    node: NodeIndex,
    period: PeriodIndex,
    /// What it starts with.
    starts: Minor,
    number: OpenNumber,
}

impl Beginning<'_> {
    /// The change that spreads what is missing; none where that is not asked for, or nothing is to change.
    pub(super) fn make_up(
        &self,
        nodes: &[Node],
        grid: &Grid,
        currency: &Currency,
    ) -> Result<Option<PlanCommand>, Error> {
        let shape = grid.shape();
        let was = self.were(nodes);
        let locks = self.locks();
        let groups = match self.begin {
            Begin::Outlook => return Ok(None),
            Begin::MakeUp => vec![Group {
                top: NodeIndex(0),
                leaves: shape.nodes().filter(|node| shape.is_leaf(*node)).collect(),
                units: shape.nodes().filter(|node| !shape.is_leaf(*node)).collect(),
            }],
            Begin::MakeUpTeams => teams(shape, nodes),
        };
        let mut amounts = Vec::new();
        let mut missing = 0_i64;
        let (mut reached, mut open_groups) = (0_usize, 0_usize);
        let mut beyond = Minor(0);
        for group in groups {
            let mut cells = Vec::new();
            let mut total = 0_i64;
            for leaf in &group.leaves {
                let known = was.get(leaf.0 as usize).copied().flatten();
                for place in 0..self.periods.len() {
                    let period = PeriodIndex(u16::try_from(place).map_err(damaged)?);
                    total = total.saturating_add(known.map_or(0, |known| self.old(known, place).0));
                    if self.is_over(place) {
                        total = total.saturating_sub(grid.amount(*leaf, Some(period)).0);
                    } else if let Some(node) = nodes.get(leaf.0 as usize) {
                        cells.push(self.cell(node, *leaf, known, place, grid, &locks));
                    }
                }
            }
            for unit in &group.units {
                let known = was.get(unit.0 as usize).copied().flatten();
                for place in (0..self.periods.len()).filter(|place| self.is_over(*place)) {
                    let period = u16::try_from(place).ok().map(PeriodIndex);
                    let over = known.map_or(0, |known| self.state.grid.hedge(known, period).0);
                    total = total.saturating_sub(over);
                }
            }
            // Which row stands where must not decide who gets the last cent.
            let parent = |node: NodeIndex| {
                let parent = shape.parent(node).unwrap_or(node);
                shape.reference(parent).key()
            };
            cells.sort_by_key(|cell| {
                let own = shape.reference(cell.node).key();
                (own, parent(cell.node), cell.node, cell.period)
            });
            let open: Vec<OpenNumber> = cells.iter().map(|cell| cell.number).collect();
            let rows = self.rows(&cells, &was, grid);
            let made = match make_up(Minor(total), &open, &rows) {
                Ok(made) => made,
                // A unit in which nobody carries anything that is open.
                Err(MakeUpRefusal::NothingOpen) => continue,
                Err(refusal) => return Err(refused(refusal, shape.name(group.top), currency)),
            };
            open_groups += 1;
            if made.beyond.0 > 0 {
                // More is booked than was asked: nothing is missing, and what is left stays as it is.
                reached += 1;
                beyond.0 = beyond.0.saturating_add(made.beyond.0);
                continue;
            }
            let starts: i64 = cells.iter().map(|cell| cell.starts.0).sum();
            let becomes: i64 = made.amounts.iter().map(|amount| amount.0).sum();
            missing = missing.saturating_add(becomes.saturating_sub(starts));
            for (cell, amount) in cells.iter().zip(made.amounts) {
                if amount != cell.starts {
                    amounts.push(Entered {
                        node: cell.node,
                        period: Some(cell.period),
                        amount,
                    });
                }
            }
        }
        if open_groups > 0 && reached == open_groups {
            let money = format::full(beyond, currency);
            return Err(Error::conflict(
                "nothing_missing",
                format!("目标已经达成，还多 {money}：没有缺口可分。请选“按展望重新考虑目标”。"),
                format!(
                    "The target is reached, and {money} more: nothing is missing. Begin with what is to be expected instead."
                ),
            ));
        }
        if amounts.is_empty() {
            return Ok(None);
        }
        let more = Minor(missing);
        Ok(Some(PlanCommand::Enter {
            amounts,
            gives: GiveWay::Above,
            reason: Some(OwnReason::MadeUp { more }.stored()),
        }))
    }

    fn cell(
        &self,
        node: &Node,
        index: NodeIndex,
        known: Option<NodeIndex>,
        place: usize,
        grid: &Grid,
        locks: &Locks,
    ) -> Cell {
        let period = PeriodIndex(u16::try_from(place).unwrap_or(u16::MAX));
        let starts = grid.amount(index, Some(period));
        let due = self.due(node, known, place);
        let held = known.map(|known| self.state.grid.constraint(known, Some(period)));
        let held = held.unwrap_or_default();
        let number = match known.filter(|_| node.level != UNASSIGNED) {
            // Nobody carries it: it stays.
            None => OpenNumber {
                target: starts,
                booked: due.booked,
                to_come: Minor(0),
                floor: None,
                cap: None,
                locked: true,
            },
            Some(known) => OpenNumber {
                target: self.old(known, place),
                booked: due.booked,
                to_come: due.to_come,
                floor: held.floor,
                cap: held.cap,
                locked: locks.hold(known, period),
            },
        };
        Cell {
            node: index,
            period,
            starts,
            number,
        }
    }

    /// The rows of some cells whose total has a floor or a cap, with what these leave to the periods that are not over. The
    /// cells of a row stand side by side.
    fn rows(&self, cells: &[Cell], was: &[Option<NodeIndex>], grid: &Grid) -> Vec<OpenRow> {
        let mut rows = Vec::new();
        let mut first = 0;
        for own in cells.chunk_by(|one, next| one.node == next.node) {
            let numbers = first..first + own.len();
            first = numbers.end;
            let node = own.first().map(|cell| cell.node);
            let known = node.and_then(|node| Some((node, was.get(node.0 as usize).copied().flatten()?)));
            let Some((node, known)) = known else { continue };
            let held = self.state.grid.constraint(known, None);
            if held.floor.is_none() && held.cap.is_none() {
                continue;
            }
            let over: i64 = (0..)
                .zip(grid.periods())
                .filter(|(place, _)| self.is_over(*place))
                .map(|(_, period)| grid.amount(node, Some(period)).0)
                .sum();
            let rest = |bound: Minor| Minor(bound.0.saturating_sub(over));
            rows.push(OpenRow {
                numbers,
                floor: held.floor.map(rest),
                cap: held.cap.map(rest),
            });
        }
        rows
    }
}

/// The units with people, each with these and with what is nobody's there.
fn teams(shape: &Shape, nodes: &[Node]) -> Vec<Group> {
    let is_carried = |leaf: &NodeIndex| {
        let node = nodes.get(leaf.0 as usize);
        node.is_some_and(|node| node.level != UNASSIGNED)
    };
    let units = shape.nodes().filter(|node| !shape.is_leaf(*node));
    let team = |unit: NodeIndex| Group {
        top: unit,
        leaves: shape
            .children(unit)
            .filter(|child| shape.is_leaf(*child))
            .collect(),
        units: vec![unit],
    };
    units
        .map(team)
        .filter(|team| team.leaves.iter().any(is_carried))
        .collect()
}

fn refused(refusal: MakeUpRefusal, name: &str, currency: &Currency) -> Error {
    match refusal {
        MakeUpRefusal::NoRoom { missing, .. } => {
            let money = format::full(missing, currency);
            Error::conflict(
                "no_room_for_missing",
                format!(
                    "“{name}”还缺的数字里有 {money} 分不下去：锁定和上限挡住了。请先在新版本里放开，或从展望开始。"
                ),
                format!(
                    "{money} of what \"{name}\" lacks has no place: locks and caps stand in the way. Release some in a new version first, or begin with the outlook."
                ),
            )
        }
        MakeUpRefusal::LocksExceed { by } => {
            let money = format::full(by, currency);
            Error::conflict(
                "locks_exceed_missing",
                format!(
                    "“{name}”剩余周期里锁定和下限的数字比还缺的多 {money}。请先在新版本里放开，或选“按展望重新考虑目标”。"
                ),
                format!(
                    "In what is left of \"{name}\", locks and floors hold {money} more than is missing. Release some in a new version first, or begin with the outlook."
                ),
            )
        }
        MakeUpRefusal::NothingOpen | MakeUpRefusal::TooLarge => Error::conflict(
            "total_cannot_be_split",
            "还缺的数字超出计划能容纳的范围。",
            "What is missing is more than a plan can hold.",
        ),
    }
}
