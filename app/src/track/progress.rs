//! The cards over the ranking: the figure of the period, what is needed, and the months around it.

use domain::format::{self, Scale};
use domain::metric::AttainmentRow;
use domain::money::{Currency, Minor};
use domain::pace;
use domain::track::Board;
use leptos::prelude::*;

use crate::chart::{Chart, ChartOption};
use crate::ui::{BarSize, Progress, Share, Standing, StandingMark};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Standing and text of a row's pace; none without a target.
pub(super) fn pace_of(row: &AttainmentRow) -> Option<(Standing, f64)> {
    let expected = row.expected_by_today?;
    let ratio = pace::ratio(row.actual, expected)?;
    Some((Standing::of_pace_ppm((ratio * 1_000_000.0).round() as i64), ratio))
}

/// Parts of a bar: what is done and what is due, of the target.
pub(super) fn shares(row: &AttainmentRow) -> (Share, Option<Share>) {
    match row.target {
        Some(target) if target.0 > 0 => (
            Share::of(row.actual.0, target.0),
            row.expected_by_today.map(|due| Share::of(due.0, target.0)),
        ),
        _ => (Share(0), None),
    }
}

/// The bar in words with numbers.
pub(super) fn bar_words(row: &AttainmentRow, currency: &Currency, i18n: Words) -> String {
    let mut words = format!(
        "{} {}",
        t_string!(i18n, track.done),
        format::full(row.actual, currency)
    );
    if let Some(target) = row.target {
        words.push_str(&format!(
            ", {} {}",
            t_string!(i18n, track.column_target),
            format::full(target, currency)
        ));
    }
    if let Some(due) = row.expected_by_today {
        words.push_str(&format!(
            ", {}",
            t_string!(i18n, track.expected, amount = format::full(due, currency))
        ));
    }
    words
}

/// Done, target, attainment, pace and gap of the period.
#[component]
pub(super) fn ProgressCard(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let row = board.total.clone();
    let currency = board.currency.clone();
    let largest = Minor(row.actual.0.max(row.target.unwrap_or_default().0));
    let amount = {
        let currency = currency.clone();
        move |amount: Minor| {
            let scale = Scale::column(largest, &currency, lang(i18n.get_locale()));
            format::money_column(amount, &currency, scale)
        }
    };
    let unit = {
        let currency = currency.clone();
        move || Scale::column(largest, &currency, lang(i18n.get_locale())).unit(&currency)
    };
    let (done, due) = shares(&row);
    let pace = pace_of(&row);
    let (actual, target, expected, missing) =
        (row.actual, row.target, row.expected_by_today, board.missing());
    let figure = {
        let amount = amount.clone();
        move || amount(actual)
    };
    let of_target = {
        let (amount, unit) = (amount.clone(), unit.clone());
        move || {
            target.map_or_else(&unit, |target| {
                format!(
                    "{} {}",
                    t_string!(i18n, track.of_target, amount = amount(target)),
                    unit()
                )
            })
        }
    };
    let gap = {
        let (amount, currency) = (amount.clone(), currency.clone());
        move || {
            missing.map_or_else(
                || format::NONE.to_owned(),
                |missing| {
                    let scale = Scale::column(largest, &currency, lang(i18n.get_locale()));
                    format!("{} {}", amount(missing), scale.label())
                        .trim_end()
                        .to_owned()
                },
            )
        }
    };
    let due_words =
        move || expected.map(|due| t_string!(i18n, track.expected, amount = amount(due)).to_string());
    let words = {
        let (row, currency) = (row.clone(), currency.clone());
        move || bar_words(&row, &currency, i18n)
    };
    view! {
        <section class="card w8 progress-card">
            <div class="figures">
                <dl>
                    <dt class="sm muted">{t!(i18n, track.done)}</dt>
                    <dd title=format::full(actual, &currency)>
                        <b class="figure" data-figure="actual" data-minor=actual.0>{figure}</b>
                        <span class="unit">{of_target}</span>
                    </dd>
                </dl>
                <dl>
                    <dt class="sm muted">{t!(i18n, track.attainment)}</dt>
                    <dd><b class="figure s" data-figure="attainment">{format::ratio_percent(row.attainment)}</b></dd>
                </dl>
                <dl>
                    <dt class="sm muted">{t!(i18n, track.pace)}</dt>
                    <dd class="figure s" data-figure="pace">
                        {match pace {
                            Some((standing, ratio)) => {
                                view! { <StandingMark standing=standing>{format::percent(ratio)}</StandingMark> }.into_any()
                            }
                            None => format::NONE.into_any(),
                        }}
                    </dd>
                </dl>
                <dl>
                    <dt class="sm muted">{t!(i18n, track.missing)}</dt>
                    <dd><b class="figure s" data-figure="missing">{gap}</b></dd>
                </dl>
            </div>
            <p class="sm due-words">
                {move || due_words().unwrap_or_else(|| t_string!(i18n, track.no_target).to_string())}
            </p>
            <Progress
                done=Signal::stored(done)
                due=Signal::stored(due)
                size=BarSize::Hero
                standing=Signal::stored(pace.map(|(standing, _)| standing))
                label=words
            />
        </section>
    }
}

/// What is needed from now on.
#[component]
pub(super) fn PaceCard(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let currency = board.currency.clone();
    let needed = board.required_per_day();
    let needed = move || {
        needed.map_or_else(
            || format::NONE.to_owned(),
            |amount| format::compact(amount, &currency, lang(i18n.get_locale())),
        )
    };
    view! {
        <section class="card w4">
            <dl class="lines">
                <div><dt>{t!(i18n, track.needed_per_day)}</dt><dd class="strong">{needed}</dd></div>
                <div><dt>{t!(i18n, track.days_left)}</dt><dd class="strong">{board.working_days_left}</dd></div>
                <div><dt>{t!(i18n, track.deals)}</dt><dd class="strong" data-figure="count">{format::integer(board.total.count)}</dd></div>
            </dl>
        </section>
    }
}

/// The months around the period: what was done, and the mark of each target.
#[component]
pub(super) fn MonthsCard(chart: ChartOption, names: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card">
            <header><h2>{t!(i18n, track.months)}</h2></header>
            <Chart name="track-months" option=Signal::stored(chart) on_click=super::address::to_month(names) />
        </section>
    }
}
