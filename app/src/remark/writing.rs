//! What is being written of the numbers: kept by the page itself, above the parts of it that are made anew with what others do.

use std::collections::BTreeMap;

use domain::id::{RemarkId, VersionId};
use leptos::prelude::*;

use super::Subject;

/// What somebody is writing on a page.
#[derive(Clone, Copy)]
pub struct Writing {
    /// What a new remark is of.
    pub(crate) subject: RwSignal<Subject>,
    /// The period it is of; empty: the total.
    pub(super) period: RwSignal<String>,
    begun: StoredValue<BTreeMap<Place, Begun>>,
    version: StoredValue<Option<VersionId>>,
}

/// Where something is written: of a version, and as an answer to one thread, or as the first of a new one.
type Place = (VersionId, Option<RemarkId>);

/// Something that was begun.
#[derive(Clone)]
pub(super) struct Begun {
    /// The words so far.
    pub(super) text: ArcRwSignal<String>,
    /// Whether the form is unfolded.
    pub(super) unfolded: ArcRwSignal<bool>,
}

impl Begun {
    fn new() -> Self {
        Self {
            text: ArcRwSignal::new(String::new()),
            unfolded: ArcRwSignal::new(false),
        }
    }
}

impl Writing {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            subject: RwSignal::new(None),
            period: RwSignal::new(String::new()),
            begun: StoredValue::new(BTreeMap::new()),
            version: StoredValue::new(None),
        }
    }

    /// Numbers of another version are others: what was chosen of those before is chosen no more. Words stay with their version.
    ///
    /// Called once the other version has come and before its view is made. The fields of the version before follow what is set here:
    /// set while they are being replaced, it would run them after their own signals are gone, since an effect inside of another one's
    /// view outlives its owner until that other one's task has ended.
    pub(crate) fn turn_to(self, version: VersionId) {
        // The page may have been left.
        let Some(before) = self.version.try_get_value() else {
            return;
        };
        if before.is_some_and(|before| before != version) {
            self.subject.set(None);
            self.period.set(String::new());
        }
        self.version.set_value(Some(version));
    }

    /// What was begun at a place.
    pub(super) fn begun(self, version: VersionId, thread: Option<RemarkId>) -> Begun {
        let found = self.begun.try_update_value(|begun| {
            let begun = begun.entry((version, thread)).or_insert_with(Begun::new);
            begun.clone()
        });
        found.unwrap_or_else(Begun::new)
    }
}

#[cfg(test)]
mod tests {
    use domain::plan::NodeIndex;
    use uuid::Uuid;

    use super::*;
    use crate::remark::Number;

    #[test]
    fn words_stay_with_their_version_and_their_thread() {
        let owner = Owner::new();
        owner.with(|| {
            let writing = Writing::new();
            let (one, other) = (VersionId(Uuid::from_u128(1)), VersionId(Uuid::from_u128(2)));
            let thread = Some(RemarkId(Uuid::from_u128(3)));
            writing.turn_to(one);
            writing.begun(one, None).text.set("half a".to_owned());
            writing.begun(one, thread).unfolded.set(true);
            writing.subject.set(Some(Number {
                node: NodeIndex(4),
                name: "华东".to_owned(),
                period: None,
            }));
            // What is made anew of the same version finds all of it.
            writing.turn_to(one);
            assert_eq!(writing.begun(one, None).text.get_untracked(), "half a");
            assert!(writing.begun(one, thread).unfolded.get_untracked());
            assert!(writing.subject.get_untracked().is_some());
            writing.turn_to(other);
            assert_eq!(writing.begun(other, None).text.get_untracked(), "");
            assert!(writing.subject.get_untracked().is_none());
        });
    }
}
