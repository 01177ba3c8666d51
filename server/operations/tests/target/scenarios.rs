//! Scenarios: branched, renamed, put away, taken out again, compared.

use domain::access::Role;
use domain::assumption::PlanningQuery;
use domain::calendar::PeriodKind;
use domain::level::Given;
use domain::money::Minor;
use domain::scenario::AssumptionKind;
use domain::target::{NewPlan, NewPurpose};
use store::Database;

use crate::refusal::code;
use crate::{company, planning, set_total};

#[tokio::test]
async fn scenarios_are_branched_renamed_put_away_and_compared() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        assert!(operations.scenarios(planner, None, None).await.unwrap().is_none());
        let made = company.plan(1_000_000).await;
        let bold = operations
            .branch_version(planner, made.version, Some("进取"))
            .await
            .unwrap();
        operations
            .decide(planner, bold.version, 0, set_total(1_500_000))
            .await
            .unwrap();
        let purpose = NewPurpose {
            name: "Board".to_owned(),
            asks: None,
        };
        operations
            .set_purpose(planner, bold.version, purpose)
            .await
            .unwrap();
        let compared = operations
            .compare_versions(planner, &[made.version, bold.version])
            .await
            .unwrap();
        let totals: Vec<i64> = compared.columns.iter().map(|column| column.total.0).collect();
        assert_eq!(totals, [1_000_000, 1_500_000]);
        for column in &compared.columns {
            let quarters: i64 = column.quarters.iter().map(|amount| amount.0).sum();
            assert_eq!((quarters, column.quarters.len()), (column.total.0, 4));
            assert!(column.outlook.is_some());
        }
        assert_eq!(compared.units.len(), 2);
        let kinds: Vec<AssumptionKind> = compared.assumptions.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [AssumptionKind::Purpose]);
        // Names are one a plan.
        assert_eq!(
            code(operations.rename_version(planner, made.version, " 进取 ").await),
            "name_taken"
        );
        assert_eq!(
            code(operations.rename_version(planner, made.version, " ").await),
            "bad_name"
        );
        operations
            .rename_version(planner, made.version, "稳健")
            .await
            .unwrap();
        // What is put away leaves the lists and does not change, and comes back as it was.
        operations.shelve_version(planner, bold.version).await.unwrap();
        let listed = operations.plans(planner).await.unwrap();
        assert_eq!(listed[0].versions.len(), 1);
        let in_work = operations
            .target_in_work(planner, PlanningQuery::default())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(in_work.planning.version.unwrap().name, "稳健");
        let all = operations.scenarios(planner, None, None).await.unwrap().unwrap();
        assert_eq!(all.scenarios.len(), 2);
        assert!(
            all.scenarios
                .iter()
                .any(|row| row.shelved_at_ms.is_some() && row.branched_from == Some(1))
        );
        assert!(!company.board(bold).await.may_edit);
        assert_eq!(
            code(operations.decide(planner, bold.version, 1, set_total(5)).await),
            "version_shelved"
        );
        assert_eq!(
            code(
                operations
                    .set_levels(planner, bold.version, Given::default())
                    .await
            ),
            "version_shelved"
        );
        assert_eq!(
            code(operations.publish(planner, bold.version).await),
            "version_shelved"
        );
        assert_eq!(
            code(operations.shelve_version(planner, bold.version).await),
            "shelved_already"
        );
        let pair = [made.version, bold.version];
        assert_eq!(
            code(operations.compare_versions(planner, &pair).await),
            "version_shelved"
        );
        operations.restore_version(planner, bold.version).await.unwrap();
        assert_eq!(
            code(operations.restore_version(planner, bold.version).await),
            "not_shelved"
        );
        assert_eq!(company.board(bold).await.total, Minor(1_500_000));
        // Only versions of one plan, two to four of them.
        let new = NewPlan {
            name: Some("another".to_owned()),
            ..planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month)
        };
        let other = operations.create_plan(planner, new).await.unwrap();
        let strange = [made.version, other.version];
        assert_eq!(
            code(operations.compare_versions(planner, &strange).await),
            "other_plan"
        );
        for wrong in [
            vec![],
            vec![made.version],
            vec![made.version; 2],
            vec![made.version; 5],
        ] {
            assert_eq!(
                code(operations.compare_versions(planner, &wrong).await),
                "compare_two_to_four"
            );
        }
        // A plan of record keeps its name and is no draft.
        operations.publish(planner, made.version).await.unwrap();
        assert_eq!(
            code(operations.rename_version(planner, made.version, "x").await),
            "version_frozen"
        );
        assert_eq!(
            code(operations.shelve_version(planner, made.version).await),
            "not_a_draft"
        );
        let manager = planning::user(&company.system, Role::Manager, None, &[], &[]);
        assert_eq!(
            code(operations.scenarios(&manager, None, None).await),
            "not_found"
        );
    })
    .await;
}
