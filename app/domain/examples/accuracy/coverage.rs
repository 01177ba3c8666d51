//! How often intervals contain what came, and how narrow they are.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Instant;

use domain::forecast::calibration::{Calibration, Lesson};
use domain::forecast::score::msis;
use domain::forecast::{Forecast, forecast, lesson};
use domain::statistics::{Interval, Random, mean, student_quantile};

use crate::competition::Set;
use crate::figure::{Figures, Limit, Limits};

/// The splits into halves, one for calibration and one for scoring.
const SPLITS: u64 = 10;

/// The forecasts of a set, and how far they were off.
pub(crate) struct Judged {
    pub(crate) season: usize,
    pub(crate) seconds: f64,
    items: Vec<Item>,
}

struct Item {
    name: String,
    forecast: Forecast,
    actual: Vec<f64>,
    lesson: Lesson,
    /// The scale of MSIS.
    scale: f64,
    floor: f64,
}

/// Coverage of the levels 80 and 95, of all steps and of each, and of the sum of all steps, and MSIS of the level 95.
#[derive(Default)]
struct Tally {
    steps: Vec<[f64; 2]>,
    total: [f64; 2],
    msis: f64,
    count: f64,
}

impl Judged {
    /// Forecasts every series, one after the other on one core.
    pub(crate) fn of(set: &Set) -> Self {
        let season = set.frequency.season();
        let start = processor();
        let forecasts: Vec<Forecast> = set
            .series
            .iter()
            .map(|series| forecast(&series.known, season, set.frequency.steps(), &[80.0, 95.0]).unwrap())
            .collect();
        let seconds = processor() - start;
        let items = set.series.iter().zip(forecasts).map(|(series, forecast)| Item {
            name: series.name.clone(),
            lesson: lesson(&series.known, season, &series.actual).unwrap(),
            actual: series.actual.clone(),
            scale: series.scale,
            floor: if series.known.iter().all(|value| *value >= 0.0) {
                0.0
            } else {
                f64::NEG_INFINITY
            },
            forecast,
        });
        Self {
            season,
            seconds,
            items: items.collect(),
        }
    }

    /// The expected values by series.
    pub(crate) fn means(&self) -> BTreeMap<String, Vec<f64>> {
        self.items
            .iter()
            .map(|item| (item.name.clone(), item.forecast.mean.clone()))
            .collect()
    }

    /// The calibration of all series.
    pub(crate) fn calibration(&self) -> Option<Calibration> {
        fit(&self.items.iter().collect::<Vec<_>>())
    }

    /// Coverage and width, calibrated on one half of the series and scored on the other.
    pub(crate) fn intervals(&self, set: &Set, figures: &mut Figures) {
        let name = set.frequency.name();
        let mut tally = Tally::default();
        let (mut low, mut high) = ([100.0_f64; 2], [0.0_f64; 2]);
        for split in 0..SPLITS {
            let mut order: Vec<&Item> = self.items.iter().collect();
            let mut random = Random::new(split);
            for place in (1..order.len()).rev() {
                order.swap(place, random.below(place + 1));
            }
            let (learnt, scored) = order.split_at(order.len() / 2);
            let calibration = fit(learnt).unwrap();
            let mut own = Tally::default();
            for item in scored {
                own.add(item, &calibration);
            }
            for (level, share) in own.coverage().into_iter().enumerate() {
                (low[level], high[level]) = (low[level].min(share), high[level].max(share));
            }
            tally.join(&own);
        }
        let [inner, outer] = tally.coverage();
        let barred = name != "yearly";
        let limit = |low, high| barred.then_some((Limit::Between(low, high), Limit::Between(low, high)));
        figures.add(&format!("{name}.coverage80"), inner, limit(78.0, 82.0));
        figures.add(&format!("{name}.coverage95"), outer, limit(94.0, 96.0));
        println!(
            "  in single splits {:.1} to {:.1} and {:.1} to {:.1}",
            low[0], high[0], low[1], high[1]
        );
        for (level, word) in ["80", "95"].iter().enumerate() {
            let row = tally
                .steps
                .iter()
                .map(|counts| format!("{:5.1}", 100.0 * counts[level] / tally.count));
            println!("  {word} % by step: {}", row.collect::<Vec<_>>().join(" "));
        }
        let [inner, outer] = tally.total.map(|inside| 100.0 * inside / tally.count);
        figures.add(&format!("{name}.total.coverage80"), inner, None);
        figures.add(&format!("{name}.total.coverage95"), outer, None);
        let limits: Limits = (name == "monthly").then_some((Limit::AtMost(6.95), Limit::AtMost(6.7)));
        figures.add(&format!("{name}.msis95"), tally.msis / tally.count, limits);
    }
}

/// Seconds this thread had a core, where the system says (Linux); else seconds that passed.
fn processor() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let start = *START;
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = said.and_then(|said| said.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

fn fit(items: &[&Item]) -> Option<Calibration> {
    let lessons: Vec<Lesson> = items.iter().map(|item| item.lesson.clone()).collect();
    Calibration::fit(&lessons)
}

impl Tally {
    fn add(&mut self, item: &Item, calibration: &Calibration) {
        let steps = item.actual.len();
        self.steps.resize(steps, [0.0; 2]);
        self.count += 1.0;
        let spread = calibration.spread(&item.lesson.own);
        let was = &item.forecast;
        let total_spread = calibration.totals(&item.lesson.own, &spread).pop().unwrap();
        let total = (item.actual.iter().sum::<f64>() - was.mean.iter().sum::<f64>()).abs();
        for (level, part) in [0.9, 0.975].into_iter().enumerate() {
            let reach = student_quantile(part, calibration.freedom);
            self.total[level] += f64::from(total <= reach * total_spread);
            let intervals: Vec<Interval> = was
                .mean
                .iter()
                .zip(&spread)
                .map(|(mean, spread)| Interval {
                    low: (mean - reach * spread).max(item.floor),
                    high: mean + reach * spread,
                })
                .collect();
            for ((counts, interval), actual) in self.steps.iter_mut().zip(&intervals).zip(&item.actual) {
                counts[level] += f64::from(interval.contains(*actual));
            }
            if level == 1 {
                self.msis += msis(&item.actual, &intervals, 95.0, item.scale).unwrap();
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.steps.resize(other.steps.len(), [0.0; 2]);
        for level in 0..2 {
            for (counts, more) in self.steps.iter_mut().zip(&other.steps) {
                counts[level] += more[level];
            }
            self.total[level] += other.total[level];
        }
        self.msis += other.msis;
        self.count += other.count;
    }

    fn coverage(&self) -> [f64; 2] {
        [0, 1].map(|level| {
            let inside: Vec<f64> = self.steps.iter().map(|counts| counts[level]).collect();
            100.0 * mean(&inside).unwrap_or_default() / self.count
        })
    }
}
