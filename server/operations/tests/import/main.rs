//! Imports on both databases: the Maven files to the cent, again and back, and every kind of bad file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod crash;
#[path = "../shared/files.rs"]
mod files;
mod maven;
#[path = "../shared/refusal.rs"]
mod refusal;
mod rows;

use std::path::PathBuf;

use domain::import::{Options, View};
use files::{file, wanted};
use operations::import::Origin;
use operations::{Operations, Scope};
use store::Database;

/// The files of the Maven company, in a wrong order on purpose.
const MAVEN: [&str; 4] = [
    "sales_pipeline.csv",
    "sales_teams.csv",
    "products.csv",
    "accounts.csv",
];

async fn import(operations: &Operations, scope: &Scope, paths: &[PathBuf], options: Options) -> View {
    operations
        .import_now(scope, wanted(paths, options, Origin::CommandLine))
        .await
        .unwrap()
}

async fn differences(database: &Database, scope: &Scope) -> usize {
    let reader = database.reader();
    let key = domain::metric::MetricKey::BOOKINGS;
    match store::metric::find(&reader, scope, &key).await.unwrap() {
        None => 0,
        Some(metric) => store::rollup::differences(&reader, scope, &metric)
            .await
            .unwrap()
            .len(),
    }
}
