//! Market factors, each in the set of assumptions it belongs to.

use domain::calendar::Day;
use domain::id::{AssumptionsId, AttachmentId, FactorId, UnitId};
use domain::money::Minor;
use domain::outlook::{Attached, Effect, Factor, FactorKind, NewFactor};
use domain::target::Span;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

const PERCENT: &str = "percent";
const MONEY: &str = "money";

/// The factors of a set that lie within the scope, oldest first: those of the whole, and those of units within reach.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    set: AssumptionsId,
) -> Result<Vec<Factor>, StoreError> {
    let sql = "SELECT f.id, f.kind, f.name, f.unit_id, f.starts_on, f.ends_on, f.effect_kind, f.effect, f.weight, f.source, \
               f.link, f.attachment_id, f.author, f.at_ms, u.name, a.name, a.bytes FROM market_factor f \
               LEFT JOIN unit u ON u.organization_id = f.organization_id AND u.id = f.unit_id \
               LEFT JOIN attachment a ON a.organization_id = f.organization_id AND a.id = f.attachment_id \
               WHERE f.organization_id = $1 AND f.set_id = $2 ORDER BY f.id";
    let values = vec![scope.organization.0.into(), set.0.into()];
    let factors: Result<Vec<Factor>, StoreError> =
        query(session, sql, values).await?.iter().map(read).collect();
    let seen = |factor: &Factor| factor.entry.unit.is_none_or(|unit| scope.sees_unit(unit));
    Ok(factors?.into_iter().filter(seen).collect())
}

fn read(row: &QueryResult) -> Result<Factor, StoreError> {
    let id = |index: usize| row.try_get_by_index::<Option<Uuid>>(index);
    let kind: String = row.try_get_by_index(1)?;
    let effect_kind: String = row.try_get_by_index(6)?;
    let effect: i64 = row.try_get_by_index(7)?;
    let weight: i32 = row.try_get_by_index(8)?;
    let attachment = id(11)?.map(AttachmentId);
    let file: Option<String> = row.try_get_by_index(15)?;
    let bytes: Option<i64> = row.try_get_by_index(16)?;
    let unit_name: Option<String> = row.try_get_by_index(14)?;
    Ok(Factor {
        id: id(0)?.unwrap_or_default().into(),
        entry: NewFactor {
            kind: FactorKind::parse(&kind).ok_or(StoreError::Damaged("market_factor.kind"))?,
            name: row.try_get_by_index(2)?,
            unit: id(3)?.map(UnitId),
            span: Span {
                starts_on: Day(row.try_get_by_index(4)?),
                ends_on: Day(row.try_get_by_index(5)?),
            },
            effect: match effect_kind.as_str() {
                PERCENT => Effect::Percent {
                    hundredths: i32::try_from(effect)
                        .map_err(|_| StoreError::Damaged("market_factor.effect"))?,
                },
                MONEY => Effect::Money {
                    amount: Minor(effect),
                },
                _ => return Err(StoreError::Damaged("market_factor.effect_kind")),
            },
            weight: u8::try_from(weight).map_err(|_| StoreError::Damaged("market_factor.weight"))?,
            source: row.try_get_by_index(9)?,
            link: row.try_get_by_index(10)?,
            attachment,
        },
        unit_name: unit_name.unwrap_or_default(),
        attached: attachment.zip(file).map(|(id, name)| Attached {
            id,
            name,
            bytes: bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
        }),
        author: row.try_get_by_index(12)?,
        at_ms: row.try_get_by_index(13)?,
    })
}

/// Puts a factor into a set, in place of the one with its id where there is one.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    factor: &Factor,
) -> Result<(), StoreError> {
    let entry = &factor.entry;
    let (effect_kind, effect) = match entry.effect {
        Effect::Percent { hundredths } => (PERCENT, i64::from(hundredths)),
        Effect::Money { amount } => (MONEY, amount.0),
    };
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        set.0.into(),
        factor.id.0.into(),
        entry.kind.as_str().into(),
        entry.name.clone().into(),
        entry.unit.map(|unit| unit.0).into(),
        entry.span.starts_on.0.into(),
        entry.span.ends_on.0.into(),
        effect_kind.into(),
        effect.into(),
        i32::from(entry.weight).into(),
        entry.source.clone().into(),
        entry.link.clone().into(),
        entry.attachment.map(|id| id.0).into(),
        factor.author.clone().into(),
        factor.at_ms.into(),
    ];
    let sql = "INSERT INTO market_factor (organization_id, set_id, id, kind, name, unit_id, starts_on, ends_on, effect_kind, \
               effect, weight, source, link, attachment_id, author, at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
               ON CONFLICT (organization_id, set_id, id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
               unit_id = excluded.unit_id, starts_on = excluded.starts_on, ends_on = excluded.ends_on, \
               effect_kind = excluded.effect_kind, effect = excluded.effect, weight = excluded.weight, \
               source = excluded.source, link = excluded.link, attachment_id = excluded.attachment_id, \
               author = excluded.author, at_ms = excluded.at_ms";
    execute(writer, sql, values).await?;
    Ok(())
}

/// Takes a factor out of a set.
pub async fn remove(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    id: FactorId,
) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![scope.organization.0.into(), set.0.into(), id.0.into()];
    let sql = "DELETE FROM market_factor WHERE organization_id = $1 AND set_id = $2 AND id = $3";
    match execute(writer, sql, values).await? {
        0 => Err(StoreError::NotFound("factor")),
        _ => Ok(()),
    }
}

/// Copies the factors of one set into another, ids and authors and all.
pub(crate) async fn copy(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    to: AssumptionsId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO market_factor (organization_id, set_id, id, kind, name, unit_id, starts_on, ends_on, effect_kind, \
               effect, weight, source, link, attachment_id, author, at_ms) \
               SELECT f.organization_id, s.id, f.id, f.kind, f.name, f.unit_id, f.starts_on, f.ends_on, f.effect_kind, \
               f.effect, f.weight, f.source, f.link, f.attachment_id, f.author, f.at_ms \
               FROM market_factor f JOIN assumption_set s ON s.organization_id = f.organization_id \
               WHERE f.organization_id = $1 AND f.set_id = $2 AND s.id = $3";
    let values = vec![scope.organization.0.into(), from.0.into(), to.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
