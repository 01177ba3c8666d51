//! The figures of the page: memory of the tab, frames of a drag, rows beside plain DOM code.

use super::{PASSWORD, numbers, percentile, rows};
use crate::bench::start::Running;
use crate::bench::{Figure, Limit};
use crate::browser;
use crate::failure::{Context, Result};
use crate::process::{Voice, run};
use crate::tools;
use crate::workspace::Workspace;

/// Opens the large plan in the browser and measures it there.
pub(super) fn in_browser(
    workspace: &Workspace,
    server: &Running,
    version: &str,
    rows: &str,
) -> Result<Vec<Figure>> {
    tools::packages(workspace, &workspace.end2end(), Voice::Quiet)?;
    run(
        browser::playwright(
            workspace,
            &workspace.binary(),
            &["--config=bench.config.ts", "split"],
        )?
        .env("ATTAIN_BENCH_SERVER", format!("http://{}", server.address()))
        .env("ATTAIN_BENCH_EMAIL", "planner0@attain.test")
        .env("ATTAIN_BENCH_PASSWORD", PASSWORD)
        .env("ATTAIN_BENCH_VERSION", version),
        Voice::Loud,
    )?;
    let measured = browser::result(workspace, "split.json")?;
    let frames = numbers(&measured["drag"]["frames_ms"])?;
    let count = frames.len();
    let tall = numbers(&measured["tall"]["frames_ms"])?;
    let in_sight = |of: &str| measured[of]["in_sight"].as_u64().context("in_sight");
    let (few, many) = (in_sight("drag")?, in_sight("tall")?);
    let held = |of: &str, what: &str| measured[of][what].as_f64().context(format!("{of}.{what}"));
    let (program, heap) = (held("tab", "program")?, held("tab", "heap")?);
    let opened = held("opened", "program")? + held("opened", "heap")?;
    let longest = |of: &str| measured[of]["longest_ms"].as_f64().context("longest_ms");
    let (longest, longest_tall) = (longest("drag")?, longest("tall")?);
    let figure = |name, value, unit, numerator, bar, goal| Figure {
        name,
        value,
        unit,
        numerator,
        denominator: None,
        spread: None,
        bar: Limit::AtMost(bar),
        goal: Limit::AtMost(goal),
    };
    Ok(vec![
        figure(
            "split.tab",
            program + heap,
            "bytes",
            format!(
                "memory of the browser's program ({program:.0}) and heap of the page ({heap:.0}) with {rows}, after a drag and with \
                 all names; {opened:.0} once it was open"
            ),
            64e6,
            48e6,
        ),
        figure(
            "drag.frame",
            percentile(tall, 0.95),
            "ms",
            format!(
                "p95 of script, style and layout a drawn frame over {count} movements, dragging one of {many} rows in sight, {rows}"
            ),
            8.0,
            4.0,
        ),
        figure(
            "drag.frame.window",
            percentile(frames, 0.95),
            "ms",
            format!("the same of {count} frames in a window of 900 px with {few} of the rows, {rows}"),
            8.0,
            4.0,
        ),
        figure(
            "drag.task",
            longest_tall,
            "ms",
            "the longest task during the drag with all rows in sight (0: none over 50 ms)".to_owned(),
            50.0,
            16.0,
        ),
        figure(
            "drag.task.window",
            longest,
            "ms",
            "the longest task during the drag in a window of 900 px (0: none over 50 ms)".to_owned(),
            50.0,
            16.0,
        ),
        rows::beside_plain(&measured["rows"])?,
    ])
}
