//! Where the own number is to come from: its lines, by each dimension there is anything of.

use domain::format;
use domain::line::rows::{OwnLine, OwnLines};
use domain::money::Currency;
use leptos::prelude::*;

use crate::error::AppError;
use crate::split::lines::label;
use crate::split::lines::table::named;
use crate::ui::ErrorView;
use crate::words::{Words, lang, t, use_i18n};

/// Lines that are shown at once; the others unfold.
const SHOWN: usize = 5;

/// The lines of a number; nothing where there are none.
#[component]
pub(super) fn ByLine(lines: Result<Vec<OwnLines>, AppError>, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let lines = match lines {
        Ok(lines) if lines.is_empty() => return ().into_any(),
        Ok(lines) => lines,
        Err(error) => return view! { <ErrorView error=error /> }.into_any(),
    };
    let parts = lines
        .into_iter()
        .map(|OwnLines { by, mut lines }| {
            let rest = lines.split_off(SHOWN.min(lines.len()));
            let rest = (!rest.is_empty()).then(|| {
                view! {
                    <details>
                        <summary class="sm">{t!(i18n, my_target.lines_more)}</summary>
                        <ul class="changes">{rows(rest, currency, i18n)}</ul>
                    </details>
                }
            });
            view! {
                <div data-own-lines=by.as_str()>
                    <h3 class="sm muted">{move || label(by, i18n)}</h3>
                    <ul class="changes">{rows(lines, currency, i18n)}</ul>
                    {rest}
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>{t!(i18n, my_target.lines_title)}</h2>
            {parts}
        </section>
    }
    .into_any()
}

fn rows(lines: Vec<OwnLine>, currency: StoredValue<Currency>, i18n: Words) -> impl IntoView {
    lines
        .into_iter()
        .map(|OwnLine { head, amount, set }| {
            let name = move || named(&head, i18n);
            let full = currency.with_value(|currency| format::currency(amount, currency));
            let words = move || {
                let lang = lang(i18n.get_locale());
                currency.with_value(|currency| format::compact(amount, currency, lang))
            };
            let by_hand = set.map(|set| {
                let why = move || {
                    let colon = lang(i18n.get_locale()).pick("：", ": ");
                    set.reason.as_ref().map(|reason| format!("{colon}{reason}"))
                };
                view! {
                    <span class="sm muted">
                        " · " {t!(i18n, lines.by_hand)} {why}
                    </span>
                }
            });
            view! {
                <li class="row between" data-minor=amount.0.to_string()>
                    <span>{name} {by_hand}</span>
                    <span class="num strong nowrap" title=full>{words}</span>
                </li>
            }
        })
        .collect_view()
}
