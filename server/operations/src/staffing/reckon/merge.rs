//! A unit that becomes part of another.

use domain::id::{NodeId, UnitId};
use domain::plan::NodeRef;
use domain::staffing::{Days, Effect};

use super::{Moved, Work, not_in_plan, same_unit};
use crate::Error;
use crate::plan::UNASSIGNED;

impl Work<'_> {
    /// Everybody of a unit comes to another one, with their numbers.
    pub(super) fn merge(&mut self, from: UnitId, into: UnitId) -> Result<(), Error> {
        if from == into {
            return Err(same_unit());
        }
        let unit = self
            .rows
            .unit(from)
            .ok_or_else(|| not_in_plan(self.ground, from))?;
        let has_units = self
            .rows
            .children(unit)
            .iter()
            .filter_map(|id| self.rows.get(*id))
            .any(|node| !node.of.is_member() && node.level != UNASSIGNED);
        let on = self.ground.on;
        let has_parts = self
            .ground
            .people
            .units
            .iter()
            .any(|known| known.parent == Some(from) && known.ends_on.is_none_or(|end| on < end));
        let is_company = self.rows.get(unit).is_some_and(|node| node.parent.is_none());
        if is_company || has_units || has_parts {
            return Err(Error::conflict(
                "units_below",
                "这个部门还有下级部门。请先合并或调整下级部门；公司本身不能合并。",
                "There are units below this one: merge or move them first. The company itself is not merged.",
            ));
        }
        let into = self.unit(into)?;
        let since = self.ground.since();
        let children = self.rows.children(unit).to_vec();
        if children.is_empty() {
            // Nobody is in it: what it carries itself is nobody's in the other.
            let nobody = self.rows.nobody_in(into, self.ground.nobody);
            return self.move_whole(unit, nobody, &self.ground.plain_days(since));
        }
        for id in children {
            let of = self.rows.get(id).map(|node| node.of);
            match of {
                Some(NodeRef::Member(member)) => {
                    let days = self.ground.days(member, from, since);
                    let new = self.begins(into, member, false)?;
                    self.move_whole(id, new, &days)?;
                }
                _ => {
                    let nobody = self.rows.nobody_in(into, self.ground.nobody);
                    self.move_whole(id, nobody, &self.ground.plain_days(since))?;
                }
            }
        }
        Ok(())
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
