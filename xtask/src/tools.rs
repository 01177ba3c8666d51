//! What must be installed, and installing what can be installed without asking.

use std::path::Path;
use std::process::Command;

use crate::failure::{Context, Failure, Result};
use crate::process::{self, Voice, capture, command};
use crate::site::fingerprint;
use crate::workspace::Workspace;

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const RUST_MINOR: u32 = 94;
const NODE_MAJOR: u32 = 20;

/// Rust, its wasm target and Node are there; adds the target when rustup can.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    rust(workspace)?;
    wasm_target(workspace)?;
    node(workspace)
}

/// Installs the npm packages of a folder unless its lock file is the one already installed.
pub(crate) fn packages(workspace: &Workspace, folder: &Path, voice: Voice) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.installed");
    let wanted = fingerprint::of_file(&lock)?;
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    process::run(
        command(workspace, npm())
            .current_dir(folder)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        voice,
    )?;
    std::fs::write(&stamp, wanted).context(stamp.display())
}

/// Installs Debian packages, as root on Debian; elsewhere says what to install.
pub(crate) fn debian(workspace: &Workspace, packages: &[&str], purpose: &str) -> Result<()> {
    let list = packages.join(" ");
    let debian = Path::new("/etc/debian_version").exists() && process::exists("apt-get");
    if !debian || !is_root(workspace) {
        let sudo = if debian {
            "sudo apt-get install -y"
        } else {
            "install the equivalent of Debian's"
        };
        return Err(Failure::new(format!("{purpose} is missing: {sudo} {list}")));
    }
    println!("installing {list} ({purpose})");
    // The package lists are refreshed only when the machine has none or they are too old to find the packages.
    let install = || {
        let mut install = command(workspace, "apt-get");
        install.env("DEBIAN_FRONTEND", "noninteractive").args([
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
        ]);
        install.args(packages);
        process::run(&mut install, Voice::Quiet)
    };
    if install().is_ok() {
        return Ok(());
    }
    process::run(
        command(workspace, "apt-get").args(["update", "-qq"]),
        Voice::Quiet,
    )?;
    install()
}

/// Whether we may install packages and must lay down our rights before `PostgreSQL` starts.
pub(crate) fn is_root(workspace: &Workspace) -> bool {
    capture(command(workspace, "id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn rust(workspace: &Workspace) -> Result<()> {
    let told = capture(command(workspace, "rustc").arg("--version"))?;
    let minor = told
        .split(['.', ' '])
        .nth(2)
        .and_then(|minor| minor.parse::<u32>().ok());
    match minor {
        Some(minor) if minor >= RUST_MINOR => Ok(()),
        _ => Err(Failure::new(format!(
            "{} is too old, 1.{RUST_MINOR} is needed: rustup update stable",
            told.trim()
        ))),
    }
}

fn wasm_target(workspace: &Workspace) -> Result<()> {
    let folder =
        capture(command(workspace, "rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if std::fs::read_dir(folder.trim()).is_ok_and(|mut files| files.next().is_some()) {
        return Ok(());
    }
    if !process::exists("rustup") {
        return Err(Failure::new(format!(
            "the Rust target {WASM_TARGET} is missing: install it beside your rustc"
        )));
    }
    process::run(
        command(workspace, "rustup").args(["target", "add", WASM_TARGET]),
        Voice::Loud,
    )
}

fn node(workspace: &Workspace) -> Result<()> {
    let advice =
        format!("Node {NODE_MAJOR} or newer with npm is needed: https://nodejs.org or your package manager");
    let told = capture(command(workspace, "node").arg("--version")).context(&advice)?;
    let major = told
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        return Err(Failure::new(format!("node {} is too old. {advice}", told.trim())));
    }
    if process::exists(npm()) {
        Ok(())
    } else {
        Err(Failure::new(format!("npm is missing. {advice}")))
    }
}

/// A program that an npm package brought along.
pub(crate) fn packaged(workspace: &Workspace, folder: &Path, program: &str) -> Command {
    let suffix = if cfg!(windows) { ".cmd" } else { "" };
    let path = folder
        .join("node_modules/.bin")
        .join(format!("{program}{suffix}"));
    let mut command = command(workspace, path);
    command.current_dir(folder);
    command
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
