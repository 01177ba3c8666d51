//! Fresh databases for tests, the same suite on SQLite and on PostgreSQL. A dependency of tests only.
//!
//! SQLite is a file in a temporary folder. PostgreSQL is the server named by `ATTAIN_TEST_POSTGRES`
//! (`postgres://user@host:port/database`, with the right to create databases); `cargo xtask test` starts one. Without it
//! the PostgreSQL leg is announced as not run, and fails where `CI` or `ATTAIN_TEST_POSTGRES_REQUIRED` is set.

#![expect(
    clippy::unwrap_used,
    reason = "a test kit stops at the first thing that is wrong"
)]

mod people;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

use domain::calendar::Day;
use domain::id::{OrganizationId, UnitId};
use domain::money::Currency;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use store::organization::Organization;
use store::unit::Unit;
use store::{Database, Dialect, Scope};
use tempfile::TempDir;
use uuid::Uuid;

pub use people::{assignment, member, unit};

/// Names the PostgreSQL server.
const POSTGRES: &str = "ATTAIN_TEST_POSTGRES";

/// Runs a suite on a fresh, migrated database of each kind, one after the other.
///
/// # Panics
/// Where the suite does, or where a database cannot be made.
pub async fn on_each(suite: impl AsyncFn(Database)) {
    let fresh = Fresh::sqlite().await;
    suite(fresh.database.clone()).await;
    fresh.close().await;
    if let Some(server) = postgres() {
        let fresh = Fresh::postgres(&server).await;
        suite(fresh.database.clone()).await;
        fresh.close().await;
    }
}

/// A fresh, migrated database that goes when it is closed.
#[derive(Debug)]
pub struct Fresh {
    /// The database.
    pub database: Database,
    /// SQLite's folder; goes with its value.
    folder: Option<TempDir>,
    /// The PostgreSQL server and the name of the database on it.
    on_server: Option<(String, String)>,
}

impl Fresh {
    /// A SQLite file in a temporary folder.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("attain.db").display());
        let database = Database::open(&url).await.unwrap();
        database.migrate().await.unwrap();
        Self {
            database,
            folder: Some(folder),
            on_server: None,
        }
    }

    /// A database of its own on a PostgreSQL server.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn postgres(server: &str) -> Self {
        let name = format!("attain_test_{}", Uuid::now_v7().simple());
        run(server, &format!("CREATE DATABASE {name}")).await;
        let (address, _) = server.rsplit_once('/').unwrap();
        let database = Database::open(&format!("{address}/{name}")).await.unwrap();
        database.migrate().await.unwrap();
        Self {
            database,
            folder: None,
            on_server: Some((server.to_owned(), name)),
        }
    }

    /// Closes and deletes it; a test that panics before leaves a PostgreSQL database to its server.
    ///
    /// # Panics
    /// Where connections cannot be closed.
    pub async fn close(self) {
        self.database.close().await.unwrap();
        if let Some((server, name)) = self.on_server {
            run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        drop(self.folder);
    }
}

/// The PostgreSQL server to test on; says so, once a process, where there is none.
///
/// # Panics
/// Where there is none although one is required.
pub fn postgres() -> Option<String> {
    static SAID: Once = Once::new();
    if let Some(server) = variable(POSTGRES) {
        return Some(server);
    }
    assert!(
        variable("CI").is_none() && variable("ATTAIN_TEST_POSTGRES_REQUIRED").is_none(),
        "the PostgreSQL leg must run here: set {POSTGRES}=postgres://user@host:port/database"
    );
    SAID.call_once(|| {
        // Not print!: the test harness would keep it to itself.
        let line = format!("NOT RUN on PostgreSQL: {POSTGRES} is not set\n");
        std::io::stderr().write_all(line.as_bytes()).ok();
    });
    None
}

/// An organization with its root unit (both begin 2000-01-01), seen by the program itself.
///
/// # Panics
/// Where the database refuses.
pub async fn organization(database: &Database) -> (Scope, UnitId) {
    let scope = Scope::system(OrganizationId(Uuid::now_v7()), "test");
    let root = UnitId(Uuid::now_v7());
    let writer = database.writer().await.unwrap();
    let organization = Organization {
        id: scope.organization,
        name: "云杉仪器".to_owned(),
        currency: Currency::from_code("CNY").unwrap(),
        zone: "Asia/Shanghai".to_owned(),
        fiscal_start_month: 1,
        language: "zh-CN".to_owned(),
        business_date: None,
        working_calendar: "cn".to_owned(),
        bookings: domain::metric::Bookings::default(),
        demo: false,
        created_at_ms: 0,
    };
    store::organization::create(&writer, &organization).await.unwrap();
    let unit = Unit {
        id: root,
        parent: None,
        level: "company".to_owned(),
        name: organization.name,
        code: None,
        pinyin: "yun shan yi qi".to_owned(),
        manager: None,
        starts_on: Day::from_ymd(2000, 1, 1).unwrap(),
        ends_on: None,
        import: None,
        demo: false,
    };
    store::unit::insert(&writer, &scope, &[unit]).await.unwrap();
    writer.commit().await.unwrap();
    (scope, root)
}

/// A connection of its own to a database, for what only tests may ask (its catalogue, damage).
///
/// # Panics
/// Where it cannot be reached.
pub async fn connection(url: &str) -> DatabaseConnection {
    let url = url
        .replace("sqlite:", "sqlite://")
        .replace("sqlite:////", "sqlite:///");
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

/// A folder of real data nobody in this project wrote: in full, or the sample that is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealData {
    /// The folder.
    pub folder: PathBuf,
    /// How much of the data it is.
    pub extent: Extent,
}

/// How much of some data there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Full,
    /// The committed sample (`server/operations/tests/sample`).
    Sample,
}

/// The real data of a name: where `ATTAIN_DATA` says, or without it above this checkout as `shared/data`; else the committed
/// sample, and then a line says so. (`ATTAIN_DATA=none` tests on the sample.)
///
/// # Panics
/// Where not even a sample has it.
pub fn real_data(name: &str) -> RealData {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if let Some(folder) = full_data(name) {
        return RealData {
            folder,
            extent: Extent::Full,
        };
    }
    let folder = here.join("../../operations/tests/sample").join(name);
    assert!(folder.is_dir(), "{name} is neither at hand nor in the sample");
    // Not print!: the test harness would keep it to itself.
    let line = format!("SAMPLE of {name}: the full data are not here (ATTAIN_DATA)\n");
    std::io::stderr().write_all(line.as_bytes()).ok();
    RealData {
        folder,
        extent: Extent::Sample,
    }
}

/// The same for data of which no sample is committed: where they are not at hand a line says that the test was not run.
pub fn data_or_not(name: &str) -> Option<PathBuf> {
    let found = full_data(name);
    if found.is_none() {
        let line = format!("NOT RUN on {name}: the data are not here (ATTAIN_DATA)\n");
        std::io::stderr().write_all(line.as_bytes()).ok();
    }
    found
}

fn full_data(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let roots: Vec<PathBuf> = match variable("ATTAIN_DATA") {
        Some(root) => vec![root.into()],
        None => here
            .ancestors()
            .map(|folder| folder.join("shared/data"))
            .collect(),
    };
    roots
        .into_iter()
        .map(|root| root.join(name))
        .find(|folder| folder.is_dir())
}

/// The committed figures of the Maven files, computed without any code of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures(BTreeMap<String, String>);

impl Figures {
    /// Of the full files or of the sample.
    ///
    /// # Panics
    /// Where they cannot be read.
    pub fn of(extent: Extent) -> Self {
        let name = match extent {
            Extent::Full => "figures_full.csv",
            Extent::Sample => "figures_sample.csv",
        };
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = here.join("../../operations/tests/sample/expected").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        let pairs = text.lines().skip(1).map(|line| line.split_once(',').unwrap());
        Self(
            pairs
                .map(|(figure, value)| (figure.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// A figure that is a number.
    ///
    /// # Panics
    /// Where there is none of that name.
    pub fn number(&self, figure: &str) -> i64 {
        self.0[figure].parse().unwrap()
    }

    /// A figure that is a word.
    ///
    /// # Panics
    /// Where there is none of that name.
    pub fn word(&self, figure: &str) -> &str {
        &self.0[figure]
    }

    /// A figure that is several words.
    ///
    /// # Panics
    /// Where there is none of that name.
    pub fn words(&self, figure: &str) -> Vec<&str> {
        self.0[figure].split(';').collect()
    }
}

/// Won value and deals of the Maven files from the oracle beside them: by dimension, key and period.
///
/// # Panics
/// Where the oracle cannot be read.
pub fn won() -> BTreeMap<(String, String, String), (i64, i64)> {
    let path = real_data("expected").folder.join("maven_won.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let place = (cells[0].to_owned(), cells[1].to_owned(), cells[2].to_owned());
        (place, (cells[4].parse().unwrap(), cells[3].parse().unwrap()))
    };
    text.lines().skip(1).map(line).collect()
}

/// The number of rows of every table that has any, the migrator's own left out.
///
/// # Panics
/// Where the database cannot be read.
pub async fn rows(database: &Database) -> BTreeMap<String, i64> {
    let connection = connection(database.url()).await;
    let backend = connection.get_database_backend();
    let tables = match database.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        Dialect::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let mut rows = BTreeMap::new();
    for table in connection
        .query_all_raw(Statement::from_string(backend, tables))
        .await
        .unwrap()
    {
        let table: String = table.try_get_by_index(0).unwrap();
        let count = Statement::from_string(backend, format!("SELECT COUNT(*) FROM \"{table}\""));
        let count = connection.query_one_raw(count).await.unwrap().unwrap();
        let count: i64 = count.try_get_by_index(0).unwrap();
        if count > 0 && table != "seaql_migrations" {
            rows.insert(table, count);
        }
    }
    connection.close().await.unwrap();
    rows
}

/// Does to a database what only damage or a mistake would.
///
/// # Panics
/// Where it refuses.
pub async fn damage(database: &Database, sql: &str) {
    run(database.url(), sql).await;
}

/// Whether a database lets through what is written to it past the product.
///
/// # Panics
/// Where it cannot be reached.
pub async fn lets_through(database: &Database, sql: &str) -> bool {
    let connection = connection(database.url()).await;
    let done = connection.execute_unprepared(sql).await.is_ok();
    connection.close().await.unwrap();
    done
}

async fn run(server: &str, sql: &str) {
    let server = connection(server).await;
    server.execute_unprepared(sql).await.unwrap();
    server.close().await.unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where PostgreSQL is"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
