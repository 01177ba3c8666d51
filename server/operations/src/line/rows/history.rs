//! What the rows of a version brought of each line, from sums by person, unit and thing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::id::{MemberId, UnitId};
use domain::line::REST;
use domain::line::profile::Profile;
use domain::money::{Currency, Minor};
use domain::plan::NodeIndex;
use domain::target::{Lines, NodeRef};
use store::Session;

use super::super::{Trail, dimension};
use crate::attainment::history::carried;
use crate::plan::state::State;
use crate::{Error, Operations, Scope};

impl Operations {
    /// What the rows of a version brought by a history, read at most once while nothing changes that it is made of.
    pub(super) async fn row_profile(
        &self,
        all: &Scope,
        trail: &Trail,
        state: &State,
        lines: &Lines,
        currency: &Currency,
    ) -> Result<Arc<Profile>, Error> {
        let reader = self.database.reader();
        // Read before anything else: what changes meanwhile has a higher number.
        let change = store::outbox::head(&reader, all).await?;
        let mut more = Vec::with_capacity(state.nodes.len() * 17);
        for node in &state.nodes {
            more.push(u8::from(node.of.is_member()));
            more.extend_from_slice(&node.of.key().to_le_bytes());
        }
        for line in &lines.lines {
            more.extend_from_slice(line.key.as_bytes());
            more.push(0);
        }
        let key = trail.key(all, lines.by, currency, &more);
        let memory = self.line_memory.profiles();
        if let Some(known) = memory.find(&reader, all, &key, change).await? {
            return Ok(known);
        }
        let profile = Arc::new(read(&reader, all, trail, state, lines, currency).await?);
        memory.keep(key, change, Arc::clone(&profile));
        Ok(profile)
    }
}

/// Reads it. What a person sold counts for their rows, a part each where they have several; what was sold in a unit by people
/// who have no row counts for the unit.
async fn read(
    session: &impl Session,
    all: &Scope,
    trail: &Trail,
    state: &State,
    lines: &Lines,
    currency: &Currency,
) -> Result<Profile, Error> {
    let keys: Vec<String> = lines.lines.iter().map(|line| line.key.clone()).collect();
    let columns: HashMap<&str, u32> = keys.iter().map(String::as_str).zip(0..).collect();
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
    let mut sums: BTreeMap<(u32, u32), Minor> = BTreeMap::new();
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
            let sum = sums.entry((row.0, column)).or_default();
            sum.0 = sum.0.saturating_add(each);
        }
    }
    drop(columns);
    Ok(Profile::new(keys, sums))
}
