//! The levels of rows: exact in every cell, told within reach, and on the own number with what was done of it.

use std::collections::BTreeMap;

use domain::access::Role;
use domain::import::Options;
use domain::level::{Given, Level, Value};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{LevelCells, MOST_LEVEL_ROWS};
use domain::target::{Made, NodeRef};
use operations::Error;
use operations::import::Origin;
use store::Database;

use crate::files::{file, wanted};
use crate::planning::day;
use crate::refusal::code;
use crate::{company, planning, set_total};

/// Nine tenths of the target, and an amount above it that does not part evenly.
fn given(stretch: i64) -> Given {
    Given {
        floor: Some(Value::Ratio { ppm: 900_000 }),
        stretch: Some(Value::Amount {
            amount: Minor(stretch),
        }),
        challenge: None,
    }
}

fn rows(cells: &LevelCells) -> BTreeMap<NodeIndex, Vec<i64>> {
    let row =
        |(node, amounts): (NodeIndex, &[Minor])| (node, amounts.iter().map(|amount| amount.0).collect());
    cells.rows().map(row).collect()
}

#[tokio::test]
async fn rows_have_their_levels_to_the_last_unit() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_003).await.version;
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let shape = open.grid.shape();
        let all: Vec<NodeIndex> = shape.nodes().collect();
        let none = operations
            .level_cells(planner, version, Level::Stretch, &all)
            .await
            .unwrap();
        assert_eq!(none, LevelCells::default(), "nothing was decided yet");
        assert_eq!(
            operations.decided_levels(planner, version).await.unwrap(),
            Given::default()
        );

        operations
            .set_levels(planner, version, given(1_100_007))
            .await
            .unwrap();
        assert_eq!(
            operations.decided_levels(planner, version).await.unwrap(),
            given(1_100_007)
        );
        for (level, whole) in [(Level::Floor, None), (Level::Stretch, Some(1_100_007))] {
            let found = operations
                .level_cells(planner, version, level, &all)
                .await
                .unwrap();
            let found = rows(&found);
            assert_eq!(found.len(), all.len());
            for node in &all {
                let own = &found[node];
                for (place, period) in open.grid.periods().enumerate() {
                    let target = open.grid.amount(*node, Some(period)).0;
                    let is_beside = if level == Level::Floor {
                        own[place] <= target
                    } else {
                        own[place] >= target
                    };
                    assert!(is_beside, "{level:?} of {node:?}: {} and {target}", own[place]);
                    if !shape.is_leaf(*node) {
                        let below: i64 = shape.children(*node).map(|child| found[&child][place]).sum();
                        assert_eq!(below, own[place], "{level:?} of {node:?}");
                    }
                }
            }
            let total: i64 = found[&NodeIndex(0)].iter().sum();
            assert!(whole.is_none_or(|whole| whole == total), "{total}");
            // The row's own card says the same as the cells.
            for node in &all {
                let told = operations.row_levels(planner, version, *node).await.unwrap();
                let row = told.rows.iter().find(|row| row.level == level).unwrap();
                let periods: Vec<i64> = row.periods.iter().map(|amount| amount.0).collect();
                assert_eq!(periods, found[node]);
                assert_eq!(row.amount, Some(Minor(found[node].iter().sum())));
                assert_eq!(told.may_set, *node == NodeIndex(0));
            }
        }
        let undecided = operations
            .level_cells(planner, version, Level::Challenge, &all)
            .await
            .unwrap();
        assert_eq!(undecided, LevelCells::default());

        // A level follows the target at once; one that cannot be had any more says so.
        let head = company
            .board(Made {
                version,
                plan: open.plan,
            })
            .await
            .head;
        operations
            .decide(planner, version, head, set_total(1_050_000))
            .await
            .unwrap();
        let cells = operations
            .level_cells(planner, version, Level::Floor, &[NodeIndex(0)])
            .await
            .unwrap();
        let floor: i64 = rows(&cells)[&NodeIndex(0)].iter().sum();
        assert!((floor - 945_000).abs() <= 6, "{floor}");
        let head = company
            .board(Made {
                version,
                plan: open.plan,
            })
            .await
            .head;
        operations
            .decide(planner, version, head, set_total(1_200_000))
            .await
            .unwrap();
        let refused = operations
            .level_cells(planner, version, Level::Floor, &[NodeIndex(0)])
            .await;
        assert_eq!(code(refused), "levels_out_of_order");
        let told = operations
            .row_levels(planner, version, NodeIndex(0))
            .await
            .unwrap();
        assert!(told.fault.is_some() && told.rows.iter().all(|row| row.periods.is_empty()));
        // Who leads a part is told so as well, without amounts of the whole.
        let mut below = all.iter().copied().skip(1);
        let region = below.find(|node| !shape.is_leaf(*node)).unwrap();
        let NodeRef::Unit(unit) = shape.reference(region) else {
            panic!("a region")
        };
        let leader = planning::user(&company.system, Role::Manager, None, &[unit], &[]);
        let refused = operations
            .level_cells(&leader, version, Level::Floor, &[region])
            .await;
        let said = format!("{refused:?}");
        assert!(!said.contains(|sign: char| sign.is_ascii_digit()), "{said}");
        assert_eq!(code(refused), "levels_out_of_order");
        let told = operations.row_levels(&leader, version, region).await.unwrap();
        assert_eq!(told.fault, None);

        let many = vec![NodeIndex(0); MOST_LEVEL_ROWS + 1];
        let refused = operations
            .level_cells(planner, version, Level::Floor, &many)
            .await;
        assert_eq!(code(refused), "too_many_rows");
    })
    .await;
}

#[tokio::test]
async fn who_leads_a_unit_is_told_of_it_alone_and_who_carries_a_number_how_far_it_came() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_000).await.version;
        operations
            .set_levels(planner, version, given(1_200_000))
            .await
            .unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let shape = open.grid.shape();
        let all: Vec<NodeIndex> = shape.nodes().collect();
        let member = |node: NodeIndex| match shape.reference(node) {
            NodeRef::Member(member) => Some(member),
            NodeRef::Unit(_) => None,
        };
        // A region that is led by nobody, and the one person in it.
        let (node, seller) = all
            .iter()
            .find_map(|node| Some((*node, member(*node).filter(|_| shape.name(*node) == "b")?)))
            .unwrap();
        let region = shape.parent(node).unwrap();
        let NodeRef::Unit(unit) = shape.reference(region) else {
            panic!("a region")
        };
        let leader = planning::user(&company.system, Role::Manager, None, &[unit], &[seller]);
        let whole = operations
            .level_cells(planner, version, Level::Stretch, &all)
            .await
            .unwrap();
        let seen = operations
            .level_cells(&leader, version, Level::Stretch, &all)
            .await
            .unwrap();
        let (whole, seen) = (rows(&whole), rows(&seen));
        assert!(seen.len() < whole.len() && seen.contains_key(&region), "{seen:?}");
        assert!(seen.iter().all(|(node, amounts)| whole[node] == *amounts));
        let told = operations.row_levels(&leader, version, region).await.unwrap();
        assert!(!told.may_set, "they are decided for the whole plan");
        // An amount of the whole is told as a ratio: who does not see the whole is not told how much it is.
        let ratios = Given {
            stretch: Some(Value::Ratio { ppm: 1_200_000 }),
            ..given(1_200_000)
        };
        let decided = operations.decided_levels(&leader, version).await.unwrap();
        assert_eq!(decided, ratios);
        let stretch = told.rows.iter().find(|row| row.level == Level::Stretch).unwrap();
        assert_eq!(stretch.value, ratios.stretch);
        let refused = operations.row_levels(&leader, version, NodeIndex(0)).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");

        operations.publish(&company.system, version).await.unwrap();
        let rep = planning::user(&company.system, Role::Rep, Some(seller), &[], &[seller]);
        let mine = operations.my_targets(&rep).await.unwrap();
        let own = mine.iter().find(|target| target.of.is_member()).unwrap();
        let levels = operations.own_levels(&rep, own).await.unwrap();
        assert_eq!(levels.done, None, "2018 has not begun");
        let amount = |level: Level| {
            let row = levels.rows.iter().find(|row| row.level == level).unwrap();
            row.amount.map(|amount| amount.0)
        };
        assert_eq!(amount(Level::Target), Some(own.total.0));
        assert_eq!(amount(Level::Stretch), Some(whole[&node].iter().sum()));
        assert_eq!(amount(Level::Challenge), None);
        let is_ratio = |value: &Value| matches!(value, Value::Ratio { .. });
        let values: Vec<Value> = levels.rows.iter().filter_map(|row| row.value).collect();
        assert!(values.len() == 2 && values.iter().all(is_ratio), "{values:?}");
        let other = planning::user(&company.system, Role::Rep, None, &[], &[]);
        let refused = operations.own_levels(&other, own).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");

        // Somebody else's deal is no part of it.
        let folder = tempfile::tempdir().unwrap();
        let deals = "opportunity_id,sales_agent,product,account,deal_stage,close_date,close_value\n\
                     n1,b,Pump,Acme,Won,2018-01-15,500\nn2,a,Pump,Acme,Won,2018-01-16,70\n";
        let import = wanted(
            &[file(folder.path(), "sales_pipeline.csv", deals)],
            Options::default(),
            Origin::CommandLine,
        );
        let mut later = operations.clone();
        later.today = Some(day("2018-02-15"));
        later.import_now(&company.system, import).await.unwrap();
        let levels = later.own_levels(&rep, own).await.unwrap();
        assert_eq!(levels.done, Some(Minor(50_000)));
    })
    .await;
}

#[tokio::test]
async fn the_places_of_one_number_are_those_of_the_whole_tree() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.plan(1_000_000).await.version;
        let reader = company.operations.database.reader();
        let nodes = store::version::nodes(&reader, &company.system, version)
            .await
            .unwrap();
        let open = company
            .operations
            .open_grid(&company.planner, version, None)
            .await
            .unwrap();
        let shape = open.grid.shape();
        let unit = |of: NodeRef| match of {
            NodeRef::Unit(unit) => Some(unit),
            NodeRef::Member(_) => None,
        };
        let mut most = 0;
        for node in &nodes {
            let found = store::version::node_of(&reader, &company.system, version, node.id).await;
            assert_eq!(found.unwrap().as_ref(), Some(node));
            let end = shape.end(NodeIndex(node.ordinal)).0;
            let below = nodes
                .iter()
                .filter(|other| (node.ordinal..end).contains(&other.ordinal));
            let below: Vec<_> = below.filter_map(|other| unit(other.of)).collect();
            let units = store::version::units_below(&reader, &company.system, version, node).await;
            most = most.max(below.len());
            assert_eq!(units.unwrap(), below, "{}", node.name);
            let places = nodes.iter().filter(|other| other.of == node.of).count();
            let several =
                store::version::has_several_places(&reader, &company.system, version, node.of).await;
            assert_eq!(several.unwrap(), places > 1, "{}", node.name);
        }
        assert!(most > 1, "there is a unit with others below it");
        // Who does not see the draft sees no place of it, not even one that they will carry.
        let rep = nodes.iter().find_map(|node| node.carrier);
        let rep = planning::user(&company.system, Role::Rep, rep, &[], &[]);
        for node in &nodes {
            let hidden = store::version::node_of(&reader, &rep, version, node.id).await;
            assert!(hidden.is_err(), "{hidden:?}");
        }
    })
    .await;
}
