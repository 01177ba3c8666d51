//! The door as the server makes it.

use domain::access::Role;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

use crate::frame::role_name;
use crate::session::{Line, Session, SignIn, SignInDemo, Threshold, Who, path_of_ours};
use crate::ui::{Button, ButtonKind, ButtonSize, ButtonType, ErrorView, Field, FieldKind};
use crate::welcome::Welcome;
use crate::words::{t, use_i18n};

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=t!(i18n, door.sign_in) />
        <Welcome>
            <div class="door">
                <h1>{t!(i18n, door.sign_in)}</h1>
                {match expect_context::<Session>().who() {
                    Ok(Who::Known { .. }) => view! { <Redirect path=wish() /> }.into_any(),
                    Ok(Who::Unknown(threshold)) => view! { <Door threshold=threshold /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }}
            </div>
        </Welcome>
    }
}

/// Where whoever came to the door wished to go.
fn wish() -> String {
    use_query_map().with_untracked(|query| path_of_ours(&query.get("next").unwrap_or_default()).to_owned())
}

/// The forms of the door.
#[component]
fn Door(threshold: Threshold) -> impl IntoView {
    let i18n = use_i18n();
    let refused = ServerAction::<SignIn>::new()
        .value()
        .get_untracked()
        .and_then(Result::err);
    view! {
        {(threshold.line == Line::Plain).then(|| view! { <p class="notice">{t!(i18n, frame.plain_line)}</p> })}
        <form method="post" action=SignIn::url()>
            <div class="stack">
                <input type="hidden" name="next" value=wish() />
                <Field
                    label=t!(i18n, door.email)
                    name="email"
                    kind=FieldKind::Email
                    value=crate::server::email_at_the_door().unwrap_or_default()
                    autocomplete="username"
                    required=true
                />
                <Field
                    label=t!(i18n, door.password)
                    name="password"
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    required=true
                />
                {refused.map(|error| view! { <ErrorView error=error /> })}
                <Button kind=ButtonKind::Primary size=ButtonSize::Wide r#type=ButtonType::Submit>
                    {t!(i18n, door.sign_in)}
                </Button>
            </div>
        </form>
        {(!threshold.demo_roles.is_empty()).then(|| view! { <Sample roles=threshold.demo_roles.clone() /> })}
        {(!threshold.set_up)
            .then(|| {
                view! {
                    <p class="sm muted">
                        {t!(i18n, door.own_company)} " " <a href="/set-up">{t!(i18n, door.set_up)}</a>
                    </p>
                }
            })}
    }
}

/// Enter the sample company in one of its roles.
#[component]
fn Sample(roles: Vec<Role>) -> impl IntoView {
    let i18n = use_i18n();
    let refused = ServerAction::<SignInDemo>::new()
        .value()
        .get_untracked()
        .and_then(Result::err);
    view! {
        <section class="sample">
            <h2>{t!(i18n, door.sample)}</h2>
            <p class="sm muted">{t!(i18n, door.sample_hint)}</p>
            <div class="row wrap">
                {roles
                    .into_iter()
                    .map(|role| {
                        view! {
                            <form method="post" action=SignInDemo::url()>
                                <input type="hidden" name="role" value=role.as_str() />
                                <input type="hidden" name="next" value=wish() />
                                <Button size=ButtonSize::Small r#type=ButtonType::Submit>
                                    {move || role_name(role, i18n.get_locale())}
                                </Button>
                            </form>
                        }
                    })
                    .collect_view()}
            </div>
            {refused.map(|error| view! { <ErrorView error=error /> })}
        </section>
    }
}
