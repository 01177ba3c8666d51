//! Cells: the numbers of a version as rows, for everybody who asks what a target is. Written when a version is
//! published, and behind a draft's log by a projection.

#[expect(unreachable_pub, reason = "the entity macro writes pub items")]
mod row;
mod totals;

use domain::calendar::Day;
use domain::id::{MemberId, NodeId, UnitId, VersionId};
use domain::money::Minor;
use domain::target::{PublishedTarget, Span};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement,
};

use crate::version::{self, Node};
use crate::{Scope, Session, StoreError, Writer};
pub use totals::{RecordCell, RecordTotal, record_cells, record_totals};

/// Rows of one statement.
use crate::ROWS_PER_STATEMENT as BATCH;

/// The level every plan has; floor, stretch and challenge are ratios of it.
pub const TARGET: &str = "target";

/// A number of a node in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which node.
    pub node: NodeId,
    /// The period.
    pub period: Span,
    /// The target.
    pub amount: Minor,
    /// What the children have beyond it.
    pub hedge: Minor,
}

/// Replaces the cells of a version.
pub async fn replace(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    cells: &[Cell],
) -> Result<(), StoreError> {
    let executor = writer.executor();
    row::Entity::delete_many()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::VersionId.eq(version.0))
        .exec(&executor)
        .await?;
    for batch in cells.chunks(BATCH) {
        let rows = batch.iter().map(|cell| row::ActiveModel {
            organization_id: Set(scope.organization.0),
            version_id: Set(version.0),
            node_id: Set(cell.node.0),
            period_starts_on: Set(cell.period.starts_on.0),
            level: Set(TARGET.to_owned()),
            period_ends_on: Set(cell.period.ends_on.0),
            amount: Set(cell.amount.0),
            hedge: Set(cell.hedge.0),
        });
        row::Entity::insert_many(rows)
            .exec_without_returning(&executor)
            .await?;
    }
    Ok(())
}

/// The nodes of a version within reach with their cells, by ordinal and period.
pub async fn of_version(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<(Node, Vec<Cell>)>, StoreError> {
    let nodes = version::nodes(session, scope, version).await?;
    let mut place = std::collections::HashMap::with_capacity(nodes.len());
    let mut answer = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.into_iter().enumerate() {
        place.insert(node.id.0, index);
        answer.push((node, Vec::new()));
    }
    let rows = row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::VersionId.eq(version.0))
        .filter(row::Column::Level.eq(TARGET))
        .order_by_asc(row::Column::PeriodStartsOn)
        .all(&session.executor())
        .await?;
    for row in rows {
        let Some((_, cells)) = place.get(&row.node_id).and_then(|&index| answer.get_mut(index)) else {
            continue;
        };
        cells.push(read(&row));
    }
    Ok(answer)
}

/// The cells of one node of a version, by period; none where it is out of reach.
pub async fn of_node(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    node: &Node,
) -> Result<Vec<Cell>, StoreError> {
    if !version::within_reach(scope, node.of, node.carrier) {
        return Ok(Vec::new());
    }
    let rows = row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::VersionId.eq(version.0))
        .filter(row::Column::NodeId.eq(node.id.0))
        .filter(row::Column::Level.eq(TARGET))
        .order_by_asc(row::Column::PeriodStartsOn)
        .all(&session.executor())
        .await?;
    Ok(rows.iter().map(read).collect())
}

fn read(row: &row::Model) -> Cell {
    Cell {
        node: row.node_id.into(),
        period: Span {
            starts_on: Day(row.period_starts_on),
            ends_on: Day(row.period_ends_on),
        },
        amount: Minor(row.amount),
        hedge: Minor(row.hedge),
    }
}

/// Days are counted in days, instants in milliseconds.
const MS_PER_DAY: i64 = 86_400_000;

/// Targets of the plans of record of a metric, of every period that has a day in `[from, to)`, of the units and people
/// within reach. A period that is only partly asked for comes with its whole target: clipping is the caller's.
pub async fn published_targets(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    from: Day,
    to: Day,
) -> Result<Vec<PublishedTarget>, StoreError> {
    targets(session, scope, metric_key, from, to, "AND r.until_ms IS NULL").await
}

/// The same as people carried them: of each period the targets that held when it ended, and where it had none by then, those that
/// were published for it last. What a revision holds of the periods that were over when it began is no target: it says what was
/// done, which everybody reached.
pub async fn targets_as_carried(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    from: Day,
    to: Day,
) -> Result<Vec<PublishedTarget>, StoreError> {
    let held_at_the_end = |of: &str| {
        let end = format!("CAST({of}.ends_on AS BIGINT) * {MS_PER_DAY}");
        format!("({of}.from_ms <= {end} AND ({of}.until_ms IS NULL OR {of}.until_ms > {end}))")
    };
    let is_target = |of: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM revision v WHERE v.organization_id = {of}.organization_id
               AND v.draft_id = {of}.version_id AND v.begins_on >= {of}.ends_on)"
        )
    };
    let which = format!(
        "AND {} AND NOT EXISTS (SELECT 1 FROM plan_record e
           WHERE e.organization_id = r.organization_id AND e.metric_key = r.metric_key
             AND e.starts_on < r.ends_on AND e.ends_on > r.starts_on AND {}
             AND NOT {} AND ({} OR e.from_ms > r.from_ms))",
        is_target("r"),
        is_target("e"),
        held_at_the_end("r"),
        held_at_the_end("e"),
    );
    targets(session, scope, metric_key, from, to, &which).await
}

async fn targets(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    from: Day,
    to: Day,
    which: &str,
) -> Result<Vec<PublishedTarget>, StoreError> {
    let executor = session.executor();
    let own = scope.reach == domain::access::Reach::Own;
    let mut sql = format!(
        "SELECT n.kind, n.ref_id, n.carrier_id, c.period_starts_on, c.period_ends_on, c.amount, u.ref_id
        FROM plan_record r
        JOIN cell c ON c.organization_id = r.organization_id AND c.version_id = r.version_id
          AND c.period_starts_on = r.starts_on AND c.level = 'target'
        JOIN plan_node n ON n.organization_id = c.organization_id AND n.version_id = c.version_id AND n.id = c.node_id
        LEFT JOIN plan_node u ON u.organization_id = n.organization_id AND u.version_id = n.version_id AND u.id = n.parent_id
        WHERE r.organization_id = $1 AND r.metric_key = $2 AND r.starts_on < $4 AND r.ends_on > $3 {which}"
    );
    let mut values: Vec<sea_orm::Value> = vec![
        scope.organization.0.into(),
        metric_key.into(),
        from.0.into(),
        to.0.into(),
    ];
    if own {
        sql.push_str(" AND (n.ref_id = $5 OR n.carrier_id = $5)");
        values.push(scope.member.map(|member| member.0).into());
    }
    sql.push_str(" ORDER BY n.version_id, n.ordinal, c.period_starts_on");
    let statement = Statement::from_sql_and_values(executor.get_database_backend(), sql, values);
    let mut targets = Vec::new();
    for row in executor.query_all_raw(statement).await? {
        let kind: String = row.try_get_by_index(0)?;
        let of: uuid::Uuid = row.try_get_by_index(1)?;
        let carrier: Option<uuid::Uuid> = row.try_get_by_index(2)?;
        let node = version::reference(&kind, of)?;
        if !version::within_reach(scope, node, carrier.map(MemberId)) {
            continue;
        }
        let below: Option<uuid::Uuid> = row.try_get_by_index(6)?;
        targets.push(PublishedTarget {
            node,
            carrier: carrier.map(MemberId),
            below: below.map(UnitId),
            period: Span {
                starts_on: Day(row.try_get_by_index(3)?),
                ends_on: Day(row.try_get_by_index(4)?),
            },
            amount: Minor(row.try_get_by_index(5)?),
        });
    }
    Ok(targets)
}

/// A period for which a version is, or was, the plan of record of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The version.
    pub version: VersionId,
    /// The period.
    pub period: Span,
    /// Since when, milliseconds since the epoch.
    pub from_ms: i64,
    /// Until when; `None`: it still is.
    pub until_ms: Option<i64>,
    /// The version that took its place.
    pub superseded_by: Option<VersionId>,
}

/// What is the plan of record now, of every metric and period.
pub async fn on_record(session: &impl Session, scope: &Scope) -> Result<Vec<Record>, StoreError> {
    read_records(
        session,
        "until_ms IS NULL ORDER BY starts_on, version_id",
        vec![scope.organization.0.into()],
    )
    .await
}

/// What is and was the plan of record of a metric on the days of a span, latest first.
pub async fn records(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    span: Span,
) -> Result<Vec<Record>, StoreError> {
    read_records(
        session,
        "metric_key = $2 AND starts_on < $4 AND ends_on > $3 ORDER BY from_ms DESC, starts_on, version_id",
        vec![
            scope.organization.0.into(),
            metric_key.into(),
            span.starts_on.0.into(),
            span.ends_on.0.into(),
        ],
    )
    .await
}

async fn read_records(
    session: &impl Session,
    which: &str,
    values: Vec<sea_orm::Value>,
) -> Result<Vec<Record>, StoreError> {
    let executor = session.executor();
    let sql = format!(
        "SELECT version_id, starts_on, ends_on, from_ms, until_ms, superseded_by FROM plan_record
         WHERE organization_id = $1 AND {which}"
    );
    let statement = Statement::from_sql_and_values(executor.get_database_backend(), sql, values);
    let mut records = Vec::new();
    for row in executor.query_all_raw(statement).await? {
        let superseded_by: Option<uuid::Uuid> = row.try_get_by_index(5)?;
        records.push(Record {
            version: VersionId(row.try_get_by_index(0)?),
            period: Span {
                starts_on: Day(row.try_get_by_index(1)?),
                ends_on: Day(row.try_get_by_index(2)?),
            },
            from_ms: row.try_get_by_index(3)?,
            until_ms: row.try_get_by_index(4)?,
            superseded_by: superseded_by.map(VersionId),
        });
    }
    Ok(records)
}

/// Whether something else is on record now for a period that a version was on record for.
pub async fn is_superseded(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<bool, StoreError> {
    let executor = session.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        "SELECT 1 FROM plan_record WHERE organization_id = $1 AND version_id = $2 AND until_ms IS NOT NULL LIMIT 1",
        [scope.organization.0.into(), version.0.into()],
    );
    Ok(executor.query_one_raw(statement).await?.is_some())
}

/// Makes a version the plan of record for its periods from now on: whatever held any of them gives way; answers the
/// versions that hold nothing any more. Partial overlaps are refused by the caller beforehand.
pub async fn put_on_record(
    writer: &Writer,
    scope: &Scope,
    metric_key: &str,
    version: VersionId,
    periods: &[Span],
    at_ms: i64,
) -> Result<Vec<VersionId>, StoreError> {
    let executor = writer.executor();
    let backend = executor.get_database_backend();
    for period in periods {
        let give_way = Statement::from_sql_and_values(
            backend,
            "UPDATE plan_record SET until_ms = $5, superseded_by = $6
             WHERE organization_id = $1 AND metric_key = $2 AND until_ms IS NULL AND starts_on < $4 AND ends_on > $3",
            [
                scope.organization.0.into(),
                metric_key.into(),
                period.starts_on.0.into(),
                period.ends_on.0.into(),
                at_ms.into(),
                version.0.into(),
            ],
        );
        executor.execute_raw(give_way).await?;
        let hold = Statement::from_sql_and_values(
            backend,
            "INSERT INTO plan_record (organization_id, metric_key, version_id, starts_on, ends_on, from_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
            [
                scope.organization.0.into(),
                metric_key.into(),
                version.0.into(),
                period.starts_on.0.into(),
                period.ends_on.0.into(),
                at_ms.into(),
            ],
        );
        executor.execute_raw(hold).await?;
    }
    let statement = Statement::from_sql_and_values(
        backend,
        "SELECT v.id FROM version v JOIN plan p ON p.organization_id = v.organization_id AND p.id = v.plan_id
         WHERE v.organization_id = $1 AND v.status = 'published' AND p.metric_key = $2 AND NOT EXISTS
           (SELECT 1 FROM plan_record r WHERE r.organization_id = v.organization_id AND r.metric_key = $2
             AND r.version_id = v.id AND r.until_ms IS NULL)",
        [scope.organization.0.into(), metric_key.into()],
    );
    let mut emptied = Vec::new();
    for row in executor.query_all_raw(statement).await? {
        emptied.push(VersionId(row.try_get_by_index(0)?));
    }
    Ok(emptied)
}
