use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::calendar::Day;
use crate::fairness::{Limits, Outlook};
use crate::id::UnitId;
use crate::plan::{Grid, NodeRef, NodeSpec, PlanPeriod};

/// A company of three people, of whom the last is new.
fn grid() -> Grid {
    let spec = |at: u128, parent: Option<u32>| NodeSpec {
        parent: parent.map(NodeIndex),
        reference: NodeRef::Unit(UnitId(Uuid::from_u128(at))),
        name: at.to_string(),
    };
    let specs = vec![
        spec(0, None),
        spec(1, Some(0)),
        spec(2, Some(0)),
        spec(3, Some(0)),
    ];
    let period = PlanPeriod {
        starts_on: Day(0),
        ends_on: Day(31),
    };
    let shape = Arc::new(Shape::new(specs, vec![period]).unwrap());
    let amounts = [50_000, 10_000, 20_000, 30_000].map(Minor).to_vec();
    Grid::from_amounts(shape, amounts).unwrap()
}

fn ground(offset: u32) -> Ground {
    let footing = |node: u32| Footing {
        node: NodeIndex(node + offset),
        outlook: Outlook {
            mean: 20_000.0,
            sd: 5_000.0,
        },
        new_hire: node == 3,
        size: None,
        growth: None,
        tenure: None,
        potential: None,
    };
    Ground {
        currency: Currency::from_code("CNY").unwrap(),
        known: true,
        people: [1, 2, 3].map(footing).to_vec(),
        unknown: Vec::new(),
        unassigned: Vec::new(),
        limits: Limits::default(),
        may_limit: false,
    }
}

fn told(figure: Figure, offset: u32) -> Because {
    let (grid, ground) = (grid(), ground(offset));
    let amount = |node: NodeIndex| grid.amount(node, None);
    let judged = ground
        .check(grid.shape(), offset, amount, &Settings::default())
        .unwrap();
    because(
        figure,
        &ground,
        &judged,
        (grid.shape(), offset),
        &amount,
        Lang::En,
    )
}

fn named(because: &Because) -> Vec<u32> {
    because.rows.iter().map(|row| row.node.0).collect()
}

#[test]
fn the_numbers_put_in_come_to_the_figure() {
    // Stretches of 0.5, 1 and 1.5: distances 0.5, 1 and 0.5 of any two, 2 together.
    let gini = told(Figure::Gini, 0);
    assert_eq!(gini.numbers, "2.00 ÷ (3 × 3.00) = 22.2 %");
    assert_eq!(gini.over, Over::People(3));
    assert_eq!(told(Figure::Ratio, 0).numbers, "150.0 % ÷ 50.0 % = 3.00");
    assert!(told(Figure::Stretch, 0).numbers.ends_with("= 100.0 %"));
    assert!(told(Figure::Padding, 0).numbers.ends_with("− 1 = 20.0 %"));
    assert!(told(Figure::PaddingLevel(0), 0).numbers.ends_with("− 1 = 20.0 %"));
    assert!(told(Figure::NewHires, 0).numbers.contains("= 50.0 %"));
    assert!(told(Figure::NewHires, 0).numbers.contains("= 33.3 %"));
}

#[test]
fn the_rows_that_make_most_of_it_come_first() {
    assert_eq!(named(&told(Figure::Reached, 0))[0], 3, "the least likely");
    assert_eq!(
        named(&told(Figure::Stretch, 0)),
        [3],
        "only one is asked for more than expected"
    );
    assert_eq!(named(&told(Figure::Ratio, 0)), [3, 1]);
    let gini = told(Figure::Gini, 0);
    assert_eq!(named(&gini), [1, 3, 2]);
    assert!(gini.rows[2].words.contains("25.0 %"), "{:?}", gini.rows);
    assert_eq!(named(&told(Figure::NewHires, 0)), [3]);
    assert_eq!(named(&told(Figure::Padding, 0)), [0]);
    assert_eq!(told(Figure::Padding, 0).over, Over::Rows(1));
    assert!(named(&told(Figure::Correlations, 0)).is_empty());
}

#[test]
fn a_part_is_told_of_as_the_whole_is() {
    for figure in [Figure::Reached, Figure::Gini, Figure::Whole, Figure::Padding] {
        assert_eq!(told(figure, 0), told(figure, 9));
    }
}

#[test]
fn every_figure_says_what_it_is_in_both_languages() {
    let all = [
        Figure::Reached,
        Figure::Whole,
        Figure::Stretch,
        Figure::Gini,
        Figure::Ratio,
        Figure::ChanceSd,
        Figure::NewHires,
        Figure::PaddingLevel(0),
        Figure::Padding,
        Figure::Correlations,
    ];
    for figure in all {
        assert_ne!(figure.meaning(Lang::ZhCn), figure.meaning(Lang::En));
        assert_ne!(figure.formula(Lang::ZhCn), figure.formula(Lang::En));
        assert_eq!(
            figure.rows_are(Lang::En).is_some(),
            figure.rows_are(Lang::ZhCn).is_some()
        );
        let numbers = told(figure, 0).numbers;
        assert!(
            !numbers.is_empty() && !numbers.contains("NaN"),
            "{figure:?}: {numbers}"
        );
    }
}
