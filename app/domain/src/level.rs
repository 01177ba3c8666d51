//! Levels of a target: floor, target, stretch, challenge.
//!
//! The target is the plan. The others are a ratio of it for the whole plan, and at single nodes another ratio or an amount.
//! In every cell of every level the children sum to their parent (plus that level's share of the hedge), and
//! floor ≤ target ≤ stretch ≤ challenge. The hedge has the ratio of its node: the node's own or that of the nearest
//! node above it that has one; what the children's overrides lift is part amount, part hedge as in the target; else the
//! plan's.

mod decided;
mod given;
mod plain;
mod solve;
mod words;

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::plan::{Grid, NodeIndex, PeriodIndex};
pub use decided::Decided;
pub use given::Given;

/// A level of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// What must not be missed.
    Floor,
    /// The plan.
    Target,
    /// More than that.
    Stretch,
    /// The most that is thought possible.
    Challenge,
}

impl Level {
    /// Every level, the lowest first.
    pub const ALL: [Self; 4] = [Self::Floor, Self::Target, Self::Stretch, Self::Challenge];

    /// The wire and stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Target => "target",
            Self::Stretch => "stretch",
            Self::Challenge => "challenge",
        }
    }

    /// The level of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// The target itself, in millionths.
const TARGET_PPM: u32 = 1_000_000;
/// The largest ratio: a hundred times the target.
const MAX_PPM: u32 = 100 * TARGET_PPM;

/// What the levels of a plan are of its target, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratios {
    /// At most 1,000,000.
    pub floor_ppm: u32,
    /// At least 1,000,000.
    pub stretch_ppm: u32,
    /// At least the stretch; at most 100,000,000.
    pub challenge_ppm: u32,
}

impl Ratios {
    fn of(self, level: Level) -> u32 {
        match level {
            Level::Floor => self.floor_ppm,
            Level::Target => TARGET_PPM,
            Level::Stretch => self.stretch_ppm,
            Level::Challenge => self.challenge_ppm,
        }
    }
}

/// What a node has on a level instead of the plan's ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Value {
    /// Another ratio of its target, in each period: to the nearest minor unit; where the levels of several nodes would
    /// not sum so, to one of the two units beside it.
    Ratio {
        /// In millionths.
        ppm: u32,
    },
    /// An amount over all periods, spread over them as its target is.
    Amount {
        /// The amount.
        amount: Minor,
    },
}

/// What an override does to the level's amounts above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Above {
    /// The parent keeps what it has: the siblings take the rest.
    #[default]
    Stays,
    /// The ancestors follow, up to the root or to the first that has an override itself.
    Follows,
}

impl Above {
    /// The wire and stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stays => "stays",
            Self::Follows => "follows",
        }
    }

    /// What has a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Stays, Self::Follows]
            .into_iter()
            .find(|above| above.as_str() == name)
    }
}

/// A level of a node that is not the plan's ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Whose.
    pub node: NodeIndex,
    /// Floor, stretch or challenge.
    pub level: Level,
    /// What it has.
    pub value: Value,
    /// What follows above.
    #[serde(default)]
    pub above: Above,
}

/// Why levels cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum LevelError {
    /// The ratio is on the wrong side of the target or of another level's, or beyond a hundred times the target.
    #[error("the ratio of {level:?}, {ppm} ppm, is out of order")]
    Ratio {
        /// Which.
        level: Level,
        /// What was asked for, in millionths.
        ppm: u32,
    },
    /// There is no such row.
    #[error("no such node {node:?}")]
    UnknownNode {
        /// What was named.
        node: NodeIndex,
    },
    /// The target itself is changed in the plan, not here.
    #[error("the target of node {node:?} is what the plan says")]
    Target {
        /// Whose.
        node: NodeIndex,
    },
    /// A node has two overrides of one level.
    #[error("node {node:?} has {level:?} twice")]
    Twice {
        /// Whose.
        node: NodeIndex,
        /// Which.
        level: Level,
    },
    /// A level would lie below the one under it, a floor above the target, or an amount be negative. Where an override
    /// of the level under it lifts the root beyond what the plan's ratio gives, it is the higher level that is named.
    #[error("{level:?} of node {node:?} would be {amount:?}, on the wrong side of {bound:?}")]
    Order {
        /// Whose.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Which.
        level: Level,
        /// What was asked for.
        amount: Minor,
        /// What the neighbouring level leaves.
        bound: Minor,
    },
    /// The children cannot sum to what their parent has on the level.
    #[error("{level:?} of node {node:?} is {wanted:?}; those below allow {reachable:?}")]
    Gap {
        /// The parent.
        node: NodeIndex,
        /// The period.
        period: PeriodIndex,
        /// Which.
        level: Level,
        /// What the parent has.
        wanted: Minor,
        /// The nearest to it that those below allow.
        reachable: Minor,
        /// The difference, positive.
        missing: Minor,
    },
    /// An amount beyond what a plan can hold.
    #[error("{level:?} of node {node:?} is too large")]
    TooLarge {
        /// Whose.
        node: NodeIndex,
        /// Which.
        level: Level,
    },
}

/// The amounts of every level of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    nodes: usize,
    /// By level, then as the cells of a plan lie: `period × nodes + node`.
    amounts: [Vec<i64>; Level::ALL.len()],
}

impl Levels {
    /// Works the levels out. Where no override asks for something else, each cell differs by less than one minor unit from
    /// its share of what the siblings have together: the largest remainders go up, as far as stretch and challenge stay in
    /// order.
    pub fn of(target: &Grid, ratios: Ratios, overrides: &[Override]) -> Result<Self, LevelError> {
        Self::work_out(target, ratios, overrides, true)
    }

    /// The same; where the challenge is not decided it is what the stretch is, in every cell.
    fn work_out(
        target: &Grid,
        ratios: Ratios,
        overrides: &[Override],
        has_challenge: bool,
    ) -> Result<Self, LevelError> {
        for (level, least, most) in [
            (Level::Floor, 0, TARGET_PPM),
            (Level::Stretch, TARGET_PPM, MAX_PPM),
            (Level::Challenge, ratios.stretch_ppm, MAX_PPM),
        ] {
            if !(least..=most).contains(&ratios.of(level)) {
                let ppm = ratios.of(level);
                return Err(LevelError::Ratio { level, ppm });
            }
        }
        check_overrides(target, overrides)?;
        let cells = target.periods().flat_map(|period| target.column(period));
        let plan: Vec<i64> = cells.copied().collect();
        let mut plain = [const { Vec::new() }; 3];
        for period in target.periods() {
            for (cells, column) in plain.iter_mut().zip(plain::levels(target, period, ratios)?) {
                cells.extend(column);
            }
        }
        let solve = |level, plain: &[i64], neighbour: &[i64]| {
            let own: Vec<Override> = overrides
                .iter()
                .copied()
                .filter(|found| found.level == level)
                .collect();
            solve::level(target, level, ratios.of(level), plain, neighbour, &own)
        };
        let floor = solve(Level::Floor, &plain[0], &plan)?;
        let stretch = solve(Level::Stretch, &plain[1], &plan)?;
        let challenge = if has_challenge {
            solve(Level::Challenge, &plain[2], &stretch)?
        } else {
            stretch.clone()
        };
        Ok(Self {
            nodes: target.shape().len(),
            amounts: [floor, plan, stretch, challenge],
        })
    }

    /// The amount of a node on a level in a period or over all; nothing where there is no such node or period.
    pub fn amount(&self, level: Level, node: NodeIndex, period: Option<PeriodIndex>) -> Minor {
        let cells = &self.amounts[level as usize];
        let node = node.0 as usize;
        if node >= self.nodes {
            return Minor(0);
        }
        Minor(match period {
            Some(period) => cells
                .get(usize::from(period.0) * self.nodes + node)
                .copied()
                .unwrap_or(0),
            None => cells.iter().skip(node).step_by(self.nodes).sum(),
        })
    }
}

/// Some millionths of an amount, half a minor unit up.
fn rounded(amount: i64, ppm: u32) -> i128 {
    (i128::from(amount) * i128::from(ppm) + 500_000) / 1_000_000
}

/// What a level has of a hedge, by its ratio as a fraction; rounded down.
fn hedge_of(hedge: i64, (part, whole): (i128, i128)) -> i128 {
    i128::from(hedge) * part / whole
}

fn check_overrides(target: &Grid, overrides: &[Override]) -> Result<(), LevelError> {
    let mut seen = Vec::with_capacity(overrides.len());
    for &Override {
        node, level, value, ..
    } in overrides
    {
        if !target.shape().has(node) {
            return Err(LevelError::UnknownNode { node });
        }
        if level == Level::Target {
            return Err(LevelError::Target { node });
        }
        if let Value::Ratio { ppm } = value
            && ppm > MAX_PPM
        {
            return Err(LevelError::Ratio { level, ppm });
        }
        seen.push((node, level));
    }
    seen.sort_unstable();
    match seen.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(LevelError::Twice {
            node: pair[0].0,
            level: pair[0].1,
        }),
        None => Ok(()),
    }
}
