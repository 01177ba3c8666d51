//! The log of a version: who did what, undo and redo per author, and the bytes its hash chain covers.

use serde::{Deserialize, Serialize};

use super::{CellDelta, CellIndex, ConstraintDelta, Deltas, ENGINE, Grid, Intent, Misfit, PlanCommand};
use crate::id::UserId;
use crate::money::Minor;

/// One command as it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the version's log, from 1.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who.
    pub author: UserId,
    /// What was asked.
    pub command: PlanCommand,
    /// What it changed.
    pub deltas: Deltas,
    /// The engine's version that decided it.
    pub engine: u32,
}

/// Entries of one version in order, from any sequence number on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    base: u64,
    entries: Vec<Entry>,
}

/// An entry that does not continue the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("the log continues with {expected}, not {got}")]
pub struct LogError {
    /// The next sequence number.
    pub expected: u64,
    /// What came.
    pub got: u64,
}

/// A cell that somebody changed after the command that is to be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub cell: CellIndex,
    /// What the command left there.
    pub left: Minor,
    /// What is there now.
    pub now: Minor,
    /// What taking the command back makes of it: the later change stays.
    pub becomes: Minor,
    /// Who changed it last.
    pub by: UserId,
    /// With which entry.
    pub seq: u64,
}

/// What taking back (or doing again) would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The command to apply: puts back the old values, and where others changed a cell since, takes only the own
    /// change out of it.
    pub command: PlanCommand,
    /// Cells that others changed since; when there are any, show them and ask before applying.
    pub differences: Vec<Difference>,
}

/// Why nothing can be taken back or done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoRefusal {
    /// The author has nothing (left) in this log to take back or do again.
    #[error("nothing to undo or redo")]
    Nothing,
    /// A lock or bound that the command set has been changed by others since.
    #[error("a lock or bound was changed since")]
    ConstraintChanged,
    /// The entry names places or amounts that this plan does not have.
    #[error("the log is of another plan")]
    Foreign,
}

impl Log {
    /// An empty log that continues after `base` (0 for a new version).
    pub fn after(base: u64) -> Self {
        Self {
            base,
            entries: Vec::new(),
        }
    }

    /// The last sequence number.
    pub fn head(&self) -> u64 {
        self.base + self.entries.len() as u64
    }

    /// The entries held, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a sequence number, if held.
    pub fn entry(&self, seq: u64) -> Option<&Entry> {
        let index = usize::try_from(seq.checked_sub(self.base + 1)?).ok()?;
        self.entries.get(index)
    }

    /// Appends an entry that continues the log.
    pub fn push(&mut self, entry: Entry) -> Result<(), LogError> {
        let expected = self.head() + 1;
        if entry.seq != expected {
            return Err(LogError {
                expected,
                got: entry.seq,
            });
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Forgets all but the last so many entries.
    pub fn forget(&mut self, but: usize) {
        let over = self.entries.len().saturating_sub(but);
        self.entries.drain(..over);
        self.base += over as u64;
    }

    /// Folds every entry after `from` into the grid that stands at `from`; returns the head.
    pub fn fold(&self, grid: &mut Grid, from: u64) -> Result<u64, Misfit> {
        self.fold_until(grid, from, self.head())
    }

    /// Folds the entries after `from` up to and including `until` (at most the head) into the grid that stands at `from`;
    /// returns where it stands then. Where an entry does not fit, the grid stands before that one.
    pub fn fold_until(&self, grid: &mut Grid, from: u64, until: u64) -> Result<u64, Misfit> {
        let entries = self
            .entries
            .iter()
            .filter(|entry| entry.seq > from && entry.seq <= until);
        for entry in entries {
            grid.fold(&entry.deltas)?;
        }
        Ok(until.min(self.head()).max(from))
    }

    /// The state as of a place in the log, from the grid that stands at its beginning.
    pub fn as_of(&self, start: &Grid, until: u64) -> Result<Grid, Misfit> {
        let mut grid = start.clone();
        self.fold_until(&mut grid, self.base, until)?;
        Ok(grid)
    }

    /// Where the log stood at a moment (milliseconds since 1970): the last entry not dated after it. Order counts, not
    /// clocks: an entry dated later than one that follows it belongs to what that one found.
    pub fn head_at(&self, at_ms: i64) -> u64 {
        let last = self.entries.iter().rev().find(|entry| entry.at_ms <= at_ms);
        last.map_or(self.base, |entry| entry.seq)
    }

    /// The command that takes back the author's last change.
    pub fn undo(&self, author: UserId, grid: &Grid) -> Result<Undo, UndoRefusal> {
        let (done, _) = self.stacks(author);
        let (of, effect) = done.last().copied().ok_or(UndoRefusal::Nothing)?;
        self.restore(of, effect, Intent::Undo, grid, Later::Refuses)
    }

    /// The command that does the author's last taken-back change again.
    pub fn redo(&self, author: UserId, grid: &Grid) -> Result<Undo, UndoRefusal> {
        let (_, undone) = self.stacks(author);
        let (of, effect) = undone.last().copied().ok_or(UndoRefusal::Nothing)?;
        self.restore(of, effect, Intent::Redo, grid, Later::Refuses)
    }

    /// The command that takes back, or does again, all of a change but the locks and bounds that others changed since: theirs stay.
    /// It may change nothing any more, and still is the step that lets the author go on to the one before.
    pub fn rest(&self, author: UserId, intent: Intent, grid: &Grid) -> Result<Undo, UndoRefusal> {
        let (done, undone) = self.stacks(author);
        let steps = match intent {
            Intent::Undo => done,
            Intent::Redo => undone,
        };
        let (of, effect) = steps.last().copied().ok_or(UndoRefusal::Nothing)?;
        self.restore(of, effect, intent, grid, Later::Stays)
    }

    /// The author's commands that can be taken back, and those that can be done again.
    pub(super) fn stacks(&self, author: UserId) -> (Vec<Step>, Vec<Step>) {
        let (mut done, mut undone) = (Vec::new(), Vec::new());
        for entry in self.entries.iter().filter(|entry| entry.author == author) {
            match &entry.command {
                PlanCommand::Restore {
                    of,
                    intent: Intent::Undo,
                    ..
                } => {
                    done.retain(|(seq, _)| seq != of);
                    undone.push((*of, entry.seq));
                }
                PlanCommand::Restore {
                    of,
                    intent: Intent::Redo,
                    ..
                } => {
                    undone.retain(|(seq, _)| seq != of);
                    done.push((*of, entry.seq));
                }
                _ if entry.deltas.is_empty() => {}
                _ => {
                    done.push((entry.seq, entry.seq));
                    undone.clear();
                }
            }
        }
        (done, undone)
    }

    fn restore(
        &self,
        of: u64,
        effect: u64,
        intent: Intent,
        grid: &Grid,
        later: Later,
    ) -> Result<Undo, UndoRefusal> {
        let entry = self.entry(effect).ok_or(UndoRefusal::Nothing)?;
        let mut differences = Vec::new();
        let mut deltas = Deltas::default();
        // `now` less what the entry made of it.
        let back = |made: &CellDelta, now: Minor| {
            let change = made.old.0.checked_sub(made.new.0);
            let new = change.and_then(|change| now.0.checked_add(change));
            let new = new.map(Minor).ok_or(UndoRefusal::Foreign)?;
            let cell = made.cell;
            Ok(CellDelta { cell, old: now, new })
        };
        let known = |cell: CellIndex| {
            let inside = (cell.0 as usize) < grid.shape().cells();
            inside
                .then(|| grid.shape().place(cell))
                .ok_or(UndoRefusal::Foreign)
        };
        let mut last = None;
        for (place, made) in entry.deltas.cells.iter().enumerate() {
            let (node, period) = known(made.cell)?;
            let now = grid.amount(node, Some(period));
            let back = back(made, now)?;
            if now != made.new {
                let last = last.get_or_insert_with(|| self.last_changes(&entry.deltas.cells, effect));
                let changed = last.get(place).and_then(|seq| self.entry(*seq));
                let (by, seq) =
                    changed.map_or((entry.author, effect), |changed| (changed.author, changed.seq));
                differences.push(Difference {
                    cell: made.cell,
                    left: made.new,
                    now,
                    becomes: back.new,
                    by,
                    seq,
                });
            }
            deltas.cells.push(back);
        }
        for made in &entry.deltas.hedges {
            let (node, period) = known(made.cell)?;
            let now = grid.hedge(node, Some(period));
            deltas.hedges.push(back(made, now)?);
        }
        for made in &entry.deltas.constraints {
            if grid.constraint(made.node, made.period) != made.new {
                match later {
                    Later::Refuses => return Err(UndoRefusal::ConstraintChanged),
                    Later::Stays => continue,
                }
            }
            deltas.constraints.push(ConstraintDelta {
                old: made.new,
                new: made.old,
                ..*made
            });
        }
        Ok(Undo {
            command: PlanCommand::Restore {
                of,
                intent,
                deltas: deltas.tidy(),
            },
            differences,
        })
    }

    /// For each of these cells, which ascend, the entry after one that changed it last; 0 where none did. Each entry is gone through
    /// once: to look for every cell in every entry takes seconds where all of a large plan changed, and whoever writes waits.
    fn last_changes(&self, cells: &[CellDelta], after: u64) -> Vec<u64> {
        let mut last = vec![0; cells.len()];
        for entry in self.entries.iter().filter(|entry| entry.seq > after) {
            let mut from = 0;
            for changed in &entry.deltas.cells {
                let left = cells.get(from..).unwrap_or_default();
                from += left.partition_point(|delta| delta.cell < changed.cell);
                let Some(found) = cells.get(from) else { break };
                if let Some(last) = last.get_mut(from).filter(|_| found.cell == changed.cell) {
                    *last = entry.seq;
                }
            }
        }
        last
    }
}

/// A command by its sequence number, and the entry that last did or undid it.
pub(super) type Step = (u64, u64);

/// What becomes of a lock or bound that somebody changed after the command that set it.
#[derive(Clone, Copy)]
enum Later {
    /// The command is not taken back for it.
    Refuses,
    /// It stays, and all else is taken back.
    Stays,
}

impl Entry {
    /// An entry decided by this engine.
    pub fn new(seq: u64, at_ms: i64, author: UserId, command: PlanCommand, deltas: Deltas) -> Self {
        Self {
            seq,
            at_ms,
            author,
            command,
            deltas,
            engine: ENGINE,
        }
    }

    /// The bytes whose hash is this entry's link: the hash before it, its place, its author, the stored text of its
    /// command and its deltas, each with its length.
    pub fn chain_bytes(&self, before: &[u8], command_json: &[u8]) -> Vec<u8> {
        let deltas = self.deltas.to_bytes();
        let mut bytes = Vec::with_capacity(96 + before.len() + command_json.len() + deltas.len());
        bytes.extend_from_slice(b"attain plan entry 1\n");
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.at_ms.to_be_bytes());
        bytes.extend_from_slice(self.author.0.as_bytes());
        bytes.extend_from_slice(&self.engine.to_be_bytes());
        for part in [before, command_json, &deltas] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}
