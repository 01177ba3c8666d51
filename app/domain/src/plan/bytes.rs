//! Compact bytes: variable-length integers (LEB128, signed ones folded), and base64 for what goes through JSON.

use super::NodeIndex;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// Bytes that end early, run on, or say something impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("the bytes are damaged or of another version")]
pub struct BadBytes;

/// Appends an unsigned integer, seven bits a byte.
pub(crate) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Appends a signed integer; small ones of either sign are short.
pub(crate) fn put_signed(bytes: &mut Vec<u8>, value: i64) {
    put(bytes, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends text with its length in bytes before it.
pub(crate) fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

/// Reads what [`put`] and [`put_signed`] wrote.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn byte(&mut self) -> Result<u8, BadBytes> {
        let (first, rest) = self.0.split_first().ok_or(BadBytes)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn take(&mut self) -> Result<u64, BadBytes> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(BadBytes);
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(BadBytes)
    }

    pub(crate) fn take_signed(&mut self) -> Result<i64, BadBytes> {
        let folded = self.take()?;
        Ok((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    pub(crate) fn take_u32(&mut self) -> Result<u32, BadBytes> {
        u32::try_from(self.take()?).map_err(|_| BadBytes)
    }

    /// A count of things that take at least a byte each, so a damaged count cannot ask for memory.
    pub(crate) fn count(&mut self) -> Result<usize, BadBytes> {
        let count = usize::try_from(self.take()?).map_err(|_| BadBytes)?;
        if count > self.0.len() {
            Err(BadBytes)
        } else {
            Ok(count)
        }
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], BadBytes> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or(BadBytes)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The next bytes as they are.
    pub(crate) fn slice(&mut self, len: usize) -> Result<&'a [u8], BadBytes> {
        let (first, rest) = self.0.split_at_checked(len).ok_or(BadBytes)?;
        self.0 = rest;
        Ok(first)
    }

    /// Text with its length in bytes before it, as [`put_text`] wrote it.
    pub(crate) fn text(&mut self) -> Result<&'a str, BadBytes> {
        let len = self.count()?;
        std::str::from_utf8(self.slice(len)?).map_err(|_| BadBytes)
    }

    pub(crate) fn finish(self) -> Result<(), BadBytes> {
        if self.0.is_empty() { Ok(()) } else { Err(BadBytes) }
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 base64 with padding.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |group, byte| (group << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            if position <= chunk.len() {
                text.push(char::from(ALPHABET[(group >> (18 - 6 * position) & 63) as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

/// Reads what [`to_base64`] wrote.
pub(super) fn from_base64(text: &str) -> Result<Vec<u8>, BadBytes> {
    let encoded = text.as_bytes();
    if !encoded.len().is_multiple_of(4) {
        return Err(BadBytes);
    }
    let stripped = encoded
        .strip_suffix(b"==")
        .or_else(|| encoded.strip_suffix(b"="))
        .unwrap_or(encoded);
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    for chunk in stripped.chunks(4) {
        let mut group = 0_u32;
        for symbol in chunk {
            group = (group << 6) | u32::from(value_of(*symbol)?);
        }
        group <<= 6 * (4 - chunk.len());
        let packed = group.to_be_bytes();
        bytes.extend_from_slice(&packed[1..chunk.len()]);
    }
    Ok(bytes)
}

/// Reads the bytes that stand somewhere as base64, without a copy of the text where that is at hand.
pub(super) fn bytes_of_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    struct Base64;

    impl Visitor<'_> for Base64 {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("bytes as base64")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
            from_base64(text).map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Base64)
}

fn value_of(symbol: u8) -> Result<u8, BadBytes> {
    match symbol {
        b'A'..=b'Z' => Ok(symbol - b'A'),
        b'a'..=b'z' => Ok(symbol - b'a' + 26),
        b'0'..=b'9' => Ok(symbol - b'0' + 52),
        b'+' => Ok(62),
        b'/' => Ok(63),
        _ => Err(BadBytes),
    }
}

/// Appends rows, each by how far it stands behind the one before it.
pub(crate) fn put_rows(bytes: &mut Vec<u8>, rows: &[NodeIndex]) {
    let mut before = 0;
    for row in rows {
        put_signed(bytes, i64::from(row.0) - before);
        before = i64::from(row.0);
    }
}

/// Reads so many rows as [`put_rows`] wrote them.
pub(crate) fn take_rows(reader: &mut Reader<'_>, count: usize) -> Result<Vec<NodeIndex>, BadBytes> {
    let mut rows = Vec::with_capacity(count);
    let mut before = 0_i64;
    for _ in 0..count {
        before = before.checked_add(reader.take_signed()?).ok_or(BadBytes)?;
        rows.push(NodeIndex(u32::try_from(before).map_err(|_| BadBytes)?));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_any_size_come_back() {
        let values = [0, 1, -1, 63, -64, 64, 1_000_000, i64::MAX, i64::MIN];
        let mut bytes = Vec::new();
        for value in values {
            put_signed(&mut bytes, value);
        }
        let mut reader = Reader(&bytes);
        for value in values {
            assert_eq!(reader.take_signed(), Ok(value));
        }
        assert_eq!(reader.take(), Err(BadBytes));
    }

    #[test]
    fn base64_is_the_standard_one() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(to_base64(bytes.as_bytes()), text);
            assert_eq!(from_base64(text), Ok(bytes.as_bytes().to_vec()));
        }
        assert_eq!(from_base64("Zg="), Err(BadBytes));
        assert_eq!(from_base64("Z*=="), Err(BadBytes));
    }
}
