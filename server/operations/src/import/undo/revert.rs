//! The references of an import that is taken back: as they were before it, or gone.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, AssignmentId, ImportId, LeaveId, MemberId, ProductId, UnitId};
use domain::metric::{Bookings, Source};
use store::assignment::Assignment;
use store::import::Change;
use store::{Scope, Writer};
use uuid::Uuid;

use crate::import::job::Stop;
use crate::import::parse;

/// Puts references back as they were, last change first.
pub(super) async fn revert(
    writer: &Writer,
    scope: &Scope,
    import: ImportId,
    changes: &[Change],
) -> Result<(), Stop> {
    put_back_kept(writer, scope, import, changes).await?;
    remove_made(writer, scope, changes).await
}

/// What the import made of a noun.
fn made(changes: &[Change], noun: &str) -> Vec<Uuid> {
    changes
        .iter()
        .filter(|it| it.noun == noun && it.before.is_none())
        .map(|it| it.id)
        .collect()
}

/// The first half: what was there before is as it was, and people are where they were.
pub(super) async fn put_back_kept(
    writer: &Writer,
    scope: &Scope,
    import: ImportId,
    changes: &[Change],
) -> Result<(), Stop> {
    store::alias::forget(writer, scope, import).await?;
    let kept = || changes.iter().filter(|change| change.before.is_some());
    let mut assignments: HashMap<Uuid, Assignment> = HashMap::new();
    if kept().any(|change| change.noun == "assignment") {
        // Read once: a list may have moved everybody.
        let all = store::assignment::list(writer, scope, None).await?;
        assignments.extend(all.into_iter().map(|one| (one.id.0, one)));
    }
    for change in kept() {
        put_back(writer, scope, change, &mut assignments).await?;
    }
    let new: Vec<AssignmentId> = made(changes, "assignment")
        .into_iter()
        .map(AssignmentId)
        .collect();
    store::assignment::remove(writer, scope, &new).await?;
    Ok(())
}

/// The second half: what the import made is gone.
pub(super) async fn remove_made(writer: &Writer, scope: &Scope, changes: &[Change]) -> Result<(), Stop> {
    let made = |noun: &str| made(changes, noun);
    let ids = |noun: &str| made(noun).into_iter();
    store::potential::remove(writer, scope, &made("potential")).await?;
    store::capability::remove(writer, scope, &made("capability")).await?;
    // Recorded parents first, so read here children first.
    store::unit::remove(writer, scope, &ids("unit").map(UnitId).collect::<Vec<_>>()).await?;
    store::member::remove(writer, scope, &ids("member").map(MemberId).collect::<Vec<_>>()).await?;
    store::product::remove(writer, scope, &made("product")).await?;
    store::product::remove_categories(writer, scope, &made("category")).await?;
    store::account::remove(writer, scope, &made("account")).await?;
    store::account::remove_channels(writer, scope, &made("channel")).await?;
    Ok(())
}

async fn put_back(
    writer: &Writer,
    scope: &Scope,
    change: &Change,
    assignments: &mut HashMap<Uuid, Assignment>,
) -> Result<(), Stop> {
    let Some(before) = &change.before else {
        return Ok(());
    };
    let text: serde_json::Value = parse(before)?;
    let words = |key: &str| text[key].as_str().map(str::to_owned);
    let day = |key: &str| text[key].as_i64().map(|day| Day(day as i32));
    let uuid = |key: &str| text[key].as_str().and_then(|id| Uuid::parse_str(id).ok());
    match change.noun.as_str() {
        "unit" => {
            let mut unit = store::unit::get(writer, scope, UnitId(change.id)).await?;
            unit.parent = uuid("parent").map(UnitId);
            unit.manager = uuid("manager").map(MemberId);
            unit.level = words("level").unwrap_or(unit.level);
            unit.name = words("name").unwrap_or(unit.name);
            unit.pinyin = words("pinyin").unwrap_or(unit.pinyin);
            unit.code = words("code");
            unit.starts_on = day("starts_on").unwrap_or(unit.starts_on);
            unit.ends_on = day("ends_on");
            store::unit::update(writer, scope, &unit).await?;
        }
        "member" => {
            let mut member = store::member::get(writer, scope, MemberId(change.id)).await?;
            member.external_id = words("external_id");
            member.name = words("name").unwrap_or(member.name);
            member.pinyin = words("pinyin").unwrap_or(member.pinyin);
            member.email = words("email");
            member.hired_on = day("hired_on");
            member.left_on = day("left_on");
            store::member::update(writer, scope, &member).await?;
        }
        "potential" => store::potential::update(writer, scope, &parse(before)?).await?,
        "capability" => store::capability::update(writer, scope, &parse(before)?).await?,
        // Leave is only ever added; what is kept of it is what was written.
        "leave" => store::leave::remove(writer, scope, LeaveId(change.id)).await?,
        "organization" => {
            // The orders that were the first ones are gone; where later ones count, they go on counting.
            let before: Bookings = parse(before)?;
            if !store::fact::any_credited(writer, scope, Source::Orders).await? {
                let mut organization = store::organization::get(writer, scope).await?;
                organization.bookings.from = before.from;
                store::organization::update(writer, scope, &organization).await?;
            }
        }
        "assignment" => {
            if let Some(assignment) = assignments.get_mut(&change.id) {
                assignment.starts_on = day("starts_on").unwrap_or(assignment.starts_on);
                assignment.ends_on = day("ends_on");
                store::assignment::update(writer, scope, assignment).await?;
            }
        }
        "product" => {
            let product: store::product::Product = parse(before)?;
            debug_assert_eq!(product.id, ProductId(change.id));
            store::product::update(writer, scope, &product).await?;
        }
        "account" => {
            let account: store::account::Account = parse(before)?;
            debug_assert_eq!(account.id, AccountId(change.id));
            store::account::update(writer, scope, &account).await?;
        }
        _ => {}
    }
    Ok(())
}
