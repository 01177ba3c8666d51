//! What the rows of a version sold of each line, as it was read once: what lines that nobody set are proposed by. It is kept
//! with what is published, so that a look at it gives the same figures whatever is imported later.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::money::Minor;
use crate::plan::BadBytes;
use crate::plan::bytes::{Reader, put, put_signed, put_text};

/// The first byte: the version of the encoding.
const VERSION: u8 = 1;

/// Sums of rows by line; those of the rows below a row are not among its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    keys: Vec<String>,
    /// Row, place of the line, sum; in this order, each once.
    sums: Vec<(u32, u32, Minor)>,
}

impl Profile {
    /// Of the keys of the lines, and the sums by row (its place in the tree in pre-order) and place of the line.
    pub fn new(keys: Vec<String>, sums: BTreeMap<(u32, u32), Minor>) -> Self {
        Self {
            keys,
            sums: sums
                .into_iter()
                .filter(|(_, sum)| sum.0 != 0)
                .map(|((row, place), sum)| (row, place, sum))
                .collect(),
        }
    }

    /// The place of a line among the sums.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| known == key)
    }

    /// What a row and those below it brought, by place of the line; rows below a row follow it.
    pub fn sums(&self, rows: Range<u32>) -> Vec<Minor> {
        let mut sums = vec![Minor(0); self.keys.len()];
        let first = self.sums.partition_point(|(row, ..)| *row < rows.start);
        let within = self.sums.get(first..).unwrap_or_default();
        for (_, place, amount) in within.iter().take_while(|(row, ..)| *row < rows.end) {
            if let Some(sum) = sums.get_mut(*place as usize) {
                sum.0 = sum.0.saturating_add(amount.0);
            }
        }
        sums
    }

    /// The part of some rows by some lines, as it travels: rows counted from the first of them, lines by their places in what is
    /// asked for, without their keys; a line of which nothing is known has none here.
    pub fn part(&self, rows: Range<u32>, places: &[Option<usize>]) -> Self {
        let first = self.sums.partition_point(|(row, ..)| *row < rows.start);
        let within = self.sums.get(first..).unwrap_or_default();
        let mut sums = BTreeMap::new();
        for (row, place, amount) in within.iter().take_while(|(row, ..)| *row < rows.end) {
            let at = places.iter().position(|known| *known == Some(*place as usize));
            if let Some(at) = at.and_then(|at| u32::try_from(at).ok()) {
                sums.insert((row - rows.start, at), *amount);
            }
        }
        Self::new(vec![String::new(); places.len()], sums)
    }

    /// Compact bytes: gaps between rows, places and sums as variable-length integers.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.sums.len() * 7);
        bytes.push(VERSION);
        put(&mut bytes, self.keys.len() as u64);
        for key in &self.keys {
            put_text(&mut bytes, key);
        }
        put(&mut bytes, self.sums.len() as u64);
        let mut last = 0;
        for (row, place, sum) in &self.sums {
            put(&mut bytes, u64::from(row.wrapping_sub(last)));
            put(&mut bytes, u64::from(*place));
            put_signed(&mut bytes, sum.0);
            last = *row;
        }
        bytes
    }

    /// Reads [`Self::pack`].
    pub fn unpack(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader(bytes);
        if reader.byte()? != VERSION {
            return Err(BadBytes);
        }
        let count = reader.count()?;
        let mut keys = Vec::with_capacity(count);
        for _ in 0..count {
            keys.push(reader.text()?.to_owned());
        }
        let count = reader.count()?;
        let mut sums = Vec::with_capacity(count);
        let mut last = 0_u32;
        for _ in 0..count {
            let row = last.checked_add(reader.take_u32()?).ok_or(BadBytes)?;
            let place = reader.take_u32()?;
            sums.push((row, place, Minor(reader.take_signed()?)));
            last = row;
        }
        reader.finish()?;
        Ok(Self { keys, sums })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn profile(sums: &BTreeMap<(u32, u32), i64>) -> Profile {
        let sums = sums.iter().map(|(place, sum)| (*place, Minor(*sum))).collect();
        Profile::new(["a", "", "rest"].map(str::to_owned).to_vec(), sums)
    }

    proptest! {
        #[test]
        fn what_is_kept_comes_back_and_rows_sum_up(
            sums in prop::collection::btree_map((0_u32..50, 0_u32..3), -1_000_i64..1_000, 0..40),
            cut in 0_u32..50,
        ) {
            let known = profile(&sums);
            let back = Profile::unpack(&known.pack());
            prop_assert_eq!(back.as_ref(), Ok(&known));
            let whole = known.sums(0..50);
            for (place, sum) in whole.iter().enumerate() {
                let of_line: i64 = sums.iter().filter(|((_, line), _)| *line as usize == place).map(|(_, sum)| *sum).sum();
                prop_assert_eq!(sum.0, of_line);
                let parts = [known.sums(0..cut), known.sums(cut..50)];
                prop_assert_eq!(parts[0][place].0 + parts[1][place].0, of_line);
            }
            let part = known.part(cut..50, &[Some(2), None, Some(0)]);
            let (mine, all) = (part.sums(0..50 - cut), known.sums(cut..50));
            prop_assert_eq!(mine, vec![all[2], Minor(0), all[0]]);
        }
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bytes = profile(&BTreeMap::from([((3, 1), 7)])).pack();
        for cut in 0..bytes.len() {
            assert_eq!(Profile::unpack(&bytes[..cut]), Err(BadBytes));
        }
        assert_eq!(Profile::unpack(&[9]), Err(BadBytes));
    }
}
