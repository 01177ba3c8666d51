//! What is booked and what is expected of the rest.

use super::pipeline::Expected;
use super::{Clock, LandingError, MAX_SPREAD, is_spread};
use crate::money::Minor;
use crate::statistics::{mean, variance};

/// What deals brought in a period, or in the part of it until now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Booked {
    /// The sum.
    pub amount: Minor,
    /// How many deals.
    pub deals: u32,
    /// Standard deviation of their amounts over the mean; 0 of fewer than two, and where the mean is not positive.
    pub variation: f64,
}

impl Booked {
    /// The sum of deals, at the border where it does not fit.
    pub fn of(deals: &[Minor]) -> Self {
        let sum: i128 = deals.iter().map(|deal| i128::from(deal.0)).sum();
        let amounts: Vec<f64> = deals.iter().map(|deal| deal.0 as f64).collect();
        let variation = match (mean(&amounts), variance(&amounts)) {
            (Some(mean), Some(variance)) if mean > 0.0 => (variance.sqrt() / mean).min(MAX_SPREAD),
            _ => 0.0,
        };
        Self {
            amount: Minor(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })),
            deals: u32::try_from(deals.len()).unwrap_or(u32::MAX),
            variation,
        }
    }
}

/// A forecast of the whole period that was made without looking at its own bookings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// What the whole period is expected to bring; positive.
    pub whole: Minor,
    /// How far the level may be off, as a standard deviation over the level; what chance does to single deals not counted.
    pub spread: f64,
    /// How many deals a whole period has; 0 where there are no deals to count.
    pub deals: f64,
    /// Standard deviation of their amounts over the mean.
    pub variation: f64,
}

impl Forecast {
    /// The plainest forecast, from comparable past periods: their mean. Of the scatter of their totals the part that their
    /// number of deals explains, `(1 + variation²) / deals`, is taken away, and the mean's own error added. `None` of fewer
    /// than two or where the mean is not positive.
    pub fn of_past(periods: &[Booked]) -> Option<Self> {
        let totals: Vec<f64> = periods.iter().map(|period| period.amount.0 as f64).collect();
        let level = mean(&totals).filter(|level| *level > 0.0)?;
        let scatter = variance(&totals)? / (level * level);
        let count = totals.len() as f64;
        let deals: f64 = periods.iter().map(|period| f64::from(period.deals)).sum();
        // The mean square of all deals of all periods over the square of their mean, 1 + variation².
        let squares: f64 = periods
            .iter()
            .filter(|period| period.deals > 0)
            .map(|period| {
                let amount = period.amount.0 as f64;
                amount * amount / f64::from(period.deals) * (1.0 + period.variation * period.variation)
            })
            .sum();
        let size = level * count / deals;
        let unevenness = if deals > 0.0 {
            (squares / deals / (size * size)).max(1.0)
        } else {
            1.0
        };
        let chance = if deals > 0.0 {
            unevenness * count / deals
        } else {
            0.0
        };
        Some(Self {
            whole: Minor(level.round() as i64),
            spread: ((scatter - chance).max(0.0) + scatter / count)
                .sqrt()
                .min(MAX_SPREAD),
            deals: deals / count,
            variation: (unevenness - 1.0).sqrt().min(MAX_SPREAD),
        })
    }

    pub(super) fn checked(self) -> Result<Self, LandingError> {
        let counted = self.deals >= 0.0 && self.deals.is_finite();
        (self.whole.0 > 0 && counted && is_spread(self.spread) && is_spread(self.variation))
            .then_some(self)
            .ok_or(LandingError::Forecast)
    }
}

/// The rest of the period as the outlook has it.
pub(super) enum Rest {
    /// Nothing is known.
    Unknown,
    /// By a forecast of the whole.
    Forecast(Forecast),
    /// By deals.
    Deals(Expected),
}

impl Rest {
    /// The mean.
    pub(super) fn mean(&self, clock: &Clock) -> Option<f64> {
        match self {
            Self::Unknown => None,
            Self::Forecast(forecast) => Some(clock.rest() * forecast.whole.0 as f64),
            Self::Deals(expected) => Some(expected.open + expected.new),
        }
    }

    /// How far its level may be off, relative.
    pub(super) fn spread(&self) -> f64 {
        match self {
            Self::Unknown => 0.0,
            Self::Forecast(forecast) => forecast.spread,
            Self::Deals(expected) => expected.spread(),
        }
    }

    /// The deals, where it rests on them.
    pub(super) fn deals(&self) -> Option<&Expected> {
        match self {
            Self::Deals(expected) => Some(expected),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scatter_that_deals_explain_is_not_the_level_s() {
        let period = |amounts: &[i64]| Booked::of(&amounts.iter().copied().map(Minor).collect::<Vec<_>>());
        let chance =
            Forecast::of_past(&[period(&[50, 150]), period(&[100]), period(&[100, 100, 100])]).unwrap();
        let level =
            Forecast::of_past(&[period(&[100; 100]), period(&[100; 50]), period(&[100; 150])]).unwrap();
        assert_eq!((chance.whole, chance.deals), (Minor(200), 2.0));
        assert!(chance.spread < 0.3 && level.spread > 0.5, "{chance:?} {level:?}");
        assert_eq!(Forecast::of_past(&[period(&[5])]), None);
        assert_eq!(Forecast::of_past(&[period(&[]), period(&[])]), None);
        assert_eq!(Forecast::of_past(&[period(&[-5]), period(&[1])]), None);
    }
}
