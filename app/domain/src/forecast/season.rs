//! The season of a series, as far as it can be told from noise.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

/// How errors, or the parts of a season, act on the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// They are added.
    Additive,
    /// They are factors.
    Multiplicative,
}

/// One index for each part of a season, the first for the first value; 0, or 1, on average.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Season {
    pub(super) kind: Kind,
    pub(super) indices: Vec<f64>,
}

impl Season {
    /// No season.
    pub(super) fn none() -> Self {
        Self {
            kind: Kind::Additive,
            indices: vec![0.0],
        }
    }

    /// The mean ratio (difference) to the centred moving average over a season, shrunk to no season by the part of its
    /// variance that is noise (James and Stein 1961; Miller and Williams 2003). That replaces a test whether there is a
    /// season: of noise, next to nothing is left. Fewer than two seasons and a value show none.
    pub(super) fn of(values: &[f64], season: usize, kind: Kind) -> Self {
        let mut raw = Self::unshrunk(values, season, kind);
        if raw.indices.len() < 4 {
            // The estimate of James and Stein is for more than three means.
            return raw;
        }
        let neutral = kind.neutral();
        let parts = raw.indices.len() as f64;
        let (mut squares, mut count) = (0.0, 0.0);
        for (place, ratio) in ratios(values, season, kind) {
            squares += (ratio - raw.indices[place % season]).powi(2);
            count += 1.0;
        }
        // Each index is a mean over the seasons.
        let noise = squares / f64::max(count - parts, 1.0) * parts / f64::max(count, 1.0);
        let variance = raw
            .indices
            .iter()
            .map(|index| (index - neutral).powi(2))
            .sum::<f64>()
            / (parts - 1.0);
        let shrink = if variance > 0.0 {
            ((parts - 3.0) / (parts - 1.0) * noise / variance).min(1.0)
        } else {
            1.0
        };
        for index in &mut raw.indices {
            *index = neutral + (*index - neutral) * (1.0 - shrink);
        }
        raw
    }

    /// Of a history between one and two seasons: the mean ratio (difference) to its trend line, shrunk by how well the parts
    /// that were seen twice agree with themselves. `None` of others, or where fewer than three parts were seen twice.
    pub(super) fn of_few(values: &[f64], season: usize, kind: Kind) -> Option<Self> {
        let twice = values
            .len()
            .checked_sub(season)
            .filter(|twice| *twice >= 3 && *twice <= season)?;
        let neutral = kind.neutral();
        // The slope of whole seasons only: between the same parts, which the season does not bend.
        let changes: Vec<f64> = (0..twice)
            .map(|place| values[place + season] - values[place])
            .collect();
        let growth = crate::statistics::median(&changes)? / season as f64;
        let middle = crate::statistics::mean(&values[..season])?;
        let centre = (season as f64 - 1.0) / 2.0;
        let ratios: Vec<f64> = values
            .iter()
            .enumerate()
            .map(|(place, value)| {
                let line = middle + growth * (place as f64 - centre);
                if kind == Kind::Additive {
                    value - line
                } else {
                    value / line
                }
            })
            .collect();
        let pairs: Vec<(f64, f64)> = (0..twice)
            .map(|place| (ratios[place], ratios[place + season]))
            .collect();
        let agreement = crate::statistics::correlation(&pairs).map_or(0.0, |found| found.r.max(0.0));
        if !(ratios.iter().all(|ratio| ratio.is_finite()) && agreement > 0.0) {
            return None;
        }
        let indices = (0..season).map(|part| {
            let seen = ratios.get(part + season).copied().unwrap_or(ratios[part]);
            let index = neutral + (f64::midpoint(ratios[part], seen) - neutral) * agreement;
            if kind == Kind::Additive {
                index
            } else {
                index.max(0.01)
            }
        });
        Some(Self {
            kind,
            indices: indices.collect(),
        })
    }

    /// As [`Season::of`] before shrinking.
    pub(super) fn unshrunk(values: &[f64], season: usize, kind: Kind) -> Self {
        if season < 2 || values.len() <= 2 * season {
            return Self {
                kind,
                indices: vec![kind.neutral()],
            };
        }
        let mut sums = vec![(0.0, 0.0_f64); season];
        for (place, ratio) in ratios(values, season, kind) {
            let (sum, count) = &mut sums[place % season];
            *sum += ratio;
            *count += 1.0;
        }
        let mut indices: Vec<f64> = sums
            .into_iter()
            .map(|(sum, count)| if count > 0.0 { sum / count } else { kind.neutral() })
            .collect();
        let middle = indices.iter().sum::<f64>() / season as f64;
        for index in &mut indices {
            match kind {
                Kind::Additive => *index -= middle,
                // Not so small that what is divided by it means nothing.
                Kind::Multiplicative => *index = (*index / middle).max(0.01),
            }
        }
        Self { kind, indices }
    }

    /// The values without the season.
    pub(super) fn removed(&self, values: &[f64]) -> Vec<f64> {
        values
            .iter()
            .enumerate()
            .map(|(place, value)| self.without(place, *value))
            .collect()
    }

    /// A value without its part of the season.
    pub(super) fn without(&self, place: usize, value: f64) -> f64 {
        let index = self.indices[place % self.indices.len()];
        match self.kind {
            Kind::Additive => value - index,
            Kind::Multiplicative => value / index,
        }
    }

    /// A value with its part of the season.
    pub(super) fn with(&self, place: usize, value: f64) -> f64 {
        let index = self.indices[place % self.indices.len()];
        match self.kind {
            Kind::Additive => value + index,
            Kind::Multiplicative => value * index,
        }
    }
}

impl Kind {
    /// The index that changes nothing.
    fn neutral(self) -> f64 {
        match self {
            Self::Additive => 0.0,
            Self::Multiplicative => 1.0,
        }
    }
}

/// Each value with a whole season around it, by place, over (or less) the centred moving average of that season.
fn ratios(values: &[f64], season: usize, kind: Kind) -> impl Iterator<Item = (usize, f64)> {
    let half = season / 2;
    let windows = values.windows(2 * half + 1).enumerate();
    windows.filter_map(move |(start, window)| {
        let ends = window[0] + window[2 * half];
        let inner: f64 = window[1..2 * half].iter().sum();
        // An even season has half of both ends in it.
        let smooth = (inner
            + if season.is_multiple_of(2) {
                ends / 2.0
            } else {
                ends
            })
            / season as f64;
        let value = window[half];
        let ratio = match kind {
            Kind::Additive => value - smooth,
            Kind::Multiplicative => value / smooth,
        };
        ratio.is_finite().then_some((start + half, ratio))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_season_is_found_and_noise_is_not() {
        let pattern = [0.5, 1.5, 0.8, 1.2];
        let values: Vec<f64> = (0..24).map(|place| 10.0 * pattern[place % 4]).collect();
        let season = Season::of(&values, 4, Kind::Multiplicative);
        for (index, expected) in season.indices.iter().zip(pattern) {
            assert!((index - expected).abs() < 1e-12, "{index}");
        }
        assert!(
            season
                .removed(&values)
                .iter()
                .all(|value| (value - 10.0).abs() < 1e-9)
        );
        assert!((season.with(5, season.without(5, 7.0)) - 7.0).abs() < 1e-12);

        let mut random = crate::statistics::Random::new(3);
        let noise: Vec<f64> = (0..120).map(|_| 10.0 + random.normal()).collect();
        let (raw, shrunk) = (
            Season::unshrunk(&noise, 12, Kind::Additive),
            Season::of(&noise, 12, Kind::Additive),
        );
        let size = |season: &Season| season.indices.iter().map(|index| index * index).sum::<f64>();
        assert!(size(&shrunk) < size(&raw) / 4.0);
    }

    #[test]
    fn a_season_and_a_half_show_what_agrees_with_itself() {
        let pattern = [0.5, 1.5, 0.8, 1.2, 0.6, 1.4];
        let values: Vec<f64> = (0..10).map(|place| 10.0 * pattern[place % 6]).collect();
        let season = Season::of_few(&values, 6, Kind::Multiplicative).unwrap();
        for (index, expected) in season.indices.iter().zip(pattern) {
            assert!((index - expected).abs() < 1e-9, "{index}");
        }
        // The second time the other way round: no season.
        let against: Vec<f64> = (0..10)
            .map(|place| {
                if place < 6 {
                    pattern[place]
                } else {
                    2.0 - pattern[place - 6]
                }
            })
            .collect();
        assert_eq!(Season::of_few(&against, 6, Kind::Multiplicative), None);
        assert_eq!(Season::of_few(&values[..8], 6, Kind::Additive), None);
        assert_eq!(Season::of_few(&[1.0; 13], 6, Kind::Additive), None);
        assert_eq!(Season::of_few(&[0.0; 10], 6, Kind::Multiplicative), None);
    }

    #[test]
    fn two_seasons_are_too_few() {
        assert_eq!(
            Season::of(&[1.0, 2.0, 1.0, 2.0], 2, Kind::Additive).indices,
            [0.0]
        );
        assert_eq!(Season::of(&[], 12, Kind::Multiplicative).indices, [1.0]);
    }
}
