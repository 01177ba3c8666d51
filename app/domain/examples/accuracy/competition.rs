//! The series of the M3 competition with odd numbers, and the forecasts made for it (Makridakis and Hibon 2000).

use std::collections::BTreeMap;

use domain::forecast::score::{mase, naive_scale, smape};

use crate::figure::{Limit, Limits};
use crate::files;

/// How often values come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frequency {
    Monthly,
    Quarterly,
    Yearly,
}

impl Frequency {
    pub(crate) const ALL: [Self; 3] = [Self::Monthly, Self::Quarterly, Self::Yearly];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }

    pub(crate) fn season(self) -> usize {
        match self {
            Self::Monthly => 12,
            Self::Quarterly => 4,
            Self::Yearly => 1,
        }
    }

    pub(crate) fn steps(self) -> usize {
        match self {
            Self::Monthly => 18,
            Self::Quarterly => 8,
            Self::Yearly => 6,
        }
    }

    /// Of sMAPE and MASE.
    pub(crate) fn limits(self) -> [Limits; 2] {
        let at_most = |bar, goal| Some((Limit::AtMost(bar), Limit::AtMost(goal)));
        match self {
            Self::Monthly => [at_most(14.0, 13.6), at_most(0.86, 0.845)],
            Self::Quarterly => [at_most(9.1, 8.85), at_most(1.1, 1.065)],
            Self::Yearly => [None, None],
        }
    }
}

/// A series and what came after it.
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) known: Vec<f64>,
    pub(crate) actual: Vec<f64>,
    /// The mean change from season to season.
    pub(crate) scale: f64,
}

/// The series of a frequency.
pub(crate) struct Set {
    pub(crate) frequency: Frequency,
    pub(crate) series: Vec<Series>,
}

impl Set {
    /// `None` where the files are not at hand.
    pub(crate) fn read(frequency: Frequency) -> Option<Self> {
        let wanted = frequency.name().to_uppercase();
        let info = text("m3/m3_info.csv")?;
        let names = info.lines().filter_map(|line| {
            let (name, rest) = line.split_once(',')?;
            (rest.split(',').next() == Some(&wanted)).then(|| name.to_owned())
        });
        let mut values: BTreeMap<String, [Vec<f64>; 2]> =
            names.map(|name| (name, Default::default())).collect();
        for line in text("m3/m3_values_odd.csv")?.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [name, _, part, value] = cells[..] else {
                continue;
            };
            if let Some(parts) = values.get_mut(name) {
                parts[usize::from(part == "out")].push(value.parse().unwrap());
            }
        }
        let series = values
            .into_iter()
            .filter(|(_, [known, _])| !known.is_empty())
            .map(|(name, [known, actual])| {
                let scale = naive_scale(&known, frequency.season()).unwrap();
                Series {
                    name,
                    known,
                    actual,
                    scale,
                }
            });
        Some(Self {
            frequency,
            series: series.collect(),
        })
    }

    /// What a method of the competition said.
    pub(crate) fn published(&self, method: &str) -> BTreeMap<String, Vec<f64>> {
        let file = text("m3/m3_forecasts_odd.csv").unwrap_or_default();
        let lines = file
            .lines()
            .filter_map(|line| line.strip_prefix(method)?.strip_prefix(','));
        lines
            .filter_map(|line| {
                let (name, steps) = line.split_once(',')?;
                let steps = steps
                    .split(',')
                    .map_while(|step| step.parse().ok())
                    .take(self.frequency.steps());
                Some((name.to_owned(), steps.collect()))
            })
            .collect()
    }

    /// Mean sMAPE and MASE; `None` where a series has no forecast.
    pub(crate) fn score<'a>(&self, said: impl Fn(&Series) -> Option<&'a Vec<f64>>) -> Option<(f64, f64)> {
        let mut sums = (0.0, 0.0);
        for series in &self.series {
            let said = said(series)?;
            sums.0 += smape(&series.actual, said)?;
            sums.1 += mase(&series.actual, said, series.scale)?;
        }
        let count = self.series.len() as f64;
        Some((sums.0 / count, sums.1 / count))
    }
}

/// A file of the data.
pub(crate) fn text(name: &str) -> Option<String> {
    let (bytes, _) = files::read(name)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
