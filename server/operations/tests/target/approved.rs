//! A target that goes through approval before it is published.

use domain::access::Role;
use domain::approval::Approver;
use domain::assumption::PlanningQuery;
use domain::outlook::OutlookQuery;
use operations::{Actor, NewUser, Scope};
use store::Database;

use crate::refusal::code;
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
            .approve_version(planner, made.version, None, None)
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

#[tokio::test]
async fn who_decides_is_told_how_likely_it_is_that_what_they_see_is_reached() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let made = company.plan(1_200_003).await;
        let whole = operations
            .approval_outlook(&company.planner, made.version)
            .await
            .unwrap();
        assert!(whole.is_some());
        assert_eq!(whole, company.board(made).await.outlook);

        // Who leads a unit, and may see no outlook, is told of that unit; of several side by side nothing is known.
        let query = OutlookQuery {
            planning: PlanningQuery::of(made.version),
            node: None,
        };
        let outlook = operations.outlook(&company.planner, query).await.unwrap();
        let region = |name: &str| {
            outlook
                .branches
                .iter()
                .find(|branch| branch.name == name)
                .unwrap()
        };
        let (north, south) = (region("North"), region("South"));
        let leads =
            |units: &[domain::id::UnitId]| planning::user(&company.system, Role::Manager, None, units, &[]);
        let manager = leads(&[north.place.unit]);
        assert_eq!(
            operations.approval_outlook(&manager, made.version).await.unwrap(),
            north.total
        );
        let both = leads(&[north.place.unit, south.place.unit]);
        assert_eq!(
            operations.approval_outlook(&both, made.version).await.unwrap(),
            None
        );
        // Who carries the number of a unit, and leads it no more, is not told what it is expected to bring.
        let people = operations.people(&company.planner).await.unwrap();
        let carrier = people
            .members
            .iter()
            .find(|member| member.name == "a")
            .unwrap()
            .id;
        let left = planning::user(&company.system, Role::Manager, Some(carrier), &[], &[carrier]);
        assert_eq!(
            operations.approval_outlook(&left, made.version).await.unwrap(),
            None
        );
        let rep = planning::user(&company.system, Role::Rep, None, &[], &[]);
        assert_eq!(
            code(operations.approval_outlook(&rep, made.version).await),
            "not_found"
        );
    })
    .await;
}
