//! Superstore: 9,994 lines of 5,009 orders, by year, region, category and product.

use std::collections::BTreeMap;

use domain::import::{Finding, Kind, Options};
use store::Database;

use crate::{Company, cents, exact, table};

#[tokio::test]
async fn lines_become_orders_whose_products_sum_to_them() {
    let Some(data) = kit::data_or_not("superstore") else {
        return;
    };
    let path = data.join("Sample - Superstore.csv");
    let raw = table(&path);
    let mut products: BTreeMap<&str, &str> = BTreeMap::new();
    for line in &raw {
        products.insert(&line["Product Name"], &line["Category"]);
    }
    let mut list = "product name,category\n".to_owned();
    for (product, category) in &products {
        list += &format!("\"{}\",{category}\n", product.replace('"', "\"\""));
    }
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        company.text(Kind::Products, &list).await;
        let options: Options =
            serde_json::from_str(r#"{"on_missing":"create","date_format":"mdy"}"#).unwrap();
        let view = company.import(&path, Kind::Orders, &[], options.clone()).await;
        let file = &view.files[0];
        let report = file.report.as_ref().unwrap();
        assert_eq!(
            (
                report.counts.created,
                report.counts.rejected,
                report.written.count
            ),
            (9_994, 0, 5_009),
            "{:?}",
            report.problems.first()
        );
        assert_eq!(report.written.sum.0, 22_972_008_603);
        assert!(
            !file
                .findings
                .iter()
                .any(|it| matches!(it, Finding::LinesDiffer { .. }))
        );
        assert_eq!(company.differences().await, 0);

        // P10: the years.
        let years = company.sums("2014-01-01", "2018-01-01", "year").await;
        let amounts: Vec<i64> = years.values().map(|(amount, _)| *amount).collect();
        assert_eq!(amounts, [48_424_750, 47_053_251, 60_920_560, 73_321_526]);

        for (by, heading) in [
            ("unit:region", "Region"),
            ("category", "Category"),
            ("product", "Product Name"),
            ("account", "Customer Name"),
        ] {
            for (from, to, year) in [
                ("2014-01-01", "2018-01-01", ""),
                ("2016-01-01", "2017-01-01", "2016"),
                // Not whole months: the days at the ends come from the facts.
                ("2017-01-01", "2017-12-31", "2017"),
            ] {
                let found = company.sums(from, to, by).await;
                let mut direct: BTreeMap<&str, i64> = BTreeMap::new();
                for line in &raw {
                    let day = &line["Order Date"];
                    let last = to == "2017-12-31" && day == "12/31/2017";
                    if day.ends_with(year) && !last {
                        *direct.entry(&line[heading]).or_default() += exact(&line["Sales"]);
                    }
                }
                for (name, amount) in direct {
                    let (actual, _) = found.get(name.trim()).copied().unwrap_or_default();
                    assert_eq!(actual, cents(amount), "{by} {name} {year}");
                }
            }
        }
        // A product's count is the number of orders it is in; a region's that of its orders.
        let staples = raw.iter().filter(|line| line["Product Name"] == "Staples");
        let orders: std::collections::BTreeSet<&str> =
            staples.map(|line| line["Order ID"].as_str()).collect();
        let of_products = company.sums("2014-01-01", "2018-01-01", "product").await;
        assert_eq!(of_products["Staples"].1, orders.len() as i64);
        let regions = company.sums("2014-01-01", "2018-01-01", "unit:region").await;
        assert_eq!(regions.values().map(|(_, count)| count).sum::<i64>(), 5_009);

        let again = company.import(&path, Kind::Orders, &[], options).await;
        assert_eq!(again.counts.unchanged, 9_994);
        company
            .operations
            .undo_import(&company.scope, view.id)
            .await
            .unwrap();
        assert_eq!(company.differences().await, 0);
        assert!(!kit::rows(&database).await.contains_key("order_line"));
    })
    .await;
}
