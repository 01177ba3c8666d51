//! The sales process of Maven: month by month against a plan, and a quarter by what became of its pipeline.

use std::collections::{BTreeMap, BTreeSet};

use domain::bridge::{
    Deal, Expected, FactorMethod, Funnel, ItemMethod, Outcome, Planned, Sold, StepKind, Stream,
    against_pipeline, process,
};
use domain::calendar::Month;
use domain::money::{Fact, Minor};

use super::super::files;
use super::{amount, balances, cents, day, iso, rows, step, usd};

#[test]
fn every_month_of_maven_against_a_plan_splits_by_the_process() {
    let (rows, extent) = rows("maven_crm/sales_pipeline.csv").unwrap();
    // What a month's pipeline came to, by agent.
    let agents: BTreeSet<&str> = rows.iter().map(|row| row["sales_agent"].as_str()).collect();
    let (mut largest, mut compared) = (0, 0);
    for month in 3..=12 {
        let month = Month::new(2017, month).unwrap();
        let mut counts: BTreeMap<&str, (u64, u64, u64, i64)> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row["engage_date"].is_empty()) {
            let closed = (!row["close_date"].is_empty()).then(|| day(&row["close_date"]));
            if day(&row["engage_date"]) >= month.end() || closed.is_some_and(|day| day < month.first_day()) {
                continue;
            }
            let counts = counts.entry(&row["sales_agent"]).or_default();
            counts.0 += 1;
            if closed.is_some_and(|day| day < month.end()) {
                counts.1 += 1;
                if row["deal_stage"] == "Won" {
                    counts.2 += 1;
                    counts.3 += amount(&row["close_value"]).0;
                }
            }
        }
        let streams: Vec<Stream> = agents
            .iter()
            .map(|agent| {
                let (pipeline, closed, won, sum) = counts.get(agent).copied().unwrap_or_default();
                Stream {
                    key: (*agent).to_owned(),
                    before: Funnel::Planned {
                        pipeline: 60.0,
                        days: 30.0,
                        cycle_days: 75.0,
                        win_rate: 0.63,
                        deal_size: 2_350.0,
                    },
                    after: Funnel::Counted {
                        pipeline,
                        closed,
                        won,
                        amount: Fact(sum),
                    },
                }
            })
            .collect();
        let sold: i64 = counts.values().map(|counts| counts.3).sum();
        let split = |method| process("person", method, &streams, &usd()).unwrap();
        let (lmdi, shapley) = (split(FactorMethod::Lmdi), split(FactorMethod::Shapley));
        for bridge in [&lmdi, &shapley] {
            assert_eq!(bridge.to(), cents(sold));
            // 60 × 0.4 × 0.63 × 2,350 = 35,532 for each.
            assert_eq!(bridge.from(), Minor(agents.len() as i64 * 3_553_200));
            balances(bridge);
        }
        // The two methods tell the same story: signs agree where an effect is large. The sample is too small for that.
        for (one, other) in lmdi.steps().iter().zip(shapley.steps()) {
            largest = largest.max(one.amount.0.abs_diff(other.amount.0));
            if extent == files::Extent::Full && one.amount.0.abs() > lmdi.from().0 / 10 {
                assert_eq!(one.amount.0.signum(), other.amount.0.signum(), "{:?}", one.kind);
                compared += 1;
            }
        }
    }
    assert!(compared > 10 || extent == files::Extent::Sample, "{compared}");
    println!(
        "largest difference between the methods: {:.0}",
        largest as f64 / 100.0
    );
}

#[test]
fn a_quarter_of_maven_by_what_became_of_its_pipeline() {
    let (rows, _) = rows("maven_crm/sales_pipeline.csv").unwrap();
    let (start, end) = (iso("2017-10-01"), iso("2018-01-01"));
    // What was open when the quarter began was expected in it at its agent's usual size; the plan asks a tenth more.
    let size = Fact(2_360 * 10_000);
    let mut target: BTreeMap<&str, i64> = BTreeMap::new();
    let mut deals = Vec::new();
    for row in rows.iter().filter(|row| !row["engage_date"].is_empty()) {
        let closed = (!row["close_date"].is_empty()).then(|| day(&row["close_date"]));
        if closed.is_some_and(|day| day < start) {
            continue;
        }
        let known = day(&row["engage_date"]) < start;
        let outcome = match row["deal_stage"].as_str() {
            "Won" if closed.is_some_and(|day| day < end) => Outcome::Won {
                sold: Sold {
                    quantity: 0,
                    amount: amount(&row["close_value"]),
                },
                spot: amount(&row["close_value"]),
            },
            "Lost" => Outcome::Lost,
            _ => Outcome::NotYet,
        };
        if known {
            *target.entry(&row["sales_agent"]).or_default() += size.0 * 11 / 10;
        }
        deals.push(Deal {
            key: row["opportunity_id"].clone(),
            item: row["sales_agent"].clone(),
            expected: if known {
                Expected::Here(Sold {
                    quantity: 0,
                    amount: size,
                })
            } else {
                Expected::Nowhere
            },
            outcome,
        });
    }
    let plan: Vec<Planned> = target
        .iter()
        .map(|(agent, amount)| Planned {
            key: (*agent).to_owned(),
            sold: Sold {
                quantity: 0,
                amount: Fact(*amount),
            },
        })
        .collect();
    let bridge = against_pipeline("person", ItemMethod::PriceVolumeMix, &plan, &deals, &usd()).unwrap();
    balances(&bridge);
    let count = |outcome: fn(&Outcome) -> bool| {
        let expected = deals.iter().filter(|deal| deal.expected != Expected::Nowhere);
        expected.filter(|deal| outcome(&deal.outcome)).count() as i64
    };
    let lost = count(|outcome| *outcome == Outcome::Lost);
    let open = count(|outcome| *outcome == Outcome::NotYet);
    assert_eq!(bridge.amount(&StepKind::Lost), Minor(-lost * 236_000));
    assert_eq!(bridge.amount(&StepKind::SlippedOut), Minor(-open * 236_000));
    assert_eq!(step(&bridge, &StepKind::Lost).parts.len() as i64, lost);
    let sold: i64 = rows
        .iter()
        .filter(|row| row["deal_stage"] == "Won" && day(&row["close_date"]) >= start)
        .map(|row| amount(&row["close_value"]).0)
        .sum();
    assert_eq!(bridge.to(), cents(sold));
    assert_eq!(bridge.amount(&StepKind::Unworked).0, -bridge.from().0 / 11);
}
