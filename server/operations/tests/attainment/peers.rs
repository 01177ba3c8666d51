//! What others got wrong. Each test bears the name of a mistake that products of this kind are known for.

use domain::access::Reach;
use domain::calendar::Day;
use domain::import::{Options, Status};
use domain::money::Minor;
use domain::people::{MemberInput, Share, UnitInput};
use domain::track::BoardQuery;
use operations::Scope;
use operations::import::Origin;
use store::Database;

use crate::company::{HEAD, company};
use crate::files::{file, wanted};
use crate::named;

#[tokio::test]
async fn lost_deals_are_counted() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company
            .sell(&[
                "1,anna,Won,2018-01-02,2018-02-01,100",
                "2,anna,Lost,2018-01-02,2018-02-01,70",
                "3,anna,Engaging,2018-01-02,,50",
            ])
            .await;
        assert_eq!(
            named(&company.year("member").await, "member")["anna"],
            (10_000, 1)
        );
        // A deal that is lost after all leaves the sum.
        company.sell(&["1,anna,Lost,2018-01-02,2018-03-01,100"]).await;
        assert_eq!(named(&company.year("member").await, "member")["anna"], (0, 0));
    })
    .await;
}

#[tokio::test]
async fn created_date_is_used_instead_of_won_date() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company
            .sell(&[
                "1,anna,Won,2017-11-02,2018-02-10,100",
                "2,anna,Won,2018-02-02,2018-03-31,10",
                "3,anna,Won,2018-03-31,2018-04-01,1",
            ])
            .await;
        let months = named(&company.year("month").await, "month");
        assert_eq!(months["2018-02"], (10_000, 1));
        assert_eq!(months["2018-03"], (1_000, 1));
        assert_eq!(months["2018-04"], (100, 1));
        let quarters = named(&company.year("quarter").await, "quarter");
        assert_eq!(
            (quarters["2018-Q1"], quarters["2018-Q2"]),
            ((11_000, 2), (100, 1))
        );
    })
    .await;
}

#[tokio::test]
async fn attainment_is_capped_so_that_leaders_tie() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.publish(40_000).await;
        company
            .sell(&[
                "1,anna,Won,2018-01-02,2018-02-01,150",
                "2,bert,Won,2018-01-02,2018-02-01,250",
                "3,carl,Won,2018-01-02,2018-02-01,100",
            ])
            .await;
        let answer = company.year("member").await;
        let row = |name: &str| {
            answer
                .rows
                .iter()
                .find(|row| row.keys["member"].name == name)
                .unwrap()
        };
        for (name, actual) in [("anna", 15_000), ("bert", 25_000), ("carl", 10_000), ("dora", 0)] {
            let row = row(name);
            assert_eq!(row.actual, Minor(actual));
            let expected = actual as f64 / row.target.unwrap().0 as f64;
            assert_eq!(row.attainment, Some(expected), "{name}");
        }
        let (anna, bert) = (row("anna").attainment.unwrap(), row("bert").attainment.unwrap());
        assert!(anna > 1.49 && bert > 2.49, "{anna} {bert}");
        let query = BoardQuery {
            period: Some("2018".to_owned()),
            by: Some("member".to_owned()),
            as_of: None,
        };
        let board = company.operations.board(&company.scope, query).await.unwrap();
        let best = board
            .rows
            .iter()
            .filter_map(|row| row.attainment)
            .fold(0.0, f64::max);
        assert!((best - bert).abs() < 1e-9, "{best} {bert}");
        assert!(
            (board.total.attainment.unwrap() - 1.25).abs() < 1e-9,
            "nor is the whole capped"
        );
    })
    .await;
}

#[tokio::test]
async fn sellers_at_zero_are_missing_from_the_ranking() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.publish(40_000).await;
        company.sell(&["1,anna,Won,2018-01-02,2018-02-01,150"]).await;
        let query = BoardQuery {
            period: Some("2018".to_owned()),
            by: Some("member".to_owned()),
            as_of: None,
        };
        let board = company.operations.board(&company.scope, query).await.unwrap();
        for name in ["bert", "carl", "dora"] {
            let row = board
                .rows
                .iter()
                .find(|row| row.keys["member"].name == name)
                .unwrap();
            assert_eq!(
                (row.actual, row.count, row.attainment),
                (Minor(0), 0, Some(0.0)),
                "{name}"
            );
        }
        for by in ["member,month", "member,product", "member,unit:team"] {
            let rows = company.year(by).await.rows;
            assert!(rows.iter().any(|row| row.keys["member"].name == "dora"), "{by}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_group_node_shows_zero_and_sub_departments_are_left_out() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.publish(40_000).await;
        company
            .sell(&[
                "1,anna,Won,2018-01-02,2018-02-01,100",
                "2,carl,Won,2018-01-02,2018-02-01,30",
            ])
            .await;
        let units = named(&company.year("unit").await, "unit");
        assert_eq!(units["nora"], (10_000, 1));
        assert_eq!(units["olaf"], (3_000, 1));
        assert_eq!(units["North"], (13_000, 2), "nobody belongs to the region itself");
        assert_eq!(units["云杉仪器"], (13_000, 2));
        assert_eq!(
            named(&company.year("unit:region").await, "unit:region")["North"],
            (13_000, 2)
        );
        let targets = company.targets("unit").await;
        assert_eq!(targets["North"], Some(40_000));
        assert_eq!(targets["nora"].unwrap() + targets["olaf"].unwrap(), 40_000);
    })
    .await;
}

#[tokio::test]
async fn closed_periods_change_afterwards() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.publish(40_000).await;
        company.sell(&["1,anna,Won,2018-01-02,2018-02-01,100"]).await;
        let before = (
            company.targets("member,quarter").await,
            company.targets("unit,quarter").await,
        );
        // More is sold, people leave, move and come: what was published says the same.
        company
            .sell(&[
                "2,bert,Won,2018-01-02,2018-02-01,900",
                "3,dora,Won,2018-01-02,2018-05-01,900",
            ])
            .await;
        let (operations, scope) = (&company.operations, &company.scope);
        let people = operations.people(scope).await.unwrap();
        let member = |name: &str| {
            people
                .members
                .iter()
                .find(|member| member.name == name)
                .unwrap()
                .id
        };
        let unit = |name: &str| people.units.iter().find(|unit| unit.name == name).unwrap().id;
        let left = MemberInput {
            name: "bert".to_owned(),
            external_id: None,
            email: None,
            hired_on: None,
            left_on: Day::parse_iso("2018-04-01"),
        };
        operations
            .update_member(scope, member("bert"), left)
            .await
            .unwrap();
        let share = Share {
            unit: unit("olaf"),
            share_ppm: 1_000_000,
        };
        let from = Day::parse_iso("2018-05-01").unwrap();
        operations
            .assign(scope, member("anna"), from, &[share])
            .await
            .unwrap();
        let new = UnitInput {
            parent: unit("North"),
            level: "team".to_owned(),
            name: "late".to_owned(),
            code: None,
            manager: Some(member("dora")),
        };
        operations.create_unit(scope, new).await.unwrap();
        let after = (
            company.targets("member,quarter").await,
            company.targets("unit,quarter").await,
        );
        for (before, after) in [(before.0, after.0), (before.1, after.1)] {
            for (key, target) in before {
                assert_eq!(after.get(&key), Some(&target), "{key}");
            }
        }
        // Credits stay where they were made: anna's first quarter is still nora's.
        let units = named(&company.year("unit").await, "unit");
        assert_eq!(units["nora"].0, 100_000);
    })
    .await;
}

#[tokio::test]
async fn half_a_contributor_is_credited_all() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let people = operations.people(scope).await.unwrap();
        let member = |name: &str| {
            people
                .members
                .iter()
                .find(|member| member.name == name)
                .unwrap()
                .id
        };
        let unit = |name: &str| people.units.iter().find(|unit| unit.name == name).unwrap().id;
        let half = |unit| Share {
            unit,
            share_ppm: 500_000,
        };
        let from = Day::parse_iso("2018-01-01").unwrap();
        let shares = [half(unit("nora")), half(unit("olaf"))];
        operations
            .assign(scope, member("anna"), from, &shares)
            .await
            .unwrap();
        company.sell(&["1,anna,Won,2018-01-02,2018-02-01,100.01"]).await;
        let units = named(&company.year("unit").await, "unit");
        // 50.005 each, rounded once where it is shown; the whole stays whole, and one deal is one deal.
        assert_eq!((units["nora"].0, units["olaf"].0), (5_001, 5_001));
        assert_eq!(units["North"], (10_001, 1));
        assert_eq!(
            named(&company.year("member").await, "member")["anna"],
            (10_001, 1)
        );
    })
    .await;
}

#[tokio::test]
async fn currencies_are_added_unconverted() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.sell(&["1,anna,Won,2018-01-02,2018-02-01,100"]).await;
        // A row that says it is in another currency, by a column or by a mark, is refused with the reason.
        for (head, cells) in [
            ("close_value,currency", "70,USD"),
            ("close_value", "US$70"),
            ("close_value", "70 EUR"),
            ("close_value", "$70"),
        ] {
            let text = format!(
                "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,{head}\n\
                 2,anna,Widget,Acme,Won,2018-01-02,2018-02-01,{cells}\n\
                 3,bert,Widget,Acme,Won,2018-01-02,2018-02-01,5{}\n",
                if head.contains("currency") { ",CNY" } else { "" }
            );
            let view = company.import("deals.csv", &text, Options::default()).await;
            assert_eq!(view.counts.rejected, 1, "{cells}: {view:?}");
            let report = view.files[0].report.as_ref().unwrap();
            let reason = &report.problems[0];
            for lang in [domain::format::Lang::ZhCn, domain::format::Lang::En] {
                assert!(
                    reason.words(lang).contains("CNY"),
                    "{cells}: {}",
                    reason.words(lang)
                );
            }
            let members = named(&company.year("member").await, "member");
            assert_eq!(
                (members["anna"], members["bert"]),
                ((10_000, 1), (500, 1)),
                "{cells}"
            );
        }
        // So is a whole file.
        let options = Options {
            currency: Some("USD".to_owned()),
            ..Options::default()
        };
        let text = format!("{HEAD}9,dora,Widget,Acme,Won,2018-01-02,2018-02-01,70\n");
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), "deals.csv", text);
        let wanted = wanted(&[path], options, Origin::CommandLine);
        let refused = company.operations.import_now(&company.scope, wanted).await;
        assert!(
            refused.as_ref().is_err() || refused.unwrap().status == Status::Failed,
            "a file in another currency is not taken over"
        );
        assert_eq!(named(&company.year("member").await, "member")["dora"], (0, 0));
    })
    .await;
}

#[tokio::test]
async fn an_empty_year_is_taken_for_an_empty_company() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let board = async |scope: &Scope, period: &str| {
            let query = BoardQuery {
                period: Some(period.to_owned()),
                by: Some("member".to_owned()),
                as_of: None,
            };
            company.operations.board(scope, query).await.unwrap()
        };
        let before = board(&company.scope, "2018-Q2").await;
        assert!(before.is_empty() && before.newest.is_none(), "nothing at all");
        company
            .sell(&[
                "1,anna,Won,2014-01-02,2014-02-01,150",
                "2,anna,Won,2015-01-02,2015-05-04,150",
                "3,bert,Won,2015-01-02,2015-11-30,150",
                "4,bert,Lost,2015-12-02,2015-12-24,0",
                "5,bert,Won,2018-07-02,2018-07-15,150",
            ])
            .await;
        let board = board(&company.scope, "2017-Q2").await;
        let newest = board.newest.unwrap();
        assert_eq!(newest.day.to_string(), "2015-11-30", "won, and not after today");
        assert_eq!(newest.period.name, "2015-Q4");
        // Each person's own: what others sold is not told.
        let members = store::member::list(&database.reader(), &company.scope)
            .await
            .unwrap();
        let of = |name: &str| {
            let member = members.iter().find(|member| member.name == name).unwrap();
            Scope {
                reach: Reach::Own,
                members: vec![member.id],
                member: Some(member.id),
                ..company.scope.clone()
            }
        };
        let today = company.operations.today.unwrap();
        let newest = async |name: &str| {
            let newest = company.operations.newest(&of(name), today).await.unwrap();
            newest.map(|newest| newest.day.to_string())
        };
        assert_eq!(newest("anna").await.as_deref(), Some("2015-05-04"));
        assert_eq!(newest("carl").await, None);
    })
    .await;
}
