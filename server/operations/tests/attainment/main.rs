//! Attainment against figures computed by other means, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod company;
mod crosses;
#[path = "../shared/files.rs"]
mod files;
mod maven;
mod oracle;
mod peers;

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::calendar::Day;
use domain::import::{Options, Status};
use domain::metric::{Attainment, AttainmentQuery, MetricKey, parse_by};
use operations::import::Origin;
use operations::{Operations, Scope};

/// Imports files as the command line does; they must be taken over.
async fn import(operations: &Operations, scope: &Scope, paths: &[PathBuf]) {
    let wanted = files::wanted(paths, Options::default(), Origin::CommandLine);
    let view = operations.import_now(scope, wanted).await.unwrap();
    assert_eq!(view.status, Status::Done, "{view:?}");
}

/// Bookings of `[from, to)` by one or two dimensions, as known at the end of 2018.
async fn ask(operations: &Operations, scope: &Scope, from: &str, to: &str, by: &str) -> Attainment {
    ask_as_of(operations, scope, from, to, by, "2018-12-31").await
}

async fn ask_as_of(
    operations: &Operations,
    scope: &Scope,
    from: &str,
    to: &str,
    by: &str,
    as_of: &str,
) -> Attainment {
    let query = AttainmentQuery {
        metric: MetricKey::BOOKINGS,
        from: Day::parse_iso(from).unwrap(),
        to: Day::parse_iso(to).unwrap(),
        by: parse_by(by).unwrap(),
        as_of: Day::parse_iso(as_of),
    };
    operations.attainment(scope, &query).await.unwrap()
}

/// Amount in cents and count by the name (or the two names joined by `|`) of every row.
fn named(answer: &Attainment, by: &str) -> BTreeMap<String, (i64, i64)> {
    answer
        .rows
        .iter()
        .map(|row| (joined(row, by), (row.actual.0, row.count)))
        .collect()
}

/// The names of a row's keys in the order asked, joined by `|`; periods by their id.
fn joined(row: &domain::metric::AttainmentRow, by: &str) -> String {
    let name = |dimension: &str| {
        let key = &row.keys[dimension];
        let time = ["month", "quarter", "year", "day"].contains(&dimension);
        if time { key.id.clone() } else { key.name.clone() }
    };
    by.split(',').map(name).collect::<Vec<_>>().join("|")
}
