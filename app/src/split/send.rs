//! Sends changes one after the other, takes in what others did, and keeps the page's word about it.

use domain::plan::{Difference, Intent, PlanCommand};
use domain::split::Applied;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::Board;
use super::handle::money_words;
use crate::error::AppError;
use crate::ui::{Toast, Toasts, use_toasts, words_of};
use crate::words::{Words, lang, t_string, use_i18n};

/// The way to the server; provided once for the grid.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    board: Board,
    busy: RwSignal<bool>,
    reload: Callback<()>,
    toasts: Toasts,
    words: Words,
}

impl Sender {
    /// Provides the way to the server to everything below; `reload` loads the grid anew.
    pub(super) fn provide(board: Board, reload: Callback<()>) -> Self {
        let sender = Self {
            board,
            busy: RwSignal::new(false),
            reload,
            toasts: use_toasts(),
            words: use_i18n(),
        };
        provide_context(sender);
        sender
    }

    /// Makes a change: at once here, then at the server. A refusal is said and changes nothing.
    pub(super) fn send(&self, command: PlanCommand) {
        match self.board.change_now(command) {
            Ok(()) => self.pump(),
            Err(refusal) => self.say(&refusal),
        }
    }

    /// Takes the own last change back, or does it again.
    pub(super) fn step(&self, intent: Intent) {
        if self.busy.get_untracked() || !self.board.may_edit() {
            return;
        }
        self.busy.set(true);
        let (this, base) = (*self, self.board.head());
        spawn_local(async move {
            let answer = super::step(this.board.version(), base, intent).await;
            this.busy.set(false);
            this.settle(answer, Own::No);
        });
    }

    /// Takes in what others did since the head.
    pub(super) fn catch_up(&self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let (this, head) = (*self, self.board.head());
        spawn_local(async move {
            let answer = super::news(this.board.version(), head).await;
            this.busy.set(false);
            this.settle(answer, Own::No);
            this.pump();
        });
    }

    /// Whether something is on its way.
    pub(super) fn is_busy(&self) -> bool {
        self.busy.get()
    }

    fn pump(&self) {
        if self.busy.get_untracked() {
            return;
        }
        let Some((base, command)) = self.board.next_to_send() else {
            return;
        };
        self.busy.set(true);
        let this = *self;
        spawn_local(async move {
            let answer = super::change(this.board.version(), base, command).await;
            this.busy.set(false);
            this.settle(answer, Own::First);
            this.pump();
        });
    }

    fn settle(&self, answer: Result<Applied, AppError>, own: Own) {
        match answer {
            Ok(applied) => {
                let differences = applied.differences.clone();
                let fits = self.board.confirm(&applied, own == Own::First);
                if let Some(refusal) = applied.refused {
                    self.say(&refusal);
                }
                if !differences.is_empty() {
                    self.say_differences(&differences);
                }
                if !fits {
                    self.reload.run(());
                }
            }
            Err(error) => {
                if own == Own::First {
                    self.board.give_up();
                }
                self.toasts.show(Toast::refused(
                    t_string!(self.words, split.refused),
                    words_of(&error, self.words),
                ));
            }
        }
    }

    /// Others changed the same meanwhile: says where and who, and leaves theirs in place.
    fn say_differences(&self, differences: &[Difference]) {
        let Some(first) = differences.first() else { return };
        let (node, _) = self.board.shape(|shape| shape.place(first.cell));
        let money = money_words(self.board, lang(self.words.get_locale_untracked()));
        let reason = t_string!(
            self.words,
            split.r_changed,
            name = self.board.name(node),
            amount = money(first.now)
        )
        .to_string();
        let who = self.board.person(first.by);
        let reason = if who.is_empty() {
            reason
        } else {
            format!("{reason} ({who})")
        };
        let body = t_string!(self.words, split.stale, reason = reason).to_string();
        self.toasts
            .show(Toast::refused(t_string!(self.words, split.refused), body));
    }

    fn say(&self, refusal: &domain::plan::Refusal) {
        let money = money_words(self.board, lang(self.words.get_locale_untracked()));
        let locale = self.words.get_locale_untracked();
        let sentence = self
            .board
            .shape(|shape| super::refusal::sentence(locale, shape, refusal, &money));
        self.board.mark_blocking(super::refusal::blockers(refusal));
        self.toasts
            .show(Toast::refused(t_string!(self.words, split.refused), sentence));
    }
}

/// Whether an answer settles the first pending change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    First,
    No,
}
