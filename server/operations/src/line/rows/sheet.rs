//! Lines as columns of an open grid: what its rows' amounts by line are worked out from, in one answer.

use std::collections::{HashMap, HashSet};

use domain::id::{NodeId, VersionId};
use domain::line::rows::LineHead;
use domain::line::sheet::{LineSheet, SheetLine, SheetSet};
use domain::line::{LineBy, tie};
use domain::money::Minor;
use domain::plan::NodeIndex;
use sha2::{Digest, Sha256};

use super::{at, by_hand, may_edit, sorted};
use crate::scope::require_sight;
use crate::{Error, Operations, Scope};

impl Operations {
    /// The lines of the part of a version below `top`, which whoever asks sees the whole of; without a dimension, by the first
    /// there is data of. None where there is no data of any. `has` is the mark of what they were sent before: it is not sent
    /// again where it is the same.
    pub async fn line_sheet(
        &self,
        scope: &Scope,
        version: VersionId,
        top: NodeIndex,
        by: Option<LineBy>,
        has: Option<&str>,
    ) -> Result<Option<LineSheet>, Error> {
        require_sight(scope)?;
        let visible: HashSet<u32> = store::version::nodes(&self.database.reader(), scope, version)
            .await?
            .into_iter()
            .map(|node| node.ordinal)
            .collect();
        if !visible.contains(&top.0) {
            return Err(Error::NotFound("target"));
        }
        let Some(ground) = self.row_ground(scope, version, top, by).await? else {
            return Ok(None);
        };
        let rows = top.0..ground.state.grid.shape().end(top).0;
        // Of a unit that somebody led there may be more than they lead today.
        if !rows.clone().all(|row| visible.contains(&row)) {
            return Err(Error::NotFound("target"));
        }
        let own = ground.tables().walk(&ground.way, &ground.set)?.own;
        let may_edit = may_edit(scope, &ground.state.version);
        let lines = &ground.lines.lines;
        let order = sorted(&ground.lines, &own, 0..lines.len());
        let mut sheet_lines = Vec::with_capacity(order.len());
        let mut places = Vec::with_capacity(order.len());
        let mut columns: HashMap<&str, u32> = HashMap::with_capacity(order.len());
        for (place, column) in order.iter().zip(0..) {
            let Some(line) = lines.get(*place) else { continue };
            let amount = at(&own, *place);
            // Who only reads is not told of lines in which there is nothing: they name what others sell, and to whom.
            let head = (may_edit || amount != Minor(0)).then(|| LineHead {
                key: line.key.clone(),
                name: line.name.clone(),
            });
            sheet_lines.push(SheetLine {
                tie: tie(&line.key),
                head,
                amount,
            });
            let profile = ground.profile.as_deref();
            places.push(profile.and_then(|profile| profile.place(&line.key)));
            columns.insert(&line.key, column);
        }
        let nodes: HashMap<NodeId, NodeIndex> = rows
            .clone()
            .filter_map(|row| Some((ground.state.node(NodeIndex(row))?.id, NodeIndex(row - top.0))))
            .collect();
        let set = ground.set.iter().filter_map(|set| {
            Some(SheetSet {
                node: *nodes.get(&set.node)?,
                line: *columns.get(set.key.as_str())?,
                period: set.period,
                set: by_hand(set),
            })
        });
        let set = set.collect();
        let profile = ground.profile.as_deref();
        let profile = profile
            .map(|profile| profile.part(rows, &places))
            .unwrap_or_default();
        let bytes = profile.pack();
        let mark: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let is_known = has == Some(mark.as_str());
        Ok(Some(LineSheet {
            by: ground.lines.by,
            known: ground.known.clone(),
            may_edit,
            lines: sheet_lines,
            set,
            profile: (!is_known).then_some(bytes),
            mark,
        }))
    }
}
