//! Several steps made as one, neighbouring periods set as a whole, and over-assignment by level: one entry of the log each, taken back whole.

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{Give, Keep, MOST_STEPS, NodeIndex, PeriodIndex, PlanCommand, Step};
use domain::split::Insist;
use store::Database;

use crate::{code, company};

fn unlock(node: NodeIndex) -> Step {
    Step::Unlock { node, period: None }
}

#[tokio::test]
async fn a_way_out_is_one_step_back() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let node = NodeIndex(1);
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let (before, head) = (open.grid.amount(node, None), open.head);
        let lock = PlanCommand::Lock {
            node,
            period: None,
            by: UserId::default(),
        };
        let locked = operations
            .apply(&planner, version, head, lock, Insist::Ask)
            .await
            .unwrap();
        let wanted = Minor(before.0 / 2);
        let out = PlanCommand::Steps {
            steps: vec![
                unlock(node),
                Step::Set {
                    node,
                    period: None,
                    amount: wanted,
                    keep: Keep::Column,
                    give: Give::Siblings,
                },
            ],
        };
        let done = operations
            .apply(&planner, version, locked.head, out, Insist::Ask)
            .await
            .unwrap();
        assert!(done.is_done() && done.head == locked.head + 1, "{done:?}");
        let changed = operations.open_grid(&planner, version, None).await.unwrap();
        assert_eq!(changed.grid.amount(node, None), wanted);
        assert!(changed.grid.constraint(node, None).lock.is_none());
        let undone = operations
            .undo(&planner, version, done.head, Insist::Ask)
            .await
            .unwrap();
        assert!(undone.is_done(), "{undone:?}");
        let back = operations.open_grid(&planner, version, None).await.unwrap();
        assert_eq!(back.grid.amount(node, None), before);
        assert!(back.grid.constraint(node, None).lock.is_some());
        let many = PlanCommand::Steps {
            steps: vec![unlock(node); MOST_STEPS + 1],
        };
        let refused = operations
            .apply(&planner, version, undone.head, many, Insist::Ask)
            .await;
        assert_eq!(code(refused), "too_many_steps");
    })
    .await;
}

#[tokio::test]
async fn several_months_are_set_as_one_change() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let node = NodeIndex(1);
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let months = [0, 1].map(|month| Some(PeriodIndex(month)));
        let had = months.map(|month| open.grid.amount(node, month).0);
        let wanted = had.iter().sum::<i64>() + 6_001;
        let command = PlanCommand::SetSpan {
            node,
            first: PeriodIndex(0),
            periods: 2,
            amount: Minor(wanted),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        let done = operations
            .apply(&planner, version, open.head, command, Insist::Ask)
            .await
            .unwrap();
        assert!(done.is_done() && done.head == open.head + 1, "{done:?}");
        let after = operations.open_grid(&planner, version, None).await.unwrap();
        let has = months.map(|month| after.grid.amount(node, month).0);
        assert_eq!(has.iter().sum::<i64>(), wanted);
        assert_eq!(after.grid.check(), Ok(()));
        let undone = operations
            .undo(&planner, version, done.head, Insist::Ask)
            .await
            .unwrap();
        assert!(undone.is_done(), "{undone:?}");
        let back = operations.open_grid(&planner, version, None).await.unwrap();
        assert_eq!(back.grid, open.grid, "one step takes all of it back");
    })
    .await;
}

#[tokio::test]
async fn over_assignment_is_set_and_taken_back() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let command = PlanCommand::OverAssign {
            node: NodeIndex(0),
            uplift_ppm: vec![50_000, 20_000],
            reason: None,
        };
        let done = operations
            .apply(&planner, version, open.head, command, Insist::Ask)
            .await
            .unwrap();
        assert!(done.is_done(), "{done:?}");
        let after = operations.open_grid(&planner, version, None).await.unwrap();
        let root = NodeIndex(0);
        assert_eq!(after.grid.amount(root, None), open.grid.amount(root, None));
        for period in open.grid.periods() {
            let amount = open.grid.amount(root, Some(period)).0;
            assert_eq!(
                after.grid.hedge(root, Some(period)).0,
                amount * 50_000 / 1_000_000
            );
        }
        let why = operations
            .why(&planner, version, NodeIndex(1), None)
            .await
            .unwrap();
        let named = why.explanation.steps.iter().any(|step| {
            let kind = domain::explain::What::OverAssign;
            matches!(&step.kind, domain::explain::StepKind::Change { what, .. } if *what == kind)
        });
        assert!(named, "the why-card names it: {:?}", why.explanation.steps);
        operations
            .undo(&planner, version, done.head, Insist::Ask)
            .await
            .unwrap();
        let back = operations.open_grid(&planner, version, None).await.unwrap();
        assert_eq!(back.grid, open.grid);
    })
    .await;
}
