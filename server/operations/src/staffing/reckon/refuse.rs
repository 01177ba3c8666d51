//! Changes of staff that cannot be: in words of both languages, with whom and where.

use domain::id::{MemberId, NodeId, UnitId};
use domain::money::Minor;

use super::Work;
use crate::Error;
use crate::staffing::ground::Ground;

impl Work<'_> {
    /// Nobody comes who is there: who has a row from the day on that is not shut, and has not left, moves or gets another number.
    pub(super) fn refuse_placed(&self, member: MemberId) -> Result<(), Error> {
        let (ground, name) = (self.ground, self.ground.name(member)?);
        if ground.left_on(member).is_some_and(|left| left <= ground.on) {
            return Ok(());
        }
        let grid = &ground.state.grid;
        let is_open = |row: NodeId| {
            let Some(was) = self.rows.was(row) else {
                return false;
            };
            let mut periods = grid.periods().zip(ground.periods());
            periods.any(|(period, days)| {
                ground.on < days.ends_on && grid.constraint(was, Some(period)).cap != Some(Minor(0))
            })
        };
        let own = self.rows.of_member(member);
        let Some((_, unit)) = own.into_iter().find(|(row, _)| is_open(*row)) else {
            return Ok(());
        };
        let place = self.rows.get(unit).map_or("", |unit| unit.name.as_str());
        Err(Error::conflict(
            "already_placed",
            format!(
                "“{name}”在这个计划里已经属于“{place}”。换部门请选“有人调到别的部门”，只改数字请到“分解”里改。"
            ),
            format!(
                "{name} is in this plan already, in {place}: choose a change of units, or change the number on the Split page."
            ),
        ))
    }
}

pub(super) fn no_number(name: &str) -> Error {
    Error::conflict(
        "no_number",
        format!(
            "“{name}”在这个计划里没有自己的数字。部门负责人的数字属于部门：在“人员与部门”里换负责人，再发布一版，数字就归新的负责人。"
        ),
        format!(
            "{name} has no number of their own in this plan. The number of who leads a unit is the unit's: enter who leads it now under People and units, and the next version that is published gives it to them."
        ),
    )
}

pub(super) fn not_in_plan(ground: &Ground, unit: UnitId) -> Error {
    let name = ground.unit(unit).map_or("", |known| known.name.as_str());
    Error::conflict(
        "unit_not_in_plan",
        format!("部门“{name}”不在这个计划里。"),
        format!("The unit \"{name}\" is not in this plan."),
    )
}

pub(super) fn same_unit() -> Error {
    Error::invalid_field(
        "same_unit",
        "unit",
        "请选两个不同的部门。",
        "Choose two different units.",
    )
}
