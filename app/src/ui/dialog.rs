//! Dialog: the browser's own modal, so that focus stays inside, Escape closes it, and the rest of the page is inert.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html, web_sys};

use super::icon::{Glyph, Icon};
use super::toast::{ToastStack, use_toasts};
use super::when::when;
use crate::words::{t, use_i18n};

/// The dialogs there are, and the fields somebody may be writing in: while one is open or in use, what is shown around it stays
/// (`wire::loaded`), and with it what was typed.
#[derive(Clone, Copy)]
struct Dialogs {
    all: RwSignal<Vec<RwSignal<bool>>>,
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "only in the browser is something open")
    )]
    any: Memo<bool>,
}

/// Provides the memory of open dialogs to everything below; call once, in the frame.
pub fn provide_dialogs() {
    let all = RwSignal::new(Vec::<RwSignal<bool>>::new());
    // A dialog may be gone with its page.
    let any = Memo::new(move |_| all.with(|all| all.iter().any(|open| open.try_get() == Some(true))));
    provide_context(Dialogs { all, any });
}

/// Whether a dialog is open.
#[cfg(feature = "hydrate")]
pub(crate) fn dialog_is_open() -> Option<Memo<bool>> {
    use_context::<Dialogs>().map(|dialogs| dialogs.any)
}

/// What is shown stays as it is while `open`, for as long as the part that calls this stands.
pub(crate) fn hold_while(open: RwSignal<bool>) {
    if let Some(Dialogs { all, .. }) = use_context() {
        all.update(|all| all.push(open));
        on_cleanup(move || {
            // The frame may be gone with the page.
            let _gone = all.try_update(|all| all.retain(|other| *other != open));
        });
    }
}

/// What is shown stays so long after a field was left: a press that led away from it finds the button where it was.
const LEFT: Duration = Duration::from_millis(200);

/// Whether one of the fields of a part has the focus; as long as one has it, what is shown stays as it is.
///
/// What was written must be kept above the part: it is made anew with what has come once the field was left.
#[derive(Clone, Copy)]
pub(crate) struct InUse {
    used: RwSignal<bool>,
    leaving: StoredValue<Option<TimeoutHandle>>,
}

impl InUse {
    /// For as long as the part that calls this stands.
    pub(crate) fn hold() -> Self {
        let used = RwSignal::new(false);
        hold_while(used);
        Self {
            used,
            leaving: StoredValue::new(None),
        }
    }

    /// Something in the part has got the focus (`focusin`).
    pub(crate) fn enter(self, event: &ev::FocusEvent) {
        if is_written_into(event) {
            self.stay();
            let _gone = self.used.try_set(true);
        }
    }

    /// Something in the part has lost the focus (`focusout`). What is taken away says so too, after the page was left.
    pub(crate) fn leave(self) {
        self.stay();
        let later = set_timeout_with_handle(
            move || {
                let _gone = self.used.try_set(false);
            },
            LEFT,
        );
        let _gone = self.leaving.try_set_value(later.ok());
    }

    /// It is not left after all.
    fn stay(self) {
        if let Some(before) = self.leaving.try_update_value(Option::take).flatten() {
            before.clear();
        }
    }
}

/// Whether what has the focus is written into or chosen from; what is only pressed or ticked shows what has come.
fn is_written_into(event: &ev::FocusEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        let field = target.matches("textarea, select, input:not([type=checkbox])");
        field.unwrap_or_default()
    })
}

/// Where a dialog stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogPlace {
    /// In the middle; on a phone a sheet from below.
    #[default]
    Middle,
    /// Along the right edge: details beside a list.
    Side,
}

/// A modal dialog, shown while `open`.
#[component]
pub fn Dialog(
    /// Shows and hides it; set to `false` when it is closed by key or button.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: TextProp,
    /// Where it stands.
    #[prop(optional)]
    place: DialogPlace,
    /// Its content, built only while it is open.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    hold_while(open);
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        if let Some(element) = element.get() {
            if open && !element.open() {
                // Fails only when the element is not in the page any more.
                drop(element.show_modal());
                request_animation_frame(move || focus_field(&element));
            } else if !open && element.open() {
                element.close();
            }
        }
    });
    let class = match place {
        DialogPlace::Middle => "dialog",
        DialogPlace::Side => "dialog side",
    };
    let heading = title.clone();
    view! {
        <dialog node_ref=element class=class aria-label=move || title.get() on:close=move |_| open.set(false) on:click=move |event| {
            if is_beside(&event) {
                open.set(false);
            }
        }>
            <div class="inside">
                <header>
                    <h2>{move || heading.get()}</h2>
                    <button
                        type="button"
                        class="icb"
                        aria-label=t!(i18n, ui.close)
                        on:click=move |_| open.set(false)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </header>
                {when(move || open.get(), move || children().into_any())}
            </div>
            // What lies behind a modal dialog is dimmed and cannot be pressed: what happened is told inside of it.
            {when(move || open.get(), move || view! { <ToastStack toasts=toasts /> }.into_any())}
        </dialog>
    }
}

/// Whether a click hit a dialog itself and so what is around its content.
pub(super) fn is_beside(event: &leptos::ev::MouseEvent) -> bool {
    let (Some(target), Some(dialog)) = (event.target(), event.current_target()) else {
        return false;
    };
    target == dialog
}

/// Puts the cursor into the first field, with what is in it selected: one types at once.
fn focus_field(dialog: &web_sys::HtmlDialogElement) {
    #[cfg(feature = "hydrate")]
    {
        let fields = "input:not([type=hidden]), select, textarea";
        if let Ok(Some(field)) = dialog.query_selector(fields) {
            if let Some(field) = field.dyn_ref::<web_sys::HtmlElement>() {
                // Fails only when the field is not in the page any more.
                drop(field.focus());
            }
            if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
                input.select();
            }
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = dialog;
}
