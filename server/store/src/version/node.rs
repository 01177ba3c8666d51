//! The tree of a version as it was when the version was made, and the weights its numbers were split by.

use std::ops::Range;

use domain::id::{MemberId, NodeId, VersionId};
use domain::target::NodeRef;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Value};

use super::row;
use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// Rows of one statement; with eleven columns below every database's limit of parameters.
use crate::ROWS_PER_STATEMENT as BATCH;

/// What is stored as the period of what counts for the whole plan.
pub const WHOLE: i32 = -1;

/// A place in the tree of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which.
    pub id: NodeId,
    /// The place in the packed arrays, parents before their children.
    pub ordinal: u32,
    /// The node above.
    pub parent: Option<NodeId>,
    /// The unit or person it stands for.
    pub of: NodeRef,
    /// The unit's level; `member` for a person.
    pub level: String,
    /// The name at the time the version was made.
    pub name: String,
    /// Who answers for the number: the person, or who leads the unit.
    pub carrier: Option<MemberId>,
}

/// A quantised weight of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Its key: `equal`, `history`, …
    pub basis: String,
    /// Of which node.
    pub node: NodeId,
    /// The ordinal of a period, or [`WHOLE`].
    pub period: i32,
    /// 0 to 2^63 − 1.
    pub weight: u64,
}

/// Stores the nodes of a new version.
pub async fn insert_nodes(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    nodes: &[Node],
) -> Result<(), StoreError> {
    for batch in nodes.chunks(BATCH) {
        let mut rows = Vec::with_capacity(batch.len());
        for node in batch {
            rows.push(row::node::ActiveModel {
                organization_id: Set(scope.organization.0),
                version_id: Set(version.0),
                id: Set(node.id.0),
                ordinal: Set(
                    i32::try_from(node.ordinal).map_err(|_| StoreError::Damaged("plan_node.ordinal"))?
                ),
                parent_id: Set(node.parent.map(|parent| parent.0)),
                kind: Set(kind(node.of).to_owned()),
                ref_id: Set(reference_id(node.of)),
                level: Set(node.level.clone()),
                name: Set(node.name.clone()),
                carrier_id: Set(node.carrier.map(|member| member.0)),
            });
        }
        row::node::Entity::insert_many(rows)
            .exec_without_returning(&writer.executor())
            .await?;
    }
    Ok(())
}

/// Gives the numbers of units to those who lead them now; what stands at one level is nobody's, and stays so. Answers how many change
/// hands. For a version that is not on record: of what was published nothing changes.
pub async fn hand_to_leaders(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    nobodys: &str,
) -> Result<u64, StoreError> {
    super::get(writer, scope, version).await?;
    let sql = "UPDATE plan_node SET carrier_id = (SELECT u.manager_member_id FROM unit u \
                 WHERE u.organization_id = plan_node.organization_id AND u.id = plan_node.ref_id) \
               WHERE organization_id = $1 AND version_id = $2 AND kind = 'unit' AND level <> $3 \
                 AND EXISTS (SELECT 1 FROM unit u WHERE u.organization_id = plan_node.organization_id \
                   AND u.id = plan_node.ref_id AND u.manager_member_id IS DISTINCT FROM plan_node.carrier_id)";
    let values: Vec<Value> = vec![scope.organization.0.into(), version.0.into(), nobodys.into()];
    execute(writer, sql, values).await
}

/// The nodes of a version that are within reach, in the order of their ordinals. A unit is within reach by today's
/// tree, a person too; who sees only the own numbers sees the nodes they carry.
pub async fn nodes(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<Node>, StoreError> {
    super::get(session, scope, version).await?;
    let rows = row::node::Entity::find()
        .filter(row::node::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::node::Column::VersionId.eq(version.0))
        .filter(carried(scope))
        .order_by_asc(row::node::Column::Ordinal)
        .all(&session.executor())
        .await?;
    let mut nodes = Vec::with_capacity(rows.len());
    for row in rows {
        let node = Node::try_from(row)?;
        if within_reach(scope, node.of, node.carrier) {
            nodes.push(node);
        }
    }
    Ok(nodes)
}

/// Those at some places of a version that are within reach, in the order of their ordinals; see [`nodes`].
pub async fn nodes_at(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    ordinals: &[u32],
) -> Result<Vec<Node>, StoreError> {
    super::get(session, scope, version).await?;
    // What no ordinal can be is at no place.
    let places: Vec<i32> = ordinals
        .iter()
        .filter_map(|ordinal| i32::try_from(*ordinal).ok())
        .collect();
    let mut nodes = Vec::with_capacity(places.len());
    for batch in places.chunks(BATCH) {
        let rows = row::node::Entity::find()
            .filter(row::node::Column::OrganizationId.eq(scope.organization.0))
            .filter(row::node::Column::VersionId.eq(version.0))
            .filter(row::node::Column::Ordinal.is_in(batch.iter().copied()))
            .filter(carried(scope))
            .order_by_asc(row::node::Column::Ordinal)
            .all(&session.executor())
            .await?;
        for row in rows {
            let node = Node::try_from(row)?;
            if within_reach(scope, node.of, node.carrier) {
                nodes.push(node);
            }
        }
    }
    Ok(nodes)
}

/// Whether a node of any version stands for one of these units or people, or is carried by one of them.
pub async fn names_any(
    session: &impl Session,
    scope: &Scope,
    ids: &[uuid::Uuid],
) -> Result<bool, StoreError> {
    for batch in ids.chunks(BATCH) {
        let any = Condition::any()
            .add(row::node::Column::RefId.is_in(batch.iter().copied()))
            .add(row::node::Column::CarrierId.is_in(batch.iter().copied()));
        let found = row::node::Entity::find()
            .filter(row::node::Column::OrganizationId.eq(scope.organization.0))
            .filter(any)
            .one(&session.executor())
            .await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Narrows a query over `plan_node` to what a person carries, where that is all they see.
pub(crate) fn carried(scope: &Scope) -> Condition {
    use domain::access::Reach;
    match (scope.reach, scope.member) {
        (Reach::Own, Some(member)) => Condition::any()
            .add(row::node::Column::CarrierId.eq(member.0))
            .add(row::node::Column::RefId.eq(member.0)),
        (Reach::Own, None) => Condition::all().add(sea_orm::sea_query::Expr::cust("1 = 0")),
        _ => Condition::all(),
    }
}

/// Whether a number is within reach; see [`nodes`].
pub(crate) fn within_reach(scope: &Scope, of: NodeRef, carrier: Option<MemberId>) -> bool {
    let own = scope.member.is_some() && carrier == scope.member;
    own || match of {
        NodeRef::Unit(unit) => scope.sees_unit(unit),
        NodeRef::Member(member) => scope.sees_member(member),
    }
}

/// Stores weights; those of the same basis, node and period are replaced.
pub async fn put_bases(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    bases: &[Basis],
) -> Result<(), StoreError> {
    use row::basis::Column;
    let key = [
        Column::OrganizationId,
        Column::VersionId,
        Column::Basis,
        Column::NodeId,
        Column::Period,
    ];
    let replace = sea_orm::sea_query::OnConflict::columns(key)
        .update_column(Column::Weight)
        .to_owned();
    for batch in bases.chunks(BATCH) {
        let mut rows = Vec::with_capacity(batch.len());
        for basis in batch {
            rows.push(row::basis::ActiveModel {
                organization_id: Set(scope.organization.0),
                version_id: Set(version.0),
                basis: Set(basis.basis.clone()),
                node_id: Set(basis.node.0),
                period: Set(basis.period),
                weight: Set(
                    i64::try_from(basis.weight).map_err(|_| StoreError::Damaged("plan_basis.weight"))?
                ),
            });
        }
        row::basis::Entity::insert_many(rows)
            .on_conflict(replace.clone())
            .exec_without_returning(&writer.executor())
            .await?;
    }
    Ok(())
}

/// The weights of a version; only for who may plan, because weights tell of everybody.
pub async fn bases(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<Basis>, StoreError> {
    super::log::planners_only(scope)?;
    let rows = row::basis::Entity::find()
        .filter(row::basis::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::basis::Column::VersionId.eq(version.0))
        .order_by_asc(row::basis::Column::Basis)
        .order_by_asc(row::basis::Column::NodeId)
        .order_by_asc(row::basis::Column::Period)
        .all(&session.executor())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Basis {
                basis: row.basis,
                node: row.node_id.into(),
                period: row.period,
                weight: u64::try_from(row.weight).map_err(|_| StoreError::Damaged("plan_basis.weight"))?,
            })
        })
        .collect()
}

/// What a node weighs in two bases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasisSums {
    /// The place of the node in the packed arrays.
    pub ordinal: u32,
    /// Its weight for the whole plan in the one basis.
    pub whole: u64,
    /// Its weights of all periods in the other one.
    pub by_period: u64,
}

/// The weights of a part of a version, by the places of its nodes: for the whole plan in the first basis, and by period in the
/// second one. Nodes that weigh in neither are left out. Only for who may plan, because weights tell of everybody.
pub async fn basis_sums(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    part: Range<u32>,
    (whole, by_period): (&str, &str),
) -> Result<Vec<BasisSums>, StoreError> {
    super::log::planners_only(scope)?;
    let place = |place: u32| i32::try_from(place).map_err(|_| StoreError::Damaged("plan_node.ordinal"));
    let sql = "SELECT n.ordinal, \
               CAST(SUM(CASE WHEN b.basis = $3 AND b.period = $5 THEN b.weight ELSE 0 END) AS bigint), \
               CAST(SUM(CASE WHEN b.basis = $4 AND b.period <> $5 THEN b.weight ELSE 0 END) AS bigint) \
               FROM plan_node n JOIN plan_basis b ON b.organization_id = n.organization_id \
               AND b.version_id = n.version_id AND b.node_id = n.id \
               WHERE n.organization_id = $1 AND n.version_id = $2 AND b.basis IN ($3, $4) \
               AND n.ordinal >= $6 AND n.ordinal < $7 GROUP BY n.ordinal ORDER BY n.ordinal";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        version.0.into(),
        whole.into(),
        by_period.into(),
        WHOLE.into(),
        place(part.start)?.into(),
        place(part.end)?.into(),
    ];
    let weight = |weight: i64| u64::try_from(weight).map_err(|_| StoreError::Damaged("plan_basis.weight"));
    let mut sums = Vec::new();
    for row in query(session, sql, values).await? {
        let ordinal: i32 = row.try_get_by_index(0)?;
        sums.push(BasisSums {
            ordinal: u32::try_from(ordinal).map_err(|_| StoreError::Damaged("plan_node.ordinal"))?,
            whole: weight(row.try_get_by_index(1)?)?,
            by_period: weight(row.try_get_by_index(2)?)?,
        });
    }
    Ok(sums)
}

/// The stored name of what a node stands for.
pub(super) fn kind(of: NodeRef) -> &'static str {
    match of {
        NodeRef::Unit(_) => "unit",
        NodeRef::Member(_) => "member",
    }
}

pub(super) fn reference_id(of: NodeRef) -> uuid::Uuid {
    uuid::Uuid::from_u128(of.key())
}

/// What a node of a stored kind and id stands for.
pub(crate) fn reference(kind: &str, id: uuid::Uuid) -> Result<NodeRef, StoreError> {
    match kind {
        "unit" => Ok(NodeRef::Unit(id.into())),
        "member" => Ok(NodeRef::Member(id.into())),
        _ => Err(StoreError::Damaged("plan_node.kind")),
    }
}

impl TryFrom<row::node::Model> for Node {
    type Error = StoreError;
    fn try_from(row: row::node::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            ordinal: u32::try_from(row.ordinal).map_err(|_| StoreError::Damaged("plan_node.ordinal"))?,
            parent: row.parent_id.map(NodeId),
            of: reference(&row.kind, row.ref_id)?,
            level: row.level,
            name: row.name,
            carrier: row.carrier_id.map(MemberId),
        })
    }
}
