//! Taking a way out of a refusal.

use domain::plan::PlanCommand;

use super::Sender;
use crate::session::go_afresh;
use crate::split::board::Place;
use crate::split::focus;
use crate::split::ways::Out;

impl Sender {
    /// Takes a way out of the refusal of a command.
    pub(in crate::split) fn take(&self, out: &Out, command: PlanCommand) {
        // The toast may outlive the grid.
        if self.is_gone() {
            return;
        }
        match out {
            Out::Do(change) => self.send(change.clone()),
            Out::Unlock(locks) => self.unlock_and_do(locks, command),
            Out::Each(changes) => self.make_each(changes),
            Out::Open(address) => return go_afresh(address),
        }
        // The toast took the focus with it.
        focus::to_stop_if_nowhere();
    }

    /// Releases locks and makes a change; each is a step that can be taken back.
    fn unlock_and_do(&self, locks: &[Place], command: PlanCommand) {
        for (node, period) in locks.iter().copied() {
            let is_locked = self
                .board
                .grid(|grid| grid.constraint(node, period).lock.is_some());
            if !is_locked {
                continue;
            }
            if let Err(refused) = self.board.change_now(PlanCommand::Unlock { node, period }) {
                self.pump();
                return self.say(&refused);
            }
        }
        self.pump();
        self.send(command);
    }

    /// Makes changes one after the other, each a step that can be taken back; the first that cannot be made ends it.
    fn make_each(&self, changes: &[PlanCommand]) {
        for change in changes {
            let change = self.board.with_reason(change.clone());
            if let Err(refused) = self.board.change_now(change) {
                self.pump();
                return self.say(&refused);
            }
        }
        self.pump();
    }
}
