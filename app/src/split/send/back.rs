//! Back and forth through one's own changes, also past what others did since: that is told first, and then done where one insists.
//! And what others did to what a change was to set.

use std::time::Duration;

use domain::id::UserId;
use domain::plan::{Difference, Intent, Refusal};
use domain::split::{Applied, Frees};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bounded::{InTheWay, in_the_way};
use super::{Own, Sender};
use crate::error::AppError;
use crate::split::board::Place;
use crate::split::key::new_key;
use crate::split::since::Since;
use crate::split::unsaved::Why;
use crate::split::{focus, line_send};
use crate::ui::{Toast, words_of};
use crate::words::t_string;

/// What was chosen waits so long for what is on its way.
const REST: Duration = Duration::from_millis(200);
/// The code of a lock or bound that others changed since.
const HELD: &str = "constraint_changed";

/// A step back or forth.
#[derive(Clone)]
struct Wish {
    intent: Intent,
    /// The head at which what others did there was seen; none: it is asked about.
    at: Option<u64>,
    /// Places whose locks are released with it.
    unlocks: Vec<Place>,
    /// Places whose floors and caps give way to it.
    loosens: Vec<Place>,
    /// How many own changes there were when it was wished for: with others since, another one would be taken back than was told.
    top: i64,
}

/// What a step met.
enum Met {
    /// Others changed the same; and so many rows beyond these.
    Since(Vec<Difference>, u64),
    /// The plan does not take it; who set the floor or cap that is in the way.
    Refused(Refusal, Option<UserId>),
}

impl Met {
    fn of(applied: &Applied) -> Option<Self> {
        match &applied.refused {
            Some(refusal) => Some(Self::Refused(refusal.clone(), applied.bounded_by)),
            None if applied.differences.is_empty() => None,
            None => Some(Self::Since(applied.differences.clone(), applied.more_rows)),
        }
    }
}

impl Sender {
    /// Takes the own last change back, or does it again. One whose answer did not come is asked for again and not done twice.
    pub(in crate::split) fn step(&self, intent: Intent) {
        if !self.is_settled() || !self.board.may_edit() || line_send::step(self.board, intent) {
            return;
        }
        self.go(Wish {
            intent,
            at: None,
            unlocks: Vec::new(),
            loosens: Vec::new(),
            top: self.board.own_changes(),
        });
    }

    /// Whether nothing is on its way.
    fn is_settled(&self) -> bool {
        let is_sent = self.board.next_to_send().is_none() && self.board.desk().busy.get_untracked() == 0;
        is_sent && !self.busy.get_untracked()
    }

    fn go(&self, wish: Wish) {
        let unanswered = self.step.get_value();
        let unanswered = unanswered.filter(|(asked, _, top)| (*asked, *top) == (wish.intent, wish.top));
        let is_again = unanswered.is_some();
        let key = unanswered.map_or_else(new_key, |(_, key, _)| key);
        self.step.set_value(Some((wish.intent, key, wish.top)));
        self.busy.set(true);
        self.board.mark_blocking(Vec::new());
        let (this, version, base) = (*self, self.board.version(), self.board.head());
        spawn_local(async move {
            let Wish {
                intent,
                at,
                unlocks,
                loosens,
                ..
            } = wish.clone();
            let frees = Frees { unlocks, loosens };
            let answer = crate::split::step(version, base, key, intent, at, frees, true).await;
            if this.is_gone() {
                return;
            }
            this.busy.set(false);
            if !matches!(answer, Err(AppError::Unreachable)) {
                this.step.set_value(None);
            }
            if let Err(error) = &answer
                && matches!(error, AppError::Conflict { code, .. } if code == HELD)
            {
                let error = error.clone();
                this.reached();
                this.catch_up();
                return this.ask_to_keep(wish, base, error);
            }
            let me = this.board.about(|open| open.me);
            // Nothing was left to take back where none of these is one's own; one that is asked for again may have been told before.
            let is_made = |applied: &Applied| {
                let has_own = applied.entries.iter().any(|entry| entry.author == me);
                applied.is_done() && (is_again || applied.behind || has_own)
            };
            if answer.as_ref().is_ok_and(is_made) {
                this.board.count_step(intent);
            }
            let met = answer.as_ref().ok().and_then(Met::of);
            let head = answer.as_ref().map_or(base, |applied| applied.head);
            if this.settle(answer, Own::Step) {
                this.pump();
            }
            match met {
                None => {}
                Some(Met::Since(differences, more)) => this.ask_about(wish, head, &differences, more),
                Some(Met::Refused(refusal, by)) => this.ask_to_give_way(wish, head, &refusal, by),
            }
        });
    }

    /// Goes on with what was chosen, once nothing else is on its way.
    fn go_on(self, wish: Wish) {
        // The toast may outlive the grid.
        if self.is_gone() || !self.board.may_edit() {
            return;
        }
        if !self.is_settled() {
            set_timeout(move || self.go_on(wish), REST);
            return;
        }
        if wish.top == self.board.own_changes() {
            self.go(wish);
        } else {
            let (refused, why) = untrack(|| {
                let words = self.words;
                (
                    t_string!(words, split.refused),
                    t_string!(words, unsaved.step_other),
                )
            });
            self.toasts.show(Toast::refused(refused, why));
        }
        // The toast took the focus with it.
        focus::to_stop_if_nowhere();
    }

    /// It stays as it is.
    fn leave(self) {
        if !self.is_gone() {
            self.board.mark_blocking(Vec::new());
            focus::to_stop_if_nowhere();
        }
    }

    /// Tells what others made of the same amounts since, and asks whether the step is made all the same.
    fn ask_about(&self, wish: Wish, head: u64, differences: &[Difference], more_rows: u64) {
        let since = Since::of(self.board, differences, more_rows);
        let rows = since.rows();
        self.board.mark_blocking(rows.clone());
        let (this, words) = (*self, self.words);
        self.board.once_named(&rows, move || {
            if this.is_gone() {
                return;
            }
            let toast = untrack(|| {
                let told = since.words(this.board, words, Some(wish.intent));
                let (kept, anyway) = match wish.intent {
                    Intent::Undo => (
                        t_string!(words, unsaved.undo_keeps),
                        t_string!(words, unsaved.undo_anyway),
                    ),
                    Intent::Redo => (
                        t_string!(words, unsaved.redo_keeps),
                        t_string!(words, unsaved.redo_anyway),
                    ),
                };
                let title = t_string!(words, unsaved.since_title);
                let anyway_wish = Wish {
                    at: Some(head),
                    ..wish
                };
                Toast::refused(title, format!("{told} {kept}"))
                    .with(anyway, move || this.go_on(anyway_wish.clone()))
                    .with(t_string!(words, unsaved.leave), move || this.leave())
            });
            this.toasts.show(toast);
        });
    }

    /// Says why the plan does not take the step. A lock in the way can be released with it, and a floor or cap give way as far as it
    /// needs: who set that, and to what exactly, is said.
    fn ask_to_give_way(&self, wish: Wish, head: u64, refusal: &Refusal, by: Option<UserId>) {
        let (this, words) = (*self, self.words);
        let in_the_way = in_the_way(refusal);
        self.once_sentence(refusal, move |sentence| {
            let told = match (&in_the_way, by) {
                (Some(InTheWay::Bound(bound)), Some(by)) => untrack(|| bound.told(this.board, words, by)),
                _ => sentence,
            };
            let mut toast = untrack(|| Toast::refused(t_string!(words, split.refused), told));
            // What gave way with it and is in the way all the same comes back with the step itself.
            let way = in_the_way.filter(|way| match way {
                InTheWay::Lock(place) => !wish.unlocks.contains(place),
                InTheWay::Bound(bound) => !wish.loosens.contains(&bound.place),
            });
            if let Some(way) = way {
                let label = untrack(|| way.label(this.board, words, wish.intent));
                let mut wish = wish;
                wish.at = Some(head);
                match way {
                    InTheWay::Lock(place) => wish.unlocks.push(place),
                    InTheWay::Bound(bound) => wish.loosens.push(bound.place),
                }
                toast = toast
                    .with(label, move || this.go_on(wish.clone()))
                    .with(untrack(|| t_string!(words, unsaved.leave)), move || this.leave());
            }
            this.toasts.show(toast);
        });
    }

    /// Others changed a lock or bound that the step would put back: it can stay, and all else be done. It is asked once the grid shows
    /// what they did: what they do after that is asked about again. `base`: the head that it was refused at, as far as the grid knew.
    fn ask_to_keep(self, wish: Wish, base: u64, error: AppError) {
        if self.is_gone() {
            return;
        }
        if !self.is_settled() {
            set_timeout(move || self.ask_to_keep(wish, base, error), REST);
            return;
        }
        // More was done than the grid showed, and maybe than was told: the step is wished for anew, and told of as it is now.
        if self.board.head() != base {
            return self.go_on(wish);
        }
        let (this, words) = (self, self.words);
        let wish = Wish {
            at: Some(self.board.head()),
            ..wish
        };
        let toast = untrack(|| {
            let label = match wish.intent {
                Intent::Undo => t_string!(words, unsaved.undo_rest),
                Intent::Redo => t_string!(words, unsaved.redo_rest),
            };
            Toast::refused(t_string!(words, split.refused), words_of(&error, words))
                .with(label, move || this.go_on(wish.clone()))
                .with(t_string!(words, unsaved.leave), move || this.leave())
        });
        self.toasts.show(toast);
    }

    /// Says that a change was not made because others changed the same just before.
    pub(super) fn say_stale(&self, why: &Why) {
        if self.is_gone() {
            return;
        }
        let reason = untrack(|| why.words(self.board, self.words));
        let body = untrack(|| t_string!(self.words, split.stale, reason = reason).to_string());
        let refused = untrack(|| t_string!(self.words, split.refused));
        self.toasts.show(Toast::refused(refused, body));
    }
}
