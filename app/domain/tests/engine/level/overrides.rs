//! Levels of single nodes: what follows from them, and what cannot be had.

use domain::level::LevelError;

use super::*;

const USUAL: Ratios = Ratios {
    floor_ppm: 800_000,
    stretch_ppm: 1_200_000,
    challenge_ppm: 1_500_000,
};

/// The same override of several nodes.
fn all(nodes: &[u32], level: Level, ppm: u32) -> Vec<Override> {
    let asked = |node: &u32| Override {
        node: NodeIndex(*node),
        level,
        value: Value::Ratio { ppm },
        above: Above::Follows,
    };
    nodes.iter().map(asked).collect()
}

#[test]
fn an_override_is_taken_from_the_siblings_or_lifts_the_parent() {
    let target = family(&[600, 100, 200, 300]);
    let ratios = USUAL;
    let row = |overrides: &[Override], level| {
        let levels = Levels::of(&target, ratios, overrides)?;
        Ok::<_, LevelError>([0, 1, 2, 3].map(|node| levels.amount(level, NodeIndex(node), None).0))
    };
    let asked = |node, level, value, above| Override {
        node: NodeIndex(node),
        level,
        value,
        above,
    };
    assert_eq!(row(&[], Level::Stretch), Ok([720, 120, 240, 360]));
    let amount = Value::Amount { amount: Minor(140) };
    let stays = [asked(1, Level::Stretch, amount, Above::Stays)];
    assert_eq!(row(&stays, Level::Stretch), Ok([720, 140, 232, 348]));
    let follows = [asked(1, Level::Stretch, amount, Above::Follows)];
    assert_eq!(row(&follows, Level::Stretch), Ok([740, 140, 240, 360]));
    assert_eq!(row(&follows, Level::Challenge), Ok([900, 150, 300, 450]));
    // A stretch beyond everybody's challenge asks for another challenge too.
    let far = Value::Ratio { ppm: 1_700_000 };
    let lifted = [asked(1, Level::Stretch, far, Above::Follows)];
    assert_eq!(row(&lifted, Level::Challenge), Ok([900, 170, 292, 438]));
    let refused = row(
        &[asked(
            2,
            Level::Floor,
            Value::Ratio { ppm: 1_100_000 },
            Above::Stays,
        )],
        Level::Floor,
    );
    assert_eq!(
        refused,
        Err(LevelError::Order {
            node: NodeIndex(2),
            period: Some(PeriodIndex(0)),
            level: Level::Floor,
            amount: Minor(220),
            bound: Minor(200),
        })
    );
    // 720 in all, of which the siblings need 500.
    let much = row(
        &[asked(
            1,
            Level::Stretch,
            Value::Amount { amount: Minor(300) },
            Above::Stays,
        )],
        Level::Stretch,
    );
    assert_eq!(
        much,
        Err(LevelError::Gap {
            node: NodeIndex(0),
            period: PeriodIndex(0),
            level: Level::Stretch,
            wanted: Minor(720),
            reachable: Minor(800),
            missing: Minor(80),
        })
    );
    let bad = [
        (
            asked(9, Level::Floor, far, Above::Stays),
            LevelError::UnknownNode { node: NodeIndex(9) },
        ),
        (
            asked(1, Level::Target, far, Above::Stays),
            LevelError::Target { node: NodeIndex(1) },
        ),
    ];
    for (asked, error) in bad {
        assert_eq!(row(&[asked], Level::Floor), Err(error));
    }
    let twice = [stays[0], stays[0]];
    let error = LevelError::Twice {
        node: NodeIndex(1),
        level: Level::Stretch,
    };
    assert_eq!(row(&twice, Level::Floor), Err(error));
    let upside_down = Ratios {
        challenge_ppm: 1_100_000,
        ..ratios
    };
    let error = LevelError::Ratio {
        level: Level::Challenge,
        ppm: 1_100_000,
    };
    assert_eq!(Levels::of(&target, upside_down, &[]).unwrap_err(), error);
}

#[test]
fn a_hedge_has_the_ratio_of_its_node() {
    // 55 and 55 below 100.
    let target = family(&[100, 55, 55]);
    let row = |overrides: &[Override], level| {
        let levels = Levels::of(&target, USUAL, overrides).unwrap();
        [0, 1, 2].map(|node| levels.amount(level, NodeIndex(node), None).0)
    };
    let (floor, stretch) = (Level::Floor, Level::Stretch);
    assert_eq!(row(&all(&[0, 1, 2], floor, 1_000_000), floor), [100, 55, 55]);
    // 82.5 each and 165 in all.
    let mut odd = row(&all(&[0, 1, 2], stretch, 1_500_000), stretch);
    odd.sort_unstable();
    assert_eq!(odd, [82, 83, 150]);
    // What follows from below is part amount, part hedge.
    assert_eq!(row(&all(&[1, 2], floor, 0), floor), [0, 0, 0]);
    assert_eq!(row(&all(&[1, 2], floor, 1_000_000), floor), [100, 55, 55]);
    assert_eq!(row(&all(&[1], floor, 1_000_000), floor), [90, 55, 44]);
    assert_eq!(row(&all(&[0], floor, 0), floor), [0, 0, 0]);
    let amount = Override {
        value: Value::Amount { amount: Minor(50) },
        ..all(&[0], floor, 0)[0]
    };
    let mut half = row(&[amount], floor);
    half.sort_unstable();
    assert_eq!(half, [27, 28, 50]);
    // Without a hedge too, ratios of a half are rounded so that they sum.
    let target = family(&[3, 1, 1, 1]);
    let levels = Levels::of(&target, USUAL, &all(&[0, 1, 2, 3], stretch, 1_500_000)).unwrap();
    let below: i64 = (1..4)
        .map(|node| levels.amount(stretch, NodeIndex(node), None).0)
        .sum();
    assert_eq!(below, levels.amount(stretch, NodeIndex(0), None).0);
}

#[test]
fn a_stretch_beyond_the_challenge_of_the_whole_is_out_of_order() {
    let target = family(&[100, 50, 50]);
    let refused = |node, stretch| {
        let error = LevelError::Order {
            node: NodeIndex(0),
            period: Some(PeriodIndex(0)),
            level: Level::Challenge,
            amount: Minor(150),
            bound: Minor(stretch),
        };
        let overrides = all(&[node], Level::Stretch, 2_000_000);
        assert_eq!(Levels::of(&target, USUAL, &overrides), Err(error));
    };
    refused(0, 200);
    refused(1, 160);
}

#[test]
fn children_may_sum_to_more_than_one_amount_can_be() {
    const TRILLION: i64 = 1_000_000_000_000;
    let target = family(&[800, 400, 400, 400].map(|amount| amount * TRILLION));
    let ratios = Ratios {
        floor_ppm: 900_000,
        stretch_ppm: 1_200_000,
        challenge_ppm: 1_250_000,
    };
    let levels = Levels::of(&target, ratios, &[]).unwrap();
    let row = |level| [0, 1, 2, 3].map(|node| levels.amount(level, NodeIndex(node), None).0 / TRILLION);
    assert_eq!(row(Level::Floor), [720, 360, 360, 360]);
    assert_eq!(row(Level::Challenge), [1_000, 500, 500, 500]);
    let beyond = Ratios {
        challenge_ppm: 1_250_001,
        ..ratios
    };
    let error = LevelError::TooLarge {
        node: NodeIndex(0),
        level: Level::Challenge,
    };
    assert_eq!(Levels::of(&target, beyond, &[]), Err(error));
}
