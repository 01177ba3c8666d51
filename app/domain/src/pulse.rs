//! The pulse: whoever confirms a number may say in one tap how fair it is, from 1 to 5, and why.
//!
//! Nobody is to be known by it. It is shown for groups of [`LEAST`] people and more, and never for two groups one of which
//! leaves fewer than that of the other: where a unit and the units below it would tell so much, one of those is left out. Nor is
//! anybody to be known by when something changes: who has confirmed is seen by name, so answers come in [`LEAST`] at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::{NodeIndex, Shape};

/// The best a number can be called.
pub const MOST: u8 = 5;
/// The smallest group whose answers are shown.
pub const LEAST: u32 = 5;
/// Longest reason, characters.
pub const MOST_CHARS: usize = 500;

/// What somebody says of a number beside confirming it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// How fair it is: 1 (not at all) to [`MOST`].
    pub fair: u8,
    /// Why, in their own words.
    pub reason: Option<String>,
}

/// The pulse of a unit with everybody below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPulse {
    /// The unit, by its place in the whole version.
    pub row: NodeIndex,
    /// What it is called.
    pub name: String,
    /// Levels below the top.
    pub depth: u8,
    /// How many of those who said something are told of: [`LEAST`] or more; see [`told`].
    pub people: u32,
    /// How many said 1, 2, 3, 4 and 5.
    pub counts: [u32; MOST as usize],
    /// Reasons without names, in an order that tells nothing; not all where there are many.
    pub reasons: Vec<String>,
}

impl UnitPulse {
    /// The mean in tenths, half rounded up; 0 where nobody said anything.
    pub fn mean_tenths(&self) -> u32 {
        let people: u32 = self.counts.iter().sum();
        if people == 0 {
            return 0;
        }
        let sum: u32 = (1..).zip(self.counts).map(|(step, count)| step * count).sum();
        (sum * 20 + people) / (people * 2)
    }

    /// The mean as people read it: `3.8`.
    pub fn mean(&self) -> String {
        let tenths = self.mean_tenths();
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// How many spoke at each node and below it, from how many spoke at each node itself.
pub fn with_those_below(shape: &Shape, own: &[u32]) -> Vec<u32> {
    let mut sums: Vec<u32> = own.to_vec();
    sums.resize(shape.len(), 0);
    for node in shape.nodes().rev() {
        let Some(parent) = shape.parent(node) else {
            continue;
        };
        let below = sums.get(node.0 as usize).copied().unwrap_or_default();
        if let Some(sum) = sums.get_mut(parent.0 as usize) {
            *sum += below;
        }
    }
    sums
}

/// Which nodes may be shown, so that no group of fewer than [`LEAST`] people is told, and none by subtracting what is shown
/// below a node from what is shown of it. The parts into which all that is shown cuts everybody are then empty or large
/// enough. `sums` as [`with_those_below`] makes it. Where it would be too little, the smallest of what is below is left out
/// with all below it.
pub fn shown(shape: &Shape, sums: &[u32]) -> Vec<bool> {
    let mut shown = vec![false; shape.len()];
    // People of each node who are told by what is shown at it or, where it is not, below it.
    let mut told = vec![0_u32; shape.len()];
    let at = |list: &[u32], node: NodeIndex| list.get(node.0 as usize).copied().unwrap_or_default();
    for node in shape.nodes().rev() {
        let people = at(sums, node);
        let mut below: u32 = shape.children(node).map(|child| at(&told, child)).sum();
        let rest = people.saturating_sub(below);
        if people >= LEAST
            && (1..LEAST).contains(&rest)
            && let Some(smallest) = highest_shown(shape, &shown, node)
                .into_iter()
                .min_by_key(|known| at(sums, *known))
        {
            let part = smallest.0 as usize..shape.end(smallest).0 as usize;
            if let Some(part) = shown.get_mut(part) {
                part.fill(false);
            }
            below = below.saturating_sub(at(sums, smallest));
        }
        let rest = people.saturating_sub(below);
        let may = people >= LEAST && (rest == 0 || rest >= LEAST);
        if let Some(place) = shown.get_mut(node.0 as usize) {
            *place = may;
        }
        if let Some(place) = told.get_mut(node.0 as usize) {
            *place = if may { people } else { below };
        }
    }
    shown
}

/// Which answers are told, of all in the order they were given, by the node of each. Within each of the parts into which what is
/// shown cuts everybody the first are told, [`LEAST`] at a time: whoever looks before and after one more has answered sees either
/// no difference, or that of so many together.
pub fn told(shape: &Shape, shown: &[bool], given: &[NodeIndex]) -> Vec<bool> {
    let is_shown = |node: NodeIndex| shown.get(node.0 as usize).copied().unwrap_or_default();
    let part_of = |node: NodeIndex| {
        let mut above = Some(node);
        while let Some(at) = above.filter(|at| !is_shown(*at)) {
            above = shape.parent(at);
        }
        above
    };
    let parts: Vec<Option<NodeIndex>> = given.iter().map(|node| part_of(*node)).collect();
    let mut left: BTreeMap<NodeIndex, u32> = BTreeMap::new();
    for part in parts.iter().flatten() {
        *left.entry(*part).or_default() += 1;
    }
    for count in left.values_mut() {
        *count -= *count % LEAST;
    }
    let mut told = Vec::with_capacity(parts.len());
    for part in parts {
        let count = part.and_then(|part| left.get_mut(&part));
        let count = count.filter(|count| **count > 0);
        told.push(count.is_some());
        if let Some(count) = count {
            *count -= 1;
        }
    }
    told
}

/// The shown nodes below a node that lie below no other shown one.
fn highest_shown(shape: &Shape, shown: &[bool], top: NodeIndex) -> Vec<NodeIndex> {
    let mut found = Vec::new();
    let end = shape.end(top);
    let mut node = NodeIndex(top.0 + 1);
    while node < end {
        if shown.get(node.0 as usize).copied().unwrap_or_default() {
            found.push(node);
            node = shape.end(node);
        } else {
            node = NodeIndex(node.0 + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::id::UnitId;
    use crate::plan::{NodeRef, NodeSpec, PlanPeriod};

    /// A tree by the parent of each node; the first has none.
    fn tree(parents: &[Option<u32>]) -> Shape {
        let specs = (0_u128..)
            .zip(parents)
            .map(|(number, parent)| NodeSpec {
                parent: parent.map(NodeIndex),
                reference: NodeRef::Unit(UnitId(uuid::Uuid::from_u128(number + 1))),
                name: number.to_string(),
            })
            .collect();
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(1),
        };
        Shape::new(specs, vec![period]).unwrap()
    }

    fn told(parents: &[Option<u32>], own: &[u32]) -> Vec<bool> {
        let shape = tree(parents);
        shown(&shape, &with_those_below(&shape, own))
    }

    /// What is told of answers in the order they were given: which nodes are shown, and which answers count.
    fn heard(shape: &Shape, given: &[NodeIndex]) -> (Vec<bool>, Vec<bool>) {
        let mut own = vec![0; shape.len()];
        for node in given {
            own[node.0 as usize] += 1;
        }
        let shown = shown(shape, &with_those_below(shape, &own));
        let told = super::told(shape, &shown, given);
        (shown, told)
    }

    #[test]
    fn one_more_answer_changes_nothing_until_there_are_five_of_them() {
        let shape = tree(&[None, Some(0)]);
        let count = |answers: usize| {
            let (_, told) = heard(&shape, &vec![NodeIndex(1); answers]);
            told.iter().filter(|told| **told).count()
        };
        let counts: Vec<usize> = (0..=11).map(count).collect();
        assert_eq!(counts, [0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]);
        let (_, told) = heard(&shape, &[NodeIndex(1); 6]);
        assert_eq!(told, [true, true, true, true, true, false], "the first are told");
    }

    #[test]
    fn a_small_group_is_not_told() {
        assert_eq!(told(&[None, Some(0)], &[0, 4]), [false, false]);
        assert_eq!(told(&[None, Some(0)], &[0, 5]), [true, true]);
    }

    #[test]
    fn a_difference_does_not_tell_of_a_small_group() {
        // Two teams of six and the leader above them: the leader would be what is left.
        let parents = [None, Some(0), Some(0)];
        assert_eq!(told(&parents, &[1, 6, 7]), [true, false, true]);
        // A team of four beside one of six: the four would be what is left.
        assert_eq!(told(&parents, &[0, 6, 4]), [true, false, false]);
        assert_eq!(told(&parents, &[0, 6, 7]), [true, true, true]);
        assert_eq!(told(&parents, &[5, 6, 7]), [true, true, true]);
    }

    #[test]
    fn the_mean_is_rounded_to_tenths() {
        let pulse = |counts| UnitPulse {
            row: NodeIndex(0),
            name: String::new(),
            depth: 0,
            people: 0,
            counts,
            reasons: Vec::new(),
        };
        assert_eq!(pulse([0, 0, 0, 0, 5]).mean(), "5.0");
        assert_eq!(pulse([1, 0, 0, 0, 5]).mean(), "4.3");
        assert_eq!(pulse([0, 0, 3, 3, 0]).mean(), "3.5");
        assert_eq!(pulse([0; 5]).mean(), "0.0");
    }

    proptest::proptest! {
        /// What is shown cuts everybody into parts: each is what a shown node has beside what is shown below it.
        #[test]
        fn no_part_that_can_be_reckoned_is_small(
            choices in proptest::collection::vec((0_u32..4, 0_u32..9), 1..40),
        ) {
            let mut parents: Vec<Option<u32>> = vec![None];
            // Each node lies below one of the last line from the top down, so that the order is the tree's.
            let mut line = vec![0_u32];
            for (place, (back, _)) in (1..).zip(&choices[1..]) {
                let keep = line.len().saturating_sub(*back as usize).max(1);
                line.truncate(keep);
                parents.push(line.last().copied());
                line.push(place);
            }
            let shape = tree(&parents);
            let own: Vec<u32> = choices.iter().map(|(_, count)| *count).collect();
            let sums = with_those_below(&shape, &own);
            let shown = shown(&shape, &sums);
            for node in shape.nodes().filter(|node| shown[node.0 as usize]) {
                let people = sums[node.0 as usize];
                let below: u32 = highest_shown(&shape, &shown, node)
                    .iter()
                    .map(|known| sums[known.0 as usize])
                    .sum();
                proptest::prop_assert!(people >= LEAST);
                proptest::prop_assert!(people == below || people - below >= LEAST);
            }
        }

        /// However answers come in: each shown node tells of five and more, each part of it of a multiple of five, and while the
        /// same nodes are shown one more answer changes nothing or brings five into one part.
        #[test]
        fn answers_come_in_five_at_a_time(
            parents in proptest::collection::vec(0_u32..4, 1..12),
            given in proptest::collection::vec(0_u32..12, 0..80),
        ) {
            let mut line = vec![0_u32];
            let mut all: Vec<Option<u32>> = vec![None];
            for (place, back) in (1..).zip(&parents[1..]) {
                let keep = line.len().saturating_sub(*back as usize).max(1);
                line.truncate(keep);
                all.push(line.last().copied());
                line.push(place);
            }
            let shape = tree(&all);
            let nodes = all.len() as u32;
            let given: Vec<NodeIndex> = given.iter().map(|node| NodeIndex(node % nodes)).collect();
            let within = |told: &[bool], node: NodeIndex| {
                let inside = |at: NodeIndex| node <= at && at < shape.end(node);
                told.iter().zip(&given).filter(|(told, at)| **told && inside(**at)).count()
            };
            let (mut shown, mut told) = heard(&shape, &[]);
            for answers in 1..=given.len() {
                let (shown_now, told_now) = heard(&shape, &given[..answers]);
                for node in shape.nodes().filter(|node| shown_now[node.0 as usize]) {
                    let people = within(&told_now, node);
                    proptest::prop_assert!(people >= LEAST as usize);
                    let below: usize = highest_shown(&shape, &shown_now, node)
                        .iter()
                        .map(|known| within(&told_now, *known))
                        .sum();
                    proptest::prop_assert_eq!((people - below) % LEAST as usize, 0);
                }
                if shown_now == shown {
                    proptest::prop_assert!(told.iter().zip(&told_now).all(|(before, now)| !before || *now));
                    let count = |told: &[bool]| told.iter().filter(|told| **told).count();
                    let more = count(&told_now) - count(&told);
                    proptest::prop_assert!(more == 0 || more == LEAST as usize);
                }
                (shown, told) = (shown_now, told_now);
            }
        }
    }
}
