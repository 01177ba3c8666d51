//! What a new plan wants and what it begins with.

use domain::calendar::PeriodKind;
use domain::money::Minor;
use domain::target::NewPlan;
use operations::Operations;
use store::Database;

use crate::{code, company, day};

#[tokio::test]
async fn a_plan_wants_whole_periods_people_and_a_number() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let new = |from, to, total| NewPlan {
            metric: "bookings".to_owned(),
            from: day(from),
            to: day(to),
            period_kind: PeriodKind::Quarter,
            total: Minor(total),
            name: None,
        };
        let planner = company.planner();
        for (plan, expected) in [
            (new("2018-01-01", "2018-03-01", 5), "span_cuts_a_period"),
            (new("2018-01-02", "2018-04-01", 5), "span_cuts_a_period"),
            (new("2018-04-01", "2018-04-01", 5), "bad_span"),
            (new("1800-01-01", "2018-04-01", 5), "bad_span"),
            (new("1990-01-01", "2100-01-01", 5), "too_many_periods"),
            (new("2018-01-01", "2018-04-01", 0), "bad_total"),
            (new("2018-01-01", "2018-04-01", i64::MAX), "bad_total"),
            (
                NewPlan {
                    metric: "x y".to_owned(),
                    ..new("2018-01-01", "2018-04-01", 5)
                },
                "unknown_metric",
            ),
            (
                NewPlan {
                    name: Some(" ".to_owned()),
                    ..new("2018-01-01", "2018-04-01", 5)
                },
                "bad_name",
            ),
            (
                NewPlan {
                    period_kind: PeriodKind::Week,
                    ..new("2018-01-01", "2018-04-01", 5)
                },
                "bad_period_kind",
            ),
        ] {
            assert_eq!(
                code(company.operations.create_plan(&planner, plan).await),
                expected
            );
        }
        assert!(
            company.operations.plans(&planner).await.unwrap().is_empty(),
            "nothing half-written"
        );
        let made = company.plan(&planner).await;
        let open = company
            .operations
            .open_grid(&planner, made.version, None)
            .await
            .unwrap();
        let shape = open.grid.shape();
        let names: Vec<&str> = shape.nodes().map(|node| shape.name(node)).collect();
        assert_eq!(
            names[1..],
            ["North", "N1", "a", "b", "N2", "c", "South", "d", "e"]
        );
        // Without a history everybody carries the same, and days make the season.
        let sums: Vec<i64> = shape.nodes().map(|node| open.grid.amount(node, None).0).collect();
        assert_eq!(sums[0], 1_000_000);
        for leaf in [3, 4, 6, 8, 9] {
            assert!((sums[leaf] - 200_000).abs() <= 3, "{sums:?}");
        }
        assert_eq!(open.seasons, [31, 28, 31]);
        assert_eq!(open.bases.len(), 1);
        assert!(open.may_edit && open.own.is_empty());
    })
    .await;

    kit::on_each(async |database: Database| {
        let (system, _) = kit::organization(&database).await;
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-04-01"),
            period_kind: PeriodKind::Quarter,
            total: Minor(5),
            name: None,
        };
        let operations = Operations::new(database);
        assert_eq!(
            code(operations.create_plan(&system, new).await),
            "nobody_to_plan_for"
        );
    })
    .await;
}
