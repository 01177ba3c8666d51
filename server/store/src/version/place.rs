//! A place of a version by its id, and what hangs below it, without the rest of the tree: a plan may have 100,000 rows.

use std::collections::HashSet;

use domain::id::{NodeId, UnitId, VersionId};
use domain::target::NodeRef;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::node::{Node, carried, kind, reference, reference_id, within_reach};
use super::row;
use crate::{Scope, Session, StoreError};

/// Units that are read at once.
const BATCH: usize = 1_000;

/// The node of a version by its id, if it is within reach; see [`super::nodes`].
pub async fn node_of(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    node: NodeId,
) -> Result<Option<Node>, StoreError> {
    super::get(session, scope, version).await?;
    let row = row::node::Entity::find()
        .filter(row::node::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::node::Column::VersionId.eq(version.0))
        .filter(row::node::Column::Id.eq(node.0))
        .filter(carried(scope))
        .one(&session.executor())
        .await?;
    let found = row.map(Node::try_from).transpose()?;
    Ok(found.filter(|found| within_reach(scope, found.of, found.carrier)))
}

/// Whether a unit or person stands at several places of a version.
pub async fn has_several_places(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    of: NodeRef,
) -> Result<bool, StoreError> {
    let rows = row::node::Entity::find()
        .filter(row::node::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::node::Column::VersionId.eq(version.0))
        .filter(row::node::Column::Kind.eq(kind(of)))
        .filter(row::node::Column::RefId.eq(reference_id(of)))
        .limit(2)
        .all(&session.executor())
        .await?;
    Ok(rows.len() > 1)
}

/// The unit of a node and those below it, in the order of the tree; of no others is more read than one batch.
pub async fn units_below(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    top: &Node,
) -> Result<Vec<UnitId>, StoreError> {
    let mut units: Vec<UnitId> = unit(top.of).into_iter().collect();
    let mut inside = HashSet::from([top.id.0]);
    let mut after = i32::try_from(top.ordinal).map_err(|_| StoreError::Damaged("plan_node.ordinal"))?;
    loop {
        let rows = row::node::Entity::find()
            .filter(row::node::Column::OrganizationId.eq(scope.organization.0))
            .filter(row::node::Column::VersionId.eq(version.0))
            .filter(row::node::Column::Kind.eq("unit"))
            .filter(row::node::Column::Ordinal.gt(after))
            .order_by_asc(row::node::Column::Ordinal)
            .limit(BATCH as u64)
            .all(&session.executor())
            .await?;
        let is_last = rows.len() < BATCH;
        for row in rows {
            // What is below a node lies behind it without a gap: the first unit that hangs elsewhere ends it.
            if row.parent_id.is_none_or(|parent| !inside.contains(&parent)) {
                return Ok(units);
            }
            inside.insert(row.id);
            after = row.ordinal;
            units.extend(unit(reference(&row.kind, row.ref_id)?));
        }
        if is_last {
            return Ok(units);
        }
    }
}

fn unit(of: NodeRef) -> Option<UnitId> {
    match of {
        NodeRef::Unit(unit) => Some(unit),
        NodeRef::Member(_) => None,
    }
}
