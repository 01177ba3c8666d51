//! Amounts, one-offs and duplicates.

use domain::anomaly::{Evidence, Order, Settings, Severity, amounts, duplicates, one_offs};
use domain::statistics::Random;

use super::{kinds, months, order};

/// Products of very different prices, customers that buy more or less, 40 % noise.
fn shop(count: usize, random: &mut Random) -> Vec<Order> {
    (0..count)
        .map(|place| {
            let (product, customer) = (random.below(60), random.below(80));
            let price = 3.0 * (product as f64 * 1.7).sin() + 0.5 * (customer as f64 * 2.3).sin();
            let amount = (price + 0.4 * random.normal()).exp() * 1e6;
            order(
                &place.to_string(),
                place as i32 % 700,
                amount as i64,
                &product.to_string(),
                &customer.to_string(),
            )
        })
        .collect()
}

#[test]
fn an_amount_is_judged_by_its_product_and_customer() {
    let mut random = Random::new(21);
    let mut quiet = 0;
    for _ in 0..10 {
        quiet += amounts(&shop(3_000, &mut random), &Settings::default()).len();
    }
    // 30,000 amounts, of which 14 are as far off by chance.
    println!("{quiet} of 30,000 amounts");
    assert!(quiet <= 30, "{quiet}");
    let mut orders = shop(3_000, &mut random);
    // Fifteen times the usual price of a cheap product; dear products cost more than that.
    let price = |orders: &[Order], product: &str| {
        let mut all: Vec<i64> = orders
            .iter()
            .filter(|order| order.product.as_deref() == Some(product))
            .map(|order| order.amount.0)
            .collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    let names = || (0..60).map(|product| product.to_string());
    let low = names().min_by_key(|product| price(&orders, product)).unwrap();
    let high = names().max_by_key(|product| price(&orders, product)).unwrap();
    let (cheap, dear) = (price(&orders, &low), price(&orders, &high));
    assert!(cheap * 50 < dear);
    orders.push(order("dear", 5, cheap * 15, &low, "1"));
    orders.push(order("typo", 5, dear / 100, &high, "1"));
    // A product nobody else bought: what strangers cost differs by far, so that this is nothing special.
    orders.push(order("stranger", 5, cheap * 15, "new", "1"));
    let findings = amounts(&orders, &Settings::default());
    let mut told: Vec<&str> = findings
        .iter()
        .map(|finding| finding.records[0].as_str())
        .collect();
    told.sort_unstable();
    assert!(
        told.contains(&"dear") && told.contains(&"typo") && !told.contains(&"stranger"),
        "{told:?}"
    );
    assert!(told.len() <= 6, "{told:?}");
    let Evidence::Amount {
        z,
        expected,
        compared,
        ..
    } = findings
        .iter()
        .find(|one| one.records[0] == "dear")
        .unwrap()
        .evidence
    else {
        panic!()
    };
    assert!(
        z > 4.0 && compared > 20 && (0.3..3.0).contains(&(expected.0 as f64 / cheap as f64)),
        "{z} {expected:?}"
    );
}

#[test]
fn odd_amounts_have_defined_answers() {
    assert!(amounts(&[], &Settings::default()).is_empty());
    let same: Vec<Order> = (0..20)
        .map(|place| order(&place.to_string(), place, 5_000, "", ""))
        .collect();
    assert!(amounts(&same, &Settings::default()).is_empty());
    let mut orders = same.clone();
    orders.extend([
        order("zero", 1, 0, "a", "b"),
        order("less", 1, i64::MIN, "a", "b"),
        order("huge", 1, i64::MAX, "", ""),
    ]);
    let findings = amounts(&orders, &Settings::default());
    assert_eq!(kinds(&findings), [("amount", "huge")]);
    assert!(
        amounts(
            &orders,
            &Settings {
                z: f64::NAN,
                ..Settings::default()
            }
        )
        .is_empty()
    );
    assert!(one_offs(&orders, &[], &Settings::default()).is_empty());
}

#[test]
fn one_order_that_makes_a_month_is_offered() {
    let periods = months(12);
    let mut orders: Vec<Order> = periods
        .iter()
        .flat_map(|month| (0..20).map(move |place| (month, place)))
        .enumerate()
        .map(|(key, (month, place))| {
            order(
                &key.to_string(),
                month.start.0 + place,
                1_000 + 10 * i64::from(place),
                "",
                "",
            )
        })
        .collect();
    orders.push(order("big", periods[4].start.0 + 3, 20_000, "", ""));
    let findings = one_offs(&orders, &periods, &Settings::default());
    assert_eq!(kinds(&findings), [("one_off", "big")]);
    let Evidence::OneOff {
        share,
        orders: count,
        period,
        ..
    } = &findings[0].evidence
    else {
        panic!()
    };
    // 20 × 1,095 = 21,900 beside it.
    assert!((share - 20_000.0 / 41_900.0).abs() < 1e-12 && *count == 21 && period == "2015-05");
    assert_eq!(findings[0].severity, Severity::Critical);
}

#[test]
fn what_may_be_entered_twice_is_told_from_habit_and_chance() {
    let mut random = Random::new(2);
    let mut orders: Vec<Order> = (0..400)
        .map(|place| {
            let customer = format!("c{}", random.below(50));
            order(
                &place.to_string(),
                place,
                1_000_000 + random.below(900_000) as i64,
                "",
                &customer,
            )
        })
        .collect();
    // A subscription, and an amount that many pay.
    orders.extend((0..50).map(|week| order(&format!("week {week}"), week * 7, 99_000, "", "c1")));
    orders.extend((0..80).map(|place| {
        order(
            &format!("fee {place}"),
            place * 4,
            500,
            "",
            &format!("c{}", place % 5),
        )
    }));
    assert!(duplicates(&orders, &Settings::default()).is_empty());
    orders.push(order("first", 100, 7_777_000, "", "ACME Ltd."));
    orders.push(order("again", 103, 7_777_000, "", "acme ltd"));
    orders.push(order("later", 150, 7_777_000, "", "acme ltd"));
    for (key, text) in [
        ("so 1", "SO-0017/a"),
        ("so 2", "ｓｏ 0017 A"),
        ("so 3", "SO-0018/a"),
    ] {
        orders.push(Order {
            reference: Some(text.into()),
            ..order(key, 20, 3_333_000, "", "")
        });
    }
    let findings = duplicates(&orders, &Settings::default());
    let told: Vec<_> = findings
        .iter()
        .map(|finding| (finding.records.clone(), finding.stake.0))
        .collect();
    assert_eq!(
        told,
        [
            (vec!["first".to_owned(), "again".to_owned()], 7_777_000),
            (vec!["so 1".to_owned(), "so 2".to_owned()], 3_333_000)
        ]
    );
    let Evidence::Duplicates {
        apart,
        same_reference,
        ..
    } = findings[0].evidence
    else {
        panic!()
    };
    assert_eq!((apart, same_reference), (3, false));
}
