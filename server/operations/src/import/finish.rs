//! The last transactions of an import: the references it adds or changes, its report, the log, and the end of its slot.

use std::collections::{BTreeSet, HashMap};

use domain::calendar::Day;
use domain::event::Event;
use domain::id::{MemberId, UnitId};
use domain::import::{Failure, Status};
use domain::metric::MetricKey;
use domain::staffing::{LeaveInput, LeaveRow};
use serde_json::json as value;
use store::import::Change;
use store::unit::Unit;
use store::{Database, Scope, Writer};
use uuid::Uuid;

use super::catalog::Changes;
use super::job::{Job, Stop};
use super::pipeline::Summary;
use super::targets::Batch;
use super::{Outcome, json, moved};
use crate::clock;

/// Rows of one transaction at most.
const ROWS_PER_TRANSACTION: usize = 5_000;
/// Rows written at once.
const CHUNK: usize = 1_000;

/// Transactions one after the other, each of bounded size. Whatever is written is recorded in the same transaction, so that
/// an import that breaks off in between is taken back from its records.
struct Transactions<'a> {
    database: &'a Database,
    scope: &'a Scope,
    import: domain::id::ImportId,
    writer: Writer,
    rows: usize,
    seq: i64,
    /// Whether people move: then each begins with the lock that whoever moves them by hand has before the assignments.
    moves: bool,
}

impl<'a> Transactions<'a> {
    async fn begin(job: &'a Job, moves: bool) -> Result<Self, Stop> {
        let database = &job.operations.database;
        let begun = Self {
            database,
            scope: &job.scope,
            import: job.id(),
            writer: database.writer().await?,
            rows: 0,
            seq: 0,
            moves,
        };
        begun.lock().await?;
        Ok(begun)
    }

    async fn lock(&self) -> Result<(), Stop> {
        if self.moves {
            store::organization::lock(&self.writer, self.scope).await?;
        }
        Ok(())
    }

    /// Room for so many rows in a transaction that is not full.
    async fn room(mut self, rows: usize) -> Result<Self, Stop> {
        if self.rows > 0 && self.rows + rows > ROWS_PER_TRANSACTION {
            self.writer.commit().await?;
            self.writer = self.database.writer().await?;
            self.lock().await?;
            self.rows = 0;
        }
        self.rows += rows;
        Ok(self)
    }

    /// Records what is done to rows of a noun.
    async fn record(
        &mut self,
        noun: &str,
        ids: impl Iterator<Item = Uuid>,
        before: &HashMap<(&'static str, Uuid), String>,
    ) -> Result<(), Stop> {
        let changes: Vec<Change> = ids
            .map(|id| Change {
                noun: noun.to_owned(),
                id,
                before: before
                    .iter()
                    .find(|((of, key), _)| *of == noun && *key == id)
                    .map(|(_, text)| text.clone()),
            })
            .collect();
        store::import::record(&self.writer, self.scope, self.import, self.seq, &changes).await?;
        self.seq += changes.len() as i64;
        Ok(())
    }
}

/// Inserts new rows of a noun, chunk by chunk.
macro_rules! insert {
    ($transactions:ident, $rows:expr, $noun:literal, $insert:path, $none:expr) => {
        for chunk in $rows.chunks(CHUNK) {
            $transactions = $transactions.room(chunk.len()).await?;
            $insert(&$transactions.writer, $transactions.scope, chunk).await?;
            $transactions
                .record($noun, chunk.iter().map(|row| row.id.0), $none)
                .await?;
        }
    };
}

/// Replaces present rows of a noun.
macro_rules! update {
    ($transactions:ident, $rows:expr, $noun:literal, $update:path, $before:expr) => {
        for row in $rows.into_values() {
            $transactions = $transactions.room(1).await?;
            $update(&$transactions.writer, $transactions.scope, &row).await?;
            let id = row.id.0;
            let before = HashMap::from([(($noun, id), $before.remove(&($noun, id)).unwrap_or_default())]);
            $transactions.record($noun, std::iter::once(id), &before).await?;
        }
    };
}

impl Job {
    /// Writes the references, says what came of it, and makes everything visible.
    pub(super) async fn finish(
        &self,
        changes: Changes,
        summary: &Summary,
        targets: Option<Batch>,
        outcome: &mut Outcome,
    ) -> Result<(), Stop> {
        let none = HashMap::new();
        let people = !(changes.units.is_empty()
            && changes.members.is_empty()
            && changes.assignments.is_empty()
            && changes.changed_units.is_empty()
            && changes.changed_members.is_empty()
            && changes.leave.is_empty());
        let moved = moved::of_import(&changes);
        let mut before = changes.before;
        let mut transactions = Transactions::begin(self, !moved.is_empty()).await?;
        insert!(
            transactions,
            changes.members,
            "member",
            store::member::insert,
            &none
        );
        let units = parents_first(changes.units);
        insert!(transactions, units, "unit", store::unit::insert, &none);
        insert!(
            transactions,
            changes.assignments,
            "assignment",
            store::assignment::insert,
            &none
        );
        insert!(
            transactions,
            changes.categories,
            "category",
            store::product::insert_categories,
            &none
        );
        insert!(
            transactions,
            changes.products,
            "product",
            store::product::insert,
            &none
        );
        insert!(
            transactions,
            changes.accounts,
            "account",
            store::account::insert,
            &none
        );
        insert!(
            transactions,
            changes.channels,
            "channel",
            store::account::insert_channels,
            &none
        );
        insert!(
            transactions,
            changes.potential,
            "potential",
            store::potential::insert,
            &none
        );
        insert!(
            transactions,
            changes.capability,
            "capability",
            store::capability::insert,
            &none
        );
        let mut leave = changes.leave;
        // In one order, so that two who lock several people do not wait for each other.
        leave.sort_by_key(|row| (row.leave.member, row.leave.from));
        for chunk in leave.chunks(CHUNK) {
            transactions = transactions.room(chunk.len()).await?;
            refuse_taken_days(&transactions.writer, transactions.scope, chunk).await?;
            store::leave::insert(&transactions.writer, transactions.scope, chunk).await?;
            // Kept as it is written: whether somebody changed it since is seen by that.
            let mut written = HashMap::new();
            for row in chunk {
                written.insert(("leave", row.id.0), json(row)?);
            }
            let ids = chunk.iter().map(|row| row.id.0);
            transactions.record("leave", ids, &written).await?;
        }
        update!(
            transactions,
            changes.changed_potential,
            "potential",
            store::potential::update,
            before
        );
        update!(
            transactions,
            changes.changed_capability,
            "capability",
            store::capability::update,
            before
        );
        update!(
            transactions,
            changes.changed_members,
            "member",
            store::member::update,
            before
        );
        update!(
            transactions,
            changes.changed_units,
            "unit",
            store::unit::update,
            before
        );
        update!(
            transactions,
            changes.changed_assignments,
            "assignment",
            store::assignment::update,
            before
        );
        update!(
            transactions,
            changes.changed_products,
            "product",
            store::product::update,
            before
        );
        update!(
            transactions,
            changes.changed_accounts,
            "account",
            store::account::update,
            before
        );

        let Transactions {
            writer,
            scope,
            mut seq,
            ..
        } = transactions.room(changes.aliases.len()).await?;
        if self.chosen {
            self.choose_orders(&writer, seq).await?;
            seq += 1;
        }
        store::alias::put(&writer, scope, &changes.aliases).await?;
        if !store::import::beat(&writer, scope, self.id(), self.import.rows_total, clock::now_ms()).await? {
            return Err(Stop::Cancelled);
        }
        store::slot::close(&writer, scope, self.slot()).await?;
        // With the end of the slot, so that nobody sees people where their facts are not.
        for (from, members) in &moved {
            self.operations
                .credit_moved(&writer, scope, members, *from)
                .await?;
        }
        if let Some(targets) = targets {
            // After the slot's end: a plan's history counts the facts of its own import.
            targets.write(self, &writer, outcome, seq).await?;
        }
        let mut import = store::import::get(&writer, scope, self.id()).await?;
        import.status = Status::Done;
        import.report = json(outcome)?;
        import.rows_read = outcome
            .files
            .iter()
            .filter_map(|file| file.report.as_ref())
            .map(|report| report.counts.read as i64)
            .sum();
        import.ended_at_ms = Some(clock::now_ms());
        store::import::update(&writer, scope, &import).await?;
        let counts: Vec<_> = outcome
            .files
            .iter()
            .map(|file| value!({"file": file.name, "kind": file.kind, "counts": file.report.as_ref().map(|report| report.counts)}))
            .collect();
        let subject = format!("import:{}", self.id());
        store::audit::record(
            &writer,
            scope,
            "import.write",
            &subject,
            &value!({ "files": counts }),
        )
        .await?;
        if let Some((from_day, to_day)) = summary.changed {
            let event = Event::FactsChanged {
                metrics: vec![MetricKey::BOOKINGS.to_string()],
                from_day,
                to_day,
            };
            store::outbox::append(&writer, scope, &event).await?;
        }
        if people || self.chosen {
            store::outbox::append(&writer, scope, &Event::PeopleChanged).await?;
        }
        crate::revision::ask_where_on(&writer, scope).await?;
        store::outbox::append(&writer, scope, &Event::ImportDone { import: self.id() }).await?;
        writer.commit().await?;
        Ok(())
    }
}

/// Takes the lock that entering leave by hand takes, and refuses what lies on days that somebody entered since the files were read.
async fn refuse_taken_days(writer: &Writer, scope: &Scope, rows: &[LeaveRow]) -> Result<(), Stop> {
    let members: BTreeSet<MemberId> = rows.iter().map(|row| row.leave.member).collect();
    for member in &members {
        store::member::lock(writer, scope, *member).await?;
    }
    let mut known: HashMap<MemberId, Vec<LeaveInput>> = HashMap::new();
    for row in store::leave::list(writer, scope, Day(i32::MIN)).await? {
        known.entry(row.leave.member).or_default().push(row.leave);
    }
    let is_taken = |row: &LeaveRow| {
        let own = known.get(&row.leave.member);
        own.is_some_and(|own| own.iter().any(|known| known.overlaps(&row.leave)))
    };
    if rows.iter().any(is_taken) {
        return Err(Stop::Failed(Failure::LeaveMeanwhile));
    }
    Ok(())
}

/// New units in an order in which each finds its parent there.
fn parents_first(units: Vec<Unit>) -> Vec<Unit> {
    let parents: HashMap<UnitId, Option<UnitId>> = units.iter().map(|unit| (unit.id, unit.parent)).collect();
    let depth = |unit: &Unit| {
        let mut depth = 0;
        let mut above = unit.parent;
        // A ring was refused before; the bound is for safety.
        while let Some(parent) = above.filter(|id| parents.contains_key(id) && depth < parents.len()) {
            depth += 1;
            above = parents.get(&parent).copied().flatten();
        }
        depth
    };
    let mut units = units;
    units.sort_by_cached_key(depth);
    units
}
