//! Orders and figures on both databases: real files to the ten-thousandth, again and back, bad rows, and what counts as bookings.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod adventureworks;
mod baseline;
mod choice;
mod crash;
mod figures;
#[path = "../shared/files.rs"]
mod files;
mod random;
#[path = "../shared/refusal.rs"]
mod refusal;
mod rows;
mod superstore;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::calendar::Day;
use domain::import::{Kind, OnMissing, Options, Status, View};
use domain::metric::{AttainmentQuery, MetricKey, parse_by};
use operations::import::Origin;
use operations::{Operations, Scope};
use store::Database;

/// An organization at work.
struct Company {
    operations: Operations,
    scope: Scope,
    database: Database,
}

impl Company {
    async fn new(database: &Database) -> Self {
        let (scope, _) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Day::parse_iso("2018-12-31");
        Self {
            operations,
            scope,
            database: database.clone(),
        }
    }

    /// Imports a file of a kind, its columns mapped by themselves but for those named.
    async fn import(&self, path: &Path, kind: Kind, mapping: &[(&str, &str)], options: Options) -> View {
        let mut wanted = files::wanted(&[path.to_owned()], options, Origin::CommandLine);
        wanted.kind = Some(kind);
        wanted.mapping = mapping
            .iter()
            .map(|(field, header)| ((*field).to_owned(), (*header).to_owned()))
            .collect();
        let view = self.operations.import_now(&self.scope, wanted).await.unwrap();
        assert_eq!(view.status, Status::Done, "{view:?}");
        view
    }

    /// Imports a text of a kind; what is unknown is made.
    async fn text(&self, kind: Kind, text: &str) -> View {
        let folder = tempfile::tempdir().unwrap();
        let path = files::file(folder.path(), "rows.csv", text);
        self.import(&path, kind, &[], create()).await
    }

    /// Amount in cents and count of each row by its names, joined by `|`.
    async fn sums(&self, from: &str, to: &str, by: &str) -> BTreeMap<String, (i64, i64)> {
        let query = AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from: Day::parse_iso(from).unwrap(),
            to: Day::parse_iso(to).unwrap(),
            by: parse_by(by).unwrap(),
            as_of: None,
        };
        let answer = self.operations.attainment(&self.scope, &query).await.unwrap();
        let name = |keys: &BTreeMap<String, domain::metric::Key>| {
            let names: Vec<&str> = by.split(',').map(|by| keys[by].name.as_str()).collect();
            names.join("|")
        };
        answer
            .rows
            .iter()
            .map(|row| (name(&row.keys), (row.actual.0, row.count)))
            .collect()
    }

    /// How many roll-ups are not what the facts say.
    async fn differences(&self) -> usize {
        let reader = self.database.reader();
        let found = store::metric::find(&reader, &self.scope, &MetricKey::BOOKINGS)
            .await
            .unwrap();
        match found {
            None => 0,
            Some(metric) => store::rollup::differences(&reader, &self.scope, &metric)
                .await
                .unwrap()
                .len(),
        }
    }
}

fn create() -> Options {
    Options {
        on_missing: OnMissing::Create,
        ..Options::default()
    }
}

/// The cells of a comma-separated file by heading, quotation marks understood.
fn table(path: &PathBuf) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let head = cells(lines.next().unwrap().trim_start_matches('\u{feff}'));
    lines
        .map(|line| head.iter().cloned().zip(cells(line)).collect())
        .collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut found, mut quoted) = (vec![String::new()], false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                found.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(String::new()),
            other => found.last_mut().unwrap().push(other),
        }
    }
    found
}

/// A decimal with at most four places in ten-thousandths, read without any code of ours.
fn exact(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= 4, "{text}");
    sign * (whole.parse::<i64>().unwrap() * 10_000 + format!("{part:0<4}").parse::<i64>().unwrap())
}

/// Ten-thousandths in cents, half away from zero.
fn cents(amount: i64) -> i64 {
    (amount + amount.signum() * 50) / 100
}
