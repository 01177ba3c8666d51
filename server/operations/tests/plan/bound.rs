//! The bound of hedges is the organization's, and no part of what the log of a version leads to.

use domain::explain::StepKind;
use domain::plan::NodeIndex;
use domain::split::Insist;
use domain::target::Verdict;
use store::Database;

use crate::{company, set};

#[tokio::test]
async fn a_log_leads_to_what_is_stored_though_the_bound_of_hedges_was_another_meanwhile() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, company.planner());
        let version = company.plan(&planner).await.version;
        operations
            .set_limits(&planner, Vec::new(), Some(200_000))
            .await
            .unwrap();
        let mut head = operations.open_grid(&planner, version, None).await.unwrap().head;
        // Past the first grid that is stored on the way.
        while head < 201 {
            let change = set(1, 300_000 + head as i64);
            let applied = operations
                .apply(&planner, version, head, change, Insist::Ask)
                .await
                .unwrap();
            assert!(applied.is_done() && applied.head == head + 1, "{applied:?}");
            head = applied.head;
        }
        let verdict = operations.verify(&planner, version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands, .. } if commands == head),
            "{verdict:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_number_is_told_past_a_branch_though_the_bound_of_hedges_was_another_meanwhile() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, company.planner());
        let version = company.plan(&planner).await.version;
        let head = operations.open_grid(&planner, version, None).await.unwrap().head;
        let applied = operations
            .apply(&planner, version, head, set(3, 250_000), Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done());
        operations
            .set_limits(&planner, Vec::new(), Some(200_000))
            .await
            .unwrap();
        let branch = operations.branch_version(&planner, version, None).await.unwrap();
        let open = operations
            .open_grid(&planner, branch.version, None)
            .await
            .unwrap();
        assert_eq!(open.grid.hedge_limit_ppm(), 200_000, "it holds there too");
        let why = operations
            .why(&planner, branch.version, NodeIndex(3), None)
            .await
            .unwrap();
        let mut reasons = why.explanation.steps.iter().filter_map(|step| match &step.kind {
            StepKind::Change { reason, .. } => reason.as_deref(),
            _ => None,
        });
        assert!(
            reasons.any(|reason| reason == "以客户为准"),
            "{:?}",
            why.explanation
        );
    })
    .await;
}
