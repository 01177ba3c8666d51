//! `AdventureWorks`: three years of orders, territories and their sellers.

use std::time::Instant;

use domain::import::{Kind, Options};
use domain::outlook::{Note, OutlookQuery, Who};
use store::Database;

use crate::{Company, adds_up, prepared};

/// A table as rows of named cells.
fn table(path: &std::path::Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines
        .next()
        .unwrap()
        .trim_start_matches('\u{feff}')
        .split(',')
        .collect();
    lines
        .map(|line| {
            let cells = line.split(',').map(str::to_owned);
            head.iter().map(|name| (*name).to_owned()).zip(cells).collect()
        })
        .collect()
}

#[tokio::test]
async fn every_territory_and_seller_adds_up_and_soon() {
    let Some(data) = kit::data_or_not("adventureworks") else {
        return;
    };
    let fresh = kit::Fresh::sqlite().await;
    let database: Database = fresh.database.clone();
    let company = Company::new(&database, "2014-06-30").await;
    let mut units = "name,code,level\n".to_owned();
    for territory in table(&data.join("SalesTerritory.csv")) {
        units += &format!("{},{},territory\n", territory["Name"], territory["TerritoryID"]);
    }
    company.text(Kind::Units, &units).await;
    let sellers = table(&data.join("SalesPerson.csv"));
    let mut members = "name,employee id,unit\n".to_owned();
    for person in table(&data.join("SalesPersonNames.csv")) {
        let id = &person["BusinessEntityID"];
        let territory = sellers
            .iter()
            .find(|seller| seller["BusinessEntityID"] == *id)
            .map(|seller| seller["TerritoryID"].clone())
            .unwrap_or_default();
        members += &format!(
            "{} {},{id},{territory}\n",
            person["FirstName"], person["LastName"]
        );
    }
    company.text(Kind::Members, &members).await;
    let mapping = [
        ("member", "SalesPersonID"),
        ("account", ""),
        ("unit", "TerritoryID"),
        ("currency", ""),
    ];
    company
        .import(
            &data.join("SalesOrderHeader.csv"),
            Kind::Orders,
            &mapping,
            Options::default(),
        )
        .await;

    let ask = async |node: Option<String>| {
        let query = OutlookQuery {
            planning: prepared("2015"),
            node,
        };
        let begun = Instant::now();
        let outlook = company.operations.outlook(&company.scope, query).await.unwrap();
        (outlook, begun.elapsed())
    };
    let (outlook, cold) = ask(None).await;
    let (again, warm) = ask(None).await;
    println!(
        "{} branches, cold {cold:?}, warm {warm:?}",
        outlook.branches.len()
    );
    assert_eq!(outlook, again);
    adds_up(&outlook);
    let levels = |depth: usize| {
        outlook
            .branches
            .iter()
            .filter(|branch| branch.depth == depth)
            .count()
    };
    assert!(levels(1) >= 10 && levels(2) >= 14, "{} {}", levels(1), levels(2));
    // All of the history is in it, the partial month it began in aside (P1).
    let whole = &outlook.branches[0];
    let sum: i64 = whole.history.iter().map(|amount| amount.0).sum();
    assert!((10_900_000_000..=10_984_638_140).contains(&sum), "{sum}");
    let total = whole.total.as_ref().unwrap();
    println!(
        "2015: P10 {} P50 {} P90 {}, before {:?}, {:?}",
        total.p10().0,
        total.p50().0,
        total.p90().0,
        outlook.detail.before,
        outlook.detail.accuracy
    );
    assert!(total.p10() < total.p50() && total.p50() < total.p90());
    let amount = total.p50();
    assert!((total.chance_of(amount) - 0.5).abs() < 0.01);
    assert!(outlook.detail.accuracy.is_some());
    // In the last month only the web shop is there: what sellers sold is missing, and not collapsed.
    let month = domain::calendar::Month::parse("2014-06").unwrap();
    assert!(outlook.detail.notes.contains(&Note::Incomplete { month }));

    // Every branch can be looked at, the first time and again.
    let begun = Instant::now();
    for branch in &outlook.branches {
        let (one, _) = ask(Some(branch.place.to_string())).await;
        assert_eq!(one.branch().unwrap().place, branch.place);
    }
    println!("all branches in detail {:?}", begun.elapsed());
    let seller = outlook
        .branches
        .iter()
        .find(|branch| matches!(branch.place.who, Who::Member(_)))
        .unwrap();
    let (_, warm) = ask(Some(seller.place.to_string())).await;
    println!("a seller, warm {warm:?}");
    drop(database);
    fresh.close().await;
}
