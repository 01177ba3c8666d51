use proptest::prelude::*;

use super::*;

fn amounts(net: Option<i64>, tax: Option<i64>, other: Option<i64>, gross: Option<i64>) -> Amounts {
    Amounts {
        net: net.map(Fact),
        tax: tax.map(Fact),
        other: other.map(Fact),
        gross: gross.map(Fact),
    }
}

#[test]
fn two_of_three_give_the_third() {
    let whole = amounts(
        Some(205_656_206),
        Some(19_715_149),
        Some(6_160_984),
        Some(231_532_339),
    );
    for known in [
        Amounts { gross: None, ..whole },
        Amounts { net: None, ..whole },
        Amounts { tax: None, ..whole },
        whole,
    ] {
        assert_eq!(known.complete(), Ok(whole));
    }
    let alone = amounts(Some(5), None, None, None);
    assert_eq!(alone.complete(), Ok(alone), "nothing follows from one");
    let alone = amounts(None, None, None, Some(5));
    assert_eq!(alone.complete(), Ok(alone));
}

#[test]
fn contradictions_are_named_with_both_numbers() {
    let off = amounts(Some(100), Some(13), None, Some(114)).complete();
    assert_eq!(
        off,
        Err(AmountsError::Disagree {
            sum: Fact(113),
            gross: Fact(114)
        })
    );
    for (net, gross) in [(100, 90), (-100, -90), (-100, 113), (100, 0)] {
        let found = amounts(Some(net), None, None, Some(gross)).complete();
        let expected = AmountsError::GrossBelowNet {
            net: Fact(net),
            gross: Fact(gross),
        };
        assert_eq!(found, Err(expected));
    }
    // A return with its tax, a gift with postage, and a discount on the whole.
    assert!(amounts(Some(-100), None, None, Some(-113)).complete().is_ok());
    assert!(amounts(Some(0), None, None, Some(12)).complete().is_ok());
    assert!(
        amounts(Some(100), Some(13), Some(-20), Some(93))
            .complete()
            .is_ok()
    );
    let huge = amounts(Some(i64::MAX), Some(1), None, None).complete();
    assert_eq!(huge, Err(AmountsError::TooLarge));
}

#[test]
fn parts_by_largest_remainder() {
    let of = |amount, weights: &[i64]| -> Vec<i64> {
        parts(Fact(amount), weights)
            .into_iter()
            .map(|part| part.0)
            .collect()
    };
    assert_eq!(of(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(of(-100, &[1, 1, 1]), [-33, -33, -34]);
    assert_eq!(of(50, &[150, -50]), [75, -25], "a return among the lines");
    assert_eq!(of(7, &[0, 0]), [7, 0]);
    assert!(of(7, &[]).is_empty());
}

#[test]
fn prices_are_rounded_once() {
    assert_eq!(times(Fact(30_000), Fact(12_345)), Ok(Fact(37_035)));
    assert_eq!(times(Fact(5_000), Fact(1)), Ok(Fact(1)));
    assert_eq!(times(Fact(-5_000), Fact(1)), Ok(Fact(-1)));
    assert_eq!(times(Fact(i64::MAX), Fact(i64::MAX)), Err(AmountsError::TooLarge));
}

proptest! {
    #[test]
    fn parts_and_tables_keep_every_sum(
        amount in -10_000_000_000_i64..10_000_000_000,
        rows in prop::collection::vec(0_i64..1_000_001, 1..6),
        columns in prop::collection::vec(-1_000_000_i64..10_000_000, 1..8),
    ) {
        let whole = Fact(amount);
        let (rows, columns) = (parts(whole, &rows), parts(whole, &columns));
        prop_assert_eq!(sum(rows.iter().copied()), Ok(whole));
        prop_assert_eq!(sum(columns.iter().copied()), Ok(whole));
        let cells = table(&rows, &columns);
        for (row, line) in rows.iter().zip(&cells) {
            prop_assert_eq!(sum(line.iter().copied()), Ok(*row));
        }
        for (index, column) in columns.iter().enumerate() {
            prop_assert_eq!(sum(cells.iter().map(|line| line[index])), Ok(*column));
        }
    }
}
