//! Negotiations of single numbers and their moves. Who takes part in which is decided by the caller, who knows the tree of
//! their version.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::id::{MemberId, NegotiationId, NodeId, UserId, VersionId};
use domain::money::Minor;
use domain::negotiation::{Move, MoveKind, Side, Status, Subject};
use domain::plan::PeriodIndex;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, key_lists, marks, query};
use crate::{Dialect, Scope, Session, StoreError, Writer};

/// The period of a negotiation of the total.
const TOTAL: i32 = -1;

/// A negotiation as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiation {
    /// Which.
    pub id: NegotiationId,
    /// The version whose number it is.
    pub version: VersionId,
    /// The node that carries the number.
    pub node: NodeId,
    /// Which number of it.
    pub subject: Subject,
    /// The number when it began.
    pub number: Minor,
    /// Where it stands.
    pub status: Status,
    /// The last day on which one can move.
    pub due_on: Day,
    /// The day of the last reminder.
    pub reminded_on: Option<Day>,
    /// When it began, milliseconds since the epoch.
    pub at_ms: i64,
    /// When it ended.
    pub closed_at_ms: Option<i64>,
}

/// A move as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// For which side.
    pub side: Side,
    /// What.
    pub what: Move,
    /// Who.
    pub user: Option<UserId>,
    /// Their name then.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// Adds a negotiation; its first move follows.
pub async fn insert(writer: &Writer, scope: &Scope, new: &Negotiation) -> Result<(), StoreError> {
    let sql = "INSERT INTO negotiation (organization_id, id, version_id, node_id, period, number, status, due_on, \
               reminded_on, at_ms, closed_at_ms, periods) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let (period, periods) = place_of(new.subject);
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        new.id.0.into(),
        new.version.0.into(),
        new.node.0.into(),
        period.into(),
        new.number.0.into(),
        new.status.as_str().into(),
        new.due_on.0.into(),
        new.reminded_on.map(|day| day.0).into(),
        new.at_ms.into(),
        new.closed_at_ms.into(),
        periods.into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Changes where a negotiation stands, its deadline, and when it was reminded.
pub async fn update(writer: &Writer, scope: &Scope, changed: &Negotiation) -> Result<(), StoreError> {
    let sql = "UPDATE negotiation SET status = $3, due_on = $4, reminded_on = $5, closed_at_ms = $6 \
               WHERE organization_id = $1 AND id = $2";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        changed.id.0.into(),
        changed.status.as_str().into(),
        changed.due_on.0.into(),
        changed.reminded_on.map(|day| day.0).into(),
        changed.closed_at_ms.into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Adds a move, the `seq`-th from 1.
pub async fn add_move(
    writer: &Writer,
    scope: &Scope,
    id: NegotiationId,
    seq: u32,
    new: &Moved,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO negotiation_move (organization_id, negotiation_id, seq, side, kind, amount, words, user_id, \
               user_name, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        id.0.into(),
        i32::try_from(seq)
            .map_err(|_| StoreError::Damaged("negotiation_move.seq"))?
            .into(),
        new.side.as_str().into(),
        new.what.kind.as_str().into(),
        new.what.amount.map(|amount| amount.0).into(),
        new.what.words.clone().into(),
        new.user.map(|user| user.0).into(),
        new.user_name.clone().into(),
        new.at_ms.into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

const COLUMNS: &str = "n.id, n.version_id, n.node_id, n.period, n.number, n.status, n.due_on, n.reminded_on, n.at_ms, \
                       n.closed_at_ms, n.periods";

/// One negotiation, which nobody else changes before the transaction ends.
pub async fn lock(writer: &Writer, scope: &Scope, id: NegotiationId) -> Result<Negotiation, StoreError> {
    // SQLite has one writer at a time.
    let tail = match writer.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE",
    };
    let sql = format!("SELECT {COLUMNS} FROM negotiation n WHERE n.organization_id = $1 AND n.id = $2{tail}");
    let rows = query(writer, &sql, vec![scope.organization.0.into(), id.0.into()]).await?;
    read(rows.first().ok_or(StoreError::NotFound("negotiation"))?)
}

/// The negotiations of a version within sight, the latest first.
pub async fn of_version(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<Negotiation>, StoreError> {
    crate::version::get(session, scope, version).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM negotiation n WHERE n.organization_id = $1 AND n.version_id = $2 \
         ORDER BY n.at_ms DESC, n.id DESC"
    );
    let values = vec![scope.organization.0.into(), version.0.into()];
    query(session, &sql, values).await?.iter().map(read).collect()
}

/// The negotiations of numbers that a member carries, also in drafts; open ones first, then the latest.
pub async fn of_carrier(
    session: &impl Session,
    scope: &Scope,
    member: MemberId,
    most: u32,
) -> Result<Vec<Negotiation>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM negotiation n JOIN plan_node p ON p.organization_id = n.organization_id \
           AND p.version_id = n.version_id AND p.id = n.node_id \
         WHERE n.organization_id = $1 AND p.carrier_id = $2 \
         ORDER BY CASE n.status WHEN 'open' THEN 0 ELSE 1 END, n.at_ms DESC, n.id DESC LIMIT $3"
    );
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        member.0.into(),
        i64::from(most).into(),
    ];
    query(session, &sql, values).await?.iter().map(read).collect()
}

/// The moves of some negotiations, each list from the first on.
pub async fn moves(
    session: &impl Session,
    scope: &Scope,
    ids: &[NegotiationId],
) -> Result<BTreeMap<NegotiationId, Vec<Moved>>, StoreError> {
    // A list of keys may name the last of them more than once; each row is found once all the same.
    let mut found: BTreeMap<NegotiationId, Vec<Moved>> = BTreeMap::new();
    for list in key_lists(ids) {
        let sql = format!(
            "SELECT negotiation_id, side, kind, amount, words, user_id, user_name, at_ms FROM negotiation_move \
             WHERE organization_id = {} AND negotiation_id IN ({}) ORDER BY negotiation_id, seq",
            marks(session.dialect(), 1, 1),
            marks(session.dialect(), 2, list.len()),
        );
        let mut values: Vec<Value> = vec![scope.organization.0.into()];
        values.extend(list.iter().map(|id| Value::from(id.0)));
        for row in query(session, &sql, values).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            found.entry(id.into()).or_default().push(read_move(&row)?);
        }
    }
    Ok(found)
}

/// How a row names the number: the first period, and how many.
fn place_of(subject: Subject) -> (i32, i32) {
    match subject {
        Subject::Total => (TOTAL, 1),
        Subject::Period(period) => (i32::from(period.0), 1),
        Subject::Span { first, periods } => (i32::from(first.0), i32::from(periods)),
    }
}

/// The number that a row names.
fn subject_of(period: i32, periods: i32) -> Result<Subject, StoreError> {
    if period == TOTAL {
        return Ok(Subject::Total);
    }
    let first = u16::try_from(period).map_err(|_| StoreError::Damaged("negotiation.period"))?;
    let first = PeriodIndex(first);
    let periods = u16::try_from(periods).map_err(|_| StoreError::Damaged("negotiation.periods"))?;
    Ok(match periods {
        1 => Subject::Period(first),
        _ => Subject::Span { first, periods },
    })
}

fn read(row: &QueryResult) -> Result<Negotiation, StoreError> {
    let (id, version, node): (Uuid, Uuid, Uuid) = (
        row.try_get_by_index(0)?,
        row.try_get_by_index(1)?,
        row.try_get_by_index(2)?,
    );
    let (period, periods): (i32, i32) = (row.try_get_by_index(3)?, row.try_get_by_index(10)?);
    let status: String = row.try_get_by_index(5)?;
    let reminded_on: Option<i32> = row.try_get_by_index(7)?;
    Ok(Negotiation {
        id: id.into(),
        version: version.into(),
        node: node.into(),
        subject: subject_of(period, periods)?,
        number: Minor(row.try_get_by_index(4)?),
        status: Status::parse(&status).ok_or(StoreError::Damaged("negotiation.status"))?,
        due_on: Day(row.try_get_by_index(6)?),
        reminded_on: reminded_on.map(Day),
        at_ms: row.try_get_by_index(8)?,
        closed_at_ms: row.try_get_by_index(9)?,
    })
}

fn read_move(row: &QueryResult) -> Result<Moved, StoreError> {
    let (side, kind): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    let amount: Option<i64> = row.try_get_by_index(3)?;
    let user: Option<Uuid> = row.try_get_by_index(5)?;
    Ok(Moved {
        side: Side::parse(&side).ok_or(StoreError::Damaged("negotiation_move.side"))?,
        what: Move {
            kind: MoveKind::parse(&kind).ok_or(StoreError::Damaged("negotiation_move.kind"))?,
            amount: amount.map(Minor),
            words: row.try_get_by_index(4)?,
        },
        user: user.map(UserId),
        user_name: row.try_get_by_index(6)?,
        at_ms: row.try_get_by_index(7)?,
    })
}
