//! Floors and caps that give way to a step back, and come back when it is done again.

use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply};

use crate::plan::set;
use crate::plan_log::Desk;
use crate::tree::{family, who};

const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

#[test]
fn a_floor_and_a_cap_that_others_set_since_give_way_no_further_than_the_step_needs() {
    for (row, bound) in [(3, 25), (1, 15)] {
        let mut desk = Desk::new(family(&[10, 20, 30]));
        // 10, 20, 30 becomes 20, 16, 24: taken back, the first falls and the others rise.
        desk.do_as(1, set(1, 20)).unwrap();
        let place = (NodeIndex(row), Q1);
        let holds = if row == 1 {
            PlanCommand::Floor {
                node: place.0,
                period: place.1,
                amount: Some(Minor(bound)),
            }
        } else {
            PlanCommand::Cap {
                node: place.0,
                period: place.1,
                amount: Some(Minor(bound)),
            }
        };
        desk.do_as(2, holds).unwrap();
        let held = desk.grid.constraint(place.0, place.1);
        let undo = desk.log.undo(who(1), &desk.grid).unwrap();
        let refused = apply(&desk.grid, &undo.command).unwrap_err();
        assert_eq!(
            desk.log.bounded_by(&desk.grid, &refused),
            Some(who(2)),
            "{refused:?}"
        );
        let undo = undo.loosening(&desk.grid, &[place, (NodeIndex(2), Q1), (NodeIndex(99), Q1)]);
        desk.do_as(1, undo.command).unwrap();
        assert_eq!(desk.row(), [60, 10, 20, 30]);
        let now = desk.grid.constraint(place.0, place.1);
        let left = desk.grid.amount(place.0, place.1);
        assert_eq!(now.floor.or(now.cap), Some(left));
        assert_eq!(
            desk.log.bounded_by(&desk.grid, &refused),
            None,
            "it is another bound now"
        );
        desk.grid.check().unwrap();
        // Done again, the bound is back with it.
        desk.redo(1);
        assert_eq!(desk.grid.constraint(place.0, place.1), held);
        desk.grid.check().unwrap();
    }
}

#[test]
fn a_bound_that_would_come_back_too_narrow_comes_back_wider() {
    let mut desk = Desk::new(family(&[10, 20, 30]));
    let (node, period) = (NodeIndex(1), Q1);
    let cap = |amount: Option<i64>| PlanCommand::Cap {
        node,
        period,
        amount: amount.map(Minor),
    };
    desk.do_as(1, cap(Some(12))).unwrap();
    desk.do_as(1, cap(None)).unwrap();
    desk.do_as(2, set(1, 18)).unwrap();
    let undo = desk.log.undo(who(1), &desk.grid).unwrap();
    let refused = apply(&desk.grid, &undo.command);
    assert!(
        matches!(refused, Err(Refusal::OutsideBound { .. })),
        "{refused:?}"
    );
    let undo = undo.loosening(&desk.grid, &[(node, period)]);
    desk.do_as(1, undo.command).unwrap();
    assert_eq!(desk.grid.constraint(node, period).cap, Some(Minor(18)));
    desk.grid.check().unwrap();
}

#[test]
fn each_amount_that_others_changed_is_told_with_who_changed_it_last() {
    let mut desk = Desk::new(family(&[100, 200, 300, 400]));
    desk.do_as(1, set(1, 150)).unwrap();
    let grow = |node: u32, amount: i64| PlanCommand::Set {
        node: NodeIndex(node),
        period: Q1,
        amount: Minor(amount),
        keep: Keep::None,
        give: Give::ParentGrows,
        reason: None,
    };
    for (by, node, amount) in [(2, 2, 250), (3, 3, 350), (2, 2, 260), (3, 4, 10), (2, 3, 360)] {
        desk.do_as(by, grow(node, amount)).unwrap();
    }
    let undo = desk.log.undo(who(1), &desk.grid).unwrap();
    let told: Vec<_> = undo
        .differences
        .iter()
        .map(|one| (one.cell.0, one.by, one.seq))
        .collect();
    assert_eq!(told, [(2, who(2), 4), (3, who(2), 6), (4, who(3), 5)]);
}
