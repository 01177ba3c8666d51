//! `attain export`: a plan as a workbook, to a file or to the standard output.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use domain::id::VersionId;
use domain::people::COMMAND_LINE;
use operations::{Export as Workbook, Operations};

use super::{Failure, PlaceArgs, Shell};

#[derive(Args, Debug)]
pub(super) struct Export {
    /// The version to export, by the id in its page's address [default: the plan of record of today]
    #[arg(long, value_name = "ID", value_parser = version)]
    version: Option<VersionId>,
    /// Replace the file where it is there already
    #[arg(long)]
    force: bool,
    /// Where the XLSX file goes; - for the standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: PlaceArgs,
}

impl Export {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let to_output = self.file == Path::new("-");
        if to_output && io::stdout().is_terminal() {
            return Err(shell.failure(
                "XLSX 文件不能显示在终端里：请指定文件名，或转给另一个程序。",
                "An XLSX file is nothing for a terminal: name a file, or pass it on to a program.",
            ));
        }
        // Before the database is opened: what is wrong with the place is said at once.
        if !to_output && !self.force && self.file.exists() {
            return Err(shell.failure(
                format!("文件 {} 已存在；要替换请加 --force。", self.file.display()),
                format!(
                    "The file {} is there already; --force replaces it.",
                    self.file.display()
                ),
            ));
        }
        let (_, operations) = self.place.open(shell).await?;
        let done = workbook(&operations, self.version, shell).await;
        shell.close(operations).await?;
        let workbook = done?;
        let written = if to_output {
            let mut out = io::stdout().lock();
            out.write_all(&workbook.bytes).and_then(|()| out.flush())
        } else {
            std::fs::write(&self.file, &workbook.bytes)
        };
        written.map_err(|error| {
            shell.failure(
                format!("无法写入 {}：{error}", self.file.display()),
                format!("{} cannot be written: {error}", self.file.display()),
            )
        })?;
        if !to_output {
            let name = workbook.name.trim_end_matches(".xlsx");
            let size = workbook.bytes.len().div_ceil(1_000);
            shell.say(
                format!("已导出“{name}”到 {}（{size} kB）。", self.file.display()),
                format!("\"{name}\" is written to {} ({size} kB).", self.file.display()),
            );
        }
        Ok(())
    }
}

async fn workbook(
    operations: &Operations,
    version: Option<VersionId>,
    shell: Shell,
) -> Result<Workbook, Failure> {
    let refused = |error| shell.refusal(&error);
    let scope = operations.system_scope(COMMAND_LINE).await.map_err(refused)?;
    let version = match version {
        Some(version) => version,
        None => operations.version_on_record(&scope).await.map_err(refused)?,
    };
    operations
        .export_version(&scope, version, shell.lang())
        .await
        .map_err(refused)
}

/// The id of a version as addresses have it.
fn version(text: &str) -> Result<VersionId, String> {
    text.trim().parse().map_err(|_| "/split?version=ID".to_owned())
}
