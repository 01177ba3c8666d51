//! What reaching a target pays: tiers, accelerators, caps, thresholds, and what the next deal is worth.
//! `domain::incentive`.

#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "incentive/refusals.rs"]
mod refusals;

use domain::incentive::{
    Achieved, Base, Landing, Measure, Paid, Scheme, Statement, Terms, Tier, Tiers, WHOLE_PPM, expected,
    next_deal, next_tier, payout, settle,
};
use domain::money::Minor;
use domain::statistics::{normal_below, normal_density};
use proptest::prelude::*;

/// Tiers with borders at these parts of the target.
fn tiers(borders: &[u32], rates: &[i64]) -> Vec<Tier> {
    let ends = borders.iter().map(|border| Some(*border)).chain([None]);
    std::iter::once(0)
        .chain(borders.iter().copied())
        .zip(ends)
        .zip(rates)
        .map(|((from_ppm, to_ppm), rate_ppm)| Tier {
            from_ppm,
            to_ppm,
            rate_ppm: *rate_ppm,
        })
        .collect()
}

fn measure(key: &str, tiers: Vec<Tier>) -> Measure {
    Measure {
        key: key.to_owned(),
        weight_ppm: WHOLE_PPM,
        share_ppm: WHOLE_PPM,
        threshold_ppm: 0,
        tiers_pay: Tiers::Marginal,
        tiers,
        cap: None,
    }
}

fn terms(measures: Vec<Measure>) -> Terms {
    Terms {
        base: Base::Sold,
        measures,
        cap: None,
        claw_back_ppm: WHOLE_PPM,
    }
}

/// Any scheme of two measures.
fn scheme() -> impl Strategy<Value = Scheme> {
    let curve = (
        proptest::collection::btree_set(1_u32..3_000_000, 0..5),
        proptest::collection::vec(0_i64..400_000, 6),
        any::<bool>(),
    );
    let one = (
        curve,
        prop_oneof![Just(0), 0_u32..1_500_000],
        0_u32..=WHOLE_PPM,
        proptest::option::of(0_i64..1_000_000_000),
    );
    let rules = (one.clone(), one, 0_u32..=WHOLE_PPM, any::<bool>());
    let limits = (proptest::option::of(0_i64..1_000_000_000), 0_u32..=WHOLE_PPM);
    (rules, limits).prop_map(|((first, second, weight_ppm, bonus), (cap, claw_back_ppm))| {
        let build = |key: &str, weight_ppm, one: ((_, Vec<i64>, bool), u32, u32, Option<i64>)| {
            let ((borders, mut rates, whole), threshold_ppm, share_ppm, cap) = one;
            let borders: std::collections::BTreeSet<u32> = borders;
            if whole {
                rates.sort_unstable();
            }
            Measure {
                weight_ppm,
                share_ppm,
                threshold_ppm,
                tiers_pay: if whole { Tiers::Whole } else { Tiers::Marginal },
                cap: cap.map(Minor),
                ..measure(key, tiers(&borders.into_iter().collect::<Vec<_>>(), &rates))
            }
        };
        Scheme::new(Terms {
            base: if bonus {
                Base::TargetPay {
                    pay: Minor(7_654_321),
                }
            } else {
                Base::Sold
            },
            measures: vec![
                build("own", weight_ppm, first),
                build("team", WHOLE_PPM - weight_ppm, second),
            ],
            cap: cap.map(Minor),
            claw_back_ppm,
        })
        .unwrap()
    })
}

fn achieved() -> impl Strategy<Value = Vec<Achieved>> {
    let one = (1_i64..2_000_000_000, -1_000_000_i64..4_000_000_000).prop_map(|(target, done)| Achieved {
        target: Minor(target),
        done: Minor(done),
    });
    proptest::collection::vec(one, 2)
}

fn sums(statement: &Statement) -> bool {
    statement.steps.iter().map(|step| step.amount.0).sum::<i64>() == statement.payout.0
}

proptest! {
    #[test]
    fn steps_sum_to_a_payout_that_never_falls(
        scheme in scheme(), achieved in achieved(), more in 0_i64..1_000_000_000,
    ) {
        let statement = payout(&scheme, &achieved).unwrap();
        prop_assert!(sums(&statement) && statement.payout.0 >= 0);
        prop_assert!(scheme.terms().cap.is_none_or(|cap| statement.payout <= cap));
        let deal = next_deal(&scheme, &achieved, &[Minor(more), Minor(more / 3)]).unwrap();
        prop_assert!(deal.worth.0 >= 0);
        let with: Vec<Achieved> = achieved
            .iter()
            .zip([more, more / 3])
            .map(|(achieved, more)| Achieved { done: Minor(achieved.done.0 + more), ..*achieved })
            .collect();
        let after = payout(&scheme, &with).unwrap().payout;
        prop_assert_eq!((deal.before, deal.after, deal.worth.0), (statement.payout, after, after.0 - statement.payout.0));
    }

    #[test]
    fn marginal_tiers_do_not_jump(
        borders in proptest::collection::btree_set(1_u32..2_000_000, 0..5),
        rates in proptest::collection::vec(0_i64..500_000, 6),
        target in 1_i64..1_000_000_000, done in 0_i64..2_000_000_000,
    ) {
        let borders: Vec<u32> = borders.into_iter().collect();
        let scheme = Scheme::new(terms(vec![measure("own", tiers(&borders, &rates))])).unwrap();
        // Everywhere and just at each border.
        let edges = borders.iter().map(|border| target * i64::from(*border) / 1_000_000);
        for done in edges.chain([done]) {
            let achieved = [Achieved { target: Minor(target), done: Minor(done) }];
            let worth = next_deal(&scheme, &achieved, &[Minor(1)]).unwrap().worth.0;
            prop_assert!((0..=1).contains(&worth), "one unit at less than 50 % pays {}", worth);
        }
    }

    #[test]
    fn giving_everything_back_leaves_nothing(scheme in scheme(), achieved in achieved()) {
        let full = Scheme::new(Terms { claw_back_ppm: WHOLE_PPM, ..scheme.terms().clone() }).unwrap();
        let net = payout(&full, &achieved).unwrap().payout;
        let none: Vec<Achieved> = achieved.iter().map(|achieved| Achieved { done: Minor(0), ..*achieved }).collect();
        let back = settle(&full, &none, Paid { net, kept: Minor(0) }).unwrap();
        prop_assert!(sums(&back));
        prop_assert_eq!(net.0 + back.payout.0, 0);
    }

    #[test]
    fn a_settlement_is_asked_for_once(
        scheme in scheme(), achieved in achieved(), net in 0_i64..100_000_000,
    ) {
        let settled = settle(&scheme, &achieved, Paid { net: Minor(net), kept: Minor(0) }).unwrap();
        prop_assert!(sums(&settled));
        let entitled = payout(&scheme, &achieved).unwrap().payout.0;
        let held = net + settled.payout.0;
        prop_assert!(held >= entitled);
        let kept = Minor(held - entitled);
        let again = settle(&scheme, &achieved, Paid { net: Minor(held), kept }).unwrap();
        prop_assert!(sums(&again));
        prop_assert_eq!(again.payout, Minor(0));
    }

    #[test]
    fn the_next_border_is_a_border(scheme in scheme(), achieved in achieved()) {
        if let Some(next) = next_tier(&scheme, &achieved, 0).unwrap() {
            prop_assert!(next.missing.0 > 0 && next.worth.0 >= 0);
            let rules = &scheme.terms().measures[0];
            let there = i128::from(achieved[0].done.0 + next.missing.0) * 1_000_000;
            let target = i128::from(achieved[0].target.0);
            let just_there = |ppm: u32| (0..1_000_000).contains(&(there - target * i128::from(ppm)));
            let borders = rules.tiers.iter().map(|tier| tier.from_ppm).chain([rules.threshold_ppm]);
            prop_assert!(borders.into_iter().any(just_there));
        }
    }

    #[test]
    fn expected_payouts_lie_between_the_least_and_the_most(
        scheme in scheme(), achieved in achieved(), ends in proptest::collection::vec(-1_000_i64..3_000_000_000, 1..40),
    ) {
        let ends: Vec<Minor> = ends.into_iter().map(Minor).collect();
        let found = expected(&scheme, &achieved, 1, &Landing::Paths { ends: ends.clone() }).unwrap();
        let mut all: Vec<Minor> = ends
            .iter()
            .map(|end| {
                let done = [achieved[0], Achieved { done: *end, ..achieved[1] }];
                payout(&scheme, &done).unwrap().payout
            })
            .collect();
        all.sort_unstable();
        let within = |amount| all[0] <= amount && amount <= all[all.len() - 1];
        prop_assert!([found.mean, found.p10, found.p50, found.p90].into_iter().all(within));
        prop_assert!(found.p10 <= found.p50 && found.p50 <= found.p90);
    }
}

#[test]
fn the_expected_payout_of_a_normal_landing_has_a_known_mean() {
    // 2 % to the target and 6 % above: 0.02·x + 0.04·(x − T)⁺, with E(x − T)⁺ = σφ(z) + (μ − T)Φ(z), z = (μ − T)/σ.
    let scheme = Scheme::new(terms(vec![measure(
        "own",
        tiers(&[1_000_000], &[20_000, 60_000]),
    )]))
    .unwrap();
    let achieved = [Achieved {
        target: Minor(100_000_000),
        done: Minor(0),
    }];
    let landing = Landing::Normal {
        mean: Minor(95_000_000),
        sd: Minor(10_000_000),
    };
    let found = expected(&scheme, &achieved, 0, &landing).unwrap();
    let z = -0.5;
    let above = 1e7 * normal_density(z) - 5e6 * normal_below(z);
    let mean = 0.02 * 9.5e7 + 0.04 * above;
    assert!(
        (found.mean.0 as f64 / mean - 1.0).abs() < 2e-4,
        "{} {mean}",
        found.mean.0
    );
    assert!(
        (found.chance_of_target - normal_below(z)).abs() <= 0.001,
        "{found:?}"
    );
    assert!((found.p50.0 - 1_900_000).abs() < 1_000, "{found:?}");
    // More than the payout of the mean landing: the curve is convex.
    assert!(found.mean.0 > 1_900_000 + 70_000);

    let points = vec![(0.0, Minor(0)), (1.0, Minor(100_000_000))];
    let even = expected(&scheme, &achieved, 0, &Landing::Quantiles { points }).unwrap();
    assert!((even.mean.0 - 1_000_000).abs() < 10, "{even:?}");
    assert_eq!(even.chance_of_target.to_bits(), 0.0_f64.to_bits());
    let sure = Landing::Normal {
        mean: Minor(100_000_000),
        sd: Minor(0),
    };
    let sure = expected(&scheme, &achieved, 0, &sure).unwrap();
    assert_eq!(
        (sure.mean, sure.p10, sure.p90),
        (Minor(2_000_000), Minor(2_000_000), Minor(2_000_000))
    );
}
