//! How far the own number has come, on each level that was decided.

use domain::format;
use domain::level::Level;
use domain::money::{Currency, Minor};
use domain::people::actor;
use domain::split::RowLevels;
use leptos::prelude::*;

use crate::error::AppError;
use crate::frame::moment;
use crate::target::written;
use crate::ui::{BarSize, ErrorView, Progress, Share};
use crate::words::{lang, t, t_string, use_i18n};

/// The levels of a number with what was done so far beside each; of a number that has not begun, what they are.
#[component]
pub(super) fn ByLevel(levels: Result<RowLevels, AppError>, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let levels = match levels {
        Ok(levels) => levels,
        Err(error) => return view! { <ErrorView error=error /> }.into_any(),
    };
    let done = levels.done;
    let own = StoredValue::new(levels.own);
    let fault_at = levels.fault_at;
    let fault = levels.fault.map(|fault| {
        move || {
            let lang = lang(i18n.get_locale());
            currency.with_value(|currency| fault.words_at(fault_at.as_deref(), lang, currency))
        }
    });
    let rows = levels
        .rows
        .into_iter()
        .filter_map(|row| {
            let amount = row.amount?;
            let level = row.level;
            let name = move || level.word(lang(i18n.get_locale()));
            let full = currency.with_value(|currency| format::currency(amount, currency));
            // What this number has instead of the plan's ratio: how much, and who set it when.
            let own = own
                .with_value(|own| own.iter().find(|own| own.level == level).cloned())
                .map(|own| {
                    let words = move || {
                        let lang = lang(i18n.get_locale());
                        let value = match own.value {
                            Some(value) => currency.with_value(|currency| written(Some(value), currency)),
                            None => format::NONE.to_owned(),
                        };
                        let (by, when) = (actor(&own.by, lang).to_owned(), moment(own.at_ms, lang));
                        let from = own.from.clone();
                        match from {
                            Some(from) => t_string!(
                                i18n,
                                my_target.level_from,
                                from = from,
                                value = value,
                                by = by,
                                when = when
                            )
                            .to_string(),
                            None => t_string!(i18n, my_target.level_own, value = value, by = by, when = when)
                                .to_string(),
                        }
                    };
                    view! { <p class="sm muted" data-own=level.as_str()>{words}</p> }
                });
            let short = move || {
                currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
            };
            let progress = done.map(|done| {
                let part = share_words(done, amount);
                let said = part.clone();
                let label = move || {
                    let name = level.word(lang(i18n.get_locale()));
                    t_string!(i18n, my_target.level_progress, level = name, part = said.clone()).to_string()
                };
                view! {
                    <Progress
                        done=Signal::stored(Share::of(done.0, amount.0))
                        due=Signal::stored(None)
                        size=BarSize::Small
                        label=label
                    />
                    <span class="sm muted" data-figure="level-part">
                        {part}
                        " · "
                        {move || currency.with_value(|currency| {
                            let missing = Minor(amount.0.saturating_sub(done.0).max(0));
                            let missing = format::compact(missing, currency, lang(i18n.get_locale()));
                            t_string!(i18n, my_target.level_missing, amount = missing).to_string()
                        })}
                    </span>
                }
            });
            Some(view! {
                <li data-level=level.as_str() data-minor=amount.0>
                    <div class="row between">
                        <span class:strong=level == Level::Target>{name}</span>
                        <span class="num strong nowrap" title=full>{short}</span>
                    </div>
                    {progress}
                    {own}
                </li>
            })
        })
        .collect_view();
    let words = move || match done {
        Some(done) => currency.with_value(|currency| {
            let done = format::compact(done, currency, lang(i18n.get_locale()));
            t_string!(i18n, my_target.level_done, amount = done).to_string()
        }),
        None => t_string!(i18n, my_target.level_not_begun).to_owned(),
    };
    view! {
        <section class="card" data-part="levels" data-done=done.map(|done| done.0)>
            <h2>{t!(i18n, my_target.levels_title)}</h2>
            <p class="sm muted">{words}</p>
            {fault.map(|words| view! { <p class="sm is-far" data-figure="level-fault">{words}</p> })}
            <ul class="changes">{rows}</ul>
        </section>
    }
    .into_any()
}

/// Which part of an amount was done.
fn share_words(done: Minor, amount: Minor) -> String {
    if amount.0 > 0 {
        format::percent(done.0 as f64 / amount.0 as f64)
    } else {
        format::NONE.to_owned()
    }
}
