//! Seventeen sellers with three years of orders.

use std::collections::BTreeMap;
use std::path::Path;

use domain::assumption::PlanningQuery;
use domain::capability::team::Ground;
use domain::capability::what_if::WhatIf;
use domain::import::Kind;

use crate::planning::day;
use crate::{company, files};

/// The cells of a comma-separated file without quotation marks by heading.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let head: Vec<String> = lines
        .next()
        .unwrap()
        .trim_start_matches('\u{feff}')
        .split(',')
        .map(str::to_owned)
        .collect();
    lines
        .map(|line| {
            head.iter()
                .cloned()
                .zip(line.split(',').map(str::to_owned))
                .collect()
        })
        .collect()
}

/// The sellers with territory and hire date, as a planner would join them in a spreadsheet.
fn people(data: &Path) -> String {
    let by = |file: &str, key: &str| -> BTreeMap<String, BTreeMap<String, String>> {
        let rows = table(&data.join(file)).into_iter();
        rows.map(|row| (row[key].clone(), row)).collect()
    };
    let hired = by("Employee.csv", "BusinessEntityID");
    let sellers = by("SalesPerson.csv", "BusinessEntityID");
    let territories = by("SalesTerritory.csv", "TerritoryID");
    let mut text = "姓名,工号,部门,入职日期\n".to_owned();
    for person in table(&data.join("SalesPersonNames.csv")) {
        let id = &person["BusinessEntityID"];
        let Some(seller) = sellers.get(id) else { continue };
        let unit = territories
            .get(&seller["TerritoryID"])
            .map_or("Management", |territory| territory["Name"].as_str());
        let (first, last) = (&person["FirstName"], &person["LastName"]);
        text += &format!("{first} {last},{id},{unit},{}\n", &hired[id]["HireDate"][..10]);
    }
    text
}

#[tokio::test]
async fn the_sellers_of_adventureworks_can_do_about_what_they_did() {
    let Some(data) = kit::data_or_not("adventureworks") else {
        return;
    };
    let fresh = kit::Fresh::sqlite().await;
    let mut company = company(&fresh.database).await;
    company.operations.today = Some(day("2014-05-31"));
    let folder = tempfile::tempdir().unwrap();
    let list = files::file(folder.path(), "people.csv", people(&data));
    company.import(&list, Kind::Members, &[]).await;
    let mapping = [
        ("member", "SalesPersonID"),
        ("account", "CustomerID"),
        ("unit", ""),
        ("currency", ""),
    ];
    let orders = data.join("SalesOrderHeader.csv");
    company.import(&orders, Kind::Orders, &mapping).await;
    let query = PlanningQuery {
        version: None,
        period: Some("2015".to_owned()),
    };
    let started = std::time::Instant::now();
    let team = company
        .operations
        .capability(&company.planner(), &query, WhatIf::default())
        .await
        .unwrap();
    let elapsed = started.elapsed();
    let people: i64 = team.people.iter().map(|person| person.total.value.0).sum();
    assert_eq!(team.total.value.0, people);
    assert_eq!(team.units[0].total.value.0, people);
    assert_eq!((team.history_months, team.season_years), (24, Some(3)));
    assert_eq!(team.people_differ, Some(true));
    let of = |name: &str| team.people.iter().find(|person| person.name == name).unwrap();
    let linda = of("Linda Mitchell");
    assert_eq!(linda.ground, Ground::Own { months: 24 });
    // What she did in the last twelve months is 4,251,368.55 (P4 of the design, by quarters that end a month later).
    let year = linda.total.value.0 as f64 / 100.0;
    assert!((3_500_000.0..4_800_000.0).contains(&year), "{year}");
    assert!(linda.weight > 0.5, "{}", linda.weight);
    // Those who lead sell little, and nobody takes them for sellers.
    let leads = of("Stephen Jiang");
    assert!(leads.monthly.unwrap().value.0 * 4 < linda.monthly.unwrap().value.0);
    let counted = team.people.iter().filter(|person| person.ground.counts()).count();
    assert_eq!(counted, 17);
    assert!(linda.resources.customers > 30, "{:?}", linda.resources);
    // The last four quarters brought 36,277,591.90.
    let all = people as f64 / 100.0;
    assert!((28_000_000.0..42_000_000.0).contains(&all), "{all}");
    println!("capacity {all:.2}, Linda Mitchell {year:.2}, reckoned in {elapsed:?}");
    fresh.close().await;
}
