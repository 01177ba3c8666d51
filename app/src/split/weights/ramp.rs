//! The ramp of beginners, for those who plan: by month, what of a number is expected of who was just hired.

use domain::basis::Ramp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::ui::{Button, ButtonSize, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// The ramp that holds.
#[server(prefix = "/api/app", endpoint = "ramp/get", input = Json)]
pub async fn load_ramp() -> Result<Ramp, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.ramp(&scope).await)
}

/// Chooses the ramp of all beginners.
#[server(prefix = "/api/app", endpoint = "ramp/set", input = Json)]
pub async fn choose_ramp(steps_ppm: Vec<u32>) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_ramp(&scope, steps_ppm).await)
}

/// Shows the steps and saves others.
#[component]
pub(super) fn RampForm(
    /// Another ramp holds from now on.
    #[prop(into)]
    changed: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    // What is not known yet is not written over.
    let busy = RwSignal::new(true);
    Effect::new(move |_| {
        spawn_local(async move {
            let known = load_ramp().await;
            // The panel may be gone.
            let _gone = match known {
                Ok(ramp) => typed.try_set(ramp.text()),
                Err(error) => wrong.try_set(Some(words_of(&error, i18n))).flatten(),
            };
            let _gone = busy.try_set(false);
        });
    });
    let save = move |_| {
        let ramp = match typed.with_untracked(|text| Ramp::parse(text)) {
            Ok(ramp) => ramp,
            Err(error) => return wrong.set(Some(error.words(lang(i18n.get_locale_untracked())))),
        };
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            let text = ramp.text();
            let saved = choose_ramp(ramp.steps_ppm).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match saved {
                Ok(()) => {
                    let _gone = typed.try_set(text);
                    toasts.show(Toast::done(t_string!(i18n, weights.ramp_saved)));
                    changed.run(());
                }
                Err(error) => drop(wrong.try_set(Some(words_of(&error, i18n)))),
            }
        });
    };
    view! {
        <details class="ramp" data-part="ramp">
            <summary class="sm">{t!(i18n, weights.ramp_title)}</summary>
            <p class="sm muted" id="ramp-hint">{t!(i18n, weights.ramp_hint)}</p>
            <input
                class="input"
                type="text"
                name="ramp"
                autocomplete="off"
                aria-label=move || t_string!(i18n, weights.ramp_field)
                aria-describedby="ramp-hint ramp-wrong"
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <p class="sm is-far" role="alert" id="ramp-wrong">{move || wrong.get()}</p>
            <Button size=ButtonSize::Small busy=busy press=save>
                {t!(i18n, weights.ramp_save)}
            </Button>
        </details>
    }
}
