//! The audit log, and the one way a change of people or settings ends.

use domain::access::Permission;
use domain::event::Event;
use domain::people::AuditLine;
use serde_json::Value;
use store::Writer;

use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Most lines of one page.
const PAGE: u32 = 500;

/// Writes the change's line and its event, and commits.
pub(crate) async fn commit(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    subject: &str,
    detail: &Value,
    event: &Event,
) -> Result<(), Error> {
    store::audit::record(&writer, scope, verb, subject, detail).await?;
    store::outbox::append(&writer, scope, event).await?;
    Ok(writer.commit().await?)
}

impl Operations {
    /// The log, newest first, at most `limit` (500) lines; `before_seq` continues. For owners.
    pub async fn audit(
        &self,
        scope: &Scope,
        before_seq: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditLine>, Error> {
        require(scope, Permission::ManageOrganization)?;
        let lines = store::audit::list(&self.database.reader(), scope, before_seq, limit.min(PAGE)).await?;
        Ok(lines
            .into_iter()
            .map(|line| AuditLine {
                seq: line.seq,
                at_ms: line.at_ms,
                actor_kind: line.actor_kind,
                actor_name: line.actor_name,
                verb: line.verb,
                subject: line.subject,
                detail: line.detail.to_string(),
            })
            .collect())
    }
}
