//! Imports on both databases: the Maven files to the cent, again and back, and every kind of bad file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod crash;
mod maven;
mod rows;

use std::path::{Path, PathBuf};

use domain::import::{Options, View};
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Operations, Scope};
use store::Database;

/// The files of the Maven company, in a wrong order on purpose.
const MAVEN: [&str; 4] = [
    "sales_pipeline.csv",
    "sales_teams.csv",
    "products.csv",
    "accounts.csv",
];

fn upload(path: &Path) -> Upload {
    Upload {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        path: path.to_owned(),
        custody: Custody::Theirs,
    }
}

fn wanted(paths: &[PathBuf], options: Options) -> NewImport {
    NewImport {
        uploads: paths.iter().map(|path| upload(path)).collect(),
        kind: None,
        mapping: std::collections::BTreeMap::default(),
        options,
        origin: Origin::CommandLine,
    }
}

async fn import(operations: &Operations, scope: &Scope, paths: &[PathBuf], options: Options) -> View {
    operations
        .import_now(scope, wanted(paths, options))
        .await
        .unwrap()
}

/// A file with this content.
fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
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
