//! Takes back what an import of targets made.

use domain::event::Event;
use domain::id::{PlanId, VersionId};
use domain::target::VersionStatus;
use store::Writer;
use store::import::Change;

use crate::acknowledge::reminders_of;
use crate::plan::state;
use crate::{Error, Scope};

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// All of it is gone, and what was on record before is again.
    Back,
    /// A version was split, branched, published or confirmed since: it stays.
    InUse,
    /// Something else is on record in its place now.
    Replaced,
}

/// Removes the versions and plans among the changes of an import; what they had replaced is on record again. Where it
/// cannot, the caller drops the transaction.
pub(crate) async fn take_back(writer: &Writer, scope: &Scope, changes: &[Change]) -> Result<Taken, Error> {
    let all = state::all(scope);
    let made = |noun: &str, id: uuid::Uuid| {
        changes
            .iter()
            .any(|change| change.noun == noun && change.id == id)
    };
    for change in changes.iter().filter(|change| change.noun == "version") {
        let id = VersionId(change.id);
        let version = store::version::lock(writer, &all, id).await?;
        let own_record = made("record", change.id);
        match version.status {
            VersionStatus::Draft => {}
            VersionStatus::Published if own_record => {}
            VersionStatus::Archived if own_record => return Ok(Taken::Replaced),
            VersionStatus::InReview | VersionStatus::Published | VersionStatus::Archived => {
                return Ok(Taken::InUse);
            }
        }
        let answered = !store::acknowledgement::of_version(writer, &all, id)
            .await?
            .is_empty();
        if version.head > 0 || answered || store::version::is_branched(writer, &all, id).await? {
            return Ok(Taken::InUse);
        }
        if store::cell::is_superseded(writer, &all, id).await? {
            return Ok(Taken::Replaced);
        }
        store::plan::remove_version(writer, &all, id).await?;
        store::job::withdraw(writer, &all, &reminders_of(id)).await?;
        let event = Event::PlanChanged {
            plan: version.plan,
            version: id,
            head: 0,
        };
        store::outbox::append(writer, scope, &event).await?;
    }
    for change in changes.iter().filter(|change| change.noun == "plan") {
        let id = PlanId(change.id);
        if store::version::list(writer, &all, Some(id)).await?.is_empty() {
            store::plan::remove(writer, &all, store::plan::Which::Plan(id)).await?;
        }
    }
    Ok(Taken::Back)
}
