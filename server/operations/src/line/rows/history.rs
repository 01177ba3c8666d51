//! What the rows along the way to a row brought of each line, from sums by person, unit and thing.

use std::collections::HashMap;

use domain::id::{MemberId, UnitId};
use domain::line::REST;
use domain::money::{Currency, Minor};
use domain::plan::NodeIndex;
use domain::target::{Lines, NodeRef};
use store::Session;

use super::super::{Trail, dimension};
use crate::attainment::history::carried;
use crate::plan::state::State;
use crate::{Error, Scope};

/// For each row that has a brother on the way, or the last of it above it: what it brought, by line. What a person sold counts
/// for their rows, a part each where they have several; what was sold in a unit by people who have no row counts for the unit.
pub(super) async fn of_rows(
    session: &impl Session,
    all: &Scope,
    trail: &Trail,
    state: &State,
    lines: &Lines,
    (way, currency): (&[NodeIndex], &Currency),
) -> Result<HashMap<u32, Vec<Minor>>, Error> {
    let shape = state.grid.shape();
    let mut sums: HashMap<u32, Vec<Minor>> = way
        .iter()
        .flat_map(|above| shape.children(*above))
        .map(|row| (row.0, vec![Minor(0); lines.lines.len()]))
        .collect();
    if sums.is_empty() {
        return Ok(sums);
    }
    let columns: HashMap<&str, usize> = lines
        .lines
        .iter()
        .map(|line| line.key.as_str())
        .zip(0..)
        .collect();
    let rest = columns.get(REST).copied();
    let mut people: HashMap<MemberId, Vec<NodeIndex>> = HashMap::new();
    let mut units: HashMap<UnitId, NodeIndex> = HashMap::new();
    for (row, node) in (0_u32..).map(NodeIndex).zip(&state.nodes) {
        match node.of {
            NodeRef::Member(member) => people.entry(member).or_default().push(row),
            // What nobody carries stands below its unit.
            NodeRef::Unit(unit) => {
                units.entry(unit).or_insert(row);
            }
        }
    }
    let parents: HashMap<UnitId, Option<UnitId>> = store::unit::list(session, all, None)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.parent))
        .collect();
    // The row of a unit, or of the nearest above it that has one; a circle in the data ends at the number of units.
    let row_of = |unit: UnitId| {
        std::iter::successors(Some(unit), |unit| parents.get(unit).copied().flatten())
            .take(parents.len() + 1)
            .find_map(|unit| units.get(&unit).copied())
    };
    let by = dimension(lines.by);
    for part in carried(session, all, &trail.metric, trail.fiscal, trail.ask(&by)).await? {
        let Some(column) = columns.get(part.key.as_str()).copied().or(rest) else {
            continue;
        };
        let amount = part.amount.to_minor(currency).0;
        let rows = match people.get(&part.member) {
            Some(rows) => rows.clone(),
            None => row_of(part.unit).into_iter().collect(),
        };
        let each = amount / i64::try_from(rows.len()).unwrap_or(1).max(1);
        for row in rows {
            for row in std::iter::once(row).chain(shape.ancestors(row)) {
                let sum = sums.get_mut(&row.0).and_then(|sums| sums.get_mut(column));
                if let Some(sum) = sum {
                    sum.0 = sum.0.saturating_add(each);
                }
            }
        }
    }
    Ok(sums)
}
