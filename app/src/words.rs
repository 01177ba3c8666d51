//! Words: the language of a page, and the compile-time checked keys (`locales/<language>/<capability>.json`).
//!
//! The language is chosen once, on the server: cookie `lang`, then the person's own language, then what the browser
//! accepts. It travels as `<html lang>`, which is where the browser reads it at hydration.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

// The generated module `i18n`: the keys, and the enum `Locale`.
include!(concat!(env!("OUT_DIR"), "/words/mod.rs"));

pub use i18n::{Locale, td_string};

/// The language of a page, which its words follow.
///
/// `leptos_i18n` has a context of its own. It also finds languages out by headers, cookies and the navigator, none of
/// which decides here, and that would be a fiftieth of what is fetched first.
#[derive(Clone, Copy, Debug)]
pub struct Words(RwSignal<Locale>);

impl Words {
    /// The language, followed.
    pub fn get_locale(self) -> Locale {
        self.0.get()
    }

    /// The language as it is now.
    pub fn get_locale_untracked(self) -> Locale {
        self.0.get_untracked()
    }

    /// Shows the page in another language.
    pub fn set_locale(self, locale: Locale) {
        self.0.set(locale);
    }
}

/// The words of this page.
pub fn use_i18n() -> Words {
    expect_context()
}

/// Words of the page that follow its language: a view, or the value of an attribute or a prop.
///
/// Words without values all have one type: what the renderer generates for it is there once, and not once for each of the
/// hundreds of places that show a word.
macro_rules! t {
    ($i18n:expr, $($key:ident).+) => {
        $crate::words::word($i18n, |locale| $crate::words::td_string!(locale, $($key).+))
    };
    ($i18n:expr, $($key:ident).+, $($values:tt)+) => {
        $crate::words::i18n::td!($i18n.get_locale(), $($key).+, $($values)+)
    };
}

/// Words in the language of the page as a text.
macro_rules! t_string {
    ($i18n:expr, $($rest:tt)+) => {
        $crate::words::td_string!($i18n.get_locale(), $($rest)+)
    };
}

pub(crate) use {t, t_string};

/// A word in the language of the page; what [`t!`] makes.
pub(crate) fn word(
    words: Words,
    read: fn(Locale) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync {
    move || read(words.get_locale())
}

/// The name of the cookie that holds the chosen language.
pub const LANGUAGE_COOKIE: &str = "lang";

/// Whether a language is Chinese: what `zh`/`en` pairs and `domain::format` need to know.
pub fn is_chinese(locale: Locale) -> bool {
    locale == Locale::zh_CN
}

/// The language as `domain::format` knows it.
pub fn lang(locale: Locale) -> domain::format::Lang {
    match locale {
        Locale::zh_CN => domain::format::Lang::ZhCn,
        Locale::en => domain::format::Lang::En,
    }
}

/// The language of a wire name (`zh-CN`, `en`), also where only the first part matches (`zh-Hans-CN`).
pub fn language(name: &str) -> Option<Locale> {
    let first = name.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    match first.as_str() {
        "zh" => Some(Locale::zh_CN),
        "en" => Some(Locale::en),
        _ => None,
    }
}

/// The best of an `Accept-Language` header; Chinese when nothing fits, because it is the first market.
pub fn accepted(header: &str) -> Locale {
    let mut wishes: Vec<(u32, Locale)> = header
        .split(',')
        .filter_map(|wish| {
            let (name, parameters) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = parameters
                .trim()
                .strip_prefix("q=")
                .and_then(|weight| weight.trim().parse::<f32>().ok())
                .unwrap_or(1.0);
            Some(((weight.clamp(0.0, 1.0) * 1000.0) as u32, language(name)?))
        })
        .filter(|(weight, _)| *weight > 0)
        .collect();
    wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wishes.first().map_or(Locale::zh_CN, |(_, locale)| *locale)
}

/// Provides the words to everything below, in the language of the page.
pub(crate) fn provide_words() -> Words {
    let words = Words(RwSignal::new(of_page()));
    provide_context(words);
    words
}

/// The language of the page: what the server decided.
#[cfg(feature = "ssr")]
pub(crate) fn of_page() -> Locale {
    crate::server::language()
}

/// The language of the page: what the server decided.
#[cfg(not(feature = "ssr"))]
pub(crate) fn of_page() -> Locale {
    document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"))
        .and_then(|lang| language(&lang))
        .unwrap_or(Locale::zh_CN)
}

/// A text without the difference of upper and lower case, for searching. The browser knows how; our own tables would be
/// a tenth of what is fetched first.
pub(crate) fn folded(text: &str) -> String {
    #[cfg(feature = "hydrate")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(feature = "hydrate"))]
    return text.to_lowercase();
}

/// A text in capitals.
pub(crate) fn raised(text: &str) -> String {
    #[cfg(feature = "hydrate")]
    return js_sys::JsString::from(text).to_upper_case().into();
    #[cfg(not(feature = "hydrate"))]
    return text.to_uppercase();
}

/// The wire name of a language, as in `lang` attributes.
pub fn name_of(locale: Locale) -> &'static str {
    locale.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(accepted("fr, en;q=0.8, zh-CN;q=0.9"), Locale::zh_CN);
        assert_eq!(accepted("en-GB,en;q=0.9,zh;q=0.3"), Locale::en);
        assert_eq!(accepted("zh-Hans-CN"), Locale::zh_CN);
    }

    #[test]
    fn unknown_and_refused_languages_fall_back_to_chinese() {
        assert_eq!(accepted(""), Locale::zh_CN);
        assert_eq!(accepted("fr, de;q=0.5"), Locale::zh_CN);
        assert_eq!(accepted("en;q=0"), Locale::zh_CN);
    }
}
