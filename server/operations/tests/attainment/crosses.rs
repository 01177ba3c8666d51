//! Every pair of dimensions against sums made from the raw files, cell by cell.

use std::collections::BTreeMap;

use domain::access::Role;
use domain::calendar::{Day, PeriodKind};
use domain::id::{MemberId, UserId};
use domain::metric::Attainment;
use domain::money::Minor;
use domain::target::NewPlan;
use operations::{Actor, Operations, Scope};
use store::Database;
use store::assignment::Assignment;
use uuid::Uuid;

use crate::maven::{DIMENSIONS, Sums, sums, won};
use crate::{ask, ask_as_of, import, joined, named};

const FILES: [&str; 4] = [
    "sales_pipeline.csv",
    "sales_teams.csv",
    "products.csv",
    "accounts.csv",
];

/// Every pair that may be asked for, in this order only.
fn pairs() -> Vec<String> {
    let mut pairs = Vec::new();
    for (place, first) in DIMENSIONS.iter().enumerate() {
        for second in &DIMENSIONS[place + 1..] {
            let nonsense = (*first == "unit" && second.starts_with("unit:"))
                || (*second == "unit" && first.starts_with("unit:"));
            if !nonsense {
                pairs.push(format!("{first},{second}"));
            }
        }
    }
    pairs
}

/// The rows in which something was done.
fn something(answer: &Attainment, by: &str) -> Sums {
    named(answer, by)
        .into_iter()
        .filter(|(_, (amount, count))| *amount != 0 || *count != 0)
        .collect()
}

/// The rows of a pair added up to one of the two.
fn marginal(cells: &Sums, place: usize) -> Sums {
    let mut sums = Sums::new();
    for (key, (amount, count)) in cells {
        let sum = sums
            .entry(key.split('|').nth(place).unwrap().to_owned())
            .or_default();
        sum.0 += amount;
        sum.1 += count;
    }
    sums
}

#[tokio::test]
async fn every_pair_of_dimensions_is_what_the_files_add_up_to() {
    let kit::RealData { folder, extent } = kit::real_data("maven_crm");
    let deals = won(&folder);
    assert_eq!(deals.len() as i64, kit::Figures::of(extent).number("won"));
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        import(&operations, &scope, &FILES.map(|name| folder.join(name))).await;
        let (from, to) = ("2017-01-01", "2018-01-01");
        let mut alone = BTreeMap::new();
        for by in DIMENSIONS {
            let found = something(&ask(&operations, &scope, from, to, by).await, by);
            assert_eq!(found, sums(&deals, by), "{by}");
            alone.insert(by, found);
        }
        let pairs = pairs();
        assert_eq!(pairs.len(), 14 * 13 / 2 - 3);
        for by in &pairs {
            let answer = ask(&operations, &scope, from, to, by).await;
            let found = something(&answer, by);
            assert_eq!(found, sums(&deals, by), "{by}");
            let (first, second) = by.split_once(',').unwrap();
            // Rows of `unit` contain each other, so they are not added up: the company's row is everything.
            if first != "unit" {
                assert_eq!(marginal(&found, 1), alone[second], "{by}");
            }
            if second != "unit" {
                assert_eq!(marginal(&found, 0), alone[first], "{by}");
            }
            let turned = format!("{second},{first}");
            let other_way: Sums = something(&ask(&operations, &scope, from, to, &turned).await, &turned)
                .into_iter()
                .map(|(key, sum)| {
                    let (second, first) = key.split_once('|').unwrap();
                    (format!("{first}|{second}"), sum)
                })
                .collect();
            assert_eq!(other_way, found, "{by} turned");
        }
        // An uneven range up to an earlier day.
        for by in [
            "product,account",
            "account,day",
            "category,account",
            "account,channel",
            "product,month",
            "quarter,month",
            "unit,product",
            "day,month",
        ] {
            let answer = ask_as_of(&operations, &scope, "2017-03-15", "2017-11-20", by, "2017-10-10").await;
            let within = deals
                .iter()
                .filter(|deal| ("2017-03-15".."2017-10-11").contains(&deal.closed.as_str()));
            assert_eq!(something(&answer, by), sums(within, by), "{by}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cross_shows_no_more_than_the_scope() {
    let kit::RealData { folder, .. } = kit::real_data("maven_crm");
    let deals = won(&folder);
    kit::on_each(async |database: Database| {
        let (system, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        import(&operations, &system, &FILES.map(|name| folder.join(name))).await;
        let members = store::member::list(&database.reader(), &system).await.unwrap();
        let member = |name: &str| members.iter().find(|member| member.name == name).unwrap().id;
        let units = store::unit::list(&database.reader(), &system, None)
            .await
            .unwrap();
        let leader = member("Melvin Marxen");
        let team = units.iter().find(|unit| unit.manager == Some(leader)).unwrap().id;
        let own = |role: Role, member: MemberId| Scope {
            actor: Actor::User {
                id: UserId(Uuid::now_v7()),
                name: "somebody".to_owned(),
            },
            role,
            reach: role.reach(),
            member: Some(member),
            members: vec![member],
            ..system.clone()
        };
        let rep = own(Role::Rep, member("Darcel Schlecht"));
        let mut below: Vec<MemberId> = store::assignment::list(&database.reader(), &system, None)
            .await
            .unwrap()
            .into_iter()
            .filter(|one| one.unit == team)
            .map(|one| one.member)
            .chain([leader])
            .collect();
        below.sort_unstable();
        below.dedup();
        let manager = Scope {
            roots: vec![team],
            units: vec![team],
            members: below,
            ..own(Role::Manager, leader)
        };
        for by in [
            "product,account",
            "product,category",
            "account,channel",
            "account,day",
            "member,account",
            "quarter,month",
            "member,product",
        ] {
            for (scope, sees) in [(&rep, "agent"), (&manager, "team")] {
                let within = deals.iter().filter(|deal| match sees {
                    "agent" => deal.agent == "Darcel Schlecht",
                    _ => deal.manager == "Melvin Marxen",
                });
                let found = something(&ask(&operations, scope, "2017-01-01", "2018-01-01", by).await, by);
                assert_eq!(found, sums(within, by), "{by} as {sees}");
            }
        }
        // Neither names nor units of others appear, not even with zero.
        let rows = ask(&operations, &rep, "2017-01-01", "2018-01-01", "member,product")
            .await
            .rows;
        assert!(
            rows.iter()
                .all(|row| row.keys["member"].name == "Darcel Schlecht")
        );
        let rows = ask(&operations, &manager, "2017-01-01", "2018-01-01", "unit,manager")
            .await
            .rows;
        assert_eq!(rows.len(), 1, "{rows:?}");
    })
    .await;
}

#[tokio::test]
async fn a_cross_lists_what_can_be_and_the_endless_only_what_is() {
    let kit::RealData { folder, .. } = kit::real_data("maven_crm");
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        import(&operations, &scope, &FILES.map(|name| folder.join(name))).await;
        let rows = async |by: &str| ask(&operations, &scope, "2017-01-01", "2018-01-01", by).await;
        // 35 agents and 6 managers.
        for (by, expected) in [
            ("member,product", 41 * 7),
            ("member,month", 41 * 12),
            ("member,category", 41 * 3),
            ("unit:region,product", 3 * 7),
            ("manager,quarter", 6 * 4),
            ("product,month", 7 * 12),
            // A product is in its own category, a month in its quarter, a team in its office.
            ("product,category", 7),
            ("month,quarter", 12),
            ("quarter,year", 4),
            ("unit:region,unit:team", 6),
            ("unit:team,manager", 6),
        ] {
            let answer = rows(by).await;
            assert_eq!(answer.rows.len(), expected, "{by}");
            assert_eq!(named(&answer, by).len(), expected, "{by}: every row once");
        }
        let zero = named(&rows("member,product").await, "member,product");
        assert_eq!(zero["Mei-Mei Johns|GTX Pro"], (0, 0));
        let zero = named(&rows("member,unit:team").await, "member,unit:team");
        assert_eq!(zero["Mei-Mei Johns|Melvin Marxen"], (0, 0), "{zero:?}");
        assert!(zero.keys().filter(|key| key.starts_with("Mei-Mei Johns")).count() == 1);
        for by in ["product,account", "member,account", "account,day", "day,month"] {
            let answer = rows(by).await;
            assert!(answer.rows.iter().all(|row| row.count > 0), "{by}");
        }
    })
    .await;
}

#[tokio::test]
async fn targets_of_a_cross_are_those_of_what_both_share() {
    kit::on_each(async |database: Database| {
        let (system, root) = kit::organization(&database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Day::parse_iso("2017-12-20");
        let members = ["lead", "both", "other"].map(kit::member);
        let [lead, both, other] = [0, 1, 2].map(|place: usize| members[place].id);
        let region = kit::unit(root, "region", "North", Some(lead));
        let first = kit::unit(region.id, "team", "N1", None);
        let second = kit::unit(region.id, "team", "N2", None);
        let part = |unit, share_ppm| Assignment {
            share_ppm,
            ..kit::assignment(both, unit)
        };
        let homes = [
            part(first.id, 600_000),
            part(second.id, 400_000),
            kit::assignment(other, second.id),
        ];
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &system, &members).await.unwrap();
        store::unit::insert(&writer, &system, &[region, first, second])
            .await
            .unwrap();
        store::assignment::insert(&writer, &system, &homes).await.unwrap();
        writer.commit().await.unwrap();
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: Day::parse_iso("2018-01-01").unwrap(),
            to: Day::parse_iso("2018-04-01").unwrap(),
            period_kind: PeriodKind::Month,
            total: Minor(1_000_000),
            name: None,
        };
        let made = operations.create_plan(&system, new).await.unwrap();
        operations.publish(&system, made.version).await.unwrap();
        let targets = async |by: &str| -> BTreeMap<String, Option<i64>> {
            ask(&operations, &system, "2018-01-01", "2018-04-01", by)
                .await
                .rows
                .iter()
                .map(|row| (joined(row, by), row.target.map(|target| target.0)))
                .collect()
        };
        let cross = targets("member,unit:team").await;
        let (ours, theirs) = (cross["both|N1"].unwrap(), cross["both|N2"].unwrap());
        assert!(ours > theirs && theirs > 0, "{cross:?}");
        assert_eq!(cross["other|N2"].unwrap() + ours + theirs, 1_000_000);
        assert!(!cross.contains_key("other|N1"), "{cross:?}");
        let whole = targets("member").await;
        assert_eq!(
            whole["both"],
            Some(ours + theirs),
            "a member's own row has both parts"
        );
        let cross = targets("member,manager").await;
        assert_eq!(cross["both|lead"], whole["both"]);
        let units = targets("unit").await;
        for by in ["unit,manager", "manager,unit"] {
            let cross = targets(by).await;
            let of = |unit: &str| {
                let key = if by == "unit,manager" {
                    format!("{unit}|lead")
                } else {
                    format!("lead|{unit}")
                };
                cross[&key]
            };
            assert_eq!(of("N1"), units["N1"], "{by}");
            assert_eq!(of("North"), units["North"], "{by}");
            assert_eq!(
                of("云杉仪器"),
                units["North"],
                "{by}: what of the company is below who leads"
            );
        }
        let cross = targets("unit:region,unit:team").await;
        assert_eq!(cross["North|N1"], units["N1"]);
        let quarters = targets("quarter,month").await;
        assert_eq!(
            quarters.values().map(|target| target.unwrap()).sum::<i64>(),
            1_000_000
        );
        assert_eq!(targets("product,month").await.values().flatten().count(), 0);
    })
    .await;
}
