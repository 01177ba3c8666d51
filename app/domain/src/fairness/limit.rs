//! Limits that an organization sets for its plans: what is warned of, and what is not published without a stated reason.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{Padding, Report, Settings, Severity};
use crate::format::{self, Lang};

/// All of it, in millionths.
const WHOLE_PPM: u32 = 1_000_000;
/// The highest limit of over-assignment: ten times the whole, in millionths.
pub const MOST_PPM: u32 = 10 * WHOLE_PPM;
/// A chance as good as its opposite, in millionths: what is less likely will rather not be.
const EVEN_PPM: u32 = WHOLE_PPM / 2;

/// A figure of a plan that can be limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The share of people who can be expected to reach their target; too low is wrong.
    Reached,
    /// The Gini coefficient of stretch; too high is wrong.
    Gini,
    /// Over-assignment of all levels together; too high is wrong.
    Padding,
    /// The share of people with next to no chance; too high is wrong.
    Hopeless,
    /// The chance that the whole is reached; too low is wrong.
    Whole,
}

impl Measure {
    /// Every measure, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Reached,
        Self::Gini,
        Self::Padding,
        Self::Hopeless,
        Self::Whole,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Gini => "gini",
            Self::Padding => "padding",
            Self::Hopeless => "hopeless",
            Self::Whole => "whole",
        }
    }

    /// The measure of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.as_str() == name)
    }

    /// Whether a limit is the least that is right; otherwise it is the most.
    pub fn is_least(self) -> bool {
        matches!(self, Self::Reached | Self::Whole)
    }

    /// The highest limit, in millionths.
    pub fn most_ppm(self) -> u32 {
        match self {
            Self::Padding => MOST_PPM,
            Self::Reached | Self::Gini | Self::Hopeless | Self::Whole => WHOLE_PPM,
        }
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Reached => lang.pick("预计达成的人数占比", "share expected to reach the target"),
            Self::Gini => lang.pick("压力的基尼系数", "Gini coefficient of stretch"),
            Self::Padding => lang.pick("层层加码合计", "over-assignment in total"),
            Self::Hopeless => lang.pick("几乎无望达成的人数占比", "share with next to no chance"),
            Self::Whole => lang.pick("整体目标的达成概率", "chance that the whole is reached"),
        }
    }

    /// The figure of a report, in millionths; none where it cannot be told.
    pub(super) fn of(self, report: &Report, settings: &Settings) -> Option<i64> {
        let value = match self {
            Self::Reached => report.chances.share,
            Self::Gini => report.stretch.gini?,
            Self::Padding => report.padding.as_ref()?.total?,
            Self::Hopeless => {
                let hopeless = report
                    .people
                    .iter()
                    .filter_map(|person| person.chance)
                    .filter(|chance| *chance < settings.chance_low)
                    .count();
                hopeless as f64 / report.chances.people.max(1) as f64
            }
            Self::Whole => report.whole.chance,
        };
        Some(in_ppm(value))
    }
}

/// A ratio in millionths.
pub(super) fn in_ppm(value: f64) -> i64 {
    (value * f64::from(WHOLE_PPM)).round() as i64
}

/// The limits of a measure, in millionths; where one is not given, nothing is warned of, or blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Of what.
    pub measure: Measure,
    /// What is beyond it is warned of.
    pub warn_ppm: Option<u32>,
    /// What is beyond it is not published without a stated reason.
    pub block_ppm: Option<u32>,
}

impl Limit {
    /// How a value is beyond this, the graver first; none where it is within.
    pub(super) fn breach(self, value_ppm: i64) -> Option<Breach> {
        let beyond = |ppm: &u32| {
            let ppm = i64::from(*ppm);
            if self.measure.is_least() {
                value_ppm < ppm
            } else {
                value_ppm > ppm
            }
        };
        let block = self.block_ppm.filter(beyond).map(|ppm| (ppm, Severity::Block));
        let warn = self.warn_ppm.filter(beyond).map(|ppm| (ppm, Severity::Warn));
        let (limit_ppm, severity) = block.or(warn)?;
        Some(Breach {
            measure: self.measure,
            value_ppm,
            limit_ppm,
            severity,
        })
    }
}

/// Why limits are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum LimitError {
    /// Higher than the measure can sensibly be.
    #[error("the limit of {} is above {most_ppm} millionths", .measure.as_str())]
    TooHigh {
        /// Of what.
        measure: Measure,
        /// The highest limit, in millionths.
        most_ppm: u32,
    },
    /// What blocks would not even be warned of.
    #[error("what blocks of {} is not beyond what warns", .measure.as_str())]
    Order {
        /// Of what.
        measure: Measure,
    },
}

impl LimitError {
    /// The measure it is about.
    pub fn measure(self) -> Measure {
        match self {
            Self::TooHigh { measure, .. } | Self::Order { measure } => measure,
        }
    }

    /// What people read.
    pub fn words(self, lang: Lang) -> String {
        let name = self.measure().label(lang);
        match self {
            Self::TooHigh { most_ppm, .. } => {
                let most = shown(i64::from(most_ppm));
                lang.pick(
                    format!("“{name}”的界限应在 0 % 到 {most} 之间。"),
                    format!("The limit of the {name} is between 0 % and {most}."),
                )
            }
            Self::Order { measure } if measure.is_least() => lang.pick(
                format!("“{name}”阻止发布的界限应低于预警的界限。"),
                format!("Of the {name}, what blocks is lower than what warns."),
            ),
            Self::Order { .. } => lang.pick(
                format!("“{name}”阻止发布的界限应高于预警的界限。"),
                format!("Of the {name}, what blocks is higher than what warns."),
            ),
        }
    }
}

/// The limits of an organization, one for each measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits(Vec<Limit>);

impl Default for Limits {
    /// Those of [`Settings`]: what is warned of there, and nothing blocks but over-assignment that compounds. Of people with
    /// next to no chance a tenth is warned of, and of the whole a chance below one half.
    fn default() -> Self {
        let settings = Settings::default();
        let ppm = |value: f64| Some((value * f64::from(WHOLE_PPM)).round() as u32);
        let limit = |measure: Measure| {
            let (warn_ppm, block_ppm) = match measure {
                Measure::Reached => (ppm(settings.reached_low), None),
                Measure::Gini => (ppm(settings.gini_fair), None),
                Measure::Padding => (ppm(settings.padding_total), ppm(settings.padding_alarm)),
                Measure::Hopeless => (ppm(settings.chance_low), None),
                Measure::Whole => (Some(EVEN_PPM), None),
            };
            Limit {
                measure,
                warn_ppm,
                block_ppm,
            }
        };
        Self(Measure::ALL.map(limit).to_vec())
    }
}

impl Limits {
    /// The usual ones with those that somebody chose in their places.
    pub fn with(chosen: &[Limit]) -> Self {
        let mut limits = Self::default();
        for new in chosen {
            if let Some(known) = limits.0.iter_mut().find(|known| known.measure == new.measure) {
                *known = *new;
            }
        }
        limits
    }

    /// One for each measure, in their order.
    pub fn list(&self) -> &[Limit] {
        &self.0
    }

    /// Whether anything blocks.
    pub fn block(&self) -> bool {
        self.0.iter().any(|limit| limit.block_ppm.is_some())
    }

    /// Whether something that these let through was blocked `before`: a limit that blocks is gone, or further off.
    pub fn loosen(&self, before: &Self) -> bool {
        before.0.iter().any(|old| {
            let Some(block) = old.block_ppm else { return false };
            let new = self.0.iter().find(|new| new.measure == old.measure);
            match new.and_then(|new| new.block_ppm) {
                None => true,
                Some(new) if old.measure.is_least() => new < block,
                Some(new) => new > block,
            }
        })
    }

    /// How over-assignment is beyond its limit. It is told by the numbers alone, where nothing can be expected of anybody too.
    pub fn over_assigned(&self, padding: &Padding) -> Option<Breach> {
        let limit = self.0.iter().find(|limit| limit.measure == Measure::Padding)?;
        limit.breach(in_ppm(padding.total?))
    }

    /// Refuses limits out of range, and what blocks before it warns.
    pub fn check(&self) -> Result<(), LimitError> {
        for limit in &self.0 {
            let Limit {
                measure,
                warn_ppm,
                block_ppm,
            } = *limit;
            let most_ppm = measure.most_ppm();
            if warn_ppm.max(block_ppm).is_some_and(|ppm| ppm > most_ppm) {
                return Err(LimitError::TooHigh { measure, most_ppm });
            }
            if let (Some(warn), Some(block)) = (warn_ppm, block_ppm) {
                let beyond = if measure.is_least() {
                    block < warn
                } else {
                    block > warn
                };
                if !beyond {
                    return Err(LimitError::Order { measure });
                }
            }
        }
        Ok(())
    }
}

/// A limit that a plan is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// Of what.
    pub measure: Measure,
    /// What it is, in millionths.
    pub value_ppm: i64,
    /// What it should not be beyond, in millionths.
    pub limit_ppm: u32,
    /// [`Severity::Warn`] or [`Severity::Block`].
    pub severity: Severity,
}

impl Breach {
    /// What people read: the measure, its value and the limit.
    pub fn words(&self, lang: Lang) -> String {
        let name = self.measure.label(lang);
        let (value, limit) = (shown(self.value_ppm), shown(i64::from(self.limit_ppm)));
        if self.measure.is_least() {
            lang.pick(
                format!("{name}为 {value}，低于界限 {limit}"),
                format!("{name}: {value}, below the limit of {limit}"),
            )
        } else {
            lang.pick(
                format!("{name}为 {value}，高于界限 {limit}"),
                format!("{name}: {value}, above the limit of {limit}"),
            )
        }
    }
}

fn shown(ppm: i64) -> String {
    format::percent(ppm as f64 / f64::from(WHOLE_PPM))
}

/// The limits that a plan is beyond, the gravest first; each measure once. `settings`: those the report was made with.
pub fn breaches(report: &Report, limits: &Limits, settings: &Settings) -> Vec<Breach> {
    let mut found: Vec<Breach> = limits
        .0
        .iter()
        .filter_map(|limit| limit.breach(limit.measure.of(report, settings)?))
        .collect();
    found.sort_by_key(|breach| Reverse(breach.severity));
    found
}

#[cfg(test)]
mod tests;
