//! Many and odd things: nothing panics, nothing runs for ever.

use std::time::{Duration, Instant};

use domain::anomaly::{
    Evidence, Measure, Order, Scan, Series, Settings, amounts, duplicates, one_offs, rank, series,
};
use domain::calendar::{Day, Period, PeriodKind, WorkingDays};
use domain::money::Fact;
use domain::statistics::Random;
use proptest::prelude::*;

use super::{months, order};

#[test]
fn many_points_take_bounded_time() {
    let start = Instant::now();
    let count = 1_000;
    let periods: Vec<Period> = (0..count)
        .map(|day| Period {
            kind: PeriodKind::Week,
            name: String::new(),
            start: Day(day * 7),
            end: Day(day * 7 + 7),
        })
        .collect();
    let mut random = Random::new(6);
    let all: Vec<Series> = (0..300)
        .map(|key| Series {
            key: key.to_string(),
            measure: if key % 3 == 0 {
                Measure::Count { worth: Fact(1) }
            } else {
                Measure::Amount
            },
            values: (0..count).map(|_| 1 + random.below(2_000) as i64).collect(),
            first: Day(0),
            last: Day(count * 7),
        })
        .collect();
    let working = WorkingDays::weekdays();
    let scan = Scan {
        periods: &periods,
        season: 52,
        judged: 1_000,
        working: &working,
    };
    series(&scan, &all, &Settings::default()).unwrap();
    println!("series {:?}", start.elapsed());
    let orders: Vec<Order> = (0..120_000)
        .map(|place| {
            let customer = random.below(20_000).to_string();
            let amount = 1 + random.below(50_000) as i64;
            order(
                &place.to_string(),
                random.below(900) as i32,
                amount,
                &random.below(5_000).to_string(),
                &customer,
            )
        })
        .collect();
    amounts(&orders, &Settings::default());
    println!("amounts {:?}", start.elapsed());
    duplicates(&orders, &Settings::default());
    // All of one customer and one amount.
    let alike: Vec<Order> = (0..100_000)
        .map(|place| order(&place.to_string(), place, 500, "p", "c"))
        .collect();
    duplicates(&alike, &Settings::default());
    amounts(&alike, &Settings::default());
    println!("all {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(12), "{:?}", start.elapsed());
}

fn any_order() -> impl Strategy<Value = Order> {
    let amount = prop_oneof![8 => -50_i64..5_000, 1 => Just(i64::MAX), 1 => Just(i64::MIN)];
    let day = prop_oneof![8 => 16_436_i32..16_800, 1 => any::<i32>()];
    (
        day,
        amount,
        0_u8..4,
        0_u8..4,
        proptest::option::of("[a-c -]{0,3}"),
    )
        .prop_map(|(day, amount, product, customer, reference)| {
            let name = |number: u8| {
                if number == 0 {
                    String::new()
                } else {
                    number.to_string()
                }
            };
            Order {
                reference,
                ..order("k", day, amount, &name(product), &name(customer))
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn whatever_the_orders_nothing_panics(orders in proptest::collection::vec(any_order(), 0..80)) {
        let settings = Settings::default();
        let mut findings = amounts(&orders, &settings);
        findings.extend(one_offs(&orders, &months(12), &settings));
        findings.extend(duplicates(&orders, &settings));
        rank(&mut findings);
        for finding in &findings {
            prop_assert!(finding.stake.0 >= 0, "{finding:?}");
            if let Evidence::Amount { z, p, .. } = finding.evidence {
                prop_assert!(z.abs() > settings.z && z.is_finite() && p <= settings.false_rate);
            }
        }
    }

    #[test]
    fn whatever_the_series_nothing_panics(
        values in proptest::collection::vec(prop_oneof![6 => -5_i64..500, 1 => any::<i64>()], 60),
        season in 1_usize..30, judged in 0_usize..70, first in 16_000_i32..18_000, length in -5_i32..2_000, count: bool,
    ) {
        let periods = months(60);
        let measure = if count { Measure::Count { worth: Fact(i64::MAX) } } else { Measure::Amount };
        let one = Series { key: "s".into(), measure, values, first: Day(first), last: Day(first.saturating_add(length)) };
        let working = WorkingDays::weekdays();
        let scan = Scan { periods: &periods, season, judged, working: &working };
        for finding in series(&scan, &[one], &Settings::default()).unwrap() {
            prop_assert!(finding.stake.0 >= 0);
            prop_assert!(finding.since.unwrap() >= periods[60_usize.saturating_sub(judged).min(59)].start);
        }
    }
}
