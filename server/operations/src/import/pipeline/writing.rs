//! The writing task: one transaction after the other, with the write lock free in between.

use std::time::{Duration, Instant};

use domain::event::Event;
use domain::id::ImportId;
use store::metric::Metric;
use store::slot::Slot;
use store::{Database, Scope};
use tokio::sync::mpsc;

use super::Work;
use crate::clock;
use crate::import::job::{Job, Stop};

/// Progress is told to listeners, and work without anything to write is noted, at most this often.
const TELL_EVERY: Duration = Duration::from_millis(700);

/// What the writing task works with.
pub(super) struct Writing {
    database: Database,
    scope: Scope,
    import: ImportId,
    slot: Slot,
    metric: Option<Metric>,
    rows_total: i64,
}

impl Writing {
    /// For a job.
    pub(super) fn of(job: &Job) -> Self {
        Self {
            database: job.operations.database.clone(),
            scope: job.scope.clone(),
            import: job.id(),
            slot: job.slot(),
            metric: job.metric.clone(),
            rows_total: job.import.rows_total,
        }
    }

    /// Writes what comes until nothing comes any more, or until it is to stop.
    pub(super) async fn run(self, mut work: mpsc::Receiver<Work>) -> Result<(), Stop> {
        let (mut read, mut told) = (0_i64, Instant::now());
        while let Some(next) = work.recv().await {
            read += next.read as i64;
            let tell = told.elapsed() >= TELL_EVERY;
            if next.is_nothing() && !tell {
                continue;
            }
            let writer = self.database.writer().await?;
            let scope = &self.scope;
            if !next.retired.is_empty() {
                store::opportunity::retire(&writer, scope, self.slot, &next.retired).await?;
            }
            if let Some(prepared) = next.prepared {
                store::opportunity::insert(&writer, prepared).await?;
            }
            if let (Some(rows), Some(metric)) = (next.rollups, &self.metric) {
                store::rollup::add(&writer, scope, metric, self.slot, rows).await?;
            }
            store::import::reject(&writer, scope, self.import, next.rejected).await?;
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
        Ok(())
    }
}

impl Work {
    /// Whether only rows were read, as in a dry run.
    fn is_nothing(&self) -> bool {
        self.retired.is_empty()
            && self.prepared.is_none()
            && self.rollups.is_none()
            && self.rejected.is_empty()
    }
}
