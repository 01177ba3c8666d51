//! Who plans, and what for.

use domain::access::Role;
use domain::calendar::{Day, PeriodKind};
use domain::id::{MemberId, UnitId, UserId};
use domain::money::Minor;
use domain::target::NewPlan;
use operations::{Actor, Scope};
use uuid::Uuid;

/// A day.
pub(crate) fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

/// The view of a user with a role who is this member, and sees these units and members where the role is narrow.
pub(crate) fn user(
    system: &Scope,
    role: Role,
    member: Option<MemberId>,
    units: &[UnitId],
    members: &[MemberId],
) -> Scope {
    let (mut units, mut members) = (units.to_vec(), members.to_vec());
    units.sort_unstable();
    members.sort_unstable();
    Scope {
        actor: Actor::User {
            id: UserId(Uuid::now_v7()),
            name: format!("{role:?}"),
        },
        role,
        reach: role.reach(),
        member,
        roots: units.clone(),
        units,
        members,
        ..system.clone()
    }
}

/// A plan of bookings of a million.
pub(crate) fn plan(from: &str, to: &str, period_kind: PeriodKind) -> NewPlan {
    NewPlan {
        metric: "bookings".to_owned(),
        from: day(from),
        to: day(to),
        period_kind,
        total: Minor(1_000_000),
        name: None,
    }
}
