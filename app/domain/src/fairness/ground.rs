//! What a check needs besides the targets: who carries them, and what can be expected of each.

use serde::{Deserialize, Serialize};

use super::glance::{clamped, put};
use super::{FairnessError, Limits, Outlook, Person, Report, Settings, check};
use crate::money::{Currency, Minor};
use crate::plan::{NodeIndex, Shape};

/// What the fairness of a version is judged by; the targets come beside it, and may change while it stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// The currency of every amount.
    pub currency: Currency,
    /// Whether anything can be expected at all: not before a month of history is whole.
    pub known: bool,
    /// One for each row that carries a number and of which something can be expected.
    pub people: Vec<Footing>,
    /// Rows of which nothing can be said, in the whole version: they are new and without history, or stand in no branch of
    /// the outlook.
    pub unknown: Vec<NodeIndex>,
    /// Rows that carry what belongs to nobody, in the whole version.
    pub unassigned: Vec<NodeIndex>,
    /// What warns and what blocks publishing.
    pub limits: Limits,
    /// Whether whoever asks may change these limits.
    pub may_limit: bool,
}

/// What is known of one row that carries a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Footing {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// What can be expected of it.
    pub outlook: Outlook,
    /// Whether the person is in their first year.
    pub new_hire: bool,
    /// Sales of the same span a year before, in minor units.
    pub size: Option<f64>,
    /// Growth of the last twelve months over the twelve before: 0.1 for 10 %.
    pub growth: Option<f64>,
    /// Months in the job.
    pub tenure: Option<f64>,
    /// The person's part of the market potential of the territory, in minor units.
    pub potential: Option<f64>,
}

impl Footing {
    /// Who carries a target at a row of a tree.
    pub(super) fn person(&self, shape: &Shape, node: NodeIndex, target: Minor) -> Person {
        Person {
            target,
            outlook: self.outlook,
            team: shape.parent(node).unwrap_or(node).0,
            new_hire: self.new_hire,
            size: self.size,
            growth: self.growth,
            tenure: self.tenure,
            potential: self.potential,
        }
    }
}

/// A plan judged, with the rows it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The figures and findings.
    pub report: Report,
    /// The row of each person of the report, in the tree that was judged.
    pub nodes: Vec<NodeIndex>,
}

impl Ground {
    /// Judges the amounts of a tree. `offset`: where its root stands in the whole version; rows of other parts are left out.
    /// `amount`: the total of a row of this tree, also while it is only shown.
    pub fn check(
        &self,
        shape: &Shape,
        offset: u32,
        amount: impl Fn(NodeIndex) -> Minor,
        settings: &Settings,
    ) -> Result<Judged, FairnessError> {
        let mut nodes = Vec::with_capacity(self.people.len());
        let mut people = Vec::with_capacity(self.people.len());
        let place = |node: NodeIndex| {
            let node = node.0.checked_sub(offset).map(NodeIndex);
            node.filter(|node| shape.has(*node))
        };
        for footing in &self.people {
            let Some(node) = place(footing.node) else {
                continue;
            };
            nodes.push(node);
            people.push(footing.person(shape, node, amount(node)));
        }
        let not_judged = self.unknown.iter().chain(&self.unassigned);
        let aside: i128 = not_judged
            .filter_map(|node| place(*node))
            .map(|node| i128::from(amount(node).0))
            .sum();
        Ok(Judged {
            report: check(&people, &levels(shape, &amount), clamped(aside), settings)?,
            nodes,
        })
    }
}

/// The sums of targets by depth, from the top down. Who stands less deep than a level counts in it too, for nothing is handed
/// down from there; so does what belongs to nobody, which is a part of what stands above it.
pub fn levels(shape: &Shape, amount: impl Fn(NodeIndex) -> Minor) -> Vec<Minor> {
    let mut sums = Vec::new();
    for node in shape.nodes() {
        put(&mut sums, shape, node, i128::from(amount(node).0));
    }
    sums_of(sums)
}

/// The sums of the levels from what stands at each depth, and what ends there.
pub(super) fn sums_of(levels: Vec<(i128, i128)>) -> Vec<Minor> {
    let mut above = 0;
    let sum = |(here, ends): (i128, i128)| {
        let sum = here + above;
        above += ends;
        clamped(sum)
    };
    levels.into_iter().map(sum).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::calendar::Day;
    use crate::id::{MemberId, UnitId};
    use crate::plan::{Grid, NodeRef, NodeSpec, PlanPeriod};

    /// A company of a team with two people, a person beside the team, and what belongs to nobody.
    fn grid() -> Grid {
        let spec = |at: u128, parent: Option<u32>| NodeSpec {
            parent: parent.map(NodeIndex),
            reference: match at {
                0 | 1 | 5 => NodeRef::Unit(UnitId(Uuid::from_u128(at))),
                _ => NodeRef::Member(MemberId(Uuid::from_u128(at))),
            },
            name: at.to_string(),
        };
        let specs = vec![
            spec(0, None),
            spec(1, Some(0)),
            spec(2, Some(1)),
            spec(3, Some(1)),
            spec(4, Some(0)),
            spec(5, Some(0)),
        ];
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(31),
        };
        let shape = Arc::new(Shape::new(specs, vec![period]).unwrap());
        let amounts = [1_000, 600, 330, 330, 300, 100].map(Minor).to_vec();
        Grid::from_amounts(shape, amounts).unwrap()
    }

    fn ground(offset: u32) -> Ground {
        let footing = |node: u32| Footing {
            node: NodeIndex(node + offset),
            outlook: Outlook {
                mean: 320.0,
                sd: 40.0,
            },
            new_hire: false,
            size: None,
            growth: None,
            tenure: None,
            potential: None,
        };
        Ground {
            currency: Currency {
                code: "CNY".to_owned(),
                decimals: 2,
            },
            known: true,
            people: [2, 3, 4, 90].map(footing).to_vec(),
            unknown: Vec::new(),
            unassigned: vec![NodeIndex(5 + offset)],
            limits: Limits::default(),
            may_limit: false,
        }
    }

    #[test]
    fn who_stands_less_deep_counts_in_every_level_below_and_so_does_nobody() {
        let grid = grid();
        let sums = levels(grid.shape(), |node| grid.amount(node, None));
        assert_eq!(sums, [1_000, 1_000, 1_060].map(Minor));
    }

    #[test]
    fn what_is_asked_of_those_who_are_not_judged_is_not_asked_of_the_others() {
        let grid = grid();
        let settings = Settings::default();
        let amount = |node| grid.amount(node, None);
        let known = ground(0).check(grid.shape(), 0, amount, &settings).unwrap();
        assert_eq!(
            known.report.whole.target,
            Minor(900),
            "100 of 1,000 belong to nobody"
        );
        let mut less = ground(3);
        less.people.retain(|footing| footing.node != NodeIndex(4 + 3));
        less.unknown = vec![NodeIndex(4 + 3), NodeIndex(90)];
        let judged = less.check(grid.shape(), 3, amount, &settings).unwrap();
        assert_eq!(judged.report.whole.target, Minor(600));
        assert!((judged.report.whole.expected - 640.0).abs() < 1e-9);
        assert!(
            judged.report.whole.chance > 0.5,
            "whom nothing is known of does not make it less likely"
        );
    }

    #[test]
    fn a_row_has_the_chance_that_the_whole_plan_is_judged_by() {
        let grid = grid();
        let settings = Settings::default();
        let amount = |node| grid.amount(node, None);
        for offset in [0, 7] {
            let ground = ground(offset);
            let report = ground
                .check(grid.shape(), offset, amount, &settings)
                .unwrap()
                .report;
            let expected = ground.expected(grid.shape(), offset, &settings);
            let chance = |node: u32| expected.chance(grid.shape(), NodeIndex(node), amount);
            let near = |is: Option<f64>, wanted: f64| (is.unwrap() - wanted).abs() < 1e-9;
            assert!(near(chance(0), report.whole.chance));
            for (node, figures) in [2, 3, 4].into_iter().zip(&report.people) {
                assert!(near(chance(node), figures.chance.unwrap()));
            }
            assert!(chance(1).unwrap() > chance(2).unwrap(), "600 of two, 330 of each");
            assert_eq!(chance(5), None, "nobody is not expected to do anything");
            assert_eq!(chance(99), None);
        }
        let nothing = |_| Minor(0);
        let expected = ground(0).expected(grid.shape(), 0, &settings);
        assert_eq!(expected.chance(grid.shape(), NodeIndex(2), nothing), None);
        assert_eq!(expected.chance(grid.shape(), NodeIndex(0), nothing), None);
    }

    #[test]
    fn a_part_is_judged_by_its_own_rows_wherever_it_stands() {
        let grid = grid();
        let settings = Settings::default();
        let amount = |node| grid.amount(node, None);
        let whole = ground(0).check(grid.shape(), 0, amount, &settings).unwrap();
        assert_eq!(whole.nodes, [2, 3, 4].map(NodeIndex));
        let part = ground(7).check(grid.shape(), 7, amount, &settings).unwrap();
        assert_eq!(part, whole);
        assert!((whole.report.padding.unwrap().total.unwrap() - 0.06).abs() < 1e-9);
        assert_eq!(
            ground(0).check(grid.shape(), 50, amount, &settings).map(|_| ()),
            Err(FairnessError::Nobody),
            "rows before the part are not of it"
        );
    }
}
