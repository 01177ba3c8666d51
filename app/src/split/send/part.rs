//! Following a version of which one sees a part.

use std::time::Duration;

use domain::plan::NodeIndex;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Own, Sender};
use crate::error::AppError;

/// How long the grid rests between two questions for what changed.
const REST: Duration = Duration::from_secs(1);

impl Sender {
    /// Asks what changed in the part that this grid shows, and rests for a while: however fast others change the plan, whoever only
    /// looks on asks once in a while.
    pub(super) fn follow_part(&self) {
        let (this, version, head) = (*self, self.board.version(), self.board.head());
        let top = NodeIndex(self.board.about(|open| open.offset));
        spawn_local(async move {
            let answer = crate::split::ask_part_news(version, top, head, true).await;
            if this.is_gone() {
                return;
            }
            match answer {
                Ok(news) => {
                    this.reached();
                    if !this.board.confirm_part(&news) {
                        this.busy.set(false);
                        return this.reload.run(());
                    }
                }
                // The part is not this person's any more, or the version is gone.
                Err(AppError::NotFound) => {
                    this.busy.set(false);
                    return this.reload.run(());
                }
                Err(error) => {
                    this.busy.set(false);
                    this.settle(Err(error), Own::No);
                    return;
                }
            }
            set_timeout(
                move || {
                    if !this.is_gone() {
                        this.busy.set(false);
                        this.pump();
                    }
                },
                REST,
            );
        });
    }
}
