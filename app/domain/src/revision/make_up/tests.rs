use proptest::prelude::*;

use super::*;

fn number(target: i64, booked: i64, to_come: i64) -> OpenNumber {
    OpenNumber {
        target: Minor(target),
        booked: Minor(booked),
        to_come: Minor(to_come),
        floor: None,
        cap: None,
        locked: false,
    }
}

fn amounts(total: i64, open: &[OpenNumber]) -> Vec<i64> {
    let made = make_up(Minor(total), open, &[]).unwrap();
    made.amounts.into_iter().map(|amount| amount.0).collect()
}

#[test]
fn who_is_expected_to_bring_more_takes_more_of_what_is_missing() {
    let open = [number(100, 0, 300), number(100, 40, 100)];
    assert_eq!(amounts(240, &open), [130, 110]);
    // Nobody below what is booked.
    let open = [number(100, 0, 300), number(100, 95, 100)];
    assert_eq!(amounts(160, &open), [65, 95]);
    // Nothing expected: relative to what they are; nothing there: equally.
    assert_eq!(amounts(330, &[number(100, 0, 0), number(200, 0, 0)]), [110, 220]);
    assert_eq!(amounts(30, &[number(0, 0, 0), number(0, 0, 0)]), [15, 15]);
}

#[test]
fn locks_and_caps_hold_and_say_so() {
    let locked = OpenNumber {
        locked: true,
        ..number(100, 20, 100)
    };
    let capped = OpenNumber {
        cap: Some(Minor(120)),
        ..number(100, 0, 100)
    };
    assert_eq!(
        amounts(350, &[locked, capped, number(100, 0, 100)]),
        [100, 120, 130]
    );
    assert_eq!(
        make_up(Minor(250), &[locked, capped], &[]),
        Err(MakeUpRefusal::NoRoom {
            reachable: Minor(220),
            missing: Minor(30)
        })
    );
    let booked_beyond = OpenNumber {
        locked: true,
        ..number(100, 130, 0)
    };
    assert_eq!(amounts(230, &[booked_beyond, number(100, 0, 0)]), [130, 100]);
    assert_eq!(make_up(Minor(1), &[], &[]), Err(MakeUpRefusal::NothingOpen));
}

#[test]
fn more_than_the_target_leaves_everybody_at_what_is_booked() {
    let made = make_up(Minor(50), &[number(100, 40, 9), number(100, 30, 9)], &[]).unwrap();
    assert_eq!(
        (made.amounts, made.beyond),
        (vec![Minor(40), Minor(30)], Minor(20))
    );
}

#[test]
fn locks_and_floors_that_hold_more_than_is_missing_are_no_reached_target() {
    let locked = OpenNumber {
        locked: true,
        ..number(100, 20, 100)
    };
    let floored = OpenNumber {
        floor: Some(Minor(40)),
        ..number(50, 10, 0)
    };
    let exceed = |by| Err(MakeUpRefusal::LocksExceed { by: Minor(by) });
    assert_eq!(make_up(Minor(130), &[locked, floored], &[]), exceed(10));
    assert_eq!(amounts(140, &[locked, floored]), [100, 40]);
    // Only what is booked says that a target is reached.
    let reached = make_up(Minor(29), &[locked, floored], &[]).unwrap();
    assert_eq!(reached.beyond, Minor(1));
    let row = OpenRow {
        numbers: 1..2,
        floor: Some(Minor(60)),
        cap: None,
    };
    assert_eq!(make_up(Minor(150), &[locked, floored], &[row]), exceed(10));
}

fn row(numbers: Range<usize>, floor: Option<i64>, cap: Option<i64>) -> OpenRow {
    OpenRow {
        numbers,
        floor: floor.map(Minor),
        cap: cap.map(Minor),
    }
}

#[test]
fn a_total_keeps_its_floor_and_cap_and_the_others_take_the_rest() {
    let open = [number(100, 0, 100); 4];
    let made = |total, rows: &[OpenRow]| {
        make_up(Minor(total), &open, rows).map(|made| {
            made.amounts
                .into_iter()
                .map(|amount| amount.0)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(made(480, &[row(0..2, None, Some(300))]), Ok(vec![120; 4]));
    assert_eq!(
        made(480, &[row(0..2, None, Some(210))]),
        Ok(vec![105, 105, 135, 135])
    );
    assert_eq!(
        made(480, &[row(2..4, Some(250), None)]),
        Ok(vec![115, 115, 125, 125])
    );
    // What the first cannot take takes the second to its own cap, and what that cannot has no place.
    let both = [row(0..2, None, Some(210)), row(2..3, None, Some(125))];
    assert_eq!(made(480, &both), Ok(vec![105, 105, 125, 145]));
    let capped = [row(0..2, None, Some(210)), row(2..4, None, Some(260))];
    assert_eq!(
        made(480, &capped),
        Err(MakeUpRefusal::NoRoom {
            reachable: Minor(470),
            missing: Minor(10)
        })
    );
}

#[test]
fn a_bound_that_what_is_open_cannot_keep_asks_for_what_it_can() {
    let locked = OpenNumber {
        locked: true,
        ..number(100, 0, 100)
    };
    let open = [locked, number(100, 30, 100)];
    let rows = [row(0..1, Some(150), None), row(1..2, None, Some(10))];
    let made = make_up(Minor(130), &open, &rows).unwrap();
    assert_eq!(made.amounts, [Minor(100), Minor(30)]);
}

fn any_number() -> impl Strategy<Value = OpenNumber> {
    let amount = || 0_i64..5_000_000;
    (amount(), amount(), amount(), any::<[bool; 3]>(), amount()).prop_map(
        |(target, booked, to_come, [floored, capped, locked], bound)| OpenNumber {
            floor: floored.then_some(Minor(bound / 2)),
            cap: capped.then_some(Minor(bound)),
            locked,
            ..number(target, booked / 4, to_come)
        },
    )
}

/// Rows of two numbers each, some with a floor or a cap.
fn any_rows(count: usize) -> impl Strategy<Value = Vec<OpenRow>> {
    let bound = || proptest::option::of(0_i64..9_000_000);
    proptest::collection::vec((bound(), bound()), count / 2).prop_map(|bounds| {
        let rows = bounds.into_iter().enumerate();
        rows.map(|(at, (floor, more))| {
            let cap = more.map(|more| floor.unwrap_or(0) + more);
            row(2 * at..2 * at + 2, floor, cap)
        })
        .collect()
    })
}

fn numbers_and_rows() -> impl Strategy<Value = (Vec<OpenNumber>, Vec<OpenRow>)> {
    proptest::collection::vec(any_number(), 1..12)
        .prop_flat_map(|open| any_rows(open.len()).prop_map(move |rows| (open.clone(), rows)))
}

proptest! {
    #[test]
    fn it_sums_keeps_bounds_and_changes_least(
        (open, rows) in numbers_and_rows(),
        more in -3_000_000_i64..3_000_000,
    ) {
        let total = (open.iter().map(|number| number.target.0).sum::<i64>() + more).max(0);
        let bounds: Vec<(i64, i64)> = open.iter().map(OpenNumber::bounds).collect();
        let bound: Vec<Bound> = rows.iter().map(|row| Bound::of(row, &bounds)).collect();
        let booked: i64 = open.iter().map(|number| number.booked.0).sum();
        let made = match make_up(Minor(total), &open, &rows) {
            Ok(made) => made,
            Err(MakeUpRefusal::NoRoom { reachable, missing }) => {
                prop_assert_eq!(reachable.0 + missing.0, total);
                prop_assert!(missing.0 > 0, "refused only where there is no room");
                return Ok(());
            }
            Err(MakeUpRefusal::LocksExceed { by }) => {
                prop_assert!(by.0 > 0 && booked <= total);
                return Ok(());
            }
            Err(other) => return Err(TestCaseError::fail(format!("{other}"))),
        };
        for (number, amount) in open.iter().zip(&made.amounts) {
            let (least, most) = number.bounds();
            prop_assert!((least..=most).contains(&amount.0));
            prop_assert!(amount.0 >= number.booked.0);
        }
        if made.beyond.0 > 0 {
            prop_assert_eq!(made.beyond.0, booked - total);
            return Ok(());
        }
        let amounts: Vec<i64> = made.amounts.iter().map(|amount| amount.0).collect();
        prop_assert_eq!(amounts.iter().sum::<i64>(), total);
        for row in &bound {
            let sum = row.sum(&amounts);
            prop_assert!((row.least..=row.most).contains(&sum), "{} to {}: {}", row.least, row.most, sum);
        }
        // Nobody gives while another, who may, takes: the change of everybody free has one sign. Rows at a bound of their
        // own are not free.
        let is_free = |place: usize| {
            bound.iter().filter(|row| row.numbers.contains(&place)).all(|row| {
                let sum = row.sum(&amounts);
                row.least < sum && sum < row.most
            })
        };
        let moved: Vec<i64> = open
            .iter()
            .zip(&made.amounts)
            .enumerate()
            .filter(|(place, (number, amount))| {
                let (least, most) = number.bounds();
                is_free(*place) && least < amount.0 && amount.0 < most
            })
            .map(|(_, (number, amount))| amount.0 - number.target.0)
            .collect();
        let up = moved.iter().any(|change| *change > 1);
        let down = moved.iter().any(|change| *change < -1);
        prop_assert!(!(up && down), "{:?}", moved);
    }
}
