//! What leads out of a refusal, as buttons below its sentence: where something is tried and not made yet.

use domain::plan::{PlanCommand, Refusal};
use leptos::prelude::*;

use super::board::Board;
use super::send::Sender;
use super::ways::{self, Way};
use crate::ui::{Button, ButtonSize, when};
use crate::words::{t, use_i18n};

/// The ways out of the refusal of a change, where there are any.
#[component]
pub(super) fn WaysOut(
    board: Board,
    /// The refusal, and the change; none while nothing is refused.
    asked: Signal<Option<(Refusal, PlanCommand)>>,
    /// A way is taken: what is tried ends.
    taken: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let ways: Memo<Vec<Way>> = Memo::new(move |_| {
        // They are written in the language of the page.
        let _ = i18n.get_locale();
        asked.with(|asked| match asked {
            Some((refusal, command)) if board.may_edit() => {
                untrack(|| ways::out(board, refusal, command, i18n))
            }
            _ => Vec::new(),
        })
    });
    let button = move |Way { label, out, .. }: Way| {
        let press = move |_| {
            let command = asked.with_untracked(|asked| asked.as_ref().map(|(_, command)| command.clone()));
            if let Some(command) = command {
                taken.run(());
                sender.take(&out, command);
            }
        };
        view! { <Button size=ButtonSize::Wide press=press>{label}</Button> }
    };
    let is_unlocking = move || ways.with(|ways| ways.iter().any(|way| way.unlocks));
    view! {
        {when(
            is_unlocking,
            move || view! { <p class="sm muted">{t!(i18n, split.unlock_enough)}</p> }.into_any(),
        )}
        {when(
            move || ways.with(|ways| !ways.is_empty()),
            move || {
                view! {
                    <div class="stack" data-list="ways">
                        {move || ways.get().into_iter().map(button).collect_view()}
                    </div>
                }
                    .into_any()
            },
        )}
    }
}
