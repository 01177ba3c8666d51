//! The lines of a number that somebody carries, as they see it themselves.

use domain::id::{NodeId, VersionId};
use domain::line::rows::{LineHead, OwnLine, OwnLines};

use super::ground::way;
use super::walk::Tables;
use super::{at, by_hand, sorted};
use crate::plan::state;
use crate::{Error, Operations, Scope};

impl Operations {
    /// How a published number that the asking person carries is cut by lines, by each dimension there is anything of. None where
    /// another version is on record for a part of the plan: lines are of the whole number.
    pub async fn own_lines(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
    ) -> Result<Vec<OwnLines>, Error> {
        let number = self.own_number(scope, version, node, None).await?;
        if number.periods.len() != number.plan.periods.len() {
            return Ok(Vec::new());
        }
        let reader = self.database.reader();
        let all = state::all(scope);
        let soil = self.row_soil(&all, version).await?;
        let way = way(&soil.state, number.node)?;
        let mut own_lines = Vec::new();
        for lines in &soil.lines {
            let set = store::row_line::list(&reader, &all, version, lines.by).await?;
            let profile = self.soil_profile(&all, &soil, lines).await?;
            let tables = Tables::new(&soil.state, lines, &soil.planning.currency, profile.as_deref());
            let own = tables.walk(&way, &set)?.own;
            let some = (0..lines.lines.len()).filter(|place| at(&own, *place).0 != 0);
            let shown = sorted(lines, &own, some);
            let line = |place: &usize| {
                let line = lines.lines.get(*place)?;
                let set = set.iter().find(|set| set.node == node && set.key == line.key);
                Some(OwnLine {
                    head: LineHead {
                        key: line.key.clone(),
                        name: line.name.clone(),
                    },
                    amount: at(&own, *place),
                    set: set.map(by_hand),
                })
            };
            let shown: Vec<OwnLine> = shown.iter().filter_map(line).collect();
            if !shown.is_empty() {
                own_lines.push(OwnLines {
                    by: lines.by,
                    lines: shown,
                });
            }
        }
        Ok(own_lines)
    }
}
