//! Dynamic adjustment: rules that propose once, a revision that starts from what is booked, and confirmations that stay where
//! nothing changes; on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "../shared/files.rs"]
mod files;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;

use domain::access::Role;
use domain::approval::ApprovalQuery;
use domain::calendar::PeriodKind;
use domain::id::VersionId;
use domain::import::{Options, Status};
use domain::money::Minor;
use domain::notice::Notice;
use domain::plan::{Entered, NodeIndex, NodeRef, PeriodIndex, PlanCommand};
use domain::revision::{Cause, Rule, RuleKind};
use domain::split::{Insist, OpenGrid};
use domain::target::{Answer, Confirmation, NewPlan, Verdict};
use files::{file, wanted};
use operations::import::Origin;
use operations::{Actor, NewUser, Operations, Scope};
use planning::day;
use refusal::code;
use store::Database;

/// A company that sells: two teams with two people each, and a year in quarters that is on record.
struct House {
    operations: Operations,
    system: Scope,
    planner: Scope,
    version: VersionId,
}

impl House {
    async fn of(database: &Database) -> Self {
        let (system, _) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Some(day("2017-12-20"));
        let mut house = Self {
            operations,
            planner: system.clone(),
            system,
            version: VersionId::default(),
        };
        house
            .import(
                "sales_teams.csv",
                "sales_agent,manager,regional_office\nanna,nora,North\nbert,nora,North\ncarl,olaf,North\ndora,olaf,North\n",
            )
            .await;
        house.import("products.csv", "product,series\nWidget,W\n").await;
        house
            .import("accounts.csv", "account,sector\nAcme,medical\n")
            .await;
        let new = NewUser {
            email: "plan@attain.test".to_owned(),
            name: "计划员".to_owned(),
            role: Role::Planner,
            password: "corridor-lantern-43".to_owned(),
            member: None,
            language: None,
        };
        let id = house.operations.create_user(&house.system, new).await.unwrap();
        house.planner = Scope {
            actor: Actor::User {
                id,
                name: "计划员".to_owned(),
            },
            ..planning::user(&house.system, Role::Planner, None, &[], &[])
        };
        let plan = NewPlan {
            total: Minor(40_000_000),
            ..planning::plan("2018-01-01", "2019-01-01", PeriodKind::Quarter)
        };
        house.version = house
            .operations
            .create_plan(&house.planner, plan)
            .await
            .unwrap()
            .version;
        house
            .operations
            .publish(&house.planner, house.version)
            .await
            .unwrap();
        house
    }

    async fn import(&self, name: &str, text: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), name, text);
        let wanted = wanted(&[path], Options::default(), Origin::CommandLine);
        let view = self.operations.import_now(&self.system, wanted).await.unwrap();
        assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
    }

    /// Deals won as `agent,closed,amount`.
    async fn sell(&self, deals: &[&str]) {
        let mut text =
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
                .to_owned();
        for (number, deal) in deals.iter().enumerate() {
            let cells: Vec<&str> = deal.split(',').collect();
            let [agent, closed, amount] = cells[..] else {
                panic!("{deal}")
            };
            text += &format!("{agent}{number},{agent},Widget,Acme,Won,2017-12-01,{closed},{amount}\n");
        }
        self.import("sales_pipeline.csv", &text).await;
    }

    async fn open(&self, version: VersionId) -> OpenGrid {
        self.operations
            .open_grid(&self.planner, version, None)
            .await
            .unwrap()
    }

    async fn rule(&self, kind: RuleKind, enabled: bool) {
        let rule = Rule {
            kind,
            enabled,
            threshold_ppm: 100_000,
        };
        self.operations
            .set_revision_rule(&self.planner, rule)
            .await
            .unwrap();
    }
}

fn node(open: &OpenGrid, name: &str) -> NodeIndex {
    let shape = open.grid.shape();
    shape.nodes().find(|node| shape.name(*node) == name).unwrap()
}

#[tokio::test]
async fn a_revision_starts_from_what_is_booked_and_what_is_to_be_expected() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        // The first quarter brought a half of what it was to.
        house
            .sell(&[
                "anna,2018-02-10,30000",
                "bert,2018-03-10,20000.50",
                "carl,2018-04-05,7000",
            ])
            .await;
        house.operations.today = Some(day("2018-04-10"));
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&house.planner, house.version, None, Some(" "))
                    .await
            ),
            "reason_missing"
        );
        let made = house
            .operations
            .open_revision(&house.planner, house.version, None, Some("一季度落后"))
            .await
            .unwrap();
        let (was, is) = (house.open(house.version).await, house.open(made.version).await);
        let amount = |open: &OpenGrid, name: &str, period| {
            open.grid.amount(node(open, name), Some(PeriodIndex(period))).0
        };
        // What is over is what was booked, to the cent.
        assert_eq!(amount(&is, "anna", 0), 3_000_000);
        assert_eq!(amount(&is, "bert", 0), 2_000_050);
        assert_eq!((amount(&is, "carl", 0), amount(&is, "dora", 0)), (0, 0));
        assert_eq!(is.grid.amount(NodeIndex(0), Some(PeriodIndex(0))).0, 5_000_050);
        // What runs has at least what is booked already, and the rest follows the pace.
        assert!(amount(&is, "carl", 1) >= 700_000);
        for period in 2..4 {
            let (before, after) = (amount(&was, "anna", period), amount(&is, "anna", period));
            assert!(after < before && after * 2 >= before, "{before} → {after}");
        }
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
                    .open_revision(&house.planner, made.version, None, Some("x"))
                    .await
            ),
            "not_published"
        );
        let rep = planning::user(&house.system, Role::Rep, None, &[], &[]);
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&rep, house.version, None, Some("x"))
                    .await
            ),
            "not_found"
        );
        house.operations.today = Some(day("2019-01-01"));
        assert_eq!(
            code(
                house
                    .operations
                    .open_revision(&house.planner, house.version, None, Some("x"))
                    .await
            ),
            "plan_over"
        );
    })
    .await;
}

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
            .open_revision(&house.planner, house.version, Some(pace.id), None)
            .await
            .unwrap();
        assert_ne!(made.version, house.version);
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
            let own = house.operations.my_targets(rep).await.unwrap().remove(0);
            let answer = Answer::Confirmed;
            house
                .operations
                .acknowledge(rep, own.version, own.node, &own.hash, answer, None)
                .await
                .unwrap();
        }
        house.sell(&["anna,2018-02-10,30000"]).await;
        house.operations.today = Some(day("2018-04-10"));
        let made = house
            .operations
            .open_revision(&house.planner, house.version, None, Some("只调一个人"))
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
            reason: None,
        };
        let applied = house
            .operations
            .apply(&house.planner, made.version, 0, command, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(applied.refused, None);
        house
            .operations
            .publish(&house.planner, made.version)
            .await
            .unwrap();
        let mut stands = Vec::new();
        for rep in &reps {
            let own = house.operations.my_targets(rep).await.unwrap().remove(0);
            assert_eq!(own.version, made.version);
            stands.push(matches!(own.confirmation, Confirmation::Confirmed { .. }));
        }
        assert_eq!(
            stands,
            [true, false, false],
            "unchanged and confirmed; changed; never confirmed"
        );
    })
    .await;
}
