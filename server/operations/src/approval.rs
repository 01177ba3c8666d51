//! Approval: handing a version in, deciding on it, and what the page shows of it.
//!
//! While a version is in review its numbers are closed; it opens again only by being sent back. It is published once every
//! step of the chain it was handed in with is passed, or by an owner who says why it is not.

mod act;
mod chain;
mod difference;
mod look;
mod outlook;
mod pass;
mod shown;

use domain::approval::{
    ApprovalQuery, Approvals, Approver, Decision, InReview, Progress, Queue, Review, Shown, Signer, deciders,
};
use domain::id::{UserId, VersionId};
use domain::target::VersionStatus;
use store::approval::{Decided, Submission};
use store::version::Version;
use store::{Session, Writer};

use crate::plan::state::{self, damaged};
use crate::scope::{require_sight, require_voice};
use crate::{Error, Operations, Scope, clock, input};
use chain::{chain, signers, steps};

pub(crate) use look::since_look;
pub(crate) use pass::{keep_why, pass};

/// Longest reason, characters.
const REASON_CHARS: usize = 1_000;

impl Operations {
    /// Whether whoever asks may speak of plans that are not published and decide on them; asked before what they say is read.
    pub fn may_speak(&self, scope: &Scope) -> Result<(), Error> {
        require_voice(scope)
    }

    /// What waits for approval, the chain, and the version that is looked at.
    pub async fn approvals(&self, scope: &Scope, asked: ApprovalQuery) -> Result<Approvals, Error> {
        let Queue { waiting, others } = self.in_review(scope).await?;
        let reader = self.database.reader();
        let signers = signers(&reader, scope).await?;
        let id = match asked.version {
            Some(id) => Some(id),
            None => match waiting.first().or_else(|| others.first()) {
                Some(row) => Some(row.version),
                None => self.draft_in_work(scope).await?,
            },
        };
        let shown = match id {
            Some(id) => Some(self.shown(scope, id, &signers).await?),
            None => None,
        };
        let chain = chain(&reader, scope, &signers).await?;
        Ok(Approvals {
            waiting,
            others,
            chain,
            shown,
        })
    }

    /// A version with everything one decides by.
    pub async fn approval_of(&self, scope: &Scope, version: VersionId) -> Result<Shown, Error> {
        require_sight(scope)?;
        let signers = signers(&self.database.reader(), scope).await?;
        self.shown(scope, version, &signers).await
    }

    /// What waits for whoever asks, and what else is in review within sight; the oldest first.
    pub async fn in_review(&self, scope: &Scope) -> Result<Queue, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let signers = signers(&reader, scope).await?;
        let mut queue = Queue::default();
        for submission in store::approval::under_way(&reader, scope).await? {
            let version = store::version::get(&reader, scope, submission.version).await?;
            let plan = store::plan::get(&reader, &state::all(scope), version.plan).await?;
            let row = InReview {
                version: version.id,
                plan: plan.name,
                number: version.number,
                by: submission.user_name.clone(),
                at_ms: submission.at_ms,
                progress: submission.progress,
            };
            let turn = turn(&reader, scope, &submission, &signers).await?;
            let mine = scope.actor.user().is_some_and(|me| turn.deciders.contains(&me));
            if mine && submission.progress == Progress::Open {
                queue.waiting.push(row);
            } else {
                queue.others.push(row);
            }
        }
        Ok(queue)
    }

    /// Whether a version has to be approved before whoever asks may publish it.
    pub(crate) async fn review(&self, scope: &Scope, version: &Version) -> Result<Review, Error> {
        let reader = self.database.reader();
        match version.status {
            VersionStatus::InReview => {
                let all = store::approval::of_version(&reader, scope, version.id).await?;
                let latest = all.first().map(|submission| submission.progress);
                Ok(if latest == Some(Progress::Approved) {
                    Review::Approved
                } else {
                    Review::Open
                })
            }
            VersionStatus::Draft => {
                let steps = steps(&reader, scope).await?;
                Ok(if steps.is_empty() {
                    Review::NotNeeded
                } else {
                    Review::Needed
                })
            }
            VersionStatus::Published | VersionStatus::Archived => Ok(Review::NotNeeded),
        }
    }

    /// The draft one most likely works on.
    async fn draft_in_work(&self, scope: &Scope) -> Result<Option<VersionId>, Error> {
        let versions = store::version::list(&self.database.reader(), scope, None).await?;
        let drafts = versions.into_iter().filter(|version| version.status.is_in_work());
        Ok(drafts
            .max_by_key(|version| version.created_at_ms)
            .map(|version| version.id))
    }
}

/// The turn of something that was handed in.
struct Turn {
    /// The step that is to be decided; after the last where all are passed.
    step: u32,
    /// Who may.
    deciders: Vec<UserId>,
}

async fn turn(
    session: &impl Session,
    scope: &Scope,
    submission: &Submission,
    signers: &[Signer],
) -> Result<Turn, Error> {
    let step = passed(&store::approval::decided(session, scope, submission.id).await?);
    let steps = read_steps(submission)?;
    let deciders = steps
        .get(step as usize)
        .map(|approver| deciders(*approver, signers, submission.user));
    Ok(Turn {
        step,
        deciders: deciders.unwrap_or_default(),
    })
}

/// How many steps are passed.
fn passed(decided: &[Decided]) -> u32 {
    let approved = decided.iter().filter(|one| one.decision == Decision::Approved);
    approved.count() as u32
}

fn read_steps(submission: &Submission) -> Result<Vec<Approver>, Error> {
    serde_json::from_str(&submission.steps).map_err(damaged)
}

/// A reason as it is typed; blank is none.
pub(crate) fn reason(text: Option<&str>) -> Result<Option<String>, Error> {
    input::optional_words(text, "reason", REASON_CHARS)
}

/// A version in review, under its lock, with what was handed in.
async fn under_review(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
) -> Result<(Version, Submission), Error> {
    let locked = store::version::lock(writer, scope, version).await?;
    let all = store::approval::of_version(writer, scope, version).await?;
    let latest = all
        .into_iter()
        .next()
        .filter(|submission| submission.progress.is_under_way());
    match (locked.status, latest) {
        (VersionStatus::InReview, Some(submission)) => Ok((locked, submission)),
        (VersionStatus::InReview, None) => Err(damaged("a version in review that nobody handed in")),
        _ => Err(Error::conflict(
            "not_in_review",
            "这个版本现在不在审批中。",
            "This version is not in review.",
        )),
    }
}

/// Keeps what was decided of a step.
async fn decide(
    writer: &Writer,
    scope: &Scope,
    submission: &Submission,
    step: u32,
    decision: Decision,
    note: Option<String>,
) -> Result<(), Error> {
    let decided = Decided {
        submission: submission.id,
        step,
        decision,
        note,
        user: scope.actor.user(),
        user_name: scope.actor.name().to_owned(),
        at_ms: clock::now_ms(),
    };
    Ok(store::approval::decide(writer, scope, &decided).await?)
}
