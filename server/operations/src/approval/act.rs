//! Handing in, approving, sending back.

use domain::access::Permission;
use domain::approval::{Decision, Progress, Signer, deciders};
use domain::assumption::PlanningQuery;
use domain::event::Event;
use domain::id::{SubmissionId, UserId, VersionId};
use domain::publish::Looked;
use domain::target::VersionStatus;
use serde_json::json;
use store::Writer;
use store::approval::Submission;

use super::chain::{signers, steps};
use super::{Turn, decide, read_steps, reason, turn, under_review};
use crate::plan::state::{self, State, damaged};
use crate::publish::{Deed, closed, refuse_replaced, refuse_unseen};
use crate::scope::{require, require_voice};
use crate::{Error, Operations, Scope, audit, clock, notice};

impl Operations {
    /// Hands a draft in; its numbers are closed until it is decided.
    pub async fn submit_version(
        &self,
        scope: &Scope,
        version: VersionId,
        note: Option<&str>,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let note = reason(note)?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let profiles = self.row_profiles(scope, version).await?;
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
        let state = crate::publish::publishable(&writer, scope, &locked).await?;
        refuse_replaced(&writer, &state::all(scope), version).await?;
        crate::target::refuse_misfits(&writer, scope, &planning, &state).await?;
        crate::line::refuse_unmet(&writer, scope, &planning, &state, &profiles).await?;
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

    /// Passes the step whose turn it is, of what somebody looked at: where a number is another than it was then, or what it is
    /// reckoned with, nothing is passed, and it is said what changed. `None`: whatever was handed in. Not for whoever handed it
    /// in, where somebody else could.
    pub async fn approve_version(
        &self,
        scope: &Scope,
        version: VersionId,
        looked: Option<Looked>,
        note: Option<&str>,
    ) -> Result<(), Error> {
        require_voice(scope)?;
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
        let all = state::all(scope);
        refuse_replaced(&writer, &all, version).await?;
        if let Some(looked) = looked {
            let state = State::load(&writer, &all, locked.clone()).await?;
            refuse_unseen(&writer, scope, &state, looked, Deed::Approve).await?;
        }
        let plan = store::plan::get(&writer, &all, locked.plan).await?;
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
        require_voice(scope)?;
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
