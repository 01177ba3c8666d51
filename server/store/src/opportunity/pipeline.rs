//! The open pipeline, and how often deals of each stage were won: sums, not deals.

use domain::calendar::Day;
use domain::id::MemberId;
use domain::metric::{Stage, Status};
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{marks, query};
use crate::slot::there;
use crate::{Dialect, Scope, Session, StoreError};

/// Open deals that have whose they are, where they stand and when they are to close in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Whose.
    pub member: MemberId,
    /// Where they stand.
    pub stage: Stage,
    /// The day they are to close, where that is said.
    pub closes_on: Option<Day>,
    /// How many.
    pub deals: i64,
    /// How many of them have an amount.
    pub priced: i64,
    /// The sum of these.
    pub amount: Fact,
}

/// How deals ended that were in a stage, or with none, all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The stage they went through.
    pub stage: Option<Stage>,
    /// How many were won.
    pub won: i64,
    /// How many were lost.
    pub lost: i64,
}

/// The open deals within the scope.
pub async fn open(session: &impl Session, scope: &Scope) -> Result<Vec<Open>, StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into(), Status::Open.as_str().into()];
    let mut sql = format!(
        "SELECT f.member_id, f.stage, f.closed_on, COUNT(*), COUNT(f.amount), CAST(COALESCE(SUM(f.amount), 0) AS bigint) \
         FROM opportunity f WHERE f.organization_id = $1 AND f.status = $2 AND {}",
        there("f", "f.organization_id")
    );
    if !scope.sees_everything() {
        if scope.members.is_empty() {
            return Ok(Vec::new());
        }
        // Numbered marks work on both databases where nothing else is bare.
        sql += &format!(
            " AND f.member_id IN ({})",
            marks(Dialect::Postgres, 3, scope.members.len())
        );
        values.extend(scope.members.iter().map(|member| Value::from(member.0)));
    }
    sql += " GROUP BY f.member_id, f.stage, f.closed_on";
    let rows = query(session, &sql, values).await?;
    let read = |row: &sea_orm::QueryResult| {
        let stage: String = row.try_get_by_index(1)?;
        let closes_on: Option<i32> = row.try_get_by_index(2)?;
        Ok(Open {
            member: row.try_get_by_index::<Uuid>(0)?.into(),
            stage: Stage::parse(&stage).ok_or(StoreError::Damaged("opportunity.stage"))?,
            closes_on: closes_on.map(Day),
            deals: row.try_get_by_index(3)?,
            priced: row.try_get_by_index(4)?,
            amount: Fact(row.try_get_by_index(5)?),
        })
    };
    rows.iter().map(read).collect()
}

/// How closed deals ended: all, and those that went through each stage. Of the whole organization whoever asks: it is a
/// rate, not an amount.
pub async fn ended(session: &impl Session, scope: &Scope) -> Result<Vec<Ended>, StoreError> {
    let values = || {
        let all: [Value; 3] = [
            scope.organization.0.into(),
            Status::Won.as_str().into(),
            Status::Lost.as_str().into(),
        ];
        all.to_vec()
    };
    let there = there("f", "f.organization_id");
    let of_all = format!(
        "SELECT CAST(NULL AS text), f.status, COUNT(*) FROM opportunity f \
         WHERE f.organization_id = $1 AND f.status IN ($2, $3) AND {there} GROUP BY f.status"
    );
    let of_stages = format!(
        "SELECT e.stage, f.status, COUNT(DISTINCT f.id) FROM opportunity f \
         JOIN stage_event e ON e.organization_id = f.organization_id AND e.opportunity_id = f.id AND e.slot = f.slot \
         WHERE f.organization_id = $1 AND f.status IN ($2, $3) AND {there} GROUP BY e.stage, f.status"
    );
    let mut found: Vec<Ended> = Vec::new();
    for sql in [of_all, of_stages] {
        for row in query(session, &sql, values()).await? {
            let stage: Option<String> = row.try_get_by_index(0)?;
            let stage = stage
                .map(|stage| Stage::parse(&stage).ok_or(StoreError::Damaged("stage_event.stage")))
                .transpose()?;
            let status: String = row.try_get_by_index(1)?;
            let count: i64 = row.try_get_by_index(2)?;
            let place = found.iter().position(|ended| ended.stage == stage);
            let place = place.unwrap_or_else(|| {
                found.push(Ended {
                    stage,
                    won: 0,
                    lost: 0,
                });
                found.len() - 1
            });
            if let Some(ended) = found.get_mut(place) {
                match Status::parse(&status) {
                    Some(Status::Won) => ended.won += count,
                    _ => ended.lost += count,
                }
            }
        }
    }
    Ok(found)
}

/// What won deals with an amount brought, and how many they are.
pub async fn won(session: &impl Session, scope: &Scope) -> Result<(Fact, i64), StoreError> {
    let values: Vec<Value> = vec![scope.organization.0.into(), Status::Won.as_str().into()];
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(f.amount), 0) AS bigint), COUNT(f.amount) FROM opportunity f \
         WHERE f.organization_id = $1 AND f.status = $2 AND {}",
        there("f", "f.organization_id")
    );
    let rows = query(session, &sql, values).await?;
    match rows.first() {
        Some(row) => Ok((Fact(row.try_get_by_index(0)?), row.try_get_by_index(1)?)),
        None => Ok((Fact(0), 0)),
    }
}
