//! Frames: what comes as a stream of bytes is cut into them, each with its kind, its length and a check of every byte of it and of
//! its place in the stream. What is cut off, damaged, doubled or left out is an error.

use crate::plan::BadBytes;

/// Bytes before what a frame holds: its kind, its length, and the check.
const BEFORE: usize = 1 + 4 + 8;
/// The longest frame that is waited for, bytes.
const LONGEST: usize = 1 << 28;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// There is no grid; nothing comes after it.
    Nothing = 0,
    /// The head.
    First = 1,
    /// Some rows.
    Next = 2,
    /// Nothing comes after it.
    Last = 3,
}

impl Kind {
    fn of(byte: u8) -> Result<Self, BadBytes> {
        [Self::Nothing, Self::First, Self::Next, Self::Last]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
            .ok_or(BadBytes)
    }
}

/// A frame by its number in the stream, from 0.
pub(super) fn frame(number: u32, kind: Kind, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() as u32).to_le_bytes();
    let mut bytes = Vec::with_capacity(BEFORE + payload.len());
    bytes.push(kind as u8);
    bytes.extend_from_slice(&len);
    bytes.extend_from_slice(&check(number, kind as u8, len, payload).to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// FNV-1a. Each step is a bijection of the state, so that no single wrong byte goes unseen.
fn check(number: u32, kind: u8, len: [u8; 4], payload: &[u8]) -> u64 {
    let head = number.to_le_bytes().into_iter().chain([kind]).chain(len);
    head.chain(payload.iter().copied())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// Frames of a stream that comes in any pieces.
#[derive(Debug, Default)]
pub(super) struct Frames {
    held: Vec<u8>,
    number: u32,
}

impl Frames {
    /// Takes in the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// Whether every byte that came belongs to a frame that was taken out.
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The next whole frame; none until it has come.
    pub(super) fn pop(&mut self) -> Result<Option<(Kind, Vec<u8>)>, BadBytes> {
        let Some((head, rest)) = self.held.split_first_chunk::<BEFORE>() else {
            return Ok(None);
        };
        let [kind, a, b, c, d, check_bytes @ ..] = *head;
        let len = [a, b, c, d];
        let size = u32::from_le_bytes(len) as usize;
        if size > LONGEST {
            return Err(BadBytes);
        }
        let Some(payload) = rest.get(..size) else {
            return Ok(None);
        };
        if check(self.number, kind, len, payload) != u64::from_le_bytes(check_bytes) {
            return Err(BadBytes);
        }
        let payload = payload.to_vec();
        self.held.drain(..BEFORE + size);
        self.number = self.number.wrapping_add(1);
        Ok(Some((Kind::of(kind)?, payload)))
    }
}
