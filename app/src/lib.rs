//! All that people see and touch: pages, server functions, words, and the small design system.
//!
//! Compiled twice: with `ssr` into the server, with `hydrate` into the browser's program.

// A page is one type as deep as its nesting, unless it is built with `--cfg erase_components`.
#![recursion_limit = "512"]
#![expect(
    clippy::needless_pass_by_value,
    reason = "the props of a component are its own"
)]

pub mod approval;
pub mod assets;
pub mod baseline;
pub mod capability;
pub mod chart;
pub mod error;
pub mod frame;
pub mod live;
pub mod long_list;
pub mod negotiation;
pub mod outlook;
pub mod preference;
pub mod pulse;
pub mod questionnaire;
pub mod remark;
pub mod scenario;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod set;
pub mod set_up;
pub mod sign_in;
pub mod split;
pub mod staffing;
pub mod target;
pub mod track;
pub mod ui;
pub mod welcome;
pub mod wire;
pub mod words;

#[cfg(feature = "ssr")]
pub mod document;
pub mod home;
pub mod import;
pub mod my_target;
pub mod not_found;
pub mod notice;
pub mod number_on;
mod page;
pub mod people;
mod reserved;
pub mod workbook;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;
use leptos_router::{Lazy, SsrMode};

#[cfg(feature = "ssr")]
pub use document::shell;

/// The whole application: what everything shares, and the route table.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let words = words::provide_words();
    preference::provide_appearance();
    session::provide_session();
    let title = move |page: String| {
        let brand = words::t_string!(words, frame.brand);
        if page.is_empty() {
            brand.to_owned()
        } else {
            format!("{page} | {brand}")
        }
    };
    view! {
        <Title formatter=title text="" />
        <Router>
            <Routes fallback=not_found::NotFound>
                <Route path=path!("/sign-in") view=sign_in::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/set-up") view={Lazy::<set_up::SetUpPage>::new()} ssr=SsrMode::Async />
                // One page a line. Home and Track are where almost everybody goes from the door, so they are in the first
                // program; apart from it they would cost a fifteenth more. All others are lazy:
                // `view={Lazy::<x::XPage>::new()}`.
                <ParentRoute path=path!("") view=frame::Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=home::HomePage ssr=SsrMode::Async />
                    <Route path=path!("/split") view={Lazy::<split::SplitPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/split/workbook") view={Lazy::<workbook::WorkbookPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/split/staffing") view={Lazy::<staffing::StaffingPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/track") view=track::TrackPage ssr=SsrMode::Async />
                    <Route path=path!("/my-target") view={Lazy::<my_target::MyTargetPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/baseline") view={Lazy::<baseline::BaselinePage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/outlook") view={Lazy::<outlook::OutlookPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/capability") view={Lazy::<capability::CapabilityPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/questionnaires") view={Lazy::<questionnaire::QuestionnairesPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/questionnaire") view={Lazy::<questionnaire::OwnQuestionnairesPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/questionnaire/:id") view={Lazy::<questionnaire::QuestionnairePage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/target") view={Lazy::<target::TargetPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/approval") view={Lazy::<approval::ApprovalPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/set/scenarios") view={Lazy::<scenario::ScenariosPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/notices") view={Lazy::<notice::NoticesPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/admin/people") view={Lazy::<people::PeoplePage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/data/import") view={Lazy::<import::ImportPage>::new()} ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
