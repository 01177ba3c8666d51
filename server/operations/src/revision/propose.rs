//! Asking the rules: each cause proposes a revision once, and tells those who may open it.

use domain::access::Permission;
use domain::calendar::{Day, Fiscal, PeriodKind};
use domain::event::Event;
use domain::id::RevisionId;
use domain::job::Job;
use domain::notice::Notice;
use domain::outlook::Factor;
use domain::revision::{Cause, Rule, RuleKind, ends_within, is_off};
use domain::target::VersionStatus;
use store::job::NewJob;
use store::plan::Plan;
use store::revision::{Revision, State as Standing};
use store::version::Version;
use store::{Session, Writer};

use super::news;
use crate::attainment::fiscal;
use crate::plan::state::{self, damaged};
use crate::{Error, Operations, Scope, clock, notice};

/// A day, milliseconds.
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// Has the rules asked at a time; where a key is given, once for it. It wakes nobody: an event of the transaction does.
pub(super) async fn ask(
    writer: &Writer,
    scope: &Scope,
    run_at_ms: i64,
    key: Option<String>,
) -> Result<(), Error> {
    let job = NewJob {
        id: clock::new_id().into(),
        job: Job::ProposeRevisions,
        key,
        run_at_ms,
        created_at_ms: clock::now_ms(),
    };
    Ok(store::job::enqueue(writer, scope, &[job]).await?)
}

/// Has the rules asked after something that may call for a revision, where any is on.
pub(crate) async fn ask_where_on(writer: &Writer, scope: &Scope) -> Result<(), Error> {
    let rules = store::revision::rules(writer, scope).await?;
    if rules.iter().any(|rule| rule.enabled) {
        ask(writer, scope, clock::now_ms(), None).await?;
    }
    Ok(())
}

impl Operations {
    /// Asks every rule that is on about every plan that runs, and has them asked again tomorrow. For servers.
    pub async fn propose_revisions(&self, scope: &Scope) -> Result<u32, Error> {
        let reader = self.database.reader();
        let rules: Vec<Rule> = store::revision::rules(&reader, scope)
            .await?
            .into_iter()
            .filter(|rule| rule.enabled)
            .collect();
        if rules.is_empty() {
            return Ok(0);
        }
        let today = self
            .today_of(&store::organization::get(&reader, scope).await?)
            .day;
        let mut made = 0;
        for version in store::version::list(&reader, scope, None).await? {
            if version.status != VersionStatus::Published {
                continue;
            }
            let plan = store::plan::get(&reader, scope, version.plan).await?;
            if today < plan.span.starts_on || plan.span.ends_on <= today {
                continue;
            }
            for rule in &rules {
                for cause in self.causes(scope, *rule, &plan, &version).await? {
                    made += u32::from(self.propose(scope, &plan, &version, &cause).await?);
                }
            }
        }
        let writer = self.database.writer().await?;
        ask(
            &writer,
            scope,
            clock::now_ms() + DAY_MS,
            Some(format!("revisions:{}", today.plus(1))),
        )
        .await?;
        store::outbox::append(&writer, scope, &Event::JobsChanged).await?;
        writer.commit().await?;
        Ok(made)
    }

    /// What a rule has to say of a plan that runs.
    async fn causes(
        &self,
        scope: &Scope,
        rule: Rule,
        plan: &Plan,
        version: &Version,
    ) -> Result<Vec<Cause>, Error> {
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let fiscal = fiscal(&organization)?;
        match rule.kind {
            RuleKind::MonthEnd | RuleKind::QuarterEnd | RuleKind::HalfEnd => {
                let versions = store::version::list(&reader, scope, Some(plan.id)).await?;
                let from = looked_again(&reader, scope, &versions).await?;
                let over = over(rule.kind, fiscal, plan, from, today);
                untold(&reader, scope, &versions, version, over).await
            }
            RuleKind::Pace => {
                let quarter = fiscal.period_of(PeriodKind::Quarter, today);
                let (actual, expected) = self.pace_of(scope, &plan.metric_key, plan.span, today).await?;
                if expected <= 0 {
                    return Ok(Vec::new());
                }
                let pace_ppm =
                    i64::try_from(i128::from(actual) * 1_000_000 / i128::from(expected)).unwrap_or(i64::MAX);
                let cause = is_off(pace_ppm, rule.threshold_ppm).then_some(Cause::Pace {
                    pace_ppm,
                    quarter: quarter.name,
                });
                Ok(cause.into_iter().collect())
            }
            RuleKind::Factor => {
                let news = news::since_published(&reader, &state::all(scope), plan, version, today).await?;
                let cause = |factor: Factor| Cause::Factor {
                    factor: factor.id,
                    name: factor.entry.name,
                    at_ms: factor.at_ms,
                };
                Ok(news.into_iter().map(cause).collect())
            }
        }
    }

    /// Proposes a revision; not where the cause did before.
    async fn propose(
        &self,
        scope: &Scope,
        plan: &Plan,
        version: &Version,
        cause: &Cause,
    ) -> Result<bool, Error> {
        let writer = self.database.writer().await?;
        let revision = Revision {
            id: RevisionId(clock::new_id()),
            version: version.id,
            draft: None,
            cause: serde_json::to_string(cause).map_err(damaged)?,
            key: cause.key(version.id),
            state: Standing::Proposed,
            reason: None,
            begins_on: None,
            at_ms: clock::now_ms(),
            by: scope.actor.name().to_owned(),
        };
        if !store::revision::insert(&writer, scope, &revision).await? {
            writer.rollback().await?;
            return Ok(false);
        }
        let notice = Notice::RevisionProposed {
            version: version.id,
            plan: plan.name.clone(),
        };
        let users = store::user::list(&writer, scope).await?;
        let told = users
            .into_iter()
            .filter(|user| user.disabled_at_ms.is_none() && user.role.may(Permission::EditPlan))
            .map(|user| (user.id, notice.clone()));
        store::outbox::append(&writer, scope, &Event::ReviewChanged { version: version.id }).await?;
        notice::tell(&writer, scope, told.collect()).await?;
        writer.commit().await?;
        Ok(true)
    }
}

/// The day up to which a plan was looked at again already: the first whose numbers the last revision on record could change. A
/// change of staff looks at nothing but the numbers of those it moves.
async fn looked_again(
    session: &impl Session,
    scope: &Scope,
    versions: &[Version],
) -> Result<Option<Day>, Error> {
    let mut latest = None;
    for version in versions {
        if version.status == VersionStatus::Published || version.status == VersionStatus::Archived {
            let Some(revision) = store::revision::of_draft(session, scope, version.id).await? else {
                continue;
            };
            let cause: Cause = serde_json::from_str(&revision.cause).map_err(damaged)?;
            if !matches!(cause, Cause::Staff { .. }) {
                latest = latest.max(revision.begins_on);
            }
        }
    }
    Ok(latest)
}

/// That periods of the plan are over which a rule watches and which no revision has begun after, the latest first.
fn over(rule: RuleKind, fiscal: Fiscal, plan: &Plan, looked_again: Option<Day>, today: Day) -> Vec<Cause> {
    let Some(kind) = rule.ends_of() else {
        return Vec::new();
    };
    let ends = ends_within(kind, fiscal, &plan.periods);
    ends.into_iter()
        .rev()
        .filter(|period| period.end <= today && looked_again.is_none_or(|from| from < period.end))
        .filter_map(|period| Cause::period_end(kind, period.name))
        .collect()
}

/// Those of causes, the latest first, that nobody was told of yet: up to the last one that was told of, so that none is left out
/// after days on which nobody asked; where none was, the latest only, as what was over before the rule is no news. In the order
/// in which they came.
///
/// What was opened or put aside for another version of the plan was told; a proposal that was still open there was not, as it
/// went with that version.
async fn untold(
    session: &impl Session,
    scope: &Scope,
    versions: &[Version],
    version: &Version,
    causes: Vec<Cause>,
) -> Result<Vec<Cause>, Error> {
    let keys: Vec<String> = causes
        .iter()
        .flat_map(|cause| versions.iter().filter_map(move |version| cause.key(version.id)))
        .collect();
    let known = store::revision::of_keys(session, scope, &keys).await?;
    let is_told = |cause: &Cause| {
        versions.iter().any(|of| {
            let standing = cause.key(of.id).and_then(|key| known.get(&key).copied());
            standing.is_some_and(|standing| of.id == version.id || standing != Standing::Proposed)
        })
    };
    let told = causes.iter().position(is_told);
    let mut untold = causes;
    untold.truncate(told.unwrap_or(1));
    untold.reverse();
    Ok(untold)
}
