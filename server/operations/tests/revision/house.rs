//! A company whose plan is on record.

use crate::files::{file, wanted};
use crate::planning::{self, day};
use domain::access::Role;
use domain::assumption::PlanningQuery;
use domain::calendar::PeriodKind;
use domain::id::VersionId;
use domain::import::{Options, Status};
use domain::money::Minor;
use domain::outlook::{Outlook, OutlookQuery};
use domain::plan::{Basis, BasisWeights, NodeIndex, PlanCommand, Spread};
use domain::revision::{Rule, RuleKind};
use domain::split::{Insist, OpenGrid};
use domain::target::NewPlan;
use operations::import::Origin;
use operations::{Actor, NewUser, Operations, Scope};
use store::Database;

/// A company that sells: two teams with two people each, and a year, in quarters unless asked otherwise, that is on record.
pub(crate) struct House {
    pub(crate) operations: Operations,
    pub(crate) system: Scope,
    pub(crate) planner: Scope,
    pub(crate) version: VersionId,
}

impl House {
    pub(crate) async fn of(database: &Database) -> Self {
        Self::with(database, PeriodKind::Quarter).await
    }

    pub(crate) async fn with(database: &Database, periods: PeriodKind) -> Self {
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
            ..planning::plan("2018-01-01", "2019-01-01", periods)
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

    pub(crate) async fn import(&self, name: &str, text: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), name, text);
        let wanted = wanted(&[path], Options::default(), Origin::CommandLine);
        let view = self.operations.import_now(&self.system, wanted).await.unwrap();
        assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
    }

    /// Deals won as `agent,closed,amount`.
    pub(crate) async fn sell(&self, deals: &[&str]) {
        let mut text =
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
                .to_owned();
        for (number, deal) in deals.iter().enumerate() {
            let cells: Vec<&str> = deal.split(',').collect();
            let [agent, closed, amount] = cells[..] else {
                panic!("{deal}")
            };
            text += &format!("{agent}{number},{agent},Widget,Acme,Won,2015-12-01,{closed},{amount}\n");
        }
        self.import("sales_pipeline.csv", &text).await;
    }

    /// More than two years in which three of four sell every month; the last month is not over.
    pub(crate) async fn sell_for_years(&self) {
        let mut deals = Vec::new();
        for (agent, amount, more) in [("anna", 9_000, 1), ("bert", 6_000, 0), ("carl", 4_500, 0)] {
            for month in 0..28 {
                let (year, of_year) = (2016 + month / 12, month % 12 + 1);
                let cents = if agent == "carl" { "50" } else { "00" };
                let raised = if year == 2018 {
                    amount + more * (of_year - 1)
                } else {
                    amount
                };
                let part = if month == 27 { raised / 9 } else { raised };
                deals.push(format!("{agent},{year}-{of_year:02}-05,{part}.{cents}"));
            }
        }
        let deals: Vec<&str> = deals.iter().map(String::as_str).collect();
        self.sell(&deals).await;
    }

    pub(crate) async fn outlook(&self, planning: PlanningQuery) -> Outlook {
        let query = OutlookQuery { planning, node: None };
        self.operations.outlook(&self.planner, query).await.unwrap()
    }

    pub(crate) async fn open(&self, version: VersionId) -> OpenGrid {
        self.operations
            .open_grid(&self.planner, version, None)
            .await
            .unwrap()
    }

    /// A draft in which each level hands down so much more than it has, in millionths.
    pub(crate) async fn handed_down(&self, uplift_ppm: &[u32]) -> VersionId {
        let equal = BasisWeights {
            basis: Basis::Equal,
            share_ppm: 1_000_000,
            weights: Vec::new(),
        };
        let split = PlanCommand::Split {
            node: NodeIndex(0),
            spread: Spread::Subtree,
            bases: vec![equal],
            factors: Vec::new(),
            own: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: uplift_ppm.to_vec(),
            step: Minor(1),
            reason: None,
        };
        self.draft_with(vec![split]).await
    }

    /// A draft of the first version in which these changes were made.
    pub(crate) async fn draft_with(&self, commands: Vec<PlanCommand>) -> VersionId {
        let made = self
            .operations
            .branch_version(&self.planner, self.version, None)
            .await
            .unwrap();
        let mut head = 0;
        for command in commands {
            let applied = self
                .operations
                .apply(&self.planner, made.version, head, command, Insist::Ask)
                .await
                .unwrap();
            assert!(applied.is_done(), "{:?}", applied.refused);
            head = applied.head;
        }
        made.version
    }

    pub(crate) async fn rule(&self, kind: RuleKind, enabled: bool) {
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

pub(crate) fn node(open: &OpenGrid, name: &str) -> NodeIndex {
    let shape = open.grid.shape();
    shape.nodes().find(|node| shape.name(*node) == name).unwrap()
}
