//! The published cases of the engine on real files (`engine.md`, D). P8 runs on the committed sample where the
//! full files are not at hand; the others need files that may not be committed, and say so where these are absent.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "real_data/allocation.rs"]
mod allocation;
#[path = "real_data/anomaly.rs"]
mod anomaly;
#[path = "real_data/attainment.rs"]
mod attainment;
#[path = "real_data/backtest.rs"]
mod backtest;
#[path = "real_data/bridge.rs"]
mod bridge;
#[path = "real_data/capability.rs"]
mod capability;
#[path = "real_data/fairness.rs"]
mod fairness;
#[path = "real_data/files.rs"]
mod files;
#[cfg(feature = "forecast")]
#[path = "real_data/forecast.rs"]
mod forecast;
#[path = "real_data/funnel.rs"]
mod funnel;
#[path = "real_data/landing.rs"]
mod landing;
#[path = "real_data/make_up.rs"]
mod make_up;

use std::collections::BTreeMap;

use domain::calendar::{DateOrder, Day, parse_date};
use domain::history::{Monthly, Season, compound_growth, contributions, growth};
use domain::money::{AmountStyle, Fact, parse_fact};

/// A file of the data, as rows of cells by header, and how much of it that is.
fn rows(name: &str) -> Option<(Vec<BTreeMap<String, String>>, files::Extent)> {
    let (bytes, extent) = files::read(name)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().map(cells);
    let header = lines.next()?;
    let rows = lines
        .map(|line| header.iter().cloned().zip(line).collect())
        .collect();
    Some((rows, extent))
}

/// A figure of the Maven files that was computed without any code of ours.
fn figure(extent: files::Extent, name: &str) -> i64 {
    let file = match extent {
        files::Extent::Full => "expected/figures_full.csv",
        files::Extent::Sample => "expected/figures_sample.csv",
    };
    let text = std::fs::read_to_string(files::sample(file)).unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(','));
    line.unwrap().parse().unwrap()
}

/// The cells of a line; none of these files has a line break inside quotation marks.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.trim_start_matches('\u{feff}').chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(letter);
                }
            }
        }
    }
    cells
}

fn day(text: &str) -> Day {
    parse_date(text, Some(DateOrder::Mdy)).unwrap()
}

fn amount(text: &str) -> Fact {
    parse_fact(text, AmountStyle::default()).unwrap()
}

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 0.000_051, "{value} is not {expected}");
}

#[test]
fn p10_growth_contribution_and_season_of_superstore() {
    let Some((rows, _)) = rows("superstore/Sample - Superstore.csv") else {
        return;
    };
    let facts: Vec<(Day, Fact)> = rows
        .iter()
        .map(|row| (day(&row["Order Date"]), amount(&row["Sales"])))
        .collect();
    let monthly = Monthly::of(&facts).unwrap();
    let years = monthly.years();
    let cents: Vec<i64> = years.iter().map(|(_, sum)| (sum.0 + 50) / 100).collect();
    assert_eq!(cents, [48_424_750, 47_053_251, 60_920_560, 73_321_526]);
    near(growth(years[1].1, years[0].1).unwrap(), -0.0283);
    near(growth(years[2].1, years[1].1).unwrap(), 0.2947);
    near(growth(years[3].1, years[2].1).unwrap(), 0.2036);
    near(compound_growth(years[0].1, years[3].1, 3).unwrap(), 0.1483);

    let mut regions: BTreeMap<&str, (Fact, Fact)> = BTreeMap::new();
    for (row, (day, amount)) in rows.iter().zip(&facts) {
        let sums = regions.entry(&row["Region"]).or_default();
        match day.ymd().0 {
            2016 => sums.0.0 += amount.0,
            2017 => sums.1.0 += amount.0,
            _ => {}
        }
    }
    let parts: Vec<(Fact, Fact)> = regions.values().copied().collect();
    let points = contributions(&parts).unwrap();
    assert_eq!(
        regions.keys().copied().collect::<Vec<_>>(),
        ["Central", "East", "South", "West"]
    );
    for (point, expected) in points.iter().zip([-0.0005, 0.0532, 0.0481, 0.1028]) {
        near(*point, expected);
    }

    let season = Season::of(&monthly).unwrap();
    let expected = [
        0.5632, 0.3906, 1.0475, 0.7749, 0.8927, 0.7695, 0.7774, 0.7344, 1.6651, 0.8895, 1.7437, 1.7514,
    ];
    for (index, expected) in season.index.iter().zip(expected) {
        near(*index, expected);
    }
}
