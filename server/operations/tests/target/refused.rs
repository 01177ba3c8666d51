//! What is no target, and who sees none.

use domain::access::Role;
use domain::money::Minor;
use domain::plan::{NodeIndex, PlanCommand};
use domain::target::NewPurpose;
use store::Database;

use crate::planning;
use crate::refusal::code;
use crate::{company, set_total, sum};

#[tokio::test]
async fn what_is_no_target_is_refused_in_words() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_000_000).await;
        let head = company.board(made).await.head;
        for amount in [0, -1, 1_000_000_000_000_001, i64::MAX, i64::MIN] {
            let done = operations
                .decide(planner, made.version, head, set_total(amount))
                .await;
            assert_eq!(code(done), "bad_total", "{amount}");
        }
        let largest = operations
            .decide(planner, made.version, head, set_total(1_000_000_000_000_000))
            .await
            .unwrap();
        let board = company.board(made).await;
        for lines in &board.lines {
            assert_eq!(sum(lines), 1_000_000_000_000_000);
        }
        // A lock that stands in the way is named.
        let lock = PlanCommand::Lock {
            node: NodeIndex(1),
            period: None,
            by: domain::id::UserId::default(),
        };
        let head = operations
            .decide(planner, made.version, largest, lock)
            .await
            .unwrap();
        let refused = operations.decide(planner, made.version, head, set_total(5)).await;
        match refused.unwrap_err() {
            operations::Error::Conflict(refusal) => {
                assert_eq!(refusal.code, "plan_refuses");
                assert!(
                    refusal.words.en.contains("North") && refusal.words.zh.contains("North"),
                    "{refusal:?}"
                );
            }
            other => panic!("{other:?}"),
        }
        for asks in [0, -5, i64::MAX] {
            let purpose = NewPurpose {
                name: "x".to_owned(),
                asks: Some(Minor(asks)),
            };
            assert_eq!(
                code(operations.set_purpose(planner, made.version, purpose).await),
                "bad_amount"
            );
        }
        let nobody = domain::id::VersionId::default();
        assert_eq!(code(operations.target(planner, nobody).await), "not_found");
        assert_eq!(
            code(operations.likelihood(planner, "never".to_owned()).await),
            "unknown_period"
        );
        assert!(
            operations
                .likelihood(planner, "2018-Q1".to_owned())
                .await
                .unwrap()
                .is_some()
        );
        let rep = planning::user(&company.system, Role::Rep, None, &[], &[]);
        assert_eq!(code(operations.target(&rep, made.version).await), "not_found");
    })
    .await;
}
