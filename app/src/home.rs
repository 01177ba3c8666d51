//! The first page, by role: who plans sees the way round the loop, who carries numbers is led to them.

use domain::access::Role;
use domain::people::Me;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{A, Redirect};

use crate::frame::{PLACES, places_of, use_me};
use crate::ui::{Glyph, Icon, IconSize};
use crate::words::{Locale, t, td_string, use_i18n};

pub mod bookings;
pub mod in_work;

/// Where everybody starts.
#[component]
pub fn HomePage() -> impl IntoView {
    match use_me() {
        Some(me) => match own_start(&me) {
            Some(path) => view! { <Redirect path=path /> }.into_any(),
            None => view! { <Round me=me bookings=bookings::load() work=in_work::load() /> }.into_any(),
        },
        None => ().into_any(),
    }
}

/// The page a role starts with, where it exists.
fn own_start(me: &Me) -> Option<&'static str> {
    let wish = match me.role {
        Role::Owner | Role::Planner => return None,
        Role::Rep => "/my-target",
        Role::Manager | Role::Viewer => "/track",
    };
    PLACES.iter().map(|place| place.href).find(|href| *href == wish)
}

/// What a place is for, in one line.
fn purpose(href: &str, locale: Locale) -> Option<&'static str> {
    Some(match href {
        "/set/baseline" => td_string!(locale, home.baseline),
        "/set/target" => td_string!(locale, home.target),
        "/split" => td_string!(locale, home.split),
        "/track" => td_string!(locale, home.track),
        "/my-target" => td_string!(locale, home.my_target),
        "/data/import" => td_string!(locale, home.import),
        "/admin/people" => td_string!(locale, home.people),
        _ => return None,
    })
}

/// The way round the loop for those who plan.
#[component]
fn Round(me: Me, bookings: bookings::Loading, work: in_work::Loading) -> impl IntoView {
    let i18n = use_i18n();
    let places = StoredValue::new(places_of(&me));
    let alone = places.with_value(|places| {
        places
            .iter()
            .all(|place| purpose(place.href, Locale::en).is_none())
    });
    let organization = me.organization.name.clone();
    view! {
        <Title text=t!(i18n, frame.home) />
        <div class="head">
            <h1>{organization}</h1>
            <span class="muted sm">{t!(i18n, home.lead)}</span>
        </div>
        <div class="content">
            <div class="cards">
            <in_work::InWorkCard work=work />
            <bookings::BookingsCard bookings=bookings />
            <section class="card w4 home-round" hidden=alone>
            <ul class="home-starts">
                {move || {
                    let locale = i18n.get_locale();
                    places
                        .get_value()
                        .into_iter()
                        .filter_map(|place| purpose(place.href, locale).map(|purpose| (place, purpose)))
                        .map(|(place, purpose)| {
                            view! {
                                <li>
                                    <A href=place.href attr:class="start">
                                        <span class="oi">
                                            <Icon glyph=place.glyph size=IconSize::Large />
                                        </span>
                                        <span class="grow">
                                            <b>{(place.name)(locale)}</b>
                                            <span class="muted">{purpose}</span>
                                        </span>
                                        <span class="go">
                                            <Icon glyph=Glyph::Right />
                                        </span>
                                    </A>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            </section>
            </div>
        </div>
    }
}
