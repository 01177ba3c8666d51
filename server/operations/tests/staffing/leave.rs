//! Who is away: the calendar, and the number of those days.

use domain::access::Role;
use domain::calendar::{PeriodKind, WorkingDays};
use domain::id::LeaveId;
use domain::money::Minor;
use domain::staffing::{Change, LeaveInput, LeaveKind, Rest};
use domain::target::NewPlan;
use operations::Scope;
use store::Database;

use crate::house::{House, sums};
use crate::planning::{self, day};
use crate::refusal::code;

#[tokio::test]
async fn the_number_of_the_days_away_goes_to_the_colleagues() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [_, _, _, d] = house.people;
        let before = house.rows(house.version).await;
        let away = |until| Change::Leave {
            member: d,
            until: day(until),
            why: LeaveKind::Parental,
            rest: Rest::Colleagues,
        };
        let asked = house.asked("2018-06-04", away("2018-06-04"));
        assert_eq!(
            code(house.operations.preview_staffing(&house.planner, &asked).await),
            "leave_without_days"
        );
        let after = house.change("2018-06-04", away("2018-08-01")).await;
        let china = WorkingDays::named("cn").unwrap();
        let days = |from: &str, to: &str| i64::from(china.count(day(from), day(to)));
        let (moves, all) = (days("2018-06-04", "2018-07-01"), days("2018-06-01", "2018-07-01"));
        let was = &before["T2/d"];
        let june = was[5] - (2 * was[5] * moves + all - 1) / (2 * all);
        assert_eq!(after["T2/d"][5..7], [june, 0], "all of July is away");
        assert_eq!(after["T2/d"][7..], was[7..], "and then as before");
        assert_eq!(sums(&after, &["T2/c", "T2/d"]), sums(&before, &["T2/c", "T2/d"]));
        let leave = house.operations.leave(&house.planner, d).await.unwrap();
        assert_eq!(leave.len(), 1);
        assert_eq!(
            (leave[0].leave.from, leave[0].leave.until),
            (day("2018-06-04"), day("2018-08-01"))
        );
        // A new plan knows of it: nobody carries a number in a month in which they are away.
        let plan = NewPlan {
            total: Minor(12_000_000),
            name: Some("下半年".to_owned()),
            ..planning::plan("2018-07-01", "2019-01-01", PeriodKind::Month)
        };
        let made = house.operations.create_plan(&house.planner, plan).await.unwrap();
        let rows = house.rows(made.version).await;
        assert_eq!(rows["T2/d"][0], 0);
        assert!(rows["T2/d"][1] > 0 && rows["T2/c"][0] > 0);
    })
    .await;
}

#[tokio::test]
async fn who_leads_enters_the_leave_of_their_people() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, b, c, _] = house.people;
        let lead = house.leaders[0];
        let manager = planning::user(
            &house.system,
            Role::Manager,
            Some(lead),
            &[house.teams[0]],
            &[a, b, lead],
        );
        let rep = planning::user(&house.system, Role::Rep, Some(a), &[], &[a]);
        let leave = |member, from: &str, until: &str| LeaveInput {
            member,
            from: day(from),
            until: day(until),
            kind: LeaveKind::Annual,
            note: " 探亲 ".to_owned(),
        };
        let set = async |scope: &Scope, id: Option<LeaveId>, input: LeaveInput| {
            house.operations.set_leave(scope, id, input).await
        };
        let row = set(&manager, None, leave(a, "2018-06-04", "2018-06-09"))
            .await
            .unwrap();
        assert_eq!(row.leave.note, "探亲");
        for (scope, input, refused) in [
            (&manager, leave(c, "2018-06-04", "2018-06-09"), "not_found"),
            (&manager, leave(lead, "2018-06-04", "2018-06-09"), "not_found"),
            (&rep, leave(a, "2018-09-04", "2018-09-09"), "not_found"),
            (&manager, leave(a, "2018-06-08", "2018-06-12"), "leave_overlaps"),
            (
                &house.planner,
                leave(a, "2018-06-09", "2018-06-09"),
                "leave_without_days",
            ),
        ] {
            assert_eq!(code(set(scope, None, input).await), refused);
        }
        let changed = leave(a, "2018-06-05", "2018-06-12");
        set(&manager, Some(row.id), changed.clone()).await.unwrap();
        let known = house.operations.leave(&manager, a).await.unwrap();
        assert_eq!((known.len(), known[0].leave.from), (1, day("2018-06-05")));
        // Their own they see, and are offered no change of it.
        set(&house.planner, None, leave(lead, "2018-07-02", "2018-07-04"))
            .await
            .unwrap();
        for (member, may_change) in [(a, true), (lead, false)] {
            let entries = house.operations.leave_entries(&manager, member).await.unwrap();
            let offered: Vec<bool> = entries.iter().map(|entry| entry.may_remove).collect();
            assert_eq!(offered, [may_change]);
        }
        assert_eq!(code(house.operations.leave(&manager, c).await), "not_found");
        assert_eq!(
            code(house.operations.remove_leave(&rep, row.id).await),
            "not_found"
        );
        // Who plans comes from it to the numbers on record; who leads knows of it, and adjusts nothing.
        let desk = async |scope: &Scope| house.operations.staffing_desk(scope, Some(row.id)).await.unwrap();
        let planned = desk(&house.planner).await;
        let entry = planned.leave.unwrap();
        assert_eq!((entry.name.as_str(), entry.may_remove), ("a", true));
        assert_eq!(
            entry.row.leave.touches(&planned.plans, planned.today),
            Some((house.version, day("2018-06-05")))
        );
        let led = desk(&manager).await;
        assert_eq!((led.leave.is_some(), led.plans.len()), (true, 0));
        let other = planning::user(
            &house.system,
            Role::Manager,
            Some(house.leaders[1]),
            &[house.teams[1]],
            &[c],
        );
        assert_eq!(desk(&other).await.leave, None, "it is not of their people");
        house.operations.remove_leave(&manager, row.id).await.unwrap();
        assert!(house.operations.leave(&manager, a).await.unwrap().is_empty());
        assert_eq!(desk(&house.planner).await.leave, None);
        // It is put back as it was.
        let back = set(&manager, None, known[0].leave.clone()).await.unwrap();
        assert_eq!(back.leave, known[0].leave);
    })
    .await;
}

#[tokio::test]
async fn no_day_is_in_the_calendar_twice() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [.., d] = house.people;
        let known = LeaveInput {
            member: d,
            from: day("2018-06-11"),
            until: day("2018-06-16"),
            kind: LeaveKind::Annual,
            note: String::new(),
        };
        house
            .operations
            .set_leave(&house.planner, None, known)
            .await
            .unwrap();
        let away = Change::Leave {
            member: d,
            until: day("2018-07-01"),
            why: LeaveKind::Sick,
            rest: Rest::Colleagues,
        };
        let after = house.change("2018-06-04", away).await;
        assert!(after["T2/d"][5] > 0, "the first of June was worked");
        let leave = house.operations.leave(&house.planner, d).await.unwrap();
        let days: Vec<_> = leave
            .iter()
            .map(|row| (row.leave.from, row.leave.until, row.leave.kind))
            .collect();
        assert_eq!(
            days,
            [
                (day("2018-06-04"), day("2018-06-11"), LeaveKind::Sick),
                (day("2018-06-11"), day("2018-06-16"), LeaveKind::Annual),
                (day("2018-06-16"), day("2018-07-01"), LeaveKind::Sick),
            ]
        );
    })
    .await;
}
