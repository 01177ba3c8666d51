//! An adjustment is of the version that was on record when it was begun: where that was replaced since, publishing it would take
//! back what changed in between.

use domain::id::VersionId;
use domain::target::VersionStatus;
use store::{Scope, Session};

use crate::Error;

/// Branches of branches that are followed back.
const MOST_ANCESTORS: usize = 32;

/// Whether a draft adjusts a version that is on record no more.
pub(crate) async fn is_replaced(
    session: &impl Session,
    all: &Scope,
    draft: VersionId,
) -> Result<bool, Error> {
    if store::revision::of_draft(session, all, draft).await?.is_none() {
        return Ok(false);
    }
    let mut next = store::version::get(session, all, draft).await?.parent;
    // A scenario of an adjustment has that, and what it is of, before it.
    for _ in 0..MOST_ANCESTORS {
        let Some(id) = next else { break };
        let version = store::version::get(session, all, id).await?;
        if version.status == VersionStatus::Published {
            return Ok(false);
        }
        next = version.parent;
    }
    Ok(true)
}

/// Refuses to hand in, to approve and to publish such a draft.
pub(crate) async fn refuse_replaced(
    session: &impl Session,
    all: &Scope,
    draft: VersionId,
) -> Result<(), Error> {
    if is_replaced(session, all, draft).await? {
        return Err(replaced());
    }
    Ok(())
}

/// Why it is refused.
pub(super) fn replaced() -> Error {
    Error::conflict(
        "base_replaced",
        "这次调整所依据的版本已被新版本取代，发布它会撤掉期间的变动。请在现行版本上重新调整；所有者写明理由后仍可发布。",
        "The version this adjusts was replaced since: publishing it would take back what changed in between. Adjust the one on record; an owner can publish it anyway with a reason.",
    )
}
