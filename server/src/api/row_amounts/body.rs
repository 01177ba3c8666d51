//! What is asked of amounts of rows, and what of it makes no sense.

use std::collections::BTreeSet;

use domain::money::Minor;
use domain::plan::{Basis, BasisWeights, Factor, FactorKind, Give, Keep, NodeIndex};
use operations::Error;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::why::unknown_basis;

/// All of it.
const WHOLE_PPM: u32 = 1_000_000;

/// An amount that is to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NewAmount {
    /// In minor units.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub(super) amount: i64,
    /// The name of a period; left out, the total.
    #[schema(example = "2027-01")]
    pub(super) period: Option<String>,
    /// What stays; left out, `row` for a period and `column` for a total.
    pub(super) keep: Option<WhatStays>,
    /// Who gives.
    #[serde(default)]
    pub(super) give: WhoGives,
    /// The number of the last command one has seen.
    pub(super) head: u64,
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    pub(super) key: Option<Uuid>,
    /// Why.
    #[schema(max_length = 500)]
    pub(super) reason: Option<String>,
}

/// What stays: the total of the `row`, the `column` of its unit, `both`, or `none`, where what is above follows.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum WhatStays {
    Row,
    Column,
    Both,
    None,
}

/// Who gives: `siblings` in proportion, the units above (`parent_grows`), or the `hedge` of the unit.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum WhoGives {
    #[default]
    Siblings,
    ParentGrows,
    Hedge,
}

/// A part of an amount that is sent: an amount or a share, one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SentAmount {
    /// The row that gets it.
    pub(super) to: u32,
    /// The name of a period; left out, of all in proportion to what the giver has.
    #[schema(example = "2027-01")]
    pub(super) period: Option<String>,
    /// In minor units.
    #[schema(minimum = 1)]
    amount: Option<i64>,
    /// In millionths of what the giver has, rounded down to the minor unit.
    #[schema(minimum = 1, maximum = 1_000_000)]
    share_ppm: Option<u32>,
    /// The number of the last command one has seen.
    pub(super) head: u64,
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    pub(super) key: Option<Uuid>,
    /// Why.
    #[schema(max_length = 500)]
    pub(super) reason: Option<String>,
}

/// What is sent.
pub(in crate::api) enum Part {
    Amount(Minor),
    Share(u32),
}

/// By what a row is split.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SplitBy {
    /// The bases with their shares; they count relatively and come to at most all of it.
    pub(super) bases: Vec<SplitShare>,
    /// What makes somebody count less or more in some periods; left out, `assignment` and `ramp`.
    factors: Option<Vec<SplitFactor>>,
    /// Only the rows directly below are split; what is below those keeps its proportions.
    #[serde(default)]
    pub(super) children_only: bool,
    /// The number of the last command one has seen.
    pub(super) head: u64,
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    pub(super) key: Option<Uuid>,
    /// Why.
    #[schema(max_length = 500)]
    pub(super) reason: Option<String>,
}

/// A basis with its share.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SplitShare {
    /// `history`, `capability`, `potential`, `customers`, `pipeline`, `imported` or `equal`.
    #[schema(example = "history")]
    basis: String,
    /// In millionths.
    #[schema(maximum = 1_000_000)]
    share_ppm: u32,
}

/// Who is there (`assignment`), a beginner's first months (`ramp`), a season of one's own (`season`).
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SplitFactor {
    Assignment,
    Ramp,
    Season,
}

/// How an amount is held.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NewHold {
    /// Which.
    #[serde(rename = "hold")]
    pub(super) kind: HoldKind,
    /// The name of a period; left out, the total.
    #[schema(example = "2027-01")]
    pub(super) period: Option<String>,
    /// With `floor` and `cap`, in minor units; null or left out: it is taken away.
    pub(super) amount: Option<i64>,
    /// The number of the last command one has seen.
    pub(super) head: u64,
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    pub(super) key: Option<Uuid>,
}

/// `lock`, `unlock`, `floor` or `cap`.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum HoldKind {
    Lock,
    Unlock,
    Floor,
    Cap,
}

impl From<WhatStays> for Keep {
    fn from(stays: WhatStays) -> Self {
        match stays {
            WhatStays::Row => Self::Row,
            WhatStays::Column => Self::Column,
            WhatStays::Both => Self::Both,
            WhatStays::None => Self::None,
        }
    }
}

impl From<WhoGives> for Give {
    fn from(gives: WhoGives) -> Self {
        match gives {
            WhoGives::Siblings => Self::Siblings,
            WhoGives::ParentGrows => Self::ParentGrows,
            WhoGives::Hedge => Self::Hedge,
        }
    }
}

impl SentAmount {
    /// What is sent, or why it is nothing.
    pub(super) fn part(&self) -> Result<Part, Error> {
        match (self.amount, self.share_ppm) {
            (Some(amount @ 1..), None) => Ok(Part::Amount(Minor(amount))),
            (None, Some(share_ppm @ 1..=WHOLE_PPM)) => Ok(Part::Share(share_ppm)),
            _ => Err(Error::invalid_field(
                "bad_part",
                "amount",
                "amount（最小单位，大于 0）和 share_ppm（1 到 1000000）写其中一个。",
                "Give one of the two: amount in minor units, above 0, or share_ppm from 1 to 1,000,000.",
            )),
        }
    }
}

impl SplitBy {
    /// What counts by period; the server works out how much.
    pub(super) fn factors(&self) -> Vec<Factor> {
        let usual = [SplitFactor::Assignment, SplitFactor::Ramp];
        let factors = self.factors.as_deref().unwrap_or(&usual);
        let factor = |factor: &SplitFactor| Factor {
            node: NodeIndex(0),
            kind: match factor {
                SplitFactor::Assignment => FactorKind::Assignment,
                SplitFactor::Ramp => FactorKind::Ramp,
                SplitFactor::Season => FactorKind::Season,
            },
            ppm: Vec::new(),
        };
        factors.iter().map(factor).collect()
    }
}

/// The bases of a split; the server puts in the weights.
pub(super) fn share_of(shares: &[SplitShare]) -> Result<Vec<BasisWeights>, Error> {
    let basis = |share: &SplitShare| -> Result<BasisWeights, Error> {
        let basis = Basis::parse(&share.basis).ok_or_else(|| unknown_basis(&share.basis))?;
        Ok(BasisWeights {
            basis,
            share_ppm: share.share_ppm,
            weights: Vec::new(),
        })
    };
    let bases = shares
        .iter()
        .map(basis)
        .collect::<Result<Vec<BasisWeights>, Error>>()?;
    let sum: u64 = bases.iter().map(|basis| u64::from(basis.share_ppm)).sum();
    let different: BTreeSet<Basis> = bases.iter().map(|basis| basis.basis).collect();
    if sum == 0 || sum > u64::from(WHOLE_PPM) || different.len() < bases.len() {
        return Err(Error::invalid_field(
            "bad_shares",
            "bases",
            "每个依据写一次，份额合计为 1 到 1000000（百万分之一）。",
            "Name each basis once; the shares come to 1 to 1,000,000 millionths.",
        ));
    }
    Ok(bases)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(of: &[(&str, u32)]) -> Vec<SplitShare> {
        let share = |(basis, share_ppm): &(&str, u32)| SplitShare {
            basis: (*basis).to_owned(),
            share_ppm: *share_ppm,
        };
        of.iter().map(share).collect()
    }

    fn code(error: Error) -> String {
        match error {
            Error::Invalid(refusal) => refusal.code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn shares_make_at_most_a_whole_of_different_bases() {
        let half = share_of(&shares(&[("history", 300_000), ("equal", 200_000)])).unwrap();
        let parts: Vec<_> = half.iter().map(|basis| (basis.basis, basis.share_ppm)).collect();
        assert_eq!(parts, [(Basis::History, 300_000), (Basis::Equal, 200_000)]);
        for (wrong, expected) in [
            (shares(&[]), "bad_shares"),
            (shares(&[("equal", 0)]), "bad_shares"),
            (shares(&[("equal", 1_000_000), ("history", 1)]), "bad_shares"),
            (shares(&[("equal", 1), ("equal", 1)]), "bad_shares"),
            (shares(&[("mood", 1)]), "unknown_basis"),
        ] {
            assert_eq!(code(share_of(&wrong).unwrap_err()), expected);
        }
    }

    #[test]
    fn one_of_an_amount_and_a_share_is_sent() {
        let sent = |amount: Option<i64>, share_ppm: Option<u32>| SentAmount {
            to: 1,
            period: None,
            amount,
            share_ppm,
            head: 0,
            key: None,
            reason: None,
        };
        assert!(matches!(sent(Some(1), None).part(), Ok(Part::Amount(Minor(1)))));
        assert!(matches!(
            sent(None, Some(1_000_000)).part(),
            Ok(Part::Share(1_000_000))
        ));
        for (amount, share_ppm) in [
            (None, None),
            (Some(1), Some(1)),
            (Some(0), None),
            (Some(-5), None),
            (None, Some(0)),
            (None, Some(1_000_001)),
        ] {
            let wrong = sent(amount, share_ppm).part();
            assert_eq!(wrong.err().map(code).as_deref(), Some("bad_part"));
        }
    }
}
