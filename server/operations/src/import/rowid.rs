//! Ids of opportunities made by an import: UUIDs of version 7 that rise with the rows, so that a million of them append to
//! their table, and that tell the row they were made from.

use domain::id::OpportunityId;
use uuid::{Builder, Uuid};

use crate::clock;

/// Rows whose number fits.
const ROWS: u64 = 1 << 30;

/// Makes the ids of one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowIds {
    millis: u64,
    seed: [u8; 16],
}

impl RowIds {
    /// Begins at the present time with the random bits of a fresh id.
    pub(super) fn new() -> Self {
        Self {
            millis: clock::now_ms().unsigned_abs(),
            seed: *clock::new_id().as_bytes(),
        }
    }

    /// The id of a row. After the time come 12 bits of the file, 30 bits of the row, and 32 bits of the file.
    pub(super) fn of(&self, row: u64) -> OpportunityId {
        let row = ((row % ROWS) as u32).to_be_bytes();
        // The last bytes of an id of version 7 are random.
        let [.., a, b, c, d, e, f] = self.seed;
        let bytes = [a, b, row[0], row[1], row[2], row[3], c, d, e, f];
        OpportunityId(Builder::from_unix_timestamp_millis(self.millis, &bytes).into_uuid())
    }
}

/// The row an id was made from, where an import made it.
pub(super) fn row_of(id: OpportunityId) -> u64 {
    let bytes = Uuid::as_bytes(&id.0);
    u64::from(u32::from_be_bytes([
        bytes[8] & 0x3f,
        bytes[9],
        bytes[10],
        bytes[11],
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_with_rows_and_tell_them() {
        let ids = RowIds::new();
        let made: Vec<OpportunityId> = [2, 3, 70_000, 1_000_001].map(|row| ids.of(row)).to_vec();
        assert!(made.is_sorted());
        assert_eq!(made[3].0.get_version_num(), 7);
        assert_eq!(
            made.iter().map(|id| row_of(*id)).collect::<Vec<_>>(),
            [2, 3, 70_000, 1_000_001]
        );
        assert_ne!(RowIds::new().of(2), ids.of(2));
    }
}
