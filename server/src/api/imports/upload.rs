//! The multipart form of an upload, read part by part; files go to disk as they come.

use std::path::PathBuf;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use domain::format::Lang;
use domain::import::{Kind, Options};
use operations::import::{Custody, NewImport, Upload};
use operations::{Error, clock};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncWriteExt, BufWriter};

/// The most bytes of one upload, all files together.
const MOST_BYTES: u64 = 1 << 30;
/// The most bytes of a field that is no file.
const MOST_FIELD_BYTES: usize = 1 << 20;
/// Files of one upload.
const MOST_FILES: usize = 20;
/// Bytes of an upload written to disk at once.
const WRITE_BYTES: usize = 256 << 10;

/// Files on disk that no import knows yet. They are deleted with this value, so that neither a refused form nor a caller who
/// breaks off (the handler is then dropped wherever it waits) leaves anything behind.
pub(in crate::api) struct Received {
    folder: PathBuf,
    files: Vec<Upload>,
}

impl Received {
    /// Files to be put into a folder.
    pub(in crate::api) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            files: Vec::new(),
        }
    }

    /// What was received so far.
    pub(in crate::api) fn files(&self) -> &[Upload] {
        &self.files
    }

    /// Reads the parts of the form; files go to disk as they come.
    pub(super) async fn read(&mut self, mut form: Multipart, wanted: &mut NewImport) -> Result<(), Error> {
        let mut left = MOST_BYTES;
        while let Some(field) = form.next_field().await.map_err(broken)? {
            match field.name().unwrap_or_default() {
                "file" => {
                    if self.files.len() >= MOST_FILES {
                        return Err(Error::invalid_field(
                            "too_many_files",
                            "file",
                            format!("一次最多 {MOST_FILES} 个文件。"),
                            format!("At most {MOST_FILES} files at once."),
                        ));
                    }
                    self.receive(field, &mut left).await?;
                }
                "kind" => {
                    let name = text(field, "kind").await?;
                    wanted.kind = Some(Kind::parse(name.trim()).ok_or_else(|| unknown_kind(&name))?);
                }
                "mapping" => wanted.mapping = json(&text(field, "mapping").await?, "mapping")?,
                "options" => wanted.options = options(&text(field, "options").await?)?,
                other => {
                    return Err(Error::invalid_field(
                        "unknown_field",
                        other,
                        format!("没有字段“{other}”。可用：kind、file、mapping、options。"),
                        format!(
                            "There is no field \"{other}\"; the fields are kind, file, mapping, options."
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Writes a file to disk, piece by piece.
    pub(in crate::api) async fn receive(
        &mut self,
        mut field: Field<'_>,
        left: &mut u64,
    ) -> Result<(), Error> {
        let name = field
            .file_name()
            .map_or_else(|| "upload".to_owned(), |name| name.chars().take(200).collect());
        let disk = |error: std::io::Error| Error::Internal(format!("an upload cannot be written: {error}"));
        tokio::fs::create_dir_all(&self.folder).await.map_err(disk)?;
        let path = self.expect(name);
        let file = tokio::fs::File::create(&path).await.map_err(disk)?;
        let mut file = BufWriter::with_capacity(WRITE_BYTES, file);
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            let size = piece.len() as u64;
            if size > *left {
                return Err(Error::invalid_field(
                    "too_large",
                    "file",
                    "文件太大：一次最多 1 GB。请拆成几个文件。",
                    "The files are too large: at most 1 GB at once. Split them.",
                ));
            }
            *left -= size;
            file.write_all(&piece).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)
    }

    /// Makes room for a file of this name; its path.
    fn expect(&mut self, name: String) -> PathBuf {
        let path = self.folder.join(format!("upload-{}", clock::new_id()));
        self.files.push(Upload {
            name,
            path: path.clone(),
            custody: Custody::Ours,
        });
        path
    }

    /// The files belong to an import now.
    pub(super) fn hand_over(mut self) {
        self.files.clear();
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        for upload in &self.files {
            if let Err(error) = std::fs::remove_file(&upload.path)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(path = %upload.path.display(), %error, "a part of an upload stays behind");
            }
        }
    }
}

/// A field that is no file.
pub(in crate::api) async fn text(mut field: Field<'_>, name: &str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        if bytes.len() + piece.len() > MOST_FIELD_BYTES {
            return Err(malformed(name));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| malformed(name))
}

fn json<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| malformed(name))
}

/// The options; one that does not exist is named.
fn options(text: &str) -> Result<Options, Error> {
    let value: serde_json::Map<String, serde_json::Value> = json(text, "options")?;
    if let Err(error) = Options::check_names(value.keys().map(String::as_str)) {
        return Err(Error::invalid_field(
            "unknown_option",
            "options",
            error.words(Lang::ZhCn),
            error.words(Lang::En),
        ));
    }
    let reads = |name: &str, value: &serde_json::Value| {
        let alone = serde_json::Map::from_iter([(name.to_owned(), value.clone())]);
        serde_json::from_value::<Options>(alone.into()).is_ok()
    };
    let wrong = value.iter().find(|(name, value)| !reads(name, value));
    let (name, given) = wrong.map_or((String::new(), String::new()), |(name, value)| {
        (name.clone(), value.to_string())
    });
    serde_json::from_value(value.clone().into()).map_err(|error| {
        Error::invalid_field(
            "options",
            "options",
            format!("选项 {name} 的值不对：{given}。"),
            format!("The value of the option {name} is wrong: {given} ({error})."),
        )
    })
}

fn unknown_kind(name: &str) -> Error {
    let kinds = Kind::ALL.map(Kind::as_str).join(", ");
    Error::invalid_field(
        "unknown_kind",
        "kind",
        format!("没有内容类型“{name}”。可用：{kinds}。"),
        format!("There is no kind \"{name}\"; the kinds are {kinds}."),
    )
}

fn malformed(name: &str) -> Error {
    Error::invalid_field(
        "malformed",
        name,
        format!("字段 {name} 的格式不对。"),
        format!("The field {name} is malformed."),
    )
}

pub(in crate::api) fn broken(_: MultipartError) -> Error {
    Error::invalid(
        "broken_upload",
        "上传中断或格式不对，请再试一次。",
        "The upload broke off or is malformed; try again.",
    )
}
