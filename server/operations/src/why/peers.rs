//! What is known of the peers of a number.

use domain::explain::peers::{Figures, Peers, peers};
use domain::plan::{Basis, Grid, NodeIndex};
use store::{Scope, Session};

use super::place::Number;
use crate::Error;
use crate::plan::state::Weights;

/// How the whole number compares with those of its peers, in all periods of the plan. `all` must be a scope that may read
/// whole versions: what comes out tells of nobody.
pub(super) async fn compared(
    session: &impl Session,
    all: &Scope,
    number: &Number,
    grid: &Grid,
) -> Result<Option<Peers>, Error> {
    let bases = store::version::bases(session, all, number.version.id).await?;
    let weights = Weights::of(&bases, &number.nodes, number.plan.periods.len());
    let before = weights.year_before();
    // The root's own weight comes first, as the bases are of what lies below it.
    let record = weights
        .split(1..number.nodes.len(), &[(Basis::History, 1_000_000)])
        .and_then(|bases| bases.into_iter().next())
        .map(|history| [vec![0], history.weights].concat());
    let shape = grid.shape();
    let sum = |leaves: Option<&Vec<u64>>, node: NodeIndex| -> Option<u64> {
        let below = leaves?.get(node.0 as usize..shape.end(node).0 as usize)?;
        Some(below.iter().fold(0, |sum: u64, one| sum.saturating_add(*one)))
    };
    let level = |node: NodeIndex| {
        number
            .nodes
            .get(node.0 as usize)
            .map(|node| (node.of.is_member(), node.level.as_str()))
    };
    let own = level(number.node);
    Ok(peers(
        shape,
        number.node,
        |other| level(other) == own,
        |node| Figures {
            amount: grid.amount(node, None),
            before: sum(before.as_ref(), node),
            record: sum(record.as_ref(), node),
        },
    ))
}
