use proptest::prelude::*;

use super::*;
use crate::format::Lang;
use crate::money::Currency;

fn history(amounts: &[i64]) -> Vec<(String, String, Minor)> {
    let named = |(place, amount): (usize, &i64)| {
        let key = uuid::Uuid::from_u128(place as u128 + 1).to_string();
        (key, format!("P{place}"), Minor(*amount))
    };
    amounts.iter().enumerate().map(named).collect()
}

fn amounts(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|line| line.amount.0).collect()
}

fn key(lines: &[Line], name: &str) -> String {
    lines.iter().find(|line| line.name == name).unwrap().key.clone()
}

#[test]
fn lines_give_and_take_as_the_grid_does() {
    // Of 60, the first two have 10 and 20, which is held: at 100 they are 10 : 30 of what is left.
    let mut lines = propose(Minor(60), history(&[10, 20, 30])).unwrap();
    assert_eq!(amounts(&lines), [30, 20, 10]);
    let held = key(&lines, "P1");
    lock(&mut lines, &held, true).unwrap();
    fit(Minor(100), &mut lines).unwrap();
    assert_eq!(amounts(&lines), [60, 20, 20]);
    // Held at 60, the first set to 20: the others share 40 as 20 : 30.
    let mut lines = propose(Minor(60), history(&[10, 20, 30])).unwrap();
    let first = key(&lines, "P0");
    set(Minor(60), &mut lines, &first, Minor(20)).unwrap();
    assert_eq!(amounts(&lines), [24, 16, 20]);
}

#[test]
fn what_cannot_be_met_is_said() {
    let cny = Currency::from_code("CNY").unwrap();
    let mut lines = propose(Minor(60), history(&[10, 20, 30])).unwrap();
    let keys = ["P0", "P1", "P2"].map(|name| key(&lines, name));
    lock(&mut lines, &keys[1], true).unwrap();
    let over = set(Minor(60), &mut lines, &keys[0], Minor(41)).unwrap_err();
    assert_eq!(
        over,
        LineError::Over {
            total: Minor(60),
            missing: Minor(1),
            locked: vec!["P1".to_owned()]
        }
    );
    assert_eq!(
        over.words(Lang::ZhCn, &cny),
        "超出目标 ¥0.60 达 ¥0.01：已锁定“P1”。请调小这一行、解锁或提高目标。"
    );
    lock(&mut lines, &keys[2], true).unwrap();
    let under = set(Minor(60), &mut lines, &keys[0], Minor(4)).unwrap_err();
    assert!(
        matches!(
            under,
            LineError::Under {
                missing: Minor(6),
                ..
            }
        ),
        "{under:?}"
    );
    assert!(under.words(Lang::En, &cny).contains("nowhere to go"));
    assert_eq!(
        set(Minor(60), &mut lines, &keys[1], Minor(19)).unwrap_err(),
        LineError::Locked {
            name: "P1".to_owned(),
            amount: Minor(20)
        }
    );
    assert!(matches!(
        set(Minor(60), &mut lines, &keys[0], Minor(-1)),
        Err(LineError::Negative { .. })
    ));
    assert!(matches!(
        set(Minor(60), &mut lines, "x", Minor(1)),
        Err(LineError::Unknown { .. })
    ));
    // Nothing has changed by all that.
    assert_eq!(amounts(&lines), [30, 20, 10]);
}

#[test]
fn a_total_that_is_taken_back_brings_the_lines_back() {
    let lines = propose(Minor(1_000_003), history(&[7, 0, 13, 5])).unwrap();
    let mut other = lines.clone();
    fit(Minor(77), &mut other).unwrap();
    assert_eq!(amounts(&other).iter().sum::<i64>(), 77);
    // What is kept are the amounts that were decided, so they are fitted anew each time.
    let mut back = lines.clone();
    fit(Minor(1_000_003), &mut back).unwrap();
    assert_eq!(back, lines);
}

#[test]
fn many_lines_are_the_largest_and_a_rest() {
    let many: Vec<i64> = (1..=100).map(|place| place * place).collect();
    let mut lines = propose(Minor(1_000_000), history(&many)).unwrap();
    assert_eq!(lines.len(), MOST_LINES + 1);
    assert_eq!(lines.last().unwrap().key, REST);
    assert_eq!(lines[0].name, "P99");
    let whole: i64 = many.iter().sum();
    assert_eq!(lines.iter().map(|line| line.history.0).sum::<i64>(), whole);
    // One of the rest gets a line of its own, with its part.
    let id = uuid::Uuid::from_u128(50).to_string();
    single_out(&mut lines, &id, "P49", Minor(2_500)).unwrap();
    assert_eq!(amounts(&lines).iter().sum::<i64>(), 1_000_000);
    let own = lines.iter().find(|line| line.key == id).unwrap();
    assert!((own.amount.0 - 2_500 * 1_000_000 / whole).abs() <= 1, "{own:?}");
    assert!(matches!(
        single_out(&mut lines, &id, "P49", Minor(1)),
        Err(LineError::Twice { .. })
    ));
}

#[test]
fn without_history_lines_are_equal_and_an_empty_plan_has_empty_lines() {
    let lines = propose(Minor(10), history(&[0, 0, 0])).unwrap();
    let mut sums = amounts(&lines);
    sums.sort_unstable();
    assert_eq!(sums, [3, 3, 4]);
    assert_eq!(amounts(&propose(Minor(0), history(&[5, 6])).unwrap()), [0, 0]);
    assert!(propose(Minor(10), Vec::new()).unwrap().is_empty());
}

proptest! {
    #[test]
    fn lines_always_sum_to_the_total(
        amounts in proptest::collection::vec(0_i64..1_000_000_000, 1..60),
        total in 0_i64..=crate::plan::MAX_AMOUNT,
        other in 0_i64..=crate::plan::MAX_AMOUNT,
        place in 0_usize..60,
        wanted in 0_i64..=crate::plan::MAX_AMOUNT,
    ) {
        let sum = |lines: &[Line]| lines.iter().map(|line| line.amount.0).sum::<i64>();
        let mut lines = propose(Minor(total), history(&amounts)).unwrap();
        prop_assert_eq!(sum(&lines), total);
        let key = lines[place % lines.len()].key.clone();
        let before = lines.clone();
        match set(Minor(total), &mut lines, &key, Minor(wanted)) {
            Ok(()) => {
                prop_assert_eq!(sum(&lines), total);
                let line = lines.iter().find(|line| line.key == key).unwrap();
                prop_assert_eq!(line.amount, Minor(wanted));
            }
            Err(_) => prop_assert_eq!(&lines, &before),
        }
        // The order they come in does not matter.
        let mut turned = lines.clone();
        turned.reverse();
        fit(Minor(other), &mut lines).unwrap();
        fit(Minor(other), &mut turned).unwrap();
        turned.reverse();
        prop_assert_eq!(sum(&lines), other);
        prop_assert_eq!(lines, turned);
    }
}
