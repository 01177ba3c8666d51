//! The lines of the numbers that somebody carries, as they see them themselves.

use domain::access::Permission;
use domain::id::{NodeId, VersionId};
use domain::line::rows::{LineHead, OwnLine, OwnLines};
use domain::plan::NodeIndex;

use super::ground::way;
use super::walk::Tables;
use super::{at, by_hand, sorted};
use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// How published numbers of one version that the asking person carries are cut by lines, by each dimension there is anything
    /// of; in the order of the nodes, with the version read once for all of them. None of a number where another version is on
    /// record for a part of the plan: lines are of the whole number.
    pub async fn own_lines(
        &self,
        scope: &Scope,
        version: VersionId,
        nodes: &[NodeId],
    ) -> Result<Vec<Vec<OwnLines>>, Error> {
        require(scope, Permission::Acknowledge)?;
        let targets = self.my_targets(scope).await?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let mut carried = Vec::with_capacity(nodes.len());
        for node in nodes {
            let own = targets
                .iter()
                .find(|target| target.version == version && target.node == *node);
            carried.push(own.ok_or(Error::NotFound("target"))?);
        }
        let mut own_lines: Vec<Vec<OwnLines>> = vec![Vec::new(); carried.len()];
        if carried.is_empty() {
            return Ok(own_lines);
        }
        let soil = self.row_soil(&all, version).await?;
        // Each whole number with its place in the answer and its way down from the whole.
        let mut ways = Vec::with_capacity(carried.len());
        for (place, target) in carried.into_iter().enumerate() {
            if target.periods.len() != soil.state.plan.periods.len() {
                continue;
            }
            let known = soil.state.nodes.iter().find(|known| known.id == target.node);
            let known = known.ok_or(Error::NotFound("target"))?;
            ways.push((place, known.id, way(&soil.state, NodeIndex(known.ordinal))?));
        }
        if ways.is_empty() {
            return Ok(own_lines);
        }
        for lines in &soil.lines {
            let set = store::row_line::list(&reader, &all, version, lines.by).await?;
            let profile = self.soil_profile(&all, &soil, lines).await?;
            let tables = Tables::new(&soil.state, lines, &soil.planning.currency, profile.as_deref());
            for (place, node, way) in &ways {
                let own = tables.walk(way, &set)?.own;
                let some = (0..lines.lines.len()).filter(|line| at(&own, *line).0 != 0);
                let line = |line: &usize| {
                    let amount = at(&own, *line);
                    let line = lines.lines.get(*line)?;
                    // The lines are of the whole number.
                    let mut set = set.iter().filter(|set| set.period.is_none());
                    let set = set.find(|set| set.node == *node && set.key == line.key);
                    Some(OwnLine {
                        head: LineHead {
                            key: line.key.clone(),
                            name: line.name.clone(),
                        },
                        amount,
                        set: set.map(by_hand),
                    })
                };
                let shown: Vec<OwnLine> = sorted(lines, &own, some).iter().filter_map(line).collect();
                if let Some(own_lines) = own_lines.get_mut(*place).filter(|_| !shown.is_empty()) {
                    own_lines.push(OwnLines {
                        by: lines.by,
                        lines: shown,
                    });
                }
            }
        }
        Ok(own_lines)
    }
}
