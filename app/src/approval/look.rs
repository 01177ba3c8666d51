//! What others changed since one looked last.

use domain::approval::{Look, Shown};
use domain::format::{self, Scale};
use domain::people::actor;
use leptos::prelude::*;

use super::mark_seen;
use crate::frame::moment;
use crate::ui::{Column, Table};
use crate::words::{lang, t, t_string, use_i18n};

/// What others changed since one looked last.
#[component]
pub(super) fn LookCard(shown: Shown, nudge: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let Shown {
        version,
        head,
        look: Look { at_ms, count, cells },
        currency,
        periods,
        ..
    } = shown;
    let largest = cells
        .iter()
        .map(|seen| seen.before.0.max(seen.after.0))
        .max()
        .unwrap_or_default();
    let currency = StoredValue::new(currency);
    let periods = StoredValue::new(periods);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| {
            Scale::column(domain::money::Minor(largest), currency, lang(i18n.get_locale()))
        })
    });
    let money =
        move |amount| currency.with_value(|currency| format::money_column(amount, currency, scale.get()));
    let columns = Signal::derive(move || {
        let label = scale.get().label();
        let unit = if label.is_empty() {
            currency.with_value(|currency| currency.code.clone())
        } else {
            label.to_owned()
        };
        vec![
            Column::words(t_string!(i18n, split.column_node)),
            Column::words(t_string!(i18n, workbook.period)),
            Column::numbers(t_string!(i18n, approval.was)).in_unit(unit),
            Column::numbers(t_string!(i18n, approval.is)),
            Column::words(t_string!(i18n, approval.changed_by)),
        ]
    });
    let when = move || match at_ms {
        Some(at_ms) => {
            let when = moment(at_ms, lang(i18n.get_locale()));
            t_string!(i18n, approval.looked_at, when = when).to_string()
        }
        None => t_string!(i18n, approval.never_looked).to_owned(),
    };
    let seen = move |_| {
        leptos::task::spawn_local(async move {
            // Where it fails the list stays as it is.
            if mark_seen(version, head).await.is_ok() {
                nudge.update(|count| *count += 1);
            }
        });
    };
    let none = cells.is_empty();
    let rows = cells
        .into_iter()
        .map(|seen| {
            let period = move || {
                periods.with_value(|periods| {
                    let period = periods.get(usize::from(seen.period.0));
                    period.map(|period| format::period(period, lang(i18n.get_locale())))
                })
            };
            let by = seen.by;
            let who = move || {
                let lang = lang(i18n.get_locale());
                format!("{}, {}", actor(&by, lang), moment(seen.at_ms, lang))
            };
            view! {
                <tr class="fresh">
                    <td>{seen.name}</td>
                    <td data-label=move || t_string!(i18n, workbook.period)>{period}</td>
                    <td class="num" data-label=move || t_string!(i18n, approval.was)>{move || money(seen.before)}</td>
                    <td class="num strong" data-label=move || t_string!(i18n, approval.is)>{move || money(seen.after)}</td>
                    <td class="sm muted" data-label=move || t_string!(i18n, approval.changed_by)>{who}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" data-changed=count>
            <header>
                <h2>{t!(i18n, approval.changed)}</h2>
                <span class="sm muted">{when}</span>
                <button type="button" class="btn s end" on:click=seen>{t!(i18n, approval.mark_seen)}</button>
            </header>
            {none.then(|| view! { <p class="muted">{t!(i18n, approval.changed_none)}</p> })}
            {(!none).then(|| view! {
                <div class="stacked">
                    <Table caption=t!(i18n, approval.changed) columns=columns>{rows}</Table>
                </div>
            })}
        </section>
    }
}
