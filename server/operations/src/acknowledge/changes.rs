//! How a number came to be: who changed it, when, by how much and why; also before the version it is on record with now.

use std::collections::BTreeSet;

use domain::explain::done_to;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Entry, Grid, NodeIndex, PeriodIndex, PlanCommand, Standing};
use domain::target::{Change, Span};
use store::cell::{Cell, Record};
use store::plan::Plan;
use store::version::{Command, Node, Version};
use store::{Scope, Session};

use super::Whole;
use crate::Error;
use crate::plan::lineage::Lineage;
use crate::plan::state;

/// The log of a version, from where the log of what it was branched from begins.
pub(super) struct Log {
    start: Grid,
    commands: Vec<Command>,
    /// The same commands as they are understood.
    entries: Vec<Entry>,
    standing: Standing,
}

impl Log {
    /// `all` must be a scope that may read logs.
    pub(super) async fn load(
        session: &impl Session,
        all: &Scope,
        plan: &Plan,
        version: &Version,
    ) -> Result<Self, Error> {
        let Lineage { start, commands } = Lineage::load(session, all, plan, version).await?;
        let entries = commands.iter().map(state::entry).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            start,
            standing: Standing::of(&entries),
            commands,
            entries,
        })
    }
}

/// Plans of record one after the other that are looked back through.
const MOST_EARLIER: usize = 12;

/// The changes of what a node has in the periods of its cells, oldest first. Where this number took the place of another
/// plan's for the same periods, that one's changes come first.
pub(super) async fn of(
    session: &impl Session,
    all: &Scope,
    whole: &Whole,
    node: &Node,
    cells: &[Cell],
) -> Result<Vec<Change>, Error> {
    let periods: BTreeSet<Span> = cells.iter().map(|cell| cell.period).collect();
    let (start, mut changes) = own(&whole.log, &whole.plan, node, &periods);
    let mut replaced = Replaced {
        version: whole.version.clone(),
        start,
    };
    for _ in 0..MOST_EARLIER {
        let Some((plan, earlier)) = replaced.by(session, all, &replaced.version, &periods).await? else {
            break;
        };
        let Some(node) = same(session, all, &earlier, node).await? else {
            break;
        };
        let log = Log::load(session, all, &plan, &earlier).await?;
        let (start, mut before) = own(&log, &plan, &node, &periods);
        let amount = before.last().map_or(start, |change| change.after);
        replaced.join(amount, &mut changes);
        before.append(&mut changes);
        changes = before;
        replaced = Replaced {
            version: earlier,
            start,
        };
    }
    Ok(changes)
}

/// A version that took another's place.
struct Replaced {
    version: Version,
    /// What the node had where its own log begins.
    start: Minor,
}

impl Replaced {
    /// The plan and version, of another lineage, that was on record for exactly these periods before.
    async fn by(
        &self,
        session: &impl Session,
        all: &Scope,
        version: &Version,
        periods: &BTreeSet<Span>,
    ) -> Result<Option<(Plan, Version)>, Error> {
        let plan = store::plan::get(session, all, version.plan).await?;
        let gave_way: Vec<Record> = store::cell::records(session, all, &plan.metric_key, plan.span)
            .await?
            .into_iter()
            .filter(|record| record.superseded_by == Some(version.id) && periods.contains(&record.period))
            .collect();
        let versions: BTreeSet<VersionId> = gave_way.iter().map(|record| record.version).collect();
        let spans: BTreeSet<Span> = gave_way.iter().map(|record| record.period).collect();
        let (Some(earlier), 1, true) = (versions.first(), versions.len(), spans == *periods) else {
            return Ok(None);
        };
        let earlier = store::version::get(session, all, *earlier).await?;
        // A version of the same plan was branched, and its log is told already.
        if earlier.plan == version.plan {
            return Ok(None);
        }
        let plan = store::plan::get(session, all, earlier.plan).await?;
        Ok(Some((plan, earlier)))
    }

    /// Lets the changes since begin where the earlier number was; a sheet's numbers have no log and are one change.
    fn join(&self, earlier: Minor, changes: &mut Vec<Change>) {
        match changes.first_mut() {
            Some(first) if self.start.0 == 0 => first.before = earlier,
            _ if self.start != earlier => changes.insert(
                0,
                Change {
                    at_ms: self.version.created_at_ms,
                    by: Some(self.version.created_by.clone()),
                    before: earlier,
                    after: self.start,
                    reason: None,
                },
            ),
            _ => {}
        }
    }
}

/// The place in another version of whom or what a node stands for; none where there are several or none.
async fn same(
    session: &impl Session,
    all: &Scope,
    version: &Version,
    node: &Node,
) -> Result<Option<Node>, Error> {
    let mut nodes = store::version::nodes(session, all, version.id).await?;
    nodes.retain(|known| known.of == node.of && known.level == node.level);
    Ok(if nodes.len() == 1 { nodes.pop() } else { None })
}

/// What a node had where the log of its version begins, and the commands that changed it since and were not taken back.
fn own(log: &Log, plan: &Plan, node: &Node, periods: &BTreeSet<Span>) -> (Minor, Vec<Change>) {
    let places: Vec<PeriodIndex> = (0..)
        .map(PeriodIndex)
        .zip(&plan.periods)
        .filter(|(_, period)| periods.contains(&Span::of(period)))
        .map(|(place, _)| place)
        .collect();
    let Log {
        start,
        commands,
        entries,
        standing,
    } = log;
    let shape = start.shape();
    let begins = places
        .iter()
        .map(|place| start.amount(NodeIndex(node.ordinal), Some(*place)).0)
        .sum();
    let mut differences = vec![0_i64; entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        let own = entry.deltas.cells.iter().filter(|delta| {
            let (at, place) = shape.place(delta.cell);
            at.0 == node.ordinal && places.contains(&place)
        });
        differences[standing.root(at)] += own.map(|delta| delta.new.0 - delta.old.0).sum::<i64>();
    }
    let row = NodeIndex(node.ordinal);
    // What was said of rows beside it is not for who carries this one; what was moved to or from it was said of both.
    let is_told = |entry: &Entry| {
        let at = done_to(&entry.command, row, shape);
        let is_move = matches!(
            entry.command,
            PlanCommand::Move { .. } | PlanCommand::SendShare { .. }
        );
        is_move || (row..shape.end(row)).contains(&at) || shape.ancestors(row).any(|above| above == at)
    };
    let mut now: i64 = begins;
    let mut changes: Vec<Change> = Vec::new();
    for ((command, entry), difference) in commands.iter().zip(entries).zip(differences) {
        if difference == 0 {
            continue;
        }
        let by = command.actor.map(|_| command.actor_name.clone());
        let before = Minor(now);
        now += difference;
        match changes.last_mut() {
            // The split a draft starts from takes several commands and is one change.
            Some(last) if by.is_none() && last.by.is_none() => last.after = Minor(now),
            _ => changes.push(Change {
                at_ms: command.at_ms,
                by,
                before,
                after: Minor(now),
                reason: entry
                    .command
                    .reason()
                    .filter(|_| is_told(entry))
                    .map(str::to_owned),
            }),
        }
    }
    (Minor(begins), changes)
}
