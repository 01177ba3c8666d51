//! The heat map of the season: as it was, and in the planned year's calendar.

use domain::baseline::{Season, SeasonYear};
use domain::calendar::Month;
use domain::format;
use leptos::prelude::*;

use crate::track::address::month_records;
use crate::ui::{Choice, Segment};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Steps of shade of the heat map.
const SHADES: f64 = 8.0;

/// The season.
#[component]
pub(super) fn SeasonCard(season: Season) -> impl IntoView {
    let i18n = use_i18n();
    let adjusted = RwSignal::new(true);
    let choices = Signal::derive(move || {
        vec![
            Choice::new("adjusted", t_string!(i18n, baseline.season_adjusted)),
            Choice::new("raw", t_string!(i18n, baseline.season_raw)),
        ]
    });
    let value = Signal::derive(move || if adjusted.get() { "adjusted" } else { "raw" }.to_owned());
    let season = StoredValue::new(season);
    view! {
        <section class="card w6">
            <header>
                <h2>{t!(i18n, baseline.season)}</h2>
                <span class="sm muted">{t!(i18n, baseline.season_hint)}</span>
                <span class="end">
                    <Segment
                        label=t!(i18n, baseline.season)
                        choices=choices
                        value=value
                        on_pick=Callback::new(move |of: String| adjusted.set(of == "adjusted"))
                    />
                </span>
            </header>
            {move || season.with_value(|season| heat_map(season, adjusted.get(), i18n))}
            <p class="sm muted">{move || season.with_value(|season| season_words(season, adjusted.get(), i18n))}</p>
        </section>
    }
}

/// A table, so that it can be read and copied; shade and number say the same, the other number is beside it.
fn heat_map(season: &Season, adjusted: bool, i18n: Words) -> impl IntoView + use<> {
    let lang = lang(i18n.get_locale());
    let start = season.start;
    let heads = (0..12)
        .map(|step| view! { <th scope="col" class="num">{format::month_short(start.plus(step), lang)}</th> })
        .collect_view();
    let row = |name: String, first: Option<Month>, shown: Vec<Option<f64>>, other: Vec<Option<f64>>| {
        let cells = shown
            .into_iter()
            .zip(other)
            .zip(0..)
            .map(|((shown, other), step)| {
                cell(first.map(|first| first.plus(step)), shown, other, adjusted, i18n)
            })
            .collect_view();
        view! {
            <tr class=first.is_none().then_some("used")>
                <th scope="row">{name}</th>
                {cells}
            </tr>
        }
    };
    let pair = |raw: Vec<Option<f64>>, of: Vec<Option<f64>>| if adjusted { (of, raw) } else { (raw, of) };
    let rows = season
        .years
        .iter()
        .cloned()
        .map(|of| {
            let SeasonYear {
                year,
                first,
                raw,
                adjusted,
            } = of;
            let (shown, other) = pair(raw, adjusted);
            row(year, Some(first), shown, other)
        })
        .collect_view();
    let list = |of: &Option<Vec<f64>>| -> Vec<Option<f64>> {
        of.as_ref()
            .map_or_else(|| vec![None; 12], |of| of.iter().copied().map(Some).collect())
    };
    let used = season.used.is_some().then(|| {
        let (shown, other) = pair(list(&season.raw), list(&season.used));
        row(
            t_string!(i18n, baseline.season_used).to_owned(),
            None,
            shown,
            other,
        )
    });
    view! {
        <div class="scroll-x" tabindex="0">
            <table class="season">
                <thead>
                    <tr>
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    {used}
                </tbody>
            </table>
        </div>
    }
}

/// A month's ratio, which opens its records; the other figure is its title.
fn cell(
    month: Option<Month>,
    shown: Option<f64>,
    other: Option<f64>,
    adjusted: bool,
    i18n: Words,
) -> impl IntoView + use<> {
    let title = other.map(|other| both(other, adjusted, i18n));
    let class = shown.map_or_else(
        || "heat none".to_owned(),
        |ratio| {
            let shade = ((ratio / 2.0).clamp(0.0, 1.0) * SHADES).round() as u8;
            format!("heat h{shade}")
        },
    );
    let number = shown.map(|ratio| format!("{ratio:.2}"));
    let inside = match (month, number) {
        (Some(month), Some(number)) => {
            view! { <a href=month_records(&month.to_string())>{number}</a> }.into_any()
        }
        (_, number) => number.into_any(),
    };
    view! {
        <td class=class title=title>
            {inside}
        </td>
    }
}

/// The number that is not shown.
fn both(other: f64, adjusted: bool, i18n: Words) -> String {
    let name = if adjusted {
        t_string!(i18n, baseline.season_raw)
    } else {
        t_string!(i18n, baseline.season_adjusted)
    };
    format!("{name} {other:.2}")
}

/// What the numbers are, and what they rest on.
fn season_words(season: &Season, adjusted: bool, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let mut words = Vec::new();
    if adjusted {
        words.push(t_string!(i18n, baseline.season_days).to_owned());
        // Where the history has no festival, none was aligned.
        if let Some(festival) = season.festival.filter(|_| !season.festivals.is_empty()) {
            let days: Vec<String> = season
                .festivals
                .iter()
                .map(|day| format::date(*day, lang))
                .collect();
            let planned = format::date(festival, lang);
            let days = days.join(lang.pick("、", ", "));
            words.push(t_string!(i18n, baseline.season_festival, days = days, planned = planned).to_string());
        }
    } else {
        words.push(t_string!(i18n, baseline.season_as_was).to_owned());
    }
    words.push(if season.used.is_some() {
        t_string!(i18n, baseline.season_rests, months = season.months).to_string()
    } else {
        t_string!(i18n, baseline.season_short).to_owned()
    });
    words.join(lang.pick("", " "))
}
