//! Rows of targets, long or wide: read here row by row, settled and written by the plans once all files are read.

mod batch;
mod carrier;

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use domain::calendar::{Day, Fiscal, Period};
use domain::import::{Field, FileView, Finding, Mapping, Options, Problem, Reason, Report, TargetSheet};
use domain::metric::MetricKey;
use domain::money::{Currency, Minor};
use domain::target::{NodeRef, Span};

use super::catalog::Catalog;
use super::cells::Columns;
use super::file::Row;
use super::job::{Job, REJECTED_KEPT, Stop, kept};
use super::opening::{Opened, broken_off};
use super::refer::Refer;
use crate::Error;
use crate::plan::sheet::SheetRow;
pub(super) use batch::Batch;
use carrier::Carriers;

/// What the files of targets say so far.
#[derive(Debug, Default)]
pub(super) struct Targets {
    sheets: BTreeMap<MetricKey, Cells>,
    /// Files by their names, in the order in which they were read.
    files: Vec<String>,
    /// The file of each line.
    lines: Vec<usize>,
}

/// The cells of one metric.
#[derive(Debug, Default)]
struct Cells {
    rows: Vec<SheetRow>,
    /// The line of each.
    lines: Vec<usize>,
    /// Where a number stood first.
    taken: HashMap<(NodeRef, Span), (usize, u64)>,
    /// The periods there are, by name.
    periods: BTreeMap<Span, String>,
}

impl Targets {
    /// Whether no file of targets was read.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Job {
    /// Reads a file of targets.
    pub(super) async fn targets(
        &mut self,
        opened: Opened,
        catalog: Catalog,
        targets: &mut Targets,
    ) -> Result<(Catalog, FileView), Stop> {
        let Opened {
            file,
            table,
            kind,
            mapping,
            mut view,
        } = opened;
        let reader = self.operations.database.reader();
        let organization = store::organization::get(&reader, &self.scope).await?;
        let fiscal = Fiscal::new(organization.fiscal_start_month)
            .map_err(|error| Error::Internal(error.to_string()))?;
        let options = self.request.options.clone();
        let year = year_from([table.sheet(), Some(view.name.as_str())]);
        let sheet = match TargetSheet::new(&mapping, &options, fiscal, year.as_ref().map(|(year, _)| *year)) {
            Ok(sheet) => sheet.in_currency(&organization.currency.code),
            Err(problems) => {
                view.mapping = Some(Mapping { problems, ..mapping });
                return Err(Stop::Files(Box::new(view)));
            }
        };
        view.mapping = Some(sheet.mapping().clone());
        view.findings.extend(told(&sheet, &options));
        let mut reading = Reading {
            columns: self.columns(&view.name, sheet.mapping().clone()),
            fixes: self.fixed_cells(&view.name, sheet.mapping()),
            refer: Refer::new(&options, kind),
            carriers: Carriers::of(&catalog),
            currency: organization.currency,
            file: targets.files.len(),
            sheet,
            null: 0,
            empty: 0,
        };
        targets.files.push(view.name.clone());
        let mut held = std::mem::take(targets);
        let room = REJECTED_KEPT.saturating_sub(self.rejected_kept);
        let (catalog, held, report, reading, rejected, problem) = tokio::task::spawn_blocking(move || {
            let mut catalog = catalog;
            let mut report = Report::new(kind);
            let mut rejected = Vec::new();
            let outcome = table.rows(&mut |row| {
                if reading.columns.dropped(row.number) {
                    return ControlFlow::Continue(());
                }
                report.counts.read += 1;
                if let Err(problems) = reading.read(row, &mut catalog, &mut held, &mut report) {
                    if rejected.len() < room {
                        rejected.push(kept(file, row.number, &row.to_cells(), &problems));
                    }
                    report.reject(problems);
                }
                ControlFlow::Continue(())
            });
            (catalog, held, report, reading, rejected, outcome.err())
        })
        .await?;
        *targets = held;
        self.keep(rejected).await?;
        if let (Some(_), Some((year, name))) = (reading.sheet.year_used(), year) {
            view.findings.push(Finding::YearFromName { year, name });
        }
        if reading.null + reading.empty > 0 {
            view.findings.push(Finding::NoTarget {
                null: reading.null,
                empty: reading.empty,
            });
        }
        view.findings.extend(reading.refer.into_findings());
        view.report = Some(report);
        match problem {
            None => Ok((catalog, view)),
            Some(problem) => Err(broken_off(problem, view)),
        }
    }

    /// What a person put into cells of a file, by row and column.
    fn fixed_cells(&self, name: &str, mapping: &Mapping) -> HashMap<(u64, usize), String> {
        let place = |header: Option<&str>, field: Field| {
            let named =
                header.and_then(|header| mapping.columns.iter().position(|column| column.header == header));
            named.or_else(|| mapping.column_of(field))
        };
        self.request
            .fixes
            .iter()
            .filter(|fix| fix.file == name)
            .filter_map(|fix| {
                let column = place(fix.column.as_deref(), fix.field)?;
                Some(((fix.row, column), fix.value.clone()))
            })
            .collect()
    }
}

/// What is worth knowing of a sheet's headings.
fn told(sheet: &TargetSheet, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !sheet.subtotals().is_empty() {
        findings.push(Finding::Subtotals {
            headers: sheet.subtotals().to_vec(),
        });
    }
    if let Some((header, unit)) = sheet.unit_of_header(options) {
        findings.push(Finding::UnitFromHeader {
            header: header.to_owned(),
            unit,
        });
    }
    findings
}

/// The one year that stands in a name, of the first name that has one.
fn year_from<'a>(names: impl IntoIterator<Item = Option<&'a str>>) -> Option<(u16, String)> {
    names.into_iter().flatten().find_map(|name| {
        let mut years = name
            .split(|letter: char| !letter.is_ascii_digit())
            .filter(|digits| digits.len() == 4)
            .filter_map(|digits| digits.parse::<u16>().ok())
            .filter(|year| (1950..=2150).contains(year));
        let year = years.next()?;
        years.all(|other| other == year).then(|| (year, name.to_owned()))
    })
}

/// One file at work.
struct Reading {
    sheet: TargetSheet,
    columns: Columns,
    fixes: HashMap<(u64, usize), String>,
    refer: Refer,
    carriers: Carriers,
    currency: Currency,
    /// Which file of targets.
    file: usize,
    /// Cells that say that there is no target, and empty ones.
    null: u64,
    empty: u64,
}

impl Reading {
    /// Takes a row over, or says what is wrong with it.
    fn read(
        &mut self,
        row: Row<'_>,
        catalog: &mut Catalog,
        targets: &mut Targets,
        report: &mut Report,
    ) -> Result<(), Vec<Problem>> {
        let Self {
            sheet,
            columns,
            fixes,
            refer,
            carriers,
            currency,
            file,
            null,
            empty,
        } = self;
        let mut cells = columns.cells(row);
        let fits = cells.problems.is_empty();
        let fixed = |column: usize| fixes.get(&(row.number, column)).map(String::as_str);
        let cell = |column: usize| fixed(column).unwrap_or_else(|| row.cell(column));
        let read = sheet.read(row.number, cell);
        // An amount of another currency does not add up with the others.
        if cells.currency(&currency.code) {
            let amounts = match &read {
                Ok(said) => &said.amounts,
                Err(refused) => &refused.amounts,
            };
            for target in amounts {
                report.source.add(&target.period.name, target.amount);
            }
        }
        let said = match read {
            Ok(said) if fits => said,
            Ok(_) => return Err(cells.problems),
            Err(mut refused) => {
                cells.problems.append(&mut refused.problems);
                return Err(cells.problems);
            }
        };
        for cell in &said.without {
            *(if cell.said { &mut *null } else { &mut *empty }) += 1;
        }
        let carrier = carriers.of_row(&said.carrier, catalog, refer, &mut cells);
        let (Some(of), true) = (carrier, cells.problems.is_empty()) else {
            return Err(cells.problems);
        };
        let metric = said.metric.unwrap_or(MetricKey::BOOKINGS);
        let sheet_cells = targets.sheets.entry(metric).or_default();
        let periods = said
            .amounts
            .iter()
            .map(|target| (&target.period, Some(target.column)));
        sheet_cells.check(row.number, of, *file, periods, &self.sheet)?;
        let line = targets.lines.len();
        targets.lines.push(*file);
        for target in said.amounts {
            report.written.add(&target.period.name, target.amount);
            let amount = Some(target.amount.to_minor(currency));
            sheet_cells.put(line, row.number, *file, of, target.period, amount);
        }
        if columns.clears() {
            for cell in said.without {
                if sheet_cells.fits(&cell.period) {
                    sheet_cells.put(line, row.number, *file, of, cell.period, None);
                }
            }
        }
        Ok(())
    }
}

impl Cells {
    /// Whether these numbers may be taken: each for the first time, and in periods that do not overlap others.
    fn check<'a>(
        &self,
        row: u64,
        of: NodeRef,
        file: usize,
        periods: impl Iterator<Item = (&'a Period, Option<usize>)>,
        sheet: &TargetSheet,
    ) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut own: BTreeMap<Span, String> = BTreeMap::new();
        for (period, column) in periods {
            let span = Span::of(period);
            let overlaps = |other: &str| Reason::PeriodOverlaps {
                period: period.name.clone(),
                other: other.to_owned(),
            };
            let reason = match self.taken.get(&(of, span)) {
                Some((first_file, first_row)) if *first_file == file => Some(Reason::Duplicate {
                    first_row: *first_row,
                }),
                Some(_) => Some(Reason::InAnotherFile),
                // Two headings of one row may come to the same period by its year.
                None if own.contains_key(&span) => Some(Reason::Duplicate { first_row: row }),
                None => overlapping(&self.periods, span)
                    .or_else(|| overlapping(&own, span))
                    .map(overlaps),
            };
            let Some(reason) = reason else {
                own.insert(span, period.name.clone());
                continue;
            };
            let header = column
                .and_then(|column| sheet.mapping().columns.get(column))
                .map_or("", |column| column.header.as_str());
            problems.push(Problem::cell(row, header, Field::Amount, "", reason));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Whether a cell without a number may say so: its period is one of those there are, or overlaps none.
    fn fits(&self, period: &Period) -> bool {
        overlapping(&self.periods, Span::of(period)).is_none()
    }

    fn put(
        &mut self,
        line: usize,
        row: u64,
        file: usize,
        of: NodeRef,
        period: Period,
        amount: Option<Minor>,
    ) {
        let span = Span::of(&period);
        if self.taken.insert((of, span), (file, row)).is_some() {
            return;
        }
        self.periods.entry(span).or_insert_with(|| period.name.clone());
        self.rows.push(SheetRow { of, period, amount });
        self.lines.push(line);
    }
}

/// The period that has days in common with another, of periods that have none in common with each other.
fn overlapping(known: &BTreeMap<Span, String>, span: Span) -> Option<&str> {
    let behind = Span {
        starts_on: span.ends_on,
        ends_on: Day(i32::MIN),
    };
    let (before, name) = known.range(..behind).next_back()?;
    (*before != span && before.overlaps(span)).then_some(name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_is_found_among_what_does_not() {
        let span = |from, to| Span {
            starts_on: Day(from),
            ends_on: Day(to),
        };
        let known = BTreeMap::from([(span(0, 10), "a".to_owned()), (span(20, 30), "b".to_owned())]);
        let found = |from, to| overlapping(&known, span(from, to));
        assert_eq!(found(10, 20), None);
        assert_eq!(found(30, 40), None);
        assert_eq!(found(0, 10), None, "itself");
        assert_eq!(found(5, 15), Some("a"));
        assert_eq!(found(0, 5), Some("a"));
        assert_eq!(found(15, 40), Some("b"));
        assert_eq!(found(0, 40), Some("b"));
    }

    #[test]
    fn a_year_is_taken_from_the_first_name_that_has_one() {
        let year = |sheet, file| year_from([sheet, Some(file)]).map(|(year, _)| year);
        assert_eq!(year(None, "2018年销售目标.xlsx"), Some(2018));
        assert_eq!(year(Some("FY2019"), "2018.xlsx"), Some(2019));
        assert_eq!(year(Some("Sheet1"), "targets 2018 v2.csv"), Some(2018));
        assert_eq!(year(None, "2018-2019.csv"), None);
        assert_eq!(year(None, "20180101.csv"), None);
        assert_eq!(year(None, "targets.csv"), None);
    }
}
