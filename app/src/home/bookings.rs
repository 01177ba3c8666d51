//! What was signed month by month over the last year: the first thing a planner looks at.

use domain::calendar::Day;
use domain::format;
use domain::money::{Currency, Minor};
use domain::track::Newest;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use serde::{Deserialize, Serialize};

use crate::chart::{Chart, ChartOption};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::error::answer;
use crate::live::use_live;
use crate::track::{NewestDeal, address};
use crate::ui::{ButtonKind, ButtonSize, EmptyState, ErrorView, Glyph, Skeleton};
use crate::wire::{Fetched, Packed, fetch_packed, loaded};
use crate::words::{lang, t, use_i18n};

/// What was signed month by month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookings {
    /// The day up to which deals count.
    pub as_of: Day,
    /// The sum over all months shown.
    pub total: Minor,
    /// How many deals that were.
    pub count: i64,
    /// The currency of every amount.
    pub currency: Currency,
    /// The names of the months.
    pub months: Vec<String>,
    /// The months as bars, targets as marks above them.
    pub chart: ChartOption,
    /// Where these months are without a deal: the newest one before them.
    pub newest: Option<Newest>,
}

/// The bookings of the last twelve months within reach.
#[server(prefix = "/api/app", endpoint = "home/bookings", input = Json, output = Postcard)]
pub async fn monthly_bookings() -> Result<Bookings, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let today = answer(operations.business_date(&scope).await)?;
    let currency = answer(operations.settings(&scope).await)?.currency;
    let months = answer(operations.attainment(&scope, &drawn::question(today)).await)?;
    let mut bookings = drawn::bookings(&months, currency, crate::server::language());
    if bookings.count == 0 {
        bookings.newest = answer(operations.newest(&scope, today).await)?;
    }
    Ok(bookings)
}

/// The bookings on their way.
pub(crate) type Loading = Fetched<Result<Bookings, AppError>, Packed>;

/// Fetches the bookings, and again when what they show has changed.
pub(super) fn load() -> Loading {
    let i18n = use_i18n();
    let live = use_live();
    let source = move || {
        (
            live.facts.get(),
            live.plans.get(),
            live.business_date.get(),
            i18n.get_locale(),
        )
    };
    fetch_packed(source, |_| monthly_bookings())
}

/// The months as a chart, with their sum; without data the way to bring some in.
#[component]
pub(super) fn BookingsCard(bookings: Loading) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card w8">
            <header>
                <h2>{t!(i18n, home.bookings)}</h2>
            </header>
            <Transition fallback=|| view! { <Skeleton lines=8 /> }>
                {loaded(bookings, move |found| match found {
                            Ok(Bookings { newest: Some(newest), .. }) => {
                                view! { <NewestDeal title=t!(i18n, home.quiet) newest=newest /> }.into_any()
                            }
                            Ok(bookings) if bookings.count == 0 => view! { <NoData /> }.into_any(),
                            Ok(bookings) => view! { <Shown bookings=bookings /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        })}
            </Transition>
        </section>
    }
}

#[component]
fn Shown(bookings: Bookings) -> impl IntoView {
    let i18n = use_i18n();
    let Bookings {
        as_of,
        total,
        count,
        currency,
        months,
        chart,
        ..
    } = bookings;
    let full = format::currency(total, &currency);
    let language = move || lang(i18n.get_locale());
    view! {
        <p class="row base wrap">
            <span class="figure" title=full>
                {move || format::compact(total, &currency, language())}
            </span>
            <span class="muted sm">
                {format::integer(count)} " " {if count == 1 { t!(i18n, home.deal) } else { t!(i18n, home.deals) }} <span class="pip"></span> {t!(i18n, home.as_of)} " "
                {move || format::date(as_of, language())}
            </span>
        </p>
        <Chart name="home-bookings" option=Signal::stored(chart) on_click=address::to_month(months) />
    }
}

#[component]
fn NoData() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState
            glyph=Glyph::Upload
            title=t!(i18n, home.no_data)
            body=t!(i18n, home.no_data_hint)
        >
            <a class=ButtonKind::Primary.class(ButtonSize::Normal) href="/data/import">
                {t!(i18n, home.bring_in)}
            </a>
        </EmptyState>
    }
}

#[cfg(feature = "ssr")]
mod drawn;
