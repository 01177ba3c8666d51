//! One series of amounts.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::super::shift::shift;
use super::super::usual::{freedom, scale, usual};
use super::{Evidence, Fact, Residual, Scan, Series, Settings, Test};
use crate::statistics::{median, student_below};

/// Residuals below this part of the level are not told apart: 1 %.
const LEAST_SCALE: f64 = 0.01;

/// What is not positive counts as this part of a typical value, on the logarithm.
const FLOOR: f64 = 0.01;

/// What was found in one series.
pub(super) struct Judged {
    pub(super) tests: Vec<Test>,
    pub(super) shift: Test,
}

/// How values are laid out so that deviations compare.
#[derive(Clone, Copy)]
enum Layout {
    /// Logarithms of the value over a typical one: deviations are in proportion.
    Proportion { unit: f64 },
    /// Over a typical size: for series that are often zero or negative.
    Difference { unit: f64 },
}

impl Layout {
    /// `None` where nothing ever happened.
    fn of(values: &[Option<i64>]) -> Option<Self> {
        let known: Vec<f64> = values.iter().flatten().map(|value| *value as f64).collect();
        let positive: Vec<f64> = known.iter().copied().filter(|value| *value > 0.0).collect();
        if positive.len() * 10 >= known.len() * 9 {
            return Some(Self::Proportion {
                unit: median(&positive)?,
            });
        }
        let sizes: Vec<f64> = known
            .iter()
            .map(|value| value.abs())
            .filter(|size| *size > 0.0)
            .collect();
        Some(Self::Difference {
            unit: median(&sizes)?,
        })
    }

    fn place(self, value: i64) -> f64 {
        match self {
            Self::Proportion { unit } => (value as f64 / unit).max(FLOOR).ln(),
            Self::Difference { unit } => value as f64 / unit,
        }
    }

    fn amount(self, place: f64) -> Fact {
        match self {
            Self::Proportion { unit } => Fact((place.exp() * unit).round() as i64),
            Self::Difference { unit } => Fact((place * unit).round() as i64),
        }
    }
}

pub(super) fn judge(
    scan: &Scan,
    one: &Series,
    index: usize,
    values: &[Option<i64>],
    from: usize,
    settings: &Settings,
) -> Judged {
    let nothing = Test {
        series: index,
        place: 0,
        p: 1.0,
        far: false,
        evidence: None,
        stake: Fact(0),
    };
    let mut judged = Judged {
        tests: Vec::new(),
        shift: nothing,
    };
    let Some(layout) = Layout::of(values) else {
        return judged;
    };
    let placed: Vec<Option<f64>> = values
        .iter()
        .map(|value| value.map(|value| layout.place(value)))
        .collect();
    let usual = usual(&placed, scan.season);
    let Some(scale) = scale(&usual, LEAST_SCALE) else {
        return judged;
    };
    let freedom = freedom(&usual);
    for period in usual.iter().filter(|period| period.place >= from) {
        let z = period.residual / scale;
        let mut test = Test {
            series: index,
            place: period.place,
            p: 2.0 * student_below(-z.abs(), freedom),
            far: z.abs() > settings.z,
            evidence: None,
            stake: Fact(0),
        };
        if test.far {
            let value = Fact(one.values.get(period.place).copied().unwrap_or(0));
            let expected = layout.amount(period.expected);
            let residual = Residual {
                period: scan
                    .periods
                    .get(period.place)
                    .map_or_else(String::new, |period| period.name.clone()),
                value,
                expected,
                z,
                threshold: settings.z,
                p: test.p,
                compared: usual.len() as u64 - 1,
            };
            test.stake = apart(value, expected);
            test.evidence = Some(if z < 0.0 {
                Evidence::Drop(residual)
            } else {
                Evidence::Surge(residual)
            });
        }
        judged.tests.push(test);
    }
    if let Some(found) = shift(&placed, &usual, scale, settings).filter(|found| found.place >= from) {
        let (before, after) = (layout.amount(found.before), layout.amount(found.after));
        let periods = usual.iter().filter(|period| period.place >= found.place).count();
        judged.shift = Test {
            place: found.place,
            p: found.p,
            far: found.z.abs() > settings.z,
            stake: Fact(apart(before, after).0.saturating_mul(periods as i64)),
            evidence: Some(Evidence::LevelShift {
                before,
                after,
                periods: periods as u64,
                cusum: found.cusum,
                threshold: settings.shift_limit,
                z: found.z,
            }),
            ..judged.shift
        };
    }
    judged
}

fn apart(a: Fact, b: Fact) -> Fact {
    Fact(a.0.abs_diff(b.0).min(i64::MAX as u64).cast_signed())
}
