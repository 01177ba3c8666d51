//! Rules propose once for each cause.

use crate::planning::day;
use crate::refusal::code;
use domain::assumption::PlanningQuery;
use domain::calendar::PeriodKind;
use domain::notice::Notice;
use domain::outlook::{Effect, FactorKind, NewFactor};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::revision::{Begin, Cause, Rule, RuleKind};
use domain::target::Span;
use store::Database;

use crate::house::House;
#[tokio::test]
async fn a_rule_proposes_once_for_each_cause() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        house.sell(&["anna,2018-02-10,30000"]).await;
        house.operations.today = Some(day("2018-04-10"));
        let ask = async |house: &House| house.operations.propose_revisions(&house.system).await.unwrap();
        assert_eq!(ask(&house).await, 0, "no rule is on");
        let bad = Rule {
            kind: RuleKind::Pace,
            enabled: true,
            threshold_ppm: 0,
        };
        assert_eq!(
            code(house.operations.set_revision_rule(&house.planner, bad).await),
            "bad_threshold"
        );
        house.rule(RuleKind::Pace, true).await;
        house.rule(RuleKind::QuarterEnd, true).await;
        assert_eq!(ask(&house).await, 2);
        assert_eq!(ask(&house).await, 0, "said already");
        let notices = house.operations.notices(&house.planner).await.unwrap();
        let told = notices
            .list
            .iter()
            .filter(|told| matches!(told.notice, Notice::RevisionProposed { .. }));
        assert_eq!(told.count(), 2);
        let found = house.operations.revisions(&house.planner).await.unwrap();
        let quarter = found
            .proposals
            .iter()
            .find(|one| {
                one.cause
                    == Cause::QuarterEnd {
                        quarter: "2018-Q1".to_owned(),
                    }
            })
            .unwrap();
        let pace = found
            .proposals
            .iter()
            .find(|one| matches!(one.cause, Cause::Pace { pace_ppm, .. } if pace_ppm < 900_000))
            .unwrap();
        // Both leave something missing: where nobody chooses another way, it is spread again.
        for one in [quarter, pace] {
            let way = house.operations.begin_of_proposal(&house.planner, one.id).await;
            assert_eq!((way.unwrap(), one.cause.begin()), (Begin::MakeUp, Begin::MakeUp));
        }
        // One is put aside and does not come again, one is opened.
        house
            .operations
            .put_revision_aside(&house.planner, quarter.id)
            .await
            .unwrap();
        assert_eq!(
            code(
                house
                    .operations
                    .put_revision_aside(&house.planner, quarter.id)
                    .await
            ),
            "not_found"
        );
        let made = house
            .operations
            .open_revision(&house.planner, house.version, Some(pace.id), None, Begin::Outlook)
            .await
            .unwrap();
        assert_ne!(made.version, house.version);
        assert_eq!(
            code(house.operations.begin_of_proposal(&house.planner, pace.id).await),
            "not_found",
            "it is no proposal any more"
        );
        assert_eq!(ask(&house).await, 0);
        assert!(
            house
                .operations
                .revisions(&house.planner)
                .await
                .unwrap()
                .proposals
                .is_empty()
        );
        // The next quarter is another cause.
        house.operations.today = Some(day("2018-07-02"));
        assert_eq!(ask(&house).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_market_factor_calls_for_a_revision_that_starts_with_it() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        house.sell_for_years().await;
        house.operations.today = Some(day("2018-04-10"));
        house.rule(RuleKind::Factor, true).await;
        let ask = async |house: &House| house.operations.propose_revisions(&house.system).await.unwrap();
        assert_eq!(ask(&house).await, 0, "there is no factor");
        let factor = |from: &str, to: &str, name: &str| NewFactor {
            kind: FactorKind::Policy,
            name: name.to_owned(),
            unit: None,
            of: None,
            span: Span {
                starts_on: day(from),
                ends_on: day(to),
            },
            effect: Effect::Percent { hundredths: -2_000 },
            weight: 50,
            source: "部委通知".to_owned(),
            link: None,
            attachment: None,
        };
        let add = async |house: &House, planning: PlanningQuery, new: NewFactor| {
            house.operations.add_factor(&house.planner, &planning, new).await
        };
        let frozen = add(&house, PlanningQuery::of(house.version), factor("2018-07-01", "2019-01-01", "x")).await;
        assert_eq!(code(frozen), "version_frozen");
        let days = PlanningQuery {
            version: None,
            period: Some("2018".to_owned()),
        };
        add(&house, days.clone(), factor("2018-01-01", "2018-03-01", "已过去")).await.unwrap();
        assert_eq!(ask(&house).await, 0, "its days are over");
        let added = add(&house, days.clone(), factor("2018-07-01", "2019-01-01", "限购")).await.unwrap();
        assert_eq!(ask(&house).await, 1);
        assert_eq!(ask(&house).await, 0, "said already");
        let proposal = house.operations.revisions(&house.planner).await.unwrap().proposals.remove(0);
        assert!(matches!(&proposal.cause, Cause::Factor { name, factor, .. } if name == "限购" && *factor == added.id));
        let way = house.operations.begin_of_proposal(&house.planner, proposal.id).await;
        assert_eq!(way.unwrap(), Begin::Outlook, "the target itself is in question");

        let before = house.outlook(PlanningQuery::of(house.version)).await;
        let made = house
            .operations
            .open_revision(&house.planner, house.version, Some(proposal.id), None, Begin::Outlook)
            .await
            .unwrap();
        let is = house.open(made.version).await;
        // A fifth less, half of it counts: from July on.
        let expected = |months: std::ops::Range<usize>| -> i64 {
            let fan = &before.branches[0].fan;
            months.map(|month| fan[before.span_from + month - before.known].p50.0).sum()
        };
        let whole = |period| is.grid.amount(NodeIndex(0), Some(PeriodIndex(period))).0;
        assert_eq!(whole(1), expected(3..6));
        for (period, months) in [(2, 6..9), (3, 9..12)] {
            let reduced = expected(months) * 9 / 10;
            assert!((whole(period) - reduced).abs() <= 12, "{} {reduced}", whole(period));
        }
        // The draft has it as its own from then on.
        let after = house.outlook(PlanningQuery::of(made.version)).await;
        let names: Vec<&str> = after.factors.iter().map(|factor| factor.entry.name.as_str()).collect();
        assert_eq!(names, ["限购"]);
        assert_eq!(after.branches[0].p50().unwrap().0, (0..4).map(whole).sum::<i64>());
        // A change of it is news again.
        house
            .operations
            .edit_factor(&house.planner, &days, added.id, factor("2018-08-01", "2019-01-01", "限购推迟"))
            .await
            .unwrap();
        assert_eq!(ask(&house).await, 1);
    })
    .await;
}

/// What is proposed, in words that say which rule and which period.
async fn proposed(house: &House) -> Vec<String> {
    let found = house.operations.revisions(&house.planner).await.unwrap();
    let mut keys: Vec<String> = found
        .proposals
        .iter()
        .map(|one| {
            let key = one.cause.key(one.version).unwrap();
            key.replace(&format!("{}:", one.version), "")
        })
        .collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn a_rule_tells_of_each_end_of_the_plans_own_periods_once() {
    kit::on_each(async |database: Database| {
        let mut house = House::with(&database, PeriodKind::Month).await;
        house.operations.today = Some(day("2018-04-10"));
        let offered = |found: domain::revision::Revisions| -> Vec<RuleKind> {
            found.rules.into_iter().map(|rule| rule.kind).collect()
        };
        let rules = offered(house.operations.revisions(&house.planner).await.unwrap());
        assert_eq!(rules, RuleKind::ALL);
        house.rule(RuleKind::MonthEnd, true).await;
        house.rule(RuleKind::HalfEnd, true).await;
        let ask = async |house: &House| house.operations.propose_revisions(&house.system).await.unwrap();
        assert_eq!(ask(&house).await, 1, "what was over before the rule is no news");
        assert_eq!(proposed(&house).await, ["month_end:2018-03"]);
        assert_eq!(ask(&house).await, 0, "said already");
        // On the last day of April it is not over yet, on the next one it is.
        house.operations.today = Some(day("2018-04-30"));
        assert_eq!(ask(&house).await, 0);
        // Nobody asked for two months: none of the ends is left out, and the half is over too.
        house.operations.today = Some(day("2018-07-03"));
        assert_eq!(ask(&house).await, 4);
        assert_eq!(
            proposed(&house).await,
            [
                "half_end:2018-H1",
                "month_end:2018-03",
                "month_end:2018-04",
                "month_end:2018-05",
                "month_end:2018-06"
            ]
        );
        // The revision that goes on record in July has looked at all that was over: its version is told of the next end only.
        let made = house
            .operations
            .open_revision(
                &house.planner,
                house.version,
                None,
                Some("半年调整"),
                Begin::Outlook,
            )
            .await
            .unwrap();
        house
            .operations
            .publish(&house.planner, made.version)
            .await
            .unwrap();
        assert_eq!(ask(&house).await, 0);
        house.operations.today = Some(day("2018-08-01"));
        assert_eq!(ask(&house).await, 1);
        assert_eq!(proposed(&house).await, ["month_end:2018-07"]);
        // The end of the plan is nothing to adjust it for.
        house.operations.today = Some(day("2019-01-01"));
        assert_eq!(ask(&house).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_plan_in_quarters_has_no_ends_of_months() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let kinds = |found: domain::revision::Revisions| -> Vec<RuleKind> {
            found.rules.into_iter().map(|rule| rule.kind).collect()
        };
        let found = house.operations.revisions(&house.planner).await.unwrap();
        assert_eq!(
            kinds(found),
            [
                RuleKind::QuarterEnd,
                RuleKind::HalfEnd,
                RuleKind::Pace,
                RuleKind::Factor
            ]
        );
        // One that is on all the same can be seen, and so be turned off; it says nothing.
        house.rule(RuleKind::MonthEnd, true).await;
        let found = house.operations.revisions(&house.planner).await.unwrap();
        assert_eq!(kinds(found), RuleKind::ALL);
        house.operations.today = Some(day("2018-04-10"));
        let made = house.operations.propose_revisions(&house.system).await.unwrap();
        assert_eq!(made, 0);
        house.rule(RuleKind::HalfEnd, true).await;
        house.operations.today = Some(day("2018-07-01"));
        let made = house.operations.propose_revisions(&house.system).await.unwrap();
        assert_eq!(
            (made, proposed(&house).await),
            (1, vec!["half_end:2018-H1".to_owned()])
        );
    })
    .await;
}
