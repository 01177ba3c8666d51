//! A unit that becomes part of another, with everything below it.
//!
//! The tree of units has no dates of its own: a unit lies where it lies, on every day. So a unit below the one that ends goes on
//! as another of its name, level and leader, from the day on and below the new unit. What was done and planned before stays with
//! the old ones and rolls up as it did; what comes after is the new ones'.

use std::collections::HashMap;

use domain::id::{NodeId, UnitId};
use domain::money::Minor;
use domain::plan::NodeRef;
use domain::staffing::{Days, Effect};
use store::unit::Unit;

use super::refuse::{not_in_plan, same_unit};
use super::{Moved, Work};
use crate::plan::UNASSIGNED;
use crate::{Error, clock};

/// A unit below one that is merged, and what it is from the day on.
#[derive(Clone, Debug)]
pub(in crate::staffing) struct Follower {
    /// The unit until the day.
    pub(in crate::staffing) old: UnitId,
    /// The unit from the day on; the old one itself where that begins only later, and has nothing behind it.
    pub(in crate::staffing) unit: Unit,
    /// Whether that is entered already: the draft of the same change was made before, and dropped.
    pub(in crate::staffing) is_known: bool,
}

impl Work<'_> {
    /// Everybody of a unit and of those below it comes to another one, with their numbers.
    pub(super) fn merge(&mut self, from: UnitId, into: UnitId) -> Result<(), Error> {
        if from == into {
            return Err(same_unit());
        }
        let unit = self
            .rows
            .unit(from)
            .ok_or_else(|| not_in_plan(self.ground, from))?;
        if self.rows.get(unit).is_some_and(|node| node.parent.is_none()) {
            return Err(Error::conflict(
                "company_merged",
                "公司本身不能并入别的部门。",
                "The company itself is not merged into a unit.",
            ));
        }
        if self.is_below(into, from) {
            return Err(Error::conflict(
                "into_below",
                "不能并入自己的下级部门。",
                "A unit is not merged into one below itself.",
            ));
        }
        let to = self.unit(into)?;
        let followers = self.followers(from, into)?;
        let next: HashMap<UnitId, &Unit> = followers
            .iter()
            .filter(|follower| follower.unit.id != follower.old)
            .map(|follower| (follower.old, &follower.unit))
            .collect();
        let mut open = vec![(unit, from, to)];
        while let Some((row, of, to)) = open.pop() {
            let children = self.rows.children(row).to_vec();
            if children.is_empty() {
                self.merge_bare(row, to, row == unit)?;
            }
            for id in children {
                let Some((whose, is_nobodys)) =
                    self.rows.get(id).map(|node| (node.of, node.level == UNASSIGNED))
                else {
                    continue;
                };
                match whose {
                    NodeRef::Member(member) => {
                        let days = self.ground.days(member, of, self.ground.since());
                        // Who is elsewhere from the day on, or gone, has nothing here to move.
                        if !self.has_since(id) && self.is_shut(id) {
                            continue;
                        }
                        let new = self.begins(to, member, false)?;
                        self.returns(new);
                        self.move_whole(id, new, &days)?;
                    }
                    NodeRef::Unit(_) if is_nobodys => {
                        let nobody = self.rows.nobody_in(to, self.ground.nobody);
                        self.returns(nobody);
                        self.move_whole(id, nobody, &self.ground.plain_days(self.ground.since()))?;
                    }
                    NodeRef::Unit(below) => {
                        let Some(unit) = next.get(&below) else {
                            // A unit that was merged or ended before has nothing left that could come along.
                            if !self.has_since(id) {
                                continue;
                            }
                            let name = self.rows.get(id).map_or("", |node| node.name.as_str());
                            return Err(lies_elsewhere(name));
                        };
                        let new = self.rows.unit_in(to, unit, self.ground.nobody);
                        open.push((id, below, new));
                    }
                }
            }
        }
        self.followers = followers;
        Ok(())
    }

    /// A unit without anybody: what it carries itself is nobody's in the unit it becomes part of, or its own where it goes on.
    fn merge_bare(&mut self, row: NodeId, to: NodeId, ends: bool) -> Result<(), Error> {
        let days = self.ground.plain_days(self.ground.since());
        if ends {
            let nobody = self.rows.nobody_in(to, self.ground.nobody);
            self.returns(nobody);
            return self.move_whole(row, nobody, &days);
        }
        self.absent.push((to, self.ground.until()));
        self.move_whole(row, to, &days)
    }

    /// Whether a row has anything from the day on.
    fn has_since(&self, row: NodeId) -> bool {
        let amounts = self.rows.amounts(row);
        let mut periods = amounts.iter().zip(self.ground.periods());
        periods.any(|(amount, days)| self.ground.on < days.ends_on && amount.0 != 0)
    }

    /// Whether nobody is there for a row in any period from the day on.
    fn is_shut(&self, row: NodeId) -> bool {
        let Some(was) = self.rows.was(row) else {
            return false;
        };
        let grid = &self.ground.state.grid;
        let mut since = grid
            .periods()
            .zip(self.ground.periods())
            .filter(|(_, days)| self.ground.on < days.ends_on);
        since.all(|(period, _)| grid.constraint(was, Some(period)).cap == Some(Minor(0)))
    }

    /// The units below one that is merged, those above first: each goes on below the new one of the unit it lies in.
    fn followers(&self, from: UnitId, into: UnitId) -> Result<Vec<Follower>, Error> {
        let (units, on) = (&self.ground.people.units, self.ground.on);
        let mut below: HashMap<UnitId, Vec<&Unit>> = HashMap::new();
        for unit in units {
            if let Some(parent) = unit.parent {
                below.entry(parent).or_default().push(unit);
            }
        }
        let children = |unit: UnitId| below.get(&unit).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<Follower> = Vec::new();
        let mut open = vec![(from, into)];
        while let Some((old, new)) = open.pop() {
            for unit in children(old).iter().copied() {
                // Damaged data may go round in a circle.
                if found.len() > units.len() {
                    return Err(lies_elsewhere(&unit.name));
                }
                let beside = || {
                    let known = children(new).iter().copied();
                    known.filter(move |known| known.name == unit.name)
                };
                let entered = beside()
                    .filter(|_| unit.ends_on == Some(on))
                    .find(|known| known.starts_on == on && known.level == unit.level);
                let next = match entered {
                    Some(known) => known.clone(),
                    None if unit.ends_on.is_some_and(|end| end <= on) => continue,
                    None => {
                        let still =
                            |known: &Unit| known.id != from && known.ends_on.is_none_or(|end| on < end);
                        if beside().any(still) {
                            return Err(name_taken(&unit.name));
                        }
                        if unit.starts_on >= on {
                            Unit {
                                parent: Some(new),
                                ..unit.clone()
                            }
                        } else {
                            Unit {
                                id: UnitId(clock::new_id()),
                                parent: Some(new),
                                starts_on: on,
                                import: None,
                                ..unit.clone()
                            }
                        }
                    }
                };
                open.push((unit.id, next.id));
                found.push(Follower {
                    old: unit.id,
                    is_known: entered.is_some(),
                    unit: next,
                });
            }
        }
        Ok(found)
    }

    /// Whether a unit is another or lies below it.
    fn is_below(&self, unit: UnitId, above: UnitId) -> bool {
        let units = &self.ground.people.units;
        let parent = |id: &UnitId| units.iter().find(|known| known.id == *id)?.parent;
        std::iter::successors(Some(unit), parent)
            .take(units.len())
            .any(|id| id == above)
    }

    /// A row goes over to another with its weights, from the day on.
    fn move_whole(&mut self, id: NodeId, to: NodeId, days: &[Days]) -> Result<(), Error> {
        self.effects.insert(id, Effect::HandsOver { on: self.ground.on });
        self.absent.push((id, self.ground.since()));
        self.go(id, to, days)?;
        self.moved.push(Moved {
            from: id,
            to: Some(to),
            days: days.to_vec(),
        });
        Ok(())
    }
}

fn lies_elsewhere(name: &str) -> Error {
    Error::conflict(
        "unit_lies_elsewhere",
        format!("计划里的部门“{name}”现在已不在这个部门之下，或在合并之后才开始。请先调整它。"),
        format!(
            "The plan has the unit \"{name}\" below this one, but it lies elsewhere now or begins only after the day: move it first."
        ),
    )
}

fn name_taken(name: &str) -> Error {
    Error::conflict(
        "unit_name_taken",
        format!("要并入的部门下已有“{name}”。请先合并这两个部门，或改其中一个的名称。"),
        format!("There is a \"{name}\" there already: merge the two first, or rename one."),
    )
}
