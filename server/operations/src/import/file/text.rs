//! Text in whatever encoding, as a stream of UTF-8.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{CoderResult, Decoder};

use domain::import::{Encoding as Asked, FileProblem};

use super::Unreadable;

/// Bytes read at once.
const CHUNK: usize = 128 * 1024;

/// An encoding and how many bytes of mark stand before the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoding {
    encoding: &'static encoding_rs::Encoding,
    mark: usize,
}

impl Encoding {
    /// Its usual name.
    pub(super) fn name(self) -> &'static str {
        self.encoding.name()
    }
}

/// What a look at the whole file tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    /// The encoding decided on.
    pub(super) encoding: Encoding,
    /// Line ends, plus one for an unended last line.
    pub(super) lines: u64,
}

/// Reads the whole file once to decide its encoding (a heading is often plain ASCII where a later row is not) and to find
/// bytes that no text table holds.
pub(super) fn scan(path: &Path, asked: Option<Asked>) -> Result<Scan, Unreadable> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK];
    let mut evidence = Evidence::default();
    loop {
        let read = read_full(&mut file, &mut buffer)?;
        if read == 0 {
            break;
        }
        evidence.take(&buffer[..read]);
    }
    let encoding = evidence.decide(asked)?;
    Ok(Scan {
        encoding,
        lines: evidence.lines_in(encoding) + u64::from(!evidence.ended(encoding)),
    })
}

#[derive(Default)]
struct Evidence {
    head: Vec<u8>,
    lines: u64,
    /// Line ends of two bytes, the lower first and the higher first; counted where there are zero bytes.
    wide_lines: [u64; 2],
    /// The last two bytes, the later one behind.
    last: [u8; 2],
    nuls: u64,
    invalid_line: Option<u64>,
    /// An unfinished UTF-8 sequence at the end of what was seen.
    tail: Vec<u8>,
    high_run: usize,
    lone_runs: u64,
    runs: u64,
}

impl Evidence {
    fn take(&mut self, bytes: &[u8]) {
        if self.head.len() < 4096 {
            self.head
                .extend_from_slice(&bytes[..bytes.len().min(4096 - self.head.len())]);
        }
        self.nuls += bytes.iter().filter(|byte| **byte == 0).count() as u64;
        if self.invalid_line.is_none() {
            self.check_utf8(bytes);
        }
        if self.invalid_line.is_some() {
            for byte in bytes {
                if *byte >= 0x80 {
                    self.high_run += 1;
                } else if self.high_run > 0 {
                    self.runs += 1;
                    self.lone_runs += u64::from(self.high_run == 1);
                    self.high_run = 0;
                }
            }
        }
        self.lines += count_lines(bytes);
        if self.nuls > 0 {
            // Pieces have an even length, all but the last.
            for pair in bytes.chunks_exact(2) {
                self.wide_lines[0] += u64::from(pair == [b'\n', 0]);
                self.wide_lines[1] += u64::from(pair == [0, b'\n']);
            }
        }
        for byte in &bytes[bytes.len().saturating_sub(2)..] {
            self.last = [self.last[1], *byte];
        }
    }

    /// Line ends. Where letters have two bytes, half of one may look like a line end: 上 is `4E0A`.
    fn lines_in(&self, encoding: Encoding) -> u64 {
        if encoding.encoding == encoding_rs::UTF_16LE {
            self.wide_lines[0]
        } else if encoding.encoding == encoding_rs::UTF_16BE {
            self.wide_lines[1]
        } else {
            self.lines
        }
    }

    /// Whether the text ends with a line end.
    fn ended(&self, encoding: Encoding) -> bool {
        if encoding.encoding == encoding_rs::UTF_16LE {
            self.last == [b'\n', 0]
        } else if encoding.encoding == encoding_rs::UTF_16BE {
            self.last == [0, b'\n']
        } else {
            self.last[1] == b'\n'
        }
    }

    fn check_utf8(&mut self, bytes: &[u8]) {
        let joined;
        let (checked, skipped) = if self.tail.is_empty() {
            (bytes, 0)
        } else {
            let skipped = self.tail.len();
            let mut both = std::mem::take(&mut self.tail);
            both.extend_from_slice(bytes);
            joined = both;
            (joined.as_slice(), skipped)
        };
        if let Err(error) = std::str::from_utf8(checked) {
            if error.error_len().is_none() {
                self.tail = checked[error.valid_up_to()..].to_vec();
            } else {
                let before = error.valid_up_to().saturating_sub(skipped);
                self.invalid_line = Some(self.lines + count_lines(&bytes[..before]) + 1);
            }
        }
    }

    fn decide(&self, asked: Option<Asked>) -> Result<Encoding, FileProblem> {
        let head = self.head.as_slice();
        let marked = encoding_rs::Encoding::for_bom(head);
        if let Some(asked) = asked {
            let encoding = match (asked, marked) {
                (Asked::Utf8, _) => encoding_rs::UTF_8,
                (Asked::Utf16, Some((found, _))) if found == encoding_rs::UTF_16BE => encoding_rs::UTF_16BE,
                (Asked::Utf16, _) => encoding_rs::UTF_16LE,
                (Asked::Gbk, _) => encoding_rs::GB18030,
            };
            let mark = marked
                .filter(|(found, _)| *found == encoding)
                .map_or(0, |(_, length)| length);
            return Ok(Encoding { encoding, mark });
        }
        if let Some((encoding, mark)) = marked {
            let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
            if !wide && let Some(row) = self.invalid_line {
                return Err(FileProblem::Undecodable {
                    encoding: "UTF-8".to_owned(),
                    row,
                });
            }
            if !wide && !self.tail.is_empty() {
                return Err(FileProblem::CutOff { row: self.lines + 1 });
            }
            return Ok(Encoding { encoding, mark });
        }
        if self.nuls > 0 {
            let zeros = |parity: usize| {
                head.iter()
                    .skip(parity)
                    .step_by(2)
                    .filter(|byte| **byte == 0)
                    .count()
                    * 5
                    > head.len()
            };
            match (zeros(0), zeros(1)) {
                (false, true) => {
                    return Ok(Encoding {
                        encoding: encoding_rs::UTF_16LE,
                        mark: 0,
                    });
                }
                (true, false) => {
                    return Ok(Encoding {
                        encoding: encoding_rs::UTF_16BE,
                        mark: 0,
                    });
                }
                // A stray zero byte spoils its row only; many of them are no text.
                _ if self.nuls > 16 + self.lines => {
                    return Err(FileProblem::WrongType {
                        found: "binary".to_owned(),
                    });
                }
                _ => {}
            }
        }
        if self.invalid_line.is_none() {
            return if self.tail.is_empty() {
                Ok(Encoding {
                    encoding: encoding_rs::UTF_8,
                    mark: 0,
                })
            } else {
                Err(FileProblem::CutOff { row: self.lines + 1 })
            };
        }
        // Chinese text comes in pairs of high bytes; accented letters of western files stand alone.
        let encoding = if self.lone_runs * 2 > self.runs {
            encoding_rs::WINDOWS_1252
        } else {
            encoding_rs::GB18030
        };
        Ok(Encoding { encoding, mark: 0 })
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// A file as UTF-8.
pub(super) struct Text {
    file: File,
    raw: Vec<u8>,
    decoder: Option<Decoder>,
    encoding: Encoding,
    lines: u64,
    done: bool,
}

impl Text {
    /// Opens a file behind its mark.
    pub(super) fn open(path: &Path, encoding: Encoding) -> Result<Self, Unreadable> {
        let mut file = File::open(path)?;
        let mut mark = vec![0; encoding.mark];
        file.read_exact(&mut mark)?;
        let utf8 = encoding.encoding == encoding_rs::UTF_8;
        Ok(Self {
            file,
            raw: if utf8 { Vec::new() } else { vec![0; CHUNK] },
            decoder: (!utf8).then(|| encoding.encoding.new_decoder_without_bom_handling()),
            encoding,
            lines: 0,
            done: false,
        })
    }

    /// Replaces `out` by the next piece; an empty piece is the end.
    pub(super) fn next(&mut self, out: &mut Vec<u8>) -> Result<(), Unreadable> {
        out.clear();
        if self.done {
            return Ok(());
        }
        let Some(decoder) = self.decoder.as_mut() else {
            out.resize(CHUNK, 0);
            let read = read_full(&mut self.file, out)?;
            out.truncate(read);
            self.done = read == 0;
            return Ok(());
        };
        while out.is_empty() && !self.done {
            let read = read_full(&mut self.file, &mut self.raw)?;
            self.done = read == 0;
            out.resize(decoder.max_utf8_buffer_length(read).unwrap_or(read * 4 + 16), 0);
            let (result, _, written, errors) = decoder.decode_to_utf8(&self.raw[..read], out, self.done);
            out.truncate(written);
            if errors || result == CoderResult::OutputFull {
                let problem = if self.done {
                    FileProblem::CutOff { row: self.lines + 1 }
                } else {
                    let row = self.lines + count_lines(out) + 1;
                    FileProblem::Undecodable {
                        encoding: self.encoding.name().to_owned(),
                        row,
                    }
                };
                return Err(problem.into());
            }
            self.lines += count_lines(out);
        }
        Ok(())
    }
}

/// Fills the buffer unless the file ends.
fn read_full(file: &mut File, buffer: &mut [u8]) -> Result<usize, Unreadable> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}
