//! How an open grid travels: a head with everything that there is once and the first rows, then the rows branch by branch as compact
//! columns (`plan::columns`), each part in a frame of its own (`frames`).
//!
//! What is above the rows of a branch is known when all have come, and nothing of a grid can be used before that. Bytes that were
//! damaged on the way are refused; what arrives keeps every promise of a grid. Names of people beyond the first page stay with the
//! server until they are asked for: most of a large plan's rows are never looked at.

mod frames;
mod joining;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::frames::{Kind, frame};
use super::{InForce, News, OpenGrid, Opening, Part, Quarter, Stacks};
use crate::approval::Review;
use crate::calendar::Period;
use crate::id::{PlanId, UserId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::bytes::{put, put_signed};
use crate::plan::{BadBytes, Basis, GridError, NodeIndex, Shape};
use crate::target::VersionStatus;

pub(super) use self::joining::take_known;
pub use self::joining::{Joining, ReadFront};

/// Rows of a page of names. Those of the first page and those of all units come with the grid.
pub const NAMES_PAGE: usize = 4_096;
/// Rows that travel together at most.
const BRANCH_ROWS: u32 = 4_096;

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

/// What there is of an open grid once, in a form for any codec, with the first rows: they can be shown before the others come.
#[derive(Debug, Serialize, Deserialize)]
pub struct Front {
    plan: PlanId,
    plan_name: String,
    version: VersionId,
    number: u32,
    status: VersionStatus,
    metric: String,
    currency: Currency,
    periods: Vec<Period>,
    quarters: Vec<Quarter>,
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
    levels: Vec<String>,
    /// How the grid's columns begin.
    grid: Vec<u8>,
    opening: Opening,
}

impl OpenGrid {
    /// What there is once, and the first `count` rows.
    pub fn front(&self, count: usize) -> Front {
        Front {
            plan: self.plan,
            plan_name: self.plan_name.clone(),
            version: self.version,
            number: self.number,
            status: self.status,
            metric: self.metric.clone(),
            currency: self.currency.clone(),
            periods: self.periods.clone(),
            quarters: self.quarters.clone(),
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
            levels: self.levels.names.clone(),
            grid: self.grid.columns_head(),
            opening: self.opening(count),
        }
    }

    /// The grid as it travels, a frame after the other; `front` is what [`Self::front`] gave, as some codec wrote it.
    pub fn into_frames(self, front: &[u8]) -> impl Iterator<Item = Vec<u8>> + Send + use<> {
        let branches = branches(self.grid.shape(), BRANCH_ROWS);
        self.into_frames_of(front, branches)
    }

    /// The same in branches that follow one another and end with the last row.
    fn into_frames_of(
        self,
        front: &[u8],
        branches: Vec<Range<u32>>,
    ) -> impl Iterator<Item = Vec<u8>> + Send + use<> {
        let first = frame(0, Kind::First, front);
        let last = frame(branches.len() as u32 + 1, Kind::Last, &[]);
        // Each is written when it is asked for: a large grid is never there twice.
        let rows = (1..).zip(branches).map(move |(number, rows)| {
            let columns = self.columns_of(rows);
            frame(number, Kind::Next, &columns)
        });
        std::iter::once(first).chain(rows).chain(std::iter::once(last))
    }

    /// What travels where there is no grid.
    pub fn no_frames() -> Vec<u8> {
        frame(0, Kind::Nothing, &[])
    }

    /// Everything that there is once a row, of some rows.
    fn columns_of(&self, rows: Range<u32>) -> Vec<u8> {
        let shape = self.grid.shape();
        let named = |node: NodeIndex| (node.0 as usize) < NAMES_PAGE || !shape.reference(node).is_member();
        let grid = self.grid.columns_of(rows.clone(), &named);
        let place = |row: u32| row as usize;
        // What there is more of than rows comes with the last of them.
        let until = if place(rows.end) >= shape.len() {
            usize::MAX
        } else {
            place(rows.end)
        };
        let part = place(rows.start)..until;
        let mut bytes = Vec::with_capacity(64 + grid.len() + rows.len() * 32);
        put(&mut bytes, grid.len() as u64);
        bytes.extend_from_slice(&grid);
        let levels = cut(&self.levels.of, &part);
        put(&mut bytes, levels.len() as u64);
        for level in levels {
            put(&mut bytes, u64::from(*level));
        }
        let ranks = cut(&self.ranks, &part);
        put(&mut bytes, ranks.len() as u64);
        for rank in ranks {
            put(&mut bytes, u64::from(*rank));
        }
        let start = cut(&self.start, &part);
        put(&mut bytes, start.len() as u64);
        for (node, start) in (rows.start..).map(NodeIndex).zip(start) {
            let like = if shape.has(node) && shape.is_leaf(node) {
                self.grid.amount(node, None)
            } else {
                Minor(0)
            };
            put_signed(&mut bytes, start.0.wrapping_sub(like.0));
        }
        put_known(&mut bytes, cut(&self.history, &part), &[]);
        put_known(&mut bytes, cut(&self.record, &part), start);
        for basis in &self.bases {
            let weights = cut(&basis.weights, &part);
            put(&mut bytes, weights.len() as u64);
            for weight in weights {
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

/// Part of a column, as far as there is one.
fn cut<'a, T>(column: &'a [T], part: &Range<usize>) -> &'a [T] {
    let end = part.end.min(column.len());
    column.get(part.start.min(end)..end).unwrap_or_default()
}

/// Rows that travel together, at most so many: where it can be, a part begins where a branch does, and with the largest.
fn branches(shape: &Shape, most: u32) -> Vec<Range<u32>> {
    let (most, rows) = (most.max(1), shape.len() as u32);
    let mut branches = Vec::new();
    let mut from = 0;
    while from < rows {
        let furthest = from.saturating_add(most);
        let until = if furthest >= rows {
            rows
        } else {
            // The last of the highest rows of the second half.
            let begins = (from + most / 2 + 1)..=furthest;
            let depth = |row: &u32| shape.depth(NodeIndex(*row));
            begins.rev().min_by_key(depth).unwrap_or(furthest)
        };
        branches.push(from..until);
        from = until;
    }
    branches
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

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
