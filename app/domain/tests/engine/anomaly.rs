//! `domain::anomaly`.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]
#![expect(clippy::disallowed_methods, reason = "made data are statistics too")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::anomaly::{
    Evidence, Finding, IncompleteSide, Measure, Order, OwnerProblem, Owners, PacePoint, Scan, ScanError,
    Series, Settings, Severity, Step, amounts, duplicates, one_offs, process, rank, series, slow_pace,
};
use domain::calendar::{Day, Month, Period, PeriodKind, WorkingDays};
use domain::format::Lang;
use domain::funnel::{Deal, Entry, Funnel, Outcome};
use domain::money::Fact;
use domain::statistics::Random;
use proptest::prelude::*;

fn months(count: usize) -> Vec<Period> {
    (0..count)
        .map(|place| {
            let month = Month::new(2015, 1).unwrap().plus(place as i32);
            Period {
                kind: PeriodKind::Month,
                name: month.to_string(),
                start: month.first_day(),
                end: month.end(),
            }
        })
        .collect()
}

/// A series of lognormal months with a strong season, growth of 1 % a month and 10 % noise.
fn noisy(key: &str, count: usize, random: &mut Random) -> Series {
    let values = (0..count)
        .map(|place| {
            let season = if place % 12 == 11 {
                0.7
            } else {
                0.3 * (place as f64).sin()
            };
            let season = if place % 12 == 11 {
                season
            } else {
                0.1 * ((place % 12) as f64 - 5.0) + 0.0 * season
            };
            ((0.01 * place as f64 + season + 0.1 * random.normal()).exp() * 1e9) as i64
        })
        .collect();
    whole(key, Measure::Amount, values)
}

fn whole(key: &str, measure: Measure, values: Vec<i64>) -> Series {
    let periods = months(values.len().max(1));
    Series {
        key: key.to_owned(),
        measure,
        values,
        first: periods[0].start,
        last: periods.last().unwrap().last_day(),
    }
}

fn scan(periods: &[Period], all: &[Series]) -> Vec<Finding> {
    let working = WorkingDays::weekdays();
    let scan = Scan {
        periods,
        season: 12,
        judged: 12,
        working: &working,
    };
    series(&scan, all, &Settings::default()).unwrap()
}

fn kinds(findings: &[Finding]) -> Vec<(&'static str, &str)> {
    findings
        .iter()
        .map(|finding| (finding.evidence.as_str(), finding.records[0].as_str()))
        .collect()
}

#[test]
fn noise_gives_few_findings() {
    let periods = months(60);
    let mut found = 0;
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let all: Vec<Series> = (0..50)
            .map(|place| noisy(&place.to_string(), 60, &mut random))
            .collect();
        let findings = scan(&periods, &all);
        for finding in &findings {
            println!("{finding:?}");
        }
        found += findings.len();
    }
    // 20 scans of 50 series, 12 months each: with a false share of 5 %, about one scan in twenty has one by chance alone.
    println!("{found} findings in 12,000 months of noise");
    assert!(found <= 4, "{found}");
}

#[test]
fn planted_drops_surges_and_shifts_are_found_and_ranked_by_money() {
    let periods = months(60);
    let mut random = Random::new(4);
    let mut all: Vec<Series> = (0..40)
        .map(|place| noisy(&format!("{place:02}"), 60, &mut random))
        .collect();
    let mut times = |series: usize, places: std::ops::Range<usize>, factor: f64| {
        for value in &mut all[series].values[places] {
            *value = (*value as f64 * factor) as i64;
        }
    };
    times(3, 59..60, 0.2);
    times(7, 55..56, 3.0);
    times(11, 57..58, 0.0);
    times(20, 52..60, 0.65);
    // The same December as every year is no surge, and one extreme three years ago means nothing today.
    times(30, 24..25, 5.0);
    let findings = scan(&periods, &all);
    let mut found = kinds(&findings);
    assert!(
        findings.windows(2).all(|pair| pair[0].stake >= pair[1].stake),
        "{found:?}"
    );
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("drop", "03"),
            ("drop", "11"),
            ("level_shift", "20"),
            ("surge", "07")
        ]
    );
    let of = |key: &str| findings.iter().find(|finding| finding.records[0] == key).unwrap();
    let Evidence::Drop(drop) = &of("03").evidence else {
        panic!()
    };
    assert_eq!(
        (drop.period.as_str(), drop.value.0),
        ("2019-12", all[3].values[59])
    );
    assert!(
        (drop.value.0 as f64 / drop.expected.0 as f64 - 0.2).abs() < 0.06 && drop.z < -7.0,
        "{drop:?}"
    );
    assert_eq!(of("03").since, Some(periods[59].start));
    assert_eq!(of("03").stake.0, drop.expected.0 - drop.value.0);
    let Evidence::LevelShift {
        before,
        after,
        periods: since,
        cusum,
        ..
    } = of("20").evidence
    else {
        panic!()
    };
    assert!(
        (0.6..0.85).contains(&(after.0 as f64 / before.0 as f64)) && cusum < -5.0,
        "{before:?} {after:?}"
    );
    assert!((7..=9).contains(&since), "{since}");
}

#[test]
fn an_incomplete_period_is_told_as_such_and_never_as_a_collapse() {
    let periods = months(60);
    let mut random = Random::new(9);
    let mut all: Vec<Series> = (0..6)
        .map(|place| noisy(&place.to_string(), 60, &mut random))
        .collect();
    for one in &mut all {
        // Delivered up to the tenth of the last month.
        one.values[59] /= 4;
        one.last = periods[59].start.plus(9);
    }
    // One stream stopped two months ago.
    all[5].last = periods[57].last_day();
    all[5].values[58..].fill(0);
    let findings = scan(&periods, &all);
    assert!(
        findings
            .iter()
            .all(|finding| finding.evidence.as_str() == "incomplete"),
        "{findings:?}"
    );
    let told: Vec<_> = findings
        .iter()
        .map(|finding| {
            let Evidence::Incomplete { period, missing, .. } = &finding.evidence else {
                panic!()
            };
            (period.as_str(), *missing, finding.records.len())
        })
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    for expected in [
        ("2019-12", IncompleteSide::EndsEarly, 5),
        ("2019-12", IncompleteSide::Outside, 1),
        ("2019-11", IncompleteSide::Outside, 1),
    ] {
        assert!(told.contains(&expected), "{told:?}");
    }
    // The source has delivered all of it: then nothing sold is a drop.
    all[5].last = periods[59].start.plus(30);
    for one in &mut all {
        one.last = periods[59].last_day();
        one.values[59] *= 4;
    }
    let findings = scan(&periods, &all);
    assert!(
        kinds(&findings).contains(&("drop", "5")),
        "{:?}",
        kinds(&findings)
    );
    assert!(
        kinds(&findings).iter().all(|(_, key)| *key == "5"),
        "{:?}",
        kinds(&findings)
    );
}

#[test]
fn counts_have_their_own_tails() {
    let periods = months(60);
    let worth = Fact(50_000);
    let mut random = Random::new(12);
    let mut poisson = |mean: f64| {
        let (mut count, mut product) = (0, random.unit());
        while product > (-mean).exp() {
            count += 1;
            product *= random.unit();
        }
        count
    };
    let mut all: Vec<Series> = (0..60)
        .map(|place| {
            let mean = 1.0 + f64::from(place % 10) * 2.0;
            whole(
                &format!("{place:02}"),
                Measure::Count { worth },
                (0..60).map(|_| poisson(mean)).collect(),
            )
        })
        .collect();
    let quiet = scan(&periods, &all).len();
    assert!(quiet <= 1, "{quiet}");
    all[8].values[59] = 0;
    all[31].values[58] = 20;
    let mut found = scan(&periods, &all);
    found.retain(|finding| ["08", "31"].contains(&finding.records[0].as_str()));
    let mut told: Vec<_> = found
        .iter()
        .map(|finding| {
            let Evidence::Count { value, expected, .. } = finding.evidence else {
                panic!()
            };
            (finding.records[0].as_str(), value, expected.round() as i64)
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, [("08", 0, 17), ("31", 20, 3)]);
}

#[test]
fn odd_series_have_defined_answers() {
    let periods = months(40);
    let constant = whole("constant", Measure::Amount, vec![7_000; 40]);
    let zero = whole("zero", Measure::Amount, vec![0; 40]);
    let mut fallen = whole("fallen", Measure::Amount, vec![7_000; 40]);
    fallen.values[39] = 0;
    let huge = whole(
        "huge",
        Measure::Amount,
        (0..40)
            .map(|place| if place % 2 == 0 { i64::MAX } else { i64::MIN })
            .collect(),
    );
    let findings = scan(&periods, &[constant, zero, fallen, huge]);
    assert_eq!(kinds(&findings), [("drop", "fallen")]);
    assert_eq!(findings[0].stake, Fact(7_000));
    let working = WorkingDays::weekdays();
    let mut bad = Scan {
        periods: &periods,
        season: 0,
        judged: 3,
        working: &working,
    };
    assert_eq!(series(&bad, &[], &Settings::default()), Err(ScanError::Season));
    bad.season = 12;
    let short = whole("short", Measure::Amount, vec![1; 39]);
    assert_eq!(
        series(&bad, &[short], &Settings::default()),
        Err(ScanError::Length {
            key: "short".into(),
            values: 39,
            periods: 40
        })
    );
    let mut twice = periods.clone();
    twice[1] = twice[0].clone();
    bad.periods = &twice;
    assert_eq!(
        series(&bad, &[], &Settings::default()),
        Err(ScanError::Order {
            period: "2015-01".into()
        })
    );
    bad.periods = &[];
    assert_eq!(
        series(
            &bad,
            &[whole("none", Measure::Amount, vec![])],
            &Settings::default()
        ),
        Ok(vec![])
    );
}

fn order(key: &str, day: i32, amount: i64, product: &str, customer: &str) -> Order {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Order {
        key: key.to_owned(),
        day: Day(day),
        amount: Fact(amount),
        product: text(product),
        customer: text(customer),
        reference: None,
    }
}

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

#[test]
fn pace_is_slow_when_it_was_slow_for_long() {
    let points = |ratios: &[i64]| -> Vec<PacePoint> {
        let point = |(place, ratio): (usize, &i64)| PacePoint {
            start: Day(place as i32 * 30),
            actual: Fact(*ratio),
            expected: Fact(if *ratio < 0 { 0 } else { 100 }),
        };
        ratios.iter().enumerate().map(point).collect()
    };
    let slow = |ratios: &[i64]| slow_pace("east", &points(ratios), &Settings::default());
    assert_eq!(slow(&[50, 50, 50, 95, 80, 80]), None);
    assert_eq!(slow(&[]), None);
    // A period in which nothing was expected does not end it.
    let found = slow(&[95, 92, 60, -1, 88]).unwrap();
    assert_eq!((found.since, found.stake), (Some(Day(30)), Fact(60)));
    let Evidence::SlowPace {
        periods,
        ratio,
        lowest,
        ..
    } = found.evidence
    else {
        panic!()
    };
    assert_eq!((periods, ratio, lowest), (3, 0.8, 0.6));
}

#[test]
fn gaps_in_the_process_are_told_with_their_money() {
    let deal = |key: &str, path: &[(usize, i32)], outcome| Deal {
        key: key.to_owned(),
        created: Some(Day(path[0].1)),
        entries: path
            .iter()
            .map(|(stage, day)| Entry {
                stage: *stage,
                day: Day(*day),
            })
            .collect(),
        outcome,
        value: Fact(1_000),
        dimensions: BTreeMap::from([("owner".to_owned(), "wang".to_owned())]),
        expected_close: Vec::new(),
        next_step: Some(Day(110)),
        last_follow_up: Some(Day(95)),
    };
    let mut deals: Vec<Deal> = (0..12)
        .map(|place| {
            deal(
                &format!("past {place}"),
                &[(0, 0), (1, 5 + place), (2, 30)],
                Outcome::Won(Day(40)),
            )
        })
        .collect();
    let open = |key: &str| deal(key, &[(0, 80), (1, 85)], Outcome::Open);
    deals.push(open("fine"));
    deals.push(Deal {
        next_step: None,
        ..open("no step")
    });
    deals.push(Deal {
        next_step: Some(Day(97)),
        value: Fact(9_000),
        ..open("late step")
    });
    deals.push(Deal {
        last_follow_up: None,
        ..deal("silent", &[(0, 40), (1, 50)], Outcome::Open)
    });
    // What was written on day 105 is not known on day 100.
    deals.push(Deal {
        last_follow_up: Some(Day(105)),
        ..deal("unseen", &[(0, 40), (1, 60)], Outcome::Open)
    });
    deals.push(Deal {
        dimensions: BTreeMap::new(),
        ..open("nobody")
    });
    for (key, owner) in [("stranger", "li"), ("gone", "zhao"), ("going", "chen")] {
        deals.push(Deal {
            dimensions: BTreeMap::from([("owner".to_owned(), owner.to_owned())]),
            ..open(key)
        });
    }
    deals.push(deal("jumped", &[(0, 80), (2, 90)], Outcome::Open));
    deals.push(deal("lost jump", &[(0, 80), (2, 90)], Outcome::Lost(Day(95))));
    let owners = Owners(BTreeMap::from([
        ("wang".to_owned(), None),
        ("zhao".to_owned(), Some(Day(100))),
        ("chen".to_owned(), Some(Day(101))),
    ]));
    let funnel = Funnel::new(3, &deals, Day(100)).unwrap();
    let findings = process(&funnel, &owners, &Settings::default());
    let mut told = kinds(&findings);
    assert_eq!(told[0], ("next_step", "late step"), "the dearest first");
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("next_step", "late step"),
            ("next_step", "no step"),
            ("orphan", "gone"),
            ("orphan", "nobody"),
            ("orphan", "stranger"),
            ("skipped_stages", "jumped"),
            ("stale", "silent"),
            ("stale", "unseen"),
        ]
    );
    let of = |key: &str| {
        &findings
            .iter()
            .find(|finding| finding.records[0] == key)
            .unwrap()
            .evidence
    };
    assert!(matches!(
        of("late step"),
        Evidence::NextStep {
            step: Step::Passed { days: 3 },
            days_in_stage: Some(15)
        }
    ));
    assert!(matches!(
        of("gone"),
        Evidence::Orphan {
            problem: OwnerProblem::Left { since: Day(100) },
            ..
        }
    ));
    assert!(matches!(
        of("nobody"),
        Evidence::Orphan {
            owner: None,
            problem: OwnerProblem::None
        }
    ));
    assert!(
        matches!(of("jumped"), Evidence::SkippedStages { stages, usual } if *stages == [1] && *usual > 0.8)
    );
    assert!(matches!(
        of("silent"),
        Evidence::Stale {
            silent_days: 50,
            threshold: 30,
            days_in_stage: 50,
            usual_days: Some(_)
        }
    ));
    assert!(
        process(
            &Funnel::new(3, &[], Day(0)).unwrap(),
            &owners,
            &Settings::default()
        )
        .is_empty()
    );
}

#[test]
fn every_kind_is_named_in_both_languages_and_travels() {
    let findings = scan(
        &months(40),
        &[{
            let mut fallen = whole("fallen", Measure::Amount, vec![7_000; 40]);
            fallen.values[39] = 0;
            fallen
        }],
    );
    let evidence = &findings[0].evidence;
    assert_eq!(
        (evidence.label(Lang::ZhCn), evidence.label(Lang::En)),
        ("骤降", "sudden drop")
    );
    let json = serde_json::to_string(&findings[0]).unwrap();
    assert!(json.contains(r#""kind":"drop""#), "{json}");
    let read: Finding = serde_json::from_str(&json).unwrap();
    assert_eq!((read.stake, read.evidence.as_str()), (findings[0].stake, "drop"));
    assert_eq!(
        serde_json::from_str::<Settings>("{}").unwrap(),
        Settings::default()
    );
}

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
    let orders: Vec<Order> = (0..300_000)
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
    #![proptest_config(ProptestConfig::with_cases(96))]

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
