//! Seasons by line: when in the plan somebody's business comes, against the whole's.

use super::{BasisError, LARGEST, factor_ppm};
use crate::plan::Factor;

/// How much more or less of its year a line does in each period than the whole, in millionths: the line's share of the
/// period over the whole's share. A line with the season of the whole has factors of one and need not be given any.
///
/// Both seasons are weights by period, as of [`crate::plan::PlanCommand::SetTotal`]; which metric and which line (a
/// product line's unit, a region, a person) they are of is the caller's choice. A period in which the whole has nothing
/// leaves the line as it is.
pub fn season_factor(line: &[u64], whole: &[u64]) -> Result<Vec<u32>, BasisError> {
    if line.len() != whole.len() {
        return Err(BasisError::Season {
            expected: whole.len(),
            got: line.len(),
        });
    }
    let (line_sum, whole_sum) = (total(line)?, total(whole)?);
    let factor = |(period, (own, all)): (usize, (&u64, &u64))| {
        if *all == 0 {
            return Ok(Factor::WHOLE_PPM);
        }
        // own / line_sum ÷ all / whole_sum, each a share in 2^52ths first, so that nothing overflows.
        let share = |part: u64, sum: u128| u128::from(part) * u128::from(LARGEST) / sum;
        let (own, all) = (share(*own, line_sum), share(*all, whole_sum));
        own.checked_mul(1_000_000)
            .ok_or(BasisError::Factor { period })
            .and_then(|part| factor_ppm(period, part, all))
    };
    line.iter().zip(whole).enumerate().map(factor).collect()
}

/// A factor of a season drawn to one by how few years say it: `n` years count for `n / (n + 1)`. Seasons of single lines are
/// full of chance; drawn to that of the whole they foretell better (Miller & Williams, International Journal of Forecasting
/// 2003).
pub fn drawn_to_whole(ppm: u32, years: u32) -> u32 {
    let years = u64::from(years);
    let sum = u64::from(ppm) * years + u64::from(Factor::WHOLE_PPM);
    // Between the factor and one, so it fits.
    u32::try_from((sum + years.div_ceil(2)) / (years + 1)).unwrap_or(ppm)
}

/// The season of the whole that lines of these sizes and seasons make together: split by it, with each line's
/// [`season_factor`], every line gets its share of the year as well as its own season.
pub fn seasons_of_whole(lines: &[(u64, Vec<u64>)], periods: usize) -> Result<Vec<u64>, BasisError> {
    let mut sums = vec![0_u128; periods];
    for (size, season) in lines {
        if season.len() != periods {
            return Err(BasisError::Season {
                expected: periods,
                got: season.len(),
            });
        }
        let all = total(season)?;
        for (sum, weight) in sums.iter_mut().zip(season) {
            // The line's share of the period in 2^32ths, so that a small line is not rounded away.
            *sum += u128::from(*size) * ((u128::from(*weight) << 32) / all);
        }
    }
    // Brought down together to 60 bits, so that their sum over all periods can be shared by.
    let most = sums.iter().copied().max().unwrap_or(0);
    let drop = (128 - most.leading_zeros()).saturating_sub(60);
    Ok(sums.into_iter().map(|sum| (sum >> drop) as u64).collect())
}

/// The sum of a season's weights, which is not nothing.
fn total(season: &[u64]) -> Result<u128, BasisError> {
    let sum: u128 = season.iter().copied().map(u128::from).sum();
    if sum == 0 {
        return Err(BasisError::Season {
            expected: season.len(),
            got: season.len(),
        });
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_season_of_the_whole_changes_nothing() {
        assert_eq!(season_factor(&[1, 2, 3], &[7, 14, 21]), Ok(vec![1_000_000; 3]));
        // A line that does half of its year in the first of four even periods.
        let factors = season_factor(&[3, 1, 1, 1], &[1, 1, 1, 1]).unwrap();
        assert_eq!(factors, [2_000_000, 666_667, 666_667, 666_667]);
        assert_eq!(season_factor(&[5, 5], &[0, 1]), Ok(vec![1_000_000, 500_000]));
    }

    #[test]
    fn few_years_say_little() {
        assert_eq!(drawn_to_whole(1_500_000, 1), 1_250_000);
        assert_eq!(drawn_to_whole(1_500_000, 0), 1_000_000);
        assert_eq!(drawn_to_whole(500_001, 1), 750_001);
        assert_eq!(drawn_to_whole(400_000, 3), 550_000);
        assert_eq!(drawn_to_whole(100_000_000, 1), 50_500_000);
    }

    #[test]
    fn seasons_must_fit() {
        let misfit = Err(BasisError::Season { expected: 2, got: 1 });
        assert_eq!(season_factor(&[1], &[1, 1]), misfit);
        let nothing = Err(BasisError::Season { expected: 2, got: 2 });
        assert_eq!(season_factor(&[0, 0], &[1, 1]), nothing);
        let steep = season_factor(&[1, 0], &[1, 1_000]);
        assert_eq!(steep, Err(BasisError::Factor { period: 0 }));
        assert_eq!(
            season_factor(&[u64::MAX, u64::MAX], &[u64::MAX, u64::MAX]),
            Ok(vec![1_000_000; 2])
        );
    }

    #[test]
    fn lines_make_the_season_of_the_whole() {
        let weights = seasons_of_whole(&[(3, vec![1, 1]), (1, vec![1, 0])], 2).unwrap();
        // 3·½ + 1 to 3·½.
        assert_eq!(weights[0] * 3, weights[1] * 5);
        let huge = seasons_of_whole(&[(u64::MAX, vec![u64::MAX, 1]), (u64::MAX, vec![1, 1])], 2).unwrap();
        assert!(huge.iter().all(|weight| *weight < 1 << 60) && huge[0] > huge[1]);
        assert_eq!(seasons_of_whole(&[], 2), Ok(vec![0, 0]));
    }
}
