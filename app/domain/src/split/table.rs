//! Cells as spreadsheets put them on the clipboard: tabs between cells, newlines between rows, quotes around what holds
//! either.

use crate::money::{Currency, Minor};

/// Reads rows of cells. Rows at the end with nothing in them are no rows: spreadsheets end their text with a newline.
pub fn read_table(text: &str) -> Vec<Vec<String>> {
    // A quote that never ends is a quote somebody wrote, such as the inches of a screen.
    let mut rows = read(text, true).or_else(|| read(text, false)).unwrap_or_default();
    while rows
        .last()
        .is_some_and(|row| row.iter().all(|cell| cell.trim().is_empty()))
    {
        rows.pop();
    }
    rows
}

/// The rows, or nothing where a quote is open at the end.
fn read(text: &str, quotes: bool) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let (mut quoted, mut fresh) = (false, true);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if quotes && fresh => (quoted, fresh) = (true, false),
            _ if quoted => cell.push(sign),
            '\t' => {
                row.push(std::mem::take(&mut cell));
                fresh = true;
            }
            '\r' | '\n' => {
                if sign == '\r' && signs.peek() == Some(&'\n') {
                    signs.next();
                }
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                fresh = true;
            }
            _ => {
                cell.push(sign);
                fresh = false;
            }
        }
    }
    row.push(cell);
    rows.push(row);
    (!quoted).then_some(rows)
}

/// Writes rows of cells so that [`read_table`] and spreadsheets read the same cells.
pub fn write_table(rows: &[Vec<String>]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join("\t"))
        .collect();
    lines.join("\n")
}

fn quoted(cell: &str) -> String {
    if cell.contains(['\t', '\n', '\r', '"']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// An amount as every spreadsheet reads a number: currency units, a point, nothing between thousands.
pub fn plain_amount(amount: Minor, currency: &Currency) -> String {
    let per_unit = currency.minor_per_unit().unsigned_abs();
    let size = amount.0.unsigned_abs();
    let sign = if amount.0 < 0 { "-" } else { "" };
    let (whole, part) = (size / per_unit, size % per_unit);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let places = usize::from(currency.decimals.min(4));
    format!("{sign}{whole}.{part:0places$}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect()
    }

    #[test]
    fn cells_are_read_with_quotes_and_without_the_last_newline() {
        assert_eq!(read_table("a\t1\r\nb\t\r\n"), table(&[&["a", "1"], &["b", ""]]));
        assert_eq!(
            read_table("\"a\tb\nc\"\t\"say \"\"hi\"\"\"\n"),
            table(&[&["a\tb\nc", "say \"hi\""]])
        );
        assert_eq!(read_table("\"5 inches\t1\n"), table(&[&["\"5 inches", "1"]]));
        assert!(read_table("\n\t\n").is_empty());
    }

    #[test]
    fn amounts_are_plain_numbers() {
        let cny = Currency::from_code("CNY").unwrap();
        assert_eq!(plain_amount(Minor(123_456_700), &cny), "1234567");
        assert_eq!(plain_amount(Minor(-5), &cny), "-0.05");
        let jpy = Currency::from_code("JPY").unwrap();
        assert_eq!(plain_amount(Minor(1_200), &jpy), "1200");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec("[a\"\t\n\r ,1]{0,6}x", 1..4), 1..5)) {
            prop_assert_eq!(read_table(&write_table(&rows)), rows);
        }
    }
}
