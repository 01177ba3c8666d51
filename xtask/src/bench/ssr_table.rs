//! A table of 1,000 rows rendered anew on every request, against the same bytes as a fixed string, by the same server.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::bench::{Figure, Limit, http, median};
use crate::failure::{Context, Failure, Result};
use crate::process::{Build, Voice, cargo, command, run};
use crate::workspace::Workspace;

const ROUNDS: usize = 7;
const CONNECTIONS: usize = 8;
const ROUND: Duration = Duration::from_millis(1500);
/// How far the bytes of the two answers may differ, in permille.
const ALIKE: usize = 5;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut build = cargo(workspace, Build::Release, "build");
    run(
        build.args(["--release", "--package=server", "--example=ssr_table"]),
        Voice::Quiet,
    )?;
    let mut server = command(workspace, workspace.target.join("release/examples/ssr_table"))
        .stdout(Stdio::piped())
        .spawn()
        .context("ssr_table")?;
    let measured =
        first_line(server.stdout.take()).and_then(|line| against(line.trim_start_matches("http://")));
    let _ = server.kill();
    let _ = server.wait();
    measured.map(|figure| vec![figure])
}

fn against(address: &str) -> Result<Figure> {
    let mut ratios = Vec::new();
    let (mut anew, mut fixed, mut bytes) = (Vec::new(), Vec::new(), 0);
    // The first round of each only warms up.
    for round in 0..=ROUNDS {
        let (table, table_bytes) = http::rate(address, "/table", CONNECTIONS, ROUND)?;
        let (string, string_bytes) = http::rate(address, "/fixed", CONNECTIONS, ROUND)?;
        if table_bytes.abs_diff(string_bytes) * 1000 > string_bytes * ALIKE {
            return Err(Failure::new(format!(
                "answers differ: {table_bytes} and {string_bytes} bytes"
            )));
        }
        if round > 0 {
            ratios.push(table / string * 100.0);
            anew.push(table);
            fixed.push(string);
            bytes = table_bytes;
        }
    }
    let (ratio, spread) = median(ratios);
    let told = |rates: Vec<f64>| format!("{:.0} requests/s", median(rates).0);
    Ok(Figure {
        name: "ssr.table",
        value: ratio,
        unit: "%",
        numerator: format!(
            "{}, 1,000 rows ({bytes} bytes) rendered on every request",
            told(anew)
        ),
        denominator: Some(format!("{}, a fixed string of as many bytes", told(fixed))),
        spread: Some(spread),
        bar: Limit::AtLeast(4.0),
        goal: Limit::AtLeast(8.0),
    })
}

fn first_line(output: Option<impl std::io::Read>) -> Result<String> {
    let mut line = String::new();
    let output = output.context("ssr_table has no output")?;
    BufReader::new(output).read_line(&mut line).context("ssr_table")?;
    Ok(line.trim().to_owned())
}
