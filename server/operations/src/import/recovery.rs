//! What an import leaves behind that ends before its end: facts that never became visible, references written ahead of the
//! last transaction, files.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::time::UNIX_EPOCH;

use domain::import::{Failure, Status};
use domain::metric::Source;
use store::StoreError;
use store::slot::Slot;

use super::{Custody, Outcome, Request, parse};
use crate::{Error, Operations, Scope, clock};

/// A job that has not said for this long that it is alive is dead.
const SILENCE_MS: i64 = 30_000;
/// How long the files of an import that was checked, or failed, wait for somebody to go on with it.
const FILES_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How the names of our files begin: uploads, and rows that are being sorted.
const OURS: [&str; 2] = ["upload-", "sort-"];

impl Operations {
    /// Deletes what was written under a slot that never became visible, in small transactions, and frees it.
    pub(super) async fn clean_slot(&self, scope: &Scope, slot: Slot) -> Result<(), Error> {
        let reader = self.database.reader();
        if store::slot::writing(&reader, scope)
            .await?
            .is_none_or(|(open, _)| open != slot)
        {
            return Ok(());
        }
        for source in Source::ALL {
            let mut after = None;
            loop {
                let ids = store::import::leftovers(&reader, scope, source, slot, after).await?;
                let Some(last) = ids.last() else { break };
                after = Some(*last);
                let writer = self.database.writer().await?;
                store::import::clean(&writer, scope, source, slot, &ids).await?;
                writer.commit().await?;
            }
        }
        loop {
            let writer = self.database.writer().await?;
            let more = store::rollup::remove(&writer, scope, slot).await?;
            writer.commit().await?;
            if !more {
                break;
            }
        }
        let writer = self.database.writer().await?;
        match store::slot::close(&writer, scope, slot).await {
            Ok(()) => Ok(writer.commit().await?),
            // Somebody else did all this meanwhile.
            Err(StoreError::NotFound(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends imports whose process is gone: what they wrote is deleted, nothing of it was ever visible. Call it when the
    /// server starts and every now and then.
    pub async fn recover_imports(&self, scope: &Scope) -> Result<u32, Error> {
        let mut ended = 0;
        for import in store::import::unfinished(&self.database.reader(), scope).await? {
            if clock::now_ms() - import.beat_at_ms < SILENCE_MS {
                continue;
            }
            tracing::warn!(id = %import.id, "an import was interrupted; it is taken back");
            // Should it live after all, it must not write behind our back.
            let writer = self.database.writer().await?;
            store::import::ask_to_stop(&writer, scope, import.id).await?;
            writer.commit().await?;
            self.clean_slot(scope, import.slot).await?;
            self.take_back_references(scope, import.id).await?;
            let mut outcome: Outcome = parse(&import.report)?;
            outcome.failure = Some(Failure::Interrupted);
            self.end_import(scope, import.id, Status::Failed, &outcome)
                .await?;
            ended += 1;
        }
        Ok(ended)
    }

    /// Deletes files of ours that nobody needs: what was being received or sorted by a process that is gone (nothing of it
    /// is younger than this one, which began at `begun_ms`), and what was checked and then left alone for a week.
    pub async fn tidy_import_files(&self, scope: &Scope, begun_ms: i64) -> Result<u32, Error> {
        let folder = self.import_folder();
        let found = tokio::task::spawn_blocking(move || files_in(&folder))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
            .map_err(|error| Error::Internal(format!("imported files: {error}")))?;
        if found.is_empty() {
            return Ok(0);
        }
        let oldest_ms = clock::now_ms() - FILES_KEPT_MS;
        let mut needed: HashSet<OsString> = HashSet::new();
        for request in store::import::requests(&self.database.reader(), scope, oldest_ms).await? {
            let request: Request = parse(&request)?;
            let ours = request.files.iter().filter(|file| file.custody == Custody::Ours);
            needed.extend(ours.filter_map(|file| file.path.file_name().map(ToOwned::to_owned)));
        }
        let mut removed = 0;
        for (name, modified_ms) in found {
            if modified_ms >= begun_ms && modified_ms >= oldest_ms || needed.contains(&name) {
                continue;
            }
            match tokio::fs::remove_file(self.import_folder().join(&name)).await {
                Ok(()) => removed += 1,
                Err(error) => tracing::warn!(name = %name.display(), %error, "an imported file stays behind"),
            }
        }
        Ok(removed)
    }
}

/// Our files in a folder by name, with when they were last written.
fn files_in(folder: &Path) -> std::io::Result<Vec<(OsString, i64)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name
            .to_str()
            .is_some_and(|name| OURS.iter().any(|start| name.starts_with(start)));
        if !ours {
            continue;
        }
        // What is gone by now needs no removing.
        let Ok(modified) = entry.metadata().and_then(|data| data.modified()) else {
            continue;
        };
        let modified_ms = modified
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as i64);
        found.push((name, modified_ms));
    }
    Ok(found)
}
