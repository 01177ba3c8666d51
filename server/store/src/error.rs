//! What can go wrong below the use cases. Details are for the log; people see a reference number (invariant 9).

use sea_orm::{DbErr, SqlErr};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No row within the scope: it does not exist or must look as if it did not.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// A unique key is taken, or a concurrent change came first.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database belongs to a newer build, or is not ours.
    #[error("unusable schema: {0}")]
    Schema(String),
    /// A stored value that cannot be read back; a defect or damage.
    #[error("damaged value in {0}")]
    Damaged(&'static str),
    /// The address of the database is not understood.
    #[error("unusable database address: {0}")]
    Address(String),
    /// Anything the database says.
    #[error("database: {0}")]
    Database(DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) => Self::Conflict(what),
            _ => Self::Database(error),
        }
    }
}
