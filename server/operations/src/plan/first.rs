//! The first commands of a new plan: its total by season, then split over the people.

use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Deltas, FactorKind, Grid, NodeIndex, PlanCommand, Spread};
use store::Writer;
use store::plan::Plan;
use store::version::{Basis, CommandKind, NewCommand, Node};

use super::counted::{self, Known};
use super::history;
use super::state::{Weights, damaged};
use crate::{Actor, Error, Scope, clock};

/// Who made the first split, in the log of the version: nobody's, so nobody takes it back by accident.
const FIRST_SPLIT: &str = "first split";
/// What counts by period in it: who is there, and what beginners can do. A season of parts, which one year says little of, is
/// for people to choose.
const COUNTED: [FactorKind; 2] = [FactorKind::Assignment, FactorKind::Ramp];

/// What a plan is split by.
pub(super) struct Given<'a> {
    pub(super) plan: &'a Plan,
    pub(super) nodes: &'a [Node],
    pub(super) bases: &'a [Basis],
    pub(super) people: &'a Known,
}

/// The total by season, then by the bases and what counts by period, as the first commands of the log.
pub(super) async fn split(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    mut grid: Grid,
    total: Minor,
    given: &Given<'_>,
) -> Result<(), Error> {
    let weights = Weights::of(given.bases, given.nodes, grid.shape().periods().len());
    let set = PlanCommand::SetTotal {
        amount: total,
        seasons: weights.seasons(),
        reason: None,
    };
    let counted = counted::counted(given.people, given.plan, given.nodes, grid.shape(), &weights);
    let shares = history::first_shares(given.bases);
    let root = NodeIndex(0);
    let shape = grid.shape().clone();
    let by = |kinds: &[FactorKind]| -> Result<PlanCommand, Error> {
        let mut bases = weights
            .split(1..given.nodes.len(), &shares)
            .ok_or_else(|| damaged("a basis without weights"))?;
        counted.fit(root, &mut bases, kinds);
        Ok(PlanCommand::Split {
            node: root,
            spread: Spread::Subtree,
            bases,
            factors: counted.factors(&shape, root, kinds),
            own: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: Minor(1),
            reason: None,
        })
    };
    // Where all there are begin in a period, nobody is left to carry it: then everybody counts as if they had been there.
    let steps = [vec![set], vec![by(&COUNTED)?, by(&[])?]];
    let first = Scope {
        actor: Actor::System(FIRST_SPLIT),
        ..scope.clone()
    };
    for step in steps {
        let (command, deltas) = first_possible(&grid, step)?;
        let locked = store::version::lock(writer, scope, version).await?;
        let new = NewCommand {
            kind: CommandKind::Do,
            command: &serde_json::to_string(&command).map_err(damaged)?,
            deltas: &deltas.to_bytes(),
            engine: &domain::plan::ENGINE.to_string(),
            at_ms: clock::now_ms(),
        };
        store::version::append(writer, &first, &locked, &new).await?;
        grid.fold(&deltas).map_err(damaged)?;
    }
    Ok(())
}

/// The first of some commands that can be done, with what it changes; where none can, why the last one cannot.
fn first_possible(grid: &Grid, commands: Vec<PlanCommand>) -> Result<(PlanCommand, Deltas), Error> {
    let mut why = None;
    for command in commands {
        match domain::plan::apply(grid, &command) {
            Ok(deltas) => return Ok((command, deltas)),
            Err(refusal) => why = Some(refusal),
        }
    }
    let refusal = why.ok_or_else(|| damaged("a first split without a command"))?;
    Err(Error::invalid(
        "total_cannot_be_split",
        format!("这个目标无法分到现有成员：{refusal}"),
        format!("This total cannot be split over the people there are: {refusal}"),
    ))
}
