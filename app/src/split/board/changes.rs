//! Changes of the open plan: made here at once, sent one after the other, settled by what the server answers.

use domain::plan::{self, Entry, PlanCommand, Refusal};
use domain::reason;
use domain::split::{Applied, PartNews};
use leptos::prelude::*;

use super::state::{Change, Pending};
use super::{Board, Place};
use crate::split::key::new_key;

/// What became of the pending changes when an answer came.
#[derive(Debug)]
pub(in crate::split) struct Settled {
    /// The grid stands where the server's does; where not, it has to be opened anew.
    pub(in crate::split) fits: bool,
    /// The change that was answered.
    pub(in crate::split) own: Option<Change>,
    /// Pending changes that cannot be made any more, and why.
    pub(in crate::split) refused: Vec<(Change, Refusal)>,
}

impl Board {
    /// Why what is changed next is changed, where somebody says so. Does not track.
    pub(in crate::split) fn said_reason(&self) -> Option<String> {
        let text = self.reason.try_get_untracked()?;
        reason::typed(&text)
    }

    /// A command with what is said of why, where it has no reason of its own. Does not track.
    pub(in crate::split) fn with_reason(&self, command: PlanCommand) -> PlanCommand {
        match self.said_reason() {
            Some(why) => command.because(&why),
            None => command,
        }
    }

    /// Makes a change here at once; it counts as pending until [`Self::confirm`]. A refusal changes nothing.
    pub(in crate::split) fn change_now(&self, command: PlanCommand) -> Result<(), Refusal> {
        self.change_from(self.head(), command)
    }

    /// The same with a change that somebody began when they had seen everything up to `base`: what others did after it they may
    /// not have meant, and the server says so. What was made here since is no news to them.
    pub(in crate::split) fn change_from(&self, base: u64, command: PlanCommand) -> Result<(), Refusal> {
        let own = self.state.with_value(|state| state.made_after(base));
        self.make(Change {
            key: new_key(),
            base,
            command,
            own,
        })
    }

    /// A step back or forth was made here: what is dragged or typed meanwhile follows it.
    pub(in crate::split) fn count_own_step(&self, step: &Applied) {
        self.state.update_value(|state| {
            let me = state.open.me;
            let own = step.entries.iter().rev().find(|entry| entry.author == me);
            if let Some(own) = own.filter(|_| step.is_done()) {
                state.made.push(own.seq);
            }
        });
    }

    /// The same with a change that was made on a grid that was open before.
    pub(in crate::split) fn make(&self, change: Change) -> Result<(), Refusal> {
        let done = self.state.try_update_value(|state| {
            state.overlay = None;
            state.blocking.clear();
            let made = Pending::make(&mut state.open.grid, change).map_err(|given_up| given_up.1)?;
            state.pending.push_back(made);
            state.lines.count_made();
            Ok(())
        });
        self.settle();
        done.unwrap_or(Ok(()))
    }

    /// Whether a change could be made if locks were released. Changes nothing, does not track.
    pub(in crate::split) fn fits_unlocked(&self, locks: &[Place], command: &PlanCommand) -> bool {
        self.grid(|grid| {
            let mut tried = grid.clone();
            for (node, period) in locks.iter().copied() {
                let Ok(deltas) = plan::apply(&tried, &PlanCommand::Unlock { node, period }) else {
                    return false;
                };
                if tried.fold(&deltas).is_err() {
                    return false;
                }
            }
            plan::after(&tried, command).is_ok()
        })
    }

    /// The next change to send.
    pub(in crate::split) fn next_to_send(&self) -> Option<Change> {
        self.state
            .with_value(|state| state.pending.front().map(|pending| pending.change.clone()))
    }

    /// By what the next change to send is known again, where it changed a lot.
    pub(in crate::split) fn digest_to_send(&self) -> Option<u64> {
        self.state
            .with_value(|state| state.pending.front().and_then(|pending| pending.digest))
    }

    /// Every change that is pending, in order.
    pub(in crate::split) fn pending(&self) -> Vec<Change> {
        let changes = self.state.try_with_value(|state| {
            let changes = state.pending.iter().map(|pending| pending.change.clone());
            changes.collect()
        });
        changes.unwrap_or_default()
    }

    /// Takes in what the server says happened since the head. `own` tells whether it answers the first pending change, which
    /// then is settled.
    pub(in crate::split) fn confirm(&self, news: &Applied, own: bool) -> Settled {
        let settled = self.state.try_update_value(|state| {
            state.open.people.extend(news.people.clone());
            state.open.undoable = news.undoable;
            if let Some(shares) = &news.shares {
                for basis in &mut state.open.bases {
                    let known = shares.iter().find(|(of, _)| *of == basis.basis);
                    basis.share_ppm = known.map_or(0, |(_, share_ppm)| *share_ppm);
                }
                state.open.in_force.clone_from(&news.in_force);
            }
            let others = state.of_others(news);
            let is_next = |entry: &Entry| entry.seq == state.open.head + 1;
            let is_brief = news.as_made && news.entries.first().is_some_and(is_next);
            // It stands here already as the server made it, below what is pending behind it.
            let stands = is_brief && own && !state.pending.is_empty();
            if stands {
                state.open.head += 1;
            }
            let fits = stands || (!news.behind && !is_brief && state.take_back() && state.follow(news));
            let first = if own { state.pending.pop_front() } else { None };
            if let Some(done) = first.as_ref().filter(|_| news.is_done()) {
                state.made_here(&done.change.command, &news.entries);
            }
            // A grid that does not fit is opened anew; what is pending is made on that one.
            let refused = if fits && !stands {
                state.do_again()
            } else {
                Vec::new()
            };
            let first_gone = usize::from(first.is_some() && !news.is_done());
            state.lines.count_gone(first_gone + refused.len());
            let settled = Settled {
                fits,
                own: first.map(|first| first.change),
                refused,
            };
            (settled, others)
        });
        let Some((settled, others)) = settled else {
            return Settled {
                fits: true,
                own: None,
                refused: Vec::new(),
            };
        };
        self.settle();
        self.tell(others);
        settled
    }

    /// Takes in what changed in the part of a version that this grid shows. False where it does not fit: the grid has to be opened
    /// anew.
    pub(in crate::split) fn confirm_part(&self, news: &PartNews) -> bool {
        let followed = self.state.try_update_value(|state| {
            state.open.people.extend(news.people.clone());
            let others = state.of_part(news);
            (state.follow_part(news), others)
        });
        let Some((fits, others)) = followed else {
            return true;
        };
        // What happened elsewhere in the version moves nothing here.
        if !news.changes.is_empty() {
            self.settle();
            self.tell(others);
        }
        fits
    }

    /// Takes the first pending change back: the server does not take it. What is pending behind it is done again.
    pub(in crate::split) fn drop_first(&self) -> Settled {
        let settled = self.state.try_update_value(|state| {
            let fits = state.take_back();
            let first = state.pending.pop_front();
            let refused = if fits { state.do_again() } else { Vec::new() };
            state
                .lines
                .count_gone(usize::from(first.is_some()) + refused.len());
            Settled {
                fits,
                own: first.map(|first| first.change),
                refused,
            }
        });
        self.settle();
        settled.unwrap_or(Settled {
            fits: true,
            own: None,
            refused: Vec::new(),
        })
    }
}
