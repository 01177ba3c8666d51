//! The frame around every page of somebody who is signed in: rail or bottom tabs, top bar, notices, palette, toasts.

use domain::access::{Permission, Role};
use domain::format::{self, Lang};
use domain::people::Me;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;
use leptos_router::location::Url;

use crate::live::{Connection, provide_live};
use crate::session::{Line, Session, Who, go_afresh, who_is_looking};
use crate::sign_in;
use crate::ui::toast::ToastStack;
use crate::ui::{
    Button, ButtonSize, ErrorView, Glyph, Palette, provide_commands, provide_dialogs, provide_toasts, when,
};
use crate::words::{Locale, t, td_string, use_i18n};
use screens::{SET, first_of_set, screens_of};

pub mod bar;
pub mod bell;
mod commands;
pub mod rail;
pub mod screens;

/// Where one can go: the address, who may, and what it is called. The order is the order of the loop.
#[derive(Clone, Copy)]
pub struct Place {
    /// The address.
    pub href: &'static str,
    /// What the addresses of its pages begin with: there, the place is marked.
    pub root: &'static str,
    /// Its picture.
    pub glyph: Glyph,
    /// The letter after `G`.
    pub letter: char,
    /// Who may; none means everybody.
    pub permission: Option<Permission>,
    /// On which of the two groups of the rail it stands.
    pub group: Group,
    /// Whether a phone shows it in its tabs.
    pub on_phone: OnPhone,
    /// What it is called.
    pub name: fn(Locale) -> &'static str,
    /// Its Chinese name as it is typed on a keyboard, whole and by first letters.
    pub pinyin: &'static str,
}

/// The two groups of the rail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The loop.
    Loop,
    /// What feeds it.
    Ground,
}

/// Whether a phone shows a place in its tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OnPhone {
    /// Yes.
    Tab,
    /// Only in the palette.
    Palette,
}

/// What one is asked oneself: a place for those who are asked something, and for nobody else.
const OWN_QUESTIONNAIRES: &str = "/questionnaire";

/// Every place that exists, in the order of the loop. A page adds its line here.
pub const PLACES: &[Place] = &[
    Place {
        href: "/",
        root: "/",
        glyph: Glyph::Home,
        letter: 'h',
        permission: None,
        group: Group::Loop,
        on_phone: OnPhone::Tab,
        name: |locale| td_string!(locale, frame.home),
        pinyin: "shouye sy",
    },
    Place {
        // Those who may not open the first of its screens are led to the first they may open: see `places_of`.
        href: "/set/baseline",
        root: SET,
        glyph: Glyph::Set,
        letter: 's',
        permission: None,
        group: Group::Loop,
        on_phone: OnPhone::Tab,
        name: |locale| td_string!(locale, frame.set),
        pinyin: "dingbiao db",
    },
    Place {
        href: "/split",
        root: "/split",
        glyph: Glyph::Split,
        letter: 'p',
        permission: Some(Permission::ReadPeople),
        group: Group::Loop,
        on_phone: OnPhone::Palette,
        name: |locale| td_string!(locale, frame.split),
        pinyin: "fenjie fj",
    },
    Place {
        href: "/track",
        root: "/track",
        glyph: Glyph::Track,
        letter: 't',
        permission: Some(Permission::ReadAttainment),
        group: Group::Loop,
        on_phone: OnPhone::Tab,
        name: |locale| td_string!(locale, frame.track),
        pinyin: "genzong gz",
    },
    Place {
        href: "/my-target",
        root: "/my-target",
        glyph: Glyph::Target,
        letter: 'm',
        permission: Some(Permission::Acknowledge),
        group: Group::Loop,
        on_phone: OnPhone::Tab,
        name: |locale| td_string!(locale, frame.my_target),
        pinyin: "wodemubiao wdmb",
    },
    Place {
        href: OWN_QUESTIONNAIRES,
        root: OWN_QUESTIONNAIRES,
        glyph: Glyph::Discuss,
        letter: 'q',
        permission: Some(Permission::Acknowledge),
        group: Group::Loop,
        on_phone: OnPhone::Tab,
        name: |locale| td_string!(locale, frame.questionnaires),
        pinyin: "wenjuan wj",
    },
    Place {
        href: "/data/import",
        root: "/data",
        glyph: Glyph::Data,
        letter: 'd',
        permission: Some(Permission::Import),
        group: Group::Ground,
        on_phone: OnPhone::Palette,
        name: |locale| td_string!(locale, frame.data),
        pinyin: "shuju sj",
    },
    Place {
        href: "/admin/people",
        root: "/admin",
        glyph: Glyph::Admin,
        letter: 'a',
        permission: Some(Permission::ReadPeople),
        group: Group::Ground,
        on_phone: OnPhone::Tab,
        name: |locale| td_string!(locale, frame.people),
        pinyin: "guanli gl",
    },
];

/// The places of a person.
pub fn places_of(me: &Me) -> Vec<Place> {
    let may = |permission: Permission| me.permissions.contains(&permission);
    PLACES
        .iter()
        .filter(|place| place.permission.is_none_or(may) && (place.href != OWN_QUESTIONNAIRES || me.is_asked))
        .filter_map(|place| {
            let href = if place.root == SET {
                first_of_set(may)?
            } else {
                place.href
            };
            Some(Place { href, ..*place })
        })
        .collect()
}

/// Whether a path is at a place.
pub fn is_at(place: &Place, path: &str) -> bool {
    if place.root == "/" {
        path == "/"
    } else {
        path == place.root
            || path
                .strip_prefix(place.root)
                .is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Whoever is signed in, as a signal: it follows the business date and the settings.
#[derive(Clone, Copy, Debug)]
pub struct Person(pub RwSignal<Me>);

/// Whoever is signed in, as of now, for everything below the frame.
pub fn use_me() -> Option<Me> {
    use_context::<Person>().map(|person| person.0.get_untracked())
}

/// Whoever is signed in, followed: for what shows the business date or a setting.
pub fn use_me_signal() -> Option<Signal<Me>> {
    use_context::<Person>().map(|person| person.0.into())
}

/// A moment as the organization's clocks showed it, milliseconds; to be read inside the frame.
fn local_ms(at_ms: i64) -> i64 {
    use_me().map_or(at_ms, |me| me.clocks.local_ms(at_ms))
}

/// A moment as the organization's clocks showed it, as people read it; to be read inside the frame.
pub(crate) fn moment(at_ms: i64, lang: Lang) -> String {
    format::date_time(local_ms(at_ms), lang)
}

/// What a role is called.
pub fn role_name(role: Role, locale: Locale) -> &'static str {
    match role {
        Role::Owner => td_string!(locale, frame.role_owner),
        Role::Planner => td_string!(locale, frame.role_planner),
        Role::Manager => td_string!(locale, frame.role_manager),
        Role::Rep => td_string!(locale, frame.role_rep),
        Role::Viewer => td_string!(locale, frame.role_viewer),
    }
}

/// Lets the known in and leads the others to the door.
#[component]
pub fn Frame() -> impl IntoView {
    match expect_context::<Session>().who() {
        Ok(Who::Known { me, line, heard }) => view! { <Inside me=*me line=line heard=heard /> }.into_any(),
        Ok(Who::Unknown(threshold)) => {
            let location = use_location();
            let path = location.pathname.get_untracked();
            let search = location.search.get_untracked();
            let door = if !threshold.set_up && threshold.demo_roles.is_empty() {
                "/set-up".to_owned()
            } else if path == "/" {
                sign_in::PATH.to_owned()
            } else {
                let search = search.trim_start_matches('?');
                let wish = if search.is_empty() {
                    path
                } else {
                    format!("{path}?{search}")
                };
                format!("{}?next={}", sign_in::PATH, Url::escape(&wish))
            };
            view! { <Redirect path=door /> }.into_any()
        }
        Err(error) => view! {
            <main class="alone">
                <ErrorView error=error />
            </main>
        }
        .into_any(),
    }
}

/// The frame for somebody who is known.
#[component]
fn Inside(me: Me, line: Line, heard: i64) -> impl IntoView {
    let person = Person(RwSignal::new(me.clone()));
    provide_context(person);
    let i18n = use_i18n();
    let toasts = provide_toasts();
    provide_dialogs();
    crate::chart::provide_open_tables();
    let commands = provide_commands();
    let live = provide_live(heard);
    // They change with what one may and with what one is asked.
    let shown = Memo::new(move |_| person.0.with(|me| (me.permissions.clone(), me.is_asked)));
    let places = Signal::derive(move || {
        shown.track();
        person.0.with_untracked(places_of)
    });
    let screens = Signal::derive(move || {
        shown.track();
        person
            .0
            .with_untracked(|me| screens_of(|permission| me.permissions.contains(&permission)))
    });
    commands::offer(commands, places, screens);
    Effect::new(move |before: Option<()>| {
        live.business_date.track();
        live.people.track();
        live.notices.track();
        if before.is_some() {
            look_again(person);
        }
    });
    let plain = line == Line::Plain;
    let demo = me.organization.demo;
    view! {
        <a class="btn skip" href="#main">
            {t!(i18n, frame.skip)}
        </a>
        <div class="app">
            <div class="notices">
                {plain.then(|| view! { <p class="notice">{t!(i18n, frame.plain_line)}</p> })}
                {demo.then(|| view! { <p class="notice quiet">{t!(i18n, frame.demo)}</p> })}
                {when(
                    move || live.outdated.get(),
                    move || {
                        view! {
                            <p class="notice quiet">
                                {t!(i18n, frame.outdated)}
                                <Button size=ButtonSize::Small press=move |_| reload()>
                                    {t!(i18n, frame.reload)}
                                </Button>
                            </p>
                        }
                            .into_any()
                    },
                )}
                {when(
                    move || live.connection.get() == Connection::Lost,
                    move || {
                        view! {
                            <p class="notice quiet" role="status">
                                {t!(i18n, frame.offline)}
                            </p>
                        }
                            .into_any()
                    },
                )}
            </div>
            <rail::Rail places=places />
            <bar::Bar person=person commands=commands />
            <main id="main" tabindex="-1">
                <Outlet />
            </main>
            <rail::BottomTabs places=places />
        </div>
        <Palette commands=commands />
        <ToastStack toasts=toasts />
    }
}

/// Asks again who is looking: the business date, a setting or a right may be another. The page stays as it is, unless
/// nobody is signed in any more.
pub(crate) fn look_again(person: Person) {
    leptos::task::spawn_local(async move {
        match who_is_looking().await {
            Ok(Who::Known { me, .. }) => {
                let _left = person.0.try_set(*me);
            }
            Ok(Who::Unknown(_)) => go_afresh(sign_in::PATH),
            // The notice of the lost connection says it.
            Err(_) => {}
        }
    });
}

/// Fetches the page of the server's present build.
fn reload() {
    #[cfg(feature = "hydrate")]
    // Fails only while the page is already leaving.
    drop(window().location().reload());
}

#[cfg(test)]
mod tests {
    use super::{PLACES, Place, is_at};

    #[test]
    fn a_page_below_a_place_is_at_it() {
        let split = Place {
            href: "/split",
            root: "/split",
            ..PLACES[0]
        };
        assert!(is_at(&split, "/split"));
        assert!(is_at(&split, "/split/1"));
        assert!(!is_at(&split, "/splitter"));
        assert!(is_at(&PLACES[0], "/"));
        assert!(!is_at(&PLACES[0], "/split"));
    }

    #[test]
    fn every_letter_leads_to_one_place() {
        let mut letters: Vec<char> = PLACES.iter().map(|place| place.letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), PLACES.len());
    }
}
