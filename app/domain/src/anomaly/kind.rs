//! The kinds of findings, each with its evidence in numbers and its name in both languages.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::history::Coverage;
use crate::money::Fact;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Evidence {
    /// An order's amount is unlike those of its product and customer.
    Amount {
        /// The amount.
        value: Fact,
        /// What orders of that product and customer usually are worth.
        expected: Fact,
        /// Robust z of the logarithm.
        z: f64,
        /// |z| from which an amount stands out.
        threshold: f64,
        /// The chance of one so far off, where the rest is as usual.
        p: f64,
        /// Other orders of the product that were compared.
        compared: u64,
    },
    /// One order makes a large part of a period: a candidate to be left out of the history.
    OneOff {
        /// Its amount.
        value: Fact,
        /// The sum of the period with it.
        period_sum: Fact,
        /// The name of the period.
        period: String,
        /// Its share of the period.
        share: f64,
        /// The share from which an order is a one-off here.
        threshold: f64,
        /// The share that the largest order of a period usually has.
        usual_share: f64,
        /// Orders of the period.
        orders: u64,
    },
    /// A period fell short of what its season and level let expect.
    Drop(Residual),
    /// A period went beyond what its season and level let expect.
    Surge(Residual),
    /// A series moved to another level and stayed there.
    LevelShift {
        /// The mean before, season removed.
        before: Fact,
        /// The mean since.
        after: Fact,
        /// Periods since it moved.
        periods: u64,
        /// The sum of deviations at the alarm (Page 1954), negative for a fall.
        cusum: f64,
        /// The sum that raises an alarm.
        threshold: f64,
        /// Robust z of the difference between after and before.
        z: f64,
    },
    /// Facts of a period are missing: it is not judged.
    Incomplete {
        /// The name of the period.
        period: String,
        /// First day of which facts were delivered.
        first: Day,
        /// Last day of which facts were delivered.
        last: Day,
        /// What of it is missing.
        missing: IncompleteSide,
    },
    /// Period after period below the pace.
    SlowPace {
        /// Slow periods in a row, up to the last.
        periods: u64,
        /// Actual of expected over all of them.
        ratio: f64,
        /// The lowest of a single one.
        lowest: f64,
        /// The ratio below which a period is slow.
        threshold: f64,
        /// What is missing over all of them.
        missing: Fact,
    },
    /// A deal passed stages that deals usually do not pass by.
    SkippedStages {
        /// Places of the stages.
        stages: Vec<usize>,
        /// The share of deals that recorded the first of them.
        usual: f64,
    },
    /// An open deal has no agreed next step, or its day has passed.
    NextStep {
        /// What is wrong.
        step: Step,
        /// Days in its stage; `None` where that is not known.
        days_in_stage: Option<u32>,
    },
    /// An open deal shows no life.
    Stale {
        /// Days since the last sign: a follow-up, a stage, a word about the closing day.
        silent_days: u32,
        /// Days that make a deal stale.
        threshold: u32,
        /// Days in its stage.
        days_in_stage: u32,
        /// Days by which nine of ten of those that went on from the stage had done so; `None` where too few did.
        usual_days: Option<f64>,
    },
    /// An open deal belongs to nobody who is there.
    Orphan {
        /// The owner's key; `None` where none is given.
        owner: Option<String>,
        /// What is wrong.
        problem: OwnerProblem,
    },
    /// Orders that may be the same one.
    Duplicates {
        /// The amount of the dearest.
        amount: Fact,
        /// How many there are.
        count: u64,
        /// Days between the first and the last.
        apart: u32,
        /// Whether they have the same reference, apart from case, spaces and punctuation; otherwise the same customer and
        /// amount.
        same_reference: bool,
        /// How many further ones of this amount chance would have put there; 0 with the same reference.
        by_chance: f64,
    },
    /// A count is unlike what was expected.
    Count {
        /// The count.
        value: u64,
        /// What was expected.
        expected: f64,
        /// The chance of one so far off on that side (Poisson, or negative binomial where counts scatter more).
        p: f64,
        /// The chance below which it stands out, here among all that were tested.
        threshold: f64,
        /// The name of the period.
        period: String,
    },
}

/// How far a period is from what was expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Residual {
    /// The name of the period.
    pub period: String,
    /// What came.
    pub value: Fact,
    /// What its level and season let expect.
    pub expected: Fact,
    /// Robust z of the residual.
    pub z: f64,
    /// |z| from which a residual stands out.
    pub threshold: f64,
    /// The chance of one so far off.
    pub p: f64,
    /// Earlier periods it rests on.
    pub compared: u64,
}

/// Which side of a period is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncompleteSide {
    /// Its beginning.
    StartsLate,
    /// Its end.
    EndsEarly,
    /// All of it.
    Outside,
}

impl IncompleteSide {
    /// `None` where nothing is missing.
    pub(super) fn of(coverage: Coverage) -> Option<Self> {
        match coverage {
            Coverage::Whole => None,
            Coverage::StartsLate => Some(Self::StartsLate),
            Coverage::EndsEarly => Some(Self::EndsEarly),
            Coverage::Outside => Some(Self::Outside),
        }
    }
}

/// What is wrong with the next step of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// None is agreed.
    Missing,
    /// It should have been so many days ago.
    Passed {
        /// Days ago.
        days: u32,
    },
}

/// What is wrong with the owner of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum OwnerProblem {
    /// None is given.
    None,
    /// Nobody of that key is known.
    Unknown,
    /// The owner is no longer there.
    Left {
        /// First day without them.
        since: Day,
    },
}

impl Evidence {
    /// The name on the wire.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Amount { .. } => "amount",
            Self::OneOff { .. } => "one_off",
            Self::Drop(_) => "drop",
            Self::Surge(_) => "surge",
            Self::LevelShift { .. } => "level_shift",
            Self::Incomplete { .. } => "incomplete",
            Self::SlowPace { .. } => "slow_pace",
            Self::SkippedStages { .. } => "skipped_stages",
            Self::NextStep { .. } => "next_step",
            Self::Stale { .. } => "stale",
            Self::Orphan { .. } => "orphan",
            Self::Duplicates { .. } => "duplicates",
            Self::Count { .. } => "count",
        }
    }

    /// What people read.
    pub fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Amount { .. } => lang.pick("金额异常", "unusual amount"),
            Self::OneOff { .. } => lang.pick("一次性大单", "one-off order"),
            Self::Drop(_) => lang.pick("骤降", "sudden drop"),
            Self::Surge(_) => lang.pick("激增", "sudden surge"),
            Self::LevelShift { .. } => lang.pick("水平变化", "shift of level"),
            Self::Incomplete { .. } => lang.pick("数据不完整", "incomplete data"),
            Self::SlowPace { .. } => lang.pick("进度连续偏慢", "pace too slow for some time"),
            Self::SkippedStages { .. } => lang.pick("跳过阶段", "skipped stage"),
            Self::NextStep {
                step: Step::Missing, ..
            } => lang.pick("缺少下一步", "no next step"),
            Self::NextStep { .. } => lang.pick("下一步已过期", "next step overdue"),
            Self::Stale { .. } => lang.pick("长期无进展", "stale deal"),
            Self::Orphan { .. } => lang.pick("无人负责", "deal without an owner"),
            Self::Duplicates { .. } => lang.pick("疑似重复", "possible duplicates"),
            Self::Count { .. } => lang.pick("数量异常", "unusual count"),
        }
    }
}
