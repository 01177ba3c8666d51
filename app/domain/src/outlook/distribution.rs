//! What an amount may come to be, as the amounts it stays below with given chances.

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::statistics::{normal_below, normal_quantile};

/// The chances at which a distribution is known.
pub const CHANCES: [f64; 23] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9,
    0.95, 0.975, 0.99, 0.995, 0.999,
];
const P10: usize = 5;
const P25: usize = 8;
const P50: usize = 11;
const P75: usize = 14;
const P90: usize = 17;

/// A distribution of an amount. Between the known chances it runs straight on the scale of a normal distribution, and
/// beyond them as steep as before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// One amount for each of [`CHANCES`], ascending.
    amounts: Vec<Minor>,
    /// What it cannot be below.
    floor: Option<Minor>,
}

impl Distribution {
    /// The distribution of which these are the amounts at [`CHANCES`], put in order where they are not.
    pub fn of(at: impl Fn(f64) -> Minor, floor: Option<Minor>) -> Self {
        let lowest = floor.map_or(i64::MIN, |floor| floor.0);
        let mut least = lowest;
        let amounts = CHANCES.iter().map(|chance| {
            least = at(*chance).0.max(least);
            Minor(least)
        });
        Self {
            amounts: amounts.collect(),
            floor,
        }
    }

    /// An amount that is certain.
    pub fn certain(amount: Minor) -> Self {
        Self {
            amounts: vec![amount; CHANCES.len()],
            floor: Some(amount),
        }
    }

    /// One amount for each of [`CHANCES`], ascending.
    pub fn amounts(&self) -> &[Minor] {
        &self.amounts
    }

    /// Whether nothing is open: all amounts are the same.
    pub fn is_certain(&self) -> bool {
        self.amounts.first() == self.amounts.last()
    }

    /// It will be less with a chance of 10 %.
    pub fn p10(&self) -> Minor {
        self.known(P10)
    }

    /// It will be less with a chance of 25 %.
    pub fn p25(&self) -> Minor {
        self.known(P25)
    }

    /// In the middle.
    pub fn p50(&self) -> Minor {
        self.known(P50)
    }

    /// It will be more with a chance of 25 %.
    pub fn p75(&self) -> Minor {
        self.known(P75)
    }

    /// It will be more with a chance of 10 %.
    pub fn p90(&self) -> Minor {
        self.known(P90)
    }

    fn known(&self, place: usize) -> Minor {
        self.amounts.get(place).copied().unwrap_or_default()
    }

    /// The amount it stays below with a chance, 0 to 1 (both ends are taken for as close to them as makes no difference).
    pub fn at(&self, chance: f64) -> Minor {
        let chance = if chance.is_nan() { 0.5 } else { chance };
        let score = normal_quantile(chance.clamp(1e-6, 1.0 - 1e-6));
        let scores = CHANCES.map(normal_quantile);
        let after = scores
            .iter()
            .position(|known| *known >= score)
            .unwrap_or(CHANCES.len() - 1)
            .max(1);
        let (low, high) = (self.known(after - 1).0 as f64, self.known(after).0 as f64);
        let part = (score - scores[after - 1]) / (scores[after] - scores[after - 1]);
        let amount = (low + part * (high - low)).round() as i64;
        Minor(self.floor.map_or(amount, |floor| amount.max(floor.0)))
    }

    /// The chance that less comes, 0 to 1.
    pub fn below(&self, amount: Minor) -> f64 {
        if self.floor.is_some_and(|floor| amount <= floor) {
            return 0.0;
        }
        if self.is_certain() {
            return if amount <= self.known(0) { 0.0 } else { 1.0 };
        }
        let scores = CHANCES.map(normal_quantile);
        // The first known amount that is not below it; of equal ones the first, because the others are reached as well.
        let after = self.amounts.partition_point(|known| *known < amount);
        let score = |after: usize| {
            let (low, high) = (self.known(after - 1).0 as f64, self.known(after).0 as f64);
            let part = (amount.0 as f64 - low) / (high - low);
            scores[after - 1] + part * (scores[after] - scores[after - 1])
        };
        let rises = |after: &usize| self.known(*after - 1) < self.known(*after);
        let last = CHANCES.len() - 1;
        let place = if after == 0 {
            // Below all that is known: as steep as the first rise.
            (1..=last).find(rises)
        } else if after > last {
            (1..=last).rev().find(rises)
        } else {
            Some(after)
        };
        match place {
            Some(place) if place == after || after > last => normal_below(score(place)),
            Some(place) => {
                let slope = (scores[place] - scores[place - 1])
                    / (self.known(place).0 - self.known(place - 1).0) as f64;
                normal_below(scores[0] - slope * (self.known(0).0 - amount.0) as f64)
            }
            None => 0.5,
        }
    }

    /// The chance that an amount is reached, 0 to 1.
    pub fn chance_of(&self, amount: Minor) -> f64 {
        1.0 - self.below(amount)
    }

    /// Where an amount sits, 0 to 100: P93 is 93.
    pub fn percentile_of(&self, amount: Minor) -> f64 {
        100.0 * self.below(amount)
    }

    /// The same with something added to every amount; nothing goes below the floor.
    #[must_use]
    pub fn shifted(&self, by: Minor) -> Self {
        let lowest = self.floor.map_or(i64::MIN, |floor| floor.0);
        let moved = self
            .amounts
            .iter()
            .map(|amount| Minor(amount.0.saturating_add(by.0).max(lowest)));
        Self {
            amounts: moved.collect(),
            floor: self.floor,
        }
    }

    /// How far its amounts lie below and above the one in the middle, the furthest first.
    #[cfg(feature = "forecast")]
    pub(super) fn sides(&self) -> (Vec<i64>, Vec<i64>) {
        let away = |amount: &Minor| amount.0.saturating_sub(self.p50().0).saturating_abs();
        let (below, above) = self.amounts.split_at(P50);
        let above = above.iter().skip(1).rev();
        (below.iter().map(away).collect(), above.map(away).collect())
    }

    /// How far it can lie below the amount in the middle at most; none where it can be anything.
    #[cfg(feature = "forecast")]
    pub(super) fn room(&self) -> Option<i64> {
        let floor = self.floor?;
        Some(self.p50().0.saturating_sub(floor.0).max(0))
    }

    /// The one with the same middle whose amounts lie as far from it as said, as [`Self::sides`] tells it.
    #[cfg(feature = "forecast")]
    pub(super) fn reaching(&self, below: &[i64], above: &[i64]) -> Self {
        let middle = self.p50();
        let below = below.iter().map(|away| middle.0.saturating_sub(*away));
        let above = above.iter().rev().map(|away| middle.0.saturating_add(*away));
        let amounts = below.chain([middle.0]).chain(above).map(Minor);
        Self {
            amounts: amounts.collect(),
            floor: self.floor,
        }
    }

    /// Points of its density from the lowest to the highest known amount, for a drawing: amounts and heights, the highest
    /// being 1. Empty where it is certain.
    pub fn density(&self, points: u16) -> Vec<(Minor, f64)> {
        let (low, high) = (self.at(0.002).0, self.at(0.998).0);
        if low >= high || points < 2 {
            return Vec::new();
        }
        let width = (high - low) as f64;
        let place = |at: f64| Minor(low + (width * at).round() as i64);
        let step = 1.0 / f64::from(points - 1);
        let half = 1.5 * step;
        let mut drawn: Vec<(Minor, f64)> = (0..points)
            .map(|point| {
                let at = f64::from(point) * step;
                (
                    place(at),
                    self.below(place(at + half)) - self.below(place(at - half)),
                )
            })
            .collect();
        let most = drawn.iter().map(|(_, height)| *height).fold(0.0, f64::max);
        for (_, height) in &mut drawn {
            *height = if most > 0.0 { *height / most } else { 0.0 };
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(mean: f64, spread: f64, floor: Option<Minor>) -> Distribution {
        Distribution::of(
            |chance| Minor((mean + spread * normal_quantile(chance)).round() as i64),
            floor,
        )
    }

    #[test]
    fn an_amount_sits_where_it_should() {
        let law = normal(8_720_000.0, 542_000.0, Some(Minor(0)));
        assert_eq!(law.p50(), Minor(8_720_000));
        assert!((law.percentile_of(Minor(8_720_000)) - 50.0).abs() < 0.01);
        assert!((law.chance_of(Minor(9_560_000)) - 0.0606).abs() < 0.001);
        assert!(law.chance_of(Minor(30_000_000)) < 1e-9 && law.chance_of(Minor(i64::MAX)) < 1e-9);
        assert!((law.chance_of(Minor(0)) - 1.0).abs() < 1e-12 && law.chance_of(Minor(i64::MIN)) > 0.999);
    }

    #[test]
    fn what_cannot_be_negative_may_be_nothing() {
        let law = normal(100.0, 200.0, Some(Minor(0)));
        assert_eq!(law.p10(), Minor(0));
        assert!((law.chance_of(Minor(0)) - 1.0).abs() < 1e-12);
        let one = law.chance_of(Minor(1));
        assert!((0.5..0.75).contains(&one), "{one}");
    }

    #[test]
    fn what_is_certain_is_reached_or_not() {
        let law = Distribution::certain(Minor(500));
        assert_eq!((law.chance_of(Minor(500)), law.chance_of(Minor(501))), (1.0, 0.0));
        assert_eq!(law.at(0.9), Minor(500));
        assert!(law.density(40).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn chances_fall_as_amounts_rise(mean in -1e9_f64..1e9, spread in 0.0_f64..1e9, floored: bool, a: i64, b: i64) {
            let law = normal(mean, spread, floored.then_some(Minor(0)));
            let (low, high) = (a.min(b), a.max(b));
            let (first, second) = (law.chance_of(Minor(low)), law.chance_of(Minor(high)));
            proptest::prop_assert!((0.0..=1.0).contains(&first) && (0.0..=1.0).contains(&second));
            proptest::prop_assert!(second <= first + 1e-9, "{first} {second}");
        }

        #[test]
        fn a_chance_leads_to_its_amount_and_back(mean in 1e3_f64..1e9, relative in 0.01_f64..0.3, chance in 0.002_f64..0.998) {
            let law = normal(mean, mean * relative, Some(Minor(0)));
            let back = law.below(law.at(chance));
            proptest::prop_assert!((back - chance).abs() < 0.02, "{chance} {back}");
        }
    }
}
