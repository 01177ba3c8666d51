//! A place to drop files, or to choose them.

use leptos::prelude::*;
use leptos::{ev, html};

use super::icon::{Glyph, Icon, IconSize};

/// What was dropped or chosen.
#[cfg(feature = "hydrate")]
pub type Files = leptos::web_sys::FileList;
/// The server's twin: it receives files, it does not send them.
#[cfg(not(feature = "hydrate"))]
pub type Files = ();

/// The place to drop files.
#[component]
pub fn DropZone(
    /// What is dropped here.
    #[prop(into)]
    title: TextProp,
    /// What happens with it.
    #[prop(into)]
    text: TextProp,
    /// What the button says.
    #[prop(into)]
    choose: TextProp,
    /// Which files the browser offers.
    accept: &'static str,
    /// Several at once.
    #[prop(optional)]
    multiple: bool,
    /// Whether choosing is the one thing to do on the screen.
    #[prop(optional)]
    primary: bool,
    /// Is at work; takes none until it is done.
    busy: RwSignal<bool>,
    /// Hears of them; never of none.
    on_files: Callback<Files>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    // A file can be chosen before the browser's program is there to hear of it.
    Effect::new(move |_| taking::chosen(input, on_files));
    let button = if primary { "btn primary" } else { "btn" };
    view! {
        <label
            class="drop"
            class:over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event: ev::DragEvent| {
                event.prevent_default();
                over.set(false);
                taking::dropped(&event, on_files);
            }
        >
            <Icon glyph=Glyph::Upload size=IconSize::Large />
            <b>{move || title.get()}</b>
            <span class="muted">{move || text.get()}</span>
            <span class=button aria-hidden="true">{move || choose.get()}</span>
            <input
                node_ref=input
                class="sr"
                type="file"
                name="file"
                multiple=multiple
                accept=accept
                disabled=move || busy.try_get().unwrap_or_default()
                on:change=move |_| taking::chosen(input, on_files)
            />
        </label>
    }
}

#[cfg(feature = "hydrate")]
mod taking {
    use leptos::prelude::*;
    use leptos::{ev, html};

    use super::Files;

    pub(super) fn dropped(event: &ev::DragEvent, on_files: Callback<Files>) {
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(files) = files.filter(|files| files.length() > 0) {
            on_files.run(files);
        }
    }

    /// The same file can be chosen again after it was changed: the field is emptied.
    pub(super) fn chosen(input: NodeRef<html::Input>, on_files: Callback<Files>) {
        let Some(input) = input.get_untracked() else {
            return;
        };
        if let Some(files) = input.files().filter(|files| files.length() > 0) {
            on_files.run(files);
            input.set_value("");
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod taking {
    use leptos::prelude::{Callback, NodeRef};
    use leptos::{ev, html};

    use super::Files;

    pub(super) fn dropped(_event: &ev::DragEvent, _on_files: Callback<Files>) {}

    pub(super) fn chosen(_input: NodeRef<html::Input>, _on_files: Callback<Files>) {}
}
