//! What publishing freezes, and that a new version asks again.

use domain::calendar::PeriodKind;
use domain::money::Minor;
use domain::plan::NodeRef;
use domain::split::Insist;
use domain::target::{Answer, Confirmation, NewPlan, VersionStatus};
use store::Database;

use crate::{code, company, day, set};

#[tokio::test]
async fn publishing_freezes_and_a_new_version_asks_again() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let rep = company.rep(company.people[0]);
        let made = company.plan(&planner).await;
        assert!(company.targets(&company.system).await.is_empty());
        assert!(operations.my_targets(&rep).await.unwrap().is_empty());
        assert!(operations.plans(&rep).await.unwrap().is_empty());

        operations.publish(&planner, made.version).await.unwrap();
        assert_eq!(
            code(operations.publish(&planner, made.version).await),
            "version_frozen"
        );
        let late = operations
            .apply(&planner, made.version, 2, set(3, 1), Insist::Ask)
            .await;
        assert_eq!(code(late), "version_frozen");
        let targets = company.targets(&company.system).await;
        assert_eq!(targets[&NodeRef::Unit(company.root)], 1_000_000);
        assert_eq!(targets.len(), 10);
        assert_eq!(company.targets(&rep).await.len(), 1);

        let mine = operations.my_targets(&rep).await.unwrap().remove(0);
        let wrong = mine.hash.replace(|_| true, "0");
        let answer = |hash: String, answer, comment: Option<&'static str>| {
            let (operations, rep, node) = (operations.clone(), rep.clone(), mine.node);
            async move {
                operations
                    .acknowledge(&rep, made.version, node, &hash, answer, comment)
                    .await
            }
        };
        assert_eq!(
            code(answer(wrong, Answer::Confirmed, None).await),
            "target_changed"
        );
        assert_eq!(
            code(answer(mine.hash.clone(), Answer::Countered, Some("  ")).await),
            "comment_missing"
        );
        let countered = answer(mine.hash.clone(), Answer::Countered, Some("太高"))
            .await
            .unwrap();
        assert!(
            matches!(countered.confirmation, Confirmation::Countered { ref comment, .. } if comment == "太高")
        );
        let confirmed = answer(mine.hash.clone(), Answer::Confirmed, None).await.unwrap();
        assert!(matches!(confirmed.confirmation, Confirmation::Confirmed { .. }));
        // Somebody else's number is not there for them.
        let sibling = company.rep(company.people[1]);
        let foreign = operations
            .acknowledge(
                &sibling,
                made.version,
                mine.node,
                &mine.hash,
                Answer::Confirmed,
                None,
            )
            .await;
        assert_eq!(code(foreign), "not_found");

        let next = operations
            .branch_version(&planner, made.version, None)
            .await
            .unwrap();
        operations
            .apply(&planner, next.version, 0, set(3, 150_000), Insist::Ask)
            .await
            .unwrap();
        assert_eq!(
            operations.my_targets(&rep).await.unwrap()[0].total,
            mine.total,
            "a draft is no target"
        );
        let published = operations.publish(&planner, next.version).await.unwrap();
        assert_eq!(published.archived, [made.version]);
        let again = operations.my_targets(&rep).await.unwrap();
        assert_eq!(again.len(), 1);
        assert_eq!(
            (again[0].total, &again[0].confirmation),
            (Minor(150_000), &Confirmation::Open)
        );
        // The first split of the earlier version, then the change.
        assert_eq!(
            (again[0].changes.len(), again[0].changes[0].by.clone()),
            (2, None)
        );
        assert_eq!(again[0].changes[1].reason.as_deref(), Some("以客户为准"));
        let old = answer(mine.hash.clone(), Answer::Confirmed, None).await;
        assert!(["target_changed", "not_found"].contains(&code(old).as_str()));
        assert_eq!(
            company.targets(&company.system).await[&NodeRef::Member(company.people[0])],
            150_000
        );

        let rows = operations.plans(&rep).await.unwrap();
        let statuses: Vec<_> = rows[0].versions.iter().map(|version| version.status).collect();
        assert_eq!(statuses, [VersionStatus::Published, VersionStatus::Archived]);

        // A quarter on record cannot be replaced in part.
        let month = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-07-01"),
            period_kind: PeriodKind::Quarter,
            total: Minor(7),
            name: None,
        };
        let quarters = operations.create_plan(&planner, month).await.unwrap();
        let published = operations.publish(&planner, quarters.version).await.unwrap();
        assert_eq!(published.archived, [next.version]);
        let months = company.plan(&planner).await;
        let february = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-02-01"),
            to: day("2018-03-01"),
            period_kind: PeriodKind::Month,
            total: Minor(7),
            name: None,
        };
        let february = operations.create_plan(&planner, february).await.unwrap();
        assert_eq!(
            code(operations.publish(&planner, february.version).await),
            "cuts_a_published_period"
        );
        operations.publish(&planner, months.version).await.unwrap();
        let reader = database.reader();
        let second_quarter = store::cell::published_targets(
            &reader,
            &company.system,
            "bookings",
            day("2018-04-01"),
            day("2018-07-01"),
        );
        assert_eq!(
            second_quarter.await.unwrap().len(),
            10,
            "the other quarter stays on record"
        );
    })
    .await;
}
