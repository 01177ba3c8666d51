//! Pages whose program is fetched when they are first opened.

/// Declares a page that is a lazy route, shown by a function.
///
/// Nothing is made before the page's own part of the program is there, also no `Resource`: what fetches and reads a page's
/// data would otherwise be code of the first program, which everybody waits for. At the first visit the server has put the
/// data into the page anyway.
macro_rules! lazy_page {
    ($page:ident, $shown_by:path) => {
        /// The page.
        #[derive(Clone)]
        pub(crate) struct $page;

        #[leptos_router::lazy_route]
        impl leptos_router::LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            fn view(page: Self) -> leptos::prelude::AnyView {
                let $page = page;
                leptos::prelude::IntoAny::into_any($shown_by())
            }
        }
    };
}

pub(crate) use lazy_page;
