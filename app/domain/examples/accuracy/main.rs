//! How good forecasts are, on series of the M3 competition and on the turnover of Australian retail trade: run by
//! `cargo xtask accuracy`. `--calibrate` writes the calibration to the table in the source; `--lines FILE` writes a line of
//! JSON for each figure.
#![expect(
    clippy::unwrap_used,
    reason = "it ends where its data are not what they should be"
)]

use std::process::ExitCode;

mod competition;
mod coverage;
mod figure;
#[path = "../../tests/real_data/files.rs"]
mod files;
mod retail;
mod table;

use competition::{Frequency, Set};
use coverage::Judged;
use figure::{Figures, Limit};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(sets) = Frequency::ALL
        .map(Set::read)
        .into_iter()
        .collect::<Option<Vec<_>>>()
    else {
        eprintln!("m3/ is not here: set ATTAIN_DATA to the folder of the real data");
        return ExitCode::FAILURE;
    };
    let judged: Vec<Judged> = sets.iter().map(Judged::of).collect();
    if arguments.iter().any(|argument| argument == "--calibrate") {
        let path = table::write(&judged).unwrap();
        println!("written: {}", path.display());
        return ExitCode::SUCCESS;
    }
    let mut figures = Figures::default();
    for (set, judged) in sets.iter().zip(&judged) {
        points(set, judged, &mut figures);
        judged.intervals(set, &mut figures);
    }
    retail::judge(&mut figures);
    if let Some(at) = arguments.iter().position(|argument| argument == "--lines") {
        let path = arguments.get(at + 1).expect("a file after --lines");
        std::fs::write(path, figures.lines()).unwrap();
    }
    let missed = figures.missed();
    println!();
    if missed.is_empty() {
        println!("every bar is kept");
        return ExitCode::SUCCESS;
    }
    println!("bars that are not kept: {}", missed.join(", "));
    ExitCode::FAILURE
}

/// Accuracy of the expected values, beside methods of the competition on the same series.
fn points(set: &Set, judged: &Judged, figures: &mut Figures) {
    let name = set.frequency.name();
    println!(
        "\n== M3 {name}: {} series, {} steps",
        set.series.len(),
        set.frequency.steps()
    );
    for method in [
        "NAIVE2",
        "COMB S-H-D",
        "DAMPEN",
        "B-J auto",
        "ForecastPro",
        "THETA",
    ] {
        let said = set.published(method);
        if let Some((smape, mase)) = set.score(|series| said.get(&series.name)) {
            println!("{method:>14}: sMAPE {smape:7.3}  MASE {mase:6.3}");
        }
    }
    let by_name = judged.means();
    let Some((smape, mase)) = set.score(|series| by_name.get(&series.name)) else {
        return;
    };
    let [smape_limits, mase_limits] = set.frequency.limits();
    figures.add(&format!("{name}.smape"), smape, smape_limits);
    figures.add(&format!("{name}.mase"), mase, mase_limits);
    let seconds = judged.seconds;
    let time = (set.frequency == Frequency::Monthly).then_some((Limit::AtMost(20.0), Limit::AtMost(5.0)));
    figures.add(&format!("{name}.seconds"), seconds, time);
}
