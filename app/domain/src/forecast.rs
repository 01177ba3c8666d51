//! Forecasts of monthly, weekly and quarterly series, on the server only.

use serde::{Deserialize, Serialize};

use crate::statistics::Interval;

/// A forecast, step by step from the first period after the last value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The expected value of each step, in the unit of the series.
    pub mean: Vec<f64>,
    /// One band for each level asked for, in the order asked.
    pub bands: Vec<Band>,
}

/// A prediction interval for each step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// The chance in per cent that a value lies inside, such as 80 or 95.
    pub level: f64,
    /// One interval a step.
    pub steps: Vec<Interval>,
}
