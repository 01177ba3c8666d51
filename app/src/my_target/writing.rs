//! What somebody writes about their own number: while they do, what others do meanwhile does not take it away.

use domain::target::MyTarget;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use crate::error::AppError;
use crate::ui::hold_while;

/// Whether somebody writes about a number.
#[derive(Clone, Copy)]
pub struct Writing(RwSignal<bool>);

impl Writing {
    /// Nobody yet. What is shown stays while somebody does, for as long as the part that calls this stands.
    pub(super) fn hold() -> Self {
        let writing = RwSignal::new(false);
        hold_while(writing);
        Self(writing)
    }

    /// An answer has come. What was refused is put right where it was written.
    pub(super) fn answered(self, answer: Option<Result<MyTarget, AppError>>) {
        if answer.is_some_and(|answer| is_over(&answer)) {
            self.0.set(false);
        }
    }

    /// Something was typed. A field that is emptied to type anew is still written into.
    pub(super) fn write(self, event: &ev::Event) {
        if is_text(event) && is_told(&event_target_value(event)) {
            self.0.set(true);
        }
    }

    /// A field was left; `others`: whether there are words in the fields beside it. What is taken away says so too: that never
    /// begins anything.
    pub(super) fn left(self, event: &ev::Event, others: bool) {
        if is_text(event) && !others && !is_told(&event_target_value(event)) {
            self.0.set(false);
        }
    }
}

/// Whether anything is said.
pub(super) fn is_told(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Whether an answer ends what was written: it was taken, or is about a number that is another now.
fn is_over(answer: &Result<MyTarget, AppError>) -> bool {
    match answer {
        Ok(_) => true,
        Err(AppError::Conflict { code, .. }) => code == "target_changed",
        Err(_) => false,
    }
}

/// Whether what was written into takes words; a tap on a scale is made again at once.
fn is_text(event: &ev::Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let text = target.matches("textarea, input:not([type=radio])");
        text.unwrap_or_default()
    })
}
