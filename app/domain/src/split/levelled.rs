//! The amounts of a level as a grid shows them: of the rows in sight, some at a time, as columns of bytes. Four grids never travel.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::level::{Above, Level, LevelError, Value};
use crate::money::Minor;
use crate::plan::bytes::{Reader, put, put_rows, put_signed, take_rows};
use crate::plan::{BadBytes, NodeIndex};
use crate::target::LevelRow;

/// Rows that are asked about at once, at most.
pub const MOST_LEVEL_ROWS: usize = 200;
/// First bytes: a mark and the version of the encoding.
const HEAD: [u8; 4] = *b"AL\0\x01";

/// What some rows have on a level, period by period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LevelCells {
    periods: usize,
    rows: Vec<NodeIndex>,
    /// Row after row.
    amounts: Vec<Minor>,
}

impl LevelCells {
    /// Of rows with an amount for each of so many periods; nothing where a row has fewer.
    pub fn of(periods: usize, rows: impl IntoIterator<Item = (NodeIndex, Vec<Minor>)>) -> Self {
        let mut found = Self {
            periods,
            ..Self::default()
        };
        for (node, mut amounts) in rows {
            amounts.resize(periods, Minor(0));
            found.rows.push(node);
            found.amounts.extend(amounts);
        }
        found
    }

    /// The rows, each with the amounts of its periods.
    pub fn rows(&self) -> impl Iterator<Item = (NodeIndex, &[Minor])> {
        let of_rows = self.amounts.chunks_exact(self.periods.max(1));
        self.rows.iter().copied().zip(of_rows)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.rows.len() * 2 + self.amounts.len() * 5);
        bytes.extend_from_slice(&HEAD);
        put(&mut bytes, self.periods as u64);
        put(&mut bytes, self.rows.len() as u64);
        put_rows(&mut bytes, &self.rows);
        for amount in &self.amounts {
            put_signed(&mut bytes, amount.0);
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader(bytes);
        if reader.array()? != HEAD {
            return Err(BadBytes);
        }
        let periods = usize::try_from(reader.take()?).map_err(|_| BadBytes)?;
        let count = reader.count()?;
        let rows = take_rows(&mut reader, count)?;
        let cells = count.checked_mul(periods).ok_or(BadBytes)?;
        // A damaged count cannot ask for memory: each amount takes a byte at least.
        let mut amounts = Vec::with_capacity(cells.min(bytes.len()));
        for _ in 0..cells {
            amounts.push(Minor(reader.take_signed()?));
        }
        reader.finish()?;
        Ok(Self {
            periods,
            rows,
            amounts,
        })
    }
}

impl Serialize for LevelCells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.to_bytes())
    }
}

impl<'de> Deserialize<'de> for LevelCells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&'de [u8]>::deserialize(deserializer)?;
        Self::from_bytes(bytes).map_err(D::Error::custom)
    }
}

/// Which rows have a level of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRows {
    /// Those within reach, by their places in the whole version, with the level.
    pub rows: Vec<(NodeIndex, Level)>,
    /// A number that is another one where anything of it, within reach or not, is another; zero where there is nothing.
    pub mark: u32,
}

impl OwnRows {
    /// Whether a row has a level of its own.
    pub fn has(&self, node: NodeIndex, level: Level) -> bool {
        self.rows.contains(&(node, level))
    }
}

/// A level that a row, or one above it, has instead of the plan's ratio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLevel {
    /// Which.
    pub level: Level,
    /// The name of the row above that it comes from; none where it is of the row itself.
    pub from: Option<String>,
    /// What was set; none where that is an amount of a row out of reach.
    pub value: Option<Value>,
    /// What follows above.
    pub above: Above,
    /// Who set it: their name then.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// The four levels of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowLevels {
    /// The levels, the lowest first: what was decided of the whole plan, and what it comes to in this row. A level that nobody
    /// decided has no amount.
    pub rows: Vec<LevelRow>,
    /// Why levels that were decided cannot be had at the present target.
    pub fault: Option<LevelError>,
    /// The name of the row that is about, where it is one below the topmost.
    pub fault_at: Option<String>,
    /// Whether whoever asks may decide them here: on the topmost row of a draft, by who may edit plans.
    pub may_set: bool,
    /// What was done of the number so far; none where it has not begun, and of a row that is not the own number.
    pub done: Option<Minor>,
    /// What it has instead of the plan's ratio, at most one of each level: its own, or that of the nearest row above that has one.
    pub own: Vec<OwnLevel>,
    /// Whether it has a level of its own that waits for the plan to decide that level.
    pub waits: bool,
    /// Whether whoever asks may give it levels of its own: below the topmost row of a draft, by who may edit plans, and not their
    /// own number.
    pub may_own: bool,
}

impl RowLevels {
    /// The levels that were decided, the target among them.
    pub fn decided(&self) -> impl Iterator<Item = Level> {
        let has_value = |row: &&LevelRow| row.level == Level::Target || row.value.is_some();
        self.rows.iter().filter(has_value).map(|row| row.level)
    }

    /// What it has on a level instead of the plan's ratio, itself or from above.
    pub fn own(&self, level: Level) -> Option<&OwnLevel> {
        self.own.iter().find(|own| own.level == level)
    }

    /// Whether a level beside the target was decided.
    pub fn is_decided(&self) -> bool {
        self.decided().any(|level| level != Level::Target)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn columns_arrive_as_they_were_sent(
            periods in 0_usize..14,
            rows in prop::collection::vec((any::<u32>(), prop::collection::vec(any::<i64>(), 0..14)), 0..40),
        ) {
            let rows = rows.into_iter().map(|(node, amounts)| {
                (NodeIndex(node), amounts.into_iter().map(Minor).collect())
            });
            let sent = LevelCells::of(periods, rows);
            let bytes = sent.to_bytes();
            prop_assert_eq!(LevelCells::from_bytes(&bytes), Ok(sent));
            for end in 0..bytes.len() {
                prop_assert!(LevelCells::from_bytes(&bytes[..end]).is_err());
            }
        }

        #[test]
        fn damaged_bytes_are_refused_or_hold_what_they_say(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let damaged = [HEAD.as_slice(), bytes.as_slice()].concat();
            if let Ok(found) = LevelCells::from_bytes(&damaged) {
                prop_assert_eq!(found.amounts.len(), found.rows.len() * found.periods);
            }
        }
    }
}
