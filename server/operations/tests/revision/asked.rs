//! Who is asked again when another version is published that is no revision: whose number changes, and nobody else.

use domain::access::Role;
use domain::id::VersionId;
use domain::money::Minor;
use domain::notice::Notice;
use domain::plan::{Entered, GiveWay, NodeRef, PeriodIndex, PlanCommand};
use domain::split::Insist;
use domain::target::{Answer, Confirmation};
use operations::{Actor, NewUser, Scope};
use store::Database;

use crate::house::{House, node};
use crate::planning;

/// Somebody in the house who may answer for their number and is told of it.
async fn rep(house: &House, name: &str) -> Scope {
    let open = house.open(house.version).await;
    let NodeRef::Member(member) = open.grid.shape().reference(node(&open, name)) else {
        panic!("{name} is a person")
    };
    let new = NewUser {
        email: format!("{name}@attain.test"),
        name: name.to_owned(),
        role: Role::Rep,
        password: "corridor-lantern-43".to_owned(),
        member: Some(member),
        language: None,
    };
    let id = house.operations.create_user(&house.system, new).await.unwrap();
    Scope {
        actor: Actor::User {
            id,
            name: name.to_owned(),
        },
        ..planning::user(&house.system, Role::Rep, Some(member), &[], &[member])
    }
}

/// Somebody confirms the number they carry.
pub(super) async fn confirm(house: &House, rep: &Scope) {
    let own = house.operations.my_targets(rep).await.unwrap().remove(0);
    let answer = Answer::Confirmed;
    house
        .operations
        .acknowledge(rep, own.version, own.node, &own.hash, answer, None)
        .await
        .unwrap();
}

/// A branch of the first version in which the first quarter of bert is more by so much.
async fn branched(house: &House, more: i64) -> VersionId {
    let operations = &house.operations;
    let made = operations
        .branch_version(&house.planner, house.version, None)
        .await;
    let version = made.unwrap().version;
    let open = house.open(version).await;
    let (bert, first) = (node(&open, "bert"), Some(PeriodIndex(0)));
    let amount = Minor(open.grid.amount(bert, first).0 + more);
    let command = PlanCommand::Enter {
        amounts: vec![Entered {
            node: bert,
            period: first,
            amount,
        }],
        gives: GiveWay::Above,
        reason: None,
    };
    if more != 0 {
        let applied = operations
            .apply(&house.planner, version, open.head, command, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(applied.refused, None);
    }
    version
}

/// Publishes a version, and answers of each of these whether their number counts as confirmed, and whether they were told.
async fn published(house: &House, version: VersionId, reps: [&Scope; 2]) -> [(bool, bool); 2] {
    let operations = &house.operations;
    operations.publish(&house.planner, version).await.unwrap();
    let mut stands = [(false, false); 2];
    for (rep, (confirmed, told)) in reps.into_iter().zip(&mut stands) {
        let own = operations.my_targets(rep).await.unwrap().remove(0);
        assert_eq!(own.version, version);
        *confirmed = matches!(own.confirmation, Confirmation::Confirmed { .. });
        *told = operations
            .notices(rep)
            .await
            .unwrap()
            .list
            .iter()
            .any(|told| match &told.notice {
                Notice::TargetPublished { version: of, .. } | Notice::TargetChanged { version: of, .. } => {
                    *of == version
                }
                _ => false,
            });
    }
    stands
}

#[tokio::test]
async fn a_branch_asks_again_only_where_the_number_changes() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (anna, bert) = (rep(&house, "anna").await, rep(&house, "bert").await);
        let reps = [&anna, &bert];
        for rep in reps {
            confirm(&house, rep).await;
        }
        let second = branched(&house, 500).await;
        assert_eq!(
            published(&house, second, reps).await,
            [(true, false), (false, true)],
            "only the one whose number changed is asked"
        );
        confirm(&house, &bert).await;

        // Of the first version too, not of the second: what counts is what was on record before it.
        let third = branched(&house, 500).await;
        assert_eq!(
            published(&house, third, reps).await,
            [(true, false), (true, false)]
        );

        // The number of the first version again: confirmed once, but not the one that is on record.
        let fourth = branched(&house, 0).await;
        assert_eq!(
            published(&house, fourth, reps).await,
            [(true, false), (false, true)]
        );
    })
    .await;
}
