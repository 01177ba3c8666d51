//! How a number compares with those of its peers, told so that nobody can be recognised.
//!
//! Peers of a person are people, peers of a unit are units of its level: those below the nearest node above that has at least
//! [`FEWEST`] of them, with the one who is compared. A figure is compared only where so many have it; then it is told how many
//! of the others it exceeds, ties counting half (the mid-rank), rounded to [`ROUNDED_PCT`]. The middle growth of the others is
//! the mean of the two or three in the middle of their order, in whole per cent, and so nobody's own.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::plan::{NodeIndex, NodeRef, Shape};

/// The fewest who are compared, with the one who asks.
pub const FEWEST: usize = 5;
/// What places are rounded to, in per cent.
pub const ROUNDED_PCT: u8 = 5;

/// Where a figure stands among those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// About how many of the others it exceeds, in per cent.
    pub above_pct: u8,
    /// How many others it is compared with.
    pub others: u32,
}

/// How a number compares with those of its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peers {
    /// Whether the peers are people; else they are units.
    pub members: bool,
    /// The amount.
    pub amount: Placed,
    /// The growth against the same periods a year before.
    pub growth: Option<Placed>,
    /// What the growth of the others is in the middle, in per cent.
    pub middle_growth_pct: Option<i32>,
    /// The amount against what was done in the comparable months that the split goes by.
    pub stretch: Option<Placed>,
}

/// What is known of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Its amount.
    pub amount: Minor,
    /// What was done in the same periods a year before, in minor units; none or nothing: not compared.
    pub before: Option<u64>,
    /// What was done in the comparable months, in any unit; none or nothing: not compared.
    pub record: Option<u64>,
}

/// Compares a node with its peers; `alike` says who is one of them, wherever it stands. None where there are too few.
pub fn peers(
    shape: &Shape,
    node: NodeIndex,
    alike: impl Fn(NodeIndex) -> bool,
    figures: impl Fn(NodeIndex) -> Figures,
) -> Option<Peers> {
    let own = figures(node);
    let others: Vec<Figures> = others(shape, node, alike)?.into_iter().map(figures).collect();
    let growth = |figures: &Figures| Ratio::of(figures.amount, figures.before);
    let of_others = known(&others, growth);
    Some(Peers {
        members: shape.reference(node).is_member(),
        amount: place(
            Ratio::of(own.amount, Some(1)),
            &known(&others, |other| Ratio::of(other.amount, Some(1))),
        )?,
        growth: place(growth(&own), &of_others),
        middle_growth_pct: middle(of_others),
        stretch: place(
            Ratio::of(own.amount, own.record),
            &known(&others, |other| Ratio::of(other.amount, other.record)),
        ),
    })
}

/// The peers below the nearest node above that has enough of them. Who stands in several places counts once.
fn others(shape: &Shape, node: NodeIndex, alike: impl Fn(NodeIndex) -> bool) -> Option<Vec<NodeIndex>> {
    let own = shape.reference(node);
    shape.ancestors(node).find_map(|above| {
        let mut found: BTreeMap<NodeRef, NodeIndex> = BTreeMap::new();
        for other in (above.0 + 1..shape.end(above).0).map(NodeIndex) {
            let reference = shape.reference(other);
            if reference != own && alike(other) {
                found.entry(reference).or_insert(other);
            }
        }
        (found.len() + 1 >= FEWEST).then(|| found.into_values().collect())
    })
}

/// An amount against what it is measured by.
#[derive(Clone, Copy, Debug)]
struct Ratio {
    amount: u64,
    by: u64,
}

impl Ratio {
    fn of(amount: Minor, by: Option<u64>) -> Option<Self> {
        let by = by.filter(|by| *by > 0)?;
        let amount = u64::try_from(amount.0).ok()?;
        Some(Self { amount, by })
    }

    fn order(&self, other: &Self) -> Ordering {
        let crossed = |a: &Self, b: &Self| u128::from(a.amount) * u128::from(b.by);
        crossed(self, other).cmp(&crossed(other, self))
    }

    /// By how much the amount exceeds the other, in thousandths of it.
    fn growth_ppt(&self) -> i128 {
        i128::from(self.amount) * 1_000 / i128::from(self.by) - 1_000
    }
}

fn known(others: &[Figures], figure: impl Fn(&Figures) -> Option<Ratio>) -> Vec<Ratio> {
    others.iter().filter_map(figure).collect()
}

fn place(own: Option<Ratio>, others: &[Ratio]) -> Option<Placed> {
    let own = own?;
    if others.len() + 1 < FEWEST {
        return None;
    }
    // In halves of one: below counts whole, a tie half.
    let halves: u64 = others
        .iter()
        .map(|other| match other.order(&own) {
            Ordering::Less => 2,
            Ordering::Equal => 1,
            Ordering::Greater => 0,
        })
        .sum();
    let all = 2 * others.len() as u64;
    let rounded = u64::from(ROUNDED_PCT);
    let steps = (2 * halves * (100 / rounded) + all) / (2 * all);
    Some(Placed {
        above_pct: u8::try_from(steps * rounded).unwrap_or(100),
        others: u32::try_from(others.len()).unwrap_or(u32::MAX),
    })
}

/// The mean of the two or three in the middle, in whole per cent.
fn middle(mut others: Vec<Ratio>) -> Option<i32> {
    if others.len() + 1 < FEWEST {
        return None;
    }
    others.sort_unstable_by(Ratio::order);
    let (half, odd) = (others.len() / 2, others.len() % 2);
    let middle = others.get(half - 1..=half + odd)?;
    // An even number has its middle between `half - 1` and `half`.
    let count = i128::try_from(middle.len()).ok()?;
    let sum: i128 = middle.iter().map(Ratio::growth_ppt).sum();
    let rounded = (sum + 5 * count).div_euclid(10 * count);
    Some(i32::try_from(rounded).unwrap_or(i32::MAX))
}
