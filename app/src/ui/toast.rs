//! Toasts: what happened, and what can be done about it.

use std::sync::Arc;

use leptos::prelude::*;

use super::icon::{Glyph, Icon, IconSize};
use super::tag::Standing;
use crate::words::{t, use_i18n};

/// How long a toast without actions stays.
const STAY_MS: u64 = 6_000;
/// How many stand at once; older ones leave.
const AT_ONCE: usize = 3;

/// Something that can be done from a toast.
#[derive(Clone)]
pub struct ToastAction {
    /// What it is called.
    pub label: String,
    /// Does it; the toast leaves. It outlives what asked for it, a field that was closed since.
    pub run: Arc<dyn Fn() + Send + Sync>,
}

/// What happened.
#[derive(Clone)]
pub struct Toast {
    /// Colours the edge.
    pub standing: Standing,
    /// What happened.
    pub title: String,
    /// Why.
    pub body: String,
    /// What can be done; a toast with actions stays until it is closed.
    pub actions: Vec<ToastAction>,
}

impl Toast {
    /// Something went as wished.
    pub fn done(title: impl Into<String>) -> Self {
        Self {
            standing: Standing::Ahead,
            title: title.into(),
            body: String::new(),
            actions: Vec::new(),
        }
    }

    /// Something was refused.
    pub fn refused(title: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            standing: Standing::Behind,
            title: title.into(),
            body: body.into(),
            actions: Vec::new(),
        }
    }

    /// With something to do about it.
    pub fn with(mut self, label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> Self {
        self.actions.push(ToastAction {
            label: label.into(),
            run: Arc::new(run),
        });
        self
    }
}

/// The toasts of the page: show one from anywhere below the frame.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// The newest first.
    shown: RwSignal<Vec<(u64, Toast)>>,
    next: StoredValue<u64>,
}

impl Toasts {
    /// Shows a toast.
    pub fn show(&self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let stays = toast.actions.is_empty();
        self.shown.update(|shown| {
            // The same again is not another one.
            shown.retain(|(_, known)| known.title != toast.title || known.body != toast.body);
            shown.insert(0, (id, toast));
            shown.truncate(AT_ONCE);
        });
        if stays {
            let this = *self;
            set_timeout(move || this.close(id), std::time::Duration::from_millis(STAY_MS));
        }
    }

    fn close(&self, id: u64) {
        // The page may be gone when the timer fires.
        let _gone = self
            .shown
            .try_update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

/// Provides the toasts to everything below; call once, in the frame.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        shown: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

/// The toasts of this page.
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(provide_toasts)
}

/// Where toasts appear; the frame has one.
#[component]
pub(crate) fn ToastStack(toasts: Toasts) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|(id, _)| *id let:item>
                {
                    let (id, toast) = item;
                    view! {
                        <div class=format!("toast t-{}", toast.standing.class())>
                            <b>{toast.title}</b>
                            <button
                                type="button"
                                class="icb"
                                aria-label=t!(i18n, ui.close)
                                on:click=move |_| toasts.close(id)
                            >
                                <Icon glyph=Glyph::Close size=IconSize::Small />
                            </button>
                            <p class="soft">{toast.body}</p>
                            <div class="acts">
                                {toast
                                    .actions
                                    .into_iter()
                                    .map(|action| {
                                        let press = move |_| {
                                            toasts.close(id);
                                            (action.run)();
                                        };
                                        view! {
                                            <button type="button" class="btn link" on:click=press>
                                                {action.label}
                                            </button>
                                        }
                                    })
                                    .collect_view()}
                            </div>
                        </div>
                    }
                }
            </For>
        </div>
    }
}
