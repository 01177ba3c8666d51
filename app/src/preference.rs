//! Language and theme: chosen once on the server, changed without a reload, and without script by a plain form.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::error::answer;
use crate::ui::{Glyph, Icon};
use crate::words::{self, Locale, Words, is_chinese, t, use_i18n};

/// The name of the cookie that holds the chosen theme.
pub(crate) const THEME_COOKIE: &str = "theme";

/// The colours of the page. Without a choice the system's preference decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Paper.
    Light,
    /// Ink.
    Dark,
}

impl Theme {
    /// The name in the cookie and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}

/// The theme chosen by whoever asks for the page; none means that the system's preference decides.
#[cfg(feature = "ssr")]
pub(crate) fn theme_of_request() -> Option<Theme> {
    #[cfg(feature = "ssr")]
    return crate::server::cookie_of_request(THEME_COOKIE)
        .as_deref()
        .and_then(Theme::parse);
    #[cfg(not(feature = "ssr"))]
    return None;
}

/// Counts the changes of the colours, whoever made them: what is drawn (charts) draws again.
#[derive(Clone, Copy, Debug)]
pub struct Appearance(pub RwSignal<u32>);

/// Provides the count of changes of colours; call once, at the root.
pub(crate) fn provide_appearance() {
    let appearance = Appearance(RwSignal::new(0));
    provide_context(appearance);
    Effect::new(move |_| browser::follow_system(appearance));
}

/// Remembers a language or a theme; the language also as that of whoever is signed in. What is empty or unknown stays
/// as it is. Works as a plain form.
#[server(prefix = "/api/app", endpoint = "preference/set", output = leptos::server_fn::codec::Postcard)]
pub async fn set_preference(
    /// `zh-CN` or `en`.
    #[server(default)]
    lang: String,
    /// `light` or `dark`.
    #[server(default)]
    theme: String,
) -> Result<(), AppError> {
    if let Some(locale) = words::language(&lang) {
        let name = words::name_of(locale);
        crate::server::set_preference_cookie(words::LANGUAGE_COOKIE, name);
        if let Ok((operations, scope)) = crate::server::asking() {
            answer(operations.set_language(&scope, name).await)?;
        }
    }
    if let Some(theme) = Theme::parse(&theme) {
        crate::server::set_preference_cookie(THEME_COOKIE, theme.as_str());
    }
    Ok(())
}

/// Shows the page in a language and remembers it, on this device and for whoever is signed in.
pub(crate) fn choose_language(i18n: Words, locale: Locale, signed_in: bool) {
    browser::remember(words::LANGUAGE_COOKIE, words::name_of(locale));
    browser::set_on_page("lang", words::name_of(locale));
    i18n.set_locale(locale);
    if signed_in {
        spawn_local(async move {
            // The cookie holds the choice on this device even when the server was not reached.
            drop(set_preference(words::name_of(locale).to_owned(), String::new()).await);
        });
    }
}

/// Shows the page in a theme and remembers it on this device.
pub(crate) fn choose_theme(appearance: Option<Appearance>, theme: Theme) {
    browser::remember(THEME_COOKIE, theme.as_str());
    browser::set_on_page("data-theme", theme.as_str());
    if let Some(appearance) = appearance {
        appearance.0.update(|count| *count += 1);
    }
}

/// 中 / EN: two buttons of a plain form that act at once where there is script.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let signed_in = crate::frame::use_me().is_some();
    let button = move |locale: Locale, sign: &'static str| {
        let pressed = move || {
            if i18n.get_locale() == locale {
                "true"
            } else {
                "false"
            }
        };
        let choose = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            choose_language(i18n, locale, signed_in);
        };
        view! {
            <button
                name="lang"
                value=words::name_of(locale)
                lang=words::name_of(locale)
                // What is written on it comes first: whoever speaks to the page says what they read.
                aria-label=if is_chinese(locale) { "中文" } else { "EN, English" }
                aria-pressed=pressed
                on:click=choose
            >
                {sign}
            </button>
        }
    };
    view! {
        <form
            class="lang"
            method="post"
            action="/api/app/preference/set"
            role="group"
            aria-label=t!(i18n, frame.language)
        >
            {button(Locale::zh_CN, "中")}
            {button(Locale::en, "EN")}
        </form>
    }
}

/// The sun or the moon: whichever the page is not.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let appearance = use_context::<Appearance>();
    let choose = move |theme: Theme| {
        move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            choose_theme(appearance, theme);
        }
    };
    view! {
        <form class="theme" method="post" action="/api/app/preference/set">
            <button
                class="icb to-dark"
                name="theme"
                value="dark"
                aria-label=t!(i18n, frame.to_dark)
                on:click=choose(Theme::Dark)
            >
                <Icon glyph=Glyph::Moon />
            </button>
            <button
                class="icb to-light"
                name="theme"
                value="light"
                aria-label=t!(i18n, frame.to_light)
                on:click=choose(Theme::Light)
            >
                <Icon glyph=Glyph::Sun />
            </button>
        </form>
    }
}

/// What only the browser can do about it.
#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::{Update, document, on_cleanup, window};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    use super::Appearance;

    /// Writes a cookie that the server reads on the next request.
    pub(super) fn remember(name: &str, value: &str) {
        const YEAR_S: u32 = 365 * 24 * 3600;
        if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
            // Fails only where cookies are forbidden; then the choice holds for this page.
            drop(document.set_cookie(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR_S}")));
        }
    }

    /// Sets an attribute of the document's root.
    pub(super) fn set_on_page(attribute: &str, value: &str) {
        if let Some(root) = document().document_element() {
            // Fails only for malformed names.
            drop(root.set_attribute(attribute, value));
        }
    }

    /// Counts when the system turns light or dark.
    pub(super) fn follow_system(appearance: Appearance) {
        let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else {
            return;
        };
        let heard = Closure::<dyn Fn()>::new(move || {
            let _gone = appearance.0.try_update(|count| *count += 1);
        });
        query.set_onchange(Some(heard.as_ref().unchecked_ref()));
        let held = send_wrapper::SendWrapper::new((query, heard));
        on_cleanup(move || {
            let (query, _heard) = held.take();
            query.set_onchange(None);
        });
    }
}

/// The server's twin: nothing is pressed there.
#[cfg(not(feature = "hydrate"))]
mod browser {
    pub(super) fn remember(_name: &str, _value: &str) {}
    pub(super) fn set_on_page(_attribute: &str, _value: &str) {}
    pub(super) fn follow_system(_appearance: super::Appearance) {}
}
