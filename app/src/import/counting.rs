//! What counts as bookings: won deals or orders, and which amount of orders.

use domain::metric::{Bookings, OrderAmount, Source};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::live::use_live;
use crate::ui::{Choice, ErrorView, Select, Toast, use_toasts, words_of};
use crate::wire::{fetch, loaded};
use crate::words::{t, t_string, use_i18n};

/// What counts as bookings.
#[server(prefix = "/api/app", endpoint = "import/bookings", input = server_fn::codec::Json)]
pub async fn load_bookings() -> Result<Bookings, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.bookings(&scope).await)
}

/// Chooses what counts as bookings.
#[server(prefix = "/api/app", endpoint = "import/choose-bookings", input = server_fn::codec::Json)]
pub async fn choose_bookings(bookings: Bookings) -> Result<Bookings, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.choose_bookings(&scope, bookings).await)
}

/// The choice.
#[component]
pub(super) fn Counting() -> impl IntoView {
    let live = use_live();
    let present = fetch(move || live.imports.get(), |_| load_bookings());
    view! {
        <Transition fallback=|| ()>
            {loaded(present, move |found| match found {
                    Ok(bookings) => view! { <Choices bookings=bookings /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Choices(bookings: Bookings) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let present = RwSignal::new(bookings);
    // Told anew after a refusal, so that the lists show what holds.
    let choose = move |wanted: Bookings| {
        spawn_local(async move {
            match choose_bookings(wanted).await {
                Ok(chosen) => {
                    present.set(chosen);
                    toasts.show(Toast::done(t_string!(i18n, import.counting_saved)));
                }
                Err(error) => {
                    present.update(|_| ());
                    toasts.show(Toast::refused(
                        t_string!(i18n, import.counting),
                        words_of(&error, i18n),
                    ));
                }
            }
        });
    };
    let pick_from = Callback::new(move |value: String| {
        if let Some(from) = Source::parse(&value) {
            choose(Bookings {
                from,
                ..present.get_untracked()
            });
        }
    });
    let pick_amount = Callback::new(move |value: String| {
        if let Some(order_amount) = OrderAmount::parse(&value) {
            choose(Bookings {
                order_amount,
                ..present.get_untracked()
            });
        }
    });
    let from = Signal::derive(move || present.get().from.as_str().to_owned());
    let amount = Signal::derive(move || present.get().order_amount.as_str().to_owned());
    view! {
        <div class="content">
            <section class="card row wrap import-options" aria-label=move || t_string!(i18n, import.counting)>
                <h2>{t!(i18n, import.counting)}</h2>
                <Select
                    label=move || t_string!(i18n, import.counting_from).to_string()
                    name="bookings_from"
                    choices=Signal::derive(move || vec![
                        Choice::new("deals", t_string!(i18n, import.counting_deals)),
                        Choice::new("orders", t_string!(i18n, import.counting_orders)),
                    ])
                    value=from
                    on_pick=pick_from
                />
                <Select
                    label=move || t_string!(i18n, import.counting_amount).to_string()
                    name="order_amount"
                    choices=Signal::derive(move || vec![
                        Choice::new("net", t_string!(i18n, import.counting_net)),
                        Choice::new("gross", t_string!(i18n, import.counting_gross)),
                    ])
                    value=amount
                    on_pick=pick_amount
                />
                <p class="sm muted">{t!(i18n, import.counting_text)}</p>
            </section>
        </div>
    }
}
