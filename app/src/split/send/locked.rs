//! A row that does not move because it is locked: said at once, with the way to release it.

use domain::plan::{NodeIndex, PlanCommand};
use leptos::prelude::*;

use super::Sender;
use crate::split::handle::money_words;
use crate::split::ways::Out;
use crate::ui::Toast;
use crate::words::{lang, t_string};

impl Sender {
    /// Says that the total of a row is locked, where and by whom, and offers to release it.
    pub(in crate::split) fn say_locked(&self, node: NodeIndex) {
        let (this, board, words) = (*self, self.board, self.words);
        board.mark_blocking(vec![node]);
        board.once_named(&[node], move || {
            if this.is_gone() {
                return;
            }
            let toast = untrack(|| {
                let money = money_words(board, lang(words.get_locale()));
                let amount = money(board.grid(|grid| grid.amount(node, None)));
                let name = board.name(node);
                let by = board.locked_by((node, None)).unwrap_or_default();
                let said = if by.is_empty() {
                    t_string!(words, unsaved.held, name = name, amount = amount).to_string()
                } else {
                    t_string!(words, unsaved.held_by, name = name, amount = amount, by = by).to_string()
                };
                let release = PlanCommand::Unlock { node, period: None };
                Toast::refused(t_string!(words, unsaved.held_title), said).with(
                    t_string!(words, split.menu_unlock),
                    move || {
                        this.take(&Out::Do(release.clone()), release.clone());
                    },
                )
            });
            this.toasts.show(toast);
        });
    }
}
