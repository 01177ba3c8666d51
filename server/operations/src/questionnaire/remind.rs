//! Sending a questionnaire, and reminding whoever has not answered it.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::calendar::{Day, WorkingDays};
use domain::id::{MemberId, QuestionnaireId, UserId};
use domain::job::Job;
use domain::notice::Notice;
use domain::questionnaire::{Progress, Reminded, Status, progress, reminders};
use serde_json::json;
use store::Writer;
use store::job::NewJob;
use store::organization::Organization;
use store::questionnaire::Questionnaire;

use super::{audience, commit, not_sent, only_a_draft};
use crate::scope::require;
use crate::{Error, Operations, Scope, clock, notice};

/// The hour of the day at which reminders come.
const HOUR: i8 = 9;

impl Operations {
    /// Sends a draft: whom it is for is decided now, they are told, and reminders are asked for. For planners.
    pub async fn send_questionnaire(&self, scope: &Scope, id: QuestionnaireId) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let known = store::questionnaire::lock(&writer, scope, id).await?;
        only_a_draft(&known)?;
        let organization = store::organization::get(&writer, scope).await?;
        let today = self.today_of(&organization).day;
        let due_on = known.draft.due_on;
        if due_on < today {
            return Err(over(due_on));
        }
        let recipients = audience::resolve(&writer, scope, &known.draft.audience, today).await?;
        if recipients.is_empty() {
            return Err(audience::nobody());
        }
        let members: Vec<MemberId> = recipients.iter().map(|one| one.member).collect();
        let sent = Questionnaire {
            status: Status::Open,
            sent_at_ms: Some(clock::now_ms()),
            ..known
        };
        store::questionnaire::update(&writer, scope, &sent).await?;
        store::questionnaire::add_members(&writer, scope, id, &members).await?;
        let jobs = reminder_jobs(&organization, &sent, today);
        store::job::enqueue(&writer, scope, &jobs).await?;
        tell_asked(&writer, scope, &sent, &members.iter().copied().collect()).await?;
        let detail =
            json!({ "title": sent.draft.title, "members": members.len(), "due_on": due_on.to_string() });
        commit(writer, scope, "questionnaire.send", id, &detail).await
    }

    /// Reminds everybody who has not answered and was not reminded today. For planners.
    pub async fn remind_questionnaire(&self, scope: &Scope, id: QuestionnaireId) -> Result<Reminded, Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let known = store::questionnaire::lock(&writer, scope, id).await?;
        match known.status {
            Status::Open => {}
            Status::Draft => return Err(not_sent()),
            Status::Closed => {
                return Err(Error::conflict(
                    "questionnaire_closed",
                    "问卷已经结束，不再提醒。",
                    "The questionnaire is closed: nobody is reminded any more.",
                ));
            }
        }
        self.remind(writer, scope, &known).await
    }

    /// Reminds when its time has come: the job that sending asked for. Whether there was anybody to remind.
    pub async fn remind_when_due(&self, scope: &Scope, id: QuestionnaireId) -> Result<bool, Error> {
        let writer = self.database.writer().await?;
        let known = match store::questionnaire::lock(&writer, scope, id).await {
            Ok(known) => known,
            // It went with the organization's data.
            Err(store::StoreError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if known.status != Status::Open {
            return Ok(false);
        }
        Ok(self.remind(writer, scope, &known).await?.told > 0)
    }

    async fn remind(&self, writer: Writer, scope: &Scope, known: &Questionnaire) -> Result<Reminded, Error> {
        let today = self.business_date(scope).await?;
        let asked = store::questionnaire::asked(&writer, scope, Some(known.id)).await?;
        let answers = store::questionnaire::answers(&writer, scope, Some(known.id)).await?;
        let waits = |member: MemberId| {
            let done = |question| {
                answers
                    .iter()
                    .any(|answer| answer.member == member && answer.question == question)
            };
            progress(&known.draft.questions, done) != Progress::Answered
        };
        let mut result = Reminded::default();
        let mut wanted = BTreeSet::new();
        for one in asked.into_iter().filter(|one| waits(one.member)) {
            if one.reminded_on == Some(today) {
                result.already += 1;
            } else {
                wanted.insert(one.member);
            }
        }
        let users = users_of(&writer, scope, &wanted).await?;
        let reached: BTreeSet<MemberId> = users.values().copied().collect();
        result.told = u32::try_from(reached.len()).unwrap_or(u32::MAX);
        result.unreachable = u32::try_from(wanted.len() - reached.len()).unwrap_or(u32::MAX);
        if users.is_empty() {
            return Ok(result);
        }
        let members: Vec<MemberId> = reached.into_iter().collect();
        store::questionnaire::mark_reminded(&writer, scope, known.id, &members, today).await?;
        let say = Notice::QuestionnaireReminder {
            questionnaire: known.id,
            title: known.draft.title.clone(),
            due_on: known.draft.due_on,
        };
        let told = users.into_keys().map(|user| (user, say.clone())).collect();
        notice::tell(&writer, scope, told).await?;
        let detail = json!({ "title": known.draft.title, "members": members.len() });
        commit(writer, scope, "questionnaire.remind", known.id, &detail).await?;
        Ok(result)
    }
}

/// A due date that is over.
pub(super) fn over(due_on: Day) -> Error {
    Error::invalid_field(
        "questionnaire_due",
        "due_on",
        format!("截止日期 {due_on} 已经过去，请改一个今天或以后的日子。"),
        format!("The due date {due_on} is over: choose today or a later day."),
    )
}

/// Tells some of those who are asked that they are; how many could be.
pub(super) async fn tell_asked(
    writer: &Writer,
    scope: &Scope,
    of: &Questionnaire,
    members: &BTreeSet<MemberId>,
) -> Result<u32, Error> {
    let say = Notice::QuestionnaireSent {
        questionnaire: of.id,
        title: of.draft.title.clone(),
        by: scope.actor.name().to_owned(),
        due_on: of.draft.due_on,
    };
    let users = users_of(writer, scope, members).await?;
    let reached: BTreeSet<MemberId> = users.values().copied().collect();
    let told = users.into_keys().map(|user| (user, say.clone())).collect();
    notice::tell(writer, scope, told).await?;
    Ok(u32::try_from(reached.len()).unwrap_or(u32::MAX))
}

/// What the keys of the jobs begin with that remind of a questionnaire.
pub(super) fn reminders_of(id: QuestionnaireId) -> String {
    format!("remind:{id}:")
}

/// A job for each day on which whoever has not answered is reminded. Where the organization counts another day than the
/// clock, they are as far off as by its own count.
pub(super) fn reminder_jobs(organization: &Organization, sent: &Questionnaire, today: Day) -> Vec<NewJob> {
    let working = WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
    let clock_today = clock::today_in(&organization.zone);
    let now_ms = clock::now_ms();
    reminders(sent.draft.due_on, sent.draft.remind_days, today, &working)
        .into_iter()
        .map(|day| NewJob {
            id: clock::new_id().into(),
            job: Job::RemindQuestionnaire {
                questionnaire: sent.id,
            },
            key: Some(format!("{}{day}", reminders_of(sent.id))),
            run_at_ms: clock::at_hour_ms(
                &organization.zone,
                clock_today.plus(day.0.saturating_sub(today.0)),
                HOUR,
            ),
            created_at_ms: now_ms,
        })
        .collect()
}

/// The users who are some of these members.
async fn users_of(
    writer: &Writer,
    scope: &Scope,
    members: &BTreeSet<MemberId>,
) -> Result<BTreeMap<UserId, MemberId>, Error> {
    Ok(notice::who_are_members(writer, scope)
        .await?
        .into_iter()
        .filter(|(user, member)| members.contains(member) && user.role.may(Permission::Acknowledge))
        .map(|(user, member)| (user.id, member))
        .collect())
}
