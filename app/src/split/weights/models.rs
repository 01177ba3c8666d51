//! Ways of splitting side by side, each with what it would have come to in past quarters.

use domain::backtest::models::{Figure, Figures, MarketUnknown, Model, Models, Preset, SkippedPeriod};
use domain::backtest::{Verdict, Why};
use domain::format::{self, Lang};
use domain::statistics::Interval;
use leptos::prelude::*;

use super::blend::Blend;
use super::load_models;
use crate::error::AppError;
use crate::split::board::Board;
use crate::ui::{Button, ButtonKind, ButtonSize, ErrorView, Skeleton, Standing, Tag, TagKind};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// What the past says of the ways, once somebody looks at them: the strip above the sliders and the table below them show the
/// same.
pub(super) type Loaded = LocalResource<Option<Result<Models, AppError>>>;

/// Asks for the ways of a version from when on `asked` says that anybody looks at them.
pub(super) fn load(board: Board, asked: RwSignal<bool>) -> Loaded {
    let version = board.version();
    LocalResource::new(move || {
        let asked = asked.get();
        async move {
            if asked {
                Some(load_models(version).await)
            } else {
                None
            }
        }
    })
}

/// The presets with their figures; a press sets the sliders.
#[component]
pub(super) fn Presets(
    loaded: Loaded,
    blend: Blend,
    /// Nothing can be set.
    fixed: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="models">
            <h3 class="sm strong">{t!(i18n, weights.models)}</h3>
            {move || match loaded.get() {
                None | Some(None) => view! { <Skeleton /> }.into_any(),
                Some(Some(Ok(models))) => view! { <Table models=models blend=blend fixed=fixed /> }.into_any(),
                Some(Some(Err(error))) => view! { <ErrorView error=error /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Table(models: Models, blend: Blend, fixed: bool) -> impl IntoView {
    let i18n = use_i18n();
    let tested = models.presets.iter().any(|model| model.figures.is_some());
    let best = models.best();
    let chance = format::percent(models.chance);
    let (people, quarters) = (models.people, models.periods.len());
    let advised = models.advised;
    // Only of a way that could be told of otherwise: without any past nothing has figures.
    let unknown = models.market.filter(|_| tested);
    let has_blend = models.presets.iter().any(|model| model.preset == Preset::Blended);
    let rows = models
        .presets
        .into_iter()
        .map(|model| {
            let unknown = unknown.filter(|_| model.preset == Preset::Market && model.figures.is_none());
            view! { <Way model=model best=best unknown=unknown blend=blend fixed=fixed /> }
        })
        .collect_view();
    let skipped = (!models.skipped.is_empty()).then(|| view! { <Skipped periods=models.skipped /> });
    view! {
        {if tested {
            view! {
                <p class="sm muted">
                    {move || t_string!(i18n, weights.rests_on, people = people, quarters = quarters, chance = chance.clone()).to_string()}
                </p>
            }
                .into_any()
        } else {
            view! { <p class="sm muted">{t!(i18n, weights.untested)}</p> }.into_any()
        }}
        <div class="scroll-x" tabindex="0">
            <table class="tb sm">
                <caption class="sr">{t!(i18n, weights.models)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, weights.way)}</th>
                        <th scope="col" class="num" title=t!(i18n, weights.spread_hint)>{t!(i18n, weights.spread)}</th>
                        <th scope="col" class="num" title=t!(i18n, weights.near_hint)>{t!(i18n, weights.near)}</th>
                        <th scope="col" class="num" title=t!(i18n, weights.gini_hint)>{t!(i18n, weights.gini)}</th>
                        <th scope="col" class="num" title=t!(i18n, weights.misplaced_hint)>{t!(i18n, weights.misplaced)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {tested
            .then(|| {
                view! {
                    <p class="sm muted">
                        {move || if best.is_some() { t_string!(i18n, weights.clear) } else { t_string!(i18n, weights.no_difference) }}
                    </p>
                }
            })}
        {(tested && has_blend)
            .then(|| {
                view! {
                    <p class="sm muted">
                        {move || if advised { t_string!(i18n, weights.advised) } else { t_string!(i18n, weights.equal_parts) }}
                    </p>
                }
            })}
        {skipped}
    }
}

/// One way of splitting.
#[component]
fn Way(
    model: Model,
    best: Option<Preset>,
    /// Why it has no figures, where it is the market and too little was known of it.
    unknown: Option<MarketUnknown>,
    blend: Blend,
    fixed: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let Model {
        preset,
        shares,
        figures,
    } = model;
    let verdict = move || {
        let behind = figures.and_then(|figures| figures.behind)?;
        Some(match behind.verdict {
            Verdict::Better => t_string!(
                i18n,
                weights.behind,
                difference = points(behind.difference, behind.interval, lang(i18n.get_locale()))
            )
            .to_string(),
            Verdict::NotSeen => t_string!(i18n, weights.same_as_best).to_string(),
        })
    };
    let mark = (best == Some(preset)).then(|| {
        view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, weights.better)}</Tag> }
    });
    view! {
        <tr data-preset=preset.as_str()>
            <th scope="row">
                <Button kind=ButtonKind::Plain size=ButtonSize::Small disabled=fixed press=move |_| blend.take(&shares)>
                    {move || preset_name(preset, i18n)}
                </Button>
                {mark}
                <p class="sm muted">{verdict}</p>
            </th>
            {match unknown {
                Some(unknown) => {
                    let words = move || unknown_words(unknown, i18n);
                    view! { <td colspan="4" class="sm muted" data-part="market-unknown">{words}</td> }.into_any()
                }
                None => cells(figures).into_any(),
            }}
        </tr>
    }
}

/// Why the market has no score, and that it cannot be the best.
fn unknown_words(unknown: MarketUnknown, i18n: Words) -> String {
    match (unknown.known_from, unknown.quarters) {
        (_, quarters @ 1..) => t_string!(i18n, weights.market_few, quarters = quarters).to_string(),
        (Some(day), _) => {
            let day = format::date(day, lang(i18n.get_locale()));
            t_string!(i18n, weights.market_from, date = day).to_string()
        }
        (None, _) => t_string!(i18n, weights.market_never).to_owned(),
    }
}

/// The figures of a way, each with its interval below.
fn cells(figures: Option<Figures>) -> impl IntoView {
    let cell = |figure: Option<Figure>, write: fn(f64) -> String| {
        let value = figure.map_or_else(|| format::NONE.to_owned(), |figure| write(figure.value));
        // In two lines where the column is narrow.
        let interval = figure.map(|figure| {
            let (low, high) = (write(figure.interval.low), write(figure.interval.high));
            view! {
                <span class="nowrap">{low} " –"</span>
                " "
                <span class="nowrap">{high}</span>
            }
        });
        view! {
            <td class="num">
                <b class="nowrap">{value}</b>
                <br />
                <span class="muted">{interval}</span>
            </td>
        }
    };
    [
        cell(figures.and_then(|figures| figures.spread), format::percent),
        cell(figures.and_then(|figures| figures.near), format::percent),
        cell(figures.and_then(|figures| figures.gini), coefficient),
        cell(figures.map(|figures| figures.misplaced), format::percent),
    ]
    .into_iter()
    .collect_view()
}

/// Quarters that were not split, and why.
#[component]
fn Skipped(periods: Vec<SkippedPeriod>) -> impl IntoView {
    let i18n = use_i18n();
    let count = periods.len();
    let rows = periods
        .into_iter()
        .map(|SkippedPeriod { period, why }| {
            let words = move || match why {
                Why::NoPast => t_string!(i18n, weights.skipped_no_past),
                Why::NotKnown => t_string!(i18n, weights.skipped_unknown),
                Why::NotTwoPeople => t_string!(i18n, weights.skipped_people),
                Why::NoTotal => t_string!(i18n, weights.skipped_total),
            };
            view! {
                <li>
                    {move || format::period(&period, lang(i18n.get_locale()))}
                    " · "
                    {words}
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="sm muted">
            <summary>{move || t_string!(i18n, weights.skipped, count = count).to_string()}</summary>
            <ul>{rows}</ul>
        </details>
    }
}

/// What a way is called.
pub(in crate::split) fn preset_name(preset: Preset, words: Words) -> &'static str {
    match preset {
        Preset::Equal => t_string!(words, weights.preset_equal),
        Preset::History => t_string!(words, weights.preset_history),
        Preset::HistoryCapability => t_string!(words, weights.preset_history_capability),
        Preset::Market => t_string!(words, weights.preset_market),
        Preset::Blended => t_string!(words, weights.preset_blended),
    }
}

/// From where to where a figure lies.
pub(in crate::split) fn between(interval: Interval, write: fn(f64) -> String) -> String {
    format!("{} – {}", write(interval.low), write(interval.high))
}

/// A difference of shares with its interval.
fn points(difference: f64, interval: Interval, lang: Lang) -> String {
    format::noted(
        &format::percent(difference),
        &between(interval, format::percent),
        lang,
    )
}

/// A coefficient from 0 to 1.
fn coefficient(value: f64) -> String {
    format!("{value:.2}")
}
