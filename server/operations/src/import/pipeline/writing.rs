//! The writing task: one transaction after the other, with the write lock free in between.

use std::time::{Duration, Instant};

use domain::event::Event;
use domain::id::ImportId;
use domain::metric::Source;
use store::metric::Metric;
use store::rollup::Rows;
use store::slot::Slot;
use store::{Database, Scope, Writer};
use tokio::sync::mpsc;

use super::Work;
use crate::clock;
use crate::import::job::{Job, Stop};

/// Rows of one transaction, unless a single piece of work has more: six batches with some refused rows among them, few
/// enough for other writers to get their turn soon.
const TRANSACTION_ROWS: usize = 3_500;
/// Progress is told to listeners, and work without anything to write is noted, at most this often.
const TELL_EVERY: Duration = Duration::from_millis(700);

/// What the writing task works with.
pub(super) struct Writing {
    database: Database,
    scope: Scope,
    import: ImportId,
    slot: Slot,
    source: Source,
    metric: Option<Metric>,
    rows_total: i64,
}

impl Writing {
    /// For the facts of a job's file.
    pub(super) fn of(job: &Job, source: Source) -> Self {
        Self {
            database: job.operations.database.clone(),
            scope: job.scope.clone(),
            import: job.id(),
            slot: job.slot(),
            source,
            metric: job.metric.clone(),
            rows_total: job.import.rows_total,
        }
    }

    /// Writes what comes until nothing comes any more, or until it is to stop.
    pub(super) async fn run(self, mut work: mpsc::Receiver<Work>) -> Result<(), Stop> {
        let (mut read, mut told) = (0_i64, Instant::now());
        let mut waiting = None;
        loop {
            let next = match waiting.take() {
                Some(next) => Some(next),
                None => work.recv().await,
            };
            let Some(mut next) = next else {
                return Ok(());
            };
            let tell = told.elapsed() >= TELL_EVERY;
            if next.is_nothing() && !tell {
                read += next.read as i64;
                continue;
            }
            let scope = &self.scope;
            let writer = self.database.writer().await?;
            let mut rows = 0;
            // What is ready goes into the same transaction; nobody else waits while there is nothing to write.
            loop {
                read += next.read as i64;
                rows += next.rows();
                self.write(&writer, next).await?;
                match work.try_recv() {
                    Ok(more) if rows + more.rows() <= TRANSACTION_ROWS => next = more,
                    more => {
                        waiting = more.ok();
                        break;
                    }
                }
            }
            if !store::import::beat(&writer, scope, self.import, read, clock::now_ms()).await? {
                return Err(Stop::Cancelled);
            }
            if tell {
                told = Instant::now();
                let event = Event::ImportProgress {
                    import: self.import,
                    read: read.unsigned_abs(),
                    total: self.rows_total.max(read).unsigned_abs(),
                };
                store::outbox::append(&writer, scope, &event).await?;
            }
            writer.commit().await?;
        }
    }

    /// Writes one piece of work.
    async fn write(&self, writer: &Writer, work: Work) -> Result<(), Stop> {
        let scope = &self.scope;
        if !work.retired.is_empty() {
            store::fact::retire(writer, scope, self.source, self.slot, &work.retired).await?;
        }
        if let Some(prepared) = work.prepared {
            store::fact::insert(writer, prepared).await?;
        }
        if let (Some(rows), Some(metric)) = (work.rollups, &self.metric) {
            store::rollup::add(writer, scope, metric, self.slot, rows).await?;
        }
        Ok(store::import::reject(writer, scope, self.import, work.rejected).await?)
    }
}

impl Work {
    /// Rows it takes from the file or writes, whichever are more.
    fn rows(&self) -> usize {
        let rollups = self.rollups.as_ref().map_or(0, Rows::len);
        rollups.max(self.read as usize)
    }

    /// Whether only rows were read, as in a dry run.
    fn is_nothing(&self) -> bool {
        self.retired.is_empty()
            && self.prepared.is_none()
            && self.rollups.is_none()
            && self.rejected.is_empty()
    }
}
