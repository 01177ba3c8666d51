//! Reminding those who have not confirmed the number they carry: by whoever sees it, and when its day has come.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::acknowledgement::{AnswerFilter, CarrierRow, Reminded, reminders};
use domain::calendar::WorkingDays;
use domain::event::Event;
use domain::id::{MemberId, VersionId};
use domain::job::Job;
use domain::notice::Notice;
use domain::target::{Confirmation, VersionStatus};
use serde_json::json;
use store::Writer;
use store::job::NewJob;
use store::version::Version;

use super::asked::{carriers, listed};
use crate::plan::state;
use crate::scope::require_voice;
use crate::{Error, Operations, Scope, audit, clock, notice};

/// Who of those who have not answered is reminded.
#[derive(Clone, Copy)]
enum Whom<'a> {
    Everybody,
    One(MemberId),
    /// Whoever a list shows, on all of its pages.
    Listed(&'a AnswerFilter),
}

/// The hour of the day at which reminders come.
const HOUR: i8 = 9;

impl Operations {
    /// Lets those through who may remind carriers.
    pub fn may_remind_carriers(&self, scope: &Scope) -> Result<(), Error> {
        require_voice(scope)
    }

    /// Reminds those within reach who have not answered to a number of a version on record, or one of them: everybody at most
    /// once a day, of all versions of a plan together. For those who plan, and those who lead.
    pub async fn remind_carriers(
        &self,
        scope: &Scope,
        version: VersionId,
        member: Option<MemberId>,
    ) -> Result<Reminded, Error> {
        let whom = member.map_or(Whom::Everybody, Whom::One);
        self.remind_whom(scope, version, whom).await
    }

    /// Reminds those whom a list shows, on all of its pages, and who have not answered.
    pub async fn remind_listed(
        &self,
        scope: &Scope,
        version: VersionId,
        filter: &AnswerFilter,
    ) -> Result<Reminded, Error> {
        self.remind_whom(scope, version, Whom::Listed(filter)).await
    }

    async fn remind_whom(
        &self,
        scope: &Scope,
        version: VersionId,
        whom: Whom<'_>,
    ) -> Result<Reminded, Error> {
        require_voice(scope)?;
        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        if locked.status != VersionStatus::Published {
            return Err(Error::conflict(
                "not_on_record",
                "只有已发布的版本才需要确认。",
                "Only the numbers of a published version are confirmed.",
            ));
        }
        self.remind_waiting(writer, scope, &locked, whom).await
    }

    /// Reminds whoever has not answered when the day has come: the job that publishing asked for. Whether there was anybody to
    /// remind; of a plan that is over, such as one that was entered for years past, nobody is.
    pub async fn remind_carriers_when_due(&self, scope: &Scope, version: VersionId) -> Result<bool, Error> {
        let writer = self.database.writer().await?;
        let locked = match store::version::lock(&writer, scope, version).await {
            Ok(locked) => locked,
            // It was taken back.
            Err(store::StoreError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if locked.status != VersionStatus::Published {
            return Ok(false);
        }
        let plan = store::plan::get(&writer, scope, locked.plan).await?;
        let organization = store::organization::get(&writer, scope).await?;
        if plan.span.ends_on <= self.today_of(&organization).day {
            return Ok(false);
        }
        let reminded = self
            .remind_waiting(writer, scope, &locked, Whom::Everybody)
            .await?;
        Ok(reminded.told > 0)
    }

    async fn remind_waiting(
        &self,
        writer: Writer,
        scope: &Scope,
        version: &Version,
        whom: Whom<'_>,
    ) -> Result<Reminded, Error> {
        let all = state::all(scope);
        let organization = store::organization::get(&writer, scope).await?;
        let today = self.today_of(&organization).day;
        let mut rows = carriers(&writer, scope, version, today).await?;
        if let Whom::Listed(filter) = whom {
            rows = listed(rows, filter);
        }
        let waits = |row: &&CarrierRow| {
            let today_already = row.reminded_on == Some(today)
                && row.confirmation == Confirmation::Open
                && scope.member != Some(row.carrier);
            row.may_remind || today_already
        };
        let mut waiting: BTreeSet<MemberId> = rows.iter().filter(waits).map(|row| row.carrier).collect();
        if let Whom::One(member) = whom {
            if !rows.iter().any(|row| row.carrier == member) {
                return Err(Error::NotFound("target"));
            }
            if !waiting.contains(&member) {
                return Err(Error::conflict(
                    "nothing_to_remind_of",
                    "不用提醒：已经答复，或正在协商，或就是你自己。",
                    "There is nothing to remind of: it is answered or negotiated, or it is yourself.",
                ));
            }
            waiting = BTreeSet::from([member]);
        }
        let users: Vec<_> = notice::who_are_members(&writer, scope)
            .await?
            .into_iter()
            .filter(|(user, member)| waiting.contains(member) && user.role.may(Permission::Acknowledge))
            .collect();
        let reached: BTreeSet<MemberId> = users.iter().map(|(_, member)| *member).collect();
        let mut told = BTreeSet::new();
        // In the order of members, as the table asks for.
        for member in &reached {
            let of = (version.plan, version.id);
            if store::target_reminder::take(&writer, &all, of, *member, today).await? {
                told.insert(*member);
            }
        }
        let reminded = Reminded {
            told: count(told.len()),
            already: count(reached.len() - told.len()),
            unreachable: count(waiting.len() - reached.len()),
        };
        let Some(first) = rows.iter().find(|row| told.contains(&row.carrier)) else {
            return Ok(reminded);
        };
        let plan = store::plan::get(&writer, &all, version.plan).await?;
        let say = Notice::TargetReminder {
            version: version.id,
            plan: plan.name,
            by: scope.actor.user().map(|_| scope.actor.name().to_owned()),
        };
        let notices = users
            .into_iter()
            .filter(|(_, member)| told.contains(member))
            .map(|(user, _)| (user.id, say.clone()))
            .collect();
        notice::tell(&writer, scope, notices).await?;
        // Whoever has the list open sees who was reminded.
        let event = Event::Acknowledged {
            version: version.id,
            node: first.node,
        };
        audit::commit(
            writer,
            scope,
            "target.remind",
            &format!("version:{}", version.id),
            &json!({ "members": told, "already": reminded.already }),
            &event,
        )
        .await?;
        Ok(reminded)
    }
}

/// How many people.
fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

/// What the keys of the jobs begin with that remind of a version.
pub(crate) fn reminders_of(version: VersionId) -> String {
    format!("targets:{version}:")
}

/// Asks for the jobs that remind whoever has not confirmed a number of a version that becomes plan of record now.
pub(crate) async fn ask_for_reminders(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
) -> Result<(), Error> {
    let organization = store::organization::get(writer, &state::all(scope)).await?;
    let working = WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
    let now_ms = clock::now_ms();
    let jobs: Vec<NewJob> = reminders(clock::today_in(&organization.zone), &working)
        .into_iter()
        .map(|day| NewJob {
            id: clock::new_id().into(),
            job: Job::RemindTargets { version },
            key: Some(format!("{}{day}", reminders_of(version))),
            run_at_ms: clock::at_hour_ms(&organization.zone, day, HOUR),
            created_at_ms: now_ms,
        })
        .collect();
    store::job::enqueue(writer, scope, &jobs).await?;
    Ok(())
}
