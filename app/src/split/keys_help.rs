//! All keys of the grid, in a dialog: what the status bar has no room for.

use leptos::prelude::*;

use super::board::Board;
use crate::ui::Dialog;
use crate::words::{t, use_i18n};

/// What each key of the grid does.
#[component]
pub(super) fn KeysDialog(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open=board.keys_shown title=t!(i18n, grid_keys.title)>
            <dl class="stack" data-part="keys">
                <div><dt><kbd>"↑"</kbd> <kbd>"↓"</kbd> <kbd>"←"</kbd> <kbd>"→"</kbd></dt><dd>{t!(i18n, grid_keys.arrows)}</dd></div>
                <div><dt><kbd>"Home"</kbd> <kbd>"End"</kbd></dt><dd>{t!(i18n, grid_keys.ends)}</dd></div>
                <div><dt><kbd>"G"</kbd> <kbd>"1"</kbd>"…"</dt><dd>{t!(i18n, grid_keys.jump)}</dd></div>
                <div><dt><kbd>"Enter"</kbd></dt><dd>{t!(i18n, grid_keys.menu)}</dd></div>
                <div><dt><kbd>"Enter"</kbd> <kbd>"3"</kbd> <kbd>"Enter"</kbd></dt><dd>{t!(i18n, grid_keys.send)}</dd></div>
                <div><dt><kbd>"F2"</kbd> <kbd>"="</kbd> <kbd>"0"</kbd>"–"<kbd>"9"</kbd></dt><dd>{t!(i18n, grid_keys.edit)}</dd></div>
                <div><dt><kbd>"Shift F10"</kbd></dt><dd>{t!(i18n, grid_keys.place)}</dd></div>
                <div><dt><kbd>"Delete"</kbd></dt><dd>{t!(i18n, grid_keys.let_go)}</dd></div>
                <div><dt><kbd>"Tab"</kbd> <kbd>"←"</kbd> <kbd>"→"</kbd> <kbd>"PgUp"</kbd> <kbd>"PgDn"</kbd></dt><dd>{t!(i18n, grid_keys.handle)}</dd></div>
                <div><dt><kbd>"Shift"</kbd> <kbd>"↑"</kbd> <kbd>"↓"</kbd> <kbd>"←"</kbd> <kbd>"→"</kbd></dt><dd>{t!(i18n, grid_keys.block)}</dd></div>
                <div><dt><kbd>"Ctrl C"</kbd> <kbd>"Ctrl V"</kbd></dt><dd>{t!(i18n, grid_keys.copy)}</dd></div>
                <div><dt><kbd>"Ctrl Z"</kbd> <kbd>"Ctrl Y"</kbd></dt><dd>{t!(i18n, grid_keys.back)}</dd></div>
                <div><dt><kbd>"Esc"</kbd></dt><dd>{t!(i18n, grid_keys.escape)}</dd></div>
            </dl>
        </Dialog>
    }
}
