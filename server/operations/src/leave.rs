//! The calendar of leave: who is away from when until when. For who plans, and who leads for their people.

use std::collections::HashMap;

use domain::access::{Permission, Role};
use domain::event::Event;
use domain::id::{LeaveId, MemberId};
use domain::people::finds;
use domain::staffing::{LEAVE_NOTE_CHARS, LeaveCalendar, LeaveEntry, LeaveInput, LeaveRow, MOST_LEAVE_DAYS};
use serde_json::json;
use store::{Session, StoreError, Writer};

use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock, input};

/// Most rows of the calendar that are answered at once.
const MOST_ROWS: usize = 200;

impl Operations {
    /// The leave of somebody within reach, by first day.
    pub async fn leave(&self, scope: &Scope, member: MemberId) -> Result<Vec<LeaveRow>, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        store::member::get(&reader, scope, member).await?;
        Ok(store::leave::of_member(&reader, scope, member).await?)
    }

    /// The same with whose they are, and whether whoever asks may change them.
    pub async fn leave_entries(&self, scope: &Scope, member: MemberId) -> Result<Vec<LeaveEntry>, Error> {
        let rows = self.leave(scope, member).await?;
        let reader = self.database.reader();
        let name = store::member::get(&reader, scope, member).await?.name;
        let may_remove = enters_for(scope, member);
        let entries = rows.into_iter().map(|row| LeaveEntry {
            name: name.clone(),
            row,
            may_remove,
        });
        Ok(entries.collect())
    }

    /// The leave of everybody within reach that is not over, by first day; of those whom a name or its sounds find, of
    /// everybody where it is empty.
    pub async fn leave_calendar(&self, scope: &Scope, query: &str) -> Result<LeaveCalendar, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let members = store::member::list(&reader, scope).await?;
        let names: HashMap<MemberId, String> = members
            .into_iter()
            .filter(|member| finds(query, &member.name, &member.pinyin))
            .map(|member| (member.id, member.name))
            .collect();
        let mut entries: Vec<LeaveEntry> = store::leave::list(&reader, scope, today)
            .await?
            .into_iter()
            .filter_map(|row| {
                Some(LeaveEntry {
                    name: names.get(&row.leave.member)?.clone(),
                    may_remove: enters_for(scope, row.leave.member),
                    row,
                })
            })
            .collect();
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        entries.sort_by(|a, b| {
            let (one, other) = (&a.row, &b.row);
            (one.leave.from, &a.name, one.id).cmp(&(other.leave.from, &b.name, other.id))
        });
        entries.truncate(MOST_ROWS);
        Ok(LeaveCalendar { entries, count })
    }

    /// Enters days of leave; with an id, changes them: whose they are stays.
    pub async fn set_leave(
        &self,
        scope: &Scope,
        id: Option<LeaveId>,
        wanted: LeaveInput,
    ) -> Result<LeaveRow, Error> {
        require(scope, Permission::ReadPeople)?;
        let note = input::optional_words(Some(&wanted.note), "note", LEAVE_NOTE_CHARS)?.unwrap_or_default();
        if wanted.until <= wanted.from || wanted.until.0.saturating_sub(wanted.from.0) > MOST_LEAVE_DAYS {
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
        let overlaps = |known: &LeaveRow| known.id != row.id && known.leave.overlaps(&row.leave);
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
            None => store::leave::insert(&writer, scope, std::slice::from_ref(&row)).await?,
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

/// Leave by its id, where it is there and of somebody within reach.
pub(crate) async fn entry(
    session: &impl Session,
    scope: &Scope,
    id: LeaveId,
) -> Result<Option<LeaveEntry>, Error> {
    let row = match store::leave::get(session, scope, id).await {
        Ok(row) => row,
        Err(StoreError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match store::member::get(session, scope, row.leave.member).await {
        Ok(member) => Ok(Some(LeaveEntry {
            name: member.name,
            may_remove: enters_for(scope, row.leave.member),
            row,
        })),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Who plans may for everybody, who leads for their people but not for themselves.
async fn may_enter(writer: &Writer, scope: &Scope, member: MemberId) -> Result<(), Error> {
    // Two people may enter days of one person at once: the second looks at what the first has entered.
    store::member::lock(writer, scope, member).await?;
    if enters_for(scope, member) {
        return Ok(());
    }
    require(scope, Permission::EditPlan)?;
    Err(Error::conflict(
        "own_leave",
        "请假会减少目标，自己的请假请让另一位计划员或上级来登记。",
        "Leave makes a target smaller: let another planner or your manager enter yours.",
    ))
}

/// Whether whoever asks enters the leave of somebody within their reach.
fn enters_for(scope: &Scope, member: MemberId) -> bool {
    let is_leader = scope.role == Role::Manager && scope.may(Permission::Acknowledge);
    let is_other = scope.member != Some(member);
    // Leave makes a target smaller: nobody but who runs the organization enters their own.
    (is_other && (is_leader || scope.may(Permission::EditPlan))) || scope.may(Permission::ManageOrganization)
}
