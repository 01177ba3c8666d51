//! The door: sign in with e-mail and password, or look around in the sample company.
//!
//! It is a page of plain forms that the server makes; the program is not started there, only fetched ahead, and is there
//! when the first page inside is. So the door opens at once, also on a slow line, and none of it is in the program.

#[cfg(feature = "ssr")]
pub mod door;

use crate::track::address::with;
#[cfg(feature = "ssr")]
pub use door::SignInPage;

/// The way to the door from a page inside: it comes from the server.
#[cfg(not(feature = "ssr"))]
#[leptos::component]
pub fn SignInPage() -> impl leptos::prelude::IntoView {
    crate::session::go_afresh(PATH);
}

/// The address of the door.
pub(crate) const PATH: &str = "/sign-in";

/// The address of the door for whom the session ended on a page: it leads back there.
pub(crate) fn and_back() -> String {
    let location = leptos::prelude::window().location();
    match (location.pathname(), location.search()) {
        (Ok(path), Ok(search)) => with(PATH, "", "next", Some(&format!("{path}{search}"))),
        _ => PATH.to_owned(),
    }
}
