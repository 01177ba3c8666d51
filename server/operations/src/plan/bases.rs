//! The bases of a new version beside equality and history, where the data allow them: what people can be expected to do,
//! what their markets are worth, and what they have open. Worked out once, in minor units, when the plan is made.
//!
//! What each basis contains of the time people are there, and of a beginner's ramp, is said in `domain::split::Counted`,
//! which takes it out again where a split counts both by period.

use std::collections::{BTreeMap, HashMap};

use domain::basis::{Deal, pipeline};
use domain::calendar::Day;
use domain::capability::{self, Observation, Trials};
use domain::id::{AccountId, MemberId, NodeId, UnitId};
use domain::metric::{MetricKey, Stage};
use domain::money::{Currency, Fact};
use domain::plan::Basis as Key;
use domain::potential::Subject;
use domain::target::{NodeRef, Span};
use store::assignment::WHOLE_PPM;
use store::attainment::{Cut, Question, Time};
use store::opportunity::pipeline as deals;
use store::version::{Basis, WHOLE};
use store::{Scope, Session};

use super::history::{History, POTENTIAL_BY_TIME, part, trailing};
use super::market::worth;
use super::tree::Tree;
use crate::Error;

/// Fewer months than this tell nobody's capability from luck: then there is no such basis.
const LEAST_MONTHS: usize = 3;
/// Estimates are the same for every chance; only intervals, which nothing here uses, differ.
const CHANCE: f64 = 0.9;

/// What is asked about.
pub(super) struct Known<'a> {
    /// The plan's metric.
    pub(super) metric: &'a MetricKey,
    /// What amounts are in.
    pub(super) currency: &'a Currency,
    /// Facts are known up to this day.
    pub(super) today: Day,
    /// The days of the plan.
    pub(super) span: Span,
}

/// The weights of the further bases; only what is not zero. A basis that says nothing of anybody is left out.
pub(super) async fn more(
    session: &impl Session,
    all: &Scope,
    known: &Known<'_>,
    tree: &Tree,
    history: &History,
) -> Result<Vec<Basis>, Error> {
    let leaves = Leaves::of(tree, known.span);
    let mut bases = leaves.rows(Key::Capability, &capability(&leaves, history, known));
    let (potential, by_time) = potential(session, all, known, tree, &leaves).await?;
    bases.extend(leaves.rows(Key::Potential, &potential));
    if let Some(root) = tree.nodes.first().filter(|_| by_time) {
        bases.push(Basis {
            basis: POTENTIAL_BY_TIME.to_owned(),
            node: root.id,
            period: WHOLE,
            weight: 1,
        });
    }
    let open = open_deals(session, all, known, &leaves).await?;
    bases.extend(leaves.rows(Key::Pipeline, &open));
    Ok(bases)
}

/// A person at a place of the tree.
struct Leaf {
    node: NodeId,
    ordinal: usize,
    member: MemberId,
    /// Days times share within the plan, in millionths of a day.
    own: u64,
}

/// Everybody who carries a number.
struct Leaves {
    list: Vec<Leaf>,
    /// The presence of each member over all their places.
    presence: HashMap<MemberId, u64>,
    /// Somebody who is there throughout.
    whole: u64,
}

impl Leaves {
    /// Everybody once, by id.
    fn members(&self) -> Vec<MemberId> {
        let mut members: Vec<MemberId> = self.presence.keys().copied().collect();
        members.sort_unstable();
        members
    }

    fn of(tree: &Tree, span: Span) -> Self {
        let mut presence: HashMap<MemberId, u64> = HashMap::new();
        let mut list = Vec::with_capacity(tree.leaves.len());
        for (&ordinal, leaf) in &tree.leaves {
            let Some(node) = tree.nodes.get(ordinal) else {
                continue;
            };
            let own = leaf.presence(span);
            *presence.entry(leaf.member).or_default() += own;
            list.push(Leaf {
                node: node.id,
                ordinal,
                member: leaf.member,
                own,
            });
        }
        Self {
            list,
            presence,
            whole: u64::from(span.days()) * u64::from(WHOLE_PPM),
        }
    }

    fn all_of(&self, leaf: &Leaf) -> u64 {
        self.presence.get(&leaf.member).copied().unwrap_or(leaf.own)
    }

    /// What is the person's, by the part of their time at each place.
    fn divided(&self, amounts: &HashMap<MemberId, i64>) -> Vec<u64> {
        let weight = |leaf: &Leaf| {
            let amount = amounts.get(&leaf.member).copied().unwrap_or(0);
            part(amount, leaf.own, self.all_of(leaf))
        };
        self.list.iter().map(weight).collect()
    }

    fn rows(&self, basis: Key, weights: &[u64]) -> Vec<Basis> {
        let said = self.list.iter().zip(weights).filter(|(_, weight)| **weight > 0);
        said.map(|(leaf, weight)| Basis {
            basis: basis.as_str().to_owned(),
            node: leaf.node,
            period: WHOLE,
            weight: *weight,
        })
        .collect()
    }
}

/// The monthly figure of each person drawn to that of all by how little their months say ([`capability::values`]), times
/// the part of the plan they are there: newcomers count as everybody does on average.
fn capability(leaves: &Leaves, history: &History, known: &Known<'_>) -> Vec<u64> {
    let months = history.by_month(known.span, known.today);
    if months.values().map(Vec::len).max().unwrap_or(0) < LEAST_MONTHS {
        return Vec::new();
    }
    let people = leaves.members();
    let observe = |member: &MemberId| -> Vec<Observation> {
        let own = months.get(member).into_iter().flatten();
        own.map(|amount| Observation {
            value: *amount as f64,
            weight: 1.0,
        })
        .collect()
    };
    let observed: Vec<Vec<Observation>> = people.iter().map(observe).collect();
    // Nobody has done anything, or amounts are beyond what can be estimated with: then the basis is not known.
    let Ok(found) = capability::values(&observed, CHANCE) else {
        return Vec::new();
    };
    let figures: HashMap<MemberId, i64> = people
        .into_iter()
        .zip(&found.estimates)
        .map(|(member, estimate)| (member, estimate.value.max(0.0).round() as i64))
        .collect();
    let weight = |leaf: &Leaf| {
        let figure = figures.get(&leaf.member).copied().unwrap_or(0);
        part(figure, leaf.own, leaves.whole.max(leaves.all_of(leaf)))
    };
    leaves.list.iter().map(weight).collect()
}

/// What the market of each person is worth in the plan: that of the nearest unit above with a figure, by presence, where
/// every person is below one; else that of the customers they sold to in the last twelve months, by what each sold. And
/// whether it goes by presence.
async fn potential(
    session: &impl Session,
    all: &Scope,
    known: &Known<'_>,
    tree: &Tree,
    leaves: &Leaves,
) -> Result<(Vec<u64>, bool), Error> {
    let figures = store::potential::list(session, all, known.span.starts_on, known.span.ends_on).await?;
    let worth = worth(figures, known.span, known.currency);
    if let Some(weights) = of_units(&worth, tree, leaves) {
        return Ok((weights, true));
    }
    let accounts: HashMap<AccountId, i64> = worth
        .into_iter()
        .filter_map(|(subject, amount)| match subject {
            Subject::Account(account) => Some((account, amount)),
            Subject::Unit(_) | Subject::Product(_) => None,
        })
        .collect();
    if accounts.is_empty() {
        return Ok((Vec::new(), false));
    }
    let sold = sold(session, all, known).await?;
    let mut of_members: HashMap<MemberId, i64> = HashMap::new();
    for (account, amount) in accounts {
        let Some(sellers) = sold.get(&account) else {
            continue;
        };
        let sum: u64 = sellers
            .values()
            .fold(0_u64, |sum, sold| sum.saturating_add(*sold));
        for (member, sold) in sellers {
            let own = i64::try_from(part(amount, *sold, sum)).unwrap_or(i64::MAX);
            let so_far = of_members.entry(*member).or_default();
            *so_far = so_far.saturating_add(own);
        }
    }
    Ok((leaves.divided(&of_members), false))
}

/// The markets of units over the people below, by presence; `None` where somebody is below none. That of the whole company
/// tells nobody from anybody else and does not count.
fn of_units(worth: &BTreeMap<Subject, i64>, tree: &Tree, leaves: &Leaves) -> Option<Vec<u64>> {
    let places: HashMap<NodeId, usize> = tree
        .nodes
        .iter()
        .map(|node| (node.id, node.ordinal as usize))
        .collect();
    let above = |mut at: usize| -> Option<(UnitId, i64)> {
        loop {
            let parent = *places.get(&tree.nodes.get(at)?.parent?)?;
            let node = tree.nodes.get(parent)?;
            node.parent?;
            if let NodeRef::Unit(unit) = node.of
                && let Some(amount) = worth.get(&Subject::Unit(unit))
            {
                return Some((unit, *amount));
            }
            at = parent;
        }
    };
    let markets: Vec<(UnitId, i64)> = leaves
        .list
        .iter()
        .map(|leaf| above(leaf.ordinal))
        .collect::<Option<_>>()?;
    let mut there: HashMap<UnitId, u64> = HashMap::new();
    for (leaf, (unit, _)) in leaves.list.iter().zip(&markets) {
        *there.entry(*unit).or_default() += leaf.own;
    }
    let weight = |(leaf, (unit, amount)): (&Leaf, &(UnitId, i64))| {
        part(*amount, leaf.own, there.get(unit).copied().unwrap_or(leaf.own))
    };
    Some(leaves.list.iter().zip(&markets).map(weight).collect())
}

/// Who sold how much to each customer in the last twelve months.
async fn sold(
    session: &impl Session,
    all: &Scope,
    known: &Known<'_>,
) -> Result<HashMap<AccountId, BTreeMap<MemberId, u64>>, Error> {
    let mut sold: HashMap<AccountId, BTreeMap<MemberId, u64>> = HashMap::new();
    let Some(metric) = store::metric::find(session, all, known.metric).await? else {
        return Ok(sold);
    };
    let days = trailing(known.span, known.today);
    let question = Question {
        from: days.starts_on,
        to: days.ends_on,
        time: Time::Whole,
        by_member: Cut::Apart,
        by_unit: Cut::Together,
        by_things: vec![store::rollup::Dimension::Account],
    };
    for piece in store::attainment::sums(session, all, &metric, &question).await? {
        let [account, _] = piece.things;
        let amount = u64::try_from(piece.amount.0).unwrap_or(0);
        if account.is_nil() || amount == 0 {
            continue;
        }
        let of = sold.entry(AccountId(account)).or_default();
        let sum = of.entry(piece.member).or_default();
        *sum = sum.saturating_add(amount);
    }
    Ok(sold)
}

/// The open deals of each person that are due in the plan, or at no day or one that is over, by how often deals of their
/// stage were won; a deal without an amount counts as a won one usually brings.
async fn open_deals(
    session: &impl Session,
    all: &Scope,
    known: &Known<'_>,
    leaves: &Leaves,
) -> Result<Vec<u64>, Error> {
    let open = deals::open(session, all).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let rates = rates(&deals::ended(session, all).await?);
    let (sum, count) = deals::won(session, all).await?;
    let usual = sum.0.checked_div(count).unwrap_or(0);
    let members = leaves.members();
    let places: HashMap<MemberId, usize> = members.iter().copied().zip(0..).collect();
    let due = |open: &&deals::Open| match open.closes_on {
        Some(day) if day >= known.today => known.span.starts_on <= day && day < known.span.ends_on,
        _ => true,
    };
    let weighed: Vec<Deal> = open
        .iter()
        .filter(due)
        .filter_map(|open| {
            let unpriced = usual.saturating_mul(open.deals.saturating_sub(open.priced));
            let amount = Fact(open.amount.0.saturating_add(unpriced));
            Some(Deal {
                node: *places.get(&open.member)?,
                value: amount.to_minor(known.currency).0.max(0) as f64,
                probability: rates.of(open.stage),
            })
        })
        .collect();
    // Sums beyond all numbers are no weights.
    let Ok(sums) = pipeline(members.len(), &weighed) else {
        return Ok(Vec::new());
    };
    let amounts: HashMap<MemberId, i64> = members
        .into_iter()
        .zip(sums)
        .map(|(member, sum)| (member, sum.round() as i64))
        .collect();
    Ok(leaves.divided(&amounts))
}

/// How often deals were won, by the stages they went through.
struct Rates {
    stages: BTreeMap<Stage, f64>,
    all: f64,
}

impl Rates {
    fn of(&self, stage: Stage) -> f64 {
        self.stages
            .get(&stage)
            .copied()
            .unwrap_or(self.all)
            .clamp(0.0, 1.0)
    }
}

/// The rate of each stage drawn to that of all by how few deals ended there ([`capability::rates`]). Nothing where no deal
/// ever ended: then nobody knows what open ones are worth.
fn rates(ended: &[deals::Ended]) -> Rates {
    let trials = |ended: &deals::Ended| Trials {
        successes: u64::try_from(ended.won).unwrap_or(0),
        trials: u64::try_from(ended.won.saturating_add(ended.lost)).unwrap_or(0),
    };
    let all = ended
        .iter()
        .find(|ended| ended.stage.is_none())
        .map(trials)
        .unwrap_or_default();
    let stages: Vec<(Stage, Trials)> = ended
        .iter()
        .filter_map(|ended| Some((ended.stage?, trials(ended))))
        .collect();
    let tried: Vec<Trials> = stages.iter().map(|(_, trials)| *trials).collect();
    let shrunk = match capability::rates(&tried, CHANCE) {
        Ok(found) => stages
            .iter()
            .zip(&found.estimates)
            .map(|((stage, _), estimate)| (*stage, estimate.value))
            .collect(),
        Err(_) => BTreeMap::new(),
    };
    Rates {
        stages: shrunk,
        all: if all.trials > 0 {
            all.successes as f64 / all.trials as f64
        } else {
            0.0
        },
    }
}
