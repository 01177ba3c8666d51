//! How a grid travels with its shape: column by column as compact bytes, everything checked on arrival.
//!
//! What is alike lies together, so that the server's compression finds it: depths, kinds, the first byte of every id, the second
//! of every id … Amounts are those of the leaves, what is above them follows. A period's amount is written as its difference from
//! that of the period before, scaled as most leaves grow from the one to the other: where a plan follows one season, hardly
//! anything is left of it.

use std::sync::Arc;

use super::bytes::{BadBytes, Reader, put, put_signed, put_text};
use super::{Grid, GridError, MAX_AMOUNT, NodeIndex, NodeRef, PeriodIndex, PlanPeriod, Shape, ShapeError};
use crate::calendar::Day;

/// First bytes: a mark and the version of the encoding.
const HEAD: [u8; 4] = *b"AC\0\x01";
/// Bytes of an id.
const ID: usize = 16;
/// Binary digits behind the point of the scale from one period to the next.
const SCALE_BITS: u32 = 32;

impl Grid {
    /// Shape and state as compact bytes, for whoever has neither.
    pub fn to_columns(&self) -> Vec<u8> {
        let leaves = self.leaves();
        let cells = leaves.len() * self.shape.periods().len();
        let mut bytes = Vec::with_capacity(64 + self.shape.len() * 32 + cells * 2);
        bytes.extend_from_slice(&HEAD);
        self.shape.put_columns(&mut bytes);
        put(&mut bytes, u64::from(self.hedge_limit_ppm));
        let mut before: Option<Vec<i64>> = None;
        for period in self.periods() {
            let now: Vec<i64> = leaves
                .iter()
                .map(|leaf| self.cell_amount(*leaf, period))
                .collect();
            match &before {
                None => now.iter().for_each(|amount| put_signed(&mut bytes, *amount)),
                Some(before) => {
                    let scale = scale(before, &now);
                    put(&mut bytes, scale);
                    for (amount, was) in now.iter().zip(before) {
                        put_signed(&mut bytes, amount - expected(*was, scale));
                    }
                }
            }
            before = Some(now);
        }
        self.put_held(&mut bytes);
        bytes
    }

    /// Reads [`Self::to_columns`].
    pub fn from_columns(bytes: &[u8]) -> Result<Self, GridError> {
        let damaged = |BadBytes| GridError::Damaged;
        let mut reader = Reader(bytes);
        if reader.array().map_err(damaged)? != HEAD {
            return Err(GridError::Damaged);
        }
        let shape = Shape::take_columns(&mut reader).map_err(|_| GridError::Damaged)?;
        let hedge_limit_ppm = reader.take_u32().map_err(damaged)?;
        // A leaf's amount takes a byte at least: a few bytes cannot ask for much memory.
        let leaves = shape.nodes().filter(|node| shape.is_leaf(*node)).count();
        if reader.0.len() < leaves.saturating_mul(shape.periods().len()) {
            return Err(GridError::Damaged);
        }
        let mut grid = Self::zero(Arc::new(shape)).with_hedge_limit(hedge_limit_ppm);
        grid.take_amounts(&mut reader).map_err(damaged)?;
        grid.take_held(&mut reader).map_err(damaged)?;
        reader.finish().map_err(damaged)?;
        grid.sum_up()?;
        grid.check()?;
        Ok(grid)
    }

    fn take_amounts(&mut self, reader: &mut Reader<'_>) -> Result<(), BadBytes> {
        let leaves = self.leaves();
        let mut before: Option<PeriodIndex> = None;
        for period in self.periods() {
            let scale = match before {
                None => 0,
                Some(_) => reader.take()?,
            };
            for leaf in &leaves {
                let expected = before.map_or(0, |before| expected(self.cell_amount(*leaf, before), scale));
                let amount = expected.checked_add(reader.take_signed()?).ok_or(BadBytes)?;
                if !(0..=MAX_AMOUNT).contains(&amount) {
                    return Err(BadBytes);
                }
                let cell = self.shape.cell(*leaf, period).0 as usize;
                self.amounts[cell] = amount;
            }
            before = Some(period);
        }
        Ok(())
    }

    fn leaves(&self) -> Vec<NodeIndex> {
        let leaves = self.shape.nodes().filter(|node| self.shape.is_leaf(*node));
        leaves.collect()
    }
}

/// By how much most leaves grow from one period to the next, with [`SCALE_BITS`] behind the point: the middle one of all, which
/// changes by hand do not move; one where they had nothing.
fn scale(before: &[i64], now: &[i64]) -> u64 {
    let mut scales: Vec<u64> = before
        .iter()
        .zip(now)
        .filter(|(before, _)| **before > 0)
        .map(|(before, now)| {
            let (before, now) = (u128::from(before.unsigned_abs()), u128::from(now.unsigned_abs()));
            u64::try_from((now << SCALE_BITS) / before).unwrap_or(u64::MAX)
        })
        .collect();
    let middle = scales.len() / 2;
    if scales.is_empty() {
        1 << SCALE_BITS
    } else {
        *scales.select_nth_unstable(middle).1
    }
}

/// What a leaf would have if it grew as most do.
fn expected(before: i64, scale: u64) -> i64 {
    let half = 1 << (SCALE_BITS - 1);
    let grown = (u128::from(before.unsigned_abs()) * u128::from(scale) + half) >> SCALE_BITS;
    i64::try_from(grown).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT)
}

impl Shape {
    fn put_columns(&self, bytes: &mut Vec<u8>) {
        put(bytes, self.len() as u64);
        bytes.extend_from_slice(&self.depths);
        bytes.extend(
            self.references
                .iter()
                .map(|reference| u8::from(reference.is_member())),
        );
        for place in (0..ID).rev() {
            let byte = |reference: &NodeRef| (reference.key() >> (8 * place)) as u8;
            bytes.extend(self.references.iter().map(byte));
        }
        let mut names = String::new();
        for node in self.nodes() {
            names.push_str(self.name(node));
        }
        put_text(bytes, &names);
        for node in self.nodes() {
            put(bytes, self.name(node).len() as u64);
        }
        put(bytes, self.periods.len() as u64);
        let mut last = Day(0);
        for period in &self.periods {
            put_signed(bytes, i64::from(period.starts_on.0) - i64::from(last.0));
            put_signed(bytes, i64::from(period.ends_on.0) - i64::from(period.starts_on.0));
            last = period.ends_on;
        }
    }

    fn take_columns(reader: &mut Reader<'_>) -> Result<Self, ShapeError> {
        let damaged = |BadBytes| ShapeError::Damaged;
        let count = reader.count().map_err(damaged)?;
        let depths = reader.slice(count).map_err(damaged)?;
        let kinds = reader.slice(count).map_err(damaged)?;
        let keys = take_keys(reader, count).map_err(damaged)?;
        let names = take_names(reader, count).map_err(damaged)?;
        let periods = take_periods(reader).map_err(damaged)?;
        let mut parents: Vec<Option<NodeIndex>> = Vec::with_capacity(count);
        let mut path: Vec<NodeIndex> = Vec::new();
        for (node, depth) in (0..).map(NodeIndex).zip(depths) {
            if usize::from(*depth) > path.len() {
                return Err(ShapeError::NotPreOrder { node });
            }
            path.truncate(usize::from(*depth));
            parents.push(path.last().copied());
            path.push(node);
        }
        if kinds.iter().any(|kind| *kind > 1) {
            return Err(ShapeError::Damaged);
        }
        let references = keys.into_iter().zip(kinds).map(|(key, kind)| {
            let id = uuid::Uuid::from_u128(key);
            if *kind == 0 {
                NodeRef::Unit(id.into())
            } else {
                NodeRef::Member(id.into())
            }
        });
        let nodes = parents.into_iter().zip(references).zip(names);
        let nodes = nodes.map(|((parent, reference), name)| (parent, reference, name));
        Self::of(count, nodes, periods)
    }
}

fn take_keys(reader: &mut Reader<'_>, count: usize) -> Result<Vec<u128>, BadBytes> {
    let mut keys = vec![0_u128; count];
    for _ in 0..ID {
        for (key, byte) in keys.iter_mut().zip(reader.slice(count)?) {
            *key = (*key << 8) | u128::from(*byte);
        }
    }
    Ok(keys)
}

fn take_names<'a>(reader: &mut Reader<'a>, count: usize) -> Result<Vec<&'a str>, BadBytes> {
    let mut left = reader.text()?;
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        let len = usize::try_from(reader.take()?).map_err(|_| BadBytes)?;
        let (name, rest) = left.split_at_checked(len).ok_or(BadBytes)?;
        names.push(name);
        left = rest;
    }
    if left.is_empty() { Ok(names) } else { Err(BadBytes) }
}

fn take_periods(reader: &mut Reader<'_>) -> Result<Vec<PlanPeriod>, BadBytes> {
    let day = |days: i64| i32::try_from(days).map(Day).map_err(|_| BadBytes);
    let after = |from: Day, days: i64| day(i64::from(from.0).checked_add(days).ok_or(BadBytes)?);
    let mut last = Day(0);
    let mut periods = Vec::new();
    for _ in 0..reader.count()? {
        let starts_on = after(last, reader.take_signed()?)?;
        let ends_on = after(starts_on, reader.take_signed()?)?;
        periods.push(PlanPeriod { starts_on, ends_on });
        last = ends_on;
    }
    Ok(periods)
}
