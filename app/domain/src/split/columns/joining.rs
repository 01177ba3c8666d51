//! An open grid put together again from what comes of it.

use super::frames::{Frames, Kind};
use super::{ColumnsError, Front, at};
use crate::money::Minor;
use crate::plan::bytes::Reader;
use crate::plan::{Arriving, BadBytes, BasisWeights};
use crate::split::{Levels, OpenGrid, Opening};

/// How the first frame's front is read; none where it is none.
pub type ReadFront = fn(&[u8]) -> Option<Front>;

/// An open grid on its way, as far as it has come.
#[derive(Debug)]
pub struct Joining {
    read_front: ReadFront,
    frames: Frames,
    state: Joined,
}

#[derive(Debug)]
enum Joined {
    Nothing,
    Some(Box<Parts>),
    Whole(Option<Box<Parts>>),
}

/// What has come.
#[derive(Debug)]
struct Parts {
    front: Front,
    grid: Arriving,
    ranks: Vec<u32>,
    levels: Vec<u32>,
    start: Vec<Minor>,
    history: Vec<Option<Minor>>,
    record: Vec<Option<Minor>>,
    weights: Vec<Vec<u64>>,
}

impl Joining {
    /// Nothing has come yet.
    pub fn new(read_front: ReadFront) -> Self {
        Self {
            read_front,
            frames: Frames::default(),
            state: Joined::Nothing,
        }
    }

    /// Takes in the next bytes, however the stream was cut.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ColumnsError> {
        self.frames.push(bytes);
        while let Some((kind, payload)) = self.frames.pop()? {
            let state = std::mem::replace(&mut self.state, Joined::Nothing);
            self.state = match (state, kind) {
                (Joined::Nothing, Kind::Nothing) if payload.is_empty() => Joined::Whole(None),
                (Joined::Nothing, Kind::First) => {
                    let front = (self.read_front)(&payload).ok_or(BadBytes)?;
                    Joined::Some(Box::new(Parts::new(front)?))
                }
                (Joined::Some(mut parts), Kind::Next) => {
                    parts.take(&payload)?;
                    Joined::Some(parts)
                }
                (Joined::Some(parts), Kind::Last) if payload.is_empty() => Joined::Whole(Some(parts)),
                _ => return Err(BadBytes.into()),
            };
        }
        Ok(())
    }

    /// The first rows, once the head has come.
    pub fn opening(&self) -> Option<&Opening> {
        self.parts().map(|parts| &parts.front.opening)
    }

    /// Rows that have come, and rows in all, once that is known.
    pub fn rows(&self) -> Option<(usize, usize)> {
        self.parts().map(|parts| (parts.grid.rows(), parts.grid.count()))
    }

    fn parts(&self) -> Option<&Parts> {
        match &self.state {
            Joined::Some(parts) | Joined::Whole(Some(parts)) => Some(parts),
            Joined::Nothing | Joined::Whole(None) => None,
        }
    }

    /// The grid, if all of it has come and nothing after it; none where the sender had none.
    pub fn finish(self) -> Result<Option<OpenGrid>, ColumnsError> {
        match self.state {
            Joined::Whole(parts) if self.frames.is_empty() => parts.map(|parts| parts.join()).transpose(),
            _ => Err(BadBytes.into()),
        }
    }
}

impl Parts {
    fn new(front: Front) -> Result<Self, ColumnsError> {
        let grid = Arriving::new(&front.grid)?;
        let rows = grid.count();
        Ok(Self {
            ranks: Vec::with_capacity(rows),
            levels: Vec::with_capacity(rows),
            start: Vec::with_capacity(rows),
            history: Vec::with_capacity(rows),
            record: Vec::with_capacity(rows),
            weights: front.bases.iter().map(|_| Vec::with_capacity(rows)).collect(),
            grid,
            front,
        })
    }

    /// Takes in [`OpenGrid::columns_of`] the next rows.
    fn take(&mut self, bytes: &[u8]) -> Result<(), ColumnsError> {
        let mut reader = Reader(bytes);
        let first = self.grid.rows();
        let len = reader.count()?;
        self.grid.take(reader.slice(len)?)?;
        for _ in 0..reader.count()? {
            let level = reader.take_u32()?;
            if level as usize >= self.front.levels.len() {
                return Err(BadBytes.into());
            }
            self.levels.push(level);
        }
        for _ in 0..reader.count()? {
            self.ranks.push(reader.take_u32()?);
        }
        let known = self.start.len();
        for row in (first..).take(reader.count()?) {
            let like = if self.grid.is_leaf(row) {
                self.grid.total(row)
            } else {
                0
            };
            self.start.push(Minor(like.wrapping_add(reader.take_signed()?)));
        }
        take_known(&mut reader, &mut self.history, &[])?;
        let start = self.start.get(known..).unwrap_or_default();
        take_known(&mut reader, &mut self.record, start)?;
        for column in &mut self.weights {
            for _ in 0..reader.count()? {
                column.push(reader.take()?);
            }
        }
        reader.finish()?;
        Ok(())
    }

    fn join(self) -> Result<OpenGrid, ColumnsError> {
        let Self { front, grid, .. } = self;
        let weights = front.bases.into_iter().zip(self.weights);
        let bases = weights.map(|((basis, share_ppm), weights)| BasisWeights {
            basis,
            share_ppm,
            weights,
        });
        Ok(OpenGrid {
            plan: front.plan,
            plan_name: front.plan_name,
            version: front.version,
            number: front.number,
            status: front.status,
            metric: front.metric,
            currency: front.currency,
            periods: front.periods,
            quarters: front.quarters,
            grid: grid.finish()?,
            offset: front.offset,
            roots: front.roots,
            ranks: self.ranks,
            levels: Levels {
                names: front.levels,
                of: self.levels,
            },
            head: front.head,
            start: self.start,
            history: self.history,
            record: self.record,
            bases: bases.collect(),
            in_force: front.in_force,
            seasons: front.seasons,
            me: front.me,
            review: front.review,
            may_edit: front.may_edit,
            own: front.own,
            undoable: front.undoable,
            people: front.people,
            news: front.news,
        })
    }
}

/// Reads what [`put_known`](super::put_known) wrote, after what was read before.
pub(in crate::split) fn take_known(
    reader: &mut Reader<'_>,
    amounts: &mut Vec<Option<Minor>>,
    like: &[Minor],
) -> Result<(), BadBytes> {
    let count = reader.count()?;
    let known = reader.slice(count)?;
    for (place, known) in known.iter().enumerate() {
        amounts.push(match known {
            0 => None,
            1 => Some(Minor(at(like, place).0.wrapping_add(reader.take_signed()?))),
            _ => return Err(BadBytes),
        });
    }
    Ok(())
}
