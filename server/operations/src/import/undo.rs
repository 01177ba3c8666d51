//! Taking a whole import back: an import of its own that takes away what the other wrote and brings back what it replaced.

mod facts;
mod figures;
mod leave;
mod revert;

use domain::access::Permission;
use domain::calendar::Day;
use domain::event::Event;
use domain::id::ImportId;
use domain::import::{Failure, Status, View};
use domain::metric::{MetricKey, Source};
use serde_json::json as value;
use store::import::{Change, Import};
use store::rollup::Deltas;
use store::{Scope, StoreError, Writer};
use uuid::Uuid;

use self::facts::Back;
use self::revert::{put_back_kept, remove_made, revert};
use super::job::Stop;
use super::moved;
use super::{Outcome, Request, json, parse};
use crate::plan::sheet::{self, Taken};
use crate::scope::require;
use crate::{Error, Operations, clock};

impl Operations {
    /// Takes a finished import back before it answers; the answer is the undo, an import of its own. A conflict where a later
    /// import changed what this one wrote, or where it was taken back before.
    pub async fn undo_import(&self, scope: &Scope, id: ImportId) -> Result<View, Error> {
        require(scope, Permission::Import)?;
        let undo = self.queue_undo(scope, id).await?;
        let ended = self.take_back(scope, undo, id).await;
        if let Err(stop) = ended {
            let import = store::import::get(&self.database.reader(), scope, undo).await?;
            self.clean_slot(scope, import.slot).await?;
            let failure = match stop {
                Stop::Failed(failure) => failure,
                Stop::Cancelled | Stop::Files(_) => Failure::Interrupted,
                Stop::Broken(error) => {
                    tracing::error!(%id, %error, "undo failed");
                    Failure::Internal
                }
            };
            let outcome = Outcome {
                failure: Some(failure),
                ..Outcome::default()
            };
            self.end_import(scope, undo, Status::Failed, &outcome).await?;
            return Err(match failure {
                Failure::ChangedSince => Error::conflict(
                    "import_changed_since",
                    "之后的导入改动了这批数据，请先撤销之后的导入。",
                    "A later import changed some of this data; undo the later one first.",
                ),
                Failure::InUse => Error::conflict(
                    "import_in_use",
                    "这批导入建立的东西之后被用到了，不能撤销：部门或成员有了账号、商机或计划，或者目标的草案、休假在导入后又被改过、发布过。",
                    "What this import made has been used since, so it cannot be undone: its units or members have users, deals or plans, or the draft of its targets, or its leave, was changed or published after the import.",
                ),
                _ => Error::Internal("undo".to_owned()),
            });
        }
        if let Err(error) = self.settle_imports(scope).await {
            // It is taken back all the same; the rest is done from time to time.
            tracing::warn!(%error, "what an import left behind is not settled yet");
        }
        self.import(scope, undo).await
    }

    /// Takes back the references of an import that broke off between its last transactions.
    pub(super) async fn take_back_references(&self, scope: &Scope, id: ImportId) -> Result<(), Error> {
        let changes = store::import::changes(&self.database.reader(), scope, id).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let writer = self.database.writer().await?;
        revert(&writer, scope, id, &changes)
            .await
            .map_err(|stop| match stop {
                Stop::Broken(error) => error,
                other => Error::Internal(format!("{other:?}")),
            })?;
        store::import::forget_changes(&writer, scope, id).await?;
        Ok(writer.commit().await?)
    }

    async fn queue_undo(&self, scope: &Scope, id: ImportId) -> Result<ImportId, Error> {
        let writer = self.database.writer().await?;
        let import = store::import::get(&writer, scope, id).await?;
        let request: Request = parse(&import.request)?;
        let written = import.status == Status::Done && !request.options.dry_run && import.undoes.is_none();
        if !written || import.undone {
            return Err(Error::conflict(
                "import_not_undoable",
                "只有已写入且未撤销的导入可以撤销。",
                "Only an import that was written and not undone yet can be undone.",
            ));
        }
        if store::import::changed_since(&writer, scope, import.slot)
            .await?
            .is_some()
        {
            return Err(Error::conflict(
                "import_changed_since",
                "之后的导入改动了这批数据，请先撤销之后的导入。",
                "A later import changed some of this data; undo the later one first.",
            ));
        }
        let undo = ImportId(clock::new_id());
        let now_ms = clock::now_ms();
        let row = Import {
            id: undo,
            slot: store::slot::Slot::default(),
            origin: "undo".to_owned(),
            status: Status::Running,
            stopping: false,
            request: json(&Request::default())?,
            report: json(&Outcome::default())?,
            rows_read: 0,
            rows_total: import.rows_read,
            undoes: Some(id),
            undone: false,
            actor_name: scope.actor.name().to_owned(),
            actor: scope.actor.user(),
            created_at_ms: now_ms,
            beat_at_ms: now_ms,
            ended_at_ms: None,
        };
        let slot = store::import::insert(&writer, scope, &row).await?;
        match store::slot::open(&writer, scope, slot, undo).await {
            Ok(()) => Ok(writer.commit().await.map(|()| undo)?),
            Err(StoreError::Conflict(_)) => Err(Error::conflict(
                "import_running",
                "另一个导入正在进行，请在它结束后再撤销。",
                "Another import is running; undo when it has ended.",
            )),
            Err(error) => Err(error.into()),
        }
    }

    async fn take_back(&self, scope: &Scope, undo: ImportId, id: ImportId) -> Result<(), Stop> {
        let reader = self.database.reader();
        let import = store::import::get(&reader, scope, id).await?;
        let slot = store::import::get(&reader, scope, undo).await?.slot;
        // Asked again under the own slot: nothing can come in between now.
        if store::import::changed_since(&reader, scope, import.slot)
            .await?
            .is_some()
        {
            return Err(Stop::Failed(Failure::ChangedSince));
        }
        let metric = store::metric::find(&reader, scope, &MetricKey::BOOKINGS).await?;
        let mut back = Back {
            operations: self,
            scope,
            undo,
            undone: import.slot,
            slot,
            deltas: Deltas::default(),
            done: 0,
        };
        for source in Source::ALL {
            match source {
                Source::Deals => back.facts::<store::opportunity::Entry>().await?,
                Source::Orders => back.facts::<store::order::Entry>().await?,
            }
        }
        let Back { mut deltas, done, .. } = back;
        let range = deltas.range();
        while let (false, Some(metric)) = (deltas.is_empty(), &metric) {
            let writer = self.database.writer().await?;
            store::rollup::add(&writer, scope, metric, slot, deltas.take()).await?;
            store::import::beat(&writer, scope, undo, done, clock::now_ms()).await?;
            writer.commit().await?;
        }
        let changes = store::import::changes(&reader, scope, id).await?;
        self.refuse_in_use(scope, id, &changes).await?;
        let writer = self.database.writer().await?;
        if changes.iter().any(|it| it.noun == "assignment") {
            // Before the assignments, as whoever moves people by hand does.
            store::organization::lock(&writer, scope).await?;
        }
        let moved = moved::of_undo(&writer, scope, &changes).await?;
        match sheet::take_back(&writer, scope, &changes).await? {
            Taken::Back => {}
            Taken::InUse => return Err(Stop::Failed(Failure::InUse)),
            Taken::Replaced => return Err(Stop::Failed(Failure::ChangedSince)),
        }
        let people: Vec<Uuid> = changes
            .iter()
            .filter(|it| it.before.is_none() && (it.noun == "member" || it.noun == "unit"))
            .map(|it| it.id)
            .collect();
        if store::version::names_any(&writer, scope, &people).await? {
            return Err(Stop::Failed(Failure::InUse));
        }
        put_back_kept(&writer, scope, id, &changes).await?;
        // Before the units go that facts count for as long as their people are there.
        for (from, members) in &moved {
            self.credit_moved(&writer, scope, members, *from).await?;
        }
        remove_made(&writer, scope, &changes).await?;
        finish(
            &writer,
            scope,
            undo,
            import,
            slot,
            done,
            range,
            !changes.is_empty(),
        )
        .await?;
        writer.commit().await?;
        Ok(())
    }

    /// Members with a user, or with a deal or an assignment that is not this import's, stay; then nothing is taken back.
    async fn refuse_in_use(&self, scope: &Scope, id: ImportId, changes: &[Change]) -> Result<(), Stop> {
        let reader = self.database.reader();
        figures::refuse(&reader, scope, id, changes).await?;
        leave::refuse(&reader, scope, changes).await?;
        let made = |noun: &str| -> Vec<Uuid> {
            changes
                .iter()
                .filter(|it| it.noun == noun && it.before.is_none())
                .map(|it| it.id)
                .collect()
        };
        let (members, units, assignments) = (made("member"), made("unit"), made("assignment"));
        let users = store::user::list(&reader, scope).await?;
        let user = users
            .iter()
            .any(|user| user.member.is_some_and(|id| members.contains(&id.0)));
        let in_use = !store::unit::used(&reader, scope, &units).await?.is_empty()
            || !store::member::used(&reader, scope, &members).await?.is_empty()
            || !store::product::used(&reader, scope, &made("product"))
                .await?
                .is_empty()
            || !store::product::used_categories(&reader, scope, &made("category"))
                .await?
                .is_empty()
            || !store::account::used(&reader, scope, &made("account"))
                .await?
                .is_empty()
            || !store::account::used_channels(&reader, scope, &made("channel"))
                .await?
                .is_empty();
        let assigned = store::assignment::list(&reader, scope, None)
            .await?
            .iter()
            .any(|one| {
                !assignments.contains(&one.id.0)
                    && (members.contains(&one.member.0) || units.contains(&one.unit.0))
            });
        let led = store::unit::list(&reader, scope, None).await?.iter().any(|unit| {
            !units.contains(&unit.id.0)
                && (unit.parent.is_some_and(|id| units.contains(&id.0))
                    || unit.manager.is_some_and(|id| members.contains(&id.0))
                        && !changes.iter().any(|it| it.noun == "unit" && it.id == unit.id.0))
        });
        if user || in_use || assigned || led {
            return Err(Stop::Failed(Failure::InUse));
        }
        Ok(())
    }
}

async fn finish(
    writer: &Writer,
    scope: &Scope,
    undo: ImportId,
    mut import: Import,
    slot: store::slot::Slot,
    done: i64,
    range: Option<(Day, Day)>,
    references: bool,
) -> Result<(), Stop> {
    let id = import.id;
    import.undone = true;
    store::import::update(writer, scope, &import).await?;
    let mut row = store::import::get(writer, scope, undo).await?;
    row.status = Status::Done;
    row.rows_read = done;
    row.ended_at_ms = Some(clock::now_ms());
    store::import::update(writer, scope, &row).await?;
    store::slot::close(writer, scope, slot).await?;
    let subject = format!("import:{id}");
    store::audit::record(writer, scope, "import.undo", &subject, &value!({ "facts": done })).await?;
    if let Some((from_day, to_day)) = range {
        let event = Event::FactsChanged {
            metrics: vec![MetricKey::BOOKINGS.to_string()],
            from_day,
            to_day,
        };
        store::outbox::append(writer, scope, &event).await?;
    }
    if references {
        store::outbox::append(writer, scope, &Event::PeopleChanged).await?;
    }
    store::outbox::append(writer, scope, &Event::ImportDone { import: undo }).await?;
    Ok(())
}
