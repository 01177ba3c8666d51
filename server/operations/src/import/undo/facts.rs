//! Taking back the facts of an import.

use domain::id::ImportId;
use store::Scope;
use store::fact::{Credited, Which};
use store::import::Fact;
use store::rollup::{Deltas, Sign};
use store::slot::Slot;
use uuid::Uuid;

use crate::import::job::Stop;
use crate::{Operations, clock};

/// Facts taken back in one transaction.
const FACTS: usize = 2_000;

/// The facts of an import on their way back.
pub(super) struct Back<'a> {
    pub(super) operations: &'a Operations,
    pub(super) scope: &'a Scope,
    pub(super) undo: ImportId,
    /// The slot of the import.
    pub(super) undone: Slot,
    /// The slot of its undo.
    pub(super) slot: Slot,
    pub(super) deltas: Deltas,
    pub(super) done: i64,
}

impl Back<'_> {
    /// Takes away what the import wrote and brings back what it replaced, of one kind of facts.
    pub(super) async fn facts<E: Credited>(&mut self) -> Result<(), Stop> {
        let (scope, database) = (self.scope, &self.operations.database);
        let reader = database.reader();
        let mut after: Option<Uuid> = None;
        loop {
            let facts = store::import::facts_of(&reader, scope, E::SOURCE, self.undone, after, FACTS).await?;
            let Some(last) = facts.last() else { return Ok(()) };
            after = Some(last.id);
            self.done += facts.len() as i64;
            let ids = |wanted: fn(&Fact) -> bool| -> Vec<Uuid> {
                facts
                    .iter()
                    .filter(|fact| wanted(fact))
                    .map(|fact| fact.id)
                    .collect()
            };
            let (written, replaced) = (ids(|fact| fact.written), ids(|fact| fact.replaced));
            for version in E::versions(&reader, scope, &written, Which::Present).await? {
                self.deltas.add(&version.entry, Sign::Minus);
            }
            let writer = database.writer().await?;
            store::fact::retire(&writer, scope, E::SOURCE, self.slot, &written).await?;
            store::import::restore(&writer, scope, E::SOURCE, self.undone, self.slot, &replaced).await?;
            // Read in the transaction that brought them back.
            for version in E::versions(&writer, scope, &replaced, Which::Present).await? {
                self.deltas.add(&version.entry, Sign::Plus);
            }
            store::import::beat(&writer, scope, self.undo, self.done, clock::now_ms()).await?;
            writer.commit().await?;
        }
    }
}
