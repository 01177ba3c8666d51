//! Stepping back and forth through one's own changes, also past what others did since.

mod changed;
pub(crate) mod decided;

use domain::access::Permission;
use domain::id::{CommandId, VersionId};
use domain::plan::{Intent, MOST_STEPS, PlanCommand, UndoRefusal};
use domain::split::{Applied, Back, Frees, Insist};
use store::version::CommandKind;

use super::change::Change;
use super::me;
use crate::plan::state::damaged;
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// Takes one's own last change back, or does it again. Where others changed the same since, it is not done but asked about,
    /// unless one insists at the head: then their changes stay, and only the own one goes out of them. The same goes for locks and
    /// bounds. A lock in the way is released with the step where that is asked for, and a floor or cap moved as far as it needs.
    pub async fn step_back(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        key: Option<CommandId>,
        wanted: Back,
    ) -> Result<Applied, Error> {
        require(scope, Permission::EditPlan)?;
        if wanted.frees.unlocks.len() + wanted.frees.loosens.len() > MOST_STEPS {
            return Err(Error::invalid(
                "too_many_steps",
                format!("一次最多解除 {MOST_STEPS} 处锁定和上下限。"),
                format!("At most {MOST_STEPS} locks, floors and caps give way at once."),
            ));
        }
        let writer = self.database.writer().await?;
        let session = Change::begin(&self.kept, writer, scope, version, key).await?;
        let since = session.since(base).await?;
        if session.was_done {
            return session.not_done(since, None, Vec::new()).await;
        }
        let Back {
            intent,
            insist,
            frees: Frees { unlocks, loosens },
        } = wanted;
        // Whoever may unlock a row may move what bounds it.
        for (node, period) in unlocks.iter().chain(&loosens).copied() {
            if let Err(error) = session.refuse_own(scope, &PlanCommand::Unlock { node, period }) {
                return Err(session.given_up(error).await);
            }
        }
        let insists = insist == Insist::At(session.state.head);
        let author = me(scope);
        let grid = &session.state.grid;
        let found = match intent {
            Intent::Undo => session.log.undo(author, grid),
            Intent::Redo => session.log.redo(author, grid),
        };
        let found = match found {
            Err(UndoRefusal::ConstraintChanged) if insists => session.log.rest(author, intent, grid),
            found => found,
        };
        let back = match found {
            Ok(back) => back.unlocking(grid, &unlocks).loosening(grid, &loosens),
            Err(UndoRefusal::Nothing) => return session.not_done(since, None, Vec::new()).await,
            Err(UndoRefusal::Foreign) => return Err(damaged("a log that is of another plan")),
            Err(UndoRefusal::ConstraintChanged) => {
                let (Ok(error) | Err(error)) = changed::refusal(&session, scope, intent).await;
                return Err(session.given_up(error).await);
            }
        };
        if !back.differences.is_empty() && !insists {
            return session.not_done(since, None, back.differences).await;
        }
        let PlanCommand::Restore { of, .. } = back.command else {
            return Err(damaged("an undo that restores nothing"));
        };
        let kind = match intent {
            Intent::Undo => CommandKind::Undo { of },
            Intent::Redo => CommandKind::Redo { of },
        };
        match domain::plan::apply(&session.state.grid, &back.command) {
            Ok(deltas) => session.append(scope, since, kind, back.command, deltas).await,
            Err(refusal) => session.not_done(since, Some(refusal), Vec::new()).await,
        }
    }
}
