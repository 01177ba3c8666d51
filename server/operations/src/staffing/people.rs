//! The change of people itself, dated: who belongs where from the day on, which unit is no more, who is away.

use std::collections::{BTreeSet, HashMap};

use domain::calendar::Day;
use domain::id::{AssignmentId, LeaveId, MemberId, UnitId};
use domain::staffing::{Asked, Change, LeaveInput, LeaveRow, without};
use domain::target::Span;
use store::Writer;
use store::assignment::{Assignment, WHOLE_PPM};

use super::reckon::Follower;
use crate::people::cut;
use crate::{Error, Scope, clock};

/// Enters a change, as far as it is not entered yet: with the units that go on as others. `all` sees everybody. Answers who
/// belongs elsewhere from the day on.
pub(super) async fn enter(
    writer: &Writer,
    all: &Scope,
    asked: &Asked,
    followers: &[Follower],
) -> Result<Vec<MemberId>, Error> {
    let on = asked.on;
    match asked.change {
        Change::Leaver { member, .. } => {
            leave_company(writer, all, member, on).await?;
            Ok(vec![member])
        }
        Change::Joiner { member, unit, .. } => {
            join(writer, all, member, unit, on).await?;
            Ok(vec![member])
        }
        Change::Transfer { member, from, to, .. } => {
            store::member::lock(writer, all, member).await?;
            let own = store::assignment::of_member(writer, all, member).await?;
            let own: Vec<Assignment> = own.into_iter().filter(|known| known.unit == from).collect();
            go(writer, all, &own, to, on).await?;
            Ok(vec![member])
        }
        Change::Merger { from, into } => {
            let mut of_unit: HashMap<UnitId, Vec<Assignment>> = HashMap::new();
            for assignment in store::assignment::list(writer, all, None).await? {
                of_unit.entry(assignment.unit).or_default().push(assignment);
            }
            let people = |unit: UnitId| of_unit.get(&unit).map(Vec::as_slice).unwrap_or_default();
            let mut moved: BTreeSet<MemberId> = people(from).iter().map(|one| one.member).collect();
            go(writer, all, people(from), into, on).await?;
            for follower in followers {
                follow(writer, all, follower, on).await?;
                if follower.unit.id != follower.old {
                    moved.extend(people(follower.old).iter().map(|one| one.member));
                    go(writer, all, people(follower.old), follower.unit.id, on).await?;
                }
            }
            let mut unit = store::unit::get(writer, all, from).await?;
            if unit.starts_on < on && unit.ends_on.is_none_or(|end| on < end) {
                unit.ends_on = Some(on);
                store::unit::update(writer, all, &unit).await?;
            }
            Ok(moved.into_iter().collect())
        }
        Change::Leave {
            member, until, why, ..
        } => {
            store::member::lock(writer, all, member).await?;
            let known = store::leave::of_member(writer, all, member).await?;
            let known: Vec<Span> = known
                .iter()
                .map(|row| Span {
                    starts_on: row.leave.from,
                    ends_on: row.leave.until,
                })
                .collect();
            let away = Span {
                starts_on: on,
                ends_on: until,
            };
            // No day is in the calendar twice.
            let new: Vec<LeaveRow> = without(away, &known)
                .into_iter()
                .map(|piece| LeaveRow {
                    id: LeaveId(clock::new_id()),
                    leave: LeaveInput {
                        member,
                        from: piece.starts_on,
                        until: piece.ends_on,
                        kind: why,
                        note: String::new(),
                    },
                })
                .collect();
            store::leave::insert(writer, all, &new).await?;
            // Who is away belongs where they belonged.
            Ok(Vec::new())
        }
    }
}

async fn leave_company(writer: &Writer, all: &Scope, id: MemberId, on: Day) -> Result<(), Error> {
    let mut member = store::member::lock(writer, all, id).await?;
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
    let mut member = store::member::lock(writer, all, id).await?;
    let own = store::assignment::of_member(writer, all, id).await?;
    // Who left before and comes back is there again; since when they were there before stays.
    let came_back = member.left_on.is_some_and(|left| left <= on);
    let is_new = member.hired_on.is_none() && own.is_empty() && !came_back;
    if is_new || came_back {
        if is_new {
            member.hired_on = Some(on);
        }
        member.left_on = member.left_on.filter(|_| !came_back);
        store::member::update(writer, all, &member).await?;
    }
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

/// A unit below one that is merged ends, and the one it goes on as begins. Its code goes along: other systems
/// know it by that.
async fn follow(writer: &Writer, all: &Scope, follower: &Follower, on: Day) -> Result<(), Error> {
    if follower.is_known {
        return Ok(());
    }
    if follower.unit.id == follower.old {
        return Ok(store::unit::update(writer, all, &follower.unit).await?);
    }
    let mut old = store::unit::get(writer, all, follower.old).await?;
    old.ends_on = Some(on);
    old.code = None;
    store::unit::update(writer, all, &old).await?;
    Ok(store::unit::insert(writer, all, std::slice::from_ref(&follower.unit)).await?)
}

/// Assignments to a unit go on in another from the day on, with their shares; those that are over stay.
async fn go(
    writer: &Writer,
    all: &Scope,
    assignments: &[Assignment],
    to: UnitId,
    on: Day,
) -> Result<(), Error> {
    let (mut ending, mut never, mut next) = (Vec::new(), Vec::new(), Vec::new());
    let still = |known: &&Assignment| known.ends_on.is_none_or(|end| on < end);
    for assignment in assignments.iter().filter(still) {
        let list = if assignment.starts_on >= on {
            &mut never
        } else {
            &mut ending
        };
        list.push(assignment.id);
        next.push(Assignment {
            id: AssignmentId(clock::new_id()),
            unit: to,
            starts_on: assignment.starts_on.max(on),
            ..assignment.clone()
        });
    }
    store::assignment::remove(writer, all, &never).await?;
    store::assignment::end(writer, all, &ending, on).await?;
    Ok(store::assignment::insert(writer, all, &next).await?)
}
