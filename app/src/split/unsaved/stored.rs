//! What is not in the plan, kept by the browser for the tab while its page is not there: across a reload, another page of the
//! program, and the door after the session ended. It goes with the tab. A change that reached the server meanwhile is known there
//! by its key and not made twice.

use domain::id::VersionId;
use serde::{Deserialize, Serialize};

use super::{Aside, Typed};
use crate::split::board::{Change, KeptLines};

/// Where the tab keeps it.
#[cfg(feature = "hydrate")]
const SLOT: &str = "attain.split.unsaved";

/// What is kept.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    /// Whose it is, by what they sign in with; nobody else who signs in here is shown it.
    pub(super) of: String,
    /// Changes that are on their way, by version, in their order.
    pub(super) pending: Vec<(VersionId, Change)>,
    /// Changes that were put aside.
    pub(super) aside: Vec<Aside>,
    /// What was typed and is no amount, by version.
    #[serde(default)]
    pub(super) typed: Vec<(VersionId, Typed)>,
    /// What was entered of lines, by version, and what of it is taken back next.
    #[serde(default)]
    pub(super) lines: Vec<(VersionId, KeptLines)>,
}

#[cfg(any(feature = "hydrate", test))]
impl Stored {
    /// Reads what was kept, if it is of this person; what is not understood (an older program wrote it) is nothing.
    fn read(text: &str, of: &str) -> Self {
        let stored = serde_json::from_str::<Self>(text).ok();
        stored
            .filter(|stored| stored.of == of && !of.is_empty())
            .unwrap_or_default()
    }

    /// What is kept of it; none where there is nothing, or where nobody signed in.
    fn written(&self) -> Option<String> {
        let has_none = self.pending.is_empty() && self.aside.is_empty();
        let is_nothing = has_none && self.typed.is_empty() && self.lines.is_empty();
        if is_nothing || self.of.is_empty() {
            return None;
        }
        serde_json::to_string(self).ok()
    }
}

/// Takes out what was kept of somebody. What was kept of somebody else is forgotten.
#[cfg(feature = "hydrate")]
pub(super) fn take(of: &str) -> Stored {
    let Some(storage) = storage() else {
        return Stored::default();
    };
    let text = storage.get_item(SLOT).ok().flatten();
    // Fails only where the browser keeps nothing.
    drop(storage.remove_item(SLOT));
    text.map_or_else(Stored::default, |text| Stored::read(&text, of))
}

/// Keeps this, in place of what was kept before.
#[cfg(feature = "hydrate")]
pub(super) fn put(stored: &Stored) {
    let Some(storage) = storage() else {
        return;
    };
    // More than a browser keeps (some 5 MB, tens of thousands of pasted numbers) is not kept.
    drop(match stored.written() {
        Some(text) => storage.set_item(SLOT, &text),
        None => storage.remove_item(SLOT),
    });
}

/// What the browser keeps for the tab; some browsers keep nothing.
#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}

/// The server's twin: there is no tab.
#[cfg(not(feature = "hydrate"))]
pub(super) fn take(_of: &str) -> Stored {
    Stored::default()
}

/// The server's twin.
#[cfg(not(feature = "hydrate"))]
pub(super) fn put(_stored: &Stored) {}

#[cfg(test)]
mod tests {
    use domain::id::{CommandId, VersionId};
    use domain::money::Minor;
    use domain::plan::{Give, Keep, NodeIndex, PlanCommand, Refusal};

    use super::*;
    use crate::split::unsaved::Why;

    fn change(amount: i64) -> Change {
        Change {
            key: CommandId::default(),
            base: 7,
            command: PlanCommand::Set {
                node: NodeIndex(3),
                period: None,
                amount: Minor(amount),
                keep: Keep::Column,
                give: Give::Siblings,
                reason: None,
            },
            own: vec![8],
        }
    }

    #[test]
    fn what_was_kept_is_read_by_who_made_it_and_by_nobody_else() {
        let version = VersionId::default();
        let stored = Stored {
            of: "planner@attain.test".to_owned(),
            pending: vec![(version, change(1)), (version, change(2))],
            aside: vec![Aside {
                version,
                change: change(3),
                why: Why::Refused(Refusal::UnknownNode { node: NodeIndex(3) }),
            }],
            typed: vec![(version, vec![((NodeIndex(3), None), "a lot".to_owned())])],
            lines: Vec::new(),
        };
        let text = stored.written().unwrap();
        assert_eq!(Stored::read(&text, "planner@attain.test"), stored);
        assert_eq!(Stored::read(&text, "owner@attain.test"), Stored::default());
        assert_eq!(Stored::read(&text, ""), Stored::default());
        assert_eq!(
            Stored::read("{\"of\":1}", "planner@attain.test"),
            Stored::default()
        );
    }

    #[test]
    fn a_text_alone_is_kept_and_what_an_older_page_kept_is_read() {
        let version = VersionId::default();
        let of = "planner@attain.test";
        let stored = Stored {
            of: of.to_owned(),
            typed: vec![(version, vec![((NodeIndex(1), None), "=A/0".to_owned())])],
            ..Stored::default()
        };
        assert_eq!(Stored::read(&stored.written().unwrap(), of), stored);
        let older = serde_json::json!({ "of": of, "pending": [(version, change(1))], "aside": [] });
        assert_eq!(
            Stored::read(&older.to_string(), of).pending,
            [(version, change(1))]
        );
    }

    #[test]
    fn nothing_is_kept_where_there_is_nothing() {
        let nothing = Stored {
            of: "planner@attain.test".to_owned(),
            ..Stored::default()
        };
        assert_eq!(nothing.written(), None);
    }
}
