//! Dialog: the browser's own modal, so that focus stays inside, Escape closes it, and the rest of the page is inert.

use leptos::html;
use leptos::prelude::*;
use leptos::web_sys;

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
        use leptos::wasm_bindgen::JsCast;

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
