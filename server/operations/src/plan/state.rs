//! A version as its log says: shape, bases, and the grid that is the fold of its deltas.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::id::{NodeId, UserId, VersionId};
use domain::plan::{
    BasisWeights, Deltas, ENGINE, Entry, Factor, Grid, HEDGE_LIMIT_PPM, NodeIndex, NodeSpec, PlanCommand,
    PlanPeriod, Shape,
};
use store::plan::Plan;
use store::version::{Basis, Command, Node, Snapshot, Version, WHOLE};
use store::{Scope, Session};

use super::history::{EQUAL, KEPT, POTENTIAL_BY_TIME, SEASON, YEAR_BEFORE};
use crate::Error;

/// Commands of which undo and redo know.
pub(crate) const REMEMBERED: u64 = 500;
/// Commands that may come from the program at a version's start; no plan has more.
const FIRST_COMMANDS: u64 = 8;

/// A version at its head.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) version: Version,
    pub(crate) plan: Plan,
    pub(crate) nodes: Vec<Node>,
    pub(crate) grid: Grid,
    /// Number of the last command folded into the grid.
    pub(crate) head: u64,
}

/// The program's own view, for what is computed of a whole version before a part of it is shown.
pub(crate) fn all(scope: &Scope) -> Scope {
    Scope::system(scope.organization, "plan")
}

/// Something stored that cannot be read back: ours to mend.
pub(crate) fn damaged(what: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a plan is damaged: {what}"))
}

/// The shape of nodes, which come by ordinal, and a plan's periods.
pub(crate) fn shape(plan: &Plan, nodes: &[Node]) -> Result<Arc<Shape>, Error> {
    let places: HashMap<NodeId, u32> = nodes.iter().map(|node| (node.id, node.ordinal)).collect();
    let mut specs = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        if node.ordinal as usize != index {
            return Err(damaged("ordinals of nodes have gaps"));
        }
        let parent = match node.parent {
            None => None,
            Some(parent) => Some(NodeIndex(
                *places
                    .get(&parent)
                    .ok_or_else(|| damaged("a node without its parent"))?,
            )),
        };
        specs.push(NodeSpec {
            parent,
            reference: node.of,
            name: node.name.clone(),
        });
    }
    let periods = plan
        .periods
        .iter()
        .map(|period| PlanPeriod {
            starts_on: period.start,
            ends_on: period.end,
        })
        .collect();
    Shape::new(specs, periods).map(Arc::new).map_err(damaged)
}

impl State {
    /// Folds a version to its head. `all` must be a scope that may read logs.
    pub(crate) async fn load(session: &impl Session, all: &Scope, version: Version) -> Result<Self, Error> {
        let plan = store::plan::get(session, all, version.plan).await?;
        let nodes = store::version::nodes(session, all, version.id).await?;
        let shape = shape(&plan, &nodes)?;
        let (grid, head) = fold(session, all, version.id, shape, u64::MAX).await?;
        let state = Self {
            version,
            plan,
            nodes,
            grid,
            head,
        };
        state.bounded(session, all).await
    }

    /// The same with the bound of hedges that the organization has now: what is stored has the usual one, and what is kept that of its
    /// time.
    pub(crate) async fn bounded(mut self, session: &impl Session, all: &Scope) -> Result<Self, Error> {
        let limit_ppm = store::fairness::hedge_limit(session, all).await?;
        self.grid.set_hedge_limit(limit_ppm);
        Ok(self)
    }

    /// The node at an index.
    pub(crate) fn node(&self, index: NodeIndex) -> Option<&Node> {
        self.nodes.get(index.0 as usize)
    }
}

/// The grid after a command (or the last, where there is none with that number), and which that was.
pub(crate) async fn fold(
    session: &impl Session,
    all: &Scope,
    version: VersionId,
    shape: Arc<Shape>,
    until: u64,
) -> Result<(Grid, u64), Error> {
    let until = until.min(i64::MAX as u64);
    let snapshot = store::version::snapshot_at(session, all, version, until).await?;
    let mut grid = Grid::unpack(&snapshot.blob, shape).map_err(damaged)?;
    let mut head = snapshot.seq;
    for command in store::version::commands(session, all, version, snapshot.seq, until).await? {
        grid.fold(&Deltas::from_bytes(&command.deltas).map_err(damaged)?)
            .map_err(damaged)?;
        head = command.seq;
    }
    Ok((grid, head))
}

/// A grid to be stored; with the usual bound of hedges whichever one the organization has, so that what the log leads to is the same
/// to the last byte whenever that was chosen.
pub(crate) fn snapshot(seq: u64, grid: &Grid) -> Snapshot {
    Snapshot {
        seq,
        engine: ENGINE.to_string(),
        blob: grid.clone().with_hedge_limit(HEDGE_LIMIT_PPM).pack(),
    }
}

/// The command as `domain` knows it; the program itself is the nil user.
pub(crate) fn entry(command: &Command) -> Result<Entry, Error> {
    Ok(Entry {
        seq: command.seq,
        at_ms: command.at_ms,
        author: UserId(command.actor.unwrap_or_default()),
        command: as_kept(serde_json::from_str(&command.command).map_err(damaged)?),
        deltas: Deltas::from_bytes(&command.deltas).map_err(damaged)?,
        engine: command.engine.parse().map_err(damaged)?,
    })
}

/// A command as it is kept in memory and told: what a step back or forth changed is in its entry, which of a plan with many rows is
/// several times the plan.
pub(crate) fn as_kept(command: PlanCommand) -> PlanCommand {
    match command {
        PlanCommand::Restore { of, intent, .. } => PlanCommand::Restore {
            of,
            intent,
            deltas: Deltas::default(),
        },
        command => command,
    }
}

/// The end of a version's log, as far as undo and redo look back.
pub(crate) async fn recent(
    session: &impl Session,
    all: &Scope,
    version: VersionId,
    head: u64,
) -> Result<(domain::plan::Log, Vec<Command>), Error> {
    let base = head.saturating_sub(REMEMBERED);
    let commands = store::version::commands(session, all, version, base, head).await?;
    let mut log = domain::plan::Log::after(base);
    for command in &commands {
        log.push(entry(command)?).map_err(damaged)?;
    }
    Ok((log, commands))
}

/// The grid the draft started from: its first state with the split that the program made of it.
pub(crate) async fn start(session: &impl Session, all: &Scope, state: &State) -> Result<Grid, Error> {
    let first = store::version::commands(session, all, state.version.id, 0, FIRST_COMMANDS).await?;
    let until = first.iter().take_while(|command| command.actor.is_none()).count() as u64;
    let shape = Arc::clone(state.grid.shape());
    Ok(fold(session, all, state.version.id, shape, until).await?.0)
}

/// The weights of a version by basis and node.
#[derive(Debug)]
pub(crate) struct Weights {
    nodes: usize,
    whole: BTreeMap<String, Vec<u64>>,
    by_period: BTreeMap<(String, i32), Vec<u64>>,
    periods: usize,
}

impl Weights {
    /// Of the stored rows.
    pub(crate) fn of(bases: &[Basis], nodes: &[Node], periods: usize) -> Self {
        let places: HashMap<NodeId, usize> = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (node.id, index))
            .collect();
        let mut weights = Self {
            nodes: nodes.len(),
            whole: BTreeMap::new(),
            by_period: BTreeMap::new(),
            periods,
        };
        for basis in bases {
            let column = if basis.period == WHOLE {
                weights
                    .whole
                    .entry(basis.basis.clone())
                    .or_insert_with(|| vec![0; nodes.len()])
            } else {
                let key = (basis.basis.clone(), basis.period);
                weights
                    .by_period
                    .entry(key)
                    .or_insert_with(|| vec![0; nodes.len()])
            };
            if let Some(weight) = places.get(&basis.node).and_then(|place| column.get_mut(*place)) {
                *weight = basis.weight;
            }
        }
        weights
    }

    /// What a split of a node by these bases is given; `None` where one of them has no weights.
    pub(crate) fn split(
        &self,
        below: std::ops::Range<usize>,
        shares: &[(domain::plan::Basis, u32)],
    ) -> Option<Vec<BasisWeights>> {
        let basis = |&(basis, share_ppm): &(domain::plan::Basis, u32)| {
            let weights = self.whole.get(basis.as_str())?.get(below.clone())?.to_vec();
            Some(BasisWeights {
                basis,
                share_ppm,
                weights,
            })
        };
        shares.iter().map(basis).collect()
    }

    /// The bases there are.
    pub(crate) fn known(&self) -> Vec<domain::plan::Basis> {
        self.whole
            .keys()
            .filter_map(|key| domain::plan::Basis::parse(key))
            .collect()
    }

    /// The weight of each period by the season.
    pub(crate) fn seasons(&self) -> Vec<u64> {
        let weight = |period: usize| {
            let column = self.by_period.get(&(SEASON.to_owned(), period as i32));
            column.and_then(|column| column.first()).copied().unwrap_or(0)
        };
        (0..self.periods).map(weight).collect()
    }

    /// The time each node is there within the plan, days times share in millionths; empty where nothing is known.
    pub(crate) fn presence(&self) -> &[u64] {
        self.whole.get(EQUAL).map_or(&[], Vec::as_slice)
    }

    /// How much is left of the weights of a row that do not go by time, in millionths; all where nothing is said of it.
    pub(crate) fn kept(&self, node: NodeIndex) -> u32 {
        let column = self.whole.get(KEPT);
        let kept = column.and_then(|column| column.get(node.0 as usize)).copied();
        kept.and_then(|kept| u32::try_from(kept).ok())
            .filter(|kept| *kept > 0)
            .unwrap_or(Factor::WHOLE_PPM)
    }

    /// Whether the weights of potential go by the time people are there.
    pub(crate) fn potential_by_time(&self) -> bool {
        let mark = self
            .whole
            .get(POTENTIAL_BY_TIME)
            .and_then(|column| column.first());
        mark.is_some_and(|mark| *mark > 0)
    }

    /// What everybody below a node did in each comparable period; nothing where a period is not known.
    pub(crate) fn year_before_of(&self, nodes: std::ops::Range<usize>) -> Vec<u64> {
        let sum = |period: usize| {
            let column = self.by_period.get(&(YEAR_BEFORE.to_owned(), period as i32));
            let own = column.and_then(|column| column.get(nodes.clone())).unwrap_or(&[]);
            own.iter().fold(0_u64, |sum, weight| sum.saturating_add(*weight))
        };
        (0..self.periods).map(sum).collect()
    }

    /// What each leaf did in the comparable periods; `None` where nothing is known of anybody.
    pub(crate) fn year_before(&self) -> Option<Vec<u64>> {
        let mut sums = vec![0_u64; self.nodes];
        let mut known = false;
        for ((basis, _), column) in &self.by_period {
            if basis == YEAR_BEFORE {
                known = true;
                for (sum, weight) in sums.iter_mut().zip(column) {
                    *sum = sum.saturating_add(*weight);
                }
            }
        }
        known.then_some(sums)
    }
}
