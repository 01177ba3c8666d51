//! The deals or orders behind a number.

use domain::calendar::Day;
use domain::id::{AccountId, CategoryId, ChannelId, MemberId, ProductId, UnitId};
use domain::metric::Source;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{marks, one_mark, query};
use crate::fact::Tables;
use crate::metric::Metric;
use crate::slot::there;
use crate::{Scope, Session, StoreError};

/// Which facts: those whose credit counts for a metric within days, narrowed further.
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
    /// Facts left out at the start.
    pub offset: u32,
    /// Facts shown at most.
    pub limit: u32,
}

/// A fact with the part of it that is credited to one member in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: Uuid,
    /// Its id in the system it comes from.
    pub external_id: String,
    /// What it is about.
    pub name: Option<String>,
    /// Who is credited; nobody where nobody sold it.
    pub member: Option<MemberId>,
    /// The unit the credit fell to.
    pub unit: UnitId,
    /// The customer's name.
    pub account: Option<String>,
    /// The product's name, where it is of one.
    pub product: Option<String>,
    /// Of how many products it is.
    pub products: i64,
    /// The day it counts.
    pub day: Day,
    /// The amount credited.
    pub amount: Fact,
}

/// One page of the facts within the scope that count for a metric, latest first, with the number of all and their sum.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Found>, i64, Fact), StoreError> {
    let (condition, values) = condition(session, scope, metric, filter);
    let main = Tables::of(metric.source).main;
    let (name, product) = match metric.source {
        Source::Deals => ("o.name", "o.product_id"),
        Source::Orders => ("CAST(NULL AS text)", "c.product_id"),
    };
    // A credit for each product of an order: together they are one line of the list.
    let rows = format!(
        "SELECT o.id, o.external_id, {name} AS name, c.member_id, c.unit_id, a.name AS account, \
         CASE WHEN COUNT(DISTINCT p.id) = 1 THEN MIN(p.name) END AS product, COUNT(DISTINCT p.id) AS products, c.day, \
         CAST(SUM(c.amount) AS bigint) AS amount, MIN(c.part) AS part \
         FROM credit c JOIN {main} o ON o.organization_id = c.organization_id AND o.id = c.fact_id AND o.slot = c.slot \
         LEFT JOIN account a ON a.organization_id = o.organization_id AND a.id = o.account_id \
         LEFT JOIN product p ON p.organization_id = o.organization_id AND p.id = {product} \
         WHERE {condition} GROUP BY o.id, o.external_id, {name}, c.member_id, c.unit_id, a.name, c.day"
    );
    let sql = format!("SELECT COUNT(*), CAST(COALESCE(SUM(l.amount), 0) AS bigint) FROM ({rows}) l");
    let totals = query(session, &sql, values.clone()).await?;
    let totals = totals.first().ok_or(StoreError::Damaged("credit"))?;
    let (count, sum): (i64, i64) = (totals.try_get_by_index(0)?, totals.try_get_by_index(1)?);
    let sql = format!(
        "{rows} ORDER BY c.day DESC, o.external_id, MIN(c.part) LIMIT {} OFFSET {}",
        page.limit, page.offset
    );
    let mut found = Vec::new();
    for row in query(session, &sql, values).await? {
        let member: Uuid = row.try_get_by_index(3)?;
        let unit: Uuid = row.try_get_by_index(4)?;
        found.push(Found {
            id: row.try_get_by_index(0)?,
            external_id: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            member: (!member.is_nil()).then_some(MemberId(member)),
            unit: unit.into(),
            account: row.try_get_by_index(5)?,
            product: row.try_get_by_index(6)?,
            products: row.try_get_by_index(7)?,
            day: Day(row.try_get_by_index(8)?),
            amount: Fact(row.try_get_by_index(9)?),
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
    let product = match metric.source {
        Source::Deals => "o.product_id",
        Source::Orders => "c.product_id",
    };
    let exact = [
        (product, filter.product.map(|id| id.map(|id| id.0))),
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
        // Nobody's facts bear the nil id and are not those of who is no member.
        let own = match scope.member {
            Some(member) => format!("c.member_id = {}", put(&mut values, member.0.into())),
            None => "1 = 0".to_owned(),
        };
        let units = among(
            &mut values,
            "c.unit_id",
            scope.units.iter().map(|id| id.0).collect(),
        );
        text += &format!(" AND ({own} OR {units})");
    }
    (text, values)
}
