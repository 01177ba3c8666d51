//! What approval lets through to be published.

use domain::approval::{Decision, Progress};
use domain::id::SubmissionId;
use domain::target::VersionStatus;
use store::Writer;
use store::approval::Submission;
use store::version::Version;

use super::chain::steps;
use super::{decide, passed, under_review};
use crate::plan::state::damaged;
use crate::{Actor, Error, Scope, clock};

/// Lets a version through that may be published, and keeps who published it without the rest of its chain, and why. The
/// program itself is asked for nothing.
pub(crate) async fn pass(
    writer: &Writer,
    scope: &Scope,
    version: &Version,
    anyway: Option<&str>,
) -> Result<(), Error> {
    let now_ms = clock::now_ms();
    if version.status == VersionStatus::InReview {
        let (_, submission) = under_review(writer, scope, version.id).await?;
        if submission.progress == Progress::Open {
            let Some(why) = anyway else {
                return Err(Error::conflict(
                    "approval_open",
                    "这个版本还在审批中，通过后才能发布。",
                    "This version is still in review: it is published once it is approved.",
                ));
            };
            let passed = passed(&store::approval::decided(writer, scope, submission.id).await?);
            decide(
                writer,
                scope,
                &submission,
                passed,
                Decision::Overridden,
                Some(why.to_owned()),
            )
            .await?;
        }
        store::approval::set_progress(writer, scope, submission.id, Progress::Published, now_ms).await?;
        return Ok(());
    }
    if matches!(scope.actor, Actor::System(_)) {
        return Ok(());
    }
    let steps = steps(writer, scope).await?;
    if steps.is_empty() {
        return Ok(());
    }
    let Some(why) = anyway else {
        return Err(Error::conflict(
            "approval_needed",
            "发布前需要审批，请先提交审批。",
            "This version has to be approved before it is published: hand it in first.",
        ));
    };
    let submission = Submission {
        id: SubmissionId(clock::new_id()),
        version: version.id,
        head: version.head,
        steps: serde_json::to_string(&steps).map_err(damaged)?,
        note: None,
        progress: Progress::Open,
        user: scope.actor.user(),
        user_name: scope.actor.name().to_owned(),
        at_ms: now_ms,
    };
    store::approval::submit(writer, scope, &submission).await?;
    decide(
        writer,
        scope,
        &submission,
        0,
        Decision::Overridden,
        Some(why.to_owned()),
    )
    .await?;
    store::approval::set_progress(writer, scope, submission.id, Progress::Published, now_ms).await?;
    Ok(())
}
