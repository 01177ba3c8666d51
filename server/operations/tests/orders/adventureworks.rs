//! `AdventureWorks`: 31,465 orders, most of them without a salesperson, against figures computed from the raw files by other
//! means.

use std::collections::BTreeMap;
use std::path::Path;

use domain::calendar::Day;
use domain::import::{Field, Finding, Kind, Options};
use domain::metric::{Bookings, MetricKey, OrderAmount, Source};
use domain::money::Fact;
use store::Database;
use store::attainment::{Cut, Question, Time};

use crate::{Company, cents, exact, files, table};

/// What the columns are that do not tell by themselves.
pub(crate) const MAPPING: [(&str, &str); 4] = [
    ("member", "SalesPersonID"),
    ("account", ""),
    ("unit", ""),
    ("currency", ""),
];

pub(crate) async fn people(company: &Company, data: &Path) {
    let mut text = "name,employee id\n".to_owned();
    for person in table(&data.join("SalesPersonNames.csv")) {
        let (first, last) = (&person["FirstName"], &person["LastName"]);
        text += &format!("{first} {last},{}\n", person["BusinessEntityID"]);
    }
    company.text(Kind::Members, &text).await;
}

#[tokio::test]
async fn every_order_counts_to_the_ten_thousandth() {
    let Some(data) = kit::data_or_not("adventureworks") else {
        return;
    };
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        people(&company, &data).await;
        let orders = data.join("SalesOrderHeader.csv");
        let view = company
            .import(&orders, Kind::Orders, &MAPPING, Options::default())
            .await;
        let report = view.files[0].report.as_ref().unwrap();
        assert_eq!(
            (report.counts.created, report.counts.rejected),
            (31_465, 0),
            "{:?}",
            report.problems.first()
        );
        assert_eq!(report.source, report.written);
        assert_eq!(
            (report.written.count, report.written.sum),
            (31_465, Fact(1_098_463_814_039))
        );
        let findings = &view.files[0].findings;
        assert!(findings.contains(&Finding::OrdersChosen), "{findings:?}");
        let without = Finding::Blank {
            field: Field::Member,
            rows: 27_659,
        };
        assert!(findings.contains(&without), "{findings:?}");
        assert_eq!(company.differences().await, 0);

        // P1: with and without a salesperson.
        let reader = database.reader();
        let metric = store::metric::find(&reader, &company.scope, &MetricKey::BOOKINGS)
            .await
            .unwrap()
            .unwrap();
        let question = Question {
            from: Day::parse_iso("2011-01-01").unwrap(),
            to: Day::parse_iso("2015-01-01").unwrap(),
            time: Time::Whole,
            by_member: Cut::Apart,
            by_unit: Cut::Together,
            by_things: Vec::new(),
        };
        let pieces = store::attainment::sums(&reader, &company.scope, &metric, &question)
            .await
            .unwrap();
        let sum = |nobody: bool| {
            let of = pieces.iter().filter(|piece| piece.member.0.is_nil() == nobody);
            of.fold((0, 0), |(sum, count), piece| {
                (sum + piece.amount.0, count + piece.count)
            })
        };
        assert_eq!(sum(false), (804_877_041_832, 3_806));
        assert_eq!(sum(true), (293_586_772_207, 27_659));

        // P2 to P4: quarters that are nobody's calendar, each against the raw rows and the expected tables.
        quarters(&company, &data).await;

        let again = company
            .import(&orders, Kind::Orders, &MAPPING, Options::default())
            .await;
        assert_eq!(again.counts.unchanged, 31_465);
        company
            .operations
            .undo_import(&company.scope, again.id)
            .await
            .unwrap();
        company
            .operations
            .undo_import(&company.scope, view.id)
            .await
            .unwrap();
        assert_eq!(company.differences().await, 0);
        let settings = company.operations.bookings(&company.scope).await.unwrap();
        assert_eq!(settings.from, Source::Deals, "the choice is taken back, too");
        let rows = kit::rows(&database).await;
        assert!(
            !rows.contains_key("sales_order") && !rows.contains_key("credit"),
            "{rows:?}"
        );
    })
    .await;
}

/// A figure of the expected tables, which were added up in floating point, in ten-thousandths.
fn rounded(text: &str) -> i64 {
    (text.parse::<f64>().unwrap() * 10_000.0).round() as i64
}

async fn quarters(company: &Company, data: &Path) {
    let names: BTreeMap<String, String> = table(&data.join("SalesPersonNames.csv"))
        .into_iter()
        .map(|person| {
            let name = format!("{} {}", person["FirstName"], person["LastName"]);
            (person["BusinessEntityID"].clone(), name)
        })
        .collect();
    let expected = data.parent().unwrap().join("expected");
    let totals = table(&expected.join("aw_quarter_totals.csv"));
    let starts: Vec<&str> = totals.iter().map(|row| row["QuotaDate"].as_str()).collect();
    assert_eq!(totals.len(), 12);
    let of_people = table(&expected.join("aw_attainment_274_279.csv"));
    let raw = table(&data.join("SalesOrderHeader.csv"));
    let mut all = 0;
    for (index, total) in totals.iter().enumerate() {
        let from = starts[index];
        let to = starts.get(index + 1).copied().unwrap_or("2014-07-01");
        let by_member = company.sums(from, to, "member").await;
        // The raw rows, added up here.
        let mut direct: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for order in &raw {
            let day = &order["OrderDate"][..10];
            if !order["SalesPersonID"].is_empty() && from <= day && day < to {
                let sum = direct.entry(&order["SalesPersonID"]).or_default();
                sum.0 += exact(&order["SubTotal"]);
                sum.1 += 1;
            }
        }
        for (person, (amount, count)) in &direct {
            let found = by_member[&names[*person]];
            assert_eq!(found, (cents(*amount), *count), "{person} {from}");
        }
        let (amount, count) = direct
            .values()
            .fold((0, 0), |(sum, n), (amount, count)| (sum + amount, n + count));
        all += amount;
        let orders: i64 = total["orders"].parse().unwrap();
        assert_eq!(
            (amount, count),
            (rounded(&total["actual"]), orders),
            "the quarter of {from}"
        );
        let sold: i64 = by_member
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(_, (_, count))| count)
            .sum();
        assert_eq!(sold, orders, "{from}");
        for row in of_people.iter().filter(|row| row["QuotaDate"] == from) {
            let found = by_member[&names[&row["BusinessEntityID"]]];
            let orders: i64 = row["Orders"].parse().unwrap();
            assert_eq!(found, (cents(rounded(&row["Actual"])), orders), "{row:?}");
        }
    }
    assert_eq!(all, 804_877_041_832);
    // The figures of the acceptance table themselves.
    let linda = |sums: &BTreeMap<String, (i64, i64)>| sums["Linda Mitchell"];
    let of = |from: &'static str, to: &'static str| company.sums(from, to, "member");
    assert_eq!(linda(&of("2011-05-31", "2011-08-31").await).0, 45_905_734);
    assert_eq!(linda(&of("2012-05-30", "2012-08-30").await).0, 116_942_596);
    assert_eq!(linda(&of("2013-05-30", "2013-08-30").await), (130_082_181, 42));
    assert_eq!(linda(&of("2014-03-01", "2014-07-01").await).0, 103_443_834);
}

#[tokio::test]
async fn the_gross_amount_counts_where_it_is_chosen() {
    let Some(data) = kit::data_or_not("adventureworks") else {
        return;
    };
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    people(&company, &data).await;
    let gross = Bookings {
        from: Source::Deals,
        order_amount: OrderAmount::Gross,
    };
    company
        .operations
        .choose_bookings(&company.scope, gross)
        .await
        .unwrap();
    let orders = data.join("SalesOrderHeader.csv");
    let view = company
        .import(&orders, Kind::Orders, &MAPPING, Options::default())
        .await;
    let report = view.files[0].report.as_ref().unwrap();
    assert_eq!(
        (report.written.count, report.written.sum),
        (31_465, Fact(1_232_167_861_159))
    );
    assert_eq!(company.differences().await, 0);
    fresh.close().await;
}

#[tokio::test]
async fn a_file_of_orders_is_told_by_its_headings() {
    let folder = tempfile::tempdir().unwrap();
    let head = "SalesOrderID,RevisionNumber,OrderDate,DueDate,ShipDate,Status,OnlineOrderFlag,SalesOrderNumber,\
                PurchaseOrderNumber,AccountNumber,CustomerID,SalesPersonID,TerritoryID,SubTotal,TaxAmt,Freight,TotalDue\n";
    let row =
        "1,8,2011-05-31 00:00:00,2011-06-12,2011-06-07,5,1,SO1,PO1,A1,2,,5,10.0000,1.0000,0.5000,11.5000\n";
    let path = files::file(folder.path(), "SalesOrderHeader.csv", format!("{head}{row}"));
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    let mut wanted = files::wanted(&[path], crate::create(), operations::import::Origin::CommandLine);
    wanted.kind = None;
    let view = company
        .operations
        .import_now(&company.scope, wanted)
        .await
        .unwrap();
    let file = &view.files[0];
    assert_eq!(file.kind, Some(Kind::Orders), "{file:?}");
    let mapping = file.mapping.as_ref().unwrap();
    for (field, header) in [
        (Field::ExternalId, "SalesOrderNumber"),
        (Field::OrderedOn, "OrderDate"),
        (Field::Member, "SalesPersonID"),
        (Field::Net, "SubTotal"),
        (Field::Tax, "TaxAmt"),
        (Field::Other, "Freight"),
        (Field::Gross, "TotalDue"),
    ] {
        assert_eq!(mapping.header_of(field), Some(header), "{:?}", mapping.columns);
    }
    assert_eq!((view.counts.created, view.counts.rejected), (1, 0), "{file:?}");
    fresh.close().await;
}
