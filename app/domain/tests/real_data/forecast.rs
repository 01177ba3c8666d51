//! The scores, and forecasts, on the series of the M3 competition (`engine.md` B3).

use std::collections::BTreeMap;

use domain::forecast::forecast;
use domain::forecast::score::{mase, naive_scale, smape};

use super::rows;

/// Of the odd series of one frequency: what is known, and what came after.
fn series(frequency: &str) -> Option<BTreeMap<String, [Vec<f64>; 2]>> {
    let (info, _) = rows("m3/m3_info.csv")?;
    let (values, _) = rows("m3/m3_values_odd.csv")?;
    let mut all: BTreeMap<String, [Vec<f64>; 2]> = BTreeMap::new();
    for row in &values {
        all.entry(row["sn"].clone()).or_default()[usize::from(row["part"] == "out")]
            .push(row["value"].parse().unwrap());
    }
    let wanted = info.iter().filter(|row| row["period"] == frequency);
    Some(wanted.filter_map(|row| all.remove_entry(&row["sn"])).collect())
}

/// Mean sMAPE and MASE of a method.
fn score(frequency: &str, season: usize, method: &str) -> Option<(f64, f64)> {
    let series = series(frequency)?;
    let (forecasts, _) = rows("m3/m3_forecasts_odd.csv")?;
    let mut sums = (0.0, 0.0);
    let mut count = 0.0;
    for row in forecasts.iter().filter(|row| row["method"] == method) {
        let Some([known, actual]) = series.get(&row["sn"]) else {
            continue;
        };
        let said: Vec<f64> = (1..=actual.len())
            .map(|step| row[&format!("h{step}")].parse().unwrap())
            .collect();
        sums.0 += smape(actual, &said).unwrap();
        sums.1 += mase(actual, &said, naive_scale(known, season).unwrap()).unwrap();
        count += 1.0;
    }
    Some((sums.0 / count, sums.1 / count))
}

#[test]
fn the_published_forecasts_have_the_published_scores() {
    let expected = [
        ("MONTHLY", 12, "NAIVE2", 17.440, 1.064),
        ("MONTHLY", 12, "THETA", 14.184, 0.874),
        ("MONTHLY", 12, "ForecastPro", 14.045, 0.853),
        ("QUARTERLY", 4, "THETA", 8.886, 1.069),
        ("QUARTERLY", 4, "COMB S-H-D", 9.118, 1.090),
    ];
    for (frequency, season, method, wanted_smape, wanted_mase) in expected {
        let Some((smape, mase)) = score(frequency, season, method) else {
            return;
        };
        assert!(
            (smape - wanted_smape).abs() < 0.001,
            "{frequency} {method} {smape}"
        );
        assert!((mase - wanted_mase).abs() < 0.001, "{frequency} {method} {mase}");
    }
}

/// Every sixth quarterly series; all of them are the matter of `cargo xtask accuracy`.
#[test]
fn forecasts_beat_the_naive_one_and_bands_hold_what_comes() {
    let Some(series) = series("QUARTERLY") else { return };
    let (mut own, mut naive, mut inside, mut count) = (0.0, 0.0, 0.0, 0.0);
    for [known, actual] in series.values().step_by(6) {
        let made = forecast(known, 4, actual.len(), &[80.0]).unwrap();
        let repeated: Vec<f64> = (0..actual.len())
            .map(|step| known[known.len() - 4 + step % 4])
            .collect();
        let scale = naive_scale(known, 4).unwrap();
        own += mase(actual, &made.mean, scale).unwrap();
        naive += mase(actual, &repeated, scale).unwrap();
        for (interval, actual) in made.bands[0].steps.iter().zip(actual) {
            inside += f64::from(interval.contains(*actual));
            count += 1.0;
        }
    }
    assert!(own < 0.85 * naive, "{own} {naive}");
    let coverage = inside / count;
    assert!((0.7..0.9).contains(&coverage), "{coverage}");
}
