//! Writing a move down, and telling the other side.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::calendar::Day;
use domain::id::{MemberId, UserId};
use domain::negotiation::{Move, MoveKind, Side, Standing, Status};
use domain::notice::Notice;
use store::Writer;
use store::negotiation::{Moved, Negotiation};
use store::plan::Plan;
use store::version::{Node, Version};

use super::party::Party;
use super::watch;
use crate::plan::state;
use crate::{Error, Scope, clock, notice};

/// The number that is negotiated, with everybody who takes part.
pub(super) struct Ground<'a> {
    pub(super) plan: &'a Plan,
    pub(super) version: &'a Version,
    pub(super) node: &'a Node,
    pub(super) party: &'a Party,
    pub(super) today: Day,
}

/// Keeps the first move of a negotiation; some are told besides.
pub(super) async fn first(
    writer: &Writer,
    scope: &Scope,
    ground: &Ground<'_>,
    row: Negotiation,
    also: &[UserId],
    made: (Side, Move, Standing),
) -> Result<(), Error> {
    write(writer, scope, ground, row, &[], also, made).await
}

/// Keeps a move after earlier ones, with the standing it leads to.
pub(super) async fn keep(
    writer: &Writer,
    scope: &Scope,
    ground: &Ground<'_>,
    row: Negotiation,
    earlier: &[Moved],
    made: (Side, Move, Standing),
) -> Result<(), Error> {
    write(writer, scope, ground, row, earlier, &[], made).await
}

async fn write(
    writer: &Writer,
    scope: &Scope,
    ground: &Ground<'_>,
    row: Negotiation,
    earlier: &[Moved],
    also: &[UserId],
    (side, what, standing): (Side, Move, Standing),
) -> Result<(), Error> {
    let kind = what.kind;
    let moved = Moved {
        side,
        what,
        user: scope.actor.user(),
        user_name: scope.actor.name().to_owned(),
        at_ms: clock::now_ms(),
    };
    let seq = u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(1);
    store::negotiation::add_move(writer, scope, row.id, seq, &moved).await?;
    if standing.status != Status::Open {
        let closed = Negotiation {
            status: standing.status,
            closed_at_ms: Some(moved.at_ms),
            ..row.clone()
        };
        store::negotiation::update(writer, scope, &closed).await?;
        store::job::withdraw(writer, scope, &watch::jobs_of(row.id)).await?;
    }
    // What goes further up concerns whoever has to decide then, and the other side as well.
    let mut sides = BTreeSet::from([side.other()]);
    if kind == MoveKind::Escalate {
        sides.insert(Side::Plan);
    }
    let gone = gone(writer, scope, ground.today).await?;
    let mut told = Vec::new();
    let mut already: BTreeSet<UserId> = scope.actor.user().into_iter().collect();
    for to in sides {
        let mut users = users_of(writer, scope, ground.party, to, standing.level, earlier, &gone).await?;
        if to == Side::Plan {
            users.extend(also);
        }
        for user in users {
            if already.insert(user) {
                let notice = Notice::Negotiated {
                    version: ground.version.id,
                    negotiation: row.id,
                    side: to,
                    plan: ground.plan.name.clone(),
                    name: ground.node.name.clone(),
                    by: scope.actor.name().to_owned(),
                    act: kind,
                };
                told.push((user, notice));
            }
        }
    }
    notice::tell(writer, scope, told).await
}

/// Who has left the company by a day.
pub(super) async fn gone(writer: &Writer, scope: &Scope, today: Day) -> Result<BTreeSet<MemberId>, Error> {
    let members = store::member::list(writer, &state::all(scope)).await?;
    let left = members
        .into_iter()
        .filter(|member| member.left_on.is_some_and(|left| left <= today));
    Ok(left.map(|member| member.id).collect())
}

/// Those of a side who are told: whoever is asked by name once it has gone so far up, or else whoever plans, and who moved for
/// that side before. Nobody who is gone: in a leader's place the next one above is asked.
pub(super) async fn users_of(
    writer: &Writer,
    scope: &Scope,
    party: &Party,
    side: Side,
    level: u8,
    earlier: &[Moved],
    gone: &BTreeSet<MemberId>,
) -> Result<BTreeSet<UserId>, Error> {
    let is_there = |member: &MemberId| !gone.contains(member);
    let member = match side {
        Side::Carrier => party.carrier.filter(is_there),
        Side::Plan => party.deciders(level).iter().copied().find(is_there),
    };
    let mut found = BTreeSet::new();
    if let Some(member) = member {
        let members = notice::who_are_members(writer, scope).await?;
        let named = members
            .into_iter()
            .filter(|(user, known)| *known == member && user.role.may(Permission::Acknowledge));
        found.extend(named.map(|(user, _)| user.id));
    }
    let spoke: BTreeSet<UserId> = earlier
        .iter()
        .filter(|moved| moved.side == side)
        .filter_map(|moved| moved.user)
        .collect();
    let plans = side == Side::Plan && found.is_empty();
    let users = store::user::list(writer, &state::all(scope)).await?;
    let enabled = users
        .into_iter()
        .filter(|user| user.disabled_at_ms.is_none() && user.member.as_ref().is_none_or(is_there));
    found.extend(
        enabled
            .filter(|user| spoke.contains(&user.id) || (plans && user.role.may(Permission::EditPlan)))
            .map(|user| user.id),
    );
    Ok(found)
}
