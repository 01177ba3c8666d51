//! What changed, for those who listen; and whether the database answers.

use domain::event::Event;
use tokio::sync::watch::Receiver;

use crate::{Error, Operations, Scope};

/// Most events read at once.
const EVENTS_AT_ONCE: u32 = 500;

/// One event with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Counts from 1 without gaps, in the order of commits.
    pub seq: i64,
    /// What changed.
    pub event: Event,
}

impl Operations {
    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Error> {
        store::organization::current(&self.database.reader()).await?;
        Ok(())
    }

    /// The number of the last event, now and whenever it grows, whichever process wrote it.
    pub async fn hear(&self) -> Result<Receiver<i64>, Error> {
        Ok(store::outbox::watch(self.database.clone()).await?)
    }

    /// The number of the last event; 0 before the first.
    pub async fn last_event(&self, scope: &Scope) -> Result<i64, Error> {
        Ok(store::outbox::head(&self.database.reader(), scope).await?)
    }

    /// Events after a number, oldest first, a limited number at once.
    pub async fn events_since(&self, scope: &Scope, after_seq: i64) -> Result<Vec<Numbered>, Error> {
        let entries = store::outbox::since(&self.database.reader(), scope, after_seq, EVENTS_AT_ONCE).await?;
        Ok(entries
            .into_iter()
            .map(|entry| Numbered {
                seq: entry.seq,
                event: entry.event,
            })
            .collect())
    }
}
