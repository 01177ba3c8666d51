//! Ids of facts made by an import: UUIDs of version 7 that rise as facts are written, so that a million of them
//! append to their table, and that tell the row they were made from.

use uuid::{Builder, Uuid};

use crate::clock;

/// Facts whose number fits.
const FACTS: u64 = 1 << 30;

/// Makes the ids of one import.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowIds {
    millis: u64,
    seed: [u8; 2],
    made: u64,
}

impl RowIds {
    /// Begins at the present time with random bits of a fresh id.
    pub(super) fn new() -> Self {
        // The last bytes of an id of version 7 are random.
        let [.., a, b] = *clock::new_id().as_bytes();
        Self {
            millis: clock::now_ms().unsigned_abs(),
            seed: [a, b],
            made: 0,
        }
    }

    /// The next id, for a row. After the time come 12 random bits, 30 bits that count the ids, and 32 bits of the row.
    pub(super) fn next(&mut self, row: u64) -> Uuid {
        let [c, d, e, f] = ((self.made % FACTS) as u32).to_be_bytes();
        let [g, h, i, j] = (row as u32).to_be_bytes();
        self.made += 1;
        let bytes = [self.seed[0], self.seed[1], c, d, e, f, g, h, i, j];
        Builder::from_unix_timestamp_millis(self.millis, &bytes).into_uuid()
    }
}

/// The row an id was made from, where an import made it.
pub(super) fn row_of(id: Uuid) -> u64 {
    let [.., g, h, i, j] = *id.as_bytes();
    u64::from(u32::from_be_bytes([g, h, i, j]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_as_they_are_made_and_tell_their_rows() {
        let mut ids = RowIds::new();
        let rows = [1_000_001, 3, 70_000, 3];
        let made: Vec<Uuid> = rows.map(|row| ids.next(row)).to_vec();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert_eq!(made[3].get_version_num(), 7);
        assert_eq!(made.iter().map(|id| row_of(*id)).collect::<Vec<_>>(), rows);
    }
}
