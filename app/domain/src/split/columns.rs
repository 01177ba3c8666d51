//! How an open grid travels: a small head in the codec's own form, and everything that there is once a node as compact columns.
//!
//! Totals at the start and on record are written as differences from what mostly is the same. Bytes that were damaged on the way
//! are refused; what arrives keeps every promise of a grid.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{InForce, Levels, News, OpenGrid, Part, Stacks};
use crate::approval::Review;
use crate::calendar::Period;
use crate::id::{PlanId, UserId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::bytes::{Reader, put, put_signed, put_text};
use crate::plan::{BadBytes, Basis, BasisWeights, Grid, GridError, NodeIndex};
use crate::target::VersionStatus;

/// First bytes: a mark and the version of the encoding.
const HEAD: [u8; 4] = *b"AO\0\x01";

/// Why columns are not those of a grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// They end early, run on, or say something impossible.
    #[error(transparent)]
    Bytes(#[from] BadBytes),
    /// They make no grid.
    #[error(transparent)]
    Grid(#[from] GridError),
}

/// What there is once.
#[derive(Serialize, Deserialize)]
struct Front {
    plan: PlanId,
    plan_name: String,
    version: VersionId,
    number: u32,
    status: VersionStatus,
    metric: String,
    currency: Currency,
    periods: Vec<Period>,
    offset: u32,
    roots: Vec<Part>,
    head: u64,
    bases: Vec<(Basis, u32)>,
    in_force: InForce,
    seasons: Vec<u64>,
    me: UserId,
    review: Review,
    may_edit: bool,
    own: Vec<NodeIndex>,
    undoable: Stacks,
    people: BTreeMap<UserId, String>,
    news: Option<News>,
}

/// Bytes that are written and read as one piece.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'de [u8]>::deserialize(deserializer).map(Self)
    }
}

impl Serialize for OpenGrid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let head = Front {
            plan: self.plan,
            plan_name: self.plan_name.clone(),
            version: self.version,
            number: self.number,
            status: self.status,
            metric: self.metric.clone(),
            currency: self.currency.clone(),
            periods: self.periods.clone(),
            offset: self.offset,
            roots: self.roots.clone(),
            head: self.head,
            bases: self
                .bases
                .iter()
                .map(|basis| (basis.basis, basis.share_ppm))
                .collect(),
            in_force: self.in_force.clone(),
            seasons: self.seasons.clone(),
            me: self.me,
            review: self.review,
            may_edit: self.may_edit,
            own: self.own.clone(),
            undoable: self.undoable,
            people: self.people.clone(),
            news: self.news.clone(),
        };
        (head, Bytes(&self.to_columns())).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OpenGrid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (head, columns) = <(Front, Bytes<'de>)>::deserialize(deserializer)?;
        let columns = Columns::read(columns.0, head.bases.len()).map_err(D::Error::custom)?;
        let weights = head.bases.into_iter().zip(columns.weights);
        let bases = weights.map(|((basis, share_ppm), weights)| BasisWeights {
            basis,
            share_ppm,
            weights,
        });
        Ok(Self {
            plan: head.plan,
            plan_name: head.plan_name,
            version: head.version,
            number: head.number,
            status: head.status,
            metric: head.metric,
            currency: head.currency,
            periods: head.periods,
            grid: columns.grid,
            offset: head.offset,
            roots: head.roots,
            ranks: columns.ranks,
            levels: columns.levels,
            head: head.head,
            start: columns.start,
            history: columns.history,
            record: columns.record,
            bases: bases.collect(),
            in_force: head.in_force,
            seasons: head.seasons,
            me: head.me,
            review: head.review,
            may_edit: head.may_edit,
            own: head.own,
            undoable: head.undoable,
            people: head.people,
            news: head.news,
        })
    }
}

impl OpenGrid {
    /// Everything that there is once a node.
    fn to_columns(&self) -> Vec<u8> {
        let grid = self.grid.to_columns();
        let totals = totals(&self.grid);
        let weights: usize = self.bases.iter().map(|basis| basis.weights.len()).sum();
        let mut bytes = Vec::with_capacity(64 + grid.len() + totals.len() * 12 + weights * 5);
        bytes.extend_from_slice(&HEAD);
        put(&mut bytes, grid.len() as u64);
        bytes.extend_from_slice(&grid);
        put(&mut bytes, self.levels.names.len() as u64);
        for name in &self.levels.names {
            put_text(&mut bytes, name);
        }
        put(&mut bytes, self.levels.of.len() as u64);
        for level in &self.levels.of {
            put(&mut bytes, u64::from(*level));
        }
        put(&mut bytes, self.ranks.len() as u64);
        for rank in &self.ranks {
            put(&mut bytes, u64::from(*rank));
        }
        put(&mut bytes, self.start.len() as u64);
        for (place, start) in self.start.iter().enumerate() {
            put_signed(&mut bytes, start.0.wrapping_sub(at(&totals, place).0));
        }
        put_known(&mut bytes, &self.history, &[]);
        put_known(&mut bytes, &self.record, &self.start);
        for basis in &self.bases {
            put(&mut bytes, basis.weights.len() as u64);
            for weight in &basis.weights {
                put(&mut bytes, *weight);
            }
        }
        bytes
    }

    /// Bytes of heap this takes without what there is once, for the bench of split.memory.
    pub fn memory_bytes(&self) -> usize {
        let known = size_of::<Option<Minor>>();
        let weights: usize = self.bases.iter().map(|basis| basis.weights.capacity()).sum();
        self.grid.memory_bytes()
            + self.grid.shape().memory_bytes()
            + self.levels.memory_bytes()
            + self.ranks.capacity() * 4
            + (self.start.capacity() + weights) * 8
            + (self.history.capacity() + self.record.capacity()) * known
    }
}

/// The columns of an open grid.
struct Columns {
    grid: Grid,
    ranks: Vec<u32>,
    levels: Levels,
    start: Vec<Minor>,
    history: Vec<Option<Minor>>,
    record: Vec<Option<Minor>>,
    weights: Vec<Vec<u64>>,
}

impl Columns {
    /// Reads [`OpenGrid::to_columns`] of a grid with so many bases.
    fn read(bytes: &[u8], bases: usize) -> Result<Self, ColumnsError> {
        let mut reader = Reader(bytes);
        if reader.array()? != HEAD {
            return Err(BadBytes.into());
        }
        let len = reader.count()?;
        let grid = Grid::from_columns(reader.slice(len)?)?;
        let totals = totals(&grid);
        let levels = take_levels(&mut reader)?;
        let mut ranks = Vec::with_capacity(levels.of.len());
        for _ in 0..reader.count()? {
            ranks.push(reader.take_u32()?);
        }
        let count = reader.count()?;
        let mut start = Vec::with_capacity(count);
        for place in 0..count {
            start.push(Minor(at(&totals, place).0.wrapping_add(reader.take_signed()?)));
        }
        let history = take_known(&mut reader, &[])?;
        let record = take_known(&mut reader, &start)?;
        let mut weights = Vec::new();
        for _ in 0..bases {
            let count = reader.count()?;
            let mut column = Vec::with_capacity(count);
            for _ in 0..count {
                column.push(reader.take()?);
            }
            weights.push(column);
        }
        reader.finish()?;
        Ok(Self {
            grid,
            ranks,
            levels,
            start,
            history,
            record,
            weights,
        })
    }
}

fn take_levels(reader: &mut Reader<'_>) -> Result<Levels, BadBytes> {
    let mut names = Vec::new();
    for _ in 0..reader.count()? {
        names.push(reader.text()?.to_owned());
    }
    let count = reader.count()?;
    let mut of = Vec::with_capacity(count);
    for _ in 0..count {
        let level = reader.take_u32()?;
        if level as usize >= names.len() {
            return Err(BadBytes);
        }
        of.push(level);
    }
    Ok(Levels { names, of })
}

/// The total of each node.
fn totals(grid: &Grid) -> Vec<Minor> {
    let nodes = grid.shape().nodes();
    nodes.map(|node| grid.amount(node, None)).collect()
}

fn at(amounts: &[Minor], place: usize) -> Minor {
    amounts.get(place).copied().unwrap_or_default()
}

/// Appends amounts some of which are unknown: which are known, then how far each is from what it is like.
pub(super) fn put_known(bytes: &mut Vec<u8>, amounts: &[Option<Minor>], like: &[Minor]) {
    put(bytes, amounts.len() as u64);
    bytes.extend(amounts.iter().map(|amount| u8::from(amount.is_some())));
    for (place, amount) in amounts.iter().enumerate() {
        if let Some(amount) = amount {
            put_signed(bytes, amount.0.wrapping_sub(at(like, place).0));
        }
    }
}

/// Reads what [`put_known`] wrote.
pub(super) fn take_known(reader: &mut Reader<'_>, like: &[Minor]) -> Result<Vec<Option<Minor>>, BadBytes> {
    let count = reader.count()?;
    let known = reader.slice(count)?;
    let mut amounts = Vec::with_capacity(count);
    for (place, known) in known.iter().enumerate() {
        amounts.push(match known {
            0 => None,
            1 => Some(Minor(at(like, place).0.wrapping_add(reader.take_signed()?))),
            _ => return Err(BadBytes),
        });
    }
    Ok(amounts)
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
