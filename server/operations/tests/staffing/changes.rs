//! Who leaves and who comes.

use domain::money::Minor;
use domain::people::MemberInput;
use domain::plan::{NodeRef, PeriodIndex};
use domain::staffing::{Change, Effect, Rest, Source};
use operations::Error;
use store::Database;

use crate::house::{House, NOBODY, of_may, sums};
use crate::planning::day;
use crate::refusal::code;

#[tokio::test]
async fn a_leaver_s_number_of_the_days_after_goes_to_the_colleagues() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, ..] = house.people;
        let before = house.rows(house.version).await;
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Colleagues,
        };
        let asked = house.asked("2018-05-14", leaver);
        let no_reason = house
            .operations
            .open_staffing(&house.planner, &asked, None, Some(" "))
            .await;
        assert_eq!(code(no_reason), "reason_missing");
        let borrowed = house
            .operations
            .open_staffing(&house.planner, &asked, None, Some(" attain:agreed"))
            .await;
        assert_eq!(code(borrowed), "reason_reserved");
        let (preview, draft) = house.open(&asked).await;
        let why: Vec<Effect> = preview.rows.iter().map(|row| row.effect).collect();
        let on = day("2018-05-14");
        let sum = Effect::Sum;
        assert_eq!(
            why,
            [sum, sum, Effect::HandsOver { on }, Effect::TakesOver],
            "the company, the team, and who is in it"
        );
        let after = house.rows(draft).await;
        let (was, is) = (&before["T1/a"], &after["T1/a"]);
        assert_eq!(is[..4], was[..4], "what is before the day stays");
        assert_eq!(is[4], was[4] - of_may(was[4], "2018-05-14"));
        assert_eq!(is[5..], [0; 7]);
        assert_eq!(sums(&after, &["T1/a", "T1/b"]), sums(&before, &["T1/a", "T1/b"]));
        for name in ["云杉仪器", "T1", "T2", "T2/c", "T2/d"] {
            assert_eq!(after[name], before[name], "{name}");
        }
        assert!(
            !after.contains_key(&format!("T1/{NOBODY}")),
            "nothing is nobody's"
        );
        // The change of people is entered, dated.
        let people = house.operations.people(&house.system).await.unwrap();
        let row = people.members.iter().find(|row| row.id == a).unwrap();
        assert_eq!(row.left_on, Some(on));
        assert_eq!(row.assignments.last().unwrap().ends_on, Some(on));
        // A day outside of the plan, and a version that is no record.
        let outside = house.asked("2019-01-01", leaver);
        let refused = house.operations.preview_staffing(&house.planner, &outside).await;
        assert_eq!(code(refused), "day_outside_plan");
        let of_draft = domain::staffing::Asked {
            version: draft,
            ..asked
        };
        let refused = house.operations.preview_staffing(&house.planner, &of_draft).await;
        assert_eq!(code(refused), "not_published");
    })
    .await;
}

#[tokio::test]
async fn of_two_drafts_of_one_version_the_second_does_not_take_the_first_back() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, _, c, ..] = house.people;
        let leaves = |member| Change::Leaver {
            member,
            rest: Rest::Colleagues,
        };
        let (_, first) = house.open(&house.asked("2018-05-14", leaves(a))).await;
        let (_, second) = house.open(&house.asked("2018-06-04", leaves(c))).await;
        let operations = &house.operations;
        operations.publish(&house.planner, first).await.unwrap();
        let on_record = house.rows(first).await;
        let refused = operations.publish(&house.planner, second).await;
        assert_eq!(code(refused), "base_replaced");
        assert_eq!(house.rows(first).await, on_record, "what is on record stays");
    })
    .await;
}

#[tokio::test]
async fn who_leaves_to_nobody_and_who_comes_from_nobody_on_a_day_undo_each_other() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [a, ..] = house.people;
        let before = house.rows(house.version).await;
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Nobody,
        };
        let after = house.change("2018-05-01", leaver).await;
        let vacant = format!("T1/{NOBODY}");
        assert_eq!(after["T1"], before["T1"], "it stays in the unit");
        assert_eq!(after[&vacant][4..], before["T1/a"][4..]);
        let new = MemberInput {
            name: "eve".to_owned(),
            external_id: None,
            email: None,
            hired_on: None,
            left_on: None,
        };
        let eve = house.operations.create_member(&house.system, new).await.unwrap();
        let joiner = Change::Joiner {
            member: eve,
            unit: house.teams[0],
            source: Source::Nobody,
            ramp: false,
        };
        let now = house.change("2018-05-01", joiner).await;
        assert_eq!(now["T1/eve"][4..], before["T1/a"][4..]);
        assert_eq!(now["T1/eve"][..4], [0; 4]);
        assert_eq!(now[&vacant], vec![0; 12]);
        assert_eq!(now["T1/b"], before["T1/b"]);
        assert_eq!(
            house.homes(eve).await,
            [(house.teams[0], day("2018-05-01"), None)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_beginner_takes_over_step_by_step_and_the_rest_is_nobody_s() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [a, b, ..] = house.people;
        let before = house.rows(house.version).await;
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Successor {
                member: b,
                ramp: true,
            },
        };
        let after = house.change("2018-05-01", leaver).await;
        // Nothing in the first month, a quarter in the second, half in the third.
        for (period, quarters) in [(4, 0), (5, 1), (6, 2), (7, 3), (8, 4), (11, 4)] {
            let taken = before["T1/a"][period] * quarters / 4;
            assert_eq!(after["T1/b"][period], before["T1/b"][period] + taken, "{period}");
        }
        let vacant = format!("T1/{NOBODY}");
        assert_eq!(
            sums(&after, &["T1/a", "T1/b", &vacant]),
            sums(&before, &["T1/a", "T1/b"])
        );
        // Whoever decides is told that nobody carries it, and in which team.
        let before = house
            .operations
            .before_publishing(&house.planner, house.version, false)
            .await
            .unwrap();
        let nobodys = before.gaps.nobodys.unwrap();
        assert_eq!(nobodys.amount.0, after[&vacant].iter().sum::<i64>());
        assert_eq!(nobodys.of.first, ["T1"]);
        // Who comes to a team takes what one of them has on average.
        let joiner = Change::Joiner {
            member: house.leaders[1],
            unit: house.teams[0],
            source: Source::Colleagues,
            ramp: false,
        };
        let asked = house.asked("2018-08-01", joiner);
        let elsewhere = house
            .operations
            .open_staffing(&house.planner, &asked, None, Some("来了"))
            .await;
        assert_eq!(code(elsewhere), "belongs_elsewhere");
    })
    .await;
}

#[tokio::test]
async fn only_who_plans_changes_staff_and_nobody_their_own_number() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, b, ..] = house.people;
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Colleagues,
        };
        let asked = house.asked("2018-05-14", leaver);
        let manager = crate::planning::user(
            &house.system,
            domain::access::Role::Manager,
            Some(house.leaders[0]),
            &[house.teams[0]],
            &[a, b],
        );
        assert_eq!(
            code(house.operations.preview_staffing(&manager, &asked).await),
            "not_found"
        );
        let colleague = domain::access::Role::Planner;
        let colleague = crate::planning::user(&house.system, colleague, Some(b), &[], &[]);
        let own = house
            .operations
            .open_staffing(&colleague, &asked, None, Some("离职"))
            .await;
        assert_eq!(code(own), "own_quota");
        let stranger = Change::Leaver {
            member: house.leaders[0],
            rest: Rest::Nobody,
        };
        let asked = house.asked("2018-05-14", stranger);
        assert_eq!(
            code(house.operations.preview_staffing(&house.planner, &asked).await),
            "no_number"
        );
        // Both are found by name, with where they have a number.
        let found = house
            .operations
            .staffing_people(&house.planner, Some(house.version), "a")
            .await
            .unwrap();
        let found = found.iter().find(|found| found.member == a).unwrap();
        assert_eq!(found.units[0].id, house.teams[0]);
        let desk = house.operations.staffing_desk(&manager, None).await.unwrap();
        assert!(desk.published.is_empty(), "who leads does not adjust plans");
        assert!(desk.plans.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_leaves_before_the_plan_begins_and_comes_back_can_be_given_a_number() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [a, ..] = house.people;
        let before = house.rows(house.version).await;
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Colleagues,
        };
        let after = house.change("2017-12-21", leaver).await;
        assert_eq!(after["T1/a"], vec![0; 12], "all of it goes over");
        assert_eq!(after["T1/b"], sums(&before, &["T1/a", "T1/b"]));
        let long_before = house.asked("2016-12-01", leaver);
        let refused = house
            .operations
            .preview_staffing(&house.planner, &long_before)
            .await;
        assert_eq!(code(refused), "day_outside_plan");
        let joiner = Change::Joiner {
            member: a,
            unit: house.teams[0],
            source: Source::Nothing,
            ramp: false,
        };
        let (_, draft) = house.open(&house.asked("2018-04-01", joiner)).await;
        let open = house
            .operations
            .open_grid(&house.planner, draft, None)
            .await
            .unwrap();
        let row = open.grid.shape().find(NodeRef::Member(a)).unwrap();
        for period in 0..12 {
            let cap = open.grid.constraint(row, Some(PeriodIndex(period))).cap;
            let shut = (period < 3).then_some(Minor(0));
            assert_eq!(cap, shut, "{period}");
        }
        assert_eq!(
            house.homes(a).await.last(),
            Some(&(house.teams[0], day("2018-04-01"), None))
        );
    })
    .await;
}

#[tokio::test]
async fn who_is_in_the_plan_does_not_join_it_again() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, ..] = house.people;
        let operations = &house.operations;
        for unit in house.teams {
            let joiner = Change::Joiner {
                member: a,
                unit,
                source: Source::Colleagues,
                ramp: false,
            };
            let asked = house.asked("2018-08-01", joiner);
            let refused = operations.preview_staffing(&house.planner, &asked).await;
            let refused = refused.unwrap_err();
            let Error::Conflict(refusal) = &refused else {
                panic!("{refused:?}")
            };
            assert_eq!(refusal.code, "already_placed");
            let words = &refusal.words;
            assert!(words.en.contains("T1") && words.zh.contains("T1"), "{words:?}");
        }
    })
    .await;
}
