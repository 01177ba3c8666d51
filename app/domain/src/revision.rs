//! Dynamic adjustment: when a published plan should be looked at again, and the draft that begins with what is done already.
//!
//! A revision starts from the actuals of the periods that are over, which stay as they are, and from what is to be expected
//! of the rest. Why it was opened stays with it.

use serde::{Deserialize, Serialize};

use crate::format::{self, Lang};
use crate::id::{RevisionId, VersionId};

/// All of it, in millionths.
const WHOLE_PPM: i64 = 1_000_000;

/// What may call for a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// A quarter of the plan is over.
    QuarterEnd,
    /// What is done is off from what is expected by today by more than a threshold.
    Pace,
}

impl RuleKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::QuarterEnd, Self::Pace];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QuarterEnd => "quarter_end",
            Self::Pace => "pace",
        }
    }

    /// The kind of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A rule of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What it watches.
    pub kind: RuleKind,
    /// Whether it does.
    pub enabled: bool,
    /// How far off the pace may be, in millionths; of no meaning for other kinds.
    pub threshold_ppm: u32,
}

impl Rule {
    /// The smallest and the largest threshold.
    pub const BOUNDS_PPM: (u32, u32) = (10_000, 900_000);

    /// A rule nobody has chosen yet: off.
    pub fn usual(kind: RuleKind) -> Self {
        Self {
            kind,
            enabled: false,
            threshold_ppm: 100_000,
        }
    }
}

/// Why a revision is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Cause {
    /// Somebody decided so.
    Person,
    /// A quarter is over.
    QuarterEnd {
        /// Its name, as in `2018-Q1`.
        quarter: String,
    },
    /// The pace is off.
    Pace {
        /// Done over expected by today, in millionths.
        pace_ppm: i64,
        /// The quarter it was seen in: it is said once in each.
        quarter: String,
    },
}

impl Cause {
    /// What makes it one cause: a proposal is made once for each. None where a person decided.
    pub fn key(&self, version: VersionId) -> Option<String> {
        match self {
            Self::Person => None,
            Self::QuarterEnd { quarter } => Some(format!("quarter_end:{version}:{quarter}")),
            Self::Pace { pace_ppm, quarter } => {
                let side = if *pace_ppm < WHOLE_PPM { "behind" } else { "ahead" };
                Some(format!("pace:{version}:{quarter}:{side}"))
            }
        }
    }

    /// The rule that proposed it; none where a person decided.
    pub fn rule(&self) -> Option<RuleKind> {
        match self {
            Self::Person => None,
            Self::QuarterEnd { .. } => Some(RuleKind::QuarterEnd),
            Self::Pace { .. } => Some(RuleKind::Pace),
        }
    }

    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Person => lang.pick("手动调整".to_owned(), "opened by a person".to_owned()),
            Self::QuarterEnd { quarter } => lang.pick(
                format!("季度 {quarter} 已结束"),
                format!("the quarter {quarter} is over"),
            ),
            Self::Pace { pace_ppm, .. } => {
                let pace = format::percent(*pace_ppm as f64 / WHOLE_PPM as f64);
                lang.pick(
                    format!("完成进度为应完成的 {pace}"),
                    format!("{pace} of what is expected by now is done"),
                )
            }
        }
    }
}

/// Whether a pace is off by more than a threshold.
pub fn is_off(pace_ppm: i64, threshold_ppm: u32) -> bool {
    pace_ppm.abs_diff(WHOLE_PPM) > u64::from(threshold_ppm)
}

/// What is left of a number at the pace of what is done: slower than half and faster than double is taken as half and double,
/// because a start says little about a year.
pub fn at_pace(left: i64, done: i64, expected: i64) -> i64 {
    if expected <= 0 || left <= 0 {
        return left.max(0);
    }
    let (low, high) = (i128::from(left) / 2, i128::from(left) * 2);
    let exact = i128::from(left) * i128::from(done.max(0)) / i128::from(expected);
    exact.clamp(low, high) as i64
}

/// A revision that is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which.
    pub id: RevisionId,
    /// The published version.
    pub version: VersionId,
    /// Its plan's name.
    pub plan: String,
    /// Its number.
    pub number: u32,
    /// Why.
    pub cause: Cause,
    /// When it was proposed, milliseconds since the epoch.
    pub at_ms: i64,
}

/// What is proposed and by which rules, for the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revisions {
    /// What is proposed and not yet opened or put aside.
    pub proposals: Vec<Proposal>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Published versions that could be adjusted: the latest first, each with its name.
    pub published: Vec<(VersionId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_the_pace_within_reason() {
        assert_eq!(at_pace(1_000, 90, 100), 900);
        assert_eq!(at_pace(1_000, 120, 100), 1_200);
        assert_eq!(at_pace(1_000, 1, 100), 500, "not below half");
        assert_eq!(at_pace(1_000, 900, 100), 2_000, "not above double");
        assert_eq!(at_pace(1_000, -5, 100), 500);
        assert_eq!(at_pace(1_000, 5, 0), 1_000, "nothing is expected yet");
        assert_eq!(at_pace(0, 5, 7), 0);
        assert_eq!(at_pace(i64::MAX, 1, 1), i64::MAX);
    }

    #[test]
    fn a_cause_is_said_once() {
        let version = VersionId::default();
        let pace = |pace_ppm| {
            Cause::Pace {
                pace_ppm,
                quarter: "2018-Q1".to_owned(),
            }
            .key(version)
        };
        assert_eq!(pace(800_000), pace(700_000), "still behind in the same quarter");
        assert_ne!(pace(800_000), pace(1_300_000));
        assert_eq!(Cause::Person.key(version), None);
        assert!(is_off(890_000, 100_000) && is_off(1_110_000, 100_000));
        assert!(!is_off(900_000, 100_000) && !is_off(1_000_000, 10_000));
        for kind in RuleKind::ALL {
            assert_eq!(RuleKind::parse(kind.as_str()), Some(kind));
        }
    }
}
