//! What differs from the plan of record, and what changed since one looked.

use domain::access::Role;
use domain::approval::Against;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use operations::Scope;
use store::Database;

use crate::House;

#[tokio::test]
async fn the_difference_to_the_plan_of_record_is_by_row_and_period() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let first = house.shown(&house.planner).await.difference;
        assert_eq!(
            (first.against, first.whole, first.before.0, first.after.0),
            (Against::Nothing, true, 0, 1_000_000)
        );
        house
            .operations
            .publish_anyway(&house.owner, house.version, None, "第一版")
            .await
            .unwrap();
        let itself = house.shown(&house.planner).await.difference;
        assert_eq!((itself.against, &itself.rows), (Against::Itself, &first.rows));
        house.version = house
            .operations
            .branch_version(&house.planner, house.version, None)
            .await
            .unwrap()
            .version;
        let same = house.shown(&house.planner).await.difference;
        assert_eq!(same.against, Against::Record);
        assert!(same.rows.is_empty() && same.before == same.after && same.gone == 0);
        let before = house
            .operations
            .open_grid(&house.planner, house.version, None)
            .await
            .unwrap();
        let own = before.grid.amount(NodeIndex(2), Some(PeriodIndex(0))).0;
        house.set(&house.planner, 2, own + 700).await.unwrap();
        let difference = house.shown(&house.planner).await.difference;
        assert_eq!(difference.after.0 - difference.before.0, 700);
        let page = async |offset: u32| {
            let page = house
                .operations
                .difference_page(&house.planner, house.version, offset);
            page.await.unwrap()
        };
        assert_eq!(page(0).await, difference);
        assert_eq!(
            page(u32::MAX).await,
            difference,
            "beyond the end is the last page"
        );
        let rows: Vec<(u32, i64)> = difference
            .rows
            .iter()
            .map(|row| (row.node.0, row.after.0 - row.before.unwrap().0))
            .collect();
        assert_eq!(rows, [(0, 700), (1, 700), (2, 700)]);
        let (was, is) = difference.rows[2].periods[0];
        assert_eq!((was, is), (Some(Minor(own)), Minor(own + 700)));
        let (was, is) = difference.rows[2].periods[1];
        assert_eq!(was, Some(is));
        house.set(&house.planner, 2, own + 900).await.unwrap();
        assert_eq!(page(0).await, house.shown(&house.planner).await.difference);
        assert_ne!(
            page(0).await,
            difference,
            "what was looked at before is compared anew"
        );
    })
    .await;
}

#[tokio::test]
async fn who_decides_on_a_first_plan_sees_every_number_within_reach() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let open = house
            .operations
            .open_grid(&house.owner, house.version, None)
            .await
            .unwrap();
        let grid = &open.grid;
        let all = house.shown(&house.owner).await;
        assert_eq!(all.difference.rows.len(), grid.shape().len());
        for row in &all.difference.rows {
            assert_eq!((row.before, row.after), (None, grid.amount(row.node, None)));
            let periods: Vec<Minor> = row.periods.iter().map(|(_, after)| *after).collect();
            let own: Vec<Minor> = grid
                .periods()
                .map(|period| grid.amount(row.node, Some(period)))
                .collect();
            assert_eq!(periods, own);
            assert!(row.periods.iter().all(|(before, _)| before.is_none()));
        }

        // Who leads a part sees that part and its total, and not the whole.
        let manager = house.user(Role::Manager, "一组主管").await;
        let manager = Scope {
            units: vec![house.teams[0]],
            roots: vec![house.teams[0]],
            members: house.people[..2].to_vec(),
            ..manager
        };
        let part = house.shown(&manager).await.difference;
        assert_eq!((part.against, part.whole), (Against::Nothing, false));
        let names: Vec<&str> = part.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names[0], "一组");
        assert!(names.contains(&"甲") && !names.contains(&"丙"), "{names:?}");
        assert_eq!(part.after, part.rows[0].after);
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_one_looked_is_told_with_who_did_it() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        let shown = house.shown(&house.owner).await;
        assert_eq!((shown.look.at_ms, shown.look.count), (None, 0));
        operations
            .look_at_version(&house.owner, house.version, shown.head)
            .await
            .unwrap();
        let open = operations
            .open_grid(&house.owner, house.version, None)
            .await
            .unwrap();
        let own = open.grid.amount(NodeIndex(2), Some(PeriodIndex(0)));
        house.set(&house.planner, 2, own.0 + 10).await.unwrap();
        house.set(&house.planner, 2, own.0 + 20).await.unwrap();
        // One's own changes are no news, and what is as before is none either.
        house.set(&house.owner, 5, 7).await.unwrap();
        let look = house.shown(&house.owner).await.look;
        let cell = look.cells.iter().find(|seen| seen.node == NodeIndex(2)).unwrap();
        assert_eq!(
            (cell.before, cell.after, cell.by.as_str()),
            (own, Minor(own.0 + 20), "计划员")
        );
        assert!(look.cells.iter().all(|seen| seen.node != NodeIndex(5)));
        assert_eq!(look.count as usize, look.cells.len());
        house.set(&house.planner, 2, own.0).await.unwrap();
        let look = house.shown(&house.owner).await.look;
        assert!(
            look.cells.iter().all(|seen| seen.node != NodeIndex(2)),
            "{look:?}"
        );
        let head = house.shown(&house.owner).await.head;
        operations
            .look_at_version(&house.owner, house.version, head)
            .await
            .unwrap();
        // An older page does not make one forget what one has seen.
        operations
            .look_at_version(&house.owner, house.version, 1)
            .await
            .unwrap();
        assert_eq!(house.shown(&house.owner).await.look.count, 0);
    })
    .await;
}

#[tokio::test]
async fn the_grid_marks_what_others_changed_since_one_looked() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        let news = async |scope| {
            let open = operations.open_grid(scope, house.version, None).await.unwrap();
            (open.news, open.grid)
        };
        house.set(&house.planner, 2, 5).await.unwrap();
        let (none, grid) = news(&house.owner).await;
        assert_eq!(none, None, "one never looked");
        let own = grid.amount(NodeIndex(2), Some(PeriodIndex(0)));
        let name = grid.shape().name(NodeIndex(2)).to_owned();
        let head = house.shown(&house.owner).await.head;
        operations
            .look_at_version(&house.owner, house.version, head)
            .await
            .unwrap();
        assert_eq!(news(&house.owner).await.0, None, "nothing changed since");
        house.set(&house.planner, 2, own.0 + 90).await.unwrap();
        let (found, whole) = news(&house.owner).await;
        let found = found.unwrap();
        assert_eq!(found.count as usize, found.cells.len());
        let cell = found.cells.iter().find(|cell| cell.node == NodeIndex(2)).unwrap();
        assert_eq!(
            (cell.period, cell.before, cell.by.as_str()),
            (PeriodIndex(0), own, "计划员")
        );
        assert_eq!(news(&house.planner).await.0, None, "the own changes are no news");

        // Whoever sees a part is told of that part, by its own rows.
        let manager = house.user(Role::Manager, "一组主管").await;
        let manager = Scope {
            units: vec![house.teams[0]],
            roots: vec![house.teams[0]],
            members: house.people[..2].to_vec(),
            ..manager
        };
        operations
            .look_at_version(&manager, house.version, head)
            .await
            .unwrap();
        let (part, grid) = news(&manager).await;
        let part = part.unwrap();
        assert!(grid.shape().len() < whole.shape().len());
        assert!(
            part.cells.iter().all(|cell| grid.shape().has(cell.node)),
            "{part:?}"
        );
        assert!(
            part.cells
                .iter()
                .any(|cell| grid.shape().name(cell.node) == name && cell.before == own),
            "{part:?}"
        );

        operations
            .look_at_version(&house.owner, house.version, found.head)
            .await
            .unwrap();
        assert_eq!(news(&house.owner).await.0, None);
    })
    .await;
}
