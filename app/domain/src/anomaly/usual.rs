//! What a series lets expect of each of its periods, from those before it only.
//!
//! The level is the median of the periods before over whole seasons, so that every phase has the same part in it; the
//! season is the median deviation of the same phase from its level in the seasons before. Both are medians: a single
//! extreme period moves neither. That is seasonal decomposition in the manner of Hochenbaum, Vallis and Kejariwal
//! (2017), made one step ahead, so that the residual of the last period is of the same kind as those of the past.

use crate::statistics::{median, quantile};

/// The shortest level: six periods.
const LEAST_LEVEL: usize = 6;

/// Seasons before that are looked at.
const MAX_SEASONS: usize = 8;

/// Residuals needed to tell what is usual.
pub(super) const LEAST_RESIDUALS: usize = 8;

/// A period against what was expected of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    /// Its place in the series.
    pub(super) place: usize,
    /// What was expected.
    pub(super) expected: f64,
    /// What came, less that.
    pub(super) residual: f64,
    /// The part of the expectation that is its season.
    pub(super) season: f64,
}

/// Expectations for the periods of a series; `None` in it stands for a period that is not known. Those whose past is too
/// short are missing. The season counts from the third one on; before, what it does is part of the spread. Where that
/// leaves too few, the first season says something of its phases too, held against its own level and the growth to the
/// second.
pub(super) fn usual(values: &[Option<f64>], season: usize) -> Vec<Usual> {
    let length = season.saturating_mul(LEAST_LEVEL.div_ceil(season.max(1)));
    let apart = deviations(values, length);
    if season > 1 {
        let mut seasonal = seasonal(&apart, season);
        if seasonal.len() < LEAST_RESIDUALS {
            seasonal = self::seasonal(&with_first(apart.clone(), values, length), season);
        }
        if seasonal.len() >= LEAST_RESIDUALS {
            return centred(seasonal);
        }
    }
    let plain = apart
        .iter()
        .enumerate()
        .skip(length)
        .filter_map(|(place, apart)| {
            let (level, residual) = (*apart)?;
            Some(Usual {
                place,
                expected: level,
                residual,
                season: 0.0,
            })
        });
    centred(plain.collect())
}

/// For every period, its level and its deviation from it.
fn deviations(values: &[Option<f64>], length: usize) -> Vec<Option<(f64, f64)>> {
    let mut window: Vec<f64> = Vec::new();
    let mut apart = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        let level = sorted_median(&window).filter(|_| place >= length && 2 * window.len() >= length);
        apart.push(level.zip(*value).map(|(level, value)| (level, value - level)));
        if let Some(value) = value {
            let at = window.partition_point(|other| other < value);
            window.insert(at, *value);
        }
        let leaving = place
            .checked_sub(length)
            .and_then(|first| values.get(first).copied().flatten());
        if let Some(leaving) = leaving {
            let at = window.partition_point(|other| *other < leaving);
            if at < window.len() {
                window.remove(at);
            }
        }
    }
    apart
}

/// The same with the first periods.
fn with_first(
    mut apart: Vec<Option<(f64, f64)>>,
    values: &[Option<f64>],
    length: usize,
) -> Vec<Option<(f64, f64)>> {
    let levels = first_levels(values, length);
    for ((apart, level), value) in apart.iter_mut().zip(levels).zip(values) {
        *apart = value.map(|value| (level, value - level));
    }
    apart
}

/// The levels of the first periods, which have nothing before them: where those of later ones would have been, along the
/// growth from the first level to the second. Empty where there is no second.
fn first_levels(values: &[Option<f64>], length: usize) -> Vec<f64> {
    let middle = |part: Option<&[Option<f64>]>| {
        let known: Vec<f64> = part?.iter().flatten().copied().collect();
        median(&known).filter(|_| 2 * known.len() >= length)
    };
    let second = length.checked_mul(2).and_then(|end| values.get(length..end));
    let (Some(first), Some(second)) = (middle(values.get(..length)), middle(second)) else {
        return Vec::new();
    };
    let growth = (second - first) / length as f64;
    // A level is the median of the periods before: that of half as many before, and one.
    (0..length)
        .map(|place| first + growth * (place as f64 - length as f64))
        .collect()
}

fn sorted_median(sorted: &[f64]) -> Option<f64> {
    let low = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
    Some(f64::midpoint(low, *sorted.get(sorted.len() / 2)?))
}

/// The periods with at least two seasons before them.
fn seasonal(apart: &[Option<(f64, f64)>], season: usize) -> Vec<Usual> {
    let mut found = Vec::new();
    let mut same = Vec::with_capacity(MAX_SEASONS);
    for (place, own) in apart.iter().enumerate() {
        let Some((level, deviation)) = *own else { continue };
        same.clear();
        let before = (1..=MAX_SEASONS).map_while(|back| place.checked_sub(back.checked_mul(season)?));
        same.extend(
            before
                .filter_map(|before| apart.get(before).copied().flatten())
                .map(|(_, apart)| apart),
        );
        if same.len() < 2 {
            continue;
        }
        let season = cautious_median(&mut same);
        found.push(Usual {
            place,
            expected: level + season,
            residual: deviation - season,
            season,
        });
    }
    found
}

/// The median, and of two in the middle the one nearer to 0: of two seasons, the one with the extreme does not count.
fn cautious_median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
    if low * high < 0.0 {
        0.0
    } else if low.abs() < high.abs() {
        low
    } else {
        high
    }
}

/// Takes out what all residuals have in common: a steady growth is no surprise.
fn centred(mut usual: Vec<Usual>) -> Vec<Usual> {
    let residuals: Vec<f64> = usual.iter().map(|one| one.residual).collect();
    let common = median(&residuals).unwrap_or(0.0);
    for one in &mut usual {
        one.residual -= common;
        one.expected += common;
    }
    usual
}

/// A robust standard deviation of residuals, not below `least`; `None` of too few.
pub(super) fn scale(usual: &[Usual], least: f64) -> Option<f64> {
    if usual.len() < LEAST_RESIDUALS {
        return None;
    }
    let far: Vec<f64> = usual.iter().map(|one| one.residual.abs()).collect();
    Some((quantile(&far, 0.5)? / 0.6745).max(least))
}

/// The degrees of freedom of [`scale`]: a median absolute deviation is as sure as a standard deviation of 0.37 as many
/// (Rousseeuw and Croux 1993).
pub(super) fn freedom(usual: &[Usual]) -> f64 {
    (0.37 * usual.len() as f64).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_season_is_learnt_and_one_extreme_is_not() {
        let season = [0.0, 1.0, -1.0, 0.5];
        let mut values: Vec<Option<f64>> = (0..48).map(|place| Some(10.0 + season[place % 4])).collect();
        values[20] = Some(50.0);
        values[30] = None;
        let usual = usual(&values, 4);
        assert!(usual.iter().all(|one| one.place != 30));
        for one in usual.iter().filter(|one| one.place != 20) {
            // The extreme moves the level by less than the steps between the phases.
            assert!(one.residual.abs() < 0.5, "{one:?}");
        }
        let spike = usual.iter().find(|one| one.place == 20).unwrap();
        assert!(
            (spike.residual - 40.0).abs() < 0.5 && (spike.expected - 10.0).abs() < 0.5,
            "{spike:?}"
        );
    }

    #[test]
    fn short_and_odd_series_are_not_judged() {
        for (values, season) in [
            (vec![], 1),
            (vec![Some(1.0)], 12),
            (vec![Some(1.0); 5], 1),
            (vec![Some(1.0); 20], 0),
        ] {
            assert!(
                scale(&usual(&values, season), 0.01).is_none(),
                "{} {season}",
                values.len()
            );
        }
        assert!(usual(&[Some(1.0); 30], usize::MAX).is_empty());
        assert!(usual(&[None; 30], 12).is_empty());
    }
}
