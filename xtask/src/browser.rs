//! The browser tests: Playwright in the system's own Chromium.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Context, Failure, Result};
use crate::process::{self, Build, Voice, capture, cargo, command, hear_tests};
use crate::tally::Counts;
use crate::tools;
use crate::workspace::{Workspace, variable};

/// Where Playwright leaves what it found, below the checkout.
const REPORT: &str = "target/end2end/report.json";

/// Compiles the server with the tests that start it, and runs none.
const SERVER_OF_TESTS: [&str; 6] = [
    "--quiet",
    "--workspace",
    "--exclude=hydrate",
    "--exclude=xtask",
    "--test=suite",
    "--no-run",
];

/// Type-checks the browser tests, which needs neither a server nor a browser.
pub(crate) fn types(workspace: &Workspace) -> Result<Counts> {
    let folder = workspace.end2end();
    tools::packages(workspace, &folder, Voice::Quiet)?;
    process::run(&mut tools::packaged(workspace, &folder, "tsc"), Voice::Loud)?;
    Ok(Counts::one())
}

/// Runs the browser tests against the server as the tests in Rust compiled it, with the site that is shipped.
///
/// Compiling the server once more for shipping takes longer than all browser tests together, and finds nothing here.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    process::run(
        // Asked for as the tests ask for it: by itself it would be compiled with other features, and so once more.
        cargo(workspace, Build::Dev, "test").args(SERVER_OF_TESTS),
        Voice::Loud,
    )?;
    tools::packages(workspace, &workspace.end2end(), Voice::Quiet)?;
    let report = workspace.root.join(REPORT);
    let _ = std::fs::remove_file(&report);
    let heard = hear_tests(&mut playwright(workspace, &workspace.tested(), &[])?)?;
    let text = std::fs::read_to_string(&report).context("Playwright left no report")?;
    let mut found = read(&serde_json::from_str(&text).context(REPORT)?);
    if !heard.success && found.failed == 0 {
        found.failed = 1;
    }
    Ok(found)
}

/// Playwright with the browser and the server it is to try.
pub(crate) fn playwright(
    workspace: &Workspace,
    server: &Path,
    arguments: &[&str],
) -> Result<std::process::Command> {
    let mut command = tools::packaged(workspace, &workspace.end2end(), "playwright");
    command
        .arg("test")
        .args(arguments)
        .env("ATTAIN_BINARY", server)
        .env("ATTAIN_CHROMIUM", chromium(workspace)?)
        .env("ATTAIN_REPORT", workspace.root.join(REPORT));
    Ok(command)
}

/// The browser: the one named by `ATTAIN_CHROMIUM`, else the system's, else Debian's package.
fn chromium(workspace: &Workspace) -> Result<PathBuf> {
    // Without a font for them, Chinese characters are boxes on every picture.
    let fonts =
        capture(command(workspace, "fc-list").arg(":lang=zh")).is_ok_and(|fonts| !fonts.trim().is_empty());
    if let Some(browser) = installed() {
        if !fonts
            && let Err(failure) = tools::debian(
                workspace,
                &["fonts-noto-cjk", "fontconfig"],
                "a font with Chinese",
            )
        {
            println!("{failure}");
        }
        return Ok(browser);
    }
    tools::debian(
        workspace,
        &["chromium", "fonts-noto-cjk", "fontconfig"],
        "Chromium",
    )?;
    installed().context("Chromium was installed, but cannot be found")
}

fn installed() -> Option<PathBuf> {
    if let Some(named) = variable("ATTAIN_CHROMIUM") {
        return Some(named.into());
    }
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        mac,
    ]
    .iter()
    .find_map(|name| process::find(name))
}

/// Counts from Playwright's JSON report, with the reason of each test that was skipped.
fn read(report: &Value) -> Counts {
    let number = |name: &str| report["stats"][name].as_u64().unwrap_or_default() as usize;
    let mut counts = Counts {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky"),
        skipped: vec![],
    };
    skipped(&report["suites"], &mut counts.skipped);
    // Errors outside of any test: a file that does not load, a fixture that does not stop.
    if counts.failed == 0 {
        counts.failed = report["errors"].as_array().map_or(0, Vec::len);
    }
    counts
}

fn skipped(suites: &Value, found: &mut Vec<String>) {
    for suite in suites.as_array().into_iter().flatten() {
        skipped(&suite["suites"], found);
        for spec in suite["specs"].as_array().into_iter().flatten() {
            for test in spec["tests"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|test| test["status"] == "skipped")
            {
                let reason = test["annotations"][0]["description"]
                    .as_str()
                    .unwrap_or("no reason given");
                let title = spec["title"].as_str().unwrap_or_default();
                found.push(format!(
                    "{title} ({}): {reason}",
                    test["projectName"].as_str().unwrap_or_default()
                ));
            }
        }
    }
}

/// The path of a file that the browser tests write.
pub(crate) fn result(workspace: &Workspace, name: &str) -> Result<Value> {
    let path = workspace.root.join(Path::new(REPORT).with_file_name(name));
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::new(format!(
            "the browser tests left no {name} ({error}): run the browser stage first"
        ))
    })?;
    serde_json::from_str(&text).context(path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_reasons_are_read_from_the_report() {
        let report = serde_json::json!({
            "stats": { "expected": 3, "unexpected": 1, "flaky": 0, "skipped": 1 }, "errors": [],
            "suites": [{ "specs": [], "suites": [{ "specs": [{ "title": "signs in", "tests": [
                { "status": "skipped", "projectName": "en-phone", "annotations": [{ "type": "skip", "description": "no network" }] },
                { "status": "expected", "projectName": "zh" },
            ]}]}]}],
        });
        let counts = read(&report);
        assert_eq!((counts.passed, counts.failed), (3, 1));
        assert_eq!(counts.skipped, ["signs in (en-phone): no network"]);
    }
}
