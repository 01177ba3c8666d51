//! How a grid travels with its shape: branch by branch, each column by column as compact bytes, everything checked on arrival.
//!
//! What is alike lies together, so that the server's compression finds it: depths, kinds, the first byte of every id, the second
//! of every id … Amounts are those of the leaves, what is above them follows. A period's amount is written as its difference from
//! that of the period before, scaled as most leaves of the branch grow from the one to the other: where a plan follows one season,
//! hardly anything is left of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::amounts::Amounts;
use super::bytes::{BadBytes, Reader, put, put_signed, put_text};
use super::delta::{put_constraint, put_place, take_constraint, take_place};
use super::{
    CellIndex, Constraint, Grid, GridError, MAX_AMOUNT, NodeIndex, NodeRef, PeriodIndex, PlanPeriod, Shape,
};
use crate::calendar::Day;

/// First bytes: a mark and the version of the encoding.
const HEAD: [u8; 4] = *b"AC\0\x02";
/// Bytes of an id.
const ID: usize = 16;
/// Binary digits behind the point of the scale from one period to the next.
pub(super) const SCALE_BITS: u32 = 32;
/// Set in a row's kind where it is a person.
const MEMBER: u8 = 1;
/// Set in a row's kind where nothing lies below it: the rows after it may not have come yet.
const LEAF: u8 = 2;

impl Grid {
    /// What [`Arriving`] begins with: how many rows there are, the periods, and how far children may exceed their parent.
    pub fn columns_head(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(32 + self.shape.periods().len() * 4);
        bytes.extend_from_slice(&HEAD);
        put(&mut bytes, self.shape.len() as u64);
        put(&mut bytes, u64::from(self.hedge_limit_ppm));
        put(&mut bytes, self.shape.periods().len() as u64);
        let mut last = Day(0);
        for period in self.shape.periods() {
            put_signed(&mut bytes, i64::from(period.starts_on.0) - i64::from(last.0));
            put_signed(
                &mut bytes,
                i64::from(period.ends_on.0) - i64::from(period.starts_on.0),
            );
            last = period.ends_on;
        }
        bytes
    }

    /// Some rows with their amounts and what holds them, for whoever has the rows before them. The name of a row travels where
    /// `is_named` says so.
    pub fn columns_of(&self, rows: Range<u32>, is_named: &dyn Fn(NodeIndex) -> bool) -> Vec<u8> {
        let shape = &self.shape;
        let rows = rows.start.min(shape.len() as u32)..rows.end.min(shape.len() as u32);
        let nodes = || rows.clone().map(NodeIndex);
        let leaves: Vec<NodeIndex> = nodes().filter(|node| shape.is_leaf(*node)).collect();
        let mut bytes = Vec::with_capacity(64 + rows.len() * 32 + leaves.len() * shape.periods().len() * 2);
        put(&mut bytes, rows.len() as u64);
        bytes.extend(nodes().map(|node| shape.depth(node)));
        bytes.extend(nodes().map(|node| {
            let member = if shape.reference(node).is_member() {
                MEMBER
            } else {
                0
            };
            member | if shape.is_leaf(node) { LEAF } else { 0 }
        }));
        for place in (0..ID).rev() {
            bytes.extend(nodes().map(|node| (shape.reference(node).key() >> (8 * place)) as u8));
        }
        let name = |node: NodeIndex| if is_named(node) { shape.name(node) } else { "" };
        put_text(&mut bytes, &nodes().map(name).collect::<String>());
        for node in nodes() {
            put(&mut bytes, name(node).len() as u64);
        }
        self.put_amounts(&mut bytes, &leaves);
        self.put_held_by(&mut bytes, &rows);
        bytes
    }

    fn put_amounts(&self, bytes: &mut Vec<u8>, leaves: &[NodeIndex]) {
        let mut before: Option<Vec<i64>> = None;
        for period in self.periods() {
            let now: Vec<i64> = leaves
                .iter()
                .map(|leaf| self.cell_amount(*leaf, period))
                .collect();
            match &before {
                None => now.iter().for_each(|amount| put_signed(bytes, *amount)),
                Some(before) => {
                    let scale = scale(before, &now);
                    put(bytes, scale);
                    for (amount, was) in now.iter().zip(before) {
                        put_signed(bytes, amount - expected(*was, scale));
                    }
                }
            }
            before = Some(now);
        }
    }

    /// Hedges and constraints of some rows.
    fn put_held_by(&self, bytes: &mut Vec<u8>, rows: &Range<u32>) {
        let hedges: Vec<(NodeIndex, PeriodIndex, i64)> = self
            .hedges
            .iter()
            .map(|(cell, hedge)| {
                let (node, period) = self.shape.place(*cell);
                (node, period, *hedge)
            })
            .filter(|(node, _, _)| rows.contains(&node.0))
            .collect();
        put(bytes, hedges.len() as u64);
        for (node, period, hedge) in hedges {
            put_place(bytes, node, Some(period));
            put_signed(bytes, hedge);
        }
        let held: Vec<(NodeIndex, Option<PeriodIndex>, Constraint)> = self
            .constraints()
            .filter(|(node, _, _)| rows.contains(&node.0))
            .collect();
        put(bytes, held.len() as u64);
        for (node, period, constraint) in held {
            put_place(bytes, node, period);
            put_constraint(bytes, constraint);
        }
    }

    /// Gives rows that came without their names, from the first of them on, what they are called. An empty name is none.
    pub fn name_rows(&mut self, first: NodeIndex, names: &[String]) {
        Arc::make_mut(&mut self.shape).name_rows(first, names);
    }
}

/// A grid as far as it has come. Nothing of it can be used before it is whole: the sums above the rows are not known before.
#[derive(Debug)]
pub struct Arriving {
    count: usize,
    hedge_limit_ppm: u32,
    periods: Vec<PlanPeriod>,
    depths: Vec<u8>,
    kinds: Vec<u8>,
    keys: Vec<u128>,
    /// All names that have come in one text, and where each row's ends.
    names: String,
    name_ends: Vec<usize>,
    /// As in a grid: period by period.
    amounts: Amounts,
    hedges: Vec<(NodeIndex, PeriodIndex, i64)>,
    constraints: Vec<(NodeIndex, Option<PeriodIndex>, Constraint)>,
}

impl Arriving {
    /// Reads [`Grid::columns_head`]. It asks for the memory of the whole grid: the bytes must come from somebody trusted.
    pub fn new(head: &[u8]) -> Result<Self, GridError> {
        let damaged = |BadBytes| GridError::Damaged;
        let mut reader = Reader(head);
        if reader.array().map_err(damaged)? != HEAD {
            return Err(GridError::Damaged);
        }
        let count = reader.take_u32().map_err(damaged)? as usize;
        let hedge_limit_ppm = reader.take_u32().map_err(damaged)?;
        let periods = take_periods(&mut reader).map_err(damaged)?;
        reader.finish().map_err(damaged)?;
        let cells = count.checked_mul(periods.len()).ok_or(GridError::Damaged)?;
        if cells == 0 || cells >= i32::MAX as usize {
            return Err(GridError::Damaged);
        }
        Ok(Self {
            amounts: Amounts::zero(count, periods.len()),
            count,
            hedge_limit_ppm,
            periods,
            depths: Vec::with_capacity(count),
            kinds: Vec::with_capacity(count),
            keys: Vec::with_capacity(count),
            names: String::new(),
            name_ends: Vec::with_capacity(count),
            hedges: Vec::new(),
            constraints: Vec::new(),
        })
    }

    /// Rows in all.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Rows that have come.
    pub fn rows(&self) -> usize {
        self.depths.len()
    }

    /// Whether nothing lies below a row that has come.
    pub(crate) fn is_leaf(&self, row: usize) -> bool {
        self.kinds.get(row).is_some_and(|kind| kind & LEAF != 0)
    }

    /// The total of a row that has come and that nothing lies below; zero for others.
    pub(crate) fn total(&self, row: usize) -> i64 {
        self.amounts
            .columns()
            .filter_map(|period| period.get(row))
            .fold(0, |sum, amount| sum.wrapping_add(*amount))
    }

    /// Takes in [`Grid::columns_of`] the rows after those that have come.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), GridError> {
        self.read(bytes).map_err(|BadBytes| GridError::Damaged)
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), BadBytes> {
        let mut reader = Reader(bytes);
        let first = self.rows();
        let count = reader.count()?;
        if count > self.count - first {
            return Err(BadBytes);
        }
        let rows = first..first + count;
        self.depths.extend_from_slice(reader.slice(count)?);
        let kinds = reader.slice(count)?;
        if kinds.iter().any(|kind| *kind > (MEMBER | LEAF)) {
            return Err(BadBytes);
        }
        self.kinds.extend_from_slice(kinds);
        self.keys.extend(take_keys(&mut reader, count)?);
        self.take_names(&mut reader, count)?;
        let leaves: Vec<usize> = rows.clone().filter(|row| self.is_leaf(*row)).collect();
        self.take_amounts(&mut reader, &leaves)?;
        let within = |node: NodeIndex| rows.contains(&(node.0 as usize));
        for _ in 0..reader.count()? {
            let (node, period) = take_place(&mut reader)?;
            let period = period.filter(|period| within(node) && usize::from(period.0) < self.periods.len());
            let hedge = reader.take_signed()?;
            self.hedges.push((node, period.ok_or(BadBytes)?, hedge));
        }
        for _ in 0..reader.count()? {
            let (node, period) = take_place(&mut reader)?;
            if !within(node) {
                return Err(BadBytes);
            }
            self.constraints
                .push((node, period, take_constraint(&mut reader)?));
        }
        reader.finish()
    }

    fn take_names(&mut self, reader: &mut Reader<'_>, count: usize) -> Result<(), BadBytes> {
        let mut left = reader.text()?;
        for _ in 0..count {
            let len = usize::try_from(reader.take()?).map_err(|_| BadBytes)?;
            let (name, rest) = left.split_at_checked(len).ok_or(BadBytes)?;
            self.names.push_str(name);
            self.name_ends.push(self.names.len());
            left = rest;
        }
        if left.is_empty() { Ok(()) } else { Err(BadBytes) }
    }

    fn take_amounts(&mut self, reader: &mut Reader<'_>, leaves: &[usize]) -> Result<(), BadBytes> {
        for period in 0..self.periods.len() {
            let scale = if period == 0 { 0 } else { reader.take()? };
            let (before, column) = self.amounts.column_after(period).ok_or(BadBytes)?;
            for leaf in leaves {
                let before = before.and_then(|before| before.get(*leaf));
                let expected = before.map_or(0, |before| expected(*before, scale));
                let amount = expected.checked_add(reader.take_signed()?).ok_or(BadBytes)?;
                let place = column.get_mut(*leaf).ok_or(BadBytes)?;
                if !(0..=MAX_AMOUNT).contains(&amount) {
                    return Err(BadBytes);
                }
                *place = amount;
            }
        }
        Ok(())
    }

    /// The grid, once every row has come.
    pub fn finish(self) -> Result<Grid, GridError> {
        let columns = [
            self.depths.len(),
            self.kinds.len(),
            self.keys.len(),
            self.name_ends.len(),
        ];
        if columns != [self.count; 4] {
            return Err(GridError::Damaged);
        }
        let mut parents: Vec<Option<NodeIndex>> = Vec::with_capacity(self.count);
        let mut path: Vec<NodeIndex> = Vec::new();
        for (node, depth) in (0..).map(NodeIndex).zip(&self.depths) {
            if usize::from(*depth) > path.len() {
                return Err(GridError::Damaged);
            }
            path.truncate(usize::from(*depth));
            parents.push(path.last().copied());
            path.push(node);
        }
        let references = self.keys.iter().zip(&self.kinds).map(|(key, kind)| {
            let id = uuid::Uuid::from_u128(*key);
            if kind & MEMBER == 0 {
                NodeRef::Unit(id.into())
            } else {
                NodeRef::Member(id.into())
            }
        });
        let begins = std::iter::once(0).chain(self.name_ends.iter().copied());
        let names = begins
            .zip(&self.name_ends)
            .map(|(begin, end)| self.names.get(begin..*end).unwrap_or_default());
        let nodes = parents.into_iter().zip(references).zip(names);
        let nodes = nodes.map(|((parent, reference), name)| (parent, reference, name));
        let shape = Shape::of(self.count, nodes, self.periods).map_err(|_| GridError::Damaged)?;
        let flagged = self.kinds.iter().map(|kind| kind & LEAF != 0);
        if !shape.nodes().map(|node| shape.is_leaf(node)).eq(flagged) {
            return Err(GridError::Damaged);
        }
        let hedges = self
            .hedges
            .into_iter()
            .map(|(node, period, hedge)| (shape.cell(node, period), hedge));
        let constraints = self.constraints.into_iter();
        let mut grid = Grid {
            hedges: hedges.collect::<BTreeMap<CellIndex, i64>>(),
            constraints: constraints
                .map(|(node, period, held)| ((period, node), held))
                .collect(),
            shape: Arc::new(shape),
            amounts: self.amounts,
            hedge_limit_ppm: self.hedge_limit_ppm,
        };
        grid.sum_up()?;
        grid.check()?;
        Ok(grid)
    }
}

/// By how much most leaves grow from one period to the next, with [`SCALE_BITS`] behind the point: the middle one of all, which
/// changes by hand do not move; one where they had nothing.
pub(super) fn scale(before: &[i64], now: &[i64]) -> u64 {
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
pub(super) fn expected(before: i64, scale: u64) -> i64 {
    let half = 1 << (SCALE_BITS - 1);
    let grown = (u128::from(before.unsigned_abs()) * u128::from(scale) + half) >> SCALE_BITS;
    i64::try_from(grown).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT)
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
