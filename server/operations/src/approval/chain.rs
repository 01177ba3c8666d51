//! The chain: who approves, in which order.

use domain::access::Permission;
use domain::approval::{Approver, Chain, MOST_STEPS, Named, Signer, can_approve};
use domain::event::Event;
use serde_json::json;
use store::Session;

use crate::plan::state::{self, damaged};
use crate::scope::{require, require_sight};
use crate::{Error, Operations, Scope, audit, clock};

impl Operations {
    /// The chain for what is handed in from now on.
    pub async fn approval_chain(&self, scope: &Scope) -> Result<Chain, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let signers = signers(&reader, scope).await?;
        chain(&reader, scope, &signers).await
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
}

/// Everybody who signs in.
pub(super) async fn signers(session: &impl Session, scope: &Scope) -> Result<Vec<Signer>, Error> {
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
pub(super) async fn steps(session: &impl Session, scope: &Scope) -> Result<Vec<Approver>, Error> {
    match store::approval::chain(session, scope).await? {
        Some(text) => serde_json::from_str(&text).map_err(damaged),
        None => Ok(Vec::new()),
    }
}

pub(super) async fn chain(session: &impl Session, scope: &Scope, signers: &[Signer]) -> Result<Chain, Error> {
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
