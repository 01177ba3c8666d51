//! Whom an import moves, or its undo moves back, and since which day: what they did from then on counts where they were.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::calendar::Day;
use domain::id::MemberId;
use store::assignment::Assignment;
use store::import::Change;
use store::{Scope, Session, StoreError};
use uuid::Uuid;

use super::catalog::Changes;

/// People by the first day on which they are elsewhere now. Nobody is told of twice.
pub(super) type Moved = BTreeMap<Day, Vec<MemberId>>;

/// Whom an import moves. Whoever it makes has no facts but its own, which are credited by where it says they are.
pub(super) fn of_import(changes: &Changes) -> Moved {
    let made: HashSet<MemberId> = changes.members.iter().map(|member| member.id).collect();
    let begun = changes.assignments.iter().map(|new| (new.member, new.starts_on));
    let ended = changes.changed_assignments.values().map(ended);
    by_day(begun.chain(ended).filter(|(member, _)| !made.contains(member)))
}

/// Whom the undo of an import moves back; to be asked before it does. Whoever the import made goes with it.
pub(super) async fn of_undo(
    session: &impl Session,
    scope: &Scope,
    changes: &[Change],
) -> Result<Moved, StoreError> {
    let ids = |noun: &str, made: bool| -> HashSet<Uuid> {
        let of_noun = changes
            .iter()
            .filter(|it| it.noun == noun && it.before.is_none() == made);
        of_noun.map(|it| it.id).collect()
    };
    let (new, changed) = (ids("assignment", true), ids("assignment", false));
    if new.is_empty() && changed.is_empty() {
        return Ok(Moved::new());
    }
    let gone = ids("member", true);
    let known = store::assignment::list(session, scope, None).await?;
    let moved = known
        .iter()
        .filter(|one| !gone.contains(&one.member.0))
        .filter_map(|one| {
            if new.contains(&one.id.0) {
                Some((one.member, one.starts_on))
            } else {
                changed.contains(&one.id.0).then(|| ended(one))
            }
        });
    Ok(by_day(moved))
}

/// Whose membership was ended, and since when they are elsewhere.
fn ended(assignment: &Assignment) -> (MemberId, Day) {
    let since = assignment.ends_on.unwrap_or(assignment.starts_on);
    (assignment.member, since)
}

fn by_day(moved: impl Iterator<Item = (MemberId, Day)>) -> Moved {
    let mut first: HashMap<MemberId, Day> = HashMap::new();
    for (member, day) in moved {
        first
            .entry(member)
            .and_modify(|known| *known = day.min(*known))
            .or_insert(day);
    }
    let mut by_day = Moved::new();
    for (member, day) in first {
        by_day.entry(day).or_default().push(member);
    }
    by_day
}
