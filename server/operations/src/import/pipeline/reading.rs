//! The reading thread: rows sorted by their ids, then read into what they say, batch by batch.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::calendar::Day;
use domain::id::MemberId;
use domain::import::{Field, Finding, Problem};
use domain::money::Fact;
use tokio::sync::mpsc;

use super::BATCH_ROWS;
use super::said::{Reads, Says};
use super::summary::Source;
use crate::import::catalog::Catalog;
use crate::import::cells::Columns;
use crate::import::file::{Row, Sorted, Sorter, Table, Unreadable};

/// From the reading thread.
#[derive(Debug)]
pub(super) struct Batch<S> {
    pub(super) said: Vec<S>,
    pub(super) rejected: Vec<Refused>,
    /// Problems of facts of several rows, whose cells are past.
    pub(super) late: Vec<Vec<Problem>>,
    pub(super) read: u64,
}

impl<S> Batch<S> {
    /// An empty one, with room for all its rows: growing would leave the smaller rooms behind.
    fn new() -> Self {
        Self {
            said: Vec::with_capacity(BATCH_ROWS),
            rejected: Vec::new(),
            late: Vec::new(),
            read: 0,
        }
    }
}

/// What is gathered from rows until it is sent.
#[derive(Debug)]
pub(in crate::import) struct Gathered<S> {
    batch: Batch<S>,
    source: Source,
    /// Rows of the facts gathered.
    rows: u64,
}

impl<S: Says> Gathered<S> {
    /// Counts what rows say into the file's own totals, whether they are taken over or not.
    pub(in crate::import) fn count(&mut self, member: Option<MemberId>, counted: Option<(Day, Fact)>) {
        self.source.count(member, counted);
    }

    /// Takes what rows say about a fact.
    pub(in crate::import) fn take(&mut self, said: S) {
        self.rows += said.rows();
        self.batch.said.push(said);
    }

    /// Takes a row that cannot be taken over.
    pub(in crate::import) fn refuse(&mut self, row: Row<'_>, problems: Vec<Problem>) {
        self.batch.rejected.push(Refused {
            row: row.number,
            cells: row.to_cells(),
            problems,
        });
    }

    /// Takes the problems of rows that are past.
    pub(in crate::import) fn refuse_late(&mut self, problems: Vec<Problem>) {
        self.rows += problems.len() as u64;
        self.batch.late.push(problems);
    }

    fn full(&self) -> bool {
        self.rows >= BATCH_ROWS as u64 || self.batch.rejected.len() >= BATCH_ROWS
    }

    /// What was gathered; nothing is left.
    fn batch(&mut self) -> Batch<S> {
        self.rows = 0;
        std::mem::replace(&mut self.batch, Batch::new())
    }
}

/// A row that cannot be taken over whatever is stored.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) row: u64,
    pub(super) cells: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// What the reading thread knows at the end.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) catalog: Catalog,
    pub(super) findings: Vec<Finding>,
    pub(super) source: Source,
    /// Why it ended before the end of the rows.
    pub(super) broken: Option<io::Error>,
}

/// Sorts the rows of a table by the ids they are known by; gives up when it is to stop.
pub(super) fn sort(
    table: &Table,
    columns: &Columns,
    path: &Path,
    stop: &AtomicBool,
) -> Result<Sorted, Unreadable> {
    let mut sorter = Sorter::new(path);
    let mut pushed = Ok(());
    table.rows(&mut |row| {
        if columns.dropped(row.number) {
            return ControlFlow::Continue(());
        }
        pushed = sorter.push(row, columns.cells(row).text(Field::ExternalId));
        if pushed.is_err() || stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    pushed?;
    Ok(sorter.finish()?)
}

/// Reads sorted rows and sends what they say.
pub(super) fn read<R: Reads>(
    sorted: Sorted,
    mut reader: R,
    mut catalog: Catalog,
    send: &mpsc::Sender<Batch<R::Said>>,
) -> Heard {
    let mut gathered = Gathered {
        batch: Batch::new(),
        source: Source::default(),
        rows: 0,
    };
    let outcome = sorted.rows(&mut |row| {
        gathered.batch.read += 1;
        reader.row(row, &mut catalog, &mut gathered);
        if gathered.full() && send.blocking_send(gathered.batch()).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    reader.end(&mut gathered);
    // A closed channel means that the other side stopped and knows why.
    let _ = send.blocking_send(gathered.batch());
    Heard {
        catalog,
        findings: reader.into_findings(),
        source: gathered.source,
        broken: outcome.err(),
    }
}
