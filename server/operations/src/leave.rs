//! The calendar of leave: who is away from when until when. For who plans, and who leads for their people.

use domain::access::{Permission, Role};
use domain::event::Event;
use domain::id::{LeaveId, MemberId};
use domain::staffing::{LeaveInput, LeaveRow};
use serde_json::json;
use store::Writer;

use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock, input};

/// Longest note.
const NOTE_CHARS: usize = 200;
/// Longest leave: three years.
const MOST_DAYS: i32 = 1_096;

impl Operations {
    /// The leave of somebody within reach, by first day.
    pub async fn leave(&self, scope: &Scope, member: MemberId) -> Result<Vec<LeaveRow>, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        store::member::get(&reader, scope, member).await?;
        Ok(store::leave::of_member(&reader, scope, member).await?)
    }

    /// Enters days of leave; with an id, changes them: whose they are stays.
    pub async fn set_leave(
        &self,
        scope: &Scope,
        id: Option<LeaveId>,
        wanted: LeaveInput,
    ) -> Result<LeaveRow, Error> {
        require(scope, Permission::ReadPeople)?;
        let note = input::optional_words(Some(&wanted.note), "note", NOTE_CHARS)?.unwrap_or_default();
        if wanted.until <= wanted.from || wanted.until.0.saturating_sub(wanted.from.0) > MOST_DAYS {
            return Err(Error::invalid_field(
                "leave_without_days",
                "until",
                "返岗日期须晚于休假开始的日期，且休假不超过三年。",
                "Somebody is back after they went, and within three years.",
            ));
        }
        let writer = self.database.writer().await?;
        let before = match id {
            Some(id) => Some(store::leave::get(&writer, scope, id).await?),
            None => None,
        };
        let member = before
            .as_ref()
            .map_or(wanted.member, |before| before.leave.member);
        may_enter(&writer, scope, member).await?;
        let row = LeaveRow {
            id: id.unwrap_or_else(|| LeaveId(clock::new_id())),
            leave: LeaveInput {
                member,
                note,
                ..wanted
            },
        };
        let overlaps = |known: &LeaveRow| {
            known.id != row.id && known.leave.from < row.leave.until && row.leave.from < known.leave.until
        };
        if store::leave::of_member(&writer, scope, member)
            .await?
            .iter()
            .any(overlaps)
        {
            return Err(Error::conflict(
                "leave_overlaps",
                "这些天里已经登记过休假。",
                "There is leave on some of these days already.",
            ));
        }
        match &before {
            Some(_) => store::leave::update(&writer, scope, &row).await?,
            None => store::leave::insert(&writer, scope, &row).await?,
        }
        let detail = json!({ "before": before, "after": row });
        let subject = format!("member:{member}");
        audit::commit(
            writer,
            scope,
            "leave.set",
            &subject,
            &detail,
            &Event::PeopleChanged,
        )
        .await?;
        Ok(row)
    }

    /// Takes days of leave out of the calendar.
    pub async fn remove_leave(&self, scope: &Scope, id: LeaveId) -> Result<(), Error> {
        require(scope, Permission::ReadPeople)?;
        let writer = self.database.writer().await?;
        let before = store::leave::get(&writer, scope, id).await?;
        may_enter(&writer, scope, before.leave.member).await?;
        store::leave::remove(&writer, scope, id).await?;
        let subject = format!("member:{}", before.leave.member);
        let detail = json!({ "before": before });
        audit::commit(
            writer,
            scope,
            "leave.remove",
            &subject,
            &detail,
            &Event::PeopleChanged,
        )
        .await
    }
}

/// Who plans may for everybody, who leads for their people but not for themselves.
async fn may_enter(writer: &Writer, scope: &Scope, member: MemberId) -> Result<(), Error> {
    store::member::get(writer, scope, member).await?;
    let is_leader = scope.role == Role::Manager && scope.may(Permission::Acknowledge);
    if is_leader && scope.member != Some(member) {
        return Ok(());
    }
    require(scope, Permission::EditPlan)
}
