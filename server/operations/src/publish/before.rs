//! What one looks at before a version is published or approved: how fair it is, whether the way it was split by would have been
//! right, and what people say of the version before it.

use domain::access::{Permission, Role};
use domain::acknowledgement::CarrierRow;
use domain::id::VersionId;
use domain::publish::{Asked, Before, Silent, Voice};
use domain::target::{Confirmation, VersionStatus};
use store::Session;
use store::plan::Plan;
use store::version::Version;

use super::assumed::assumed;
use super::gaps::gaps;
use super::is_replaced;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// People who have not confirmed and are named.
const NAMED: usize = 20;

impl Operations {
    /// What is known of a version before it is decided on, within reach. `fairness`: whether it is judged as well. For those
    /// who may open its grid.
    pub async fn before_publishing(
        &self,
        scope: &Scope,
        version: VersionId,
        fairness: bool,
    ) -> Result<Before, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        // First of all: what changes while the rest is read has changed since it was seen.
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        let assumed = assumed(&reader, &all, &plan, version).await?;
        let state = State::load(&reader, &all, row).await?;
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let gaps = gaps(&reader, scope, &state, organization.currency, today).await?;
        let fairness = if fairness {
            self.checked(scope, &state).await?
        } else {
            Vec::new()
        };
        let blocks = fairness.iter().any(domain::fairness::Checked::blocks);
        let may_pass = if blocks {
            owners(&reader, &all).await?
        } else {
            Vec::new()
        };
        let used = if scope.may(Permission::EditPlan) {
            self.way_used(scope, &state).await?
        } else {
            None
        };
        let mut voices = Vec::new();
        let before = version_before(&reader, &all, &state.plan, &state.version).await?;
        let own = (!state.version.status.is_in_work()).then(|| state.version.clone());
        for (version, before) in [(own, false), (before, true)] {
            if let Some(version) = version {
                voices.extend(self.voice(scope, &version, before).await?);
            }
        }
        Ok(Before {
            version,
            head: state.head,
            assumed,
            outdated: state.version.status.is_in_work() && is_replaced(&reader, &all, version).await?,
            gaps,
            fairness,
            may_pass,
            used,
            voices,
        })
    }

    /// What people say of a published version; none where it is not within reach.
    async fn voice(&self, scope: &Scope, version: &Version, before: bool) -> Result<Option<Voice>, Error> {
        let pulse = match self.pulse(scope, version.id).await {
            Ok(pulse) => pulse,
            Err(Error::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let unconfirmed = if version.status == VersionStatus::Published {
            Some(silent(&self.unconfirmed(scope, version.id).await?))
        } else {
            None
        };
        let plan = store::plan::get(&self.database.reader(), &state::all(scope), version.plan).await?;
        Ok(Some(Voice {
            version: version.id,
            plan: plan.name,
            number: version.number,
            before,
            pulse,
            unconfirmed,
        }))
    }
}

fn silent(waiting: &[CarrierRow]) -> Silent {
    let countered = waiting
        .iter()
        .filter(|one| matches!(one.confirmation, Confirmation::Countered { .. }))
        .count() as u64;
    let names = waiting.iter().take(NAMED).map(Asked::of);
    Silent {
        open: waiting.len() as u64 - countered,
        countered,
        names: names.collect(),
    }
}

/// Those who may publish beyond limits that block, by name.
async fn owners(session: &impl Session, all: &Scope) -> Result<Vec<String>, Error> {
    let users = store::user::list(session, all).await?;
    Ok(users
        .into_iter()
        .filter(|user| user.role == Role::Owner && user.disabled_at_ms.is_none())
        .map(|user| user.name)
        .collect())
}

/// The version that was on record last for days of a plan, before this one was published; the plan of record itself where
/// this one is not published yet.
async fn version_before(
    session: &impl Session,
    all: &Scope,
    plan: &Plan,
    version: &Version,
) -> Result<Option<Version>, Error> {
    let records = store::cell::records(session, all, &plan.metric_key, plan.span).await?;
    let before = records.iter().find(|record| {
        let earlier = version.published_at_ms.is_none_or(|own| record.from_ms < own);
        record.version != version.id && earlier
    });
    match before {
        Some(record) => Ok(Some(store::version::get(session, all, record.version).await?)),
        None => Ok(None),
    }
}
