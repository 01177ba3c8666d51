//! What a check found, with its evidence.

use serde::{Deserialize, Serialize};

use super::{Level, Spread};
use crate::format::Lang;
use crate::statistics::Interval;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// As it should be.
    Good,
    /// Worth knowing.
    Notice,
    /// To be looked at before publishing.
    Warn,
    /// Not to be published without a stated reason.
    Block,
}

/// What the chance to reach a target may wrongly go with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trait {
    /// Size of the territory.
    Size,
    /// Growth until now.
    Growth,
    /// Time in the job.
    Tenure,
    /// Market potential.
    Potential,
}

impl Trait {
    /// All, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Size, Self::Growth, Self::Tenure, Self::Potential];

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Size => lang.pick("区域规模", "territory size"),
            Self::Growth => lang.pick("历史增速", "growth so far"),
            Self::Tenure => lang.pick("在岗时间", "time in the job"),
            Self::Potential => lang.pick("市场潜力", "market potential"),
        }
    }
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What was found, with the numbers.
    #[serde(flatten)]
    pub kind: Kind,
    /// Whom it concerns, as places in the list given; empty where it concerns all.
    pub who: Vec<usize>,
}

impl Finding {
    pub(super) fn new(severity: Severity, kind: Kind) -> Self {
        Self {
            severity,
            kind,
            who: Vec::new(),
        }
    }

    pub(super) fn about(severity: Severity, kind: Kind, who: Vec<usize>) -> Self {
        Self { severity, kind, who }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Kind {
    /// How high the targets are.
    Level {
        /// The verdict.
        level: Level,
        /// Share of people who reach, or will reach, their target.
        share: f64,
        /// The interval of that share.
        interval: Interval,
    },
    /// How evenly they press.
    Spread {
        /// The verdict.
        spread: Spread,
        /// Gini coefficient of stretch, or of attainment.
        gini: Option<f64>,
    },
    /// Chances to reach the target differ much between people.
    UnevenChances {
        /// Their standard deviation.
        sd: f64,
    },
    /// People with next to no chance.
    NextToNoChance {
        /// The chance below which that is said.
        below: f64,
    },
    /// People whose target asks nothing of them.
    AsksNothing {
        /// The chance above which that is said.
        above: f64,
    },
    /// People with a target of whom nothing is expected.
    NothingExpected,
    /// Who has which chance goes with something that it should not go with.
    Correlated {
        /// With what.
        with: Trait,
        /// Rank correlation.
        r: f64,
        /// The chance of one as strong where there is none.
        p: f64,
    },
    /// New hires are stretched by more than the others.
    NewHiresStretched {
        /// Their targets against what is expected of them.
        stretch: f64,
        /// The same of the others.
        others: f64,
    },
    /// A level hands down clearly more than it carries.
    OverAssigned {
        /// Which level, 1 for the second from the top.
        level: usize,
        /// How much more.
        ratio: f64,
    },
    /// All levels together do.
    OverAssignedInTotal {
        /// How much more.
        ratio: f64,
    },
    /// A level hands down less than it carries: it misses its own target even where all below reach theirs.
    UnderAssigned {
        /// Which level, 1 for the second from the top.
        level: usize,
        /// How much less, negative.
        ratio: f64,
    },
    /// The whole will rather not be reached.
    WholeUnlikely {
        /// The chance that it is.
        chance: f64,
        /// How much would have to be handed out beyond it; `None` where that does not help.
        needed: Option<f64>,
    },
    /// Too few people for correlations.
    Few {
        /// How many have a target.
        people: usize,
    },
}

impl Kind {
    /// What people read, in short; the numbers stand beside it.
    pub fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Level { level, .. } => level.label(lang),
            Self::Spread { spread, .. } => spread.label(lang),
            Self::UnevenChances { .. } => {
                lang.pick("各人达成概率相差悬殊", "chances to reach the target differ much")
            }
            Self::NextToNoChance { .. } => lang.pick("几乎无望达成", "next to no chance"),
            Self::AsksNothing { .. } => lang.pick("目标没有挑战", "the target asks nothing"),
            Self::NothingExpected => lang.pick("有目标但预期业绩为零", "a target, but nothing is expected"),
            Self::Correlated { with, .. } => match with {
                Trait::Size => lang.pick("达成概率与区域规模相关", "chances go with territory size"),
                Trait::Growth => lang.pick("达成概率与历史增速相关", "chances go with growth so far"),
                Trait::Tenure => lang.pick("达成概率与在岗时间相关", "chances go with time in the job"),
                Trait::Potential => lang.pick("达成概率与市场潜力相关", "chances go with market potential"),
            },
            Self::NewHiresStretched { .. } => {
                lang.pick("新人压力高于其他人", "new hires are stretched more than others")
            }
            Self::OverAssigned { .. } => lang.pick("本级加码过高", "over-assignment of a level"),
            Self::OverAssignedInTotal { .. } => lang.pick("层层加码过高", "over-assignment compounds"),
            Self::UnderAssigned { .. } => lang.pick("下级之和不足", "the level below sums to less"),
            Self::WholeUnlikely { .. } => {
                lang.pick("整体目标不易达成", "the whole will rather not be reached")
            }
            Self::Few { .. } => lang.pick("人数太少，不作相关分析", "too few people for correlations"),
        }
    }
}
