//! What was judged, in the few words and figures one decides by: each figure beside its limits, each finding with those it
//! concerns.

use serde::{Deserialize, Serialize};

use super::limit::in_ppm;
use super::{Kind, Level, Limits, Measure, Padding, Report, Settings, Severity, Spread};
use crate::plan::NodeIndex;

/// How fair a version is, or the part of it that somebody sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// The topmost row of what was judged, in the whole version.
    pub row: NodeIndex,
    /// What that row is called.
    pub name: String,
    /// Whether it is all of the version.
    pub whole: bool,
    /// How high targets lie and how evenly they press; none where nothing can be expected of anybody, or nobody carries a
    /// number.
    pub verdicts: Option<(Level, Spread)>,
    /// Each figure beside its limits; of a whole version only, as limits are.
    pub measured: Vec<Measured>,
    /// What was found, the gravest first; what is as it should be is left out.
    pub findings: Vec<Found>,
    /// People of whom nothing can be said.
    pub unknown: u64,
}

impl Checked {
    /// Whether a limit keeps it from being published.
    pub fn blocks(&self) -> bool {
        self.measured
            .iter()
            .any(|measured| measured.beyond == Some(Severity::Block))
    }
}

/// A figure beside its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Which.
    pub measure: Measure,
    /// What it is, in millionths; none where it cannot be told.
    pub value_ppm: Option<i64>,
    /// What is beyond it is warned of, in millionths.
    pub warn_ppm: Option<u32>,
    /// What is beyond it is not published without a stated reason, in millionths.
    pub block_ppm: Option<u32>,
    /// Which of the two it is beyond; none where it is within both, or cannot be told.
    pub beyond: Option<Severity>,
}

/// A finding with those it concerns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// How much it matters.
    pub severity: Severity,
    /// What was found, with the numbers.
    pub kind: Kind,
    /// How many people it concerns; 0 where it concerns all.
    pub count: u64,
    /// The first of them by name.
    pub names: Vec<String>,
}

/// Every figure beside its limits, in the order of [`Measure::ALL`]. `padding`: over-assignment, which is told by the numbers
/// alone, also where there is no report. `settings`: those the report was made with.
pub fn measured(
    report: Option<&Report>,
    padding: Option<&Padding>,
    limits: &Limits,
    settings: &Settings,
) -> Vec<Measured> {
    limits
        .list()
        .iter()
        .map(|limit| {
            let value_ppm = match limit.measure {
                Measure::Padding => padding.and_then(|padding| padding.total).map(in_ppm),
                of => report.and_then(|report| of.of(report, settings)),
            };
            let breach = value_ppm.and_then(|value_ppm| limit.breach(value_ppm));
            Measured {
                measure: limit.measure,
                value_ppm,
                warn_ppm: limit.warn_ppm,
                block_ppm: limit.block_ppm,
                beyond: breach.map(|breach| breach.severity),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fairness::{Outlook, Person, breaches, check};
    use crate::money::Minor;

    #[test]
    fn a_figure_is_beyond_the_very_limits_that_refuse() {
        let settings = Settings::default();
        let limits = Limits::default();
        let people: Vec<Person> = [90_i64, 200, 200]
            .into_iter()
            .map(|target| Person {
                target: Minor(target),
                outlook: Outlook {
                    mean: 100.0,
                    sd: 10.0,
                },
                team: 0,
                new_hire: false,
                size: None,
                growth: None,
                tenure: None,
                potential: None,
            })
            .collect();
        let levels = [300, 490].map(Minor);
        let report = check(&people, &levels, Minor(0), &settings).unwrap();
        let all = measured(Some(&report), report.padding.as_ref(), &limits, &settings);
        assert_eq!(all.len(), Measure::ALL.len());
        let found = breaches(&report, &limits, &settings);
        for one in &all {
            let breach = found.iter().find(|breach| breach.measure == one.measure);
            assert_eq!(one.beyond, breach.map(|breach| breach.severity), "{one:?}");
        }
        assert!(all.iter().any(|one| one.beyond == Some(Severity::Block)));
        // Without an outlook only over-assignment can be told.
        let alone = measured(None, report.padding.as_ref(), &limits, &settings);
        for one in alone {
            assert_eq!(
                one.value_ppm.is_some(),
                one.measure == Measure::Padding,
                "{one:?}"
            );
        }
    }
}
