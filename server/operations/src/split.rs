//! Splitting: opening the grid of a version (`open`), changing it under the version's lock, taking changes back, and checking that
//! the log leads to what there is.

mod agreed;
pub(crate) mod back;
mod change;
mod compared;
mod conflict;
mod kept;
mod levelled;
mod log;
mod names;
pub(crate) mod news;
mod open;
mod part;
mod reason;
pub(crate) mod record;
mod trends;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::id::{CommandId, UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Basis, BasisWeights, Entry, Intent, Log, MOST_STEPS, NodeIndex, PlanCommand};
use domain::split::{Applied, Back, Frees, Insist, Seen, Stacks};
use domain::target::NodeRef;
use store::Session;
use store::version::{CommandKind, Node};

use crate::plan::counted::Known;
use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};
pub(crate) use agreed::Agreement;
use change::Change;
pub(crate) use kept::Kept;
pub(crate) use levelled::LevelCache;
pub(crate) use open::Beside;
pub(crate) use reason::refuse_reserved;
pub(crate) use view::roots;

/// A fold never starts further back than this many commands.
pub(crate) const SNAPSHOT_EVERY: u64 = 200;
/// Entries that a grid is told one by one; one that is further behind is opened anew.
const MOST_TOLD: usize = 500;

impl Operations {
    /// Does a command at the head of a draft. What the client has not seen since `base` comes with the answer; where one of
    /// those changed the very amounts this command sets, it is not done but asked about, unless the client insists.
    pub async fn apply(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        command: PlanCommand,
        insist: Insist,
    ) -> Result<Applied, Error> {
        self.apply_once(scope, version, base, None, command, insist).await
    }

    /// The same for a command that its sender calls by a key: sent again, because its answer was lost, it is answered and not
    /// done twice.
    pub async fn apply_once(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        key: Option<CommandId>,
        command: PlanCommand,
        insist: Insist,
    ) -> Result<Applied, Error> {
        self.apply_seen(scope, version, Seen::up_to(base), key, command, insist)
            .await
    }

    /// The same for a sender who says which of the later commands were made in the same place: another tab of the same person, or
    /// a program with their token, is asked about like anybody else.
    pub async fn apply_seen(
        &self,
        scope: &Scope,
        version: VersionId,
        seen: Seen,
        key: Option<CommandId>,
        command: PlanCommand,
        insist: Insist,
    ) -> Result<Applied, Error> {
        require(scope, Permission::EditPlan)?;
        if matches!(command, PlanCommand::Restore { .. }) {
            return Err(Error::invalid(
                "restore_is_made_here",
                "撤销和重做由系统生成，不能直接提交。",
                "Undo and redo are made by the server and cannot be sent as such.",
            ));
        }
        // What it comes to is reckoned from people, and these are entered with it.
        if matches!(command, PlanCommand::Staff { .. }) {
            return Err(Error::invalid(
                "staff_is_made_here",
                "人员变动由系统写入，不能直接提交。请用“人员变动”。",
                "A change of staff is written by the server and cannot be sent as such: enter it as one.",
            ));
        }
        if let PlanCommand::Steps { steps } = &command
            && steps.len() > MOST_STEPS
        {
            return Err(Error::invalid(
                "too_many_steps",
                format!("一次最多合并 {MOST_STEPS} 步。"),
                format!("At most {MOST_STEPS} steps are made as one."),
            ));
        }
        reason::check_reason(command.reason())?;
        self.apply_given(scope, version, seen, key, command, insist).await
    }

    /// The same with a command that the program itself may have made, with a reason of its own.
    pub(crate) async fn apply_given(
        &self,
        scope: &Scope,
        version: VersionId,
        seen: Seen,
        key: Option<CommandId>,
        command: PlanCommand,
        insist: Insist,
    ) -> Result<Applied, Error> {
        require(scope, Permission::EditPlan)?;
        let people = self.people_before(scope, version, &command).await?;
        let writer = self.database.writer().await?;
        let session = Change::begin(&self.kept, writer, scope, version, key).await?;
        let since = session.since(seen.base).await?;
        if session.was_done {
            return session.not_done(since, None, Vec::new()).await;
        }
        let completed = session.complete(scope, command, people).await;
        let allowed = completed.and_then(|command| {
            session.refuse_own(scope, &command)?;
            Ok(command)
        });
        let command = match allowed {
            Ok(command) => command,
            Err(error) => return Err(session.given_up(error).await),
        };
        let deltas = match domain::plan::apply(&session.state.grid, &command) {
            Ok(deltas) => deltas,
            Err(refusal) => return session.not_done(since, Some(refusal), Vec::new()).await,
        };
        let is_missed = |entry: &Entry| seen.misses(entry, me(scope));
        let differences = conflict::differences(&session.state.grid, &command, &deltas, &since, is_missed);
        if !differences.is_empty() && insist != Insist::At(session.state.head) {
            return session.not_done(since, None, differences).await;
        }
        session
            .append(scope, since, CommandKind::Do, command, deltas)
            .await
    }

    /// Makes a change that was worked out at a head, only while the draft is still there; `None` where somebody was quicker. It is
    /// seen under the lock, so nobody comes in between.
    pub(crate) async fn apply_at(
        &self,
        scope: &Scope,
        version: VersionId,
        head: u64,
        command: PlanCommand,
    ) -> Result<Option<Applied>, Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let session = Change::begin(&self.kept, writer, scope, version, None).await?;
        if session.state.head != head {
            session.not_done(Vec::new(), None, Vec::new()).await?;
            return Ok(None);
        }
        if let Err(error) = session.refuse_own(scope, &command) {
            return Err(session.given_up(error).await);
        }
        let applied = match domain::plan::apply(&session.state.grid, &command) {
            Ok(deltas) => {
                session
                    .append(scope, Vec::new(), CommandKind::Do, command, deltas)
                    .await?
            }
            Err(refusal) => session.not_done(Vec::new(), Some(refusal), Vec::new()).await?,
        };
        Ok(Some(applied))
    }

    /// What a split that counts people by period has to know of them, read while others can still write.
    async fn people_before(
        &self,
        scope: &Scope,
        version: VersionId,
        command: &PlanCommand,
    ) -> Result<Option<Known>, Error> {
        match command {
            PlanCommand::Split { factors, .. } if !factors.is_empty() => {
                let reader = self.database.reader();
                let all = state::all(scope);
                let row = store::version::get(&reader, scope, version).await?;
                let plan = store::plan::get(&reader, &all, row.plan).await?;
                Ok(Some(Known::read(&reader, &all, plan.span).await?))
            }
            _ => Ok(None),
        }
    }

    /// Takes back one's own last command that still stands.
    pub async fn undo(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        insist: Insist,
    ) -> Result<Applied, Error> {
        self.step_once(scope, version, base, None, Intent::Undo, insist)
            .await
    }

    /// Does one's own last taken-back command again.
    pub async fn redo(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        insist: Insist,
    ) -> Result<Applied, Error> {
        self.step_once(scope, version, base, None, Intent::Redo, insist)
            .await
    }

    /// Splits what a node has over everybody below by these shares of the bases (in millionths), with the weights stored
    /// when the plan was made.
    pub async fn split(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        node: NodeIndex,
        shares: &[(Basis, u32)],
    ) -> Result<Applied, Error> {
        let bases = shares
            .iter()
            .map(|(basis, share_ppm)| BasisWeights {
                basis: *basis,
                share_ppm: *share_ppm,
                weights: Vec::new(),
            })
            .collect();
        let command = PlanCommand::Split {
            node,
            spread: domain::plan::Spread::Subtree,
            bases,
            factors: Vec::new(),
            own: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: Minor(1),
            reason: None,
        };
        self.apply(scope, version, base, command, Insist::Ask).await
    }

    /// Sets the total of the whole version; everything below follows in proportion.
    pub async fn set_total(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        amount: Minor,
    ) -> Result<Applied, Error> {
        let command = PlanCommand::SetTotal {
            amount,
            seasons: Vec::new(),
            reason: None,
        };
        self.apply(scope, version, base, command, Insist::Ask).await
    }

    /// Takes back or does again, for a sender who calls the step by a key, as [`Self::apply_once`].
    pub async fn step_once(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        key: Option<CommandId>,
        intent: Intent,
        insist: Insist,
    ) -> Result<Applied, Error> {
        let back = Back {
            intent,
            insist,
            frees: Frees::default(),
        };
        self.step_back(scope, version, base, key, back).await
    }
}

/// Who asks, as authors are known in the log; the program itself is the nil user.
pub(crate) fn me(scope: &Scope) -> UserId {
    scope.actor.user().unwrap_or_default()
}

/// The names of users who are known still.
pub(crate) async fn people(
    session: &impl Session,
    all: &Scope,
    asked: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, String>, Error> {
    // A change of a plan asks for its few authors, under the lock: not for everybody there is.
    let asked: BTreeSet<UserId> = asked.into_iter().collect();
    let asked: Vec<UserId> = asked.into_iter().collect();
    let users = store::user::of_ids(session, all, &asked).await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}

fn is_own(scope: &Scope, node: &Node) -> bool {
    scope
        .member
        .is_some_and(|member| node.of == NodeRef::Member(member))
}

pub(crate) fn stacks(log: &Log, author: UserId) -> Stacks {
    let (mut done, mut undone): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
    for entry in log.entries().iter().filter(|entry| entry.author == author) {
        match &entry.command {
            PlanCommand::Restore {
                of,
                intent: Intent::Undo,
                ..
            } => {
                done.retain(|seq| seq != of);
                undone.push(*of);
            }
            PlanCommand::Restore {
                of,
                intent: Intent::Redo,
                ..
            } => {
                undone.retain(|seq| seq != of);
                done.push(*of);
            }
            _ if entry.deltas.is_empty() => {}
            _ => {
                done.push(entry.seq);
                undone.clear();
            }
        }
    }
    Stacks {
        undo: done.len() as u32,
        redo: undone.len() as u32,
    }
}
