//! Menu: a summary that opens a list. Opens without script; with it the arrow keys move, Escape and a click close.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{self, HtmlElement};

use super::is_composing;

/// At which edge of its summary a list opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MenuAlign {
    /// The list begins where the summary begins.
    #[default]
    Start,
    /// The list ends where the summary ends.
    End,
}

/// A summary and what opens below it. Items carry the class `item`; choosing one closes the menu.
#[component]
pub fn Menu(
    /// What is always seen.
    #[prop(into)]
    summary: ViewFn,
    /// The CSS class of the summary (`pick`, `icb`, `btn s`).
    #[prop(optional, into)]
    summary_class: Option<&'static str>,
    /// The name of the summary for screen readers, where it is only an icon.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// At which edge it opens.
    #[prop(optional)]
    align: MenuAlign,
    /// Follows whether it is open, and can close it.
    #[prop(optional)]
    open: Option<RwSignal<bool>>,
    /// The list.
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<html::Details>::new();
    let close = move || {
        // Something in it that had the focus may be taken away with all of it.
        if let Some(element) = element.try_get_untracked().flatten() {
            element.set_open(false);
        }
    };
    if let Some(open) = open {
        Effect::new(move |_| {
            let open = open.get();
            if let Some(element) = element.get() {
                element.set_open(open);
            }
        });
    }
    let on_toggle = move |_| {
        // Told of a moment later: the page may have been left.
        if let (Some(open), Some(element)) = (open, element.try_get_untracked().flatten()) {
            open.set(element.open());
        }
    };
    let on_keydown = move |event: leptos::ev::KeyboardEvent| {
        let Some(element) = element.get_untracked().filter(|_| !is_composing(&event)) else {
            return;
        };
        match event.key().as_str() {
            "Escape" if element.open() => {
                element.set_open(false);
                event.stop_propagation();
                focus(element.query_selector("summary").ok().flatten());
            }
            "ArrowDown" => {
                event.prevent_default();
                element.set_open(true);
                step(&element, 1);
            }
            "ArrowUp" => {
                event.prevent_default();
                step(&element, -1);
            }
            _ => {}
        }
    };
    let on_click = move |event: leptos::ev::MouseEvent| {
        let chosen = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|target| target.closest(".item").ok().flatten());
        if chosen.is_some() {
            close();
        }
    };
    let on_focusout = move |event: leptos::ev::FocusEvent| {
        let next = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = element
            .try_get_untracked()
            .flatten()
            .zip(next)
            .is_none_or(|(element, next)| element.contains(Some(&next)));
        if !inside {
            close();
        }
    };
    let class = match align {
        MenuAlign::Start => "menu",
        MenuAlign::End => "menu end",
    };
    view! {
        <details node_ref=element class=class on:toggle=on_toggle on:keydown=on_keydown on:click=on_click on:focusout=on_focusout>
            <summary class=summary_class aria-label=label.map(|label| move || label.get())>
                {summary.run()}
            </summary>
            <div class="pop">{children()}</div>
        </details>
    }
}

/// Moves the focus among the items that can be chosen, around the ends.
pub(crate) fn step(menu: &web_sys::Element, by: i32) {
    let Ok(items) = menu.query_selector_all(".item:not(:disabled)") else {
        return;
    };
    let count = items.length() as i32;
    if count == 0 {
        return;
    }
    let active = leptos::prelude::document().active_element();
    let current = (0..count).find(|index| {
        items
            .item(*index as u32)
            .zip(active.as_ref())
            .is_some_and(|(item, active)| item.is_same_node(Some(active)))
    });
    let next = match current {
        Some(index) => (index + by).rem_euclid(count),
        None if by > 0 => 0,
        None => count - 1,
    };
    focus(items.item(next as u32).and_then(|item| item.dyn_into().ok()));
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}
