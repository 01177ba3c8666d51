//! Market factors, each in the set of assumptions it belongs to.

use domain::calendar::Day;
use domain::id::{AssumptionsId, AttachmentId, FactorId, UnitId};
use domain::money::Minor;
use domain::outlook::{Attached, Effect, Factor, FactorKind, NamedThing, NewFactor, Thing, ThingKind};
use domain::target::Span;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer, reference};

const PERCENT: &str = "percent";
const MONEY: &str = "money";

/// The factors of a set that lie within the scope, oldest first: those of the whole, and those of units within reach. What
/// there is to sell is no secret within the organization.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    set: AssumptionsId,
) -> Result<Vec<Factor>, StoreError> {
    let sql = "SELECT f.id, f.kind, f.name, f.unit_id, f.starts_on, f.ends_on, f.effect_kind, f.effect, f.weight, f.source, \
               f.link, f.attachment_id, f.author, f.at_ms, u.name, a.name, a.bytes, f.category_id, f.product_id, \
               f.channel_id, COALESCE(c.name, p.name, w.name) FROM market_factor f \
               LEFT JOIN unit u ON u.organization_id = f.organization_id AND u.id = f.unit_id \
               LEFT JOIN attachment a ON a.organization_id = f.organization_id AND a.id = f.attachment_id \
               LEFT JOIN category c ON c.organization_id = f.organization_id AND c.id = f.category_id \
               LEFT JOIN product p ON p.organization_id = f.organization_id AND p.id = f.product_id \
               LEFT JOIN channel w ON w.organization_id = f.organization_id AND w.id = f.channel_id \
               WHERE f.organization_id = $1 AND f.set_id = $2 ORDER BY f.id";
    let values = vec![scope.organization.0.into(), set.0.into()];
    let factors: Result<Vec<Factor>, StoreError> =
        query(session, sql, values).await?.iter().map(read).collect();
    let seen = |factor: &Factor| factor.entry.unit.is_none_or(|unit| scope.sees_unit(unit));
    Ok(factors?.into_iter().filter(seen).collect())
}

/// What a factor can be about, each kind by pinyin.
pub async fn things(session: &impl Session, scope: &Scope) -> Result<Vec<NamedThing>, StoreError> {
    let mut things = Vec::new();
    for kind in ThingKind::ALL {
        for row in reference::all(session, scope, kind.as_str(), "id, name").await? {
            let id: Uuid = row.try_get_by_index(0)?;
            things.push(NamedThing {
                of: kind.thing(id),
                name: row.try_get_by_index(1)?,
            });
        }
    }
    Ok(things)
}

/// What a thing is called.
pub async fn thing_name(session: &impl Session, scope: &Scope, of: Thing) -> Result<String, StoreError> {
    let table = of.kind().as_str();
    let sql = format!("SELECT name FROM {table} WHERE organization_id = $1 AND id = $2");
    let rows = query(session, &sql, vec![scope.organization.0.into(), of.id().into()]).await?;
    let row = rows.first().ok_or(StoreError::NotFound(table))?;
    Ok(row.try_get_by_index(0)?)
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
    let mut of = None;
    for (index, kind) in (17..).zip(ThingKind::ALL) {
        of = of.or(id(index)?.map(|id| kind.thing(id)));
    }
    let of_name: Option<String> = row.try_get_by_index(20)?;
    Ok(Factor {
        id: id(0)?.unwrap_or_default().into(),
        entry: NewFactor {
            kind: FactorKind::parse(&kind).ok_or(StoreError::Damaged("market_factor.kind"))?,
            name: row.try_get_by_index(2)?,
            unit: id(3)?.map(UnitId),
            of,
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
        of_name: of_name.unwrap_or_default(),
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
    let of = |kind: ThingKind| -> Value {
        let id = entry.of.filter(|of| of.kind() == kind).map(Thing::id);
        id.into()
    };
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        set.0.into(),
        factor.id.0.into(),
        entry.kind.as_str().into(),
        entry.name.clone().into(),
        entry.unit.map(|unit| unit.0).into(),
        of(ThingKind::Category),
        of(ThingKind::Product),
        of(ThingKind::Channel),
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
    let sql = "INSERT INTO market_factor (organization_id, set_id, id, kind, name, unit_id, category_id, product_id, \
               channel_id, starts_on, ends_on, effect_kind, effect, weight, source, link, attachment_id, author, at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
               ON CONFLICT (organization_id, set_id, id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
               unit_id = excluded.unit_id, category_id = excluded.category_id, product_id = excluded.product_id, \
               channel_id = excluded.channel_id, starts_on = excluded.starts_on, ends_on = excluded.ends_on, \
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
    let sql = "INSERT INTO market_factor (organization_id, set_id, id, kind, name, unit_id, category_id, product_id, \
               channel_id, starts_on, ends_on, effect_kind, effect, weight, source, link, attachment_id, author, at_ms) \
               SELECT f.organization_id, s.id, f.id, f.kind, f.name, f.unit_id, f.category_id, f.product_id, \
               f.channel_id, f.starts_on, f.ends_on, f.effect_kind, f.effect, f.weight, f.source, f.link, \
               f.attachment_id, f.author, f.at_ms \
               FROM market_factor f JOIN assumption_set s ON s.organization_id = f.organization_id \
               WHERE f.organization_id = $1 AND f.set_id = $2 AND s.id = $3";
    let values = vec![scope.organization.0.into(), from.0.into(), to.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
