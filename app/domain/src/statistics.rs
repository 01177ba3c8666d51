//! Statistics: what a list of numbers says, and how sure one can be of it.
//!
//! Floats are for showing, for chances and for weights that are quantised before they decide anything. Nothing here
//! panics: lists that are too short answer `None`, numbers that are not finite are left out by [`finite`].

mod describe;
mod infer;
mod inverse;
mod random;
mod special;

use serde::{Deserialize, Serialize};

pub use describe::{
    finite, gini, mad, mean, median, quantile, ranks, robust_spread, sd, theil, theil_parts, variance,
};
pub use infer::{Correlation, benjamini_hochberg, bootstrap, correlation, rank_correlation, slope, wilson};
pub use inverse::{beta_interval, beta_quantile, gamma_interval, gamma_quantile, normal_interval};
pub use random::Random;
pub use special::{
    beta_below, gamma_below, ln_gamma, normal_below, normal_density, normal_quantile, student_below,
    student_quantile,
};

/// A range that contains a value with a stated chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The same, widened where it does not contain a value: the middle part of a very skewed distribution can leave out its
    /// mean.
    #[must_use]
    pub fn including(self, value: f64) -> Self {
        Self {
            low: self.low.min(value),
            high: self.high.max(value),
        }
    }

    /// How wide it is.
    pub fn width(self) -> f64 {
        self.high - self.low
    }
}
