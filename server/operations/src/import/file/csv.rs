//! Delimited text: comma, semicolon, tab or bar, quoted cells with line ends in them.

use std::ops::ControlFlow;
use std::path::Path;

use csv_core::ReadRecordResult;
use domain::import::FileProblem;

use super::text::{Encoding, Text};
use super::{COLUMNS, ROW_BYTES, Row, Unreadable};

/// Records looked at to tell the delimiter.
const PROBE_ROWS: usize = 20;

/// The delimiter under which the first rows have the most columns in the steadiest way; comma where there is only one.
pub(super) fn delimiter(path: &Path, encoding: Encoding) -> Result<u8, Unreadable> {
    let mut best = (0, b',');
    for candidate in [b',', b';', b'\t', b'|'] {
        let mut widths = Vec::with_capacity(PROBE_ROWS);
        let outcome = rows(path, encoding, candidate, &mut |row| {
            if !row.is_blank() {
                widths.push(row.len());
            }
            if widths.len() < PROBE_ROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        // A cut or overlong row is reported when the rows are read in earnest, under the delimiter that fits best.
        if let Err(problem @ (Unreadable::Disk(_) | Unreadable::File(FileProblem::Undecodable { .. }))) =
            outcome
        {
            return Err(problem);
        }
        let Some(&first) = widths.first() else { continue };
        let steady = widths.iter().filter(|width| **width == first).count();
        let score = if first > 1 { (first - 1) * (1 + steady) } else { 0 };
        if score > best.0 {
            best = (score, candidate);
        }
    }
    Ok(best.1)
}

/// Hands every record, the heading first, to `each` until that breaks off.
pub(super) fn rows(
    path: &Path,
    encoding: Encoding,
    delimiter: u8,
    each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
) -> Result<(), Unreadable> {
    let mut text = Text::open(path, encoding)?;
    let mut core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
    let mut piece = Vec::new();
    let mut at = 0;
    let mut record = vec![0_u8; 16 * 1024];
    let mut ends = vec![0_usize; 64];
    let (mut filled, mut cells) = (0, 0);
    let mut number = 0_u64;
    let mut width = None;
    let mut last_byte = b'\n';
    let mut end = None;
    loop {
        // No input at all means the end to the parser, so a piece that is used up is replaced before it sees that.
        if at == piece.len() && end.is_none() {
            text.next(&mut piece)?;
            at = 0;
            if piece.is_empty() {
                end = Some(if matches!(last_byte, b'\n' | b'\r') {
                    End::Line
                } else {
                    End::Bare
                });
                piece.push(b'\n');
            }
        }
        let (result, read, written, ended) =
            core.read_record(&piece[at..], &mut record[filled..], &mut ends[cells..]);
        if read > 0 {
            last_byte = piece[at + read - 1];
        }
        at += read;
        filled += written;
        cells += ended;
        match result {
            ReadRecordResult::InputEmpty if end.is_some() => {
                // The line end put behind the text ends every record but one that is inside quotation marks.
                return if filled > 0 || cells > 0 {
                    Err(FileProblem::OpenQuote { row: number + 1 }.into())
                } else {
                    Ok(())
                };
            }
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => {
                if record.len() >= ROW_BYTES {
                    return Err(FileProblem::LineTooLong {
                        row: number + 1,
                        limit: ROW_BYTES as u64,
                    }
                    .into());
                }
                record.resize((record.len() * 2).min(ROW_BYTES), 0);
            }
            ReadRecordResult::OutputEndsFull => {
                if ends.len() > COLUMNS {
                    return Err(too_many(ends.len()));
                }
                ends.resize((ends.len() * 2).min(COLUMNS + 1), 0);
            }
            ReadRecordResult::Record => {
                number += 1;
                if cells > COLUMNS {
                    return Err(too_many(cells));
                }
                // The text was checked as a whole and is split at ASCII bytes only; a failure here is a defect of the file
                // that the check before could not see.
                let cells_text =
                    std::str::from_utf8(&record[..filled]).map_err(|_| FileProblem::Undecodable {
                        encoding: encoding.name().to_owned(),
                        row: number,
                    })?;
                let row = Row::new(number, cells_text, &ends[..cells]);
                if width.is_none() && !row.is_blank() {
                    width = Some(cells);
                }
                if end == Some(End::Bare) && width.is_some_and(|width| cells < width) {
                    return Err(FileProblem::CutOff { row: number }.into());
                }
                if each(row).is_break() {
                    return Ok(());
                }
                (filled, cells) = (0, 0);
            }
            ReadRecordResult::End => return Ok(()),
        }
    }
}

/// How a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With a line end.
    Line,
    /// In the middle of a line, as many whole files do, and those that were cut.
    Bare,
}

fn too_many(columns: usize) -> Unreadable {
    FileProblem::TooManyColumns {
        found: columns as u32,
        limit: COLUMNS as u32,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::super::text::scan;
    use super::*;

    #[test]
    fn rows_that_end_where_the_disk_is_read_are_not_the_last() {
        // 64 bytes a row, or 128 in UTF-16, divide whatever is read at once.
        let text: String = (0..10_000).map(|row| format!("{row:031},{row:031}\n")).collect();
        let wide: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [("utf-8", text.as_bytes()), ("utf-16", &wide)] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let found = scan(&path, None).unwrap();
            let mut numbers = Vec::new();
            rows(&path, found.encoding, b',', &mut |row| {
                numbers.push(row.cell(1).parse::<u64>().unwrap());
                ControlFlow::Continue(())
            })
            .unwrap();
            assert!(
                numbers.iter().copied().eq(0..10_000),
                "{name}: {} rows",
                numbers.len()
            );
            assert_eq!(found.lines, 10_000, "{name}");
        }
    }
}
