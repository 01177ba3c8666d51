//! What the periods of rows are held against: asked for the rows in sight, some at a time, so that opening a grid of a hundred
//! thousand rows costs nothing of it.
//!
//! Last year is what the plan was made from: of each leaf what it did in the same period one fiscal year before, as its total is
//! (`plan::history::YEAR_BEFORE`), so that the bases of a row sum to the base of its total.

use std::collections::HashMap;

use domain::access::Permission;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{CellBase, Compared, MOST_COMPARED_ROWS, known_from_first};
use domain::target::{NodeRef, Span};
use store::Session;
use store::version::Version;

use crate::plan::UNASSIGNED;
use crate::plan::history::YEAR_BEFORE;
use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// The bases of the periods of some rows, by their places in the version.
type Bases = HashMap<u32, Vec<Option<Minor>>>;

impl Operations {
    /// What the periods of some rows of a version, by their places in the whole of it, are held against. Rows out of reach are left
    /// out of the answer; a period that is not comparable has no base.
    pub async fn compared(
        &self,
        scope: &Scope,
        version: VersionId,
        against: CellBase,
        rows: &[NodeIndex],
    ) -> Result<Compared, Error> {
        require(scope, Permission::ReadPeople)?;
        if rows.len() > MOST_COMPARED_ROWS {
            return Err(too_many());
        }
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version).await?;
        let ordinals: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let nodes = store::version::nodes_at(&reader, scope, version.id, &ordinals).await?;
        // Who carries a number sees that, and no more of a unit than what they lead.
        let seen = |of: NodeRef| match of {
            NodeRef::Unit(unit) => scope.sees_unit(unit),
            NodeRef::Member(member) => scope.sees_member(member),
        };
        let (mut asked, mut carried) = (Vec::new(), Vec::new());
        for node in nodes.iter().filter(|node| seen(node.of)) {
            asked.push(node.ordinal);
            if node.level != UNASSIGNED {
                carried.push(node.ordinal);
            }
        }
        let plan = store::plan::get(&reader, &state::all(scope), version.plan).await?;
        let periods: Vec<Span> = plan.periods.iter().map(Span::of).collect();
        let mut bases = match against {
            CellBase::LastYear => last_year(&reader, scope, &version, &carried, periods.len()).await?,
            CellBase::Record => {
                on_record(&reader, scope, &plan.metric_key, &version, &carried, &periods).await?
            }
        };
        let found = asked.into_iter().map(|ordinal| {
            let own = bases.remove(&ordinal).unwrap_or_default();
            (NodeIndex(ordinal), own)
        });
        Ok(Compared::of(periods.len(), found))
    }
}

async fn last_year(
    session: &impl Session,
    scope: &Scope,
    version: &Version,
    ordinals: &[u32],
    periods: usize,
) -> Result<Bases, Error> {
    let all = state::all(scope);
    let sums = store::version::part_sums(session, &all, version.id, YEAR_BEFORE, ordinals).await?;
    let mut amounts: HashMap<u32, Vec<u64>> = HashMap::new();
    for sum in sums {
        let own = amounts.entry(sum.top).or_insert_with(|| vec![0; periods]);
        let place = usize::try_from(sum.period).ok();
        if let Some(amount) = place.and_then(|place| own.get_mut(place)) {
            *amount = sum.weight;
        }
    }
    let known = |(row, amounts): (u32, Vec<u64>)| (row, known_from_first(&amounts));
    Ok(amounts.into_iter().map(known).collect())
}

async fn on_record(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    version: &Version,
    ordinals: &[u32],
    periods: &[Span],
) -> Result<Bases, Error> {
    let cells = store::cell::record_cells(session, scope, metric_key, periods, version.id, ordinals).await?;
    let mut bases = Bases::new();
    for cell in cells {
        let own = bases
            .entry(cell.ordinal)
            .or_insert_with(|| vec![None; periods.len()]);
        if let Some(base) = own.get_mut(cell.period) {
            let before = base.map_or(0, |base| base.0);
            *base = Some(Minor(before.saturating_add(cell.amount.0)));
        }
    }
    Ok(bases)
}

fn too_many() -> Error {
    Error::invalid_field(
        "too_many_rows",
        "nodes",
        format!("一次最多对比 {MOST_COMPARED_ROWS} 行。"),
        format!("At most {MOST_COMPARED_ROWS} rows are compared at once."),
    )
}
