//! People who come, go, move and are away while a plan runs: what that does to the numbers is shown first, then a draft is made
//! of the version on record, and the change of people is entered with its date.
//!
//! The draft is a revision: it starts from the published numbers, one command in its log moves those of the change and says
//! why, and it is approved and published like any other. Before the day nothing changes.

mod bases;
mod finish;
mod ground;
mod people;
mod reckon;
mod rows;
mod steps;

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::event::Event;
use domain::id::{CommandId, LeaveId, MemberId, RevisionId, UnitId, VersionId};
use domain::people::{Named, finds};
use domain::plan::{ENGINE, NodeRef};
use domain::revision::Cause;
use domain::staffing::{Asked, Change, Desk, Found, Preview};
use domain::target::{Made, VersionStatus};
use serde_json::json;
use store::revision::{Revision, State as Standing};
use store::version::{CommandKind, NewCommand, Version};
use store::{Session, Writer};

use crate::plan::state::{self, damaged};
use crate::plan::{UNASSIGNED, hex};
use crate::scope::require;
use crate::split::refuse_reserved;
use crate::{Error, Operations, Scope, approval, assumption, audit, clock};
use finish::{Finished, finish};
use ground::Ground;

/// Most people that are found at once.
const MOST_FOUND: usize = 50;

impl Operations {
    /// What the page of changes needs to begin, from leave in the calendar where that is asked for. Who leads sees the people and
    /// their leave, who plans also what can be adjusted.
    pub async fn staffing_desk(&self, scope: &Scope, leave: Option<LeaveId>) -> Result<Desk, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let (mut published, mut plans) = (Vec::new(), Vec::new());
        if scope.may(Permission::EditPlan) {
            for version in store::version::list(&reader, scope, None).await? {
                if version.status == VersionStatus::Published {
                    let plan = store::plan::get(&reader, scope, version.plan).await?;
                    published.push((version.id, format!("{} v{}", plan.name, version.number)));
                    plans.push((version.id, plan.span));
                }
            }
        }
        let units = store::unit::list(&reader, scope, None).await?;
        let leave = match leave {
            Some(id) => crate::leave::entry(&reader, scope, id).await?,
            None => None,
        };
        Ok(Desk {
            published,
            plans,
            leave,
            units: units
                .into_iter()
                .filter(|unit| unit.ends_on.is_none_or(|end| today < end))
                .map(|unit| Named {
                    id: unit.id,
                    name: unit.name,
                })
                .collect(),
            today,
        })
    }

    /// The first people within reach by a name or its sounds, with the units they have a number in.
    pub async fn staffing_people(
        &self,
        scope: &Scope,
        version: Option<VersionId>,
        query: &str,
    ) -> Result<Vec<Found>, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let mut members = store::member::list(&reader, scope).await?;
        members.retain(|member| finds(query, &member.name, &member.pinyin));
        // Who is called so exactly is among those who are found, however many others are.
        let wanted = query.trim();
        members.sort_by_key(|member| member.name != wanted);
        members.truncate(MOST_FOUND);
        let mut units: BTreeMap<MemberId, Vec<Named<UnitId>>> = BTreeMap::new();
        if let Some(version) = version {
            let nodes = store::version::nodes(&reader, scope, version).await?;
            let above: BTreeMap<_, _> = nodes
                .iter()
                .filter(|node| node.level != UNASSIGNED)
                .map(|node| (node.id, node))
                .collect();
            for node in &nodes {
                let parent = node.parent.and_then(|parent| above.get(&parent));
                if let (NodeRef::Member(member), Some(parent)) = (node.of, parent)
                    && let NodeRef::Unit(unit) = parent.of
                {
                    units.entry(member).or_default().push(Named {
                        id: unit,
                        name: parent.name.clone(),
                    });
                }
            }
        }
        Ok(members
            .into_iter()
            .map(|member| Found {
                units: units.remove(&member.id).unwrap_or_default(),
                member: member.id,
                name: member.name,
            })
            .collect())
    }

    /// Every number that a change would touch, before and after; nothing is written.
    pub async fn preview_staffing(&self, scope: &Scope, asked: &Asked) -> Result<Preview, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let currency = store::organization::get(&reader, scope).await?.currency;
        let ground = Ground::load(&reader, scope, asked).await?;
        let work = reckon::reckon(&ground, &asked.change)?;
        finish::preview(&work, &finish(&work, asked.change.kind())?, currency)
    }

    /// Makes the draft of a change with its reason, enters the change of people from its day on, and credits what they did since
    /// then to where they were, in one transaction. Called by a key, it is done once: sent again, it answers with the draft of the first time.
    pub async fn open_staffing(
        &self,
        scope: &Scope,
        asked: &Asked,
        key: Option<CommandId>,
        reason: Option<&str>,
    ) -> Result<Made, Error> {
        require(scope, Permission::EditPlan)?;
        let reason = approval::reason(reason)?.ok_or_else(|| {
            Error::invalid_field(
                "reason_missing",
                "reason",
                "请写明为什么要调整。",
                "Say why the plan is adjusted.",
            )
        })?;
        // It becomes that of a command in the log, and is told in the words of who gave it.
        refuse_reserved(&reason)?;
        let key = key.map(|key| format!("staff:{key}"));
        let reader = self.database.reader();
        if let Some(made) = made_before(&reader, scope, key.as_deref()).await? {
            return Ok(made);
        }
        match self.open_once(scope, asked, key.as_deref(), &reason).await {
            Ok(made) => Ok(made),
            // Its twin was quicker, and the people are where it put them.
            Err(error) => made_before(&reader, scope, key.as_deref()).await?.ok_or(error),
        }
    }

    async fn open_once(
        &self,
        scope: &Scope,
        asked: &Asked,
        key: Option<&str>,
        reason: &str,
    ) -> Result<Made, Error> {
        let reader = self.database.reader();
        let ground = Ground::load(&reader, scope, asked).await?;
        let work = reckon::reckon(&ground, &asked.change)?;
        let finished = finish(&work, asked.change.kind())?;
        let own = scope.member.map(NodeRef::Member);
        if own.is_some_and(|own| finished.touches(own)) {
            return Err(Error::conflict(
                "own_quota",
                "这项变动会改到你自己的目标，请让另一位计划员来做。",
                "This would change your own target: let another planner do it.",
            ));
        }
        let all = state::all(scope);
        let bases = store::version::bases(&reader, &all, asked.version).await?;
        let bases = bases::after(&work, bases);
        let name = whose(&ground, &asked.change)?;
        let state = &ground.state;

        let writer = self.database.writer().await?;
        // Before the version, as imports of targets do.
        store::organization::lock(&writer, scope).await?;
        let locked = store::version::lock(&writer, scope, asked.version).await?;
        if locked.status != VersionStatus::Published {
            return Err(Error::conflict(
                "not_published",
                "只有现行的已发布版本可以调整。",
                "Only a version that is on record can be adjusted.",
            ));
        }
        // Who waited for the lock may be the twin of who had it.
        if let Some(made) = made_before(&writer, scope, key).await? {
            return Ok(made);
        }
        let siblings = store::version::list(&writer, scope, Some(state.plan.id)).await?;
        let number = siblings.iter().map(|version| version.number).max().unwrap_or(0) + 1;
        let draft = VersionId(clock::new_id());
        let new = Version {
            parent: Some(asked.version),
            ..Version::draft(
                state.plan.id,
                draft,
                number,
                format!("v{number}"),
                clock::now_ms(),
                scope.actor.name(),
            )
        };
        store::version::insert(&writer, scope, &new).await?;
        store::version::insert_nodes(&writer, scope, draft, &finished.nodes).await?;
        store::version::hand_to_leaders(&writer, scope, draft, UNASSIGNED).await?;
        store::version::put_bases(&writer, scope, draft, &bases).await?;
        store::version::begin(&writer, scope, draft, &state::snapshot(0, &finished.start)).await?;
        assumption::branch(&writer, scope, &state.plan, asked.version, draft).await?;
        let head = enter(&writer, scope, draft, &finished, reason).await?;
        let moved = people::enter(&writer, &all, asked, &work.followers).await?;
        let credited_anew = self.credit_anew(&writer, scope, &moved, asked.on).await?;
        let cause = Cause::Staff {
            kind: asked.change.kind(),
            name,
            on: asked.on,
        };
        let revision = Revision {
            id: RevisionId(clock::new_id()),
            version: asked.version,
            draft: Some(draft),
            cause: serde_json::to_string(&cause).map_err(damaged)?,
            key: key.map(str::to_owned),
            state: Standing::Opened,
            reason: Some(reason.to_owned()),
            // It holds nothing of the periods that are over: their numbers stay targets.
            begins_on: None,
            at_ms: clock::now_ms(),
            by: scope.actor.name().to_owned(),
        };
        store::revision::insert(&writer, scope, &revision).await?;
        store::outbox::append(&writer, scope, &Event::PeopleChanged).await?;
        let detail = json!({
            "from": asked.version, "draft": draft, "on": asked.on.to_string(), "change": asked.change,
            "reason": reason, "credited_anew": credited_anew, "link": hex(&head.head_hash),
        });
        let event = Event::PlanChanged {
            plan: state.plan.id,
            version: draft,
            head: head.head,
        };
        audit::commit(
            writer,
            scope,
            "staffing.open",
            &format!("version:{draft}"),
            &detail,
            &event,
        )
        .await?;
        Ok(Made {
            plan: state.plan.id,
            version: draft,
        })
    }
}

/// The draft that was made when the same was asked before, under the same key.
async fn made_before(
    session: &impl Session,
    scope: &Scope,
    key: Option<&str>,
) -> Result<Option<Made>, Error> {
    let Some(key) = key else { return Ok(None) };
    let found = store::revision::of_key(session, scope, key).await?;
    let Some(draft) = found.and_then(|revision| revision.draft) else {
        return Ok(None);
    };
    let draft = store::version::get(session, scope, draft).await?;
    Ok(Some(Made {
        plan: draft.plan,
        version: draft.id,
    }))
}

/// Writes the change into the log of a new draft: one command that moves the amounts, shuts the places in which nobody is
/// there any more, and says why. Answers the draft at its head.
async fn enter(
    writer: &Writer,
    scope: &Scope,
    draft: VersionId,
    finished: &Finished,
    reason: &str,
) -> Result<Version, Error> {
    if !finished.is_quiet() {
        let command = finished.command(Some(reason.to_owned()));
        let locked = store::version::lock(writer, scope, draft).await?;
        let new = NewCommand {
            kind: CommandKind::Do,
            command: &serde_json::to_string(&command).map_err(damaged)?,
            deltas: &finished.deltas.to_bytes(),
            engine: &ENGINE.to_string(),
            at_ms: clock::now_ms(),
        };
        store::version::append(writer, scope, &locked, &new).await?;
    }
    Ok(store::version::get(writer, scope, draft).await?)
}

/// Whom or what a change is about, by name.
fn whose(ground: &Ground, change: &Change) -> Result<String, Error> {
    match *change {
        Change::Leaver { member, .. }
        | Change::Joiner { member, .. }
        | Change::Transfer { member, .. }
        | Change::Leave { member, .. } => Ok(ground.name(member)?.to_owned()),
        Change::Merger { from, .. } => Ok(ground.unit(from).ok_or(Error::NotFound("unit"))?.name.clone()),
    }
}
