//! Changes as they travel to whoever has the state before them: a change of a whole plan takes one to four bytes a cell, and is applied
//! straight from the bytes.
//!
//! Cells go in blocks: the runs of cells that changed, then how far each is from what it was, scaled as most cells of the block grew.
//! What the cells were does not travel. Whoever has them works the new amounts out, and knows by a digest of old and new ones whether
//! they are those that were meant, before anything is written.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bytes::{BadBytes, Reader, bytes_of_base64, put, put_signed, to_base64};
use super::columns::{SCALE_BITS, expected, scale};
use super::delta::{put_constraints, take_constraints};
use super::made::Digest;
use super::{CellDelta, CellIndex, ConstraintDelta, Deltas, Grid, Misfit};
use crate::money::Minor;

/// First byte of the encoding.
const VERSION: u8 = 1;
/// Changed cells that share a scale.
const BLOCK: usize = 4_096;
/// The scale of what is told as the difference from what it was.
const AS_IT_WAS: u64 = 1 << SCALE_BITS;

/// Changes of amounts, hedges and constraints for whoever has what was there before: [`Grid::fold_packed`] applies them.
///
/// Serialises as base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedDeltas(Vec<u8>);

/// Why packed changes are not applied. Nothing is changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// They are no changes.
    #[error(transparent)]
    Bytes(#[from] BadBytes),
    /// They name a cell that is not there, or start from other locks and bounds.
    #[error(transparent)]
    Misfit(#[from] Misfit),
    /// They start from other amounts.
    #[error("the changes were made for another state")]
    OtherState,
}

impl Deltas {
    /// How many amounts and hedges change.
    pub fn count(&self) -> usize {
        self.cells.len() + self.hedges.len()
    }

    /// The same for whoever has the state before.
    pub fn packed(&self) -> PackedDeltas {
        let mut bytes = Vec::with_capacity(64 + self.count() * 3);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.digest().to_le_bytes());
        put_cells(&mut bytes, &self.cells);
        put_cells(&mut bytes, &self.hedges);
        put_constraints(&mut bytes, &self.constraints);
        PackedDeltas(bytes)
    }
}

impl PackedDeltas {
    /// How many bytes they take.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// The first cells whose amounts change, at most so many. Of bytes that are damaged, those before the damage.
    pub fn first_cells(&self, most: usize) -> Vec<CellIndex> {
        let mut cells = Vec::new();
        let mut reader = Reader(&self.0);
        if take_head(&mut reader).is_ok() {
            let _ended = each(&mut reader, |cell, _| {
                if cells.len() >= most {
                    return Err(BadBytes);
                }
                cells.push(cell);
                Ok(())
            });
        }
        cells
    }
}

impl Serialize for PackedDeltas {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_base64(&self.0))
    }
}

impl<'de> Deserialize<'de> for PackedDeltas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bytes_of_base64(deserializer).map(Self)
    }
}

impl Grid {
    /// Applies what [`Deltas::packed`] wrote, as [`Grid::fold`] would the deltas. All or nothing: the bytes are read once to see
    /// whether they fit, and once more to write.
    pub fn fold_packed(&mut self, PackedDeltas(bytes): &PackedDeltas) -> Result<(), Unfit> {
        let constraints = self.fitting(bytes)?;
        self.put_packed(bytes, constraints)?;
        Ok(())
    }

    /// Refuses changes that start from another state; the constraints of those that do not.
    fn fitting(&self, bytes: &[u8]) -> Result<Vec<ConstraintDelta>, Unfit> {
        let mut reader = Reader(bytes);
        let told = take_head(&mut reader)?;
        let mut digest = Digest::default();
        each(&mut reader, |cell, change| {
            let was = self.amounts.get(cell).ok_or(Misfit::Unknown { cell })?;
            digest.put_cell(cell, was, change.of(was));
            Ok::<(), Unfit>(())
        })?;
        digest.put(0);
        each(&mut reader, |cell, change| {
            if cell.0 as usize >= self.amounts.len() {
                return Err(Unfit::Misfit(Misfit::Unknown { cell }));
            }
            let was = self.hedge_at(cell);
            digest.put_cell(cell, was, change.of(was));
            Ok(())
        })?;
        digest.put(0);
        let constraints = take_constraints(&mut reader)?;
        reader.finish()?;
        digest.put(constraints.len() as u64);
        if digest.0 != told {
            return Err(Unfit::OtherState);
        }
        for ConstraintDelta {
            node, period, old, ..
        } in &constraints
        {
            if self.constraint(*node, *period) != *old {
                let (node, period) = (*node, *period);
                return Err(Misfit::Constraint { node, period }.into());
            }
        }
        Ok(constraints)
    }

    /// Writes changes that were found fitting.
    fn put_packed(&mut self, bytes: &[u8], constraints: Vec<ConstraintDelta>) -> Result<(), BadBytes> {
        let mut reader = Reader(bytes);
        take_head(&mut reader)?;
        let amounts = &mut self.amounts;
        each(&mut reader, |cell, change| {
            if let Some(amount) = amounts.get_mut(cell) {
                *amount = change.of(*amount);
            }
            Ok::<(), BadBytes>(())
        })?;
        let mut hedges = Vec::new();
        each(&mut reader, |cell, change| {
            let old = self.hedge_at(cell);
            hedges.push(CellDelta {
                cell,
                old: Minor(old),
                new: Minor(change.of(old)),
            });
            Ok::<(), BadBytes>(())
        })?;
        self.put(&Deltas {
            cells: Vec::new(),
            hedges,
            constraints,
        });
        Ok(())
    }

    fn hedge_at(&self, cell: CellIndex) -> i64 {
        self.hedges.get(&cell).copied().unwrap_or_default()
    }
}

/// How a cell's new amount follows from what it was.
#[derive(Clone, Copy)]
struct Change {
    scale: u64,
    apart: i64,
}

impl Change {
    fn of(self, was: i64) -> i64 {
        expected(was, self.scale).wrapping_add(self.apart)
    }
}

/// Reads what comes before the lists: the digest.
fn take_head(reader: &mut Reader<'_>) -> Result<u64, BadBytes> {
    if reader.byte()? != VERSION {
        return Err(BadBytes);
    }
    Ok(u64::from_le_bytes(reader.array()?))
}

fn put_cells(bytes: &mut Vec<u8>, deltas: &[CellDelta]) {
    put(bytes, deltas.len() as u64);
    let mut next = 0;
    for block in deltas.chunks(BLOCK) {
        next = put_runs(bytes, block, next);
        let (before, now): (Vec<i64>, Vec<i64>) =
            block.iter().map(|delta| (delta.old.0, delta.new.0)).unzip();
        let apart = |scale: u64| {
            let pairs = before.iter().zip(&now);
            pairs.map(move |(was, is)| is.wrapping_sub(expected(*was, scale)))
        };
        // Where a few changes by hand stand together, hardly any grows as the middle one does.
        let by = [AS_IT_WAS, scale(&before, &now)]
            .into_iter()
            .min_by_key(|scale| apart(*scale).map(width).sum::<u32>())
            .unwrap_or(AS_IT_WAS);
        put(bytes, by);
        for apart in apart(by) {
            put_signed(bytes, apart);
        }
    }
}

/// Bytes that a signed integer takes.
fn width(value: i64) -> u32 {
    let folded = ((value << 1) ^ (value >> 63)) as u64;
    (u64::BITS - folded.leading_zeros()).div_ceil(7).max(1)
}

/// Appends which cells change, as runs: how far each is behind the one before it, and how long. Where the last one ends.
fn put_runs(bytes: &mut Vec<u8>, block: &[CellDelta], mut next: u32) -> u32 {
    let follows = |one: &CellDelta, other: &CellDelta| other.cell.0 == one.cell.0.wrapping_add(1);
    put(bytes, block.chunk_by(follows).count() as u64);
    for run in block.chunk_by(follows) {
        let first = run.first().map_or(next, |delta| delta.cell.0);
        put(bytes, u64::from(first.wrapping_sub(next)));
        put(bytes, run.len() as u64);
        next = first.wrapping_add(run.len() as u32);
    }
    next
}

/// Reads the runs of so many cells.
fn take_runs(
    reader: &mut Reader<'_>,
    count: usize,
    next: &mut u32,
    runs: &mut Vec<Range<u32>>,
) -> Result<(), BadBytes> {
    let mut left = count as u32;
    for _ in 0..reader.count()? {
        let first = next.checked_add(reader.take_u32()?).ok_or(BadBytes)?;
        let len = reader.take_u32()?;
        left = left.checked_sub(len).filter(|_| len > 0).ok_or(BadBytes)?;
        *next = first.checked_add(len).ok_or(BadBytes)?;
        runs.push(first..*next);
    }
    if left == 0 { Ok(()) } else { Err(BadBytes) }
}

/// Hands on the cells of a list as [`put_cells`] wrote it: ascending, each once.
fn each<E: From<BadBytes>>(
    reader: &mut Reader<'_>,
    mut take: impl FnMut(CellIndex, Change) -> Result<(), E>,
) -> Result<(), E> {
    let mut left = reader.count()?;
    let mut next = 0;
    let mut runs = Vec::new();
    while left > 0 {
        let block = left.min(BLOCK);
        take_runs(reader, block, &mut next, &mut runs)?;
        let scale = reader.take()?;
        for cell in runs.drain(..).flatten() {
            let apart = reader.take_signed()?;
            take(CellIndex(cell), Change { scale, apart })?;
        }
        left -= block;
    }
    Ok(())
}
