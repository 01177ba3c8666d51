//! Laws of the levels of a target, and overrides that cannot be had.

#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "level/decided.rs"]
mod decided;
#[path = "level/overrides.rs"]
mod overrides;

use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::level::{Above, Level, Levels, Override, Ratios, Value};
use domain::money::Minor;
use domain::plan::{Grid, NodeIndex, NodeRef, NodeSpec, PeriodIndex, PlanPeriod, Shape};
use proptest::prelude::*;

/// A root over teams over people, in two periods, with a hedge here and there.
fn plan() -> impl Strategy<Value = Grid> {
    let amount = prop_oneof![Just(0_i64), 0_i64..20, 0_i64..100_000];
    let teams = prop::collection::vec(prop::collection::vec((amount.clone(), amount), 1..6), 1..5);
    (teams, 0_i64..40).prop_map(|(teams, hedge)| {
        let mut nodes = vec![NodeSpec {
            parent: None,
            reference: NodeRef::Unit(UnitId(uuid::Uuid::from_u128(1))),
            name: String::new(),
        }];
        let mut leaves: Vec<(u32, (i64, i64))> = Vec::new();
        for team in &teams {
            let at = nodes.len() as u32;
            nodes.push(NodeSpec {
                parent: Some(NodeIndex(0)),
                reference: NodeRef::Unit(UnitId(uuid::Uuid::from_u128(u128::from(at) + 1))),
                name: String::new(),
            });
            for person in team {
                let own = nodes.len() as u32;
                leaves.push((own, *person));
                nodes.push(NodeSpec {
                    parent: Some(NodeIndex(at)),
                    reference: NodeRef::Member(MemberId(uuid::Uuid::from_u128(u128::from(own) + 1))),
                    name: String::new(),
                });
            }
        }
        let period = |index: i32| PlanPeriod {
            starts_on: Day(index * 30),
            ends_on: Day(index * 30 + 30),
        };
        let shape = Arc::new(Shape::new(nodes, vec![period(0), period(1)]).unwrap());
        let mut amounts = vec![0_i64; shape.cells()];
        for column in 0..2_u16 {
            for (node, person) in &leaves {
                amounts[shape.cell(NodeIndex(*node), PeriodIndex(column)).0 as usize] =
                    if column == 0 { person.0 } else { person.1 };
            }
            for node in shape.nodes().rev().filter(|node| !shape.is_leaf(*node)) {
                let below: i64 = shape
                    .children(node)
                    .map(|child| amounts[shape.cell(child, PeriodIndex(column)).0 as usize])
                    .sum();
                amounts[shape.cell(node, PeriodIndex(column)).0 as usize] = below - (hedge % 7 * below / 40);
            }
        }
        Grid::from_amounts(shape, amounts.into_iter().map(Minor).collect()).unwrap()
    })
}

/// A root over people in one period; what they have more than it is its hedge.
fn family(amounts: &[i64]) -> Grid {
    let node = |key: u32| NodeSpec {
        parent: (key > 0).then_some(NodeIndex(0)),
        reference: if key == 0 {
            NodeRef::Unit(UnitId(uuid::Uuid::from_u128(1)))
        } else {
            NodeRef::Member(MemberId(uuid::Uuid::from_u128(u128::from(key) + 1)))
        },
        name: String::new(),
    };
    let period = PlanPeriod {
        starts_on: Day(0),
        ends_on: Day(30),
    };
    let nodes = (0..amounts.len() as u32).map(node).collect();
    let shape = Arc::new(Shape::new(nodes, vec![period]).unwrap());
    Grid::from_amounts(shape, amounts.iter().copied().map(Minor).collect()).unwrap()
}

/// Whether every cell of every level lies less than one from its share of what the siblings have together.
fn near_shares(target: &Grid, levels: &Levels) -> Result<(), TestCaseError> {
    let shape = target.shape();
    for period in target.periods() {
        for parent in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
            for level in Level::ALL {
                let of = |node, level| i128::from(levels.amount(level, node, Some(period)).0);
                let plan: i128 = shape.children(parent).map(|node| of(node, Level::Target)).sum();
                let whole: i128 = shape.children(parent).map(|node| of(node, level)).sum();
                for node in shape.children(parent) {
                    let off = of(node, level) * plan - whole * of(node, Level::Target);
                    prop_assert!(plan == 0 || off.abs() < plan, "{:?} of {:?}", level, node);
                }
            }
        }
    }
    Ok(())
}

/// What every result promises.
fn levels_hold(target: &Grid, levels: &Levels, ratios: Ratios, overrides: &[Override]) {
    let shape = target.shape();
    for period in target.periods() {
        for node in shape.nodes() {
            let of = |level| levels.amount(level, node, Some(period)).0;
            let all = Level::ALL.map(of);
            assert!(all.is_sorted(), "{node:?} {period:?}: {all:?}");
            assert_eq!(all[1], target.amount(node, Some(period)).0);
            if shape.is_leaf(node) {
                continue;
            }
            let ppm = [
                ratios.floor_ppm,
                1_000_000,
                ratios.stretch_ppm,
                ratios.challenge_ppm,
            ];
            for (level, ppm) in Level::ALL.into_iter().zip(ppm) {
                let below: i64 = shape
                    .children(node)
                    .map(|child| levels.amount(level, child, Some(period)).0)
                    .sum();
                let hedge = target.hedge(node, Some(period)).0;
                let found = below - of(level);
                let own = |node| {
                    overrides
                        .iter()
                        .find(|asked| asked.node == node && asked.level == level)
                };
                let lifts = |asked: &Override| {
                    let below = node < asked.node && asked.node < shape.end(node);
                    below && asked.level == level && asked.above == Above::Follows
                };
                if own(node).is_none() && overrides.iter().any(lifts) {
                    assert!(found >= 0, "{level:?} {node:?}");
                    continue;
                }
                let line = std::iter::once(node).chain(shape.ancestors(node));
                let mut ratios = line.filter_map(|node| {
                    let plan = target.amount(node, Some(period)).0;
                    match own(node)?.value {
                        Value::Ratio { ppm } => Some((i64::from(ppm), 1_000_000)),
                        Value::Amount { .. } if plan == 0 => None,
                        Value::Amount { .. } => Some((levels.amount(level, node, Some(period)).0, plan)),
                    }
                });
                let (part, whole) = ratios.next().unwrap_or((i64::from(ppm), 1_000_000));
                assert_eq!(found, hedge * part / whole, "{level:?} {node:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn levels_sum_and_stay_in_order(
        target in plan(), floor_ppm in 0_u32..=1_000_000, (stretch, more) in (0_u32..500_000, 0_u32..500_000),
        asked in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, 0_u32..2_000_000, any::<bool>(), any::<bool>()), 0..4),
    ) {
        let ratios = Ratios { floor_ppm, stretch_ppm: 1_000_000 + stretch, challenge_ppm: 1_000_000 + stretch + more };
        let plain = Levels::of(&target, ratios, &[]).unwrap();
        levels_hold(&target, &plain, ratios, &[]);
        near_shares(&target, &plain)?;
        for node in target.shape().nodes() {
            // Each level of the tree rounds by less than one.
            let exact = target.amount(node, Some(PeriodIndex(0))).0 as f64 * f64::from(ratios.stretch_ppm) / 1e6;
            let found = plain.amount(Level::Stretch, node, Some(PeriodIndex(0))).0 as f64;
            prop_assert!((found - exact).abs() < 4.0, "{} {}", found, exact);
        }
        let overrides: Vec<Override> = asked
            .iter()
            .map(|(node, level, ppm, by_amount, follows)| {
                let node = NodeIndex(node.index(target.shape().len()) as u32);
                let amount = Minor(target.amount(node, None).0 * i64::from(*ppm) / 1_000_000);
                Override {
                    node,
                    level: [Level::Floor, Level::Stretch, Level::Challenge][*level],
                    value: if *by_amount { Value::Amount { amount } } else { Value::Ratio { ppm: *ppm } },
                    above: if *follows { Above::Follows } else { Above::Stays },
                }
            })
            .collect();
        let Ok(levels) = Levels::of(&target, ratios, &overrides) else { return Ok(()) };
        levels_hold(&target, &levels, ratios, &overrides);
        for asked in &overrides {
            if let Value::Amount { amount } = asked.value {
                prop_assert_eq!(levels.amount(asked.level, asked.node, None), amount);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    // Close to each other, so that many of many siblings round within the same unit.
    #[test]
    fn close_levels_stay_near_their_shares(
        large in 0_i64..300_000, small in prop::collection::vec(0_i64..300, 1..200), hedge in 0_i64..200,
        (floor_ppm, stretch, more) in (0_u32..=1_000_000, 0_u32..900_000, prop_oneof![0_u32..100, 0_u32..20_000]),
    ) {
        let below = large + small.iter().sum::<i64>();
        let mut amounts = vec![below - hedge * below / 400, large];
        amounts.extend(small);
        let target = family(&amounts);
        let ratios = Ratios { floor_ppm, stretch_ppm: 1_000_000 + stretch, challenge_ppm: 1_000_000 + stretch + more };
        let levels = Levels::of(&target, ratios, &[]).unwrap();
        levels_hold(&target, &levels, ratios, &[]);
        near_shares(&target, &levels)?;
    }
}

#[test]
fn a_challenge_close_to_the_stretch_is_shared_as_the_plan_is() {
    let target = family(&[1156, 921, 227, 8]);
    let ratios = Ratios {
        floor_ppm: 0,
        stretch_ppm: 1_547_914,
        challenge_ppm: 1_552_975,
    };
    let levels = Levels::of(&target, ratios, &[]).unwrap();
    let row = |level| [0, 1, 2, 3].map(|node| levels.amount(level, NodeIndex(node), None).0);
    // Shares of the challenge: 1430.10, 352.48, 12.42.
    let [root, first, ..] = row(Level::Challenge);
    assert_eq!(root, 1795);
    assert!((1430..=1431).contains(&first), "{first}");
    near_shares(&target, &levels).unwrap();
}
