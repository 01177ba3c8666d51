//! What the palette offers on every page: the places and their screens, the two languages, the two themes, and the way out.

use leptos::prelude::*;

use super::Place;
use super::screens::Screen;
use crate::preference::{Appearance, Theme, choose_language, choose_theme};
use crate::session::{go_afresh, sign_out};
use crate::sign_in;
use crate::ui::{Command, Commands, Glyph, Toast, use_toasts, words_of};
use crate::words::{Locale, Words, t_string, td_string, use_i18n};

/// What something is called, and its Chinese name as it is typed on a keyboard.
type Named = (fn(Locale) -> &'static str, &'static str);

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
        // One list of plain values, so that the program of the first page is small.
        let lead = |href: &'static str| {
            let go = go.clone();
            Callback::new(move |()| go(href, leptos_router::NavigateOptions::default()))
        };
        let mut all: Vec<(Named, Glyph, Option<char>, Callback<()>)> = Vec::new();
        for place in places.get() {
            all.push((
                (place.name, place.pinyin),
                place.glyph,
                Some(place.letter),
                lead(place.href),
            ));
        }
        for screen in screens.get() {
            all.push((
                (screen.name, screen.pinyin),
                screen.glyph(),
                None,
                lead(screen.href),
            ));
        }
        for action in &actions {
            all.push(((action.name, action.pinyin), action.glyph, None, action.run));
        }
        let named = all
            .into_iter()
            .map(|((name, pinyin), glyph, letter, run)| Command {
                label: name(locale).to_owned(),
                also: [name(other), " ", pinyin].concat(),
                glyph,
                letter,
                run,
            });
        commands.places.set(named.collect());
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
