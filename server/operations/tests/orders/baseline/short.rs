//! Histories that are too short, have a hole or hang on one product.

use domain::baseline::BaselineQuery;
use domain::calendar::{Month, PeriodKind};
use domain::import::Kind;
use domain::money::Minor;
use domain::target::NewPlan;
use operations::Error;
use store::Database;

use super::{between, by, codes, seller};
use crate::Company;
use crate::refusal::code;

/// Orders of a customer, one a day: day and amount.
async fn orders(company: &Company, rows: impl IntoIterator<Item = (String, i64, &'static str)>) {
    let mut text = "order id,order date,product name,customer,sales\n".to_owned();
    for (number, (day, amount, product)) in rows.into_iter().enumerate() {
        text += &format!("O{number},{day},{product},Acme,{amount}\n");
    }
    company.text(Kind::Orders, &text).await;
}

fn monthly(months: impl IntoIterator<Item = i32>) -> Vec<(String, i64, &'static str)> {
    let first = Month::parse("2016-01").unwrap();
    let mut rows = Vec::new();
    for step in months {
        for day in [3, 10, 17, 26] {
            rows.push((first.plus(step).day_or_last(day).to_string(), 100, "Meter"));
        }
    }
    rows
}

#[tokio::test]
async fn short_histories_and_holes_are_said_and_one_can_still_plan() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        let empty = company.baseline(BaselineQuery::default()).await;
        assert_eq!((empty.span, empty.rows.len()), (None, 0));
        let nobody = company
            .operations
            .baseline_customers(&company.scope, BaselineQuery::default())
            .await
            .unwrap();
        assert_eq!(nobody.count, 0);

        orders(&company, monthly(0..5)).await;
        seller(&company).await;
        let short = company.baseline(by("product")).await;
        assert!(codes(&short).contains(&"under_a_year") && codes(&short).contains(&"only_one"));
        assert!(short.season.used.is_none() && short.compound.is_none());
        // Also where one does not look by product.
        let plain = company.baseline(BaselineQuery::default()).await;
        assert!(codes(&plain).contains(&"one_product"));
        assert!(!codes(&short).contains(&"one_product"));
        assert!(short.months.iter().all(|month| month.growth.on_year.is_none()));
        // The next fiscal year can be planned all the same.
        let period = short.planning.period.clone().unwrap();
        let plan = NewPlan {
            metric: "bookings".to_owned(),
            from: period.start,
            to: period.end,
            period_kind: PeriodKind::Month,
            total: Minor(100_000),
            name: None,
        };
        company
            .operations
            .create_plan(&company.scope, plan)
            .await
            .unwrap();
    })
    .await;
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        orders(&company, monthly((0..12).chain(18..36))).await;
        let holed = company.baseline(by("product")).await;
        assert_eq!(holed.gaps.len(), 1);
        let gap = &holed.gaps[0];
        assert_eq!(
            (gap.from.name.as_str(), gap.to.name.as_str(), gap.months),
            ("2017-01", "2017-06", 6)
        );
        let year = |name: &str| holed.years.iter().find(|year| year.period.name == name).unwrap();
        assert!(year("2017").gap && !year("2017").is_whole());
        assert_eq!(year("2017").growth.on_year, None, "what is missing is no decline");
        assert_eq!(year("2018").growth.on_year, None);
        assert_eq!(holed.compound.unwrap().1, 2, "from 2016 to 2018");
        // 2017 has six months of zero in nobody's season.
        assert!(holed.season.years[1].raw[..6].iter().all(Option::is_none));
        assert_eq!(holed.season.months, 18);
        for bad in [
            between("2018-01-01", "2018-01-01", "product"),
            between("1970-01-01", "2018-01-01", "product"),
        ] {
            let refused = company.operations.baseline(&company.scope, bad).await;
            assert!(["empty_range", "range_too_long"].contains(&code(refused).as_str()));
        }
        let unknown = BaselineQuery {
            of: Some("nobody".to_owned()),
            ..by("product")
        };
        let refused = company.operations.baseline(&company.scope, unknown).await;
        assert!(matches!(refused, Err(Error::NotFound(_))));
        for query in [by("month"), by("colour"), by("unit:nowhere")] {
            let refused = company.operations.baseline(&company.scope, query).await;
            assert!(matches!(refused, Err(Error::Invalid(_))));
        }
    })
    .await;
}
