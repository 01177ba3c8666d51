//! Files beside an entry: taken in, handed out to who may read what they belong to, and deleted when nothing refers to them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use domain::access::Permission;
use domain::id::AttachmentId;
use domain::outlook::{Attached, MAX_FILE_BYTES, file_type};
use store::Writer;

use crate::scope::require;
use crate::{Error, Operations, Scope, clock};

/// How long a file may wait for the entry it was uploaded for.
const WAITS_MS: i64 = 24 * 60 * 60 * 1000;
/// Bytes by which a file is known.
const HEAD_BYTES: usize = 512;
/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// A file as it was received, not yet checked; its place in the folder of [`Operations::attachment_folder`].
#[derive(Clone, Debug)]
pub struct Received {
    /// What it is called.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// A file to be handed out.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What it is called, and how large it is.
    pub file: Attached,
    /// Its media type.
    pub media_type: &'static str,
    /// Where it lies.
    pub path: PathBuf,
}

impl Operations {
    /// Where files beside entries lie.
    pub fn attachment_folder(&self) -> PathBuf {
        self.files.join("attachments")
    }

    /// Lets those through who may add files.
    pub fn may_attach(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::EditPlan)
    }

    /// Takes a file in. It has to be a report by its name and by what it begins with; one that nothing refers to within a day
    /// is deleted.
    pub async fn attach(&self, scope: &Scope, received: Received) -> Result<Attached, Error> {
        self.may_attach(scope)?;
        let name = plain_name(&received.name)?;
        let media_type = file_type(&name).ok_or_else(unknown_type)?;
        let (bytes, head) = look(&received.path)
            .await
            .map_err(|error| Error::Internal(format!("a file cannot be read: {error}")))?;
        if bytes == 0 {
            return Err(Error::invalid_field(
                "empty_file",
                "file",
                "这个文件是空的。",
                "The file is empty.",
            ));
        }
        if bytes > MAX_FILE_BYTES {
            return Err(too_large());
        }
        if !begins_as(media_type, &head) {
            return Err(Error::invalid_field(
                "other_content",
                "file",
                format!("“{name}”的内容与后缀不符。"),
                format!("What \"{name}\" holds is not what its ending says."),
            ));
        }
        let file = Attached {
            id: AttachmentId(clock::new_id()),
            name,
            bytes,
        };
        let writer = self.database.writer().await?;
        store::attachment::insert(&writer, scope, &file, clock::now_ms()).await?;
        let detail = serde_json::json!({"name": file.name, "bytes": file.bytes});
        let subject = format!("attachment:{}", file.id);
        store::audit::record(&writer, scope, "attachment.add", &subject, &detail).await?;
        // The file first: a row without a file would be a promise nobody keeps, a file without a row is tidied away.
        tokio::fs::rename(&received.path, self.attachment_path(file.id))
            .await
            .map_err(|error| Error::Internal(format!("a file cannot be kept: {error}")))?;
        writer.commit().await?;
        Ok(file)
    }

    /// A file to be handed out.
    pub async fn attachment(&self, scope: &Scope, id: AttachmentId) -> Result<Opened, Error> {
        require(scope, Permission::ReadBaseline)?;
        let file = store::attachment::get(&self.database.reader(), scope, id).await?;
        let media_type = file_type(&file.name).unwrap_or("application/octet-stream");
        Ok(Opened {
            media_type,
            path: self.attachment_path(id),
            file,
        })
    }

    /// Forgets a file where nothing refers to it any more; answers what is to be deleted once that is committed.
    pub(crate) async fn forget_attachment(
        &self,
        writer: &Writer,
        scope: &Scope,
        id: Option<AttachmentId>,
    ) -> Result<Option<AttachmentId>, Error> {
        let Some(id) = id else { return Ok(None) };
        let gone = store::attachment::remove_unused(writer, scope, id).await?;
        Ok(gone.then_some(id))
    }

    /// Deletes a file that was forgotten. What stays behind is tidied away.
    pub(crate) async fn delete_attachment(&self, id: Option<AttachmentId>) {
        let Some(id) = id else { return };
        if let Err(error) = tokio::fs::remove_file(self.attachment_path(id)).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%id, %error, "an attached file stays behind");
        }
    }

    /// Deletes files that nothing refers to: uploaded for an entry that was never made, or left behind.
    pub(crate) async fn tidy_attachments(&self, scope: &Scope) -> Result<(), Error> {
        let before_ms = clock::now_ms() - WAITS_MS;
        let unused = store::attachment::unused(&self.database.reader(), scope, before_ms).await?;
        for id in unused {
            let writer = self.database.writer().await?;
            let gone = self.forget_attachment(&writer, scope, Some(id)).await?;
            writer.commit().await?;
            self.delete_attachment(gone).await;
        }
        let folder = self.attachment_folder();
        let found = tokio::task::spawn_blocking(move || files_before(&folder, before_ms))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
            .map_err(|error| Error::Internal(format!("attached files: {error}")))?;
        if found.is_empty() {
            return Ok(());
        }
        let known: HashSet<String> = store::attachment::all(&self.database.reader(), scope)
            .await?
            .into_iter()
            .map(|id| id.to_string())
            .collect();
        for name in found.into_iter().filter(|name| !known.contains(name)) {
            if let Err(error) = tokio::fs::remove_file(self.attachment_folder().join(&name)).await {
                tracing::warn!(%name, %error, "an attached file stays behind");
            }
        }
        Ok(())
    }

    fn attachment_path(&self, id: AttachmentId) -> PathBuf {
        self.attachment_folder().join(id.to_string())
    }
}

/// A name without the folders a browser may send along, and without what would end a header.
fn plain_name(name: &str) -> Result<String, Error> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let plain: String = last.chars().filter(|letter| !letter.is_control()).collect();
    if plain.is_empty() || plain.chars().count() > MAX_NAME {
        return Err(Error::invalid_field(
            "bad_name",
            "file",
            format!("文件名应有 1 到 {MAX_NAME} 个字。"),
            format!("The name of a file has 1 to {MAX_NAME} characters."),
        ));
    }
    Ok(plain)
}

/// How large a file is, and how it begins.
async fn look(path: &Path) -> std::io::Result<(u64, Vec<u8>)> {
    use tokio::io::AsyncReadExt;
    let file = tokio::fs::File::open(path).await?;
    let bytes = file.metadata().await?.len();
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.take(HEAD_BYTES as u64).read_to_end(&mut head).await?;
    Ok((bytes, head))
}

/// Whether a file begins as those of its type do; a text has no byte that no text has.
fn begins_as(media_type: &str, head: &[u8]) -> bool {
    match media_type {
        "application/pdf" => head.starts_with(b"%PDF-"),
        "image/png" => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => head.starts_with(b"\xff\xd8\xff"),
        "text/csv" | "text/plain" => {
            let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
            wide || !head.contains(&0)
        }
        _ => head.starts_with(b"PK\x03\x04"),
    }
}

/// Names of files in a folder that were last written before an instant.
fn files_before(folder: &Path, before_ms: i64) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        // What is gone by now needs no removing.
        let Ok(modified) = entry.metadata().and_then(|data| data.modified()) else {
            continue;
        };
        let age = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let written_ms = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
        if written_ms < before_ms
            && let Some(name) = entry.file_name().to_str()
        {
            found.push(name.to_owned());
        }
    }
    Ok(found)
}

fn unknown_type() -> Error {
    Error::invalid_field(
        "unknown_type",
        "file",
        "请上传 PDF、Word、Excel、PowerPoint、CSV、文本、PNG 或 JPEG 文件。",
        "Send a PDF, Word, Excel, PowerPoint, CSV, text, PNG or JPEG file.",
    )
}

/// A file above the limit.
pub(crate) fn too_large() -> Error {
    Error::invalid_field(
        "too_large",
        "file",
        "文件太大：最多 20 MB。",
        "The file is too large: at most 20 MB.",
    )
}
