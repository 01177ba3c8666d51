//! How a number compares with those of its peers, told so that nobody can be recognised.
//!
//! Peers of a person are people, peers of a unit are units of its level: those below the nearest node above that has at least
//! [`FEWEST`] of them, with the one who is compared. A figure is compared only where so many have it; then it is told how many
//! of the others it exceeds, ties counting half (the mid-rank), rounded to [`ROUNDED_PCT`]. The middle growth of the others is
//! the mean of the two or three in the middle of their order, in whole per cent, and so nobody's own.
//!
//! Whoever sees the numbers of some of the others can take them off: those they do not see have to be [`FEWEST`] by themselves,
//! or none. So the group is looked for further up, and a figure that only few of them have is not told.

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

/// Those a node is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The node they all stand below, as does the one that is compared.
    pub above: NodeIndex,
    /// Each once, without the one that is compared, and whether whoever asks sees their number.
    others: Vec<(NodeIndex, bool)>,
}

/// The peers below the nearest node above that has enough of them. `alike` says who is one of them, wherever it stands;
/// `seen`, whose number whoever asks sees. Who stands in several places counts once. None where there are too few.
pub fn group(
    shape: &Shape,
    node: NodeIndex,
    alike: impl Fn(NodeIndex) -> bool,
    seen: impl Fn(NodeIndex) -> bool,
) -> Option<Group> {
    let own = shape.reference(node);
    shape.ancestors(node).find_map(|above| {
        let mut found: BTreeMap<NodeRef, (NodeIndex, bool)> = BTreeMap::new();
        for other in (above.0 + 1..shape.end(above).0).map(NodeIndex) {
            let reference = shape.reference(other);
            if reference != own && alike(other) {
                found.entry(reference).or_insert_with(|| (other, seen(other)));
            }
        }
        let others: Vec<(NodeIndex, bool)> = found.into_values().collect();
        enough(others.iter().map(|(_, seen)| *seen)).then_some(Group { above, others })
    })
}

/// Whether so many others, seen and not, hide each of those who are not seen.
fn enough(seen: impl Iterator<Item = bool>) -> bool {
    let (mut others, mut hidden) = (0_usize, 0_usize);
    for seen in seen {
        others += 1;
        hidden += usize::from(!seen);
    }
    let alone = hidden == 0 || hidden == others || hidden >= FEWEST;
    others + 1 >= FEWEST && alone
}

/// Compares a node with its peers. None where it has no amount to compare.
pub fn compare(
    shape: &Shape,
    node: NodeIndex,
    group: &Group,
    figures: impl Fn(NodeIndex) -> Figures,
) -> Option<Peers> {
    let own = figures(node);
    let others: Vec<(Figures, bool)> = group
        .others
        .iter()
        .map(|(other, seen)| (figures(*other), *seen))
        .collect();
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

/// A figure of each who has it; of nobody where too few do.
fn known(others: &[(Figures, bool)], figure: impl Fn(&Figures) -> Option<Ratio>) -> Vec<Ratio> {
    let have: Vec<(Ratio, bool)> = others
        .iter()
        .filter_map(|(other, seen)| Some((figure(other)?, *seen)))
        .collect();
    if enough(have.iter().map(|(_, seen)| *seen)) {
        have.into_iter().map(|(ratio, _)| ratio).collect()
    } else {
        Vec::new()
    }
}

fn place(own: Option<Ratio>, others: &[Ratio]) -> Option<Placed> {
    let own = own?;
    if others.is_empty() {
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
    others.sort_unstable_by(Ratio::order);
    let (half, odd) = (others.len() / 2, others.len() % 2);
    let middle = others.get(half.checked_sub(1)?..=half + odd)?;
    // An even number has its middle between `half - 1` and `half`.
    let count = i128::try_from(middle.len()).ok()?;
    let sum: i128 = middle.iter().map(Ratio::growth_ppt).sum();
    let rounded = (sum + 5 * count).div_euclid(10 * count);
    Some(i32::try_from(rounded).unwrap_or(i32::MAX))
}
