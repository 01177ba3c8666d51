//! How a number came to be, on the page of who carries it.

use domain::format;
use domain::money::Currency;
use domain::people::actor;
use domain::reason;
use domain::target::Change;
use leptos::prelude::*;

use crate::frame::moment;
use crate::words::{lang, t, t_string, use_i18n};

/// How the number came to be: who changed it, when, by how much, why.
#[component]
pub fn Changes(changes: Vec<Change>, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    (!changes.is_empty()).then(|| {
        view! {
            <section>
                <h2>{t!(i18n, my_target.history)}</h2>
                <ol class="changes">
                    {changes
                        .into_iter()
                        .map(|change| {
                            let who = move || match &change.by {
                                Some(by) => {
                                    let when = moment(change.at_ms, lang(i18n.get_locale()));
                                    t_string!(i18n, my_target.changed_by, by = actor(by, lang(i18n.get_locale())).to_owned(), when = when).to_string()
                                }
                                None => t_string!(i18n, my_target.first_split).to_string(),
                            };
                            let reason = change.reason;
                            let why = move || {
                                let lang = lang(i18n.get_locale());
                                reason.as_deref().map(|stored| {
                                    let words = currency.with_value(|currency| reason::words(stored, lang, currency));
                                    format!("{}{words}", lang.pick("：", ": "))
                                })
                            };
                            let after = currency.with_value(|currency| format::full(change.after, currency));
                            view! {
                                <li class="row between">
                                    <span class="sm">{who} {why}</span>
                                    <span class="num strong">{after}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
            </section>
        }
    })
}
