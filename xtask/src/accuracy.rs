//! `cargo xtask accuracy`: how good forecasts are, on real series. The work is an example of `domain`, built optimised.

use crate::failure::Result;
use crate::process::{Build, Voice, cargo, run};
use crate::workspace::Workspace;

/// Prints every figure with its bar and its goal, and writes one line of JSON each to `target/accuracy.jsonl`; fails where
/// a bar is not kept or the data are not at hand. With `--calibrate`, writes the calibration of intervals to its source.
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
    run(&mut example, Voice::Loud)
}
