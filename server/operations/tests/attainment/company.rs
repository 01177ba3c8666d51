//! A small company that sells.

use std::collections::BTreeMap;

use domain::calendar::{Day, PeriodKind};
use domain::import::{Options, Status, View};
use domain::metric::Attainment;
use domain::money::Minor;
use domain::target::NewPlan;
use operations::import::Origin;
use operations::{Operations, Scope};
use store::Database;

use crate::files::{file, wanted};
use crate::{ask, joined};

pub(super) const HEAD: &str =
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n";

/// A company whose teams lie two levels deep: region North with the teams N1 and N2.
pub(super) struct Company {
    pub(super) operations: Operations,
    pub(super) scope: Scope,
}

pub(super) async fn company(database: &Database) -> Company {
    let (scope, _) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Day::parse_iso("2018-06-30");
    let company = Company { operations, scope };
    company
        .import(
            "sales_teams.csv",
            "sales_agent,manager,regional_office\nanna,nora,North\nbert,nora,North\ncarl,olaf,North\ndora,olaf,North\n",
            Options::default(),
        )
        .await;
    company
        .import(
            "products.csv",
            "product,series\nWidget,W\nGadget,G\n",
            Options::default(),
        )
        .await;
    company
        .import(
            "accounts.csv",
            "account,sector\nAcme,medical\n",
            Options::default(),
        )
        .await;
    company
}

impl Company {
    pub(super) async fn import(&self, name: &str, text: &str, options: Options) -> View {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), name, text);
        let wanted = wanted(&[path], options, Origin::CommandLine);
        self.operations.import_now(&self.scope, wanted).await.unwrap()
    }

    /// Deals as `id,agent,stage,created,closed,amount`; all are taken over.
    pub(super) async fn sell(&self, deals: &[&str]) {
        let mut text = HEAD.to_owned();
        for deal in deals {
            let cells: Vec<&str> = deal.split(',').collect();
            let [id, agent, stage, created, closed, amount] = cells[..] else {
                panic!("{deal}")
            };
            text += &format!("{id},{agent},Widget,Acme,{stage},{created},{closed},{amount}\n");
        }
        let view = self.import("sales_pipeline.csv", &text, Options::default()).await;
        assert_eq!(view.status, Status::Done, "{view:?}");
        assert_eq!(view.counts.rejected, 0, "{view:?}");
    }

    pub(super) async fn year(&self, by: &str) -> Attainment {
        ask(&self.operations, &self.scope, "2018-01-01", "2019-01-01", by).await
    }

    pub(super) async fn targets(&self, by: &str) -> BTreeMap<String, Option<i64>> {
        let answer = self.year(by).await;
        answer
            .rows
            .iter()
            .map(|row| (joined(row, by), row.target.map(|target| target.0)))
            .collect()
    }

    pub(super) async fn publish(&self, total: i64) {
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: Day::parse_iso("2018-01-01").unwrap(),
            to: Day::parse_iso("2019-01-01").unwrap(),
            period_kind: PeriodKind::Quarter,
            total: Minor(total),
            name: None,
        };
        let made = self.operations.create_plan(&self.scope, new).await.unwrap();
        self.operations.publish(&self.scope, made.version).await.unwrap();
    }
}
