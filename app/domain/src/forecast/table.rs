//! Made by `cargo xtask accuracy --calibrate`; not to be changed by hand.

use super::calibration::Calibration;

pub(super) const YEARS: Calibration = Calibration {
    freedom: 2.69,
    first: 0.479,
    power: 0.841,
    bend: -0.051,
    steps: 6,
    growth: 0.477,
    apart: -0.028,
    together: -0.153,
};

pub(super) const QUARTERS: Calibration = Calibration {
    freedom: 4.20,
    first: 0.515,
    power: 0.326,
    bend: 0.105,
    steps: 8,
    growth: 0.504,
    apart: -0.023,
    together: -0.114,
};

pub(super) const MONTHS: Calibration = Calibration {
    freedom: 5.08,
    first: 0.493,
    power: 0.146,
    bend: 0.065,
    steps: 18,
    growth: 0.274,
    apart: -0.060,
    together: -0.193,
};
