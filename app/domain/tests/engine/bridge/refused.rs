//! What is refused, what has an answer all the same, and how much there may be of it.

use super::*;

fn item(before: (i64, i64), after: (i64, i64)) -> Item {
    let sold = |(quantity, amount): (i64, i64)| Sold {
        quantity,
        amount: Fact(amount),
    };
    Item {
        key: "a".to_owned(),
        before: sold(before),
        after: sold(after),
    }
}

#[test]
fn bad_input_is_refused_or_has_an_answer() {
    let cny = currency("CNY");
    for method in [ItemMethod::PriceVolumeMix, ItemMethod::Shapley] {
        let of = |list: &[Item]| items("product", method, list, &cny);
        let empty = of(&[]).unwrap();
        assert_eq!((empty.from(), empty.to()), (Minor(0), Minor(0)));
        assert!(empty.steps().iter().all(|step| step.amount == Minor(0)));
        let huge = item((1, i64::MAX), (1, i64::MAX));
        assert!(of(std::slice::from_ref(&huge)).is_ok());
        assert_eq!(of(&[huge.clone(), huge]), Err(BridgeError::TooLarge));
        assert_eq!(of(&[item((i64::MAX, 1), (1, 1))]), Err(BridgeError::TooLarge));
        // One unit for everything there is, then 2^60 units: the old price times those is out of range.
        assert_eq!(
            of(&[item((1, i64::MAX), (1 << 60, 1))]),
            Err(BridgeError::TooLarge)
        );
        assert!(of(&[item((i64::MIN + 1, i64::MIN), (0, 0))]).is_err());
        // Returns only have no price.
        let returned = of(&[item((-1, -10_000), (2, 20_000))]).unwrap();
        assert_eq!(returned.amount(&StepKind::Amount), Minor(300));
    }
}

#[test]
fn factors_without_sense_are_refused() {
    let cny = currency("CNY");
    let split = |values: &[Option<f64>], amount: i64, names: &[StepKind]| {
        let side = Factors {
            amount: Fact(amount),
            values: values.to_vec(),
        };
        let segment = Segment {
            key: "north".to_owned(),
            before: side.clone(),
            after: side,
        };
        factors("region", FactorMethod::Lmdi, names, &[segment], &cny)
    };
    let two = &names()[..2];
    let negative = Err(BridgeError::Negative {
        key: "north".to_owned(),
    });
    assert!(split(&[Some(2.0), Some(3.0)], 60_000, two).is_ok());
    assert_eq!(split(&[Some(-2.0), Some(-3.0)], 60_000, two), negative);
    assert_eq!(split(&[Some(f64::NAN), Some(3.0)], 60_000, two), negative);
    assert_eq!(split(&[Some(f64::INFINITY), Some(0.0)], 0, two), negative);
    assert_eq!(split(&[Some(2.0), Some(3.0)], -60_000, two), negative);
    let inconsistent = [
        split(&[Some(2.0), Some(3.0)], 60_002, two),
        split(&[Some(2.0), None], 60_000, two),
        split(&[Some(1e300), Some(1e300)], 60_000, two),
        split(&[Some(2.0), Some(3.0)], 0, two),
    ];
    for answer in inconsistent {
        assert!(
            matches!(answer, Err(BridgeError::Inconsistent { .. })),
            "{answer:?}"
        );
    }
    let count = |names: &[StepKind], values: &[Option<f64>]| {
        matches!(split(values, 0, names), Err(BridgeError::FactorCount { .. }))
    };
    assert!(count(two, &[Some(0.0)]) && count(&[], &[]) && count(&vec![StepKind::Price; 9], &[Some(0.0); 9]));

    let answer = |funnel: Funnel| {
        let stream = Stream {
            key: "north".to_owned(),
            before: funnel,
            after: funnel,
        };
        process("region", FactorMethod::Shapley, &[stream], &cny)
    };
    let of = |pipeline: f64, cycle_days: f64, win_rate: f64| {
        answer(Funnel::Planned {
            pipeline,
            days: 30.0,
            cycle_days,
            win_rate,
            deal_size: 10.0,
        })
    };
    let planned = |pipeline: f64, cycle_days: f64| of(pipeline, cycle_days, 0.5);
    assert!(planned(10.0, 30.0).is_ok());
    for (pipeline, cycle_days) in [(10.0, 0.0), (10.0, f64::NAN), (-1.0, 3.0), (-1.0, -3.0)] {
        assert_eq!(planned(pipeline, cycle_days), negative, "{pipeline} {cycle_days}");
    }
    assert_eq!(planned(1e300, 30.0), Err(BridgeError::TooLarge));
    let win_rate = Err(BridgeError::WinRate {
        key: "north".to_owned(),
    });
    assert!(of(10.0, 30.0, 0.0).is_ok() && of(10.0, 30.0, 1.0).is_ok());
    for wrong in [7.0, 1.000_001, -0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(of(10.0, 30.0, wrong), win_rate, "{wrong}");
    }
    let counted = |pipeline: u64, closed: u64, won: u64| {
        answer(Funnel::Counted {
            pipeline,
            closed,
            won,
            amount: Fact(50_000),
        })
    };
    assert!(counted(3, 3, 3).is_ok() && counted(5, 3, 2).is_ok());
    for (pipeline, closed, won) in [(5, 10, 20), (3, 0, 2), (5, 6, 2), (5, 3, 4)] {
        let key = "north".to_owned();
        let refusal = BridgeError::Counts {
            key,
            pipeline,
            closed,
            won,
        };
        assert_eq!(counted(pipeline, closed, won), Err(refusal));
    }
    // Money without a deal won is no product either.
    let answer = counted(5, 3, 0);
    assert!(
        matches!(answer, Err(BridgeError::Inconsistent { .. })),
        "{answer:?}"
    );
}

#[test]
fn many_records_take_their_time_and_no_more() {
    let list: Vec<Item> = (0..100_000)
        .map(|place: i64| Item {
            key: (place % 40_000).to_string(),
            ..item((place % 7, place * 31), (place % 5, place * 17))
        })
        .collect();
    let cny = currency("CNY");
    let bridge = items("product", ItemMethod::PriceVolumeMix, &list, &cny).unwrap();
    let (from, to) = sums(&list);
    balances(&bridge, from, to, &cny).unwrap();
    // A chain: every node below the one before.
    let chain: Vec<Node> = (0..100_000)
        .map(|place: usize| Node {
            key: place.to_string(),
            parent: place.checked_sub(1),
            from: Fact(0),
            to: Fact(10_000),
        })
        .collect();
    let bridge = contributions("unit", &chain, 0, 50_000, 3, &cny).unwrap();
    assert_eq!(
        bridge.steps()[0].amount,
        Minor(5_000_000),
        "the deepest bar has all below it"
    );
    assert_eq!(bridge.to(), Minor(10_000_000));
}
