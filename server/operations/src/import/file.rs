//! A file as a table: which kind it is by its content (never by its name), its heading row, and its rows as a stream.
//!
//! Memory stays bounded whatever the file holds: a row may weigh [`ROW_BYTES`], a table may have [`COLUMNS`].

mod csv;
mod sorted;
mod text;
mod xlsx;

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use domain::import::{Encoding as Asked, FileProblem};
pub(crate) use sorted::{Sorted, Sorter};
use text::Encoding;

/// The most bytes a row of text may have, quoted line ends included.
pub(crate) const ROW_BYTES: usize = 1 << 20;
/// The most columns of a table.
pub(crate) const COLUMNS: usize = 1_000;
/// Rows kept for the page to show beside the mapping.
const SAMPLE_ROWS: usize = 20;

/// Why a file gives no rows.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// The file is at fault; for people.
    #[error("{0:?}")]
    File(FileProblem),
    /// The disk is; for the log.
    #[error("{0}")]
    Disk(#[from] std::io::Error),
}

impl From<FileProblem> for Unreadable {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

/// One row of cells as text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// As spreadsheets count: the heading is row 1.
    pub(crate) number: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// A row over joined cells and the end of each.
    fn new(number: u64, text: &'a str, ends: &'a [usize]) -> Self {
        Self { number, text, ends }
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell without surrounding white space; empty where the row is shorter.
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        let Some(&end) = self.ends.get(column) else {
            return "";
        };
        let start = column
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        self.text.get(start..end).unwrap_or("").trim()
    }

    /// Whether nothing is written in any cell.
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The cells as owned texts.
    pub(crate) fn to_cells(self) -> Vec<String> {
        (0..self.len())
            .map(|column| self.cell(column).to_owned())
            .collect()
    }
}

/// What the user may say about how to read a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// The encoding.
    pub(crate) encoding: Option<Asked>,
    /// Name of the sheet.
    pub(crate) sheet: Option<String>,
}

/// What a file turned out to be.
#[derive(Clone, Debug)]
enum Shape {
    Csv { encoding: Encoding, delimiter: u8 },
    Xlsx { sheet: String },
}

/// A file that was recognised and can be read from its start as often as needed.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    path: PathBuf,
    shape: Shape,
    /// The headings, trimmed; empty ones at the end are left out.
    pub(crate) header: Vec<String>,
    /// The first rows.
    pub(crate) sample: Vec<Vec<String>>,
    /// Rows in all, estimated by line ends; 0 while unknown.
    pub(crate) rows_estimate: u64,
    /// Sheets of a workbook.
    pub(crate) sheets: Vec<String>,
}

impl Table {
    /// Recognises a file and reads its heading.
    pub(crate) fn open(path: &Path, name: &str, reading: &Reading) -> Result<Self, Unreadable> {
        let mut table = match kind(path, name)? {
            Kind::Workbook => {
                let (sheet, sheets) = xlsx::choose_sheet(path, reading.sheet.as_deref())?;
                Self::of(path, Shape::Xlsx { sheet }, 0, sheets)
            }
            Kind::Text => {
                let scan = text::scan(path, reading.encoding)?;
                let delimiter = csv::delimiter(path, scan.encoding)?;
                let shape = Shape::Csv {
                    encoding: scan.encoding,
                    delimiter,
                };
                Self::of(path, shape, scan.lines.saturating_sub(1), Vec::new())
            }
        };
        let mut header = None;
        let mut sample = Vec::new();
        table.raw_rows(&mut |row| {
            if row.is_blank() {
                return ControlFlow::Continue(());
            }
            if header.is_none() {
                header = Some(row.to_cells());
            } else {
                sample.push(row.to_cells());
            }
            if sample.len() < SAMPLE_ROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        let mut header = header.ok_or(FileProblem::Empty)?;
        while header.last().is_some_and(String::is_empty) {
            header.pop();
        }
        if sample.is_empty() {
            return Err(FileProblem::HeaderOnly.into());
        }
        table.header = header;
        table.sample = sample;
        Ok(table)
    }

    fn of(path: &Path, shape: Shape, rows_estimate: u64, sheets: Vec<String>) -> Self {
        Self {
            path: path.to_owned(),
            shape,
            header: Vec::new(),
            sample: Vec::new(),
            rows_estimate,
            sheets,
        }
    }

    /// How it was read, for the page, in signs that need no language: `UTF-8 [,]`, `GBK [Tab]`, `XLSX, Sheet1`.
    pub(crate) fn describe(&self) -> String {
        match &self.shape {
            Shape::Csv { encoding, delimiter } => {
                let delimiter = match delimiter {
                    b'\t' => "Tab",
                    b';' => ";",
                    b'|' => "|",
                    _ => ",",
                };
                format!("{} [{delimiter}]", encoding.name())
            }
            Shape::Xlsx { sheet } => format!("XLSX, {sheet}"),
        }
    }

    /// The sheet of a workbook that is read.
    pub(crate) fn sheet(&self) -> Option<&str> {
        match &self.shape {
            Shape::Xlsx { sheet } => Some(sheet),
            Shape::Csv { .. } => None,
        }
    }

    /// Hands every row below the heading that has something in it to `each` until that breaks off.
    pub(crate) fn rows(&self, each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>) -> Result<(), Unreadable> {
        let mut heading = true;
        self.raw_rows(&mut |row| {
            if row.is_blank() {
                return ControlFlow::Continue(());
            }
            if heading {
                heading = false;
                return ControlFlow::Continue(());
            }
            each(row)
        })
    }

    fn raw_rows(&self, each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>) -> Result<(), Unreadable> {
        match &self.shape {
            Shape::Csv { encoding, delimiter } => csv::rows(&self.path, *encoding, *delimiter, each),
            Shape::Xlsx { sheet } => xlsx::rows(&self.path, sheet, each),
        }
    }
}

/// Whether a file is a workbook by its content; the problem where its name promises what it is not.
pub(crate) fn is_workbook(path: &Path, name: &str) -> Result<bool, Unreadable> {
    Ok(matches!(kind(path, name)?, Kind::Workbook))
}

/// The names of a workbook's sheets, after it was weighed.
pub(crate) fn sheets(path: &Path) -> Result<Vec<String>, Unreadable> {
    xlsx::choose_sheet(path, None).map(|(_, sheets)| sheets)
}

/// Hands every row of a workbook's sheet with a cell in it to `each` until that breaks off. [`sheets`] has weighed it.
pub(crate) fn sheet_rows(
    path: &Path,
    sheet: &str,
    each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
) -> Result<(), Unreadable> {
    xlsx::rows(path, sheet, each)
}

enum Kind {
    Workbook,
    Text,
}

/// Kinds of files people mistake for tables, by their first bytes.
const OTHERS: [(&[u8], &str); 9] = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "SQLite"),
];

fn kind(path: &Path, name: &str) -> Result<Kind, Unreadable> {
    let mut head = Vec::with_capacity(512);
    File::open(path)?.take(512).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(FileProblem::Empty.into());
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Workbook);
    }
    let found = |what: &str| Err(disguised_or_wrong(name, what));
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return found("XLS");
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return found(what);
    }
    let start: String = String::from_utf8_lossy(&head)
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return found("HTML");
    }
    if start.starts_with("<?xml") {
        return found("XML");
    }
    if start.starts_with("{\"") || start.starts_with("{\n") || start.starts_with("[{") {
        return found("JSON");
    }
    // A workbook by its name that is text by its bytes was renamed: it is refused rather than guessed at.
    if name.to_lowercase().ends_with(".xlsx") {
        return Err(FileProblem::Disguised {
            named: "XLSX".to_owned(),
            found: "CSV".to_owned(),
        }
        .into());
    }
    Ok(Kind::Text)
}

/// What the name promises against what the bytes are.
fn disguised_or_wrong(name: &str, found: &str) -> Unreadable {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
    let problem = match ending {
        Some(named) if ["XLSX", "CSV", "TSV", "TXT"].contains(&named.as_str()) => FileProblem::Disguised {
            named,
            found: found.to_owned(),
        },
        _ => FileProblem::WrongType {
            found: found.to_owned(),
        },
    };
    problem.into()
}

#[cfg(test)]
mod tests;
