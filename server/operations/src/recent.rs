//! Long lists that somebody turns the pages of, kept in memory between one page and the next. What a list is kept by changes with
//! every change of the organization and with who asks, so that it is never stale.

use std::sync::{Arc, Mutex, PoisonError};

use domain::calendar::Day;
use domain::id::VersionId;
use domain::revision::Begin;

use crate::plan::state;
use crate::{Error, Operations, Scope};

/// Lists of a kind that are kept at once.
const KEPT: usize = 8;
/// Rows of all of them; the list that was kept last always is.
const MOST_ROWS: usize = 200_000;

/// What a list is kept by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// Who asks, with all that they see and may.
    scope: Scope,
    /// The number of the last change of anything.
    change: i64,
    today: Day,
    version: VersionId,
    /// How a revision would begin, where the list is of one that is not opened.
    begin: Option<Begin>,
}

/// A list, how many rows it has, and what it is kept by.
#[derive(Debug)]
struct Entry<T> {
    key: Key,
    rows: usize,
    list: Arc<T>,
}

/// The lists of a kind that were looked at lately, the latest at the end; cheap to clone.
#[derive(Debug)]
pub(crate) struct Recent<T>(Arc<Mutex<Vec<Entry<T>>>>);

impl<T> Clone for Recent<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Recent<T> {
    /// The list that is kept by a key.
    pub(crate) fn find(&self, key: &Key) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|entry| entry.key == *key);
        found.map(|entry| Arc::clone(&entry.list))
    }

    /// Keeps a list of so many rows; what it was before the last change is of no more use to anybody.
    pub(crate) fn keep(&self, key: Key, rows: usize, list: &Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|entry| {
            let is_older =
                entry.key.scope.organization == key.scope.organization && entry.key.change < key.change;
            !is_older && entry.key != key
        });
        kept.push(Entry {
            key,
            rows,
            list: Arc::clone(list),
        });
        let all = |kept: &[Entry<T>]| kept.iter().map(|entry| entry.rows).sum::<usize>();
        while kept.len() > 1 && (kept.len() > KEPT || all(&kept) > MOST_ROWS) {
            kept.remove(0);
        }
    }
}

impl Operations {
    /// What a list that somebody looks at now is kept by: to be asked for before the list is read.
    pub(crate) async fn recent_key(
        &self,
        scope: &Scope,
        version: VersionId,
        begin: Option<Begin>,
    ) -> Result<Key, Error> {
        let change = store::outbox::head(&self.database.reader(), &state::all(scope)).await?;
        Ok(Key {
            scope: scope.clone(),
            change,
            today: self.business_date(scope).await?,
            version,
            begin,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::id::OrganizationId;

    use super::*;

    fn key(change: i64, purpose: &'static str) -> Key {
        Key {
            scope: Scope::system(OrganizationId::default(), purpose),
            change,
            today: Day(17_000),
            version: VersionId::default(),
            begin: None,
        }
    }

    #[test]
    fn a_list_is_kept_for_who_asked_until_anything_changes() {
        let recent = Recent::<u8>::default();
        recent.keep(key(1, "a"), 10, &Arc::new(7));
        recent.keep(key(1, "b"), 10, &Arc::new(8));
        assert_eq!(recent.find(&key(1, "a")).as_deref(), Some(&7));
        assert_eq!(recent.find(&key(1, "b")).as_deref(), Some(&8));
        assert_eq!(recent.find(&key(1, "c")), None);
        assert_eq!(recent.find(&key(2, "a")), None);
        let other = Key {
            begin: Some(Begin::Outlook),
            ..key(1, "a")
        };
        assert_eq!(recent.find(&other), None);
        recent.keep(key(2, "a"), 10, &Arc::new(9));
        assert_eq!(recent.find(&key(1, "b")), None, "nobody asks for it any more");
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let recent = Recent::<usize>::default();
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        for (place, name) in names.into_iter().enumerate() {
            recent.keep(key(1, name), 10, &Arc::new(place));
        }
        let left = names
            .into_iter()
            .filter(|&name| recent.find(&key(1, name)).is_some());
        assert_eq!(left.count(), KEPT);
        recent.keep(key(1, "large"), MOST_ROWS + 1, &Arc::new(0));
        assert!(recent.find(&key(1, "large")).is_some(), "the last one always is");
        assert_eq!(recent.find(&key(1, "j")), None);
    }
}
