//! A million opportunities: from the upload to committed, through the running server, against `sqlite3 .import` of the same
//! rows into the same tables.
//!
//! The numerator holds all that the product does with a file: the upload, finding out its encoding, mapping, checking every
//! cell, credit, roll-ups, the report of the rows that cannot be taken, and other people's small changes meanwhile. The
//! denominator, `import_csv/table.sql`, loads ready rows, dumped once from the database after the first import by
//! `import_csv/dump.sql`; it has the product's schema (compared), PRAGMAs and number of rows (compared).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::bench::client::Client;
use crate::bench::start::Running;
use crate::bench::{Figure, Limit, median};
use crate::failure::{Context, Failure, Result};
use crate::process::{Voice, capture, command, exists, run};
use crate::tools;
use crate::workspace::{Workspace, variable};

mod company;

const ROWS: u64 = 1_000_000;
/// For the exponent of growth.
const FEWER_ROWS: u64 = ROWS / 10;
/// Rounds of both sides; while developing, `ATTAIN_BENCH_ROUNDS` chooses fewer.
const ROUNDS: usize = 5;
/// How often an import is asked how it stands.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// Rest between two small changes.
const REST: Duration = Duration::from_millis(25);
/// The longest an import may take.
const PATIENCE: Duration = Duration::from_mins(10);

const EMAIL: &str = "planner@attain.test";
const PASSWORD: &str = "import-csv-bench";

/// The tables an import of opportunities fills, but for its own row, its line in the log and its events.
const TABLES: [&str; 6] = [
    "credit",
    "import_row",
    "opportunity",
    "rollup_day",
    "rollup_period",
    "stage_event",
];

/// What one import through the server took.
struct Imported {
    seconds: f64,
    /// Growth of the server's resident memory at its highest, megabytes.
    grown: f64,
    /// Small changes meanwhile, milliseconds each.
    changes: Vec<f64>,
}

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    if !exists("sqlite3") {
        tools::debian(workspace, &["sqlite3"], "SQLite's command line")?;
    }
    let rounds = variable("ATTAIN_BENCH_ROUNDS").map_or(Ok(ROUNDS), |rounds| {
        rounds.parse().context("ATTAIN_BENCH_ROUNDS is a number")
    })?;
    let folder = std::env::temp_dir().join(format!("attain-bench-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context(folder.display())?;
    let measured = Bench::prepare(workspace, &folder).and_then(|bench| bench.rounds(rounds));
    std::fs::remove_dir_all(&folder).context(folder.display())?;
    measured
}

/// What all rounds share.
struct Bench<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
    /// The data of a company that has its registers and a planner, and no opportunity yet.
    company: PathBuf,
    /// The planner's token.
    token: String,
}

impl<'a> Bench<'a> {
    /// Makes the company and its planner, by the program's own commands.
    fn prepare(workspace: &'a Workspace, folder: &Path) -> Result<Self> {
        let company = folder.join("company");
        let attain = |arguments: &[&str]| {
            let mut attain = command(workspace, workspace.binary());
            attain.args(arguments).arg("--data-dir").arg(&company);
            attain
        };
        let mut import = attain(&["import"]);
        import.args(company::registers(folder)?);
        run(&mut import, Voice::Quiet)?;
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD).context(password.display())?;
        let mut user = attain(&[
            "user", "create", "--email", EMAIL, "--name", "Planner", "--role", "planner",
        ]);
        user.arg("--password-stdin")
            .stdin(std::fs::File::open(&password).context(password.display())?);
        run(&mut user, Voice::Quiet)?;
        let token = capture(&mut attain(&[
            "token", "create", "--email", EMAIL, "--name", "bench",
        ]))?;
        let token = token
            .lines()
            .last()
            .context("no token was printed")?
            .trim()
            .to_owned();
        Ok(Self {
            workspace,
            folder: folder.to_owned(),
            company,
            token,
        })
    }

    fn rounds(&self, rounds: usize) -> Result<Vec<Figure>> {
        let (few_path, path) = (self.folder.join("few"), self.folder.join("many"));
        for path in [&few_path, &path] {
            std::fs::create_dir_all(path).context(path.display())?;
        }
        let few_rows = company::opportunities(&few_path, FEWER_ROWS)?;
        let rows = company::opportunities(&path, ROWS)?;
        let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        let (mut grown, mut changes, mut exponents) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds.max(1) {
            let few = self.import(&few_rows, FEWER_ROWS)?;
            let many = self.import(&rows, ROWS)?;
            if round == 0 {
                self.dump()?;
            }
            let table = self.table()?;
            if round == 0 {
                self.compare()?;
            }
            eprintln!(
                "import.csv round {}: {:.1} s, sqlite3 {table:.1} s, {FEWER_ROWS} rows {:.1} s",
                round + 1,
                many.seconds,
                few.seconds
            );
            ratios.push(many.seconds / table);
            exponents.push((many.seconds / few.seconds).log10());
            ours.push(many.seconds);
            theirs.push(table);
            grown.push(many.grown);
            changes.extend(many.changes);
        }
        Ok(figures(ratios, ours, theirs, &grown, changes, exponents))
    }

    /// Imports a file through a server of its own, while a person makes small changes.
    fn import(&self, file: &Path, rows: u64) -> Result<Imported> {
        let data = self.folder.join("data");
        let _ = std::fs::remove_dir_all(&data);
        std::fs::create_dir_all(&data).context(data.display())?;
        for entry in std::fs::read_dir(&self.company).context(self.company.display())? {
            let entry = entry.context(self.company.display())?;
            if entry.path().is_file() {
                std::fs::copy(entry.path(), data.join(entry.file_name())).context(entry.path().display())?;
            }
        }
        let server = Running::start(self.workspace, &data)?;
        let person = Client::signed_in(server.address(), EMAIL, PASSWORD)?;
        let program = Client::with_token(server.address(), &self.token);
        self.settle()?;
        let before = server.resident_megabytes()?;
        let over = AtomicBool::new(false);
        let (seconds, changes) = std::thread::scope(|scope| {
            let changing = scope.spawn(|| small_changes(&person, &over));
            let start = Instant::now();
            let imported = program
                .import(file)
                .and_then(|id| wait(&program, &id, rows, start));
            over.store(true, Ordering::Relaxed);
            let changes = changing
                .join()
                .unwrap_or_else(|_| Err(Failure::new("small changes ended unexpectedly")));
            imported.and_then(|seconds| Ok((seconds, changes?)))
        })?;
        Ok(Imported {
            seconds,
            grown: server.highest_megabytes()? - before,
            changes,
        })
    }

    /// Takes the rows of the last import as CSV files.
    fn dump(&self) -> Result<()> {
        self.sqlite3(
            &self.folder.join("data/attain.db"),
            "dump.sql",
            include_str!("import_csv/dump.sql"),
        )
    }

    /// Fills a fresh database with the dumped rows; the seconds it took.
    fn table(&self) -> Result<f64> {
        let database = self.folder.join("table.db");
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(self.folder.join(format!("table.db{ending}")));
        }
        self.settle()?;
        let start = Instant::now();
        self.sqlite3(&database, "table.sql", include_str!("import_csv/table.sql"))?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// Both sides hold as many rows in tables and indexes made by the same statements.
    fn compare(&self) -> Result<()> {
        let tables = TABLES.map(|table| format!("'{table}'")).join(", ");
        let counts = TABLES
            .map(|table| format!("SELECT '{table}', count(*) FROM {table};"))
            .join(" ");
        let sql = format!(
            "SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ({tables}) AND sql IS NOT NULL ORDER BY name; {counts}"
        );
        let told = |database: &str| -> Result<String> {
            let mut sqlite3 = command(self.workspace, "sqlite3");
            sqlite3.arg(self.folder.join(database)).arg(&sql);
            Ok(capture(&mut sqlite3)?
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "))
        };
        let (ours, theirs) = (told("data/attain.db")?, told("table.db")?);
        if ours == theirs {
            Ok(())
        } else {
            Err(Failure::new(format!(
                "table.sql does not hold what an import fills:\n{ours}\n{theirs}"
            )))
        }
    }

    fn sqlite3(&self, database: &Path, name: &str, script: &str) -> Result<()> {
        let path = self.folder.join(name);
        std::fs::write(&path, script).context(path.display())?;
        let mut sqlite3 = command(self.workspace, "sqlite3");
        sqlite3
            .arg(database)
            .current_dir(&self.folder)
            .stdin(std::fs::File::open(&path).context(path.display())?);
        run(&mut sqlite3, Voice::Quiet)
    }

    /// Lets the disk finish what it was given before, so that nobody pays for it.
    fn settle(&self) -> Result<()> {
        run(&mut command(self.workspace, "sync"), Voice::Quiet)
    }
}

/// Waits until an import is committed; the seconds from `start`.
fn wait(program: &Client, id: &str, rows: u64, start: Instant) -> Result<f64> {
    loop {
        let standing = program.standing(id)?;
        let seconds = start.elapsed();
        match standing["status"].as_str() {
            Some("done") => {
                let counts = &standing["counts"];
                let bad = rows / company::BAD_ONE_IN;
                if counts["created"] == rows - bad && counts["rejected"] == bad {
                    return Ok(seconds.as_secs_f64());
                }
                return Err(Failure::new(format!("not every row was taken: {counts}")));
            }
            Some("queued" | "running") if seconds < PATIENCE => std::thread::sleep(ASK_EVERY),
            _ => return Err(Failure::new(format!("the import ended badly: {standing}"))),
        }
    }
}

/// Small changes one after the other until it is over; the milliseconds of each.
fn small_changes(person: &Client, over: &AtomicBool) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let day = format!("2026-01-{:02}", took.len() % 28 + 1);
        let start = Instant::now();
        person.set_business_date(&day)?;
        took.push(start.elapsed().as_secs_f64() * 1_000.0);
        std::thread::sleep(REST);
    }
    Ok(took)
}

fn figures(
    ratios: Vec<f64>,
    ours: Vec<f64>,
    theirs: Vec<f64>,
    grown: &[f64],
    mut changes: Vec<f64>,
    exponents: Vec<f64>,
) -> Vec<Figure> {
    let rounds = ratios.len();
    let (ratio, ratio_spread) = median(ratios);
    let (exponent, exponent_spread) = median(exponents);
    let (ours, theirs) = (median(ours).0, median(theirs).0);
    changes.sort_by(f64::total_cmp);
    let slow = changes
        .get(changes.len() * 99 / 100)
        .copied()
        .unwrap_or(f64::INFINITY);
    vec![
        Figure {
            name: "import.csv",
            value: ratio,
            unit: "x",
            numerator: format!(
                "{ours:.2} s, {ROWS} opportunities from the upload to committed, SQLite, median of {rounds}"
            ),
            denominator: Some(format!(
                "{theirs:.2} s, sqlite3 .import of the same rows into the same tables and indexes, WAL, synchronous=FULL"
            )),
            spread: Some(ratio_spread),
            bar: Limit::AtMost(2.0),
            goal: Limit::AtMost(1.2),
        },
        Figure {
            name: "import.csv.memory",
            value: grown.iter().copied().fold(0.0, f64::max),
            unit: "MB",
            numerator: format!("growth of the server's resident memory at its highest, worst of {rounds}"),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(64.0),
            goal: Limit::AtMost(32.0),
        },
        Figure {
            name: "import.csv.writes",
            value: slow,
            unit: "ms",
            numerator: format!(
                "99th percentile of {} changes of the business date through the server meanwhile",
                changes.len()
            ),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(250.0),
            goal: Limit::AtMost(50.0),
        },
        Figure {
            name: "import.csv.growth",
            value: exponent,
            unit: "exponent",
            numerator: format!("time by rows from {FEWER_ROWS} to {ROWS}, median of {rounds}"),
            denominator: None,
            spread: Some(exponent_spread),
            bar: Limit::AtMost(1.2),
            goal: Limit::AtMost(1.05),
        },
    ]
}
