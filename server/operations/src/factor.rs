//! Market factors of a planning: entered, changed and taken out, each change with who made it and when.

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::event::Event;
use domain::format::Lang;
use domain::id::{AssumptionsId, FactorId};
use domain::outlook::{Factor, FactorError, FactorList, NamedThing, NewFactor};
use serde_json::{Value, json};
use store::Writer;

use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, audit, clock, revision};

/// Factors of one planning at most.
const MOST: usize = 200;

impl Operations {
    /// The market factors of a planning.
    pub async fn factors(&self, scope: &Scope, planning: &PlanningQuery) -> Result<FactorList, Error> {
        require(scope, Permission::ReadBaseline)?;
        let planning = self.planning(scope, planning).await?;
        let reader = self.database.reader();
        let factors = match assumption::find(&reader, scope, &planning).await? {
            Some(set) => store::factor::list(&reader, scope, set).await?,
            None => Vec::new(),
        };
        Ok(FactorList { planning, factors })
    }

    /// What a market factor can be about: product categories, products and channels.
    pub async fn factor_things(&self, scope: &Scope) -> Result<Vec<NamedThing>, Error> {
        require(scope, Permission::ReadBaseline)?;
        Ok(store::factor::things(&self.database.reader(), scope).await?)
    }

    /// Enters a market factor.
    pub async fn add_factor(
        &self,
        scope: &Scope,
        planning: &PlanningQuery,
        new: NewFactor,
    ) -> Result<Factor, Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, planning).await?;
        let writer = self.database.writer().await?;
        let set = assumption::open(&writer, scope, &planning).await?;
        if store::factor::list(&writer, scope, set).await?.len() >= MOST {
            return Err(Error::conflict(
                "too_many_factors",
                format!("一个计划最多 {MOST} 个市场因素。"),
                format!("A plan has at most {MOST} market factors."),
            ));
        }
        let id = FactorId(clock::new_id());
        let factor = put(&writer, scope, set, id, new).await?;
        let detail = json!({"set": set, "after": factor.entry});
        look_again(&writer, scope, &planning).await?;
        commit(writer, scope, "factor.add", id, &detail).await?;
        Ok(factor)
    }

    /// Changes a market factor; who changes it is its author from then on.
    pub async fn edit_factor(
        &self,
        scope: &Scope,
        planning: &PlanningQuery,
        id: FactorId,
        new: NewFactor,
    ) -> Result<Factor, Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, planning).await?;
        let writer = self.database.writer().await?;
        let (set, before) = known(&writer, scope, &planning, id).await?;
        let factor = put(&writer, scope, set, id, new).await?;
        let detail = json!({"set": set, "before": before.entry, "after": factor.entry});
        look_again(&writer, scope, &planning).await?;
        let dropped = before
            .entry
            .attachment
            .filter(|_| factor.entry.attachment != before.entry.attachment);
        let dropped = self.forget_attachment(&writer, scope, dropped).await?;
        commit(writer, scope, "factor.edit", id, &detail).await?;
        self.delete_attachment(dropped).await;
        Ok(factor)
    }

    /// Takes a market factor out; its report goes where nothing else refers to it.
    pub async fn remove_factor(
        &self,
        scope: &Scope,
        planning: &PlanningQuery,
        id: FactorId,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, planning).await?;
        let writer = self.database.writer().await?;
        let (set, before) = known(&writer, scope, &planning, id).await?;
        store::factor::remove(&writer, scope, set, id).await?;
        let dropped = self
            .forget_attachment(&writer, scope, before.entry.attachment)
            .await?;
        let detail = json!({"set": set, "before": before.entry});
        commit(writer, scope, "factor.remove", id, &detail).await?;
        self.delete_attachment(dropped).await;
        Ok(())
    }
}

/// The set of a planning that is open to changes, and a factor of it.
async fn known(
    writer: &Writer,
    scope: &Scope,
    planning: &Planning,
    id: FactorId,
) -> Result<(AssumptionsId, Factor), Error> {
    // Looked for first: a planning without assumptions gets no set by asking for what is not there.
    let set = assumption::find(writer, scope, planning)
        .await?
        .ok_or(Error::NotFound("factor"))?;
    let factor = store::factor::list(writer, scope, set)
        .await?
        .into_iter()
        .find(|factor| factor.id == id)
        .ok_or(Error::NotFound("factor"))?;
    Ok((assumption::open(writer, scope, planning).await?, factor))
}

/// Checks a factor and puts it into a set.
async fn put(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    id: FactorId,
    new: NewFactor,
) -> Result<Factor, Error> {
    let entry = new.checked().map_err(refused)?;
    let unit_name = match entry.unit {
        Some(unit) => store::unit::get(writer, scope, unit).await?.name,
        None => String::new(),
    };
    let of_name = match entry.of {
        Some(of) => store::factor::thing_name(writer, scope, of).await?,
        None => String::new(),
    };
    let attached = match entry.attachment {
        Some(id) => Some(store::attachment::get(writer, scope, id).await?),
        None => None,
    };
    let factor = Factor {
        id,
        entry,
        unit_name,
        of_name,
        attached,
        author: scope.actor.name().to_owned(),
        at_ms: clock::now_ms(),
    };
    store::factor::put(writer, scope, set, &factor).await?;
    Ok(factor)
}

/// A factor for days of which a plan may be on record: the rules are asked whether that calls for a revision.
async fn look_again(writer: &Writer, scope: &Scope, planning: &Planning) -> Result<(), Error> {
    if planning.version.is_some() {
        return Ok(());
    }
    revision::ask_where_on(writer, scope).await
}

async fn commit(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    id: FactorId,
    detail: &Value,
) -> Result<(), Error> {
    let subject = format!("factor:{id}");
    audit::commit(writer, scope, verb, &subject, detail, &Event::AssumptionsChanged).await
}

fn refused(error: FactorError) -> Error {
    Error::invalid_field(
        "bad_factor",
        error.field(),
        error.words(Lang::ZhCn),
        error.words(Lang::En),
    )
}
