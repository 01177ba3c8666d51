//! What is to be expected of what somebody sees of a version: how likely it is that the numbers they decide on are reached.

use domain::assumption::PlanningQuery;
use domain::id::VersionId;
use domain::outlook::{Distribution, Place};
use domain::target::NodeRef;

use super::difference::{ROOT, top};
use crate::plan::state::{self, State};
use crate::scope::require_sight;
use crate::{Error, Operations, Scope, target};

impl Operations {
    /// What is to be expected of the unit at the top of what whoever asks sees of a version; none where they see several
    /// side by side, or nothing can be said. Of the outlook it tells no more than that: who decides need not plan.
    pub async fn approval_outlook(
        &self,
        scope: &Scope,
        version: VersionId,
    ) -> Result<Option<Distribution>, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        if visible.is_empty() {
            return Err(Error::NotFound("version"));
        }
        let state = State::load(&reader, &all, row).await?;
        let Some(top) = top(&state, &visible) else {
            return Ok(None);
        };
        // A number that somebody carries does not open what its unit brings: of that they see what they lead today.
        let NodeRef::Unit(unit) = top.of else {
            return Ok(None);
        };
        if !scope.sees_unit(unit) {
            return Ok(None);
        }
        let outlook = self.expected(&all, PlanningQuery::of(version)).await?;
        if top.ordinal == ROOT.0 {
            return Ok(target::law(outlook.as_ref()));
        }
        Ok(outlook.and_then(|outlook| outlook.find(Place::unit(unit))?.total.clone()))
    }
}
