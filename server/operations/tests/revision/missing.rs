//! The target stays, and what is missing is spread again.

use domain::access::Role;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef, PeriodIndex, PlanCommand};
use domain::revision::Begin;
use domain::split::{Insist, OpenGrid};
use domain::target::{Confirmation, Verdict};
use operations::Error;
use store::Database;

use crate::asked::confirm;
use crate::house::{House, node};
use crate::planning::{self, day};
use crate::refusal::code;

fn amount(grid: &OpenGrid, name: &str, period: Option<u16>) -> i64 {
    grid.grid.amount(node(grid, name), period.map(PeriodIndex)).0
}

/// A year of which the first quarter is over, with years of sales behind it.
async fn in_april(database: &Database) -> House {
    let mut house = House::of(database).await;
    house.sell_for_years().await;
    house.operations.today = Some(day("2018-04-10"));
    house
}

async fn opened(house: &House, begin: Begin) -> OpenGrid {
    let made = house
        .operations
        .open_revision(&house.planner, house.version, None, Some("补缺口"), begin)
        .await
        .unwrap();
    house.open(made.version).await
}

#[tokio::test]
async fn the_target_of_the_whole_stays_and_everybody_takes_part() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let is = opened(&house, Begin::MakeUp).await;
        assert_eq!(
            is.grid.amount(NodeIndex(0), None),
            was.grid.amount(NodeIndex(0), None),
            "to the cent"
        );
        assert_eq!(
            amount(&is, "anna", Some(0)),
            900_000 + 900_100 + 900_200,
            "over: booked"
        );
        // Dora brings nothing: of her three quarters nothing more is asked; the others take in proportion to what is
        // expected of them.
        for period in 1..4 {
            assert_eq!(
                amount(&is, "dora", Some(period)),
                amount(&was, "dora", Some(period))
            );
        }
        let more = |name: &str| -> i64 {
            (1..4)
                .map(|period| amount(&is, name, Some(period)) - amount(&was, name, Some(period)))
                .sum()
        };
        let (anna, bert, carl) = (more("anna"), more("bert"), more("carl"));
        assert!(anna > bert && bert > carl && carl > 0, "{anna} {bert} {carl}");
        let past = |grid: &OpenGrid| grid.grid.amount(NodeIndex(0), Some(PeriodIndex(0))).0;
        assert_eq!(anna + bert + carl, past(&was) - past(&is), "all that is missing");
        // The planner's own first change: it can be taken back, and the log holds.
        assert_eq!((is.head, is.undoable.undo), (1, 1));
        let verdict = house.operations.verify(&house.planner, is.version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 1, .. }),
            "{verdict:?}"
        );
        let undone = house
            .operations
            .undo(&house.planner, is.version, is.head, Insist::Ask)
            .await
            .unwrap();
        assert!(undone.is_done());
        let back = house.open(is.version).await;
        for period in 1..4 {
            assert_eq!(
                amount(&back, "anna", Some(period)),
                amount(&was, "anna", Some(period))
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_target_of_each_team_stays_where_teams_make_up_their_own() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let is = opened(&house, Begin::MakeUpTeams).await;
        let shape = is.grid.shape();
        let mut teams = 0;
        for unit in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
            let name = shape.name(unit);
            assert_eq!(amount(&is, name, None), amount(&was, name, None), "{name}");
            teams += 1;
        }
        assert_eq!(teams, 4, "the company, a region, two teams");
        // Carl makes up what Dora did not bring; their team's number is nobody else's.
        let whole = opened(&house, Begin::MakeUp).await;
        assert!(amount(&is, "carl", None) > amount(&whole, "carl", None));
    })
    .await;
}

/// A published version in which what these people carry after the first quarter is locked.
async fn locked(house: &House, names: &[&str]) -> VersionId {
    let operations = &house.operations;
    let made = operations
        .branch_version(&house.planner, house.version, None)
        .await
        .unwrap();
    let open = house.open(made.version).await;
    let mut head = 0;
    for name in names {
        for period in 1..4 {
            let command = PlanCommand::Lock {
                node: node(&open, name),
                period: Some(PeriodIndex(period)),
                by: open.me,
            };
            let applied = operations
                .apply(&house.planner, made.version, head, command, Insist::Ask)
                .await
                .unwrap();
            assert!(applied.is_done());
            head = applied.head;
        }
    }
    operations.publish(&house.planner, made.version).await.unwrap();
    made.version
}

async fn made_up(house: &House, version: VersionId) -> Result<OpenGrid, Error> {
    let made = house
        .operations
        .open_revision(&house.planner, version, None, Some("补缺口"), Begin::MakeUp)
        .await?;
    Ok(house.open(made.version).await)
}

#[tokio::test]
async fn locks_of_what_is_left_hold_and_a_target_without_room_is_refused() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let is = made_up(&house, locked(&house, &["anna"]).await).await.unwrap();
        for period in 1..4 {
            assert_eq!(
                amount(&is, "anna", Some(period)),
                amount(&was, "anna", Some(period))
            );
            let held = is.grid.constraint(node(&is, "anna"), Some(PeriodIndex(period)));
            assert!(held.lock.is_some(), "it is still locked");
        }
        assert_eq!(
            is.grid.amount(NodeIndex(0), None),
            was.grid.amount(NodeIndex(0), None)
        );
        let all = locked(&house, &["anna", "bert", "carl", "dora"]).await;
        assert_eq!(code(made_up(&house, all).await), "no_room_for_missing");
    })
    .await;
}

#[tokio::test]
async fn who_carries_the_same_number_is_not_asked_again() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let was = house.open(house.version).await;
        let version = locked(&house, &["anna"]).await;
        let rep = |name: &str| {
            let NodeRef::Member(member) = was.grid.shape().reference(node(&was, name)) else {
                panic!("{name} is a person")
            };
            planning::user(&house.system, Role::Rep, Some(member), &[], &[member])
        };
        let reps = ["anna", "bert"].map(rep);
        for rep in &reps {
            confirm(&house, rep).await;
        }
        // Anna booked what she carried in the quarter that is over, nobody else anything.
        let carried = amount(&was, "anna", Some(0));
        let deal = format!("anna,2018-02-10,{}.{:02}", carried / 100, carried % 100);
        house.sell(&[deal.as_str()]).await;
        house.operations.today = Some(day("2018-04-10"));
        let is = made_up(&house, version).await.unwrap();
        assert_eq!(is.grid.amount(NodeIndex(0), None), Minor(40_000_000));
        house
            .operations
            .publish(&house.planner, is.version)
            .await
            .unwrap();
        let mut stands = Vec::new();
        for rep in &reps {
            let own = house.operations.my_targets(rep).await.unwrap().remove(0);
            assert_eq!(own.version, is.version);
            stands.push(matches!(own.confirmation, Confirmation::Confirmed { .. }));
        }
        assert_eq!(stands, [true, false], "the same number; more of it");
    })
    .await;
}

#[tokio::test]
async fn where_more_is_booked_than_was_asked_nothing_is_missing() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        // Nora's team alone brought more than the whole was asked.
        house.sell(&["anna,2018-02-10,500000"]).await;
        house.operations.today = Some(day("2018-04-10"));
        assert_eq!(code(made_up(&house, house.version).await), "nothing_missing");
        let was = house.open(house.version).await;
        let is = opened(&house, Begin::MakeUpTeams).await;
        let of =
            |grid: &OpenGrid, name: &str| (1..4).map(|period| amount(grid, name, Some(period))).sum::<i64>();
        for name in ["anna", "bert"] {
            assert_eq!(of(&is, name), of(&was, name), "the team is there already");
        }
        for name in ["carl", "dora"] {
            assert!(of(&is, name) > of(&was, name), "theirs lacks a quarter");
        }
    })
    .await;
}
