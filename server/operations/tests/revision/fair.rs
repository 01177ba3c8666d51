//! Fairness: what a plan is judged by and for whom, limits, and what is not published because of them.

use domain::access::Role;
use domain::fairness::{Limit, Limits, Measure, Settings};
use domain::id::VersionId;
use domain::plan::{NodeIndex, NodeRef};
use store::Database;

use crate::house::{House, node};
use crate::planning::{self, day};
use crate::refusal::code;

/// Nobody's plan is that easy: nine of ten have to be expected to reach theirs.
const STRICT: Limit = Limit {
    measure: Measure::Reached,
    warn_ppm: Some(950_000),
    block_ppm: Some(900_000),
};

async fn draft(house: &House) -> VersionId {
    house
        .operations
        .branch_version(&house.planner, house.version, None)
        .await
        .unwrap()
        .version
}

#[tokio::test]
async fn what_is_beyond_a_limit_is_published_with_a_reason_only() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let operations = house.operations.clone();
        operations
            .set_fairness_limits(&house.planner, vec![STRICT])
            .await
            .unwrap();
        // Without history nothing can be expected, and nothing blocks.
        let first = draft(&house).await;
        operations.publish(&house.planner, first).await.unwrap();

        house.operations.today = Some(day("2018-04-10"));
        house.sell_for_years().await;
        let operations = &house.operations;
        let second = draft(&house).await;
        let refused = operations.publish(&house.planner, second).await;
        let operations::Error::Conflict(refusal) = refused.unwrap_err() else {
            panic!("it is a clash with the limits")
        };
        assert_eq!(refusal.code, "fairness_blocks");
        assert!(refusal.words.en.contains("90.0 %"), "{}", refusal.words.en);
        assert!(refusal.words.zh.contains("90.0 %"), "{}", refusal.words.zh);
        let owner = planning::user(&house.system, Role::Owner, None, &[], &[]);
        operations
            .publish_anyway(&owner, second, "董事会已经同意")
            .await
            .unwrap();

        // The usual limits are back, and the same numbers pass.
        operations
            .set_fairness_limits(&house.planner, Vec::new())
            .await
            .unwrap();
        let third = draft(&house).await;
        operations.publish(&house.planner, third).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn limits_are_checked_and_for_those_who_publish() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        let wrong = Limit {
            block_ppm: Some(960_000),
            ..STRICT
        };
        assert_eq!(
            code(operations.set_fairness_limits(&house.planner, vec![wrong]).await),
            "bad_limit"
        );
        let manager = planning::user(&house.system, Role::Manager, None, &[], &[]);
        assert_eq!(
            code(operations.set_fairness_limits(&manager, vec![STRICT]).await),
            "not_found"
        );
        let known = async || {
            operations
                .fairness_ground(&house.planner, house.version)
                .await
                .unwrap()
                .limits
        };
        assert_eq!(known().await, Limits::default());
        operations
            .set_fairness_limits(&house.planner, vec![STRICT])
            .await
            .unwrap();
        assert_eq!(known().await, Limits::with(&[STRICT]));
    })
    .await;
}

#[tokio::test]
async fn everybody_is_judged_by_what_they_can_be_expected_to_do_within_reach() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let empty = house
            .operations
            .fairness_ground(&house.planner, house.version)
            .await
            .unwrap();
        assert!(!empty.known && empty.people.is_empty());

        house.operations.today = Some(day("2018-04-10"));
        house.sell_for_years().await;
        let open = house.open(house.version).await;
        let operations = &house.operations;
        let ground = operations
            .fairness_ground(&house.planner, house.version)
            .await
            .unwrap();
        assert!(ground.known && ground.may_limit);
        let of = |name: &str| {
            let node = node(&open, name);
            ground.people.iter().find(|footing| footing.node == node).unwrap()
        };
        let [anna, bert, dora] = ["anna", "bert", "dora"].map(of);
        assert!(anna.outlook.mean > bert.outlook.mean && bert.outlook.mean > 0.0);
        assert!(
            dora.outlook.mean < bert.outlook.mean / 10.0,
            "who never sold: {dora:?}"
        );
        assert!(bert.growth.is_some_and(|growth| growth.abs() < 0.1), "{bert:?}");
        assert!(anna.size > bert.size && !anna.new_hire);
        let amount = |node: NodeIndex| open.grid.amount(node, None);
        let judged = ground
            .check(open.grid.shape(), 0, amount, &Settings::default())
            .unwrap();
        assert_eq!(judged.nodes.len(), 4);
        assert!(judged.report.chances.share < 0.9);

        // Who leads a team is told of its people, and of nobody else.
        let shape = open.grid.shape();
        let team = shape.parent(node(&open, "anna")).unwrap();
        let NodeRef::Unit(unit) = shape.reference(team) else {
            panic!("a person stands below a unit")
        };
        let members: Vec<_> = shape
            .children(team)
            .filter_map(|child| match shape.reference(child) {
                NodeRef::Member(member) => Some(member),
                NodeRef::Unit(_) => None,
            })
            .collect();
        assert_eq!(members.len(), 2);
        let manager = planning::user(&house.system, Role::Manager, None, &[unit], &members);
        let part = operations.fairness_ground(&manager, house.version).await.unwrap();
        assert_eq!(part.people.len(), 2);
        assert!(!part.may_limit);
        let rep = planning::user(
            &house.system,
            Role::Rep,
            members.first().copied(),
            &[],
            &members[..1],
        );
        assert_eq!(
            code(operations.fairness_ground(&rep, house.version).await),
            "not_found"
        );
    })
    .await;
}
