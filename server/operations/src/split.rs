//! Splitting: opening the grid of a version, changing it under the version's lock, taking changes back, and checking that
//! the log leads to what there is.

mod agreed;
mod change;
mod conflict;
pub(crate) mod record;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::id::{NodeId, UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Basis, BasisWeights, Deltas, Grid, Intent, Log, NodeIndex, PlanCommand, UndoRefusal};
use domain::split::{Applied, Insist, OpenGrid, Part, Stacks};
use domain::target::{NodeRef, Verdict, VersionStatus};
use store::Session;
use store::version::{CommandKind, Node};

use crate::plan::state::{self, State, Weights, damaged};
use crate::plan::{hex, lineage};
use crate::scope::require;
use crate::{Error, Operations, Scope};
pub(crate) use agreed::Agreement;
use change::Change;

/// A fold never starts further back than this many commands.
pub(crate) const SNAPSHOT_EVERY: u64 = 200;

impl Operations {
    /// Opens a version, or the part of it below one of the roots within reach; `None`: the first of them.
    pub async fn open_grid(
        &self,
        scope: &Scope,
        version: VersionId,
        root: Option<NodeId>,
    ) -> Result<OpenGrid, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        let roots = view::roots(scope, &visible);
        let top = match root {
            None => roots.first().copied(),
            Some(root) => visible
                .iter()
                .find(|node| node.id == root && matches!(node.of, NodeRef::Unit(_))),
        };
        let top = top.ok_or(Error::NotFound("target"))?.ordinal;
        let all = state::all(scope);
        let review = self.review(scope, &row).await?;
        let state = State::load(&reader, &all, row).await?;
        let start = state::start(&reader, &all, &state).await?;
        let bases = store::version::bases(&reader, &all, version).await?;
        let weights = Weights::of(&bases, &state.nodes, state.plan.periods.len());
        let (log, commands) = state::recent(&reader, &all, version, state.head).await?;
        let may_edit = scope.may(Permission::EditPlan)
            && state.version.status == VersionStatus::Draft
            && state.version.shelved_at_ms.is_none();
        let me = me(scope);
        let currency = store::organization::get(&reader, scope).await?.currency;
        let people = {
            let mut asked: BTreeSet<UserId> = commands
                .iter()
                .filter_map(|command| command.actor)
                .map(UserId)
                .collect();
            asked.extend(state.grid.constraints().filter_map(|(_, _, held)| held.lock));
            people(&reader, &all, asked).await?
        };
        // Also of a version that is frozen: they say how its numbers came to be.
        let bases = if scope.may(Permission::EditPlan) {
            let split = lineage::whole_split(&reader, &all, &state.version, &log).await?;
            view::shown_bases(&split.unwrap_or_default(), &weights, state.nodes.len())
        } else {
            Vec::new()
        };
        let end = state.grid.shape().end(NodeIndex(top)).0;
        let range = top as usize..end as usize;
        let news = match scope.actor.user() {
            Some(me) => view::news(&reader, scope, &state, me, range.clone()).await?,
            None => None,
        };
        Ok(OpenGrid {
            news,
            plan: state.plan.id,
            plan_name: state.plan.name.clone(),
            version,
            number: state.version.number,
            status: state.version.status,
            metric: state.plan.metric_key.clone(),
            currency,
            periods: state.plan.periods.clone(),
            offset: top,
            roots: roots
                .iter()
                .map(|node| Part {
                    node: node.id,
                    name: node.name.clone(),
                })
                .collect(),
            levels: state.nodes[range.clone()]
                .iter()
                .map(|node| node.level.clone())
                .collect(),
            head: state.head,
            start: range
                .clone()
                .map(|node| start.amount(NodeIndex(node as u32), None))
                .collect(),
            history: view::history(&weights, state.grid.shape(), range.clone()),
            record: record::totals(&reader, scope, &state, range.clone()).await?,
            bases,
            seasons: weights.seasons(),
            me,
            review,
            may_edit,
            own: view::own(scope, &state.nodes[range]),
            undoable: stacks(&log, me),
            people,
            grid: view::part(&state.grid, top)?,
        })
    }

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
        require(scope, Permission::EditPlan)?;
        if matches!(command, PlanCommand::Restore { .. }) {
            return Err(Error::invalid(
                "restore_is_made_here",
                "撤销和重做由系统生成，不能直接提交。",
                "Undo and redo are made by the server and cannot be sent as such.",
            ));
        }
        let writer = self.database.writer().await?;
        let session = Change::begin(writer, scope, version).await?;
        let command = session.complete(scope, command).await?;
        session.refuse_own(scope, &command)?;
        let since = session.since(base).await?;
        let deltas = match domain::plan::apply(&session.state.grid, &command) {
            Ok(deltas) => deltas,
            Err(refusal) => return session.not_done(since, Some(refusal), Vec::new()).await,
        };
        let differences = conflict::differences(&session.state.grid, &command, &deltas, &since, me(scope));
        if !differences.is_empty() && insist != Insist::At(session.state.head) {
            return session.not_done(since, None, differences).await;
        }
        session
            .append(scope, since, CommandKind::Do, command, deltas)
            .await
    }

    /// Takes back one's own last command that still stands.
    pub async fn undo(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        insist: Insist,
    ) -> Result<Applied, Error> {
        self.restore(scope, version, base, insist, Intent::Undo).await
    }

    /// Does one's own last taken-back command again.
    pub async fn redo(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        insist: Insist,
    ) -> Result<Applied, Error> {
        self.restore(scope, version, base, insist, Intent::Redo).await
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

    /// What others did after a command; for grids that are open. Only for who sees the whole version.
    pub async fn changes_since(
        &self,
        scope: &Scope,
        version: VersionId,
        after: u64,
    ) -> Result<Applied, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let (log, _) = state::recent(&reader, scope, version, row.head).await?;
        let commands = store::version::commands(&reader, scope, version, after, row.head).await?;
        let entries = commands.iter().map(state::entry).collect::<Result<Vec<_>, _>>()?;
        let people = people(
            &reader,
            &state::all(scope),
            entries.iter().map(|entry| entry.author),
        )
        .await?;
        let shares = lineage::shares_after(&reader, &state::all(scope), &row, &log, &entries).await?;
        Ok(Applied {
            head: row.head,
            refused: None,
            differences: Vec::new(),
            undoable: stacks(&log, me(scope)),
            people,
            shares,
            entries,
        })
    }

    /// Replays a version: every link of the chain, and every delta from the start to the head.
    pub async fn verify(&self, scope: &Scope, version: VersionId) -> Result<Verdict, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if let Some(seq) = store::version::broken_link(&reader, scope, version).await? {
            return Ok(Verdict::Chain { seq });
        }
        let plan = store::plan::get(&reader, scope, row.plan).await?;
        let nodes = store::version::nodes(&reader, scope, version).await?;
        let start = store::version::snapshot_at(&reader, scope, version, 0).await?;
        let Ok(mut grid) = Grid::unpack(&start.blob, state::shape(&plan, &nodes)?) else {
            return Ok(Verdict::State { seq: 0 });
        };
        for command in store::version::commands(&reader, scope, version, 0, row.head).await? {
            let folded = Deltas::from_bytes(&command.deltas).is_ok_and(|deltas| grid.fold(&deltas).is_ok());
            let sound = folded
                && (command.seq % SNAPSHOT_EVERY != 0
                    || store::version::snapshot_at(&reader, scope, version, command.seq).await?
                        == state::snapshot(command.seq, &grid));
            if !sound {
                return Ok(Verdict::State { seq: command.seq });
            }
        }
        if grid.check().is_err() {
            return Ok(Verdict::State { seq: row.head });
        }
        Ok(Verdict::Sound {
            commands: row.head,
            head: hex(&row.head_hash),
        })
    }

    async fn restore(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        insist: Insist,
        intent: Intent,
    ) -> Result<Applied, Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let session = Change::begin(writer, scope, version).await?;
        let since = session.since(base).await?;
        let author = me(scope);
        let found = match intent {
            Intent::Undo => session.log.undo(author, &session.state.grid),
            Intent::Redo => session.log.redo(author, &session.state.grid),
        };
        let back = match found {
            Ok(back) => back,
            Err(UndoRefusal::Nothing) => return session.not_done(since, None, Vec::new()).await,
            Err(UndoRefusal::Foreign) => return Err(damaged("a log that is of another plan")),
            Err(UndoRefusal::ConstraintChanged) => {
                return Err(Error::conflict(
                    "constraint_changed",
                    "之后有人改过同一个锁定或上下限，这一步无法撤销。",
                    "Somebody changed the same lock or bound since, so this step cannot be taken back.",
                ));
            }
        };
        if !back.differences.is_empty() && insist != Insist::At(session.state.head) {
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
    let asked: BTreeSet<UserId> = asked.into_iter().collect();
    let users = store::user::list(session, all).await?;
    Ok(users
        .into_iter()
        .filter(|user| asked.contains(&user.id))
        .map(|user| (user.id, user.name))
        .collect())
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
