//! Handing in, deciding, and publishing without the rest of the chain.

use domain::access::Role;
use domain::approval::{ApprovalQuery, Approver, Decision, Progress, Review, StepState};
use domain::notice::Notice;
use domain::split::Insist;
use domain::target::VersionStatus;
use operations::Scope;
use store::Database;

use crate::refusal::code;
use crate::{House, id};

#[tokio::test]
async fn a_draft_is_handed_in_closed_returned_approved_and_published() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        // Without a step nothing has to be approved.
        let none = operations.set_approval_chain(&house.owner, Vec::new()).await;
        none.unwrap();
        let open = operations.open_grid(&house.planner, version, None).await.unwrap();
        assert_ne!(open.review, Review::Needed);
        // An owner or planner other than whoever hands it in.
        let chain = vec![Approver::Planners];
        operations.set_approval_chain(&house.owner, chain).await.unwrap();
        let open = operations.open_grid(&house.planner, version, None).await.unwrap();
        assert_eq!(open.review, Review::Needed);
        assert_eq!(
            code(operations.publish(&house.planner, version).await),
            "approval_needed"
        );
        assert_eq!(
            code(
                operations
                    .approve_version(&house.owner, version, None, None)
                    .await
            ),
            "not_in_review"
        );
        operations
            .submit_version(&house.planner, version, Some("请审阅"))
            .await
            .unwrap();
        assert_eq!(house.status().await, VersionStatus::InReview);
        assert!(matches!(
            house.told(&house.owner).await[0],
            Notice::ApprovalAsked { .. }
        ));

        // It is no more published than before.
        let viewer = house.user(Role::Viewer, "旁观者").await;
        assert!(operations.plans(&viewer).await.unwrap().is_empty());

        // Closed: for changes, workbooks, handing in again, and publishing.
        assert_eq!(code(house.set(&house.planner, 2, 5).await), "version_in_review");
        assert_eq!(
            code(operations.undo(&house.planner, version, 0, Insist::Ask).await),
            "version_in_review"
        );
        assert_eq!(
            code(operations.submit_version(&house.planner, version, None).await),
            "version_in_review"
        );
        assert_eq!(
            code(operations.publish(&house.owner, version).await),
            "approval_open"
        );

        // Not the own one, where somebody else could; a reason to return; nobody below.
        assert_eq!(
            code(
                operations
                    .approve_version(&house.planner, version, None, None)
                    .await
            ),
            "own_submission"
        );
        assert_eq!(
            code(operations.return_version(&house.owner, version, Some(" ")).await),
            "reason_missing"
        );
        let manager = house.user(Role::Manager, "主管").await;
        let rep = house.user(Role::Rep, "销售").await;
        assert_eq!(
            code(operations.approve_version(&rep, version, None, None).await),
            "not_found"
        );
        let waiting = operations
            .approvals(&house.owner, ApprovalQuery::default())
            .await
            .unwrap()
            .waiting;
        assert_eq!((waiting.len(), waiting[0].version), (1, version));
        let own = operations
            .approvals(&house.planner, ApprovalQuery::default())
            .await
            .unwrap();
        assert_eq!((own.waiting.len(), own.others.len()), (0, 1));
        assert_eq!(
            code(operations.return_version(&manager, version, Some("x")).await),
            "not_found"
        );

        operations
            .return_version(&house.owner, version, Some("一组太高"))
            .await
            .unwrap();
        assert_eq!(house.status().await, VersionStatus::Draft);
        let Notice::ApprovalReturned { reason, .. } = &house.told(&house.planner).await[0] else {
            panic!()
        };
        assert_eq!(reason, "一组太高");
        house.set(&house.planner, 2, 5).await.unwrap();

        // Again: approved, published, and everything that was decided stays.
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        operations
            .approve_version(&house.owner, version, None, Some("同意"))
            .await
            .unwrap();
        assert_eq!(
            code(
                operations
                    .approve_version(&house.owner, version, None, None)
                    .await
            ),
            "already_approved"
        );
        assert!(matches!(
            house.told(&house.planner).await[0],
            Notice::ApprovalGiven { .. }
        ));
        assert_eq!(code(house.set(&house.planner, 2, 6).await), "version_in_review");
        operations.publish(&house.planner, version).await.unwrap();
        let shown = house.shown(&house.planner).await;
        assert_eq!(shown.status, VersionStatus::Published);
        assert_eq!(shown.submission.unwrap().progress, Progress::Published);
        let decided: Vec<Decision> = shown.decided.iter().map(|one| one.decision).collect();
        assert_eq!(decided, [Decision::Approved, Decision::Returned]);
        assert!(matches!(&shown.steps[0].state, StepState::Passed { by, .. } if by == "老板"));
        assert_eq!(
            code(operations.submit_version(&house.planner, version, None).await),
            "version_frozen"
        );
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_several_steps_goes_in_order_and_can_be_passed_over_with_a_reason() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        let manager = house.user(Role::Manager, "主管").await;
        let manager = Scope {
            units: house.teams.to_vec(),
            roots: house.teams.to_vec(),
            ..manager
        };
        let rep = house.user(Role::Rep, "销售").await;
        let person = |scope: &Scope| Approver::Person { user: id(scope) };
        for bad in [
            vec![person(&rep)],
            vec![Approver::Role { role: Role::Viewer }],
            vec![Approver::Planners; 9],
        ] {
            assert!(operations.set_approval_chain(&house.planner, bad).await.is_err());
        }
        assert_eq!(
            code(operations.set_approval_chain(&manager, Vec::new()).await),
            "not_found"
        );
        let steps = vec![person(&manager), Approver::Role { role: Role::Owner }];
        operations
            .set_approval_chain(&house.planner, steps)
            .await
            .unwrap();
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        assert_eq!(
            code(
                operations
                    .approve_version(&house.owner, version, None, None)
                    .await
            ),
            "not_your_turn"
        );
        operations
            .approve_version(&manager, version, None, None)
            .await
            .unwrap();
        assert!(matches!(
            house.told(&house.owner).await[0],
            Notice::ApprovalAsked { .. }
        ));
        assert_eq!(
            code(operations.approve_version(&manager, version, None, None).await),
            "not_your_turn"
        );
        operations
            .approve_version(&house.owner, version, None, None)
            .await
            .unwrap();
        assert_eq!(
            house.shown(&house.owner).await.submission.unwrap().progress,
            Progress::Approved
        );

        // What was handed in can be taken back, also when it is approved.
        operations
            .return_version(&house.planner, version, None)
            .await
            .unwrap();
        assert_eq!(house.status().await, VersionStatus::Draft);

        // Somebody of the chain is gone: it says so, and an owner publishes with a reason that stays.
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        let gone = domain::people::Access::Disabled;
        operations
            .set_access(&house.system, id(&manager), gone)
            .await
            .unwrap();
        assert_eq!(
            code(
                operations
                    .approve_version(&house.owner, version, None, None)
                    .await
            ),
            "nobody_decides"
        );
        assert!(house.shown(&house.owner).await.steps[0].names.is_empty());
        assert_eq!(
            code(
                operations
                    .publish_anyway(&house.planner, version, None, "急")
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(operations.publish_anyway(&house.owner, version, None, "  ").await),
            "reason_missing"
        );
        operations
            .publish_anyway(&house.owner, version, None, "主管已离职")
            .await
            .unwrap();
        let shown = house.shown(&house.planner).await;
        assert_eq!(shown.status, VersionStatus::Published);
        let last = &shown.decided[0];
        assert_eq!(
            (last.decision, last.note.as_deref()),
            (Decision::Overridden, Some("主管已离职"))
        );

        // Without any step nobody is asked.
        operations
            .set_approval_chain(&house.planner, Vec::new())
            .await
            .unwrap();
        let next = operations
            .branch_version(&house.planner, version, None)
            .await
            .unwrap()
            .version;
        assert_eq!(
            code(operations.submit_version(&house.planner, next, None).await),
            "no_chain"
        );
        operations.publish(&house.planner, next).await.unwrap();
    })
    .await;
}
