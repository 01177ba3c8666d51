//! The binding itself.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};

use crate::assets;
use crate::chart::{ChartEvent, ChartOption, text};
use crate::preference::Appearance;
use crate::words::{self, use_i18n};

#[wasm_bindgen]
extern "C" {
    /// A chart of our bundle (`app/js/chart.js`).
    type Drawing;

    #[wasm_bindgen(js_namespace = attainChart)]
    fn open(element: &Element, format: &JsValue, hear: &JsValue) -> Drawing;

    #[wasm_bindgen(method, catch)]
    fn draw(this: &Drawing, option: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn resize(this: &Drawing);

    #[wasm_bindgen(method)]
    fn close(this: &Drawing);
}

/// Everything a drawn chart holds on to; dropped together.
struct Held {
    drawing: Drawing,
    resizing: ResizeObserver,
    _format: Closure<dyn Fn(String, String) -> String>,
    _hear: Closure<dyn Fn(String)>,
    _resized: Closure<dyn Fn()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.resizing.disconnect();
        self.drawing.close();
    }
}

type Slot = Rc<RefCell<Option<Held>>>;

pub(super) fn draw(
    plot: NodeRef<html::Div>,
    option: Signal<ChartOption>,
    on_event: Option<Callback<ChartEvent>>,
    failed: RwSignal<bool>,
) {
    let slot: SendWrapper<Slot> = SendWrapper::new(Rc::default());
    let ready = RwSignal::new(false);
    let i18n = use_i18n();
    let appearance = use_context::<Appearance>();

    on_cleanup({
        let slot = slot.clone();
        move || drop(slot.borrow_mut().take())
    });

    Effect::new({
        let slot = slot.clone();
        move |_| {
            let Some(element) = plot.get() else {
                return;
            };
            let slot = slot.clone();
            when_visible(&element.clone().into(), move || {
                spawn_local(async move {
                    if load().await.is_err() {
                        let _gone = failed.try_set(true);
                        return;
                    }
                    if ready.is_disposed() {
                        return;
                    }
                    let format = Closure::<dyn Fn(String, String) -> String>::new(
                        move |name: String, value: String| {
                            let currency = option
                                .try_with_untracked(|option| option.currency.clone())
                                .flatten();
                            text::formatted(
                                &name,
                                &value,
                                currency.as_ref(),
                                words::lang(i18n.get_locale_untracked()),
                            )
                        },
                    );
                    let hear = Closure::<dyn Fn(String)>::new(move |event: String| {
                        if let (Some(on_event), Ok(event)) = (on_event, serde_json::from_str(&event)) {
                            on_event.run(event);
                        }
                    });
                    let drawing = open(&element, format.as_ref(), hear.as_ref());
                    let resized = Closure::<dyn Fn()>::new({
                        let slot = Rc::downgrade(&slot);
                        move || {
                            // The observer also speaks while the chart is being drawn: then its size is right anyway.
                            if let Some(slot) = slot.upgrade()
                                && let Ok(held) = slot.try_borrow()
                                && let Some(held) = &*held
                            {
                                held.drawing.resize();
                            }
                        }
                    });
                    let Ok(resizing) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else {
                        return;
                    };
                    resizing.observe(&element);
                    *slot.borrow_mut() = Some(Held {
                        drawing,
                        resizing,
                        _format: format,
                        _hear: hear,
                        _resized: resized,
                    });
                    ready.set(true);
                });
            });
        }
    });

    Effect::new(move |_| {
        // The words of axes and the colours belong to what is drawn.
        i18n.get_locale();
        if let Some(appearance) = appearance {
            appearance.0.get();
        }
        if !ready.get() {
            return;
        }
        let drawn = option.with(|option| match &*slot.borrow() {
            Some(held) => held.drawing.draw(&option.option).is_ok(),
            None => true,
        });
        failed.set(!drawn);
    });
}

/// Calls once, when the element comes within a screen's height of what is seen.
fn when_visible(element: &Element, then: impl FnOnce() + 'static) {
    let then = RefCell::new(Some(then));
    let seen = Closure::<dyn Fn(js_sys::Array, IntersectionObserver)>::new(
        move |entries: js_sys::Array, observer: IntersectionObserver| {
            let visible = entries.iter().any(|entry| {
                entry
                    .unchecked_into::<IntersectionObserverEntry>()
                    .is_intersecting()
            });
            if visible && let Some(then) = then.borrow_mut().take() {
                observer.disconnect();
                then();
            }
        },
    );
    if let Ok(observer) = IntersectionObserver::new(seen.as_ref().unchecked_ref()) {
        observer.observe(element);
        let held = SendWrapper::new((observer, seen));
        on_cleanup(move || held.0.disconnect());
    }
}

/// Loads the bundle once; waits for it when somebody else is already loading it.
async fn load() -> Result<(), JsValue> {
    const ID: &str = "attain-chart";
    let global: JsValue = js_sys::global().into();
    let is_there = || js_sys::Reflect::has(&global, &JsValue::from_str("attainChart")).unwrap_or(false);
    if is_there() {
        return Ok(());
    }
    let page = document();
    let script = if let Some(script) = page.get_element_by_id(ID) {
        script
    } else {
        let build = assets::build_of_page().ok_or(JsValue::NULL)?;
        let script = page.create_element("script")?;
        script.set_id(ID);
        script.set_attribute("type", "module")?;
        script.set_attribute("src", &format!("/pkg/{build}/chart.js"))?;
        page.head().ok_or(JsValue::NULL)?.append_child(&script)?;
        script
    };
    let waiting = js_sys::Promise::new(&mut |resolve, reject| {
        // Both fail only for malformed names of events.
        drop(script.add_event_listener_with_callback("load", &resolve));
        drop(script.add_event_listener_with_callback("error", &reject));
    });
    if let Err(error) = JsFuture::from(waiting).await {
        // The next chart tries again.
        script.remove();
        return Err(error);
    }
    if is_there() { Ok(()) } else { Err(JsValue::NULL) }
}
