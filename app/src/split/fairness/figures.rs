//! The figures of a plan that was judged: level and spread apart, then what they are made of.

use domain::fairness::{Breach, Figure, Judged, Moved, Report, Severity};
use domain::format::{self, Lang};
use leptos::prelude::*;

use super::findings::{self, mark};
use super::{Fair, why};
use crate::split::board::Board;
use crate::words::{Words, lang, t_string};

/// Bins of the drawing of chances.
const BINS: usize = 10;
/// The drawing's own measures.
const WIDTH: usize = 200;
const HEIGHT: usize = 36;

/// What is shown of a figure.
struct Shown {
    of: Figure,
    value: String,
    /// The number behind the words.
    raw: Option<f64>,
}

/// Everything of a plan that was judged, and what of it is beyond a limit.
pub(super) fn shown(judged: &Judged, found: &[Breach], board: Board, fair: Fair, i18n: Words) -> AnyView {
    let report = &judged.report;
    let lang = lang(i18n.get_locale());
    let ask = |of: Figure, value: AnyView| why::ask(of, fair.card, i18n, value);
    // A drag moves the words without judging everything again.
    let verdict = |told: &'static str, moved: fn(&Moved, Lang) -> &'static str| {
        let words = move || {
            fair.moved
                .with(|now| now.as_ref().map_or(told, |now| moved(now, lang)))
        };
        words.into_any()
    };
    let figures = figures(report, i18n)
        .into_iter()
        .map(|Shown { of, value, raw }| {
            let now = move || {
                fair.moved
                    .with(|now| now.as_ref().and_then(|now| moved(of, now, i18n)))
            };
            let number = move || now().map_or(raw, |(_, raw)| raw).map(|raw| format!("{raw:.6}"));
            let words = move || now().map_or_else(|| value.clone(), |(words, _)| words);
            view! {
                <div class="row between" data-figure=of.as_str() data-value=number>
                    <dt class="sm muted">{why::name(of, i18n)}</dt>
                    <dd class="sm strong">{ask(of, words.into_any())}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        {beyond(found, i18n)}
        <p class="verdict" data-verdict="level">
            <span class="sm muted">{t_string!(i18n, fairness.level)}</span>
            " "
            <b>{ask(Figure::Reached, verdict(report.chances.verdict.label(lang), |now, lang| now.level.label(lang)))}</b>
        </p>
        <p class="verdict" data-verdict="spread">
            <span class="sm muted">{t_string!(i18n, fairness.spread)}</span>
            " "
            <b>{ask(Figure::Gini, verdict(report.stretch.verdict.label(lang), |now, lang| now.spread.label(lang)))}</b>
        </p>
        <dl>{figures}</dl>
        {chances(report, i18n)}
        <p class="sm" data-figure="correlations">{ask(Figure::Correlations, correlations(report, i18n).into_any())}</p>
        {findings::list(judged, board, i18n)}
    }
    .into_any()
}

/// The limits that the plan is beyond.
fn beyond(found: &[Breach], i18n: Words) -> AnyView {
    if found.is_empty() {
        return ().into_any();
    }
    let lang = lang(i18n.get_locale());
    let blocks = found.iter().any(|breach| breach.severity == Severity::Block);
    let each = found
        .iter()
        .map(|breach| {
            let is_block = breach.severity == Severity::Block;
            let what = if is_block {
                t_string!(i18n, fairness.blocks)
            } else {
                t_string!(i18n, fairness.warns)
            };
            view! {
                <li data-breach=breach.measure.as_str() data-blocks=is_block.to_string()>
                    {mark(breach.severity, i18n)} " " <b>{what}</b> " " {breach.words(lang)}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="queue sm">{each}</ul>
        {blocks.then(|| view! { <p class="sm">{t_string!(i18n, fairness.blocks_text)}</p> })}
    }
    .into_any()
}

fn figures(report: &Report, i18n: Words) -> Vec<Shown> {
    let mut figures = Vec::new();
    let mut put = |of: Figure, value: String, raw: Option<f64>| figures.push(Shown { of, value, raw });
    let percent = format::ratio_percent;
    let chances = &report.chances;
    put(
        Figure::Reached,
        t_string!(
            i18n,
            fairness.reached_value,
            share = format::percent(chances.share),
            low = format::percent(chances.interval.low),
            high = format::percent(chances.interval.high)
        )
        .to_string(),
        Some(chances.share),
    );
    let chance = report.whole.chance;
    put(Figure::Whole, format::chance(chance), Some(chance));
    let stretch = &report.stretch;
    put(Figure::Stretch, percent(stretch.whole), stretch.whole);
    put(Figure::Gini, percent(stretch.gini), stretch.gini);
    let ratio = stretch.highest_to_lowest;
    put(Figure::Ratio, times(ratio), ratio);
    put(Figure::ChanceSd, percent(chances.sd), chances.sd);
    if let Some(hires) = report.new_hires {
        let value = self::hires(hires.target_share, hires.expected_share, i18n);
        put(Figure::NewHires, value, Some(hires.target_share));
    }
    if let Some(padding) = &report.padding {
        for (place, ratio) in padding.levels.iter().enumerate() {
            put(Figure::PaddingLevel(place), percent(*ratio), *ratio);
        }
        put(Figure::Padding, percent(padding.total), padding.total);
    }
    figures
}

/// What a drag has made of a figure, and the number behind the words; none of what it does not move.
fn moved(of: Figure, now: &Moved, i18n: Words) -> Option<(String, Option<f64>)> {
    let percent = |ratio: Option<f64>| (format::ratio_percent(ratio), ratio);
    Some(match of {
        // Between which shares it most likely is takes everybody's chance: that is told once the hand has let go.
        Figure::Reached => percent(Some(now.reached)),
        Figure::Whole => (format::chance(now.glance.whole), Some(now.glance.whole)),
        Figure::Stretch => percent(now.glance.stretch),
        Figure::Gini => percent(now.glance.gini),
        Figure::Ratio => (times(now.highest_to_lowest), now.highest_to_lowest),
        Figure::ChanceSd => percent(now.chance_sd),
        Figure::NewHires => match now.new_hires {
            Some((target, expected)) => (hires(target, expected, i18n), Some(target)),
            // None of them has a target any more, or nobody else has.
            None => (format::NONE.to_owned(), None),
        },
        Figure::PaddingLevel(_) | Figure::Padding | Figure::Correlations => return None,
    })
}

/// So many times as much.
fn times(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| format::NONE.to_owned(), |ratio| format!("{ratio:.2} : 1"))
}

/// The part of the new hires of all targets, and of all that is expected.
fn hires(target: f64, expected: f64, i18n: Words) -> String {
    let (target, expected) = (format::percent(target), format::percent(expected));
    t_string!(i18n, fairness.hires_value, target = target, expected = expected).to_string()
}

/// How many people have which chance, as a strip of bars with the same in words.
fn chances(report: &Report, i18n: Words) -> AnyView {
    let mut counts = [0_usize; BINS];
    for chance in report.people.iter().filter_map(|person| person.chance) {
        let bin = ((chance * BINS as f64) as usize).min(BINS - 1);
        if let Some(count) = counts.get_mut(bin) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let words: Vec<String> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(bin, count)| {
            t_string!(
                i18n,
                fairness.bin,
                from = bin * 100 / BINS,
                to = (bin + 1) * 100 / BINS,
                count = format::count(*count as u64)
            )
            .to_string()
        })
        .collect();
    let separator = lang(i18n.get_locale()).pick("；", "; ");
    let label = format!("{} {}", t_string!(i18n, fairness.chances), words.join(separator));
    let bars = counts
        .iter()
        .enumerate()
        .map(|(bin, count)| {
            // Somebody is seen, however many stand elsewhere.
            let height = (count * HEIGHT).div_ceil(most);
            view! {
                <rect
                    x=(bin * WIDTH / BINS).to_string()
                    y=(HEIGHT - height).to_string()
                    width=(WIDTH / BINS - 2).to_string()
                    height=height.to_string()
                ></rect>
            }
        })
        .collect_view();
    view! {
        <figure>
            <figcaption class="sm muted">{t_string!(i18n, fairness.chances)}</figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {}", HEIGHT + 1) role="img" aria-label=label>
                {bars}
                <path d=format!("M0 {HEIGHT}.5H{WIDTH}")></path>
            </svg>
            <span class="row between sm muted" aria-hidden="true"><span>"0 %"</span><span>"100 %"</span></span>
        </figure>
    }
    .into_any()
}

/// What the chances go with, where that is more than chance.
fn correlations(report: &Report, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let notable: Vec<String> = report
        .associations
        .iter()
        .filter(|one| one.notable)
        .map(|one| format!("{} {:+.2}", one.with.label(lang), one.correlation.r))
        .collect();
    if notable.is_empty() {
        t_string!(i18n, fairness.no_correlation).to_owned()
    } else {
        let separator = lang.pick("、", ", ");
        t_string!(i18n, fairness.correlations, list = notable.join(separator)).to_string()
    }
}
