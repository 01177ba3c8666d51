//! Leave that comes as a file.

use domain::id::MemberId;
use domain::import::{Counts, Failure, Field, Kind, Options, Reason, View};
use domain::people::MemberInput;
use domain::staffing::{LeaveInput, LeaveKind, LeaveRow};
use operations::import::Origin;
use store::Database;

use crate::files::{file, wanted};
use crate::house::House;
use crate::planning::day;
use crate::refusal::code;

const LEAVE: &str = "姓名,请假类型,开始日期,结束日期,请假事由\n\
    a,年假,2018-06-04,2018-06-08,回家\n\
    b,探亲假,2018/6/4,2018/6/4,\n\
    nobody of that name,年假,2018-06-04,2018-06-05,\n\
    c,病假,2018-06-30,2018-06-29,\n\
    a,病假,2018-06-08,2018-06-12,\n\
    a,年假,2018-06-04,2018-06-08,回家\n\
    d,产假,2018-06-04,2022-06-04,\n";

async fn import(house: &House, text: &str, options: Options) -> View {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "leave.csv", text);
    let wanted = wanted(&[path], options, Origin::CommandLine);
    house.operations.import_now(&house.system, wanted).await.unwrap()
}

async fn leave(house: &House, member: MemberId) -> Vec<LeaveRow> {
    house.operations.leave(&house.planner, member).await.unwrap()
}

fn counted(counts: Counts) -> (u64, u64, u64) {
    (counts.created, counts.unchanged, counts.rejected)
}

#[tokio::test]
async fn a_list_of_leave_is_entered_once_and_taken_back() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, b, ..] = house.people;
        let dry = Options {
            dry_run: true,
            ..Options::default()
        };
        let view = import(&house, LEAVE, dry).await;
        assert_eq!(counted(view.counts), (2, 0, 5));
        assert!(leave(&house, a).await.is_empty(), "nothing is written");

        let view = import(&house, LEAVE, Options::default()).await;
        assert_eq!(view.files[0].kind, Some(Kind::Leave));
        assert_eq!(counted(view.counts), (2, 0, 5));
        let problems = &view.files[0].report.as_ref().unwrap().problems;
        let why: Vec<(u64, Option<Field>, &str)> = problems
            .iter()
            .map(|problem| {
                let word = match problem.reason {
                    Reason::UnknownReference { .. } => "unknown",
                    Reason::EndsBeforeStart { .. } => "ends",
                    Reason::LeaveOverlaps { .. } => "overlaps",
                    Reason::Duplicate { first_row: 2 } => "duplicate",
                    Reason::LeaveTooLong { .. } => "long",
                    _ => "other",
                };
                (problem.row, problem.field, word)
            })
            .collect();
        assert_eq!(
            why,
            [
                (4, Some(Field::Member), "unknown"),
                (5, Some(Field::EndsOn), "ends"),
                (6, Some(Field::StartsOn), "overlaps"),
                (7, Some(Field::StartsOn), "duplicate"),
                (8, Some(Field::EndsOn), "long"),
            ]
        );
        let entered = leave(&house, a).await;
        assert_eq!(
            entered[0].leave,
            LeaveInput {
                member: a,
                from: day("2018-06-04"),
                until: day("2018-06-09"),
                kind: LeaveKind::Annual,
                note: "回家".to_owned(),
            }
        );
        let other = &leave(&house, b).await[0].leave;
        assert_eq!(
            (other.kind, other.note.as_str()),
            (LeaveKind::Other, "探亲假"),
            "a word for no kind is kept"
        );

        let again = import(&house, LEAVE, Options::default()).await;
        assert_eq!(counted(again.counts), (0, 2, 5));
        assert_eq!(leave(&house, a).await.len(), 1);

        // Changed by hand since, it is not taken out unseen.
        let mut changed = entered[0].leave.clone();
        changed.until = day("2018-06-15");
        let id = Some(entered[0].id);
        house
            .operations
            .set_leave(&house.planner, id, changed)
            .await
            .unwrap();
        let undone = house.operations.undo_import(&house.system, view.id).await;
        assert_eq!(code(undone), "import_in_use");
        house
            .operations
            .set_leave(&house.planner, id, entered[0].leave.clone())
            .await
            .unwrap();
        house
            .operations
            .undo_import(&house.system, view.id)
            .await
            .unwrap();
        assert!(leave(&house, a).await.is_empty() && leave(&house, b).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn people_of_one_name_are_told_apart_and_who_is_away_is_listed() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let mut eves = Vec::new();
        for number in ["E-1", "E-2"] {
            let eve = MemberInput {
                name: "eve".to_owned(),
                external_id: Some(number.to_owned()),
                email: None,
                hired_on: None,
                left_on: None,
            };
            let id = house.operations.create_member(&house.system, eve).await.unwrap();
            eves.push(id);
        }
        let text = "Employee,Employee ID,Leave type,From,First day back\n\
            eve,E-2,Sick leave,2018-03-05,2018-03-12\n\
            eve,,Sick leave,2018-03-05,2018-03-12\n";
        let view = import(&house, text, Options::default()).await;
        assert_eq!(counted(view.counts), (1, 0, 1));
        assert!(leave(&house, eves[0]).await.is_empty());
        let entered = leave(&house, eves[1]).await;
        assert_eq!(
            (entered[0].leave.until, entered[0].leave.kind),
            (day("2018-03-12"), LeaveKind::Sick)
        );
        let listed = house.operations.leave_calendar(&house.planner, "").await.unwrap();
        assert_eq!((listed.count, listed.entries.len()), (1, 1));
        assert_eq!(
            (listed.entries[0].name.as_str(), listed.entries[0].may_remove),
            ("eve", true)
        );
        let of_others = house
            .operations
            .leave_calendar(&house.planner, "nobody")
            .await
            .unwrap();
        assert_eq!(of_others.count, 0);
    })
    .await;
}

#[tokio::test]
async fn a_list_and_somebody_who_enters_the_same_days_at_once_are_not_both_taken() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, ..] = house.people;
        for month in 1..=5 {
            let days = |from: u32, until: u32| {
                [from, until].map(|of_month| format!("2018-{month:02}-{of_month:02}"))
            };
            let [from, last] = days(1, 9);
            let text = format!("姓名,请假类型,开始日期,结束日期,请假事由\na,年假,{from},{last},\n");
            let [from, until] = days(5, 15);
            let by_hand = LeaveInput {
                member: a,
                from: day(&from),
                until: day(&until),
                kind: LeaveKind::Annual,
                note: String::new(),
            };
            let (listed, entered) = tokio::join!(
                import(&house, &text, Options::default()),
                house.operations.set_leave(&house.planner, None, by_hand)
            );
            if entered.is_ok() {
                // Seen while the list was read, or only when it was to be written.
                let told = listed.counts.rejected == 1 || listed.failure == Some(Failure::LeaveMeanwhile);
                assert!(told, "{listed:?}");
            } else {
                assert_eq!(code(entered), "leave_overlaps");
                assert_eq!((listed.failure, counted(listed.counts)), (None, (1, 0, 0)));
            }
        }
        assert_eq!(leave(&house, a).await.len(), 5, "one a month");
    })
    .await;
}
