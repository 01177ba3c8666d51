//! Rows with problems.

use domain::calendar::Day;
use domain::import::{Field, Fix, LeftOut, MonthTotal, Options, Reason, Status, View};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::money::Fact;
use operations::{Operations, Scope};
use store::Database;

use crate::refusal::code;
use crate::{differences, file, import, wanted};

/// An organization on SQLite, who plans there, and a folder for files.
async fn at_work() -> (kit::Fresh, Scope, Operations, tempfile::TempDir) {
    let fresh = kit::Fresh::sqlite().await;
    let (scope, _) = kit::organization(&fresh.database).await;
    let operations = Operations::new(fresh.database.clone());
    (fresh, scope, operations, tempfile::tempdir().unwrap())
}

#[tokio::test]
async fn bad_rows_are_named_and_the_others_taken() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        let folder = tempfile::tempdir().unwrap();
        let path = file(
            folder.path(),
            "deals.csv",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
             A1,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-01,1000\n\
             A1,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-02,2000\n\
             A2,王海涛,GTX,华东医院,Wonn,2017-01-05,2017-03-01,1000\n\
             A3,王海涛,GTX,华东医院,Won,2017-05-05,2017-03-01,1000\n\
             A4,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-01,-5\n\
             A5,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-01,99999999999999999999\n\
             A6,王海涛,GTX,华东医院,Won,2017-01-05,2017-02-30,10\n\
             A7,,GTX,华东医院,Won,2017-01-05,2017-02-03,10\n\
             A8,王海涛,GTX,华东医院,Won,2017-01-05,2017-02-03,10,x,y\n\
             A9,王\u{0}海涛,GTX,华东医院,Won,2017-01-05,2017-02-03,10\n\
             B1,王海涛,,,Engaging,2017-01-05,,\n\
             B2,王海涛,,,Won,2017-01-05,,\n",
        );
        let create = Options {
            on_missing: domain::import::OnMissing::Create,
            ..Options::default()
        };
        let view = import(&operations, &scope, std::slice::from_ref(&path), create.clone()).await;
        assert_eq!(view.status, Status::Done, "{view:?}");
        let report = view.files[0].report.as_ref().unwrap();
        let of = |row: u64| {
            report
                .problems
                .iter()
                .find(|problem| problem.row == row)
                .map(|it| it.reason.clone())
        };
        assert_eq!(
            (view.counts.read, view.counts.created, view.counts.rejected),
            (12, 2, 10),
            "{report:?}"
        );
        assert_eq!(of(3), Some(Reason::Duplicate { first_row: 2 }));
        assert_eq!(of(4), Some(Reason::UnknownStage));
        assert!(matches!(of(5), Some(Reason::ClosedBeforeCreated { .. })));
        assert_eq!(of(6), Some(Reason::NegativeAmount));
        assert!(matches!(of(7), Some(Reason::Amount { .. })));
        assert!(matches!(of(8), Some(Reason::Date { .. })));
        assert_eq!(of(9), Some(Reason::Missing));
        assert_eq!(
            of(10),
            Some(Reason::TooManyCells {
                expected: 8,
                found: 10
            })
        );
        assert_eq!(of(11), Some(Reason::ControlCharacter));
        assert_eq!(of(13), Some(Reason::WonWithoutCloseDate));
        // The file's side has every won deal whose amount and close date can be read, whatever else is wrong with its row.
        let month = |month: &str, count, sum: i64| MonthTotal {
            month: month.to_owned(),
            count,
            sum: Fact(sum * 10_000),
        };
        assert_eq!(
            report.source.by_month,
            [month("2017-02", 3, 30), month("2017-03", 4, 3_995)]
        );
        assert_eq!(report.written.by_month, [month("2017-03", 1, 1_000)]);
        let errors = operations
            .import_errors(&scope, view.id, domain::format::Lang::ZhCn)
            .await
            .unwrap();
        assert!(
            errors.starts_with('\u{feff}') && errors.lines().count() == 11,
            "{errors}"
        );
        assert_eq!(differences(&database, &scope).await, 0);

        // Without leave to make what is missing, strangers are refused with what was probably meant.
        let other = file(
            folder.path(),
            "more.csv",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
             C1,王海滔,GTX,华东医院,Won,2017-01-05,2017-03-01,1000\n",
        );
        let view = import(&operations, &scope, &[other], Options::default()).await;
        let report = view.files[0].report.as_ref().unwrap();
        assert!(matches!(
            report.problems[0].reason,
            Reason::UnknownReference { .. }
        ));
        assert_eq!(report.problems[0].suggestion.as_ref().unwrap().value, "王海涛");
        assert_eq!(report.source.by_month, [month("2017-03", 1, 1_000)]);
        assert_eq!(report.written.count, 0);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_finds_what_stands_twice_however_far_apart() {
    let (fresh, scope, operations, folder) = at_work().await;
    let mut text = "opportunity_id,sales_agent,deal_stage,engage_date,close_date,close_value\n".to_owned();
    for row in 0..20_000 {
        text += &format!("D{},王海涛,Engaging,2017-01-05,,\n", row % 19_998);
    }
    let path = file(folder.path(), "deals.csv", text);
    let options = Options {
        dry_run: true,
        on_missing: domain::import::OnMissing::Create,
        ..Options::default()
    };
    let view = import(&operations, &scope, &[path], options).await;
    assert_eq!((view.counts.created, view.counts.rejected), (19_998, 2));
    let problems: Vec<(u64, Reason)> = view.files[0]
        .report
        .as_ref()
        .unwrap()
        .problems
        .iter()
        .map(|problem| (problem.row, problem.reason.clone()))
        .collect();
    let twice = |row, first_row| (row, Reason::Duplicate { first_row });
    assert_eq!(problems, [twice(20_000, 2), twice(20_001, 3)]);
    fresh.close().await;
}

#[tokio::test]
async fn aliases_hold_for_every_field_that_names_something_and_for_no_other() {
    let (fresh, scope, operations, folder) = at_work().await;
    let people = file(
        folder.path(),
        "people.csv",
        "name,manager,office\n王海涛,老何,东区\n",
    );
    let deals = file(
        folder.path(),
        "deals.csv",
        "opportunity_id,sales_agent,channel,deal_stage,close_date,close_value\nA1,王海涛,线上店,到手,2017-03-01,1000\n",
    );
    let aliases = r#"{"dry_run":false,"on_missing":"create","aliases":{"stage":{"到手":"Won"},"channel":{"线上店":"电商"},
        "manager":{"老何":"何经理"},"unit":{"东区":"华东"}}}"#;
    let options: Options = serde_json::from_str(aliases).unwrap();
    let view = import(&operations, &scope, &[people, deals.clone()], options).await;
    assert_eq!(
        (view.counts.created, view.counts.rejected),
        (2, 0),
        "{:?}",
        view.files
    );
    let people = operations.people(&scope).await.unwrap();
    let names: Vec<&str> = people.members.iter().map(|member| member.name.as_str()).collect();
    assert!(names.contains(&"何经理") && !names.contains(&"老何"), "{names:?}");
    assert!(people.units.iter().any(|unit| unit.name == "华东"));
    let channels = operations
        .attainment(
            &scope,
            &AttainmentQuery {
                metric: MetricKey::BOOKINGS,
                from: Day::parse_iso("2017-03-01").unwrap(),
                to: Day::parse_iso("2017-04-01").unwrap(),
                by: vec![Dimension::Channel],
                as_of: None,
            },
        )
        .await
        .unwrap();
    assert_eq!(channels.rows[0].keys["channel"].name, "电商");

    let amount: Options = serde_json::from_str(r#"{"aliases":{"amount":{"x":"1"}}}"#).unwrap();
    let refused = operations
        .import_now(&scope, wanted(&[deals], amount, operations::import::Origin::Api))
        .await;
    assert_eq!(code(refused), "unknown_alias_field");
    fresh.close().await;
}

#[tokio::test]
async fn a_dry_run_tells_what_it_was_read_with_and_an_undo_what_it_took_back() {
    let (fresh, scope, operations, folder) = at_work().await;
    let people = file(
        folder.path(),
        "people.csv",
        "name,manager,office\n王海涛,何经理,华东\n",
    );
    import(&operations, &scope, &[people], Options::default()).await;
    let deals = file(
        folder.path(),
        "deals.csv",
        "opportunity_id,sales_agent,deal_stage,close_date,close_value\n\
         A1,王海涛,Won,2017-03-01,1000\n\
         A2,王海涛,Won,2017-02-30,500\n\
         A3,王海涛,Won,2017-03-02,x\n",
    );
    let dry = Options {
        dry_run: true,
        ..Options::default()
    };
    let view = import(&operations, &scope, &[deals], dry).await;
    assert_eq!((view.counts.created, view.counts.rejected), (1, 2));
    let mut choices = view.choices();
    choices.fixes.push(Fix {
        file: "deals.csv".to_owned(),
        row: 3,
        field: Field::ClosedOn,
        column: None,
        value: "2017-02-28".to_owned(),
    });
    choices.drops.push(LeftOut {
        file: "deals.csv".to_owned(),
        row: 4,
    });
    let again = async |view: View| loop {
        let view = operations.import(&scope, view.id).await.unwrap();
        if view.status.is_final() {
            break view;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    let view = operations
        .recheck_import(&scope, view.id, choices.clone())
        .await
        .unwrap();
    let view = again(view).await;
    assert_eq!((view.counts.created, view.counts.rejected), (2, 0));
    // Whoever comes back to the page later writes what was checked, with what was put right.
    let found = view.choices();
    assert_eq!((&found.fixes, &found.drops), (&choices.fixes, &choices.drops));
    let view = operations.commit_import(&scope, view.id, found).await.unwrap();
    let view = again(view).await;
    assert_eq!((view.status, view.counts.created), (Status::Done, 2));
    let undo = operations.undo_import(&scope, view.id).await.unwrap();
    assert_eq!(undo.took_back, Some(view.counts));
    fresh.close().await;
}
