//! What those who approve, and those who handed something in, are told.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::id::{RemarkId, UserId, VersionId};
use domain::notice::{Notice, shortened};
use store::plan::Plan;
use store::{Scope, Writer};

use super::recipient::enabled;
use super::tell;
use crate::Error;
use crate::plan::state;

/// Tells those who may decide that a version waits for them.
pub(crate) async fn asked(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    by: &str,
    deciders: &[UserId],
) -> Result<(), Error> {
    let notice = Notice::ApprovalAsked {
        version,
        plan: plan.name.clone(),
        by: by.to_owned(),
    };
    let told = deciders
        .iter()
        .filter(|user| Some(**user) != scope.actor.user())
        .map(|user| (*user, notice.clone()));
    tell(writer, scope, told.collect()).await
}

/// Tells whoever handed a version in that every step is passed.
pub(crate) async fn given(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    submitter: Option<UserId>,
) -> Result<(), Error> {
    let notice = Notice::ApprovalGiven {
        version,
        plan: plan.name.clone(),
        by: scope.actor.name().to_owned(),
    };
    let told = submitter.filter(|user| Some(*user) != scope.actor.user());
    tell(
        writer,
        scope,
        told.map(|user| (user, notice)).into_iter().collect(),
    )
    .await
}

/// Tells whoever handed a version in that it came back, and why.
pub(crate) async fn returned(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    submitter: Option<UserId>,
    why: &str,
) -> Result<(), Error> {
    let notice = Notice::ApprovalReturned {
        version,
        plan: plan.name.clone(),
        by: scope.actor.name().to_owned(),
        reason: shortened(why),
    };
    tell(
        writer,
        scope,
        submitter.map(|user| (user, notice)).into_iter().collect(),
    )
    .await
}

/// Tells those concerned that somebody spoke of a number, or of the plan as a whole where it has no name; each once. Whoever
/// spoke is not told, and neither is who does not see plans any more before they are published.
pub(crate) async fn remarked(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    (version, thread): (VersionId, RemarkId),
    name: &str,
    concerned: &BTreeSet<UserId>,
) -> Result<(), Error> {
    let notice = Notice::Remarked {
        version,
        thread,
        plan: plan.name.clone(),
        name: name.to_owned(),
        by: scope.actor.name().to_owned(),
    };
    let told = enabled(store::user::list(writer, &state::all(scope)).await?)
        .into_iter()
        .filter(|user| user.role.may(Permission::ReadPeople))
        .map(|user| user.id)
        .filter(|user| concerned.contains(user) && Some(*user) != scope.actor.user())
        .map(|user| (user, notice.clone()));
    tell(writer, scope, told.collect()).await
}
