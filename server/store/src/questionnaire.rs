//! Questionnaires, whom they were sent to, and what was answered. Whoever does not see everything sees the people within
//! reach, and the questionnaires that were sent to one of them.

use std::collections::BTreeSet;

use domain::calendar::Day;
use domain::id::{MemberId, QuestionnaireId, VersionId};
use domain::questionnaire::{Draft, Reply, Status};
use domain::target::Span;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::{Dialect, Scope, Session, StoreError, Writer};

/// A questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questionnaire {
    /// Its id.
    pub id: QuestionnaireId,
    /// The metric it is about.
    pub metric_key: String,
    /// The planned days.
    pub span: Span,
    /// The version that was looked at when it was written; it may be gone.
    pub version: Option<VersionId>,
    /// Where it stands.
    pub status: Status,
    /// What is asked, of whom, and until when.
    pub draft: Draft,
    /// Who made it.
    pub created_by: String,
    /// When, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When it was sent.
    pub sent_at_ms: Option<i64>,
    /// When it was closed.
    pub closed_at_ms: Option<i64>,
}

/// Somebody a questionnaire was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which questionnaire.
    pub questionnaire: QuestionnaireId,
    /// Who.
    pub member: MemberId,
    /// The day of the last reminder.
    pub reminded_on: Option<Day>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Which questionnaire.
    pub questionnaire: QuestionnaireId,
    /// Who.
    pub member: MemberId,
    /// The place of the question.
    pub question: u16,
    /// What.
    pub reply: Reply,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

const NEW: Insert = Insert {
    head: "INSERT INTO questionnaire (organization_id, id, metric_key, starts_on, ends_on, version_id, title, introduction, \
           due_on, remind_days, questions, audience, status, created_by, created_at_ms, sent_at_ms, closed_at_ms)",
    columns: 17,
    tail: "",
};

const MEMBER: Insert = Insert {
    head: "INSERT INTO questionnaire_member (organization_id, questionnaire_id, member_id, reminded_on)",
    columns: 4,
    tail: "ON CONFLICT DO NOTHING",
};

const COLUMNS: &str = "id, metric_key, starts_on, ends_on, version_id, title, introduction, due_on, remind_days, questions, \
                       audience, status, created_by, created_at_ms, sent_at_ms, closed_at_ms";

/// Every questionnaire, the latest first.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<Questionnaire>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM questionnaire WHERE organization_id = $1 ORDER BY created_at_ms DESC, id DESC"
    );
    let rows = query(session, &sql, vec![scope.organization.0.into()]).await?;
    let found: Vec<Questionnaire> = rows.iter().map(read).collect::<Result<_, _>>()?;
    if scope.sees_everything() {
        return Ok(found);
    }
    let within: BTreeSet<QuestionnaireId> = asked(session, scope, None)
        .await?
        .into_iter()
        .map(|asked| asked.questionnaire)
        .collect();
    Ok(found.into_iter().filter(|one| within.contains(&one.id)).collect())
}

/// One questionnaire.
pub async fn get(
    session: &impl Session,
    scope: &Scope,
    id: QuestionnaireId,
) -> Result<Questionnaire, StoreError> {
    one(session, scope, id, "").await
}

/// One questionnaire, which nobody else changes before the transaction ends.
pub async fn lock(writer: &Writer, scope: &Scope, id: QuestionnaireId) -> Result<Questionnaire, StoreError> {
    // SQLite has one writer at a time.
    let tail = match writer.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE",
    };
    one(writer, scope, id, tail).await
}

async fn one(
    session: &impl Session,
    scope: &Scope,
    id: QuestionnaireId,
    tail: &str,
) -> Result<Questionnaire, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM questionnaire WHERE organization_id = $1 AND id = $2{tail}");
    let rows = query(session, &sql, vec![scope.organization.0.into(), id.0.into()]).await?;
    let row = rows.first().ok_or(StoreError::NotFound("questionnaire"))?;
    if !scope.sees_everything() && asked(session, scope, Some(id)).await?.is_empty() {
        return Err(StoreError::NotFound("questionnaire"));
    }
    read(row)
}

fn read(row: &QueryResult) -> Result<Questionnaire, StoreError> {
    let id: Uuid = row.try_get_by_index(0)?;
    let version: Option<Uuid> = row.try_get_by_index(4)?;
    let remind_days: i32 = row.try_get_by_index(8)?;
    let (questions, audience): (String, String) = (row.try_get_by_index(9)?, row.try_get_by_index(10)?);
    let status: String = row.try_get_by_index(11)?;
    Ok(Questionnaire {
        id: id.into(),
        metric_key: row.try_get_by_index(1)?,
        span: Span {
            starts_on: Day(row.try_get_by_index(2)?),
            ends_on: Day(row.try_get_by_index(3)?),
        },
        version: version.map(VersionId),
        status: Status::parse(&status).ok_or(StoreError::Damaged("questionnaire.status"))?,
        draft: Draft {
            title: row.try_get_by_index(5)?,
            introduction: row.try_get_by_index(6)?,
            due_on: Day(row.try_get_by_index(7)?),
            remind_days: u8::try_from(remind_days)
                .map_err(|_| StoreError::Damaged("questionnaire.remind_days"))?,
            questions: serde_json::from_str(&questions)
                .map_err(|_| StoreError::Damaged("questionnaire.questions"))?,
            audience: serde_json::from_str(&audience)
                .map_err(|_| StoreError::Damaged("questionnaire.audience"))?,
        },
        created_by: row.try_get_by_index(12)?,
        created_at_ms: row.try_get_by_index(13)?,
        sent_at_ms: row.try_get_by_index(14)?,
        closed_at_ms: row.try_get_by_index(15)?,
    })
}

/// Adds a questionnaire.
pub async fn insert(writer: &Writer, scope: &Scope, new: &Questionnaire) -> Result<(), StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into(), new.id.0.into()];
    values.extend([
        new.metric_key.clone().into(),
        new.span.starts_on.0.into(),
        new.span.ends_on.0.into(),
        new.version.map(|version| version.0).into(),
    ]);
    values.extend(content(&new.draft)?);
    values.extend([
        new.status.as_str().into(),
        new.created_by.clone().into(),
        new.created_at_ms.into(),
        new.sent_at_ms.into(),
        new.closed_at_ms.into(),
    ]);
    NEW.run(writer, values).await
}

/// Title to audience.
fn content(draft: &Draft) -> Result<[Value; 6], StoreError> {
    let json = |text: Result<String, serde_json::Error>| {
        text.map_err(|_| StoreError::Damaged("questionnaire.questions"))
    };
    Ok([
        draft.title.clone().into(),
        draft.introduction.clone().into(),
        draft.due_on.0.into(),
        i32::from(draft.remind_days).into(),
        json(serde_json::to_string(&draft.questions))?.into(),
        json(serde_json::to_string(&draft.audience))?.into(),
    ])
}

/// Replaces what is asked and where it stands; what it is about, who made it and when stay.
pub async fn update(writer: &Writer, scope: &Scope, changed: &Questionnaire) -> Result<(), StoreError> {
    let mut values: Vec<Value> = content(&changed.draft)?.into();
    values.extend([
        changed.status.as_str().into(),
        changed.sent_at_ms.into(),
        changed.closed_at_ms.into(),
        scope.organization.0.into(),
        changed.id.0.into(),
    ]);
    let sql = "UPDATE questionnaire SET title = $1, introduction = $2, due_on = $3, remind_days = $4, questions = $5, \
               audience = $6, status = $7, sent_at_ms = $8, closed_at_ms = $9 WHERE organization_id = $10 AND id = $11";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("questionnaire")),
    }
}

/// Deletes a questionnaire with everything that was answered.
pub async fn remove(writer: &Writer, scope: &Scope, id: QuestionnaireId) -> Result<(), StoreError> {
    let sql = "DELETE FROM questionnaire WHERE organization_id = $1 AND id = $2";
    match execute(writer, sql, vec![scope.organization.0.into(), id.0.into()]).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("questionnaire")),
    }
}

/// Says whom it is sent to; who is named already stays.
pub async fn add_members(
    writer: &Writer,
    scope: &Scope,
    id: QuestionnaireId,
    members: &[MemberId],
) -> Result<(), StoreError> {
    let row = |member: &MemberId| -> [Value; 4] {
        [
            scope.organization.0.into(),
            id.0.into(),
            member.0.into(),
            None::<i32>.into(),
        ]
    };
    MEMBER.run(writer, members.iter().flat_map(row).collect()).await
}

/// Whom a questionnaire was sent to, or all of them, within reach.
pub async fn asked(
    session: &impl Session,
    scope: &Scope,
    id: Option<QuestionnaireId>,
) -> Result<Vec<Asked>, StoreError> {
    let (which, values) = of(scope, id);
    let sql = format!(
        "SELECT questionnaire_id, member_id, reminded_on FROM questionnaire_member WHERE {which} \
         ORDER BY questionnaire_id, member_id"
    );
    let mut found = Vec::new();
    for row in query(session, &sql, values).await? {
        let (questionnaire, member): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let reminded_on: Option<i32> = row.try_get_by_index(2)?;
        found.push(Asked {
            questionnaire: questionnaire.into(),
            member: member.into(),
            reminded_on: reminded_on.map(Day),
        });
    }
    found.retain(|asked| scope.sees_member(asked.member));
    Ok(found)
}

/// Whether a member is asked something that is open, or answered something that is closed.
pub async fn concerns(session: &impl Session, scope: &Scope, member: MemberId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM questionnaire_member m JOIN questionnaire q \
               ON q.organization_id = m.organization_id AND q.id = m.questionnaire_id \
               WHERE m.organization_id = $1 AND m.member_id = $2 AND (q.status = 'open' OR q.status = 'closed' AND EXISTS (\
               SELECT 1 FROM questionnaire_answer a WHERE a.organization_id = m.organization_id \
               AND a.questionnaire_id = m.questionnaire_id AND a.member_id = m.member_id)) LIMIT 1";
    let values = vec![scope.organization.0.into(), member.0.into()];
    Ok(!query(session, sql, values).await?.is_empty())
}

/// The condition of a questionnaire's rows, or of all.
fn of(scope: &Scope, id: Option<QuestionnaireId>) -> (&'static str, Vec<Value>) {
    match id {
        Some(id) => (
            "organization_id = $1 AND questionnaire_id = $2",
            vec![scope.organization.0.into(), id.0.into()],
        ),
        None => ("organization_id = $1", vec![scope.organization.0.into()]),
    }
}

/// Notes that somebody was reminded.
pub async fn mark_reminded(
    writer: &Writer,
    scope: &Scope,
    id: QuestionnaireId,
    members: &[MemberId],
    on: Day,
) -> Result<(), StoreError> {
    for member in members {
        let sql = "UPDATE questionnaire_member SET reminded_on = $1 \
                   WHERE organization_id = $2 AND questionnaire_id = $3 AND member_id = $4";
        let values = vec![
            on.0.into(),
            scope.organization.0.into(),
            id.0.into(),
            member.0.into(),
        ];
        execute(writer, sql, values).await?;
    }
    Ok(())
}

/// The answers to a questionnaire, or to all, of those within reach; by member and question.
pub async fn answers(
    session: &impl Session,
    scope: &Scope,
    id: Option<QuestionnaireId>,
) -> Result<Vec<Answered>, StoreError> {
    let (which, values) = of(scope, id);
    let sql = format!(
        "SELECT questionnaire_id, member_id, question, reply, answered_at_ms FROM questionnaire_answer WHERE {which} \
         ORDER BY questionnaire_id, member_id, question"
    );
    let mut found = Vec::new();
    for row in query(session, &sql, values).await? {
        let (questionnaire, member): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if !scope.sees_member(member.into()) {
            continue;
        }
        let question: i32 = row.try_get_by_index(2)?;
        let reply: String = row.try_get_by_index(3)?;
        found.push(Answered {
            questionnaire: questionnaire.into(),
            member: member.into(),
            question: u16::try_from(question)
                .map_err(|_| StoreError::Damaged("questionnaire_answer.question"))?,
            reply: serde_json::from_str(&reply)
                .map_err(|_| StoreError::Damaged("questionnaire_answer.reply"))?,
            at_ms: row.try_get_by_index(4)?,
        });
    }
    Ok(found)
}

/// Keeps an answer in place of the one before; none takes it back.
pub async fn put_answer(
    writer: &Writer,
    scope: &Scope,
    id: QuestionnaireId,
    member: MemberId,
    question: u16,
    reply: Option<&Reply>,
    at_ms: i64,
) -> Result<(), StoreError> {
    let mut values: Vec<Value> = vec![
        scope.organization.0.into(),
        id.0.into(),
        member.0.into(),
        i32::from(question).into(),
    ];
    let Some(reply) = reply else {
        let sql = "DELETE FROM questionnaire_answer \
                   WHERE organization_id = $1 AND questionnaire_id = $2 AND member_id = $3 AND question = $4";
        execute(writer, sql, values).await?;
        return Ok(());
    };
    let text = serde_json::to_string(reply).map_err(|_| StoreError::Damaged("questionnaire_answer.reply"))?;
    values.extend([text.into(), at_ms.into()]);
    let sql = "INSERT INTO questionnaire_answer \
               (organization_id, questionnaire_id, member_id, question, reply, answered_at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (organization_id, questionnaire_id, member_id, question) \
               DO UPDATE SET reply = excluded.reply, answered_at_ms = excluded.answered_at_ms";
    execute(writer, sql, values).await?;
    Ok(())
}
