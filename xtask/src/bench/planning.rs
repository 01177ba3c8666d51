//! The screens a plan is prepared on, over three years of real orders: `AdventureWorks`' 31,465 with territories and sellers.
//!
//! What is timed is the whole page as the server makes it, figures, charts and tables in it, to its last byte. "First" and
//! "cold" are of a server that was just started; "warm" of one that was asked before.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::bench::client::Client;
use crate::bench::start::Running;
use crate::bench::{Figure, Limit, median};
use crate::failure::{Context, Failure, Result};
use crate::process::{Voice, command, run};
use crate::workspace::Workspace;

/// Servers started, each asked for the first time.
const STARTS: usize = 5;
/// Times that each is asked again.
const AGAIN: usize = 5;
/// The day after the last order.
const TODAY: &str = "2014-07-01";
const EMAIL: &str = "planner@attain.test";
const PASSWORD: &str = "planning-bench-31465";
/// What the columns of the orders are that do not tell by themselves.
const MAPPING: &str = r#"{"member":"SalesPersonID","unit":"TerritoryID","account":"","currency":""}"#;

/// A page, and what is on it once its data are.
const BASELINE: (&str, &str) = ("/set/baseline", "id=\"one-offs\"");
const OUTLOOK: (&str, &str) = ("/set/outlook", "data-figure=\"p50\"");

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let data = workspace
        .data("adventureworks")
        .context("the orders of adventureworks/ are not here (ATTAIN_DATA)")?;
    let folder = std::env::temp_dir().join(format!("attain-bench-planning-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context(folder.display())?;
    let measured = prepare(workspace, &data, &folder).and_then(|company| rounds(workspace, &company));
    std::fs::remove_dir_all(&folder).context(folder.display())?;
    measured
}

/// Makes the company by the program's own commands; gives its data folder.
fn prepare(workspace: &Workspace, data: &Path, folder: &Path) -> Result<PathBuf> {
    let company = folder.join("company");
    let attain = |arguments: &[&str]| {
        let mut attain = command(workspace, workspace.binary());
        attain.args(arguments).arg("--data-dir").arg(&company);
        attain
    };
    let import = |kind: &str, path: &Path, more: &[&str]| {
        let mut import = attain(&["import", "--kind", kind]);
        import.args(more).arg(path);
        run(&mut import, Voice::Quiet)
    };
    let (units, members) = registers(data, folder)?;
    import("units", &units, &[])?;
    import("members", &members, &[])?;
    import(
        "orders",
        &data.join("SalesOrderHeader.csv"),
        &["--mapping", MAPPING],
    )?;
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD).context(password.display())?;
    let mut user = attain(&[
        "user", "create", "--email", EMAIL, "--name", "Planner", "--role", "planner",
    ]);
    user.arg("--password-stdin")
        .stdin(std::fs::File::open(&password).context(password.display())?);
    run(&mut user, Voice::Quiet)?;
    Ok(company)
}

/// Writes territories as units and sellers as their members; gives both paths.
fn registers(data: &Path, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let mut units = "name,code,level\n".to_owned();
    for row in table(&data.join("SalesTerritory.csv"), &["TerritoryID", "Name"])? {
        if let [id, name] = row.as_slice() {
            writeln!(units, "{name},{id},territory").context("units")?;
        }
    }
    let sellers = table(
        &data.join("SalesPerson.csv"),
        &["BusinessEntityID", "TerritoryID"],
    )?;
    let names = ["BusinessEntityID", "FirstName", "LastName"];
    let mut members = "name,employee id,unit\n".to_owned();
    for row in table(&data.join("SalesPersonNames.csv"), &names)? {
        if let [id, first, last] = row.as_slice() {
            let territory = sellers.iter().find(|seller| seller.first() == Some(id));
            let territory = territory
                .and_then(|seller| seller.get(1))
                .map_or("", String::as_str);
            writeln!(members, "{first} {last},{id},{territory}").context("members")?;
        }
    }
    let write = |name: &str, text: String| -> Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, text).context(path.display())?;
        Ok(path)
    };
    Ok((write("units.csv", units)?, write("members.csv", members)?))
}

/// Columns of a table without quoted cells, by their names.
fn table(path: &Path, columns: &[&str]) -> Result<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(path).context(path.display())?;
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let places: Vec<usize> = columns
        .iter()
        .map(|column| {
            let place = head.iter().position(|name| name == column);
            place.context(format!("{} has no {column}", path.display()))
        })
        .collect::<Result<_>>()?;
    Ok(lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |place: &usize| cells.get(*place).copied().unwrap_or_default().to_owned();
            places.iter().map(cell).collect()
        })
        .collect())
}

fn rounds(workspace: &Workspace, company: &Path) -> Result<Vec<Figure>> {
    let (mut first, mut cold, mut warm) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = Running::with(workspace, company, &["--today", TODAY])?;
        let planner = Client::signed_in(server.address(), EMAIL, PASSWORD)?;
        first.push(planner.open(BASELINE.0, BASELINE.1)?);
        cold.push(planner.open(OUTLOOK.0, OUTLOOK.1)?);
        for _ in 0..AGAIN {
            warm.push(planner.open(OUTLOOK.0, OUTLOOK.1)?);
        }
    }
    if first.is_empty() {
        return Err(Failure::new("nothing was measured"));
    }
    let figure = |name, values, what: &str, bar: f64, goal: f64| {
        let (value, spread) = median(values);
        Figure {
            name,
            value,
            unit: "ms",
            numerator: format!("{what}, 31,465 orders, whole page, median of {STARTS} servers"),
            denominator: None,
            spread: Some(spread),
            bar: Limit::AtMost(bar),
            goal: Limit::AtMost(goal),
        }
    };
    Ok(vec![
        figure(
            "planning.baseline",
            first,
            "the first Baseline after the start",
            300.0,
            200.0,
        ),
        figure(
            "planning.outlook_cold",
            cold,
            "the first Outlook, every branch reckoned",
            2_000.0,
            500.0,
        ),
        figure(
            "planning.outlook_warm",
            warm,
            "the Outlook asked again",
            200.0,
            50.0,
        ),
    ])
}
