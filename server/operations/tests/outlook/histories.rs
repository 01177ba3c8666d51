//! Awkward histories: each gets words instead of a refusal.

use domain::import::Kind;
use domain::money::Minor;
use domain::outlook::{BeforeState, Distribution, Hole, Note, OutlookQuery, Who};
use store::Database;

use crate::refusal::code;
use crate::{Company, adds_up, branch, day, prepared};

#[tokio::test]
async fn a_whole_history_is_looked_ahead_from() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-12-31", "2014-01-01", 48).await;
        let outlook = company.outlook("2018").await;
        adds_up(&outlook);
        assert_eq!((outlook.known, outlook.months), (48, 60));
        assert_eq!((outlook.span_from, outlook.span_to), (48, 60));
        let names: Vec<(&str, usize)> = outlook
            .branches
            .iter()
            .map(|branch| (branch.name.as_str(), branch.depth))
            .collect();
        assert_eq!(
            names[1..],
            [("North", 1), ("Ann", 2), ("South", 1), ("Bob", 2), ("Cid", 2)]
        );
        let before = &outlook.detail.before;
        assert_eq!(before.len(), 4);
        assert!(before.iter().all(|before| before.state == BeforeState::Whole));
        assert_eq!(before[3].period.as_ref().unwrap().name, "2017");
        assert_eq!(Some(before[3].amount), outlook.branches[0].last_year);
        assert!(outlook.detail.accuracy.unwrap().off.unwrap() < 0.1);
        assert_eq!(outlook.detail.notes, []);
        // The growth of the history goes on, about.
        let growth = outlook.branches[0].growth().unwrap();
        assert!((0.02..0.2).contains(&growth), "{growth}");
        // In the middle of a year: what is done counts, and the rest is expected.
        let running = company.outlook("2017").await;
        let done = running.branches[0].total.clone().unwrap();
        assert_eq!(done, Distribution::certain(running.branches[0].booked));
        assert_eq!(running.detail.notes, [Note::Over]);
        let unknown = OutlookQuery {
            planning: prepared("2018"),
            node: Some("unit:0195f2d0-0000-7000-8000-000000000001".to_owned()),
        };
        assert_eq!(
            code(company.operations.outlook(&company.scope, unknown).await),
            "not_found"
        );
        let strange = OutlookQuery {
            planning: prepared("2018"),
            node: Some("somebody".to_owned()),
        };
        assert_eq!(
            code(company.operations.outlook(&company.scope, strange).await),
            "unknown_branch"
        );
        // Ten years on at most, and nothing before anything was counted; the ends of the calendar are no way around it.
        for (period, refusal) in [
            ("2028", "too_far"),
            ("2099", "too_far"),
            ("2500", "too_far"),
            ("9999", "too_far"),
            ("9999-Q4", "too_far"),
            ("9999-12", "too_far"),
            ("1969", "too_early"),
            ("0001", "too_early"),
        ] {
            let planning = prepared(period);
            let factors = company.operations.factors(&company.scope, &planning).await;
            assert_eq!(code(factors), refusal, "{period}");
            let beyond = OutlookQuery { planning, node: None };
            let outlook = company.operations.outlook(&company.scope, beyond).await;
            assert_eq!(code(outlook), refusal, "{period}");
        }
        let furthest = prepared("2027-12");
        let factors = company.operations.factors(&company.scope, &furthest).await;
        assert!(factors.is_ok(), "{factors:?}");
    })
    .await;
}

#[tokio::test]
async fn a_running_year_lands() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-10-31", "2014-01-01", 46).await;
        let outlook = company.outlook("2018").await;
        adds_up(&outlook);
        assert_eq!((outlook.known, outlook.months, outlook.span_from), (46, 60, 48));
        let last = outlook.detail.before.last().unwrap();
        assert_eq!(last.state, BeforeState::Landing);
        let whole = &outlook.branches[0];
        let done: i64 = whole.history[36..].iter().map(|amount| amount.0).sum();
        let to_come: i64 = whole.fan[..2].iter().map(|month| month.p50.0).sum();
        assert_eq!(last.amount.0, done + to_come);
        // The year itself: what is booked is sure.
        let year = company.outlook("2017").await;
        adds_up(&year);
        let total = year.branches[0].total.clone().unwrap();
        assert_eq!(year.branches[0].booked.0, done);
        assert!(total.chance_of(Minor(done)) > 1.0 - 1e-12);
        assert_eq!(total.p50().0, done + to_come);
    })
    .await;
}

#[tokio::test]
async fn short_histories_and_holes_are_said() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database, "2017-12-31").await;
        let outlook = company.outlook("2018").await;
        assert_eq!(outlook.detail.notes, [Note::NoFacts]);
        assert_eq!(outlook.branches[0].total, None);
        company
            .text(Kind::Units, "name,level\nNorth,region\nSouth,region\n")
            .await;
        company
            .text(Kind::Members, "name,unit\nAnn,North\nBob,South\nCid,South\n")
            .await;
        company.sell("2017-06-01", 7, |_| true).await;
        let outlook = company.outlook("2018").await;
        adds_up(&outlook);
        assert_eq!(
            outlook.detail.notes,
            [Note::Short { months: 7 }, Note::Far { months: 12 }]
        );
        assert!(outlook.branches[0].p50().unwrap().0 > 0);
        assert_eq!(outlook.detail.accuracy, None);
        assert_eq!(outlook.branches[0].last_year, None);
        assert_eq!(outlook.detail.before[0].state, BeforeState::Partial);
        // A hole of six months in four years.
        company
            .sell("2014-01-01", 41, |step| !(20..26).contains(&step))
            .await;
        let outlook = company.outlook("2018").await;
        adds_up(&outlook);
        let from = domain::calendar::Month::parse("2015-09").unwrap();
        assert_eq!(outlook.detail.notes, [Note::Hole { from, months: 6 }]);
    })
    .await;
}

#[tokio::test]
async fn a_year_with_a_hole_is_compared_with_nothing() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database, "2018-12-31").await;
        company
            .text(Kind::Units, "name,level\nNorth,region\nSouth,region\n")
            .await;
        company
            .text(Kind::Members, "name,unit\nAnn,North\nBob,South\nCid,South\n")
            .await;
        // Nothing from March to August 2017.
        company
            .sell("2014-01-01", 60, |step| !(38..44).contains(&step))
            .await;
        let outlook = company.outlook("2019").await;
        adds_up(&outlook);
        assert_eq!(outlook.holes, [Hole { from: 38, months: 6 }]);
        assert!(!outlook.is_hole(37) && outlook.is_hole(43) && !outlook.is_hole(44));
        let before: Vec<(&str, BeforeState, bool)> = outlook
            .detail
            .before
            .iter()
            .map(|before| {
                let name = before.period.as_ref().unwrap().name.as_str();
                (name, before.state, before.growth.is_some())
            })
            .collect();
        assert_eq!(
            before,
            [
                ("2015", BeforeState::Whole, false),
                ("2016", BeforeState::Whole, true),
                ("2017", BeforeState::Hole, false),
                ("2018", BeforeState::Whole, false),
            ]
        );
        assert!(outlook.branches[0].growth().is_some());
        // The year after it has nothing to grow from.
        let after = company.outlook("2018").await;
        assert_eq!(
            (after.branches[0].last_year, after.branches[0].growth()),
            (None, None)
        );
        // The year with it is not whole, and what it brought stays what it is.
        let last = after.detail.before.last().unwrap();
        assert_eq!((last.state, last.growth), (BeforeState::Hole, None));
        assert!(last.amount.0 > 0);
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_nobody_has_a_branch_and_what_is_old_is_said() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2018-06-15", "2015-01-01", 36).await;
        let orders: String = (1..=12)
            .map(|month| format!("x-{month},North,2017-{month:02}-15,1000\n"))
            .collect();
        company
            .text(
                Kind::Orders,
                &format!("order id,unit,order date,amount\n{orders}"),
            )
            .await;
        let outlook = company.outlook("2018").await;
        adds_up(&outlook);
        let nobody = outlook
            .branches
            .iter()
            .find(|branch| branch.place.who == Who::Nobody)
            .unwrap();
        assert_eq!(nobody.place.unit, branch(&outlook, "North").place.unit);
        let sum: i64 = nobody.history.iter().map(|amount| amount.0).sum();
        assert_eq!(sum, 1_200_000);
        let last = day("2017-12-28").min(outlook.history.unwrap().1);
        assert_eq!(outlook.detail.notes, [Note::Old { last, months: 6 }]);
    })
    .await;
}

#[tokio::test]
async fn a_fiscal_year_may_start_in_july() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-06-30", "2014-07-01", 36).await;
        let writer = database.writer().await.unwrap();
        let mut organization = store::organization::get(&writer, &company.scope).await.unwrap();
        organization.fiscal_start_month = 7;
        store::organization::update(&writer, &company.scope, &organization)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        // Without asking for a period: the fiscal year after the newest facts.
        let outlook = company.of(&domain::assumption::PlanningQuery::default()).await;
        adds_up(&outlook);
        assert_eq!(outlook.planning.span.starts_on, day("2017-07-01"));
        assert_eq!((outlook.known, outlook.span_from, outlook.span_to), (36, 36, 48));
        assert_eq!(outlook.detail.before.len(), 3);
        assert!(outlook.branches[0].last_year.is_some());
    })
    .await;
}
