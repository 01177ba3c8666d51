//! A number that was agreed on, set in a draft in the transaction of the agreement.

use domain::access::Permission;
use domain::id::VersionId;
use domain::plan::{Deltas, PlanCommand};
use store::Writer;
use store::version::CommandKind;

use super::change::Change;
use super::kept::Kept;
use crate::plan::state::all;
use crate::scope::require;
use crate::target::absent::Absent;
use crate::target::refusal::words;
use crate::{Error, Scope};

/// A draft under its write lock with the change that is to be made; dropped, nothing is.
pub(crate) struct Agreement {
    change: Change,
    command: PlanCommand,
    deltas: Deltas,
}

impl Agreement {
    /// Works the change out; what stands in its way is a refusal for people.
    pub(crate) async fn begin(
        kept: &Kept,
        writer: Writer,
        scope: &Scope,
        version: VersionId,
        command: PlanCommand,
    ) -> Result<Self, Error> {
        require(scope, Permission::EditPlan)?;
        let change = Change::begin(kept, writer, scope, version, None).await?;
        if let Err(error) = change.refuse_own(scope, &command) {
            return Err(change.given_up(error).await);
        }
        match domain::plan::apply(&change.state.grid, &command) {
            Ok(deltas) => Ok(Self {
                change,
                command,
                deltas,
            }),
            Err(refusal) => {
                let currency = store::organization::get(change.writer(), scope).await?.currency;
                let shape = change.state.grid.shape();
                let absent = Absent::of(change.writer(), &all(scope), &change.state).await?;
                let said = words(shape, &refusal, &absent, &currency);
                Err(change.given_up(said).await)
            }
        }
    }

    /// The transaction, for what belongs to the agreement besides.
    pub(crate) fn writer(&self) -> &Writer {
        self.change.writer()
    }

    /// Makes the change and commits; where the number is so already, only what was written besides.
    pub(crate) async fn commit(self, scope: &Scope) -> Result<(), Error> {
        let Self {
            change,
            command,
            deltas,
        } = self;
        if deltas.is_empty() {
            return Ok(change.into_writer().commit().await?);
        }
        change
            .append(scope, Vec::new(), CommandKind::Do, command, deltas)
            .await
            .map(drop)
    }
}
