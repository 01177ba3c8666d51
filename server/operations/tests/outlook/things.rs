//! Market factors on a product, a product category or a channel: what they are about is a part of every branch.

use domain::assumption::PlanningQuery;
use domain::baseline::NewExclusion;
use domain::calendar::Month;
use domain::id::ProductId;
use domain::import::Kind;
use domain::money::Minor;
use domain::outlook::{Effect, NewFactor, Outlook, OutlookQuery, Thing, ThingKind};
use store::Database;

use crate::refusal::code;
use crate::{Company, adds_up, branch, day, factor, of_version, prepared};

/// Orders of two years, each in the middle of its month: whose, of what, by which channel, how much.
const SOLD: [(&str, &str, &str, i32); 5] = [
    ("Ann", "Bike", "Web", 600),
    ("Ann", "Helmet", "Shop", 400),
    ("Bob", "Scooter", "Shop", 300),
    ("Bob", "Helmet", "Web", 700),
    ("Cid", "Helmet", "Shop", 500),
];
const PERCENT: Effect = Effect::Percent { hundredths: 1_000 };

async fn company(database: &Database) -> Company {
    let company = Company::new(database, "2017-12-31").await;
    company
        .text(Kind::Units, "name,level\nNorth,region\nSouth,region\n")
        .await;
    company
        .text(Kind::Members, "name,unit\nAnn,North\nBob,South\nCid,South\n")
        .await;
    let products = "product name,category\nBike,Vehicles\nScooter,Vehicles\nHelmet,Gear\nDrone,Gear\n";
    company.text(Kind::Products, products).await;
    let mut orders = "order id,member,order date,product,channel,amount\n".to_owned();
    let first = Month::of(day("2016-01-01"));
    for step in 0..24 {
        let month = first.plus(step);
        for (who, what, how, amount) in SOLD {
            for of_month in [2, 27] {
                let date = month.day_or_last(of_month);
                orders += &format!("{who}-{what}-{month}-{of_month},{who},{date},{what},{how},{amount}\n");
            }
        }
    }
    company.text(Kind::Orders, &orders).await;
    company
}

impl Company {
    async fn thing(&self, kind: ThingKind, name: &str) -> Thing {
        let things = self.operations.factor_things(&self.scope).await.unwrap();
        let found = things
            .iter()
            .find(|thing| thing.of.kind() == kind && thing.name == name);
        found.unwrap_or_else(|| panic!("{name} in {things:?}")).of
    }

    async fn on(&self, kind: ThingKind, name: &str, effect: Effect) -> NewFactor {
        NewFactor {
            of: Some(self.thing(kind, name).await),
            ..factor(name, effect, 100)
        }
    }

    /// The outlook of 2018 in detail of a branch.
    async fn at(&self, node: Option<String>) -> Outlook {
        let query = OutlookQuery {
            planning: prepared("2018"),
            node,
        };
        self.operations.outlook(&self.scope, query).await.unwrap()
    }
}

/// What the only factor changes of the branch that is looked at, and which part of the branch it is about.
fn step(outlook: &Outlook) -> (i64, Option<u32>) {
    let [step] = outlook.detail.steps[..] else {
        panic!("{:?}", outlook.detail.steps)
    };
    (step.amount.0, step.share_ppm)
}

#[tokio::test]
async fn a_factor_on_a_thing_changes_its_share_of_every_branch() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let planning = prepared("2018");
        let before = company.at(None).await;
        for (kind, name, shares) in [
            (
                ThingKind::Product,
                "Bike",
                [("Ann", 600_000), ("Bob", 0), ("Cid", 0)],
            ),
            (
                ThingKind::Category,
                "Vehicles",
                [("Ann", 600_000), ("Bob", 300_000), ("Cid", 0)],
            ),
            (
                ThingKind::Channel,
                "Web",
                [("Ann", 600_000), ("Bob", 700_000), ("Cid", 0)],
            ),
        ] {
            let new = company.on(kind, name, PERCENT).await;
            let made = operations.add_factor(scope, &planning, new).await.unwrap();
            assert_eq!((made.of_name.as_str(), made.unit_name.as_str()), (name, ""));
            let after = company.at(None).await;
            adds_up(&after);
            for (who, share) in shares {
                let (was, is) = (branch(&before, who), branch(&after, who));
                let was_p50 = was.p50().unwrap().0 as f64;
                let added = (is.p50().unwrap().0 - was.p50().unwrap().0) as f64;
                let expected = was_p50 * f64::from(share) / 1e6 * 0.1;
                assert!(
                    (added - expected).abs() < 13.0,
                    "{name} of {who}: {added} {expected}"
                );
                let of_branch = company.at(Some(is.place.to_string())).await;
                assert_eq!(step(&of_branch), (added as i64, Some(share)), "{name} of {who}");
            }
            operations.remove_factor(scope, &planning, made.id).await.unwrap();
        }
        // In one unit only: what lies beside it does not move.
        let mut helmet = company.on(ThingKind::Product, "Helmet", PERCENT).await;
        helmet.unit = Some(branch(&before, "South").place.unit);
        let made = operations.add_factor(scope, &planning, helmet).await.unwrap();
        let after = company.at(None).await;
        adds_up(&after);
        assert_eq!(branch(&after, "North").p50(), branch(&before, "North").p50());
        // 1,200 of 1,500 in the south.
        let (_, share) = step(&after);
        assert!((799_000..=801_000).contains(&share.unwrap()), "{share:?}");
        // Changed to all that is sold, it is about all of it.
        let whole = factor("Helmet", PERCENT, 100);
        let changed = operations.edit_factor(scope, &planning, made.id, whole).await;
        assert_eq!(changed.unwrap().of_name, "");
        assert_eq!(step(&company.at(None).await).1, None);
    })
    .await;
}

#[tokio::test]
async fn a_one_off_is_no_share_and_a_new_product_has_none() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let planning = prepared("2018");
        let bike = company.on(ThingKind::Product, "Bike", PERCENT).await;
        operations.add_factor(scope, &planning, bike).await.unwrap();
        let ann = branch(&company.at(None).await, "Ann").place.to_string();
        let share = async || step(&company.at(Some(ann.clone())).await).1.unwrap();
        assert_eq!(share().await, 600_000);
        let once = "order id,member,order date,product,channel,amount\nonce,Ann,2017-12-28,Bike,Web,24000\n";
        company.text(Kind::Orders, once).await;
        assert_eq!(share().await, 800_000);
        let exclusion = NewExclusion {
            external_id: "once".to_owned(),
            words: Some("once".to_owned()),
        };
        operations.exclude(scope, &planning, exclusion).await.unwrap();
        assert_eq!(
            share().await,
            600_000,
            "what is left out of the history has no share of it"
        );
        // What was never sold: a percentage of it is nothing, money comes to those who sell.
        let of_bike = company.at(None).await.factors[0].id;
        let drone = company.on(ThingKind::Product, "Drone", PERCENT).await;
        operations
            .edit_factor(scope, &planning, of_bike, drone.clone())
            .await
            .unwrap();
        assert_eq!(step(&company.at(None).await), (0, Some(0)));
        let money = NewFactor {
            effect: Effect::Money {
                amount: Minor(1_200_000),
            },
            ..drone
        };
        operations
            .edit_factor(scope, &planning, of_bike, money)
            .await
            .unwrap();
        let launched = company.at(None).await;
        adds_up(&launched);
        assert_eq!(step(&launched), (1_200_000, Some(0)));
    })
    .await;
}

#[tokio::test]
async fn things_travel_with_the_plan_and_stay_while_a_factor_names_them() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let kites = company
            .text(Kind::Products, "product name,category\nKite,Toys\n")
            .await;
        let toys = company.on(ThingKind::Category, "Toys", PERCENT).await;
        let of = toys.of;
        operations
            .add_factor(scope, &prepared("2018"), toys)
            .await
            .unwrap();
        let draft = company.draft("2018-01-01", "2019-01-01").await;
        let second = operations
            .branch_version(scope, draft.version.unwrap(), None)
            .await
            .unwrap()
            .version;
        for planning in [draft.clone(), of_version(second)] {
            let list = operations.factors(scope, &planning).await.unwrap();
            let [factor] = &list.factors[..] else {
                panic!("{list:?}")
            };
            assert_eq!((factor.entry.of, factor.of_name.as_str()), (of, "Toys"));
        }
        // Side by side: a factor on something else is another one.
        let on_web = company.on(ThingKind::Channel, "Web", PERCENT).await;
        let renamed = NewFactor {
            name: "Toys".to_owned(),
            ..on_web
        };
        let id = operations
            .factors(scope, &of_version(second))
            .await
            .unwrap()
            .factors[0]
            .id;
        operations
            .edit_factor(scope, &of_version(second), id, renamed)
            .await
            .unwrap();
        let versions = [draft.version.unwrap(), second];
        let compared = operations.compare_versions(scope, &versions).await.unwrap();
        let names: Vec<&str> = compared
            .assumptions
            .iter()
            .map(|assumption| assumption.name.as_str())
            .collect();
        assert_eq!(names, ["Toys · Toys", "Toys · Web"]);
        // The file that brought the category cannot be taken back while a factor is about it.
        assert_eq!(
            code(operations.undo_import(scope, kites.id).await),
            "import_in_use"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let planning: PlanningQuery = prepared("2018");
        let Thing::Product(bike) = company.thing(ThingKind::Product, "Bike").await else {
            panic!("a product is a product")
        };
        for of in [
            Thing::Product(ProductId(uuid::Uuid::from_u128(7))),
            Thing::Category(uuid::Uuid::from_u128(7).into()),
            Thing::Channel(uuid::Uuid::from_u128(7).into()),
            // The id of a product is none of a channel.
            Thing::Channel(bike.0.into()),
        ] {
            let strange = NewFactor {
                of: Some(of),
                ..factor("x", PERCENT, 10)
            };
            let refused = operations.add_factor(scope, &planning, strange).await;
            assert_eq!(code(refused), "not_found", "{of:?}");
        }
        assert_eq!(operations.factors(scope, &planning).await.unwrap().factors, []);
    })
    .await;
}
