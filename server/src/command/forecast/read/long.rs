//! A row a value, in any order.

use std::collections::HashMap;

use domain::calendar::{Day, Fiscal, Period};

use super::super::problem::{Cause, Problem};
use super::period::{self, Kind, Stride};
use super::{Found, MAX_ROWS, MAX_SERIES, MAX_VALUES, Row, Rows, Series, shown};

/// The names of the columns, each with what other forecasting tools call it.
const NAMES: [[&str; 2]; 3] = [["id", "unique_id"], ["period", "ds"], ["value", "y"]];

/// Where id, period and value stand.
pub(super) struct Columns([usize; 3]);

impl Columns {
    /// The columns of a heading; `None` where it is none of this layout.
    pub(super) fn of(row: &Row) -> Option<Result<Self, Problem>> {
        let place = |names: &[&str; 2]| {
            (0..row.cells.len()).find(|column| {
                let cell = row.cell(*column).ok().flatten().unwrap_or_default();
                names.iter().any(|name| cell.eq_ignore_ascii_case(name))
            })
        };
        let [id, period, value] = NAMES.each_ref().map(place);
        if period.is_none() && value.is_none() {
            return None;
        }
        let found =
            |place: Option<usize>, name| place.ok_or_else(|| Problem::at(row.line, Cause::NoColumn(name)));
        let columns = || {
            Ok(Self([
                found(id, "id")?,
                found(period, "period")?,
                found(value, "value")?,
            ]))
        };
        Some(columns())
    }
}

/// A value at its period.
struct Point {
    number: i64,
    value: f64,
    line: u64,
}

/// A series as far as it is read.
struct Building {
    id: String,
    line: u64,
    kind: Option<Kind>,
    points: Vec<Point>,
    /// The first thing wrong with it.
    problem: Option<Problem>,
}

/// Reads everything; the series come in the order of their first rows, then what belongs to none.
pub(super) fn series(mut rows: Rows, columns: &Columns) -> Box<dyn Iterator<Item = Found>> {
    let mut table = Table::default();
    let mut problems = Vec::new();
    let mut count = 0;
    loop {
        match rows.next_row() {
            Ok(Some(row)) => {
                count += 1;
                if count > MAX_ROWS {
                    problems.push(Problem::at(row.line, Cause::TooManyRows { limit: MAX_ROWS }));
                    break;
                }
                if let Err(problem) = table.take(&row, columns) {
                    let full = problem.ends_the_file();
                    problems.push(problem);
                    if full {
                        break;
                    }
                }
            }
            Ok(None) => break,
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
    }
    if count == 0 && problems.is_empty() {
        problems.push(Problem::of_file(Cause::Empty));
    }
    // A file cut off in the middle has series that are not whole.
    let whole = !problems.iter().any(Problem::ends_the_file);
    let found = table
        .series
        .into_iter()
        .filter(move |_| whole)
        .map(Building::finish);
    Box::new(found.chain(problems.into_iter().map(Err)))
}

#[derive(Default)]
struct Table {
    places: HashMap<String, usize>,
    series: Vec<Building>,
}

impl Table {
    /// Takes a row; what is wrong with it stays with its series, where it has one.
    fn take(&mut self, row: &Row, columns: &Columns) -> Result<(), Problem> {
        let [id_column, period_column, value_column] = columns.0;
        let id = row.cell(id_column)?.unwrap_or_default();
        if id.is_empty() {
            return Err(Problem::at(row.line, Cause::NoId).column(id_column + 1));
        }
        let place = match self.places.get(id) {
            Some(place) => *place,
            None => {
                if self.series.len() >= MAX_SERIES {
                    return Err(Problem::at(row.line, Cause::TooManySeries { limit: MAX_SERIES }));
                }
                self.places.insert(id.to_owned(), self.series.len());
                self.series.push(Building {
                    id: id.to_owned(),
                    line: row.line,
                    kind: None,
                    points: Vec::new(),
                    problem: None,
                });
                self.series.len() - 1
            }
        };
        let Some(building) = self.series.get_mut(place) else {
            return Ok(());
        };
        if building.problem.is_none()
            && let Err(problem) = building.add(row, period_column, value_column)
        {
            building.problem = Some(problem);
            building.points = Vec::new();
        }
        Ok(())
    }
}

impl Building {
    fn add(&mut self, row: &Row, period_column: usize, value_column: usize) -> Result<(), Problem> {
        let short = || Problem::at(row.line, Cause::ShortRow);
        let text = row.cell(period_column)?.ok_or_else(short)?;
        let wrong = |cause| Problem::at(row.line, cause).column(period_column + 1);
        let (kind, number) = period::parse(text).ok_or_else(|| wrong(Cause::NotAPeriod(shown(text))))?;
        if *self.kind.get_or_insert(kind) != kind {
            return Err(wrong(Cause::OtherKind(shown(text))));
        }
        let value = row.number(row.cell(value_column)?.ok_or_else(short)?, value_column)?;
        self.points.push(Point {
            number,
            value,
            line: row.line,
        });
        Ok(())
    }

    /// The values in their order, with what is missing between them.
    fn finish(mut self) -> Found {
        let id = self.id.clone();
        self.values()
            .map(|(first, values)| Series {
                id: self.id,
                line: self.line,
                first,
                values,
            })
            .map_err(|problem| problem.of(&id))
    }

    /// The first period, where it has a date, and the values.
    fn values(&mut self) -> Result<(Option<Period>, Vec<f64>), Problem> {
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let mut points = std::mem::take(&mut self.points);
        let mut starts = None;
        if self.kind == Some(Kind::Day) {
            // They were days before, so they fit.
            let day = |point: &Point| Day(point.number as i32);
            let stride = Stride::of(points.iter().map(day));
            // The week, month or quarter that the earliest day lies in.
            let earliest = points.iter().map(day).min();
            starts = stride
                .kind()
                .zip(earliest)
                .map(|(kind, day)| Fiscal::default().period_of(kind, day));
            for point in &mut points {
                point.number = stride.number(day(point));
            }
        }
        points.sort_by_key(|point| (point.number, point.line));
        for pair in points.windows(2) {
            if let [first, second] = pair
                && first.number == second.number
            {
                return Err(Problem::at(second.line, Cause::SamePeriod { first: first.line }));
            }
        }
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Ok((None, Vec::new()));
        };
        let periods = i128::from(last.number) - i128::from(first.number) + 1;
        let too_many = || Problem::at(self.line, Cause::TooManyValues { limit: MAX_VALUES });
        let periods = usize::try_from(periods)
            .ok()
            .filter(|periods| *periods <= MAX_VALUES)
            .ok_or_else(too_many)?;
        let start = first.number;
        if let Some(Kind::Named(kind)) = self.kind {
            starts = period::named(kind, start);
        }
        let mut values = vec![f64::NAN; periods];
        for point in points {
            if let Some(value) = usize::try_from(point.number - start)
                .ok()
                .and_then(|place| values.get_mut(place))
            {
                *value = point.value;
            }
        }
        Ok((starts, values))
    }
}
