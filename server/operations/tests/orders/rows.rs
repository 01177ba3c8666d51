//! Good and bad rows of orders.

use domain::calendar::Day;
use domain::import::{Field, Finding, Kind, Reason, View};
use domain::metric::{Dimension, OrderAmount};
use domain::money::Fact;
use domain::track::{BoardQuery, RecordsQuery};
use store::Database;

use crate::Company;

const HEAD: &str = "订单编号,下单日期,业务员,部门,客户,渠道,产品,数量,单价,金额,行号,未税金额,税额,运费,价税合计,订单状态,币种\n";

async fn company(database: &Database) -> Company {
    let company = Company::new(database).await;
    company
        .text(Kind::Units, "部门名称,层级\n华东,region\n华南,region\n")
        .await;
    company
        .text(
            Kind::Members,
            "姓名,部门,占比\n王海涛,华东,\n李敏,华东,60%\n李敏,华南,40%\n",
        )
        .await;
    company
}

fn reasons(view: &View) -> Vec<(u64, Option<Field>, Reason)> {
    let report = view.files[0].report.as_ref().unwrap();
    report
        .problems
        .iter()
        .map(|problem| (problem.row, problem.field, problem.reason.clone()))
        .collect()
}

#[tokio::test]
async fn an_order_is_its_header_and_its_lines() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let text = format!(
            "{HEAD}\
             B2,2018-03-02,李敏,,丁公司,,甲,2,,60.0001,1,,,,,,\n\
             A1,2018-03-01,王海涛,,丙公司,直销,甲,3,1.5,,1,10.5,1.05,2,13.55,完成,CNY\n\
             B2,,,,,,乙,1,,39.9998,2,,,,,,\n\
             A1,2018/3/1,,,,,乙,1,6,,2,,,,,,\n\
             C3,2018-03-05,,华南,,,,,,,,5,,,,,\n\
             D4,2018-03-06,,,,,,,,,,-7,,,-7.91,,\n\
             E5,2018-03-07,王海涛,,,,,,,,,9,,,,已取消,\n\
             F6,2018-03-08,王海涛,,,,甲,1,,80,,,,,,,\n\
             F6,2018-03-08,王海涛,,,,乙,1,,20,,90,,,,,\n"
        );
        let view = company.text(Kind::Orders, &text).await;
        assert_eq!(
            (view.counts.created, view.counts.rejected),
            (9, 0),
            "{:?}",
            reasons(&view)
        );
        let findings = &view.files[0].findings;
        for expected in [
            Finding::OrdersChosen,
            Finding::Returns {
                orders: 1,
                amount: Fact(-70_000),
            },
            Finding::Cancelled { orders: 1 },
            Finding::LinesDiffer {
                orders: 1,
                amount: Fact(-100_000),
            },
        ] {
            assert!(findings.contains(&expected), "{expected:?} {findings:?}");
        }
        assert_eq!(company.differences().await, 0);
        let sums = async |by: &'static str| company.sums("2018-03-01", "2018-04-01", by).await;
        let members = sums("member").await;
        assert_eq!(members["王海涛"], (10_050, 2));
        assert_eq!(members["李敏"], (10_000, 1));
        assert_eq!(members[""], (-200, 2), "what nobody sold");
        let units = sums("unit:region").await;
        assert_eq!(units["华东"], (10_050 + 6_000, 3));
        assert_eq!(
            units["华南"],
            (4_000 + 500, 1),
            "40 % of one, and one that names it"
        );
        // 90 falls on lines of 80 and 20 as they do: 72 and 18.
        let products = sums("product").await;
        assert_eq!(products["甲"], (450 + 6_000 + 7_200, 3));
        assert_eq!(products["乙"], (600 + 4_000 + 1_800, 3));
        assert_eq!(products[""], (-200, 2));
        let crossed = sums("product,unit:region").await;
        assert_eq!(crossed["甲|华南"].0 + crossed["乙|华南"].0, 4_000);
        assert_eq!(sums("channel").await["直销"], (1_050, 1));

        // A corrected file changes what it says, and its undo brings the old back.
        let corrected = company
            .text(
                Kind::Orders,
                "order id,order date,product,amount\nB2,2018-03-02,甲,50\nB2,2018-03-02,丙,30\n",
            )
            .await;
        assert_eq!(corrected.counts.updated, 2);
        assert_eq!(company.differences().await, 0);
        assert_eq!(sums("product").await["丙"], (3_000, 1));
        assert_eq!(
            sums("account").await["丁公司"],
            (8_000, 1),
            "what is not said stays"
        );
        company
            .operations
            .undo_import(&company.scope, corrected.id)
            .await
            .unwrap();
        assert_eq!(sums("product").await.get("丙"), None);
        assert_eq!(sums("member").await, members);
        assert_eq!(company.differences().await, 0);

        let again = company.text(Kind::Orders, &text).await;
        assert_eq!(again.counts.unchanged, 9);
        records(&company).await;
    })
    .await;
}

async fn records(company: &Company) {
    let query = |dimension, key: &str| RecordsQuery {
        board: BoardQuery {
            period: Some("2018-03".to_owned()),
            by: None,
            as_of: Day::parse_iso("2018-12-31"),
        },
        dimension,
        key: key.to_owned(),
        since: None,
        limit: None,
    };
    let all = company
        .operations
        .records(&company.scope, query(Dimension::Month, "2018-03"))
        .await
        .unwrap();
    assert_eq!(
        (all.count, all.sum.0),
        (6, 10_050 + 10_000 - 200),
        "one line a unit"
    );
    let b2: Vec<_> = all.rows.iter().filter(|row| row.external_id == "B2").collect();
    assert_eq!(b2.len(), 2, "李敏 belongs to two units");
    assert_eq!((b2[0].products, b2[0].product.as_deref()), (2, None));
    assert_eq!(b2[0].account.as_deref(), Some("丁公司"));
    let nobody = company
        .operations
        .records(&company.scope, query(Dimension::Member, ""))
        .await
        .unwrap();
    let numbers: Vec<&str> = nobody.rows.iter().map(|row| row.external_id.as_str()).collect();
    assert_eq!(numbers, ["D4", "C3"]);
    // What is listed may begin before the board's period.
    let mut since = query(Dimension::Member, "");
    since.board.period = Some("2018-04".to_owned());
    let records = company
        .operations
        .records(&company.scope, since.clone())
        .await
        .unwrap();
    assert_eq!((records.count, records.since), (0, None));
    since.since = Day::parse_iso("2018-03-01");
    let records = company
        .operations
        .records(&company.scope, since.clone())
        .await
        .unwrap();
    assert_eq!((records.count, records.since), (2, since.since));
}

#[tokio::test]
async fn bad_orders_are_refused_as_a_whole_and_say_why() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let text = format!(
            "{HEAD}\
             A1,2018-03-01,王海涛,,,,甲,1,,10,1,,,,,,\n\
             A1,2018-03-02,王海涛,,,,乙,1,,10,2,,,,,,\n\
             B1,2018-03-01,王海涛,,,,,,,,,100,,,90,,\n\
             B2,2018-03-01,王海涛,,,,,,,,,100,13,,114,,\n\
             B3,2018-03-01,王海涛,,,,甲,1,,10,1,,,,,,\n\
             B3,2018-03-01,王海涛,,,,甲,1,,10,1,,,,,,\n\
             B4,2018-03-01,王海涛,,,,,,,,,,,,,,\n\
             B5,2018-03-01,王海涛,,,,,,,,,10,,,,,USD\n\
             B6,2018-02-30,王海涛,,,,,,,,,10,,,,,\n\
             B7,,王海涛,,,,,,,,,10,,,,,\n\
             ,2018-03-01,王海涛,,,,,,,,,10,,,,,\n\
             B8,2018-03-01,王海涛,,,,,,,,,,,,113,,\n\
             B9,2018-03-01,王海涛,,,,甲,1,,99999999999999999999,1,,,,,,\n\
             C1,2018-03-01,王海涛,,,,,,,,0,10,,,,,\n\
             G1,2018-03-01,王海涛,,,,,,,,,10,,,,,\n"
        );
        let view = company.text(Kind::Orders, &text).await;
        let found = reasons(&view);
        let of = |row: u64| -> Vec<&(u64, Option<Field>, Reason)> {
            found.iter().filter(|(at, ..)| *at == row).collect()
        };
        assert_eq!(
            (view.counts.read, view.counts.created, view.counts.rejected),
            (15, 1, 14),
            "{found:?}"
        );
        let differs = Reason::HeaderDiffers {
            first_row: 2,
            first: "2018-03-01".to_owned(),
        };
        assert_eq!(of(2)[0].2, Reason::OrderRefused { row: 3 });
        assert_eq!((of(3)[0].1, &of(3)[0].2), (Some(Field::OrderedOn), &differs));
        let below = Reason::GrossBelowNet {
            net: "100.00".to_owned(),
            gross: "90.00".to_owned(),
        };
        assert_eq!(of(4)[0].2, below);
        let disagree = Reason::AmountsDisagree {
            sum: "113.00".to_owned(),
            gross: "114.00".to_owned(),
        };
        assert_eq!(of(5)[0].2, disagree);
        assert_eq!(
            (of(7)[0].1, &of(7)[0].2),
            (Some(Field::Line), &Reason::Duplicate { first_row: 6 })
        );
        assert_eq!(of(8)[0].2, Reason::NoOrderAmount);
        assert!(matches!(of(9)[0].2, Reason::Currency { .. }));
        assert!(matches!(of(10)[0].2, Reason::Date { .. }));
        assert_eq!(
            of(10).len(),
            1,
            "a day that cannot be read is not missing besides"
        );
        assert_eq!(
            (of(11)[0].1, &of(11)[0].2),
            (Some(Field::OrderedOn), &Reason::Missing)
        );
        assert_eq!(
            (of(12)[0].1, &of(12)[0].2),
            (Some(Field::ExternalId), &Reason::Missing)
        );
        let uncounted = Reason::NoCountedAmount {
            amount: OrderAmount::Net,
        };
        assert_eq!(of(13)[0].2, uncounted);
        assert!(matches!(of(14)[0].2, Reason::Amount { .. }));
        assert_eq!(of(15)[0].2, Reason::WholeNumber);
        for (_, _, reason) in &found {
            for lang in [domain::format::Lang::ZhCn, domain::format::Lang::En] {
                assert!(!reason.words(lang).is_empty());
            }
        }
        let errors = company
            .operations
            .import_errors(&company.scope, view.id, domain::format::Lang::ZhCn)
            .await
            .unwrap();
        assert_eq!(
            errors.lines().count(),
            15,
            "every row is in the file of errors: {errors}"
        );
        assert_eq!(company.differences().await, 0);

        // Strangers are refused where they are not to be made, and the order with them.
        let folder = tempfile::tempdir().unwrap();
        let path = crate::files::file(
            folder.path(),
            "strange.csv",
            "order id,order date,product,amount\nX,2018-03-01,甲,5\nX,2018-03-01,无名,5\n",
        );
        let strange = company
            .import(&path, Kind::Orders, &[], domain::import::Options::default())
            .await;
        assert_eq!(strange.counts.rejected, 2);

        // Without any column of lines a second row is one too many.
        let twice = company
            .text(
                Kind::Orders,
                "order id,order date,net\nT,2018-03-01,5\nT,2018-03-01,5\n",
            )
            .await;
        assert_eq!((twice.counts.created, twice.counts.rejected), (1, 1));
        assert_eq!(reasons(&twice)[0].2, Reason::Duplicate { first_row: 2 });
    })
    .await;
}
