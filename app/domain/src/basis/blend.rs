//! The shares of a blend while somebody moves one of them: whole numbers that always make exactly the whole.

/// All of a blend, in millionths.
pub const WHOLE_PPM: u32 = 1_000_000;

/// Brings shares to a sum in proportion, by largest remainders; the first of equal ones gets more. Nothing stays nothing,
/// and where all are nothing, so does the sum.
pub fn brought_to(shares: &[u32], sum: u32) -> Vec<u32> {
    let all: u64 = shares.iter().copied().map(u64::from).sum();
    if all == 0 {
        return shares.to_vec();
    }
    let exact = |share: u32| u64::from(share) * u64::from(sum);
    let mut parts: Vec<u32> = shares.iter().map(|share| (exact(*share) / all) as u32).collect();
    let given: u32 = parts.iter().sum();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |place: &usize| shares.get(*place).map_or(0, |share| exact(*share) % all);
    order.sort_by_key(|place| std::cmp::Reverse(remainder(place)));
    // Fewer are left than there are remainders, so that none of it falls on nothing.
    for place in order.into_iter().take((sum - given) as usize) {
        if let Some(part) = parts.get_mut(place) {
            *part += 1;
        }
    }
    parts
}

/// The shares after one of them was moved: that one as asked (at most the whole), the others in proportion, all together
/// exactly [`WHOLE_PPM`]. Others that were nothing stay so, unless all of them were: then they take equal parts. A single
/// share is always the whole; a place that is not there changes nothing.
pub fn rescaled(shares: &[u32], moved: usize, to_ppm: u32) -> Vec<u32> {
    if moved >= shares.len() {
        return shares.to_vec();
    }
    if shares.len() == 1 {
        return vec![WHOLE_PPM];
    }
    let to_ppm = to_ppm.min(WHOLE_PPM);
    let others = |nothing: u32| -> Vec<u32> {
        let share = |(place, share): (usize, &u32)| if place == moved { 0 } else { (*share).max(nothing) };
        shares.iter().enumerate().map(share).collect()
    };
    let beside = others(0);
    let alone = beside.iter().all(|share| *share == 0);
    let mut parts = brought_to(&if alone { others(1) } else { beside }, WHOLE_PPM - to_ppm);
    if let Some(own) = parts.get_mut(moved) {
        *own = to_ppm;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_moves_and_the_others_keep_their_proportions() {
        assert_eq!(rescaled(&[800_000, 200_000], 0, 300_000), [300_000, 700_000]);
        assert_eq!(
            rescaled(&[500_000, 300_000, 200_000], 0, 0),
            [0, 600_000, 400_000]
        );
        assert_eq!(
            rescaled(&[1_000_000, 0, 0], 0, 400_000),
            [400_000, 300_000, 300_000]
        );
        assert_eq!(rescaled(&[0, 0, 0], 2, 1_000_000), [0, 0, 1_000_000]);
        assert_eq!(rescaled(&[7], 0, 1), [WHOLE_PPM]);
        assert_eq!(rescaled(&[7, 3], 2, 1), [7, 3]);
        assert_eq!(brought_to(&[1, 1, 1], WHOLE_PPM), [333_334, 333_333, 333_333]);
        assert_eq!(brought_to(&[0, 0], WHOLE_PPM), [0, 0]);
    }

    proptest! {
        #[test]
        fn shares_always_make_the_whole(
            shares in prop::collection::vec(prop_oneof![Just(0_u32), any::<u32>(), 0..=WHOLE_PPM], 2..8),
            moved in 0_usize..8,
            to_ppm in 0..=WHOLE_PPM,
        ) {
            let moved = moved % shares.len();
            let parts = rescaled(&shares, moved, to_ppm);
            prop_assert_eq!(parts.iter().sum::<u32>(), WHOLE_PPM);
            prop_assert_eq!(parts[moved], to_ppm);
            let others: Vec<usize> = (0..shares.len()).filter(|place| *place != moved).collect();
            let all_nothing = others.iter().all(|place| shares[*place] == 0);
            for &one in &others {
                if !all_nothing {
                    prop_assert!(shares[one] > 0 || parts[one] == 0);
                }
                // Larger ones stay at least as large, and where proportions can be kept they are, to the millionth.
                for &other in &others {
                    prop_assert!(shares[one] < shares[other] || parts[one] + 1 >= parts[other]);
                }
            }
            // What is moved again to where it is stays.
            prop_assert_eq!(rescaled(&parts, moved, to_ppm).iter().sum::<u32>(), WHOLE_PPM);
        }
    }
}
