//! Connections: one writer with IMMEDIATE transactions and several readers on SQLite, one pool on PostgreSQL.

use std::time::Duration;

use migration::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::StoreError;

/// Readers on SQLite; writers never wait for them (WAL).
const SQLITE_READERS: u32 = 6;
/// Pages of SQLite's log after which a commit folds it into the file: twice the usual, because a long import writes some
/// pages again and again, and few enough to be folded while others wait.
const LOG_PAGES: u32 = 2_000;
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Which database is behind; only for statements that cannot be written the same for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// An open database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    dialect: Dialect,
    url: String,
}

/// A session of reads outside a transaction.
#[derive(Clone, Debug)]
pub struct Reader {
    connection: DatabaseConnection,
    dialect: Dialect,
}

/// A write transaction; dropped without [`Writer::commit`] it rolls back.
#[derive(Debug)]
pub struct Writer {
    transaction: DatabaseTransaction,
    dialect: Dialect,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Reader {}
    impl Sealed for super::Writer {}
}

/// Where a query runs: a [`Reader`] or a [`Writer`]. Sealed; what it gives is of use inside this crate only.
pub trait Session: sealed::Sealed + Send + Sync {
    /// The sea-orm side of the session.
    #[doc(hidden)]
    fn executor(&self) -> DatabaseExecutor<'_>;
    /// Which database is behind.
    #[doc(hidden)]
    fn dialect(&self) -> Dialect;
}

impl Session for Reader {
    fn executor(&self) -> DatabaseExecutor<'_> {
        (&self.connection).into()
    }
    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

impl Session for Writer {
    fn executor(&self) -> DatabaseExecutor<'_> {
        (&self.transaction).into()
    }
    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

impl Database {
    /// Opens `sqlite:PATH` (created when absent) or `postgres://…`; the schema is not touched.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") {
                return Err(StoreError::Address(format!(
                    "{url}: a file path is needed, as in sqlite:attain.db"
                )));
            }
            let address = format!("sqlite://{path}?mode=rwc");
            let write = sea_orm::Database::connect(sqlite_options(&address, 1)).await?;
            let read = sea_orm::Database::connect(sqlite_options(&address, SQLITE_READERS)).await?;
            Ok(Self {
                read,
                write,
                dialect: Dialect::Sqlite,
                url: url.to_owned(),
            })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(POSTGRES_CONNECTIONS)
                .connect_timeout(Duration::from_secs(10))
                .acquire_timeout(Duration::from_secs(30))
                .sqlx_logging(false);
            let pool = sea_orm::Database::connect(options).await?;
            Ok(Self {
                read: pool.clone(),
                write: pool,
                dialect: Dialect::Postgres,
                url: url.to_owned(),
            })
        } else {
            Err(StoreError::Address(format!(
                "{url}: sqlite:PATH or postgres://… is expected"
            )))
        }
    }

    /// Brings the schema to this build's version.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Migrator::up(&self.write, None).await.map_err(StoreError::from)
    }

    /// Which database is behind.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The address it was opened with.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A session for reads; each query sees what is committed at its time.
    pub fn reader(&self) -> Reader {
        Reader {
            connection: self.read.clone(),
            dialect: self.dialect,
        }
    }

    /// Begins a write transaction; on SQLite it takes the write lock at once (IMMEDIATE).
    pub async fn writer(&self) -> Result<Writer, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.dialect == Dialect::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Writer {
            transaction: self.write.begin_with_options(options).await?,
            dialect: self.dialect,
        })
    }

    /// Closes every connection; on SQLite this also folds the log into the file.
    pub async fn close(self) -> Result<(), StoreError> {
        self.read.close().await?;
        if self.dialect == Dialect::Sqlite {
            self.write.close().await?;
        }
        Ok(())
    }
}

impl Writer {
    /// Makes everything written durable and visible.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(StoreError::from)
    }

    /// Gives everything written up; dropping does the same.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.transaction.rollback().await.map_err(StoreError::from)
    }
}

/// WAL, synchronous=FULL, foreign keys: see the architecture's table of dependencies.
fn sqlite_options(address: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(address);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(20))
                .pragma("wal_autocheckpoint", LOG_PAGES.to_string())
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", "-16000")
        });
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn refuses_addresses_it_cannot_serve() {
        for url in ["mysql://x", "sqlite:", "sqlite::memory:", "attain.db"] {
            assert!(
                matches!(Database::open(url).await, Err(StoreError::Address(_))),
                "{url}"
            );
        }
    }

    #[tokio::test]
    async fn opens_and_migrates_twice() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("attain.db").display());
        for _ in 0..2 {
            let database = Database::open(&url).await.unwrap();
            database.migrate().await.unwrap();
            database.writer().await.unwrap().commit().await.unwrap();
            database.close().await.unwrap();
        }
    }
}
