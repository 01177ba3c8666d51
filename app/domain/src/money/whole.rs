//! Rounding to whole units, alone or so that a sum is kept.

/// `numerator / denominator`, rounded half away from zero; the denominator is positive.
pub(crate) fn divide(numerator: i128, denominator: i128) -> i128 {
    let (quotient, rest) = (numerator / denominator, (numerator % denominator).abs());
    if rest >= denominator - rest {
        quotient + numerator.signum()
    } else {
        quotient
    }
}

/// Each of `parts / unit` rounded down, and what is missing to `sum` by ones to the largest fractions (Hamilton), ties
/// to the earlier part. Where `sum` is further off than fractions explain, all parts share that evenly first, so the
/// result always sums to `sum`; of no parts there is no result. `unit` is positive.
pub(crate) fn round_to_sum(parts: &[i128], unit: i128, sum: i128) -> Vec<i128> {
    let mut rounded: Vec<i128> = parts.iter().map(|part| part.div_euclid(unit)).collect();
    let count = parts.len() as i128;
    if count == 0 {
        return rounded;
    }
    let left = sum - rounded.iter().sum::<i128>();
    let (each, more) = (left.div_euclid(count), left.rem_euclid(count) as usize);
    if each != 0 {
        for amount in &mut rounded {
            *amount += each;
        }
    }
    if more > 0 {
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.select_nth_unstable_by_key(more, |place| {
            (std::cmp::Reverse(parts[*place].rem_euclid(unit)), *place)
        });
        for place in order.into_iter().take(more) {
            rounded[place] += 1;
        }
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        let rounded = [7, 8, -8, -7, 0, 5].map(|numerator| divide(numerator, 5));
        assert_eq!(rounded, [1, 2, -2, -1, 0, 1]);
        assert_eq!(
            (divide(1, 2), divide(-1, 2), divide(i128::MAX, 1)),
            (1, -1, i128::MAX)
        );
    }

    #[test]
    fn the_largest_fractions_get_what_is_missing() {
        assert_eq!(round_to_sum(&[15, 18, 17], 10, 5), [1, 2, 2]);
        assert_eq!(round_to_sum(&[5, 5, -10], 10, 0), [1, 0, -1]);
        assert_eq!(round_to_sum(&[-15, -18], 10, -3), [-1, -2]);
        assert_eq!(round_to_sum(&[10, 10, 10], 10, 2), [1, 1, 0]);
        assert_eq!(round_to_sum(&[0, 0], 1, 7), [4, 3]);
        assert_eq!(round_to_sum(&[], 10, 3), [0_i128; 0]);
    }
}
