//! Levels of single rows: they hold for everybody below, leave the others alone, and go with the version.

use std::collections::BTreeMap;

use domain::access::Role;
use domain::id::VersionId;
use domain::level::{Above, Given, Level, Value};
use domain::money::Minor;
use domain::plan::{NodeIndex, Shape};
use domain::target::NodeRef;
use operations::Error;
use store::Database;

use crate::refusal::code;
use crate::{Company, company, planning, set_total};

mod seen;

const PLAN: Given = Given {
    floor: Some(ratio(900_000)),
    stretch: Some(ratio(1_100_000)),
    challenge: Some(ratio(1_400_000)),
};

const fn ratio(ppm: u32) -> Value {
    Value::Ratio { ppm }
}

fn stretch(value: Option<Value>) -> Given {
    Given {
        floor: None,
        stretch: value,
        challenge: None,
    }
}

/// The person who is alone in a region, and the region.
fn alone(shape: &Shape) -> (NodeIndex, NodeIndex) {
    let person = shape.nodes().find(|node| shape.name(*node) == "b").unwrap();
    (person, shape.parent(person).unwrap())
}

impl Company {
    /// What every row has on a level, period by period.
    async fn levelled(
        &self,
        version: VersionId,
        level: Level,
        rows: &[NodeIndex],
    ) -> BTreeMap<NodeIndex, Vec<i64>> {
        let cells = self.operations.level_cells(&self.planner, version, level, rows);
        let cells = cells.await.unwrap();
        let row = |(node, amounts): (NodeIndex, &[Minor])| {
            (node, amounts.iter().map(|amount| amount.0).collect::<Vec<i64>>())
        };
        cells.rows().map(row).collect()
    }
}

#[tokio::test]
async fn what_a_row_has_holds_for_everybody_below_and_leaves_the_others_alone() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_000_003).await;
        let version = made.version;
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let shape = open.grid.shape();
        let all: Vec<NodeIndex> = shape.nodes().collect();
        let (person, region) = alone(shape);
        let set = async |node: NodeIndex, own: Given| {
            company.give(planner, version, node, own, Above::Follows).await
        };

        // There is nothing yet that it would stand in the place of.
        assert_eq!(
            code(set(region, stretch(Some(ratio(1_300_000)))).await),
            "level_undecided"
        );
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let before = company.levelled(version, Level::Stretch, &all).await;
        let challenge = company.levelled(version, Level::Challenge, &all).await;
        let nothing = operations.own_level_rows(planner, version).await.unwrap();
        assert_eq!((nothing.rows.len(), nothing.mark), (0, 0));

        set(region, stretch(Some(ratio(1_300_000)))).await.unwrap();
        let after = company.levelled(version, Level::Stretch, &all).await;
        for (place, period) in open.grid.periods().enumerate() {
            for node in &all {
                let (found, was) = (after[node][place], before[node][place]);
                if (region..shape.end(region)).contains(node) {
                    let exact = open.grid.amount(*node, Some(period)).0 as f64 * 1.3;
                    assert!((found as f64 - exact).abs() < 2.0, "{found} of {exact}");
                } else if *node != NodeIndex(0) {
                    assert!((found - was).abs() <= 1, "{node:?}: {found}, {was}");
                }
                if !shape.is_leaf(*node) {
                    let below: i64 = shape.children(*node).map(|child| after[&child][place]).sum();
                    assert_eq!(below, found, "{node:?}");
                }
            }
        }
        assert_eq!(company.levelled(version, Level::Challenge, &all).await, challenge);
        let whole: i64 = after[&NodeIndex(0)].iter().sum();
        assert!(whole > before[&NodeIndex(0)].iter().sum());
        let board = company.board(made).await;
        let row = board.levels.iter().find(|row| row.level == Level::Stretch);
        assert_eq!(
            row.unwrap().amount,
            Some(Minor(whole)),
            "the target page says the same"
        );

        // It is told whose it is, also to those it comes down to.
        let marks = operations.own_level_rows(planner, version).await.unwrap();
        assert_eq!(marks.rows, [(region, Level::Stretch)]);
        assert_ne!(marks.mark, 0);
        for (node, from) in [(region, None), (person, Some(shape.name(region)))] {
            let told = operations.row_levels(planner, version, node).await.unwrap();
            let own = told.own(Level::Stretch).unwrap();
            assert_eq!((own.from.as_deref(), own.value), (from, Some(ratio(1_300_000))));
            assert_eq!(own.by, planner.actor.name());
            assert!(own.at_ms > 0 && told.own.len() == 1 && told.may_own);
        }
        let top = operations
            .row_levels(planner, version, NodeIndex(0))
            .await
            .unwrap();
        assert!(top.own.is_empty() && !top.may_own);
        let log = operations.audit(&company.system, None, 1).await.unwrap();
        assert_eq!(log[0].verb, "version.row_levels");

        // Back to the plan's ratio it is what it was, to the last unit.
        set(region, Given::default()).await.unwrap();
        assert_eq!(company.levelled(version, Level::Stretch, &all).await, before);
        // An amount is had exactly; where those above stay, the others would have to make room.
        let amount = Minor(open.grid.amount(person, None).0 * 27 / 20);
        set(person, stretch(Some(Value::Amount { amount })))
            .await
            .unwrap();
        let found = company.levelled(version, Level::Stretch, &[person]).await;
        assert_eq!(found[&person].iter().sum::<i64>(), amount.0);
        let stays = company.give(
            planner,
            version,
            person,
            stretch(Some(Value::Amount { amount })),
            Above::Stays,
        );
        assert_eq!(
            code(stays.await),
            "levels_out_of_order",
            "the others cannot give so much"
        );
    })
    .await;
}

#[tokio::test]
async fn levels_of_rows_out_of_order_are_refused_with_the_name_and_change_nothing() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_003).await.version;
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let shape = open.grid.shape();
        let (person, region) = alone(shape);
        let set = async |node: NodeIndex, own: Given| {
            company.give(planner, version, node, own, Above::Follows).await
        };
        let name = shape.name(region);
        for wrong in [
            stretch(Some(ratio(1_500_000))),
            stretch(Some(ratio(900_000))),
            Given {
                floor: Some(ratio(1_100_000)),
                ..Given::default()
            },
            Given {
                challenge: Some(ratio(1_050_000)),
                ..Given::default()
            },
        ] {
            let Err(Error::Conflict(refusal)) = set(region, wrong).await else {
                panic!("{wrong:?} was taken")
            };
            assert_eq!(refusal.code, "levels_out_of_order");
            assert!(refusal.words.zh.contains(name), "{}", refusal.words.zh);
            assert!(refusal.words.en.contains(name), "{}", refusal.words.en);
            assert!(refusal.field.is_some());
        }
        assert!(
            operations
                .own_level_rows(planner, version)
                .await
                .unwrap()
                .rows
                .is_empty()
        );
        assert_eq!(
            code(set(NodeIndex(0), stretch(Some(ratio(1_200_000)))).await),
            "levels_of_whole"
        );
        let beyond = set(NodeIndex(4_000), stretch(Some(ratio(1_200_000)))).await;
        assert!(matches!(beyond, Err(Error::NotFound(_))), "{beyond:?}");

        // What a row has holds the plan's levels too.
        set(person, stretch(Some(ratio(1_350_000)))).await.unwrap();
        let lower = Given {
            challenge: Some(ratio(1_300_000)),
            ..PLAN
        };
        assert_eq!(
            code(operations.set_levels(planner, version, lower).await),
            "levels_out_of_order"
        );
        // Without a stretch of the plan there is none in any row; what was set waits.
        let without = Given {
            stretch: None,
            ..lower
        };
        operations.set_levels(planner, version, without).await.unwrap();
        let told = operations.row_levels(planner, version, person).await.unwrap();
        assert!(told.own.is_empty() && told.fault.is_none());
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let told = operations.row_levels(planner, version, person).await.unwrap();
        assert_eq!(told.own(Level::Stretch).unwrap().value, Some(ratio(1_350_000)));
    })
    .await;
}

#[tokio::test]
async fn levels_of_rows_go_with_the_version_and_nobody_sets_the_own() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_003).await.version;
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let shape = open.grid.shape();
        let (person, region) = alone(shape);
        let NodeRef::Member(seller) = shape.reference(person) else {
            panic!("a person")
        };
        let own = stretch(Some(ratio(1_300_000)));
        let own_planner = planning::user(&company.system, Role::Planner, Some(seller), &[], &[]);
        let refused = company.give(&own_planner, version, person, own, Above::Follows);
        assert_eq!(code(refused.await), "own_quota");
        let NodeRef::Unit(unit) = shape.reference(region) else {
            panic!("a region")
        };
        let leader = planning::user(&company.system, Role::Manager, None, &[unit], &[seller]);
        let refused = company.give(&leader, version, person, own, Above::Follows);
        assert!(refused.await.is_err(), "who leads does not plan");
        company
            .give(planner, version, person, own, Above::Follows)
            .await
            .unwrap();

        // A draft from it starts with the same, and goes its own way.
        let branch = operations
            .branch_version(planner, version, None)
            .await
            .unwrap()
            .version;
        let of = async |version| {
            let told = operations.row_levels(planner, version, person).await.unwrap();
            let amount = told.rows.iter().find(|row| row.level == Level::Stretch);
            let amount = amount.unwrap().amount;
            (told.own(Level::Stretch).and_then(|own| own.value), amount)
        };
        let here = of(version).await;
        assert_eq!(here.0, Some(ratio(1_300_000)));
        assert_eq!(of(branch).await, here);
        company
            .give(planner, branch, person, Given::default(), Above::Follows)
            .await
            .unwrap();
        assert_eq!(of(branch).await.0, None);
        assert_eq!(of(version).await, here);

        // Frozen: neither the program nor the database changes it; who carries the number sees it.
        operations.publish(&company.system, version).await.unwrap();
        let refused = company.give(planner, version, person, Given::default(), Above::Follows);
        assert_eq!(code(refused.await), "version_frozen");
        for sql in ["UPDATE row_level SET figure = 1", "DELETE FROM row_level"] {
            assert!(!kit::lets_through(&database, sql).await, "{sql}");
        }
        assert_eq!(of(version).await, here);
        let rep = planning::user(&company.system, Role::Rep, Some(seller), &[], &[seller]);
        let mine = operations.my_targets(&rep).await.unwrap();
        let target = mine.iter().find(|target| target.of.is_member()).unwrap();
        let levels = operations.own_levels(&rep, target).await.unwrap();
        let row = levels.rows.iter().find(|row| row.level == Level::Stretch);
        assert_eq!(row.unwrap().amount, here.1);
        let told = levels.own(Level::Stretch).unwrap();
        assert_eq!((told.from.as_deref(), told.value), (None, here.0));
        assert!(!levels.may_own);
    })
    .await;
}

#[tokio::test]
async fn a_level_of_a_row_that_no_longer_fits_is_told_with_its_name_and_can_be_let_go() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_000_003).await;
        let version = made.version;
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let (person, _) = alone(open.grid.shape());
        let amount = Minor(open.grid.amount(person, None).0 * 6 / 5);
        let set = async |own: Given| {
            let set = company.give(planner, version, person, own, Above::Follows);
            set.await
        };
        set(stretch(Some(Value::Amount { amount }))).await.unwrap();
        let board = company.board(made).await;
        assert_eq!((board.level_fault, board.level_fault_at), (None, None));

        // The target grows beyond it.
        operations
            .decide(planner, version, board.head, set_total(2_000_000))
            .await
            .unwrap();
        let board = company.board(made).await;
        assert!(board.level_fault.is_some());
        assert_eq!(board.level_fault_at.as_deref(), Some("b"));
        set(Given::default()).await.unwrap();
        assert_eq!(company.board(made).await.level_fault, None);
    })
    .await;
}

#[tokio::test]
async fn what_waits_and_no_longer_fits_does_not_keep_the_plan_from_deciding_the_level() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_000_003).await;
        let version = made.version;
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let (person, _) = alone(open.grid.shape());
        let amount = Minor(open.grid.amount(person, None).0 * 6 / 5);
        let set = async |own: Given| {
            let set = company.give(planner, version, person, own, Above::Follows);
            set.await
        };
        let waits = async || {
            let told = operations.row_levels(planner, version, person).await.unwrap();
            assert!(told.own(Level::Stretch).is_none());
            told.waits
        };
        assert!(!waits().await);
        set(stretch(Some(Value::Amount { amount }))).await.unwrap();
        let without = Given {
            stretch: None,
            ..PLAN
        };
        operations.set_levels(planner, version, without).await.unwrap();
        assert!(waits().await);
        let head = company.board(made).await.head;
        operations
            .decide(planner, version, head, set_total(2_000_000))
            .await
            .unwrap();
        assert_eq!(
            code(operations.set_levels(planner, version, PLAN).await),
            "levels_out_of_order"
        );
        // Another level of the row leaves it where it is; what gives all back lets it go too.
        let floor = Given {
            floor: Some(ratio(800_000)),
            ..Given::default()
        };
        set(floor).await.unwrap();
        assert!(waits().await);
        set(Given::default()).await.unwrap();
        assert!(!waits().await);
        operations.set_levels(planner, version, PLAN).await.unwrap();
    })
    .await;
}
