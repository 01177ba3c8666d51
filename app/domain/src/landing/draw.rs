//! Seeded draws of the landing.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::Clock;
use super::outlook::{Booked, Forecast, Rest};
use super::pipeline::Expected;
use crate::statistics::Random;

/// Draws: a tenth is then known to half a point.
const DRAWS: usize = 4_000;

/// Open deals that are drawn one by one, those that scatter most; the sum of the others is as good as normal.
const DRAWN_DEALS: usize = 400;

/// The season's estimate.
pub(super) struct Season {
    /// The share expected by now, positive.
    pub(super) share: f64,
    scatter: Scatter,
}

/// What makes a share of a period scatter.
enum Scatter {
    /// The shape of the period: a beta distribution of this concentration.
    Shape(f64),
    /// The number of deals, where it is so small that this alone scatters more.
    Count {
        /// Deals of a whole period.
        deals: f64,
        /// Standard deviation of their amounts over the mean.
        variation: f64,
    },
}

impl Scatter {
    /// The larger of both. `deals` equal ones make shares of that concentration, uneven ones scatter like fewer.
    fn of(clock: &Clock, deals: f64, variation: f64) -> Self {
        let count = Self::Count { deals, variation };
        if deals > 0.0 && count.concentration() < clock.concentration {
            count
        } else {
            Self::Shape(clock.concentration)
        }
    }

    fn concentration(&self) -> f64 {
        match self {
            Self::Shape(concentration) => *concentration,
            Self::Count { deals, variation } => deals / (1.0 + variation * variation),
        }
    }
}

impl Season {
    /// The season's estimate; `None` where nothing is expected by now or nothing is booked.
    pub(super) fn of(clock: &Clock, booked: Booked, rest: &Rest) -> Option<Self> {
        let share = 1.0 - clock.rest();
        // Of few deals one does not know how uneven they are.
        let variation = match rest {
            Rest::Forecast(forecast) => booked.variation.max(forecast.variation),
            Rest::Deals(expected) => booked.variation.max(expected.size.variation),
            Rest::Unknown => booked.variation,
        };
        (share > 0.0 && booked.amount.0 > 0).then(|| Self {
            share,
            scatter: Scatter::of(clock, f64::from(booked.deals) / share, variation),
        })
    }

    /// Its weight against an outlook of which the level may be off by `spread`.
    pub(super) fn weight(&self, spread: f64) -> f64 {
        let known = self.share * self.scatter.concentration() * spread * spread;
        known / (known + 1.0)
    }

    /// What the whole period brings: the share by now drawn, or after `y` deals the rest as a negative binomial count of
    /// the mean `y(1 − S)/S` (Gamma–Poisson).
    fn draw(&self, there: f64, random: &mut Random) -> f64 {
        match self.scatter {
            Scatter::Shape(concentration) => {
                // Never below the smallest share that can be told.
                there / share_near(self.share, concentration, random).max(1e-9)
            }
            Scatter::Count { deals, variation } => {
                let so_far = deals * self.share;
                let rate = random.gamma(so_far) / self.share;
                there + sum_of(rate * (1.0 - self.share), there / so_far, variation, random)
            }
        }
    }
}

/// A share that scatters around another.
fn share_near(share: f64, concentration: f64, random: &mut Random) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return share;
    }
    random.beta(share * concentration, (1.0 - share) * concentration)
}

/// A level that scatters around 1: gamma-distributed with this standard deviation, 1 where that is none.
fn level_near(spread: f64, random: &mut Random) -> f64 {
    let shape = 1.0 / (spread * spread);
    if shape.is_normal() {
        random.gamma(shape) / shape
    } else {
        1.0
    }
}

/// The sum of a Poisson number of deals of gamma-distributed amounts.
fn sum_of(count: f64, mean: f64, variation: f64, random: &mut Random) -> f64 {
    let deals = random.poisson(count);
    mean * deals * level_near(variation / deals.sqrt(), random)
}

/// Landings drawn from the pool of both estimates: so many of them the season's as its weight says.
pub(super) fn landings(
    clock: &Clock,
    there: f64,
    season: Option<(&Season, f64)>,
    rest: &Rest,
    seed: u64,
) -> Vec<f64> {
    let mut random = Random::new(seed);
    let of_season = season.map_or(0.0, |(_, weight)| (weight * DRAWS as f64).round()) as usize;
    let mut draws = Vec::with_capacity(DRAWS);
    if let Some((season, _)) = season {
        draws.extend((0..of_season).map(|_| season.draw(there, &mut random)));
    }
    let left = DRAWS - draws.len();
    match rest {
        Rest::Unknown => draws.extend(std::iter::repeat_n(there, left)),
        Rest::Forecast(forecast) => {
            let scatter = Scatter::of(clock, forecast.deals, forecast.variation);
            draws.extend((0..left).map(|_| there + rest_of(forecast, clock, &scatter, &mut random)));
        }
        Rest::Deals(expected) => {
            let deals = Deals::of(expected);
            draws.extend((0..left).map(|_| there + deals.draw(&mut random)));
        }
    }
    draws
}

/// The rest of a period of which the whole is forecast: its level drawn of a gamma distribution, then what scatters.
fn rest_of(forecast: &Forecast, clock: &Clock, scatter: &Scatter, random: &mut Random) -> f64 {
    let level = level_near(forecast.spread, random);
    let whole = forecast.whole.0 as f64;
    match *scatter {
        Scatter::Shape(concentration) => {
            whole * level * (1.0 - share_near(1.0 - clock.rest(), concentration, random))
        }
        Scatter::Count { deals, variation } => {
            sum_of(deals * level * clock.rest(), whole / deals, variation, random)
        }
    }
}

/// Open and new deals, ready to be drawn.
struct Deals<'a> {
    expected: &'a Expected,
    /// Those drawn one by one: value and chance.
    single: Vec<(f64, f64)>,
    /// Mean, standard deviation and chance of the sum of the others.
    others: (f64, f64, f64),
}

impl<'a> Deals<'a> {
    fn of(expected: &'a Expected) -> Self {
        let scatter = |(value, chance): &(f64, f64)| value * value * chance * (1.0 - chance);
        let mut single = expected.deals.clone();
        if single.len() > DRAWN_DEALS {
            single.select_nth_unstable_by(DRAWN_DEALS, |a, b| scatter(b).total_cmp(&scatter(a)));
        }
        let others = single.split_off(single.len().min(DRAWN_DEALS));
        let mean: f64 = others.iter().map(|(value, chance)| value * chance).sum();
        let value: f64 = others.iter().map(|(value, _)| value).sum();
        let sd = others.iter().map(scatter).sum::<f64>().sqrt();
        let chance = if value > 0.0 { mean / value } else { 0.0 };
        Self {
            expected,
            single,
            others: (mean, sd, chance),
        }
    }

    /// What they bring in one draw, with one error common to all their chances.
    fn draw(&self, random: &mut Random) -> f64 {
        let odds = (self.expected.common_error * random.normal()).exp();
        // The chance of which the odds are so many times as high; what is certain stays certain.
        let moved = |chance: f64| chance * odds / (1.0 - chance + chance * odds);
        let mut sum = 0.0;
        for (value, chance) in &self.single {
            if random.unit() < moved(*chance) {
                sum += value;
            }
        }
        let (mean, sd, chance) = self.others;
        if mean > 0.0 {
            sum += (mean * moved(chance) / chance + sd * random.normal()).max(0.0);
        }
        sum + self.created(odds, random)
    }

    /// Deals not yet created: a gamma-distributed rate, a Poisson count of those won in time, gamma-distributed sizes.
    fn created(&self, odds: f64, random: &mut Random) -> f64 {
        let Expected {
            rate: (shape, rate),
            won_per_rate,
            size,
            ..
        } = *self.expected;
        if rate <= 0.0 {
            return 0.0;
        }
        let created = random.gamma(shape) / rate;
        sum_of(created * won_per_rate * odds, size.mean, size.variation, random)
    }
}
