//! Building the product and serving it.

use std::path::PathBuf;

use crate::failure::{Context, Result};
use crate::process::{self, Build, Voice, cargo, command};
use crate::workspace::Workspace;
use crate::{site, tools};

/// From a clean clone to a served product. Options are handed on to `attain serve`; without them it listens on
/// 127.0.0.1:3000 and keeps its data in `attain-data`.
pub(crate) fn run(workspace: &Workspace, options: &[String]) -> Result<()> {
    let binary = build(workspace, Voice::Loud)?;
    let options: Vec<&String> = options.iter().filter(|option| *option != "--").collect();
    let given = |name: &str| {
        options
            .iter()
            .any(|option| option.split('=').next() == Some(name))
    };
    let mut serve = command(workspace, binary);
    serve.arg("serve");
    if !given("--port") {
        serve.args(["--port", "3000"]);
    }
    if !given("--data-dir") && !given("--database-url") {
        serve.arg("--data-dir").arg(workspace.root.join("attain-data"));
    }
    become_it(serve.args(options))
}

/// One self-contained program with all files inside.
pub(crate) fn build(workspace: &Workspace, voice: Voice) -> Result<PathBuf> {
    tools::check(workspace)?;
    let site = site::build(workspace, voice)?;
    server(workspace, &site.build, voice)
}

/// The release server around a site that is already built. The build id is an input of its compilation.
pub(crate) fn server(workspace: &Workspace, build: &str, voice: Voice) -> Result<PathBuf> {
    process::run(
        cargo(workspace, Build::Release, "build")
            .args(["--release", "--package=server", "--bin=attain"])
            .env("ATTAIN_BUILD", build),
        voice,
    )?;
    let binary = workspace.binary();
    let promised = workspace
        .root
        .join("target/release")
        .join(binary.file_name().unwrap_or_default());
    if promised != binary {
        std::fs::create_dir_all(promised.parent().unwrap_or(&workspace.root)).context(promised.display())?;
        let _ = std::fs::remove_file(&promised);
        std::fs::copy(&binary, &promised).context(promised.display())?;
    }
    Ok(binary)
}

/// Hands the terminal over, so that Ctrl-C reaches the server.
#[cfg(unix)]
fn become_it(command: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let line = process::shown(command);
    Err(command.exec()).context(line)
}

#[cfg(not(unix))]
fn become_it(command: &mut std::process::Command) -> Result<()> {
    process::run(command, Voice::Loud)
}
