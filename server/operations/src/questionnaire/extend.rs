//! What still changes in a questionnaire that was sent: its due date, and who is asked.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::calendar::Day;
use domain::id::{MemberId, QuestionnaireId};
use domain::questionnaire::{AskedMore, Audience, Draft, Status};
use serde_json::json;
use store::Writer;
use store::questionnaire::Questionnaire;

use super::remind::{over, reminder_jobs, reminders_of, tell_asked};
use super::{audience, commit, not_sent};
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// Gives a questionnaire that was sent another due date, today or later; its reminders follow. For planners.
    pub async fn postpone_questionnaire(
        &self,
        scope: &Scope,
        id: QuestionnaireId,
        due_on: Day,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let known = open(&writer, scope, id).await?;
        let organization = store::organization::get(&writer, scope).await?;
        let today = self.today_of(&organization).day;
        if due_on < today {
            return Err(over(due_on));
        }
        let before = known.draft.due_on;
        if due_on == before {
            return Ok(());
        }
        let changed = Questionnaire {
            draft: Draft {
                due_on,
                ..known.draft
            },
            ..known
        };
        store::questionnaire::update(&writer, scope, &changed).await?;
        store::job::withdraw(&writer, scope, &reminders_of(id)).await?;
        store::job::enqueue(&writer, scope, &reminder_jobs(&organization, &changed, today)).await?;
        let detail = json!({
            "title": changed.draft.title, "before": before.to_string(), "due_on": due_on.to_string(),
        });
        commit(writer, scope, "questionnaire.postpone", id, &detail).await
    }

    /// Asks more people: those of an audience who are not asked yet are, and they are told. For planners.
    pub async fn ask_more(
        &self,
        scope: &Scope,
        id: QuestionnaireId,
        more: Audience,
    ) -> Result<AskedMore, Error> {
        require(scope, Permission::EditPlan)?;
        let today = self.business_date(scope).await?;
        let writer = self.database.writer().await?;
        let known = open(&writer, scope, id).await?;
        if known.draft.due_on < today {
            return Err(Error::conflict(
                "questionnaire_overdue",
                "截止日期已过，请先改截止日期，再增加人员。",
                "It was due already: give it another due date first, then ask more people.",
            ));
        }
        audience::check(&writer, scope, &more).await?;
        let chosen = audience::resolve(&writer, scope, &more, today).await?;
        if chosen.is_empty() {
            return Err(audience::nobody());
        }
        let asked: BTreeSet<MemberId> = store::questionnaire::asked(&writer, scope, Some(id))
            .await?
            .into_iter()
            .map(|one| one.member)
            .collect();
        let new: BTreeSet<MemberId> = chosen
            .iter()
            .map(|one| one.member)
            .filter(|member| !asked.contains(member))
            .collect();
        let mut result = AskedMore {
            added: u32::try_from(new.len()).unwrap_or(u32::MAX),
            told: 0,
            already: u32::try_from(chosen.len() - new.len()).unwrap_or(u32::MAX),
        };
        if new.is_empty() {
            return Ok(result);
        }
        let mut draft = known.draft;
        draft.audience.add(more);
        let changed = Questionnaire { draft, ..known };
        store::questionnaire::update(&writer, scope, &changed).await?;
        let members: Vec<MemberId> = new.iter().copied().collect();
        store::questionnaire::add_members(&writer, scope, id, &members).await?;
        result.told = tell_asked(&writer, scope, &changed, &new).await?;
        let detail = json!({ "title": changed.draft.title, "members": members.len() });
        commit(writer, scope, "questionnaire.ask_more", id, &detail).await?;
        Ok(result)
    }
}

/// A questionnaire that was sent and is not closed, under its lock.
async fn open(writer: &Writer, scope: &Scope, id: QuestionnaireId) -> Result<Questionnaire, Error> {
    let known = store::questionnaire::lock(writer, scope, id).await?;
    match known.status {
        Status::Open => Ok(known),
        Status::Draft => Err(not_sent()),
        Status::Closed => Err(Error::conflict(
            "questionnaire_closed",
            "问卷已经结束，不能再改截止日期或增加人员。",
            "The questionnaire is closed: neither its due date nor those who are asked change any more.",
        )),
    }
}
