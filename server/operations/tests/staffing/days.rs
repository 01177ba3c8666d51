//! What was my number on a day, and why.

use domain::access::Role;
use domain::calendar::Day;
use domain::explain::StepKind;
use domain::id::MemberId;
use domain::staffing::{Change, Rest};
use domain::target::{Answer, Confirmation};
use operations::{Scope, clock};
use store::Database;

use crate::house::House;
use crate::planning;
use crate::refusal::code;

/// Makes what gave way in the record ten days old.
const OLDER: [&str; 4] = [
    "CREATE TABLE older AS SELECT organization_id, metric_key, version_id, starts_on, ends_on, \
     from_ms - 864000000 AS from_ms, until_ms, superseded_by FROM plan_record WHERE until_ms IS NOT NULL",
    "DELETE FROM plan_record WHERE until_ms IS NOT NULL",
    "INSERT INTO plan_record (organization_id, metric_key, version_id, starts_on, ends_on, from_ms, until_ms, superseded_by) \
     SELECT organization_id, metric_key, version_id, starts_on, ends_on, from_ms, until_ms, superseded_by FROM older",
    "DROP TABLE older",
];

#[tokio::test]
async fn a_number_is_told_as_it_was_on_record_on_a_day() {
    kit::on_each(async |database: Database| {
        // The record is kept by the clock, so the plan is of the clock's year.
        let today = clock::today_in("Asia/Shanghai");
        let year = today.ymd().0;
        let (from, to) = (format!("{year}-01-01"), format!("{}-01-01", year + 1));
        let mut house = House::from(&database, today, &from, &to).await;
        let [a, b, c, _] = house.people;
        let rep = |member| planning::user(&house.system, Role::Rep, Some(member), &[], &[member]);
        let (rep_a, rep_b) = (rep(a), rep(b));
        let first = house.version;
        let mine = house.operations.my_targets(&rep_b).await.unwrap().remove(0);
        house
            .operations
            .acknowledge(&rep_b, first, mine.node, &mine.hash, Answer::Confirmed, None)
            .await
            .unwrap();
        let before = house.rows(first).await;
        let why = house
            .operations
            .why_own(&rep_b, first, mine.node, None)
            .await
            .unwrap();
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Colleagues,
        };
        let after = house.change(&from, leaver).await;
        for sql in OLDER {
            kit::damage(&database, sql).await;
        }
        let on = async |scope: &Scope, day: Day| house.operations.own_numbers_on(scope, day).await.unwrap();
        let then = on(&rep_b, today.plus(-5)).await;
        let [number] = &then.numbers[..] else {
            panic!("{then:?}")
        };
        assert_eq!(
            (number.version, number.total.0),
            (first, before["T1/b"].iter().sum::<i64>())
        );
        assert_eq!(number.periods.len(), 12);
        let steps: i64 = number
            .why
            .explanation
            .steps
            .iter()
            .map(|step| step.amount.0)
            .sum();
        assert_eq!(steps, number.total.0, "the steps sum to it");
        assert_eq!(number.confirmation, Confirmation::Open, "it was confirmed later");
        // By the weights, locks and changes of then, whatever was changed since.
        assert_eq!(number.why.explanation, why.explanation);
        assert_eq!(number.why.formula, why.formula);

        let now = on(&rep_b, today).await;
        let [number] = &now.numbers[..] else {
            panic!("{now:?}")
        };
        assert_eq!(
            (number.version, number.total.0),
            (house.version, after["T1/b"].iter().sum::<i64>())
        );
        let reasons: Vec<&str> = number
            .why
            .explanation
            .steps
            .iter()
            .filter_map(|step| match &step.kind {
                StepKind::Change { reason, .. } => reason.as_deref(),
                _ => None,
            })
            .collect();
        assert_eq!(reasons, ["人员变动"]);
        assert!(
            on(&rep_b, today.plus(-30)).await.numbers.is_empty(),
            "nothing was on record"
        );
        // Who left had a number then.
        let gone = on(&rep_a, today.plus(-5)).await;
        assert_eq!(gone.numbers[0].total.0, before["T1/a"].iter().sum::<i64>());
        assert!(
            on(&house.planner, today).await.numbers.is_empty(),
            "who is no member has none"
        );

        // Who leads sees those of their people, and of nobody else.
        let manager = planning::user(
            &house.system,
            Role::Manager,
            Some(house.leaders[0]),
            &[house.teams[0]],
            &[a, b, house.leaders[0]],
        );
        let of = async |scope: &Scope, member: MemberId| {
            house.operations.numbers_of_member_on(scope, member, today).await
        };
        assert_eq!(of(&manager, b).await.unwrap().numbers.len(), 1);
        assert_eq!(code(of(&manager, c).await), "not_found");
        assert_eq!(code(of(&rep_b, b).await), "not_found");
        // A unit's number is who leads it.
        let led = on(&manager, today).await;
        assert_eq!(led.numbers[0].name, "T1");
    })
    .await;
}
