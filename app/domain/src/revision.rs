//! Dynamic adjustment: when a published plan should be looked at again, and the draft that begins with what is done already.
//!
//! A revision starts from what was booked up to today, which stays as it is where a period is over, and from the outlook of
//! the rest. Why it was opened stays with it.

mod ends;
mod make_up;
mod proposed;
mod ways;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Month, PeriodKind};
use crate::format::{self, Lang};
use crate::id::{FactorId, RevisionId, VersionId};
use crate::money::Minor;
use crate::staffing;
use crate::target::Span;

pub use ends::ends_within;
pub use make_up::{MadeUp, MakeUpRefusal, OpenNumber, OpenRow, make_up};
pub use proposed::{Amounts, Bound, ProposedPage, ProposedQuery, ProposedRow};
pub use ways::Begin;

/// All of it, in millionths.
const WHOLE_PPM: i64 = 1_000_000;

/// What may call for a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// A month of the plan is over.
    MonthEnd,
    /// A quarter of the plan is over.
    QuarterEnd,
    /// The first half of the plan's year is over.
    HalfEnd,
    /// What is done is off from what is expected by today by more than a threshold.
    Pace,
    /// A market factor was entered for the planned days after the plan was published.
    Factor,
}

impl RuleKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::MonthEnd,
        Self::QuarterEnd,
        Self::HalfEnd,
        Self::Pace,
        Self::Factor,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MonthEnd => "month_end",
            Self::QuarterEnd => "quarter_end",
            Self::HalfEnd => "half_end",
            Self::Pace => "pace",
            Self::Factor => "factor",
        }
    }

    /// The periods whose ends it watches; none where it watches something else.
    pub fn ends_of(self) -> Option<PeriodKind> {
        match self {
            Self::MonthEnd => Some(PeriodKind::Month),
            Self::QuarterEnd => Some(PeriodKind::Quarter),
            Self::HalfEnd => Some(PeriodKind::Half),
            Self::Pace | Self::Factor => None,
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
    /// Somebody comes, goes, moves or is away.
    Staff {
        /// What kind of change it is.
        kind: staffing::Kind,
        /// Who, or which unit, by name.
        name: String,
        /// The first day it holds.
        on: Day,
    },
    /// A month is over.
    MonthEnd {
        /// Its name, as in `2018-03`.
        month: String,
    },
    /// A quarter is over.
    QuarterEnd {
        /// Its name, as in `2018-Q1`.
        quarter: String,
    },
    /// Half a year is over.
    HalfEnd {
        /// Its name, as in `2018-H1`.
        half: String,
    },
    /// The pace is off.
    Pace {
        /// Done over expected by today, in millionths.
        pace_ppm: i64,
        /// The quarter it was seen in: it is said once in each.
        quarter: String,
    },
    /// A market factor was entered, or changed, since the plan was published.
    Factor {
        /// Which.
        factor: FactorId,
        /// What it is called.
        name: String,
        /// When, milliseconds since the epoch: a change is another cause.
        at_ms: i64,
    },
}

impl Cause {
    /// That a period is over, as the rule that watches its kind says it; none where no rule does.
    pub fn period_end(kind: PeriodKind, name: String) -> Option<Self> {
        match kind {
            PeriodKind::Month => Some(Self::MonthEnd { month: name }),
            PeriodKind::Quarter => Some(Self::QuarterEnd { quarter: name }),
            PeriodKind::Half => Some(Self::HalfEnd { half: name }),
            PeriodKind::Week | PeriodKind::Year => None,
        }
    }

    /// What makes it one cause: a proposal is made once for each. None where a person decided.
    pub fn key(&self, version: VersionId) -> Option<String> {
        match self {
            Self::Person | Self::Staff { .. } => None,
            Self::MonthEnd { month } => Some(format!("month_end:{version}:{month}")),
            Self::QuarterEnd { quarter } => Some(format!("quarter_end:{version}:{quarter}")),
            Self::HalfEnd { half } => Some(format!("half_end:{version}:{half}")),
            Self::Pace { pace_ppm, quarter } => {
                let side = if *pace_ppm < WHOLE_PPM { "behind" } else { "ahead" };
                Some(format!("pace:{version}:{quarter}:{side}"))
            }
            Self::Factor { factor, at_ms, .. } => Some(format!("factor:{version}:{factor}:{at_ms}")),
        }
    }

    /// The rule that proposed it; none where a person decided.
    pub fn rule(&self) -> Option<RuleKind> {
        match self {
            Self::Person | Self::Staff { .. } => None,
            Self::MonthEnd { .. } => Some(RuleKind::MonthEnd),
            Self::QuarterEnd { .. } => Some(RuleKind::QuarterEnd),
            Self::HalfEnd { .. } => Some(RuleKind::HalfEnd),
            Self::Pace { .. } => Some(RuleKind::Pace),
            Self::Factor { .. } => Some(RuleKind::Factor),
        }
    }

    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Person => lang.pick("手动调整".to_owned(), "opened by a person".to_owned()),
            Self::Staff { kind, name, on } => {
                let (what, day) = (kind.words(lang), format::date(*on, lang));
                lang.pick(
                    format!("人员变动：{name} 自 {day} 起{what}"),
                    format!("a change of staff: {name} {what} from {day} on"),
                )
            }
            Self::MonthEnd { month } => lang.pick(
                format!("月份 {month} 已结束"),
                format!("the month {month} is over"),
            ),
            Self::QuarterEnd { quarter } => lang.pick(
                format!("季度 {quarter} 已结束"),
                format!("the quarter {quarter} is over"),
            ),
            Self::HalfEnd { half } => lang.pick(
                format!("半年 {half} 已结束"),
                format!("the half-year {half} is over"),
            ),
            Self::Pace { pace_ppm, .. } => {
                let pace = format::percent(*pace_ppm as f64 / WHOLE_PPM as f64);
                lang.pick(
                    format!("完成进度为应完成的 {pace}"),
                    format!("{pace} of what is expected by now is done"),
                )
            }
            Self::Factor { name, .. } => lang.pick(
                format!("新的市场因素：{name}"),
                format!("a new market factor: {name}"),
            ),
        }
    }
}

/// Whether a pace is off by more than a threshold.
pub fn is_off(pace_ppm: i64, threshold_ppm: u32) -> bool {
    pace_ppm.abs_diff(WHOLE_PPM) > u64::from(threshold_ppm)
}

/// The part of what a month is still to bring that falls into a period: by the days of the month from `from` on, evenly; by
/// all of its days where none is left. The parts of periods that follow each other sum to all of it.
pub fn due_in(period: Span, month: Month, left: Minor, from: Day) -> Minor {
    let (first, end) = (month.first_day(), month.end());
    let starts = if from < end { from.max(first) } else { first };
    let before = |day: Day| {
        let days = i128::from(day.clamp(starts, end).0 - starts.0);
        (i128::from(left.0) * days / i128::from((end.0 - starts.0).max(1))) as i64
    };
    Minor(before(period.ends_on) - before(period.starts_on))
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
    /// The rules that have something to watch in what is published, and those that are on: a rule for the ends of periods is
    /// offered where a published plan has such ends.
    pub rules: Vec<Rule>,
    /// Published versions that could be adjusted: the latest first, each with its name.
    pub published: Vec<(VersionId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_month_is_still_to_bring_falls_on_the_days_that_are_left() {
        let day = |text: &str| Day::parse_iso(text).unwrap();
        let span = |from: &str, to: &str| Span {
            starts_on: day(from),
            ends_on: day(to),
        };
        let april = Month::parse("2018-04").unwrap();
        let due = |period, from: &str| due_in(period, april, Minor(2_001), day(from)).0;
        let quarter = span("2018-04-01", "2018-07-01");
        assert_eq!(
            due(quarter, "2018-04-11"),
            2_001,
            "all of it in the quarter that runs"
        );
        assert_eq!(due(span("2018-01-01", "2018-04-01"), "2018-04-11"), 0);
        // Twenty days are left, of which a week has seven.
        assert_eq!(due(span("2018-04-16", "2018-04-23"), "2018-04-11"), 700);
        assert_eq!(due(span("2018-04-02", "2018-04-09"), "2018-04-11"), 0, "over");
        // Facts that did not come yet: the month is over, and what it is to bring is not lost.
        assert_eq!(due(quarter, "2018-05-20"), 2_001);
    }

    proptest::proptest! {
        #[test]
        fn parts_of_periods_sum_to_what_is_left(
            left in 0_i64..1_000_000_000_000_000,
            cuts in proptest::collection::btree_set(0_i32..=31, 0..6),
            from in -40_i32..40,
        ) {
            let month = Month::parse("2018-05").unwrap();
            let first = month.first_day();
            let mut bounds: Vec<Day> = cuts.into_iter().map(|cut| first.plus(cut)).collect();
            bounds.insert(0, first);
            bounds.push(month.end());
            let sum: i64 = bounds
                .windows(2)
                .map(|pair| {
                    let period = Span { starts_on: pair[0], ends_on: pair[1] };
                    let part = due_in(period, month, Minor(left), first.plus(from)).0;
                    assert!(part >= 0);
                    part
                })
                .sum();
            proptest::prop_assert_eq!(sum, left);
        }
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
        let factor = |at_ms| Cause::Factor {
            factor: FactorId::default(),
            name: "tax".to_owned(),
            at_ms,
        };
        assert_eq!(factor(1).key(version), factor(1).key(version));
        assert_ne!(factor(1).key(version), factor(2).key(version), "it was changed");
        assert!(is_off(890_000, 100_000) && is_off(1_110_000, 100_000));
        assert!(!is_off(900_000, 100_000) && !is_off(1_000_000, 10_000));
        for kind in RuleKind::ALL {
            assert_eq!(RuleKind::parse(kind.as_str()), Some(kind));
            if let Some(of) = kind.ends_of() {
                let cause = Cause::period_end(of, "2018-H1".to_owned()).unwrap();
                assert_eq!(cause.rule(), Some(kind));
                assert!(cause.key(version).unwrap().starts_with(kind.as_str()));
            }
        }
    }
}
