//! The lines of a target in its workbook.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use domain::format::Lang;
use store::Database;

use crate::company;

#[tokio::test]
async fn every_dimension_of_the_workbook_sums_to_the_target() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let made = company.plan(1_200_003).await;
        let export = company
            .operations
            .export_version(&company.planner, made.version, Lang::En)
            .await
            .unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(export.bytes)).unwrap();
        let sheet = book.worksheet_range("Lines").unwrap();
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for row in sheet.rows().skip(1) {
            let Data::Float(amount) = row[3] else {
                panic!("no number: {row:?}")
            };
            *sums.entry(row[0].to_string()).or_default() += (amount * 100.0).round() as i64;
        }
        let dimensions: Vec<&str> = sums.keys().map(String::as_str).collect();
        assert_eq!(dimensions, ["category", "key account", "product"]);
        assert!(sums.values().all(|sum| *sum == 1_200_003), "{sums:?}");
    })
    .await;
}
