//! How sheets are read, and what is wrong with some.

use domain::import::{Choices, Failure, Field, Finding, Fix, Reason, Status, Totals, View};
use domain::target::VersionStatus;
use operations::import::{NewImport, Origin};
use store::Database;

use crate::{Desk, counts, ended};

#[tokio::test]
async fn long_and_wide_by_whatever_people_call_them() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        // By number, name, near name, unit in a column of people; amounts as people write them.
        let long = "成员/部门,周期,目标\n\
                    E1,2018-01,￥１２，０００\n\
                    周 敏,2018年1月,1.5万\n\
                    华南,2018-01,\"30,000.50\"\n\
                    陈晨,2018-02,NULL\n\
                    王海涛,2018-01,26000\n";
        let view = desk.import(&[("long.csv", long)], "{}").await;
        assert_eq!(counts(&view), [5, 4, 0, 1, 0], "{:?}", view.files);
        assert_eq!(desk.target("李静").await, Some(1_200_000));
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
        assert_eq!(desk.target("华南").await, Some(3_000_050));
        assert_eq!(desk.target("陈晨").await, None);
        // Who leads 华东's team stands for it; the office is the sum.
        assert_eq!(desk.target("王海涛").await, Some(2_600_000));
        assert_eq!(desk.target("华东").await, Some(2_600_000));
        assert_eq!(desk.target("云杉仪器").await, Some(5_600_050));

        // A wide sheet of another quarter keeps what stands, the heading says the unit, the file's name the year.
        let wide = "工号,4月(万元),5月(万元),二季度\nE1,2,-,2\nE3,1,1.25,2.25\n";
        let view = desk.import(&[("2018年目标.csv", wide)], "{}").await;
        assert_eq!(counts(&view), [2, 2, 0, 0, 0], "{:?}", view.files);
        let findings = &view.files[0].findings;
        let expected = [
            Finding::Subtotals {
                headers: vec!["二季度".to_owned()],
            },
            Finding::UnitFromHeader {
                header: "4月(万元)".to_owned(),
                unit: 10_000,
            },
            Finding::YearFromName {
                year: 2018,
                name: "2018年目标.csv".to_owned(),
            },
            Finding::NoTarget { null: 1, empty: 0 },
        ];
        assert!(expected.iter().all(|one| findings.contains(one)), "{findings:?}");
        assert_eq!(desk.target("李静").await, Some(1_200_000 + 2_000_000));
        assert_eq!(desk.target("陈晨").await, Some(2_250_000));
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
        assert_eq!(
            desk.plans().await,
            [(
                "2018".to_owned(),
                vec![
                    ("2018年目标.csv".to_owned(), VersionStatus::Published),
                    ("long.csv".to_owned(), VersionStatus::Archived)
                ]
            )]
        );

        // Empty cells leave what stands, unless they are to clear it.
        let emptied = "成员,周期,目标\n周敏,2018-01,\n";
        let view = desk.import(&[("a.csv", emptied)], "{}").await;
        assert_eq!(counts(&view), [1, 0, 0, 1, 0]);
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
        let view = desk.import(&[("a.csv", emptied)], r#"{"blank":"clear"}"#).await;
        assert_eq!(counts(&view), [1, 0, 1, 0, 0]);
        assert_eq!(desk.target("周敏").await, None);
        desk.undo(&view).await;
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
    })
    .await;
}

#[tokio::test]
async fn bad_cells_are_named_mended_in_place_or_left_out() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let wide = "Year,Member,M01,M02\n\
                    2018,李静,abc,-5\n\
                    2018,周敏,100,200\n\
                    2018,周敏,1,\n\
                    2018,无名氏,1,2\n\
                    soon,陈晨,1,2\n\
                    2018,,1,2\n\
                    2018,赵磊,99999999999999999999,2\n\
                    2018,赵磊,1,2,3\n";
        let view = desk
            .at_the_page(&[("targets.csv", wide)], r#"{"dry_run":true}"#)
            .await;
        assert_eq!(counts(&view), [8, 1, 0, 0, 7], "{:?}", view.files);
        let report = view.files[0].report.as_ref().unwrap();
        // The file's side has every amount that can be read and placed, whatever else is wrong with its row.
        let by_month = |totals: &Totals| -> Vec<(String, u64, i64)> {
            let months = totals.by_month.iter();
            months
                .map(|total| (total.month.clone(), total.count, total.sum.0 / 10_000))
                .collect()
        };
        assert_eq!(
            by_month(&report.source),
            [("2018-01".to_owned(), 5, 104), ("2018-02".to_owned(), 6, 203)]
        );
        assert_eq!(
            by_month(&report.written),
            [("2018-01".to_owned(), 1, 100), ("2018-02".to_owned(), 1, 200)]
        );
        let of = |row: u64| -> Vec<(Option<&str>, &Reason)> {
            let problems = report.problems.iter().filter(|problem| problem.row == row);
            problems
                .map(|problem| (problem.column.as_deref(), &problem.reason))
                .collect()
        };
        assert!(matches!(
            of(2)[..],
            [
                (Some("M01"), Reason::Amount { .. }),
                (Some("M02"), Reason::NegativeAmount)
            ]
        ));
        assert_eq!(of(4), [(Some("M01"), &Reason::Duplicate { first_row: 3 })]);
        assert!(matches!(
            of(5)[..],
            [(Some("Member"), Reason::UnknownReference { .. })]
        ));
        assert!(matches!(of(6)[..], [(Some("Year"), Reason::Period), ..]));
        assert!(matches!(of(7)[..], [(None, Reason::NoCarrier)]));
        assert!(matches!(of(8)[..], [(Some("M01"), Reason::Amount { .. })]));
        assert!(matches!(of(9)[..], [(None, Reason::TooManyCells { .. })]));

        let fix = |row, field, column: &str, value: &str| Fix {
            file: "targets.csv".to_owned(),
            row,
            field,
            column: Some(column.to_owned()),
            value: value.to_owned(),
        };
        let choices = Choices {
            options: serde_json::from_str(r#"{"publish":true}"#).unwrap(),
            fixes: vec![
                fix(2, Field::Amount, "M01", "11"),
                fix(2, Field::Amount, "M02", "12"),
                fix(5, Field::Member, "Member", "E4"),
                fix(6, Field::Year, "Year", "2018"),
            ],
            drops: [4, 7, 8, 9]
                .map(|row| domain::import::LeftOut {
                    file: "targets.csv".to_owned(),
                    row,
                })
                .to_vec(),
            ..Choices::default()
        };
        desk.operations
            .commit_import(&desk.scope, view.id, choices)
            .await
            .unwrap();
        let view = ended(&desk, view.id).await;
        assert_eq!(counts(&view), [4, 4, 0, 0, 0], "{:?}", view.files);
        assert_eq!(desk.target("李静").await, Some(2_300));
        assert_eq!(desk.target("赵磊").await, Some(300));

        // Who is unknown may be made; an alias says whom a name means.
        let options = r#"{"on_missing":"create","aliases":{"member":{"小李":"李静","东区":"华东"}}}"#;
        let long = "成员,周期,目标\n小李,2018-03,1\n新人,2018-03,2\n东区,2018-03,9\n";
        let view = desk.import(&[("more.csv", long)], options).await;
        assert_eq!(counts(&view), [3, 3, 0, 0, 0], "{:?}", view.files);
        assert_eq!(desk.target("李静").await, Some(2_400));
        assert_eq!(desk.target("新人").await, Some(200));

        // One kind of period a year and import; the same number in another file is told.
        let mixed = "成员,周期,目标\n李静,2018-10,1\n李静,2018-Q4,2\n周敏,2018-H9,2\n";
        let other = "成员,周期,目标\n李静,2018-10,3\n";
        let view = desk
            .import(&[("mixed.csv", mixed), ("other.csv", other)], "{}")
            .await;
        let reasons: Vec<&Reason> = view
            .files
            .iter()
            .flat_map(|file| &file.report.as_ref().unwrap().problems)
            .map(|problem| &problem.reason)
            .collect();
        assert!(
            matches!(
                reasons[..],
                [
                    Reason::PeriodOverlaps { .. },
                    Reason::Period,
                    Reason::InAnotherFile
                ]
            ),
            "{reasons:?}"
        );
        let errors = desk
            .operations
            .import_errors(&desk.scope, view.id, domain::format::Lang::ZhCn)
            .await
            .unwrap();
        assert!(errors.contains("2018-Q4 与同一批里的 2018-10 重叠"), "{errors}");
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_targets_say_why_and_leave_nothing() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let kind = |view: &View| {
            let problems = view.files[0].mapping.as_ref().unwrap().problems.clone();
            (
                view.status,
                view.failure,
                problems.first().map(ToString::to_string),
            )
        };
        for (text, options, part) in [
            ("成员,2018-01,2018年1月\n李静,1,2\n", "{}", "same period"),
            (
                "成员,周期,目标\n李静,2018-01,2\n",
                r#"{"layout":"wide"}"#,
                "`wide`",
            ),
            ("成员,2018-01\n李静,1\n", r#"{"layout":"long"}"#, "period"),
        ] {
            let path = desk.file("targets.csv", text);
            let wanted = NewImport {
                kind: Some(domain::import::Kind::Targets),
                ..Desk::wanted(&[path], options, Origin::Api)
            };
            let view = desk.operations.import_now(&desk.scope, wanted).await.unwrap();
            let (status, failure, problem) = kind(&view);
            assert_eq!(
                (status, failure),
                (Status::Failed, Some(Failure::Files)),
                "{text}"
            );
            assert!(problem.as_ref().unwrap().contains(part), "{problem:?}");
        }
        // Each cell fits; their sum is more than a plan holds. The members that came along are not left behind.
        let mut people = "姓名,工号,部门\n".to_owned();
        let mut targets = "工号,2018-01\n".to_owned();
        for number in 0..6_000 {
            people.push_str(&format!("人{number},N{number},华北\n"));
            if number < 20 {
                targets.push_str(&format!("N{number},999999999999\n"));
            }
        }
        let before = kit::rows(&database).await;
        let view = desk
            .import(&[("people.csv", &people), ("targets.csv", &targets)], "{}")
            .await;
        assert_eq!(
            (view.status, view.failure),
            (Status::Failed, Some(Failure::TargetsTooLarge))
        );
        let after = kit::rows(&database).await;
        for table in ["member", "unit", "assignment", "plan", "version"] {
            assert_eq!(before.get(table), after.get(table), "{table}");
        }
    })
    .await;
}
