//! Attainment of the Maven files against figures computed from the raw files by other means.

use domain::metric::Attainment;
use operations::Operations;
use store::Database;

use crate::{ask, import, named};

#[tokio::test]
async fn every_figure_of_the_oracle_is_met_to_the_cent() {
    let kit::RealData { folder, extent } = kit::real_data("maven_crm");
    let figures = kit::Figures::of(extent);
    let oracle = kit::won();
    let of = |wanted: &'static str| oracle.iter().filter(move |(place, _)| place.0 == wanted);
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        let files = [
            "sales_pipeline.csv",
            "sales_teams.csv",
            "products.csv",
            "accounts.csv",
        ];
        import(&operations, &scope, &files.map(|name| folder.join(name))).await;
        let mut checked = 0;
        for (dimension, by) in [
            ("manager", "manager"),
            ("office", "unit:region"),
            ("product", "product"),
        ] {
            let whole = named(
                &ask(&operations, &scope, "2017-01-01", "2018-01-01", by).await,
                by,
            );
            let crossed = format!("{by},quarter");
            let quarters = named(
                &ask(&operations, &scope, "2017-01-01", "2018-01-01", &crossed).await,
                &crossed,
            );
            let by_month = format!("{by},month");
            let months = named(
                &ask(&operations, &scope, "2017-01-01", "2018-01-01", &by_month).await,
                &by_month,
            );
            for ((_, key, period), (value, deals)) in of(dimension) {
                let found = if period == "all" {
                    whole.get(key.as_str())
                } else {
                    let crossed = format!("{key}|{period}");
                    quarters.get(&crossed).or_else(|| months.get(&crossed))
                };
                assert_eq!(found, Some(&(value * 100, *deals)), "{dimension} {key} {period}");
                checked += 1;
            }
        }
        for (dimension, by) in [("month", "month")] {
            let found = named(
                &ask(&operations, &scope, "2017-01-01", "2018-01-01", by).await,
                by,
            );
            for ((_, key, period), (value, deals)) in of(dimension) {
                let name = if found.contains_key(key) { key } else { period };
                assert_eq!(
                    found.get(name),
                    Some(&(value * 100, *deals)),
                    "{dimension} {key} {period}"
                );
                checked += 1;
            }
        }
        assert_eq!(checked, oracle.len(), "every line of the oracle was asked for");

        let members = named(
            &ask(&operations, &scope, "2017-01-01", "2018-01-01", "member").await,
            "member",
        );
        for name in figures.words("agents_without_deals") {
            assert_eq!(members.get(name), Some(&(0, 0)), "{name} appears with zero");
        }
        let best = (
            figures.number("best_agent_value") * 100,
            figures.number("best_agent_won"),
        );
        assert_eq!(members.get(figures.word("best_agent")), Some(&best));
        let sum: i64 = members.values().map(|(amount, _)| amount).sum();
        assert_eq!(sum, figures.number("won_value") * 100);
        let units = named(
            &ask(&operations, &scope, "2017-01-01", "2018-01-01", "unit").await,
            "unit",
        );
        assert_eq!(
            units.get("云杉仪器"),
            Some(&(figures.number("won_value") * 100, figures.number("won"))),
            "a unit includes what is below"
        );
        // Days before and after whole months come from the facts, months from the second tier: the sums agree.
        for by in ["product", "account", "category", "channel"] {
            let uneven = ask(&operations, &scope, "2017-03-15", "2017-11-20", by).await;
            let days = ask(&operations, &scope, "2017-03-15", "2017-11-20", "day").await;
            let sum = |answer: &Attainment| answer.rows.iter().map(|row| row.actual.0).sum::<i64>();
            assert_eq!(sum(&uneven), sum(&days), "{by}");
        }
    })
    .await;
}
