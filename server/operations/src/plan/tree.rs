//! The tree of a new version: units and the people who carry numbers below them.
//!
//! It is today's tree: units and assignments that hold today, and those known to begin before the plan ends. Who leads a
//! unit answers for the unit's number and is no leaf of their own, unless they sell too (facts are credited to them, or
//! they carry a number of their own already): then they carry a part below the unit they are assigned to, or lead. Who is
//! alone in the unit they lead carries its number. Units with nobody below are left out, since nobody could carry a number
//! there. A member in two units is a leaf in each, with the share of the assignment. On days of leave nobody is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendar::Day;
use domain::id::{MemberId, NodeId, UnitId};
use domain::staffing::{LeaveRow, without};
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
pub(crate) struct Leaf {
    pub(crate) member: MemberId,
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
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) leaves: BTreeMap<usize, Leaf>,
}

/// What a tree is built from: everything there is, as the store lists it.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) units: Vec<Unit>,
    pub(crate) members: Vec<Member>,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) leave: Vec<LeaveRow>,
}

impl Parts {
    /// The tree for a span as of a day. `sells`: who has facts of their own.
    pub(crate) fn tree(&self, today: Day, span: Span, sells: &BTreeSet<MemberId>) -> Tree {
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
        let mut away: HashMap<MemberId, Vec<Span>> = HashMap::new();
        for LeaveRow { leave, .. } in &self.leave {
            away.entry(leave.member).or_default().push(Span {
                starts_on: leave.from,
                ends_on: leave.until,
            });
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
                let away = away.get(&member.id).map_or(&[][..], Vec::as_slice);
                for piece in without(time, away) {
                    at.entry(unit).or_default().push((piece, share_ppm));
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

/// The units of today's tree, as they are listed, that have no row among those of a version: of several below each other the
/// highest. A plan has none for a unit in which nobody is.
pub(crate) fn left_out<'a>(units: &'a [Unit], nodes: &[Node], today: Day, span: Span) -> Vec<&'a Unit> {
    let rows: BTreeSet<UnitId> = nodes
        .iter()
        .filter_map(|node| match node.of {
            NodeRef::Unit(unit) => Some(unit),
            NodeRef::Member(_) => None,
        })
        .collect();
    let missing: BTreeSet<UnitId> = units
        .iter()
        .filter(|unit| counts(unit.starts_on, unit.ends_on, today, span) && !rows.contains(&unit.id))
        .map(|unit| unit.id)
        .collect();
    let is_highest = |unit: &&Unit| {
        let below_another = unit.parent.is_some_and(|parent| missing.contains(&parent));
        missing.contains(&unit.id) && !below_another
    };
    units.iter().filter(is_highest).collect()
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
mod tests;
