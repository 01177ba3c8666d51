//! Plans: the targets of one metric over a span of days, with the periods that are its columns.

#[expect(unreachable_pub, reason = "the entity macro writes pub items")]
mod row;

use domain::calendar::{Day, Period, PeriodKind};
use domain::id::{ImportId, PlanId, VersionId};
use domain::target::{Span, VersionStatus};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    Statement,
};

use crate::{Scope, Session, StoreError, Writer, version};

/// A plan; what it says is in its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which.
    pub id: PlanId,
    /// What is counted.
    pub metric_key: String,
    /// What people call it.
    pub name: String,
    /// All its days.
    pub span: Span,
    /// What its periods are.
    pub period_kind: PeriodKind,
    /// The columns in their order; they cover the span without gaps, except in a plan made from an imported sheet.
    pub periods: Vec<Period>,
    /// The import that made it.
    pub import: Option<ImportId>,
    /// Whether it belongs to the sample company.
    pub demo: bool,
    /// When it was made, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// Who made it.
    pub created_by: String,
}

/// Stores a plan with its periods.
pub async fn insert(writer: &Writer, scope: &Scope, plan: &Plan) -> Result<(), StoreError> {
    let executor = writer.executor();
    row::plan::Entity::insert(row::plan::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(plan.id.0),
        metric_key: Set(plan.metric_key.clone()),
        name: Set(plan.name.clone()),
        starts_on: Set(plan.span.starts_on.0),
        ends_on: Set(plan.span.ends_on.0),
        period_kind: Set(plan.period_kind.as_str().to_owned()),
        import_id: Set(plan.import.map(|import| import.0)),
        demo: Set(i32::from(plan.demo)),
        created_at_ms: Set(plan.created_at_ms),
        created_by: Set(plan.created_by.clone()),
    })
    .exec_without_returning(&executor)
    .await?;
    let mut periods = Vec::with_capacity(plan.periods.len());
    for (ordinal, period) in (0..).zip(&plan.periods) {
        periods.push(row::period::ActiveModel {
            organization_id: Set(scope.organization.0),
            plan_id: Set(plan.id.0),
            ordinal: Set(ordinal),
            name: Set(period.name.clone()),
            starts_on: Set(period.start.0),
            ends_on: Set(period.end.0),
        });
    }
    row::period::Entity::insert_many(periods)
        .exec_without_returning(&executor)
        .await?;
    Ok(())
}

/// One plan. Who may not see drafts does not know of plans that have nothing else.
pub async fn get(session: &impl Session, scope: &Scope, id: PlanId) -> Result<Plan, StoreError> {
    let executor = session.executor();
    let plan = row::plan::Entity::find_by_id((scope.organization.0, id.0))
        .filter(visible(scope))
        .one(&executor)
        .await?
        .ok_or(StoreError::NotFound("plan"))?;
    let periods = row::period::Entity::find()
        .filter(row::period::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::period::Column::PlanId.eq(id.0))
        .order_by_asc(row::period::Column::Ordinal)
        .all(&executor)
        .await?;
    assemble(plan, periods)
}

/// Every plan within sight, the latest first; see [`get`].
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<Plan>, StoreError> {
    let executor = session.executor();
    let plans = row::plan::Entity::find()
        .filter(row::plan::Column::OrganizationId.eq(scope.organization.0))
        .filter(visible(scope))
        .order_by_desc(row::plan::Column::StartsOn)
        .order_by_desc(row::plan::Column::CreatedAtMs)
        .all(&executor)
        .await?;
    let periods = row::period::Entity::find()
        .filter(row::period::Column::OrganizationId.eq(scope.organization.0))
        .order_by_asc(row::period::Column::PlanId)
        .order_by_asc(row::period::Column::Ordinal)
        .all(&executor)
        .await?;
    let mut of_plan = std::collections::HashMap::<_, Vec<_>>::new();
    for period in periods {
        of_plan.entry(period.plan_id).or_default().push(period);
    }
    plans
        .into_iter()
        .map(|plan| {
            let periods = of_plan.remove(&plan.id).unwrap_or_default();
            assemble(plan, periods)
        })
        .collect()
}

/// Which plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One.
    Plan(PlanId),
    /// Those an import made.
    Import(ImportId),
    /// Those of the sample company.
    Demo,
}

/// Deletes plans with everything that hangs on them; answers how many there were.
pub async fn remove(writer: &Writer, scope: &Scope, which: Which) -> Result<u64, StoreError> {
    let (condition, value): (&str, sea_orm::Value) = match which {
        Which::Plan(id) => ("id = $2", id.0.into()),
        Which::Import(id) => ("import_id = $2", id.0.into()),
        Which::Demo => ("demo = $2", 1_i32.into()),
    };
    let plans = format!("SELECT id FROM plan WHERE organization_id = $1 AND {condition}");
    let versions = format!("SELECT id FROM version WHERE organization_id = $1 AND plan_id IN ({plans})");
    remove_versions(writer, scope, &versions, &value).await?;
    let periods = format!("DELETE FROM plan_period WHERE organization_id = $1 AND plan_id IN ({plans})");
    run(writer, scope, &periods, Some(&value)).await?;
    let rows = format!("DELETE FROM plan WHERE organization_id = $1 AND {condition}");
    let removed = run(writer, scope, &rows, Some(&value)).await?;
    restore(writer, scope).await?;
    Ok(removed)
}

/// Deletes a version with everything that hangs on it; its plan stays.
pub async fn remove_version(writer: &Writer, scope: &Scope, version: VersionId) -> Result<(), StoreError> {
    let one = "SELECT id FROM version WHERE organization_id = $1 AND id = $2";
    remove_versions(writer, scope, one, &version.0.into()).await?;
    restore(writer, scope).await
}

async fn remove_versions(
    writer: &Writer,
    scope: &Scope,
    versions: &str,
    value: &sea_orm::Value,
) -> Result<(), StoreError> {
    hand_over(writer, scope, versions, value).await?;
    let tables = [
        "acknowledgement",
        "plan_record",
        "cell",
        "plan_basis",
        "plan_command",
        "plan_snapshot",
        "plan_node",
    ];
    for table in tables {
        let sql = format!("DELETE FROM {table} WHERE organization_id = $1 AND version_id IN ({versions})");
        run(writer, scope, &sql, Some(value)).await?;
    }
    let children = format!(
        "UPDATE version SET parent_version_id = NULL
         WHERE organization_id = $1 AND parent_version_id IN ({versions})"
    );
    run(writer, scope, &children, Some(value)).await?;
    let rows = format!("DELETE FROM version WHERE organization_id = $1 AND id IN ({versions})");
    run(writer, scope, &rows, Some(value)).await?;
    Ok(())
}

/// What removed versions had replaced is the plan of record again.
async fn restore(writer: &Writer, scope: &Scope) -> Result<(), StoreError> {
    let sql = "UPDATE version SET status = 'published', archived_at_ms = NULL
         WHERE organization_id = $1 AND status = 'archived' AND id IN
           (SELECT version_id FROM plan_record WHERE organization_id = $1 AND until_ms IS NULL)";
    run(writer, scope, sql, None).await?;
    Ok(())
}

/// Runs a statement with the organization and perhaps a value; answers how many rows it touched.
async fn run(
    writer: &Writer,
    scope: &Scope,
    sql: &str,
    value: Option<&sea_orm::Value>,
) -> Result<u64, StoreError> {
    let executor = writer.executor();
    let mut values: Vec<sea_orm::Value> = vec![scope.organization.0.into()];
    values.extend(value.cloned());
    let statement = Statement::from_sql_and_values(executor.get_database_backend(), sql, values);
    Ok(executor.execute_raw(statement).await?.rows_affected())
}

/// What the removed versions had superseded is now superseded by what superseded them, or by nothing.
async fn hand_over(
    writer: &Writer,
    scope: &Scope,
    versions: &str,
    value: &sea_orm::Value,
) -> Result<(), StoreError> {
    let later = "FROM plan_record b WHERE b.organization_id = $1 AND b.version_id = plan_record.superseded_by
        AND b.starts_on < plan_record.ends_on AND b.ends_on > plan_record.starts_on";
    let sql = format!(
        "UPDATE plan_record SET until_ms = (SELECT max(b.until_ms) {later}),
           superseded_by = (SELECT b.superseded_by {later} ORDER BY b.until_ms DESC LIMIT 1)
         WHERE organization_id = $1 AND version_id NOT IN ({versions}) AND superseded_by IN ({versions})"
    );
    // One version of the removed plan may have superseded another of it: each round goes one further.
    while run(writer, scope, &sql, Some(value)).await? > 0 {}
    Ok(())
}

fn visible(scope: &Scope) -> Condition {
    if version::sees_drafts(scope) {
        return Condition::all();
    }
    let known = sea_orm::sea_query::Query::select()
        .column(version::row::version::Column::PlanId)
        .from(version::row::version::Entity)
        .and_where(version::row::version::Column::OrganizationId.eq(scope.organization.0))
        .and_where(
            version::row::version::Column::Status.is_not_in(version::IN_WORK.map(VersionStatus::as_str)),
        )
        .to_owned();
    Condition::all().add(row::plan::Column::Id.in_subquery(known))
}

fn assemble(plan: row::plan::Model, periods: Vec<row::period::Model>) -> Result<Plan, StoreError> {
    let kind = PeriodKind::parse(&plan.period_kind).ok_or(StoreError::Damaged("plan.period_kind"))?;
    Ok(Plan {
        id: plan.id.into(),
        metric_key: plan.metric_key,
        name: plan.name,
        span: Span {
            starts_on: Day(plan.starts_on),
            ends_on: Day(plan.ends_on),
        },
        period_kind: kind,
        periods: periods
            .into_iter()
            .map(|period| Period {
                kind,
                name: period.name,
                start: Day(period.starts_on),
                end: Day(period.ends_on),
            })
            .collect(),
        import: plan.import_id.map(ImportId),
        demo: plan.demo != 0,
        created_at_ms: plan.created_at_ms,
        created_by: plan.created_by,
    })
}
