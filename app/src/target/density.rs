//! The picture of what may come: a curve, its percentiles, and where the target stands in it.

use domain::format;
use domain::money::{Currency, Minor};
use domain::outlook::Distribution;
use leptos::prelude::*;

use crate::words::{lang, t_string, use_i18n};

/// Points of the curve.
const POINTS: u16 = 81;
/// The drawing's own measures.
const WIDTH: f64 = 360.0;
const BASE: f64 = 96.0;
const TOP: f64 = 22.0;
const HEIGHT: f64 = 132.0;
/// Room at both ends.
const MARGIN: f64 = 12.0;
/// From this percentile on a target is a wish.
pub(crate) const FAR: f64 = 80.0;
/// Labels that would stand closer than this are left out; the middle one stays.
const LABEL: f64 = 42.0;

/// Where amounts lie from left to right.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn x(self, amount: Minor) -> f64 {
        let part = (amount.0 as f64 - self.low) / (self.high - self.low).max(1.0);
        MARGIN + part.clamp(0.0, 1.0) * (WIDTH - 2.0 * MARGIN)
    }
}

/// The curve with its percentiles and the target; what lies beyond the target is shaded. Nothing where all is certain.
#[component]
pub(crate) fn Density(
    /// What may come.
    law: Distribution,
    /// The target.
    target: Minor,
    /// The currency of the amounts.
    currency: Currency,
) -> impl IntoView {
    let i18n = use_i18n();
    let curve = law.density(POINTS);
    let (Some((low, _)), Some((high, _))) = (curve.first().copied(), curve.last().copied()) else {
        return ().into_any();
    };
    // A target far beyond everything stands at the edge: the curve stays readable.
    let reach = (high.0 - low.0) / 3;
    let axis = Axis {
        low: low.0.min(target.0.max(low.0 - reach)) as f64,
        high: high.0.max(target.0.min(high.0 + reach)) as f64,
    };
    let at = |(amount, height): &(Minor, f64)| (axis.x(*amount), BASE - height * (BASE - TOP));
    let points: Vec<(f64, f64)> = curve.iter().map(at).collect();
    let mark = axis.x(target);
    let line = path(&points);
    let (before, beyond) = areas(&points, mark);
    let far = law.percentile_of(target) > FAR;
    let ticks = ticks(&law, axis);
    let currency = StoredValue::new(currency);
    let shown = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let (p10, p50, p90) = (law.p10(), law.p50(), law.p90());
    let label = move || {
        t_string!(
            i18n,
            target.density,
            low = shown(p10),
            high = shown(p90),
            middle = shown(p50),
            target = shown(target)
        )
        .to_string()
    };
    // The number stands on the side where there is room.
    let (anchor, beside) = if mark > WIDTH * 0.7 {
        ("end", mark - 7.0)
    } else {
        ("start", mark + 7.0)
    };
    view! {
        <svg class="density" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
            <path class="may" d=before />
            <path class="beyond" class:far=far d=beyond />
            <path class="law" d=line />
            <path class="base" d=format!("M{MARGIN} {BASE}H{}", WIDTH - MARGIN) />
            {ticks
                .into_iter()
                .map(|(name, amount, x)| {
                    view! {
                        <path class="base" d=format!("M{x:.1} {BASE}v4") />
                        <text x=format!("{x:.1}") y="114" text-anchor="middle">{name}</text>
                        <text x=format!("{x:.1}") y="128" text-anchor="middle" class="of">{move || shown(amount)}</text>
                    }
                })
                .collect_view()}
            <path class="mark" class:far=far d=format!("M{mark:.1} 10V{}", BASE + 6.0) />
            <circle class="mark" class:far=far cx=format!("{mark:.1}") cy="10" r="3.5" />
            <text class="mark" class:far=far x=format!("{beside:.1}") y="14" text-anchor=anchor>{move || shown(target)}</text>
        </svg>
    }
    .into_any()
}

/// The percentiles below the axis.
fn ticks(law: &Distribution, axis: Axis) -> Vec<(&'static str, Minor, f64)> {
    let middle = axis.x(law.p50());
    [("P10", law.p10()), ("P50", law.p50()), ("P90", law.p90())]
        .into_iter()
        .map(|(name, amount)| (name, amount, axis.x(amount)))
        .filter(|(name, _, x)| *name == "P50" || (x - middle).abs() >= LABEL)
        .collect()
}

fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (place, (x, y)) in points.iter().enumerate() {
        path.push_str(if place == 0 { "M" } else { "L" });
        path.push_str(&format!("{x:.1} {y:.1}"));
    }
    path
}

/// The area under the curve before and beyond a place.
fn areas(points: &[(f64, f64)], mark: f64) -> (String, String) {
    let height = points
        .windows(2)
        .find(|pair| pair[0].0 <= mark && mark <= pair[1].0)
        .map_or(BASE, |pair| {
            let part = (mark - pair[0].0) / (pair[1].0 - pair[0].0).max(1e-9);
            pair[0].1 + part * (pair[1].1 - pair[0].1)
        });
    let area = |side: Vec<(f64, f64)>| match (side.first(), side.last()) {
        (Some((first, _)), Some((last, _))) if side.len() > 1 => {
            format!("{}L{last:.1} {BASE}L{first:.1} {BASE}Z", path(&side))
        }
        _ => String::new(),
    };
    let mut before: Vec<(f64, f64)> = points.iter().copied().filter(|(x, _)| *x < mark).collect();
    let mut beyond: Vec<(f64, f64)> = points.iter().copied().filter(|(x, _)| *x >= mark).collect();
    if !before.is_empty() && !beyond.is_empty() {
        before.push((mark, height));
        beyond.insert(0, (mark, height));
    }
    (area(before), area(beyond))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_areas_meet_at_the_mark() {
        let points = [(0.0, 90.0), (10.0, 40.0), (20.0, 90.0)];
        let (before, beyond) = areas(&points, 15.0);
        assert_eq!(before, "M0.0 90.0L10.0 40.0L15.0 65.0L15.0 96L0.0 96Z");
        assert_eq!(beyond, "M15.0 65.0L20.0 90.0L20.0 96L15.0 96Z");
        // A target beyond everything leaves nothing to shade.
        assert_eq!(areas(&points, 30.0).1, "");
        assert_eq!(areas(&points, -5.0).0, "");
    }
}
