//! What is negotiated, as whoever asks takes part in it.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::calendar::{Day, Fiscal};
use domain::id::{MemberId, VersionId};
use domain::money::Currency;
use domain::negotiation::{Act, Desk, Move, MoveKind, Said, Side, Status, Talk};
use domain::plan::{Grid, NodeIndex};
use domain::target::VersionStatus;
use store::negotiation::{Moved, Negotiation};
use store::plan::Plan;
use store::version::Version;
use store::{Session, StoreError};

use super::party::Tree;
use super::{agreed, sets, standing};
use crate::attainment::fiscal;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Negotiations of one list.
const LISTED: usize = 200;
/// Own negotiations of one list.
const OWN: u32 = 50;

/// What negotiations of one version are shown with.
struct Ground<'a> {
    scope: &'a Scope,
    plan: &'a Plan,
    version: &'a Version,
    tree: &'a Tree,
    /// The tree of the version that is looked at, which may be a draft made from this one.
    here: &'a Tree,
    currency: &'a Currency,
    fiscal: Fiscal,
    today: Day,
    /// The numbers, where the plan side looks.
    grid: Option<&'a Grid>,
}

impl Operations {
    /// The negotiations of a version within sight that whoever asks takes part in: what waits for them first. Of a draft also
    /// those on what it came from that go on, or were agreed on and are not in it; for who may change it, what is to be in it.
    pub async fn negotiations(&self, scope: &Scope, version: VersionId) -> Result<Desk, Error> {
        require(scope, Permission::Acknowledge)?;
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version).await?;
        let all = state::all(scope);
        let in_work = version.status.is_in_work();
        let agreed = if in_work {
            agreed::of(&reader, scope, &version).await?
        } else {
            Vec::new()
        };
        let mut lists = vec![store::negotiation::of_version(&reader, &all, version.id).await?];
        if in_work {
            for earlier in agreed::line_of(&reader, scope, &version)
                .await?
                .into_iter()
                .skip(1)
            {
                let mut found = store::negotiation::of_version(&reader, &all, earlier).await?;
                // Of one number only the latest word counts.
                found.retain(|row| {
                    row.status == Status::Open || agreed.iter().any(|number| number.id == row.id)
                });
                lists.push(found);
            }
        }
        lists.retain(|list| !list.is_empty());
        let told = if sets(scope, &version) {
            agreed.clone()
        } else {
            Vec::new()
        };
        if lists.is_empty() {
            return Ok(Desk {
                talks: Vec::new(),
                more: 0,
                agreed: told,
            });
        }
        let organization = store::organization::get(&reader, scope).await?;
        let fiscal = fiscal(&organization)?;
        let here = Tree::load(&reader, scope, version.id).await?;
        let state = State::load(&reader, &all, version).await?;
        let is_entered = |row: &Negotiation| {
            agreed
                .iter()
                .find(|number| number.id == row.id)
                .is_none_or(|number| agreed::has(&state.grid, number))
        };
        let today = self.today_of(&organization).day;
        let mut shown = Vec::new();
        for list in &lists {
            let Some(of) = list.first().map(|row| row.version) else {
                continue;
            };
            let other = if of == state.version.id {
                None
            } else {
                let version = store::version::get(&reader, &all, of).await?;
                let plan = store::plan::get(&reader, &all, version.plan).await?;
                Some((version, plan, Tree::load(&reader, scope, of).await?))
            };
            let (version, plan, tree) = match &other {
                None => (&state.version, &state.plan, &here),
                Some((version, plan, tree)) => (version, plan, tree),
            };
            let ground = Ground {
                scope,
                plan,
                version,
                tree,
                here: &here,
                currency: &organization.currency,
                fiscal,
                today,
                grid: Some(&state.grid),
            };
            let ids: Vec<_> = list.iter().map(|row| row.id).collect();
            let moves = store::negotiation::moves(&reader, scope, &ids).await?;
            for row in list {
                // On what a draft came from only that counts which goes on, or which it does not have yet.
                let over = match row.status {
                    Status::Open => today > row.due_on || version.status == VersionStatus::Archived,
                    _ => is_entered(row),
                };
                if other.is_some() && over {
                    continue;
                }
                let moves = moves.get(&row.id).map_or(&[][..], Vec::as_slice);
                let talk = ground.talk(row, moves)?;
                let on = other.as_ref().map(|(version, ..)| version.number);
                shown.extend(talk.map(|(talk, waits)| (Talk { on, ..talk }, waits)));
            }
        }
        shown.sort_by_key(|(talk, _)| {
            let rank = match (talk.can(Act::Answer), talk.standing.to_move(), talk.on) {
                (true, _, _) => 0,
                (false, Some(_), _) => 1,
                (false, None, Some(_)) => 2,
                (false, None, None) => 3,
            };
            let begun = talk.said.first().map(|said| said.at_ms);
            (rank, std::cmp::Reverse(begun))
        });
        let more = shown.len().saturating_sub(LISTED) as u64;
        shown.truncate(LISTED);
        Ok(Desk {
            talks: named(&reader, scope, shown).await?,
            more,
            agreed: told,
        })
    }

    /// The negotiations of the numbers that whoever asks carries, also in drafts, of which they see nothing else; open ones
    /// first, then the latest.
    pub async fn own_negotiations(&self, scope: &Scope) -> Result<Vec<Talk>, Error> {
        let Some(member) = scope.member.filter(|_| scope.may(Permission::Acknowledge)) else {
            return Ok(Vec::new());
        };
        let reader = self.database.reader();
        let found = store::negotiation::of_carrier(&reader, scope, member, OWN).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let all = state::all(scope);
        let organization = store::organization::get(&reader, scope).await?;
        let fiscal = fiscal(&organization)?;
        let ids: Vec<_> = found.iter().map(|row| row.id).collect();
        let moves = store::negotiation::moves(&reader, scope, &ids).await?;
        let versions: BTreeSet<VersionId> = found.iter().map(|row| row.version).collect();
        let mut grounds: BTreeMap<VersionId, (Version, Plan, Tree)> = BTreeMap::new();
        for id in versions {
            let version = store::version::get(&reader, &all, id).await?;
            let plan = store::plan::get(&reader, &all, version.plan).await?;
            let tree = Tree::load(&reader, scope, id).await?;
            grounds.insert(id, (version, plan, tree));
        }
        let mut shown = Vec::new();
        for row in &found {
            let Some((version, plan, tree)) = grounds.get(&row.version) else {
                continue;
            };
            let ground = Ground {
                scope,
                plan,
                version,
                tree,
                here: tree,
                currency: &organization.currency,
                fiscal,
                today: self.today_of(&organization).day,
                grid: None,
            };
            let moves = moves.get(&row.id).map_or(&[][..], Vec::as_slice);
            shown.extend(ground.talk(row, moves)?);
        }
        named(&reader, scope, shown).await
    }
}

impl Ground<'_> {
    /// A negotiation as whoever asks sees it, with who has to move; none where it is not for them.
    fn talk(&self, row: &Negotiation, moves: &[Moved]) -> Result<Option<(Talk, Option<MemberId>)>, Error> {
        // Who takes part is asked of the version whose number it is, the place of the row of the one looked at.
        let (Some(node), Some(placed)) = (self.tree.node(row.node), self.here.node(row.node)) else {
            return Ok(None);
        };
        let party = self.tree.party(node);
        let Some(side) = party.side(self.scope) else {
            return Ok(None);
        };
        let mut standing = standing(row, moves)?;
        if self.today > row.due_on {
            standing = standing.expired();
        }
        // Of what a new plan has taken the place of nobody decides any more.
        let open = standing.status == Status::Open && self.version.status != VersionStatus::Archived;
        let decides = side == Side::Carrier || party.decides(self.scope, standing.level);
        let mut acts = Vec::new();
        if open && standing.to_move() == Some(side) && decides {
            acts.push(Act::Answer);
            let up = Move {
                kind: MoveKind::Escalate,
                amount: None,
                words: None,
            };
            if standing.then(side, &up, party.levels()).is_ok() {
                acts.push(Act::Escalate);
            }
            if side == Side::Plan && sets(self.scope, self.version) {
                acts.push(Act::SetsDraft);
            }
        }
        if open && side == standing.opened_by {
            acts.push(Act::Withdraw);
        }
        if open && side == Side::Plan && decides {
            acts.push(Act::Postpone);
        }
        let waits_for = match standing.to_move() {
            Some(Side::Carrier) => party.carrier,
            Some(Side::Plan) => party.decider(standing.level),
            None => None,
        };
        let hedge = self.grid.filter(|_| side == Side::Plan).and_then(|grid| {
            let parent = self.here.parent(placed)?;
            let above = NodeIndex(parent.ordinal);
            Some(row.subject.sum(|period| grid.hedge(above, period)))
        });
        let talk = Talk {
            id: row.id,
            version: row.version,
            on: None,
            plan_name: self.plan.name.clone(),
            node: node.id,
            row: NodeIndex(placed.ordinal),
            name: node.name.clone(),
            subject: row.subject,
            period: row.subject.name(self.fiscal, &self.plan.periods),
            currency: self.currency.clone(),
            number: row.number,
            standing,
            due_on: row.due_on,
            hedge,
            side,
            waits_for: None,
            said: moves.iter().map(said).collect(),
            acts,
        };
        Ok(Some((talk, waits_for)))
    }
}

fn said(moved: &Moved) -> Said {
    Said {
        side: moved.side,
        by: moved.user_name.clone(),
        at_ms: moved.at_ms,
        what: moved.what.clone(),
    }
}

/// The same with the names of those who have to move.
async fn named(
    session: &impl Session,
    scope: &Scope,
    shown: Vec<(Talk, Option<MemberId>)>,
) -> Result<Vec<Talk>, Error> {
    let all = state::all(scope);
    let mut names: BTreeMap<MemberId, Option<String>> = BTreeMap::new();
    let mut talks = Vec::with_capacity(shown.len());
    for (talk, member) in shown {
        let waits_for = match member {
            None => None,
            Some(member) => match names.get(&member) {
                Some(known) => known.clone(),
                None => {
                    let name = match store::member::get(session, &all, member).await {
                        Ok(member) => Some(member.name),
                        Err(StoreError::NotFound(_)) => None,
                        Err(error) => return Err(error.into()),
                    };
                    names.insert(member, name.clone());
                    name
                }
            },
        };
        talks.push(Talk { waits_for, ..talk });
    }
    Ok(talks)
}
