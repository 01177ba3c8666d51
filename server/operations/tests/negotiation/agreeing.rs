//! What an agreement does to a draft.

use domain::id::UserId;
use domain::negotiation::{MoveKind, Status};
use domain::plan::{GiveWay, PlanCommand};
use domain::split::Insist;
use domain::target::{Answer, Confirmation, Verdict};
use store::Database;

use crate::{code, company};

#[tokio::test]
async fn a_counter_with_an_amount_is_agreed_on_and_entered_into_the_next_draft() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        let rep = &company.reps[0];
        let target = operations.my_targets(rep).await.unwrap().remove(0);
        let counter = async |amount| {
            operations
                .counter_target(rep, version, target.node, &target.hash, "太高", Some(amount))
                .await
        };
        assert_eq!(code(counter("many").await), "negotiation_amount");
        assert_eq!(code(counter("-5").await), "negotiation_amount");
        let answered = counter("1,000").await.unwrap();
        assert!(matches!(answered.confirmation, Confirmation::Countered { .. }));
        let talk = operations.own_negotiations(rep).await.unwrap().remove(0);
        assert_eq!(
            (
                talk.number,
                talk.standing.amount.0,
                talk.said[0].what.words.as_deref()
            ),
            (target.total, 100_000, Some("太高"))
        );
        company
            .act(&company.planner, talk.id, MoveKind::Counter, Some(120_000))
            .await
            .unwrap();
        company.act(rep, talk.id, MoveKind::Agree, None).await.unwrap();
        // What is published does not change.
        assert_eq!(company.number(version, company.people[0]).await.1, target.total.0);

        let next = operations
            .branch_version(&company.planner, version, None)
            .await
            .unwrap()
            .version;
        let desk = operations.negotiations(&company.planner, next).await.unwrap();
        assert_eq!(desk.agreed.len(), 1);
        assert_eq!(desk.agreed[0].amount.0, 120_000);
        assert_eq!(
            code(
                operations
                    .enter_agreed(&company.leader, next, GiveWay::Above, None)
                    .await
            ),
            "not_found"
        );
        let entered = operations
            .enter_agreed(&company.planner, next, GiveWay::Above, None)
            .await
            .unwrap();
        assert_eq!((entered.entered, entered.left.len()), (1, 0));
        assert_eq!(company.number(next, company.people[0]).await.1, 120_000);
        assert_eq!(
            code(
                operations
                    .enter_agreed(&company.planner, next, GiveWay::Above, None)
                    .await
            ),
            "nothing_agreed"
        );
        // Without an amount it stays an objection.
        let other = &company.reps[1];
        let target = operations.my_targets(other).await.unwrap().remove(0);
        operations
            .acknowledge(
                other,
                version,
                target.node,
                &target.hash,
                Answer::Countered,
                Some("y"),
            )
            .await
            .unwrap();
        assert!(operations.own_negotiations(other).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn agreeing_on_a_draft_sets_its_number_or_says_what_stands_in_the_way() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.draft().await;
        let (row, number) = company.number(version, company.people[0]).await;
        let rep = &company.reps[0];
        // A rep sees no draft, and so begins nothing there; asked by whoever plans, the own thread is seen.
        assert_eq!(
            code(company.propose(rep, version, row, number - 1).await),
            "not_found"
        );
        let id = company
            .propose(&company.planner, version, row, number + 5_000)
            .await
            .unwrap();
        assert_eq!(operations.own_negotiations(rep).await.unwrap().len(), 1);
        company
            .act(rep, id, MoveKind::Counter, Some(number + 2_000))
            .await
            .unwrap();
        let lock = |by| PlanCommand::Lock {
            node: row,
            period: None,
            by,
        };
        let head = async || {
            let open = operations.open_grid(&company.planner, version, None).await;
            open.unwrap().head
        };
        let change = async |command| {
            operations
                .apply(&company.planner, version, head().await, command, Insist::Ask)
                .await
                .unwrap()
        };
        change(lock(UserId::default())).await;
        assert_eq!(
            code(company.act(&company.planner, id, MoveKind::Agree, None).await),
            "plan_refuses"
        );
        let own = operations.own_negotiations(rep).await.unwrap();
        assert_eq!(own[0].standing.status, Status::Open, "nothing was agreed");
        change(PlanCommand::Unlock {
            node: row,
            period: None,
        })
        .await;
        let before = head().await;
        company
            .act(&company.planner, id, MoveKind::Agree, None)
            .await
            .unwrap();
        assert_eq!(head().await, before + 1);
        assert_eq!(company.number(version, company.people[0]).await.1, number + 2_000);
        assert!(matches!(
            operations.verify(&company.planner, version).await.unwrap(),
            Verdict::Sound { .. }
        ));

        // A leader agrees, and what was agreed waits for whoever may change the draft.
        let (row, number) = company.number(version, company.people[1]).await;
        let id = company
            .propose(&company.leader, version, row, number - 3_000)
            .await
            .unwrap();
        company
            .act(&company.reps[1], id, MoveKind::Counter, Some(number - 4_000))
            .await
            .unwrap();
        company
            .act(&company.leader, id, MoveKind::Agree, None)
            .await
            .unwrap();
        assert_eq!(company.number(version, company.people[1]).await.1, number);
        let entered = operations
            .enter_agreed(&company.planner, version, GiveWay::Above, None)
            .await
            .unwrap();
        assert_eq!(entered.entered, 1);
        assert_eq!(company.number(version, company.people[1]).await.1, number - 4_000);
    })
    .await;
}
