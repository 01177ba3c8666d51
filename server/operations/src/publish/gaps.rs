//! What of a version reaches nobody: numbers that nobody carries, and units in which nobody is.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::money::{Currency, Minor};
use domain::plan::NodeRef;
use domain::publish::{Gaps, Named, Nobodys};
use domain::target::VersionStatus;
use store::Session;
use store::unit::Unit;
use store::version::Node;

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
    let status = state.version.status;
    if !status.is_in_work() && status != VersionStatus::Published {
        return Ok(gaps);
    }
    let units = store::unit::list(session, &state::all(scope), None).await?;
    if status.is_in_work() {
        let names = left_out(&units, &state.nodes, today, state.plan.span)
            .into_iter()
            .filter(|unit| scope.sees_unit(unit.id))
            .map(|unit| unit.name.clone());
        gaps.left_out = Named::of(names);
    } else {
        gaps.other_leaders = Named::of(other_leaders(scope, state, &units));
    }
    Ok(gaps)
}

/// The units within reach that somebody else leads than whoever carries their number, by name.
fn other_leaders(scope: &Scope, state: &State, units: &[Unit]) -> Vec<String> {
    let leaders: HashMap<UnitId, MemberId> = units
        .iter()
        .filter_map(|unit| Some((unit.id, unit.manager?)))
        .collect();
    let is_others = |node: &&Node| match node.of {
        NodeRef::Unit(unit) if node.level != UNASSIGNED && scope.sees_unit(unit) => {
            let leader = leaders.get(&unit).copied();
            leader.is_some() && leader != node.carrier
        }
        _ => false,
    };
    let found = state.nodes.iter().filter(is_others);
    found.map(|node| node.name.clone()).collect()
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
