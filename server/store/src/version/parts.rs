//! Weights of a version summed over whole parts of its tree, by the database.

use domain::id::VersionId;
use sea_orm::Value;

use super::log::planners_only;
use super::node::WHOLE;
use crate::bulk::query;
use crate::{Scope, Session, StoreError};

/// What everybody at a place of a version and below it weighs in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartSum {
    /// The place.
    pub top: u32,
    /// The ordinal of the period.
    pub period: i32,
    /// The sum of their weights.
    pub weight: u64,
}

/// The weights by period of a basis, summed over each of these places with everything below it: what lies between a place and the
/// next one that is not below it. A place and a period with nothing are left out. Only for who may plan, because weights tell of
/// everybody.
pub async fn part_sums(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    basis: &str,
    tops: &[u32],
) -> Result<Vec<PartSum>, StoreError> {
    planners_only(scope)?;
    let wrong = |_| StoreError::Damaged("plan_node.ordinal");
    // Numbers of our own making, so they may stand in the text.
    let mut places = Vec::with_capacity(tops.len());
    for top in tops {
        places.push(format!("({})", i32::try_from(*top).map_err(wrong)?));
    }
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let (organization, version) = (scope.organization.0, version.0);
    let sql = format!(
        "WITH top (o) AS (VALUES {}) \
         SELECT t.o, (SELECT n.ordinal FROM plan_node n CROSS JOIN plan_node a \
         WHERE n.organization_id = $1 AND n.version_id = $2 AND n.ordinal > t.o \
         AND a.organization_id = n.organization_id AND a.version_id = n.version_id AND a.id = n.parent_id \
         AND a.ordinal < t.o ORDER BY n.ordinal LIMIT 1) FROM top t",
        places.join(",")
    );
    let mut parts = Vec::with_capacity(places.len());
    for row in query(session, &sql, vec![organization.into(), version.into()]).await? {
        let top: i32 = row.try_get_by_index(0)?;
        // Below the last ones there is everything else.
        let after: Option<i32> = row.try_get_by_index(1)?;
        parts.push(format!("({top},{})", after.unwrap_or(i32::MAX)));
    }
    let sql = format!(
        "WITH part (o, z) AS (VALUES {}) SELECT p.o, b.period, CAST(SUM(b.weight) AS bigint) \
         FROM part p CROSS JOIN plan_node n CROSS JOIN plan_basis b \
         WHERE n.organization_id = $1 AND n.version_id = $2 AND n.ordinal >= p.o AND n.ordinal < p.z \
         AND b.organization_id = n.organization_id AND b.version_id = n.version_id AND b.basis = $3 \
         AND b.node_id = n.id AND b.period <> $4 GROUP BY p.o, b.period",
        parts.join(",")
    );
    let values: Vec<Value> = vec![organization.into(), version.into(), basis.into(), WHOLE.into()];
    let mut sums = Vec::new();
    for row in query(session, &sql, values).await? {
        let (top, weight): (i32, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        sums.push(PartSum {
            top: u32::try_from(top).map_err(wrong)?,
            period: row.try_get_by_index(1)?,
            weight: u64::try_from(weight).map_err(|_| StoreError::Damaged("plan_basis.weight"))?,
        });
    }
    Ok(sums)
}
