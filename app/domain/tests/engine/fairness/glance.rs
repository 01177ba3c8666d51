//! What is worked out from a few changes is, to the last digit, what a check of everything comes to.

use domain::calendar::Day;
use domain::fairness::{
    Footing, Gathering, Glance, Ground, Judging, Limits, Moved, Outlook, Settings, Standing,
};
use domain::id::UnitId;
use domain::money::{Currency, Minor};
use domain::plan::{NodeIndex, NodeRef, NodeSpec, PlanPeriod, Shape};
use proptest::prelude::*;
use uuid::Uuid;

/// A row: how far up from the one before it hangs, its amount, what it is to the check, and what is expected.
type Drawn = (usize, i64, u8, f64, f64);

fn rows() -> impl Strategy<Value = Vec<Drawn>> {
    let amount = prop_oneof![8 => 0_i64..1_000_000, 1 => Just(0), 1 => -50_i64..50];
    let one = (0_usize..4, amount, 0_u8..6, 0.0_f64..1e6, 0.0_f64..1.0);
    prop::collection::vec(one, 1..80)
}

fn shape(rows: &[Drawn]) -> Shape {
    let mut path: Vec<u32> = Vec::new();
    let mut specs = Vec::new();
    for (at, (up, ..)) in (0_u32..).zip(rows) {
        path.truncate(path.len().saturating_sub(*up).clamp(1, 60));
        specs.push(NodeSpec {
            parent: path.last().copied().map(NodeIndex),
            reference: NodeRef::Unit(UnitId(Uuid::from_u128(u128::from(at) + 1))),
            name: at.to_string(),
        });
        path.push(at);
    }
    let year = PlanPeriod {
        starts_on: Day(0),
        ends_on: Day(365),
    };
    Shape::new(specs, vec![year]).unwrap()
}

/// Most rows carry a number and are judged; of some nothing is known, and some stand for nobody.
fn ground(rows: &[Drawn], offset: u32) -> Ground {
    let of = |wanted: fn(u8) -> bool| {
        (0_u32..)
            .zip(rows)
            .filter(move |(_, (_, _, kind, ..))| wanted(*kind))
            .map(move |(at, row)| (NodeIndex(at + offset), *row))
    };
    Ground {
        currency: Currency::from_code("CNY").unwrap(),
        known: true,
        people: of(|kind| kind < 3)
            .map(|(node, (_, _, _, mean, relative))| Footing {
                node,
                outlook: Outlook {
                    mean: (mean - 1e5).max(0.0),
                    sd: mean * relative,
                },
                new_hire: node.0 % 3 == 0,
                size: None,
                growth: None,
                tenure: None,
                potential: None,
            })
            .collect(),
        unknown: of(|kind| kind == 3).map(|(node, _)| node).collect(),
        unassigned: of(|kind| kind == 4).map(|(node, _)| node).collect(),
        limits: Limits::default(),
        may_limit: false,
    }
}

/// The same, worked out from everything.
fn checked(ground: &Ground, shape: &Shape, offset: u32, amounts: &[Minor]) -> Option<Glance> {
    let amount = |node: NodeIndex| amounts[node.0 as usize];
    let judged = ground.check(shape, offset, amount, &Settings::default());
    judged.ok().map(|judged| Glance::of(&judged.report))
}

/// What else a drag moves is what a check of everything comes to, up to how finely chances and stretch are counted.
fn agrees(
    moved: &Moved,
    ground: &Ground,
    shape: &Shape,
    offset: u32,
    amounts: &[Minor],
) -> Result<(), TestCaseError> {
    let amount = |node: NodeIndex| amounts[node.0 as usize];
    let judged = ground.check(shape, offset, amount, &Settings::default());
    let report = judged.unwrap().report;
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-6 * other.abs().max(1.0);
    prop_assert!(near(moved.reached, report.chances.share));
    prop_assert_eq!(moved.chance_sd.is_some(), report.chances.sd.is_some());
    let (is, wanted) = (moved.chance_sd.unwrap_or(0.0), report.chances.sd.unwrap_or(0.0));
    prop_assert!(near(is, wanted));
    prop_assert_eq!(moved.new_hires.is_some(), report.new_hires.is_some());
    if let (Some(is), Some(wanted)) = (moved.new_hires, report.new_hires) {
        prop_assert!(near(is.0, wanted.target_share) && near(is.1, wanted.expected_share));
    }
    let pressed: Vec<f64> = report.people.iter().filter_map(|one| one.stretch).collect();
    // Whoever is asked for next to nothing, or for a billion times what is expected, is counted more coarsely.
    if pressed.iter().all(|stretch| (1e-3..1e6).contains(stretch)) {
        let (is, wanted) = (moved.highest_to_lowest, report.stretch.highest_to_lowest);
        prop_assert_eq!(is.is_some(), wanted.is_some());
        prop_assert!(near(is.unwrap_or(1.0), wanted.unwrap_or(1.0)));
    }
    prop_assert_eq!(moved.spread, report.stretch.verdict);
    let settings = Settings::default();
    let edges = [
        settings.reached_hopeless,
        settings.reached_low,
        settings.reached_high,
    ];
    if edges
        .iter()
        .all(|edge| (report.chances.share - edge).abs() > 1e-9)
    {
        prop_assert_eq!(moved.level, report.chances.verdict);
    }
    Ok(())
}

fn gathered(
    ground: &Ground,
    shape: &Shape,
    offset: u32,
    amounts: &[Minor],
    steps: usize,
) -> (Standing, usize) {
    let mut gathering = Gathering::default();
    let amount = |node: NodeIndex| amounts[node.0 as usize];
    for pieces in 1.. {
        let done = gathering.go_on(ground, shape, offset, amount, &Settings::default(), steps);
        if let Some(standing) = done {
            return (standing, pieces);
        }
        assert!(pieces < 1_000_000, "it does not end");
    }
    unreachable!("it ends, or the test does")
}

proptest! {
    #[test]
    fn a_few_changes_come_to_what_everything_comes_to(
        rows in rows(),
        offset in 0_u32..3,
        steps in 1_usize..200,
        drags in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), -20_i64..2_000_000), 0..12), 1..6),
    ) {
        let (shape, ground) = (shape(&rows), ground(&rows, offset));
        let before: Vec<Minor> = rows.iter().map(|row| Minor(row.1)).collect();
        let (standing, _) = gathered(&ground, &shape, offset, &before, steps);
        prop_assert_eq!(standing.glance(&shape, [], &Settings::default()), checked(&ground, &shape, offset, &before));
        let mut now = before.clone();
        for drag in drags {
            for (place, amount) in drag {
                now[place.index(rows.len())] = Minor(amount);
            }
            let changes = shape.nodes().zip(before.iter().zip(&now));
            let changes = changes
                .filter(|(_, (was, is))| was != is)
                .map(|(node, (was, is))| (node, *was, *is));
            let moved = standing.moved(&shape, changes, &Settings::default());
            prop_assert_eq!(moved.map(|moved| moved.glance), checked(&ground, &shape, offset, &now));
            if let Some(moved) = moved {
                agrees(&moved, &ground, &shape, offset, &now)?;
            }
            // And gathered anew, in pieces of whatever size, it is the same.
            let (anew, _) = gathered(&ground, &shape, offset, &now, steps);
            prop_assert_eq!(anew.glance(&shape, [], &Settings::default()), checked(&ground, &shape, offset, &now));
        }
    }
}

proptest! {
    #[test]
    fn judged_in_steps_of_any_size_it_is_judged_the_same(
        rows in rows(),
        offset in 0_u32..3,
        step in 1_usize..100,
    ) {
        let (shape, mut ground) = (shape(&rows), ground(&rows, offset));
        for (at, footing) in ground.people.iter_mut().enumerate() {
            footing.new_hire = at % 3 == 0;
            footing.size = (at % 5 > 0).then_some((at * 7_919 % 101) as f64);
            footing.tenure = Some((at % 17) as f64);
        }
        let (settings, mut judging) = (Settings::default(), Judging::default());
        let amount = |node: NodeIndex| Minor(rows[node.0 as usize].1);
        let judged = (0..1_000).find_map(|_| judging.go_on(&ground, &shape, offset, amount, &settings, step));
        let at_once = ground.check(&shape, offset, amount, &settings);
        // As they are written: a figure that is none is like itself.
        prop_assert_eq!(format!("{:?}", judged), format!("{:?}", Some(at_once)));
    }
}

/// Thousands are gathered in many small pieces, and put in order across them.
#[test]
fn a_large_plan_is_gathered_in_pieces() {
    let rows: Vec<Drawn> = (0..30_000_i64)
        .map(|at| {
            let amount = (at * 7_919) % 100_003 + 1;
            (usize::from(at > 1), amount, 0, 150_000.0 + at as f64, 0.3)
        })
        .collect();
    let (shape, ground) = (shape(&rows), ground(&rows, 0));
    let mut now: Vec<Minor> = rows.iter().map(|row| Minor(row.1)).collect();
    let (standing, pieces) = gathered(&ground, &shape, 0, &now, 5_000);
    assert!((20..200).contains(&pieces), "{pieces}");
    assert_eq!(
        standing.glance(&shape, [], &Settings::default()),
        checked(&ground, &shape, 0, &now)
    );
    let changes: Vec<(NodeIndex, Minor, Minor)> = (100..160)
        .map(|at| (NodeIndex(at), now[at as usize], Minor(i64::from(at) * 1_000)))
        .collect();
    for (node, _, is) in &changes {
        now[node.0 as usize] = *is;
    }
    assert_eq!(
        standing.glance(&shape, changes, &Settings::default()),
        checked(&ground, &shape, 0, &now)
    );
}
