//! The packed snapshot of a grid: leaves, hedges and constraints; what lies above the leaves follows from them.

use std::sync::Arc;

use super::bytes::{BadBytes, Reader, put, put_signed};
use super::delta::{put_constraint, put_place, take_constraint, take_place};
use super::{CellIndex, ENGINE, Grid, GridError, Shape};

/// First bytes: a mark and the version of the encoding.
const HEAD: [u8; 4] = *b"AG\0\x01";

impl Grid {
    /// The state as compact bytes, with the engine's version and a fingerprint of the shape.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.amounts.len() * 5);
        bytes.extend_from_slice(&HEAD);
        put(&mut bytes, u64::from(ENGINE));
        bytes.extend_from_slice(&fingerprint(&self.shape).to_le_bytes());
        put(&mut bytes, u64::from(self.hedge_limit_ppm));
        for period in self.periods() {
            let column = self.column(period);
            for node in self.shape.nodes().filter(|node| self.shape.is_leaf(*node)) {
                put(&mut bytes, column[node.0 as usize] as u64);
            }
        }
        self.put_held(&mut bytes);
        bytes
    }

    /// Appends hedges and constraints.
    pub(super) fn put_held(&self, bytes: &mut Vec<u8>) {
        put(bytes, self.hedges.len() as u64);
        for (cell, hedge) in &self.hedges {
            put(bytes, u64::from(cell.0));
            put_signed(bytes, *hedge);
        }
        put(bytes, self.constraints.len() as u64);
        for ((period, node), constraint) in &self.constraints {
            put_place(bytes, *node, *period);
            put_constraint(bytes, *constraint);
        }
    }

    /// Reads [`Self::pack`] into the shape it was made with.
    pub fn unpack(bytes: &[u8], shape: Arc<Shape>) -> Result<Self, GridError> {
        // A leaf's amount takes a byte at least: a few bytes cannot ask for much memory.
        let leaves = shape.nodes().filter(|node| shape.is_leaf(*node)).count();
        if bytes.len() < leaves.saturating_mul(shape.periods().len()) {
            return Err(GridError::Damaged);
        }
        let mut grid = Self::zero(shape);
        grid.read(bytes).map_err(|BadBytes| GridError::Damaged)?;
        grid.sum_up()?;
        grid.check()?;
        Ok(grid)
    }

    /// The engine's version that packed these bytes.
    pub fn packed_by(bytes: &[u8]) -> Result<u32, BadBytes> {
        let mut reader = Reader(bytes);
        if reader.array()? != HEAD {
            return Err(BadBytes);
        }
        reader.take_u32()
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), BadBytes> {
        let mut reader = Reader(bytes);
        if reader.array()? != HEAD {
            return Err(BadBytes);
        }
        reader.take_u32()?;
        if u64::from_le_bytes(reader.array()?) != fingerprint(&self.shape) {
            return Err(BadBytes);
        }
        self.hedge_limit_ppm = reader.take_u32()?;
        let shape = Arc::clone(&self.shape);
        for period in self.periods() {
            let column = self.amounts.column_mut(period);
            for node in shape.nodes().filter(|node| shape.is_leaf(*node)) {
                let amount = i64::try_from(reader.take()?).map_err(|_| BadBytes)?;
                column[node.0 as usize] = amount;
            }
        }
        self.take_held(&mut reader)?;
        reader.finish()
    }

    /// Reads [`Self::put_held`].
    pub(super) fn take_held(&mut self, reader: &mut Reader<'_>) -> Result<(), BadBytes> {
        for _ in 0..reader.count()? {
            let cell = reader.take_u32()?;
            if cell as usize >= self.amounts.len() {
                return Err(BadBytes);
            }
            self.hedges.insert(CellIndex(cell), reader.take_signed()?);
        }
        for _ in 0..reader.count()? {
            let (node, period) = take_place(reader)?;
            self.constraints.insert((period, node), take_constraint(reader)?);
        }
        Ok(())
    }
}

/// FNV-1a over the tree, what its nodes stand for, and the periods.
fn fingerprint(shape: &Shape) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for node in shape.nodes() {
        eat(&[shape.depth(node)]);
        eat(&shape.reference(node).key().to_le_bytes());
    }
    for period in shape.periods() {
        eat(&period.starts_on.0.to_le_bytes());
        eat(&period.ends_on.0.to_le_bytes());
    }
    hash
}
