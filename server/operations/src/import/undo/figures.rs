//! What figures of potential and capability mean for taking an import back.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::ImportId;
use domain::import::Failure;
use store::import::Change;
use store::{Reader, Scope};
use uuid::Uuid;

use crate::import::job::Stop;

/// Refuses where a later import changed a figure that this one wrote, or brought one of something that this one made.
pub(super) async fn refuse(
    reader: &Reader,
    scope: &Scope,
    import: ImportId,
    changes: &[Change],
) -> Result<(), Stop> {
    let (first, last) = (Day(i32::MIN), Day(i32::MAX));
    let potential = store::potential::list(reader, scope, first, last).await?;
    let capability = store::capability::list(reader, scope, last).await?;
    let potential = potential.iter().map(|it| (it.id.0, it.subject.id(), it.import));
    let capability = capability.iter().map(|it| (it.id.0, it.who.id(), it.import));
    let others: HashMap<Uuid, Uuid> = potential
        .chain(capability)
        .filter(|(.., by)| *by != Some(import))
        .map(|(id, of, _)| (id, of))
        .collect();
    let figure = |change: &Change| matches!(change.noun.as_str(), "potential" | "capability");
    if changes
        .iter()
        .any(|change| figure(change) && others.contains_key(&change.id))
    {
        return Err(Stop::Failed(Failure::ChangedSince));
    }
    let made = |id: &Uuid| {
        changes
            .iter()
            .any(|change| change.before.is_none() && change.id == *id)
    };
    if others.values().any(made) {
        return Err(Stop::Failed(Failure::InUse));
    }
    Ok(())
}
