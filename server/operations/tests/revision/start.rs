//! Where a revision starts, and who is asked again.

use std::collections::{BTreeMap, BTreeSet};

use crate::planning::day;
use crate::refusal::code;
use domain::access::Role;
use domain::approval::ApprovalQuery;
use domain::assumption::PlanningQuery;
use domain::capability::what_if::WhatIf;
use domain::money::Minor;
use domain::outlook::Place;
use domain::plan::{Entered, GiveWay, NodeIndex, NodeRef, PeriodIndex, PlanCommand};
use domain::revision::{Begin, Cause};
use domain::split::Insist;
use domain::target::{Confirmation, Span, Verdict};
use store::Database;

use crate::asked::confirm;
use crate::house::{House, node};
use crate::planning;
#[tokio::test]
async fn a_revision_starts_from_what_is_booked_and_what_is_to_be_expected() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        house.sell_for_years().await;
        // Somebody who came after the plan was made, and is not in it.
        house
            .import(
                "sales_teams.csv",
                "sales_agent,manager,regional_office\neve,nora,North\n",
            )
            .await;
        house.sell(&["eve,2018-01-20,1234.56"]).await;
        house.operations.today = Some(day("2018-04-10"));
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&house.planner, house.version, None, Some(" "), Begin::Outlook)
                    .await
            ),
            "reason_missing"
        );
        let outlook = house.outlook(PlanningQuery::of(house.version)).await;
        let made = house
            .operations
            .open_revision(
                &house.planner,
                house.version,
                None,
                Some("一季度落后"),
                Begin::Outlook,
            )
            .await
            .unwrap();
        let is = house.open(made.version).await;
        let amount = |name: &str, period| is.grid.amount(node(&is, name), Some(PeriodIndex(period))).0;
        // What is over is what was booked, to the cent, also what was booked by who is not in the plan.
        assert_eq!(amount("anna", 0), 900_000 + 900_100 + 900_200);
        assert_eq!((amount("dora", 0), amount("计划内无人承担", 0)), (0, 123_456));
        let whole = 3 * 900_000 + 300 + 3 * 600_000 + 3 * 450_050 + 123_456;
        assert_eq!(is.grid.amount(NodeIndex(0), Some(PeriodIndex(0))).0, whole);
        // What is booked already of a quarter that runs, and what is expected of the rest: that of the outlook, in every branch.
        let shape = is.grid.shape();
        let mut compared = 0;
        for place in shape.nodes() {
            let called = shape.name(place);
            let Some(branch) = outlook.branches.iter().find(|branch| branch.name == called) else {
                continue;
            };
            for (period, months) in [(1_u16, 3..6), (2, 6..9), (3, 9..12)] {
                let expected: i64 = months
                    .map(|month| {
                        let month = outlook.span_from + month;
                        branch.fan[month - outlook.known].p50.0
                    })
                    .sum();
                assert_eq!(
                    is.grid.amount(place, Some(PeriodIndex(period))).0,
                    expected,
                    "{called} {period}"
                );
                compared += 1;
            }
        }
        assert_eq!(
            compared,
            3 * 8,
            "the company, a region, two teams and four people"
        );
        assert!(amount("anna", 1) > 900_000 && amount("carl", 3) > 900_000);
        assert_eq!(amount("dora", 3), 0, "nothing is known of them");
        // What is nobody's is no branch of the outlook besides its own.
        let again = house.outlook(PlanningQuery::of(made.version)).await;
        let places: BTreeSet<Place> = again.branches.iter().map(|branch| branch.place).collect();
        assert_eq!(places.len(), again.branches.len());
        assert_eq!(again.branches, outlook.branches);
        assert!(matches!(
            house
                .operations
                .verify(&house.planner, made.version)
                .await
                .unwrap(),
            Verdict::Sound { .. }
        ));
        // What is over is held.
        let command = PlanCommand::Enter {
            amounts: vec![Entered {
                node: node(&is, "anna"),
                period: Some(PeriodIndex(0)),
                amount: Minor(1),
            }],
            gives: GiveWay::Above,
            reason: None,
        };
        let tried = house
            .operations
            .apply(&house.planner, made.version, 0, command, Insist::Ask)
            .await
            .unwrap();
        assert!(
            matches!(tried.refused, Some(domain::plan::Refusal::Locked { .. })),
            "{:?}",
            tried.refused
        );
        // The reason stays with it.
        let query = ApprovalQuery {
            version: Some(made.version),
        };
        let reason = house
            .operations
            .approvals(&house.planner, query)
            .await
            .unwrap()
            .shown
            .unwrap()
            .reason
            .unwrap();
        assert_eq!(
            (reason.cause, reason.words.as_deref()),
            (Cause::Person, Some("一季度落后"))
        );

        // Only what is on record can be adjusted, by who plans, and while there is something left.
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&house.planner, made.version, None, Some("x"), Begin::Outlook)
                    .await
            ),
            "not_published"
        );
        let rep = planning::user(&house.system, Role::Rep, None, &[], &[]);
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&rep, house.version, None, Some("x"), Begin::Outlook)
                    .await
            ),
            "not_found"
        );
        house.operations.today = Some(day("2019-01-01"));
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&house.planner, house.version, None, Some("x"), Begin::Outlook)
                    .await
            ),
            "plan_over"
        );
    })
    .await;
}

#[tokio::test]
async fn where_nothing_can_be_expected_yet_the_old_numbers_stay() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        house.operations.today = Some(day("2018-04-10"));
        let made = house
            .operations
            .open_revision(
                &house.planner,
                house.version,
                None,
                Some("还没有数据"),
                Begin::Outlook,
            )
            .await
            .unwrap();
        let (was, is) = (house.open(house.version).await, house.open(made.version).await);
        for place in is.grid.shape().nodes() {
            assert_eq!(
                is.grid.amount(place, Some(PeriodIndex(0))).0,
                0,
                "nothing was booked"
            );
            for period in (1..4).map(PeriodIndex) {
                assert_eq!(
                    is.grid.amount(place, Some(period)),
                    was.grid.amount(place, Some(period))
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_confirmed_is_asked_again_only_where_the_number_changes() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let was = house.open(house.version).await;
        let rep = |name: &str| {
            let NodeRef::Member(member) = was.grid.shape().reference(node(&was, name)) else {
                panic!()
            };
            planning::user(&house.system, Role::Rep, Some(member), &[], &[member])
        };
        let reps = ["anna", "bert", "carl"].map(rep);
        for rep in &reps[..2] {
            confirm(&house, rep).await;
        }
        house.sell(&["anna,2018-02-10,30000"]).await;
        house.operations.today = Some(day("2018-04-10"));
        let made = house
            .operations
            .open_revision(
                &house.planner,
                house.version,
                None,
                Some("只调一个人"),
                Begin::Outlook,
            )
            .await
            .unwrap();
        // The planner puts back what is to come, but for one person.
        let mut amounts = Vec::new();
        for (name, more) in [("anna", 0), ("bert", 500), ("carl", 0), ("dora", 0)] {
            for period in (1..4).map(PeriodIndex) {
                let node = node(&was, name);
                let amount = Minor(was.grid.amount(node, Some(period)).0 + more);
                amounts.push(Entered {
                    node,
                    period: Some(period),
                    amount,
                });
            }
        }
        let command = PlanCommand::Enter {
            amounts,
            gives: GiveWay::Above,
            reason: None,
        };
        let applied = house
            .operations
            .apply(&house.planner, made.version, 0, command, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(applied.refused, None);
        let operations = &house.operations;
        let scenario = operations
            .branch_version(&house.planner, made.version, Some("另一个"))
            .await
            .unwrap();
        let approval = operations
            .approval_of(&house.planner, scenario.version)
            .await
            .unwrap();
        let why = approval.reason.expect("a scenario of a revision is one");
        assert_eq!(why.words.as_deref(), Some("只调一个人"));
        for version in [made.version, scenario.version] {
            operations.publish(&house.planner, version).await.unwrap();
            let mut stands = Vec::new();
            for rep in &reps {
                let own = operations.my_targets(rep).await.unwrap().remove(0);
                assert_eq!(own.version, version);
                stands.push(matches!(own.confirmation, Confirmation::Confirmed { .. }));
            }
            assert_eq!(
                stands,
                [true, false, false],
                "unchanged and confirmed; changed; never confirmed"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_reached_is_judged_by_what_they_carried() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        house.sell_for_years().await;
        house.operations.today = Some(day("2018-04-10"));
        let before = reached(&house).await;
        assert!(
            before["anna"] > 0.0 && (before["anna"] - 1.0).abs() > 0.001,
            "{before:?}"
        );
        let made = house
            .operations
            .open_revision(
                &house.planner,
                house.version,
                None,
                Some("一季度落后"),
                Begin::Outlook,
            )
            .await
            .unwrap();
        house
            .operations
            .publish(&house.planner, made.version)
            .await
            .unwrap();
        assert_eq!(
            reached(&house).await,
            before,
            "a revision holds what was done: everybody would have reached it"
        );

        // What holds at a period's end is what was carried, whatever is published for it later: the quarter ended in 2018.
        let halved = house
            .operations
            .branch_version(&house.planner, house.version, Some("halved"))
            .await
            .unwrap()
            .version;
        let command = PlanCommand::SetTotal {
            amount: Minor(20_000_000),
            seasons: Vec::new(),
            reason: None,
        };
        let operations = &house.operations;
        let applied = operations
            .apply(&house.planner, halved, 0, command, Insist::Ask)
            .await
            .unwrap();
        assert!(applied.refused.is_none(), "{:?}", applied.refused);
        operations.publish(&house.planner, halved).await.unwrap();
        let quarters: Vec<Span> = [("2018-01-01", "2018-04-01"), ("2018-04-01", "2019-01-01")]
            .map(|(from, to)| Span {
                starts_on: day(from),
                ends_on: day(to),
            })
            .to_vec();
        let change = async |at_ms: i64| {
            kit::damage(&database, "DELETE FROM plan_record").await;
            let writer = database.writer().await.unwrap();
            for (version, at_ms) in [(house.version, 1), (halved, at_ms)] {
                let put =
                    store::cell::put_on_record(&writer, &house.system, "bookings", version, &quarters, at_ms);
                put.await.unwrap();
            }
            writer.commit().await.unwrap();
        };
        change(1_577_836_800_000).await;
        assert_eq!(reached(&house).await, before, "halved only since 2020");
        change(2).await;
        let held = reached(&house).await;
        for (name, part) in before {
            let twice = held[&name] / part;
            assert!(
                (twice - 2.0).abs() < 1e-3,
                "halved when the quarter ended: {held:?}"
            );
        }
    })
    .await;
}

/// What each of those who sell reached of their target in the first quarter. Dora sells nothing, and counts only as long as
/// something is asked of her.
async fn reached(house: &House) -> BTreeMap<String, f64> {
    let asked = PlanningQuery::of(house.version);
    let team = house
        .operations
        .capability(&house.planner, &asked, WhatIf::default())
        .await
        .unwrap();
    team.people
        .into_iter()
        .filter(|person| person.name != "dora")
        .filter_map(|person| Some((person.name, person.attainment?.raw)))
        .collect()
}
