//! Who was reminded of numbers they have not confirmed. Of one plan a person is reminded once a day, whoever asks for it and of
//! whichever of its versions: the key of the table decides, also between two transactions at the same moment.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::id::{MemberId, PlanId, VersionId};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// Takes the reminder of a day for somebody within reach; whether it was still there to be taken. Whoever takes several goes by
/// the order of members, so that two transactions never wait for each other.
pub async fn take(
    writer: &Writer,
    scope: &Scope,
    (plan, version): (PlanId, VersionId),
    member: MemberId,
    on: Day,
) -> Result<bool, StoreError> {
    if !scope.sees_member(member) {
        return Err(StoreError::NotFound("member"));
    }
    let sql = "INSERT INTO target_reminder (organization_id, plan_id, member_id, reminded_on, version_id) \
               VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (organization_id, plan_id, member_id, reminded_on) DO NOTHING";
    let values = vec![
        scope.organization.0.into(),
        plan.0.into(),
        member.0.into(),
        on.0.into(),
        version.0.into(),
    ];
    Ok(execute(writer, sql, values).await? > 0)
}

/// The last day on which each member within reach was reminded of a plan.
pub async fn last(
    session: &impl Session,
    scope: &Scope,
    plan: PlanId,
) -> Result<BTreeMap<MemberId, Day>, StoreError> {
    let sql = "SELECT member_id, CAST(max(reminded_on) AS bigint) FROM target_reminder \
               WHERE organization_id = $1 AND plan_id = $2 GROUP BY member_id";
    let mut last = BTreeMap::new();
    for row in query(session, sql, vec![scope.organization.0.into(), plan.0.into()]).await? {
        let member: Uuid = row.try_get_by_index(0)?;
        let day: i64 = row.try_get_by_index(1)?;
        let day = i32::try_from(day).map_err(|_| StoreError::Damaged("target_reminder.reminded_on"))?;
        if scope.sees_member(member.into()) {
            last.insert(member.into(), Day(day));
        }
    }
    Ok(last)
}
