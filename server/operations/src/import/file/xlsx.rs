//! Workbooks: checked before anything is unpacked, then read cell by cell.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use domain::import::FileProblem;
use zip::ZipArchive;

use super::{COLUMNS, ROW_BYTES, Row, Unreadable};

/// The most parts a workbook may have.
const ENTRIES: usize = 10_000;
/// The most bytes the list of parts may have; a parser reads it as a whole.
const DIRECTORY_BYTES: u32 = 4 << 20;
/// The most bytes all parts may unpack to.
const UNPACKED_BYTES: u64 = 2 << 30;
/// The most bytes the texts of a workbook may unpack to; they are held in memory.
const TEXTS_BYTES: u64 = 64 << 20;
/// The most often a part of more than 1 MiB may outweigh its packed form.
const RATIO: u64 = 200;

/// The sheet to read: the one asked for, or the first with something in it; and the names of all.
pub(super) fn choose_sheet(path: &Path, asked: Option<&str>) -> Result<(String, Vec<String>), Unreadable> {
    guard(path)?;
    let mut workbook = open(path)?;
    let sheets = workbook.sheet_names();
    if let Some(name) = asked {
        return match sheets.iter().find(|sheet| sheet.as_str() == name) {
            Some(found) => Ok((found.clone(), sheets)),
            None => Err(FileProblem::NoSheet {
                name: name.to_owned(),
                sheets,
            }
            .into()),
        };
    }
    for sheet in &sheets {
        let Ok(mut cells) = workbook.worksheet_cells_reader(sheet) else {
            continue;
        };
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            if !matches!(cell.get_value(), DataRef::Empty) {
                return Ok((sheet.clone(), sheets.clone()));
            }
        }
    }
    Err(FileProblem::Empty.into())
}

/// Hands every row with a cell in it to `each` until that breaks off.
pub(super) fn rows(
    path: &Path,
    sheet: &str,
    each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
) -> Result<(), Unreadable> {
    let mut workbook = open(path)?;
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut text = String::new();
    let mut ends: Vec<usize> = Vec::new();
    let mut current: Option<u32> = None;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        let (row, column) = cell.get_position();
        if current != Some(row) {
            if let Some(done) = current {
                if row < done {
                    return Err(damaged(u64::from(done) + 1));
                }
                if each(Row::new(u64::from(done) + 1, &text, &ends)).is_break() {
                    return Ok(());
                }
            }
            text.clear();
            ends.clear();
            current = Some(row);
        }
        let column = column as usize;
        if column >= COLUMNS {
            return Err(FileProblem::FarCell {
                row: u64::from(row) + 1,
                column: column as u64 + 1,
            }
            .into());
        }
        if column < ends.len() {
            return Err(damaged(u64::from(row) + 1));
        }
        ends.resize(column, text.len());
        write_value(cell.get_value(), &mut text);
        ends.push(text.len());
        if text.len() > ROW_BYTES {
            return Err(FileProblem::LineTooLong {
                row: u64::from(row) + 1,
                limit: ROW_BYTES as u64,
            }
            .into());
        }
    }
    if let Some(done) = current {
        let _ = each(Row::new(u64::from(done) + 1, &text, &ends));
    }
    Ok(())
}

fn open(path: &Path) -> Result<Xlsx<BufReader<File>>, Unreadable> {
    Xlsx::new(BufReader::new(File::open(path)?)).map_err(broken)
}

fn broken(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => FileProblem::Encrypted.into(),
        XlsxError::Io(error) => Unreadable::Disk(error),
        _ => damaged(0),
    }
}

/// A workbook whose archive or sheets break off or contradict themselves.
fn damaged(row: u64) -> Unreadable {
    FileProblem::CutOff { row }.into()
}

/// Weighs a workbook before a parser sees it: parts, declared and real sizes, and the number of texts it announces (which
/// the parser takes on trust to reserve memory).
fn guard(path: &Path) -> Result<(), Unreadable> {
    weigh_directory(path)?;
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|_| damaged(0))?;
    if archive.len() > ENTRIES {
        return Err(FileProblem::Bomb.into());
    }
    let mut workbook = false;
    let mut total = 0_u64;
    let mut buffer = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged(0))?;
        let name = part.name().map(|name| name.to_lowercase()).unwrap_or_default();
        if part.encrypted() {
            return Err(FileProblem::Encrypted.into());
        }
        workbook |= name == "xl/workbook.xml";
        let texts = name.ends_with("sharedstrings.xml");
        let limit = if texts { TEXTS_BYTES } else { UNPACKED_BYTES };
        let packed = part.compressed_size();
        if part.size() > limit || too_dense(part.size(), packed) {
            return Err(FileProblem::Bomb.into());
        }
        let markup = name.ends_with(".xml") || name.ends_with(".rels");
        let mut unpacked = 0_u64;
        let mut run = 0;
        let mut head = Vec::new();
        let mut part = part;
        loop {
            let read = part.read(&mut buffer).map_err(|_| damaged(0))?;
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            for piece in buffer[..read].split_inclusive(|byte| *byte == b'<') {
                run += piece.len();
                if markup && run > ROW_BYTES {
                    return Err(FileProblem::LineTooLong {
                        row: 0,
                        limit: ROW_BYTES as u64,
                    }
                    .into());
                }
                if piece.ends_with(b"<") {
                    run = 0;
                }
            }
            if texts && head.len() < 2048 {
                head.extend_from_slice(&buffer[..read.min(2048 - head.len())]);
            }
            if unpacked > limit || total + unpacked > UNPACKED_BYTES || too_dense(unpacked, packed) {
                return Err(FileProblem::Bomb.into());
            }
        }
        total += unpacked;
        // An empty text is `<si/>`, five bytes.
        if texts && announced(&head).is_some_and(|count| count > unpacked / 5) {
            return Err(damaged(0));
        }
    }
    if workbook {
        Ok(())
    } else {
        Err(FileProblem::WrongType {
            found: "ZIP".to_owned(),
        }
        .into())
    }
}

/// Looks at what the archive's last record says of its list of parts, before the list is read.
fn weigh_directory(path: &Path) -> Result<(), Unreadable> {
    /// The record without its comment, and the longest comment.
    const RECORD: usize = 22;
    const COMMENT: u64 = 65_535;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(COMMENT + RECORD as u64)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    let records = end
        .windows(RECORD)
        .filter(|record| record.starts_with(b"PK\x05\x06"));
    for record in records {
        let entries = u16::from_le_bytes([record[10], record[11]]);
        let bytes = u32::from_le_bytes([record[12], record[13], record[14], record[15]]);
        // More than 65,535 parts, or a list of 4 GB, stand here as the largest number.
        if usize::from(entries) > ENTRIES || bytes > DIRECTORY_BYTES {
            return Err(FileProblem::Bomb.into());
        }
    }
    Ok(())
}

fn too_dense(unpacked: u64, packed: u64) -> bool {
    unpacked > 1 << 20 && unpacked / packed.max(1) > RATIO
}

/// The value of `uniqueCount`; a number too long to read counts as the largest.
fn announced(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(head);
    let (_, rest) = head.split_once("uniqueCount")?;
    let digits: String = rest
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// A value as one would type it: numbers with 15 digits as spreadsheets keep them, dates as ISO.
fn write_value(value: &DataRef<'_>, text: &mut String) {
    use std::fmt::Write as _;
    let written = match value {
        DataRef::Int(number) => write!(text, "{number}"),
        DataRef::Float(number) => {
            let rounded = format!("{number:.14e}").parse().unwrap_or(*number);
            write!(text, "{rounded}")
        }
        DataRef::String(words) => text.write_str(words),
        DataRef::SharedString(words) => text.write_str(words),
        DataRef::Bool(truth) => text.write_str(if *truth { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            write!(text, "{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(duration) => write!(text, "{}", duration.as_f64()),
        DataRef::DateTimeIso(words) | DataRef::DurationIso(words) => text.write_str(words),
        DataRef::Error(error) => write!(text, "{error}"),
        DataRef::Empty => Ok(()),
    };
    // Writing to a string does not fail.
    let _ = written;
}
