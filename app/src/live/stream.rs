//! Reading the stream in the browser.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventSource, MessageEvent};

use super::{Connection, Live};
use crate::assets;
use crate::session::{Who, go_afresh, who_is_looking};
use crate::sign_in;

/// The first pause after a break; doubled with every failure.
const PAUSE_MS: u32 = 1_000;
/// The longest pause.
const LONGEST_PAUSE_MS: u32 = 30_000;

/// Follows the stream until the owner of this effect is gone.
pub(super) fn follow(live: Live) {
    let ear = Rc::new(Ear {
        live,
        own_build: assets::build_of_page(),
        pause_ms: Cell::new(PAUSE_MS),
        heard: Cell::new(false),
        gone: Cell::new(false),
        line: RefCell::new(None),
    });
    let held = SendWrapper::new(Rc::clone(&ear));
    on_cleanup(move || {
        held.gone.set(true);
        held.line.take();
    });
    ear.open();
}

/// What listens, and how that went so far.
struct Ear {
    live: Live,
    own_build: Option<String>,
    pause_ms: Cell<u32>,
    /// Whether the open stream said anything.
    heard: Cell<bool>,
    /// Whether the page is gone.
    gone: Cell<bool>,
    line: RefCell<Option<Line>>,
}

/// An open stream, closed when dropped.
struct Line {
    source: EventSource,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl Ear {
    fn open(self: &Rc<Self>) {
        self.heard.set(false);
        let Ok(source) = EventSource::new("/events") else {
            return self.broken();
        };
        let ear = Rc::clone(self);
        let on_message =
            Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| ear.hear(&message));
        let ear = Rc::clone(self);
        let on_error = Closure::<dyn Fn()>::new(move || ear.broken());
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.line.replace(Some(Line {
            source,
            _on_message: on_message,
            _on_error: on_error,
        }));
    }

    fn hear(&self, message: &MessageEvent) {
        if !self.heard.replace(true) {
            self.pause_ms.set(PAUSE_MS);
            let _gone = self.live.connection.try_set(Connection::Open);
        }
        if let Some(text) = message.data().as_string() {
            // What is no JSON has no fields.
            let fields = js_sys::JSON::parse(&text).unwrap_or_default();
            let field = |name: &str| text_of(&fields, name);
            let number = message.last_event_id().parse().ok();
            self.live.hear(&field, number, self.own_build.as_deref());
        }
    }

    /// Tries again after a pause, unless nobody is signed in any more.
    fn broken(self: &Rc<Self>) {
        let ear = Rc::clone(self);
        spawn_local(async move {
            ear.line.take();
            let session_over = !ear.heard.get() && matches!(who_is_looking().await, Ok(Who::Unknown(_)));
            if ear.gone.get() {
                return;
            }
            if session_over {
                return go_afresh(&sign_in::and_back());
            }
            ear.live.connection.set(Connection::Lost);
            let pause_ms = ear.pause_ms.get();
            ear.pause_ms.set((pause_ms * 2).min(LONGEST_PAUSE_MS));
            set_timeout(
                move || {
                    if !ear.gone.get() {
                        ear.open();
                    }
                },
                Duration::from_millis(pause_ms.into()),
            );
        });
    }
}

/// A field as text: a string as it is, a number in digits, a list with commas between.
fn text_of(fields: &JsValue, name: &str) -> Option<String> {
    let value = js_sys::Reflect::get(fields, &name.into()).ok()?;
    (!value.is_null() && !value.is_undefined())
        .then(|| value.unchecked_ref::<js_sys::Object>().to_string().into())
}
