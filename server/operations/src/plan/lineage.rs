//! Where a version comes from: its log continues that of the version it was branched from, so a number is explained from
//! the first split on and not from the branch.

mod in_force;

use domain::plan::{Basis, BasisWeights, Deltas, Entry, Grid, Log, PlanCommand, Shape};
use domain::split::InForce;
use store::plan::Plan;
use store::version::{Command, Version};
use store::{Scope, Session};

use self::in_force::Search;
use super::state::{self, damaged};
use crate::Error;

/// Branches of branches that are followed back.
const MOST_ANCESTORS: usize = 32;
/// Commands that are read at once on the way back.
const PIECE: u64 = 500;

/// The grid where the first ancestor's log begins, and every command since.
pub(crate) struct Lineage {
    pub(crate) start: Grid,
    pub(crate) commands: Vec<Command>,
}

impl Lineage {
    /// `all` must be a scope that may read logs. An ancestor whose log does not lead to where the branch begins is left
    /// out with those before it: then the branch's own beginning is what is known.
    pub(crate) async fn load(
        session: &impl Session,
        all: &Scope,
        plan: &Plan,
        version: &Version,
    ) -> Result<Self, Error> {
        let mut line = vec![version.clone()];
        while let Some(parent) = line.last().and_then(|version| version.parent)
            && line.len() <= MOST_ANCESTORS
        {
            line.push(store::version::get(session, all, parent).await?);
        }
        line.reverse();
        let mut known: Option<Self> = None;
        for (place, version) in line.iter().enumerate() {
            let nodes = store::version::nodes(session, all, version.id).await?;
            let shape = state::shape(plan, &nodes)?;
            let snapshot = store::version::snapshot_at(session, all, version.id, 0).await?;
            let start = Grid::unpack(&snapshot.blob, shape).map_err(damaged)?;
            let until = line
                .get(place + 1)
                .map_or(i64::MAX, |branch| branch.created_at_ms);
            let mut commands = store::version::commands(session, all, version.id, 0, i64::MAX as u64).await?;
            commands.retain(|command| command.at_ms <= until);
            known = match known {
                Some(mut before) if before.leads_to(&start) => {
                    before.commands.append(&mut commands);
                    Some(before)
                }
                _ => Some(Self { start, commands }),
            };
        }
        known.ok_or_else(|| damaged("a version without a line"))
    }

    fn leads_to(&self, end: &Grid) -> bool {
        let mut grid = self.start.clone();
        let folded = self.commands.iter().all(|command| {
            Deltas::from_bytes(&command.deltas).is_ok_and(|deltas| grid.fold(&deltas).is_ok())
        });
        folded && grid == *end
    }
}

/// The split of the whole that is in force.
#[derive(Default)]
pub(crate) struct WholeSplit {
    /// Its bases; none where the numbers follow no split.
    pub(crate) bases: Vec<BasisWeights>,
    /// How it went beside them.
    pub(crate) in_force: InForce,
}

/// The split of the whole that is in force: the version's last that was not taken back, or else that of the version it was
/// branched from; with the branches that were split by weights of their own. `recent` is the end of the version's log, `shape`
/// its tree.
pub(crate) async fn whole_split(
    session: &impl Session,
    all: &Scope,
    version: &Version,
    shape: &Shape,
    recent: &Log,
) -> Result<WholeSplit, Error> {
    let mut search = Search::default();
    for entry in recent.entries().iter().rev() {
        if search.look_at(entry.seq, &entry.command) {
            return Ok(search.found(shape));
        }
    }
    let mut end = recent.head() - recent.entries().len() as u64;
    let (mut version, mut until_ms) = (version.clone(), i64::MAX);
    for generation in 0..=MOST_ANCESTORS {
        let mut done = false;
        while end > 0 && !done {
            let base = end.saturating_sub(PIECE);
            let commands = store::version::commands(session, all, version.id, base, end).await?;
            for command in commands.iter().rev().filter(|command| command.at_ms <= until_ms) {
                let told: PlanCommand = serde_json::from_str(&command.command).map_err(damaged)?;
                done = search.look_at(command.seq, &told);
                if done {
                    break;
                }
            }
            end = base;
        }
        if generation > 0 && search.has_new() {
            // Its rows may stand elsewhere in the version's own tree.
            let nodes = store::version::nodes(session, all, version.id).await?;
            search.carry_over(|node| shape.find(nodes.get(node.0 as usize)?.of));
        }
        let Some(parent) = version.parent.filter(|_| !done) else {
            break;
        };
        until_ms = version.created_at_ms;
        version = store::version::get(session, all, parent).await?;
        end = version.head;
        search.begin_before();
    }
    Ok(search.found(shape))
}

/// The shares of the bases in force, in millionths, with how that split went beside them, where entries may have changed them:
/// a split, or something taken back or done again.
pub(crate) async fn shares_after(
    session: &impl Session,
    all: &Scope,
    version: &Version,
    shape: &Shape,
    log: &Log,
    entries: &[Entry],
) -> Result<Option<(Vec<(Basis, u32)>, InForce)>, Error> {
    if !may_change_shares(entries) {
        return Ok(None);
    }
    let WholeSplit { bases, in_force } = whole_split(session, all, version, shape, log).await?;
    let shares = bases.iter().map(|basis| (basis.basis, basis.share_ppm));
    Ok(Some((shares.collect(), in_force)))
}

/// Whether one of the entries splits something, or takes something back or does it again.
pub(crate) fn may_change_shares(entries: &[Entry]) -> bool {
    let may = |entry: &Entry| {
        matches!(
            entry.command,
            PlanCommand::Restore { .. } | PlanCommand::Split { .. }
        )
    };
    entries.iter().any(may)
}
