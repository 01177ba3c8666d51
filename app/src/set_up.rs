//! First run: where to start, and who owns this installation. Opened by the one-time link; works as plain forms.

mod choices;
mod typed;

use choices::{ZONES, currencies, months};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use typed::Typed;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::error::answer;
use crate::page::lazy_page;
use crate::session::{SignInDemo, go_afresh};
use crate::ui::{
    Button, ButtonKind, ButtonSize, ButtonType, Choice, ErrorView, Field, FieldKind, Glyph, Icon, IconSize,
    Select,
};
use crate::welcome::{Loop, Welcome};
use crate::wire::{fetch, loaded};
use crate::words::{t, t_string, use_i18n};

/// How far the first run has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstRun {
    /// There is an owner: sign in.
    Done,
    /// The link is missing, used up or too old.
    NeedsLink,
    /// The link is good.
    Ready {
        /// Whether the sample company can be entered from here.
        sample: Sample,
        /// What was typed at a try that was refused.
        typed: Typed,
    },
}

/// Whether the sample company can be entered from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// Yes: it is loaded, and this is the machine itself.
    Open,
    /// No.
    Closed,
}

/// How far the first run has come, for the holder of a link.
#[server(prefix = "/api/app", endpoint = "set_up/state", input = Json)]
pub async fn first_run_state(
    /// The secret of the one-time link; may be empty.
    link: String,
) -> Result<FirstRun, AppError> {
    let operations = crate::server::operations()?;
    if answer(operations.is_set_up().await)? {
        return Ok(FirstRun::Done);
    }
    if !answer(operations.is_set_up_link(&link).await)? {
        return Ok(FirstRun::NeedsLink);
    }
    let roles = answer(operations.demo_roles(crate::server::loopback()).await)?;
    let sample = if roles.is_empty() {
        Sample::Closed
    } else {
        Sample::Open
    };
    let typed = Typed::kept();
    Ok(FirstRun::Ready { sample, typed })
}

/// Makes the organization and its owner, and signs the owner in; answers where to go on. Works as a plain form.
#[server(prefix = "/api/app", endpoint = "set_up/set_up")]
pub async fn set_up(
    /// The secret of the one-time link.
    #[server(default)]
    link: String,
    /// Where to go on: `import` or `blank`.
    #[server(default)]
    start: String,
    /// What the organization is called.
    #[server(default)]
    organization_name: String,
    /// What the owner is called.
    #[server(default)]
    owner_name: String,
    /// What the owner signs in with.
    #[server(default)]
    email: String,
    /// The owner's password.
    #[server(default)]
    password: String,
    /// ISO 4217 code.
    #[server(default)]
    currency: String,
    /// Month the fiscal year starts in, 1 to 12.
    #[server(default)]
    fiscal_start_month: u8,
    /// IANA name.
    #[server(default)]
    zone: String,
) -> Result<String, AppError> {
    let language = crate::words::name_of(crate::server::language()).to_owned();
    let typed = Typed {
        organization: organization_name.clone(),
        name: owner_name.clone(),
        email: email.clone(),
        fiscal_start_month,
        currency: currency.clone(),
        zone: zone.clone(),
    };
    let wanted = operations::SetUp {
        organization_name,
        owner_name,
        email,
        password,
        currency,
        fiscal_start_month,
        zone,
        language,
    };
    let session =
        answer(crate::server::operations()?.set_up(&link, wanted).await).inspect_err(|_| typed.keep())?;
    Ok(crate::session::enter(&session, next_page(&start)))
}

/// The page a start leads to.
#[cfg(feature = "ssr")]
fn next_page(start: &str) -> &'static str {
    match start {
        "import" => "/data/import",
        "blank" => "/admin/people",
        _ => "/",
    }
}

lazy_page!(SetUpPage, page, part = own);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    // Whoever pastes the whole link means the part behind `link=`.
    let link = Memo::new(move |_| {
        let given = query.with(|query| query.get("link").unwrap_or_default());
        given.rsplit("link=").next().unwrap_or_default().trim().to_owned()
    });
    let state = fetch(move || link.get(), first_run_state);
    let start = Memo::new(move |_| query.with(|query| query.get("start").unwrap_or_default()));
    view! {
        <Title text=t!(i18n, door.welcome) />
        <Welcome>
            <div class="first-run">
                <section>
                    <h1>{t!(i18n, door.slogan)}</h1>
                    <p class="lead soft">{t!(i18n, door.lead)}</p>
                    <Transition fallback=|| ()>
                        {loaded(state, move |found| {
                            let start = start.get();
                                match found {
                                    Ok(FirstRun::Done) => view! { <Owned /> }.into_any(),
                                    Ok(FirstRun::NeedsLink) => view! { <NeedsLink link=link.get_untracked() /> }.into_any(),
                                    Ok(FirstRun::Ready { sample, .. }) if start.is_empty() => {
                                        view! { <Starts link=link.get_untracked() sample=sample /> }.into_any()
                                    }
                                    Ok(FirstRun::Ready { typed, .. }) => {
                                        view! { <OwnerForm link=link.get_untracked() start=start typed=typed /> }.into_any()
                                    }
                                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                                }
                        })}
                    </Transition>
                </section>
                <Loop />
            </div>
        </Welcome>
    }
}

/// The installation has its owner.
#[component]
fn Owned() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="stack">
            <p>{t!(i18n, door.owned)}</p>
            <div>
                <a class=ButtonKind::Primary.class(ButtonSize::Normal) href="/sign-in">
                    {t!(i18n, door.sign_in)}
                </a>
            </div>
        </div>
    }
}

/// Says where the link is, and takes it by hand; a link that was given and does not hold is said so.
#[component]
fn NeedsLink(link: String) -> impl IntoView {
    let i18n = use_i18n();
    let given = !link.is_empty();
    let wrong = move || given.then(|| t_string!(i18n, door.link_wrong).to_owned());
    view! {
        <form method="get" action="/set-up" class="stack">
            <p>{t!(i18n, door.needs_link)}</p>
            <Field
                label=t!(i18n, door.link)
                name="link"
                value=link
                hint=t!(i18n, door.link_hint)
                error=Signal::derive(wrong)
                required=true
            />
            <div>
                <Button kind=ButtonKind::Primary r#type=ButtonType::Submit>
                    {t!(i18n, door.go_on)}
                </Button>
            </div>
        </form>
    }
}

/// The three ways to start.
#[component]
fn Starts(link: String, sample: Sample) -> impl IntoView {
    let i18n = use_i18n();
    let enter = ServerAction::<SignInDemo>::new();
    Effect::new(move |_| {
        if let Some(Ok(path)) = enter.value().get() {
            go_afresh(&path);
        }
    });
    let to = move |start: &str| format!("/set-up?link={link}&start={start}");
    let (import, blank) = (to("import"), to("blank"));
    view! {
        <h2 class="ask">{t!(i18n, door.where_to_start)}</h2>
        <div class="starts">
            {(sample == Sample::Open)
                .then(|| {
                    view! {
                        <ActionForm action=enter>
                            <input type="hidden" name="role" value="planner" />
                            <button class="start first" aria-busy=move || enter.pending().get().then_some("true")>
                                <span class="oi">
                                    <Icon glyph=Glyph::Play size=IconSize::Large />
                                </span>
                                <span class="grow">
                                    <b>{t!(i18n, door.start_sample)}</b>
                                    <span class="muted">{t!(i18n, door.start_sample_hint)}</span>
                                </span>
                                <span class="go">
                                    {t!(i18n, door.start_sample_time)} <Icon glyph=Glyph::Right />
                                </span>
                            </button>
                        </ActionForm>
                    }
                })}
            <a class="start" href=import>
                <span class="oi">
                    <Icon glyph=Glyph::Upload size=IconSize::Large />
                </span>
                <span class="grow">
                    <b>{t!(i18n, door.start_import)}</b>
                    <span class="muted">{t!(i18n, door.start_import_hint)}</span>
                </span>
                <span class="go">{t!(i18n, door.start_import_time)} <Icon glyph=Glyph::Right /></span>
            </a>
            <a class="start" href=blank>
                <span class="oi">
                    <Icon glyph=Glyph::People size=IconSize::Large />
                </span>
                <span class="grow">
                    <b>{t!(i18n, door.start_blank)}</b>
                    <span class="muted">{t!(i18n, door.start_blank_hint)}</span>
                </span>
                <span class="go">{t!(i18n, door.start_blank_time)} <Icon glyph=Glyph::Right /></span>
            </a>
        </div>
        {move || enter.value().get().and_then(Result::err).map(|error| view! { <ErrorView error=error /> })}
    }
}

/// Who owns this installation, and what its numbers mean.
#[component]
fn OwnerForm(link: String, start: String, typed: Typed) -> impl IntoView {
    let i18n = use_i18n();
    let make = ServerAction::<SetUp>::new();
    Effect::new(move |_| {
        if let Some(Ok(path)) = make.value().get() {
            go_afresh(&path);
        }
    });
    let busy = move || make.pending().get() || matches!(make.value().get(), Some(Ok(_)));
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            let error = make.value().get().and_then(Result::err)?;
            (error.field() == Some(field)).then(|| crate::ui::words_of(&error, i18n))
        })
    };
    let other = move || {
        make.value()
            .get()
            .and_then(Result::err)
            .filter(|error| !error.field().is_some_and(|field| SHOWN.contains(&field)))
            .map(|error| view! { <ErrorView error=error /> })
    };
    let back = format!("/set-up?link={link}");
    let chosen = |typed: String, usual: &str| if typed.is_empty() { usual.to_owned() } else { typed };
    let month = typed.fiscal_start_month.max(1).to_string();
    let currency = chosen(typed.currency, "CNY");
    let zone = chosen(typed.zone, "Asia/Shanghai");
    view! {
        <ActionForm action=make>
            <div class="owner">
                <input type="hidden" name="link" value=link />
                <input type="hidden" name="start" value=start />
                <Field
                    label=t!(i18n, door.organization)
                    name="organization_name"
                    value=typed.organization
                    autocomplete="organization"
                    error=wrong("organization_name")
                    required=true
                />
                <Field
                    label=t!(i18n, door.your_name)
                    name="owner_name"
                    value=typed.name
                    autocomplete="name"
                    error=wrong("owner_name")
                    required=true
                />
                <Field
                    label=t!(i18n, door.email)
                    name="email"
                    value=typed.email
                    kind=FieldKind::Email
                    autocomplete="username"
                    error=wrong("email")
                    required=true
                />
                <Field
                    label=t!(i18n, door.password)
                    name="password"
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    hint=t!(i18n, door.password_hint)
                    error=wrong("password")
                    required=true
                />
                <Select
                    label=t!(i18n, door.fiscal_year)
                    name="fiscal_start_month"
                    choices=Signal::derive(move || months(i18n.get_locale()))
                    value=Signal::stored(month)
                />
                <Select
                    label=t!(i18n, door.currency)
                    name="currency"
                    choices=Signal::derive(move || currencies(i18n.get_locale()))
                    value=Signal::stored(currency)
                />
                <Select
                    label=t!(i18n, door.zone)
                    name="zone"
                    choices=Signal::stored(ZONES.iter().map(|zone| Choice::new(*zone, *zone)).collect::<Vec<_>>())
                    value=Signal::stored(zone)
                />
                <div class="whole stack">
                    {other}
                    <div class="row">
                        <Button kind=ButtonKind::Primary r#type=ButtonType::Submit busy=Signal::derive(busy)>
                            {t!(i18n, door.make)}
                        </Button>
                        <a class=ButtonKind::Quiet.class(ButtonSize::Normal) href=back>
                            {t!(i18n, door.back)}
                        </a>
                    </div>
                </div>
            </div>
        </ActionForm>
    }
}

/// Fields that show what is wrong with them themselves.
const SHOWN: [&str; 4] = ["organization_name", "owner_name", "email", "password"];
