//! The top bar: organization, business date, palette, notices, language, theme, account.

use domain::access::Permission;
use domain::calendar::Day;
use domain::format;
use domain::people::{BusinessDateSource, Me};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;

use super::bell::Bell;
use super::{Person, look_again};
use crate::live::{Connection, use_live};
use crate::preference::{LanguageSwitch, ThemeSwitch};
use crate::session::{SetBusinessDate, SignOut};
use crate::ui::{
    Avatar, Button, ButtonKind, ButtonSize, ButtonType, Commands, ErrorView, Glyph, Icon, IconSize, Menu,
    MenuAlign, when,
};
use crate::words::{lang, t, t_string, use_i18n};

/// The top bar.
#[component]
pub fn Bar(person: Person, commands: Commands) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="bar">
            <span class="pick org" title=move || person.0.with(|me| me.organization.name.clone())>
                <b>{move || person.0.with(|me| me.organization.name.clone())}</b>
            </span>
            <span class="sep desk-only">"/"</span>
            <Today person=person />
            <button type="button" class="seek" aria-haspopup="dialog" on:click=move |_| commands.open.set(true)>
                <Icon glyph=Glyph::Search />
                <span class="grow">{t!(i18n, ui.palette_ask)}</span>
                <kbd>"⌘K"</kbd>
            </button>
            <Bell person=person />
            <LanguageSwitch />
            <ThemeSwitch />
            <Account me=person.0.get_untracked() />
        </header>
    }
}

/// The business date, and for those who may, the way to change it.
#[component]
fn Today(person: Person) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let open = RwSignal::new(false);
    let set = ServerAction::<SetBusinessDate>::new();
    Effect::new(move |_| {
        if set.version().get() > 0 && matches!(set.value().get(), Some(Ok(()))) {
            open.set(false);
            // Otherwise the event stream tells.
            if live.connection.get_untracked() != Connection::Open {
                look_again(person);
            }
        }
    });
    let day = Memo::new(move |_| person.0.with(|me| me.business_date.day));
    let source = Memo::new(move |_| person.0.with(|me| me.business_date.source));
    let may = Memo::new(move |_| {
        source.get() != BusinessDateSource::CommandLine
            && person
                .0
                .with(|me| me.permissions.contains(&Permission::SetBusinessDate))
    });
    let shown = move || {
        view! {
            <Icon glyph=Glyph::Calendar />
            <span class="sr">{t!(i18n, frame.as_of)}</span>
            <span class="day">{move || format::date(day.get(), lang(i18n.get_locale()))}</span>
            {when(
                move || source.get() != BusinessDateSource::Clock,
                move || view! { <span class="tag t-behind">{t!(i18n, frame.set_day)}</span> }.into_any(),
            )}
        }
        .into_any()
    };
    move || {
        if may.get() {
            view! {
                <Menu
                    summary=shown
                    summary_class="pick"
                    label=move || {
                        let day = format::date(day.get(), lang(i18n.get_locale()));
                        format!("{} {day}", t_string!(i18n, frame.business_date))
                    }
                    open=open
                >
                    <ChangeToday day=day source=source set=set />
                </Menu>
            }
            .into_any()
        } else {
            view! {
                <span class="pick" title=t!(i18n, frame.business_date)>
                    {shown()}
                </span>
            }
            .into_any()
        }
    }
}

/// The forms that change the business date; without our script they are plain forms.
#[component]
fn ChangeToday(
    day: Memo<Day>,
    source: Memo<BusinessDateSource>,
    set: ServerAction<SetBusinessDate>,
) -> impl IntoView {
    let i18n = use_i18n();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        set.dispatch(SetBusinessDate {
            day: chosen_day(&event),
        });
    };
    view! {
        <div class="about stack">
            <form class="stack" method="post" action=SetBusinessDate::url() on:submit=send>
                <div class="fld">
                    <label for="field-day">{t!(i18n, frame.business_date)}</label>
                    <input
                        id="field-day"
                        class="input"
                        type="date"
                        name="day"
                        aria-describedby="field-day-note"
                        value=day.get_untracked().to_string()
                        prop:value=move || day.get().to_string()
                    />
                    <p id="field-day-note" class="hint">
                        {t!(i18n, frame.business_date_hint)}
                    </p>
                </div>
                <Button kind=ButtonKind::Primary size=ButtonSize::Small r#type=ButtonType::Submit busy=set.pending()>
                    {t!(i18n, frame.business_date_set)}
                </Button>
            </form>
            {when(
                move || source.get() == BusinessDateSource::Chosen,
                move || {
                    view! {
                        <form method="post" action=SetBusinessDate::url() on:submit=send>
                            <Button size=ButtonSize::Small r#type=ButtonType::Submit>
                                {t!(i18n, frame.business_date_clock)}
                            </Button>
                        </form>
                    }
                        .into_any()
                },
            )}
            {move || set.value().get().and_then(Result::err).map(|error| view! { <ErrorView error=error /> })}
        </div>
    }
}

/// The day that a form sends; empty where it has no field for one.
fn chosen_day(event: &leptos::ev::SubmitEvent) -> String {
    event
        .target()
        .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok())
        .and_then(|form| web_sys::FormData::new_with_form(&form).ok())
        .and_then(|form| form.get("day").as_string())
        .unwrap_or_default()
}

/// Who is signed in, and the way out.
#[component]
fn Account(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let name = me.name.clone();
    let role = move || crate::frame::role_name(me.role, i18n.get_locale());
    view! {
        <Menu
            summary=move || view! { <Avatar name=name.clone() /> }
            summary_class="icb"
            label=t!(i18n, frame.account)
            align=MenuAlign::End
        >
            <div class="about">
                <b>{me.name.clone()}</b>
                <p class="sm muted">{me.email.clone()}</p>
                <p class="sm muted">{role}</p>
            </div>
            <hr />
            <form method="post" action=SignOut::url()>
                <button class="item">
                    <Icon glyph=Glyph::Leave size=IconSize::Normal />
                    {t!(i18n, frame.sign_out)}
                </button>
            </form>
        </Menu>
    }
}
