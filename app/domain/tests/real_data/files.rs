//! Files of real data: where `ATTAIN_DATA` says, or without it above this checkout as `shared/data`; else the committed sample
//! (`server/operations/tests/sample`), and then a line says so. The same rule as in the kit of the server's tests.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// How much of a file there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Full,
    /// The committed sample.
    Sample,
}

/// A file, and how much of it that is; `None`, and a line about it, where it is neither at hand nor in the sample.
pub(crate) fn read(name: &str) -> Option<(Vec<u8>, Extent)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let roots: Vec<PathBuf> = match std::env::var_os("ATTAIN_DATA") {
        Some(root) => vec![root.into()],
        None => here
            .ancestors()
            .map(|folder| folder.join("shared/data"))
            .collect(),
    };
    if let Some(bytes) = roots.iter().find_map(|root| std::fs::read(root.join(name)).ok()) {
        return Some((bytes, Extent::Full));
    }
    let bytes = std::fs::read(sample(name)).ok();
    let line = match bytes {
        Some(_) => format!("SAMPLE of {name}: the full data are not here (ATTAIN_DATA)\n"),
        None => {
            format!("NOT RUN on {name}: it is neither here (ATTAIN_DATA) nor may it be part of the sample\n")
        }
    };
    // Not print!: the test harness would keep it to itself.
    std::io::stderr().write_all(line.as_bytes()).ok();
    Some((bytes?, Extent::Sample))
}

/// A file of the sample.
pub(crate) fn sample(name: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../../server/operations/tests/sample").join(name)
}
