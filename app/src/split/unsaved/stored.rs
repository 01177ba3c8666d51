//! What is not in the plan, kept by the browser for the tab while its page is not there: across a reload, another page of the
//! program, and the door after the session ended. It goes with the tab. A change that reached the server meanwhile is known there
//! by its key and not made twice.

#[cfg(feature = "hydrate")]
use std::cell::RefCell;

use domain::id::VersionId;
use serde::{Deserialize, Serialize};

use super::{Aside, Typed, TypedQuarters};
use crate::split::board::{Change, KeptLines};

/// Where the tab keeps it.
#[cfg(feature = "hydrate")]
const SLOT: &str = "attain.split.unsaved";

/// Why something is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser keeps something, or has no room for it")
)]
pub(super) enum NotKept {
    /// It is more than the browser keeps for a tab.
    TooMuch,
    /// The browser keeps nothing.
    Nowhere,
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// What the tab had no room for: it outlives another page of the program, and goes with a reload.
    static OVERFLOW: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What stands often in what is kept, and a sign for each: in such a text control characters are escaped, so it has none of them.
#[cfg(any(feature = "hydrate", test))]
const OFTEN: [(&str, &str); 4] = [
    ("{\"node\":", "\u{1}"),
    (",\"period\":", "\u{2}"),
    (",\"amount\":", "\u{3}"),
    ("},\u{1}", "\u{4}"),
];

/// The same in fewer signs: tens of thousands of amounts take about half the room.
#[cfg(any(feature = "hydrate", test))]
fn dense(text: &str) -> String {
    OFTEN
        .iter()
        .fold(text.to_owned(), |text, (long, short)| text.replace(long, short))
}

/// The text that was made dense; one that was not is the same.
#[cfg(any(feature = "hydrate", test))]
fn plain(text: &str) -> String {
    OFTEN
        .iter()
        .rev()
        .fold(text.to_owned(), |text, (long, short)| text.replace(short, long))
}

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
    /// The same of quarters; a page from before an update did not keep it.
    #[serde(default)]
    pub(super) quarters: Vec<(VersionId, TypedQuarters)>,
    /// What was entered of lines, by version, and what of it is taken back next.
    #[serde(default)]
    pub(super) lines: Vec<(VersionId, KeptLines)>,
}

#[cfg(any(feature = "hydrate", test))]
impl Stored {
    /// Reads what was kept, if it is of this person; what is not understood (an older program wrote it) is nothing.
    fn read(text: &str, of: &str) -> Option<Self> {
        let stored = serde_json::from_str::<Self>(&plain(text)).ok();
        stored.filter(|stored| stored.of == of && !of.is_empty())
    }

    /// What is kept of it; none where there is nothing, or where nobody signed in.
    fn written(&self) -> Option<String> {
        let has_none = self.pending.is_empty() && self.aside.is_empty();
        let has_no_text = self.typed.is_empty() && self.quarters.is_empty();
        let is_nothing = has_none && has_no_text && self.lines.is_empty();
        if is_nothing || self.of.is_empty() {
            return None;
        }
        let text = serde_json::to_string(self).ok()?;
        Some(dense(&text))
    }
}

/// Reads what was kept of somebody. It stays there until the next is written: that may not fit. What was kept of somebody else is
/// forgotten.
#[cfg(feature = "hydrate")]
pub(super) fn take(of: &str) -> Stored {
    let storage = storage();
    let kept = || storage.as_ref()?.get_item(SLOT).ok().flatten();
    let Some(text) = OVERFLOW.take().or_else(kept) else {
        return Stored::default();
    };
    Stored::read(&text, of).unwrap_or_else(|| {
        if let Some(storage) = &storage {
            // Fails only where the browser keeps nothing.
            drop(storage.remove_item(SLOT));
        }
        Stored::default()
    })
}

/// Keeps this, in place of what was kept before; whether there was something to keep. What does not fit (a browser has some 5 MB
/// for a tab) leaves what was kept before where it is, and is kept as long as the program runs.
#[cfg(feature = "hydrate")]
pub(super) fn put(stored: &Stored) -> Result<bool, NotKept> {
    OVERFLOW.set(None);
    let storage = storage();
    let Some(text) = stored.written() else {
        if let Some(storage) = storage {
            // Fails only where the browser keeps nothing.
            drop(storage.remove_item(SLOT));
        }
        return Ok(false);
    };
    let why = match storage.map(|storage| storage.set_item(SLOT, &text)) {
        Some(Ok(())) => return Ok(true),
        Some(Err(_)) => NotKept::TooMuch,
        None => NotKept::Nowhere,
    };
    OVERFLOW.set(Some(text));
    Err(why)
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

/// The server's twin: there is nowhere to keep it.
#[cfg(not(feature = "hydrate"))]
pub(super) fn put(_stored: &Stored) -> Result<bool, NotKept> {
    Err(NotKept::Nowhere)
}

#[cfg(test)]
mod tests {
    use domain::id::{CommandId, VersionId};
    use domain::money::Minor;
    use domain::plan::{Entered, Give, GiveWay, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal};

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
            quarters: vec![(version, vec![((NodeIndex(3), 1), "half".to_owned())])],
            lines: Vec::new(),
        };
        let text = stored.written().unwrap();
        assert_eq!(Stored::read(&text, "planner@attain.test"), Some(stored));
        assert_eq!(Stored::read(&text, "owner@attain.test"), None);
        assert_eq!(Stored::read(&text, ""), None);
        assert_eq!(Stored::read("{\"of\":1}", "planner@attain.test"), None);
    }

    #[test]
    fn whatever_is_typed_is_read_back() {
        let of = "planner@attain.test";
        let signs: String = ('\0'..='\u{ff}')
            .chain(['\u{2028}', '万', '🎯', '\u{10ffff}'])
            .collect();
        let like_what_is_kept = "},{\"node\":1,\"period\":2,\"amount\":3}";
        for text in [
            signs.as_str(),
            like_what_is_kept,
            "\\u0001\\",
            "\u{4}\u{1}},\u{1}",
        ] {
            let stored = Stored {
                of: of.to_owned(),
                typed: vec![(
                    VersionId::default(),
                    vec![((NodeIndex(1), None), text.to_owned())],
                )],
                ..Stored::default()
            };
            assert_eq!(
                Stored::read(&stored.written().unwrap(), of),
                Some(stored),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_large_block_is_kept_in_half_the_room() {
        let amounts = (0..20_000_u32).map(|at| Entered {
            node: NodeIndex(at / 12),
            period: Some(PeriodIndex((at % 12) as u16)),
            amount: Minor(i64::from(at) * 7_919),
        });
        let mut block = change(0);
        block.command = PlanCommand::Enter {
            amounts: amounts.collect(),
            gives: GiveWay::default(),
            // Words that look like what is kept, and signs that it is written with.
            reason: Some("{\"node\":1},\u{1}\u{4},\"amount\":".to_owned()),
        };
        let stored = Stored {
            of: "planner@attain.test".to_owned(),
            pending: vec![(VersionId::default(), block)],
            ..Stored::default()
        };
        let text = stored.written().unwrap();
        let before = serde_json::to_string(&stored).unwrap();
        assert!(
            text.len() * 2 < before.len(),
            "{} of {}",
            text.len(),
            before.len()
        );
        assert_eq!(Stored::read(&text, "planner@attain.test"), Some(stored));
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
        assert_eq!(Stored::read(&stored.written().unwrap(), of), Some(stored));
        let of_quarter = Stored {
            of: of.to_owned(),
            quarters: vec![(version, vec![((NodeIndex(1), 0), "=A/0".to_owned())])],
            ..Stored::default()
        };
        let text = of_quarter.written().unwrap();
        assert_eq!(Stored::read(&text, of), Some(of_quarter));
        let older = serde_json::json!({ "of": of, "pending": [(version, change(1))], "aside": [] });
        let read = Stored::read(&older.to_string(), of).unwrap();
        assert_eq!(read.pending, [(version, change(1))]);
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
