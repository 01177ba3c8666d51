//! Imports that are made and taken back again and again leave nothing behind, and can be taken back one after the other.
//! On both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "shared/files.rs"]
mod files;

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::id::ImportId;
use domain::import::{Options, Status};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use files::{file, wanted};
use operations::import::Origin;
use operations::{Operations, Scope, Tidied};
use store::Database;

/// Deals of two people over some months; `factor` times what they are in the first file.
fn deals(count: usize, factor: usize) -> String {
    let mut text =
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
            .to_owned();
    for deal in 0..count {
        let (agent, month) = (["anna", "bert"][deal % 2], deal % 9 + 1);
        text += &format!(
            "D{deal},{agent},Widget,Acme,Won,2018-01-01,2018-0{month}-15,{}\n",
            (deal + 1) * factor
        );
    }
    text
}

struct Company {
    operations: Operations,
    scope: Scope,
}

impl Company {
    async fn import(&self, name: &str, text: &str) -> ImportId {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), name, text);
        let wanted = wanted(&[path], Options::default(), Origin::CommandLine);
        let view = self.operations.import_now(&self.scope, wanted).await.unwrap();
        assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
        view.id
    }

    async fn undo(&self, id: ImportId) {
        let view = self.operations.undo_import(&self.scope, id).await.unwrap();
        assert_eq!(view.status, Status::Done, "{view:?}");
    }

    /// Cents of the year; the roll-ups are what the facts say.
    async fn sum(&self) -> i64 {
        let reader = self.operations.database.reader();
        let metric = store::metric::find(&reader, &self.scope, &MetricKey::BOOKINGS)
            .await
            .unwrap();
        if let Some(metric) = metric {
            let differences = store::rollup::differences(&reader, &self.scope, &metric)
                .await
                .unwrap();
            assert!(differences.is_empty(), "{differences:?}");
        }
        let ask = async |by: Dimension| {
            let query = AttainmentQuery {
                metric: MetricKey::BOOKINGS,
                from: Day::parse_iso("2018-01-01").unwrap(),
                to: Day::parse_iso("2019-01-01").unwrap(),
                by: vec![by],
                as_of: Day::parse_iso("2019-12-31"),
            };
            let rows = self
                .operations
                .attainment(&self.scope, &query)
                .await
                .unwrap()
                .rows;
            rows.iter().map(|row| row.actual.0).sum::<i64>()
        };
        let sum = ask(Dimension::Member).await;
        assert_eq!(sum, ask(Dimension::Product).await);
        sum
    }

    async fn rows(&self) -> BTreeMap<String, i64> {
        let mut rows = kit::rows(&self.operations.database).await;
        rows.retain(|table, _| {
            [
                "opportunity",
                "credit",
                "stage_event",
                "rollup_day",
                "rollup_period",
            ]
            .contains(&table.as_str())
        });
        rows
    }
}

async fn company(database: &Database) -> Company {
    let (scope, _) = kit::organization(database).await;
    let company = Company {
        operations: Operations::new(database.clone()),
        scope,
    };
    company
        .import(
            "sales_teams.csv",
            "sales_agent,manager,regional_office\nanna,nora,North\nbert,nora,North\n",
        )
        .await;
    company.import("products.csv", "product,series\nWidget,W\n").await;
    company
        .import("accounts.csv", "account,sector\nAcme,medical\n")
        .await;
    company
}

#[tokio::test]
async fn imports_are_taken_back_one_after_the_other() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let first = company.import("deals.csv", &deals(40, 1)).await;
        let one = company.sum().await;
        let second = company.import("deals.csv", &deals(40, 2)).await;
        let third = company.import("deals.csv", &deals(50, 3)).await;
        assert!(company.sum().await > 3 * one);
        company.undo(third).await;
        assert_eq!(company.sum().await, 2 * one);
        company.undo(second).await;
        assert_eq!(company.sum().await, one, "what was replaced is there again");
        let rows = company.rows().await;
        assert_eq!((rows["opportunity"], rows["credit"]), (40, 40));
        company.undo(first).await;
        assert_eq!(company.sum().await, 0);
        assert_eq!(company.rows().await.get("opportunity"), None);
    })
    .await;
}

#[tokio::test]
async fn importing_and_taking_back_again_and_again_leaves_nothing_behind() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.import("deals.csv", &deals(40, 1)).await;
        let mut tidied = company
            .operations
            .tidy(&company.scope, Tidied::default())
            .await
            .unwrap();
        let (before, sum) = (company.rows().await, company.sum().await);
        for round in 0..6 {
            let more = company.import("deals.csv", &deals(60, 2 + round % 2)).await;
            company.undo(more).await;
        }
        let facts = company.rows().await;
        for table in ["opportunity", "credit", "stage_event"] {
            assert_eq!(facts[table], before[table], "{table}");
        }
        assert!(facts["rollup_day"] > before["rollup_day"]);
        tidied = company.operations.tidy(&company.scope, tidied).await.unwrap();
        assert_eq!(company.rows().await, before);
        assert_eq!(company.sum().await, sum);
        // Corrections that stay are one row a key too.
        for factor in [5, 6, 7] {
            company.import("deals.csv", &deals(40, factor)).await;
        }
        let done = company.operations.tidy(&company.scope, tidied).await.unwrap();
        assert_ne!(done, tidied);
        let rows = company.rows().await;
        assert_eq!(
            (rows["rollup_day"], rows["rollup_period"]),
            (before["rollup_day"], before["rollup_period"])
        );
        assert_eq!(company.sum().await, 7 * sum);
        assert_eq!(company.operations.tidy(&company.scope, done).await.unwrap(), done);
    })
    .await;
}
