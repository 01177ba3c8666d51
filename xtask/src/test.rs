//! `cargo xtask test`: every check there is, counted.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::process::{self, Build, Voice, cargo, command, hear_tests};
use crate::tally::{Counts, Tally};
use crate::workspace::{Workspace, variable};
use crate::{browser, budget, firewall, postgres, site, tools};

/// The stages in the order in which they report.
const STAGES: [&str; 9] = [
    "format",
    "types",
    "firewall",
    "clippy",
    "clippy-wasm",
    "rust",
    "build",
    "browser",
    "budget",
];

/// Runs all stages, or the named ones; the exit code tells whether everything held.
pub(crate) fn test(workspace: &Workspace, named: &[String]) -> Result<()> {
    if let Some(unknown) = named.iter().find(|name| !STAGES.contains(&name.as_str())) {
        return Err(Failure::new(format!(
            "there is no stage `{unknown}`; there are {}",
            STAGES.join(", ")
        )));
    }
    let wanted = |stage: &str| named.is_empty() || named.iter().any(|name| name == stage);
    let start = Instant::now();
    tools::check(workspace)?;
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        // Linking the browser's program keeps one core busy for minutes: meanwhile the other checks.
        let needed = ["build", "browser", "budget"].into_iter().any(wanted);
        let built = needed.then(|| scope.spawn(|| build(workspace)));
        if wanted("format") {
            tally.stage("format", || formatted(workspace));
        }
        if wanted("types") {
            tally.stage("types", || browser::types(workspace));
        }
        if wanted("firewall") {
            tally.stage("firewall", || firewall::check(workspace));
        }
        if wanted("clippy") {
            tally.stage("clippy", || {
                clippy(workspace, &["--workspace", "--exclude=hydrate", "--all-targets"])
            });
        }
        if wanted("clippy-wasm") {
            let target = "--target=wasm32-unknown-unknown";
            tally.stage("clippy-wasm", || {
                clippy(workspace, &["--package=hydrate", target])
            });
        }
        if wanted("rust") {
            tally.stage("rust", || rust(workspace));
        }
        let Some(built) = built else { return };
        println!("\n== build (beside the above)");
        let (took, built) = built.join().unwrap_or_else(|_| {
            (
                Duration::ZERO,
                Err(Failure::new("the build thread ended unexpectedly")),
            )
        });
        tally.done("build", took, built.map(|()| Counts::one()));
        if wanted("browser") {
            tally.stage("browser", || browser::check(workspace));
        }
        if wanted("budget") {
            tally.stage("budget", || budget::check(workspace));
        }
    });
    if !named.is_empty() {
        println!("\nonly the named stages ran: {}", named.join(", "));
    }
    if tally.close(start) {
        Ok(())
    } else {
        std::process::exit(1)
    }
}

fn build(workspace: &Workspace) -> (Duration, Result<()>) {
    let start = Instant::now();
    let built = site::build(workspace, Voice::Quiet).map(|_| ());
    (start.elapsed(), built)
}

fn formatted(workspace: &Workspace) -> Result<Counts> {
    process::run(
        cargo(workspace, Build::Dev, "fmt").args(["--all", "--check"]),
        Voice::Loud,
    )?;
    Ok(Counts::one())
}

fn clippy(workspace: &Workspace, what: &[&str]) -> Result<Counts> {
    let mut clippy = cargo(workspace, Build::Dev, "clippy");
    process::run(
        clippy
            .args(what)
            .args(["--quiet", "--keep-going", "--", "-D", "warnings"]),
        Voice::Loud,
    )?;
    Ok(Counts::one())
}

/// All Rust tests, those of stores and use cases on both databases.
fn rust(workspace: &Workspace) -> Result<Counts> {
    let server = postgres::start(workspace)?;
    let mut counts = Counts::default();
    let mut tests = cargo(workspace, Build::Dev, "test");
    tests
        .args([
            "--workspace",
            "--exclude=hydrate",
            "--exclude=xtask",
            "--no-fail-fast",
        ])
        .env("ATTAIN_TEST_POSTGRES", server.url())
        .env("ATTAIN_TEST_POSTGRES_REQUIRED", "1");
    counts.add(count(&hear_tests(&mut tests)?));
    // This tool's own tests, with the dependencies it was compiled with just now.
    let mut own = command(workspace, variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    own.args(["test", "--profile=xtask", "--package=xtask"]);
    counts.add(count(&hear_tests(&mut own)?));
    Ok(counts)
}

/// Sums the result lines of the test harness; a run that failed without a failed test did not compile.
fn count(heard: &process::Heard) -> Counts {
    let mut counts = Counts::default();
    for line in heard.text.lines() {
        if let Some(result) = line.strip_prefix("test result:") {
            let number = |of: &str| {
                let before = result
                    .split([';', '.'])
                    .find_map(|part| part.trim().strip_suffix(of))?;
                before.trim().parse::<usize>().ok()
            };
            counts.passed += number(" passed").unwrap_or_default();
            counts.failed += number(" failed").unwrap_or_default();
        } else if let Some((name, reason)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... ignored"))
        {
            let reason = reason.trim_start_matches(", ");
            let reason = if reason.is_empty() {
                "no reason given"
            } else {
                reason
            };
            counts.skipped.push(format!("{name}: {reason}"));
        }
    }
    if !heard.success && counts.failed == 0 {
        counts.failed = 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_summed_and_reasons_kept() {
        let text = "running 3 tests\ntest a ... ok\ntest b ... ignored, needs a printer\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        let counts = count(&process::Heard {
            success: false,
            text: text.to_owned(),
        });
        assert_eq!((counts.passed, counts.failed), (15, 2));
        assert_eq!(counts.skipped, ["b: needs a printer"]);
    }

    #[test]
    fn what_does_not_compile_counts_as_failed() {
        let counts = count(&process::Heard {
            success: false,
            text: "error[E0425]".to_owned(),
        });
        assert_eq!((counts.passed, counts.failed), (0, 1));
    }
}
