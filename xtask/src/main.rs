//! `cargo xtask run | build | test | bench | accuracy | holidays`: the whole set-up, in Rust.

use std::process::ExitCode;
use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::process::Voice;
use crate::workspace::Workspace;

mod accuracy;
mod bench;
mod browser;
mod budget;
mod failure;
mod firewall;
mod holidays;
mod postgres;
mod process;
mod run;
mod site;
mod tally;
mod test;
mod tools;
mod workspace;

const HELP: &str = "\
cargo xtask run [-- OPTIONS OF attain serve]   build what changed and serve on http://127.0.0.1:3000
cargo xtask build                              leave one self-contained program: target/release/attain
cargo xtask test [STAGE…]                      format, clippy, tests on both databases, budgets, browser
cargo xtask bench [FIGURE…]                    measure; one line of JSON a figure, also in target/bench.jsonl
cargo xtask accuracy [--calibrate]             measure forecasts on real series, also in target/accuracy.jsonl
cargo xtask holidays                           make the table of public holidays anew from its Python package
cargo xtask site                               only the browser's files: target/site";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let workspace = Workspace::find();
    let verb = arguments.first().map_or("help", String::as_str);
    let rest = arguments.get(1..).unwrap_or_default();
    let outcome = match verb {
        "run" => run::run(&workspace, rest),
        "build" => run::build(&workspace, Voice::Loud).map(|binary| println!("{}", binary.display())),
        "bench" => bench::bench(&workspace, rest),
        "accuracy" => accuracy::accuracy(&workspace, rest),
        "test" => test::test(&workspace, rest),
        "site" => site(&workspace),
        "holidays" => holidays::holidays(&workspace),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!("there is no `{other}`\n{HELP}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn site(workspace: &Workspace) -> Result<()> {
    let start = Instant::now();
    tools::check(workspace)?;
    let site = site::build(workspace, Voice::Loud)?;
    for (name, sizes) in &site.files {
        let packed = sizes
            .brotli
            .map_or_else(String::new, |size| format!("{size} brotli"));
        println!("{:>9} {packed:>16}  {name}", sizes.plain);
    }
    println!("{} in {:.1} s", site.build, start.elapsed().as_secs_f64());
    Ok(())
}
