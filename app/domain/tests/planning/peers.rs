//! How a number compares with those of its peers, and when nothing is told.

use domain::explain::peers::{Figures, Peers, Placed, compare, group};
use domain::money::Minor;
use domain::plan::NodeIndex;

use crate::tree::shape;

/// A member's comparison by amounts and what was done a year before, by node, for somebody who sees no other number.
fn compared(parents: &[usize], node: u32, figures: &[(i64, u64)]) -> Option<Peers> {
    compared_by(parents, node, figures, &[])
}

/// The same for somebody who sees some of the others.
fn compared_by(parents: &[usize], node: u32, figures: &[(i64, u64)], seen: &[u32]) -> Option<Peers> {
    let shape = shape(parents, 1);
    let figures = |node: NodeIndex| {
        let (amount, before) = figures[node.0 as usize];
        Figures {
            amount: Minor(amount),
            before: Some(before),
            record: None,
        }
    };
    let group = group(
        &shape,
        NodeIndex(node),
        |other| shape.reference(other).is_member(),
        |other| seen.contains(&other.0),
    )?;
    compare(&shape, NodeIndex(node), &group, figures)
}

fn placed(above_pct: u8, others: u32) -> Placed {
    Placed { above_pct, others }
}

#[test]
fn nobody_is_compared_in_a_small_group() {
    // Four below one parent, and nobody else.
    let four = [(0, 0), (10, 10), (20, 10), (30, 10), (40, 10)];
    assert_eq!(compared(&[0, 0, 0, 0, 0], 1, &four), None);
    // Five are enough: of four others, the second has one below.
    let five = [(0, 0), (10, 10), (20, 10), (30, 10), (40, 10), (50, 10)];
    let of_five = compared(&[0, 0, 0, 0, 0, 0], 2, &five).unwrap();
    assert!(of_five.members);
    assert_eq!(of_five.amount, placed(25, 4));
    assert_eq!(of_five.growth, Some(placed(25, 4)));
    assert_eq!(of_five.stretch, None, "nothing is known of anybody's record");
}

#[test]
fn the_nearest_group_that_is_large_enough_is_taken() {
    // Root; team 1 of three (2, 3, 4), team 5 of three (6, 7, 8).
    let parents = [0, 0, 1, 1, 1, 0, 5, 5, 5];
    let mut figures = [(0, 0); 9];
    for (place, node) in [2, 3, 4, 6, 7, 8].into_iter().enumerate() {
        figures[node] = (100 * (place as i64 + 1), 100);
    }
    let found = compared(&parents, 4, &figures).unwrap();
    assert_eq!(
        found.amount,
        placed(40, 5),
        "of the whole, as the team is too small"
    );
}

#[test]
fn ties_count_half_and_places_are_rounded() {
    let same = [(0, 0), (7, 7), (7, 7), (7, 7), (7, 7), (7, 7)];
    let found = compared(&[0; 6], 3, &same).unwrap();
    assert_eq!(found.amount, placed(50, 4));
    assert_eq!(found.growth, Some(placed(50, 4)));
    assert_eq!(found.middle_growth_pct, Some(0));
    // Two of six others below: 33 % is told as 35.
    let mut figures = vec![(0, 0)];
    figures.extend([(30, 1), (10, 1), (20, 1), (40, 1), (50, 1), (60, 1), (70, 1)]);
    assert_eq!(compared(&[0; 8], 1, &figures).unwrap().amount, placed(35, 6));
    // At both ends.
    assert_eq!(compared(&[0; 8], 2, &figures).unwrap().amount, placed(0, 6));
    assert_eq!(compared(&[0; 8], 7, &figures).unwrap().amount, placed(100, 6));
}

#[test]
fn who_did_nothing_a_year_before_has_no_growth() {
    let new = [(0, 0), (10, 0), (20, 10), (30, 10), (40, 10), (50, 10)];
    let found = compared(&[0; 6], 1, &new).unwrap();
    assert_eq!(found.growth, None);
    assert_eq!(found.amount, placed(0, 4));
    // To the others only three are known besides themselves.
    let other = compared(&[0; 6], 2, &new).unwrap();
    assert_eq!(other.growth, None);
    assert_eq!(other.middle_growth_pct, None);
}

#[test]
fn the_middle_growth_is_nobody_s_own() {
    // Of the first: the others grow by 10, 20, 40 and 90 %.
    let even = [(0, 0), (100, 100), (110, 100), (120, 100), (140, 100), (190, 100)];
    assert_eq!(compared(&[0; 6], 1, &even).unwrap().middle_growth_pct, Some(30));
    // With one more that grows by 60 %: the mean of 20, 40 and 60.
    let odd = [
        (0, 0),
        (100, 100),
        (110, 100),
        (120, 100),
        (140, 100),
        (190, 100),
        (160, 100),
    ];
    assert_eq!(compared(&[0; 7], 1, &odd).unwrap().middle_growth_pct, Some(40));
    // What shrinks is told so.
    let less = [(0, 0), (100, 100), (50, 100), (50, 100), (50, 100), (50, 100)];
    assert_eq!(compared(&[0; 6], 1, &less).unwrap().middle_growth_pct, Some(-50));
}

#[test]
fn nobody_is_told_by_taking_off_those_one_sees() {
    // Root; team 1 of six (2 to 7), team 8 of five (9 to 13).
    let parents = [0, 0, 1, 1, 1, 1, 1, 1, 0, 8, 8, 8, 8, 8];
    let mut figures = [(0, 0); 14];
    for (place, node) in (2..8).chain(9..14).enumerate() {
        figures[node] = (100 * (place as i64 + 1), 100);
    }
    let of = |seen: &[u32]| compared_by(&parents, 2, &figures, seen).map(|found| found.amount.others);
    assert_eq!(of(&[]), Some(5), "nobody is seen");
    assert_eq!(of(&[3, 4, 5, 6, 7]), Some(5), "everybody is");
    // One of the team is hidden; with the other team they are six.
    assert_eq!(of(&[3, 4, 5, 6]), Some(10));
    // Two are hidden in all.
    assert_eq!(
        of(&[3, 4, 5, 6, 7, 9, 10, 11]),
        Some(5),
        "of those who are all seen"
    );
    assert_eq!(of(&[3, 4, 5, 6, 9, 10, 11, 12]), None);
    // Six are hidden, but of two of them nothing is known a year before.
    figures[9].1 = 0;
    figures[10].1 = 0;
    let found = compared_by(&parents, 2, &figures, &[3, 4, 5, 6]).unwrap();
    assert_eq!((found.amount.others, found.growth), (10, None));
    assert_eq!(found.middle_growth_pct, None);
}
