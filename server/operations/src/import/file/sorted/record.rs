//! Rows as the bytes they are sorted as, in memory and on disk.

use std::io;
use std::ops::ControlFlow;

use crate::import::file::Row;

/// Of a longer key only the beginning counts: no id is that long.
const KEY_BYTES: usize = 1_200;
/// Bytes of a record before its key: its length, the row's number, the key's length and the number of cells.
pub(super) const HEAD_BYTES: usize = 4 + 8 + 2 + 2;

/// The part of a key that counts.
pub(super) fn key_of(key: &str) -> &[u8] {
    &key.as_bytes()[..key.len().min(KEY_BYTES)]
}

/// How many bytes a row is as a record.
pub(super) fn bytes_of(row: Row<'_>, key: &[u8]) -> usize {
    HEAD_BYTES + key.len() + row.ends.len() * 4 + row.text.len()
}

/// Appends a row as a record.
pub(super) fn write(held: &mut Vec<u8>, row: Row<'_>, key: &[u8]) {
    let offset = held.len();
    held.extend_from_slice(&[0; 4]);
    held.extend_from_slice(&row.number.to_le_bytes());
    held.extend_from_slice(&(key.len() as u16).to_le_bytes());
    held.extend_from_slice(&(row.ends.len() as u16).to_le_bytes());
    held.extend_from_slice(key);
    for end in row.ends {
        held.extend_from_slice(&(*end as u32).to_le_bytes());
    }
    held.extend_from_slice(row.text.as_bytes());
    let length = (held.len() - offset) as u32;
    held[offset..offset + 4].copy_from_slice(&length.to_le_bytes());
}

/// The first bytes of a key as a number that sorts as they do.
pub(super) fn beginning(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}

/// A row as bytes: length, number, length of the key, number of cells, key, end of each cell, cells.
#[derive(Clone, Copy)]
pub(super) struct Record<'a>(pub(super) &'a [u8]);

impl<'a> Record<'a> {
    fn field<const N: usize>(self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[at..at + N]);
        bytes
    }

    pub(super) fn length(self) -> usize {
        u32::from_le_bytes(self.field(0)) as usize
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        &self.0[..self.length()]
    }

    fn number(self) -> u64 {
        u64::from_le_bytes(self.field(4))
    }

    pub(super) fn key(self) -> &'a [u8] {
        let length = u16::from_le_bytes(self.field(12)) as usize;
        &self.0[HEAD_BYTES..HEAD_BYTES + length]
    }

    /// What decides the order.
    pub(super) fn rank(self) -> (&'a [u8], u64) {
        (self.key(), self.number())
    }

    pub(super) fn hand_to(
        self,
        ends: &mut Vec<usize>,
        each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> io::Result<ControlFlow<()>> {
        let cells = u16::from_le_bytes(self.field(14)) as usize;
        let (ends_bytes, text) = self.bytes()[HEAD_BYTES + self.key().len()..].split_at(cells * 4);
        ends.clear();
        ends.extend(
            ends_bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|end| u32::from_le_bytes(*end) as usize),
        );
        // It was text when it was written.
        let text = std::str::from_utf8(text).map_err(io::Error::other)?;
        Ok(each(Row::new(self.number(), text, ends)))
    }
}
