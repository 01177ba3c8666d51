//! Who is asked.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::questionnaire::{Audience, Chosen, Progress, Recipient};
use store::Session;
use store::member::Member;
use store::unit::Unit;

use crate::plan::state;
use crate::scope::below;
use crate::{Error, Scope, notice};

/// Refuses whom there is not.
pub(super) async fn check(session: &impl Session, scope: &Scope, audience: &Audience) -> Result<(), Error> {
    let units = store::unit::list(session, scope, None).await?;
    let members = store::member::list(session, scope).await?;
    if !audience
        .units
        .iter()
        .all(|id| units.iter().any(|unit| unit.id == *id))
    {
        return Err(unknown("units", "部门", "unit"));
    }
    if !audience
        .members
        .iter()
        .all(|id| members.iter().any(|member| member.id == *id))
    {
        return Err(unknown("members", "成员", "member"));
    }
    Ok(())
}

/// Nobody is chosen.
pub(super) fn nobody() -> Error {
    Error::conflict(
        "questionnaire_nobody",
        "还没有选中任何在职成员。请按部门、角色或名单选择要问的人。",
        "Nobody is chosen yet: choose whom to ask by unit, by role or by name.",
    )
}

fn unknown(field: &str, zh: &str, en: &str) -> Error {
    Error::invalid_field(
        "unknown_recipient",
        field,
        format!("选中的{zh}里有不存在的，请刷新页面重选。"),
        format!("A chosen {en} does not exist; load the page again and choose anew."),
    )
}

/// The people an audience is on a day, by name; who has left is not among them.
pub(super) async fn resolve(
    session: &impl Session,
    scope: &Scope,
    audience: &Audience,
    today: Day,
) -> Result<Vec<Recipient>, Error> {
    let all = state::all(scope);
    let users = notice::who_are_members(session, scope).await?;
    let mut wanted: BTreeSet<MemberId> = audience.members.iter().copied().collect();
    if !audience.units.is_empty() {
        let units = store::unit::list(session, &all, Some(today)).await?;
        let within = below(&units, &audience.units);
        for assignment in store::assignment::list(session, &all, Some(today)).await? {
            if within.contains(&assignment.unit) {
                wanted.insert(assignment.member);
            }
        }
    }
    for (user, member) in &users {
        if audience.roles.contains(&user.role) {
            wanted.insert(*member);
        }
    }
    let sign_in: BTreeSet<MemberId> = users.into_iter().map(|(_, member)| member).collect();
    Ok(store::member::list(session, &all)
        .await?
        .into_iter()
        .filter(|member| wanted.contains(&member.id) && is_there(member, today))
        .map(|member| Recipient {
            member: member.id,
            signs_in: sign_in.contains(&member.id),
            name: member.name,
            progress: Progress::None,
        })
        .collect())
}

fn is_there(member: &Member, today: Day) -> bool {
    member.left_on.is_none_or(|left| left > today)
}

/// Whom one can choose from on a day.
pub(super) async fn choices(session: &impl Session, scope: &Scope, today: Day) -> Result<Chosen, Error> {
    let users = notice::who_are_members(session, scope).await?;
    let sign_in: BTreeSet<MemberId> = users.into_iter().map(|(_, member)| member).collect();
    let members = store::member::list(session, scope)
        .await?
        .into_iter()
        .filter(|member| is_there(member, today))
        .map(|member| (member.id, member.name, sign_in.contains(&member.id)))
        .collect();
    Ok(Chosen {
        units: tree(store::unit::list(session, scope, Some(today)).await?),
        members,
    })
}

/// Units with how deep they are, parents before their children.
fn tree(units: Vec<Unit>) -> Vec<(UnitId, String, u8)> {
    let known: BTreeSet<UnitId> = units.iter().map(|unit| unit.id).collect();
    let mut children: BTreeMap<Option<UnitId>, Vec<Unit>> = BTreeMap::new();
    for unit in units {
        let parent = unit.parent.filter(|parent| known.contains(parent));
        children.entry(parent).or_default().push(unit);
    }
    let mut listed = Vec::new();
    let mut open: Vec<(Unit, u8)> = children
        .remove(&None)
        .unwrap_or_default()
        .into_iter()
        .rev()
        .map(|unit| (unit, 0))
        .collect();
    while let Some((unit, depth)) = open.pop() {
        // Taking them out also ends the walk where damaged data go round in a circle.
        for child in children
            .remove(&Some(unit.id))
            .unwrap_or_default()
            .into_iter()
            .rev()
        {
            open.push((child, depth.saturating_add(1)));
        }
        listed.push((unit.id, unit.name, depth));
    }
    listed
}
