//! Who is told what.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Permission, Reach};
use domain::id::{MemberId, NodeId, UserId, VersionId};
use domain::money::Minor;
use domain::notice::{Notice, shortened};
use domain::target::{NodeRef, Span};
use store::cell::Cell;
use store::import::Import;
use store::plan::Plan;
use store::user::User;
use store::version::{Node, Version};
use store::{Session, StoreError, Writer};

use super::tell;
use crate::import::file_names;
use crate::plan::state;
use crate::{Error, Scope};

/// The numbers on record of units and people, by period, and who carries which.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    of: BTreeMap<NodeRef, BTreeMap<Span, Minor>>,
    /// Of the very periods that are asked about.
    carried: BTreeSet<(MemberId, NodeRef)>,
}

impl Numbers {
    /// What is on record for periods of a metric.
    pub(crate) async fn on_record(
        session: &impl Session,
        scope: &Scope,
        metric: &str,
        spans: &[Span],
    ) -> Result<Self, Error> {
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            return Ok(Self::default());
        };
        let all = state::all(scope);
        let found =
            store::cell::published_targets(session, &all, metric, first.starts_on, last.ends_on).await?;
        let mut numbers = Self::default();
        for target in found {
            let asked = spans.iter().any(|span| span.overlaps(target.period));
            if let Some(carrier) = target.carrier.filter(|_| asked && target.amount.0 != 0) {
                numbers.carried.insert((carrier, target.node));
            }
            numbers.put(target.node, target.period, target.amount);
        }
        Ok(numbers)
    }

    fn put(&mut self, of: NodeRef, period: Span, amount: Minor) {
        self.of.entry(of).or_default().insert(period, amount);
    }
}

/// Tells everybody who carries a number of a version that is on record now, and whoever carried one that is not theirs any more;
/// `before` is what was on record, `carried` are numbers that are confirmed already.
pub(crate) async fn published(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    cells: &[Cell],
    before: &Numbers,
    carried: &BTreeSet<NodeId>,
) -> Result<(), Error> {
    let nodes = store::version::nodes(writer, &state::all(scope), version).await?;
    let mut now = BTreeMap::new();
    for cell in cells {
        let numbers: &mut BTreeMap<Span, Minor> = now.entry(cell.node).or_default();
        numbers.insert(cell.period, cell.amount);
    }
    // Of each carrier: whether a number of theirs was another one before.
    let mut changed: BTreeMap<MemberId, bool> = BTreeMap::new();
    for Node { id, of, carrier, .. } in nodes.iter().filter(|node| !carried.contains(&node.id)) {
        let (Some(carrier), Some(now)) = (carrier, now.get(id)) else {
            continue;
        };
        let differs = before.of.get(of).is_some_and(|before| before != now);
        *changed.entry(*carrier).or_default() |= differs;
    }
    let carries: BTreeSet<(MemberId, NodeRef)> = nodes
        .iter()
        .filter_map(|node| Some((node.carrier?, node.of)))
        .collect();
    let lost: BTreeSet<MemberId> = before
        .carried
        .difference(&carries)
        .map(|(member, _)| *member)
        .collect();
    if changed.is_empty() && lost.is_empty() {
        return Ok(());
    }
    let by = scope.actor.name();
    let mut told = Vec::new();
    for (user, member) in who_are_members(writer, scope).await? {
        if !user.role.may(Permission::Acknowledge) {
            continue;
        }
        let (plan, by) = (plan.name.clone(), by.to_owned());
        if lost.contains(&member) {
            let (plan, by) = (plan.clone(), by.clone());
            told.push((user.id, Notice::TargetGone { version, plan, by }));
        }
        let Some(changed) = changed.get(&member) else {
            continue;
        };
        let notice = if *changed {
            Notice::TargetChanged { version, plan, by }
        } else {
            Notice::TargetPublished { version, plan, by }
        };
        told.push((user.id, notice));
    }
    tell(writer, scope, told).await
}

/// Tells whoever published a number that its carrier does not agree; where that was a program, somebody who may not sign in any
/// more, or the carrier, everybody else who may publish.
pub(crate) async fn countered(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: &Version,
    node: &Node,
    member: MemberId,
    reason: &str,
) -> Result<(), Error> {
    let all = state::all(scope);
    let mut users = enabled(store::user::list(writer, &all).await?);
    users.retain(|user| Some(user.id) != scope.actor.user());
    let publisher = |user: &&User| Some(user.id) == version.publisher;
    let may_publish = |user: &&User| user.role.may(Permission::Publish);
    let mut told_to: Vec<UserId> = users.iter().filter(publisher).map(|user| user.id).collect();
    if told_to.is_empty() {
        told_to = users.iter().filter(may_publish).map(|user| user.id).collect();
    }
    let name = match store::member::get(writer, &all, member).await {
        Ok(member) => member.name,
        Err(StoreError::NotFound(_)) => scope.actor.name().to_owned(),
        Err(error) => return Err(error.into()),
    };
    let notice = Notice::TargetCountered {
        version: version.id,
        node: node.id,
        member,
        name,
        plan: plan.name.clone(),
        reason: shortened(reason),
    };
    let told = told_to.into_iter().map(|user| (user, notice.clone())).collect();
    tell(writer, scope, told).await
}

/// Tells whoever started an import that was to write something that it did not.
pub(crate) async fn import_failed(writer: &Writer, scope: &Scope, import: &Import) -> Result<(), Error> {
    let Some(user) = import.actor else { return Ok(()) };
    let notice = Notice::ImportFailed {
        import: import.id,
        files: file_names(import)?.join(", "),
    };
    tell(writer, scope, vec![(user, notice)]).await
}

/// Those who may sign in and are a member, each with the member they are.
pub(crate) async fn who_are_members(
    session: &impl Session,
    scope: &Scope,
) -> Result<Vec<(User, MemberId)>, Error> {
    let all = state::all(scope);
    let mut found = Vec::new();
    for user in enabled(store::user::list(session, &all).await?) {
        let member = match user.member {
            // As when they sign in: people may be imported after their users were made.
            None if user.role.reach() != Reach::Everything => {
                store::member::of_person(session, scope.organization, &user.email, &user.name).await?
            }
            member => member,
        };
        found.extend(member.map(|member| (user, member)));
    }
    Ok(found)
}

/// Those who may sign in.
pub(super) fn enabled(users: Vec<User>) -> Vec<User> {
    users
        .into_iter()
        .filter(|user| user.disabled_at_ms.is_none())
        .collect()
}
