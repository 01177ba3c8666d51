//! The outlook of a planning: what every branch of the tree is expected to bring, beside what market factors change.

mod answer;
mod cache;
mod course;
mod history;
mod pipeline;
mod tree;

use domain::access::Permission;
use domain::assumption::Planning;
use domain::outlook::{Outlook, OutlookQuery, Place};
use store::organization::Organization;

use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope};

pub(crate) use cache::Cache;
pub(crate) use course::{Course, Due};

impl Operations {
    /// Lets those through who may see an outlook.
    pub fn may_read_outlook(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::ReadBaseline)
    }

    /// What is to be expected of a planned span, for the whole and every branch within sight. What was reckoned is kept until
    /// facts, people, assumptions or the business date change.
    pub async fn outlook(&self, scope: &Scope, query: OutlookQuery) -> Result<Outlook, Error> {
        require(scope, Permission::ReadBaseline)?;
        let planning = self.planning(scope, &query.planning).await?;
        let node = query
            .node
            .as_deref()
            .map(|node| node.parse::<Place>().map_err(|_| unknown_branch(node)))
            .transpose()?;
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        let calendar = fiscal(&organization)?;
        let kept = self.reckoned(scope, &organization, &planning).await?;
        let answer = tokio::task::spawn_blocking({
            let scope = scope.clone();
            move || answer::answer(&scope, planning, calendar, &kept, node)
        });
        answer
            .await
            .map_err(|error| Error::Internal(format!("an outlook ended: {error}")))?
    }

    /// What is kept of a planning, reckoned where it is not there yet.
    async fn reckoned(
        &self,
        scope: &Scope,
        organization: &Organization,
        planning: &Planning,
    ) -> Result<cache::Kept, Error> {
        // Of the whole organization, whoever asks: branches are reconciled with all the others.
        let all = Scope::system(scope.organization, "outlook");
        let reader = self.database.reader();
        // Read before anything else: what changes meanwhile has a higher number.
        let key = cache::Key {
            organization: scope.organization,
            change: store::outbox::head(&reader, &all).await?,
            today: self.today_of(organization).day,
            metric: planning.metric.clone(),
            span: planning.span,
            version: planning.version.as_ref().map(|version| version.id),
        };
        if let Some(kept) = self.outlooks.find(&key) {
            return Ok(kept);
        }
        // One at a time: whoever waits finds what the first one made.
        let _turn = self.outlooks.turn().await;
        if let Some(kept) = self.outlooks.find(&key) {
            return Ok(kept);
        }
        let history = self
            .outlook_history(&all, planning, organization, key.today)
            .await?;
        let cache = self.outlooks.clone();
        tokio::task::spawn_blocking(move || cache.reckon(key, history))
            .await
            .map_err(|error| Error::Internal(format!("an outlook ended: {error}")))
    }
}

fn unknown_branch(node: &str) -> Error {
    Error::invalid_field(
        "unknown_branch",
        "node",
        format!("看不懂“{node}”。可以写 unit:部门 id、member:成员 id@部门 id 或 nobody@部门 id。"),
        format!("\"{node}\" is not understood: write unit:<id>, member:<id>@<unit id> or nobody@<unit id>."),
    )
}

fn too_far() -> Error {
    Error::invalid_field(
        "too_far",
        "period",
        "计划期离现有数据超过十年，无法展望。请选近一些的周期。",
        "The planned span ends more than ten years after the facts there are; choose a closer one.",
    )
}
