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

/// How a version got through.
pub(crate) struct Passed {
    /// What was handed in of it, where anything was.
    submission: Option<Submission>,
    /// Whether the rest of its chain was left out.
    pub(crate) without_approval: bool,
}

/// Lets a version through that may be published, and keeps who published it without the rest of its chain, and why. The
/// program itself is asked for nothing.
pub(crate) async fn pass(
    writer: &Writer,
    scope: &Scope,
    version: &Version,
    anyway: Option<&str>,
) -> Result<Passed, Error> {
    let now_ms = clock::now_ms();
    if version.status == VersionStatus::InReview {
        let (_, submission) = under_review(writer, scope, version.id).await?;
        let without_approval = submission.progress == Progress::Open;
        if without_approval {
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
        return Ok(Passed {
            submission: Some(submission),
            without_approval,
        });
    }
    let free = Passed {
        submission: None,
        without_approval: false,
    };
    if matches!(scope.actor, Actor::System(_)) {
        return Ok(free);
    }
    let steps = steps(writer, scope).await?;
    if steps.is_empty() {
        return Ok(free);
    }
    let Some(why) = anyway else {
        return Err(Error::conflict(
            "approval_needed",
            "发布前需要审批，请先提交审批。",
            "This version has to be approved before it is published: hand it in first.",
        ));
    };
    let steps = serde_json::to_string(&steps).map_err(damaged)?;
    let submission = handed_in(writer, scope, version, steps).await?;
    decide(
        writer,
        scope,
        &submission,
        0,
        Decision::Overridden,
        Some(why.to_owned()),
    )
    .await?;
    Ok(Passed {
        submission: Some(submission),
        without_approval: true,
    })
}

/// Keeps why a version is published although it is beyond limits which block, or adjusts what was replaced, beside what was
/// decided of it.
pub(crate) async fn keep_why(
    writer: &Writer,
    scope: &Scope,
    version: &Version,
    passed_as: Passed,
    anyway: &[(Decision, &str)],
) -> Result<(), Error> {
    if anyway.is_empty() {
        return Ok(());
    }
    let submission = match passed_as.submission {
        Some(submission) => submission,
        // Nothing had to be approved: the reason needs something to stand by.
        None => handed_in(writer, scope, version, "[]".to_owned()).await?,
    };
    let step = passed(&store::approval::decided(writer, scope, submission.id).await?);
    for (decision, why) in anyway {
        let why = Some((*why).to_owned());
        decide(writer, scope, &submission, step, *decision, why).await?;
    }
    Ok(())
}

/// Keeps a version as handed in and published at once. `steps`: those of its chain, as JSON.
async fn handed_in(
    writer: &Writer,
    scope: &Scope,
    version: &Version,
    steps: String,
) -> Result<Submission, Error> {
    let now_ms = clock::now_ms();
    let submission = Submission {
        id: SubmissionId(clock::new_id()),
        version: version.id,
        head: version.head,
        steps,
        note: None,
        progress: Progress::Open,
        user: scope.actor.user(),
        user_name: scope.actor.name().to_owned(),
        at_ms: now_ms,
    };
    store::approval::submit(writer, scope, &submission).await?;
    store::approval::set_progress(writer, scope, submission.id, Progress::Published, now_ms).await?;
    Ok(submission)
}
