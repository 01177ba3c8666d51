//! The hash a row is known by.

use super::cells::Cell;

/// FNV-1a over everything a row says; a change of this function makes every row new once.
pub(super) struct Fnv(u64);

impl Fnv {
    /// Of nothing yet.
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// The hash as it is stored.
    pub(super) fn finish(&self) -> i64 {
        self.0.cast_signed()
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u64::from(*byte);
            self.0 = self.0.wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xff]);
    }

    pub(super) fn cell<T>(&mut self, cell: &Cell<T>, hash: impl FnOnce(&mut Self, &T)) {
        match cell {
            Cell::Keep => self.bytes(&[0]),
            Cell::Clear => self.bytes(&[1]),
            Cell::Set(value) => {
                self.bytes(&[2]);
                hash(self, value);
            }
        }
    }
}
