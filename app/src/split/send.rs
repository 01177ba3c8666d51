//! Sends changes one after the other, takes in what others did, and keeps the page's word about it.
//!
//! Nothing that was made here is lost: a change whose answer does not come is sent again under its key, and one that the plan does
//! not take is put aside with the reason (`unsaved`).

mod back;
mod bounded;
mod locked;
mod out;
mod part;

use std::time::Duration;

use domain::access::Permission;
use domain::id::CommandId;
use domain::plan::{Intent, PlanCommand, Refusal};
use domain::split::Applied;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::{Board, Change};
use super::line_send;
use super::quarter_refusal;
use super::refusal;
use super::since::Since;
use super::unsaved::{Unsaved, Why};
use super::ways;
use crate::error::AppError;
use crate::session::go_afresh;
use crate::sign_in::and_back;
use crate::ui::{Toast, Toasts, use_toasts, words_of};
use crate::words::{Words, t_string, use_i18n};

/// The pause before an answer that did not come is asked for again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Codes of versions that are closed to changes.
const CLOSED: [&str; 3] = ["version_frozen", "version_in_review", "version_shelved"];

/// The way to the server; provided once for the grid.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    board: Board,
    unsaved: Unsaved,
    busy: RwSignal<bool>,
    /// Whether the log of the version may be followed, which is of the whole of it: who sees a part is told what changed there.
    follows: bool,
    /// The last command that was heard of.
    heard: StoredValue<u64>,
    pause: StoredValue<Duration>,
    /// A step back or forth whose answer did not come, its key, and how many own changes there were: after another one it is another
    /// step.
    step: StoredValue<Option<(Intent, CommandId, i64)>>,
    reload: Callback<()>,
    toasts: Toasts,
    words: Words,
}

impl Sender {
    /// Provides the way to the server to everything below; `reload` opens the grid anew.
    pub(super) fn provide(board: Board, unsaved: Unsaved, reload: Callback<()>) -> Self {
        let sender = Self {
            board,
            unsaved,
            busy: RwSignal::new(false),
            follows: super::may(Permission::EditPlan),
            heard: StoredValue::new(0),
            pause: StoredValue::new(FIRST_PAUSE),
            step: StoredValue::new(None),
            reload,
            toasts: use_toasts(),
            words: use_i18n(),
        };
        provide_context(sender);
        unsaved.follow_grid(board);
        // Changes that do not reach the server are the tab's alone: closing it asks first. What the tab has no room for goes with
        // the page: leaving it asks too, wherever to.
        let closing = window_event_listener_untyped("beforeunload", move |event| {
            let is_kept = unsaved.keep();
            if !is_kept || board.offline.try_get_untracked() == Some(true) {
                event.prevent_default();
            }
        });
        on_cleanup(move || closing.remove());
        // What is pending when the grid is opened anew is taken up by the next one.
        let version = board.version();
        on_cleanup(move || {
            unsaved.carry(version, board.pending());
            unsaved.carry_typed(version, board.wrong.try_get_untracked().unwrap_or_default());
            unsaved.carry_quarters(version, board.wrong_quarters());
            unsaved.carry_lines(version, board.keep_lines());
        });
        sender
    }

    /// Takes up what a grid of this version left pending.
    pub(super) fn resume(&self) {
        let version = self.board.version();
        let typed = self.unsaved.take_typed(version);
        if !typed.is_empty() {
            self.board.wrong.set(typed);
        }
        let quarters = self.unsaved.take_quarters(version);
        self.board.take_up_wrong_quarters(quarters);
        for change in self.unsaved.take_up(version) {
            if let Err(refusal) = self.board.make(change.clone()) {
                self.unsaved.put_aside(version, change, Why::Refused(refusal));
            }
        }
        // After them: a line is taken back in turn with them.
        line_send::resume(self.board, self.unsaved.take_lines(version));
        self.pump();
    }

    /// Makes a change: at once here, then at the server. A refusal is said and changes nothing.
    pub(super) fn send(&self, command: PlanCommand) {
        self.send_from(self.board.head(), command);
    }

    /// The same with a change that was begun when everything up to `base` was in sight.
    pub(super) fn send_from(&self, base: u64, command: PlanCommand) {
        let command = self.board.with_reason(command);
        match self.board.change_from(base, command.clone()) {
            Ok(()) => self.pump(),
            Err(refusal) => self.refuse(&refusal, &command),
        }
    }

    /// Says why a change cannot be made, and offers what leads out.
    pub(super) fn refuse(&self, refused: &Refusal, command: &PlanCommand) {
        let (this, command, refusal) = (*self, command.clone(), refused.clone());
        self.once_sentence(refused, move |mut sentence| {
            let of_quarter = || quarter_refusal::more(this.board, &refusal, &command, this.words);
            if let Some(more) = untrack(of_quarter) {
                sentence = format!("{sentence} {more}");
            }
            let ways = if this.board.may_edit() {
                untrack(|| ways::out(this.board, &refusal, &command, this.words))
            } else {
                Vec::new()
            };
            if ways.iter().any(|way| way.unlocks) {
                let enough = untrack(|| t_string!(this.words, split.unlock_enough));
                sentence = format!("{sentence} {enough}");
            }
            let refused = untrack(|| t_string!(this.words, split.refused));
            let mut toast = Toast::refused(refused, sentence);
            for way in ways {
                let (out, command) = (way.out, command.clone());
                toast = toast.with(way.label, move || this.take(&out, command.clone()));
            }
            this.toasts.show(toast);
        });
    }

    /// Takes in that there is a command of this number.
    pub(super) fn hear(&self, head: u64) {
        self.heard.update_value(|heard| *heard = head.max(*heard));
        self.pump();
    }

    /// Asks what others did since the head, whatever was heard: changes may have been missed.
    pub(super) fn catch_up(&self) {
        // Asked for by answers that may come after the grid was closed.
        if self.is_gone() {
            return;
        }
        if !self.follows {
            return self.reload.run(());
        }
        self.ask();
    }

    /// Asks what others did since the head.
    fn ask(&self) {
        if self.board.next_to_send().is_some() {
            // Its answer tells what others did, too.
            self.pump();
            return;
        }
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        if !self.follows {
            return self.follow_part();
        }
        let (this, version, head) = (*self, self.board.version(), self.board.head());
        spawn_local(async move {
            let answer = super::news(version, head, true).await;
            if this.is_gone() {
                return;
            }
            this.busy.set(false);
            if this.settle(answer, Own::No) {
                this.pump();
            }
        });
    }

    /// Whether something is on its way.
    pub(super) fn is_busy(&self) -> bool {
        self.busy.get()
    }

    /// Whether the grid was closed meanwhile; its signals are gone then.
    fn is_gone(&self) -> bool {
        self.busy.try_get_untracked().is_none()
    }

    /// Sends the next change, or asks for what was heard of and is not here yet.
    fn pump(&self) {
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        let Some(change) = self.board.next_to_send() else {
            if self.heard.get_value() > self.board.head() {
                self.ask();
            }
            return;
        };
        self.busy.set(true);
        let (this, version) = (*self, self.board.version());
        let digest = self.board.digest_to_send();
        spawn_local(async move {
            let Change {
                key,
                base,
                command,
                own,
            } = change;
            let answer = super::change(version, base, key, command, Some(own), digest, true).await;
            if this.is_gone() {
                return;
            }
            this.busy.set(false);
            if this.settle(answer, Own::First) {
                this.pump();
            }
        });
    }

    /// Takes an answer in; says whether the next thing may be asked for at once.
    fn settle(&self, answer: Result<Applied, AppError>, own: Own) -> bool {
        let error = match answer {
            Ok(applied) => {
                self.reached();
                return self.follow(&applied, own);
            }
            Err(error) => error,
        };
        if error == AppError::SignIn {
            // What is pending stays so: the tab keeps it, and it is sent after signing in.
            self.reached();
            go_afresh(&and_back());
            return false;
        }
        let later = matches!(error, AppError::Unreachable | AppError::Busy { .. });
        if later && own != Own::Step {
            // What is pending is sent again, and what is not known asked for.
            self.later();
            return false;
        }
        self.reached();
        let closed = matches!(&error, AppError::Conflict { code, .. } if CLOSED.contains(&code.as_str()));
        self.toasts.show(Toast::refused(
            t_string!(self.words, split.refused),
            words_of(&error, self.words),
        ));
        if own == Own::First {
            let settled = self.board.drop_first();
            self.put_aside(settled.own, Why::Error(error));
            for (change, refusal) in settled.refused {
                self.put_aside(Some(change), Why::Refused(refusal));
            }
            if !settled.fits {
                self.reload.run(());
            }
        }
        // Nobody told that it was closed, or not yet.
        if closed && self.board.may_edit() && self.board.next_to_send().is_none() {
            self.reload.run(());
        }
        own == Own::First
    }

    /// Takes in what the server says happened.
    fn follow(&self, applied: &Applied, own: Own) -> bool {
        if own == Own::Step {
            self.board.count_own_step(applied);
        }
        let settled = self.board.confirm(applied, own == Own::First);
        // What a step back or forth meets is told with what can be done about it (`back`).
        let is_change = own != Own::Step;
        if let Some(refusal) = applied.refused.as_ref().filter(|_| is_change) {
            self.say(refusal);
            self.put_aside(settled.own.clone(), Why::Refused(refusal.clone()));
        }
        if let Some(first) = applied.differences.first().filter(|_| is_change) {
            let since = Since::of(self.board, &applied.differences, applied.more_rows);
            let rows = since.rows();
            let why = Why::Changed {
                difference: *first,
                by: self.board.person(first.by),
                since: Some(since),
            };
            self.put_aside(settled.own, why.clone());
            let this = *self;
            self.board.once_named(&rows, move || this.say_stale(&why));
        }
        for (change, refusal) in settled.refused {
            self.say(&refusal);
            self.put_aside(Some(change), Why::Refused(refusal));
        }
        if applied.behind {
            self.toasts.show(Toast::done(t_string!(self.words, unsaved.anew)));
        }
        if !settled.fits {
            self.reload.run(());
        }
        settled.fits
    }

    fn put_aside(&self, change: Option<Change>, why: Why) {
        if let Some(change) = change {
            self.unsaved.put_aside(self.board.version(), change, why);
        }
    }

    /// The server answers (again).
    fn reached(&self) {
        self.pause.set_value(FIRST_PAUSE);
        if self.board.offline.get_untracked() {
            self.board.offline.set(false);
        }
    }

    /// Asks again after a pause.
    fn later(&self) {
        let pause = self.pause.get_value();
        self.pause.set_value((pause * 2).min(LONGEST_PAUSE));
        let has_lines = self.board.desk().busy.get_untracked() > 0;
        let waits = has_lines || self.board.next_to_send().is_some();
        self.board.offline.set(waits);
        let this = *self;
        set_timeout(
            move || {
                if !this.is_gone() {
                    this.pump();
                }
            },
            pause,
        );
    }

    /// Says why something cannot be done.
    pub(super) fn say(&self, refused: &Refusal) {
        let this = *self;
        self.once_sentence(refused, move |sentence| {
            this.toasts
                .show(Toast::refused(t_string!(this.words, split.refused), sentence));
        });
    }

    /// Marks the rows a refusal names; tells its sentence, once it is known what they are called.
    fn once_sentence(&self, refused: &Refusal, tell: impl FnOnce(String) + 'static) {
        self.board.mark_blocking(refusal::blockers(refused));
        let (this, refused) = (*self, refused.clone());
        let rows = self.board.shape(|shape| refusal::named(shape, &refused));
        self.board.once_named(&rows, move || {
            if !this.is_gone() {
                let locale = this.words.get_locale_untracked();
                tell(untrack(|| refusal::said(this.board, locale, &refused)));
            }
        });
    }
}

/// What an answer is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    /// The first pending change, which it settles.
    First,
    /// A step back or forth.
    Step,
    /// What others did.
    No,
}
