//! What stands around the pages before the frame: the name, language and theme, and the loop as a picture.

use leptos::prelude::*;

use crate::frame::rail::Mark;
use crate::preference::{LanguageSwitch, ThemeSwitch};
use crate::ui::{Glyph, Icon};
use crate::words::{t, use_i18n};

/// A page before the frame.
#[component]
pub fn Welcome(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="welcome">
            <header>
                <a class="name" href="/">
                    <Mark />
                    <b>{t!(i18n, frame.brand)}</b>
                </a>
                <span class="row">
                    <LanguageSwitch />
                    <ThemeSwitch />
                </span>
            </header>
            <main id="main">{children()}</main>
            <footer class="muted sm">{t!(i18n, door.custody)}</footer>
        </div>
    }
}

/// The stations clockwise from the top; where they stand is said in `style/welcome.css`.
const STATIONS: [Glyph; 5] = [Glyph::Set, Glyph::Split, Glyph::Track, Glyph::Act, Glyph::Review];

/// The loop as a picture: five stations, and in the middle the bar with its pace mark.
#[component]
pub fn Loop() -> impl IntoView {
    let i18n = use_i18n();
    let words =
        move |index: usize| match index {
            0 => view! { <b>{t!(i18n, door.loop_set)}</b> <span>{t!(i18n, door.loop_set_hint)}</span> }
                .into_any(),
            1 => view! { <b>{t!(i18n, door.loop_split)}</b> <span>{t!(i18n, door.loop_split_hint)}</span> }
                .into_any(),
            2 => view! { <b>{t!(i18n, door.loop_track)}</b> <span>{t!(i18n, door.loop_track_hint)}</span> }
                .into_any(),
            3 => view! { <b>{t!(i18n, door.loop_act)}</b> <span>{t!(i18n, door.loop_act_hint)}</span> }
                .into_any(),
            _ => view! { <b>{t!(i18n, door.loop_review)}</b> <span>{t!(i18n, door.loop_review_hint)}</span> }
                .into_any(),
        };
    view! {
        <div class="loop" aria-hidden="true">
            <svg viewBox="0 0 440 440">
                {(0..60)
                    .map(|minute| {
                        let long = minute % 5 == 0;
                        view! {
                            <path
                                class=if long { "tick long" } else { "tick" }
                                d=if long { "M220 128v14" } else { "M220 128v8" }
                                transform=format!("rotate({} 220 220)", minute * 6)
                            />
                        }
                    })
                    .collect_view()}
                {(0..5)
                    .map(|station| {
                        view! {
                            <g class=if station == 4 { "way back" } else { "way" } transform=format!("rotate({} 220 220)", station * 72)>
                                <path d="M256.8 87A138 138 0 0 1 335.1 143.9" />
                                <path class="head" d="M-5 -4L1 0L-5 4" transform="translate(335.1 143.9) rotate(56.5)" />
                            </g>
                        }
                    })
                    .collect_view()}
                <rect class="track" x="156" y="216" width="128" height="8" rx="2" />
                <rect class="done" x="156" y="216" width="107" height="8" rx="2" />
                <rect class="due" x="264" y="210" width="2" height="20" />
                <text x="265" y="204" text-anchor="middle">
                    {t!(i18n, door.today)}
                </text>
            </svg>
            {STATIONS
                .iter()
                .enumerate()
                .map(|(index, glyph)| {
                    view! {
                        <span class=format!("node n{index}")>
                            <Icon glyph=*glyph />
                        </span>
                        <span class=format!("label n{index}")>{words(index)}</span>
                    }
                })
                .collect_view()}
        </div>
    }
}
