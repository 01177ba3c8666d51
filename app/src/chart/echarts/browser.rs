//! The binding itself.

use std::cell::RefCell;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

use crate::assets;
use crate::chart::{ChartClick, ChartOption, text};
use crate::preference::Appearance;
use crate::words::{self, Words, use_i18n};

#[wasm_bindgen]
extern "C" {
    /// A chart of our bundle (`app/js/chart.js`).
    type Drawing;

    #[wasm_bindgen(js_namespace = attainChart)]
    fn open(element: &Element, format: &JsValue, hear: &JsValue) -> Drawing;

    #[wasm_bindgen(method, catch)]
    fn draw(this: &Drawing, option: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &Drawing);
}

/// Everything a drawn chart holds on to; dropped together.
struct Held {
    drawing: Drawing,
    _format: Closure<dyn Fn(String, String, f64) -> String>,
    _hear: Closure<dyn Fn(u32, u32)>,
}

impl Held {
    fn new(element: &Element, sheet: Sheet) -> Self {
        let format = Closure::<dyn Fn(String, String, f64) -> String>::new(
            move |name: String, value: String, number: f64| {
                let currency = sheet
                    .option
                    .try_with_untracked(|option| option.currency.clone())
                    .flatten();
                let lang = words::lang(sheet.words.get_locale_untracked());
                text::formatted(&name, &value, number, currency.as_ref(), lang)
            },
        );
        let hear = Closure::<dyn Fn(u32, u32)>::new(move |series: u32, index: u32| {
            if let Some(on_click) = sheet.on_click {
                on_click.run(ChartClick {
                    series: series as usize,
                    index: index as usize,
                });
            }
        });
        Self {
            drawing: open(element, format.as_ref(), hear.as_ref()),
            _format: format,
            _hear: hear,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.drawing.close();
    }
}

/// What a chart is made of.
#[derive(Clone, Copy)]
struct Sheet {
    option: Signal<ChartOption>,
    on_click: Option<Callback<ChartClick>>,
    failed: RwSignal<bool>,
    words: Words,
    appearance: Option<Appearance>,
}

pub(super) fn draw(
    plot: NodeRef<html::Div>,
    option: Signal<ChartOption>,
    on_click: Option<Callback<ChartClick>>,
    failed: RwSignal<bool>,
) {
    let sheet = Sheet {
        option,
        on_click,
        failed,
        words: use_i18n(),
        appearance: use_context::<Appearance>(),
    };
    let Some(owner) = Owner::current() else {
        return;
    };
    Effect::new(move |_| {
        let Some(element) = plot.get() else {
            return;
        };
        let owner = owner.clone();
        when_visible(&element.clone().into(), move || {
            spawn_local(async move {
                if load().await.is_ok() {
                    hang(&owner, &element.into(), sheet);
                } else {
                    let _gone = failed.try_set(true);
                }
            });
        });
    });
}

/// Opens the chart and draws it, now and whenever its option, the words or the colours change; the owner is the chart's
/// component, with which all of it goes.
fn hang(owner: &Owner, element: &Element, sheet: Sheet) {
    if sheet.failed.is_disposed() {
        return;
    }
    owner.with(|| {
        let held = SendWrapper::new(Held::new(element, sheet));
        Effect::new(move |_| {
            // The words of axes and the colours belong to what is drawn.
            sheet.words.get_locale();
            if let Some(appearance) = sheet.appearance {
                appearance.0.get();
            }
            let drawn = sheet
                .option
                .with(|option| held.drawing.draw(&option.option).is_ok());
            sheet.failed.set(!drawn);
        });
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
