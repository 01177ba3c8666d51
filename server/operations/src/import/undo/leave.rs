//! What leave means for taking an import back.

use std::collections::{HashMap, HashSet};

use domain::calendar::Day;
use domain::import::Failure;
use domain::staffing::LeaveRow;
use store::import::Change;
use store::{Reader, Scope};
use uuid::Uuid;

use crate::import::job::Stop;
use crate::import::parse;

/// Refuses where leave that the import brought was changed since, or leave was entered since for somebody it made: it would go
/// with them, unseen.
pub(super) async fn refuse(reader: &Reader, scope: &Scope, changes: &[Change]) -> Result<(), Stop> {
    let written: HashMap<Uuid, &str> = changes
        .iter()
        .filter(|change| change.noun == "leave")
        .filter_map(|change| Some((change.id, change.before.as_deref()?)))
        .collect();
    let made: HashSet<Uuid> = changes
        .iter()
        .filter(|change| change.noun == "member" && change.before.is_none())
        .map(|change| change.id)
        .collect();
    if written.is_empty() && made.is_empty() {
        return Ok(());
    }
    for row in store::leave::list(reader, scope, Day(i32::MIN)).await? {
        let in_use = match written.get(&row.id.0) {
            Some(text) => parse::<LeaveRow>(text)? != row,
            None => made.contains(&row.leave.member.0),
        };
        if in_use {
            return Err(Stop::Failed(Failure::InUse));
        }
    }
    Ok(())
}
