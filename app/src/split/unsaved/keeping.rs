//! Gives what is not in the plan to the tab, and says where the tab has no room for it.

use std::time::Duration;

use leptos::prelude::*;

use super::stored::{self, NotKept, Stored};
use super::{Unsaved, put_of};
use crate::split::board::Board;
use crate::ui::when;
use crate::words::{t_string, use_i18n};

/// How long nothing was changed before it is given to the tab.
const PAUSE: Duration = Duration::from_millis(500);

impl Unsaved {
    /// Gives all that is not in the plan to the tab; whether the tab has all of it now.
    pub(in crate::split) fn keep(&self) -> bool {
        let mut pending = self.carried.try_get_value().unwrap_or_default();
        let mut typed = self.typed.try_get_value().unwrap_or_default();
        let mut quarters = self.quarters.try_get_value().unwrap_or_default();
        let mut lines = self.lines.try_get_value().unwrap_or_default();
        if let Some((version, board)) = self.grid.try_get_value().flatten() {
            pending.extend(board.pending().into_iter().map(|change| (version, change)));
            let open = board.wrong.try_get_untracked().unwrap_or_default();
            if !open.is_empty() {
                put_of(&mut typed, version, open);
            }
            let open = board.wrong_quarters();
            if !open.is_empty() {
                put_of(&mut quarters, version, open);
            }
            let open = board.keep_lines();
            if !open.is_empty() {
                put_of(&mut lines, version, open);
            }
        }
        let aside = self.aside.try_get_untracked().unwrap_or_default();
        let of = self.of.try_get_value().unwrap_or_default();
        let kept = stored::put(&Stored {
            of,
            pending,
            aside,
            typed,
            quarters,
            lines,
        });
        // The page may be gone already.
        let _gone = self.holds.try_set_value(kept != Ok(false));
        let why = kept.err();
        if self.unkept.try_get_untracked() != Some(why) {
            let _gone = self.unkept.try_set(why);
        }
        why.is_none()
    }

    /// A grid is opened. What of it waits for the server, or was put aside, is given to the tab while the page is there: so it is
    /// known in time where the tab has no room for it, and a browser that ends without a word loses nothing.
    pub(in crate::split) fn follow_grid(&self, board: Board) {
        self.grid.set_value(Some((board.version(), board)));
        let unsaved = *self;
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        let stop = move || {
            if let Some(later) = waiting.try_update_value(Option::take).flatten() {
                later.clear();
            }
        };
        Effect::new(move |_| {
            let count = board.unsaved.get() + board.desk().busy.get();
            let waits = board.offline.get() && count > 0;
            let has_aside = unsaved.aside.with(|aside| !aside.is_empty());
            stop();
            // What the tab holds is taken out of it as well.
            if waits || has_aside || unsaved.holds.get_value() {
                let later = set_timeout_with_handle(
                    move || {
                        unsaved.keep();
                    },
                    PAUSE,
                );
                waiting.set_value(later.ok());
            }
        });
        on_cleanup(stop);
    }
}

/// That the tab has no room for what is not sent, as long as that is so.
#[component]
pub fn Unkept(unsaved: Unsaved) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match unsaved.unkept.get() {
        Some(NotKept::TooMuch) => t_string!(i18n, unsaved.too_much),
        Some(NotKept::Nowhere) => t_string!(i18n, unsaved.nowhere),
        None => "",
    };
    when(
        move || unsaved.unkept.get().is_some(),
        move || view! { <p class="notice" role="alert" data-unkept="true">{words}</p> }.into_any(),
    )
}
