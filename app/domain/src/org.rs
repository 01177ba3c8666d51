//! The organisation tree: units with their parents, members with dated assignments.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::id::{MemberId, UnitId};

/// What a level of the tree is called; a word of one's own is called what it is.
pub fn level_name(level: &str, lang: Lang) -> &str {
    match level {
        "company" => lang.pick("公司", "Company"),
        "region" => lang.pick("大区", "Region"),
        "branch" => lang.pick("分部", "Branch"),
        "team" => lang.pick("团队", "Team"),
        "member" => lang.pick("成员", "Member"),
        own => own,
    }
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The unit above, `None` for the root.
    pub parent: Option<UnitId>,
    /// Name.
    pub name: String,
    /// `company`, `region`, `branch`, `team` or a word of one's own.
    pub level: String,
    /// First day.
    pub starts_on: Day,
    /// Day after the last day.
    pub ends_on: Option<Day>,
}

/// A membership of a member in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub member: MemberId,
    /// Where.
    pub unit: UnitId,
    /// Share in millionths.
    pub share_ppm: u32,
    /// First day.
    pub starts_on: Day,
    /// Day after the last day.
    pub ends_on: Option<Day>,
}

/// Why units form no tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrgError {
    /// A unit is above itself.
    #[error("the parents form a ring: {}", .0.join(" → "))]
    Cycle(Vec<String>),
    /// A parent that does not exist.
    #[error("the unit above \"{0}\" does not exist")]
    UnknownParent(String),
    /// The same id twice.
    #[error("unit \"{0}\" comes twice")]
    Twice(String),
}

impl OrgError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (_, Lang::En) => self.to_string(),
            (Self::Cycle(ring), Lang::ZhCn) => format!("上级关系成环：{}", ring.join(" → ")),
            (Self::UnknownParent(name), Lang::ZhCn) => format!("“{name}”的上级不存在"),
            (Self::Twice(name), Lang::ZhCn) => format!("“{name}”重复出现"),
        }
    }
}

/// Units in pre-order: every unit stands behind its parent, siblings as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    units: Vec<Unit>,
    depths: Vec<usize>,
    /// Place in `units`.
    places: BTreeMap<UnitId, usize>,
    /// Place behind the last descendant.
    ends: Vec<usize>,
    assignments: Vec<Assignment>,
}

impl Tree {
    /// The tree of these units; several roots are allowed, rings and unknown parents are not. Assignments to units
    /// outside the tree are left out.
    pub fn new(units: &[Unit], assignments: Vec<Assignment>) -> Result<Self, OrgError> {
        let mut children: BTreeMap<Option<UnitId>, Vec<usize>> = BTreeMap::new();
        let mut known: BTreeMap<UnitId, usize> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            if known.insert(unit.id, index).is_some() {
                return Err(OrgError::Twice(unit.name.clone()));
            }
            children.entry(unit.parent).or_default().push(index);
        }
        if let Some(orphan) = units
            .iter()
            .find(|unit| unit.parent.is_some_and(|parent| !known.contains_key(&parent)))
        {
            return Err(OrgError::UnknownParent(orphan.name.clone()));
        }
        let none = Vec::new();
        let below = |parent: Option<UnitId>| children.get(&parent).unwrap_or(&none);
        let mut tree = Self::default();
        let mut stack: Vec<(usize, usize)> = below(None).iter().rev().map(|index| (*index, 0)).collect();
        while let Some((index, depth)) = stack.pop() {
            let unit = &units[index];
            tree.places.insert(unit.id, tree.units.len());
            tree.units.push(unit.clone());
            tree.depths.push(depth);
            stack.extend(below(Some(unit.id)).iter().rev().map(|index| (*index, depth + 1)));
        }
        if tree.units.len() < units.len() {
            return Err(OrgError::Cycle(ring(units, &known, &tree.places)));
        }
        tree.ends = vec![tree.units.len(); tree.units.len()];
        for place in 0..tree.units.len() {
            let next = (place + 1..tree.units.len()).find(|later| tree.depths[*later] <= tree.depths[place]);
            tree.ends[place] = next.unwrap_or(tree.units.len());
        }
        tree.assignments = assignments
            .into_iter()
            .filter(|one| tree.places.contains_key(&one.unit))
            .collect();
        Ok(tree)
    }

    /// Every unit with its depth (roots 0), parents before children.
    pub fn pre_order(&self) -> impl Iterator<Item = (usize, &Unit)> {
        self.depths.iter().copied().zip(&self.units)
    }

    /// A unit.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(*self.places.get(&id)?)
    }

    /// The units above, nearest first.
    pub fn ancestors(&self, id: UnitId) -> impl Iterator<Item = &Unit> {
        let parent = |unit: &Unit| unit.parent.and_then(|parent| self.unit(parent));
        std::iter::successors(self.unit(id).and_then(parent), move |unit| parent(unit))
    }

    /// The unit itself and everything below it, in pre-order; empty for an unknown id.
    pub fn with_descendants(&self, id: UnitId) -> &[Unit] {
        let range = self.places.get(&id).map(|place| *place..self.ends[*place]);
        range.and_then(|range| self.units.get(range)).unwrap_or_default()
    }

    /// Whether `below` is `above` or lies below it.
    pub fn is_within(&self, below: UnitId, above: UnitId) -> bool {
        match (self.places.get(&below), self.places.get(&above)) {
            (Some(below), Some(above)) => (*above..self.ends[*above]).contains(below),
            _ => false,
        }
    }

    /// The members of a unit on a day with their shares in millionths.
    pub fn members_of(&self, unit: UnitId, day: Day) -> impl Iterator<Item = (MemberId, u32)> {
        let valid = self
            .assignments
            .iter()
            .filter(move |one| one.unit == unit && on(one, day));
        valid.map(|one| (one.member, one.share_ppm))
    }

    /// The members of a unit and everything below it on a day, each once.
    pub fn members_within(&self, unit: UnitId, day: Day) -> BTreeSet<MemberId> {
        let valid = self
            .assignments
            .iter()
            .filter(|one| on(one, day) && self.is_within(one.unit, unit));
        valid.map(|one| one.member).collect()
    }

    /// The units of a member on a day with their shares, the largest share first.
    pub fn units_of(&self, member: MemberId, day: Day) -> Vec<(UnitId, u32)> {
        let valid = self
            .assignments
            .iter()
            .filter(|one| one.member == member && on(one, day));
        let mut units: Vec<(UnitId, u32)> = valid.map(|one| (one.unit, one.share_ppm)).collect();
        units.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        units
    }
}

/// Whether an assignment holds on a day.
fn on(assignment: &Assignment, day: Day) -> bool {
    assignment.starts_on <= day && assignment.ends_on.is_none_or(|end| day < end)
}

/// The names of one ring among the units that no root reaches.
fn ring(units: &[Unit], known: &BTreeMap<UnitId, usize>, reached: &BTreeMap<UnitId, usize>) -> Vec<String> {
    let mut path: Vec<&Unit> = Vec::new();
    let mut at = units.iter().find(|unit| !reached.contains_key(&unit.id));
    while let Some(unit) = at {
        if let Some(start) = path.iter().position(|before| before.id == unit.id) {
            path.push(unit);
            return path[start..].iter().map(|unit| unit.name.clone()).collect();
        }
        path.push(unit);
        at = unit
            .parent
            .and_then(|parent| known.get(&parent))
            .and_then(|index| units.get(*index));
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: u128, parent: u128) -> Unit {
        let of = |number: u128| UnitId(uuid::Uuid::from_u128(number));
        Unit {
            id: of(id),
            parent: (parent > 0).then(|| of(parent)),
            name: format!("u{id}"),
            level: "team".into(),
            starts_on: Day(0),
            ends_on: None,
        }
    }

    fn id(number: u128) -> UnitId {
        UnitId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn the_tree_is_walked_in_pre_order() {
        let units = vec![unit(4, 2), unit(2, 1), unit(1, 0), unit(3, 1), unit(5, 2)];
        let tree = Tree::new(&units, Vec::new()).unwrap();
        let walk: Vec<_> = tree
            .pre_order()
            .map(|(depth, unit)| (depth, unit.name.as_str()))
            .collect();
        assert_eq!(walk, [(0, "u1"), (1, "u2"), (2, "u4"), (2, "u5"), (1, "u3")]);
        assert_eq!(
            tree.ancestors(id(5))
                .map(|unit| unit.name.as_str())
                .collect::<Vec<_>>(),
            ["u2", "u1"]
        );
        assert_eq!(tree.with_descendants(id(2)).len(), 3);
        assert!(
            tree.is_within(id(5), id(1)) && tree.is_within(id(2), id(2)) && !tree.is_within(id(3), id(2))
        );
        assert!(tree.with_descendants(id(9)).is_empty());
    }

    #[test]
    fn what_is_no_tree_is_refused_by_name() {
        let ring = Tree::new(&[unit(1, 0), unit(2, 3), unit(3, 2), unit(4, 3)], Vec::new());
        let Err(OrgError::Cycle(names)) = ring else {
            panic!()
        };
        assert_eq!(names, ["u2", "u3", "u2"]);
        assert_eq!(
            Tree::new(&[unit(1, 7)], Vec::new()),
            Err(OrgError::UnknownParent("u1".into()))
        );
        assert_eq!(
            Tree::new(&[unit(1, 0), unit(1, 0)], Vec::new()),
            Err(OrgError::Twice("u1".into()))
        );
        assert_eq!(
            Tree::new(&[unit(1, 1)], Vec::new()),
            Err(OrgError::Cycle(vec!["u1".into(), "u1".into()]))
        );
    }

    #[test]
    fn members_belong_by_day_and_share() {
        let member = |number| MemberId(uuid::Uuid::from_u128(number));
        let assign = |who, unit, share_ppm, from, to: Option<i32>| Assignment {
            member: member(who),
            unit: id(unit),
            share_ppm,
            starts_on: Day(from),
            ends_on: to.map(Day),
        };
        let tree = Tree::new(
            &[unit(1, 0), unit(2, 1), unit(3, 1)],
            vec![
                assign(1, 2, 1_000_000, 0, Some(10)),
                assign(1, 2, 400_000, 10, None),
                assign(1, 3, 600_000, 10, None),
                assign(2, 3, 1_000_000, 5, None),
                assign(3, 9, 1_000_000, 0, None),
            ],
        )
        .unwrap();
        assert_eq!(tree.units_of(member(1), Day(9)), [(id(2), 1_000_000)]);
        assert_eq!(
            tree.units_of(member(1), Day(10)),
            [(id(3), 600_000), (id(2), 400_000)]
        );
        assert_eq!(
            tree.members_of(id(3), Day(7)).collect::<Vec<_>>(),
            [(member(2), 1_000_000)]
        );
        assert_eq!(tree.members_within(id(1), Day(10)).len(), 2);
        assert_eq!(tree.members_within(id(1), Day(4)).len(), 1);
        assert!(tree.units_of(member(3), Day(1)).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn every_unit_is_within_its_ancestors_and_nothing_else(parents in proptest::collection::vec(0_usize..40, 1..40)) {
            let units: Vec<Unit> = parents.iter().enumerate()
                .map(|(index, parent)| unit(index as u128 + 1, (*parent % (index + 1)) as u128)).collect();
            let tree = Tree::new(&units, Vec::new()).unwrap();
            proptest::prop_assert_eq!(tree.pre_order().count(), units.len());
            for below in &units {
                let above: Vec<UnitId> = tree.ancestors(below.id).map(|unit| unit.id).collect();
                for other in &units {
                    let expected = other.id == below.id || above.contains(&other.id);
                    proptest::prop_assert_eq!(tree.is_within(below.id, other.id), expected);
                }
            }
        }
    }
}
