//! The sum of the own numbers.

use domain::format;
use domain::money::{Currency, Minor};
use domain::questionnaire::BottomUp;
use leptos::prelude::*;

use crate::words::{lang, t, t_string, use_i18n};

/// The sum of the own numbers, beside what is planned from above and what is to be expected.
#[component]
pub fn Sum(
    /// The sum.
    sum: BottomUp,
    /// That of all amounts.
    currency: Currency,
    /// What else is said of it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let (total, proposed, proposals) = (sum.total, sum.proposed, sum.proposals);
    let before = sum.before;
    let missing = sum.filled.len();
    let line = move |name: &'static str, label: String, amount: Minor, against: bool| {
        let apart = (against && amount.0 != 0)
            .then(|| format::percent_change(total.0 as f64 / amount.0 as f64 - 1.0));
        view! {
            <div data-figure=name data-minor=amount.0>
                <dt>{label}</dt>
                <dd>
                    <b>{money(amount)}</b>
                    {apart.map(|apart| view! { " " <span class="sm muted">{t_string!(i18n, questionnaire.apart, percent = apart).to_string()}</span> })}
                </dd>
            </div>
        }
    };
    let lines = move || {
        let mut lines = vec![
            line(
                "proposed",
                t_string!(i18n, questionnaire.proposed, count = proposals).to_string(),
                proposed,
                false,
            )
            .into_any(),
        ];
        if missing > 0 {
            let lang = lang(i18n.get_locale());
            let days = format::range(before.starts_on, before.ends_on, lang);
            let label = t_string!(i18n, questionnaire.filled, count = missing, days = days).to_string();
            lines.push(line("filled", label, sum.filled_total, false).into_any());
        }
        lines.push(
            line(
                "bottom-up",
                t_string!(i18n, questionnaire.bottom_up).to_owned(),
                total,
                false,
            )
            .into_any(),
        );
        if let Some(top_down) = sum.top_down {
            let label = t_string!(i18n, questionnaire.top_down_asked).to_owned();
            lines.push(line("top-down-asked", label, top_down.of_asked, true).into_any());
            let label = if top_down.in_part {
                t_string!(i18n, questionnaire.top_down_reach).to_owned()
            } else {
                t_string!(i18n, questionnaire.top_down).to_owned()
            };
            // Compared only where all of it is carried by those who were asked.
            lines.push(
                line(
                    "top-down",
                    label,
                    top_down.whole,
                    top_down.whole == top_down.of_asked,
                )
                .into_any(),
            );
        }
        if let Some(outlook) = sum.outlook {
            let by_all = outlook.whole == outlook.of_asked;
            if !by_all {
                let label = t_string!(i18n, questionnaire.outlook_asked).to_owned();
                lines.push(line("outlook-asked", label, outlook.of_asked, true).into_any());
            }
            let label = t_string!(i18n, questionnaire.outlook).to_owned();
            lines.push(line("outlook", label, outlook.whole, by_all).into_any());
        }
        lines
    };
    let no_version = sum.top_down.is_none();
    let not_asked = sum.top_down.map_or(0, |top_down| top_down.not_asked);
    let growth = sum
        .proposed_before
        .filter(|before| before.0 > 0)
        .map(|before| format::percent_change(proposed.0 as f64 / before.0 as f64 - 1.0));
    let names = |known: bool| {
        sum.filled
            .iter()
            .filter(|one| one.amount.is_some() == known)
            .map(|one| one.name.clone())
            .collect::<Vec<_>>()
    };
    let (filled, unknown) = (StoredValue::new(names(true)), StoredValue::new(names(false)));
    let listed = move |names: StoredValue<Vec<String>>| {
        names.with_value(|names| names.join(t_string!(i18n, questionnaire.comma)))
    };
    view! {
        <section class="card" data-card="bottom-up">
            <header>
                <h2>{t!(i18n, questionnaire.sum)}</h2>
            </header>
            <dl class="lines">{lines}</dl>
            {growth
                .map(|growth| {
                    view! {
                        <p class="sm">
                            {move || {
                                let days = format::range(before.starts_on, before.ends_on, lang(i18n.get_locale()));
                                t_string!(i18n, questionnaire.growth, percent = growth.clone(), days = days).to_string()
                            }}
                        </p>
                    }
                })}
            <p class="sm" hidden=move || filled.with_value(Vec::is_empty)>
                {move || t_string!(i18n, questionnaire.filled_names, names = listed(filled)).to_string()}
            </p>
            <p class="sm is-behind" hidden=move || unknown.with_value(Vec::is_empty)>
                {move || t_string!(i18n, questionnaire.unknown_names, names = listed(unknown)).to_string()}
            </p>
            <p class="sm muted" hidden=not_asked == 0>
                {move || t_string!(i18n, questionnaire.not_asked, count = not_asked).to_string()}
            </p>
            <p class="sm muted" hidden=!no_version>{t!(i18n, questionnaire.no_top_down)}</p>
            {children.map(|children| children())}
        </section>
    }
}
