//! The change of people itself, dated: who belongs where from the day on, which unit is no more, who is away.

use domain::calendar::Day;
use domain::id::{AssignmentId, LeaveId, MemberId, UnitId};
use domain::staffing::{Asked, Change, LeaveInput, LeaveRow};
use store::Writer;
use store::assignment::{Assignment, WHOLE_PPM};

use crate::people::cut;
use crate::{Error, Scope, clock};

/// Enters a change, as far as it is not entered yet. `all` sees everybody.
pub(super) async fn enter(writer: &Writer, all: &Scope, asked: &Asked) -> Result<(), Error> {
    let on = asked.on;
    match asked.change {
        Change::Leaver { member, .. } => leave_company(writer, all, member, on).await,
        Change::Joiner { member, unit, .. } => join(writer, all, member, unit, on).await,
        Change::Transfer { member, from, to, .. } => {
            let own = store::assignment::of_member(writer, all, member).await?;
            go(writer, all, own, from, to, on).await
        }
        Change::Merger { from, into } => {
            let everybody = store::assignment::list(writer, all, None).await?;
            go(writer, all, everybody, from, into, on).await?;
            let mut unit = store::unit::get(writer, all, from).await?;
            if unit.starts_on < on && unit.ends_on.is_none_or(|end| on < end) {
                unit.ends_on = Some(on);
                store::unit::update(writer, all, &unit).await?;
            }
            Ok(())
        }
        Change::Leave {
            member, until, why, ..
        } => {
            let known = store::leave::of_member(writer, all, member).await?;
            let is_known = known
                .iter()
                .any(|row| row.leave.from <= on && until <= row.leave.until);
            if is_known {
                return Ok(());
            }
            let row = LeaveRow {
                id: LeaveId(clock::new_id()),
                leave: LeaveInput {
                    member,
                    from: on,
                    until,
                    kind: why,
                    note: String::new(),
                },
            };
            Ok(store::leave::insert(writer, all, &row).await?)
        }
    }
}

async fn leave_company(writer: &Writer, all: &Scope, id: MemberId, on: Day) -> Result<(), Error> {
    let mut member = store::member::get(writer, all, id).await?;
    if member.hired_on.is_some_and(|hired| on < hired) {
        return Err(Error::invalid_field(
            "left_before_hired",
            "on",
            "离职日期早于入职日期。",
            "The day of leaving lies before the first day.",
        ));
    }
    if member.left_on.is_none_or(|left| on < left) {
        member.left_on = Some(on);
        store::member::update(writer, all, &member).await?;
    }
    cut(writer, all, id, on).await
}

async fn join(writer: &Writer, all: &Scope, id: MemberId, unit: UnitId, on: Day) -> Result<(), Error> {
    let mut member = store::member::get(writer, all, id).await?;
    // Who left before and comes back is there again.
    let came_back = member.left_on.is_some_and(|left| left <= on);
    if member.hired_on.is_none() || came_back {
        member.hired_on = member.hired_on.or(Some(on));
        member.left_on = member.left_on.filter(|_| !came_back);
        store::member::update(writer, all, &member).await?;
    }
    let own = store::assignment::of_member(writer, all, id).await?;
    if own.iter().any(|known| known.unit == unit && known.holds_on(on)) {
        return Ok(());
    }
    if own.iter().any(|known| known.holds_on(on)) {
        return Err(Error::conflict(
            "belongs_elsewhere",
            "这个人那天已属于别的部门。请用“调动”。",
            "This person belongs to another unit that day: use a move between units.",
        ));
    }
    let new = Assignment {
        id: AssignmentId(clock::new_id()),
        member: id,
        unit,
        share_ppm: WHOLE_PPM,
        starts_on: on,
        ends_on: None,
    };
    Ok(store::assignment::insert(writer, all, &[new]).await?)
}

/// Those of the assignments that are to a unit go on in another from the day on, with their shares.
async fn go(
    writer: &Writer,
    all: &Scope,
    assignments: Vec<Assignment>,
    from: UnitId,
    to: UnitId,
    on: Day,
) -> Result<(), Error> {
    let still = |known: &Assignment| known.unit == from && known.ends_on.is_none_or(|end| on < end);
    for mut assignment in assignments.into_iter().filter(still) {
        let next = Assignment {
            id: AssignmentId(clock::new_id()),
            unit: to,
            starts_on: assignment.starts_on.max(on),
            ..assignment.clone()
        };
        if assignment.starts_on >= on {
            store::assignment::remove(writer, all, &[assignment.id]).await?;
        } else {
            assignment.ends_on = Some(on);
            store::assignment::update(writer, all, &assignment).await?;
        }
        store::assignment::insert(writer, all, &[next]).await?;
    }
    Ok(())
}
