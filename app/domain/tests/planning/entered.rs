//! Amounts entered at once: what is above follows, or the siblings give and what is above stays.

use domain::explain::done_to;
use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{
    Cause, Entered, Give, GiveWay, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply,
    enter_most,
};
use proptest::prelude::*;

use crate::tree::{done, family, held_plan, shape, who};

const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

fn entered(node: u32, period: Option<PeriodIndex>, amount: i64) -> Entered {
    Entered {
        node: NodeIndex(node),
        period,
        amount: Minor(amount),
    }
}

fn enter(amounts: &[Entered], gives: GiveWay) -> PlanCommand {
    PlanCommand::Enter {
        amounts: amounts.to_vec(),
        gives,
        reason: None,
    }
}

/// The totals of every node once a command is done.
fn totals(grid: &Grid, command: &PlanCommand) -> Vec<i64> {
    let mut after = grid.clone();
    done(&mut after, command);
    assert_eq!(after.check(), Ok(()));
    let nodes = after.shape().nodes();
    nodes.map(|node| after.amount(node, None).0).collect()
}

#[test]
fn who_gives_to_several_amounts_changed_for_the_sake_of_the_row_they_are_of() {
    let grid = family(&[100, 200, 300, 400]);
    let of = |amounts: &[Entered], node: u32| {
        let command = enter(amounts, GiveWay::Siblings);
        done_to(&command, NodeIndex(node), grid.shape()).0
    };
    let one = [entered(2, Q1, 150), entered(2, None, 250)];
    assert_eq!([of(&one, 1), of(&one, 2), of(&one, 0)], [2, 2, 2]);
    let two = [entered(2, Q1, 150), entered(3, Q1, 250)];
    assert_eq!([of(&two, 1), of(&two, 2), of(&two, 3)], [2, 2, 3]);
    // Where what is above follows, nobody else changes.
    let above = enter(&two, GiveWay::Above);
    assert_eq!(done_to(&above, NodeIndex(0), grid.shape()), NodeIndex(0));
}

fn lock(node: u32) -> PlanCommand {
    PlanCommand::Lock {
        node: NodeIndex(node),
        period: Q1,
        by: who(9),
    }
}

#[test]
fn one_amount_to_which_siblings_give_is_a_drag_that_keeps_the_column() {
    let grid = family(&[100, 200, 300]);
    for period in [Q1, None] {
        let drag = PlanCommand::Set {
            node: NodeIndex(1),
            period,
            amount: Minor(150),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        let one = enter(&[entered(1, period, 150)], GiveWay::Siblings);
        assert_eq!(totals(&grid, &one), totals(&grid, &drag));
        assert_eq!(totals(&grid, &one), [600, 150, 180, 270]);
        let above = enter(&[entered(1, period, 150)], GiveWay::Above);
        assert_eq!(totals(&grid, &above), [650, 150, 200, 300]);
    }
}

#[test]
fn what_is_entered_among_siblings_is_exact_and_none_gives_to_another() {
    let grid = family(&[100, 200, 300]);
    let both = enter(&[entered(1, Q1, 150), entered(2, Q1, 210)], GiveWay::Siblings);
    assert_eq!(totals(&grid, &both), [600, 150, 210, 240]);
    // What one takes the other gives: nobody else is needed, and nobody else moves.
    let grid = family(&[100, 200, 0]);
    let shift = enter(&[entered(1, Q1, 150), entered(2, Q1, 150)], GiveWay::Siblings);
    assert_eq!(totals(&grid, &shift), [300, 150, 150, 0]);
    // Everybody was entered, and together they are more than there is.
    let all = enter(
        &[entered(1, Q1, 150), entered(2, Q1, 200), entered(3, Q1, 0)],
        GiveWay::Siblings,
    );
    let Err(Refusal::Blocked { blockers, .. }) = apply(&grid, &all) else {
        panic!("nobody is left to give");
    };
    assert!(
        blockers
            .iter()
            .all(|blocker| matches!(blocker.cause, Cause::Kept | Cause::Empty)),
        "{blockers:?}"
    );
}

#[test]
fn amounts_at_several_levels_leave_each_other_alone() {
    // The root; a team (1) of two (2, 3); a team (4) of two (5, 6).
    let shape = shape(&[0, 0, 1, 1, 0, 4, 4], 1);
    let grid = Grid::from_leaves(shape, |_, _| Minor(100)).unwrap();
    let command = enter(&[entered(2, Q1, 130), entered(4, Q1, 220)], GiveWay::Siblings);
    let after = totals(&grid, &command);
    assert_eq!((after[0], after[2], after[4]), (400, 130, 220));
    assert_eq!(after, [400, 180, 130, 50, 220, 110, 110]);
}

#[test]
fn siblings_that_cannot_give_are_named_and_nothing_is_done() {
    let mut grid = family(&[100, 200]);
    done(&mut grid, &lock(2));
    let amounts = [entered(1, Q1, 150)];
    let refusal = apply(&grid, &enter(&amounts, GiveWay::Siblings));
    let Err(Refusal::Blocked {
        blockers, missing, ..
    }) = refusal
    else {
        panic!("the sibling is locked: {refusal:?}");
    };
    assert_eq!(missing, Minor(50));
    assert_eq!(
        (blockers[0].node, blockers[0].cause),
        (NodeIndex(2), Cause::Lock { by: who(9) })
    );
    let most = enter_most(&grid, &amounts, GiveWay::Siblings);
    assert!(most.taken.is_empty() && most.deltas.is_empty());
    assert_eq!(most.refused.len(), 1);
    assert_eq!(enter_most(&grid, &amounts, GiveWay::Above).taken, amounts);
    // Nobody is beside it.
    let alone = family(&[100]);
    assert!(matches!(
        apply(&alone, &enter(&amounts, GiveWay::Siblings)),
        Err(Refusal::Blocked { .. })
    ));
}

#[test]
fn of_several_those_are_left_out_to_whom_nobody_can_give() {
    // Two teams of two; in the first nobody can give.
    let shape = shape(&[0, 0, 1, 1, 0, 4, 4], 1);
    let mut grid = Grid::from_leaves(shape, |_, _| Minor(100)).unwrap();
    done(&mut grid, &lock(3));
    let (stuck, free) = (entered(2, Q1, 130), entered(5, Q1, 130));
    let most = enter_most(&grid, &[stuck, free], GiveWay::Siblings);
    assert_eq!(most.taken, [free]);
    assert_eq!(most.refused.len(), 1);
    assert_eq!(most.refused[0].0, stuck);
    grid.fold(&most.deltas).unwrap();
    assert_eq!(grid.check(), Ok(()));
    assert_eq!(grid.amount(NodeIndex(6), None), Minor(70));
}

#[test]
fn commands_from_before_there_was_a_choice_are_read_and_written_as_they_were() {
    let old = r#"{"command":"enter","amounts":[{"node":1,"period":0,"amount":5}],"reason":"x"}"#;
    let read: PlanCommand = serde_json::from_str(old).unwrap();
    let PlanCommand::Enter { gives, amounts, .. } = &read else {
        panic!("it is what it was");
    };
    assert_eq!((*gives, amounts.len()), (GiveWay::Above, 1));
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
    let new = enter(&[entered(1, Q1, 5)], GiveWay::Siblings);
    let written = serde_json::to_string(&new).unwrap();
    assert_eq!(serde_json::from_str::<PlanCommand>(&written).unwrap(), new);
}

/// Every lock and bound against the state before.
fn holds(before: &Grid, after: &Grid) -> bool {
    before.constraints().all(|(node, period, held)| {
        let (old, new) = (before.amount(node, period), after.amount(node, period));
        held.lock.is_none_or(|_: UserId| old == new)
            && held.floor.is_none_or(|floor| new >= floor)
            && held.cap.is_none_or(|cap| new <= cap)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn entered_amounts_are_exact_and_what_is_above_stays(
        grid in held_plan(),
        picks in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::option::weighted(0.6, any::<prop::sample::Index>()), 0_i64..2_000),
            1..4,
        ),
    ) {
        let amounts: Vec<Entered> = picks
            .iter()
            .map(|(node, period, factor)| {
                let node = node.index(grid.shape().len()) as u32;
                let columns = grid.shape().periods().len();
                let period = period.map(|period| PeriodIndex(period.index(columns) as u16));
                entered(node, period, grid.amount(NodeIndex(node), period).0 / 1_000 * factor + factor % 7)
            })
            .collect();
        let most = enter_most(&grid, &amounts, GiveWay::Siblings);
        prop_assert_eq!(most.taken.len() + most.refused.len(), amounts.len());
        let mut after = grid.clone();
        after.fold(&most.deltas).unwrap();
        prop_assert_eq!(after.check(), Ok(()));
        prop_assert!(holds(&grid, &after), "{:?}", most);
        for entered in &most.taken {
            prop_assert_eq!(after.amount(entered.node, entered.period), entered.amount);
        }
        if most.taken.iter().all(|entered| entered.node != NodeIndex(0)) {
            for period in grid.periods() {
                let top = NodeIndex(0);
                prop_assert_eq!(after.amount(top, Some(period)), grid.amount(top, Some(period)));
            }
        }
        if !most.taken.is_empty() {
            // The command decides what was weighed.
            let command = enter(&most.taken, GiveWay::Siblings);
            prop_assert_eq!(apply(&grid, &command), Ok(most.deltas));
        }
    }
}
