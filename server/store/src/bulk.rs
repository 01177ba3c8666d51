//! Many rows in few statements. Statements come in few sizes, so that the text of each is made once per table and the driver
//! keeps it as a prepared statement: a new size would be compiled anew and push out another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{Dialect, Session, StoreError, Writer};

/// Rows of one statement, at most and in smaller sizes. Below SQLite's bound of 32,766 values; more rows would be hardly
/// faster, and while a statement runs its values are there three times: as ours, the driver's and SQLite's.
const SIZES: [usize; 5] = [256, 128, 32, 4, 1];

/// An `INSERT` of many rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Insert {
    /// `INSERT INTO table (columns)`.
    pub(crate) head: &'static str,
    /// Number of columns.
    pub(crate) columns: usize,
    /// What follows the rows: `ON CONFLICT …`, or nothing.
    pub(crate) tail: &'static str,
}

impl Insert {
    /// Writes rows given as their values one after the other.
    pub(crate) async fn run(&self, writer: &Writer, values: Vec<Value>) -> Result<(), StoreError> {
        let executor = writer.executor();
        let backend = executor.get_database_backend();
        let mut left = values.len() / self.columns;
        let mut rest = values.into_iter();
        while left > 0 {
            let size = size_for(writer.dialect(), left);
            let filled = size.min(left);
            let mut part: Vec<Value> = Vec::with_capacity(size * self.columns);
            part.extend(rest.by_ref().take(filled * self.columns));
            part.resize(size * self.columns, Value::Int(None));
            let text = self.text(writer.dialect(), size);
            executor
                .execute_raw(Statement::from_sql_and_values(backend, text.as_str(), part))
                .await?;
            left -= filled;
        }
        Ok(())
    }

    /// The statement for a number of rows.
    fn text(&self, dialect: Dialect, rows: usize) -> Arc<String> {
        type Texts = Mutex<HashMap<(&'static str, Dialect, usize), Arc<String>>>;
        static TEXTS: OnceLock<Texts> = OnceLock::new();
        let mut texts = TEXTS
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            texts
                .entry((self.head, dialect, rows))
                .or_insert_with(|| Arc::new(self.write(dialect, rows))),
        )
    }

    fn write(&self, dialect: Dialect, rows: usize) -> String {
        let mut text = String::with_capacity(self.head.len() + rows * self.columns * 6 + self.tail.len());
        match dialect {
            Dialect::Postgres => text.push_str(&format!("{} VALUES ", self.head)),
            Dialect::Sqlite => {
                // What fails is rolled back with its transaction: no need to keep what the statement alone would undo.
                let verb = if self.tail.is_empty() {
                    "INSERT OR FAIL"
                } else {
                    "INSERT"
                };
                text.push_str(&self.head.replacen("INSERT", verb, 1));
                text.push_str(" SELECT * FROM (VALUES ");
            }
        }
        let mut number = 0;
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..self.columns {
                if column > 0 {
                    text.push(',');
                }
                number += 1;
                mark(&mut text, dialect, number);
            }
            text.push(')');
        }
        if dialect == Dialect::Sqlite {
            // The first column of every key, the organization, is missing in rows that only fill up.
            text.push_str(") WHERE column1 IS NOT NULL");
        }
        text.push(' ');
        text.push_str(self.tail);
        text
    }
}

/// How many rows the next statement takes where so many are left. SQLite gets more than are left, the others empty: one
/// statement more costs more than many values that are not there. PostgreSQL would take their types for text.
fn size_for(dialect: Dialect, left: usize) -> usize {
    let [most, ..] = SIZES;
    let fits = match dialect {
        Dialect::Sqlite => SIZES.into_iter().rev().find(|size| *size >= left),
        Dialect::Postgres => SIZES.into_iter().find(|size| *size <= left),
    };
    fits.unwrap_or(most)
}

/// One placeholder; SQLite searches named ones in a list, so it gets bare ones.
fn mark(text: &mut String, dialect: Dialect, number: usize) {
    match dialect {
        Dialect::Sqlite => text.push('?'),
        Dialect::Postgres => {
            text.push('$');
            text.push_str(&number.to_string());
        }
    }
}

/// Statements over lists of keys, as many keys at once as fit.
pub(crate) const KEYS_PER_STATEMENT: usize = 1_024;

/// Lists of keys in few lengths, powers of two: the last key of a list that is shorter is repeated, which finds nothing new.
pub(crate) fn key_lists<T: Copy>(keys: &[T]) -> impl Iterator<Item = Vec<T>> {
    keys.chunks(KEYS_PER_STATEMENT).map(|part| {
        let mut list = part.to_vec();
        if let Some(last) = part.last() {
            list.resize(part.len().next_power_of_two(), *last);
        }
        list
    })
}

/// `?, ?, ?` or `$n, $n+1 …` for `count` values, the first of them number `first` (from 1).
pub(crate) fn marks(dialect: Dialect, first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 6);
    for number in first..first + count {
        if number > first {
            text.push(',');
        }
        mark(&mut text, dialect, number);
    }
    text
}

/// One placeholder by its number; values must be used in the order of their numbers, each once.
pub(crate) fn one_mark(dialect: Dialect, number: usize) -> String {
    marks(dialect, number, 1)
}

/// Runs a statement and answers the number of rows it changed.
pub(crate) async fn execute(writer: &Writer, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
    let executor = writer.executor();
    let statement = Statement::from_sql_and_values(executor.get_database_backend(), sql, values);
    Ok(executor.execute_raw(statement).await?.rows_affected())
}

/// Runs a query.
pub(crate) async fn query(
    session: &impl Session,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<sea_orm::QueryResult>, StoreError> {
    let executor = session.executor();
    let statement = Statement::from_sql_and_values(executor.get_database_backend(), sql, values);
    Ok(executor.query_all_raw(statement).await?)
}
