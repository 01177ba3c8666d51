//! Pages, and other views, whose program is fetched when they are first opened.

/// Declares `lazily`, which shows a view of a part of the program, and `fetched`, which waits for that part.
///
/// What belongs to one part must be declared by this very line: the name of a part is made of it.
macro_rules! lazy_view {
    ($shown_by:expr, part = $part:ident) => {
        /// The view, as soon as its part of the program is there.
        #[leptos::lazy($part)]
        pub(crate) fn lazily() -> leptos::prelude::AnyView {
            leptos::prelude::IntoAny::into_any(($shown_by)())
        }

        /// Waits for the part of the program.
        pub(crate) async fn fetched() {
            #[cfg(target_arch = "wasm32")]
            __preload_lazily().await;
        }
    };
}

/// Declares a page that is a lazy route, shown by a function, and the part of the program it belongs to.
///
/// Nothing is made before that part is there, also no `Resource`: what fetches and reads a page's data would otherwise be
/// code of the first program, which everybody waits for. At the first visit the server has put the data into the page
/// anyway. Pages that are used by the same people one after the other share a part: what two parts need becomes a file of
/// its own, so that many parts would be very many small files.
///
/// With `needs` the page is for those who may do what it is there for; the others are told so.
macro_rules! lazy_page {
    ($page:ident, $shown_by:path, part = $part:ident, needs = $permission:ident) => {
        $crate::page::lazy_page!(
            $page,
            || $crate::reserved::reserved(domain::access::Permission::$permission, || {
                leptos::prelude::IntoAny::into_any($shown_by())
            }),
            part = $part
        );
    };
    ($page:ident, $shown_by:expr, part = $part:ident) => {
        /// The page.
        #[derive(Clone)]
        pub(crate) struct $page;

        impl leptos_router::LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            async fn view(_page: Self) -> leptos::prelude::AnyView {
                let (page, ()) = futures::join!(lazily(), $crate::assets::page_style());
                page
            }

            async fn preload() {
                futures::join!(fetched(), $crate::assets::page_style());
            }
        }

        $crate::page::lazy_view!($shown_by, part = $part);
    };
}

pub(crate) use {lazy_page, lazy_view};
