//! Notices: what each person is told, and how it was brought to them beside the page. A person sees the own ones only.

use domain::id::{NoticeId, UserId};
use domain::notice::{Channel, Delivery, Notice, Told};
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// Something to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Its id.
    pub id: NoticeId,
    /// Whom.
    pub user: UserId,
    /// What.
    pub notice: Notice,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// The ways it is brought to them beside the page.
    pub channels: Vec<Channel>,
}

const NEW: Insert = Insert {
    head: "INSERT INTO notice (organization_id, id, user_id, notice, created_at_ms)",
    columns: 5,
    tail: "",
};

const DELIVERY: Insert = Insert {
    head: "INSERT INTO delivery (organization_id, notice_id, channel, state, attempts)",
    columns: 5,
    tail: "",
};

/// Adds notices with what is to be delivered of them.
pub async fn insert(writer: &Writer, scope: &Scope, notices: &[NewNotice]) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(notices.len() * NEW.columns);
    let mut deliveries = Vec::new();
    for new in notices {
        let text = serde_json::to_string(&new.notice).map_err(|_| StoreError::Damaged("notice.notice"))?;
        values.extend([
            scope.organization.0.into(),
            new.id.0.into(),
            new.user.0.into(),
            text.into(),
            new.at_ms.into(),
        ]);
        for channel in &new.channels {
            deliveries.extend([
                scope.organization.0.into(),
                new.id.0.into(),
                channel.as_str().into(),
                Delivery::Waiting.as_str().into(),
                0_i32.into(),
            ]);
        }
    }
    NEW.run(writer, values).await?;
    DELIVERY.run(writer, deliveries).await
}

/// The latest notices of whoever asks, newest first; the program itself has none.
pub async fn list(session: &impl Session, scope: &Scope, limit: u32) -> Result<Vec<Told>, StoreError> {
    let Some(user) = scope.actor.user() else {
        return Ok(Vec::new());
    };
    let values = vec![
        scope.organization.0.into(),
        user.0.into(),
        i64::from(limit).into(),
    ];
    let sql =
        "SELECT id, notice, created_at_ms, read_at_ms FROM notice WHERE organization_id = $1 AND user_id = $2
               ORDER BY created_at_ms DESC, id DESC LIMIT $3";
    let mut told = Vec::new();
    for row in query(session, sql, values).await? {
        let (id, text): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        // What a newer build tells is shown by that build.
        let Ok(notice) = serde_json::from_str(&text) else {
            continue;
        };
        told.push(Told {
            id: id.into(),
            notice,
            at_ms: row.try_get_by_index(2)?,
            read_at_ms: row.try_get_by_index(3)?,
        });
    }
    Ok(told)
}

/// How many notices whoever asks has not read.
pub async fn unread(session: &impl Session, scope: &Scope) -> Result<u32, StoreError> {
    let Some(user) = scope.actor.user() else {
        return Ok(0);
    };
    let values = vec![scope.organization.0.into(), user.0.into()];
    let sql =
        "SELECT COUNT(*) FROM notice WHERE organization_id = $1 AND user_id = $2 AND read_at_ms IS NULL";
    let rows = query(session, sql, values).await?;
    let count: i64 = rows
        .first()
        .ok_or(StoreError::Damaged("notice"))?
        .try_get_by_index(0)?;
    u32::try_from(count).map_err(|_| StoreError::Damaged("notice"))
}

/// Whether whoever asks has this notice.
pub async fn has(session: &impl Session, scope: &Scope, id: NoticeId) -> Result<bool, StoreError> {
    let values = vec![
        scope.organization.0.into(),
        id.0.into(),
        scope.actor.user().map(|user| user.0).into(),
    ];
    let sql = "SELECT 1 FROM notice WHERE organization_id = $1 AND id = $2 AND user_id = $3";
    Ok(!query(session, sql, values).await?.is_empty())
}

/// Counts one notice of whoever asks as read, or all of them; answers how many were not before.
pub async fn mark_read(
    writer: &Writer,
    scope: &Scope,
    id: Option<NoticeId>,
    at_ms: i64,
) -> Result<u64, StoreError> {
    let Some(user) = scope.actor.user() else {
        return Ok(0);
    };
    let mut values = vec![at_ms.into(), scope.organization.0.into(), user.0.into()];
    let mut sql = "UPDATE notice SET read_at_ms = $1 WHERE organization_id = $2 AND user_id = $3 AND read_at_ms IS NULL"
        .to_owned();
    if let Some(id) = id {
        sql.push_str(" AND id = $4");
        values.push(id.0.into());
    }
    execute(writer, &sql, values).await
}

/// What a notice says, to whom, and whether it was read; for the program itself, which brings it to them.
pub async fn to_deliver(
    session: &impl Session,
    scope: &Scope,
    id: NoticeId,
) -> Result<Option<(UserId, Told)>, StoreError> {
    if scope.actor.user().is_some() {
        return Ok(None);
    }
    let values = vec![scope.organization.0.into(), id.0.into()];
    let sql = "SELECT user_id, notice, created_at_ms, read_at_ms FROM notice WHERE organization_id = $1 AND id = $2";
    let rows = query(session, sql, values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (user, text): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let told = Told {
        id,
        notice: serde_json::from_str(&text).map_err(|_| StoreError::Damaged("notice.notice"))?,
        at_ms: row.try_get_by_index(2)?,
        read_at_ms: row.try_get_by_index(3)?,
    };
    Ok(Some((user.into(), told)))
}

/// Says how far a notice came on a channel.
pub async fn mark_delivery(
    writer: &Writer,
    scope: &Scope,
    id: NoticeId,
    channel: Channel,
    state: Delivery,
    attempts: u32,
    sent_at_ms: Option<i64>,
) -> Result<(), StoreError> {
    let values = vec![
        state.as_str().into(),
        i32::try_from(attempts)
            .map_err(|_| StoreError::Damaged("delivery.attempts"))?
            .into(),
        sent_at_ms.into(),
        scope.organization.0.into(),
        id.0.into(),
        channel.as_str().into(),
    ];
    // What was sent together with another notice stays sent when its own turn finds nothing to do.
    let sql = "UPDATE delivery SET state = $1, attempts = $2, sent_at_ms = $3
               WHERE organization_id = $4 AND notice_id = $5 AND channel = $6 AND state <> 'sent'";
    execute(writer, sql, values).await.map(|_| ())
}

/// How far a notice came on a channel; nothing where it is not to be delivered there. For the program itself.
pub async fn delivery(
    session: &impl Session,
    scope: &Scope,
    id: NoticeId,
    channel: Channel,
) -> Result<Option<Delivery>, StoreError> {
    if scope.actor.user().is_some() {
        return Ok(None);
    }
    let values = vec![scope.organization.0.into(), id.0.into(), channel.as_str().into()];
    let sql = "SELECT state FROM delivery WHERE organization_id = $1 AND notice_id = $2 AND channel = $3";
    let rows = query(session, sql, values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let state: String = row.try_get_by_index(0)?;
    Delivery::parse(&state)
        .map(Some)
        .ok_or(StoreError::Damaged("delivery.state"))
}

/// When a person was sent something on a channel since a time, the earliest first: what went out together counts once.
/// Milliseconds since the epoch. For the program itself.
pub async fn sent_since(
    session: &impl Session,
    scope: &Scope,
    user: UserId,
    channel: Channel,
    since_ms: i64,
) -> Result<Vec<i64>, StoreError> {
    if scope.actor.user().is_some() {
        return Ok(Vec::new());
    }
    let values = vec![
        scope.organization.0.into(),
        user.0.into(),
        channel.as_str().into(),
        since_ms.into(),
    ];
    let sql = "SELECT DISTINCT delivery.sent_at_ms FROM delivery
               JOIN notice ON notice.organization_id = delivery.organization_id AND notice.id = delivery.notice_id
               WHERE notice.organization_id = $1 AND notice.user_id = $2 AND delivery.channel = $3
                 AND delivery.sent_at_ms > $4
               ORDER BY delivery.sent_at_ms";
    let rows = query(session, sql, values).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// What waits to be brought to a person on a channel and was not read meanwhile, the oldest first; what happened before a
/// time is left out. For the program itself.
pub async fn waiting(
    session: &impl Session,
    scope: &Scope,
    user: UserId,
    channel: Channel,
    since_ms: i64,
) -> Result<Vec<Told>, StoreError> {
    if scope.actor.user().is_some() {
        return Ok(Vec::new());
    }
    let values = vec![
        scope.organization.0.into(),
        user.0.into(),
        channel.as_str().into(),
        since_ms.into(),
    ];
    let sql = "SELECT notice.id, notice.notice, notice.created_at_ms FROM notice
               JOIN delivery ON delivery.organization_id = notice.organization_id AND delivery.notice_id = notice.id
               WHERE notice.organization_id = $1 AND notice.user_id = $2 AND notice.read_at_ms IS NULL
                 AND notice.created_at_ms >= $4 AND delivery.channel = $3 AND delivery.state = 'waiting'
               ORDER BY notice.created_at_ms, notice.id";
    let mut told = Vec::new();
    for row in query(session, sql, values).await? {
        let (id, text): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let Ok(notice) = serde_json::from_str(&text) else {
            continue;
        };
        told.push(Told {
            id: id.into(),
            notice,
            at_ms: row.try_get_by_index(2)?,
            read_at_ms: None,
        });
    }
    Ok(told)
}

/// Forgets at most `limit` notices with their deliveries: those of before `before_ms`, and read ones of before
/// `read_before_ms`; answers how many. Milliseconds since the epoch.
pub async fn remove_old(
    writer: &Writer,
    scope: &Scope,
    read_before_ms: i64,
    before_ms: i64,
    limit: u32,
) -> Result<u64, StoreError> {
    let values = || {
        vec![
            scope.organization.0.into(),
            before_ms.into(),
            read_before_ms.into(),
            i64::from(limit).into(),
        ]
    };
    // Both statements of one transaction find the same notices.
    let old = "SELECT id FROM notice WHERE organization_id = $1
               AND (created_at_ms < $2 OR created_at_ms < $3 AND read_at_ms IS NOT NULL)
               ORDER BY created_at_ms, id LIMIT $4";
    let deliveries = format!("DELETE FROM delivery WHERE organization_id = $1 AND notice_id IN ({old})");
    execute(writer, &deliveries, values()).await?;
    let notices = format!("DELETE FROM notice WHERE organization_id = $1 AND id IN ({old})");
    execute(writer, &notices, values()).await
}

/// Whether there are notices to forget; see [`remove_old`].
pub async fn any_old(
    session: &impl Session,
    scope: &Scope,
    read_before_ms: i64,
    before_ms: i64,
) -> Result<bool, StoreError> {
    let values = vec![
        scope.organization.0.into(),
        before_ms.into(),
        read_before_ms.into(),
    ];
    let sql = "SELECT 1 FROM notice WHERE organization_id = $1
               AND (created_at_ms < $2 OR created_at_ms < $3 AND read_at_ms IS NOT NULL) LIMIT 1";
    Ok(!query(session, sql, values).await?.is_empty())
}
