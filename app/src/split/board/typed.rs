//! What is typed into the grid: the place with the field, and texts that are no amounts, which stay where they were typed.

use leptos::prelude::*;

use super::{Board, Place};

impl Board {
    /// What the field of a place began with, while that is the one being typed into; tracks it.
    pub(in crate::split) fn begun(&self, place: Place) -> Option<String> {
        self.editing.with(|editing| {
            let here = editing.as_ref().filter(|(at, _)| *at == place);
            here.map(|(_, text)| text.clone())
        })
    }

    /// Whether what was typed into a place is no amount; tracks it.
    pub(in crate::split) fn is_wrong(&self, place: Place) -> bool {
        self.wrong.with(|wrong| wrong.iter().any(|(at, _)| *at == place))
    }

    /// What was typed into a place and is no amount. Does not track.
    pub(in crate::split) fn wrong_text(&self, place: Place) -> Option<String> {
        self.wrong.with_untracked(|wrong| {
            let here = wrong.iter().find(|(at, _)| *at == place);
            here.map(|(_, text)| text.clone())
        })
    }

    /// Keeps a text that is no amount where it was typed.
    pub(in crate::split) fn keep_wrong(&self, place: Place, text: &str) {
        self.wrong.update(|wrong| {
            wrong.retain(|(at, _)| *at != place);
            wrong.push((place, text.to_owned()));
        });
    }

    /// What was typed into a place is right now, or given up.
    pub(in crate::split) fn forget_wrong(&self, place: Place) {
        // Cells follow it: nothing is told where nothing changes.
        if self.wrong_text(place).is_some() {
            self.wrong.update(|wrong| wrong.retain(|(at, _)| *at != place));
        }
    }
}
