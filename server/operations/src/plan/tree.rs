//! The tree of a new version: units and the people who carry numbers below them.
//!
//! It is today's tree: units and assignments that hold today, and those known to begin before the plan ends. Who leads a
//! unit answers for the unit's number and is no leaf of their own, unless they sell too (facts are credited to them, or
//! they carry a number of their own already): then they carry a part below the unit they are assigned to, or lead. Who is
//! alone in the unit they lead carries its number. Units with nobody below are left out, since nobody could carry a number
//! there. A member in two units is a leaf in each, with the share of the assignment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendar::Day;
use domain::id::{MemberId, NodeId, UnitId};
use domain::target::{NodeRef, Span};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use store::version::Node;

use crate::clock;

/// The level of a node that stands for a person.
pub(crate) const MEMBER: &str = "member";

/// A person below a unit, with when and with how much they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) member: MemberId,
    /// The times at the unit, each with its share in millionths; within the plan.
    pub(super) times: Vec<(Span, u32)>,
}

impl Leaf {
    /// Days times share in a span, in millionths of a day.
    pub(super) fn presence(&self, span: Span) -> u64 {
        let part = |(time, share_ppm): &(Span, u32)| {
            let both = Span {
                starts_on: time.starts_on.max(span.starts_on),
                ends_on: time.ends_on.min(span.ends_on),
            };
            u64::from(both.days()) * u64::from(*share_ppm)
        };
        self.times.iter().map(part).sum()
    }
}

/// Nodes in pre-order; `leaves` has an entry at the ordinal of each person.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) leaves: BTreeMap<usize, Leaf>,
}

/// What a tree is built from: everything there is, as the store lists it.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) units: Vec<Unit>,
    pub(crate) members: Vec<Member>,
    pub(crate) assignments: Vec<Assignment>,
}

impl Parts {
    /// The tree for a span as of a day. `sells`: who has facts of their own.
    pub(super) fn tree(&self, today: Day, span: Span, sells: &BTreeSet<MemberId>) -> Tree {
        let units: Vec<&Unit> = self
            .units
            .iter()
            .filter(|unit| counts(unit.starts_on, unit.ends_on, today, span))
            .collect();
        let known: BTreeSet<UnitId> = units.iter().map(|unit| unit.id).collect();
        let (people, leaders) = self.people(&known, today, span, sells);
        let mut below: HashMap<Option<UnitId>, Vec<&Unit>> = HashMap::new();
        for unit in units {
            // A unit whose parent is gone hangs below the company.
            let parent = unit.parent.map(|parent| {
                if known.contains(&parent) {
                    parent
                } else {
                    self.root()
                }
            });
            below.entry(parent).or_default().push(unit);
        }
        let mut tree = Tree {
            nodes: Vec::new(),
            leaves: BTreeMap::new(),
        };
        for unit in below.get(&None).into_iter().flatten().take(1) {
            self.grow(unit, None, &below, &people, &leaders, &mut tree);
        }
        tree
    }

    fn grow(
        &self,
        unit: &Unit,
        parent: Option<NodeId>,
        below: &HashMap<Option<UnitId>, Vec<&Unit>>,
        people: &HashMap<UnitId, Vec<Leaf>>,
        leaders: &HashMap<UnitId, Leaf>,
        tree: &mut Tree,
    ) {
        let mark = tree.nodes.len();
        let id = NodeId(clock::new_id());
        tree.nodes.push(Node {
            id,
            ordinal: mark as u32,
            parent,
            of: NodeRef::Unit(unit.id),
            level: unit.level.clone(),
            name: unit.name.clone(),
            carrier: unit.manager,
        });
        for child in below.get(&Some(unit.id)).into_iter().flatten() {
            self.grow(child, Some(id), below, people, leaders, tree);
        }
        let empty = tree.nodes.len() == mark + 1 && !people.contains_key(&unit.id);
        let alone = leaders.get(&unit.id).filter(|_| empty);
        for leaf in people.get(&unit.id).into_iter().flatten().chain(alone) {
            let ordinal = tree.nodes.len();
            tree.nodes.push(Node {
                id: NodeId(clock::new_id()),
                ordinal: ordinal as u32,
                parent: Some(id),
                of: NodeRef::Member(leaf.member),
                level: MEMBER.to_owned(),
                name: self.name_of(leaf.member),
                carrier: Some(leaf.member),
            });
            tree.leaves.insert(ordinal, leaf.clone());
        }
        if parent.is_some() && tree.nodes.len() == mark + 1 {
            tree.nodes.pop();
        }
    }

    /// The leaves of each unit, by pinyin as the members are listed; and who leads a unit without being a leaf, for where
    /// there is nobody else: in units they are assigned to, or lead without being assigned anywhere.
    fn people(
        &self,
        known: &BTreeSet<UnitId>,
        today: Day,
        span: Span,
        sells: &BTreeSet<MemberId>,
    ) -> (HashMap<UnitId, Vec<Leaf>>, HashMap<UnitId, Leaf>) {
        let mut led: BTreeMap<MemberId, Vec<UnitId>> = BTreeMap::new();
        for unit in self.units.iter().filter(|unit| known.contains(&unit.id)) {
            if let Some(manager) = unit.manager {
                led.entry(manager).or_default().push(unit.id);
            }
        }
        let mut times: BTreeMap<MemberId, Vec<(UnitId, Span, u32)>> = BTreeMap::new();
        for assignment in &self.assignments {
            let counts = counts(assignment.starts_on, assignment.ends_on, today, span);
            if counts && known.contains(&assignment.unit) {
                let time = within(assignment.starts_on, assignment.ends_on, span);
                times.entry(assignment.member).or_default().push((
                    assignment.unit,
                    time,
                    assignment.share_ppm,
                ));
            }
        }
        let mut people: HashMap<UnitId, Vec<Leaf>> = HashMap::new();
        let mut leaders: HashMap<UnitId, Leaf> = HashMap::new();
        for member in &self.members {
            let gone = member
                .left_on
                .is_some_and(|left| left <= today || left <= span.starts_on);
            if gone {
                continue;
            }
            let leads: &[UnitId] = led.get(&member.id).map_or(&[], Vec::as_slice);
            let is_leaf = leads.is_empty() || sells.contains(&member.id);
            let mut own = times.remove(&member.id).unwrap_or_default();
            if own.is_empty() {
                let units = if is_leaf {
                    leads.get(..1).unwrap_or(&[])
                } else {
                    leads
                };
                own.extend(units.iter().map(|unit| (*unit, span, WHOLE_PPM)));
            }
            let employed = within(member.hired_on.unwrap_or(span.starts_on), member.left_on, span);
            let mut at: BTreeMap<UnitId, Vec<(Span, u32)>> = BTreeMap::new();
            for (unit, time, share_ppm) in own {
                let time = Span {
                    starts_on: time.starts_on.max(employed.starts_on),
                    ends_on: time.ends_on.min(employed.ends_on),
                };
                if time.days() > 0 {
                    at.entry(unit).or_default().push((time, share_ppm));
                }
            }
            for (unit, times) in at {
                let leaf = Leaf {
                    member: member.id,
                    times,
                };
                if is_leaf {
                    people.entry(unit).or_default().push(leaf);
                } else if leads.contains(&unit) {
                    leaders.insert(unit, leaf);
                }
            }
        }
        (people, leaders)
    }

    /// The company itself.
    pub(super) fn root(&self) -> UnitId {
        self.units
            .iter()
            .find(|unit| unit.parent.is_none())
            .map(|unit| unit.id)
            .unwrap_or_default()
    }

    /// A unit with those above it, from itself to the company.
    pub(super) fn path(&self, unit: UnitId) -> Vec<UnitId> {
        let mut path: Vec<UnitId> = Vec::new();
        let mut next = Some(unit);
        while let Some(id) = next.filter(|id| !path.contains(id)) {
            path.push(id);
            next = self
                .units
                .iter()
                .find(|unit| unit.id == id)
                .and_then(|unit| unit.parent);
        }
        path
    }

    fn name_of(&self, member: MemberId) -> String {
        self.members
            .iter()
            .find(|known| known.id == member)
            .map(|known| known.name.clone())
            .unwrap_or_default()
    }
}

/// Whether something dated belongs to today's tree as far as the plan is concerned.
fn counts(starts_on: Day, ends_on: Option<Day>, today: Day, span: Span) -> bool {
    let holds_today = starts_on <= today && ends_on.is_none_or(|end| today < end);
    let begins_later = starts_on > today && starts_on < span.ends_on;
    let over_before = ends_on.is_some_and(|end| end <= span.starts_on);
    (holds_today || begins_later) && !over_before
}

/// The part of the plan in which something holds. What begins only after the plan counts as always having been there:
/// a plan of the past is made with the people of today.
fn within(starts_on: Day, ends_on: Option<Day>, span: Span) -> Span {
    Span {
        starts_on: if starts_on >= span.ends_on {
            span.starts_on
        } else {
            starts_on.max(span.starts_on)
        },
        ends_on: ends_on.map_or(span.ends_on, |end| end.min(span.ends_on)),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::AssignmentId;
    use uuid::Uuid;

    use super::*;

    const Q1: Span = Span {
        starts_on: Day(100),
        ends_on: Day(190),
    };

    fn unit(id: u128, parent: Option<u128>, manager: Option<u128>) -> Unit {
        Unit {
            id: UnitId(Uuid::from_u128(id)),
            parent: parent.map(|id| UnitId(Uuid::from_u128(id))),
            level: "team".to_owned(),
            name: format!("unit {id}"),
            code: None,
            pinyin: String::new(),
            manager: manager.map(|id| MemberId(Uuid::from_u128(id))),
            starts_on: Day(0),
            ends_on: None,
            import: None,
            demo: false,
        }
    }

    fn member(id: u128) -> Member {
        Member {
            id: MemberId(Uuid::from_u128(id)),
            external_id: None,
            name: format!("member {id}"),
            pinyin: String::new(),
            email: None,
            hired_on: None,
            left_on: None,
            import: None,
            demo: false,
        }
    }

    fn assignment(member: u128, unit: u128, from: i32, to: Option<i32>, share_ppm: u32) -> Assignment {
        Assignment {
            id: AssignmentId(Uuid::from_u128(member * 100 + unit)),
            member: MemberId(Uuid::from_u128(member)),
            unit: UnitId(Uuid::from_u128(unit)),
            share_ppm,
            starts_on: Day(from),
            ends_on: to.map(Day),
        }
    }

    fn names(tree: &Tree) -> Vec<&str> {
        tree.nodes.iter().map(|node| node.name.as_str()).collect()
    }

    /// Company 1 with teams 2 (led by 21) and 3 (nobody in it); people 22 and 23 in team 2.
    fn parts() -> Parts {
        Parts {
            units: vec![
                unit(1, None, None),
                unit(2, Some(1), Some(21)),
                unit(3, Some(1), None),
            ],
            members: vec![member(21), member(22), member(23)],
            assignments: vec![
                assignment(21, 2, 0, None, WHOLE_PPM),
                assignment(22, 2, 0, None, WHOLE_PPM),
                assignment(23, 2, 0, None, WHOLE_PPM),
            ],
        }
    }

    #[test]
    fn who_leads_is_no_leaf_and_empty_units_are_left_out() {
        let tree = parts().tree(Day(50), Q1, &BTreeSet::new());
        assert_eq!(names(&tree), ["unit 1", "unit 2", "member 22", "member 23"]);
        assert_eq!(tree.nodes[1].carrier, Some(MemberId(Uuid::from_u128(21))));
        assert_eq!(tree.nodes[2].parent, Some(tree.nodes[1].id));
        assert_eq!(tree.leaves.keys().copied().collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn who_leads_and_sells_is_a_leaf_too() {
        let sells = BTreeSet::from([MemberId(Uuid::from_u128(21))]);
        let tree = parts().tree(Day(50), Q1, &sells);
        assert_eq!(
            names(&tree),
            ["unit 1", "unit 2", "member 21", "member 22", "member 23"]
        );
        let mut parts = parts();
        parts.assignments.remove(0);
        assert_eq!(
            names(&parts.tree(Day(50), Q1, &sells))[2],
            "member 21",
            "below the unit they lead"
        );
    }

    #[test]
    fn who_is_alone_in_the_unit_they_lead_carries_its_number() {
        // 31 leads team 3, where there is nobody else: without them the team's part of the company would be the others'.
        let mut alone = parts();
        alone.members.push(member(31));
        alone.units[2].manager = Some(MemberId(Uuid::from_u128(31)));
        alone.assignments.push(assignment(31, 3, 0, None, WHOLE_PPM));
        let expected = [
            "unit 1",
            "unit 2",
            "member 22",
            "member 23",
            "unit 3",
            "member 31",
        ];
        let tree = alone.tree(Day(50), Q1, &BTreeSet::new());
        assert_eq!(names(&tree), expected);
        assert_eq!(tree.nodes[4].carrier, tree.nodes[5].carrier);
        assert_eq!(tree.leaves[&5].presence(Q1), 90_000_000);
        // So do they where they are assigned nowhere.
        alone.assignments.pop();
        assert_eq!(names(&alone.tree(Day(50), Q1, &BTreeSet::new())), expected);
        // A unit above that has nobody of its own either is kept with it.
        alone.units.push(unit(4, Some(1), None));
        alone.units[2].parent = Some(UnitId(Uuid::from_u128(4)));
        assert_eq!(
            names(&alone.tree(Day(50), Q1, &BTreeSet::new())),
            [
                "unit 1",
                "unit 2",
                "member 22",
                "member 23",
                "unit 4",
                "unit 3",
                "member 31"
            ]
        );
        // Who belongs elsewhere, or has left, is not in the unit.
        alone.assignments.push(assignment(31, 1, 0, None, WHOLE_PPM));
        assert_eq!(names(&alone.tree(Day(50), Q1, &BTreeSet::new())).len(), 4);
        alone.assignments.pop();
        alone.members[3].left_on = Some(Day(40));
        assert_eq!(names(&alone.tree(Day(50), Q1, &BTreeSet::new())).len(), 4);
    }

    #[test]
    fn dates_and_shares_count() {
        let mut parts = parts();
        // 22 moves from team 2 to team 3 in the middle of the plan; 23 splits; 24 joins for the last ten days.
        parts.members.push(member(24));
        parts.members[3].hired_on = Some(Day(180));
        parts.assignments = vec![
            assignment(22, 2, 0, Some(130), WHOLE_PPM),
            assignment(22, 3, 130, None, WHOLE_PPM),
            assignment(23, 2, 0, None, 600_000),
            assignment(23, 3, 0, None, 400_000),
            assignment(24, 3, 0, None, WHOLE_PPM),
        ];
        let tree = parts.tree(Day(50), Q1, &BTreeSet::new());
        assert_eq!(
            names(&tree),
            [
                "unit 1",
                "unit 2",
                "member 22",
                "member 23",
                "unit 3",
                "member 22",
                "member 23",
                "member 24"
            ]
        );
        let presence: Vec<u64> = tree.leaves.values().map(|leaf| leaf.presence(Q1)).collect();
        assert_eq!(
            presence,
            [30_000_000, 54_000_000, 60_000_000, 36_000_000, 10_000_000]
        );
    }

    #[test]
    fn a_plan_of_the_past_is_made_with_the_people_of_today() {
        let mut parts = parts();
        parts.assignments = vec![
            assignment(22, 2, 5_000, None, WHOLE_PPM),
            assignment(23, 2, 0, Some(4_000), WHOLE_PPM),
        ];
        let tree = parts.tree(Day(6_000), Q1, &BTreeSet::new());
        assert_eq!(names(&tree), ["unit 1", "unit 2", "member 22"]);
        assert_eq!(tree.leaves[&2].presence(Q1), 90_000_000);
        parts.members[1].left_on = Some(Day(5_500));
        parts.members[0].left_on = Some(Day(5_500));
        assert_eq!(names(&parts.tree(Day(6_000), Q1, &BTreeSet::new())), ["unit 1"]);
    }
}
