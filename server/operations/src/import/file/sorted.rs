//! The rows of a table in the order of a key, however many there are: an external merge sort.
//!
//! Facts are written in the order of their ids in other systems. Every index then grows at one place at a time, where ids in
//! no order would touch nearly all of its pages in every transaction; and rows that bear the same id follow each other, so
//! that the second is known for one without all ids being remembered.

mod record;
mod run;

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{ROW_BYTES, Row};
use record::{Record, beginning};
use run::{READ_BYTES, merge};

/// Bytes of rows sorted in memory at once; a file that is smaller never goes to disk.
const RUN_BYTES: usize = 4 << 20;

/// Takes rows in any order.
#[derive(Debug)]
pub(crate) struct Sorter {
    path: PathBuf,
    held: Vec<u8>,
    places: Vec<Place>,
    spilled: Option<Spilled>,
}

/// Where a record lies, with the beginning of its key, which settles most comparisons.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u64,
    offset: u32,
}

/// Rows that did not fit into memory: sorted runs in one file, which goes with this value.
#[derive(Debug)]
struct Spilled {
    file: File,
    path: PathBuf,
    /// End of each run in the file.
    ends: Vec<u64>,
}

impl Drop for Spilled {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "sorted rows stay behind");
        }
    }
}

impl Sorter {
    /// A sorter that puts what does not fit into memory into a file that does not exist yet.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            held: Vec::new(),
            places: Vec::new(),
            spilled: None,
        }
    }

    /// Takes a row with its key.
    pub(crate) fn push(&mut self, row: Row<'_>, key: &str) -> io::Result<()> {
        let key = record::key_of(key);
        let bytes = record::bytes_of(row, key);
        let full = self.held.len() + self.places.len() * size_of::<Place>() + bytes > RUN_BYTES;
        if full && !self.places.is_empty() {
            self.spill()?;
        }
        let offset = self.held.len();
        self.places.push(Place {
            start: beginning(key),
            offset: offset as u32,
        });
        record::write(&mut self.held, row, key);
        Ok(())
    }

    /// All rows taken, ready to be read in order.
    pub(crate) fn finish(mut self) -> io::Result<Sorted> {
        if self.spilled.is_some() {
            self.spill()?;
        } else {
            self.sort();
        }
        Ok(Sorted(self))
    }

    fn sort(&mut self) {
        let held = &self.held;
        self.places.sort_unstable_by(|a, b| {
            let record = |place: &Place| Record(&held[place.offset as usize..]);
            a.start
                .cmp(&b.start)
                .then_with(|| record(a).rank().cmp(&record(b).rank()))
        });
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => {
                if let Some(folder) = self.path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                let mut options = OpenOptions::new();
                let file = options.read(true).write(true).create_new(true).open(&self.path)?;
                none.insert(Spilled {
                    file,
                    path: self.path.clone(),
                    ends: Vec::new(),
                })
            }
        };
        let mut end = spilled.ends.last().copied().unwrap_or_default();
        let mut out = BufWriter::with_capacity(READ_BYTES, &spilled.file);
        for place in &self.places {
            let bytes = Record(&self.held[place.offset as usize..]).bytes();
            out.write_all(bytes)?;
            end += bytes.len() as u64;
        }
        out.flush()?;
        drop(out);
        spilled.ends.push(end);
        self.held.clear();
        self.places.clear();
        Ok(())
    }
}

/// Rows in the order of their keys, and of their numbers where keys are alike.
#[derive(Debug)]
pub(crate) struct Sorted(Sorter);

impl Sorted {
    /// Hands every row to `each` until that breaks off.
    pub(crate) fn rows(self, each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>) -> io::Result<()> {
        let mut sorter = self.0;
        let mut cells = Vec::new();
        if let Some(mut spilled) = sorter.spilled.take() {
            drop(sorter);
            return merge(&mut spilled.file, &spilled.ends, &mut |record| {
                record.hand_to(&mut cells, each)
            });
        }
        for place in &sorter.places {
            let record = Record(&sorter.held[place.offset as usize..]);
            if record.hand_to(&mut cells, each)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

// A record's offset within a run is kept in 32 bits, a row's cells in 16, and a row always fits into a run of its own.
const _: () = assert!(RUN_BYTES + ROW_BYTES * 5 < u32::MAX as usize && super::COLUMNS < u16::MAX as usize);

#[cfg(test)]
mod tests;
