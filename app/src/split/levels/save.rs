//! Saving a form of the panel: one answer is waited for at a time, and what was refused is said above the button.

use domain::id::VersionId;
use domain::level::{Given, Level};
use leptos::children::Children;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::learn;
use crate::error::AppError;
use crate::split::board::Board;
use crate::target::given_of;
use crate::ui::{when, words_of};
use crate::words::{Words, t, t_string, use_i18n};

/// What is sent from a form of the panel, and what came of it.
#[derive(Clone, Copy)]
pub struct Saving {
    board: Board,
    version: VersionId,
    /// Whether somebody writes into the panel's fields.
    writes: RwSignal<bool>,
    /// Whether what was written was saved just now.
    saved: StoredValue<bool>,
    /// Whether an answer is waited for. Buttons stay pressable for the keyboard meanwhile: one that is switched off loses the focus.
    pub(super) busy: RwSignal<bool>,
    /// Why it was not saved.
    bad: RwSignal<Option<String>>,
    i18n: Words,
}

impl Saving {
    /// Nothing is sent yet; the signals live as long as what makes them.
    pub(super) fn new(board: Board, writes: RwSignal<bool>, saved: StoredValue<bool>, i18n: Words) -> Self {
        Self {
            board,
            version: board.version(),
            writes,
            saved,
            busy: RwSignal::new(false),
            bad: RwSignal::new(None),
            i18n,
        }
    }

    /// What was typed of levels; where one of them is not understood, that is said.
    pub(super) fn read(&self, typed: impl IntoIterator<Item = (Level, String)>) -> Option<Given> {
        match given_of(typed, &self.board.currency()) {
            Ok(given) => Some(given),
            Err(text) => {
                let words = t_string!(self.i18n, target.levels_bad, text = text).to_string();
                self.bad.set(Some(words));
                None
            }
        }
    }

    /// Waits for an answer, unless one is waited for already: it is saved, or it is said why not, and what was typed stays.
    /// `refused`: why an answer is none that it was saved.
    pub(super) fn send<T: 'static>(
        self,
        work: impl Future<Output = Result<T, AppError>> + 'static,
        refused: impl FnOnce(T) -> Option<String> + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.bad.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let sent = work.await;
            // The page may have been left, and another row be selected.
            let _gone = self.busy.try_set(false);
            match sent.map(refused) {
                Ok(None) => {
                    let _gone = self.saved.try_set_value(true);
                    self.anew();
                }
                Ok(words) => {
                    // What others did is told here: the fields are not made anew under it.
                    let _gone = self.writes.try_set(true);
                    let _gone = self.bad.try_set(words);
                }
                Err(error) => {
                    let _gone = self.bad.try_set(Some(words_of(&error, self.i18n)));
                }
            }
        });
    }

    /// Gives up what was typed: the fields are made anew with what is in force now, and whoever pressed goes on at the button.
    pub(super) fn give_up(self) {
        self.saved.set_value(true);
        self.anew();
    }

    fn anew(self) {
        let _gone = self.writes.try_set(false);
        learn(self.board, self.version);
    }
}

/// Why it was not saved, and the button that saves.
#[component]
pub(in crate::split) fn SaveButton(
    saving: Saving,
    /// What it saves: the button is found by it.
    what: &'static str,
    /// What a press does.
    press: Callback<()>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <p class="sm is-behind" role="alert">{move || saving.bad.get()}</p>
        <button
            type="button"
            class="btn wide"
            data-save=what
            aria-disabled=move || saving.busy.get().then_some("true")
            aria-busy=move || saving.busy.get().then_some("true")
            on:click=move |_| press.run(())
        >
            {children()}
        </button>
    }
}

/// Takes over what somebody else set meanwhile, once one was told of it: what was typed is given up.
#[component]
pub(in crate::split) fn TakeTheirs(
    saving: Saving,
    /// The button is found by it.
    what: &'static str,
    /// Whether somebody else changed it, and whoever saves was told.
    changed: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    when(
        move || changed.get(),
        move || {
            view! {
                <button
                    type="button"
                    class="btn link"
                    data-part=what
                    aria-disabled=move || saving.busy.get().then_some("true")
                    on:click=move |_| {
                        if !saving.busy.get_untracked() {
                            saving.give_up();
                        }
                    }
                >
                    {t!(i18n, levels.own_theirs)}
                </button>
            }
            .into_any()
        },
    )
}
