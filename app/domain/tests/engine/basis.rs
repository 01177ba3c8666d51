//! Laws of bases, of the smallest change and of waterfalls; and bad input.

use domain::allocation::{AllocationError, Held, Share, Wish, cascade, fill_in_order, project};
use domain::basis::{
    Assignment, BasisError, Ramp, assignment_factor, equal, given, quantise, ramp_factor, season_factor,
    seasons_of_whole,
};
use domain::calendar::{Day, WorkingDays};
use domain::plan::{Factor, MAX_AMOUNT, PlanPeriod};
use proptest::prelude::*;

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    let number = prop_oneof![
        Just(0.0),
        0.0_f64..1.0,
        0.0_f64..1e12,
        (0_u32..1_000_000).prop_map(f64::from),
        0.0_f64..1e300
    ];
    prop::collection::vec(number, 0..40)
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let amount = prop_oneof![-50_i64..50, -1_000_000_i64..1_000_000, 0..MAX_AMOUNT];
    let ease = prop_oneof![
        Just(0_u64),
        1_u64..10,
        1_u64..1_000_000_000,
        Just(MAX_AMOUNT as u64)
    ];
    let bounds = prop_oneof![
        Just((0_i64, i64::MAX)),
        (0_i64..50, 0_i64..50).prop_map(|(lo, more)| (lo, lo + more)),
        (0_i64..1_000_000, 0_i64..1_000_000).prop_map(|(lo, more)| (lo, lo + more)),
    ];
    prop::collection::vec((amount, ease, bounds), 1..30).prop_map(|list| {
        let wish = |(place, (amount, ease, (lo, hi))): (usize, (i64, u64, (i64, i64)))| Wish {
            key: (place as u128 * 17) % 31,
            amount,
            ease,
            lo,
            hi,
        };
        list.into_iter().enumerate().map(wish).collect()
    })
}

/// A total between the sums of the bounds.
fn within(lows: i64, highs: i64, part: f64) -> i64 {
    let high = highs.min(lows + 5_000_000);
    lows + ((high - lows) as f64 * part) as i64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn weights_keep_proportions_whatever_the_order(values in numbers(), turn in 0_usize..40) {
        let weights = quantise(&values).unwrap();
        let largest = values.iter().copied().fold(0.0, f64::max);
        let scale = weights.iter().copied().max().unwrap_or(0);
        prop_assert!(scale <= domain::basis::LARGEST);
        for (value, weight) in values.iter().zip(&weights) {
            if largest > 0.0 {
                let exact = value / largest * scale as f64;
                prop_assert!((exact - *weight as f64).abs() <= 2.0, "{} {} {}", value, weight, exact);
            }
        }
        let mut turned = values.clone();
        turned.rotate_left(turn % values.len().max(1));
        let mut again = quantise(&turned).unwrap();
        again.rotate_right(turn % values.len().max(1));
        prop_assert_eq!(again, weights);
    }

    #[test]
    fn the_smallest_change_is_exact_within_bounds_and_optimal(wishes in wishes(), part in 0.0_f64..1.0, turn in 0_usize..30) {
        let lows: i64 = wishes.iter().map(|wish| wish.lo).sum();
        let highs = wishes.iter().fold(0_i64, |sum, wish| sum.saturating_add(wish.hi));
        let total = within(lows, highs, part);
        let found = project(total, &wishes).unwrap();
        prop_assert_eq!(found.amounts.iter().sum::<i64>(), total);
        for (wish, amount) in wishes.iter().zip(&found.amounts) {
            prop_assert!((wish.lo..=wish.hi).contains(amount));
        }
        if let Some((numerator, denominator)) = found.shift {
            // The condition of Karush, Kuhn and Tucker: x is t + μ·c, or at the bound beyond which that lies.
            for ((wish, amount), held) in wishes.iter().zip(&found.amounts).zip(&found.held) {
                if wish.ease == 0 {
                    prop_assert_eq!(*amount, wish.amount.clamp(wish.lo, wish.hi.min(total)));
                    continue;
                }
                let moved = numerator as f64 / denominator as f64 * wish.ease as f64;
                let exact = wish.amount as f64 + moved;
                let slack = 1.0 + 1e-9 * (moved.abs() + wish.amount.unsigned_abs() as f64);
                match held {
                    Held::Free => prop_assert!((exact - *amount as f64).abs() <= slack, "{:?} {} {}", wish, amount, exact),
                    Held::Low => prop_assert!(*amount == wish.lo && exact <= wish.lo as f64 + slack),
                    Held::High => prop_assert!(*amount == wish.hi.min(total) && exact >= *amount as f64 - slack),
                }
            }
        }
        let mut turned = wishes.clone();
        turned.rotate_left(turn % wishes.len());
        let mut again = project(total, &turned).unwrap().amounts;
        again.rotate_right(turn % wishes.len());
        prop_assert_eq!(again, found.amounts);
    }

    #[test]
    fn wishes_that_fit_are_granted(amounts in prop::collection::vec((0_i64..1_000_000, 0_u64..100), 1..30)) {
        let wish = |(key, (amount, ease)): (usize, &(i64, u64))| {
            Wish { key: key as u128, amount: *amount, ease: *ease, lo: 0, hi: i64::MAX }
        };
        let wishes: Vec<Wish> = amounts.iter().enumerate().map(wish).collect();
        let total = amounts.iter().map(|(amount, _)| amount).sum();
        let granted: Vec<i64> = amounts.iter().map(|(amount, _)| *amount).collect();
        prop_assert_eq!(project(total, &wishes).unwrap().amounts, granted);
    }

    #[test]
    fn tiers_are_filled_in_order(
        caps in prop::collection::vec(prop::collection::vec((0_i64..1_000, 0_u64..10), 1..6), 1..5), part in 0.0_f64..1.0,
    ) {
        let tiers: Vec<Vec<Share>> = caps
            .iter()
            .map(|tier| tier.iter().enumerate().map(|(key, (hi, weight))| Share::free(key as u128, *weight).within(0, *hi)).collect())
            .collect();
        let most: i64 = caps.iter().flatten().map(|(hi, _)| hi).sum();
        let total = within(0, most, part);
        let filled = fill_in_order(total, &tiers).unwrap();
        let sums: Vec<i64> = filled.iter().map(|tier| tier.amounts.iter().sum()).collect();
        prop_assert_eq!(sums.iter().sum::<i64>(), total);
        let mut rest = total;
        for (sum, tier) in sums.iter().zip(&caps) {
            let cap: i64 = tier.iter().map(|(hi, _)| hi).sum();
            prop_assert_eq!(*sum, rest.min(cap));
            rest -= sum;
        }
    }

    #[test]
    fn a_cascade_adds_up(total in 0_i64..1_000_000_000, uplifts in prop::collection::vec(0_u32..300_000, 0..6)) {
        let levels = cascade(total, &uplifts).unwrap();
        prop_assert_eq!(levels.len(), uplifts.len() + 1);
        prop_assert_eq!(levels.iter().map(|level| level.hedge).sum::<i64>(), levels.last().unwrap().amount - total);
    }

    #[test]
    fn factors_stay_in_range(
        start in 15_000_i32..21_000, steps in prop::collection::vec(0_u32..=1_000_000, 1..15),
        lengths in prop::collection::vec(1_i32..120, 1..14), share_ppm in 0_u32..=1_000_000, stay in 1_i32..900,
    ) {
        let mut day = 17_000;
        let periods: Vec<PlanPeriod> = lengths
            .iter()
            .map(|length| {
                day += length;
                PlanPeriod { starts_on: Day(day - length), ends_on: Day(day) }
            })
            .collect();
        let china = WorkingDays::named("cn").unwrap();
        let most = steps.iter().copied().max().unwrap();
        let ramp = Ramp { steps_ppm: steps };
        let ramped = ramp_factor(&ramp, Day(start), &periods, &china).unwrap();
        prop_assert!(ramped.iter().all(|ppm| *ppm <= most));
        let assigned = Assignment { starts_on: Day(start), ends_on: Some(Day(start + stay)), share_ppm };
        let there = assignment_factor(&[assigned], &periods, &china).unwrap();
        prop_assert!(there.iter().all(|ppm| *ppm <= share_ppm));
        for (period, (ramped, there)) in periods.iter().zip(ramped.iter().zip(&there)) {
            if period.ends_on.0 <= start {
                prop_assert_eq!((*ramped, *there), (0, 0));
            }
            if start <= period.starts_on.0 && period.ends_on.0 <= start + stay {
                prop_assert_eq!(*there, share_ppm);
            }
        }
    }

    #[test]
    fn lines_of_one_season_have_factors_of_one(season in prop::collection::vec(0_u64..1_000_000, 1..13), times in 1_u64..1_000) {
        prop_assume!(season.iter().any(|weight| *weight > 0));
        let line: Vec<u64> = season.iter().map(|weight| weight * times).collect();
        let factors = season_factor(&line, &season).unwrap();
        prop_assert!(factors.iter().all(|ppm| ppm.abs_diff(Factor::WHOLE_PPM) <= 1), "{:?}", factors);
        // The whole of one line is that line.
        let whole = seasons_of_whole(&[(1 << 50, season.clone())], season.len()).unwrap();
        let (most, of) = (season.iter().max().unwrap(), whole.iter().max().unwrap());
        for (own, all) in season.iter().zip(&whole) {
            let (own, all) = (*own as f64 / *most as f64, *all as f64 / *of as f64);
            prop_assert!((own - all).abs() < 1e-6);
        }
    }
}

#[test]
fn bad_numbers_are_refused_with_whose_they_are() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(given(&[1.0, bad]), Err(BasisError::NotFinite { node: 1 }));
    }
    assert!(matches!(
        given(&[-1.0]),
        Err(BasisError::Negative { node: 0, .. })
    ));
    assert_eq!(given(&[]), Ok(Vec::new()));
    assert_eq!(equal(&[true, false]), [1.0, 0.0]);
    let large = vec![1e300; 1_000_000];
    assert!(
        quantise(&large)
            .unwrap()
            .iter()
            .all(|weight| *weight >= domain::basis::LARGEST / 2)
    );
}

#[test]
fn impossible_wishes_are_refused() {
    let wish = |amount, ease, lo, hi| Wish {
        key: 0,
        amount,
        ease,
        lo,
        hi,
    };
    assert_eq!(project(1, &[]), Err(AllocationError::Nobody));
    assert_eq!(
        project(-1, &[wish(0, 1, 0, 9)]),
        Err(AllocationError::Total { total: -1 })
    );
    assert_eq!(
        project(1, &[wish(0, 1, 5, 4)]),
        Err(AllocationError::Bounds { share: 0 })
    );
    assert_eq!(
        project(1, &[wish(i64::MIN, 1, 0, 4)]),
        Err(AllocationError::Weights)
    );
    assert_eq!(
        project(1, &[wish(0, u64::MAX, 0, 4)]),
        Err(AllocationError::Weights)
    );
    assert!(matches!(
        project(9, &[wish(0, 0, 0, 4)]),
        Err(AllocationError::Infeasible {
            reachable: 4,
            missing: 5,
            ..
        })
    ));
    // Those that do not change easily give only when nobody else can.
    let two = [
        wish(10, 0, 0, 99),
        Wish {
            key: 1,
            ..wish(10, 5, 0, 12)
        },
    ];
    assert_eq!(project(22, &two).unwrap().amounts, [10, 12]);
    assert_eq!(project(30, &two).unwrap().amounts, [18, 12]);
    assert_eq!(project(4, &two).unwrap().amounts, [4, 0]);
}
