//! The cases of `domain::anomaly` on real files.

use std::collections::BTreeMap;

use domain::anomaly::{
    Evidence, Finding, Measure, Order, Owners, Scan, Series, Settings, amounts, duplicates, one_offs,
    process, series,
};
use domain::calendar::{Day, Fiscal, Period, PeriodKind, WorkingDays};
use domain::funnel::Funnel;
use domain::money::Fact;

use super::{amount, day, funnel, near, rows};

/// The lines of Superstore as orders of a product.
fn lines() -> Option<Vec<BTreeMap<String, String>>> {
    Some(rows("superstore/Sample - Superstore.csv")?.0)
}

fn months() -> Vec<Period> {
    let day = |text| Day::parse_iso(text).unwrap();
    Fiscal::default().periods(PeriodKind::Month, day("2014-01-01"), day("2018-01-01"))
}

fn keys(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.records[0].as_str())
        .collect()
}

#[test]
fn p10_the_order_that_makes_a_month_is_offered_first() {
    let Some(lines) = lines() else { return };
    let mut orders: BTreeMap<&str, Order> = BTreeMap::new();
    for line in &lines {
        let order = orders.entry(&line["Order ID"]).or_insert_with(|| Order {
            key: line["Order ID"].clone(),
            day: day(&line["Order Date"]),
            amount: Fact(0),
            product: None,
            customer: Some(line["Customer ID"].clone()),
            reference: None,
        });
        order.amount.0 += amount(&line["Sales"]).0;
    }
    let orders: Vec<Order> = orders.into_values().collect();
    let findings = one_offs(&orders, &months(), &Settings::default());
    println!("{:?}", keys(&findings));
    assert_eq!(keys(&findings)[0], "CA-2014-145317");
    let Evidence::OneOff {
        value, share, period, ..
    } = &findings[0].evidence
    else {
        panic!()
    };
    assert_eq!((value.0, period.as_str()), (236_612_280, "2014-03"));
    near(*share, 0.424_9);
    // 48 months: candidates, not a list of all large orders.
    assert!(findings.len() <= 6, "{}", findings.len());
}

#[test]
fn amounts_and_duplicates_of_superstore() {
    let Some(lines) = lines() else { return };
    let orders: Vec<Order> = lines
        .iter()
        .map(|line| Order {
            key: line["Row ID"].clone(),
            day: day(&line["Order Date"]),
            amount: amount(&line["Sales"]),
            product: Some(line["Product Name"].clone()),
            customer: Some(line["Customer ID"].clone()),
            reference: None,
        })
        .collect();
    let findings = amounts(&orders, &Settings::default());
    println!(
        "{} of {} amounts: {:?}",
        findings.len(),
        orders.len(),
        findings.iter().take(3).collect::<Vec<_>>()
    );
    assert!(findings.len() * 200 < orders.len(), "{}", findings.len());
    // The one line that is there twice (README of the data).
    let findings = duplicates(&orders, &Settings::default());
    println!(
        "{:?}",
        findings
            .iter()
            .map(|finding| (&finding.records, finding.stake))
            .collect::<Vec<_>>()
    );
    let twice = |finding: &&Finding| {
        let same = |name: &str| {
            let of = |key: &String| lines.iter().find(|line| line["Row ID"] == *key).unwrap()[name].clone();
            of(&finding.records[0]) == of(&finding.records[1])
        };
        ["Order ID", "Product ID", "Quantity", "Discount"]
            .iter()
            .all(|name| same(name))
    };
    assert_eq!(findings.iter().filter(twice).count(), 1);
    assert!(findings.len() < 20, "{}", findings.len());
}

#[test]
fn series_of_superstore_and_its_incomplete_last_month() {
    let Some(lines) = lines() else { return };
    let months = months();
    let mut sums: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for line in &lines {
        let when = day(&line["Order Date"]);
        let place = months.partition_point(|month| month.end <= when);
        sums.entry(&line["Sub-Category"]).or_insert_with(|| vec![0; 48])[place] += amount(&line["Sales"]).0;
    }
    let last = Day::parse_iso("2017-12-30").unwrap();
    let make = |last: Day| -> Vec<Series> {
        sums.iter()
            .map(|(key, values)| Series {
                key: (*key).to_owned(),
                measure: Measure::Amount,
                values: values.clone(),
                first: months[0].start,
                last,
            })
            .collect()
    };
    let working = WorkingDays::weekdays();
    let scan = Scan {
        periods: &months,
        season: 12,
        judged: 12,
        working: &working,
    };
    let findings = series(&scan, &make(last), &Settings::default()).unwrap();
    for finding in &findings {
        println!("{finding:?}");
    }
    assert!(findings.len() <= 10, "17 series of 12 months: {}", findings.len());
    // As if the files ended on 10 December: the month is told as incomplete, and nothing of it as a drop.
    let findings = series(&scan, &make(last.plus(-20)), &Settings::default()).unwrap();
    let december = |finding: &&Finding| finding.since == Some(months[47].start);
    let told: Vec<&str> = findings
        .iter()
        .filter(december)
        .map(|finding| finding.evidence.as_str())
        .collect();
    assert_eq!(told, ["incomplete"]);
}

#[test]
fn the_process_of_maven() {
    let Some(deals) = funnel::maven() else { return };
    let owners = Owners(
        deals
            .iter()
            .map(|deal| (deal.dimensions["owner"].clone(), None))
            .filter(|(owner, _)| owner != "Darcel Schlecht")
            .collect(),
    );
    let view = Funnel::new(2, &deals, Day::parse_iso("2017-12-31").unwrap()).unwrap();
    let findings = process(&view, &owners, &Settings::default());
    let count = |kind: &str| {
        findings
            .iter()
            .filter(|finding| finding.evidence.as_str() == kind)
            .count()
    };
    // Nobody records prospecting: that is how they work, not 6,711 skipped stages.
    assert_eq!(count("skipped_stages"), 0);
    assert_eq!(count("next_step"), 2_089);
    let darcel = deals
        .iter()
        .filter(|deal| {
            deal.dimensions["owner"] == "Darcel Schlecht" && deal.outcome == domain::funnel::Outcome::Open
        })
        .count();
    assert_eq!(count("orphan"), darcel);
    println!("stale {}", count("stale"));
}
