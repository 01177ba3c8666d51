//! The same asked for twice, and two people at once.

use domain::id::CommandId;
use domain::plan::PlanCommand;
use domain::split::Insist;
use domain::staffing::{Change, Kind, LeaveInput, LeaveKind, Rest};
use store::Database;
use uuid::Uuid;

use crate::house::House;
use crate::planning::day;
use crate::refusal::code;

#[tokio::test]
async fn a_change_that_is_sent_again_is_made_once() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, _, c, _] = house.people;
        let leaves = |member| Change::Leaver {
            member,
            rest: Rest::Colleagues,
        };
        let asked = house.asked("2018-05-14", leaves(a));
        let key = Some(CommandId(Uuid::now_v7()));
        let open = || {
            let operations = &house.operations;
            operations.open_staffing(&house.planner, &asked, key, Some("离职"))
        };
        // At the same moment, as two clicks do, and once more when the answer was lost.
        let (one, other) = tokio::join!(open(), open());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one, other);
        assert_eq!(open().await.unwrap(), one);
        let drafts = async || {
            let plans = house.operations.plans(&house.planner).await.unwrap();
            plans.iter().map(|plan| plan.versions.len()).sum::<usize>() - 1
        };
        assert_eq!(drafts().await, 1);
        // Another change has another key, and a draft of its own.
        let asked = house.asked("2018-05-14", leaves(c));
        let key = Some(CommandId(Uuid::now_v7()));
        let operations = &house.operations;
        let second = operations.open_staffing(&house.planner, &asked, key, Some("离职"));
        assert_ne!(second.await.unwrap(), one);
        assert_eq!(drafts().await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_merger_is_one_step_and_is_taken_back_as_one() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [first, second] = house.teams;
        let merger = Change::Merger {
            from: second,
            into: first,
        };
        let (_, draft) = house.open(&house.asked("2018-07-16", merger)).await;
        let log = house
            .operations
            .changes_since(&house.planner, draft, 0)
            .await
            .unwrap();
        let [entry] = &log.entries[..] else {
            panic!("{} entries", log.entries.len())
        };
        let PlanCommand::Staff { change, absent, .. } = &entry.command else {
            panic!("{:?}", entry.command)
        };
        assert_eq!(
            (*change, absent.len()),
            (Kind::Merger, 10),
            "two people, five months"
        );
        // It comes from a change that is entered, and from nowhere else.
        let sent = house.operations.apply(
            &house.planner,
            draft,
            log.head,
            entry.command.clone(),
            Insist::Ask,
        );
        assert_eq!(code(sent.await), "staff_is_made_here");
        let undone = house
            .operations
            .undo(&house.planner, draft, log.head, Insist::Ask)
            .await
            .unwrap();
        assert!(undone.is_done(), "{:?}", undone.refused);
        let rows = house.rows(draft).await;
        for (name, amounts) in house.rows(house.version).await {
            assert_eq!(rows[&name], amounts, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_who_enter_the_same_days_at_once_one_is_told_so() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [.., d] = house.people;
        let leave = |from: &str, until: &str| LeaveInput {
            member: d,
            from: day(from),
            until: day(until),
            kind: LeaveKind::Annual,
            note: String::new(),
        };
        let set = |input| house.operations.set_leave(&house.planner, None, input);
        for month in 1..=5 {
            let days = |from: u32, until: u32| {
                leave(
                    &format!("2018-{month:02}-{from:02}"),
                    &format!("2018-{month:02}-{until:02}"),
                )
            };
            let (one, other) = tokio::join!(set(days(1, 10)), set(days(5, 15)));
            let refused = match (one, other) {
                (Ok(_), refused) | (refused, Ok(_)) => refused,
                both => panic!("{both:?}"),
            };
            assert_eq!(code(refused), "leave_overlaps");
        }
        let known = house.operations.leave(&house.planner, d).await.unwrap();
        assert_eq!(known.len(), 5);
    })
    .await;
}
