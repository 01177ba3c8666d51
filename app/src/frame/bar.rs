//! The top bar: organization, business date, palette, language, theme, account.

use domain::access::Permission;
use domain::people::{BusinessDateSource, Me};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::preference::{LanguageSwitch, ThemeSwitch};
use crate::session::{Session, SetBusinessDate, SignOut};
use crate::ui::{
    Avatar, Button, ButtonKind, ButtonSize, ButtonType, Commands, ErrorView, Field, FieldKind, Glyph, Icon,
    IconSize, Menu, MenuAlign,
};
use crate::words::{t, t_string, use_i18n};

/// The top bar.
#[component]
pub fn Bar(me: Me, commands: Commands) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="bar">
            <span class="pick">
                <b>{me.organization.name.clone()}</b>
            </span>
            <span class="sep desk-only">"/"</span>
            <Today me=me.clone() />
            <button type="button" class="seek" aria-haspopup="dialog" on:click=move |_| commands.open.set(true)>
                <Icon glyph=Glyph::Search />
                <span class="grow">{t!(i18n, ui.palette_ask)}</span>
                <kbd>"⌘K"</kbd>
            </button>
            <LanguageSwitch />
            <ThemeSwitch />
            <Account me=me />
        </header>
    }
}

/// The business date, and for those who may, the way to change it.
#[component]
fn Today(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let session = expect_context::<Session>();
    let set = ServerAction::<SetBusinessDate>::new();
    Effect::new(move |_| {
        if set.version().get() > 0 && matches!(set.value().get(), Some(Ok(()))) {
            session.0.refetch();
        }
    });
    let day = me.business_date.day.to_string();
    let text = day.clone();
    let source = me.business_date.source;
    let may =
        me.permissions.contains(&Permission::SetBusinessDate) && source != BusinessDateSource::CommandLine;
    let shown = move || {
        view! {
            <Icon glyph=Glyph::Calendar />
            <span class="sr">{t!(i18n, frame.as_of)}</span>
            {text.clone()}
            {(source != BusinessDateSource::Clock).then(|| view! { <span class="tag t-behind">{t!(i18n, frame.set_day)}</span> })}
        }
    };
    if !may {
        return view! {
            <span class="pick" title=move || t_string!(i18n, frame.business_date)>
                {shown()}
            </span>
        }
        .into_any();
    }
    view! {
        <Menu summary=shown summary_class="pick" label=move || t_string!(i18n, frame.business_date)>
            <div class="about stack">
                <ActionForm action=set>
                    <div class="stack">
                        <Field
                            label=move || t_string!(i18n, frame.business_date)
                            name="day"
                            kind=FieldKind::Date
                            value=day
                            hint=move || t_string!(i18n, frame.business_date_hint)
                        />
                        <Button kind=ButtonKind::Primary size=ButtonSize::Small r#type=ButtonType::Submit busy=set.pending()>
                            {t!(i18n, frame.business_date_set)}
                        </Button>
                    </div>
                </ActionForm>
                {(source == BusinessDateSource::Chosen)
                    .then(|| {
                        view! {
                            <ActionForm action=set>
                                <Button size=ButtonSize::Small r#type=ButtonType::Submit>
                                    {t!(i18n, frame.business_date_clock)}
                                </Button>
                            </ActionForm>
                        }
                    })}
                {move || set.value().get().and_then(Result::err).map(|error| view! { <ErrorView error=error /> })}
            </div>
        </Menu>
    }
    .into_any()
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
            label=move || t_string!(i18n, frame.account)
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
