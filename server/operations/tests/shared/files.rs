//! Files of tests, and how their import is asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::import::Options;
use operations::import::{Custody, NewImport, Origin, Upload};

/// A file with this content.
pub(crate) fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// An import of files that stay where they are.
pub(crate) fn wanted(paths: &[PathBuf], options: Options, origin: Origin) -> NewImport {
    let upload = |path: &PathBuf| Upload {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        path: path.clone(),
        custody: Custody::Theirs,
    };
    NewImport {
        uploads: paths.iter().map(upload).collect(),
        kind: None,
        mapping: BTreeMap::new(),
        options,
        origin,
    }
}
