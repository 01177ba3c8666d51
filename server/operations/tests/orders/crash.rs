//! Orders of an import whose process dies half-way: nothing of it was ever visible, and the next one takes everything over.

use std::time::{Duration, Instant};

use domain::import::{Failure, Finding, Kind, Options, Status};
use operations::import::Origin;
use store::Database;

use crate::{Company, create, files};

/// Orders of the import that is cut.
const ALL: usize = 20_000;

/// Orders of two lines each, a product for every twenty of them; `price` is what a line costs.
fn orders(count: usize, price: usize) -> String {
    let mut text = "order_id,sales_person,channel,order_date,line,product,quantity,unit_price\n".to_owned();
    for order in 0..count {
        let (month, day) = (order % 12 + 1, order % 28 + 1);
        for line in 1..=2 {
            text += &format!(
                "SO{order},王海涛,Web,2018-{month:02}-{day:02},{line},Product {},1,{price}\n",
                order / 20
            );
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_of_orders_cut_half_way_leaves_what_was_before() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        let first = company.text(Kind::Orders, &orders(400, 100)).await;
        assert_eq!(first.counts.created, 800, "{first:?}");
        let sums = async || company.sums("2018-01-01", "2019-01-01", "product").await;
        let before = sums().await;
        assert_eq!(before.len(), 20);
        let rows_before = kit::rows(&database).await;

        // The same orders at another price, and many more: its process is gone while it writes.
        let folder = tempfile::tempdir().unwrap();
        let path = files::file(folder.path(), "orders.csv", orders(ALL, 200));
        let mut wanted = files::wanted(std::slice::from_ref(&path), create(), Origin::CommandLine);
        wanted.kind = Some(Kind::Orders);
        let (operations, scope) = (company.operations.clone(), company.scope.clone());
        let running = tokio::spawn(async move { operations.import_now(&scope, wanted).await });
        let begun = Instant::now();
        let id = loop {
            assert!(begun.elapsed() < Duration::from_mins(1), "it never wrote");
            let latest = company.operations.imports(&company.scope, 1).await.unwrap();
            let latest = &latest[0];
            assert!(
                latest.id == first.id || !latest.status.is_final(),
                "it was quicker: {latest:?}"
            );
            if latest.id != first.id && latest.counts.read > 0 {
                break latest.id;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
        // Whatever it had handed on is written or not; nobody sees it either way.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let half = kit::rows(&database).await;
        let orders_of = |rows: &std::collections::BTreeMap<String, i64>| rows["sales_order"];
        assert!((401..ALL as i64 + 400).contains(&orders_of(&half)), "{half:?}");
        assert_eq!(sums().await, before);
        assert_eq!(company.differences().await, 0);

        kit::damage(
            &database,
            "UPDATE import SET beat_at_ms = 0 WHERE status = 'running'",
        )
        .await;
        assert_eq!(
            company.operations.recover_imports(&company.scope).await.unwrap(),
            1
        );
        let view = company.operations.import(&company.scope, id).await.unwrap();
        assert_eq!(
            (view.status, view.failure),
            (Status::Failed, Some(Failure::Interrupted))
        );
        assert_eq!(sums().await, before);
        let rows = kit::rows(&database).await;
        for table in [
            "sales_order",
            "order_line",
            "credit",
            "rollup_day",
            "rollup_period",
            "product",
            "channel",
            "member",
            "open_slot",
        ] {
            assert_eq!(rows.get(table), rows_before.get(table), "{table}");
        }
        assert_eq!(
            company.operations.recover_imports(&company.scope).await.unwrap(),
            0
        );

        // The same file again: the old orders are changed, the new ones made, and it can be taken back as a whole.
        let again = company.import(&path, Kind::Orders, &[], create()).await;
        assert_eq!(
            (again.counts.created, again.counts.updated, again.counts.rejected),
            (2 * ALL as u64 - 800, 800, 0),
            "{again:?}"
        );
        let after = sums().await;
        assert_eq!(after.len(), ALL / 20);
        let cents: i64 = after.values().map(|(amount, _)| amount).sum();
        assert_eq!(cents, ALL as i64 * 2 * 200 * 100);
        assert_eq!(company.differences().await, 0);
        let undone = company
            .operations
            .undo_import(&company.scope, again.id)
            .await
            .unwrap();
        assert_eq!(undone.status, Status::Done, "{undone:?}");
        // Products that are gone again may have left a sum of nothing until things are tidied.
        let mut back = sums().await;
        back.retain(|_, sum| *sum != (0, 0));
        assert_eq!(back, before);
    })
    .await;
}

#[tokio::test]
async fn thousands_of_products_are_made_by_the_way() {
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    let text = |from: usize, count: usize| {
        let mut text = "order_id,order_date,product,amount\n".to_owned();
        for order in from..from + count {
            text += &format!("SO{order},2018-03-01,Precision Valve Series {order:05},10\n");
        }
        text
    };
    for (from, count) in [(0, 1_000), (1_000, 2_000), (3_000, 4_000)] {
        let begun = Instant::now();
        let view = company.text(Kind::Orders, &text(from, count)).await;
        println!(
            "{count} orders of a new product each: {} ms",
            begun.elapsed().as_millis()
        );
        assert_eq!((view.counts.created, view.counts.rejected), (count as u64, 0));
    }
    let rows = kit::rows(&fresh.database).await;
    assert_eq!((rows["product"], rows["sales_order"]), (7_000, 7_000));
    // Each order has the product it names, and the spellings of one are one.
    let sums = company.sums("2018-01-01", "2019-01-01", "product").await;
    assert_eq!(sums.len(), 7_000);
    assert!(sums.values().all(|sum| *sum == (1_000, 1)), "{sums:?}");
    let again = "order_id,order_date,product,amount\nX1,2018-03-01,precision valve series 00042,10\n\
                 X2,2018-03-01,PrecisionValve Series 00042,10\n";
    let view = company.text(Kind::Orders, again).await;
    assert_eq!((view.counts.created, view.counts.rejected), (2, 0));
    assert_eq!(kit::rows(&fresh.database).await["product"], 7_000);
    let sums = company.sums("2018-01-01", "2019-01-01", "product").await;
    assert_eq!(sums["Precision Valve Series 00042"], (3_000, 3));
    fresh.close().await;
}

#[tokio::test]
async fn strangers_are_compared_as_long_as_somebody_sees_it() {
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    company
        .text(Kind::Products, "product\nPrecision Valve\nGauge\n☆\n")
        .await;
    // Not made: each problem says what was perhaps meant, also behind the findings that are told.
    let mut text = "order_id,order_date,product,amount\n".to_owned();
    for order in 0..300 {
        text += &format!("SO{order},2018-03-01,Precision Valv{order},10\n");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = files::file(folder.path(), "orders.csv", &text);
    let view = company.import(&path, Kind::Orders, &[], Options::default()).await;
    let report = view.files[0].report.as_ref().unwrap();
    assert_eq!(report.problem_count, 300);
    for problem in &report.problems {
        let hint = problem.suggestion.as_ref().map(|hint| hint.value.as_str());
        assert_eq!(hint, Some("Precision Valve"), "{problem:?}");
    }
    // Made: the finding says what they are near to, of earlier names of the same file too.
    let near = "order_id,order_date,product,amount\nA,2018-03-01,Turbine 100,1\nB,2018-03-01,Turbine 10O,1\nC,2018-03-01,★,1\n";
    let view = company.text(Kind::Orders, near).await;
    assert_eq!((view.counts.created, view.counts.rejected), (3, 0), "{view:?}");
    let hint = view.files[0].findings.iter().find_map(|finding| match finding {
        Finding::Unknown { name, suggestion, .. } if name == "Turbine 10O" => suggestion.clone(),
        _ => None,
    });
    assert_eq!(hint.as_deref(), Some("Turbine 100"));
    // Names of signs alone are names of their own.
    let view = company
        .text(
            Kind::Orders,
            "order_id,order_date,product,amount\nD,2018-03-01,◆,1\n",
        )
        .await;
    assert_eq!((view.counts.created, view.counts.rejected), (1, 0), "{view:?}");
    fresh.close().await;
}
