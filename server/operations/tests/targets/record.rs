//! What lands on record, and what a sheet does not replace.

use domain::access::{Grants, Role};
use domain::calendar::Day;
use domain::id::UserId;
use domain::import::{Finding, Status, Withheld};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::{NewPlan, VersionStatus};
use operations::import::Origin;
use operations::{Actor, Scope};
use store::Database;
use uuid::Uuid;

use crate::{Desk, counts, named};

#[tokio::test]
async fn what_people_published_is_not_replaced_by_a_program_unasked() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: Day::parse_iso("2018-01-01").unwrap(),
            to: Day::parse_iso("2018-04-01").unwrap(),
            period_kind: domain::calendar::PeriodKind::Month,
            total: Minor(1_200_000),
            name: Some("一季度".to_owned()),
        };
        let made = desk.operations.create_plan(&desk.scope, new).await.unwrap();
        desk.operations.publish(&desk.scope, made.version).await.unwrap();
        let before = desk.target("李静").await.unwrap();

        let sheet = "成员,2018-01,2018-02\n李静,7,8\n";
        let view = desk.import(&[("sheet.csv", sheet)], "{}").await;
        let landing = &view.targets[0];
        assert_eq!(landing.status, VersionStatus::Draft);
        assert_eq!(
            landing.withheld,
            Some(Withheld::Replaces {
                plan: "一季度".to_owned()
            })
        );
        assert_eq!(landing.plan, "一季度", "the plan that has these months");
        assert_eq!(desk.target("李静").await, Some(before));
        desk.undo(&view).await;
        assert_eq!(
            desk.plans().await[0].1.len(),
            1,
            "the draft is gone, the plan stays"
        );

        // Asked for, it replaces what the sheet names and keeps the rest; taken back, what was on record is again.
        let view = desk.import(&[("sheet.csv", sheet)], r#"{"publish":true}"#).await;
        assert_eq!(view.targets[0].status, VersionStatus::Published);
        let march = desk.targets("2018-03-01", "2018-04-01", "member").await;
        assert_eq!(
            desk.target("李静").await,
            Some(1_500 + march["李静"].0.unwrap()),
            "March stays as it was"
        );
        desk.undo(&view).await;
        assert_eq!(desk.target("李静").await, Some(before));

        // A quarter cannot be replaced by one of its months.
        let quarter = "成员,2018-Q2\n李静,9\n";
        desk.import(&[("quarter.csv", quarter)], "{}").await;
        let month = "成员,2018-04\n李静,3\n";
        let view = desk.import(&[("month.csv", month)], r#"{"publish":true}"#).await;
        assert!(matches!(view.targets[0].withheld, Some(Withheld::Cuts { .. })));
        assert_eq!(view.targets[0].status, VersionStatus::Draft);

        // Who may import but not publish gets a draft.
        let token = Scope {
            actor: Actor::Token {
                id: Uuid::now_v7().into(),
                user: UserId(Uuid::now_v7()),
                name: "loader".to_owned(),
            },
            role: Role::Planner,
            grants: Grants::parse("import").unwrap(),
            ..desk.scope.clone()
        };
        let path = desk.file("july.csv", "成员,2018-07\n李静,3\n");
        let view = desk
            .operations
            .import_now(&token, Desk::wanted(&[path], "{}", Origin::Api))
            .await
            .unwrap();
        assert_eq!(view.status, Status::Done, "{view:?}");
        assert_eq!(view.targets[0].withheld, Some(Withheld::NotAllowed));

        // Later targets are taken back first.
        let first = desk.import(&[("a.csv", "成员,2018-09\n李静,3\n")], "{}").await;
        let second = desk.import(&[("b.csv", "成员,2018-09\n李静,4\n")], "{}").await;
        assert_eq!(desk.undo_refused(&first).await, "import_changed_since");
        desk.undo(&second).await;
        let september = desk.targets("2018-09-01", "2018-10-01", "member").await;
        assert_eq!(september["李静"].0, Some(300));
        desk.undo(&first).await;
    })
    .await;
}

#[tokio::test]
async fn people_and_their_targets_come_in_one_go_and_go_together() {
    kit::on_each(async |database: Database| {
        let desk = Desk::new(&database).await;
        let people = "姓名,工号,部门\n李静,E1,华东\n周敏,E2,华东\n";
        let targets = "工号,周期,目标\nE1,2018-Q1,5\nE2,2018-Q1,6\n";
        let view = desk
            .import(&[("targets.csv", targets), ("people.csv", people)], "{}")
            .await;
        assert_eq!(counts(&view), [4, 4, 0, 0, 0], "{:?}", view.files);
        assert_eq!(desk.target("华东").await, Some(1_100));
        let open = desk.grid(view.targets[0].version.unwrap()).await;
        assert_eq!(
            open.grid.shape().periods().len(),
            4,
            "quarters, as the sheet has them"
        );
        assert_eq!(open.grid.amount(NodeIndex(0), None), Minor(1_100));
        desk.undo(&view).await;
        assert!(desk.plans().await.is_empty());
        let reader = database.reader();
        assert!(
            store::member::list(&reader, &desk.scope)
                .await
                .unwrap()
                .is_empty()
        );

        // People whom a plan of others names stay.
        let staff = desk.import(&[("people.csv", people)], "{}").await;
        desk.import(&[("targets.csv", targets)], "{}").await;
        assert_eq!(desk.undo_refused(&staff).await, "import_in_use");
    })
    .await;
}

#[tokio::test]
async fn numbers_of_a_sheet_stay_as_they_are() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        // Who leads the team has less than the two below; the office of the others has more than is below it.
        let sheet = "成员,周期,目标\n\
                     李静,2018-01,300\n\
                     周敏,2018-01,200\n\
                     王海涛,2018-01,400\n\
                     陈晨,2018-01,50\n\
                     华南,2018-01,1000\n\
                     赵磊,2018-02,70\n";
        let view = desk.import(&[("sheet.csv", sheet)], "{}").await;
        assert_eq!(counts(&view), [6, 6, 0, 0, 0], "{:?}", view.files);
        let difference = |name: &str, own, below| Finding::Difference {
            name: name.to_owned(),
            year: "2018".to_owned(),
            own: Minor(own),
            below: Minor(below),
        };
        let findings = &view.files[0].findings;
        assert!(
            findings.contains(&difference("王海涛", 40_000, 50_000)),
            "{findings:?}"
        );
        assert!(
            findings.contains(&difference("华南", 100_000, 5_000)),
            "{findings:?}"
        );
        assert_eq!(desk.target("云杉仪器").await, Some(40_000 + 100_000 + 7_000));
        assert_eq!(desk.target("华南").await, Some(100_000 + 7_000));
        assert_eq!(desk.target("王海涛").await, Some(40_000));
        assert_eq!(desk.target("李静").await, Some(30_000));
        let version = view.targets[0].version.unwrap();
        let open = desk.grid(version).await;
        open.grid.check().unwrap();
        let shape = open.grid.shape();
        assert_eq!(open.grid.hedge(named(shape, "王海涛"), None), Minor(10_000));
        assert_eq!(open.grid.hedge(named(shape, "华南"), None), Minor(0));
        assert_eq!(open.grid.amount(named(shape, "未分配"), None), Minor(95_000));
        // A draft branched from it adds up and can be split further.
        let draft = desk
            .operations
            .branch_version(&desk.scope, version, None)
            .await
            .unwrap();
        let open = desk.grid(draft.version).await;
        open.grid.check().unwrap();
        assert_eq!(desk.undo_refused(&view).await, "import_in_use");
    })
    .await;
}
