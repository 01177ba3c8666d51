//! The drag: natively against copying the amounts, in headless Chromium against natively, and on random trees in both.
//!
//! `app/domain/benches/rebalance` takes the native figures. `app/domain/examples/rebalance` is compiled twice, natively and
//! as the site is for the browser; `end2end/bench/rebalance.spec.ts` lets both work by turns and compares what they decide.

use std::path::PathBuf;

use serde_json::Value;

use crate::bench::{Figure, Limit, median};
use crate::browser;
use crate::failure::{Context, Failure, Result};
use crate::process::{Build, Voice, capture, cargo, run};
use crate::site::wasm;
use crate::tools;
use crate::workspace::Workspace;

/// The native figures and their units.
const NATIVE: [(&str, &str); 8] = [
    ("rebalance.100k", "x"),
    ("rebalance.100k.ms", "ms"),
    ("rebalance.100k.plain", "x"),
    ("rebalance.leaf", "us"),
    ("rebalance.leaf.siblings", "us"),
    ("rebalance.exponent", "exponent"),
    ("rebalance.plain.exponent", "exponent"),
    ("plan.memory", "x"),
];
/// Random trees that are checked, in the browser as natively.
const TREES: u32 = 200_000;
/// How many of them there have to be.
const TREES_BAR: f64 = 100_000.0;
const PROFILE: &str = "wasm-release";
const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut figures = native(workspace)?;
    figures.extend(in_browser(workspace)?);
    Ok(figures)
}

fn native(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = cargo(workspace, Build::Release, "bench");
    let printed = capture(bench.args(["--quiet", "--package=domain", "--bench=rebalance"]))?;
    let lines: Vec<Value> = printed
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).context(line))
        .collect::<Result<_>>()?;
    let figure = |(name, unit): (&'static str, &'static str)| {
        let line = lines
            .iter()
            .find(|line| line["name"] == name)
            .context(format!("{name} was not measured"))?;
        let words = |of: &str| line[of].as_str().unwrap_or_default();
        Ok(Figure {
            name,
            value: line["value"].as_f64().context(name)?,
            unit,
            numerator: words("numerator").to_owned(),
            denominator: line["denominator"].as_str().map(ToOwned::to_owned),
            spread: line["spread"].as_f64(),
            bar: Limit::parse(words("bar"))?,
            goal: Limit::parse(words("goal"))?,
        })
    };
    NATIVE.into_iter().map(figure).collect()
}

/// The program and the module, each as the product's would be.
fn compiled(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    let example = ["--package=domain", "--example=rebalance"];
    run(
        cargo(workspace, Build::Release, "build")
            .args(example)
            .arg("--release"),
        Voice::Quiet,
    )?;
    let target = format!("--target={TARGET}");
    let profile = format!("--profile={PROFILE}");
    run(
        cargo(workspace, Build::Release, "build")
            .args(example)
            .args([&target, &profile]),
        Voice::Quiet,
    )?;
    let module = workspace
        .target
        .join(TARGET)
        .join(PROFILE)
        .join("examples/rebalance.wasm");
    let optimised = module.with_extension("optimised.wasm");
    tools::packages(workspace, &workspace.scripts(), Voice::Quiet)?;
    wasm::optimise_module(workspace, &module, &optimised)?;
    let program = format!("release/examples/rebalance{}", std::env::consts::EXE_SUFFIX);
    Ok((workspace.target.join(program), optimised))
}

fn in_browser(workspace: &Workspace) -> Result<Vec<Figure>> {
    let (program, module) = compiled(workspace)?;
    tools::packages(workspace, &workspace.end2end(), Voice::Quiet)?;
    run(
        browser::playwright(
            workspace,
            &workspace.binary(),
            &["--config=bench.config.ts", "rebalance"],
        )?
        .env("ATTAIN_BENCH_PROGRAM", program)
        .env("ATTAIN_BENCH_MODULE", module)
        .env("ATTAIN_BENCH_TREES", TREES.to_string()),
        Voice::Quiet,
    )?;
    let measured = browser::result(workspace, "rebalance.json")?;
    if measured["native"]["hash"] != measured["wasm"]["hash"] {
        return Err(Failure::new(
            "the browser decides a rebalance otherwise than the server",
        ));
    }
    let rounds = |of: &str| -> Result<Vec<f64>> {
        let rounds = measured[of]["us"].as_array().context(of)?;
        rounds.iter().map(|round| round.as_f64().context(of)).collect()
    };
    let (native, wasm) = (rounds("native")?, rounds("wasm")?);
    let ratios = wasm.iter().zip(&native).map(|(wasm, native)| wasm / native);
    let (ratio, ratio_spread) = median(ratios.collect());
    let count = native.len();
    let (native, _) = median(native);
    let (wasm, wasm_spread) = median(wasm);
    let shown =
        format!("{wasm:.0} us in headless Chromium to rebalance 111111 nodes, median of {count} rounds");
    Ok(vec![
        Figure {
            name: "rebalance.wasm",
            value: ratio,
            unit: "x",
            numerator: shown.clone(),
            denominator: Some(format!("{native:.0} us natively, by turns; the same deltas")),
            spread: Some(ratio_spread),
            bar: Limit::AtMost(3.0),
            goal: Limit::AtMost(2.0),
        },
        Figure {
            name: "rebalance.wasm.full",
            value: wasm / 1_000.0,
            unit: "ms",
            numerator: shown,
            denominator: None,
            spread: Some(wasm_spread),
            bar: Limit::AtMost(12.0),
            goal: Limit::AtMost(6.0),
        },
        trees(&measured["trees"])?,
    ])
}

/// How many random trees kept every promise, natively and in the browser, with the same decisions.
fn trees(found: &Value) -> Result<Figure> {
    let number = |side: &str, of: &str| found[side][of].as_u64().context(format!("trees.{side}.{of}"));
    let failures = number("native", "failures")? + number("wasm", "failures")?;
    let alike = found["native"]["hash"] == found["wasm"]["hash"];
    let whole = failures == 0 && alike;
    let first = found["native"]["first"]
        .as_str()
        .map_or_else(String::new, |first| format!(" ({first})"));
    Ok(Figure {
        name: "rebalance.trees",
        value: if whole {
            number("native", "trees")? as f64
        } else {
            0.0
        },
        unit: "trees",
        numerator: format!(
            "random trees, natively and in headless Chromium: {} commands done, {} refused, {failures} broken promises{first}, \
             {} decisions",
            number("native", "done")?,
            number("native", "refused")?,
            if alike { "the same" } else { "different" },
        ),
        denominator: None,
        spread: None,
        bar: Limit::AtLeast(TREES_BAR),
        goal: Limit::AtLeast(TREES_BAR),
    })
}
