//! What the palette offers on every page: the places and their screens, the two languages, the two themes, and the way out.

use leptos::prelude::*;

use super::Place;
use super::screens::Screen;
use crate::preference::{Appearance, Theme, choose_language, choose_theme};
use crate::session::{go_afresh, sign_out};
use crate::sign_in;
use crate::ui::{Command, Commands, Glyph, Toast, use_toasts, words_of};
use crate::words::{Locale, Words, t_string, td_string, use_i18n};

/// Something that can be done anywhere.
struct Action {
    name: fn(Locale) -> &'static str,
    /// Its Chinese name as it is typed on a keyboard, whole and by first letters.
    pinyin: &'static str,
    glyph: Glyph,
    run: Callback<()>,
}

/// Puts places, screens and actions into the palette, in the language of the page.
pub(super) fn offer(commands: Commands, places: Signal<Vec<Place>>, screens: Signal<Vec<Screen>>) {
    let i18n = use_i18n();
    let go = leptos_router::hooks::use_navigate();
    let actions = actions(i18n);
    Effect::new(move |_| {
        let locale = i18n.get_locale();
        let other = if locale == Locale::en {
            Locale::zh_CN
        } else {
            Locale::en
        };
        let called = |name: fn(Locale) -> &'static str, pinyin: &str| {
            (name(locale).to_owned(), format!("{} {pinyin}", name(other)))
        };
        let mut named: Vec<Command> = places.with(|places| {
            let place = |place: &Place| {
                let (go, href) = (go.clone(), place.href);
                let (label, also) = called(place.name, place.pinyin);
                Command {
                    label,
                    also,
                    glyph: place.glyph,
                    letter: Some(place.letter),
                    run: Callback::new(move |()| go(href, leptos_router::NavigateOptions::default())),
                }
            };
            places.iter().map(place).collect()
        });
        screens.with(|screens| {
            named.extend(screens.iter().map(|screen| {
                let (go, href) = (go.clone(), screen.href);
                let (label, also) = called(screen.name, screen.pinyin);
                Command {
                    label,
                    also,
                    glyph: screen.glyph,
                    letter: None,
                    run: Callback::new(move |()| go(href, leptos_router::NavigateOptions::default())),
                }
            }));
        });
        named.extend(actions.iter().map(|action| {
            let (label, also) = called(action.name, action.pinyin);
            Command {
                label,
                also,
                glyph: action.glyph,
                letter: None,
                run: action.run,
            }
        }));
        commands.places.set(named);
    });
}

fn actions(i18n: Words) -> [Action; 5] {
    let appearance = use_context::<Appearance>();
    let toasts = use_toasts();
    let language = move |locale| Callback::new(move |()| choose_language(i18n, locale, true));
    let theme = move |theme| Callback::new(move |()| choose_theme(appearance, theme));
    let leave = move |()| {
        leptos::task::spawn_local(async move {
            match sign_out().await {
                Ok(()) => go_afresh(sign_in::PATH),
                Err(error) => {
                    toasts.show(Toast::refused(
                        t_string!(i18n, frame.sign_out),
                        words_of(&error, i18n),
                    ));
                }
            }
        });
    };
    [
        Action {
            name: |_| "中文",
            pinyin: "zhongwen zw chinese",
            glyph: Glyph::Globe,
            run: language(Locale::zh_CN),
        },
        Action {
            name: |_| "English",
            pinyin: "英文 yingwen yw",
            glyph: Glyph::Globe,
            run: language(Locale::en),
        },
        Action {
            name: |locale| td_string!(locale, frame.to_dark),
            pinyin: "shense ss",
            glyph: Glyph::Moon,
            run: theme(Theme::Dark),
        },
        Action {
            name: |locale| td_string!(locale, frame.to_light),
            pinyin: "qianse qs",
            glyph: Glyph::Sun,
            run: theme(Theme::Light),
        },
        Action {
            name: |locale| td_string!(locale, frame.sign_out),
            pinyin: "tuichudenglu tcdl",
            glyph: Glyph::Leave,
            run: Callback::new(leave),
        },
    ]
}
