//! Whether a set of targets is fair and reachable, before it is published, and whether past targets were.
//!
//! Level and spread are judged apart: a plan can be perfectly even and out of everybody's reach, or right on the whole and
//! unfair to half of the people. [`check`] judges a plan by what each person can be expected to do; it costs `O(n log n)` and
//! is meant to be computed again while somebody drags, where there are thousands of people by [`Standing`] and in steps by [`Judging`]. [`look_back`] judges what became of past targets. The bootstrap
//! intervals ([`gini_interval`], [`reached_interval`]) cost hundreds of times as much and are computed on demand only.
//!
//! Thresholds and their sources are in [`Settings`].

mod because;
mod count;
mod doubt;
mod even;
mod expected;
mod finding;
mod glance;
mod ground;
mod hedge;
mod history;
mod judge;
mod judging;
mod limit;
mod measured;
mod moved;
mod outlook;
mod plan;
mod settings;
mod whole;

use serde::{Deserialize, Serialize};

use crate::format::Lang;

pub use because::{Because, Figure, LimitsSet, Over, Row, because};
pub use count::count_interval;
pub use doubt::{gini_interval, reached_interval};
pub use expected::Expected;
pub use finding::{Finding, Kind, Severity, Trait};
pub use glance::{Gathering, Glance, Standing};
pub use ground::{Footing, Ground, Judged, levels};
pub use hedge::{HedgeLimitError, check_hedge_limit};
pub use history::{Hindsight, Recent, Record, look_back};
pub use judging::Judging;
pub use limit::{Breach, Limit, LimitError, Limits, MOST_PPM, Measure, breaches};
pub use measured::{Checked, Found, Measured, measured};
pub use moved::Moved;
pub use outlook::{Outlook, Person};
pub use plan::{Association, Chances, NewHires, PersonFigures, Report, Stretch, check};
pub use settings::Settings;
pub use whole::{Padding, Whole, needed, padding, whole};

/// How high targets lie on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nearly nobody reaches them.
    OutOfReach,
    /// Fewer reach them than should.
    TooHigh,
    /// As many reach them as should.
    Right,
    /// More reach them than should.
    TooLow,
    /// Too little is known to say.
    Unclear,
}

impl Level {
    /// The verdict on the share of people who can be expected to reach their target.
    fn of(share: f64, settings: &Settings) -> Self {
        if share < settings.reached_hopeless {
            Self::OutOfReach
        } else if share < settings.reached_low {
            Self::TooHigh
        } else if share <= settings.reached_high {
            Self::Right
        } else {
            Self::TooLow
        }
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::OutOfReach => lang.pick("目标遥不可及", "targets out of reach"),
            Self::TooHigh => lang.pick("目标普遍偏高", "targets systematically too high"),
            Self::Right => lang.pick("目标高低合适", "targets at the right level"),
            Self::TooLow => lang.pick("目标普遍偏低", "targets systematically too low"),
            Self::Unclear => lang.pick("数据太少，无法判断高低", "too little is known to judge the level"),
        }
    }
}

/// How evenly targets press on people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// All alike.
    Excellent,
    /// With differences that people accept.
    Fair,
    /// Some carry clearly more than others.
    Uneven,
    /// Too little is known to say.
    Unclear,
}

impl Spread {
    /// The verdict on a Gini coefficient of `people`.
    fn of(gini: Option<f64>, people: usize, settings: &Settings) -> Self {
        match gini {
            None => Self::Unclear,
            Some(_) if people < 2 => Self::Unclear,
            Some(gini) if gini <= settings.gini_excellent => Self::Excellent,
            Some(gini) if gini <= settings.gini_fair => Self::Fair,
            Some(_) => Self::Uneven,
        }
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Excellent => lang.pick("松紧非常一致", "pressure is very even"),
            Self::Fair => lang.pick("松紧基本一致", "pressure is fairly even"),
            Self::Uneven => lang.pick("松紧不均", "pressure is uneven"),
            Self::Unclear => lang.pick(
                "数据太少，无法判断松紧",
                "too little is known to judge the spread",
            ),
        }
    }
}

/// Why nothing can be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum FairnessError {
    /// An empty list.
    #[error("there is nobody to judge")]
    Nobody,
    /// Nobody has a positive target.
    #[error("nobody has a target")]
    NoTarget,
    /// A negative target.
    #[error("the target of person {person} is negative")]
    Target {
        /// Place in the list.
        person: usize,
    },
    /// An outlook that is negative, not finite, beyond 1e18, or of a mean that is not 0 and below 1e-18.
    #[error("the outlook of person {person} is negative, not finite, too large or next to nothing")]
    Outlook {
        /// Place in the list.
        person: usize,
    },
    /// The total of a level is negative, or there is but one level.
    #[error("level {level} cannot be compared with the one above it")]
    Levels {
        /// Place in the list of levels, from the top.
        level: usize,
    },
}
