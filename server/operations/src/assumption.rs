//! Which planning is looked at, and its set of assumptions.

use domain::assumption::{PlannedVersion, Planning, PlanningQuery};
use domain::calendar::{Day, Fiscal, Month, Period, PeriodKind};
use domain::id::{AssumptionsId, VersionId};
use domain::metric::MetricKey;
use domain::target::{Span, VersionStatus};
use store::assumption::Subject;
use store::organization::Organization;
use store::plan::Plan;
use store::{Session, Writer};

use crate::attainment::fiscal;
use crate::{Error, Operations, Scope, clock};

/// A planned period may end so many months after the business date, and be looked ahead to from so far before.
pub(crate) const FURTHEST_MONTHS: i32 = 120;

impl Operations {
    /// The planning that is asked for: a version, a period, or without either the draft in work or else the fiscal year
    /// that comes after the newest facts.
    pub(crate) async fn planning(&self, scope: &Scope, asked: &PlanningQuery) -> Result<Planning, Error> {
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let fiscal = fiscal(&organization)?;
        if let Some(version) = asked.version {
            return self.planned_version(scope, organization, fiscal, version).await;
        }
        if let Some(name) = &asked.period {
            let period = fiscal
                .named(name)
                .ok_or_else(|| crate::track::unknown_period(name))?;
            refuse_beyond(&period, self.today_of(&organization).day)?;
            return Ok(preparing(organization, period));
        }
        let draft = store::version::list(&reader, scope, None)
            .await?
            .into_iter()
            .filter(|version| version.status.is_in_work() && version.shelved_at_ms.is_none())
            .max_by_key(|version| version.created_at_ms);
        if let Some(draft) = draft {
            return self.planned_version(scope, organization, fiscal, draft.id).await;
        }
        let today = self.today_of(&organization).day;
        let anchor = self.span(scope).await?.map_or(today, |(_, last)| last.min(today));
        let year = fiscal.period_of(PeriodKind::Year, anchor);
        Ok(preparing(organization, fiscal.step(&year, 1)))
    }

    async fn planned_version(
        &self,
        scope: &Scope,
        organization: Organization,
        fiscal: Fiscal,
        id: VersionId,
    ) -> Result<Planning, Error> {
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, id).await?;
        let plan = store::plan::get(&reader, scope, version.plan).await?;
        let exactly = [
            PeriodKind::Year,
            PeriodKind::Half,
            PeriodKind::Quarter,
            PeriodKind::Month,
        ]
        .into_iter()
        .map(|kind| fiscal.period_of(kind, plan.span.starts_on))
        .find(|period| Span::of(period) == plan.span);
        Ok(Planning {
            metric: MetricKey::parse(&plan.metric_key).map_err(crate::plan::damaged)?,
            currency: organization.currency,
            span: plan.span,
            period: exactly,
            version: Some(PlannedVersion {
                plan: plan.id,
                plan_name: plan.name,
                id,
                name: version.name,
                status: version.status,
                shelved: version.shelved_at_ms.is_some(),
            }),
        })
    }
}

/// A period that nobody plans: it begins before anything was counted, or ends more than ten years from now. Without the bounds a
/// slip of the pen would be answered with the year 9999.
fn refuse_beyond(period: &Period, today: Day) -> Result<(), Error> {
    if period.start < Day::BEGINNING {
        return Err(Error::invalid_field(
            "too_early",
            "period",
            "计划期最早从 1970 年开始。请选近一些的周期。",
            "A planned period begins in 1970 at the earliest; choose a closer one.",
        ));
    }
    if Month::of(period.last_day()) > Month::of(today).plus(FURTHEST_MONTHS) {
        return Err(Error::invalid_field(
            "too_far",
            "period",
            "计划期的结束距今超过十年。请选近一些的周期。",
            "The planned period ends more than ten years from now; choose a closer one.",
        ));
    }
    Ok(())
}

fn preparing(organization: Organization, period: Period) -> Planning {
    Planning {
        metric: MetricKey::BOOKINGS,
        currency: organization.currency,
        span: Span::of(&period),
        period: Some(period),
        version: None,
    }
}

/// What the assumptions of a planning belong to.
pub(crate) fn subject(planning: &Planning) -> Subject {
    Subject {
        metric_key: planning.metric.as_str().to_owned(),
        span: planning.span,
        version: planning.version.as_ref().map(|version| version.id),
    }
}

/// The set of a planning, where anything was assumed yet. Before there is a draft, what was gathered for days that these share
/// holds for them too, by its own days: the draft takes the same set over, and says what was said before it.
pub(crate) async fn find(
    session: &impl Session,
    scope: &Scope,
    planning: &Planning,
) -> Result<Option<AssumptionsId>, Error> {
    let of = subject(planning);
    let own = store::assumption::find(session, scope, &of).await?;
    if own.is_some() || of.version.is_some() {
        return Ok(own);
    }
    let gathered = store::assumption::prepared(session, scope, &of.metric_key, of.span).await?;
    Ok(gathered.first().copied())
}

/// The set of a planning to write to. Refused where the version is frozen: what it was reckoned with is part of it.
pub(crate) async fn open(
    writer: &Writer,
    scope: &Scope,
    planning: &Planning,
) -> Result<AssumptionsId, Error> {
    let status = planning.version.as_ref().map(|version| version.status);
    if status == Some(VersionStatus::InReview) {
        return Err(crate::publish::closed(VersionStatus::InReview));
    }
    if planning.version.as_ref().is_some_and(|version| version.shelved) {
        return Err(crate::scenario::shelved());
    }
    if !planning.is_open() {
        return Err(Error::conflict(
            "version_frozen",
            "这个版本已经冻结，它的假设不能再改。请从它新建一个草稿。",
            "This version is frozen, and so is what it was reckoned with. Branch a draft from it.",
        ));
    }
    kept(writer, scope, planning).await
}

/// The set of a planning, whatever state its version is in: publishing writes down what was proposed, also of a version whose
/// review has ended.
pub(crate) async fn kept(
    writer: &Writer,
    scope: &Scope,
    planning: &Planning,
) -> Result<AssumptionsId, Error> {
    if let Some(known) = find(writer, scope, planning).await? {
        return Ok(known);
    }
    let new = AssumptionsId(clock::new_id());
    Ok(store::assumption::open(writer, scope, &subject(planning), new).await?)
}

/// A first draft takes over what was gathered for its days: the set of the closest span.
pub(crate) async fn adopt(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
) -> Result<(), Error> {
    let sets = store::assumption::prepared(writer, scope, &plan.metric_key, plan.span).await?;
    match sets.first() {
        Some(from) => hand_down(writer, scope, *from, plan, version).await,
        None => Ok(()),
    }
}

/// A branch starts with the assumptions of the version it comes from, and with what was set of levels and lines
/// of the rows they share.
pub(crate) async fn branch(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    from: VersionId,
    version: VersionId,
) -> Result<(), Error> {
    store::row_level::copy(writer, scope, from, version).await?;
    store::row_line::copy(writer, scope, from, version).await?;
    let of = Subject {
        metric_key: plan.metric_key.clone(),
        span: plan.span,
        version: Some(from),
    };
    match store::assumption::find(writer, scope, &of).await? {
        Some(from) => hand_down(writer, scope, from, plan, version).await,
        None => Ok(()),
    }
}

async fn hand_down(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    plan: &Plan,
    version: VersionId,
) -> Result<(), Error> {
    let to = Subject {
        metric_key: plan.metric_key.clone(),
        span: plan.span,
        version: Some(version),
    };
    let to = store::assumption::open(writer, scope, &to, AssumptionsId(clock::new_id())).await?;
    store::assumption::copy(writer, scope, from, to).await?;
    Ok(())
}
