//! What was read of the history for lines, kept in memory until facts, people or things change: plans are changed all the time,
//! and whoever looks at one row after the other does not read everybody's facts each time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::event::Event;
use domain::id::OrganizationId;
use domain::line::profile::Profile;
use store::Session;

use super::History;
use crate::{Error, Scope};

/// Answers of a kind that are kept at once: of a few plannings, each by all dimensions.
const KEPT: usize = 12;
/// Changes that are looked through for one that matters; after more of them everything is read again.
const MOST_CHANGES: u32 = 500;

/// What an answer is kept by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) organization: OrganizationId,
    /// Everything it is made of but the facts themselves, in few bytes.
    pub(super) made_of: [u8; 32],
}

/// The memory of all organizations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    histories: Memory<History>,
    profiles: Memory<Profile>,
}

impl Cache {
    /// What each line of a dimension brought.
    pub(super) fn histories(&self) -> &Memory<History> {
        &self.0.histories
    }

    /// What the rows of a version brought of each line.
    pub(super) fn profiles(&self) -> &Memory<Profile> {
        &self.0.profiles
    }
}

#[derive(Debug)]
struct Entry<T> {
    key: Key,
    /// The number of the last change it holds for.
    change: i64,
    found: Arc<T>,
}

/// Answers of one kind, the one that was asked for last at the end.
#[derive(Debug)]
pub(super) struct Memory<T>(Mutex<Vec<Entry<T>>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Memory<T> {
    /// What is kept by a key, where nothing has changed since that it is made of; `head` is the number of the last change.
    pub(super) async fn find(
        &self,
        session: &impl Session,
        all: &Scope,
        key: &Key,
        head: i64,
    ) -> Result<Option<Arc<T>>, Error> {
        let Some((change, found)) = self.known(key) else {
            return Ok(None);
        };
        if change < head {
            let since = store::outbox::since(session, all, change, MOST_CHANGES).await?;
            // What was tidied away cannot be judged.
            let last = head.max(change + since.len() as i64);
            let is_whole = since.iter().map(|entry| entry.seq).eq(change + 1..=last);
            if !is_whole || !since.iter().all(|entry| is_beside(&entry.event)) {
                return Ok(None);
            }
        }
        self.keep(key.clone(), head.max(change), Arc::clone(&found));
        Ok(Some(found))
    }

    /// Keeps an answer that was read after the change of that number, and forgets what was asked for least lately.
    pub(super) fn keep(&self, key: Key, change: i64, found: Arc<T>) {
        let mut list = self.list();
        list.retain(|entry| entry.key != key);
        list.push(Entry { key, change, found });
        let over = list.len().saturating_sub(KEPT);
        list.drain(..over);
    }

    fn known(&self, key: &Key) -> Option<(i64, Arc<T>)> {
        let list = self.list();
        let entry = list.iter().find(|entry| entry.key == *key)?;
        Some((entry.change, Arc::clone(&entry.found)))
    }

    fn list(&self) -> MutexGuard<'_, Vec<Entry<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a change is of nothing that a history is made of. What is left out of one is part of the key.
fn is_beside(event: &Event) -> bool {
    matches!(
        event,
        Event::PlanChanged { .. }
            | Event::ReviewChanged { .. }
            | Event::Remarked { .. }
            | Event::Published { .. }
            | Event::ImportProgress { .. }
            | Event::Acknowledged { .. }
            | Event::Negotiated { .. }
            | Event::NoticesChanged { .. }
            | Event::AssumptionsChanged
            | Event::JobsChanged
            | Event::QuestionnairesChanged
    )
}
