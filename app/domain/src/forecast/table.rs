//! Made by `cargo xtask accuracy --calibrate`; not to be changed by hand.

use super::calibration::Calibration;

pub(super) const YEARS: Calibration = Calibration {
    freedom: 2.78,
    first: 0.510,
    power: 0.763,
    bend: -0.025,
    steps: 6,
};

pub(super) const QUARTERS: Calibration = Calibration {
    freedom: 4.24,
    first: 0.543,
    power: 0.276,
    bend: 0.116,
    steps: 8,
};

pub(super) const MONTHS: Calibration = Calibration {
    freedom: 5.26,
    first: 0.585,
    power: -0.005,
    bend: 0.100,
    steps: 18,
};
