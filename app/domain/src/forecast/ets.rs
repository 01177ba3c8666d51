//! Exponential smoothing in state space form (Hyndman, Koehler, Ord and Snyder 2008): additive or multiplicative errors
//! and seasons, no, additive or damped trend.
//!
//! With the level l, growth b, seasonal indices s and φ of the damping, `l' = l + φb` and the expected value is `l'`,
//! `l' + s` or `l'·s`. An error e moves `l = l' + αe`, `b = φb + βe`, `s = s + γe`; under a multiplicative season
//! e/s moves level and growth, and e/l' the index. Additive and multiplicative errors share these and differ in the
//! likelihood.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::minimise::{MOST, Point, Search};
use super::season::{Kind, Season};

/// The trend of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trend {
    /// There is none.
    None,
    /// It goes on for ever.
    Additive,
    /// It fades.
    Damped,
}

/// A form: `ets(error, trend, season)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) error: Kind,
    pub(super) trend: Trend,
    pub(super) season: Option<Kind>,
}

/// A fitted form.
#[derive(Clone, Debug)]
pub(super) struct Ets {
    pub(super) form: Form,
    /// Akaike's criterion, corrected for short series (Hurvich and Tsai 1989).
    pub(super) aicc: f64,
    lag: usize,
    phi: f64,
    /// Level and growth after each value.
    states: Vec<(f64, f64)>,
    /// The index each value met, and after them those of the coming season.
    seasons: Vec<f64>,
}

/// Evaluations at most of a fit.
const EVALUATIONS: usize = 300;
/// The range of smoothing parameters.
const SMOOTHING: (f64, f64) = (1e-4, 0.9999);
/// The range of φ: below, it is no trend; above, it cannot be told from an undamped one.
const DAMPING: (f64, f64) = (0.8, 0.98);
/// Sums of squares of a perfect fit are not zero.
const PERFECT: f64 = 1e-20;

struct Parameters {
    alpha: f64,
    beta: f64,
    gamma: f64,
    phi: f64,
    level: f64,
    growth: f64,
}

impl Form {
    /// The forms that fit a series. Multiplicative errors need positive values; additive errors with a multiplicative
    /// season are unstable, and multiplicative ones with an additive season never gained anything.
    pub(super) fn all(positive: bool, seasonal: bool) -> impl Iterator<Item = Self> {
        use Kind::{Additive, Multiplicative};
        let errors = if positive {
            &[Additive, Multiplicative][..]
        } else {
            &[Additive]
        };
        errors.iter().flat_map(move |error| {
            [Trend::None, Trend::Additive, Trend::Damped]
                .into_iter()
                .flat_map(move |trend| {
                    let plain = Self {
                        error: *error,
                        trend,
                        season: None,
                    };
                    let season = seasonal.then_some(Self {
                        season: Some(*error),
                        ..plain
                    });
                    std::iter::once(plain).chain(season)
                })
        })
    }

    /// Its name in the notation of the book.
    pub(super) fn name(self) -> String {
        let letter = |kind| if kind == Kind::Additive { "A" } else { "M" };
        let trend = match self.trend {
            Trend::None => "N",
            Trend::Additive => "A",
            Trend::Damped => "Ad",
        };
        format!(
            "ets({},{trend},{})",
            letter(self.error),
            self.season.map_or("N", letter)
        )
    }

    /// A point of the search: α, the first level, then γ, then β, the first growth and φ, as far as there are any. β and γ
    /// are searched as parts of what α leaves them.
    fn parameters(self, point: &Point) -> Parameters {
        let [alpha, level, ..] = *point;
        let trend = if self.season.is_some() { 3 } else { 2 };
        Parameters {
            alpha,
            level,
            gamma: if self.season.is_some() {
                point[2] * (1.0 - alpha)
            } else {
                0.0
            },
            beta: if self.trend == Trend::None {
                0.0
            } else {
                point[trend] * alpha
            },
            growth: if self.trend == Trend::None {
                0.0
            } else {
                point[trend + 1]
            },
            phi: if self.trend == Trend::Damped {
                point[trend + 2]
            } else {
                1.0
            },
        }
    }

    /// One pass over the values: −2 times the log likelihood, but for a constant. `seasons` has the indices of the first
    /// season and room for one more index a value; `see` gets level and growth after each.
    #[inline]
    fn run(
        self,
        values: &[f64],
        with: &Parameters,
        lag: usize,
        seasons: &mut [f64],
        mut see: impl FnMut(f64, f64),
    ) -> f64 {
        let (mut level, mut growth) = (with.level, with.growth);
        let mut squares = 0.0;
        // The sum of logarithms of the expected values, by way of their product.
        let (mut logarithms, mut product) = (0.0, 1.0_f64);
        for (place, value) in values.iter().enumerate() {
            let base = level + with.phi * growth;
            let (expected, divisor) = match self.season {
                None => (base, 1.0),
                Some(Kind::Additive) => (base + seasons[place], 1.0),
                Some(Kind::Multiplicative) => (base * seasons[place], seasons[place]),
            };
            let error = value - expected;
            level = base + with.alpha * error / divisor;
            growth = with.phi * growth + with.beta * error / divisor;
            match self.season {
                None => {}
                Some(Kind::Additive) => seasons[place + lag] = seasons[place] + with.gamma * error,
                Some(Kind::Multiplicative) => {
                    seasons[place + lag] = seasons[place] + with.gamma * error / base;
                }
            }
            if self.error == Kind::Multiplicative {
                if expected <= 0.0 {
                    return f64::INFINITY;
                }
                squares += (error / expected) * (error / expected);
                product *= expected;
                if !(1e-200..1e200).contains(&product) {
                    logarithms += product.ln();
                    product = 1.0;
                }
            } else {
                squares += error * error;
            }
            see(level, growth);
        }
        let count = values.len() as f64;
        count * (squares / count).max(PERFECT).ln() + 2.0 * (logarithms + product.ln())
    }
}

impl Ets {
    /// Fits a form by likelihood; `None` where there are too few values for its parameters, or none are possible. Seasonal
    /// indices start as those of the whole series (`season`, unshrunk), all else is searched for.
    pub(super) fn fit(values: &[f64], form: Form, season: &Season) -> Option<Self> {
        let lag = season.indices.len();
        let start = if form.season.is_some() {
            season.removed(&values[..values.len().min(2 * lag.max(5))])
        } else {
            values[..values.len().min(10.max(2 * lag))].to_vec()
        };
        let (middle, slope, sd) = line(&start)?;
        let wide = 1e3 * sd;
        let mut bounds = [(0.0, 0.0); MOST];
        let (mut point, mut step): (Point, Point) = ([0.0; MOST], [0.1; MOST]);
        let mut count = 0;
        let mut search = |value: f64, by: f64, low: f64, high: f64| {
            (point[count], step[count], bounds[count]) = (value, by, (low, high));
            count += 1;
        };
        let (level, growth) = if form.trend == Trend::None {
            (middle, 0.0)
        } else {
            (middle - slope * (start.len() as f64 + 1.0) / 2.0, slope)
        };
        search(0.3, 0.1, SMOOTHING.0, SMOOTHING.1);
        search(level, sd / 2.0, level - wide, level + wide);
        if form.season.is_some() {
            search(0.1, 0.1, SMOOTHING.0, SMOOTHING.1);
        }
        if form.trend != Trend::None {
            search(0.1, 0.1, SMOOTHING.0, SMOOTHING.1);
            search(growth, sd / 10.0, growth - wide, growth + wide);
        }
        if form.trend == Trend::Damped {
            search(0.95, -0.05, DAMPING.0, DAMPING.1);
        }
        // One for the variance, and the free indices of a season.
        let parameters = (count + 1 + if form.season.is_some() { lag - 1 } else { 0 }) as f64;
        let room = values.len() as f64 - parameters - 1.0;
        if room <= 0.0 {
            return None;
        }
        let seasons = std::cell::RefCell::new(season.indices.clone());
        if form.season.is_some() {
            seasons.borrow_mut().resize(values.len() + lag, 0.0);
        }
        let search = Search {
            bounds: &bounds[..count],
            evaluations: EVALUATIONS,
            tolerance: 1e-7,
        };
        let (best, likelihood) = search.lowest(point, &step, |point| {
            form.run(
                values,
                &form.parameters(point),
                lag,
                &mut seasons.borrow_mut(),
                |_, _| {},
            )
        });
        if !likelihood.is_finite() {
            return None;
        }
        let mut seasons = seasons.into_inner();
        let mut states = Vec::with_capacity(values.len());
        let with = form.parameters(&best);
        form.run(values, &with, lag, &mut seasons, |level, growth| {
            states.push((level, growth));
        });
        let aicc = likelihood + 2.0 * parameters * (1.0 + (parameters + 1.0) / room);
        Some(Self {
            form,
            aicc,
            lag,
            phi: with.phi,
            states,
            seasons,
        })
    }

    /// Adds the forecasts that follow the first `origin` values, one at least, times a weight.
    pub(super) fn add_ahead(&self, origin: usize, weight: f64, steps: &mut [f64]) {
        let Some((mut level, mut growth)) = origin
            .checked_sub(1)
            .and_then(|place| self.states.get(place))
            .copied()
        else {
            return;
        };
        for (place, step) in steps.iter_mut().enumerate() {
            growth *= self.phi;
            level += growth;
            let index = || self.seasons[origin + place % self.lag];
            *step += weight
                * match self.form.season {
                    None => level,
                    Some(Kind::Additive) => level + index(),
                    Some(Kind::Multiplicative) => level * index(),
                };
        }
    }
}

/// Mean, slope and standard deviation; `None` of nothing.
fn line(values: &[f64]) -> Option<(f64, f64, f64)> {
    let mean = crate::statistics::mean(values)?;
    let centre = (values.len() as f64 - 1.0) / 2.0;
    let (mut products, mut apart, mut squares) = (0.0, 0.0, 0.0);
    for (place, value) in values.iter().enumerate() {
        let from = place as f64 - centre;
        products += from * (value - mean);
        apart += from * from;
        squares += (value - mean) * (value - mean);
    }
    let slope = if apart > 0.0 { products / apart } else { 0.0 };
    Some((mean, slope, (squares / values.len() as f64).sqrt().max(1e-9)))
}

#[cfg(test)]
#[path = "ets_tests.rs"]
mod tests;
