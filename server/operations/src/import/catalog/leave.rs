//! The calendar of leave as files add to it: nothing twice, and nothing on days on which somebody is away already. Days are only
//! ever added, so that taking an import back takes out what it brought and nothing else.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{LeaveId, MemberId};
use domain::import::Reason;
use domain::staffing::{LeaveInput, LeaveRow};
use store::{Scope, Session, StoreError};

use super::Catalog;
use crate::clock;
use crate::import::registers::Outcome;

/// All leave there is, by whose it is.
pub(super) async fn load(
    session: &impl Session,
    scope: &Scope,
) -> Result<HashMap<MemberId, Vec<LeaveInput>>, StoreError> {
    let mut found: HashMap<MemberId, Vec<LeaveInput>> = HashMap::new();
    for row in store::leave::list(session, scope, Day(i32::MIN)).await? {
        found.entry(row.leave.member).or_default().push(row.leave);
    }
    Ok(found)
}

impl Catalog {
    /// Adds days of leave; the same days for the same reason again say nothing new, other leave on some of them is refused.
    pub(in crate::import) fn put_leave(&mut self, leave: LeaveInput) -> Result<Outcome, Reason> {
        let known = self.leave.entry(leave.member).or_default();
        if let Some(other) = known.iter().find(|other| other.overlaps(&leave)) {
            let same_days = (other.from, other.until) == (leave.from, leave.until);
            let same_words = leave.note.is_empty() || other.note == leave.note;
            return if same_days && same_words && other.kind == leave.kind {
                Ok(Outcome::Unchanged)
            } else {
                Err(Reason::LeaveOverlaps {
                    from: other.from.to_string(),
                    last: other.until.plus(-1).to_string(),
                })
            };
        }
        known.push(leave.clone());
        self.changes.leave.push(LeaveRow {
            id: LeaveId(clock::new_id()),
            leave,
        });
        Ok(Outcome::Created)
    }
}
