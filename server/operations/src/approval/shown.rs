//! A version with everything one decides by.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::approval::{
    Decided, Difference, Look, May, Progress, Reason, Review, Shown, Signer, Step, StepState, Submission,
    deciders,
};
use domain::id::VersionId;
use domain::target::VersionStatus;

use super::chain::steps;
use super::{difference, read_steps, since_look, turn};
use crate::plan::state::{self, State, damaged};
use crate::{Error, Operations, Scope};

/// Changed amounts that are listed.
const LISTED: usize = 100;

impl Operations {
    /// A version within sight.
    pub(super) async fn shown(
        &self,
        scope: &Scope,
        id: VersionId,
        signers: &[Signer],
    ) -> Result<Shown, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let version = store::version::get(&reader, scope, id).await?;
        let visible = store::version::nodes(&reader, scope, id).await?;
        if visible.is_empty() {
            return Err(Error::NotFound("version"));
        }
        // First of all: what changes while the rest is read has changed since it was seen.
        let plan = store::plan::get(&reader, &all, version.plan).await?;
        let assumed = crate::publish::assumed(&reader, &all, &plan, id).await?;
        let review = self.review(scope, &version).await?;
        let state = State::load(&reader, &all, version).await?;
        let currency = store::organization::get(&reader, scope).await?.currency;
        let mut decided = Vec::new();
        let mut latest = None;
        for submission in store::approval::of_version(&reader, scope, id).await? {
            let of = store::approval::decided(&reader, scope, submission.id).await?;
            decided.extend(of.iter().rev().map(|one| Decided {
                decision: one.decision,
                by: one.user_name.clone(),
                at_ms: one.at_ms,
                note: one.note.clone(),
            }));
            if latest.is_none() {
                latest = Some((submission, of));
            }
        }
        let me = scope.actor.user();
        let status = state.version.status;
        let may_anyway = status.is_in_work() && scope.may(Permission::ManageOrganization);
        let fair = if may_anyway {
            self.fair(scope, id).await?
        } else {
            None
        };
        let blocking = fair.map(|fair| fair.blocking(&state)).unwrap_or_default();
        let outdated = status.is_in_work() && crate::publish::is_replaced(&reader, &all, id).await?;
        let mut may = May {
            submit: status == VersionStatus::Draft
                && !outdated
                && review == Review::Needed
                && scope.may(Permission::EditPlan),
            publish: matches!(review, Review::NotNeeded | Review::Approved)
                && !outdated
                && status.is_in_work()
                && scope.may(Permission::Publish),
            publish_anyway: may_anyway
                && (matches!(review, Review::Needed | Review::Open) || !blocking.is_empty() || outdated),
            remark: me.is_some(),
            ..May::default()
        };
        let mut shown_steps = Vec::new();
        let mut submission = None;
        match latest {
            Some((latest, of)) if latest.progress.is_under_way() || !status.is_in_work() => {
                let turn = turn(&reader, scope, &latest, signers).await?;
                let open = latest.progress == Progress::Open;
                let decides = me.is_some_and(|me| turn.deciders.contains(&me));
                let own = me.is_some() && me == latest.user;
                may.approve = open && decides && !outdated;
                may.take_back = latest.progress.is_under_way() && own;
                may.send_back = latest.progress.is_under_way()
                    && !own
                    && (decides || scope.may(Permission::ManageOrganization));
                for (place, approver) in (0..).zip(read_steps(&latest)?) {
                    let by = of.iter().find(|one| {
                        one.step == place && one.decision == domain::approval::Decision::Approved
                    });
                    let state = match by {
                        Some(one) => StepState::Passed {
                            by: one.user_name.clone(),
                            at_ms: one.at_ms,
                        },
                        None if open && place == turn.step => StepState::Now,
                        None => StepState::Later,
                    };
                    shown_steps.push(Step {
                        approver,
                        names: names(&deciders(approver, signers, latest.user), signers),
                        state,
                    });
                }
                submission = Some(Submission {
                    id: latest.id,
                    by: latest.user_name,
                    at_ms: latest.at_ms,
                    note: latest.note,
                    progress: latest.progress,
                });
            }
            _ if status == VersionStatus::Draft => {
                for approver in steps(&reader, scope).await? {
                    shown_steps.push(Step {
                        approver,
                        names: names(&deciders(approver, signers, me), signers),
                        state: StepState::Later,
                    });
                }
            }
            _ => {}
        }
        let revision = store::revision::of_draft(&reader, scope, id).await?;
        let reason = revision.map(|revision| told(&revision)).transpose()?;
        let difference = difference::of(&reader, scope, &state, &visible, Difference::SIZE).await?;
        let look = match me {
            Some(me) => {
                let seen: BTreeSet<u32> = visible.iter().map(|node| node.ordinal).collect();
                since_look(&reader, scope, &state, me, LISTED, |node| seen.contains(&node.0)).await?
            }
            None => Look::default(),
        };
        Ok(Shown {
            version: id,
            plan: state.plan.id,
            plan_name: state.plan.name.clone(),
            number: state.version.number,
            status,
            head: state.head,
            assumed,
            outdated,
            currency,
            periods: state.plan.periods.clone(),
            reason,
            steps: shown_steps,
            submission,
            decided,
            may,
            blocking,
            difference,
            look,
        })
    }
}

/// Why a version adjusts a published plan.
fn told(revision: &store::revision::Revision) -> Result<Reason, Error> {
    Ok(Reason {
        cause: serde_json::from_str(&revision.cause).map_err(damaged)?,
        words: revision.reason.clone(),
    })
}

fn names(of: &[domain::id::UserId], signers: &[Signer]) -> Vec<String> {
    let named = signers.iter().filter(|signer| of.contains(&signer.id));
    named.map(|signer| signer.name.clone()).collect()
}
