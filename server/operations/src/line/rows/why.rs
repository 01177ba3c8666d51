//! Why a row is to bring so much of a line: what follows from what it brought, and what every line that somebody set made of that,
//! in the order in which they were set. The steps sum to the amount, as the table is worked out anew after each.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::access::Permission;
use domain::explain::{Explanation, Step, StepKind};
use domain::id::{NodeId, VersionId};
use domain::line::LineBy;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::Lines;
use domain::why::Why;
use store::row_line::RowLine;

use super::ground::way;
use super::walk::Tables;
use super::{at, may_edit};
use crate::plan::state::{self, State};
use crate::scope::{require, require_sight};
use crate::{Error, Operations, Scope};

/// Lines that were set last and are told of one by one; those before them count in what they began with.
const MOST_SET: usize = 24;

/// What a row is worked out from.
struct Told<'a> {
    state: &'a State,
    tables: Tables<'a>,
    set: &'a [RowLine],
    /// The way from the whole down to the row, both among it.
    way: &'a [NodeIndex],
}

impl Operations {
    /// The steps to how much of a row is to come from a line.
    pub(crate) async fn why_line(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        by: LineBy,
        key: &str,
    ) -> Result<Why, Error> {
        require_sight(scope)?;
        let visible: HashSet<u32> = store::version::nodes(&self.database.reader(), scope, version)
            .await?
            .into_iter()
            .map(|node| node.ordinal)
            .collect();
        if !visible.contains(&node.0) {
            return Err(Error::NotFound("target"));
        }
        let ground = self.row_ground(scope, version, node, Some(by)).await?;
        let ground = ground
            .filter(|ground| ground.lines.by == by)
            .ok_or(Error::NotFound("line"))?;
        let told = Told {
            state: &ground.state,
            tables: ground.tables(),
            set: &ground.set,
            way: &ground.way,
        };
        let line = place(&ground.lines, key)?;
        let why = told.why(node, line, |row| visible.contains(&row.0))?;
        // Who only reads is not told of lines in which there is nothing.
        if why.explanation.amount == Minor(0) && !may_edit(scope, &ground.state.version) {
            return Err(Error::NotFound("line"));
        }
        Ok(why)
    }

    /// The same of a published number that the asking person carries.
    pub async fn why_own_line(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        by: LineBy,
        key: &str,
    ) -> Result<Why, Error> {
        require(scope, Permission::Acknowledge)?;
        let targets = self.my_targets(scope).await?;
        let is_own = targets
            .iter()
            .any(|target| target.version == version && target.node == node);
        if !is_own {
            return Err(Error::NotFound("target"));
        }
        let all = state::all(scope);
        let soil = self.row_soil(&all, version).await?;
        let lines = soil.lines.iter().find(|lines| lines.by == by);
        let lines = lines.ok_or(Error::NotFound("line"))?;
        let known = soil.state.nodes.iter().find(|known| known.id == node);
        let row = NodeIndex(known.ok_or(Error::NotFound("target"))?.ordinal);
        let set = store::row_line::list(&self.database.reader(), &all, version, by).await?;
        let profile = self.soil_profile(&all, &soil, lines).await?;
        let way = way(&soil.state, row)?;
        let told = Told {
            state: &soil.state,
            tables: Tables::new(&soil.state, lines, &soil.planning.currency, profile.as_deref()),
            set: &set,
            way: &way,
        };
        // What others carry stays unknown.
        let why = told.why(row, place(lines, key)?, |other| other == row)?;
        if why.explanation.amount == Minor(0) {
            return Err(Error::NotFound("line"));
        }
        Ok(why)
    }
}

/// The place of a line.
fn place(lines: &Lines, key: &str) -> Result<usize, Error> {
    let found = lines.lines.iter().position(|line| line.key == key);
    found.ok_or(Error::NotFound("line"))
}

impl Told<'_> {
    /// The steps; rows that are not seen have no name, nor has who set their lines.
    fn why(&self, node: NodeIndex, line: usize, is_seen: impl Fn(NodeIndex) -> bool) -> Result<Why, Error> {
        let rows: HashMap<NodeId, NodeIndex> = self
            .state
            .nodes
            .iter()
            .map(|known| (known.id, NodeIndex(known.ordinal)))
            .collect();
        // A table is worked out from what is set of its own rows: that of others changes nothing here.
        let tables = self.way.split_last().map_or(&[][..], |(_, above)| above);
        let shape = self.state.grid.shape();
        // What is set in a period leaves the line over the whole plan as it is.
        let counts = |set: &&RowLine| {
            let row = rows.get(&set.node);
            let above = row.and_then(|row| shape.parent(*row));
            set.period.is_none() && above.is_some_and(|above| tables.contains(&above))
        };
        let mut order: Vec<&RowLine> = self.set.iter().filter(counts).collect();
        order.sort_by(|one, other| {
            let by_time = one.at_ms.cmp(&other.at_ms);
            let by_row = || one.node.0.cmp(&other.node.0);
            by_time.then_with(by_row).then_with(|| one.key.cmp(&other.key))
        });
        let amount = |set: &[RowLine]| -> Result<Minor, Error> {
            let own = self.tables.walk(self.way, set)?.own;
            Ok(at(&own, line))
        };
        let first = order.len().saturating_sub(MOST_SET);
        let mut taken: Vec<RowLine> = order.iter().take(first).map(|set| (*set).clone()).collect();
        let mut before = amount(&taken)?;
        let mut steps = vec![Step {
            amount: before,
            kind: StepKind::Line {
                of: self.state.grid.amount(node, None),
            },
        }];
        let mut nodes = BTreeMap::new();
        for set in order.into_iter().skip(first) {
            taken.push(set.clone());
            let after = amount(&taken)?;
            let row = rows.get(&set.node).copied();
            if let Some(row) = row.filter(|_| after != before) {
                let is_seen = is_seen(row);
                if let Some(known) = self.state.node(row).filter(|_| is_seen) {
                    nodes.insert(row, known.name.clone());
                }
                steps.push(Step {
                    amount: Minor(after.0 - before.0),
                    kind: StepKind::LineSet {
                        by: if is_seen {
                            set.user_name.clone()
                        } else {
                            String::new()
                        },
                        at_ms: set.at_ms,
                        at: row,
                        reason: set.reason.clone().filter(|_| is_seen),
                    },
                });
                before = after;
            }
        }
        Ok(Why {
            currency: self.tables.currency().clone(),
            period: None,
            explanation: Explanation {
                node,
                period: None,
                amount: before,
                steps,
            },
            people: BTreeMap::new(),
            nodes,
            formula: Vec::new(),
            peers: None,
        })
    }
}
