//! The reading thread: rows sorted by their ids, then read into what they say, batch by batch.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::import::{Field, Finding, Problem, Reason};
use tokio::sync::mpsc;

use super::BATCH_ROWS;
use super::summary::Source;
use crate::import::catalog::Catalog;
use crate::import::cells::Columns;
use crate::import::file::{Row, Sorted, Sorter, Table, Unreadable};
use crate::import::opportunities::{Reader, Said};

/// From the reading thread.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) said: Vec<Said>,
    pub(super) rejected: Vec<Refused>,
    pub(super) read: u64,
}

impl Batch {
    /// An empty one, with room for all its rows: growing would leave the smaller rooms behind.
    fn new() -> Self {
        Self {
            said: Vec::with_capacity(BATCH_ROWS),
            rejected: Vec::new(),
            read: 0,
        }
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
pub(super) fn read(
    sorted: Sorted,
    mut reader: Reader,
    mut catalog: Catalog,
    send: &mpsc::Sender<Batch>,
) -> Heard {
    let mut batch = Batch::new();
    let mut source = Source::default();
    let mut met = Met::default();
    let outcome = sorted.rows(&mut |row| {
        batch.read += 1;
        match reader.read(row, &mut catalog) {
            Ok(said) => {
                source.take(&said);
                match met.again(&said).or_else(|| said.contradiction()) {
                    None => batch.said.push(said),
                    Some(reason) => batch
                        .rejected
                        .push(refused(row, vec![Problem::row(row.number, reason)])),
                }
            }
            Err(unsaid) => {
                source.take_unsaid(&unsaid);
                batch.rejected.push(refused(row, unsaid.problems));
            }
        }
        let full = batch.said.len() >= BATCH_ROWS || batch.rejected.len() >= BATCH_ROWS;
        if full
            && send
                .blocking_send(std::mem::replace(&mut batch, Batch::new()))
                .is_err()
        {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    // A closed channel means that the other side stopped and knows why.
    let _ = send.blocking_send(batch);
    Heard {
        catalog,
        findings: reader.into_findings(),
        source,
        broken: outcome.err(),
    }
}

fn refused(row: Row<'_>, problems: Vec<Problem>) -> Refused {
    Refused {
        row: row.number,
        cells: row.to_cells(),
        problems,
    }
}

/// The id that was read last: in sorted rows a second row of an id comes right after the first.
#[derive(Default)]
struct Met {
    external_id: String,
    row: u64,
}

impl Met {
    fn again(&mut self, said: &Said) -> Option<Reason> {
        if self.external_id == said.external_id {
            return Some(Reason::Duplicate { first_row: self.row });
        }
        self.external_id.clone_from(&said.external_id);
        self.row = said.row;
        None
    }
}
