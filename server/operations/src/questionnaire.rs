//! Questionnaires: written and sent by planners, answered by members, read by planners and, within reach, by managers.

mod audience;
mod extend;
mod form;
mod own;
mod remind;
mod results;

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::{Day, Month, PeriodKind};
use domain::event::Event;
use domain::format::Lang;
use domain::id::{QuestionnaireId, VersionId};
use domain::metric::MetricKey;
use domain::questionnaire::{Desk, Draft, DraftError, Progress, Row, Status, Written, progress};
use domain::target::{Span, VersionStatus};
use serde_json::json;
use store::organization::Organization;
use store::questionnaire::Questionnaire;
use store::{Session, StoreError};

use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock};

impl Operations {
    /// The questionnaires within reach, with what is needed to write one about the planning that is looked at. For owners,
    /// planners and managers.
    pub async fn questionnaires(&self, scope: &Scope, asked: &PlanningQuery) -> Result<Desk, Error> {
        require(scope, Permission::ReadPeople)?;
        let planning = self.planning(scope, asked).await?;
        let reader = self.database.reader();
        let today = self.business_date(scope).await?;
        let may_write = scope.may(Permission::EditPlan);
        let found = store::questionnaire::list(&reader, scope).await?;
        let members = store::questionnaire::asked(&reader, scope, None).await?;
        let answers = store::questionnaire::answers(&reader, scope, None).await?;
        let mut rows = Vec::with_capacity(found.len());
        for one in found {
            if one.status == Status::Draft && !may_write {
                continue;
            }
            let of: Vec<_> = members
                .iter()
                .filter(|asked| asked.questionnaire == one.id)
                .collect();
            let has_answered = |member| {
                let done = |question| {
                    answers.iter().any(|answer| {
                        answer.questionnaire == one.id
                            && answer.member == member
                            && answer.question == question
                    })
                };
                progress(&one.draft.questions, done) == Progress::Answered
            };
            let answered = of.iter().filter(|asked| has_answered(asked.member)).count();
            let asked = match one.status {
                Status::Draft => audience::resolve(&reader, scope, &one.draft.audience, today)
                    .await?
                    .len(),
                Status::Open | Status::Closed => of.len(),
            };
            rows.push(Row {
                id: one.id,
                title: one.draft.title,
                span: one.span,
                status: one.status,
                due_on: one.draft.due_on,
                asked: u32::try_from(asked).unwrap_or(u32::MAX),
                answered: u32::try_from(answered).unwrap_or(u32::MAX),
                created_by: one.created_by,
            });
        }
        let chosen = if may_write {
            audience::choices(&reader, scope, today).await?
        } else {
            domain::questionnaire::Chosen::default()
        };
        Ok(Desk {
            planning,
            today,
            may_write,
            rows,
            chosen,
        })
    }

    /// Writes a new questionnaire about the planning that is looked at, or writes a draft anew. For planners.
    pub async fn write_questionnaire(
        &self,
        scope: &Scope,
        asked: &PlanningQuery,
        id: Option<QuestionnaireId>,
        draft: Draft,
    ) -> Result<Written, Error> {
        require(scope, Permission::EditPlan)?;
        let draft = draft.checked().map_err(|error| refused(&error))?;
        let today = self.business_date(scope).await?;
        let planning = self.planning(scope, asked).await?;
        let writer = self.database.writer().await?;
        audience::check(&writer, scope, &draft.audience).await?;
        let (verb, written) = match id {
            Some(id) => {
                let known = store::questionnaire::lock(&writer, scope, id).await?;
                only_a_draft(&known)?;
                let changed = Questionnaire { draft, ..known };
                store::questionnaire::update(&writer, scope, &changed).await?;
                ("questionnaire.update", changed)
            }
            None => {
                let new = Questionnaire {
                    id: QuestionnaireId(clock::new_id()),
                    metric_key: planning.metric.as_str().to_owned(),
                    span: planning.span,
                    version: planning.version.as_ref().map(|version| version.id),
                    status: Status::Draft,
                    draft,
                    created_by: scope.actor.name().to_owned(),
                    created_at_ms: clock::now_ms(),
                    sent_at_ms: None,
                    closed_at_ms: None,
                };
                store::questionnaire::insert(&writer, scope, &new).await?;
                ("questionnaire.create", new)
            }
        };
        let recipients = audience::resolve(&writer, scope, &written.draft.audience, today).await?;
        let detail = json!({ "title": written.draft.title, "questions": written.draft.questions.len() });
        commit(writer, scope, verb, written.id, &detail).await?;
        Ok(Written {
            id: written.id,
            status: written.status,
            draft: written.draft,
            recipients,
        })
    }

    /// Closes a questionnaire: its answers do not change any more. For planners.
    pub async fn close_questionnaire(&self, scope: &Scope, id: QuestionnaireId) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let known = store::questionnaire::lock(&writer, scope, id).await?;
        match known.status {
            Status::Open => {}
            Status::Closed => return Ok(()),
            Status::Draft => return Err(not_sent()),
        }
        let closed = Questionnaire {
            status: Status::Closed,
            closed_at_ms: Some(clock::now_ms()),
            ..known
        };
        store::questionnaire::update(&writer, scope, &closed).await?;
        let detail = json!({ "title": closed.draft.title });
        commit(writer, scope, "questionnaire.close", id, &detail).await
    }

    /// Deletes a draft. What was sent is closed and not deleted: people answered it. For planners.
    pub async fn delete_questionnaire(&self, scope: &Scope, id: QuestionnaireId) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        let known = store::questionnaire::lock(&writer, scope, id).await?;
        only_a_draft(&known)?;
        store::questionnaire::remove(&writer, scope, id).await?;
        let detail = json!({ "title": known.draft.title });
        commit(writer, scope, "questionnaire.delete", id, &detail).await
    }

    /// The newest version of a plan for the days a questionnaire is about: of those in work for those who plan, else of those
    /// published, for those who read what others carry.
    async fn version_for(
        &self,
        scope: &Scope,
        questionnaire: &Questionnaire,
    ) -> Result<Option<VersionId>, Error> {
        if !scope.may(Permission::ReadPeople) {
            return Ok(None);
        }
        let reader = self.database.reader();
        let mut found = None;
        for version in store::version::list(&reader, scope, None).await? {
            let in_work = version.status.is_in_work() && scope.may(Permission::EditPlan);
            if version.shelved_at_ms.is_some() || !(in_work || version.status == VersionStatus::Published) {
                continue;
            }
            let plan = store::plan::get(&reader, scope, version.plan).await?;
            if plan.span == questionnaire.span && plan.metric_key == questionnaire.metric_key {
                found = found.max(Some((in_work, version.created_at_ms, version.id)));
            }
        }
        Ok(found.map(|(.., id)| id))
    }

    /// What a questionnaire is about, as far as whoever asks may see it: the version may be gone, or not theirs to see.
    async fn planning_of(
        &self,
        scope: &Scope,
        organization: &Organization,
        questionnaire: &Questionnaire,
    ) -> Result<Planning, Error> {
        if let Some(version) = questionnaire.version {
            let asked = PlanningQuery {
                version: Some(version),
                period: None,
            };
            match self.planning(scope, &asked).await {
                Ok(planning) => return Ok(planning),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        // Asked before there was a draft: the one that is in work by now, else what is published for the same days.
        if let Some(version) = self.version_for(scope, questionnaire).await? {
            return self.planning(scope, &PlanningQuery::of(version)).await;
        }
        let fiscal = fiscal(organization)?;
        let exactly = [
            PeriodKind::Year,
            PeriodKind::Half,
            PeriodKind::Quarter,
            PeriodKind::Month,
        ]
        .into_iter()
        .map(|kind| fiscal.period_of(kind, questionnaire.span.starts_on))
        .find(|period| Span::of(period) == questionnaire.span);
        Ok(Planning {
            metric: MetricKey::parse(&questionnaire.metric_key).map_err(crate::plan::damaged)?,
            currency: organization.currency.clone(),
            span: questionnaire.span,
            period: exactly,
            version: None,
        })
    }
}

/// Writes the change's line and its event, and commits.
async fn commit(
    writer: store::Writer,
    scope: &Scope,
    verb: &str,
    id: QuestionnaireId,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let subject = format!("questionnaire:{id}");
    audit::commit(
        writer,
        scope,
        verb,
        &subject,
        detail,
        &Event::QuestionnairesChanged,
    )
    .await
}

fn refused(error: &DraftError) -> Error {
    let field = match error {
        DraftError::Title => "title",
        DraftError::Introduction => "introduction",
        DraftError::Remind => "remind_days",
        _ => "questions",
    };
    Error::invalid_field(
        error.code(),
        field,
        error.words(Lang::ZhCn),
        error.words(Lang::En),
    )
}

fn only_a_draft(known: &Questionnaire) -> Result<(), Error> {
    if known.status == Status::Draft {
        return Ok(());
    }
    Err(Error::conflict(
        "questionnaire_sent",
        "问卷已经发出，不能再改或删除；不再需要回答时请结束它。",
        "The questionnaire was sent and is neither changed nor deleted any more; close it when no more answers are wanted.",
    ))
}

fn not_sent() -> Error {
    Error::conflict(
        "questionnaire_not_sent",
        "问卷还没有发出。",
        "The questionnaire was not sent yet.",
    )
}

/// The same days so many years before.
fn years_before(span: Span, years: i32) -> Span {
    let back = |day: Day| {
        let (_, _, of_month) = day.ymd();
        Month::of(day).plus(-12 * years).day_or_last(of_month)
    };
    Span {
        starts_on: back(span.starts_on),
        ends_on: back(span.ends_on),
    }
}

/// The comparable days that are over: for a year or more the last twelve whole months, for less the same days of the latest
/// year in which they are over.
fn comparable(span: Span, today: Day) -> Span {
    const YEAR: u32 = 365;
    if span.days() >= YEAR {
        let end = Month::of(today.plus(1)).first_day().min(span.starts_on);
        return Span {
            starts_on: Month::of(end).plus(-12).first_day(),
            ends_on: end,
        };
    }
    let over = (1..=60)
        .map(|years| years_before(span, years))
        .find(|before| before.ends_on <= today.plus(1));
    over.unwrap_or_else(|| years_before(span, 1))
}

/// The sums of some days by member, of those within the scope; nothing before the first fact.
async fn done_by_member(
    session: &impl Session,
    scope: &Scope,
    metric: &MetricKey,
    span: Span,
) -> Result<std::collections::BTreeMap<domain::id::MemberId, domain::money::Fact>, StoreError> {
    let mut sums = std::collections::BTreeMap::new();
    let Some(metric) = store::metric::find(session, scope, metric).await? else {
        return Ok(sums);
    };
    let question = store::attainment::Question {
        from: span.starts_on,
        to: span.ends_on,
        time: store::attainment::Time::Whole,
        by_member: store::attainment::Cut::Apart,
        by_unit: store::attainment::Cut::Together,
        by_things: Vec::new(),
    };
    for piece in store::attainment::sums(session, scope, &metric, &question).await? {
        let sum: &mut domain::money::Fact = sums.entry(piece.member).or_default();
        sum.0 = sum.0.saturating_add(piece.amount.0);
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> Span {
        Span {
            starts_on: Day::parse_iso(from).unwrap(),
            ends_on: Day::parse_iso(to).unwrap(),
        }
    }

    #[test]
    fn comparable_days_are_over() {
        let today = Day::parse_iso("2026-10-20").unwrap();
        let year = comparable(span("2027-01-01", "2028-01-01"), today);
        assert_eq!(year, span("2025-10-01", "2026-10-01"), "twelve whole months");
        // The last day of a month is its end.
        let end = Day::parse_iso("2026-10-31").unwrap();
        assert_eq!(
            comparable(span("2027-01-01", "2028-01-01"), end),
            span("2025-11-01", "2026-11-01")
        );
        let quarter = comparable(span("2027-01-01", "2027-04-01"), today);
        assert_eq!(quarter, span("2026-01-01", "2026-04-01"));
        // The same quarter of this year has not come yet.
        assert_eq!(
            comparable(span("2027-10-01", "2028-01-01"), today),
            span("2025-10-01", "2026-01-01")
        );
        assert_eq!(
            years_before(span("2028-02-29", "2028-03-01"), 1),
            span("2027-02-28", "2027-03-01")
        );
    }
}
