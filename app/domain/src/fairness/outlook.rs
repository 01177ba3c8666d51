//! What a person is expected to bring, and the chance to reach a target with it.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::statistics::{normal_below, normal_quantile};

/// The distribution of an outcome: log-normal, for sales are not negative and reach further up than down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Expected outcome, in minor units: 0, or from 1e-18 to 1e18, so that ratios stay finite.
    pub mean: f64,
    /// Its standard deviation, in minor units; from 0 for a certain outcome to 1e18.
    pub sd: f64,
}

impl Outlook {
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
        let mean = self.mean == 0.0 || (1e-18..=1e18).contains(&self.mean);
        mean && (0.0..=1e18).contains(&self.sd)
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
