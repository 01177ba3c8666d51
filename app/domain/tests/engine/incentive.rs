//! `domain::incentive`.
