//! Approval: handing a version in, deciding on it, and what the page shows of it.
//!
//! While a version is in review its numbers are closed; it opens again only by being sent back. It is published once every
//! step of the chain it was handed in with is passed, or by an owner who says why it is not.

mod difference;
mod look;
mod shown;

use domain::access::Permission;
use domain::approval::{
    ApprovalQuery, Approvals, Approver, Chain, Decision, InReview, MOST_STEPS, Named, Progress, Review,
    Signer, can_approve, deciders,
};
use domain::event::Event;
use domain::id::{SubmissionId, UserId, VersionId};
use domain::target::VersionStatus;
use serde_json::json;
use store::approval::{Decided, Submission};
use store::version::Version;
use store::{Session, Writer};

use crate::plan::state::{self, damaged};
use crate::publish::closed;
use crate::scope::require;
use crate::{Actor, Error, Operations, Scope, audit, clock, input, notice};

/// Longest reason, characters.
const REASON_CHARS: usize = 1_000;

impl Operations {
    /// What waits for approval, the chain, and the version that is looked at.
    pub async fn approvals(&self, scope: &Scope, asked: ApprovalQuery) -> Result<Approvals, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let signers = signers(&reader, scope).await?;
        let (mut waiting, mut others) = (Vec::new(), Vec::new());
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
                waiting.push(row);
            } else {
                others.push(row);
            }
        }
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

    /// Chooses the chain for what is handed in from now on; an empty one needs nobody.
    pub async fn set_approval_chain(&self, scope: &Scope, steps: Vec<Approver>) -> Result<(), Error> {
        require(scope, Permission::Publish)?;
        let writer = self.database.writer().await?;
        let signers = signers(&writer, scope).await?;
        for step in &steps {
            check_step(*step, &signers)?;
        }
        if steps.len() > MOST_STEPS {
            return Err(Error::invalid_field(
                "too_many_steps",
                "steps",
                format!("审批最多 {MOST_STEPS} 步。"),
                format!("A chain has at most {MOST_STEPS} steps."),
            ));
        }
        let text = serde_json::to_string(&steps).map_err(damaged)?;
        store::approval::set_chain(&writer, scope, &text, clock::now_ms()).await?;
        let event = Event::PeopleChanged;
        let detail = json!({ "steps": steps });
        audit::commit(writer, scope, "approval.chain", "organization", &detail, &event).await
    }

    /// Hands a draft in; its numbers are closed until it is decided.
    pub async fn submit_version(
        &self,
        scope: &Scope,
        version: VersionId,
        note: Option<&str>,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let note = reason(note)?;
        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        if locked.status != VersionStatus::Draft {
            return Err(closed(locked.status));
        }
        if locked.shelved_at_ms.is_some() {
            return Err(crate::scenario::shelved());
        }
        let signers = signers(&writer, scope).await?;
        let steps = steps(&writer, scope).await?;
        let Some(first) = steps.first() else {
            return Err(Error::conflict(
                "no_chain",
                "不需要审批：没有其他人可以审批，或审批流程为空。可以直接发布。",
                "Nothing has to be approved: there is nobody else who could, or the chain is empty. Publish it.",
            ));
        };
        let plan = store::plan::get(&writer, scope, locked.plan).await?;
        crate::publish::publishable(&writer, scope, &locked).await?;
        let submission = Submission {
            id: SubmissionId(clock::new_id()),
            version,
            head: locked.head,
            steps: serde_json::to_string(&steps).map_err(damaged)?,
            note,
            progress: Progress::Open,
            user: scope.actor.user(),
            user_name: scope.actor.name().to_owned(),
            at_ms: clock::now_ms(),
        };
        store::approval::submit(&writer, scope, &submission).await?;
        store::version::set_in_review(&writer, scope, version, true).await?;
        if let Some(me) = scope.actor.user() {
            store::approval::look(&writer, scope, version, me, locked.head, clock::now_ms()).await?;
        }
        let asked = deciders(*first, &signers, submission.user);
        notice::approval_asked(&writer, scope, &plan, version, &submission.user_name, &asked).await?;
        let detail = json!({ "head": locked.head, "steps": steps, "note": submission.note });
        finish(writer, scope, "version.submit", version, &detail).await
    }

    /// Passes the step whose turn it is. Not for whoever handed it in, where somebody else could.
    pub async fn approve_version(
        &self,
        scope: &Scope,
        version: VersionId,
        note: Option<&str>,
    ) -> Result<(), Error> {
        require(scope, Permission::ReadPeople)?;
        let note = reason(note)?;
        let writer = self.database.writer().await?;
        let (locked, submission) = under_review(&writer, scope, version).await?;
        if submission.progress != Progress::Open {
            return Err(Error::conflict(
                "already_approved",
                "审批已全部完成。",
                "Every step is passed already.",
            ));
        }
        let signers = signers(&writer, scope).await?;
        let turn = turn(&writer, scope, &submission, &signers).await?;
        let me = scope.actor.user().ok_or(Error::NotFound("permitted"))?;
        if !turn.deciders.contains(&me) {
            return Err(not_yours(&submission, me, &turn, &signers));
        }
        let plan = store::plan::get(&writer, &state::all(scope), locked.plan).await?;
        decide(
            &writer,
            scope,
            &submission,
            turn.step,
            Decision::Approved,
            note.clone(),
        )
        .await?;
        store::approval::look(&writer, scope, version, me, locked.head, clock::now_ms()).await?;
        let steps = read_steps(&submission)?;
        match steps.get(turn.step as usize + 1) {
            Some(next) => {
                let asked = deciders(*next, &signers, submission.user);
                notice::approval_asked(&writer, scope, &plan, version, &submission.user_name, &asked).await?;
            }
            None => {
                store::approval::set_progress(
                    &writer,
                    scope,
                    submission.id,
                    Progress::Approved,
                    clock::now_ms(),
                )
                .await?;
                notice::approval_given(&writer, scope, &plan, version, submission.user).await?;
            }
        }
        let detail = json!({ "step": turn.step, "head": submission.head, "note": note });
        finish(writer, scope, "version.approve", version, &detail).await
    }

    /// Sends a version back to be worked on, with a reason; whoever handed it in may take it back without one.
    pub async fn return_version(
        &self,
        scope: &Scope,
        version: VersionId,
        why: Option<&str>,
    ) -> Result<(), Error> {
        require(scope, Permission::ReadPeople)?;
        let why = reason(why)?;
        let writer = self.database.writer().await?;
        let (locked, submission) = under_review(&writer, scope, version).await?;
        let signers = signers(&writer, scope).await?;
        let turn = turn(&writer, scope, &submission, &signers).await?;
        let me = scope.actor.user();
        let own = me.is_some() && me == submission.user;
        let decides = me.is_some_and(|me| turn.deciders.contains(&me));
        if !(own || decides || scope.may(Permission::ManageOrganization)) {
            return Err(Error::NotFound("permitted"));
        }
        if !own && why.is_none() {
            return Err(Error::invalid_field(
                "reason_missing",
                "reason",
                "退回时请写明原因。",
                "Say why you send it back.",
            ));
        }
        let decision = if own {
            Decision::TakenBack
        } else {
            Decision::Returned
        };
        decide(&writer, scope, &submission, turn.step, decision, why.clone()).await?;
        store::approval::set_progress(&writer, scope, submission.id, Progress::Returned, clock::now_ms())
            .await?;
        store::version::set_in_review(&writer, scope, version, false).await?;
        if !own {
            let plan = store::plan::get(&writer, &state::all(scope), locked.plan).await?;
            let why = why.as_deref().unwrap_or_default();
            notice::approval_returned(&writer, scope, &plan, version, submission.user, why).await?;
        }
        let detail = json!({ "step": turn.step, "decision": decision, "reason": why });
        finish(writer, scope, "version.return", version, &detail).await
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

/// Everybody who signs in.
async fn signers(session: &impl Session, scope: &Scope) -> Result<Vec<Signer>, Error> {
    let users = store::user::list(session, &state::all(scope)).await?;
    let signer = |user: store::user::User| Signer {
        id: user.id,
        name: user.name,
        role: user.role,
        enabled: user.disabled_at_ms.is_none(),
    };
    Ok(users.into_iter().map(signer).collect())
}

/// The steps of what is handed in now; none where nobody chose a chain.
async fn steps(session: &impl Session, scope: &Scope) -> Result<Vec<Approver>, Error> {
    match store::approval::chain(session, scope).await? {
        Some(text) => serde_json::from_str(&text).map_err(damaged),
        None => Ok(Vec::new()),
    }
}

async fn chain(session: &impl Session, scope: &Scope, signers: &[Signer]) -> Result<Chain, Error> {
    let may_change = scope.may(Permission::Publish);
    let people = signers
        .iter()
        .filter(|signer| may_change && signer.enabled && can_approve(signer.role));
    Ok(Chain {
        steps: steps(session, scope).await?,
        may_change,
        people: people
            .map(|signer| Named {
                user: signer.id,
                name: signer.name.clone(),
                role: signer.role,
            })
            .collect(),
    })
}

/// A step that somebody can decide.
fn check_step(step: Approver, signers: &[Signer]) -> Result<(), Error> {
    let wrong = |zh: String, en: String| Err(Error::invalid_field("bad_step", "steps", zh, en));
    match step {
        Approver::Planners => Ok(()),
        Approver::Role { role } if can_approve(role) => Ok(()),
        Approver::Role { role } => wrong(
            format!("角色 {} 看不到未发布的数字，不能审批。", role.as_str()),
            format!(
                "The role {} does not see what is not published, and cannot approve it.",
                role.as_str()
            ),
        ),
        Approver::Person { user } => match signers.iter().find(|signer| signer.id == user) {
            None => wrong("没有这个人。".to_owned(), "There is no such person.".to_owned()),
            Some(signer) if !signer.enabled => wrong(
                format!("{} 已停用，不能审批。", signer.name),
                format!("{} may not sign in any more, and cannot approve.", signer.name),
            ),
            Some(signer) if !can_approve(signer.role) => wrong(
                format!("{} 看不到未发布的数字，不能审批。", signer.name),
                format!(
                    "{} does not see what is not published, and cannot approve it.",
                    signer.name
                ),
            ),
            Some(_) => Ok(()),
        },
    }
}

/// Why somebody does not decide: it is their own, nobody can, or it is not their turn.
fn not_yours(submission: &Submission, me: UserId, turn: &Turn, signers: &[Signer]) -> Error {
    if submission.user == Some(me) && !turn.deciders.is_empty() {
        return Error::conflict(
            "own_submission",
            "不能审批自己提交的计划，请等待其他审批人。",
            "Nobody approves what they handed in themselves: somebody else decides.",
        );
    }
    let names: Vec<&str> = signers
        .iter()
        .filter(|signer| turn.deciders.contains(&signer.id))
        .map(|signer| signer.name.as_str())
        .collect();
    if names.is_empty() {
        return Error::conflict(
            "nobody_decides",
            "这一步的审批人已停用或换了角色，没有人能审批。请退回后调整审批流程，或由所有者直接发布并写明原因。",
            "Nobody can decide this step: who was to do it may not sign in any more, or has another role. Send it back and change the chain, or have an owner publish it with a reason.",
        );
    }
    let (zh, en) = (names.join("、"), names.join(", "));
    Error::conflict(
        "not_your_turn",
        format!("现在轮到 {zh} 审批。"),
        format!("It is the turn of {en}."),
    )
}

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

async fn finish(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    version: VersionId,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let event = Event::ReviewChanged { version };
    audit::commit(writer, scope, verb, &format!("version:{version}"), detail, &event).await
}

/// A reason as it is typed; blank is none.
pub(crate) fn reason(text: Option<&str>) -> Result<Option<String>, Error> {
    input::optional_words(text, "reason", REASON_CHARS)
}
