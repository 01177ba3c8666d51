//! Sorted runs of records in a file, merged into one.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use super::record::{HEAD_BYTES, Record, beginning};

/// Bytes of a run read at once while runs are merged.
pub(super) const READ_BYTES: usize = 32 << 10;

/// Hands the records of all runs of a file to `each`, in order, until that breaks off; `ends`: where each run ends.
pub(super) fn merge(
    file: &mut File,
    ends: &[u64],
    each: &mut dyn FnMut(Record<'_>) -> io::Result<ControlFlow<()>>,
) -> io::Result<()> {
    let mut begin = 0;
    let mut runs = Vec::with_capacity(ends.len());
    for end in ends {
        let mut run = Run::new(begin, *end);
        if run.next(file)? {
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
        if !first.next(file)? {
            runs.swap_remove(0);
        }
        sink(&mut runs, 0);
    }
    Ok(())
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
