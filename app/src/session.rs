//! Who is looking at the page: asked once per page load, shared by everything below.

use domain::access::Role;
#[cfg(feature = "ssr")]
use domain::calendar::Day;
use domain::people::Me;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::error::answer;
use crate::wire::Packed;

/// Who is looking at the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Somebody who is signed in.
    Known {
        /// Who, and what they need everywhere.
        me: Box<Me>,
        /// How the page travels.
        line: Line,
        /// The number of the last change this page may already show.
        heard: i64,
    },
    /// Nobody yet.
    Unknown(Threshold),
}

/// What the door shows to people it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// Whether there is an owner of one's own; without one, the one-time link leads to set-up.
    pub set_up: bool,
    /// Roles of the sample company one can enter as without a password; from the machine itself only.
    pub demo_roles: Vec<Role>,
    /// How the page travels.
    pub line: Line,
}

/// How the page travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Encrypted, or it never leaves the machine.
    Safe,
    /// Plain http over a network: a banner says what that means.
    Plain,
}

/// Who is looking, as found when the server began to render the page; it travels with the page.
///
/// It is a value and not a resource: what would wait for it is the whole page, and pages create resources of their own,
/// which must not happen inside a suspended view (the server can wait for those forever, leptos #4866).
#[derive(Clone, Copy)]
pub struct Session(StoredValue<Result<Who, AppError>>);

impl Session {
    /// Who is looking.
    pub fn who(self) -> Result<Who, AppError> {
        self.0.get_value()
    }
}

/// Provides who is looking to everything below; call once, at the root.
pub(crate) fn provide_session() {
    let found = SharedValue::<_, Packed>::new_with_encoding(of_request).into_inner();
    provide_context(Session(StoredValue::new(found)));
}

#[cfg(feature = "ssr")]
fn of_request() -> Result<Who, AppError> {
    crate::server::looking()
}

/// The page always carries it; without it there is no page to speak of.
#[cfg(not(feature = "ssr"))]
fn of_request() -> Result<Who, AppError> {
    Err(AppError::Internal {
        reference: "NO-SESSION".to_owned(),
    })
}

/// Who is looking at a page or asks for one.
#[cfg(feature = "ssr")]
pub async fn look(
    operations: &operations::Operations,
    scope: Option<&operations::Scope>,
    arrival: crate::server::Arrival,
) -> Result<Who, AppError> {
    use crate::server::{Encryption, Origin};
    let line = if arrival.encryption == Encryption::Off && arrival.origin == Origin::Network {
        Line::Plain
    } else {
        Line::Safe
    };
    if let Some(scope) = scope {
        let heard = answer(operations.last_event(scope).await)?;
        let me = Box::new(answer(operations.me(scope).await)?);
        return Ok(Who::Known { me, line, heard });
    }
    Ok(Who::Unknown(Threshold {
        set_up: answer(operations.is_set_up().await)?,
        demo_roles: answer(operations.demo_roles(arrival.origin.loopback()).await)?,
        line,
    }))
}

/// Who is looking at the page.
#[server(prefix = "/api/app", endpoint = "session/who", input = Json, output = Postcard)]
pub async fn who_is_looking() -> Result<Who, AppError> {
    let operations = crate::server::operations()?;
    look(
        &operations,
        crate::server::scope().ok().as_ref(),
        crate::server::arrival(),
    )
    .await
}

/// Signs in and answers where to go on. Works as a plain form.
#[server(prefix = "/api/app", endpoint = "session/sign_in", output = Postcard)]
pub async fn sign_in(
    /// What one signs in with.
    #[server(default)]
    email: String,
    /// The password.
    #[server(default)]
    password: String,
    /// Where to go on: a path of ours.
    #[server(default)]
    next: String,
) -> Result<String, AppError> {
    let operations = crate::server::operations()?;
    let previous = crate::server::previous_session();
    let session = answer(operations.sign_in(&email, &password, previous.as_deref()).await)
        .inspect_err(|_| crate::server::remember_email_at_the_door(&email))?;
    Ok(enter(&session, &next))
}

/// Enters the sample company in a role, from the machine itself. Works as a plain form.
#[server(prefix = "/api/app", endpoint = "session/sign_in_demo", output = Postcard)]
pub async fn sign_in_demo(
    /// The role's wire name.
    #[server(default)]
    role: String,
    /// Where to go on: a path of ours.
    #[server(default)]
    next: String,
) -> Result<String, AppError> {
    let operations = crate::server::operations()?;
    let previous = crate::server::previous_session();
    let role = Role::parse(&role).ok_or(AppError::NotFound)?;
    let session = operations
        .sign_in_demo(role, crate::server::loopback(), previous.as_deref())
        .await;
    Ok(enter(&answer(session)?, &next))
}

/// Ends the session. Works as a plain form.
#[server(prefix = "/api/app", endpoint = "session/sign_out", output = Postcard)]
pub async fn sign_out() -> Result<(), AppError> {
    if let Some(token) = crate::server::previous_session() {
        answer(crate::server::operations()?.sign_out(&token).await)?;
    }
    crate::server::clear_session_cookie();
    crate::server::lead_to(crate::sign_in::PATH);
    Ok(())
}

/// Chooses the business date; an empty one goes back to the clock. Works as a plain form.
#[server(prefix = "/api/app", endpoint = "organization/set_business_date", output = Postcard)]
pub async fn set_business_date(
    /// `YYYY-MM-DD` or nothing.
    #[server(default)]
    day: String,
) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    let chosen = if day.is_empty() {
        None
    } else {
        Some(Day::parse_iso(&day).ok_or_else(|| AppError::Refused {
            code: "malformed_day".to_owned(),
            zh: format!("「{day}」不是日期，请写成 2026-01-31。"),
            en: format!("“{day}” is not a day; write it as 2026-01-31."),
            field: Some("day".to_owned()),
        })?)
    };
    answer(operations.set_business_date(&scope, chosen).await.map(drop))
}

/// Hands over the session and answers the path to go on to.
#[cfg(feature = "ssr")]
pub(crate) fn enter(session: &operations::NewSession, next: &str) -> String {
    crate::server::begin_session(session);
    let next = path_of_ours(next).to_owned();
    crate::server::lead_to(&next);
    next
}

/// A path of this site, whatever was asked for: nobody is led elsewhere by a crafted link.
#[cfg(any(feature = "ssr", test))]
pub(crate) fn path_of_ours(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
        && !next.starts_with(crate::sign_in::PATH)
        && !next.starts_with("/api/");
    if ours { next } else { "/" }
}

/// Goes to a path with a fresh page: after a change of who is looking nothing of the old page may stay.
#[cfg(feature = "hydrate")]
pub(crate) fn go_afresh(path: &str) {
    // Fails only for malformed addresses.
    drop(window().location().assign(path));
}

/// The server sends a redirect instead.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn go_afresh(_path: &str) {}

#[cfg(test)]
mod tests {
    use super::path_of_ours;

    #[test]
    fn nobody_is_led_elsewhere() {
        for path in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "",
            "/a\nb",
            "/api/app/x",
        ] {
            assert_eq!(path_of_ours(path), "/", "{path:?}");
        }
        assert_eq!(path_of_ours("/split?plan=1"), "/split?plan=1");
    }
}
