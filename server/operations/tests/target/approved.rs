//! A target that goes through approval before it is published.

use domain::access::Role;
use domain::approval::Approver;
use operations::{Actor, NewUser, Scope};
use store::Database;

use crate::{company, planning};

#[tokio::test]
async fn a_target_whose_lines_are_proposed_is_published_after_approval() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let new = NewUser {
            email: "planner@attain.test".to_owned(),
            name: "planner".to_owned(),
            role: Role::Planner,
            password: "corridor-lantern-43".to_owned(),
            member: None,
            language: None,
        };
        let id = operations.create_user(&company.system, new).await.unwrap();
        let planner = &Scope {
            actor: Actor::User {
                id,
                name: "planner".to_owned(),
            },
            ..planning::user(&company.system, Role::Planner, None, &[], &[])
        };
        operations
            .set_approval_chain(&company.system, vec![Approver::Planners])
            .await
            .unwrap();
        let made = company.plan(1_200_003).await;
        assert!(company.board(made).await.lines.iter().any(|lines| lines.proposed));
        operations
            .submit_version(planner, made.version, None)
            .await
            .unwrap();
        operations
            .approve_version(planner, made.version, None)
            .await
            .unwrap();
        operations.publish(planner, made.version).await.unwrap();
        let board = company.board(made).await;
        assert!(
            board.lines.iter().all(|lines| !lines.proposed),
            "{:?}",
            board.lines
        );
    })
    .await;
}
