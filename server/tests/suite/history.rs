//! Histories for tests: rows that are imported, what is unknown is made.

use std::collections::BTreeMap;

use domain::import::{Kind, OnMissing, Options, Status, View};
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Operations, Scope};

/// Imports a text of a kind.
pub(crate) async fn import(operations: &Operations, scope: &Scope, kind: Kind, text: &str) -> View {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    std::fs::write(&path, text).unwrap();
    let import = NewImport {
        uploads: vec![Upload {
            name: "rows.csv".to_owned(),
            path,
            custody: Custody::Theirs,
        }],
        kind: Some(kind),
        mapping: BTreeMap::new(),
        options: Options {
            on_missing: OnMissing::Create,
            ..Options::default()
        },
        origin: Origin::CommandLine,
    };
    let view = operations.import_now(scope, import).await.unwrap();
    assert_eq!(view.status, Status::Done, "{view:?}");
    view
}
