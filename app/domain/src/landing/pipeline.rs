//! Open deals and those not yet created.

use super::{Clock, LandingError, MAX_SPREAD, is_spread};
use crate::calendar::Day;
use crate::money::Minor;
use crate::statistics::{mean, variance};

/// A deal that is neither won nor lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDeal {
    /// What it is worth when it is won; not negative.
    pub value: Minor,
    /// Its stage, a number that only the chance given to [`super::landing`] reads.
    pub stage: usize,
    /// Days since it entered its stage, or since it was created where the chance counts from there.
    pub age_days: u32,
    /// When it is meant to be won. It decides whether the deal counts for the coverage of this period; the chance to close
    /// comes from how deals of its stage and age did close, not from a date that is often only hoped for.
    pub expected_close: Option<Day>,
}

/// How many deals are created, in numbers of whole periods of this kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// Deals created in each past period.
    pub past: Vec<u32>,
    /// Deals created in this period until now.
    pub current: u32,
}

impl Arrivals {
    /// The rate of a whole period as a gamma distribution (shape, rate) after what this period showed in the part `elapsed`
    /// of its days (Gamma–Poisson; by moments `β = m / (v − m)`, `α = mβ`). Past periods that scatter no more than a Poisson
    /// count, or a single one, are taken for one steady rate.
    fn rate(&self, elapsed: f64) -> (f64, f64) {
        let past: Vec<f64> = self.past.iter().map(|count| f64::from(*count)).collect();
        let level = mean(&past).unwrap_or(0.0);
        let beta = match variance(&past) {
            Some(variance) if variance > level && level > 0.0 => level / (variance - level),
            _ => past.len() as f64,
        };
        (level * beta + f64::from(self.current), beta + elapsed)
    }
}

/// How large a won deal is, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DealSize {
    /// The mean.
    pub mean: f64,
    /// Standard deviation over the mean.
    pub variation: f64,
}

impl DealSize {
    /// The size of own won deals pulled towards that of others (whose list does not contain the own): by as much as the
    /// difference of the means can be chance, `Z = 1 − s²(1/n + 1/m) / (x̄ − ȳ)²` with the variance
    /// `s²` within both, at least 0 (the positive part of James and
    /// Stein 1961; a group without deals takes the others' mean). `None` where there is no deal at all.
    pub fn shrunk(own: &[Minor], others: &[Minor]) -> Option<Self> {
        let floats = |deals: &[Minor]| -> Vec<f64> { deals.iter().map(|deal| deal.0 as f64).collect() };
        let (own, others) = (floats(own), floats(others));
        let all: Vec<f64> = own.iter().chain(&others).copied().collect();
        let pooled = mean(&all)?;
        // The variance within both, so that their difference does not pass for scatter.
        let squares =
            |deals: &[f64]| variance(deals).map_or(0.0, |variance| variance * (deals.len() - 1) as f64);
        let freedom = (own.len().max(1) - 1 + others.len().max(1) - 1).max(1) as f64;
        let scatter = (squares(&own) + squares(&others)) / freedom;
        let level = match (mean(&own), mean(&others)) {
            (Some(x), Some(y)) => {
                let chance = scatter * (1.0 / own.len() as f64 + 1.0 / others.len() as f64);
                let apart = (x - y) * (x - y);
                let trust = if apart > chance { 1.0 - chance / apart } else { 0.0 };
                pooled + trust * (x - pooled)
            }
            _ => pooled,
        };
        Some(Self {
            mean: level,
            variation: if level > 0.0 {
                (scatter.sqrt() / level).min(MAX_SPREAD)
            } else {
                0.0
            },
        })
    }
}

/// Deals that may still be won in the period.
#[derive(Clone, Debug)]
pub struct Pipeline<'a> {
    /// Open deals.
    pub open: &'a [OpenDeal],
    /// How new ones come.
    pub arrivals: Arrivals,
    /// How large new ones are when they are won.
    pub size: DealSize,
    /// The stage in which new ones begin.
    pub entry_stage: usize,
    /// The last day of the period: open deals due later do not cover its target.
    pub last_day: Day,
    /// By how much all chances together tend to be off, as a standard deviation of their log-odds: deals share a market,
    /// and what moved one moves the others. [`Self::COMMON_ERROR`] where nobody measured it.
    pub common_error: f64,
}

/// What a pipeline is expected to bring, in minor units.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    /// The value and chance of each open deal.
    pub(super) deals: Vec<(f64, f64)>,
    /// The value of open deals times their chance.
    pub(super) open: f64,
    /// The value of open deals due in the period.
    pub(super) due: f64,
    /// The value of deals not yet created.
    pub(super) new: f64,
    /// New deals won in time, were the rate 1 a period.
    pub(super) won_per_rate: f64,
    /// The rate of new deals as a gamma distribution: shape and rate.
    pub(super) rate: (f64, f64),
    /// The size of new deals.
    pub(super) size: DealSize,
    /// As in [`Pipeline`].
    pub(super) common_error: f64,
}

impl Expected {
    /// How far the level may be off, relative: by the error common to all chances, which moves the value `v p` of a deal by
    /// `v p (1 − p)`, and by the rate of new deals.
    pub(super) fn spread(&self) -> f64 {
        let sum = self.open + self.new;
        if sum <= 0.0 {
            // An empty pipeline is no knowledge that nothing will come.
            return MAX_SPREAD;
        }
        let moved: f64 = self
            .deals
            .iter()
            .map(|(value, chance)| value * chance * (1.0 - chance))
            .sum();
        let common = self.common_error * (moved + self.new) / sum;
        let of_rate = if self.rate.0 > 0.0 {
            self.new / sum / self.rate.0.sqrt()
        } else {
            0.0
        };
        (common * common + of_rate * of_rate).sqrt()
    }
}

impl Pipeline<'_> {
    /// An assumption: what was said to have an even chance has one of 44 % to 56 %, two times out of three.
    pub const COMMON_ERROR: f64 = 0.25;

    /// Days of the rest of a period on which new deals are looked at.
    const MAX_STEPS: u32 = 400;

    /// Open deals times their chance, and new deals: each day that is left brings its share of arrivals, and each of them
    /// has the days after it to be won.
    pub(super) fn expected(
        &self,
        clock: &Clock,
        chance: &impl Fn(&OpenDeal, u32) -> f64,
    ) -> Result<Expected, LandingError> {
        if !is_spread(self.common_error) {
            return Err(LandingError::CommonError);
        }
        let size = self.size;
        if !(0.0..=i64::MAX as f64).contains(&size.mean) || !is_spread(size.variation) {
            return Err(LandingError::DealSize);
        }
        let left = clock.season_days_left();
        let checked = |deal: &OpenDeal, days: u32, place: Option<usize>| {
            let chance = chance(deal, days);
            let valid = (0.0..=1.0).contains(&chance);
            valid
                .then_some(chance)
                .ok_or(LandingError::Chance { deal: place })
        };
        let mut deals = Vec::with_capacity(self.open.len());
        let (mut open, mut due) = (0.0, 0.0);
        for (place, deal) in self.open.iter().enumerate() {
            if deal.value.0 < 0 {
                return Err(LandingError::NegativeDeal { deal: place });
            }
            let value = deal.value.0 as f64;
            let chance = if left == 0 {
                0.0
            } else {
                checked(deal, left, Some(place))?
            };
            open += value * chance;
            if deal.expected_close.is_none_or(|day| day <= self.last_day) {
                due += value;
            }
            deals.push((value, chance));
        }
        let new = OpenDeal {
            value: super::amount(size.mean),
            stage: self.entry_stage,
            age_days: 0,
            expected_close: None,
        };
        // A deal of the last day has no day left; of a very long period days are looked at some apart.
        let steps = left.min(Self::MAX_STEPS);
        let mut wins = 0.0;
        for step in 1..steps {
            let days = u64::from(left) * u64::from(step) / u64::from(steps);
            wins += checked(&new, u32::try_from(days).unwrap_or(left), None)?;
        }
        let part = f64::from(clock.days_left.min(clock.days)) / f64::from(clock.days.max(1));
        let won_per_rate = if steps == 0 {
            0.0
        } else {
            part * wins / f64::from(steps)
        };
        let rate = self.arrivals.rate(1.0 - part);
        let level = if rate.1 > 0.0 { rate.0 / rate.1 } else { 0.0 };
        Ok(Expected {
            deals,
            // Whole minor units, so that what is shown adds up.
            open: open.round(),
            due,
            new: (level * won_per_rate * size.mean).round(),
            won_per_rate,
            rate,
            size,
            common_error: self.common_error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_deals_is_pulled_towards_the_others() {
        let few: Vec<Minor> = [90, 110, 160].map(Minor).to_vec();
        let many: Vec<Minor> = (0..200).map(|place| Minor(50 + place % 101)).collect();
        let size = DealSize::shrunk(&few, &many).unwrap();
        assert!((100.0..120.0).contains(&size.mean), "{size:?}");
        let unlike: Vec<Minor> = (0..200).map(|place| Minor(5_000 + place)).collect();
        assert!(DealSize::shrunk(&unlike, &many).unwrap().mean > 5_000.0);
        assert_eq!(DealSize::shrunk(&[], &many), DealSize::shrunk(&many, &[]));
        assert_eq!(DealSize::shrunk(&[], &[]), None);
    }
}
