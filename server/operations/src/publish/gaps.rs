//! What of a version reaches nobody: numbers that nobody carries, and units in which nobody is.

use domain::calendar::Day;
use domain::money::{Currency, Minor};
use domain::plan::NodeRef;
use domain::publish::{Gaps, Named, Nobodys};
use store::Session;

use crate::plan::UNASSIGNED;
use crate::plan::state::{self, State};
use crate::plan::tree::left_out;
use crate::{Error, Scope};

/// What of a version reaches nobody as of a day, within reach.
pub(super) async fn gaps(
    session: &impl Session,
    scope: &Scope,
    state: &State,
    currency: Currency,
    today: Day,
) -> Result<Gaps, Error> {
    let mut gaps = Gaps {
        nobodys: nobodys(scope, state, currency),
        ..Gaps::default()
    };
    if state.version.status.is_in_work() {
        let units = store::unit::list(session, &state::all(scope), None).await?;
        let names = left_out(&units, &state.nodes, today, state.plan.span)
            .into_iter()
            .filter(|unit| scope.sees_unit(unit.id))
            .map(|unit| unit.name.clone());
        gaps.left_out = Named::of(names);
    }
    Ok(gaps)
}

/// The numbers of the lowest rows that nobody carries.
fn nobodys(scope: &Scope, state: &State, currency: Currency) -> Option<Nobodys> {
    let shape = state.grid.shape();
    let mut amount = 0_i64;
    let mut names: Vec<String> = Vec::new();
    for (node, index) in state.nodes.iter().zip(shape.nodes()) {
        let NodeRef::Unit(unit) = node.of else { continue };
        let is_nobodys = node.carrier.is_none() || node.level == UNASSIGNED;
        let number = state.grid.amount(index, None).0;
        if !is_nobodys || !shape.is_leaf(index) || number == 0 || !scope.sees_unit(unit) {
            continue;
        }
        amount = amount.saturating_add(number);
        // A row for what is nobody's is told by the unit it lies in.
        let of = shape
            .parent(index)
            .filter(|_| node.level == UNASSIGNED)
            .and_then(|parent| state.node(parent))
            .unwrap_or(node);
        names.push(of.name.clone());
    }
    (!names.is_empty()).then(|| Nobodys {
        amount: Minor(amount),
        currency,
        of: Named::of(names),
    })
}
