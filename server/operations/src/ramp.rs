//! The ramp of beginners: what is expected of somebody in the months after they were hired.

use domain::access::Permission;
use domain::basis::Ramp;
use domain::event::Event;
use domain::format::Lang;
use serde_json::json;

use crate::scope::require;
use crate::{Error, Operations, Scope, audit};

impl Operations {
    /// The ramp that splits, changes of staff and what a team is capable of go by.
    pub async fn ramp(&self, scope: &Scope) -> Result<Ramp, Error> {
        require(scope, Permission::EditPlan)?;
        Ok(store::ramp::get(&self.database.reader(), scope).await?)
    }

    /// Chooses the ramp of all beginners. It counts in what is split from then on; what was split before stays as it is.
    pub async fn set_ramp(&self, scope: &Scope, steps_ppm: Vec<u32>) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let ramp = Ramp::of_steps(steps_ppm).map_err(|error| {
            Error::invalid_field("bad_ramp", "ramp", error.words(Lang::ZhCn), error.words(Lang::En))
        })?;
        let writer = self.database.writer().await?;
        let before = store::ramp::get(&writer, scope).await?;
        store::ramp::set(&writer, scope, &ramp).await?;
        let detail = json!({ "before": before.text(), "after": ramp.text() });
        // Who reads people before a change of a plan reads them anew.
        let event = Event::PeopleChanged;
        audit::commit(
            writer,
            scope,
            "organization.ramp",
            "organization",
            &detail,
            &event,
        )
        .await
    }
}
