//! Dynamic adjustment: rules propose that a published plan be looked at again, a person opens it, and the draft begins with
//! what is done already.

mod begin;
mod news;
mod propose;
mod proposed;

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::event::Event;
use domain::id::{RevisionId, VersionId};
use domain::revision::{Begin, Cause, Proposal, Revisions, Rule, RuleKind, ends_within};
use domain::target::{Made, VersionStatus};
use serde_json::json;
use store::Writer;
use store::revision::{Revision, State as Standing};
use store::version::Version;

pub(crate) use propose::ask_where_on;
pub(crate) use proposed::Proposals;

use crate::attainment::fiscal;
use crate::plan::UNASSIGNED;
use crate::plan::state::{self, State, damaged};
use crate::scope::require;
use crate::{Error, Operations, Scope, approval, assumption, audit, clock};

impl Operations {
    /// What is proposed, the rules, and what could be adjusted.
    pub async fn revisions(&self, scope: &Scope) -> Result<Revisions, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let mut proposals = Vec::new();
        for revision in store::revision::proposed(&reader, scope).await? {
            let version = store::version::get(&reader, scope, revision.version).await?;
            if version.status != VersionStatus::Published {
                continue;
            }
            let plan = store::plan::get(&reader, scope, version.plan).await?;
            proposals.push(Proposal {
                id: revision.id,
                version: version.id,
                plan: plan.name,
                number: version.number,
                cause: serde_json::from_str(&revision.cause).map_err(damaged)?,
                at_ms: revision.at_ms,
            });
        }
        let chosen = store::revision::rules(&reader, scope).await?;
        let rule = |kind| {
            let known = chosen.iter().find(|rule| rule.kind == kind);
            known.copied().unwrap_or_else(|| Rule::usual(kind))
        };
        let fiscal = fiscal(&store::organization::get(&reader, scope).await?)?;
        let mut watched = BTreeSet::new();
        let mut published = Vec::new();
        for version in store::version::list(&reader, scope, None).await? {
            if version.status == VersionStatus::Published {
                let plan = store::plan::get(&reader, scope, version.plan).await?;
                watched.extend(RuleKind::ALL.into_iter().filter(|rule| {
                    let ends = rule
                        .ends_of()
                        .map(|kind| ends_within(kind, fiscal, &plan.periods));
                    ends.is_some_and(|ends| !ends.is_empty())
                }));
                published.push((version.id, format!("{} v{}", plan.name, version.number)));
            }
        }
        Ok(Revisions {
            proposals,
            rules: RuleKind::ALL
                .into_iter()
                .map(rule)
                .filter(|rule| rule.enabled || rule.kind.ends_of().is_none() || watched.contains(&rule.kind))
                .collect(),
            published,
        })
    }

    /// Chooses a rule. One that is on is asked at once, and every day.
    pub async fn set_revision_rule(&self, scope: &Scope, rule: Rule) -> Result<(), Error> {
        require(scope, Permission::Publish)?;
        let (least, most) = Rule::BOUNDS_PPM;
        if !(least..=most).contains(&rule.threshold_ppm) {
            return Err(Error::invalid_field(
                "bad_threshold",
                "threshold",
                "偏离幅度应在 1% 到 90% 之间。",
                "The threshold is between 1 % and 90 %.",
            ));
        }
        let writer = self.database.writer().await?;
        store::revision::set_rule(&writer, scope, rule).await?;
        if rule.enabled {
            propose::ask(&writer, scope, clock::now_ms(), None).await?;
        }
        let detail = json!(rule);
        audit::commit(
            writer,
            scope,
            "revision.rule",
            "organization",
            &detail,
            &Event::JobsChanged,
        )
        .await
    }

    /// The way a proposal begins where whoever opens it chooses no other: that of its rule.
    pub async fn begin_of_proposal(&self, scope: &Scope, id: RevisionId) -> Result<Begin, Error> {
        require(scope, Permission::EditPlan)?;
        let revision = store::revision::get_proposed(&self.database.reader(), scope, id).await?;
        let cause: Cause = serde_json::from_str(&revision.cause).map_err(damaged)?;
        Ok(cause.begin())
    }

    /// Puts a proposal aside; its cause does not come again.
    pub async fn put_revision_aside(&self, scope: &Scope, id: RevisionId) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let mut revision = store::revision::get_proposed(&writer, scope, id).await?;
        revision.state = Standing::PutAside;
        scope.actor.name().clone_into(&mut revision.by);
        store::revision::set(&writer, scope, &revision).await?;
        let event = Event::ReviewChanged {
            version: revision.version,
        };
        let subject = format!("version:{}", revision.version);
        audit::commit(
            writer,
            scope,
            "revision.put_aside",
            &subject,
            &json!({ "revision": id }),
            &event,
        )
        .await
    }

    /// Opens a revision of a published version: a draft in which the periods that are over are what was booked, held, and the
    /// others begin as asked, with the market factors entered since. By a person with a reason, or what was proposed.
    pub async fn open_revision(
        &self,
        scope: &Scope,
        version: VersionId,
        proposal: Option<RevisionId>,
        reason: Option<&str>,
        begin: Begin,
    ) -> Result<Made, Error> {
        require(scope, Permission::EditPlan)?;
        let reason = approval::reason(reason)?;
        if proposal.is_none() && reason.is_none() {
            return Err(Error::invalid_field(
                "reason_missing",
                "reason",
                "请写明为什么要调整。",
                "Say why the plan is adjusted.",
            ));
        }
        let all = state::all(scope);
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if row.status != VersionStatus::Published {
            return Err(not_published());
        }
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let state = State::load(&reader, &all, row).await?;
        if state.plan.span.ends_on <= today {
            return Err(plan_over());
        }
        let news = news::since_published(&reader, &all, &state.plan, &state.version, today).await?;
        let start = self
            .begin_revision(scope, &state, today, news.clone(), begin)
            .await?;
        let bases = store::version::bases(&reader, &all, version).await?;

        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        if locked.status != VersionStatus::Published {
            return Err(not_published());
        }
        let siblings = store::version::list(&writer, scope, Some(state.plan.id)).await?;
        let number = siblings.iter().map(|version| version.number).max().unwrap_or(0) + 1;
        let draft = VersionId(clock::new_id());
        let new = Version {
            parent: Some(version),
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
        store::version::insert_nodes(&writer, scope, draft, &start.nodes).await?;
        store::version::hand_to_leaders(&writer, scope, draft, UNASSIGNED).await?;
        store::version::put_bases(&writer, scope, draft, &bases).await?;
        store::version::begin(&writer, scope, draft, &state::snapshot(0, &start.grid)).await?;
        let head = begin::enter(&writer, scope, &start, draft).await?;
        assumption::branch(&writer, scope, &state.plan, version, draft).await?;
        news::take_over(&writer, scope, &state.plan, draft, &news).await?;
        let opened = |revision: Revision| Revision {
            draft: Some(draft),
            state: Standing::Opened,
            reason: reason.clone(),
            begins_on: Some(start.begins_on),
            by: scope.actor.name().to_owned(),
            ..revision
        };
        let kept = |cause: &str| proposed::kept_with(cause, begin, head);
        let revision = if let Some(id) = proposal {
            let proposed = store::revision::get_proposed(&writer, scope, id).await?;
            if proposed.version != version {
                return Err(Error::NotFound("revision"));
            }
            let cause = kept(&proposed.cause)?;
            let revision = opened(Revision { cause, ..proposed });
            store::revision::set(&writer, scope, &revision).await?;
            revision
        } else {
            let revision = opened(Revision {
                id: RevisionId(clock::new_id()),
                version,
                draft: None,
                cause: kept(&serde_json::to_string(&Cause::Person).map_err(damaged)?)?,
                key: None,
                state: Standing::Opened,
                reason: None,
                begins_on: None,
                at_ms: clock::now_ms(),
                by: String::new(),
            });
            store::revision::insert(&writer, scope, &revision).await?;
            revision
        };
        let detail = json!({
            "from": version, "draft": draft, "cause": revision.cause, "reason": reason,
            "begins_on": start.begins_on.to_string(), "begin": begin,
        });
        let event = Event::PlanChanged {
            plan: state.plan.id,
            version: draft,
            head,
        };
        audit::commit(
            writer,
            scope,
            "revision.open",
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

/// Makes a scenario of a revision a revision of the same published version: its reason goes with it, and so does what people
/// confirmed. Nothing of what is no revision, and of what is frozen: that is a plan of its own.
pub(crate) async fn branch(
    writer: &Writer,
    scope: &Scope,
    from: &Version,
    draft: VersionId,
) -> Result<(), Error> {
    if !matches!(from.status, VersionStatus::Draft | VersionStatus::InReview) {
        return Ok(());
    }
    let Some(revision) = store::revision::of_draft(writer, scope, from.id).await? else {
        return Ok(());
    };
    let revision = Revision {
        id: RevisionId(clock::new_id()),
        draft: Some(draft),
        key: None,
        // Its log begins with what people made of the other: what was the rule's of it is not told.
        cause: proposed::cause_alone(&revision.cause)?,
        ..revision
    };
    store::revision::insert(writer, scope, &revision).await?;
    Ok(())
}

fn plan_over() -> Error {
    Error::conflict(
        "plan_over",
        "这个计划的周期已经全部结束，没有可以调整的了。",
        "Every period of this plan is over: there is nothing left to adjust.",
    )
}

fn not_published() -> Error {
    Error::conflict(
        "not_published",
        "只有现行的已发布版本可以调整。",
        "Only a version that is on record can be adjusted.",
    )
}
