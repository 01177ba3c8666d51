//! My number on a day: what was on record then, what had been answered, and why it was that number. Asked by a plain form, so
//! that it works without wasm and without JavaScript.

use domain::calendar::Day;
use domain::format;
use domain::number_on::{NumberOn, NumbersOn};
use domain::people::actor;
use domain::target::Confirmation;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::frame::moment;
use crate::split::Steps;
use crate::ui::{ErrorView, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// The numbers this person carried on a day.
#[server(prefix = "/api/app", endpoint = "my-target/on", input = server_fn::codec::Json)]
pub async fn load_numbers(day: Day) -> Result<NumbersOn, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.own_numbers_on(&scope, day).await)
}

/// Asks for a day, and shows the numbers of the one in the address.
#[component]
pub(crate) fn MyNumberOn() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let day = Memo::new(move |_| {
        map.with(|map| map.get("on"))
            .and_then(|text| Day::parse_iso(&text))
    });
    let numbers = fetch(
        move || day.get(),
        |day| async move {
            match day {
                Some(day) => load_numbers(day).await.map(Some),
                None => Ok::<_, AppError>(None),
            }
        },
    );
    view! {
        <section class="number-on" data-on=move || day.get().map(|day| day.to_string())>
            <h2>{t!(i18n, number_on.title)}</h2>
            <form method="get" action="/my-target" class="form-line">
                <div class="fld">
                    <label for="field-on">{t!(i18n, number_on.day)}</label>
                    <input
                        id="field-on"
                        class="input"
                        type="date"
                        name="on"
                        required
                        value=day.get_untracked().map(|day| day.to_string())
                    />
                </div>
                <button class="btn" type="submit">{t!(i18n, number_on.show)}</button>
            </form>
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(numbers, move |found| match found {
                        Ok(None) => ().into_any(),
                        Ok(Some(found)) => view! { <Shown found=found own=true /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </section>
    }
}

/// The numbers of a day, each with why it was that number.
#[component]
pub(crate) fn Shown(
    found: NumbersOn,
    /// Whether they are those of who looks.
    own: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let NumbersOn { day, numbers } = found;
    if numbers.is_empty() {
        let text = move || {
            let day = format::date(day, lang(i18n.get_locale()));
            if own {
                t_string!(i18n, number_on.none, day = day).to_string()
            } else {
                t_string!(i18n, number_on.none_of_member, day = day).to_string()
            }
        };
        return view! { <p class="muted">{text}</p> }.into_any();
    }
    numbers
        .into_iter()
        .map(|number| view! { <Number number=number /> })
        .collect_view()
        .into_any()
}

#[component]
fn Number(number: NumberOn) -> impl IntoView {
    let i18n = use_i18n();
    let NumberOn {
        plan_name,
        number: version,
        currency,
        name,
        periods,
        total,
        confirmation,
        published_at_ms,
        published_by,
        why,
        ..
    } = number;
    let currency = StoredValue::new(currency);
    let amount = move || currency.with_value(|currency| format::full(total, currency));
    let about = move || {
        let lang = lang(i18n.get_locale());
        t_string!(
            i18n,
            number_on.about,
            plan = plan_name.clone(),
            version = version,
            by = actor(&published_by, lang).to_owned(),
            when = moment(published_at_ms, lang)
        )
        .to_string()
    };
    let said = move || {
        let lang = lang(i18n.get_locale());
        match &confirmation {
            Confirmation::Open => t_string!(i18n, number_on.open).to_owned(),
            Confirmation::Confirmed { at_ms, by } => t_string!(
                i18n,
                my_target.confirmed_at,
                by = actor(by, lang).to_owned(),
                when = moment(*at_ms, lang)
            )
            .to_string(),
            Confirmation::Countered { at_ms, by, comment } => t_string!(
                i18n,
                my_target.countered_at,
                by = actor(by, lang).to_owned(),
                when = moment(*at_ms, lang),
                comment = comment.clone()
            )
            .to_string(),
        }
    };
    view! {
        <div class="card" data-minor=total.0>
            <p class="row wrap between">
                <span class="strong">{name}</span>
                <b class="nowrap" data-figure="number-on">{amount}</b>
            </p>
            <p class="sm muted">{about}</p>
            <p class="sm">{said}</p>
            <ul class="queue">
                {periods
                    .into_iter()
                    .map(|of| {
                        let period = of.period;
                        view! {
                            <li class="row between">
                                <span class="sm muted">{move || format::period(&period, lang(i18n.get_locale()))}</span>
                                <span class="num">
                                    {move || currency.with_value(|currency| format::full(of.amount, currency))}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <details>
                <summary>{t!(i18n, number_on.why)}</summary>
                <Steps why=why of=None />
            </details>
        </div>
    }
}
