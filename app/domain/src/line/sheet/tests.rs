use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::calendar::Day;
use crate::id::UnitId;
use crate::plan::{NodeRef, NodeSpec, PlanPeriod};

/// A company of teams, each with so many people.
fn tree(teams: &[usize]) -> Shape {
    let mut specs: Vec<NodeSpec> = Vec::new();
    let mut put = |parent: Option<u32>| {
        let at = specs.len() as u32;
        specs.push(NodeSpec {
            parent: parent.map(NodeIndex),
            reference: NodeRef::Unit(UnitId(Uuid::from_u128(u128::from(at) + 1))),
            name: at.to_string(),
        });
        at
    };
    let top = put(None);
    for people in teams {
        let team = put(Some(top));
        for _ in 0..*people {
            put(Some(team));
        }
    }
    let period = PlanPeriod {
        starts_on: Day(0),
        ends_on: Day(31),
    };
    Shape::new(specs, vec![period]).unwrap()
}

fn by_hand(amount: i64, at_ms: i64) -> SetByHand {
    SetByHand {
        amount: Minor(amount),
        by: String::new(),
        at_ms,
        reason: None,
    }
}

fn sheet(amounts: &[i64], set: Vec<SheetSet>) -> LineSheet {
    let line = |(place, amount): (usize, &i64)| SheetLine {
        tie: place as u128 + 7,
        head: None,
        amount: Minor(*amount),
    };
    LineSheet {
        by: LineBy::Product,
        known: vec![LineBy::Product],
        may_edit: true,
        lines: amounts.iter().enumerate().map(line).collect(),
        set,
        mark: String::new(),
        profile: None,
    }
}

fn whole(amounts: &[Minor]) -> i64 {
    amounts.iter().map(|amount| amount.0).sum()
}

proptest! {
    /// Whatever rows sold, whatever is set and however the children stand to their parent: the lines of every row sum to its
    /// total, none is below zero, and the lines of the children sum to those of the parent where their totals do.
    #[test]
    fn lines_sum_to_the_total_of_every_row_and_to_those_of_the_row_above(
        teams in prop::collection::vec(0_usize..4, 1..4),
        amounts in prop::collection::vec(0_i64..1_000, 2..5),
        leaves in prop::collection::vec(0_i64..10_000, 16),
        over in prop::collection::vec(-50_i64..50, 4),
        sums in prop::collection::btree_map((0_u32..16, 0_u32..5), 0_i64..1_000, 0..30),
        set in prop::collection::btree_map((1_u32..16, 0_u32..5), 0_i64..5_000, 0..4),
        is_even in any::<bool>(),
    ) {
        let shape = tree(&teams);
        let mut totals: Vec<i64> = shape.nodes().map(|node| leaves[node.0 as usize % leaves.len()]).collect();
        for node in shape.nodes().rev() {
            if !shape.is_leaf(node) {
                let below: i64 = shape.children(node).map(|child| totals[child.0 as usize]).sum();
                let apart = if is_even { 0 } else { over[node.0 as usize % over.len()] };
                totals[node.0 as usize] = (below + apart).max(0);
            }
        }
        let total = |node: NodeIndex| Minor(totals[node.0 as usize]);
        // Lines of nothing cannot be brought to something.
        prop_assume!(amounts.iter().sum::<i64>() > 0);
        let keys = amounts.iter().enumerate().map(|(place, _)| place.to_string()).collect();
        let sums: BTreeMap<(u32, u32), Minor> = sums.into_iter().map(|(at, sum)| (at, Minor(sum))).collect();
        let set: Vec<SheetSet> = set
            .into_iter()
            .filter(|((node, line), _)| shape.has(NodeIndex(*node)) && (*line as usize) < amounts.len())
            .zip(0..)
            .map(|(((node, line), amount), at_ms)| SheetSet { node: NodeIndex(node), line, period: None, set: by_hand(amount, at_ms) })
            .collect();
        let mut open = OpenSheet::new(sheet(&amounts, set), Profile::new(keys, sums));
        for node in shape.nodes() {
            let row = open.row(&shape, &total, node).unwrap();
            prop_assert_eq!(whole(&row), totals[node.0 as usize], "row {}", node.0);
            prop_assert!(row.iter().all(|amount| amount.0 >= 0));
            if shape.is_leaf(node) {
                continue;
            }
            let below: i64 = shape.children(node).map(|child| totals[child.0 as usize]).sum();
            let mut apart = 0;
            for (line, own) in row.iter().enumerate() {
                let cell = open.cell(&shape, &total, (node, line)).unwrap();
                let mut of_line = 0;
                for child in shape.children(node) {
                    of_line += open.row(&shape, &total, child).unwrap()[line].0;
                }
                prop_assert_eq!(cell.apart, Some(Minor(of_line - own.0)));
                if below == totals[node.0 as usize] {
                    prop_assert_eq!(cell.apart, Some(Minor(0)));
                }
                apart += of_line - own.0;
            }
            prop_assert_eq!(apart, below - totals[node.0 as usize]);
        }
    }
}

#[test]
fn what_is_set_stays_until_it_is_let_go_and_others_give() {
    let shape = tree(&[0, 0]);
    let totals = [100, 40, 60];
    let total = |node: NodeIndex| Minor(totals[node.0 as usize]);
    let mut open = OpenSheet::new(sheet(&[50, 50], Vec::new()), Profile::default());
    let (first, second) = (NodeIndex(1), NodeIndex(2));
    assert_eq!(open.row(&shape, &total, first).unwrap(), [Minor(20), Minor(20)]);
    let cell = open.cell(&shape, &total, (first, 0)).unwrap();
    assert!(cell.is_lent && cell.set.is_none() && cell.apart.is_none());
    open.put((first, None), 0, Some(by_hand(30, 1)));
    assert_eq!(open.row(&shape, &total, first).unwrap(), [Minor(30), Minor(10)]);
    assert_eq!(open.row(&shape, &total, second).unwrap(), [Minor(20), Minor(40)]);
    open.put((first, None), 0, None);
    assert_eq!(open.row(&shape, &total, first).unwrap(), [Minor(20), Minor(20)]);
}

#[test]
fn a_part_that_is_set_keeps_the_line_and_the_period_also_while_amounts_are_moved() {
    let shape = tree(&[0, 0]);
    let total = |node: NodeIndex| Minor([120, 40, 80][node.0 as usize]);
    let periods = |node: NodeIndex| vec![Minor(total(node).0 / 4), Minor(total(node).0 * 3 / 4)];
    let mut open = OpenSheet::new(sheet(&[60, 60], Vec::new()), Profile::default());
    let (node, period) = (NodeIndex(1), PeriodIndex(0));
    let both = |open: &mut OpenSheet| {
        let mut part = |period| open.part(&shape, &total, &periods, (node, period)).unwrap();
        [part(0), part(1)]
    };
    assert_eq!(both(&mut open), [[Minor(5), Minor(5)], [Minor(15), Minor(15)]]);
    open.put((node, Some(period)), 0, Some(by_hand(8, 1)));
    let cell = open
        .part_cell(&shape, &total, &periods, ((node, period), 0))
        .unwrap();
    assert_eq!(cell.amount, Minor(8));
    assert_eq!(cell.set.map(|set| set.amount), Some(Minor(8)));
    assert_eq!(both(&mut open), [[Minor(8), Minor(2)], [Minor(12), Minor(18)]]);
    // The whole line is not set, and what others have of the period is theirs.
    assert!(open.cell(&shape, &total, (node, 0)).unwrap().set.is_none());
    assert_eq!(open.row(&shape, &total, node).unwrap(), [Minor(20), Minor(20)]);
    let beside = open.part(&shape, &total, &periods, (NodeIndex(2), 0)).unwrap();
    assert_eq!(beside, [Minor(10), Minor(10)]);
    // While the row is moved to twice as much, what is set stays and the other line takes.
    let shown = |node: NodeIndex| Minor(total(node).0 * 2);
    let totals = Totals {
        settled: &total,
        shown: &shown,
    };
    let shown_periods = |node: NodeIndex| -> Vec<Minor> {
        let periods = periods(node).into_iter();
        periods.map(|amount| Minor(amount.0 * 2)).collect()
    };
    let moved = open
        .moving_part(&shape, totals, &shown_periods, (node, 0))
        .unwrap();
    assert_eq!(moved, [Minor(8), Minor(12)]);
    // More than there is room for: it says so, and the row has what it has.
    open.put((node, Some(period)), 0, Some(by_hand(11, 2)));
    let cell = open
        .part_cell(&shape, &total, &periods, ((node, period), 0))
        .unwrap();
    assert_eq!(
        (cell.amount, cell.set.map(|set| set.amount)),
        (Minor(10), Some(Minor(11)))
    );
    open.put((node, Some(period)), 0, None);
    assert_eq!(both(&mut open), [[Minor(5), Minor(5)], [Minor(15), Minor(15)]]);
}

#[test]
fn a_row_with_sales_of_its_own_borrows_nothing_visible() {
    let shape = tree(&[0, 0]);
    let total = |node: NodeIndex| Minor([100, 50, 50][node.0 as usize]);
    let sums = BTreeMap::from([((1, 0), Minor(900))]);
    let keys = vec!["a".to_owned(), "b".to_owned()];
    let mut open = OpenSheet::new(sheet(&[50, 50], Vec::new()), Profile::new(keys, sums));
    assert!(!open.cell(&shape, &total, (NodeIndex(1), 0)).unwrap().is_lent);
    assert!(open.cell(&shape, &total, (NodeIndex(2), 0)).unwrap().is_lent);
}

#[test]
fn while_amounts_are_moved_rows_have_what_they_would_have() {
    let shape = tree(&[2, 0]);
    // The company, a team with two people, another team.
    let before = [100, 40, 10, 30, 60];
    let after = [100, 50, 20, 30, 50];
    let settled = |node: NodeIndex| Minor(before[node.0 as usize]);
    let shown = |node: NodeIndex| Minor(after[node.0 as usize]);
    let totals = Totals {
        settled: &settled,
        shown: &shown,
    };
    let sums = BTreeMap::from([((2, 0), Minor(900)), ((3, 1), Minor(900)), ((4, 0), Minor(300))]);
    let keys = vec!["a".to_owned(), "b".to_owned()];
    let open = || {
        OpenSheet::new(
            sheet(&[70, 30], Vec::new()),
            Profile::new(keys.clone(), sums.clone()),
        )
    };
    let (mut moved, mut there) = (open(), open());
    for node in shape.nodes() {
        let row = moved.moving(&shape, totals, node).unwrap();
        assert_eq!(row, there.row(&shape, &shown, node).unwrap(), "row {}", node.0);
    }
    // What it is without the drag stays what it is.
    let mut here = open();
    for node in shape.nodes() {
        assert_eq!(
            moved.row(&shape, &settled, node).unwrap(),
            here.row(&shape, &settled, node).unwrap()
        );
    }
    // The next frame is another one, and the last is what there is.
    moved.renew_moving();
    let back = Totals {
        settled: &settled,
        shown: &settled,
    };
    for node in shape.nodes() {
        assert_eq!(
            moved.moving(&shape, back, node).unwrap(),
            here.row(&shape, &settled, node).unwrap()
        );
    }
}

#[test]
fn rows_of_a_large_unit_keep_the_proportions_of_their_lines_while_they_are_moved() {
    // More people than a table of a frame has room for.
    let people = 1_100;
    let shape = tree(&[people]);
    let all = 100 * people as i64;
    let settled = |node: NodeIndex| Minor(if node.0 < 2 { all } else { 100 });
    let shown = |node: NodeIndex| match node.0 {
        2 => Minor(150),
        3 => Minor(50),
        _ => settled(node),
    };
    let totals = Totals {
        settled: &settled,
        shown: &shown,
    };
    let set = vec![SheetSet {
        node: NodeIndex(3),
        line: 0,
        period: None,
        set: by_hand(30, 1),
    }];
    let mut open = OpenSheet::new(sheet(&[all / 4, all * 3 / 4], set), Profile::default());
    let first = open.row(&shape, &settled, NodeIndex(2)).unwrap();
    assert_eq!(whole(&first), 100);
    let moved = open.moving(&shape, totals, NodeIndex(2)).unwrap();
    assert_eq!(whole(&moved), 150);
    for (before, after) in first.iter().zip(&moved) {
        assert!((after.0 * 2 - before.0 * 3).abs() <= 2, "{first:?} {moved:?}");
    }
    // What somebody set stays, and the other line gives.
    assert_eq!(
        open.moving(&shape, totals, NodeIndex(3)).unwrap(),
        [Minor(30), Minor(20)]
    );
    let beside = NodeIndex(4);
    let row = open.row(&shape, &settled, beside).unwrap();
    assert_eq!(open.moving(&shape, totals, beside).unwrap(), row);
}

proptest! {
    /// Whatever rows are shown with, their lines sum to it; and the parts of a period sum to the number of it.
    #[test]
    fn moved_rows_and_their_parts_sum_to_what_is_shown(
        teams in prop::collection::vec(0_usize..4, 1..4),
        amounts in prop::collection::vec(1_i64..1_000, 2..5),
        leaves in prop::collection::vec(0_i64..10_000, 16),
        moves in prop::collection::vec(-500_i64..500, 16),
        period in 0_usize..3,
    ) {
        let shape = tree(&teams);
        let at = |all: &[i64], node: NodeIndex| all[node.0 as usize % all.len()];
        let settled = |node: NodeIndex| Minor(at(&leaves, node));
        let shown = |node: NodeIndex| Minor((at(&leaves, node) + at(&moves, node)).max(0));
        // Three periods: a third, a sixth and the rest.
        let periods_of = |total: Minor| vec![Minor(total.0 / 3), Minor(total.0 / 6), Minor(total.0 - total.0 / 3 - total.0 / 6)];
        let settled_periods = |node: NodeIndex| periods_of(settled(node));
        let shown_periods = |node: NodeIndex| periods_of(shown(node));
        let totals = Totals { settled: &settled, shown: &shown };
        let mut open = OpenSheet::new(sheet(&amounts, Vec::new()), Profile::default());
        for node in shape.nodes() {
            let row = open.moving(&shape, totals, node).unwrap();
            prop_assert_eq!(whole(&row), shown(node).0);
            prop_assert!(row.iter().all(|amount| amount.0 >= 0));
            let part = open.moving_part(&shape, totals, &shown_periods, (node, period)).unwrap();
            prop_assert_eq!(whole(&part), shown_periods(node)[period].0);
            let part = open.part(&shape, &settled, &settled_periods, (node, period)).unwrap();
            prop_assert_eq!(whole(&part), settled_periods(node)[period].0);
            // Asked again for another period, and back.
            let mut of_lines = vec![0; amounts.len()];
            for period in 0..3 {
                let part = open.part(&shape, &settled, &settled_periods, (node, period)).unwrap();
                for (sum, part) in of_lines.iter_mut().zip(&part) {
                    *sum += part.0;
                }
            }
            let row: Vec<i64> = open.row(&shape, &settled, node).unwrap().iter().map(|line| line.0).collect();
            prop_assert_eq!(of_lines, row);
        }
    }
}
