//! A plan of months says which quarters of the organization's fiscal year they make.

use domain::calendar::PeriodKind;
use domain::plan::{NodeIndex, PeriodIndex};
use store::Database;

use crate::planning::{self, day};
use crate::{company, factors};

#[tokio::test]
async fn months_make_the_quarters_of_the_organization_s_year() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let writer = database.writer().await.unwrap();
        let mut organization = store::organization::get(&writer, &company.system).await.unwrap();
        // The year of January 2018 ends with that month.
        organization.fiscal_start_month = 2;
        store::organization::update(&writer, &company.system, &organization)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let version = company.plan(&planner).await.version;
        let open = factors::open(&company, &planner, version).await;
        let told: Vec<_> = open
            .quarters
            .iter()
            .map(|quarter| (quarter.period.name.as_str(), quarter.months, quarter.whole))
            .collect();
        assert_eq!(told, [("2018-Q4", 1, false), ("2019-Q1", 2, false)]);
        assert_eq!(open.quarters[0].period.end, day("2018-02-01"));
        for node in open.grid.shape().nodes() {
            let amount = |period: PeriodIndex| open.grid.amount(node, Some(period));
            let sums = open
                .quarters
                .iter()
                .map(|quarter| quarter.sum(|month| Some(amount(month))).unwrap().0);
            assert_eq!(sums.sum::<i64>(), open.grid.amount(node, None).0);
        }
        let root = NodeIndex(0);
        let [january, ..] = factors::months(&open, root);
        let first = open.quarters[0].sum(|month| Some(open.grid.amount(root, Some(month))));
        assert_eq!(first.unwrap().0, january);
        // A plan of quarters has none to show beside them.
        let new = planning::plan("2018-02-01", "2018-08-01", PeriodKind::Quarter);
        let version = company
            .operations
            .create_plan(&planner, new)
            .await
            .unwrap()
            .version;
        let open = factors::open(&company, &planner, version).await;
        assert!(open.quarters.is_empty() && open.periods.len() == 2);
    })
    .await;
}
