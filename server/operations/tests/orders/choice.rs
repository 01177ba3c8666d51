//! Deals or orders count, never both.

use domain::import::{Finding, Kind};
use domain::metric::{Bookings, OrderAmount, Source};
use store::Database;

use crate::Company;
use crate::refusal::code;

const DEALS: &str =
    "opportunity_id,sales_agent,deal_stage,close_date,close_value\nD1,王海涛,Won,2018-03-01,1000\n";
const ORDERS: &str =
    "order id,order date,sales agent,net,gross\nO1,2018-03-02,王海涛,50,56.5\nO2,2018-03-03,王海涛,70,79.1\n";

async fn march(company: &Company) -> (i64, i64) {
    company.sums("2018-03-01", "2018-04-01", "month").await["2018-03"]
}

fn from(from: Source) -> Bookings {
    Bookings {
        from,
        order_amount: OrderAmount::Net,
    }
}

#[tokio::test]
async fn where_deals_count_orders_wait_until_they_are_chosen() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        let (operations, scope) = (&company.operations, &company.scope);
        company.text(Kind::Members, "姓名\n王海涛\n").await;
        let deals = company.text(Kind::Opportunities, DEALS).await;
        let orders = company.text(Kind::Orders, ORDERS).await;
        let told = Finding::NotBookings { from: Source::Deals };
        assert!(
            orders.files[0].findings.contains(&told),
            "{:?}",
            orders.files[0].findings
        );
        assert_eq!(march(&company).await, (100_000, 1));
        // A correction while they wait; its old version may come back later.
        let correction = company
            .text(Kind::Orders, &ORDERS.replace("70,79.1", "80,90.4"))
            .await;
        assert_eq!(correction.counts.updated, 1);
        assert_eq!(
            code(operations.choose_bookings(scope, from(Source::Orders)).await),
            "deals_count"
        );
        operations.undo_import(scope, deals.id).await.unwrap();
        operations
            .choose_bookings(scope, from(Source::Orders))
            .await
            .unwrap();
        assert_eq!(march(&company).await, (13_000, 2));
        assert_eq!(company.differences().await, 0);
        operations.undo_import(scope, correction.id).await.unwrap();
        assert_eq!(
            march(&company).await,
            (12_000, 2),
            "the version before counts, too"
        );
        assert_eq!(company.differences().await, 0);

        let gross = Bookings {
            order_amount: OrderAmount::Gross,
            ..from(Source::Orders)
        };
        assert_eq!(
            code(operations.choose_bookings(scope, gross).await),
            "order_amount_in_use"
        );
        let deals = company.text(Kind::Opportunities, DEALS).await;
        let told = Finding::NotBookings { from: Source::Orders };
        assert!(
            deals.files[0].findings.contains(&told),
            "{:?}",
            deals.files[0].findings
        );
        assert_eq!(march(&company).await, (12_000, 2));
        assert_eq!(
            code(operations.choose_bookings(scope, from(Source::Deals)).await),
            "orders_count"
        );
        operations.undo_import(scope, orders.id).await.unwrap();
        operations
            .choose_bookings(scope, from(Source::Deals))
            .await
            .unwrap();
        assert_eq!(march(&company).await, (100_000, 1));
        assert_eq!(company.differences().await, 0);
        operations.undo_import(scope, deals.id).await.unwrap();
        assert_eq!(company.differences().await, 0);
    })
    .await;
}

#[tokio::test]
async fn deals_and_orders_of_one_import_never_count_both() {
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    let folder = tempfile::tempdir().unwrap();
    let paths = [("orders.csv", ORDERS), ("deals.csv", DEALS)]
        .map(|(name, text)| crate::files::file(folder.path(), name, text));
    for dry_run in [true, false] {
        let options = domain::import::Options {
            dry_run,
            ..crate::create()
        };
        let wanted = crate::files::wanted(&paths, options, operations::import::Origin::CommandLine);
        let view = company
            .operations
            .import_now(&company.scope, wanted)
            .await
            .unwrap();
        let orders = view
            .files
            .iter()
            .find(|file| file.kind == Some(Kind::Orders))
            .unwrap();
        let told = Finding::NotBookings { from: Source::Deals };
        assert!(orders.findings.contains(&told), "{:?}", orders.findings);
    }
    assert_eq!(march(&company).await, (100_000, 1));
    assert_eq!(company.differences().await, 0);
    fresh.close().await;
}

#[tokio::test]
async fn who_is_no_member_does_not_see_what_nobody_sold() {
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    company
        .text(Kind::Orders, "order id,order date,net\nO1,2018-03-02,50\n")
        .await;
    let mut scope = company.scope.clone();
    scope.role = domain::access::Role::Rep;
    scope.reach = domain::access::Reach::Own;
    scope.member = None;
    let sees = Company {
        scope,
        operations: company.operations.clone(),
        database: company.database.clone(),
    };
    assert_eq!(march(&company).await, (5_000, 1));
    for by in ["month", "member,month", "channel,month"] {
        let found = sees.sums("2018-03-01", "2018-04-01", by).await;
        assert!(found.values().all(|sum| *sum == (0, 0)), "{by}: {found:?}");
    }
    fresh.close().await;
}

/// The file of the browser's test of the choice.
#[tokio::test]
async fn a_file_that_could_be_both_is_read_as_what_somebody_says() {
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    company.text(Kind::Members, "姓名\nAnna Snelling\n").await;
    let both = "id,sales_agent,deal_stage,close_date,order_date,close_value,net\n\
                S1,Anna Snelling,Won,2017-03-01,2017-03-01,1000,1000\n\
                S2,Anna Snelling,Won,2017-03-02,2017-03-02,500,500\n";
    let folder = tempfile::tempdir().unwrap();
    let path = crate::files::file(folder.path(), "sales.csv", both);
    let dry = domain::import::Options {
        dry_run: true,
        ..domain::import::Options::default()
    };
    for kind in [Kind::Opportunities, Kind::Orders, Kind::Opportunities] {
        let view = company.import(&path, kind, &[], dry.clone()).await;
        assert_eq!(
            (view.counts.created, view.counts.rejected),
            (2, 0),
            "{kind:?}: {:?}",
            view.files[0]
        );
    }
    let view = company
        .import(&path, Kind::Orders, &[], domain::import::Options::default())
        .await;
    let findings = &view.files[0].findings;
    assert!(findings.contains(&Finding::OrdersChosen), "{findings:?}");
    let march = company.sums("2017-03-01", "2017-04-01", "month").await["2017-03"];
    assert_eq!(march, (150_000, 2));
    fresh.close().await;
}
