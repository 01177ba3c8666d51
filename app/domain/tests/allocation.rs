//! Splitting: exact, within bounds, whatever the order; and the published cases P5 and P6.

#[path = "real_data/files.rs"]
mod files;

use domain::allocation::{Allocation, AllocationError, Held, Rounding, Share, allocate, allocate_in_steps};
use proptest::prelude::*;

fn free(weights: &[u64]) -> Vec<Share> {
    weights
        .iter()
        .enumerate()
        .map(|(index, weight)| Share::free(index as u128, *weight))
        .collect()
}

#[test]
fn largest_fractions_get_the_missing_units_and_ties_go_to_the_smaller_key() {
    assert_eq!(allocate(100, &free(&[1, 1, 1])).unwrap().amounts, [34, 33, 33]);
    let turned = [Share::free(9, 1), Share::free(8, 1), Share::free(7, 1)];
    assert_eq!(allocate(100, &turned).unwrap().amounts, [33, 33, 34]);
    assert_eq!(allocate(10, &free(&[3, 2, 2])).unwrap().amounts, [4, 3, 3]);
    assert_eq!(allocate(0, &free(&[3, 0])).unwrap().amounts, [0, 0]);
}

#[test]
fn weights_of_zero_come_last() {
    assert_eq!(allocate(10, &free(&[0, 5])).unwrap().amounts, [0, 10]);
    assert_eq!(allocate(10, &free(&[0, 0])).unwrap().amounts, [5, 5]);
    let capped = [
        Share::free(0, 0),
        Share::free(1, 5).within(0, 4),
        Share::free(2, 0).within(1, 2),
    ];
    assert_eq!(allocate(10, &capped).unwrap().amounts, [4, 4, 2]);
}

#[test]
fn what_cannot_be_split_is_refused_with_what_is_missing() {
    assert_eq!(allocate(5, &[]), Err(AllocationError::Nobody));
    assert_eq!(
        allocate(-5, &free(&[1])),
        Err(AllocationError::Total { total: -5 })
    );
    let bounded = [Share::free(0, 1).within(2, 3), Share::free(1, 1).within(0, 4)];
    let infeasible = |reachable, missing, binding: &[usize]| {
        Err(AllocationError::Infeasible {
            reachable,
            missing,
            binding: binding.to_vec(),
        })
    };
    assert_eq!(allocate(9, &bounded), infeasible(7, 2, &[0, 1]));
    assert_eq!(allocate(1, &bounded), infeasible(2, 1, &[0]));
    assert_eq!(
        allocate(1, &[Share::free(0, 1).within(3, 2)]),
        Err(AllocationError::Bounds { share: 0 })
    );
    assert_eq!(
        allocate_in_steps(1, &free(&[1]), 0, Rounding::Inside),
        Err(AllocationError::Step)
    );
}

#[test]
fn huge_weights_stay_exact() {
    let split = allocate(1_000_000_000_000_000, &free(&[u64::MAX, u64::MAX - 1, 1])).unwrap();
    assert_eq!(split.amounts.iter().sum::<i64>(), 1_000_000_000_000_000);
    assert_eq!(split.amounts, [500_000_000_000_000, 500_000_000_000_000, 0]);
}

fn shares() -> impl Strategy<Value = Vec<Share>> {
    let weight = prop_oneof![
        Just(0_u64),
        0_u64..10,
        any::<u32>().prop_map(u64::from),
        any::<u64>()
    ];
    let bounds = prop_oneof![
        2 => Just((0_i64, i64::MAX)),
        2 => (0_i64..50, 0_i64..50).prop_map(|(lo, more)| (lo, lo + more)),
        1 => (0_i64..1_000_000, 0_i64..1_000_000).prop_map(|(lo, more)| (lo, lo + more)),
    ];
    prop::collection::vec((weight, bounds), 1..40).prop_map(|list| {
        let share = |(index, (weight, (lo, hi))): (usize, (u64, (i64, i64)))| {
            Share::free((index as u128 * 31) % 41, weight).within(lo, hi)
        };
        list.into_iter().enumerate().map(share).collect()
    })
}

/// The definition: λ·weight within bounds, less than one unit away, and exactly the total.
fn is_water_filling(total: i64, shares: &[Share], split: &Allocation) {
    assert_eq!(split.amounts.iter().sum::<i64>(), total);
    for (share, (amount, held)) in shares.iter().zip(split.amounts.iter().zip(&split.held)) {
        assert!((share.lo..=share.hi).contains(amount));
        let Some((rest, sum)) = split.level else { continue };
        if shares.iter().any(|share| share.weight > 0 && *held == Held::Free) && share.weight > 0 {
            let (product, sum) = (rest as f64 * share.weight as f64, sum as f64);
            let exact = (product / sum).clamp(share.lo as f64, share.hi as f64);
            assert!(
                (exact - *amount as f64).abs() < 1.0 + exact * 1e-9,
                "{exact} {amount}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_split_is_exact_within_bounds_and_blind_to_order(
        shares in shares(), part in 0.0_f64..1.0, turn in 0_usize..40,
    ) {
        let low: i64 = shares.iter().map(|share| share.lo).sum();
        let high: i64 = shares.iter().fold(0_i64, |sum, share| sum.saturating_add(share.hi)).min(low + 5_000_000);
        let total = low + ((high - low) as f64 * part) as i64;
        let split = allocate(total, &shares).unwrap();
        is_water_filling(total, &shares, &split);

        let mut turned = shares.clone();
        turned.rotate_left(turn % shares.len());
        let mut amounts = allocate(total, &turned).unwrap().amounts;
        amounts.rotate_right(turn % shares.len());
        prop_assert_eq!(amounts, split.amounts);
    }

    #[test]
    fn steps_keep_the_sum_and_the_bounds(shares in shares(), part in 0.0_f64..1.0, step in 1_i64..200) {
        let low: i64 = shares.iter().map(|share| share.lo).sum();
        let high: i64 = shares.iter().fold(0_i64, |sum, share| sum.saturating_add(share.hi)).min(low + 5_000_000);
        let total = low + ((high - low) as f64 * part) as i64;
        let split = allocate_in_steps(total, &shares, step, Rounding::Inside).unwrap();
        prop_assert_eq!(split.amounts.iter().sum::<i64>(), total);
        for (share, amount) in shares.iter().zip(&split.amounts) {
            prop_assert!((share.lo..=share.hi).contains(amount));
        }
        let near = allocate_in_steps(total, &shares, step, Rounding::Nearest).unwrap();
        prop_assert_eq!(near.amounts.iter().sum::<i64>(), total);
        let moved = shares.iter().zip(&near.amounts).filter(|(share, _)| share.lo < share.hi);
        prop_assert!(moved.filter(|(_, amount)| *amount % step != 0).count() <= 1);
    }
}

/// The 17 bases of P5 in ten-thousandths, with the ids; a copy of what the file says, for machines without it.
const BASES: [(u128, u64); 17] = [
    (274, 5_596_975_639),
    (275, 37_631_781_787),
    (276, 42_513_685_497),
    (277, 31_894_183_662),
    (278, 14_537_194_653),
    (279, 23_151_856_110),
    (280, 13_525_771_325),
    (281, 24_585_356_169),
    (282, 26_045_407_172),
    (283, 15_730_129_383),
    (284, 15_765_621_966),
    (285, 1_725_244_512),
    (286, 14_218_109_242),
    (287, 5_199_059_320),
    (288, 18_270_667_118),
    (289, 41_168_712_277),
    (290, 31_216_163_202),
];

/// The oracle of P5: 1,807 bytes that are part of the sample.
fn expected_file() -> String {
    let (bytes, _) =
        files::read("expected/alloc_T40m_a050_b100_120_u1000.csv").expect("the file is part of the sample");
    String::from_utf8(bytes).expect("it is UTF-8")
}

/// P5 in ten-thousandths: weights ½·b/Σb + ½/17 as whole numbers 17·b + Σb, bounds 1.00·b to 1.20·b.
fn p5_shares() -> Vec<Share> {
    let sum: u64 = BASES.iter().map(|(_, base)| base).sum();
    let share = |(key, base): &(u128, u64)| {
        Share::free(*key, 17 * base + sum).within(*base as i64, (*base as i64 * 12 + 9) / 10)
    };
    BASES.iter().map(share).collect()
}

#[test]
fn p5_allocation_within_bounds() {
    let split = allocate(400_000_000_000, &p5_shares()).unwrap();
    assert_eq!(split.amounts.iter().sum::<i64>(), 400_000_000_000);
    // λ is per unit of the normalised weight: numerator / denominator × (2 · 17 · Σb).
    let (rest, sum) = split.level.unwrap();
    let total: u64 = BASES.iter().map(|(_, base)| base).sum();
    let lambda = rest as f64 / sum as f64 * (34 * u128::from(total)) as f64 / 10_000.0;
    assert!((lambda - 45_705_382.18).abs() < 0.01, "{lambda}");
    let amount =
        |id: u128| split.amounts[BASES.iter().position(|(key, _)| *key == id).unwrap()] as f64 / 10_000.0;
    for (id, expected) in [
        (277, 3_353_416.82),
        (281, 2_893_004.85),
        (282, 2_984_979.24),
        (290, 3_310_705.63),
        (275, 3_763_178.18),
    ] {
        assert!((amount(id) - expected).abs() < 0.011, "{id}: {}", amount(id));
    }
    assert_eq!(split.held.iter().filter(|held| **held == Held::High).count(), 10);
    assert_eq!(split.held.iter().filter(|held| **held == Held::Low).count(), 3);

    let refused = allocate(450_000_000_000, &p5_shares());
    let Err(AllocationError::Infeasible {
        reachable,
        missing,
        binding,
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(binding.len(), 17);
    assert!((reachable as f64 / 10_000.0 - 43_533_110.28).abs() < 0.01);
    assert!((missing as f64 / 10_000.0 - 1_466_889.72).abs() < 0.01);
}

#[test]
fn p5_rounded_to_thousands_agrees_with_the_oracle() {
    let split = allocate_in_steps(400_000_000_000, &p5_shares(), 10_000_000, Rounding::Nearest).unwrap();
    assert_eq!(split.amounts.iter().sum::<i64>(), 400_000_000_000);
    let exact = allocate(400_000_000_000, &p5_shares()).unwrap();
    for (rounded, exact) in split.amounts.iter().zip(&exact.amounts) {
        assert!((rounded - exact).abs() < 10_000_000 && rounded % 10_000_000 == 0);
    }
    let text = expected_file();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let id: u128 = fields[0].parse().unwrap();
        let index = BASES.iter().position(|(key, _)| *key == id).unwrap();
        let base: f64 = fields[1].parse().unwrap();
        assert_eq!((base * 10_000.0).round() as u64, BASES[index].1);
        let filled: f64 = fields[4].parse().unwrap();
        let rounded: f64 = fields[5].parse().unwrap();
        assert!(
            (exact.amounts[index] as f64 / 10_000.0 - filled).abs() < 0.01,
            "{id}"
        );
        assert!(
            (split.amounts[index] as f64 / 10_000.0 - rounded).abs() < 0.01,
            "{id}"
        );
        rows += 1;
    }
    assert_eq!(rows, 17);
}

#[test]
fn p6_largest_remainder_in_thousands() {
    let shares: Vec<Share> = BASES.iter().map(|(key, base)| Share::free(*key, *base)).collect();
    let split = allocate_in_steps(4_000_000_000, &shares, 100_000, Rounding::Nearest).unwrap();
    let thousands: Vec<i64> = split.amounts.iter().map(|amount| amount / 100_000).collect();
    let expected = [
        617, 4_149, 4_688, 3_517, 1_603, 2_553, 1_491, 2_711, 2_872, 1_734, 1_738, 190, 1_568, 573, 2_015,
        4_539, 3_442,
    ];
    assert_eq!(thousands, expected);
    assert_eq!(
        allocate_in_steps(4_000_000_000, &shares, 100_000, Rounding::Inside)
            .unwrap()
            .amounts,
        split.amounts
    );
}
