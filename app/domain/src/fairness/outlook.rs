//! What a person is expected to bring, and the chance to reach a target with it.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::outlook::{CHANCES, Distribution};
use crate::statistics::{normal_below, normal_density, normal_quantile};

/// The distribution of an outcome: log-normal, for sales are not negative and reach further up than down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Expected outcome, in minor units: 0, or from 1e-18 to 1e18, so that ratios stay finite.
    pub mean: f64,
    /// Its standard deviation, in minor units; from 0 for a certain outcome to 1e18.
    pub sd: f64,
}

/// The largest mean and standard deviation that are sound.
const LARGEST: f64 = 1e18;

impl Outlook {
    /// Mean and standard deviation of a distribution that is known by the amounts at [`CHANCES`].
    ///
    /// Between two known chances it runs straight on the scale of a normal distribution, `x(z) = a + b·z`, and beyond the
    /// first and the last as steep as before; with `φ` the density and `Φ` the distribution of the standard normal, a piece
    /// from `u` to `v` brings `∫ x φ = a·(Φ(v) − Φ(u)) + b·(φ(u) − φ(v))` to the mean, and
    /// `∫ x² φ = a²·(Φ(v) − Φ(u)) + 2ab·(φ(u) − φ(v)) + b²·(Φ(v) − Φ(u) + u·φ(u) − v·φ(v))` to the mean of squares. Amounts
    /// are counted from the one in the middle, so that large ones lose no digits. A mean below one minor unit is nothing.
    pub fn of(law: &Distribution) -> Self {
        let middle = law.p50().0 as f64;
        let known: Vec<(f64, f64)> = CHANCES
            .iter()
            .zip(law.amounts())
            .map(|(chance, amount)| (normal_quantile(*chance), amount.0 as f64 - middle))
            .collect();
        let last = known.len().saturating_sub(2);
        let (mut first_moment, mut second_moment) = (0.0, 0.0);
        for (place, (low, high)) in known.iter().zip(known.iter().skip(1)).enumerate() {
            let slope = (high.1 - low.1) / (high.0 - low.0);
            let level = low.1 - slope * low.0;
            // Both ends of the scale are infinitely far: there `Φ` is 0 or 1, and `φ` and `z·φ` are nothing.
            let end = |z: f64| (normal_below(z), normal_density(z), z * normal_density(z));
            let from = if place == 0 { (0.0, 0.0, 0.0) } else { end(low.0) };
            let to = if place == last {
                (1.0, 0.0, 0.0)
            } else {
                end(high.0)
            };
            let (part, tilt) = (to.0 - from.0, from.1 - to.1);
            let bend = part + from.2 - to.2;
            first_moment += level * part + slope * tilt;
            second_moment += level * level * part + 2.0 * level * slope * tilt + slope * slope * bend;
        }
        let mean = middle + first_moment;
        let variance = second_moment - first_moment * first_moment;
        Self {
            mean: if mean < 1.0 { 0.0 } else { mean.min(LARGEST) },
            sd: variance.max(0.0).sqrt().min(LARGEST),
        }
    }

    /// Mean and standard deviation of the logarithm.
    fn logarithm(self) -> (f64, f64) {
        let relative = self.sd / self.mean;
        let variance = (relative * relative).ln_1p();
        (self.mean.ln() - variance / 2.0, variance.sqrt())
    }

    /// How many standard deviations of its logarithm the outlook lies above a positive target; infinite where the outcome is
    /// certain or nothing.
    pub(super) fn margin(self, target: f64) -> f64 {
        if self.mean <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let (middle, spread) = self.logarithm();
        if spread > 0.0 {
            (middle - target.ln()) / spread
        } else if self.mean >= target {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        }
    }

    /// The chance that the outcome is at least `target`; a target of nothing is reached.
    pub fn chance(self, target: f64) -> f64 {
        if target <= 0.0 {
            return 1.0;
        }
        normal_below(self.margin(target))
    }

    /// The target that is reached with a chance: the quantile at `1 − chance` (engine.md C2).
    pub fn target(self, chance: f64) -> f64 {
        if self.mean <= 0.0 || self.sd <= 0.0 {
            return self.mean;
        }
        let (middle, spread) = self.logarithm();
        (middle - spread * normal_quantile(chance)).exp()
    }

    pub(super) fn is_sound(self) -> bool {
        let mean = self.mean == 0.0 || (1e-18..=LARGEST).contains(&self.mean);
        mean && (0.0..=LARGEST).contains(&self.sd)
    }
}

/// One who carries a target. Traits that are not known, or not finite, are left out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The target.
    pub target: Minor,
    /// What can be expected.
    pub outlook: Outlook,
    /// The team, by a number of the caller's.
    pub team: u32,
    /// Whether somebody is new: in ramp, or without a comparable period.
    pub new_hire: bool,
    /// How large the territory is: sales of the last comparable period, usually. Not the target, which would go with the
    /// chance to reach it by itself.
    pub size: Option<f64>,
    /// How the person's sales grew until now (0.1 for 10 %): whether last year's winners are punished.
    pub growth: Option<f64>,
    /// Months in the job.
    pub tenure: Option<f64>,
    /// Market potential of the territory.
    pub potential: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_and_spread_of_a_normal_distribution_come_back() {
        let law = Distribution::of(
            |chance| Minor((8_720_000.0 + 542_000.0 * normal_quantile(chance)).round() as i64),
            None,
        );
        let outlook = Outlook::of(&law);
        assert!((outlook.mean - 8_720_000.0).abs() < 10.0, "{outlook:?}");
        assert!((outlook.sd - 542_000.0).abs() < 50.0, "{outlook:?}");
    }

    #[test]
    fn what_is_certain_does_not_spread_and_nothing_is_nothing() {
        let certain = Outlook::of(&Distribution::certain(Minor(500)));
        assert!(
            (certain.mean - 500.0).abs() < 1e-9 && certain.sd < 1e-6,
            "{certain:?}"
        );
        let nothing = Outlook::of(&Distribution::certain(Minor(0)));
        assert!(nothing.mean.abs() < 1e-12 && nothing.sd.abs() < 1e-12);
    }

    #[test]
    fn a_skewed_distribution_has_its_mean_above_its_middle() {
        // Log-normal of mean exp(0.125) and variance (e^0.25 − 1) e^0.25.
        let law = Distribution::of(
            |chance| Minor((1e6 * (0.5 * normal_quantile(chance)).exp()).round() as i64),
            Some(Minor(0)),
        );
        let outlook = Outlook::of(&law);
        assert!((outlook.mean / 1_133_148.0 - 1.0).abs() < 0.01, "{outlook:?}");
        assert!((outlook.sd / 603_901.0 - 1.0).abs() < 0.05, "{outlook:?}");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_known_the_outlook_is_sound(amounts in proptest::collection::vec(proptest::prelude::any::<i64>(), 23)) {
            let law = Distribution::of(
                |chance| {
                    let place = CHANCES.iter().position(|known| known.to_bits() == chance.to_bits()).unwrap_or_default();
                    Minor(amounts[place] / 16)
                },
                None,
            );
            let outlook = Outlook::of(&law);
            proptest::prop_assert!(outlook.is_sound(), "{outlook:?}");
        }
    }
}
