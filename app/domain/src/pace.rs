//! Pace: what should have been reached by today, on the season and working-day curve, not on a straight line.

use crate::money::Minor;

/// `part / whole` for attainment (against the target) and pace (against what is expected by today); never capped.
/// `None` where the whole is zero or negative: nothing can be said then.
pub fn ratio(part: Minor, whole: Minor) -> Option<f64> {
    (whole.0 > 0).then(|| part.0 as f64 / whole.0 as f64)
}
