//! The sample company: plausible, the same on every load, and gone without a trace.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "shared/people.rs"]
mod people;
#[path = "shared/refusal.rs"]
mod refusal;

use std::collections::BTreeMap;

use domain::access::Role;
use domain::calendar::Day;
use domain::metric::MetricKey;
use domain::money::FACT_SCALE;
use operations::{Database, Loopback, NewUser, Operations, Scope, SetUp};
use people::member;
use refusal::code;
use store::attainment::{Cut, Question, Time};

const PASSWORD: &str = "correct horse battery";

fn today() -> Day {
    Day::from_ymd(2026, 11, 23).unwrap()
}

/// Bookings in yuan.
async fn won(database: &Database, scope: &Scope, from: Day, to: Day) -> i64 {
    let reader = database.reader();
    let metric = store::metric::find(&reader, scope, &MetricKey::BOOKINGS)
        .await
        .unwrap()
        .unwrap();
    let question = Question {
        from,
        to,
        time: Time::Whole,
        by_member: Cut::Together,
        by_unit: Cut::Together,
        by_things: Vec::new(),
    };
    let pieces = store::attainment::sums(&reader, scope, &metric, &question)
        .await
        .unwrap();
    pieces.iter().map(|piece| piece.amount.0 / FACT_SCALE).sum()
}

#[tokio::test]
async fn the_sample_company_sells_and_has_a_running_plan() {
    kit::on_each(async |database: Database| {
        let mut operations = Operations::new(database.clone());
        operations.today = Some(today());
        operations.load_demo().await.unwrap();
        let system = operations.system_scope("test").await.unwrap();
        let rows = kit::rows(&database).await;
        assert!((1_000..5_000).contains(&rows["opportunity"]), "{rows:?}");
        assert!(
            rows["stage_event"] > 3 * rows["opportunity"] && rows["credit"] > 500,
            "{rows:?}"
        );
        operations.load_demo().await.unwrap();
        assert_eq!(kit::rows(&database).await, rows, "a second load changes nothing");

        let year = |offset: i32| Day::from_ymd(today().ymd().0 + offset, 1, 1).unwrap();
        let before = won(&database, &system, year(-1), year(0)).await;
        assert!((20_000_000..80_000_000).contains(&before), "{before}");
        let session = operations
            .sign_in_demo(Role::Manager, Loopback::Yes, None)
            .await
            .unwrap();
        let manager = operations.scope_of_session(&session.token).await.unwrap().scope;
        let north = won(&database, &manager, year(-1), year(0)).await;
        assert!(north > 0 && north < before / 2, "{north} of {before}");

        let targets =
            store::cell::published_targets(&database.reader(), &system, "bookings", year(0), year(1))
                .await
                .unwrap();
        let root = operations
            .people(&system)
            .await
            .unwrap()
            .units
            .into_iter()
            .find(|unit| unit.parent.is_none())
            .unwrap();
        let root = domain::target::NodeRef::Unit(root.id);
        let months: BTreeMap<Day, i64> = targets
            .iter()
            .filter(|target| target.node == root)
            .map(|target| (target.period.starts_on, target.amount.0 / 100))
            .collect();
        assert_eq!(months.len(), 12);
        let total: i64 = months.values().sum();
        assert!(
            (105..=110).contains(&(total * 100 / before)),
            "{total} against {before}"
        );
        let (march, february) = (
            months[&Day::from_ymd(2026, 3, 1).unwrap()],
            months[&Day::from_ymd(2026, 2, 1).unwrap()],
        );
        assert!(march > february, "by season: {march} and {february}");
        let actual = won(&database, &system, year(0), today().plus(1)).await;
        assert!(
            actual > total / 2 && actual < total * 3 / 2,
            "{actual} of {total} by November"
        );
    })
    .await;
}

#[tokio::test]
async fn it_loads_on_any_day_and_in_any_fiscal_year() {
    for (day, fiscal_start_month) in [
        ("2018-02-15", 1),
        ("2026-01-01", 1),
        ("2028-02-29", 4),
        ("2027-12-31", 12),
    ] {
        let fresh = kit::Fresh::sqlite().await;
        let mut operations = Operations::new(fresh.database.clone());
        operations.today = Day::parse_iso(day);
        let link = operations.set_up_link().await.unwrap().unwrap();
        let form = SetUp {
            organization_name: "Haiyue".to_owned(),
            owner_name: "Ann".to_owned(),
            email: "ann@haiyue.example".to_owned(),
            password: PASSWORD.to_owned(),
            currency: "JPY".to_owned(),
            fiscal_start_month,
            zone: "Asia/Tokyo".to_owned(),
            language: "en".to_owned(),
        };
        operations.set_up(&link, form).await.unwrap();
        operations.load_demo().await.unwrap();
        let system = operations.system_scope("test").await.unwrap();
        let plans = operations.plans(&system).await.unwrap();
        assert_eq!(plans.len(), 1, "{day}");
        assert_eq!(plans[0].periods.len(), 12, "{day}");
        let (first, last) = (plans[0].periods[0].start, plans[0].periods[11].end);
        assert!(
            first <= operations.today.unwrap() && operations.today.unwrap() < last,
            "{day}: {first} to {last}"
        );
        fresh.close().await;
    }
}

#[tokio::test]
async fn the_sample_company_comes_and_goes() {
    kit::on_each(async |database: Database| {
        let mut operations = Operations::new(database.clone());
        operations.today = Some(today());
        operations.remove_demo().await.unwrap();
        assert!(operations.demo_roles(Loopback::Yes).await.unwrap().is_empty());
        operations.load_demo().await.unwrap();
        operations.load_demo().await.unwrap();
        let system = operations.system_scope("test").await.unwrap();
        let people = operations.people(&system).await.unwrap();
        assert_eq!(
            (people.units.len(), people.members.len(), people.users.len()),
            (9, 20, 5)
        );
        assert!(
            !operations.is_set_up().await.unwrap(),
            "its owner is not the installation's"
        );

        assert_eq!(operations.demo_roles(Loopback::Yes).await.unwrap(), Role::ALL);
        assert!(operations.demo_roles(Loopback::No).await.unwrap().is_empty());
        assert_eq!(
            code(operations.sign_in_demo(Role::Owner, Loopback::No, None).await),
            "not_found"
        );
        let session = operations
            .sign_in_demo(Role::Manager, Loopback::Yes, None)
            .await
            .unwrap();
        let signed_in = operations.scope_of_session(&session.token).await.unwrap();
        assert_eq!(signed_in.language, None, "the browser's language stays");
        let manager = signed_in.scope;
        operations.set_language(&manager, "zh-CN").await.unwrap();
        let again = operations.scope_of_session(&session.token).await.unwrap();
        assert_eq!(again.language, None, "a visitor does not choose for the next one");
        assert_eq!((manager.units.len(), manager.members.len()), (2, 5));
        let me = operations.me(&manager).await.unwrap();
        assert_eq!(me.units[0].name, "华北大区");
        assert_eq!(
            code(operations.sign_in("owner@spruce.example", "", None).await),
            "sign_in_failed"
        );

        operations.remove_demo().await.unwrap();
        assert!(!operations.has_organization().await.unwrap());
        assert_eq!(kit::rows(&database).await, BTreeMap::new(), "as new");

        // Into a blank organization: its owner and settings stay when it goes.
        let own = operations.ensure_organization("test").await.unwrap();
        let new = NewUser {
            email: "owner@own.example".to_owned(),
            name: "沈".to_owned(),
            role: Role::Owner,
            password: PASSWORD.to_owned(),
            member: None,
            language: None,
        };
        operations.create_user(&own, new).await.unwrap();
        let session = operations
            .sign_in("owner@own.example", PASSWORD, None)
            .await
            .unwrap();
        let before = operations.settings(&own).await.unwrap();
        operations.load_demo().await.unwrap();
        operations.remove_demo().await.unwrap();
        assert_eq!(operations.settings(&own).await.unwrap(), before);
        let left: Vec<String> = kit::rows(&database).await.into_keys().collect();
        assert_eq!(
            left,
            [
                "audit",
                "log_head",
                "organization",
                "outbox",
                "session",
                "unit",
                "user"
            ]
        );
        let owner = operations.scope_of_session(&session.token).await.unwrap().scope;
        let people = operations.people(&owner).await.unwrap();
        assert_eq!(
            (people.units.len(), people.members.len(), people.users.len()),
            (1, 0, 1)
        );
        operations.create_member(&owner, member("王琳")).await.unwrap();
        assert_eq!(code(operations.load_demo().await), "organization_in_use");
    })
    .await;
}

#[tokio::test]
async fn setting_up_replaces_the_sample_company() {
    kit::on_each(async |database: Database| {
        let operations = Operations::new(database.clone());
        operations.load_demo().await.unwrap();
        let link = operations.set_up_link().await.unwrap().unwrap();
        let form = SetUp {
            organization_name: "Haiyue".to_owned(),
            owner_name: "Ann".to_owned(),
            email: "ann@haiyue.example".to_owned(),
            password: PASSWORD.to_owned(),
            currency: "JPY".to_owned(),
            fiscal_start_month: 1,
            zone: "Asia/Tokyo".to_owned(),
            language: "en".to_owned(),
        };
        let session = operations.set_up(&link, form).await.unwrap();
        let owner = operations.scope_of_session(&session.token).await.unwrap().scope;
        let people = operations.people(&owner).await.unwrap();
        assert_eq!(
            (people.units.len(), people.members.len(), people.users.len()),
            (1, 0, 1)
        );
        let me = operations.me(&owner).await.unwrap();
        assert_eq!(
            (me.organization.name.as_str(), me.organization.currency.decimals),
            ("Haiyue", 0)
        );
        assert!(!me.organization.demo);
    })
    .await;
}
