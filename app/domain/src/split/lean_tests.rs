use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::calendar::Day;
use crate::id::{MemberId, UnitId, UserId};
use crate::money::Minor;
use crate::plan::{
    CellIndex, Entry, Give, Grid, Intent, Keep, NodeIndex, NodeRef, NodeSpec, PeriodIndex, PlanPeriod, Shape,
    apply,
};
use crate::split::{InForce, PartChange, Stacks};

fn grid() -> Grid {
    let nodes = (0..400_u32).map(|row| NodeSpec {
        parent: (row > 0).then_some(NodeIndex(0)),
        reference: if row == 0 {
            NodeRef::Unit(UnitId(Uuid::from_u128(1)))
        } else {
            NodeRef::Member(MemberId(Uuid::from_u128(u128::from(row) + 1)))
        },
        name: String::new(),
    });
    let periods = vec![PlanPeriod {
        starts_on: Day(0),
        ends_on: Day(30),
    }];
    let shape = Shape::new(nodes.collect(), periods).unwrap();
    Grid::from_leaves(Arc::new(shape), |node, _| Minor(1_000 + i64::from(node.0))).unwrap()
}

/// A change of everybody, one of a person, and the first one taken back.
fn answer(start: &Grid) -> (Applied, Grid) {
    let total = PlanCommand::SetTotal {
        amount: Minor(1_000_000),
        seasons: Vec::new(),
        reason: None,
    };
    let set = PlanCommand::Set {
        node: NodeIndex(7),
        period: Some(PeriodIndex(0)),
        amount: Minor(5_000),
        keep: Keep::None,
        give: Give::ParentGrows,
        reason: None,
    };
    let mut grid = start.clone();
    let mut entries = Vec::new();
    let mut done = |seq: u64, command: PlanCommand| {
        let deltas = apply(&grid, &command).unwrap();
        grid.fold(&deltas).unwrap();
        entries.push(Entry::new(seq, 1, UserId(Uuid::nil()), command, deltas.clone()));
        deltas
    };
    let everybody = done(1, total);
    let one = done(2, set);
    done(
        3,
        PlanCommand::Restore {
            of: 2,
            intent: Intent::Undo,
            deltas: one.invert(),
        },
    );
    done(
        4,
        PlanCommand::Restore {
            of: 1,
            intent: Intent::Undo,
            deltas: everybody.invert(),
        },
    );
    let applied = Applied {
        entries,
        behind: false,
        as_made: false,
        large: Vec::new(),
        head: 4,
        refused: None,
        bounded_by: None,
        differences: Vec::new(),
        more_rows: 0,
        rows: 0,
        undoable: Stacks::default(),
        people: std::collections::BTreeMap::new(),
        shares: None,
        in_force: InForce::default(),
    };
    (applied, grid)
}

#[test]
fn what_changed_a_lot_is_told_once_and_packed_and_all_else_as_it_was() {
    let start = grid();
    let (all, end) = answer(&start);
    let lean = all.clone().lean();
    assert!(!lean.behind);
    let seqs: Vec<u64> = lean.large.iter().map(|large| large.seq).collect();
    assert_eq!(seqs, [1, 4]);
    assert_eq!(lean.entries[1..3], all.entries[1..3]);
    let text = serde_json::to_string(&lean).unwrap();
    assert!(text.len() * 2 < serde_json::to_string(&all).unwrap().len());
    // As it is read on the other side.
    let read: Applied = serde_json::from_str(&text).unwrap();
    let mut grid = start;
    for entry in &read.entries {
        match Large::of(&read.large, entry.seq) {
            Some(large) => {
                assert!(entry.deltas.is_empty());
                assert_eq!(grid.fold_packed(&large.deltas), Ok(()));
            }
            None => grid.fold(&entry.deltas).unwrap(),
        }
    }
    assert_eq!(grid, end);
    let back = PlanCommand::Restore {
        of: 1,
        intent: Intent::Undo,
        deltas: Deltas::default(),
    };
    assert_eq!(read.entries[3].command, back);
}

#[test]
fn what_is_more_than_the_grid_is_left_out_and_said_to_be_behind() {
    let (all, _) = answer(&grid());
    let size: usize = all
        .clone()
        .lean()
        .large
        .iter()
        .map(|large| large.deltas.size())
        .sum();
    assert!(!all.clone().lean_within(size).behind);
    let behind = all.lean_within(size - 1);
    assert!(behind.behind && behind.large.is_empty());
    // Whose they were is told still.
    assert_eq!(behind.entries.len(), 4);
    assert!(behind.entries[0].deltas.is_empty() && behind.entries[3].deltas.is_empty());
}

#[test]
fn a_part_is_told_the_same_way() {
    let start = grid();
    let (all, end) = answer(&start);
    let changes = all.entries.iter();
    let news = PartNews {
        changes: changes
            .filter_map(|entry| PartChange::of(entry, start.shape(), NodeIndex(0)))
            .collect(),
        large: Vec::new(),
        behind: false,
        head: 4,
        people: std::collections::BTreeMap::new(),
    };
    let lean = news.clone().lean();
    let mut grid = start;
    for change in &lean.changes {
        match Large::of(&lean.large, change.seq) {
            Some(large) => grid.fold_packed(&large.deltas).unwrap(),
            None => grid.fold(&change.deltas).unwrap(),
        }
    }
    assert_eq!((grid, lean.large.len()), (end, 2));
    let behind = news.lean_within(100);
    assert!(behind.behind && behind.changes.is_empty() && behind.large.is_empty());
}

#[test]
fn of_what_others_changed_everywhere_the_rows_that_changed_most_are_told_and_the_others_counted() {
    const ROWS: u32 = 1_000;
    let (mut all, _) = answer(&grid());
    all.rows = ROWS;
    // Two periods of every row; row 500 changed most, and the others the more the further down they are.
    let cells = (0..2 * ROWS).map(|cell| {
        let row = cell % ROWS;
        let change = if row == 500 { -5_000 } else { i64::from(row) + 1 };
        Difference {
            cell: CellIndex(cell),
            left: Minor(10),
            now: Minor(10 + change),
            becomes: Minor(0),
            by: UserId(Uuid::nil()),
            seq: 4,
        }
    });
    all.differences = cells.collect();
    let lean = all.clone().lean();
    assert_eq!(lean.differences.len(), 2 * MOST_DIFFERING_ROWS);
    assert_eq!(lean.more_rows, u64::from(ROWS) - MOST_DIFFERING_ROWS as u64);
    let told: BTreeSet<u32> = lean.differences.iter().map(|one| one.cell.0 % ROWS).collect();
    let most: BTreeSet<u32> = (ROWS - MOST_DIFFERING_ROWS as u32 + 1..ROWS)
        .chain([500])
        .collect();
    assert_eq!(told, most);
    assert!(lean.differences.is_sorted_by_key(|one| one.cell));
    assert!(!lean.is_done());
    // What is sent says it, and as few as can be read stay as they are.
    let read: Applied = serde_json::from_str(&serde_json::to_string(&lean).unwrap()).unwrap();
    assert_eq!(
        (read.more_rows, read.differences),
        (lean.more_rows, lean.differences)
    );
    all.differences.truncate(MOST_DIFFERING_ROWS);
    let few = all.clone().lean();
    assert_eq!((few.differences, few.more_rows), (all.differences, 0));
}
