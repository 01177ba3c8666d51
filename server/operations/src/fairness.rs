//! Fairness of a plan: what it is judged by, the limits an organization sets, and publishing what is within them.

mod ground;

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::event::Event;
use domain::fairness::{
    Breach, Ground, Limit, Limits, Measure, Settings, Severity, breaches, levels, padding,
};
use domain::format::Lang;
use domain::id::VersionId;
use domain::outlook::Outlook;
use serde_json::json;

use crate::plan::UNASSIGNED;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, audit};

/// All of it, in millionths.
const WHOLE_PPM: f64 = 1_000_000.0;

impl Operations {
    /// What the fairness of a version is judged by, of the rows that whoever asks may see. For those who may open its grid.
    pub async fn fairness_ground(&self, scope: &Scope, version: VersionId) -> Result<Ground, Error> {
        require(scope, Permission::ReadPeople)?;
        self.ground(scope, version).await
    }

    /// Chooses what warns and what blocks publishing; of measures that are not given, the usual limits hold.
    pub async fn set_fairness_limits(&self, scope: &Scope, chosen: Vec<Limit>) -> Result<(), Error> {
        require(scope, Permission::Publish)?;
        let limits = Limits::with(&chosen);
        limits.check().map_err(|error| {
            Error::invalid_field(
                "bad_limit",
                error.measure().as_str(),
                error.words(Lang::ZhCn),
                error.words(Lang::En),
            )
        })?;
        let writer = self.database.writer().await?;
        store::fairness::set_limits(&writer, scope, &limits).await?;
        let detail = json!({ "limits": limits });
        let event = Event::PeopleChanged;
        audit::commit(writer, scope, "fairness.limits", "organization", &detail, &event).await
    }

    /// What a version that is published is held against; none where nothing blocks. To be asked before the write lock is
    /// taken.
    pub(crate) async fn fair(&self, scope: &Scope, version: VersionId) -> Result<Option<Fair>, Error> {
        let all = state::all(scope);
        let reader = self.database.reader();
        let limits = store::fairness::limits(&reader, &all).await?;
        if !limits.block() {
            return Ok(None);
        }
        let of_outlook = limits
            .list()
            .iter()
            .any(|limit| limit.measure != Measure::Padding && limit.block_ppm.is_some());
        let row = store::version::get(&reader, &all, version).await?;
        let state = State::load(&reader, &all, row).await?;
        // Over-assignment is told by the numbers alone: while it is within its limit, nothing has to be reckoned.
        let ground = if of_outlook || is_over_assigned(&state, &limits) {
            Some(self.ground(&all, version).await?)
        } else {
            None
        };
        Ok(Some(Fair { limits, ground }))
    }

    async fn ground(&self, scope: &Scope, version: VersionId) -> Result<Ground, Error> {
        let all = state::all(scope);
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        let nodes = store::version::nodes(&reader, &all, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        let organization = store::organization::get(&reader, &all).await?;
        let outlook = self.outlook_of(&all, version).await?;
        let known = ground::Known {
            shape: state::shape(&plan, &nodes)?,
            members: store::member::list(&reader, &all).await?,
            potential: store::potential::list(&reader, &all, plan.span.starts_on, plan.span.ends_on).await?,
            today: self.today_of(&organization).day,
            currency: organization.currency,
            outlook,
            nodes,
        };
        Ok(Ground {
            limits: store::fairness::limits(&reader, &all).await?,
            may_limit: scope.may(Permission::Publish),
            ..known.ground(scope, &visible)
        })
    }

    /// The outlook of a version; none where it cannot be made, as of days too far ahead.
    async fn outlook_of(&self, all: &Scope, version: VersionId) -> Result<Option<Outlook>, Error> {
        match self.expected(all, PlanningQuery::of(version)).await {
            Err(Error::Invalid(_) | Error::NotFound(_)) => Ok(None),
            other => other,
        }
    }
}

/// What a version is held against when it is published.
pub(crate) struct Fair {
    limits: Limits,
    /// None where no limit needed it when it was asked.
    ground: Option<Ground>,
}

impl Fair {
    /// Refuses a version that is beyond a limit that blocks. Where nothing can be expected, nothing is refused.
    pub(crate) fn refuse_unfair(&self, state: &State) -> Result<(), Error> {
        let Some(ground) = &self.ground else {
            if is_over_assigned(state, &self.limits) {
                return Err(Error::conflict(
                    "changed_meanwhile",
                    "刚刚有人改了数字，请再发布一次。",
                    "Somebody changed the numbers just now: publish once more.",
                ));
            }
            return Ok(());
        };
        if !ground.known {
            return Ok(());
        }
        let settings = Settings::default();
        let amount = |node| state.grid.amount(node, None);
        // A plan nobody carries a number of cannot be judged, and blocks nothing.
        let Ok(judged) = ground.check(state.grid.shape(), 0, amount, &settings) else {
            return Ok(());
        };
        let blocking: Vec<Breach> = breaches(&judged.report, &self.limits, &settings)
            .into_iter()
            .filter(|breach| breach.severity == Severity::Block)
            .collect();
        if blocking.is_empty() {
            return Ok(());
        }
        let words = |lang: Lang| {
            let each: Vec<String> = blocking.iter().map(|breach| breach.words(lang)).collect();
            each.join(lang.pick("；", "; "))
        };
        Err(Error::conflict(
            "fairness_blocks",
            format!(
                "没有通过公平性检查：{}。请调整数字；所有者也可以写明原因后照样发布。",
                words(Lang::ZhCn)
            ),
            format!(
                "The fairness check stands in the way: {}. Change the numbers, or have an owner publish it anyway with a reason.",
                words(Lang::En)
            ),
        ))
    }
}

/// Whether all levels together hand down more than is published.
fn is_over_assigned(state: &State, limits: &Limits) -> bool {
    let block = limits
        .list()
        .iter()
        .find(|limit| limit.measure == Measure::Padding)
        .and_then(|limit| limit.block_ppm);
    let is_unassigned =
        |node: domain::plan::NodeIndex| state.node(node).is_some_and(|node| node.level == UNASSIGNED);
    let sums = levels(state.grid.shape(), is_unassigned, |node| {
        state.grid.amount(node, None)
    });
    let total = padding(&sums).ok().and_then(|padding| padding.total);
    match (block, total) {
        (Some(block), Some(total)) => (total * WHOLE_PPM).round() > f64::from(block),
        _ => false,
    }
}
