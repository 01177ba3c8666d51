//! What a page and a server function know about the request they answer. Server only.
//!
//! The layer of crate `server` puts [`operations::Operations`] and `Option<Scope>` into the request's extensions;
//! leptos provides the request's head as context. Everything here reads from there.

use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use operations::{Loopback, NewSession, Operations, Scope, clock};

use crate::error::AppError;
use crate::session::Who;
use crate::sign_in;
use crate::words::{self, Locale};

/// How the request arrived, as the server's layer found it; by default the careful answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// Whether the connection is encrypted (also by a proxy that says so and is trusted).
    pub encryption: Encryption,
    /// Whether it comes from the machine itself.
    pub origin: Origin,
}

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// TLS.
    On,
    /// Plain http: the cookie has no `__Host-` and no `Secure`, and a banner says so.
    #[default]
    Off,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A loopback address.
    Loopback,
    /// Anything else.
    #[default]
    Network,
}

impl Origin {
    /// As the use cases call it.
    pub(crate) fn loopback(self) -> Loopback {
        match self {
            Self::Loopback => Loopback::Yes,
            Self::Network => Loopback::No,
        }
    }
}

/// Who is looking at a page, put into the request's extensions before the page is rendered.
#[derive(Clone, Debug)]
pub struct Looking(pub Result<Who, AppError>);

/// The language of the signed-in person, put into the request's extensions by the server's layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLanguage(pub String);

/// The use cases.
pub fn operations() -> Result<Operations, AppError> {
    extension::<Operations>()
        .or_else(use_context::<Operations>)
        .ok_or_else(|| AppError::Internal {
            reference: "NO-STATE".to_owned(),
        })
}

/// Who is looking at the page that is rendered.
pub(crate) fn looking() -> Result<Who, AppError> {
    extension::<Looking>().map_or_else(
        || {
            Err(AppError::Internal {
                reference: "NO-STATE".to_owned(),
            })
        },
        |looking| looking.0,
    )
}

/// Who asks; [`AppError::SignIn`] when nobody is signed in.
pub fn scope() -> Result<Scope, AppError> {
    extension::<Option<Scope>>().flatten().ok_or(AppError::SignIn)
}

/// The use cases and who asks: the first line of most server functions.
pub fn asking() -> Result<(Operations, Scope), AppError> {
    Ok((operations()?, scope()?))
}

/// How the request arrived; the careful answer when the server does not say.
pub fn arrival() -> Arrival {
    extension::<Arrival>().unwrap_or_default()
}

/// The language of this request: cookie, then the person's, then what the browser accepts.
pub fn language() -> Locale {
    let headers = use_context::<Parts>().map(|parts| parts.headers);
    let Some(headers) = headers else {
        return Locale::zh_CN;
    };
    cookie(&headers, words::LANGUAGE_COOKIE)
        .as_deref()
        .and_then(words::language)
        .or_else(|| extension::<PersonLanguage>().and_then(|language| words::language(&language.0)))
        .unwrap_or_else(|| {
            let accepted = headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            words::accepted(accepted)
        })
}

/// The path of the page that is asked for.
pub(crate) fn path() -> String {
    use_context::<Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned())
}

/// The cookie of the address that was typed at the door: it is asked again after a wrong password, and not typed again.
const DOOR_COOKIE: &str = "door";

/// What was typed as e-mail address at the last try that was refused.
pub(crate) fn email_at_the_door() -> Option<String> {
    cookie_of_request(DOOR_COOKIE).filter(|email| !email.is_empty())
}

/// Keeps what was typed as e-mail address for the door that is shown next.
pub(crate) fn remember_email_at_the_door(email: &str) {
    const LONGEST: usize = 254;
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    if email.len() <= LONGEST && email.bytes().all(plain) {
        keep_shortly(DOOR_COOKIE, sign_in::PATH, email);
    }
}

/// Keeps something for the page at a path that is shown next, for those who sent a plain form. The value is of characters
/// that a cookie may hold.
pub(crate) fn keep_shortly(name: &str, path: &str, value: &str) {
    const MAX_AGE_S: u32 = 120;
    if wants_page() {
        set_cookie(&format!(
            "{name}={value}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={MAX_AGE_S}"
        ));
    }
}

/// The value of a cookie of this request.
pub fn cookie_of_request(name: &str) -> Option<String> {
    cookie(&use_context::<Parts>()?.headers, name)
}

/// The name of the session cookie: `__Host-` needs TLS.
pub fn session_cookie_name(encryption: Encryption) -> &'static str {
    match encryption {
        Encryption::On => "__Host-attain",
        Encryption::Off => "attain",
    }
}

/// Hands the browser a session for as long as it lasts.
pub fn begin_session(session: &NewSession) {
    let max_age_s = (session.expires_at_ms - clock::now_ms()).max(0) / 1000;
    set_session_cookie(&session.token, max_age_s);
}

/// The session this browser had so far.
pub(crate) fn previous_session() -> Option<String> {
    session_token(&use_context::<Parts>()?.headers)
}

/// Whether the request comes from the machine itself.
pub(crate) fn loopback() -> Loopback {
    arrival().origin.loopback()
}

/// Hands the browser a session; `max_age_s` is the absolute lifetime.
pub fn set_session_cookie(token: &str, max_age_s: i64) {
    let encryption = arrival().encryption;
    let secure = match encryption {
        Encryption::On => "; Secure",
        Encryption::Off => "",
    };
    let name = session_cookie_name(encryption);
    set_cookie(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}"
    ));
}

/// Whether the answer is wanted as a page: a form was sent without our script.
pub(crate) fn wants_page() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        parts
            .headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Leads a browser that sent a plain form to a path of ours; our script goes there by itself.
pub(crate) fn lead_to(path: &str) {
    if wants_page() {
        leptos_axum::redirect(path);
    }
}

/// Takes the session away from the browser.
pub fn clear_session_cookie() {
    set_session_cookie("", 0);
}

/// Remembers a harmless choice (language, theme) that the page's script may read.
pub(crate) fn set_preference_cookie(name: &str, value: &str) {
    const YEAR_S: u32 = 365 * 24 * 3600;
    set_cookie(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR_S}"));
}

/// The token of the session cookie of a request, whichever name it has.
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    [Encryption::On, Encryption::Off]
        .into_iter()
        .find_map(|encryption| cookie(headers, session_cookie_name(encryption)))
        .filter(|token| !token.is_empty())
}

fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}

fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<Parts>()?.extensions.get::<T>().cloned()
}

/// The value of a cookie among a request's headers.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then(|| value.to_owned())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("xlang=de; lang=en"));
        headers.append(header::COOKIE, HeaderValue::from_static("attain=abc"));
        assert_eq!(cookie(&headers, "lang").as_deref(), Some("en"));
        assert_eq!(session_token(&headers).as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, "an"), None);
    }

    #[test]
    fn an_emptied_session_is_no_session() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("attain="));
        assert_eq!(session_token(&headers), None);
    }
}
