//! The turnover of Australian retail trade: long series with a strong season, forecast from several points in time with
//! the calibration of other series.

use std::collections::BTreeMap;

use domain::forecast::forecast;
use domain::forecast::score::{mase, naive_scale, smape};

use crate::competition::text;
use crate::figure::Figures;

const STEPS: usize = 18;
/// How many values are held back at each origin: at different points of the year.
const BACK: [usize; 4] = [18, 55, 89, 131];
/// History an origin needs.
const LEAST: usize = 36;
/// How much history is used: all, and what a young company has.
const LENGTHS: [(&str, usize); 4] = [
    ("all", usize::MAX),
    ("60 months", 60),
    ("30 months", 30),
    ("20 months", 20),
];

#[derive(Default)]
struct Tally {
    count: f64,
    smape: [f64; 2],
    mase: [f64; 2],
    inside: [f64; 2],
}

pub(crate) fn judge(figures: &mut Figures) {
    let Some(file) = text("aus_retail/aus_retail.csv") else {
        return;
    };
    let mut all: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for line in file.lines().skip(1) {
        // The name of an industry may have commas.
        let mut cells = line.rsplitn(4, ',');
        let (Some(value), Some(_), Some(_), Some(name)) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        all.entry(name).or_default().push(value.parse().unwrap());
    }
    println!(
        "\n== Australian retail trade: {} series, {STEPS} months from {} origins",
        all.len(),
        BACK.len()
    );
    for (words, length) in LENGTHS {
        let mut tally = Tally::default();
        for values in all.values() {
            for back in BACK {
                let Some(end) = values.len().checked_sub(back).filter(|end| *end >= LEAST) else {
                    continue;
                };
                let known = &values[end.saturating_sub(length)..end];
                tally.add(known, &values[end..end + STEPS]);
            }
        }
        let mean = |sum: f64| sum / tally.count;
        println!("history: {words}, {} forecasts", tally.count);
        println!(
            "{:>14}: sMAPE {:7.3}  MASE {:6.3}",
            "seasonal naive",
            mean(tally.smape[1]),
            mean(tally.mase[1])
        );
        let name = words.replace(' ', "_");
        figures.add(&format!("retail.{name}.smape"), mean(tally.smape[0]), None);
        figures.add(&format!("retail.{name}.mase"), mean(tally.mase[0]), None);
        for (level, word) in ["80", "95"].iter().enumerate() {
            figures.add(
                &format!("retail.{name}.coverage{word}"),
                100.0 * mean(tally.inside[level]),
                None,
            );
        }
    }
}

impl Tally {
    fn add(&mut self, known: &[f64], actual: &[f64]) {
        let made = forecast(known, 12, STEPS, &[80.0, 95.0]).unwrap();
        let naive: Vec<f64> = (0..STEPS)
            .map(|step| known[known.len() - 12 + step % 12])
            .collect();
        let scale = naive_scale(known, 12).unwrap();
        self.count += 1.0;
        for (place, said) in [&made.mean, &naive].into_iter().enumerate() {
            self.smape[place] += smape(actual, said).unwrap();
            self.mase[place] += mase(actual, said, scale).unwrap();
        }
        for (inside, band) in self.inside.iter_mut().zip(&made.bands) {
            let hits = band
                .steps
                .iter()
                .zip(actual)
                .filter(|(interval, actual)| interval.contains(**actual))
                .count();
            *inside += hits as f64 / STEPS as f64;
        }
    }
}
