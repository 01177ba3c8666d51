//! What is known of each row that carries a number: what can be expected of it, and what it should not be judged by.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::calendar::{Day, Month};
use domain::fairness::{self, Footing, Ground, Limits};
use domain::id::{MemberId, NodeId, UnitId};
use domain::money::{Currency, Minor};
use domain::outlook::{Branch, Outlook, Place, Who};
use domain::plan::{NodeIndex, Shape};
use domain::potential::Subject;
use domain::target::NodeRef;
use store::Scope;
use store::member::Member;
use store::version::Node;

use crate::plan::UNASSIGNED;

/// Somebody is new for so many months, as in `capability`; growth is that of as many months over those before.
const YEAR: usize = 12;

/// Everything a ground is made of.
pub(super) struct Known {
    pub(super) shape: Arc<Shape>,
    pub(super) nodes: Vec<Node>,
    pub(super) members: Vec<Member>,
    /// What each market is worth in the plan, in minor units.
    pub(super) markets: BTreeMap<Subject, i64>,
    pub(super) outlook: Option<Outlook>,
    pub(super) today: Day,
    pub(super) currency: Currency,
}

impl Known {
    /// The ground of the rows that are visible to somebody, with the usual limits.
    pub(super) fn ground(&self, scope: &Scope, visible: &[Node]) -> Ground {
        let unassigned = (0..)
            .zip(&self.nodes)
            .filter(|(_, node)| node.level == UNASSIGNED)
            .map(|(index, _)| NodeIndex(index))
            .collect();
        let mut ground = Ground {
            currency: self.currency.clone(),
            known: false,
            people: Vec::new(),
            unknown: Vec::new(),
            unassigned,
            limits: Limits::default(),
            may_limit: false,
        };
        let Some(outlook) = &self.outlook else {
            return ground;
        };
        ground.known = outlook
            .branches
            .first()
            .is_some_and(|whole| whole.total.is_some());
        if !ground.known {
            return ground;
        }
        let visible: HashSet<NodeId> = visible.iter().map(|node| node.id).collect();
        let branches: HashMap<Place, &Branch> = outlook
            .branches
            .iter()
            .map(|branch| (branch.place, branch))
            .collect();
        let hired: HashMap<MemberId, Day> = self
            .members
            .iter()
            .filter_map(|member| Some((member.id, member.hired_on?)))
            .collect();
        // Of whom something is expected at some place.
        let sells: HashSet<Who> = outlook
            .branches
            .iter()
            .filter(|branch| {
                let law = branch.total.as_ref();
                law.is_some_and(|law| fairness::Outlook::of(law).mean > 0.0)
            })
            .map(|branch| branch.place.who)
            .collect();
        let potential = self.potential_of_each();
        for (index, node) in (0..).map(NodeIndex).zip(&self.nodes) {
            let carries = self.shape.is_leaf(index) && node.level != UNASSIGNED;
            if !carries || !visible.contains(&node.id) || !sees(scope, node.of) {
                continue;
            }
            let place = Place::of_node(node.of, self.unit_above(index));
            let branch = branches.get(&place);
            let Some((branch, law)) = branch.and_then(|branch| Some((branch, branch.total.as_ref()?))) else {
                ground.unknown.push(index);
                continue;
            };
            let hired_on = match node.of {
                NodeRef::Member(member) => hired.get(&member).copied(),
                NodeRef::Unit(_) => None,
            };
            let new_hire = node.of.is_member() && is_new(outlook, branch, hired_on);
            let expected = fairness::Outlook::of(law);
            // Of somebody new without history, also of who sold elsewhere and is new here, nothing can be said, rather than that
            // nothing is expected.
            let is_new_here = node.of.is_member() && sells.contains(&place.who);
            if (new_hire || is_new_here) && expected.mean <= 0.0 {
                ground.unknown.push(index);
                continue;
            }
            ground.people.push(Footing {
                node: index,
                outlook: expected,
                new_hire,
                size: branch.last_year.map(|amount| amount.0.max(0) as f64),
                growth: growth(outlook, branch),
                tenure: hired_on
                    .map(|hired| f64::from((Month::of(self.today).0 - Month::of(hired).0).max(0))),
                potential: potential.get(index.0 as usize).copied().flatten(),
            });
        }
        ground
    }

    fn unit_above(&self, index: NodeIndex) -> UnitId {
        match self
            .shape
            .parent(index)
            .map(|parent| self.shape.reference(parent))
        {
            Some(NodeRef::Unit(unit)) => unit,
            Some(NodeRef::Member(_)) | None => UnitId::default(),
        }
    }

    /// The potential of each row that carries a number: of the closest unit with a figure, in equal parts to all who carry one
    /// there.
    fn potential_of_each(&self) -> Vec<Option<f64>> {
        let mut each = vec![None; self.nodes.len()];
        // From the top down: a unit's own figure takes the place of one further up.
        for (index, node) in (0..).map(NodeIndex).zip(&self.nodes) {
            let NodeRef::Unit(unit) = node.of else { continue };
            let worth = self.markets.get(&Subject::Unit(unit));
            let Some(worth) = worth.filter(|_| node.level != UNASSIGNED) else {
                continue;
            };
            let range = index.0 as usize..self.shape.end(index).0 as usize;
            let carriers: Vec<usize> = range
                .filter(|at| {
                    let level = self.nodes.get(*at).map(|node| node.level.as_str());
                    self.shape.is_leaf(NodeIndex(*at as u32)) && level != Some(UNASSIGNED)
                })
                .collect();
            let part = *worth as f64 / carriers.len().max(1) as f64;
            for at in carriers {
                if let Some(known) = each.get_mut(at) {
                    *known = Some(part);
                }
            }
        }
        each
    }
}

/// Whether what a row is expected to bring is within reach today.
fn sees(scope: &Scope, of: NodeRef) -> bool {
    match of {
        NodeRef::Unit(unit) => scope.sees_unit(unit),
        NodeRef::Member(member) => scope.sees_member(member),
    }
}

/// Growth of the last twelve months over the twelve before; none where they are not all known, or the earlier brought nothing.
fn growth(outlook: &Outlook, branch: &Branch) -> Option<f64> {
    let begins = branch.history.iter().position(|amount| amount.0 != 0)?;
    let recent = branch.history.len().checked_sub(YEAR)?;
    let before = recent.checked_sub(YEAR).filter(|before| *before >= begins)?;
    if (before..branch.history.len()).any(|month| outlook.is_hole(month)) {
        return None;
    }
    let sum = |months: &[Minor]| months.iter().map(|amount| amount.0 as f64).sum::<f64>();
    let (last, earlier) = (
        sum(branch.history.get(recent..)?),
        sum(branch.history.get(before..recent)?),
    );
    (earlier > 0.0).then(|| last / earlier - 1.0)
}

/// Whether somebody is in their first year: by the day they were hired, or where that is not known, by their first sale.
/// Who was there before the first fact is known to be long at work.
fn is_new(outlook: &Outlook, branch: &Branch, hired_on: Option<Day>) -> bool {
    match hired_on {
        Some(hired) => {
            let new_from = Month::of(outlook.as_of).plus(-(YEAR as i32)).first_day();
            hired >= new_from && outlook.history.is_none_or(|(first, _)| hired > first)
        }
        None => branch
            .history
            .iter()
            .position(|amount| amount.0 != 0)
            .is_some_and(|begins| branch.history.len() > YEAR && begins + YEAR >= branch.history.len()),
    }
}
