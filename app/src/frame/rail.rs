//! The rail of the desktop and the bottom tabs of the phone.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Group, OnPhone, Place, is_at};
use crate::ui::{Icon, IconSize};
use crate::words::{t, use_i18n};

/// Tabs a phone has room for.
const TABS: usize = 5;

/// The mark of Attain: a bar with its pace mark.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 28 28" aria-hidden="true">
            <rect class="ground" width="28" height="28" rx="7" />
            <rect class="mark" x="6" y="12" width="16" height="4" rx="1" opacity=".32" />
            <rect class="mark" x="6" y="12" width="9" height="4" rx="1" />
            <rect class="mark" x="17.5" y="7" width="2" height="14" rx=".8" />
        </svg>
    }
}

/// The rail: the loop in its order, below it what feeds it.
#[component]
pub fn Rail(places: Signal<Vec<Place>>) -> impl IntoView {
    let i18n = use_i18n();
    let of = move |group: Group| {
        move || {
            places.with(|places| {
                places
                    .iter()
                    .filter(|place| place.group == group)
                    .map(|place| view! { <Way place=*place /> })
                    .collect_view()
            })
        }
    };
    let ground = move || places.with(|places| places.iter().any(|place| place.group == Group::Ground));
    view! {
        <aside class="rail">
            <a href="/" class="brand" aria-label=t!(i18n, frame.brand)>
                <Mark />
            </a>
            <nav aria-label=t!(i18n, frame.loop_name)>
                {of(Group::Loop)} {move || ground().then(|| view! { <hr /> })} {of(Group::Ground)}
            </nav>
        </aside>
    }
}

/// The tabs at the bottom of a phone.
#[component]
pub fn BottomTabs(places: Signal<Vec<Place>>) -> impl IntoView {
    let i18n = use_i18n();
    let tabs = move || {
        places.with(|places| {
            places
                .iter()
                .filter(|place| place.on_phone == OnPhone::Tab)
                .take(TABS)
                .map(|place| view! { <Way place=*place /> })
                .collect_view()
        })
    };
    view! {
        <nav class="tabs-bottom" aria-label=t!(i18n, frame.loop_name)>
            {tabs}
        </nav>
    }
}

/// A link to a place that knows when it is there.
#[component]
fn Way(place: Place) -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    view! {
        <a href=place.href aria-current=move || path.with(|path| is_at(&place, path)).then_some("page")>
            <Icon glyph=place.glyph size=IconSize::Large />
            {move || (place.name)(i18n.get_locale())}
        </a>
    }
}
