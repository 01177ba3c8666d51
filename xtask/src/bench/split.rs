//! The split grid on the wire, between planners and under the pointer.
//!
//! `server/operations/examples/split` is the planners' side: it opens, changes, and lets five work at once on a plan of 5,000
//! rows, and makes a plan of 100,000 rows in which no number follows from another. `end2end/bench/opening.spec.ts` opens the
//! small one in the browser from another page; `end2end/bench/split.spec.ts` opens the large one, drags in a group of 1,000
//! rows in an ordinary window and in one that shows them all, and lets the grid and plain DOM code make the same 1,000 rows by turns.

mod page;
mod rows;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::bench::start::Running;
use crate::bench::{Figure, Limit, median};
use crate::browser;
use crate::failure::{Context, Result};
use crate::process::{Build, Voice, capture, cargo, command, run};
use crate::tools;
use crate::workspace::Workspace;

const PASSWORD: &str = "split-bench-5000-rows";
const PLANNERS: usize = 5;
const TODAY: &str = "2026-01-05";

/// A company by how many there are of each: regions in it, teams in a region, people in a team.
#[derive(Clone, Copy)]
struct Size {
    name: &'static str,
    regions: usize,
    teams: usize,
    people: usize,
}

/// With the company itself 4,961 rows.
const SMALL: Size = Size {
    name: "small",
    regions: 10,
    teams: 45,
    people: 10,
};
/// With the company itself 100,111 rows.
const LARGE: Size = Size {
    name: "large",
    regions: 10,
    teams: 10,
    people: 1_000,
};

/// The wire and the planners of a small plan.
pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    in_folder(workspace, small)
}

/// A large plan, on the wire and in the browser. For itself: it takes many minutes, and the figures before it are told by then.
pub(super) fn measure_large(workspace: &Workspace) -> Result<Vec<Figure>> {
    in_folder(workspace, large)
}

fn in_folder(
    workspace: &Workspace,
    measure: fn(&Workspace, &Path) -> Result<Vec<Figure>>,
) -> Result<Vec<Figure>> {
    // Not the server's: its development dependencies would make all of the app anew.
    let mut build = cargo(workspace, Build::Release, "build");
    run(
        build.args(["--release", "--package=operations", "--example=split"]),
        Voice::Quiet,
    )?;
    let folder = std::env::temp_dir().join(format!("attain-bench-split-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context(folder.display())?;
    let measured = measure(workspace, &folder);
    std::fs::remove_dir_all(&folder).context(folder.display())?;
    measured
}

/// Makes a company by the program's own commands; gives its data folder.
fn company(workspace: &Workspace, folder: &Path, size: Size) -> Result<PathBuf> {
    let company = folder.join(size.name);
    let attain = |arguments: &[&str]| {
        let mut attain = command(workspace, workspace.binary());
        attain.args(arguments).arg("--data-dir").arg(&company);
        attain
    };
    let (mut units, mut members) = (
        "name,code,level,parent\n".to_owned(),
        "name,employee id,unit\n".to_owned(),
    );
    for region in 0..size.regions {
        units += &format!("Region {region:02},R{region:02},region,\n");
        for team in 0..size.teams {
            let code = format!("T{region:02}{team:02}");
            units += &format!("Team {region:02}-{team:02},{code},team,R{region:02}\n");
            for person in 0..size.people {
                let number = (region * size.teams + team) * size.people + person;
                members += &format!("Person {number:06},P{number:06},{code}\n");
            }
        }
    }
    for (kind, text) in [("units", units), ("members", members)] {
        let path = folder.join(format!("{}-{kind}.csv", size.name));
        std::fs::write(&path, text).context(path.display())?;
        let mut import = attain(&["import", "--kind", kind]);
        run(import.arg(path), Voice::Quiet)?;
    }
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD).context(password.display())?;
    for planner in 0..PLANNERS {
        let (email, name) = (
            format!("planner{planner}@attain.test"),
            format!("Planner {planner}"),
        );
        let mut user = attain(&[
            "user", "create", "--email", &email, "--name", &name, "--role", "planner",
        ]);
        user.arg("--password-stdin")
            .stdin(std::fs::File::open(&password).context(password.display())?);
        run(&mut user, Voice::Quiet)?;
    }
    Ok(company)
}

/// What the planners' side tells of a company on a running server.
fn told(workspace: &Workspace, server: &Running, company: &Path, size: Size) -> Result<Value> {
    let program = format!("release/examples/split{}", std::env::consts::EXE_SUFFIX);
    let mut planners = command(workspace, workspace.target.join(program));
    planners
        .args([size.name, &server.address().to_string(), PASSWORD])
        .arg(format!("sqlite:{}", company.join("attain.db").display()))
        .stderr(Stdio::inherit());
    let printed = capture(&mut planners)?;
    serde_json::from_str(&printed).context(printed)
}

fn small(workspace: &Workspace, folder: &Path) -> Result<Vec<Figure>> {
    let company = company(workspace, folder, SMALL)?;
    let server = Running::with(workspace, &company, &["--today", TODAY])?;
    let told = told(workspace, &server, &company, SMALL)?;
    let rows = format!("{} rows × {} periods", told["nodes"], told["periods"]);
    let opened = opened(workspace, &server, &rows)?;
    drop(server);
    let openings = numbers(&told["open_ms"])?;
    let count = openings.len();
    let (open, open_spread) = median(openings);
    let (answer, _) = median(numbers(&told["answer_ms"])?);
    let changes = numbers(&told["change_ms"])?;
    let made = changes.len();
    let change = percentile(changes, 0.95);
    let together = &told["together"];
    let number = |of: &str| together[of].as_u64().context(format!("together.{of}"));
    let (asked, done, logged) = (number("asked")?, number("done")?, number("logged")?);
    let times = numbers(&together["change_ms"])?;
    let slowest = percentile(times, 0.95);
    let (equal, sound) = (together["equal"] == true, together["sound"] == true);
    let whole = equal && sound && done == asked && logged == asked;
    Ok(vec![
        opened,
        Figure {
            name: "split.open.http",
            value: open,
            unit: "ms",
            numerator: format!(
                "{rows} asked for, answered ({answer:.0} ms) and read natively, median of {count}"
            ),
            denominator: None,
            spread: Some(open_spread),
            bar: Limit::AtMost(500.0),
            goal: Limit::AtMost(200.0),
        },
        Figure {
            name: "split.command",
            value: change,
            unit: "ms",
            numerator: format!("p95 of {made} changes of one number of {rows}, over HTTP on this machine"),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(100.0),
            goal: Limit::AtMost(30.0),
        },
        Figure {
            name: "split.together",
            value: if whole { done as f64 } else { 0.0 },
            unit: "commands",
            numerator: format!(
                "{PLANNERS} planners × 10 changes of a team a second on {rows}: {asked} asked for in {:.1} s, {done} done, \
                 {logged} logged, p95 {slowest:.0} ms; grids {}, log {}",
                together["seconds"].as_f64().unwrap_or_default(),
                if equal { "equal" } else { "different" },
                if sound { "sound" } else { "broken" },
            ),
            denominator: None,
            spread: None,
            bar: Limit::AtLeast(3_000.0),
            goal: Limit::AtLeast(3_000.0),
        },
        Figure {
            name: "split.together.ms",
            value: slowest,
            unit: "ms",
            numerator: format!("p95 of the {asked} changes of {PLANNERS} planners at once"),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(100.0),
            goal: Limit::AtMost(50.0),
        },
    ])
}

/// From the click on where the grid is until its first rows stand in a browser.
fn opened(workspace: &Workspace, server: &Running, rows: &str) -> Result<Figure> {
    tools::packages(workspace, &workspace.end2end(), Voice::Quiet)?;
    run(
        browser::playwright(
            workspace,
            &workspace.binary(),
            &["--config=bench.config.ts", "opening"],
        )?
        .env("ATTAIN_BENCH_SERVER", format!("http://{}", server.address()))
        .env("ATTAIN_BENCH_EMAIL", "planner0@attain.test")
        .env("ATTAIN_BENCH_PASSWORD", PASSWORD),
        Voice::Quiet,
    )?;
    let measured = browser::result(workspace, "opening.json")?;
    let first = numbers(&measured["rows_ms"])?;
    let count = first.len();
    let (first, spread) = median(first);
    let (whole, _) = median(numbers(&measured["whole_ms"])?);
    Ok(Figure {
        name: "split.open",
        value: first,
        unit: "ms",
        numerator: format!(
            "from the click until the first rows of {rows} stand in a browser, median of {count}; all can be worked in after \
             {whole:.0} ms"
        ),
        denominator: None,
        spread: Some(spread),
        bar: Limit::AtMost(500.0),
        goal: Limit::AtMost(200.0),
    })
}

fn large(workspace: &Workspace, folder: &Path) -> Result<Vec<Figure>> {
    let company = company(workspace, folder, LARGE)?;
    let server = Running::with(workspace, &company, &["--today", TODAY])?;
    let told = told(workspace, &server, &company, LARGE)?;
    let rows = format!("{} rows × {} periods", told["nodes"], told["periods"]);
    let number = |of: &str| told[of].as_f64().context(of);
    let mut figures = vec![
        Figure {
            name: "split.bytes",
            value: number("sent")?,
            unit: "bytes",
            numerator: format!(
                "{rows}, every number set by hand, as sent (brotli); {} bytes before",
                told["plain"]
            ),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(8e6),
            goal: Limit::AtMost(4e6),
        },
        Figure {
            name: "split.step",
            value: number("stepped")?,
            unit: "bytes",
            numerator: format!("the answer to taking back an even split of {rows}, as sent (brotli)"),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(8e6),
            goal: Limit::AtMost(4e6),
        },
        Figure {
            name: "split.memory",
            value: number("held")?,
            unit: "bytes",
            numerator: format!("columns of {rows} once they are read"),
            denominator: None,
            spread: None,
            bar: Limit::AtMost(64e6),
            goal: Limit::AtMost(32e6),
        },
    ];
    let version = told["version"].as_str().context("version")?;
    figures.extend(page::in_browser(workspace, &server, version, &rows)?);
    Ok(figures)
}

fn numbers(list: &Value) -> Result<Vec<f64>> {
    let list = list.as_array().context("a list of numbers")?;
    list.iter()
        .map(|number| number.as_f64().context("a number"))
        .collect()
}

/// The value below which a part of the values lies.
fn percentile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (part * values.len() as f64).ceil() as usize;
    values
        .get(place.saturating_sub(1))
        .copied()
        .unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values = (1..=100).map(f64::from).collect();
        assert!((percentile(values, 0.95) - 95.0).abs() < 1e-12);
        assert!(percentile(Vec::new(), 0.95).is_infinite());
    }
}
