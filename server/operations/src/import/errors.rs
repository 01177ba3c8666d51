//! The rows that were not taken over, as a CSV that can be put right and imported again.

use domain::access::Permission;
use domain::format::Lang;
use domain::id::ImportId;
use domain::import::Problem;

use super::{Outcome, parse};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Rows read at once.
const PAGE: u32 = 1_000;

impl Operations {
    /// The rows an import did not take over: file, row, what is wrong, and the cells as they were; UTF-8 with a mark, so that
    /// spreadsheets read it rightly, and with text that spreadsheets would run as formulas put in quotes.
    pub async fn import_errors(&self, scope: &Scope, id: ImportId, lang: Lang) -> Result<String, Error> {
        require(scope, Permission::Import)?;
        let reader = self.database.reader();
        let import = store::import::get(&reader, scope, id).await?;
        let outcome: Outcome = parse(&import.report)?;
        let mut out = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(vec![0xef, 0xbb, 0xbf]);
        let broken = |error: csv::Error| Error::Internal(error.to_string());
        let mut after = (i32::MIN, i64::MIN);
        let mut heading_of = None;
        loop {
            let rows = store::import::rejected(&reader, scope, id, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = (last.file, last.row);
            for row in &rows {
                let cells: Vec<String> = parse(&row.cells)?;
                let problems: Vec<Problem> = parse(&row.problems)?;
                // Files stand in the order of their kinds in the report; the row tells which one by its name's place.
                let file = outcome
                    .files
                    .iter()
                    .find(|file| file.problem.is_none() && file.report.is_some());
                let file = outcome
                    .files
                    .iter()
                    .find(|file| problems.iter().any(|it| concerns(file, it)))
                    .or(file);
                if heading_of != Some(row.file) {
                    heading_of = Some(row.file);
                    let mut heading = match lang {
                        Lang::ZhCn => vec!["文件".to_owned(), "行".to_owned(), "问题".to_owned()],
                        Lang::En => vec!["file".to_owned(), "row".to_owned(), "problem".to_owned()],
                    };
                    if let Some(mapping) = file.and_then(|file| file.mapping.as_ref()) {
                        heading.extend(mapping.columns.iter().map(|column| escape(&column.header)));
                    }
                    out.write_record(&heading).map_err(broken)?;
                }
                let words: Vec<String> = problems.iter().map(|problem| problem.words(lang)).collect();
                let mut record = vec![
                    escape(file.map_or("", |file| file.name.as_str())),
                    row.row.to_string(),
                    escape(&words.join(" ")),
                ];
                record.extend(cells.iter().map(|cell| escape(cell)));
                out.write_record(&record).map_err(broken)?;
            }
        }
        let bytes = out
            .into_inner()
            .map_err(|error| Error::Internal(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Error::Internal(error.to_string()))
    }
}

fn concerns(file: &domain::import::FileView, problem: &Problem) -> bool {
    file.report
        .as_ref()
        .is_some_and(|report| report.problems.contains(problem))
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
pub fn escape(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    if !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        assert_eq!(escape("=1+1"), "'=1+1");
        assert_eq!(escape("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(escape("-12.5"), "-12.5");
        assert_eq!(escape("+x"), "'+x");
        assert_eq!(escape("plain"), "plain");
    }
}
