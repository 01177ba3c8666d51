//! Why a number is what it is, how it compares, what another weight would give, and which grid one opens to work in.

mod other;
mod peers;
mod place;
mod what_if;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::access::Permission;
use domain::calendar::Day;
use domain::explain::{Explanation, StepKind, What, explain_over, formula};
use domain::id::{NodeId, UserId, VersionId};
use domain::plan::{Entry, Grid, Misfit, NodeIndex, PeriodIndex};
use domain::split::{OpenGrid, Opening};
use domain::target::VersionStatus;
use domain::why::Why;
use store::version::Node;

pub(crate) use self::place::Number;
use crate::plan::lineage::Lineage;
use crate::plan::state;
use crate::scope::require;
use crate::split::Beside;
use crate::{Error, Operations, Scope};

impl Operations {
    /// The grid of a version; without one, of the latest draft, or else of the latest plan of record. None where there is
    /// no plan yet. Who leads several units sees the part below one of them: the one that is asked for, or the first.
    pub async fn open_work(
        &self,
        scope: &Scope,
        version: Option<VersionId>,
        part: Option<NodeId>,
    ) -> Result<Option<OpenGrid>, Error> {
        self.open_beside(scope, version, part, Beside::Record).await
    }

    /// The first `most` rows of the grid that [`Operations::open_work`] answers.
    pub async fn first_rows(
        &self,
        scope: &Scope,
        version: Option<VersionId>,
        part: Option<NodeId>,
        most: usize,
    ) -> Result<Option<Opening>, Error> {
        let open = self.open_beside(scope, version, part, Beside::Nothing).await?;
        Ok(open.map(|open| open.opening(most)))
    }

    async fn open_beside(
        &self,
        scope: &Scope,
        version: Option<VersionId>,
        part: Option<NodeId>,
        beside: Beside,
    ) -> Result<Option<OpenGrid>, Error> {
        require(scope, Permission::ReadPeople)?;
        let version = match version {
            Some(version) => Some(version),
            None => self.work(scope).await?,
        };
        let Some(version) = version else {
            return Ok(None);
        };
        // Who sees everything opens everything: changes name rows of the whole.
        let part = part.filter(|_| !scope.sees_everything());
        match self.open_part(scope, version, part, beside).await {
            // An address may name a part of another plan, or one that is out of reach by now.
            Err(Error::NotFound("target")) if part.is_some() => {
                self.open_part(scope, version, None, beside).await.map(Some)
            }
            opened => opened.map(Some),
        }
    }

    /// The steps to a number of a version, in a period or over all.
    pub async fn why(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        period: Option<PeriodIndex>,
    ) -> Result<Why, Error> {
        let number = self.number_in_sight(scope, version, node, period).await?;
        self.steps(scope, number).await
    }

    /// The steps to a published number that the asking person carries; with a first day, to what it is in the period that
    /// begins then.
    pub async fn why_own(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        from: Option<Day>,
    ) -> Result<Why, Error> {
        let number = self.own_number(scope, version, node, from).await?;
        self.steps(scope, number).await
    }

    /// The steps to a number.
    pub(crate) async fn steps(&self, scope: &Scope, number: Number) -> Result<Why, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let Way { start, entries } = self.way(scope, &number).await?;
        let (node, periods) = (number.node, number.periods.clone());
        // A long log of a large plan takes its time.
        let reckoned = tokio::task::spawn_blocking(move || {
            let explanation = explain_over(&start, &entries, node, &periods)?;
            let formula = formula(&start, &entries, node);
            let mut now = start;
            for entry in &entries {
                now.fold(&entry.deltas)?;
            }
            Ok::<_, Misfit>((explanation, formula, now))
        });
        let reckoned = reckoned
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
        let (mut explanation, formula, now) = reckoned.map_err(state::damaged)?;
        let peers = peers::compared(&reader, scope, &number, &now).await?;
        let users = store::user::list(&reader, &all).await?;
        let users: HashMap<UserId, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
        let (people, nodes) = names(scope, &mut explanation, &users, &number.nodes);
        let currency = store::organization::get(&reader, scope).await?.currency;
        Ok(Why {
            currency,
            period: number.named,
            explanation,
            people,
            nodes,
            formula,
            peers,
        })
    }

    /// The log that leads to a number, from the first version on.
    async fn way(&self, scope: &Scope, number: &Number) -> Result<Way, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let Lineage { start, commands } = Lineage::load(&reader, &all, &number.plan, &number.version).await?;
        let entries = commands
            .iter()
            .map(state::entry)
            .collect::<Result<Vec<Entry>, _>>()?;
        Ok(Way { start, entries })
    }

    /// The version one most likely works on.
    async fn work(&self, scope: &Scope) -> Result<Option<VersionId>, Error> {
        let plans = self.plans(scope).await?;
        let latest = |status: VersionStatus| {
            plans
                .iter()
                .flat_map(|plan| &plan.versions)
                .filter(|version| version.status == status)
                .max_by_key(|version| version.created_at_ms)
                .map(|version| version.id)
        };
        Ok(latest(VersionStatus::Draft)
            .or_else(|| latest(VersionStatus::InReview))
            .or_else(|| latest(VersionStatus::Published)))
    }
}

/// A grid and every entry since.
struct Way {
    start: Grid,
    entries: Vec<Entry>,
}

/// The names of the people and nodes that the steps speak of. Of a row that whoever asks does not see, and that is not above the
/// number, neither what it is called is told nor what was said of it: only that somebody changed something.
fn names(
    scope: &Scope,
    explanation: &mut Explanation,
    users: &HashMap<UserId, String>,
    nodes: &[Node],
) -> (BTreeMap<UserId, String>, BTreeMap<NodeIndex, String>) {
    let (mut people, mut places) = (BTreeMap::new(), BTreeMap::new());
    let way = way(nodes, explanation.node);
    let told = |at: NodeIndex| {
        let node = nodes.get(at.0 as usize);
        node.filter(|node| way.contains(&node.id) || peers::sees(scope, node))
    };
    for step in &mut explanation.steps {
        let at = match &mut step.kind {
            StepKind::Change {
                author,
                what,
                at,
                reason,
                ..
            } => {
                if let Some(name) = users.get(author) {
                    people.insert(*author, name.clone());
                }
                // What was moved to or from a row was said of both.
                if *what != What::Move && told(*at).is_none() {
                    *reason = None;
                }
                *at
            }
            StepKind::Below { at } => *at,
            _ => continue,
        };
        if let Some(node) = told(at) {
            places.insert(at, node.name.clone());
        }
    }
    (people, places)
}

/// A row and those above it.
fn way(nodes: &[Node], row: NodeIndex) -> BTreeSet<NodeId> {
    let mut way = BTreeSet::new();
    let mut next = nodes.get(row.0 as usize);
    while let Some(node) = next {
        // Each once: the way ends, whatever is stored.
        if !way.insert(node.id) {
            break;
        }
        next = node
            .parent
            .and_then(|parent| nodes.iter().find(|known| known.id == parent));
    }
    way
}
