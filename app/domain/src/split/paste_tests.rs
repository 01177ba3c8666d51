use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::calendar::Day;
use crate::money::AmountError;
use crate::plan::{PlanPeriod, Shape};
use crate::split::fixture::nodes;
use crate::split::{plain_amount, write_table};

/// 公司 with the teams 华东 (张 三, Bob) and 华北, two periods; every leaf has 10.00 a period.
fn grid() -> Grid {
    let nodes = nodes(&[
        (None, false, "公司"),
        (Some(0), false, "华东"),
        (Some(1), true, "张 三"),
        (Some(1), true, "Bob"),
        (Some(0), false, "华北"),
    ]);
    let period = |start: i32| PlanPeriod {
        starts_on: Day(start),
        ends_on: Day(start + 30),
    };
    let shape = Shape::new(nodes, vec![period(0), period(30)]).unwrap();
    Grid::from_leaves(Arc::new(shape), |_, _| Minor(1_000)).unwrap()
}

fn pasted(text: &str, node: u32, period: Option<u16>) -> Pasted {
    pasted_at(text, Some(node), period)
}

fn pasted_at(text: &str, node: Option<u32>, period: Option<u16>) -> Pasted {
    let grid = grid();
    let rows: Vec<NodeIndex> = grid.shape().nodes().collect();
    let currency = Currency::from_code("CNY").unwrap();
    paste(
        text,
        &PasteAt {
            grid: &grid,
            currency: &currency,
            rows: &rows,
            node: node.map(NodeIndex),
            period: period.map(PeriodIndex),
        },
    )
}

fn changes(pasted: &Pasted) -> Vec<(u32, Option<u16>, i64)> {
    let change = |change: &PasteChange| {
        (
            change.node.0,
            change.period.map(|period| period.0),
            change.after.0,
        )
    };
    pasted.changes.iter().map(change).collect()
}

fn faults(pasted: &Pasted) -> Vec<(usize, usize, &PasteFault)> {
    let problems = pasted.problems.iter();
    problems
        .map(|PasteProblem { row, column, fault }| (*row, *column, fault))
        .collect()
}

#[test]
fn cells_go_right_and_down_and_a_blank_one_leaves_what_is_there() {
    let read = pasted("１２\t\r\n\t￥1,300.50\r\n", 2, Some(0));
    assert_eq!(changes(&read), [(2, Some(0), 1_200), (3, Some(1), 130_050)]);
    assert!(read.is_ready());
}

#[test]
fn names_find_their_rows_whatever_their_order_and_width() {
    let read = pasted("ＢＯＢ\t21\n张三\t22\n", 2, None);
    assert_eq!(changes(&read), [(3, None, 2_100), (2, None, 2_200)]);
    let unknown = pasted("Eve\t21\nBob\t22\nbob\t23\n", 2, None);
    assert_eq!(
        faults(&unknown),
        [
            (
                1,
                1,
                &PasteFault::UnknownName {
                    name: "Eve".to_owned()
                }
            ),
            (
                3,
                1,
                &PasteFault::Twice {
                    name: "bob".to_owned()
                }
            ),
        ]
    );
    let headed = pasted("Member\tTotal\nBob\t22\n", 2, None);
    assert_eq!(changes(&headed), [(3, None, 2_200)]);
    assert!(headed.problems.is_empty());
}

#[test]
fn what_is_no_amount_is_told_with_its_cell() {
    let read = pasted("12\tabc\n(5)\t(5%)\n", 2, Some(0));
    let problems = faults(&read);
    assert_eq!(problems.len(), 3);
    assert!(matches!(
        problems.first(),
        Some((
            1,
            2,
            PasteFault::Amount {
                error: EditError::Amount(AmountError::NotANumber),
                ..
            }
        ))
    ));
    assert!(matches!(
        problems.get(1),
        Some((2, 1, PasteFault::Negative { .. }))
    ));
    assert!(matches!(
        problems.get(2),
        Some((
            2,
            2,
            PasteFault::Amount {
                error: EditError::Amount(AmountError::Percentage),
                ..
            }
        ))
    ));
    assert!(!read.is_ready());
}

#[test]
fn a_percentage_changes_what_is_there_as_if_it_was_typed() {
    let read = pasted("+5%\t１２％\n=A*2\t-10 %\n", 2, Some(0));
    assert_eq!(
        changes(&read),
        [
            (2, Some(0), 1_050),
            (2, Some(1), 120),
            (3, Some(0), 2_000),
            (3, Some(1), 900)
        ]
    );
    assert!(read.is_ready());
    let of_total = pasted("Bob\t+5%\n", 2, None);
    assert_eq!(changes(&of_total), [(3, None, 2_100)]);
    let same = pasted("100%\n", 2, Some(0));
    assert_eq!((same.changes.len(), same.same), (0, 1));
    let wrong = pasted("x%\n", 2, Some(0));
    assert!(matches!(
        faults(&wrong).as_slice(),
        [(
            1,
            1,
            PasteFault::Amount {
                error: EditError::Factor(_),
                ..
            }
        )]
    ));
    let below = pasted("-150%\n", 2, Some(0));
    assert!(matches!(
        faults(&below).as_slice(),
        [(1, 1, PasteFault::Negative { .. })]
    ));
}

#[test]
fn a_sum_that_is_scaled_as_its_parts_are_may_differ_by_their_rounding() {
    let thirds = pasted("=A/3\t=A/3\t=A/3\n", 2, None);
    assert_eq!(changes(&thirds), [(2, Some(0), 333), (2, Some(1), 333)]);
    assert!(thirds.is_ready(), "667 and twice 333");
    let written = pasted("6.67\t=A/3\t=A/3\n", 2, None);
    assert!(matches!(
        faults(&written).as_slice(),
        [(1, 1, PasteFault::Disagrees { .. })]
    ));
    let other = pasted("+5%\t=A/3\t=A/3\n", 2, None);
    assert!(matches!(
        faults(&other).as_slice(),
        [(1, 1, PasteFault::Disagrees { .. })]
    ));
    // What is rounded in other rows is no reason for this one to be a unit apart.
    let beside = pasted("+5%\t10.50\t10.51\n\t+5%\t+5%\n", 2, None);
    let fault = PasteFault::Disagrees {
        node: NodeIndex(2),
        total: Minor(2_100),
        sum: Minor(2_101),
    };
    assert_eq!(faults(&beside), [(1, 1, &fault)]);
    // A period of a unit, above people whose totals are scaled: their periods share an odd unit as they can.
    let teams = pasted("华东\t\t=A/3\n张三\t=A/3\nBob\t=A/3\n", 1, None);
    assert!(teams.problems.is_empty(), "{:?}", teams.problems);
    assert_eq!(changes(&teams), [(2, None, 667), (3, None, 667)]);
}

#[test]
fn what_does_not_fit_is_told() {
    let wide = pasted("1\t2\t3\n", 2, Some(0));
    assert_eq!(faults(&wide), [(1, 3, &PasteFault::NoColumn)]);
    let long = pasted("1\n2\n", 4, Some(0));
    assert_eq!(faults(&long), [(2, 1, &PasteFault::NoRow)]);
}

#[test]
fn without_a_place_only_names_find_their_rows() {
    let numbers = pasted_at("12\n13\n", None, Some(0));
    assert_eq!(
        faults(&numbers),
        [(1, 1, &PasteFault::NoRow), (2, 1, &PasteFault::NoRow)]
    );
    let named = pasted_at("Bob\t21\n", None, None);
    assert_eq!(changes(&named), [(3, None, 2_100)]);
    let hidden = pasted_at("12\n", Some(9), Some(0));
    assert_eq!(
        faults(&hidden),
        [(1, 1, &PasteFault::NoRow)],
        "a row that is not listed"
    );
}

#[test]
fn a_total_goes_with_its_periods_where_it_is_their_sum() {
    let agrees = pasted("23\t11\t12\n", 2, None);
    assert_eq!(changes(&agrees), [(2, Some(0), 1_100), (2, Some(1), 1_200)]);
    assert!(agrees.is_ready());
    let differs = pasted("24\t11\t12\n", 2, None);
    let fault = PasteFault::Disagrees {
        node: NodeIndex(2),
        total: Minor(2_400),
        sum: Minor(2_300),
    };
    assert_eq!(faults(&differs), [(1, 1, &fault)]);
}

#[test]
fn a_parent_goes_with_its_children_where_it_is_their_sum() {
    let agrees = pasted("华东\t43\n张三\t22\nBob\t21\n", 1, None);
    assert_eq!(changes(&agrees), [(2, None, 2_200), (3, None, 2_100)]);
    assert!(agrees.is_ready());
    let differs = pasted("华东\t44\n张三\t22\nBob\t21\n", 1, None);
    let fault = PasteFault::Covers {
        node: NodeIndex(1),
        amount: Minor(4_400),
        sum: Minor(4_300),
    };
    assert_eq!(faults(&differs), [(1, 2, &fault)]);
}

proptest! {
    #[test]
    fn what_was_copied_changes_nothing_when_it_is_pasted(top in 0_u32..5, count in 1_usize..5) {
        let grid = grid();
        let currency = Currency::from_code("CNY").unwrap();
        let table: Vec<Vec<String>> = grid
            .shape()
            .nodes()
            .skip(top as usize)
            .take(count)
            .map(|node| {
                let amounts = [None, Some(PeriodIndex(0)), Some(PeriodIndex(1))];
                let amounts = amounts.map(|period| plain_amount(grid.amount(node, period), &currency));
                std::iter::once(grid.shape().name(node).to_owned()).chain(amounts).collect()
            })
            .collect();
        let read = pasted(&write_table(&table), top, None);
        prop_assert!(read.changes.is_empty() && read.problems.is_empty() && read.refusal.is_none());
        prop_assert_eq!(read.same, table.len() * 3);
    }

    #[test]
    fn no_text_panics(text in "[-0-9.,(\"\t\n张a%￥ ]{0,40}", node in 0_u32..5, period in prop::option::of(0_u16..2)) {
        let read = pasted(&text, node, period);
        prop_assert!(!read.is_ready() || !read.changes.is_empty());
    }
}
