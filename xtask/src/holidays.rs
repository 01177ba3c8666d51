//! `cargo xtask holidays`: makes the table of public holidays from a maintained Python package.

use crate::failure::{Context, Failure, Result};
use crate::process::{Voice, capture, command, find, run};
use crate::workspace::Workspace;

/// The package and its version. A new year's notice comes with a new version: raise it and run the command again.
const PACKAGE: &str = "chinesecalendar==1.11.0";

/// Where the table lies in the checkout.
const TABLE: &str = "app/domain/src/calendar/holidays/china.csv";

/// Installs the package into a folder of its own below `target`, asks it for every day it knows, and writes the table.
pub(crate) fn holidays(workspace: &Workspace) -> Result<()> {
    let python = ["python3", "python"]
        .into_iter()
        .find_map(find)
        .context("Python 3 is needed: https://www.python.org or your package manager")?;
    let environment = workspace.target.join("holidays");
    run(
        command(workspace, python)
            .args(["-m", "venv", "--clear"])
            .arg(&environment),
        Voice::Quiet,
    )
    .context("Python's venv module is needed (Debian: python3-venv)")?;
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = environment
        .join(folder)
        .join(format!("python{}", std::env::consts::EXE_SUFFIX));
    run(
        command(workspace, &python).args(["-m", "pip", "install", "--quiet", PACKAGE]),
        Voice::Loud,
    )?;
    let made = capture(command(workspace, &python).arg(workspace.root.join("xtask/src/holidays.py")))?;
    // Python ends lines as the system does; the table is the same everywhere.
    let made = made.replace("\r\n", "\n");
    let path = workspace.root.join(TABLE);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let days = |table: &str| table.lines().filter(|line| !line.starts_with('#')).count();
    if days(&made) == 0 {
        return Err(Failure::new(format!("{PACKAGE} gave no day")));
    }
    std::fs::write(&path, &made).context(path.display())?;
    let changed = if made == before { "unchanged" } else { "CHANGED" };
    println!("{TABLE}: {} days, {changed}", days(&made));
    Ok(())
}
