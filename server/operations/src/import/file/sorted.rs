//! The rows of a table in the order of a key, however many there are: an external merge sort.
//!
//! Facts are written in the order of their ids in other systems. Every index then grows at one place at a time, where ids in
//! no order would touch nearly all of its pages in every transaction; and rows that bear the same id follow each other, so
//! that the second is known for one without all ids being remembered.

use std::cmp::Ordering;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{ROW_BYTES, Row};

/// Bytes of rows sorted in memory at once; a file that is smaller never goes to disk.
const RUN_BYTES: usize = 4 << 20;
/// Bytes of a run read at once while runs are merged.
const READ_BYTES: usize = 32 << 10;
/// Of a longer key only the beginning counts: no id is that long.
const KEY_BYTES: usize = 1_200;
/// Bytes of a record before its key: its length, the row's number, the key's length and the number of cells.
const HEAD_BYTES: usize = 4 + 8 + 2 + 2;

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
        let key = &key.as_bytes()[..key.len().min(KEY_BYTES)];
        let most = HEAD_BYTES + key.len() + row.ends.len() * 4 + row.text.len();
        let full = self.held.len() + self.places.len() * size_of::<Place>() + most > RUN_BYTES;
        if full && !self.places.is_empty() {
            self.spill()?;
        }
        let offset = self.held.len();
        self.places.push(Place {
            start: beginning(key),
            offset: offset as u32,
        });
        let held = &mut self.held;
        held.extend_from_slice(&[0; 4]);
        held.extend_from_slice(&row.number.to_le_bytes());
        held.extend_from_slice(&(key.len() as u16).to_le_bytes());
        held.extend_from_slice(&(row.ends.len() as u16).to_le_bytes());
        held.extend_from_slice(key);
        for end in row.ends {
            held.extend_from_slice(&(*end as u32).to_le_bytes());
        }
        held.extend_from_slice(row.text.as_bytes());
        let length = (held.len() - offset) as u32;
        held[offset..offset + 4].copy_from_slice(&length.to_le_bytes());
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
            return spilled.merge(&mut |record| record.hand_to(&mut cells, each));
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

impl Spilled {
    fn merge(&mut self, each: &mut dyn FnMut(Record<'_>) -> io::Result<ControlFlow<()>>) -> io::Result<()> {
        let mut begin = 0;
        let mut runs = Vec::with_capacity(self.ends.len());
        for end in &self.ends {
            let mut run = Run::new(begin, *end);
            if run.next(&mut self.file)? {
                runs.push(run);
            }
            begin = *end;
        }
        // A heap of runs, the one with the first record on top.
        for place in (0..runs.len() / 2).rev() {
            sink(&mut runs, place);
        }
        while let Some(first) = runs.first_mut() {
            if each(first.record())?.is_break() {
                return Ok(());
            }
            if !first.next(&mut self.file)? {
                runs.swap_remove(0);
            }
            sink(&mut runs, 0);
        }
        Ok(())
    }
}

/// Lets the run at a place of the heap sink to where it belongs.
fn sink(runs: &mut [Run], mut place: usize) {
    loop {
        let (left, right) = (2 * place + 1, 2 * place + 2);
        let mut least = place;
        for child in [left, right] {
            if child < runs.len() && runs[child].cmp_to(&runs[least]) == Ordering::Less {
                least = child;
            }
        }
        if least == place {
            return;
        }
        runs.swap(place, least);
        place = least;
    }
}

/// A run while it is merged: a window into its part of the file, the present record at the front.
#[derive(Debug)]
struct Run {
    /// Where in the file is read next, and where the run ends.
    at: u64,
    end: u64,
    window: Vec<u8>,
    /// The present record in the window, and what comes behind it.
    present: usize,
    behind: usize,
    start: u64,
}

impl Run {
    fn new(at: u64, end: u64) -> Self {
        Self {
            at,
            end,
            window: Vec::new(),
            present: 0,
            behind: 0,
            start: 0,
        }
    }

    fn record(&self) -> Record<'_> {
        Record(&self.window[self.present..self.behind])
    }

    fn cmp_to(&self, other: &Self) -> Ordering {
        self.start
            .cmp(&other.start)
            .then_with(|| self.record().rank().cmp(&other.record().rank()))
    }

    /// Goes on to the next record; `false` at the end of the run.
    fn next(&mut self, file: &mut File) -> io::Result<bool> {
        self.present = self.behind;
        if !self.holds(4, file)? {
            return Ok(false);
        }
        let length = Record(&self.window[self.present..]).length();
        if length < HEAD_BYTES || !self.holds(length, file)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.behind = self.present + length;
        self.start = beginning(self.record().key());
        Ok(true)
    }

    /// Reads on until the window holds so many bytes from the present place; `false` where the run has no more.
    fn holds(&mut self, bytes: usize, file: &mut File) -> io::Result<bool> {
        if self.window.len() - self.present >= bytes {
            return Ok(true);
        }
        self.window.drain(..self.present);
        self.present = 0;
        let had = self.window.len();
        let more = (READ_BYTES.max(bytes) as u64).min(self.end - self.at) as usize;
        self.window.resize(had + more, 0);
        file.seek(SeekFrom::Start(self.at))?;
        file.read_exact(&mut self.window[had..])?;
        self.at += more as u64;
        Ok(self.window.len() >= bytes)
    }
}

/// A row as bytes: length, number, length of the key, number of cells, key, end of each cell, cells.
#[derive(Clone, Copy)]
struct Record<'a>(&'a [u8]);

impl<'a> Record<'a> {
    fn field<const N: usize>(self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[at..at + N]);
        bytes
    }

    fn length(self) -> usize {
        u32::from_le_bytes(self.field(0)) as usize
    }

    fn bytes(self) -> &'a [u8] {
        &self.0[..self.length()]
    }

    fn number(self) -> u64 {
        u64::from_le_bytes(self.field(4))
    }

    fn key(self) -> &'a [u8] {
        let length = u16::from_le_bytes(self.field(12)) as usize;
        &self.0[HEAD_BYTES..HEAD_BYTES + length]
    }

    /// What decides the order.
    fn rank(self) -> (&'a [u8], u64) {
        (self.key(), self.number())
    }

    fn hand_to(
        self,
        ends: &mut Vec<usize>,
        each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> io::Result<ControlFlow<()>> {
        let cells = u16::from_le_bytes(self.field(14)) as usize;
        let (ends_bytes, text) = self.bytes()[HEAD_BYTES + self.key().len()..].split_at(cells * 4);
        ends.clear();
        ends.extend(
            ends_bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|end| u32::from_le_bytes(*end) as usize),
        );
        // It was text when it was written.
        let text = std::str::from_utf8(text).map_err(io::Error::other)?;
        Ok(each(Row::new(self.number(), text, ends)))
    }
}

/// The first bytes of a key as a number that sorts as they do.
fn beginning(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}

// A record's offset within a run is kept in 32 bits, a row's cells in 16, and a row always fits into a run of its own.
const _: () = assert!(RUN_BYTES + ROW_BYTES * 5 < u32::MAX as usize && super::COLUMNS < u16::MAX as usize);

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(rows: &[(u64, String)], filler: usize) -> Vec<(u64, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sorts/one");
        let mut sorter = Sorter::new(&path);
        for (number, key) in rows {
            let text = format!("{key}{}", "x".repeat(filler));
            sorter
                .push(Row::new(*number, &text, &[key.len(), text.len()]), key)
                .unwrap();
        }
        let mut out = Vec::new();
        let sorted = sorter.finish().unwrap();
        let on_disk = path.exists();
        assert_eq!(on_disk, rows.len() * (filler + 40) > RUN_BYTES);
        sorted
            .rows(&mut |row| {
                assert_eq!((row.len(), row.cell(1).len()), (2, filler));
                out.push((row.number, row.cell(0).to_owned()));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(!path.exists(), "nothing stays behind");
        out
    }

    #[test]
    fn rows_come_in_the_order_of_their_keys_and_numbers() {
        let keys = [
            "b",
            "a",
            "",
            "编号一二三四",
            "编号一二三五",
            "b",
            "abcdefghi",
            "abcdefgh",
            "a",
        ];
        let rows: Vec<(u64, String)> = (2..)
            .zip(keys)
            .map(|(number, key)| (number, key.to_owned()))
            .collect();
        let mut expected = rows.clone();
        expected.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        assert_eq!(sorted(&rows, 3), expected);
        assert_eq!(sorted(&[], 0), []);
    }

    #[test]
    fn what_does_not_fit_into_memory_goes_through_the_disk() {
        let rows: Vec<(u64, String)> = (0..50_000_u64)
            .map(|row| (row, format!("{:07}", row * 7_919 % 10_007)))
            .collect();
        let mut expected = rows.clone();
        expected.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        assert_eq!(sorted(&rows, 900), expected);
    }
}
