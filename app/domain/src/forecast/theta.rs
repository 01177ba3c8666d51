//! The Theta method (Assimakopoulos and Nikolopoulos 2000) in the state space form of Fiorucci, Pellegrini, Louzada,
//! Petropoulos and Koehler (2016): smoothing of the level, with a part `1 − 1/θ` of the trend line as drift.

use super::minimise::{Point, Search};

/// Which of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// θ = 2 and one trend line: the method that won the M3 competition.
    Standard,
    /// θ is estimated.
    Optimised,
    /// θ is estimated, and the trend line at each value is the one through the values before it.
    Dynamic,
}

/// Evaluations at most of a fit.
const EVALUATIONS: usize = 400;
/// The first errors do not count: the level starts anywhere.
const WARM_UP: usize = 3;
/// The drift of θ = 2.
const HALF: f64 = 0.5;

/// A fitted Theta model.
#[derive(Clone, Debug)]
pub(super) struct Theta {
    line: Line,
    alpha: f64,
    drift: f64,
    states: Vec<State>,
}

/// Where the trend line comes from.
#[derive(Clone, Copy, Debug)]
enum Line {
    /// Intercept and slope over all values, for places from 1.
    Static(f64, f64),
    /// Of the values so far.
    Growing,
}

/// What is known after some values.
#[derive(Clone, Copy, Debug)]
struct State {
    count: f64,
    level: f64,
    mean: f64,
    intercept: f64,
    slope: f64,
    /// `(1 − α)` to the power of `count`.
    power: f64,
}

impl State {
    fn expected(&self, alpha: f64, drift: f64) -> f64 {
        let gone = (1.0 - self.power * (1.0 - alpha)) / alpha;
        self.level + drift * (self.power * self.intercept + gone * self.slope)
    }

    fn after(&self, value: f64, alpha: f64, line: Line) -> Self {
        let count = self.count + 1.0;
        let mean = (self.count * self.mean + value) / count;
        let (intercept, slope) = match line {
            Line::Static(..) => (self.intercept, self.slope),
            Line::Growing if count < 2.0 => (value, 0.0),
            // Least squares on the values so far, updated by one.
            Line::Growing => {
                let slope = ((count - 2.0) * self.slope + 6.0 * (value - self.mean) / count) / (count + 1.0);
                (mean - f64::midpoint(count, 1.0) * slope, slope)
            }
        };
        let level = alpha * value + (1.0 - alpha) * self.level;
        Self {
            count,
            level,
            mean,
            intercept,
            slope,
            power: self.power * (1.0 - alpha),
        }
    }
}

impl Theta {
    /// Fits α, the first level and, if asked for, θ by least squares one step ahead. There is at least one value.
    pub(super) fn fit(values: &[f64], variant: Variant) -> Self {
        let line = if variant == Variant::Dynamic {
            Line::Growing
        } else {
            trend_line(values)
        };
        let size = values.iter().map(|value| value.abs()).sum::<f64>() / values.len().max(1) as f64;
        let first = values.first().copied().unwrap_or_default();
        let bounds = [(0.01, 0.99), (f64::NEG_INFINITY, f64::INFINITY), (0.0, 1.0)];
        let searched = if variant == Variant::Standard { 2 } else { 3 };
        let search = Search {
            bounds: &bounds[..searched],
            evaluations: EVALUATIONS,
            tolerance: 1e-8,
        };
        let start: Point = [0.5, first / 2.0, HALF, 0.0, 0.0, 0.0];
        let step: Point = [0.2, size * 0.3, 0.3, 0.0, 0.0, 0.0];
        let warm_up = WARM_UP.min(values.len().saturating_sub(1)) as f64;
        let ([alpha, level, drift, ..], _) = search.lowest(start, &step, |[alpha, level, drift, ..]| {
            let mut squares = 0.0;
            run(values, line, (*alpha, *level, *drift), |state, error| {
                squares += if state.count > warm_up { error * error } else { 0.0 };
            });
            squares
        });
        let mut states = Vec::with_capacity(values.len());
        run(values, line, (alpha, level, drift), |state, _| {
            states.push(*state);
        });
        Self {
            line,
            alpha,
            drift,
            states,
        }
    }

    /// Writes the forecasts that follow the first `origin` values, one at least.
    pub(super) fn ahead(&self, origin: usize, steps: &mut [f64]) {
        let Some(mut state) = origin
            .checked_sub(1)
            .and_then(|place| self.states.get(place))
            .copied()
        else {
            return;
        };
        for step in steps {
            *step = state.expected(self.alpha, self.drift);
            state = state.after(*step, self.alpha, self.line);
        }
    }
}

/// One pass over the values; shows the state after each and the error made at it.
#[inline]
fn run(values: &[f64], line: Line, (alpha, level, drift): (f64, f64, f64), mut see: impl FnMut(&State, f64)) {
    let (intercept, slope) = match line {
        Line::Static(intercept, slope) => (intercept, slope),
        Line::Growing => (0.0, 0.0),
    };
    let mut state = State {
        count: 0.0,
        level,
        mean: 0.0,
        intercept,
        slope,
        power: 1.0,
    };
    for value in values {
        let error = value - state.expected(alpha, drift);
        state = state.after(*value, alpha, line);
        see(&state, error);
    }
}

fn trend_line(values: &[f64]) -> Line {
    let count = values.len() as f64;
    let middle = f64::midpoint(count, 1.0);
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    let (mut products, mut squares) = (0.0, 0.0);
    for (place, value) in values.iter().enumerate() {
        let apart = (place + 1) as f64 - middle;
        products += apart * (value - mean);
        squares += apart * apart;
    }
    let slope = if squares > 0.0 { products / squares } else { 0.0 };
    Line::Static(mean - slope * middle, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series() -> Vec<f64> {
        let mut random = crate::statistics::Random::new(11);
        (0..40)
            .map(|place| 50.0 + 0.7 * f64::from(place) + 3.0 * random.normal())
            .collect()
    }

    /// Hyndman and Billah (2003): Theta is simple exponential smoothing with half the slope of the trend line as drift.
    #[test]
    fn the_standard_form_is_smoothing_with_half_the_slope_as_drift() {
        let values = series();
        let theta = Theta::fit(&values, Variant::Standard);
        let mut steps = [0.0; 200];
        theta.ahead(values.len(), &mut steps);
        let Line::Static(_, slope) = trend_line(&values) else {
            panic!("a static line")
        };
        for pair in steps.windows(2) {
            assert!((pair[1] - pair[0] - slope / 2.0).abs() < 1e-9);
        }
        let last = theta.states[values.len() - 1];
        let from = last.level + slope / 2.0 / theta.alpha;
        assert!((steps[0] - from).abs() < 1e-6 * from, "{} {from}", steps[0]);
    }

    #[test]
    fn the_growing_line_is_least_squares() {
        let values = series();
        let theta = Theta::fit(&values, Variant::Dynamic);
        let Line::Static(intercept, slope) = trend_line(&values) else {
            panic!("a static line")
        };
        let last = theta.states[values.len() - 1];
        assert!((last.slope - slope).abs() < 1e-9 && (last.intercept - intercept).abs() < 1e-9);
    }

    #[test]
    fn a_straight_line_goes_on_and_a_constant_stays() {
        let mut steps = [0.0; 5];
        Theta::fit(&[3.0; 9], Variant::Dynamic).ahead(9, &mut steps);
        assert!(steps.iter().all(|step| (step - 3.0).abs() < 1e-3), "{steps:?}");
        let line: Vec<f64> = (0..60).map(f64::from).collect();
        Theta::fit(&line, Variant::Optimised).ahead(60, &mut steps);
        assert!((steps[4] - 64.0).abs() < 0.5, "{steps:?}");
    }
}
