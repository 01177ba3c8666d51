//! The target stays, with what holds totals: locks, floors and caps of people and units, what levels hand down beyond their own
//! numbers, and what nobody carries.

use domain::calendar::PeriodKind;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex, PlanCommand};
use domain::revision::Begin;
use domain::split::OpenGrid;
use domain::target::Verdict;
use store::Database;

use crate::house::{House, node};
use crate::missing::{amount, begun, held, in_april, locked, made_up};
use crate::planning::{day, plan};
use crate::refusal::code;

const ROOT: NodeIndex = NodeIndex(0);

fn left(grid: &OpenGrid, name: &str) -> [i64; 3] {
    [1, 2, 3].map(|period| amount(grid, name, Some(period)))
}

fn lock(open: &OpenGrid, node: NodeIndex, period: Option<u16>) -> PlanCommand {
    PlanCommand::Lock {
        node,
        period: period.map(PeriodIndex),
        by: open.me,
    }
}

#[tokio::test]
async fn a_locked_total_keeps_what_is_left_of_it() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let anna = node(&was, "anna");
        let is = made_up(&house, held(&house, vec![lock(&was, anna, None)]).await)
            .await
            .unwrap();
        assert_eq!(left(&is, "anna"), left(&was, "anna"));
        assert_eq!(is.grid.amount(ROOT, None), was.grid.amount(ROOT, None));
        assert!(left(&is, "bert") > left(&was, "bert"));
        assert!(
            is.grid.constraint(node(&is, "anna"), None).lock.is_some(),
            "it is still locked"
        );
        assert_eq!(is.head, 1);
    })
    .await;
}

#[tokio::test]
async fn a_locked_unit_neither_takes_nor_gives() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let team = was.grid.shape().parent(node(&was, "anna")).unwrap();
        let whole = held(&house, vec![lock(&was, team, None)]).await;
        let is = made_up(&house, whole).await.unwrap();
        for name in ["anna", "bert"] {
            assert_eq!(left(&is, name), left(&was, name), "{name}");
        }
        assert!(left(&is, "carl") > left(&was, "carl"));
        assert_eq!(is.grid.amount(ROOT, None), was.grid.amount(ROOT, None));
        assert!(is.grid.constraint(team, None).lock.is_some());

        // In one quarter only.
        let second = Some(PeriodIndex(1));
        let one = held(&house, vec![lock(&was, team, Some(1))]).await;
        let is = made_up(&house, one).await.unwrap();
        assert_eq!(is.grid.amount(team, second), was.grid.amount(team, second));
        assert!(is.grid.constraint(team, second).lock.is_some());
        assert!(amount(&is, "anna", Some(2)) > amount(&was, "anna", Some(2)));
        assert_eq!(is.grid.amount(ROOT, None), was.grid.amount(ROOT, None));
    })
    .await;
}

#[tokio::test]
async fn the_lock_of_the_whole_is_what_the_target_stays_by() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let version = held(&house, vec![lock(&was, ROOT, None)]).await;
        let is = made_up(&house, version).await.unwrap();
        assert_eq!(is.grid.amount(ROOT, None), was.grid.amount(ROOT, None));
        assert!(is.grid.constraint(ROOT, None).lock.is_some());
        // It holds only once what is missing is spread: a change of its own after the first one.
        assert_eq!((is.head, is.undoable.undo), (2, 2));
        let verdict = house.operations.verify(&house.planner, is.version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 2, .. }),
            "{verdict:?}"
        );
        house
            .operations
            .publish(&house.planner, is.version)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn floors_and_caps_of_totals_bind_what_is_left_of_them() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let total = |name: &str| amount(&was, name, None);
        let cap = |name: &str| PlanCommand::Cap {
            node: node(&was, name),
            period: None,
            amount: Some(Minor(total(name))),
        };
        let floor = PlanCommand::Floor {
            node: node(&was, "dora"),
            period: None,
            amount: Some(Minor(total("dora"))),
        };
        let version = held(&house, vec![cap("anna"), cap("carl"), floor]).await;
        let is = made_up(&house, version).await.unwrap();
        // Anna booked more than she was to, so that what is left of her total is less; Dora sold nothing and makes it up.
        let of_rest = |grid: &OpenGrid| left(grid, "anna").iter().sum::<i64>();
        assert!(of_rest(&is) < of_rest(&was));
        assert_eq!(amount(&is, "anna", None), total("anna"));
        assert!(amount(&is, "carl", None) <= total("carl"));
        assert_eq!(amount(&is, "dora", None), total("dora"));
        assert_eq!(is.grid.amount(ROOT, None), was.grid.amount(ROOT, None));
        let of = |name: &str| is.grid.constraint(node(&is, name), None);
        assert_eq!(of("anna").cap, Some(Minor(total("anna"))));
        assert_eq!(of("carl").cap, Some(Minor(total("carl"))));
        assert_eq!(of("dora").floor, Some(Minor(total("dora"))));
        // Only Carl's held from the start.
        assert_eq!(is.head, 3);
        let verdict = house.operations.verify(&house.planner, is.version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 3, .. }),
            "{verdict:?}"
        );
        house
            .operations
            .publish(&house.planner, is.version)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_cap_of_a_unit_that_is_in_the_way_is_named() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        let shape = was.grid.shape();
        let caps = ["anna", "carl"].map(|name| {
            let team = shape.parent(node(&was, name)).unwrap();
            PlanCommand::Cap {
                node: team,
                period: Some(PeriodIndex(2)),
                amount: Some(was.grid.amount(team, Some(PeriodIndex(2)))),
            }
        });
        let version = held(&house, caps.to_vec()).await;
        let refused = made_up(&house, version).await.map(|_| ());
        let operations::Error::Conflict(refusal) = refused.unwrap_err() else {
            panic!("it is a clash with the caps")
        };
        assert_eq!(refusal.code, "no_room_for_missing");
        assert!(refusal.words.zh.contains("不超过"), "{}", refusal.words.zh);
        assert!(!refusal.words.zh.contains("NodeIndex"), "{}", refusal.words.zh);
    })
    .await;
}

#[tokio::test]
async fn locks_that_hold_more_than_is_missing_are_no_reached_target() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        // More than a quarter was to bring, and less than the year.
        house.sell(&["anna,2018-02-10,150000"]).await;
        house.operations.today = Some(day("2018-04-10"));
        let all = locked(&house, &["anna", "bert", "carl", "dora"]).await;
        assert_eq!(code(made_up(&house, all).await), "locks_exceed_missing");
    })
    .await;
}

#[tokio::test]
async fn what_is_handed_down_beyond_a_number_leaves_the_targets_as_they_are() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let version = house.handed_down(&[20_000, 30_000, 50_000]).await;
        house.operations.publish(&house.planner, version).await.unwrap();
        let was = house.open(version).await;
        let shape = was.grid.shape();
        for unit in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
            assert!(was.grid.hedge(unit, None).0 > 0, "{}", shape.name(unit));
        }
        let whole = begun(&house, version, Begin::MakeUp).await.unwrap();
        assert_eq!(whole.grid.amount(ROOT, None), was.grid.amount(ROOT, None));
        let teams = begun(&house, version, Begin::MakeUpTeams).await.unwrap();
        for unit in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
            assert_eq!(
                teams.grid.amount(unit, None),
                was.grid.amount(unit, None),
                "{}",
                shape.name(unit)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_carries_is_made_up_by_those_who_do() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let was = house.open(house.version).await;
        house
            .import(
                "sales_teams.csv",
                "sales_agent,manager,regional_office\neve,nora,North\n",
            )
            .await;
        house.sell(&["eve,2018-01-20,1234.56"]).await;
        let without = made_up(&house, house.version).await.unwrap();
        let nobody = "计划内无人承担";
        assert_eq!(amount(&without, nobody, Some(0)), 123_456);
        assert_eq!(left(&without, nobody), [0, 0, 0], "it stays");
        assert_eq!(
            without.grid.amount(ROOT, None),
            was.grid.amount(ROOT, None),
            "to the cent"
        );
    })
    .await;
}

#[tokio::test]
async fn a_grid_shows_what_is_on_record_where_all_of_it_is() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let draft = house.draft_with(Vec::new()).await;
        let open = house.open(draft).await;
        let amounts: Vec<Option<Minor>> = open
            .grid
            .shape()
            .nodes()
            .map(|node| Some(open.grid.amount(node, None)))
            .collect();
        assert_eq!(open.record, amounts, "the same numbers");
        // Of five quarters four are on record: their sum would not compare with the whole.
        let longer = house
            .operations
            .create_plan(
                &house.planner,
                plan("2018-01-01", "2019-04-01", PeriodKind::Quarter),
            )
            .await
            .unwrap();
        let open = house.open(longer.version).await;
        assert!(open.record.iter().all(Option::is_none), "{:?}", open.record);
        let first = house
            .operations
            .first_rows(&house.planner, Some(draft), None, 3)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(first.rows.len(), 3);
    })
    .await;
}
