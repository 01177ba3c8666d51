//! Scenarios: versions of a plan beside each other, in numbers and in what they were reckoned with.

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::id::{PlanId, VersionId};
use crate::level::Level;
use crate::line::LineBy;
use crate::money::{Currency, Minor};
use crate::outlook::Distribution;
use crate::target::{VersionRow, VersionStatus};

/// Versions that can be compared, at least and at most.
pub const COMPARED: std::ops::RangeInclusive<usize> = 2..=4;

/// The scenarios of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanScenarios {
    /// The plan.
    pub plan: PlanId,
    /// What people call it.
    pub name: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Every plan there is, to choose another.
    pub plans: Vec<PlanChoice>,
    /// Its versions, the latest first, those that were put away too.
    pub scenarios: Vec<ScenarioRow>,
}

/// A plan to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChoice {
    /// The plan.
    pub plan: PlanId,
    /// What people call it.
    pub name: String,
}

/// A version, as the list of scenarios shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioRow {
    /// The version.
    pub version: VersionRow,
    /// The version it was branched from, by its number.
    pub branched_from: Option<u32>,
    /// Its total.
    pub total: Minor,
    /// When it was put away, milliseconds since the epoch.
    pub shelved_at_ms: Option<i64>,
}

/// Versions of one plan beside each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The plan.
    pub plan: PlanId,
    /// What people call it.
    pub plan_name: String,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The periods of the plan, by quarter.
    pub quarters: Vec<Period>,
    /// What is compared; the others are held against the first.
    pub columns: Vec<Column>,
    /// Units and people directly below the whole in any of them, with their part in each.
    pub units: Vec<UnitRow>,
    /// What they were reckoned with, where that differs.
    pub assumptions: Vec<AssumptionRow>,
    /// How many assumptions are the same in all of them.
    pub same: u32,
}

/// A version in a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The version.
    pub version: VersionId,
    /// Counts from 1 within the plan.
    pub number: u32,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub status: VersionStatus,
    /// Its total.
    pub total: Minor,
    /// The levels somebody decided.
    pub levels: Vec<(Level, Option<Minor>)>,
    /// Its part in each quarter.
    pub quarters: Vec<Minor>,
    /// What will come, reckoned with its own assumptions; none where there is too little history.
    pub outlook: Option<Distribution>,
    /// What its people can do in these days; none where nothing is known of them.
    pub capacity: Option<Minor>,
}

/// A unit or person directly below the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitRow {
    /// What it is called.
    pub name: String,
    /// Its part in each version; none where that version does not have it.
    pub amounts: Vec<Option<Minor>>,
}

/// An assumption that is not the same in all versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssumptionRow {
    /// What it is about.
    pub kind: AssumptionKind,
    /// What people call it.
    pub name: String,
    /// What each version says of it; none where it says nothing.
    pub said: Vec<Option<Said>>,
}

/// What assumptions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssumptionKind {
    /// Something of the market that changes the outlook.
    Factor,
    /// A deal or an order that is left out of the history.
    LeftOut,
    /// How a line of the target was decided.
    Line(LineBy),
    /// What the target serves.
    Purpose,
}

impl AssumptionKind {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::LeftOut => "left_out",
            Self::Line(_) => "line",
            Self::Purpose => "purpose",
        }
    }
}

/// What a version says of an assumption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "said")]
pub enum Said {
    /// An amount.
    Amount {
        /// The amount.
        amount: Minor,
    },
    /// A part of something, with a weight, both in millionths.
    Weighted {
        /// The part.
        ppm: i64,
        /// The weight.
        weight_ppm: i64,
    },
    /// An amount, with a weight in millionths.
    WeightedAmount {
        /// The amount.
        amount: Minor,
        /// The weight.
        weight_ppm: i64,
    },
    /// It holds.
    Yes,
}

/// One version's assumptions: what each is about, its key, its name, and what it says.
pub type Assumed = Vec<(AssumptionKind, String, String, Said)>;

/// The assumptions that differ, and how many are the same in all versions.
pub fn differences(versions: &[Assumed]) -> (Vec<AssumptionRow>, u32) {
    let mut keys: Vec<(AssumptionKind, &str, &str)> = Vec::new();
    for (kind, key, name, _) in versions.iter().flatten() {
        if !keys.iter().any(|(known, of, _)| known == kind && of == key) {
            keys.push((*kind, key, name));
        }
    }
    keys.sort_by_key(|(kind, ..)| *kind);
    let (mut rows, mut same) = (Vec::new(), 0);
    for (kind, key, name) in keys {
        let said: Vec<Option<Said>> = versions
            .iter()
            .map(|version| {
                version
                    .iter()
                    .find(|(known, of, ..)| *known == kind && of == key)
                    .map(|(.., said)| said.clone())
            })
            .collect();
        if said.windows(2).all(|pair| pair[0] == pair[1]) {
            same += 1;
        } else {
            rows.push(AssumptionRow {
                kind,
                name: name.to_owned(),
                said,
            });
        }
    }
    (rows, same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let factor = |name: &str, ppm| {
            let said = Said::Weighted {
                ppm,
                weight_ppm: 600_000,
            };
            (AssumptionKind::Factor, name.to_owned(), name.to_owned(), said)
        };
        let one = vec![factor("Policy", 40_000), factor("Price", -20_000)];
        let other = vec![factor("Price", -30_000), factor("Policy", 40_000)];
        let (rows, same) = differences(&[one.clone(), other, Vec::new()]);
        assert_eq!((rows.len(), same), (2, 0));
        assert_eq!(rows[0].said.iter().flatten().count(), 2);
        let (rows, same) = differences(&[one.clone(), one]);
        assert_eq!((rows.len(), same), (0, 2));
    }
}
