//! Knowing whether something has to be built again: a hash over the names and contents of what goes in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Context, Result};

/// All files below a folder (or the file itself), sorted, without installed packages, build outputs and hidden files.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(path, &mut found)?;
    found.sort();
    Ok(found)
}

/// The fingerprint of some files and folders, and of what else decides the result.
pub(crate) fn of(inputs: &[PathBuf], also: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for text in also {
        add(&mut hash, text.as_bytes());
    }
    for input in inputs {
        for path in files(input)? {
            add(&mut hash, path.to_string_lossy().as_bytes());
            add(&mut hash, &std::fs::read(&path).context(path.display())?);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The fingerprint of one file's content.
pub(crate) fn of_file(path: &Path) -> Result<String> {
    Ok(hex(&Sha256::digest(std::fs::read(path).context(path.display())?)))
}

/// The name of a build: the first 16 digits of the hash of every file's name and content.
pub(crate) fn of_contents(files: &BTreeMap<String, PathBuf>) -> Result<String> {
    let mut hash = Sha256::new();
    for (name, path) in files {
        add(&mut hash, name.as_bytes());
        add(&mut hash, &std::fs::read(path).context(path.display())?);
    }
    let mut name = hex(&hash.finalize());
    name.truncate(16);
    Ok(name)
}

/// Runs `make` into an emptied folder unless the folder was made from the same inputs before.
pub(crate) fn unless_made(
    folder: &Path,
    fingerprint: &str,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let stamp = folder.with_extension("made");
    if folder.is_dir() && std::fs::read_to_string(&stamp).is_ok_and(|made| made == fingerprint) {
        return Ok(folder.to_owned());
    }
    let _ = std::fs::remove_file(&stamp);
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).context(folder.display())?;
    make(folder)?;
    std::fs::write(&stamp, fingerprint).context(stamp.display())?;
    Ok(folder.to_owned())
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(path).context(path.display())? {
        let entry = entry.context(path.display())?.path();
        let name = entry
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with('.') && !["node_modules", "target", "dist"].contains(&&*name) {
            collect(&entry, found)?;
        }
    }
    Ok(())
}

fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_changes_the_fingerprint_and_a_hidden_one_does_not() {
        let folder = std::env::temp_dir().join(format!("attain-fingerprint-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("node_modules")).unwrap();
        std::fs::write(folder.join("a.css"), "a").unwrap();
        let first = of(std::slice::from_ref(&folder), &[]).unwrap();
        std::fs::write(folder.join(".hidden"), "x").unwrap();
        std::fs::write(folder.join("node_modules/b.css"), "x").unwrap();
        assert_eq!(of(std::slice::from_ref(&folder), &[]).unwrap(), first);
        assert_ne!(
            of(std::slice::from_ref(&folder), &["another compiler"]).unwrap(),
            first
        );
        std::fs::write(folder.join("a.css"), "b").unwrap();
        assert_ne!(of(std::slice::from_ref(&folder), &[]).unwrap(), first);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
