//! `cargo xtask accuracy`: how good forecasts are, on real series. The work is an example of `domain`, built optimised.

use std::path::PathBuf;

use crate::failure::Result;
use crate::process::{Build, Voice, capture, cargo, command, find, run};
use crate::workspace::Workspace;

/// Prints every figure with its bar and its goal, and writes one line of JSON each to `target/accuracy.jsonl`; fails where
/// a bar is not kept or the data are not at hand. With `--calibrate`, writes the calibration of intervals to its source.
/// Where a Python with the library statsforecast is at hand, the same series are forecast by it too, for a look.
pub(crate) fn accuracy(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let mut example = cargo(workspace, Build::Release, "run");
    example.args([
        "--quiet",
        "--release",
        "--package=domain",
        "--features=forecast",
        "--example=accuracy",
        "--",
    ]);
    example
        .args(arguments)
        .arg("--lines")
        .arg(workspace.root.join("target/accuracy.jsonl"));
    let kept = run(&mut example, Voice::Loud);
    if arguments.is_empty() {
        beside_python(workspace)?;
    }
    kept
}

/// What the Python library says of the series.
fn beside_python(workspace: &Workspace) -> Result<()> {
    let python = ["python3", "python"].into_iter().find_map(find);
    let knows =
        |python: &PathBuf| capture(command(workspace, python).args(["-c", "import statsforecast"])).is_ok();
    let Some(python) = python.filter(knows) else {
        println!("\nno side-by-side: the Python library statsforecast is not installed");
        return Ok(());
    };
    let Some(folder) = workspace.data("m3") else {
        println!("\nno side-by-side: m3/ is not here");
        return Ok(());
    };
    let script = workspace.root.join("xtask/src/accuracy/beside.py");
    run(command(workspace, &python).arg(script).arg(folder), Voice::Loud)
}
