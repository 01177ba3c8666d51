//! Revisions of published plans, and the rules that propose them.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{RevisionId, VersionId};
use domain::revision::{Rule, RuleKind};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, key_lists, marks, query};
use crate::{Dialect, Scope, Session, StoreError, Writer};

/// A revision as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Which.
    pub id: RevisionId,
    /// The published version.
    pub version: VersionId,
    /// The draft, once it is opened.
    pub draft: Option<VersionId>,
    /// Why it was proposed or opened, as JSON.
    pub cause: String,
    /// What makes the cause one, or what a person's ask is called by so that it is not done twice; none otherwise.
    pub key: Option<String>,
    /// Whether it waits, was opened or put aside.
    pub state: State,
    /// What was said when it was opened.
    pub reason: Option<String>,
    /// The first day whose numbers it may change, once it is opened.
    pub begins_on: Option<Day>,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Who opened or proposed it.
    pub by: String,
}

/// Where a revision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for somebody to open it.
    Proposed,
    /// There is a draft.
    Opened,
    /// Nobody wants it.
    PutAside,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Opened => "opened",
            Self::PutAside => "put_aside",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Proposed, Self::Opened, Self::PutAside]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

/// The rules an organization chose.
pub async fn rules(session: &impl Session, scope: &Scope) -> Result<Vec<Rule>, StoreError> {
    let sql = "SELECT kind, enabled, threshold_ppm FROM revision_rule WHERE organization_id = $1";
    let mut rules = Vec::new();
    for row in query(session, sql, vec![scope.organization.0.into()]).await? {
        let kind: String = row.try_get_by_index(0)?;
        let (enabled, threshold): (i32, i32) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        // A rule of a newer build is left alone.
        if let Some(kind) = RuleKind::parse(&kind) {
            rules.push(Rule {
                kind,
                enabled: enabled != 0,
                threshold_ppm: u32::try_from(threshold).map_err(|_| StoreError::Damaged("revision_rule"))?,
            });
        }
    }
    Ok(rules)
}

/// Chooses a rule.
pub async fn set_rule(writer: &Writer, scope: &Scope, rule: Rule) -> Result<(), StoreError> {
    let threshold = i32::try_from(rule.threshold_ppm).map_err(|_| StoreError::Damaged("revision_rule"))?;
    let sql = "INSERT INTO revision_rule (organization_id, kind, enabled, threshold_ppm) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (organization_id, kind) DO UPDATE SET enabled = excluded.enabled, \
               threshold_ppm = excluded.threshold_ppm";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        rule.kind.as_str().into(),
        i32::from(rule.enabled).into(),
        threshold.into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Keeps a revision; nothing where its cause has proposed one before.
pub async fn insert(writer: &Writer, scope: &Scope, new: &Revision) -> Result<bool, StoreError> {
    let sql = "INSERT INTO revision (organization_id, id, version_id, draft_id, cause, cause_key, state, reason, begins_on, \
               at_ms, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT (organization_id, cause_key) DO NOTHING";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        new.id.0.into(),
        new.version.0.into(),
        new.draft.map(|draft| draft.0).into(),
        new.cause.clone().into(),
        new.key.clone().into(),
        new.state.as_str().into(),
        new.reason.clone().into(),
        new.begins_on.map(|day| day.0).into(),
        new.at_ms.into(),
        new.by.clone().into(),
    ];
    Ok(execute(writer, sql, values).await? == 1)
}

const REVISION: &str = "SELECT id, version_id, draft_id, cause, cause_key, state, reason, begins_on, at_ms, by_name \
                        FROM revision WHERE organization_id = $1";

/// What waits for somebody to open it, the latest first.
pub async fn proposed(session: &impl Session, scope: &Scope) -> Result<Vec<Revision>, StoreError> {
    let sql = format!("{REVISION} AND state = 'proposed' ORDER BY at_ms DESC, id");
    let values = vec![scope.organization.0.into()];
    query(session, &sql, values).await?.iter().map(read).collect()
}

/// One that is proposed.
pub async fn get_proposed(
    session: &impl Session,
    scope: &Scope,
    id: RevisionId,
) -> Result<Revision, StoreError> {
    let found = proposed(session, scope)
        .await?
        .into_iter()
        .find(|known| known.id == id);
    found.ok_or(StoreError::NotFound("revision"))
}

/// The revision of a key: what makes its cause one, or what its sender called it by.
pub async fn of_key(
    session: &impl Session,
    scope: &Scope,
    key: &str,
) -> Result<Option<Revision>, StoreError> {
    let sql = format!("{REVISION} AND cause_key = $2");
    let values = vec![scope.organization.0.into(), key.into()];
    query(session, &sql, values).await?.first().map(read).transpose()
}

/// Where the revisions of some keys stand; keys that there is none of are left out.
pub async fn of_keys(
    session: &impl Session,
    scope: &Scope,
    keys: &[String],
) -> Result<HashMap<String, State>, StoreError> {
    let mut found = HashMap::new();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for list in key_lists(&keys) {
        let mut values: Vec<Value> = vec![scope.organization.0.into()];
        let sql = format!(
            "SELECT cause_key, state FROM revision WHERE organization_id = $1 AND cause_key IN ({})",
            marks(Dialect::Postgres, values.len() + 1, list.len())
        );
        values.extend(list.into_iter().map(Value::from));
        for row in query(session, &sql, values).await? {
            let state: String = row.try_get_by_index(1)?;
            let state = State::parse(&state).ok_or(StoreError::Damaged("revision.state"))?;
            found.insert(row.try_get_by_index(0)?, state);
        }
    }
    Ok(found)
}

/// The revision that a version is the draft of.
pub async fn of_draft(
    session: &impl Session,
    scope: &Scope,
    draft: VersionId,
) -> Result<Option<Revision>, StoreError> {
    let sql = format!("{REVISION} AND draft_id = $2");
    let values = vec![scope.organization.0.into(), draft.0.into()];
    query(session, &sql, values).await?.first().map(read).transpose()
}

/// Says that one was opened or put aside.
pub async fn set(writer: &Writer, scope: &Scope, changed: &Revision) -> Result<(), StoreError> {
    let sql = "UPDATE revision SET draft_id = $3, state = $4, reason = $5, begins_on = $6, by_name = $7, cause = $8 \
               WHERE organization_id = $1 AND id = $2";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        changed.id.0.into(),
        changed.draft.map(|draft| draft.0).into(),
        changed.state.as_str().into(),
        changed.reason.clone().into(),
        changed.begins_on.map(|day| day.0).into(),
        changed.by.clone().into(),
        changed.cause.clone().into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

fn read(row: &QueryResult) -> Result<Revision, StoreError> {
    let (id, version): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let draft: Option<Uuid> = row.try_get_by_index(2)?;
    let state: String = row.try_get_by_index(5)?;
    let begins_on: Option<i32> = row.try_get_by_index(7)?;
    Ok(Revision {
        id: id.into(),
        version: version.into(),
        draft: draft.map(VersionId),
        cause: row.try_get_by_index(3)?,
        key: row.try_get_by_index(4)?,
        state: State::parse(&state).ok_or(StoreError::Damaged("revision.state"))?,
        reason: row.try_get_by_index(6)?,
        begins_on: begins_on.map(Day),
        at_ms: row.try_get_by_index(8)?,
        by: row.try_get_by_index(9)?,
    })
}
