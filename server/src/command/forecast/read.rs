//! Series out of CSV, separated by commas, semicolons or tabs, in one of two layouts: a row a value under the heading `id,period,value`, or a row a series with its
//! id first and its values after it, as the M competitions publish theirs.
//!
//! Rows of series are handed on as they are read. Rows of values may come in any order, so they are held until the end:
//! 24 bytes a row and at most [`MAX_ROWS`].

mod long;
mod period;
mod wide;

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use csv::{ByteRecord, ErrorKind, ReaderBuilder, Trim};
use domain::calendar::Period;

use super::problem::{Cause, Problem};

/// Rows of values held at once.
const MAX_ROWS: usize = 5_000_000;
/// Series told apart.
const MAX_SERIES: usize = 1_000_000;
/// Periods of a series, missing ones included.
const MAX_VALUES: usize = 100_000;
/// Bytes of a row.
const MAX_ROW_BYTES: u64 = 4 * 1024 * 1024;
/// Bytes at the start of a file that tell its separator.
const LOOK_AHEAD: u64 = 64 * 1024;

/// A series in the order of its periods; missing values are NaN.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) id: String,
    /// The line where it starts.
    pub(super) line: u64,
    /// The first period, where they are weeks, months or quarters with their dates.
    pub(super) first: Option<Period>,
    pub(super) values: Vec<f64>,
}

/// A series, or something that was refused in its place.
pub(super) type Found = Result<Series, Problem>;

/// The series of a file, in the order of their first rows; where they must be `dated`, a file with a row a series is refused.
pub(super) fn series(input: impl Read + 'static, dated: bool) -> Box<dyn Iterator<Item = Found>> {
    let mut rows = match Rows::new(input) {
        Ok(rows) => rows,
        Err(error) => return only(Problem::of_file(Cause::Unreadable(error.to_string()))),
    };
    let first = match rows.next_row() {
        Ok(Some(first)) => first,
        Ok(None) => return only(Problem::of_file(Cause::Empty)),
        Err(problem) => return only(problem),
    };
    match long::Columns::of(&first) {
        Some(Ok(columns)) => long::series(rows, &columns),
        Some(Err(problem)) => only(problem),
        None if dated => only(Problem::of_file(Cause::NoDates)),
        None => Box::new(wide::Wide::new(rows, first)),
    }
}

fn only(problem: Problem) -> Box<dyn Iterator<Item = Found>> {
    Box::new(std::iter::once(Err(problem)))
}

/// A row that is not blank.
struct Row {
    line: u64,
    cells: ByteRecord,
}

impl Row {
    /// The text of a cell; `None` where the row is too short.
    fn cell(&self, column: usize) -> Result<Option<&str>, Problem> {
        let Some(bytes) = self.cells.get(column) else {
            return Ok(None);
        };
        std::str::from_utf8(bytes)
            .map(Some)
            .map_err(|_| Problem::at(self.line, Cause::Encoding).column(column + 1))
    }

    /// The number in a text of a column, NaN where it is missing.
    fn number(&self, text: &str, column: usize) -> Result<f64, Problem> {
        if is_missing(text) {
            return Ok(f64::NAN);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(Problem::at(self.line, Cause::NotANumber(shown(text))).column(column + 1)),
        }
    }
}

/// Whether a cell says that a value is missing.
fn is_missing(text: &str) -> bool {
    text.is_empty()
        || ["NA", "NaN", "null"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// The beginning of a cell, for a message.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut letters = text.chars();
    let start: String = letters.by_ref().take(MOST).collect();
    if letters.next().is_some() {
        format!("{start}…")
    } else {
        start
    }
}

/// The rows of a file.
struct Rows {
    reader: csv::Reader<Guard>,
    bytes: Rc<Cell<u64>>,
    ended: bool,
}

impl Rows {
    /// The rows of a file whose first line tells what separates its cells.
    fn new(input: impl Read + 'static) -> io::Result<Self> {
        let mut input = BufReader::new(input);
        let mut start = Vec::new();
        input.by_ref().take(LOOK_AHEAD).read_until(b'\n', &mut start)?;
        let separator = separator(&start);
        let bytes = Rc::new(Cell::new(0));
        let guard = Guard {
            input: Box::new(Cursor::new(start).chain(input)),
            bytes: Rc::clone(&bytes),
        };
        let reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(guard);
        Ok(Self {
            reader,
            bytes,
            ended: false,
        })
    }

    /// The next row with something in it; after a problem there is none.
    fn next_row(&mut self) -> Result<Option<Row>, Problem> {
        while !self.ended {
            let mut cells = ByteRecord::new();
            let line = self.reader.position().line();
            match self.reader.read_byte_record(&mut cells) {
                Ok(true) => {
                    self.bytes.set(0);
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        let line = cells.position().map_or(line, csv::Position::line);
                        return Ok(Some(Row { line, cells }));
                    }
                }
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Err(Problem::at(line, cause(error)));
                }
            }
        }
        Ok(None)
    }
}

/// What separates the cells of a line: a comma wherever there is one outside of quotation marks, else a semicolon or a tab,
/// whichever there are more of.
fn separator(line: &[u8]) -> u8 {
    let mut quoted = false;
    let (mut semicolons, mut tabs) = (0, 0);
    for byte in line {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => return b',',
            b';' if !quoted => semicolons += 1,
            b'\t' if !quoted => tabs += 1,
            _ => {}
        }
    }
    match (semicolons, tabs) {
        (0, 0) => b',',
        _ if semicolons >= tabs => b';',
        _ => b'\t',
    }
}

fn cause(error: csv::Error) -> Cause {
    match error.into_kind() {
        ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Cause::LineTooLong { limit: MAX_ROW_BYTES }
        }
        ErrorKind::Io(error) => Cause::Unreadable(error.to_string()),
        other => Cause::Unreadable(format!("{other:?}")),
    }
}

/// Ends the reading of a row that does not end.
struct Guard {
    input: Box<dyn Read>,
    /// Bytes read since the last row ended.
    bytes: Rc<Cell<u64>>,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.get() > MAX_ROW_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.input.read(buffer)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}
