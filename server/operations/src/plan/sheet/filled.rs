//! The numbers of a sheet laid over the tree: everybody who is there today, and everybody the numbers name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendar::{Day, Period};
use domain::id::{MemberId, NodeId, UnitId};
use domain::import::Finding;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex, Shape};
use domain::target::{NodeRef, Span};
use store::assignment::Assignment;
use store::cell::Cell;
use store::plan::Plan;
use store::version::{Basis, Node};

use super::standing::SHEET;
use super::{Numbers, UNASSIGNED};
use crate::clock;
use crate::plan::tree::{Leaf, MEMBER, Parts, Tree};

/// Fewer numbers than this say nothing about a roll-up.
const LEAST_ALIKE: usize = 2;

/// See the module.
#[derive(Debug)]
pub(super) struct Filled {
    tree: Tree,
    parents: Vec<Option<usize>>,
    /// By node and period: the sheet's number, and what stands there after summing up.
    own: Vec<Vec<Option<i64>>>,
    amounts: Vec<Vec<Option<i64>>>,
    /// What the children have, where one of them has a number.
    below: Vec<Vec<Option<i64>>>,
    /// What a parent's number leaves unassigned; at the node that stands for that part.
    gaps: BTreeMap<usize, Vec<i64>>,
}

/// What grows into a filled tree.
struct Seeds<'a> {
    parts: &'a Parts,
    numbers: &'a Numbers,
    periods: usize,
    /// The units by the one above.
    below: HashMap<Option<UnitId>, Vec<usize>>,
    /// The people of each unit; who is not there today has no times.
    people: HashMap<UnitId, BTreeMap<MemberId, Leaf>>,
    /// Where those with a number hang.
    homes: BTreeMap<MemberId, UnitId>,
    unassigned: &'a str,
}

impl Filled {
    /// `base` is today's tree.
    pub(super) fn new(
        parts: &Parts,
        base: Tree,
        numbers: &Numbers,
        plan: &Plan,
        today: Day,
        language: &str,
    ) -> Self {
        let mut units: BTreeSet<UnitId> = BTreeSet::from([parts.root()]);
        let mut people: HashMap<UnitId, BTreeMap<MemberId, Leaf>> = HashMap::new();
        let unit_of: HashMap<NodeId, UnitId> = base
            .nodes
            .iter()
            .filter_map(|node| match node.of {
                NodeRef::Unit(unit) => Some((node.id, unit)),
                NodeRef::Member(_) => None,
            })
            .collect();
        units.extend(unit_of.values());
        for (ordinal, leaf) in base.leaves {
            let parent = base.nodes.get(ordinal).and_then(|node| node.parent);
            if let Some(unit) = parent.and_then(|parent| unit_of.get(&parent)) {
                people.entry(*unit).or_default().insert(leaf.member, leaf);
            }
        }
        let carriers: BTreeSet<NodeRef> = numbers.keys().map(|(of, _)| *of).collect();
        let mut homes = BTreeMap::new();
        for of in carriers {
            let unit = match of {
                NodeRef::Unit(unit) => unit,
                NodeRef::Member(member) => {
                    let unit = home(parts, member, plan.span, today);
                    homes.insert(member, unit);
                    let absent = || Leaf {
                        member,
                        times: Vec::new(),
                    };
                    people
                        .entry(unit)
                        .or_default()
                        .entry(member)
                        .or_insert_with(absent);
                    unit
                }
            };
            units.extend(parts.path(unit));
        }
        let mut below: HashMap<Option<UnitId>, Vec<usize>> = HashMap::new();
        for (index, unit) in parts.units.iter().enumerate() {
            if units.contains(&unit.id) {
                // A unit whose parent is gone hangs below the company, as in today's tree.
                let parent = unit.parent.map(|parent| {
                    if units.contains(&parent) {
                        parent
                    } else {
                        parts.root()
                    }
                });
                below.entry(parent).or_default().push(index);
            }
        }
        let seeds = Seeds {
            parts,
            numbers,
            periods: plan.periods.len(),
            below,
            people,
            homes,
            unassigned: if language == "en" {
                "Unassigned"
            } else {
                "未分配"
            },
        };
        let mut filled = Self {
            tree: Tree {
                nodes: Vec::new(),
                leaves: BTreeMap::new(),
            },
            parents: Vec::new(),
            own: Vec::new(),
            amounts: Vec::new(),
            below: Vec::new(),
            gaps: BTreeMap::new(),
        };
        for root in seeds.below.get(&None).into_iter().flatten().take(1) {
            filled.grow(&seeds, *root, None);
        }
        filled
    }

    fn grow(&mut self, seeds: &Seeds<'_>, unit: usize, parent: Option<usize>) {
        let unit = &seeds.parts.units[unit];
        let of = NodeRef::Unit(unit.id);
        let index = self.push(seeds, parent, of, &unit.level, &unit.name, unit.manager);
        for child in seeds.below.get(&Some(unit.id)).into_iter().flatten() {
            self.grow(seeds, *child, Some(index));
        }
        let people = seeds.people.get(&unit.id);
        for member in &seeds.parts.members {
            let Some(leaf) = people.and_then(|people| people.get(&member.id)) else {
                continue;
            };
            let ordinal = self.push(
                seeds,
                Some(index),
                NodeRef::Member(member.id),
                MEMBER,
                &member.name,
                Some(member.id),
            );
            if seeds.homes.get(&member.id).is_some_and(|home| *home != unit.id) {
                // The number stands where the person mainly is.
                self.own[ordinal].fill(None);
                self.amounts[ordinal].fill(None);
            }
            self.tree.leaves.insert(ordinal, leaf.clone());
        }
        self.sum_up(seeds, index, of);
    }

    /// Sums what is below a unit, and puts a node there for what its own number leaves unassigned.
    fn sum_up(&mut self, seeds: &Seeds<'_>, index: usize, of: NodeRef) {
        let children: Vec<usize> = (index + 1..self.parents.len())
            .filter(|child| self.parents[*child] == Some(index))
            .collect();
        let mut gaps = vec![0; seeds.periods];
        for (place, gap) in gaps.iter_mut().enumerate() {
            let sum = children
                .iter()
                .filter_map(|child| self.amounts[*child][place])
                .reduce(i64::saturating_add);
            self.below[index][place] = sum;
            self.amounts[index][place] = self.own[index][place].or(sum);
            if let (false, Some(own)) = (children.is_empty(), self.own[index][place]) {
                *gap = own.saturating_sub(sum.unwrap_or(0)).max(0);
            }
        }
        if gaps.iter().any(|gap| *gap > 0) {
            let part = self.push(seeds, Some(index), of, UNASSIGNED, seeds.unassigned, None);
            self.own[part].fill(None);
            self.amounts[part].fill(None);
            self.gaps.insert(part, gaps);
        }
    }

    fn push(
        &mut self,
        seeds: &Seeds<'_>,
        parent: Option<usize>,
        of: NodeRef,
        level: &str,
        name: &str,
        carrier: Option<MemberId>,
    ) -> usize {
        let index = self.tree.nodes.len();
        self.tree.nodes.push(Node {
            id: NodeId(clock::new_id()),
            ordinal: index as u32,
            parent: parent.map(|parent| self.tree.nodes[parent].id),
            of,
            level: level.to_owned(),
            name: name.to_owned(),
            carrier,
        });
        let own: Vec<Option<i64>> = (0..seeds.periods)
            .map(|place| seeds.numbers.get(&(of, place)).copied())
            .collect();
        self.parents.push(parent);
        self.below.push(vec![None; seeds.periods]);
        self.amounts.push(own.clone());
        self.own.push(own);
        index
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.tree.nodes
    }

    pub(super) fn into_nodes(self) -> Vec<Node> {
        self.tree.nodes
    }

    /// Every amount by period and node, the unassigned parts among them.
    pub(super) fn amounts(&self, shape: &Shape) -> Vec<Minor> {
        let mut amounts = vec![Minor(0); shape.cells()];
        let periods = shape.periods().len();
        for node in 0..self.tree.nodes.len() {
            let gaps = self.gaps.get(&node);
            for place in 0..periods {
                let cell = shape.cell(NodeIndex(node as u32), PeriodIndex(place as u16));
                let amount = match gaps {
                    Some(gaps) => gaps[place],
                    None => self.amounts[node][place].unwrap_or(0),
                };
                amounts[cell.0 as usize] = Minor(amount);
            }
        }
        amounts
    }

    /// The cells of record: only where there is a number, and never the unassigned parts, which are their parents'.
    pub(super) fn cells(&self, plan: &Plan) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (index, node) in self.tree.nodes.iter().enumerate() {
            if self.gaps.contains_key(&index) {
                continue;
            }
            for (place, period) in plan.periods.iter().enumerate() {
                if let Some(amount) = self.amounts[index][place] {
                    let below = self.below[index][place].unwrap_or(amount);
                    cells.push(Cell {
                        node: node.id,
                        period: Span::of(period),
                        amount: Minor(amount),
                        hedge: Minor(below.saturating_sub(amount).max(0)),
                    });
                }
            }
        }
        cells
    }

    /// Which numbers are the sheet's own, for a later sheet that has only some of them.
    pub(super) fn bases(&self) -> Vec<Basis> {
        let mut bases = Vec::new();
        for (index, node) in self.tree.nodes.iter().enumerate() {
            for (place, own) in self.own[index].iter().enumerate() {
                if let Some(weight) = own.and_then(|own| u64::try_from(own).ok()) {
                    bases.push(Basis {
                        basis: SHEET.to_owned(),
                        node: node.id,
                        period: place as i32,
                        weight,
                    });
                }
            }
        }
        bases
    }

    /// Units whose own number is another than the sum of those below, over the periods in which both are there.
    pub(super) fn differences(&self, year: &Period) -> Vec<Finding> {
        let mut found = Vec::new();
        for (index, node) in self.tree.nodes.iter().enumerate() {
            let (mut own, mut below) = (0_i64, 0_i64);
            for place in 0..self.own[index].len() {
                if let (Some(mine), Some(theirs)) = (self.own[index][place], self.below[index][place]) {
                    own = own.saturating_add(mine);
                    below = below.saturating_add(theirs);
                }
            }
            if own != below {
                found.push(Finding::Difference {
                    name: node.name.clone(),
                    year: year.name.clone(),
                    own: Minor(own),
                    below: Minor(below),
                });
            }
        }
        found
    }

    /// Units with the very numbers of somebody below them: roll-ups, which are not added.
    pub(super) fn same(&self, year: &Period) -> Vec<Finding> {
        let mut found = Vec::new();
        for (index, node) in self.tree.nodes.iter().enumerate() {
            if self.own[index].iter().flatten().count() < LEAST_ALIKE {
                continue;
            }
            let mut above = self.parents[index];
            while let Some(upper) = above {
                if self.own[upper] == self.own[index] {
                    found.push(Finding::SameTargets {
                        names: vec![self.tree.nodes[upper].name.clone(), node.name.clone()],
                        year: year.name.clone(),
                    });
                    break;
                }
                above = self.parents[upper];
            }
        }
        found
    }
}

/// Where a member hangs: the assignment with the longest time in the plan's days, else the one of today, else the latest,
/// else the company.
fn home(parts: &Parts, member: MemberId, span: Span, today: Day) -> UnitId {
    let known = |unit: UnitId| parts.units.iter().any(|other| other.id == unit);
    let own = parts
        .assignments
        .iter()
        .filter(|one| one.member == member && known(one.unit));
    let rank = |one: &&Assignment| {
        let time = Span {
            starts_on: one.starts_on.max(span.starts_on),
            ends_on: one.ends_on.map_or(span.ends_on, |end| end.min(span.ends_on)),
        };
        (
            u64::from(time.days()) * u64::from(one.share_ppm),
            one.holds_on(today),
            one.starts_on,
        )
    };
    own.max_by_key(rank).map_or_else(|| parts.root(), |one| one.unit)
}
