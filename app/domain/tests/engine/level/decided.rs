//! What is decided of the whole plan and at single rows together: laws, and what is refused.

use domain::level::{Decided, Given, LevelError};

use super::*;

fn ratio(ppm: u32) -> Value {
    Value::Ratio { ppm }
}

/// A row's own ratio, which lifts those above it.
fn own(node: u32, level: Level, ppm: u32) -> Override {
    Override {
        node: NodeIndex(node),
        level,
        value: Value::Ratio { ppm },
        above: Above::Follows,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_of_their_own_sum_and_stay_in_order(
        target in plan(), floor_ppm in prop::option::of(0_u32..=1_000_000), stretch in prop::option::of(0_u32..500_000),
        more in prop::option::of(0_u32..500_000),
        asked in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, 0_u32..2_000_000, any::<bool>(), any::<bool>()), 0..4),
    ) {
        let stretch_ppm = 1_000_000 + stretch.unwrap_or(0);
        let challenge_ppm = stretch_ppm + more.unwrap_or(0);
        let whole = Given {
            floor: floor_ppm.map(ratio),
            stretch: stretch.map(|_| ratio(stretch_ppm)),
            challenge: more.map(|_| ratio(challenge_ppm)),
        };
        let mut rows: Vec<Override> = Vec::new();
        for (node, level, ppm, by_amount, follows) in asked {
            let node = NodeIndex(node.index(target.shape().len()) as u32);
            let level = [Level::Floor, Level::Stretch, Level::Challenge][level];
            if node == NodeIndex(0) || rows.iter().any(|row| row.node == node && row.level == level) {
                continue;
            }
            let amount = Minor(target.amount(node, None).0 * i64::from(ppm) / 1_000_000);
            rows.push(Override {
                node,
                level,
                value: if by_amount { Value::Amount { amount } } else { Value::Ratio { ppm } },
                above: if follows { Above::Follows } else { Above::Stays },
            });
        }
        let decided = Decided { whole, rows };
        let Ok(levels) = decided.levels(&target) else { return Ok(()) };
        prop_assert_eq!(levels.is_none(), whole.is_empty());
        let Some(levels) = levels else { return Ok(()) };
        let mut counting: Vec<Override> = decided.counting().collect();
        for row in &counting {
            if let Value::Amount { amount } = row.value {
                prop_assert_eq!(levels.amount(row.level, row.node, None), amount);
            }
        }
        // A challenge that nobody decided is the stretch, to the last unit.
        if whole.challenge.is_none() {
            for node in target.shape().nodes() {
                for period in target.periods() {
                    let of = |level| levels.amount(level, node, Some(period));
                    prop_assert_eq!(of(Level::Challenge), of(Level::Stretch));
                }
            }
            let stretch: Vec<Override> = counting.iter().copied().filter(|row| row.level == Level::Stretch).collect();
            counting.extend(stretch.into_iter().map(|row| Override { level: Level::Challenge, ..row }));
        }
        let ratios = Ratios { floor_ppm: floor_ppm.unwrap_or(1_000_000), stretch_ppm, challenge_ppm };
        levels_hold(&target, &levels, ratios, &counting);
    }

    #[test]
    fn what_a_unit_has_holds_for_everybody_below_and_for_nobody_beside(target in plan(), stretch in 0_u32..400_000, more in 0_u32..400_000) {
        let whole = Given { stretch: Some(ratio(1_000_000 + stretch)), ..Given::default() };
        let plain = whole.levels(&target).unwrap().unwrap();
        let team = NodeIndex(1);
        let ppm = 1_000_000 + more;
        let decided = Decided { whole, rows: vec![own(1, Level::Stretch, ppm)] };
        let Ok(Some(levels)) = decided.levels(&target) else { return Ok(()) };
        for period in target.periods() {
            for node in target.shape().nodes().skip(1) {
                let found = levels.amount(Level::Stretch, node, Some(period)).0;
                if (team..target.shape().end(team)).contains(&node) {
                    let exact = target.amount(node, Some(period)).0 as f64 * f64::from(ppm) / 1e6;
                    prop_assert!((found as f64 - exact).abs() < 4.0, "{:?}: {} {}", node, found, exact);
                } else {
                    let was = plain.amount(Level::Stretch, node, Some(period)).0;
                    prop_assert!((found - was).abs() <= 1, "{:?}: {} {}", node, found, was);
                }
            }
        }
    }
}

#[test]
fn levels_of_a_row_out_of_order_are_refused_and_name_it() {
    let target = family(&[600, 100, 200, 300]);
    let whole = Given {
        floor: Some(ratio(800_000)),
        stretch: Some(ratio(1_200_000)),
        challenge: Some(ratio(1_500_000)),
    };
    let order = |level, amount, bound| {
        Err(LevelError::Order {
            node: NodeIndex(1),
            period: None,
            level,
            amount: Minor(amount),
            bound: Minor(bound),
        })
    };
    let asked = |rows: Vec<Override>| Decided { whole, rows }.levels(&target).map(|_| ());
    // Beyond the challenge of the plan, which others would have to make room for; and below its stretch.
    assert_eq!(
        asked(vec![own(1, Level::Stretch, 1_700_000)]),
        order(Level::Stretch, 170, 150)
    );
    assert_eq!(
        asked(vec![own(1, Level::Challenge, 1_100_000)]),
        order(Level::Challenge, 110, 120)
    );
    // With a challenge of its own it can be had.
    let both = vec![
        own(1, Level::Stretch, 1_700_000),
        own(1, Level::Challenge, 1_800_000),
    ];
    assert_eq!(asked(both), Ok(()));
    // Where there is no target an amount is more than any ratio.
    let idle = family(&[100, 0, 100]);
    let amount = |level, amount| Override {
        value: Value::Amount {
            amount: Minor(amount),
        },
        ..own(1, level, 0)
    };
    let asked_idle = |rows: Vec<Override>| Decided { whole, rows }.levels(&idle).map(|_| ());
    assert_eq!(
        asked_idle(vec![amount(Level::Stretch, 10)]),
        order(Level::Stretch, 10, 0)
    );
    let both = vec![amount(Level::Stretch, 10), amount(Level::Challenge, 12)];
    assert_eq!(asked_idle(both), Ok(()));
    for wrong in [own(1, Level::Floor, 1_100_000), own(1, Level::Stretch, 900_000)] {
        let refused = asked(vec![wrong]);
        let is_named = matches!(refused, Err(LevelError::Order { node: NodeIndex(1), level, .. }) if level == wrong.level);
        assert!(is_named, "{refused:?}");
    }
}

#[test]
fn a_row_waits_with_a_level_that_nobody_decided_of_the_whole() {
    let target = family(&[600, 100, 200, 300]);
    let whole = Given {
        floor: Some(ratio(800_000)),
        ..Given::default()
    };
    let decided = Decided {
        whole,
        rows: vec![own(1, Level::Stretch, 1_700_000)],
    };
    assert_eq!(decided.levels(&target), whole.levels(&target));
    let nothing = Decided {
        whole: Given::default(),
        ..decided
    };
    assert_eq!(nothing.levels(&target), Ok(None));
}
