//! A row a series: its id, then its values, blank after their end.

use std::collections::HashMap;

use super::super::problem::{Cause, Problem};
use super::{Found, MAX_SERIES, MAX_VALUES, Row, Rows, Series, is_missing};

/// First cells that only a heading has.
const HEADINGS: [&str; 4] = ["id", "series", "unique_id", "v1"];

/// The series of a file in this layout, row by row.
pub(super) struct Wide {
    rows: Rows,
    /// The first row, where it is no heading.
    first: Option<Row>,
    /// Where each id was first.
    lines: HashMap<String, u64>,
}

impl Wide {
    pub(super) fn new(rows: Rows, first: Row) -> Self {
        Self {
            rows,
            first: (!is_heading(&first)).then_some(first),
            lines: HashMap::new(),
        }
    }

    fn series(&mut self, row: &Row) -> Found {
        let id = row.cell(0)?.unwrap_or_default();
        if id.is_empty() {
            return Err(Problem::at(row.line, Cause::NoId).column(1));
        }
        if let Some(first) = self.lines.get(id) {
            let cause = Cause::SameSeries { first: *first };
            return Err(Problem::at(row.line, cause).column(1).of(id));
        }
        self.lines.insert(id.to_owned(), row.line);
        values(row)
            .map(|values| Series {
                id: id.to_owned(),
                line: row.line,
                first: None,
                values,
            })
            .map_err(|problem| problem.of(id))
    }
}

impl Iterator for Wide {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        let row = match self.first.take() {
            Some(row) => row,
            None => match self.rows.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => return None,
                Err(problem) => return Some(Err(problem)),
            },
        };
        if self.lines.len() >= MAX_SERIES {
            self.rows.ended = true;
            let cause = Cause::TooManySeries { limit: MAX_SERIES };
            return Some(Err(Problem::at(row.line, cause)));
        }
        Some(self.series(&row))
    }
}

/// The values of a row up to the last that is there.
fn values(row: &Row) -> Result<Vec<f64>, Problem> {
    if row.cells.len() > MAX_VALUES + 1 {
        return Err(Problem::at(row.line, Cause::TooManyValues { limit: MAX_VALUES }));
    }
    let mut values = Vec::with_capacity(row.cells.len());
    for column in 1..row.cells.len() {
        values.push(row.number(row.cell(column)?.unwrap_or_default(), column)?);
    }
    let end = values
        .iter()
        .rposition(|value| !value.is_nan())
        .map_or(0, |last| last + 1);
    values.truncate(end);
    Ok(values)
}

/// Whether a row names columns instead of holding values.
fn is_heading(row: &Row) -> bool {
    let text = |column| row.cell(column).ok().flatten().unwrap_or_default();
    let first = text(0);
    if HEADINGS.iter().any(|heading| first.eq_ignore_ascii_case(heading)) {
        return true;
    }
    let mut others = (1..row.cells.len())
        .map(text)
        .filter(|cell| !is_missing(cell))
        .peekable();
    others.peek().is_some() && others.all(|cell| cell.parse::<f64>().is_err())
}
