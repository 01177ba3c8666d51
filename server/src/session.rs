//! Who asks: resolved once per request from the session cookie, or below `/api/v1` from a bearer token, and handed on in
//! the request's extensions, where server functions, pages and handlers find it.
//!
//! The cookie is `__Host-attain` over TLS and `attain` on plain http, where browsers refuse the prefix and `Secure`; both
//! are `HttpOnly` and `SameSite=Lax`, hold 256 random bits, and are known to the database by their hash only.

use app::server::{Arrival, Encryption, PersonLanguage, cookie, session_cookie_name};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use operations::{Error, Operations, Scope, SignedIn};

use crate::state::AppState;
use crate::{fault, security};

/// Where no one is asked for: files and health.
const OPEN_TO_ALL: [&str; 3] = ["/pkg/", "/healthz", "/readyz"];

/// Puts the use cases, the scope of whoever asks and their language into the request's extensions.
pub(crate) async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let mut scope: Option<Scope> = None;
    if !OPEN_TO_ALL.iter().any(|open| path.starts_with(open)) {
        let credential = Credential::of(&request);
        match signed_in(&state.operations, credential.as_ref()).await {
            Ok(Some(signed_in)) => {
                if let Some(language) = signed_in.language {
                    request.extensions_mut().insert(PersonLanguage(language));
                }
                scope = Some(signed_in.scope);
            }
            Ok(None) => {}
            Err(error) => return fault::answer(&fault::record(&format!("who asks: {error}"))),
        }
        if let Some(credential) = credential {
            request.extensions_mut().insert(credential);
        }
    }
    request.extensions_mut().insert(scope);
    request.extensions_mut().insert(state.operations);
    next.run(request).await
}

/// What a request shows to be let in.
#[derive(Clone)]
pub(crate) enum Credential {
    /// The value of the session cookie.
    Session(String),
    /// An API token; whoever shows one is not also asked for a cookie.
    Token(String),
}

impl Credential {
    fn of(request: &Request) -> Option<Self> {
        let headers = request.headers();
        if request.uri().path().starts_with("/api/v1/")
            && let Some(token) = security::bearer(headers)
        {
            return Some(Self::Token(token.to_owned()));
        }
        let encryption = request
            .extensions()
            .get::<Arrival>()
            .map_or(Encryption::Off, |arrival| arrival.encryption);
        session(headers, encryption).map(Self::Session)
    }
}

/// The session cookie's value. Over TLS only the prefixed name counts: the other one could have been planted from an
/// unencrypted page.
fn session(headers: &HeaderMap, encryption: Encryption) -> Option<String> {
    cookie(headers, session_cookie_name(encryption)).filter(|token| !token.is_empty())
}

/// Whoever shows the credential; nobody when it is unknown or has ended.
pub(crate) async fn signed_in(
    operations: &Operations,
    credential: Option<&Credential>,
) -> Result<Option<SignedIn>, Error> {
    let found = match credential {
        None => return Ok(None),
        Some(Credential::Session(token)) => operations.scope_of_session(token).await,
        Some(Credential::Token(token)) => operations.scope_of_token(token).await,
    };
    match found {
        Ok(signed_in) => Ok(Some(signed_in)),
        Err(Error::Unauthenticated) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    #[test]
    fn over_tls_only_the_prefixed_cookie_counts() {
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("attain=planted; __Host-attain=real"),
        )]);
        assert_eq!(session(&headers, Encryption::On).as_deref(), Some("real"));
        assert_eq!(session(&headers, Encryption::Off).as_deref(), Some("planted"));
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("attain=planted"))]);
        assert_eq!(session(&headers, Encryption::On), None);
    }
}
