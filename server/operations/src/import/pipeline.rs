//! Facts by the million, deals and orders alike: the rows are brought into the order of their ids, then one thread reads, one task compares,
//! one writes, with one batch in between at most. Batches are smaller than transactions, because a row on its way weighs many
//! times what it does in the file, once for each hand it is in.

mod comparing;
mod reading;
mod said;
mod summary;
mod writing;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::id::MetricId;
use domain::import::{FileView, Problem};
use store::fact::{Credited, Prepared};
use store::rollup::Rows;
use tokio::sync::mpsc;
use uuid::Uuid;

use self::comparing::Comparing;
pub(super) use self::reading::Gathered;
use self::reading::{Batch, Heard};
pub(super) use self::said::{Reads, Says};
pub(super) use self::summary::Summary;
use self::writing::Writing;
use super::catalog::Catalog;
use super::cells::Columns;
use super::crediting::Crediting;
use super::file::{Row, Sorted, Table};
use super::job::{Job, Stop, kept};
use super::opening::{Opened, broken_off};
use super::refer::Refer;
use crate::clock;

/// Rows of one batch.
const BATCH_ROWS: usize = 512;
/// While rows are sorted, how often the import says that it is alive and hears whether it is to stop.
const BEAT_EVERY: Duration = Duration::from_secs(1);

/// To the writing task: one transaction.
#[derive(Debug, Default)]
struct Work {
    retired: Vec<Uuid>,
    prepared: Option<Prepared>,
    rollups: Option<Rows>,
    rejected: Vec<store::import::Rejected>,
    read: u64,
}

impl Job {
    /// Takes a file of facts over, read by the reader that `reader` makes of its columns.
    pub(super) async fn facts<R: Reads>(
        &mut self,
        opened: Opened,
        catalog: Catalog,
        summary: &mut Summary,
        reader: impl FnOnce(Arc<Columns>, Refer, &str) -> R,
    ) -> Result<(Catalog, FileView), Stop> {
        let source_of = <R::Said as Says>::Entry::SOURCE;
        let Opened {
            file,
            table,
            kind,
            mapping,
            mut view,
        } = opened;
        summary.begin();
        let crediting = Crediting {
            metric: self
                .metric
                .as_ref()
                .map_or_else(MetricId::default, |metric| metric.id),
            root: catalog.root,
            assignments: Arc::new(catalog.assignments.clone()),
            bookings: self.bookings,
            today: self.today,
        };
        let columns = Arc::new(self.columns(&view.name, mapping).in_currency(&self.currency));
        let refer = Refer::new(&self.request.options, kind);
        let reader = reader(Arc::clone(&columns), refer, &self.currency);
        let sorted = match self.sort(table.clone(), columns).await? {
            Ok(sorted) => sorted,
            Err(problem) => return Err(broken_off(problem, view)),
        };
        let database = self.operations.database.reader();
        let any_before = store::fact::any(&database, &self.scope, source_of).await?;
        let mut comparing = Comparing::new(self, file, kind, crediting, summary.ids(), any_before);

        let (send_batch, mut batches) = mpsc::channel::<Batch<R::Said>>(1);
        let (send_work, work) = mpsc::channel::<Work>(1);
        let reading =
            tokio::task::spawn_blocking(move || reading::read(sorted, reader, catalog, &send_batch));
        let writing = tokio::spawn(Writing::of(self, source_of).run(work));
        let mut compared = Ok(());
        while let Some(batch) = batches.recv().await {
            compared = comparing.batch(batch, &send_work).await;
            if compared.is_err() {
                break;
            }
        }
        if compared.is_ok() {
            compared = comparing.rollups(&send_work, 0).await;
        }
        // The reading thread ends when nobody takes its batches, the writing task when nobody gives it work.
        drop(batches);
        drop(send_work);
        let (written, read) = (writing.await, reading.await);
        // The writer knows why it stopped; the others only that it did.
        written??;
        compared?;
        let Heard {
            catalog,
            findings,
            source,
            broken,
        } = read?;
        if let Some(error) = broken {
            return Err(broken_off(error.into(), view));
        }
        let (report, late) = comparing.into_report(summary, &source);
        self.rejected_kept += late.kept;
        self.keep_late(file, table, late.problems).await?;
        view.findings.extend(findings);
        view.report = Some(report);
        Ok((catalog, view))
    }

    /// Brings the rows of a file into the order of their ids, while the import goes on saying that it is alive.
    async fn sort(
        &self,
        table: Table,
        columns: Arc<Columns>,
    ) -> Result<Result<Sorted, super::file::Unreadable>, Stop> {
        let stop = Arc::new(AtomicBool::new(false));
        let path = self.sort_path();
        let mut sorting = tokio::task::spawn_blocking({
            let stop = Arc::clone(&stop);
            move || reading::sort(&table, &columns, &path, &stop)
        });
        let mut told = Ok(true);
        loop {
            tokio::select! {
                sorted = &mut sorting => return if told? { Ok(sorted?) } else { Err(Stop::Cancelled) },
                () = tokio::time::sleep(BEAT_EVERY) => {
                    if matches!(told, Ok(true)) {
                        told = self.beat().await;
                    }
                    stop.store(!matches!(told, Ok(true)), Ordering::Relaxed);
                }
            }
        }
    }

    /// Says that the import is alive; `false` when it is to stop.
    async fn beat(&self) -> Result<bool, Stop> {
        let writer = self.operations.database.writer().await?;
        let goes_on = store::import::beat(&writer, &self.scope, self.id(), 0, clock::now_ms()).await?;
        writer.commit().await?;
        Ok(goes_on)
    }

    /// Where rows that do not fit into memory are sorted.
    fn sort_path(&self) -> PathBuf {
        self.operations
            .import_folder()
            .join(format!("sort-{}", clock::new_id()))
    }

    /// Keeps rows whose fault showed only when they were compared; their cells are read once more.
    async fn keep_late(
        &mut self,
        file: usize,
        table: Table,
        mut late: HashMap<u64, Vec<Problem>>,
    ) -> Result<(), Stop> {
        if late.is_empty() {
            return Ok(());
        }
        let rows = tokio::task::spawn_blocking(move || {
            let mut rows = Vec::with_capacity(late.len());
            let outcome = table.rows(&mut |row: Row<'_>| {
                if let Some(problems) = late.remove(&row.number) {
                    rows.push(kept(file, row.number, &row.to_cells(), &problems));
                }
                if late.is_empty() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            drop(outcome);
            rows
        })
        .await?;
        self.keep(rows).await
    }
}

/// Hands work on; where nobody takes it the writer has stopped and says why.
async fn give(send: &mpsc::Sender<Work>, work: Work) -> Result<(), Stop> {
    send.send(work).await.map_err(|_| Stop::Cancelled)
}
