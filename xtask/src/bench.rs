//! `cargo xtask bench`: figures, each taken anew, one line of JSON each.

use std::io::Write;
use std::time::Instant;

use serde_json::{Value, json};

use crate::failure::{Context, Failure, Result};
use crate::process::Voice;
use crate::workspace::Workspace;
use crate::{run, tools};

mod client;
mod http;
mod import_csv;
mod load;
mod planning;
mod rebalance;
mod split;
mod ssr_table;
mod start;

/// One measured figure, with what it has to keep.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What was measured and, for a ratio, what it was measured against, both in words with their amounts.
    pub(crate) numerator: String,
    pub(crate) denominator: Option<String>,
    /// Half the distance between the quartiles over the median, of the repeated measurements.
    pub(crate) spread: Option<f64>,
    pub(crate) bar: Limit,
    pub(crate) goal: Limit,
}

/// What a figure has to stay below or above.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Limit {
    /// Reads the words of a limit.
    fn parse(words: &str) -> Result<Self> {
        let (side, limit) = words.split_once(' ').context(words)?;
        let limit = limit.parse().context(words)?;
        match side {
            "<=" => Ok(Self::AtMost(limit)),
            ">=" => Ok(Self::AtLeast(limit)),
            _ => Err(Failure::new(format!("{words} is no limit"))),
        }
    }

    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtMost(limit) => format!("<= {limit}"),
            Self::AtLeast(limit) => format!(">= {limit}"),
        }
    }
}

type Measure = fn(&Workspace) -> Result<Vec<Figure>>;

/// What can be asked for, and how it is measured.
const FIGURES: [(&str, Measure); 8] = [
    ("load", load::measure),
    ("start", start::measure),
    ("ssr", ssr_table::measure),
    ("import", import_csv::measure),
    ("planning", planning::measure),
    ("rebalance", rebalance::measure),
    ("split", split::measure),
    ("split", split::measure_large),
];

/// What measures the domain alone: the product need not be built for it.
const WITHOUT_PRODUCT: [&str; 1] = ["rebalance"];

/// Measures everything, or the named figures (`load` measures load.app and load.chart). Fails when a bar is not kept or
/// something could not be measured.
pub(crate) fn bench(workspace: &Workspace, named: &[String]) -> Result<()> {
    let asked =
        |group: &str| named.is_empty() || named.iter().any(|name| name.split('.').next() == Some(group));
    if let Some(unknown) = named.iter().find(|name| {
        !FIGURES
            .iter()
            .any(|(group, _)| name.split('.').next() == Some(group))
    }) {
        return Err(Failure::new(format!("there is no figure `{unknown}`")));
    }
    tools::check(workspace)?;
    if FIGURES
        .iter()
        .any(|(group, _)| asked(group) && !WITHOUT_PRODUCT.contains(group))
    {
        run::build(workspace, Voice::Quiet)?;
    }
    let path = workspace.root.join("target/bench.jsonl");
    let mut file = std::fs::File::create(&path).context(path.display())?;
    let mut kept = true;
    for (group, measure) in FIGURES.into_iter().filter(|(group, _)| asked(group)) {
        let began = Instant::now();
        let lines = match measure(workspace) {
            Ok(figures) => figures.iter().map(|figure| line(group, figure)).collect(),
            Err(failure) => vec![json!({ "name": group, "pass": false, "error": failure.to_string() })],
        };
        for line in lines {
            kept &= line["pass"] == true;
            println!("{line}");
            writeln!(file, "{line}").context(path.display())?;
        }
        eprintln!("{group}: {:.1} s", began.elapsed().as_secs_f64());
    }
    if kept {
        Ok(())
    } else {
        Err(Failure::new("a bar was not kept, or a figure could not be taken"))
    }
}

fn line(group: &str, figure: &Figure) -> Value {
    json!({
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "spread": figure.spread,
        "command": format!("cargo xtask bench {group}"),
        "bar": figure.bar.words(),
        "goal": figure.goal.words(),
        "pass": figure.bar.holds(figure.value),
    })
}

/// The median of repeated measurements and their spread.
pub(crate) fn median(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = part * (values.len().max(1) - 1) as f64;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        let (low, high) = (
            values.get(low).copied().unwrap_or_default(),
            values.get(high).copied().unwrap_or_default(),
        );
        low + (high - low) * place.fract()
    };
    let middle = at(0.5);
    (
        middle,
        if middle == 0.0 {
            0.0
        } else {
            (at(0.75) - at(0.25)) / 2.0 / middle
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{Limit, median};

    #[test]
    fn a_limit_is_read_as_it_is_written() {
        for words in ["<= 1.05", ">= 100000"] {
            assert!(Limit::parse(words).is_ok_and(|limit| limit.words() == words));
        }
        assert!(Limit::parse("< 3").is_err() && Limit::parse("<= x").is_err());
    }

    #[test]
    fn the_median_and_the_spread_of_five() {
        let (middle, spread) = median(vec![5.0, 1.0, 4.0, 2.0, 3.0]);
        assert!(
            (middle - 3.0).abs() < 1e-12 && (spread - 1.0 / 3.0).abs() < 1e-12,
            "{middle} {spread}"
        );
    }
}
