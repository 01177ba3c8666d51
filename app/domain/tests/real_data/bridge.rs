//! The cases of `domain::bridge` on real files.

#[path = "bridge/maven.rs"]
mod maven;

use std::collections::{BTreeMap, BTreeSet};

use domain::bridge::{
    Bridge, Deal, Expected, Item, ItemMethod, Node, Outcome, Planned, Sold, Step, StepKind, against_plan,
    contributions, items,
};
use domain::calendar::{Calendar, Day, Month, PeriodKind};
use domain::money::{Currency, Fact, Minor};

use super::{amount, day, rows};

fn usd() -> Currency {
    Currency::from_code("USD").unwrap()
}

fn cents(sum: i64) -> Minor {
    Fact(sum).to_minor(&usd())
}

/// A figure of the design in currency units, to a cent.
fn is(found: Minor, expected: f64) {
    assert!(
        (found.0 as f64 / 100.0 - expected).abs() < 0.010_001,
        "{found:?} is not {expected}"
    );
}

/// Steps sum to the difference and parts to their steps, counted anew.
fn balances(bridge: &Bridge) {
    let steps: i64 = bridge.steps().iter().map(|step| step.amount.0).sum();
    assert_eq!(bridge.from().0 + steps, bridge.to().0);
    for step in bridge.steps() {
        let parts: i64 = step.parts.iter().map(|part| part.amount.0).sum();
        assert_eq!(parts + step.others.amount.0, step.amount.0, "{:?}", step.kind);
    }
}

/// A line of `aw_dw2020`.
struct Line {
    day: Day,
    person: String,
    product: String,
    category: String,
    key: String,
    sold: Sold,
}

fn lines() -> Option<Vec<Line>> {
    let (products, _) = rows("aw_dw2020/Product.csv")?;
    let (sales, _) = rows("aw_dw2020/FactResellerSales.csv")?;
    let products: BTreeMap<&str, (&str, &str)> = products
        .iter()
        .map(|row| {
            let names = (
                row["Product"].as_str(),
                row["EnglishProductCategoryName"].as_str(),
            );
            (row["ProductKey"].as_str(), names)
        })
        .collect();
    let lines = sales.iter().map(|row| {
        let (product, category) = products[row["ProductKey"].as_str()];
        Line {
            day: day(&row["OrderDate"]),
            person: row["EmployeeKey"].clone(),
            product: product.to_owned(),
            category: category.to_owned(),
            key: row["ProductKey"].clone(),
            sold: Sold {
                quantity: row["OrderQuantity"].parse().unwrap(),
                amount: amount(&row["SalesAmount"]),
            },
        }
    });
    Some(lines.collect())
}

/// Lines of two ranges of days as items of a level.
fn compared<'a>(
    lines: &'a [Line],
    before: (Day, Day),
    after: (Day, Day),
    key: impl Fn(&'a Line) -> &'a String,
) -> Vec<Item> {
    let within = |line: &Line, range: (Day, Day)| range.0 <= line.day && line.day < range.1;
    let nothing = Sold::default();
    lines
        .iter()
        .filter(|line| within(line, before) || within(line, after))
        .map(|line| Item {
            key: key(line).clone(),
            before: if within(line, before) { line.sold } else { nothing },
            after: if within(line, after) { line.sold } else { nothing },
        })
        .collect()
}

fn iso(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn step<'a>(bridge: &'a Bridge, kind: &StepKind) -> &'a Step {
    bridge.steps().iter().find(|step| step.kind == *kind).unwrap()
}

#[test]
fn p11_price_volume_and_mix_at_three_levels() {
    let Some(lines) = lines() else { return };
    let before = (iso("2018-07-01"), iso("2019-06-01"));
    let after = (iso("2019-07-01"), iso("2020-06-01"));
    let method = ItemMethod::PriceVolumeMix;
    let at = |key: fn(&Line) -> &String| compared(&lines, before, after, key);

    let by_category = items("category", method, &at(|line| &line.category), &usd()).unwrap();
    assert_eq!(by_category.from(), Minor(2_598_953_028));
    assert_eq!(by_category.to(), Minor(3_313_974_807));
    is(by_category.amount(&StepKind::Volume), 10_857_754.64);
    is(by_category.amount(&StepKind::Mix), -4_687_424.24);
    is(by_category.amount(&StepKind::Price), 979_887.39);
    assert_eq!(by_category.amount(&StepKind::New), Minor(0));
    assert_eq!(by_category.amount(&StepKind::Lost), Minor(0));

    let by_product = items("product", method, &at(|line| &line.product), &usd()).unwrap();
    is(by_product.amount(&StepKind::Volume), 816_640.66);
    is(by_product.amount(&StepKind::Mix), -2_771_339.76);
    is(by_product.amount(&StepKind::Price), 1_419_209.78);
    is(by_product.amount(&StepKind::New), 19_149_062.54);
    is(by_product.amount(&StepKind::Lost), -11_463_355.43);
    let level = by_product.level();
    assert_eq!(
        (level.name.as_str(), level.both, level.before, level.after),
        ("product", 49, 58, 118)
    );
    assert_eq!(step(&by_product, &StepKind::New).parts.len(), 118);
    assert_eq!(step(&by_product, &StepKind::Lost).parts.len(), 58);

    let shapley = items(
        "category",
        ItemMethod::Shapley,
        &at(|line| &line.category),
        &usd(),
    )
    .unwrap();
    is(shapley.amount(&StepKind::Price), 912_663.20);
    is(shapley.amount(&StepKind::Quantity), 6_237_554.59);

    let by_key = items("key", method, &at(|line| &line.key), &usd()).unwrap();
    assert_eq!(by_key.level().both, 0);
    assert_eq!(by_key.amount(&StepKind::New), Minor(3_313_974_807));
    assert_eq!(by_key.amount(&StepKind::Lost), Minor(-2_598_953_028));
    assert_eq!(by_key.amount(&StepKind::Volume), Minor(0));

    for bridge in [&by_category, &by_product, &shapley, &by_key] {
        balances(bridge);
        let figures = bridge.steps().iter();
        let figures: Vec<String> = figures
            .map(|step| format!("{:?} {:.2}", step.kind, step.amount.0 as f64 / 100.0))
            .collect();
        println!("{}: {}", bridge.level().name, figures.join(", "));
    }
    // Drill-down: a part of a step is what the records of its key say alone.
    let new = &step(&by_product, &StepKind::New).parts[0];
    let sales = lines
        .iter()
        .filter(|line| line.product == new.key && after.0 <= line.day && line.day < after.1);
    assert_eq!(cents(sales.map(|line| line.sold.amount.0).sum()), new.amount);
}

#[test]
fn every_month_of_the_lines_is_exact_at_every_level() {
    let Some(lines) = lines() else { return };
    let months: BTreeSet<Month> = lines.iter().map(|line| Month::of(line.day)).collect();
    assert_eq!(months.len(), 35);
    let mut by_month: BTreeMap<Month, i64> = BTreeMap::new();
    for line in &lines {
        *by_month.entry(Month::of(line.day)).or_default() += line.sold.amount.0;
    }
    let levels: [fn(&Line) -> &String; 4] = [
        |line| &line.category,
        |line| &line.product,
        |line| &line.key,
        |line| &line.person,
    ];
    for month in months.iter().skip(1) {
        let before = month.plus(-1);
        let range = |month: Month| (month.first_day(), month.end());
        for key in levels {
            let list = compared(&lines, range(before), range(*month), key);
            for method in [ItemMethod::PriceVolumeMix, ItemMethod::Shapley] {
                let bridge = items("some level", method, &list, &usd()).unwrap();
                assert_eq!(bridge.from(), cents(by_month[&before]));
                assert_eq!(bridge.to(), cents(by_month[month]));
                balances(&bridge);
            }
        }
    }
}

#[test]
fn every_month_s_targets_lead_to_its_sales() {
    let Some(lines) = lines() else { return };
    let (Some((targets, _)), Some((people, _))) = (
        rows("aw_dw2020/ResellerSalesTargets.csv"),
        rows("aw_dw2020/DimEmployee_sales.csv"),
    ) else {
        return;
    };
    let number: BTreeMap<&str, &str> = people
        .iter()
        .map(|row| (row["NationalIDNumber"].as_str(), row["EmployeeKey"].as_str()))
        .collect();
    let mut plans: BTreeMap<Month, Vec<Planned>> = BTreeMap::new();
    for row in &targets {
        for month in 1..=12 {
            let Ok(thousands) = row[&format!("M{month:02}")].parse::<i64>() else {
                continue;
            };
            let month = Month::new(row["Year"].parse().unwrap(), month).unwrap();
            plans.entry(month).or_default().push(Planned {
                key: number[row["EmployeeID"].as_str()].to_owned(),
                sold: Sold {
                    quantity: 0,
                    amount: Fact(thousands * 1_000 * 10_000),
                },
            });
        }
    }
    let cells: usize = plans.values().map(Vec::len).sum();
    assert_eq!(cells, 245);
    for (month, plan) in &plans {
        let deals: Vec<Deal> = lines
            .iter()
            .filter(|line| Month::of(line.day) == *month)
            .enumerate()
            .map(|(place, line)| Deal {
                key: place.to_string(),
                item: line.person.clone(),
                expected: Expected::Nowhere,
                outcome: Outcome::Won {
                    sold: line.sold,
                    spot: line.sold.amount,
                },
            })
            .collect();
        let bridge = against_plan("person", ItemMethod::PriceVolumeMix, plan, &deals, &usd()).unwrap();
        let target: i64 = plan.iter().map(|planned| planned.sold.amount.0).sum();
        let sold: i64 = lines
            .iter()
            .filter(|line| Month::of(line.day) == *month)
            .map(|line| line.sold.amount.0)
            .sum();
        assert_eq!((bridge.from(), bridge.to()), (cents(target), cents(sold)));
        balances(&bridge);
        if *month == Month::new(2018, 1).unwrap() {
            // P12: Jillian Carson, target 50,000, actual 64,192.81.
            let jillian = number["615389812"];
            let mut parts = step(&bridge, &StepKind::Amount).parts.iter();
            let part = parts.find(|part| part.key == jillian).unwrap();
            assert_eq!(part.amount, Minor(1_419_281));
        }
    }
}

#[test]
fn every_quota_quarter_leads_to_its_orders_by_person() {
    let (Some((quotas, _)), Some((orders, _))) = (
        rows("adventureworks/SalesPersonQuotaHistory.csv"),
        rows("adventureworks/SalesOrderHeader.csv"),
    ) else {
        return;
    };
    let mut starts: Vec<Day> = quotas.iter().map(|row| day(&row["QuotaDate"])).collect();
    starts.sort_unstable();
    starts.dedup();
    let calendar = Calendar::from_starts(PeriodKind::Quarter, &starts, iso("2014-06-01")).unwrap();
    let mut people: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for row in &quotas {
        let period = calendar.period_of(day(&row["QuotaDate"])).unwrap();
        let sums = people.entry((period.name.clone(), row["BusinessEntityID"].clone()));
        sums.or_default().0 += amount(&row["SalesQuota"]).0;
    }
    let mut deals: BTreeMap<String, Vec<Deal>> = BTreeMap::new();
    for row in orders
        .iter()
        .filter(|row| !matches!(row["SalesPersonID"].as_str(), "" | "NULL"))
    {
        let period = calendar.period_of(day(&row["OrderDate"])).unwrap();
        let (person, spot) = (&row["SalesPersonID"], amount(&row["SubTotal"]));
        people.entry((period.name.clone(), person.clone())).or_default().1 += spot.0;
        deals.entry(period.name.clone()).or_default().push(Deal {
            key: row["SalesOrderID"].clone(),
            item: person.clone(),
            expected: Expected::Nowhere,
            outcome: Outcome::Won {
                sold: Sold {
                    quantity: 0,
                    amount: spot,
                },
                spot,
            },
        });
    }
    let (mut quota_sum, mut sales_sum) = (0, 0);
    for period in calendar.periods() {
        let of_period = people.iter().filter(|((name, _), _)| *name == period.name);
        let nodes: Vec<Node> = std::iter::once(("all", (0, 0)))
            .chain(of_period.map(|((_, person), sums)| (person.as_str(), *sums)))
            .map(|(key, (quota, sales))| Node {
                key: key.to_owned(),
                parent: (key != "all").then_some(0),
                from: Fact(quota),
                to: Fact(sales),
            })
            .collect();
        for top in [0, 5, 100] {
            let bridge = contributions("person", &nodes, 0, 1, top, &usd()).unwrap();
            assert_eq!(bridge.from(), cents(nodes.iter().map(|node| node.from.0).sum()));
            assert_eq!(bridge.to(), cents(nodes.iter().map(|node| node.to.0).sum()));
            assert!(bridge.steps().len() <= top + 1);
            balances(&bridge);
        }
        // The same from quotas and orders, as a plan and what was won.
        let plan: Vec<Planned> = nodes
            .iter()
            .filter(|node| node.from != Fact(0))
            .map(|node| Planned {
                key: node.key.clone(),
                sold: Sold {
                    quantity: 0,
                    amount: node.from,
                },
            })
            .collect();
        let deals = &deals[&period.name];
        let by_plan = against_plan("person", ItemMethod::PriceVolumeMix, &plan, deals, &usd()).unwrap();
        balances(&by_plan);
        assert_eq!(
            by_plan.level().both,
            plan.len(),
            "everybody with a quota sold something"
        );
        let all = contributions("person", &nodes, 0, 1, 100, &usd()).unwrap();
        assert_eq!((by_plan.from(), by_plan.to()), (all.from(), all.to()));
        quota_sum += nodes.iter().map(|node| node.from.0).sum::<i64>();
        sales_sum += nodes.iter().map(|node| node.to.0).sum::<i64>();
        if period.name == "2013-05-30" {
            // P3.
            let bridge = contributions("person", &nodes, 0, 1, 3, &usd()).unwrap();
            assert_eq!(
                (bridge.from(), bridge.to()),
                (Minor(1_373_300_000), Minor(1_093_756_657))
            );
            assert_eq!(bridge.steps().len(), 4);
        }
        if period.name == "2011-05-31" {
            // P2: Linda Mitchell, 637,000 and 459,057.34.
            let bridge = contributions("person", &nodes, 0, 1, 100, &usd()).unwrap();
            let key = "276".to_owned();
            assert_eq!(bridge.amount(&StepKind::Contributor { key }), Minor(-17_794_266));
        }
    }
    assert_eq!(quota_sum, 957_140_000_000);
    assert_eq!(sales_sum, 804_877_041_832);
}
