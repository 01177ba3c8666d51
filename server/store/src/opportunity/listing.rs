//! The deals behind a number.

use domain::calendar::Day;
use domain::id::{AccountId, CategoryId, ChannelId, MemberId, OpportunityId, ProductId, UnitId};
use domain::metric::Stage;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{marks, one_mark, query};
use crate::metric::Metric;
use crate::slot::there;
use crate::{Scope, Session, StoreError};

/// Which deals: those whose credit counts for a metric within days, narrowed further.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// First day.
    pub from: Day,
    /// Day after the last.
    pub to: Day,
    /// Credited to one of these.
    pub members: Option<Vec<MemberId>>,
    /// Credited within one of these units (with what is below them, if that is wanted).
    pub units: Option<Vec<UnitId>>,
    /// Of this product; `Some(None)`: of none.
    pub product: Option<Option<ProductId>>,
    /// Of a product of this category; `Some(None)`: of a product without one, or of none.
    pub category: Option<Option<CategoryId>>,
    /// With this customer; `Some(None)`: with none.
    pub account: Option<Option<AccountId>>,
    /// By this channel; `Some(None)`: by none.
    pub channel: Option<Option<ChannelId>>,
}

/// Which part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Deals left out at the start.
    pub offset: u32,
    /// Deals shown at most.
    pub limit: u32,
}

/// A deal with the part of it that is credited to one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: OpportunityId,
    /// Its id in the system it comes from.
    pub external_id: String,
    /// What it is about.
    pub name: Option<String>,
    /// Who is credited.
    pub member: MemberId,
    /// The unit the credit fell to.
    pub unit: UnitId,
    /// The customer.
    pub account: Option<AccountId>,
    /// The customer's name.
    pub account_name: Option<String>,
    /// The product.
    pub product: Option<ProductId>,
    /// The product's name.
    pub product_name: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// First day in the pipeline.
    pub created_on: Option<Day>,
    /// The day it counts.
    pub day: Day,
    /// The amount credited.
    pub amount: Fact,
}

/// One page of the deals within the scope, latest first, with the number of all and their sum.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Found>, i64, Fact), StoreError> {
    let (condition, values) = condition(session, scope, metric, filter);
    let tables = "credit c JOIN opportunity o ON o.organization_id = c.organization_id AND o.id = c.fact_id AND o.slot = c.slot \
                  LEFT JOIN account a ON a.organization_id = o.organization_id AND a.id = o.account_id \
                  LEFT JOIN product p ON p.organization_id = o.organization_id AND p.id = o.product_id";
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(c.amount), 0) AS bigint) FROM {tables} WHERE {condition}"
    );
    let totals = query(session, &sql, values.clone()).await?;
    let totals = totals.first().ok_or(StoreError::Damaged("opportunity"))?;
    let (count, sum): (i64, i64) = (totals.try_get_by_index(0)?, totals.try_get_by_index(1)?);
    let sql = format!(
        "SELECT o.id, o.external_id, o.name, c.member_id, c.unit_id, o.account_id, a.name, o.product_id, p.name, o.stage, \
         o.created_on, c.day, c.amount FROM {tables} WHERE {condition} \
         ORDER BY c.day DESC, o.external_id, c.part LIMIT {} OFFSET {}",
        page.limit, page.offset
    );
    let mut found = Vec::new();
    for row in query(session, &sql, values).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        let member: Uuid = row.try_get_by_index(3)?;
        let unit: Uuid = row.try_get_by_index(4)?;
        let account: Option<Uuid> = row.try_get_by_index(5)?;
        let product: Option<Uuid> = row.try_get_by_index(7)?;
        let stage: String = row.try_get_by_index(9)?;
        let created_on: Option<i32> = row.try_get_by_index(10)?;
        found.push(Found {
            id: id.into(),
            external_id: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            member: member.into(),
            unit: unit.into(),
            account: account.map(AccountId),
            account_name: row.try_get_by_index(6)?,
            product: product.map(ProductId),
            product_name: row.try_get_by_index(8)?,
            stage: Stage::parse(&stage).ok_or(StoreError::Damaged("opportunity.stage"))?,
            created_on: created_on.map(Day),
            day: Day(row.try_get_by_index(11)?),
            amount: Fact(row.try_get_by_index(12)?),
        });
    }
    Ok((found, count, Fact(sum)))
}

fn condition(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    filter: &Filter,
) -> (String, Vec<Value>) {
    let dialect = session.dialect();
    let mut values: Vec<Value> = Vec::new();
    let mut text = String::new();
    let put = |values: &mut Vec<Value>, value: Value| {
        values.push(value);
        one_mark(dialect, values.len())
    };
    let among = |values: &mut Vec<Value>, column: &str, ids: Vec<Uuid>| {
        if ids.is_empty() {
            return "1 = 0".to_owned();
        }
        let list = marks(dialect, values.len() + 1, ids.len());
        values.extend(ids.into_iter().map(Value::from));
        format!("{column} IN ({list})")
    };
    text += &format!(
        "c.organization_id = {}",
        put(&mut values, scope.organization.0.into())
    );
    text += &format!(" AND c.metric_id = {}", put(&mut values, metric.id.0.into()));
    text += &format!(
        " AND c.day >= {} AND c.day < {} AND c.kind = 'revenue' AND ",
        filter.from.0, filter.to.0
    );
    text += &there("c", "c.organization_id");
    if let Some(members) = &filter.members {
        text += " AND ";
        text += &among(
            &mut values,
            "c.member_id",
            members.iter().map(|id| id.0).collect(),
        );
    }
    if let Some(units) = &filter.units {
        text += " AND ";
        text += &among(&mut values, "c.unit_id", units.iter().map(|id| id.0).collect());
    }
    let exact = [
        ("o.product_id", filter.product.map(|id| id.map(|id| id.0))),
        ("p.category_id", filter.category.map(|id| id.map(|id| id.0))),
        ("o.account_id", filter.account.map(|id| id.map(|id| id.0))),
        ("o.channel_id", filter.channel.map(|id| id.map(|id| id.0))),
    ];
    for (column, wanted) in exact {
        match wanted {
            None => {}
            Some(None) => text += &format!(" AND {column} IS NULL"),
            Some(Some(id)) => text += &format!(" AND {column} = {}", put(&mut values, id.into())),
        }
    }
    if !scope.sees_everything() {
        let member = put(&mut values, scope.member.unwrap_or_default().0.into());
        let units = among(
            &mut values,
            "c.unit_id",
            scope.units.iter().map(|id| id.0).collect(),
        );
        text += &format!(" AND (c.member_id = {member} OR {units})");
    }
    (text, values)
}
