//! One change of a draft: under its write lock, at its head, in one transaction.

mod weighed;

use domain::event::Event;
use domain::id::{CommandId, UserId, VersionId};
use domain::plan::{Basis, Deltas, ENGINE, Entry, Log, PlanCommand};
use domain::split::{Applied, InForce};
use domain::target::VersionStatus;
use serde_json::{Value, json};
use store::Writer;
use store::version::{CommandKind, NewCommand};

use self::weighed::Weighed;
use super::kept::{self, Head, Kept};
use super::{MOST_TOLD, SNAPSHOT_EVERY, is_own, me, people, stacks};
use crate::plan::counted::Known;
use crate::plan::hex;
use crate::plan::lineage;
use crate::plan::state::{self, State, damaged};
use crate::publish::closed;
use crate::{Error, Scope, audit, clock};

/// A draft under its write lock, folded to the head.
pub(super) struct Change {
    writer: Writer,
    all: Scope,
    pub(super) state: State,
    pub(super) log: Log,
    me: UserId,
    /// What the sender calls the command.
    key: Option<CommandId>,
    /// A command with this key was done before: its answer was lost on the way.
    pub(super) was_done: bool,
    kept: Kept,
}

impl Change {
    /// Locks a draft. What was done under the same key before is answered for, whatever became of the version since.
    pub(super) async fn begin(
        kept: &Kept,
        writer: Writer,
        scope: &Scope,
        version: VersionId,
        key: Option<CommandId>,
    ) -> Result<Self, Error> {
        let locked = store::version::lock(&writer, scope, version).await?;
        let all = state::all(scope);
        let was_done = match key {
            Some(key) => store::version::is_done(&writer, &all, version, key).await?,
            None => false,
        };
        if !was_done && locked.status != VersionStatus::Draft {
            return Err(closed(locked.status));
        }
        if !was_done && locked.shelved_at_ms.is_some() {
            return Err(crate::scenario::shelved());
        }
        let (state, log) = match kept.take(scope.organization, &locked) {
            Some(Head { nodes, grid, log }) => {
                let plan = store::plan::get(&writer, &all, locked.plan).await?;
                let head = locked.head;
                let state = State {
                    version: locked,
                    plan,
                    nodes,
                    grid,
                    head,
                };
                (state.bounded(&writer, &all).await?, log)
            }
            None => {
                let state = State::load(&writer, &all, locked).await?;
                let (log, _) = state::recent(&writer, &all, version, state.head).await?;
                (state, log)
            }
        };
        Ok(Self {
            writer,
            all,
            state,
            log,
            me: me(scope),
            key,
            was_done,
            kept: kept.clone(),
        })
    }

    /// The transaction.
    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// The transaction, where nothing of the draft is changed.
    pub(super) fn into_writer(self) -> Writer {
        self.writer
    }

    /// What only the server says: who signs a lock, and by which weights and factors a split goes. `people`: what was read of them
    /// before the lock.
    pub(super) async fn complete(
        &self,
        scope: &Scope,
        command: PlanCommand,
        people: Option<Known>,
    ) -> Result<PlanCommand, Error> {
        match command {
            PlanCommand::Lock { node, period, .. } => Ok(PlanCommand::Lock {
                node,
                period,
                by: me(scope),
            }),
            PlanCommand::Split {
                node,
                spread,
                bases,
                factors,
                own,
                proposals,
                uplift_ppm,
                step,
                reason,
            } => {
                let asked = Weighed { bases, factors, own };
                let Weighed { bases, factors, own } = self.weighed(node, asked, people).await?;
                Ok(PlanCommand::Split {
                    node,
                    spread,
                    bases,
                    factors,
                    own,
                    proposals,
                    uplift_ppm,
                    step,
                    reason,
                })
            }
            other => Ok(other),
        }
    }

    /// Nobody edits their own quota.
    pub(super) fn refuse_own(&self, scope: &Scope, command: &PlanCommand) -> Result<(), Error> {
        let touched = command.named();
        let own = touched
            .iter()
            .any(|(node, _)| self.state.node(*node).is_some_and(|node| is_own(scope, node)));
        if own {
            return Err(Error::conflict(
                "own_quota",
                "不能改自己的目标，请让另一位计划员来改。",
                "Nobody changes their own target: let another planner do it.",
            ));
        }
        Ok(())
    }

    /// What was done after a number.
    pub(super) async fn since(&self, base: u64) -> Result<Vec<Entry>, Error> {
        if let Some(entries) = kept::since(&self.log, base) {
            return Ok(entries);
        }
        let commands = store::version::commands(
            &self.writer,
            &self.all,
            self.state.version.id,
            base,
            self.state.head,
        )
        .await?;
        commands.iter().map(state::entry).collect()
    }

    /// The answer where nothing is written.
    pub(super) async fn not_done(
        self,
        entries: Vec<Entry>,
        refused: Option<domain::plan::Refusal>,
        differences: Vec<domain::plan::Difference>,
    ) -> Result<Applied, Error> {
        let bounded_by = refused
            .as_ref()
            .and_then(|refusal| self.log.bounded_by(&self.state.grid, refusal));
        let author = differences
            .iter()
            .map(|difference| difference.by)
            .chain(bounded_by);
        let asked: Vec<UserId> = entries.iter().map(|entry| entry.author).chain(author).collect();
        let people = people(&self.writer, &self.all, asked).await?;
        let undoable = stacks(&self.log, self.me);
        let (shares, in_force) = self.shares_after(&entries).await?;
        let head = self.state.version.head;
        // One row has one place in a tree, which counts them by `u32`.
        let rows = self.state.grid.shape().len() as u32;
        self.give_back().await?;
        let (entries, behind) = told(entries);
        Ok(Applied {
            entries,
            behind,
            as_made: false,
            large: Vec::new(),
            head,
            refused,
            bounded_by,
            differences,
            more_rows: 0,
            rows,
            undoable,
            people,
            shares,
            in_force,
        })
    }

    /// Ends a change that cannot be made with the reason. The head goes back as it was: nobody has to read the version anew because
    /// somebody else was refused.
    pub(super) async fn given_up(self, error: Error) -> Error {
        match self.give_back().await {
            Ok(()) => error,
            Err(failed) => failed,
        }
    }

    /// Gives the head back as it was found, and then the lock: whoever waits for the lock finds the head.
    async fn give_back(self) -> Result<(), Error> {
        let State {
            version, nodes, grid, ..
        } = self.state;
        let head = Head {
            nodes,
            grid,
            log: self.log,
        };
        self.kept.put(self.all.organization, &version, head);
        Ok(self.writer.rollback().await?)
    }

    pub(super) async fn append(
        mut self,
        scope: &Scope,
        mut entries: Vec<Entry>,
        kind: CommandKind,
        command: PlanCommand,
        deltas: Deltas,
    ) -> Result<Applied, Error> {
        // A step back of which others left nothing is a step all the same: the one before is reached through it.
        if deltas.is_empty() && kind == CommandKind::Do {
            return self.not_done(entries, None, Vec::new()).await;
        }
        let version = self.state.version.id;
        let new = NewCommand {
            kind,
            command: &serde_json::to_string(&command).map_err(damaged)?,
            deltas: &deltas.to_bytes(),
            engine: &ENGINE.to_string(),
            at_ms: clock::now_ms(),
        };
        let appended =
            store::version::append_once(&self.writer, scope, &self.state.version, &new, self.key).await?;
        self.state.grid.fold(&deltas).map_err(damaged)?;
        if appended.seq.is_multiple_of(SNAPSHOT_EVERY) {
            let snapshot = state::snapshot(appended.seq, &self.state.grid);
            store::version::put_snapshot(&self.writer, scope, version, &snapshot).await?;
        }
        let detail = self.detail(appended.seq, &command, &appended.hash);
        let entry = Entry::new(
            appended.seq,
            appended.at_ms,
            self.me,
            state::as_kept(command),
            deltas,
        );
        self.log.push(entry.clone()).map_err(damaged)?;
        entries.push(entry);
        let people = people(&self.writer, &self.all, entries.iter().map(|entry| entry.author)).await?;
        let event = Event::PlanChanged {
            plan: self.state.plan.id,
            version,
            head: appended.seq,
        };
        let undoable = stacks(&self.log, self.me);
        let (shares, in_force) = self.shares_after(&entries).await?;
        audit::commit(
            self.writer,
            scope,
            "version.change",
            &format!("version:{version}"),
            &detail,
            &event,
        )
        .await?;
        let version = store::version::Version {
            head: appended.seq,
            head_hash: appended.hash,
            ..self.state.version
        };
        let (nodes, grid, log) = (self.state.nodes, self.state.grid, self.log);
        self.kept
            .put(self.all.organization, &version, Head { nodes, grid, log });
        let (entries, behind) = told(entries);
        Ok(Applied {
            entries,
            behind,
            as_made: false,
            large: Vec::new(),
            head: appended.seq,
            refused: None,
            bounded_by: None,
            differences: Vec::new(),
            more_rows: 0,
            rows: 0,
            undoable,
            people,
            shares,
            in_force,
        })
    }

    /// The shares in force after some entries, where those may have changed them.
    async fn shares_after(&self, entries: &[Entry]) -> Result<(Option<Vec<(Basis, u32)>>, InForce), Error> {
        let State { version, grid, .. } = &self.state;
        let told =
            lineage::shares_after(&self.writer, &self.all, version, grid.shape(), &self.log, entries).await?;
        Ok(told.map_or((None, InForce::default()), |(shares, in_force)| {
            (Some(shares), in_force)
        }))
    }

    /// What the audit log keeps of a command: everything but weights and deltas, which the version's own log has.
    fn detail(&self, seq: u64, command: &PlanCommand, hash: &store::version::Hash) -> Value {
        let mut detail = json!({ "seq": seq, "link": hex(hash) });
        let (Ok(Value::Object(told)), Value::Object(detail_map)) =
            (serde_json::to_value(light(command)), &mut detail)
        else {
            return detail;
        };
        detail_map.extend(
            told.into_iter()
                .filter(|(key, _)| !["bases", "factors", "own", "deltas"].contains(&key.as_str())),
        );
        let names: Vec<&str> = command
            .named()
            .iter()
            .filter_map(|(node, _)| self.state.node(*node))
            .map(|node| node.name.as_str())
            .collect();
        detail_map.insert("of".to_owned(), json!(names));
        detail
    }
}

/// A command without what the audit log leaves out: the weights of thousands of rows are not written out to be dropped.
fn light(command: &PlanCommand) -> PlanCommand {
    match command {
        PlanCommand::Split {
            node,
            spread,
            proposals,
            uplift_ppm,
            step,
            reason,
            ..
        } => PlanCommand::Split {
            node: *node,
            spread: *spread,
            bases: Vec::new(),
            factors: Vec::new(),
            own: Vec::new(),
            proposals: proposals.clone(),
            uplift_ppm: uplift_ppm.clone(),
            step: *step,
            reason: reason.clone(),
        },
        PlanCommand::Restore { of, intent, .. } => PlanCommand::Restore {
            of: *of,
            intent: *intent,
            deltas: Deltas::default(),
        },
        other => other.clone(),
    }
}

/// The entries as they are told, and whether they are too many for that.
pub(super) fn told(entries: Vec<Entry>) -> (Vec<Entry>, bool) {
    if entries.len() > MOST_TOLD {
        (Vec::new(), true)
    } else {
        (entries, false)
    }
}
