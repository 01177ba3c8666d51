//! Many rows in few statements. One statement holds as many rows as both databases' bound on values allows; its text is
//! made once per table and kept by the driver as a prepared statement.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{Dialect, Session, StoreError, Writer};

/// Below SQLite's bound of 32,766 values a statement.
const VALUES_PER_STATEMENT: usize = 16_000;
/// More rows than this in one statement gain nothing.
const ROWS_PER_STATEMENT: usize = 1_000;

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
    /// Rows one statement takes.
    fn rows_per_statement(&self) -> usize {
        (VALUES_PER_STATEMENT / self.columns).clamp(1, ROWS_PER_STATEMENT)
    }

    /// Writes rows given as their values one after the other.
    pub(crate) async fn run(&self, writer: &Writer, values: Vec<Value>) -> Result<(), StoreError> {
        let per_statement = self.rows_per_statement() * self.columns;
        let executor = writer.executor();
        let backend = executor.get_database_backend();
        let mut rest = values.into_iter();
        loop {
            let part: Vec<Value> = rest.by_ref().take(per_statement).collect();
            if part.is_empty() {
                return Ok(());
            }
            let text = self.text(writer.dialect(), part.len() / self.columns);
            executor
                .execute_raw(Statement::from_sql_and_values(backend, text.as_str(), part))
                .await?;
        }
    }

    /// The statement for a number of rows; whole ones are remembered.
    fn text(&self, dialect: Dialect, rows: usize) -> Arc<String> {
        type Texts = Mutex<HashMap<(&'static str, Dialect), Arc<String>>>;
        static WHOLE: OnceLock<Texts> = OnceLock::new();
        if rows != self.rows_per_statement() {
            return Arc::new(self.write(dialect, rows));
        }
        let mut whole = WHOLE
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            whole
                .entry((self.head, dialect))
                .or_insert_with(|| Arc::new(self.write(dialect, rows))),
        )
    }

    fn write(&self, dialect: Dialect, rows: usize) -> String {
        let mut text = String::with_capacity(self.head.len() + rows * self.columns * 6 + self.tail.len());
        text.push_str(self.head);
        text.push_str(" VALUES ");
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
        text.push(' ');
        text.push_str(self.tail);
        text
    }
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
pub(crate) const KEYS_PER_STATEMENT: usize = 1_000;

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
