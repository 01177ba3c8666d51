//! One series of counts: the tail of the Poisson distribution, or of the negative binomial where counts scatter more.

use super::{Evidence, Fact, Scan, Settings, Test};
use crate::statistics::{beta_below, gamma_below};

/// The shortest level, in periods.
const LEAST_LEVEL: usize = 12;

/// Seasons before that are looked at.
const MAX_SEASONS: usize = 8;

/// How many things "no growth" counts for.
const PRIOR_COUNT: f64 = 5.0;

/// The part of the largest deviations that do not count when the scatter is measured.
const TRIMMED: usize = 20;

/// Expected counts below this are not tested: that little says nothing.
const LEAST_EXPECTED: f64 = 0.5;

struct Expected {
    place: usize,
    count: f64,
    mean: f64,
}

pub(super) fn judge(
    scan: &Scan,
    index: usize,
    values: &[Option<i64>],
    from: usize,
    worth: Fact,
    settings: &Settings,
) -> Vec<Test> {
    let length = scan.season.saturating_mul(LEAST_LEVEL.div_ceil(scan.season));
    let expected = expected(values, scan.season, length);
    let scatter = scatter(&expected) * (1.0 + 1.0 / length as f64);
    expected
        .iter()
        .filter(|one| one.place >= from && one.mean >= LEAST_EXPECTED)
        .map(|one| {
            let p = (2.0 * tail(one.count, one.mean, scatter)).min(1.0);
            let far = p < settings.false_rate;
            let missed = (one.count - one.mean).abs();
            Test {
                series: index,
                place: one.place,
                p,
                far,
                stake: Fact((missed * worth.0.unsigned_abs() as f64).round() as i64),
                evidence: far.then(|| Evidence::Count {
                    value: one.count as u64,
                    expected: one.mean,
                    p,
                    threshold: settings.false_rate,
                    period: scan
                        .periods
                        .get(one.place)
                        .map_or_else(String::new, |period| period.name.clone()),
                }),
            }
        })
        .collect()
}

/// The mean of the periods before over whole seasons, times what the phase had of it in the seasons before.
fn expected(values: &[Option<i64>], season: usize, length: usize) -> Vec<Expected> {
    let (mut sum, mut known) = (0.0, 0_usize);
    let mut levels: Vec<Option<f64>> = Vec::with_capacity(values.len());
    let mut found = Vec::new();
    let count = |value: i64| value.max(0) as f64;
    for (place, value) in values.iter().enumerate() {
        let level = (place >= length && 2 * known >= length).then(|| sum / known as f64);
        levels.push(level);
        if let Some((level, value)) = level.zip(*value) {
            let share = if season > 1 {
                phase(values, &levels, place, season, level)
            } else {
                1.0
            };
            found.push(Expected {
                place,
                count: count(value),
                mean: level * share,
            });
        }
        if let Some(value) = value {
            sum += count(*value);
            known += 1;
        }
        if let Some(leaving) = place
            .checked_sub(length)
            .and_then(|first| values.get(first).copied().flatten())
        {
            sum -= count(leaving);
            known -= 1;
        }
    }
    // What all have in common is no surprise: a steady growth.
    let drift = (found.iter().map(|one| one.count).sum::<f64>() + PRIOR_COUNT)
        / (found.iter().map(|one| one.mean).sum::<f64>() + PRIOR_COUNT);
    for one in &mut found {
        one.mean *= drift;
    }
    found
}

/// The counts of a phase over their levels, drawn towards 1 as if it had been as any other for one more season.
fn phase(values: &[Option<i64>], levels: &[Option<f64>], place: usize, season: usize, now: f64) -> f64 {
    let (mut counted, mut level) = (now + 1.0, now + 1.0);
    for before in (1..=MAX_SEASONS).map_while(|back| place.checked_sub(back.checked_mul(season)?)) {
        let pair = values
            .get(before)
            .copied()
            .flatten()
            .zip(levels.get(before).copied().flatten());
        if let Some((value, of)) = pair {
            counted += value.max(0) as f64;
            level += of;
        }
    }
    counted / level
}

/// Variance over mean, not below 1 (Poisson); the largest twentieth of the deviations is left out.
fn scatter(expected: &[Expected]) -> f64 {
    let mut squares: Vec<f64> = expected
        .iter()
        .filter(|one| one.mean >= LEAST_EXPECTED)
        .map(|one| (one.count - one.mean) * (one.count - one.mean) / one.mean)
        .collect();
    squares.sort_unstable_by(f64::total_cmp);
    let kept = squares.len() - squares.len().div_ceil(TRIMMED);
    let mean = squares.iter().take(kept).sum::<f64>() / kept.max(1) as f64;
    mean.max(1.0)
}

/// The chance of a count as far off on its side, with a variance of `scatter` times the mean.
fn tail(count: f64, mean: f64, scatter: f64) -> f64 {
    let chance = if scatter <= 1.0 + 1e-9 {
        if count >= mean {
            gamma_below(count, mean)
        } else {
            1.0 - gamma_below(count + 1.0, mean)
        }
    } else {
        let (shape, part) = (mean / (scatter - 1.0), 1.0 / scatter);
        if count >= mean {
            beta_below(count, shape, 1.0 - part)
        } else {
            beta_below(shape, count + 1.0, part)
        }
    };
    if chance.is_nan() { 1.0 } else { chance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_known_distributions() {
        // R: ppois(4, 3, lower = FALSE), ppois(1, 4), pnbinom(2, 4, 0.5), pnbinom(9, 4, 0.5, lower = FALSE).
        for (value, expected) in [
            (tail(5.0, 3.0, 1.0), 0.184_736_755_476_228),
            (tail(1.0, 4.0, 1.0), 0.091_578_194_443_670_9),
            (tail(2.0, 4.0, 2.0), 0.343_75),
            (tail(10.0, 4.0, 2.0), 0.046_142_578_125),
        ] {
            assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
        }
    }
}
