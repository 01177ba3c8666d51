//! The form of a member: what was asked, what was answered, and what the member did before.

use domain::access::{Permission, Reach};
use domain::format::Lang;
use domain::id::{MemberId, QuestionnaireId};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::questionnaire::{Form, Given, OwnHistory, Progress, ReplyError, Saved, Status, progress};
use domain::target::Span;
use serde_json::json;
use store::questionnaire::{Answered, Questionnaire};

use super::{commit, years_before};
use crate::scope::require;
use crate::{Error, Operations, Scope, clock};

/// Years of the own history beside the questions.
const YEARS: i32 = 2;

impl Operations {
    /// The own form; not found for whoever is not asked.
    pub async fn questionnaire_form(&self, scope: &Scope, id: QuestionnaireId) -> Result<Form, Error> {
        require(scope, Permission::Acknowledge)?;
        let reader = self.database.reader();
        let (member, own) = own(scope)?;
        let known = store::questionnaire::get(&reader, &own, id).await?;
        let answers = store::questionnaire::answers(&reader, &own, Some(id)).await?;
        let asked = store::questionnaire::asked(&reader, &own, Some(id)).await?;
        if known.status == Status::Draft || asked.is_empty() {
            return Err(Error::NotFound("questionnaire"));
        }
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let name = store::member::get(&reader, &own, member).await?.name;
        let replies = (0_u16..)
            .zip(&known.draft.questions)
            .map(|(number, _)| {
                let answer = answers.iter().find(|answer| answer.question == number);
                answer.map(|answer| answer.reply.clone())
            })
            .collect();
        Ok(Form {
            id,
            progress: how_far(&known, &answers),
            answered_at_ms: answers.iter().map(|answer| answer.at_ms).max(),
            history: self.own_history(&own, member, &known).await?,
            may_read_results: scope.may(Permission::ReadPeople),
            overdue: today > known.draft.due_on,
            title: known.draft.title,
            introduction: known.draft.introduction,
            created_by: known.created_by,
            status: known.status,
            due_on: known.draft.due_on,
            span: known.span,
            currency: organization.currency,
            member,
            name,
            questions: known.draft.questions,
            replies,
        })
    }

    /// Keeps answers of the own form; what is blank takes an answer back. What can be read is kept also where something
    /// beside it cannot, which is then refused.
    pub async fn answer_questionnaire(
        &self,
        scope: &Scope,
        id: QuestionnaireId,
        given: Vec<Given>,
    ) -> Result<Saved, Error> {
        require(scope, Permission::Acknowledge)?;
        let (member, own) = own(scope)?;
        let currency = store::organization::get(&self.database.reader(), scope)
            .await?
            .currency;
        let writer = self.database.writer().await?;
        let known = store::questionnaire::lock(&writer, &own, id).await?;
        match known.status {
            Status::Open => {}
            Status::Draft => return Err(Error::NotFound("questionnaire")),
            Status::Closed => {
                return Err(Error::conflict(
                    "questionnaire_closed",
                    "问卷已经结束，回答不能再改。",
                    "The questionnaire is closed; its answers do not change any more.",
                ));
            }
        }
        if store::questionnaire::asked(&writer, &own, Some(id))
            .await?
            .is_empty()
        {
            return Err(Error::NotFound("questionnaire"));
        }
        let at_ms = clock::now_ms();
        let mut wrong = None;
        let mut kept = Vec::new();
        for one in given {
            let question = known.draft.questions.get(usize::from(one.question));
            let read = question
                .ok_or(ReplyError::Unknown)
                .and_then(|question| question.read(&one, &currency));
            match read {
                Ok(reply) => {
                    let number = one.question;
                    store::questionnaire::put_answer(
                        &writer,
                        &own,
                        id,
                        member,
                        number,
                        reply.as_ref(),
                        at_ms,
                    )
                    .await?;
                    kept.push(number);
                }
                Err(error) if wrong.is_none() => wrong = Some((one.question, error)),
                Err(_) => {}
            }
        }
        let answers = store::questionnaire::answers(&writer, &own, Some(id)).await?;
        let progress = how_far(&known, &answers);
        if kept.is_empty() {
            drop(writer);
        } else {
            let detail = json!({ "member": member, "questions": kept });
            commit(writer, scope, "questionnaire.answer", id, &detail).await?;
        }
        match wrong {
            Some((question, error)) => Err(refused(question, &error)),
            None => Ok(Saved { progress, at_ms }),
        }
    }

    /// What the member did in the same days of the years before, the latest first.
    async fn own_history(
        &self,
        own: &Scope,
        member: MemberId,
        of: &Questionnaire,
    ) -> Result<Vec<OwnHistory>, Error> {
        let metric = MetricKey::parse(&of.metric_key).map_err(crate::plan::damaged)?;
        let Some((first, _)) = self.span(own).await? else {
            return Ok(Vec::new());
        };
        let today = self.business_date(own).await?;
        let mut history = Vec::new();
        for years in 1..=YEARS {
            let span: Span = years_before(of.span, years);
            if span.ends_on <= first || span.starts_on > today {
                continue;
            }
            let query = AttainmentQuery {
                metric: metric.clone(),
                from: span.starts_on,
                to: span.ends_on,
                by: vec![Dimension::Member],
                as_of: Some(today),
            };
            let id = member.to_string();
            let rows = self.attainment(own, &query).await?.rows;
            let row = rows
                .into_iter()
                .find(|row| row.keys.values().any(|key| key.id == id));
            if let Some(row) = row {
                history.push(OwnHistory {
                    span,
                    until: (span.ends_on.plus(-1) > today).then_some(today),
                    actual: row.actual,
                    target: row.target,
                    attainment: row.attainment,
                });
            }
        }
        Ok(history)
    }
}

/// Whoever asks as the member they are, who sees nobody else's answers; not found for whoever is none.
pub(super) fn own(scope: &Scope) -> Result<(MemberId, Scope), Error> {
    let member = scope.member.ok_or(Error::NotFound("questionnaire"))?;
    let own = Scope {
        reach: Reach::Own,
        roots: Vec::new(),
        units: Vec::new(),
        members: vec![member],
        ..scope.clone()
    };
    Ok((member, own))
}

pub(super) fn how_far(known: &Questionnaire, answers: &[Answered]) -> Progress {
    progress(&known.draft.questions, |number| {
        answers.iter().any(|answer| answer.question == number)
    })
}

/// The refusal names the question: on a plain form it stands above all of them.
fn refused(question: u16, error: &ReplyError) -> Error {
    let number = u32::from(question) + 1;
    Error::invalid_field(
        "bad_reply",
        &format!("answers.{question}"),
        format!("第 {number} 题：{}", error.words(Lang::ZhCn)),
        format!("Question {number}: {}", error.words(Lang::En)),
    )
}
