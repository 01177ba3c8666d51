//! Drops, surges and shifts of many series at once.

mod amount;
mod count;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kind::IncompleteSide;
use super::{Evidence, Finding, Residual, Settings, Severity, total};
use crate::calendar::{Day, Period, WorkingDays};
use crate::history::coverage;
use crate::money::Fact;
use crate::statistics::benjamini_hochberg;

/// What the values of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Money in ten-thousandths.
    Amount,
    /// How many; negative ones count as none.
    Count {
        /// What one of them is usually worth; 0 where that is not known.
        worth: Fact,
    },
}

/// One value for each period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Stable id.
    pub key: String,
    /// What the values are.
    pub measure: Measure,
    /// One for each period of the scan.
    pub values: Vec<i64>,
    /// The first day of which its source has delivered facts. That of the source, not of the series: a product that is no
    /// longer sold is a drop, a file that has not come is not.
    pub first: Day,
    /// The last day of which its source has delivered facts.
    pub last: Day,
}

/// What all series have in common.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    /// The periods, sorted and without overlap.
    pub periods: &'a [Period],
    /// Periods in a season: 12 for months, 4 for quarters, 1 for none.
    pub season: usize,
    /// How many of the last periods are judged; those before only say what is usual.
    pub judged: usize,
    /// The working days by which a period is incomplete ([`crate::history::coverage`]).
    pub working: &'a WorkingDays,
}

/// Why series were not scanned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum ScanError {
    /// A series has not one value for each period.
    #[error("series \"{key}\" has {values} values for {periods} periods: one for each is needed")]
    Length {
        /// The series.
        key: String,
        /// Its values.
        values: usize,
        /// The periods of the scan.
        periods: usize,
    },
    /// A season of no period.
    #[error("a season has at least one period: 12 for months, 1 for none")]
    Season,
    /// Periods that overlap, are empty or out of order.
    #[error("period \"{period}\" does not begin after the one before it, or has no day")]
    Order {
        /// The later of the two.
        period: String,
    },
}

/// A period of a series held against what was expected.
struct Test {
    series: usize,
    place: usize,
    /// The chance of one so far off.
    p: f64,
    /// Whether it is far enough off to be told at all.
    far: bool,
    evidence: Option<Evidence>,
    stake: Fact,
}

/// Periods that fell short of or went beyond what level and season let expect, series that moved to another level, and
/// periods that are not whole.
///
/// Amounts are judged on the logarithm by robust residuals, |z| beyond `settings.z`; counts by the tail of their
/// distribution. Both are held against the number of periods judged over all series, shifts against that of series
/// (Benjamini and Hochberg 1995). Incomplete periods are neither judged nor learnt from. A period within a shift in the
/// same direction is not told again. Severity compares with what all series bring in a typical period.
pub fn series(scan: &Scan, series: &[Series], settings: &Settings) -> Result<Vec<Finding>, ScanError> {
    check(scan, series)?;
    let from = scan.periods.len().saturating_sub(scan.judged);
    let mut gaps: BTreeMap<(usize, Day, Day), (IncompleteSide, Vec<usize>)> = BTreeMap::new();
    let mut tests: Vec<Test> = Vec::new();
    let mut shifts: Vec<Test> = Vec::new();
    for (index, one) in series.iter().enumerate() {
        let values = whole_values(scan, one, index, from, &mut gaps);
        match one.measure {
            Measure::Amount => {
                let judged = amount::judge(scan, one, index, &values, from, settings);
                tests.extend(judged.tests);
                shifts.push(judged.shift);
            }
            Measure::Count { worth } => {
                tests.extend(count::judge(scan, index, &values, from, worth, settings));
            }
        }
    }
    let typical: Vec<Fact> = series.iter().map(typical).collect();
    let whole = total(typical.iter().copied());
    let mut findings = Vec::new();
    let mut told: BTreeMap<usize, (usize, bool)> = BTreeMap::new();
    for test in held(shifts, settings) {
        if let Some(Evidence::LevelShift { cusum, .. }) = test.evidence {
            told.insert(test.series, (test.place, cusum > 0.0));
        }
        findings.extend(finding(scan, series, test, whole, settings));
    }
    for test in held(tests, settings) {
        let up = matches!(test.evidence, Some(Evidence::Surge(_)));
        let within = told
            .get(&test.series)
            .is_some_and(|(place, shift_up)| test.place >= *place && up == *shift_up);
        if !within {
            findings.extend(finding(scan, series, test, whole, settings));
        }
    }
    let gaps = gaps
        .into_iter()
        .filter_map(|((place, first, last), (side, which))| {
            let reached = || {
                series.iter().any(|other| {
                    scan.periods
                        .get(place)
                        .is_some_and(|period| other.last >= period.start)
                })
            };
            if side == IncompleteSide::Outside && !reached() {
                return None;
            }
            let period = scan.periods.get(place)?;
            let stake = total(which.iter().filter_map(|index| typical.get(*index).copied()));
            Some(Finding {
                severity: Severity::of(stake, whole, settings),
                stake,
                since: Some(period.start),
                records: which
                    .iter()
                    .filter_map(|index| Some(series.get(*index)?.key.clone()))
                    .collect(),
                evidence: Evidence::Incomplete {
                    period: period.name.clone(),
                    first,
                    last,
                    missing: side,
                },
            })
        });
    findings.extend(gaps);
    super::rank(&mut findings);
    Ok(findings)
}

fn check(scan: &Scan, series: &[Series]) -> Result<(), ScanError> {
    if scan.season == 0 {
        return Err(ScanError::Season);
    }
    let mut before: Option<Day> = None;
    for period in scan.periods {
        if period.end <= period.start || before.is_some_and(|end| period.start < end) {
            return Err(ScanError::Order {
                period: period.name.clone(),
            });
        }
        before = Some(period.end);
    }
    match series.iter().find(|one| one.values.len() != scan.periods.len()) {
        Some(one) => Err(ScanError::Length {
            key: one.key.clone(),
            values: one.values.len(),
            periods: scan.periods.len(),
        }),
        None => Ok(()),
    }
}

/// The values of whole periods; what is missing of the judged ones is noted in `gaps`, by period and days delivered.
fn whole_values(
    scan: &Scan,
    one: &Series,
    index: usize,
    from: usize,
    gaps: &mut BTreeMap<(usize, Day, Day), (IncompleteSide, Vec<usize>)>,
) -> Vec<Option<i64>> {
    let mut values = Vec::with_capacity(one.values.len());
    for (place, (period, value)) in scan.periods.iter().zip(&one.values).enumerate() {
        let side = IncompleteSide::of(coverage(period, one.first, one.last, scan.working));
        values.push(side.is_none().then_some(*value));
        // What lies before the first fact was never there.
        if let Some(side) = side.filter(|_| place >= from && period.end > one.first) {
            gaps.entry((place, one.first, one.last))
                .or_insert((side, Vec::new()))
                .1
                .push(index);
        }
    }
    values
}

/// What a series usually brings in a period.
fn typical(one: &Series) -> Fact {
    let mut values: Vec<u64> = one.values.iter().map(|value| value.unsigned_abs()).collect();
    values.sort_unstable();
    let middle = values
        .get(values.len() / 2)
        .copied()
        .unwrap_or(0)
        .min(i64::MAX as u64)
        .cast_signed();
    match one.measure {
        Measure::Amount => Fact(middle),
        Measure::Count { worth } => Fact(middle.saturating_mul(worth.0)),
    }
}

/// The tests that hold against their number and are far enough off.
fn held(tests: Vec<Test>, settings: &Settings) -> Vec<Test> {
    let chances: Vec<f64> = tests.iter().map(|test| test.p).collect();
    let held = benjamini_hochberg(&chances, settings.false_rate);
    tests
        .into_iter()
        .zip(held)
        .filter(|(test, held)| *held && test.far)
        .map(|(test, _)| test)
        .collect()
}

fn finding(scan: &Scan, series: &[Series], test: Test, whole: Fact, settings: &Settings) -> Option<Finding> {
    Some(Finding {
        evidence: test.evidence?,
        severity: Severity::of(test.stake, whole, settings),
        stake: test.stake,
        since: scan.periods.get(test.place).map(|period| period.start),
        records: vec![series.get(test.series)?.key.clone()],
    })
}
