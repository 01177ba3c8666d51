//! What the periods of rows are held against: for the rows in sight, some at a time, as columns of bytes.
//!
//! A period without a base is not comparable, which is another thing than nothing: a row that is new this year did not do nothing
//! in the year before.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Against;
use super::columns::{put_known, take_known};
use crate::money::Minor;
use crate::plan::bytes::{Reader, put, put_rows, take_rows};
use crate::plan::{BadBytes, NodeIndex};

/// Rows that are asked about at once, at most.
pub const MOST_COMPARED_ROWS: usize = 200;
/// First bytes: a mark and the version of the encoding.
const HEAD: [u8; 4] = *b"AC\0\x01";

/// What periods are held against. The draft's start is none of it: only its totals are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellBase {
    /// What was done in the same period one fiscal year before.
    LastYear,
    /// The plan of record.
    Record,
}

impl Against {
    /// What periods are held against where totals are held against this; none where they are not.
    pub fn of_cells(self) -> Option<CellBase> {
        match self {
            Self::Start => None,
            Self::LastYear => Some(CellBase::LastYear),
            Self::Record => Some(CellBase::Record),
        }
    }
}

/// How an amount compares with what it is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The amount less its base.
    pub change: Minor,
    /// The same as a part of the base, 0.1 for 10 % more; none of a base that is nothing or less.
    pub ratio: Option<f64>,
}

impl Difference {
    /// Of an amount and its base.
    pub fn of(amount: Minor, base: Minor) -> Self {
        Self {
            change: Minor(amount.0.saturating_sub(base.0)),
            ratio: (base.0 > 0).then(|| amount.0 as f64 / base.0 as f64 - 1.0),
        }
    }
}

/// What a row did in the periods of a year, of which those with nothing may be gaps: before its first amount nothing is known of
/// it, and from then on nothing is nothing. What is known sums to all of it.
pub fn known_from_first(amounts: &[u64]) -> Vec<Option<Minor>> {
    let first = amounts.iter().position(|amount| *amount > 0);
    let known = |(place, amount): (usize, &u64)| {
        first
            .is_some_and(|first| first <= place)
            .then(|| Minor(i64::try_from(*amount).unwrap_or(i64::MAX)))
    };
    amounts.iter().enumerate().map(known).collect()
}

/// What the periods of some rows are held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    periods: usize,
    rows: Vec<NodeIndex>,
    /// Row after row.
    bases: Vec<Option<Minor>>,
}

impl Compared {
    /// Of rows with a base for each of so many periods; none where a row has fewer.
    pub fn of(periods: usize, rows: impl IntoIterator<Item = (NodeIndex, Vec<Option<Minor>>)>) -> Self {
        let mut found = Self {
            periods,
            ..Self::default()
        };
        for (node, mut bases) in rows {
            bases.resize(periods, None);
            found.rows.push(node);
            found.bases.extend(bases);
        }
        found
    }

    /// The rows, each with the bases of its periods.
    pub fn rows(&self) -> impl Iterator<Item = (NodeIndex, &[Option<Minor>])> {
        let of_rows = self.bases.chunks_exact(self.periods.max(1));
        self.rows.iter().copied().zip(of_rows)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.rows.len() * 2 + self.bases.len() * 5);
        bytes.extend_from_slice(&HEAD);
        put(&mut bytes, self.periods as u64);
        put(&mut bytes, self.rows.len() as u64);
        put_rows(&mut bytes, &self.rows);
        put_known(&mut bytes, &self.bases, &[]);
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
        let mut bases = Vec::new();
        take_known(&mut reader, &mut bases, &[])?;
        reader.finish()?;
        if count.checked_mul(periods) != Some(bases.len()) {
            return Err(BadBytes);
        }
        Ok(Self { periods, rows, bases })
    }
}

impl Serialize for Compared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.to_bytes())
    }
}

impl<'de> Deserialize<'de> for Compared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&'de [u8]>::deserialize(deserializer)?;
        Self::from_bytes(bytes).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn before_the_first_amount_nothing_is_known() {
        let known = |amounts: &[u64]| -> Vec<Option<i64>> {
            let bases = known_from_first(amounts);
            bases.into_iter().map(|base| base.map(|base| base.0)).collect()
        };
        assert_eq!(known(&[0, 7, 0, 5]), [None, Some(7), Some(0), Some(5)]);
        assert_eq!(known(&[0, 0]), [None, None]);
        assert!(known(&[]).is_empty());
    }

    #[test]
    fn nothing_is_no_base_of_a_part() {
        let more = Difference::of(Minor(110), Minor(100));
        assert_eq!(more.change, Minor(10));
        assert!(more.ratio.is_some_and(|ratio| (ratio - 0.1).abs() < 1e-12));
        let from_nothing = Difference::of(Minor(110), Minor(0));
        assert_eq!((from_nothing.change, from_nothing.ratio), (Minor(110), None));
        assert_eq!(Difference::of(Minor(5), Minor(-5)).ratio, None);
    }

    proptest! {
        #[test]
        fn what_is_known_sums_to_all_of_it(amounts in prop::collection::vec(0_u64..1_000_000_000_000, 0..54)) {
            let known = known_from_first(&amounts);
            prop_assert_eq!(known.len(), amounts.len());
            let sum: i64 = known.iter().flatten().map(|amount| amount.0).sum();
            prop_assert_eq!(sum, amounts.iter().sum::<u64>() as i64);
            prop_assert!(known.windows(2).all(|pair| pair[0].is_none() || pair[1].is_some()));
        }

        #[test]
        fn a_base_and_its_change_make_the_amount(amount in -1_000_000_000_i64..1_000_000_000, base in 1_i64..1_000_000_000) {
            let found = Difference::of(Minor(amount), Minor(base));
            prop_assert_eq!(found.change.0 + base, amount);
            let ratio = found.ratio.unwrap();
            prop_assert!((base as f64 * (1.0 + ratio) - amount as f64).abs() < 1e-3);
            prop_assert_eq!(ratio > 0.0, found.change.0 > 0);
        }

        #[test]
        fn columns_arrive_as_they_were_sent(
            periods in 0_usize..14,
            rows in prop::collection::vec((any::<u32>(), prop::collection::vec(any::<Option<i64>>(), 0..14)), 0..40),
        ) {
            let rows = rows.into_iter().map(|(node, bases)| {
                (NodeIndex(node), bases.into_iter().map(|base| base.map(Minor)).collect())
            });
            let sent = Compared::of(periods, rows);
            let bytes = sent.to_bytes();
            prop_assert_eq!(Compared::from_bytes(&bytes), Ok(sent));
            for end in 0..bytes.len() {
                prop_assert!(Compared::from_bytes(&bytes[..end]).is_err());
            }
        }

        #[test]
        fn damaged_bytes_are_refused_or_hold_what_they_say(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let damaged = [HEAD.as_slice(), bytes.as_slice()].concat();
            if let Ok(found) = Compared::from_bytes(&damaged) {
                prop_assert_eq!(found.bases.len(), found.rows.len() * found.periods);
            }
        }
    }
}
