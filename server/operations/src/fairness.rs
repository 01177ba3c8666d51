//! Fairness of a plan: what it is judged by, the limits an organization sets, and publishing what is within them.

mod checked;
mod ground;

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::event::Event;
use domain::fairness::{
    Breach, Ground, Limit, Limits, LimitsSet, Measure, Settings, Severity, breaches, check_hedge_limit,
    levels, padding,
};
use domain::format::Lang;
use domain::id::VersionId;
use domain::outlook::Outlook;
use serde_json::json;

use crate::plan::market;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, audit};

/// The line of the log that tells of limits being chosen.
const CHOSEN: &str = "fairness.limits";
/// What it is about.
const OF_ALL: &str = "organization";

impl Operations {
    /// What the fairness of a version is judged by, of the rows that whoever asks may see. For those who may open its grid.
    pub async fn fairness_ground(&self, scope: &Scope, version: VersionId) -> Result<Ground, Error> {
        require(scope, Permission::ReadPeople)?;
        self.ground(scope, version).await
    }

    /// Chooses what warns and what blocks publishing; of measures that are not given, the usual limits hold. What blocks is
    /// loosened by an owner only: else whoever publishes would let themselves through.
    pub async fn set_fairness_limits(&self, scope: &Scope, chosen: Vec<Limit>) -> Result<(), Error> {
        self.set_limits(scope, chosen, None).await
    }

    /// The same, and by how much the rows below a row may exceed it, in millionths; where none is given that stays. It holds for
    /// whatever is changed from then on, and is raised by an owner only.
    pub async fn set_limits(
        &self,
        scope: &Scope,
        chosen: Vec<Limit>,
        hedge_ppm: Option<u32>,
    ) -> Result<(), Error> {
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
        if let Some(Err(error)) = hedge_ppm.map(check_hedge_limit) {
            return Err(Error::invalid_field(
                "bad_hedge_limit",
                "hedge",
                error.words(Lang::ZhCn),
                error.words(Lang::En),
            ));
        }
        let writer = self.database.writer().await?;
        let before = store::fairness::limits(&writer, scope).await?;
        if limits.loosen(&before) && !scope.may(Permission::ManageOrganization) {
            return Err(Error::conflict(
                "limits_loosened",
                "阻止发布的界限只能由所有者放宽或取消。",
                "Only an owner loosens or removes a limit that blocks publishing.",
            ));
        }
        if let Some(ppm) = hedge_ppm {
            let before = store::fairness::hedge_limit(&writer, scope).await?;
            if ppm > before && !scope.may(Permission::ManageOrganization) {
                return Err(Error::conflict(
                    "hedge_limit_raised",
                    "每一行上浮的上限只能由所有者提高。",
                    "Only an owner raises the bound of over-assignment of a row.",
                ));
            }
            store::fairness::set_hedge_limit(&writer, scope, ppm).await?;
        }
        store::fairness::set_limits(&writer, scope, &limits).await?;
        let detail = json!({ "limits": limits, "hedge_ppm": hedge_ppm });
        let event = Event::PeopleChanged;
        audit::commit(writer, scope, CHOSEN, OF_ALL, &detail, &event).await
    }

    /// Who chose the limits that hold, and when; none where nobody did, and the usual ones hold. For those who may open a grid.
    pub async fn fairness_limits_set(&self, scope: &Scope) -> Result<Option<LimitsSet>, Error> {
        require(scope, Permission::ReadPeople)?;
        let last = store::audit::last(&self.database.reader(), &state::all(scope), CHOSEN, OF_ALL).await?;
        Ok(last.map(|(by, at_ms)| LimitsSet { by, at_ms }))
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
        // Over-assignment is told by the numbers alone: for that nothing has to be reckoned.
        let ground = if of_outlook {
            Some(self.ground(&all, version).await?)
        } else {
            None
        };
        Ok(Some(Fair { limits, ground }))
    }

    /// What the fairness of a version is judged by, of the rows within a scope.
    pub(crate) async fn ground(&self, scope: &Scope, version: VersionId) -> Result<Ground, Error> {
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
            markets: {
                let (from, to) = (plan.span.starts_on, plan.span.ends_on);
                let figures = store::potential::list(&reader, &all, from, to).await?;
                market::worth(figures, plan.span, &organization.currency)
            },
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
    /// Whether it is judged by these limits.
    pub(crate) fn is_by(&self, limits: &Limits) -> bool {
        self.limits == *limits
    }

    /// The limits that block and that a version is beyond. Where nothing can be expected of anybody, or nobody carries a
    /// number, only over-assignment can be told.
    pub(crate) fn blocking(&self, state: &State) -> Vec<Breach> {
        let shape = state.grid.shape();
        let settings = Settings::default();
        let amount = |node| state.grid.amount(node, None);
        let padding = padding(&levels(shape, amount)).ok();
        let padding = padding.and_then(|padding| self.limits.over_assigned(&padding));
        let ground = self.ground.as_ref().filter(|ground| ground.known);
        let judged = ground.and_then(|ground| ground.check(shape, 0, amount, &settings).ok());
        let others = judged.map(|judged| breaches(&judged.report, &self.limits, &settings));
        let others = others.unwrap_or_default().into_iter();
        padding
            .into_iter()
            .chain(others.filter(|breach| breach.measure != Measure::Padding))
            .filter(|breach| breach.severity == Severity::Block)
            .collect()
    }
}

/// Refuses a version that is beyond limits that block.
pub(crate) fn refuse(blocking: &[Breach]) -> Result<(), Error> {
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
