//! Remarks: what people say of a number or of a plan as a whole.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::Event;
use domain::id::{NodeId, RemarkId, UserId, VersionId};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::remark::{About, MOST_CHARS, Resolved, Said, Thread};
use store::plan::Plan;
use store::remark::Remark;
use store::version::Node;
use store::{Scope, Session, Writer};

use crate::scope::{require_sight, require_voice};
use crate::{Error, Operations, clock, input, notice};

impl Operations {
    /// What was said of a version, as far as its numbers are within reach.
    pub async fn remarks(&self, scope: &Scope, version: VersionId) -> Result<Vec<Thread>, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, scope, row.plan).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        threads(&reader, scope, &plan, version, &visible).await
    }

    /// The names of a version's periods, in their order: programs name what they speak of.
    pub async fn period_names(&self, scope: &Scope, version: VersionId) -> Result<Vec<String>, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, scope, row.plan).await?;
        Ok(plan.periods.into_iter().map(|period| period.name).collect())
    }

    /// Says something of a number within reach or of the whole, or goes on with a thread; answers the thread. Those concerned
    /// are told: whoever handed the version in last, and who spoke of the same number before.
    pub async fn say(
        &self,
        scope: &Scope,
        version: VersionId,
        about: About,
        thread: Option<RemarkId>,
        text: &str,
    ) -> Result<RemarkId, Error> {
        require_voice(scope)?;
        let text = input::optional_words(Some(text), "text", MOST_CHARS)?
            .ok_or_else(|| Error::invalid_field("text_missing", "text", "请写点什么。", "Say something."))?;
        let writer = self.database.writer().await?;
        let row = store::version::get(&writer, scope, version).await?;
        let plan = store::plan::get(&writer, scope, row.plan).await?;
        let visible = store::version::nodes(&writer, scope, version).await?;
        let id = RemarkId(clock::new_id());
        let (node, period, thread) = match thread {
            Some(thread) => {
                let known = threads(&writer, scope, &plan, version, &visible).await?;
                let known = known
                    .iter()
                    .find(|known| known.id == thread)
                    .ok_or(Error::NotFound("remark"))?;
                (known.node, known.period, thread)
            }
            None => (about.node, about.period, id),
        };
        let node: Option<&Node> = match node {
            None => None,
            Some(node) => {
                let node = visible.iter().find(|known| known.ordinal == node.0);
                Some(node.ok_or(Error::NotFound("target"))?)
            }
        };
        if period.is_some_and(|period| usize::from(period.0) >= plan.periods.len())
            || (node.is_none() && period.is_some())
        {
            return Err(Error::NotFound("target"));
        }
        let remark = Remark {
            id,
            thread,
            node: node.map(|node| node.id),
            period: period.map(|period| i32::from(period.0)),
            text,
            user: scope.actor.user(),
            user_name: scope.actor.name().to_owned(),
            at_ms: clock::now_ms(),
            resolved: None,
        };
        let concerned = concerned(&writer, scope, version, &remark).await?;
        store::remark::add(&writer, scope, version, &remark).await?;
        store::outbox::append(&writer, scope, &Event::Remarked { version }).await?;
        let name = node.map_or("", |node| node.name.as_str());
        notice::remarked(&writer, scope, &plan, (version, thread), name, &concerned).await?;
        writer.commit().await?;
        Ok(thread)
    }

    /// Says that a thread is settled, or that it is not.
    pub async fn settle_thread(
        &self,
        scope: &Scope,
        version: VersionId,
        thread: RemarkId,
        settled: bool,
    ) -> Result<(), Error> {
        require_voice(scope)?;
        let writer = self.database.writer().await?;
        let row = store::version::get(&writer, scope, version).await?;
        let plan = store::plan::get(&writer, scope, row.plan).await?;
        let visible = store::version::nodes(&writer, scope, version).await?;
        let known = threads(&writer, scope, &plan, version, &visible).await?;
        if !known.iter().any(|known| known.id == thread) {
            return Err(Error::NotFound("remark"));
        }
        let resolved = settled.then(|| (clock::now_ms(), scope.actor.name().to_owned()));
        store::remark::resolve(&writer, scope, version, thread, resolved).await?;
        store::outbox::append(&writer, scope, &Event::Remarked { version }).await?;
        Ok(writer.commit().await?)
    }
}

/// Whom a remark concerns: whoever handed the version in last, and who spoke of the same number before.
async fn concerned(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    new: &Remark,
) -> Result<BTreeSet<UserId>, Error> {
    let submissions = store::approval::of_version(writer, scope, version).await?;
    let mut concerned: BTreeSet<UserId> = submissions
        .first()
        .and_then(|latest| latest.user)
        .into_iter()
        .collect();
    let before = store::remark::of_version(writer, scope, version).await?;
    let here = before
        .iter()
        .filter(|remark| remark.node == new.node && remark.period == new.period);
    concerned.extend(here.filter_map(|remark| remark.user));
    Ok(concerned)
}

/// The threads of a version: open ones first, then the latest.
async fn threads(
    session: &impl Session,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    visible: &[Node],
) -> Result<Vec<Thread>, Error> {
    let nodes: BTreeMap<NodeId, &Node> = visible.iter().map(|node| (node.id, node)).collect();
    let mut threads: Vec<Thread> = Vec::new();
    for remark in store::remark::of_version(session, scope, version).await? {
        let node = match remark.node {
            None => None,
            Some(id) => match nodes.get(&id) {
                Some(node) => Some(*node),
                None => continue,
            },
        };
        let said = Said {
            text: remark.text,
            by: remark.user_name,
            at_ms: remark.at_ms,
        };
        if let Some(known) = threads.iter_mut().find(|known| known.id == remark.thread) {
            known.said.push(said);
            continue;
        }
        let period = remark.period.and_then(|period| u16::try_from(period).ok());
        threads.push(Thread {
            id: remark.thread,
            node: node.map(|node| NodeIndex(node.ordinal)),
            name: node.map(|node| node.name.clone()).unwrap_or_default(),
            period: period
                .filter(|period| usize::from(*period) < plan.periods.len())
                .map(PeriodIndex),
            said: vec![said],
            resolved: remark.resolved.map(|(at_ms, by)| Resolved { by, at_ms }),
        });
    }
    threads.sort_by_key(|thread| {
        let last = thread.said.last().map_or(0, |said| said.at_ms);
        (thread.resolved.is_some(), std::cmp::Reverse(last))
    });
    Ok(threads)
}
