//! A level that moved and stayed there: the two-sided cumulative sum (Page 1954).

use super::Settings;
use super::usual::{Usual, freedom};
use crate::statistics::{median, student_below};

/// Deviations count with at most so many standard deviations: one extreme period is no new level.
const MOST: f64 = 3.0;

/// Periods on either side that the levels are taken from.
const SIDE: usize = 12;

/// Periods needed before and since.
const LEAST_BEFORE: usize = 6;
const LEAST_SINCE: usize = 3;

/// A shift that stayed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    /// The first period on the new level.
    pub(super) place: usize,
    /// The sum at the alarm.
    pub(super) cusum: f64,
    /// Levels before and since, season removed.
    pub(super) before: f64,
    pub(super) after: f64,
    /// Robust z of their difference.
    pub(super) z: f64,
    /// The chance of a difference as large where there is none.
    pub(super) p: f64,
}

/// The last shift of a series. `values` are the periods that `usual` judges, by place.
pub(super) fn shift(
    values: &[Option<f64>],
    usual: &[Usual],
    scale: f64,
    settings: &Settings,
) -> Option<Shift> {
    let (start, cusum) = alarm(usual, scale, settings)?;
    let level = |part: &[Usual]| {
        let plain: Vec<f64> = part
            .iter()
            .filter_map(|one| Some((*values.get(one.place)?)? - one.season))
            .collect();
        median(&plain)
    };
    let (earlier, since) = usual.split_at_checked(start)?;
    let earlier = earlier.get(earlier.len().saturating_sub(SIDE)..)?;
    let since = since.get(..since.len().min(SIDE))?;
    if earlier.len() < LEAST_BEFORE || since.len() < LEAST_SINCE {
        return None;
    }
    let (before, after) = (level(earlier)?, level(since)?);
    let parts = 1.0 / earlier.len() as f64 + 1.0 / since.len() as f64;
    let z = (after - before) / (scale * (std::f64::consts::FRAC_PI_2 * parts).sqrt());
    // The sum and the levels must agree.
    (z * cusum > 0.0).then(|| Shift {
        place: since.first().map_or(0, |one| one.place),
        cusum,
        before,
        after,
        z,
        p: 2.0 * student_below(-z.abs(), freedom(usual)),
    })
}

/// Where the sum that raised the last alarm began to grow, and how high it was.
fn alarm(usual: &[Usual], scale: f64, settings: &Settings) -> Option<(usize, f64)> {
    let (mut up, mut down) = ((0, 0.0_f64), (0, 0.0_f64));
    let mut last: Option<(usize, f64)> = None;
    for (place, one) in usual.iter().enumerate() {
        let z = (one.residual / scale).clamp(-MOST, MOST);
        for (sum, z, sign) in [(&mut up, z, 1.0), (&mut down, -z, -1.0)] {
            sum.1 += z - settings.shift_slack;
            if sum.1 <= 0.0 {
                *sum = (place + 1, 0.0);
            } else if sum.1 > settings.shift_limit && last.is_none_or(|(start, _)| start != sum.0) {
                last = Some((sum.0, sign * sum.1));
            }
        }
    }
    last
}
