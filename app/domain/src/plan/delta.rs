//! What a command changed, cell by cell: the log's truth, and what other browsers apply.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bytes::{BadBytes, Reader, bytes_of_base64, put, put_signed, to_base64};
use super::{CellIndex, Constraint, NodeIndex, PeriodIndex};
use crate::id::UserId;
use crate::money::Minor;

/// One cell (or the hedge of one) before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellDelta {
    /// Which.
    pub cell: CellIndex,
    /// Before.
    pub old: Minor,
    /// After.
    pub new: Minor,
}

/// The locks and bounds of one place before and after; the empty constraint stands for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConstraintDelta {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// Before.
    pub old: Constraint,
    /// After.
    pub new: Constraint,
}

/// Changes of amounts, hedges and constraints; cells ascending, each at most once, none unchanged.
///
/// Serialises as base64 of [`Deltas::to_bytes`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deltas {
    /// Amounts.
    pub cells: Vec<CellDelta>,
    /// Hedges, at the parent's cell.
    pub hedges: Vec<CellDelta>,
    /// Locks, floors and caps.
    pub constraints: Vec<ConstraintDelta>,
}

/// A delta that does not fit the grid: it was made for another state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "misfit")]
pub enum Misfit {
    /// The cell holds another amount (or hedge) than the delta starts from.
    #[error("cell {cell:?} holds {found:?}, expected {expected:?}")]
    Cell {
        /// Which.
        cell: CellIndex,
        /// What the delta starts from.
        expected: Minor,
        /// What is there.
        found: Minor,
    },
    /// The place has other locks or bounds than the delta starts from.
    #[error("the constraint of node {node:?} differs")]
    Constraint {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
    },
    /// There is no such cell.
    #[error("no such cell {cell:?}")]
    Unknown {
        /// Which.
        cell: CellIndex,
    },
}

/// First byte of the encoding.
const VERSION: u8 = 1;

impl Deltas {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.hedges.is_empty() && self.constraints.is_empty()
    }

    /// The deltas that lead back.
    pub fn invert(&self) -> Self {
        let swap = |deltas: &[CellDelta]| {
            deltas
                .iter()
                .map(|delta| CellDelta {
                    cell: delta.cell,
                    old: delta.new,
                    new: delta.old,
                })
                .collect()
        };
        Self {
            cells: swap(&self.cells),
            hedges: swap(&self.hedges),
            constraints: self
                .constraints
                .iter()
                .map(|delta| ConstraintDelta {
                    old: delta.new,
                    new: delta.old,
                    ..*delta
                })
                .collect(),
        }
    }

    /// What happened to one cell.
    pub fn of(&self, cell: CellIndex) -> Option<CellDelta> {
        let index = self.cells.binary_search_by_key(&cell, |delta| delta.cell).ok()?;
        Some(self.cells[index])
    }

    /// Compact, versioned bytes: gaps between cells, old amounts and differences as variable-length integers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.cells.len() * 9);
        bytes.push(VERSION);
        put_cells(&mut bytes, &self.cells);
        put_cells(&mut bytes, &self.hedges);
        put_constraints(&mut bytes, &self.constraints);
        bytes
    }

    /// Reads [`Self::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader(bytes);
        if reader.byte()? != VERSION {
            return Err(BadBytes);
        }
        let cells = take_cells(&mut reader)?;
        let hedges = take_cells(&mut reader)?;
        let constraints = take_constraints(&mut reader)?;
        reader.finish()?;
        Ok(Self {
            cells,
            hedges,
            constraints,
        })
    }

    /// Sorts and drops what does not change; a builder's last step.
    pub(crate) fn tidy(mut self) -> Self {
        for list in [&mut self.cells, &mut self.hedges] {
            list.retain(|delta| delta.old != delta.new);
            if !list.is_sorted_by_key(|delta| delta.cell) {
                list.sort_unstable_by_key(|delta| delta.cell);
            }
        }
        self.constraints.retain(|delta| delta.old != delta.new);
        self
    }
}

impl Serialize for Deltas {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_base64(&self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Deltas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = bytes_of_base64(deserializer)?;
        Self::from_bytes(&bytes).map_err(serde::de::Error::custom)
    }
}

fn put_cells(bytes: &mut Vec<u8>, deltas: &[CellDelta]) {
    put(bytes, deltas.len() as u64);
    let mut next = 0;
    for delta in deltas {
        put(bytes, u64::from(delta.cell.0.wrapping_sub(next)));
        put_signed(bytes, delta.old.0);
        put_signed(bytes, delta.new.0.wrapping_sub(delta.old.0));
        next = delta.cell.0.wrapping_add(1);
    }
}

fn take_cells(reader: &mut Reader<'_>) -> Result<Vec<CellDelta>, BadBytes> {
    let count = reader.count()?;
    let mut deltas = Vec::with_capacity(count);
    let mut next = 0_u32;
    for _ in 0..count {
        let cell = next.checked_add(reader.take_u32()?).ok_or(BadBytes)?;
        let old = reader.take_signed()?;
        let new = old.wrapping_add(reader.take_signed()?);
        deltas.push(CellDelta {
            cell: CellIndex(cell),
            old: Minor(old),
            new: Minor(new),
        });
        next = cell.checked_add(1).ok_or(BadBytes)?;
    }
    Ok(deltas)
}

/// Appends changes of what holds places.
pub(super) fn put_constraints(bytes: &mut Vec<u8>, deltas: &[ConstraintDelta]) {
    put(bytes, deltas.len() as u64);
    for delta in deltas {
        put_place(bytes, delta.node, delta.period);
        put_constraint(bytes, delta.old);
        put_constraint(bytes, delta.new);
    }
}

/// Reads [`put_constraints`].
pub(super) fn take_constraints(reader: &mut Reader<'_>) -> Result<Vec<ConstraintDelta>, BadBytes> {
    let count = reader.count()?;
    let mut constraints = Vec::with_capacity(count);
    for _ in 0..count {
        let (node, period) = take_place(reader)?;
        let old = take_constraint(reader)?;
        let new = take_constraint(reader)?;
        constraints.push(ConstraintDelta {
            node,
            period,
            old,
            new,
        });
    }
    Ok(constraints)
}

/// Appends a row and a period (0 for the total).
pub(super) fn put_place(bytes: &mut Vec<u8>, node: NodeIndex, period: Option<PeriodIndex>) {
    put(bytes, u64::from(node.0));
    put(bytes, period.map_or(0, |period| u64::from(period.0) + 1));
}

pub(super) fn take_place(reader: &mut Reader<'_>) -> Result<(NodeIndex, Option<PeriodIndex>), BadBytes> {
    let node = NodeIndex(reader.take_u32()?);
    let period = match reader.take()? {
        0 => None,
        period => Some(PeriodIndex(u16::try_from(period - 1).map_err(|_| BadBytes)?)),
    };
    Ok((node, period))
}

/// Appends a flag byte and the parts that exist.
pub(super) fn put_constraint(bytes: &mut Vec<u8>, constraint: Constraint) {
    let flags = u8::from(constraint.lock.is_some())
        | u8::from(constraint.floor.is_some()) << 1
        | u8::from(constraint.cap.is_some()) << 2;
    bytes.push(flags);
    if let Some(by) = constraint.lock {
        bytes.extend_from_slice(by.0.as_bytes());
    }
    for bound in [constraint.floor, constraint.cap].into_iter().flatten() {
        put_signed(bytes, bound.0);
    }
}

pub(super) fn take_constraint(reader: &mut Reader<'_>) -> Result<Constraint, BadBytes> {
    let flags = reader.byte()?;
    if flags > 7 {
        return Err(BadBytes);
    }
    let lock = if flags & 1 == 0 {
        None
    } else {
        Some(UserId(uuid::Uuid::from_bytes(reader.array()?)))
    };
    let floor = if flags & 2 == 0 {
        None
    } else {
        Some(Minor(reader.take_signed()?))
    };
    let cap = if flags & 4 == 0 {
        None
    } else {
        Some(Minor(reader.take_signed()?))
    };
    Ok(Constraint { lock, floor, cap })
}
