//! The baseline over real files: totals to the cent, growth, season, one-offs left out and back, customers and channels; and
//! histories that are too short, have holes, or hang on one product.

mod short;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use domain::assumption::PlanningQuery;
use domain::baseline::{Baseline, BaselineQuery, Growth, NewExclusion, Note, Reason};
use domain::calendar::{Day, PeriodKind};
use domain::import::{Kind, Options};
use domain::money::Minor;
use domain::target::NewPlan;
use operations::Error;
use store::Database;

use crate::adventureworks::{MAPPING, people};
use crate::refusal::code;
use crate::{Company, cents, exact, table};

/// The order that is 42.5 % of its month.
const LARGE: &str = "CA-2014-145317";

impl Company {
    async fn baseline(&self, query: BaselineQuery) -> Baseline {
        self.operations.baseline(&self.scope, query).await.unwrap()
    }
}

/// Somebody who can carry a target.
async fn seller(company: &Company) {
    let units = store::unit::list(&company.database.reader(), &company.scope, None)
        .await
        .unwrap();
    let root = units.iter().find(|unit| unit.parent.is_none()).unwrap().id;
    let member = kit::member("韩梅");
    let assignment = kit::assignment(member.id, root);
    let writer = company.database.writer().await.unwrap();
    store::member::insert(&writer, &company.scope, &[member])
        .await
        .unwrap();
    store::assignment::insert(&writer, &company.scope, &[assignment])
        .await
        .unwrap();
    writer.commit().await.unwrap();
}

fn by(by: &str) -> BaselineQuery {
    BaselineQuery {
        by: Some(by.to_owned()),
        ..BaselineQuery::default()
    }
}

fn between(from: &str, to: &str, by: &str) -> BaselineQuery {
    BaselineQuery {
        from: Day::parse_iso(from),
        to: Day::parse_iso(to),
        ..self::by(by)
    }
}

fn codes(baseline: &Baseline) -> Vec<&'static str> {
    baseline.notes.iter().map(Note::as_str).collect()
}

async fn superstore(company: &Company, data: &Path) {
    // Products first: each that is made by the way is compared with all the others.
    let path = data.join("Sample - Superstore.csv");
    let products: BTreeSet<String> = table(&path)
        .into_iter()
        .map(|line| line["Product Name"].replace('"', "\"\""))
        .collect();
    let mut list = "product name\n".to_owned();
    for product in products {
        list += &format!("\"{product}\"\n");
    }
    company.text(Kind::Products, &list).await;
    let options: Options = serde_json::from_str(r#"{"on_missing":"create","date_format":"mdy"}"#).unwrap();
    company.import(&path, Kind::Orders, &[], options).await;
}

#[tokio::test]
async fn adventureworks_is_right_to_the_cent() {
    let Some(data) = kit::data_or_not("adventureworks") else {
        return;
    };
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        people(&company, &data).await;
        let orders = data.join("SalesOrderHeader.csv");
        company
            .import(&orders, Kind::Orders, &MAPPING, Options::default())
            .await;

        // P1: everything, and what nobody sold.
        let began = Instant::now();
        let all = company.baseline(by("member")).await;
        println!("the baseline of 31,465 orders in {:?}", began.elapsed());
        assert_eq!((all.total, all.left_out), (Minor(10_984_638_140), Minor(0)));
        assert_eq!(all.count, 31_465);
        let nobody = all.rows.iter().find(|row| row.id.is_empty()).unwrap();
        assert_eq!(nobody.total, Minor(2_935_867_722));
        let mut years: BTreeMap<&str, i64> = BTreeMap::new();
        let raw = table(&orders);
        for order in &raw {
            *years.entry(&order["OrderDate"][..4]).or_default() += exact(&order["SubTotal"]);
        }
        for year in &all.years {
            assert_eq!(year.amount.0, cents(years[year.period.name.as_str()]), "{year:?}");
        }
        let whole: Vec<&str> = all
            .years
            .iter()
            .filter(|year| year.is_whole())
            .map(|year| year.period.name.as_str())
            .collect();
        assert_eq!(whole, ["2012", "2013"], "2011 starts late, 2014 ends early");
        assert!(codes(&all).contains(&"not_given"));
        // In the last month only the web shop is there: what sellers sold is missing, and not collapsed.
        assert!(codes(&all).contains(&"incomplete") && !codes(&all).contains(&"ends_early"));
        for (slices, name) in [
            (&all.months, "2014-06"),
            (&all.quarters, "2014-Q2"),
            (&all.years, "2014"),
        ] {
            let slice = slices.iter().find(|slice| slice.period.name == name).unwrap();
            assert!(
                !slice.is_whole() && slice.growth == Growth::default(),
                "{slice:?}"
            );
        }
        assert!(all.months[all.months.len() - 2].is_whole());
        assert_eq!(all.season.months, 36, "the season does not rest on it");

        // P2 to P4: quarters of nobody's calendar, whole and for one person.
        for (from, to, total, count) in [
            ("2013-05-30", "2013-08-30", 109_375_665_678_i64, 457),
            ("2013-11-30", "2014-03-01", 71_147_463_184, 0),
            ("2014-03-01", "2014-07-01", 89_431_160_443, 0),
        ] {
            let quarter = company.baseline(between(from, to, "member")).await;
            let nobody = quarter.rows.iter().find(|row| row.id.is_empty());
            let mut sold = 0;
            let mut orders = 0;
            for order in &raw {
                let day = &order["OrderDate"][..10];
                if !order["SalesPersonID"].is_empty() && from <= day && day < to {
                    sold += exact(&order["SubTotal"]);
                    orders += 1;
                }
            }
            assert_eq!(sold, total, "{from}");
            assert!(count == 0 || count == orders);
            let named: i64 = quarter
                .rows
                .iter()
                .filter(|row| !row.id.is_empty())
                .map(|row| row.total.0)
                .sum();
            // Each row is rounded by itself, the total once.
            assert!(
                (named - cents(total)).abs() <= quarter.rows.len() as i64,
                "{from}"
            );
            let rest = quarter.total.0 - nobody.map_or(0, |row| row.total.0);
            assert!((rest - cents(total)).abs() <= 1, "{from}: {rest}");
        }
        let linda = company
            .baseline(between("2013-05-30", "2013-08-30", "member"))
            .await;
        let id = &linda
            .rows
            .iter()
            .find(|row| row.name == "Linda Mitchell")
            .unwrap()
            .id;
        let narrowed = company
            .baseline(BaselineQuery {
                of: Some(id.clone()),
                ..between("2013-05-30", "2013-08-30", "member")
            })
            .await;
        assert_eq!((narrowed.total, narrowed.count), (Minor(130_082_181), 42));
        assert_eq!(narrowed.of.unwrap().name, "Linda Mitchell");
    })
    .await;
}

#[tokio::test]
async fn superstore_grows_and_has_its_season() {
    let Some(data) = kit::data_or_not("superstore") else {
        return;
    };
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        superstore(&company, &data).await;
        let all = company.baseline(by("unit:region")).await;
        let amounts: Vec<i64> = all.years.iter().map(|year| year.amount.0).collect();
        assert_eq!(amounts, [48_424_750, 47_053_251, 60_920_560, 73_321_526]);
        let growth: Vec<f64> = all
            .years
            .iter()
            .filter_map(|year| year.growth.on_year)
            .map(|growth| (growth * 1e4).round() / 1e4)
            .collect();
        assert_eq!(growth, [-0.0283, 0.2947, 0.2036]);
        let (yearly, over) = all.compound.unwrap();
        assert!((yearly - 0.1483).abs() < 5e-5 && over == 3);
        let season = all.season.raw.as_ref().unwrap();
        for (found, expected) in season.iter().zip([
            0.5632, 0.3906, 1.0475, 0.7749, 0.8927, 0.7695, 0.7774, 0.7344, 1.6651, 0.8895, 1.7437, 1.7514,
        ]) {
            assert!((found - expected).abs() < 1e-4, "{season:?}");
        }
        assert!((all.season.used.as_ref().unwrap().iter().sum::<f64>() - 12.0).abs() < 1e-9);

        // What each region gave to the growth of 2017.
        let two = company
            .baseline(between("2016-01-01", "2018-01-01", "unit:region"))
            .await;
        let drift = two.drift.as_ref().unwrap();
        let points: BTreeMap<&str, f64> = drift
            .parts
            .iter()
            .map(|part| {
                let points = (part.points.unwrap() * 1e4).round() / 100.0;
                (two.rows[part.part].name.as_str(), points)
            })
            .collect();
        assert_eq!(
            points,
            BTreeMap::from([
                ("Central", -0.05),
                ("East", 5.32),
                ("South", 4.81),
                ("West", 10.28)
            ])
        );
        let concentration = all.concentration.unwrap();
        assert_eq!(concentration.parts, 4);

        // Accounts: 793 of them, 200 listed, the rest in one.
        let accounts = company.baseline(by("account")).await;
        let (others, rest) = accounts.others.as_ref().unwrap();
        assert_eq!(accounts.rows.len() + others, 793);
        let listed: i64 = accounts.rows.iter().map(|row| row.total.0).sum();
        assert!((listed + rest.total.0 - accounts.whole.0).abs() < 800);
        let customers = company
            .operations
            .baseline_customers(&company.scope, BaselineQuery::default())
            .await
            .unwrap();
        assert_eq!(customers.count, 793);
        let sum = |amounts: Vec<i64>| amounts.iter().sum::<i64>();
        let sizes = sum(customers.sizes.iter().map(|group| group.amount.0).collect());
        let ages = sum(customers.ages.iter().map(|group| group.amount.0).collect());
        assert_eq!(sizes, ages);
        assert!((sizes - 229_720_086).abs() < 800);
        let channels = company
            .operations
            .baseline_channels(&company.scope, BaselineQuery::default())
            .await
            .unwrap();
        assert!(!channels.deals && channels.rate.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_one_off_is_left_out_and_comes_back() {
    let Some(data) = kit::data_or_not("superstore") else {
        return;
    };
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        superstore(&company, &data).await;
        seller(&company).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let before = company.baseline(by("unit:region")).await;
        let offered = before.one_offs.iter().find(|one| one.external_id == LARGE).unwrap();
        assert_eq!((offered.amount, offered.period.as_str()), (Minor(2_366_123), "2014-03"));
        assert!((offered.share.unwrap() - 0.425).abs() < 5e-4 && offered.proposed);
        assert_eq!(offered.excluded, None);

        let planning = PlanningQuery::default();
        let wanted = |id: &str, words: Option<&str>| NewExclusion {
            external_id: id.to_owned(),
            words: words.map(str::to_owned),
        };
        let made = operations.exclude(scope, &planning, wanted(LARGE, None)).await.unwrap();
        assert!(matches!(&made.reason, Reason::Share { period, share_ppm } if period == "2014-03" && (424_000..426_000).contains(share_ppm)));
        let after = company.baseline(by("unit:region")).await;
        assert_eq!((after.total, after.left_out), (before.total, Minor(2_366_123)));
        assert_eq!(after.whole.0, before.whole.0 - 2_366_123);
        let march = after.months.iter().find(|month| month.period.name == "2014-03").unwrap();
        assert_eq!(march.left_out, Minor(2_366_123));
        let one = after.one_offs.iter().find(|one| one.external_id == LARGE).unwrap();
        assert_eq!(one.excluded.as_ref().unwrap(), &made);
        let rows = |baseline: &Baseline| baseline.rows.iter().map(|row| row.total.0).sum::<i64>();
        assert_eq!(rows(&before) - rows(&after), 2_366_123);
        // The first year is smaller now, and what came later grew more.
        assert!(after.compound.unwrap().0 > before.compound.unwrap().0);
        assert!(after.season.raw != before.season.raw);
        // The others of its kind are still judged beside it.
        assert_eq!(after.one_offs.len(), before.one_offs.len());

        // What is not proposed needs a reason in words; what is unknown cannot be left out.
        let other = "CA-2016-152156";
        let refused = operations.exclude(scope, &planning, wanted(other, None)).await;
        assert_eq!(code(refused), "reason_missing");
        let refused = operations.exclude(scope, &planning, wanted(other, Some(&"长".repeat(301)))).await;
        assert_eq!(code(refused), "reason_too_long");
        let refused = operations.exclude(scope, &planning, wanted("nothing", Some("why"))).await;
        assert_eq!(code(refused), "unknown_record");
        operations
            .exclude(scope, &planning, wanted(other, Some("一次性项目")))
            .await
            .unwrap();
        let narrowed = company
            .baseline(BaselineQuery {
                of: Some(before.rows.iter().find(|row| row.name == "South").unwrap().id.clone()),
                ..by("unit:region")
            })
            .await;
        assert_eq!(narrowed.left_out.0, 2_366_123 + 99_390, "both are of the South");

        // A draft takes what is left out along; another period has its own.
        let period = before.planning.period.clone().unwrap();
        let plan = NewPlan {
            metric: "bookings".to_owned(),
            from: period.start,
            to: period.end,
            period_kind: PeriodKind::Month,
            total: Minor(80_000_000),
            name: None,
        };
        let draft = operations.create_plan(scope, plan).await.unwrap();
        let of_draft = PlanningQuery {
            version: Some(draft.version),
            period: None,
        };
        assert_eq!(operations.exclusions(scope, &of_draft).await.unwrap().len(), 2);
        let elsewhere = PlanningQuery {
            version: None,
            period: Some("2021".to_owned()),
        };
        assert!(operations.exclusions(scope, &elsewhere).await.unwrap().is_empty());
        operations.include(scope, &of_draft, LARGE).await.unwrap();
        let again = operations.include(scope, &of_draft, LARGE).await;
        assert!(matches!(again, Err(Error::NotFound(_))));
        assert_eq!(operations.exclusions(scope, &of_draft).await.unwrap().len(), 1);
        // What was gathered before the draft stays as it was.
        let prepared = PlanningQuery {
            version: None,
            period: Some(period.name.clone()),
        };
        assert_eq!(operations.exclusions(scope, &prepared).await.unwrap().len(), 2);

        operations.publish(scope, draft.version).await.unwrap();
        let frozen = operations.exclude(scope, &of_draft, wanted(LARGE, None)).await;
        assert_eq!(code(frozen), "version_frozen");
    })
    .await;
}
