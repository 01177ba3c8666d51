//! A line of a row that was not taken: the reason at its cell, and the choice.

use leptos::prelude::*;

use crate::split::board::{Board, NoLine, RefusedLine};
use crate::split::{focus, line_send};
use crate::ui::{Button, ButtonKind, ButtonSize, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// Why a line was not taken, and the choice to set it all the same or leave it.
#[component]
pub(super) fn Refused(board: Board, refused: RefusedLine) -> impl IntoView {
    let i18n = use_i18n();
    let is_changed = matches!(refused.why, NoLine::Changed(_));
    let kind = if is_changed { "changed" } else { "refused" };
    let is_freed = refused.change.after.is_none();
    let refused = StoredValue::new(refused);
    let words = move || {
        refused.with_value(|refused| match &refused.why {
            NoLine::Changed(changed) => changed.words(lang(i18n.get_locale())),
            NoLine::Error(error) => words_of(error, i18n),
        })
    };
    let again = move || match (is_changed, is_freed) {
        (true, true) => t_string!(i18n, lines.free_anyway),
        (true, false) => t_string!(i18n, lines.anyway),
        (false, _) => t_string!(i18n, unsaved.again),
    };
    let do_again = move |_| {
        line_send::again(board, refused.get_value());
        // The answer went with what had the focus.
        focus::to_stop_if_nowhere();
    };
    let leave = move |_| {
        let RefusedLine { by, change, .. } = refused.get_value();
        board.forget_refused(by, &[change]);
        focus::to_stop_if_nowhere();
    };
    view! {
        <div
            class="line-wrong pop sm"
            role="alert"
            data-refused=kind
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            on:keydown=|event| event.stop_propagation()
        >
            <span class="is-far">{words}</span>
            <span class="row wrap" style=("pointer-events", "auto")>
                <Button size=ButtonSize::Small press=do_again>{again}</Button>
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small press=leave>{t!(i18n, unsaved.forget)}</Button>
            </span>
        </div>
    }
}
