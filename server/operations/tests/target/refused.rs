//! What is no target, and who sees none.

use domain::access::Role;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::target::NewPurpose;
use store::Database;

use crate::planning::{self, day};
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
        // So is what lies on one line, and a row that is not there is none.
        let to_itself = PlanCommand::Move {
            from: NodeIndex(1),
            to: NodeIndex(1),
            period: None,
            amount: Minor(1),
            reason: None,
        };
        let refused = operations.decide(planner, made.version, head, to_itself).await;
        match refused.unwrap_err() {
            operations::Error::Conflict(refusal) => {
                assert!(
                    refusal.words.en.contains("one line") && refusal.words.zh.contains("上下级"),
                    "{refusal:?}"
                );
            }
            other => panic!("{other:?}"),
        }
        let nowhere = PlanCommand::Unlock {
            node: NodeIndex(4_000),
            period: None,
        };
        let refused = operations.decide(planner, made.version, head, nowhere).await;
        assert_eq!(code(refused), "not_found");
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

#[tokio::test]
async fn a_cap_of_zero_set_by_hand_is_told_from_nobody_being_there() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_200_000).await;
        let mut head = company.board(made).await.head;
        let (north, january) = (NodeIndex(1), Some(PeriodIndex(0)));
        let set = |amount| PlanCommand::Set {
            node: north,
            period: january,
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        let cap = PlanCommand::Cap {
            node: north,
            period: january,
            amount: Some(Minor(0)),
        };
        for command in [set(0), cap] {
            head = operations
                .decide(planner, made.version, head, command)
                .await
                .unwrap();
        }
        let told = async || match operations.decide(planner, made.version, head, set(500)).await {
            Err(operations::Error::Conflict(refusal)) => [refusal.words.zh, refusal.words.en],
            other => panic!("{other:?}"),
        };
        let [zh, en] = told().await;
        assert!(zh.contains("North") && zh.contains("上限"), "{zh}");
        assert!(en.contains("cap") && !en.contains("not there"), "{en}");

        // The unit is gone before the period begins.
        let units = store::unit::list(&database.reader(), &company.system, None)
            .await
            .unwrap();
        let mut unit = units.into_iter().find(|unit| unit.name == "North").unwrap();
        unit.ends_on = Some(day("2018-01-01"));
        let writer = database.writer().await.unwrap();
        store::unit::update(&writer, &company.system, &unit)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let [zh, en] = told().await;
        assert!(zh.contains("不在岗"), "{zh}");
        assert!(en.contains("not there"), "{en}");
    })
    .await;
}
