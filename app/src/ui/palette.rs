//! Palette: every action by name (⌘K or Ctrl-K); `G` and a letter navigates; `?` shows the keys.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::dialog::is_beside;
use super::icon::{Glyph, Icon};
use super::is_composing;
use super::when::when;
use crate::words::{self, t, use_i18n};

/// One thing that can be done by name.
#[derive(Clone)]
pub struct Command {
    /// What people read and search.
    pub label: String,
    /// Other words it is found by (the other language, pinyin).
    pub also: String,
    /// A picture.
    pub glyph: Glyph,
    /// The letter after `G`, for places.
    pub letter: Option<char>,
    /// Does it.
    pub run: Callback<()>,
}

/// The commands of the frame and of the page that is shown.
#[derive(Clone, Copy)]
pub struct Commands {
    /// Places; set by the frame.
    pub places: RwSignal<Vec<Command>>,
    /// What the page offers; it clears them when it leaves.
    pub page: RwSignal<Vec<Command>>,
    /// Whether the palette is shown.
    pub open: RwSignal<bool>,
}

impl Commands {
    fn matching(&self, wish: &str) -> Vec<Command> {
        let wish = words::folded(wish.trim());
        let mut found = self.page.get();
        found.extend(self.places.get());
        found.retain(|command| {
            wish.split_whitespace().all(|word| {
                words::folded(&command.label).contains(word) || words::folded(&command.also).contains(word)
            })
        });
        found
    }
}

/// Provides the commands to everything below; call once, in the frame.
pub fn provide_commands() -> Commands {
    let commands = Commands {
        places: RwSignal::new(Vec::new()),
        page: RwSignal::new(Vec::new()),
        open: RwSignal::new(false),
    };
    provide_context(commands);
    commands
}

/// The palette and the keys that open it and lead to places.
#[component]
pub fn Palette(commands: Commands) -> impl IntoView {
    let i18n = use_i18n();
    let wish = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let element = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let found = Memo::new_with_compare(move |_| Found(commands.matching(&wish.get())), |_, _| true);
    listen(commands);
    Effect::new(move |_| {
        let open = commands.open.get();
        if let Some(element) = element.get() {
            if open && !element.open() {
                wish.set(String::new());
                at.set(0);
                drop(element.show_modal());
                if let Some(input) = input.get_untracked() {
                    drop(input.focus());
                }
            } else if !open && element.open() {
                element.close();
            }
        }
    });
    let run = move |index: usize| {
        let command = found.with_untracked(|found| found.0.get(index).cloned());
        if let Some(command) = command {
            commands.open.set(false);
            command.run.run(());
        }
    };
    let on_keydown = move |event: leptos::ev::KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let count = found.with_untracked(|found| found.0.len());
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => run(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog
            node_ref=element
            class="dialog palette"
            aria-label=t!(i18n, ui.palette)
            on:close=move |_| commands.open.set(false)
            on:click=move |event| {
                if is_beside(&event) {
                    commands.open.set(false);
                }
            }
        >
            <div class="ask">
                <Icon glyph=Glyph::Search />
                <input
                    node_ref=input
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || format!("palette-{}", at.get())
                    aria-label=t!(i18n, ui.palette_ask)
                    placeholder=t!(i18n, ui.palette_ask)
                    prop:value=move || wish.get()
                    on:input=move |event| {
                        wish.set(event_target_value(&event));
                        at.set(0);
                    }
                    on:keydown=on_keydown
                />
                <kbd>"Esc"</kbd>
            </div>
            <ul id="palette-list" role="listbox" aria-label=t!(i18n, ui.palette)>
                {move || {
                    found
                        .get()
                        .0
                        .into_iter()
                        .enumerate()
                        .map(|(index, command)| {
                            view! {
                                <li
                                    id=format!("palette-{index}")
                                    role="option"
                                    aria-selected=move || if at.get() == index { "true" } else { "false" }
                                    on:click=move |_| run(index)
                                    on:pointermove=move |_| at.set(index)
                                >
                                    <Icon glyph=command.glyph />
                                    <span class="grow">{command.label}</span>
                                    {command
                                        .letter
                                        .map(|letter| {
                                            view! {
                                                <span>
                                                    <kbd>"G"</kbd>
                                                    " "
                                                    <kbd>{letter.to_ascii_uppercase().to_string()}</kbd>
                                                </span>
                                            }
                                        })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            {when(
                move || found.with(|found| found.0.is_empty()),
                move || view! { <p class="none">{t!(i18n, ui.palette_none)}</p> }.into_any(),
            )}
        </dialog>
    }
}

/// What was found; never equal, because commands hold callbacks.
#[derive(Clone)]
struct Found(Vec<Command>);

/// Listens to the keys of the whole page, in the browser only.
fn listen(commands: Commands) {
    /// How long after `G` a letter still counts.
    const WINDOW_MS: f64 = 1_200.0;
    let pressed_g = StoredValue::new(f64::MIN);
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if is_composing(&event) {
                return;
            }
            let key = event.key();
            if (event.meta_key() || event.ctrl_key()) && key.eq_ignore_ascii_case("k") {
                event.prevent_default();
                commands.open.update(|open| *open = !*open);
                return;
            }
            if event.meta_key()
                || event.ctrl_key()
                || event.alt_key()
                || is_typing(&event)
                || event.default_prevented()
                || commands.open.get_untracked()
            {
                return;
            }
            let now = event.time_stamp();
            if key == "?" {
                event.prevent_default();
                commands.open.set(true);
            } else if key.eq_ignore_ascii_case("g") {
                pressed_g.set_value(now);
            } else if now - pressed_g.get_value() < WINDOW_MS {
                pressed_g.set_value(f64::MIN);
                let letter = key.chars().next().map(|letter| letter.to_ascii_lowercase());
                let place = commands.places.with_untracked(|places| {
                    places
                        .iter()
                        .find(|command| command.letter.is_some() && command.letter == letter)
                        .cloned()
                });
                if let Some(place) = place {
                    event.prevent_default();
                    place.run.run(());
                }
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Whether a key goes into something that is typed into.
fn is_typing(event: &leptos::ev::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                || element.is_content_editable()
        })
}
