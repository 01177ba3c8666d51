//! Scenarios: the versions of a plan, their names, putting drafts away and taking them out again, and holding them beside
//! each other.

mod compare;

use std::collections::HashMap;

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::event::Event;
use domain::id::{PlanId, VersionId};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::scenario::{PlanChoice, PlanScenarios, ScenarioRow};
use domain::target::VersionStatus;
use serde_json::json;
use store::Writer;
use store::version::Version;

use crate::plan::state::{self, State};
use crate::plan::version_row;
use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock, input};

impl Operations {
    /// The scenarios of a plan, or of the plan of a version; without either, of the plan in work, or else of the latest; none
    /// where there is no plan.
    pub async fn scenarios(
        &self,
        scope: &Scope,
        plan: Option<PlanId>,
        version: Option<VersionId>,
    ) -> Result<Option<PlanScenarios>, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let plans = store::plan::list(&reader, scope).await?;
        let plan = match (plan, version) {
            (None, Some(version)) => Some(store::version::get(&reader, scope, version).await?.plan),
            (plan, _) => plan,
        };
        let plan = match plan {
            Some(plan) => Some(store::plan::get(&reader, scope, plan).await?),
            None => {
                let planning = self.planning(scope, &PlanningQuery::default()).await?;
                let in_work = planning.version.map(|version| version.plan);
                let latest = plans.iter().max_by_key(|plan| plan.created_at_ms);
                plans
                    .iter()
                    .find(|plan| Some(plan.id) == in_work)
                    .or(latest)
                    .cloned()
            }
        };
        let Some(plan) = plan else {
            return Ok(None);
        };
        let currency = store::organization::get(&reader, scope).await?.currency;
        let all = state::all(scope);
        let versions = store::version::list(&reader, scope, Some(plan.id)).await?;
        let numbers: HashMap<VersionId, u32> = versions
            .iter()
            .map(|version| (version.id, version.number))
            .collect();
        let mut scenarios = Vec::with_capacity(versions.len());
        for version in versions {
            let shelved_at_ms = version.shelved_at_ms;
            let branched_from = version.parent.and_then(|parent| numbers.get(&parent).copied());
            let state = State::load(&reader, &all, version).await?;
            scenarios.push(ScenarioRow {
                total: total(&state),
                version: version_row(state.version),
                branched_from,
                shelved_at_ms,
            });
        }
        Ok(Some(PlanScenarios {
            plan: plan.id,
            name: plan.name,
            currency,
            plans: plans
                .into_iter()
                .map(|plan| PlanChoice {
                    plan: plan.id,
                    name: plan.name,
                })
                .collect(),
            scenarios,
        }))
    }

    /// Gives a draft another name.
    pub async fn rename_version(&self, scope: &Scope, version: VersionId, name: &str) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let name = input::name(name, "name")?;
        let writer = self.database.writer().await?;
        let row = store::version::lock(&writer, scope, version).await?;
        if row.status != VersionStatus::Draft {
            return Err(Error::conflict(
                "version_frozen",
                "已经发布的版本不能再改名。",
                "A version that was published keeps its name.",
            ));
        }
        let siblings = store::version::list(&writer, scope, Some(row.plan)).await?;
        if siblings
            .iter()
            .any(|other| other.id != version && other.name == name)
        {
            return Err(Error::invalid_field(
                "name_taken",
                "name",
                format!("这个计划已经有一个叫“{name}”的方案。"),
                format!("This plan has a scenario called \"{name}\" already."),
            ));
        }
        store::version::rename(&writer, scope, version, &name).await?;
        let detail = json!({ "before": row.name, "name": name });
        told(writer, scope, "version.rename", &row, &detail).await
    }

    /// Puts a draft away: it leaves the lists, and nothing of it is lost.
    pub async fn shelve_version(&self, scope: &Scope, version: VersionId) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let row = store::version::lock(&writer, scope, version).await?;
        if row.status != VersionStatus::Draft {
            return Err(Error::conflict(
                "not_a_draft",
                "只有草案可以归档。已发布的版本会在下一个版本发布时自动被替代。",
                "Only drafts are archived. What is published is superseded when the next version is published.",
            ));
        }
        if row.shelved_at_ms.is_some() {
            return Err(Error::conflict(
                "shelved_already",
                "这个方案已经归档了。",
                "This scenario is archived already.",
            ));
        }
        store::version::shelve(&writer, scope, version, Some(clock::now_ms())).await?;
        told(
            writer,
            scope,
            "version.shelve",
            &row,
            &json!({ "name": row.name }),
        )
        .await
    }

    /// Takes a draft out again.
    pub async fn restore_version(&self, scope: &Scope, version: VersionId) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let row = store::version::lock(&writer, scope, version).await?;
        if row.shelved_at_ms.is_none() {
            return Err(Error::conflict(
                "not_shelved",
                "这个方案没有归档，不需要恢复。",
                "This scenario is not archived: there is nothing to restore.",
            ));
        }
        store::version::shelve(&writer, scope, version, None).await?;
        told(
            writer,
            scope,
            "version.restore",
            &row,
            &json!({ "name": row.name }),
        )
        .await
    }
}

async fn told(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    row: &Version,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let event = Event::PlanChanged {
        plan: row.plan,
        version: row.id,
        head: row.head,
    };
    audit::commit(
        writer,
        scope,
        verb,
        &format!("version:{}", row.id),
        detail,
        &event,
    )
    .await
}

/// A draft that was put away does not change before it is taken out again.
pub(crate) fn shelved() -> Error {
    Error::conflict(
        "version_shelved",
        "这个方案已经归档，不能改动。请先在“方案”里恢复它。",
        "This scenario is archived and does not change. Restore it on the Scenarios page first.",
    )
}

/// The total of a version.
fn total(state: &State) -> Minor {
    state.grid.amount(NodeIndex(0), None)
}
