//! How the outlook was reckoned, how well that went on history held back, and what can and cannot be concluded: in words.

use domain::format;
use domain::money::Minor;
use domain::outlook::{Accuracy, Note, Outlook};
use leptos::prelude::*;

use crate::ui::{Glyph, Icon, IconSize};
use crate::words::{Words, is_chinese, lang, t, t_string, use_i18n};

/// The card.
#[component]
pub(super) fn Card(outlook: Outlook) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(outlook.planning.currency.clone());
    let methods = outlook.detail.methods.clone();
    let accuracy = outlook.detail.accuracy;
    let festival = outlook.detail.festival;
    let notes = outlook.detail.notes.clone();
    let is_made = !methods.is_empty() && outlook.months > outlook.known;
    let left_out: i64 = outlook
        .detail
        .left_out
        .iter()
        .map(|(_, amount)| amount.0)
        .fold(0, i64::saturating_add);
    let about = is_made.then(|| {
        view! {
            <p class="sm">{move || made(&methods, i18n)}</p>
            <p class="sm" data-said="accuracy">{move || tried(accuracy, i18n)}</p>
            {accuracy
                .is_some_and(|accuracy| accuracy.is_narrow())
                .then(|| view! { <p class="sm" data-said="narrow">{t!(i18n, outlook.narrow)}</p> })}
            {festival.map(|festival| {
                let percent = format::percent_change(festival);
                view! {
                    <p class="sm" data-said="festival">
                        {move || t_string!(i18n, outlook.festival, percent = percent.clone()).to_string()}
                    </p>
                }
            })}
        }
    });
    let notes = notes
        .into_iter()
        .map(|note| {
            view! {
                <li class="row base sm" data-note=key(note)>
                    <Icon glyph=Glyph::Warning size=IconSize::Small />
                    <span>{move || words(note, i18n)}</span>
                </li>
            }
        })
        .collect_view();
    let left_out = (left_out != 0).then(|| {
        view! {
            <p class="sm muted">
                {move || {
                    let amount = currency
                        .with_value(|currency| format::compact(Minor(left_out), currency, lang(i18n.get_locale())));
                    t_string!(i18n, outlook.note_left_out, amount = amount).to_string()
                }}
            </p>
        }
    });
    view! {
        <section class="card" data-card="method">
            <header>
                <h2>{t!(i18n, outlook.method)}</h2>
            </header>
            <div class="stack">
                {about} <ul class="stack">{notes}</ul> {left_out}
            </div>
        </section>
    }
}

/// What the forecast is made of.
fn made(methods: &[(String, f64)], i18n: Words) -> String {
    let mut names: Vec<&'static str> = Vec::new();
    for (method, _) in methods {
        let name = method_name(method, i18n);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match methods {
        [_] => t_string!(
            i18n,
            outlook.method_one,
            name = names.first().copied().unwrap_or_default()
        )
        .to_string(),
        _ => {
            let join = if is_chinese(i18n.get_locale()) {
                "、"
            } else {
                ", "
            };
            let count = methods.len();
            t_string!(i18n, outlook.method_many, count = count, names = names.join(join)).to_string()
        }
    }
}

fn method_name(method: &str, i18n: Words) -> &'static str {
    if method.contains("theta") {
        t_string!(i18n, outlook.method_theta)
    } else if method.starts_with("ets") {
        t_string!(i18n, outlook.method_ets)
    } else if method.contains("naive") {
        t_string!(i18n, outlook.method_naive)
    } else if method.starts_with("mean") {
        t_string!(i18n, outlook.method_mean)
    } else if ["croston", "syntetos", "teunter"]
        .iter()
        .any(|demand| method.starts_with(demand))
    {
        t_string!(i18n, outlook.method_demand)
    } else {
        t_string!(i18n, outlook.method_linear)
    }
}

/// How well the same methods did on what they had not seen.
fn tried(accuracy: Option<Accuracy>, i18n: Words) -> String {
    let Some(accuracy) = accuracy else {
        return t_string!(i18n, outlook.untried).to_owned();
    };
    let head = t_string!(
        i18n,
        outlook.tried,
        tries = accuracy.tries,
        ahead = accuracy.ahead
    )
    .to_string();
    let mut parts = Vec::new();
    if let Some(off) = accuracy.off {
        parts.push(t_string!(i18n, outlook.tried_off, percent = format::percent(off)).to_string());
    }
    if let Some(off) = accuracy.year_off {
        parts.push(t_string!(i18n, outlook.tried_year, percent = format::percent(off)).to_string());
    }
    parts.push(
        t_string!(
            i18n,
            outlook.tried_inside,
            months = accuracy.months,
            inside = accuracy.inside
        )
        .to_string(),
    );
    if is_chinese(i18n.get_locale()) {
        format!("{head}{}。", parts.join("，"))
    } else {
        format!("{head} {}.", parts.join(", "))
    }
}

fn key(note: Note) -> &'static str {
    match note {
        Note::NoFacts => "no_facts",
        Note::Nothing => "nothing",
        Note::Short { .. } => "short",
        Note::OneSeason { .. } => "one_season",
        Note::Hole { .. } => "hole",
        Note::Incomplete { .. } => "incomplete",
        Note::OtherCurrency { .. } => "other_currency",
        Note::Seldom => "seldom",
        Note::Old { .. } => "old",
        Note::Over => "over",
        Note::Far { .. } => "far",
    }
}

/// What can and cannot be concluded.
fn words(note: Note, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    match note {
        Note::NoFacts => t_string!(i18n, outlook.note_no_facts).to_owned(),
        Note::Nothing => t_string!(i18n, outlook.note_nothing).to_owned(),
        Note::Short { months } => t_string!(i18n, outlook.note_short, months = months).to_string(),
        Note::OneSeason { months } => t_string!(i18n, outlook.note_one_season, months = months).to_string(),
        Note::Hole { from, months } => {
            let month = format::month(from, lang);
            t_string!(i18n, outlook.note_hole, months = months, month = month).to_string()
        }
        Note::Incomplete { month } => {
            let month = format::month(month, lang);
            t_string!(i18n, outlook.note_incomplete, month = month).to_string()
        }
        Note::OtherCurrency { rows } => t_string!(i18n, outlook.note_other_currency, rows = rows).to_string(),
        Note::Seldom => t_string!(i18n, outlook.note_seldom).to_owned(),
        Note::Old { last, months } => {
            let date = format::date(last, lang);
            t_string!(i18n, outlook.note_old, date = date, months = months).to_string()
        }
        Note::Over => t_string!(i18n, outlook.note_over).to_owned(),
        Note::Far { months } => t_string!(i18n, outlook.note_far, months = months).to_string(),
    }
}
