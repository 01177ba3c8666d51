//! Neighbouring periods of a row set as a whole: to the last unit, in proportion, within what is held, and taken back whole.

use domain::allocation::{Share, allocate};
use domain::money::Minor;
use domain::plan::{
    Blocker, Cause, Give, Grid, Intent, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply,
};
use proptest::prelude::*;

use crate::tree::{done, held_plan, plan, plan_held_in_periods, shape, who};

fn set(node: u32, (first, periods): (u16, u16), amount: i64, keep: Keep, give: Give) -> PlanCommand {
    PlanCommand::SetSpan {
        node: NodeIndex(node),
        first: PeriodIndex(first),
        periods,
        amount: Minor(amount),
        keep,
        give,
        reason: None,
    }
}

/// What a row has by period.
pub(crate) fn row(grid: &Grid, node: u32) -> Vec<i64> {
    grid.periods()
        .map(|period| grid.amount(NodeIndex(node), Some(period)).0)
        .collect()
}

/// A unit with two people, in six months.
pub(crate) fn half_year(one: [i64; 6], other: [i64; 6]) -> Grid {
    Grid::from_leaves(shape(&[0, 0, 0], 6), |node, period| {
        let amounts = if node == NodeIndex(1) { one } else { other };
        Minor(amounts[usize::from(period.0)])
    })
    .unwrap()
}

pub(crate) fn lock(node: u32, period: u16) -> PlanCommand {
    PlanCommand::Lock {
        node: NodeIndex(node),
        period: Some(PeriodIndex(period)),
        by: who(1),
    }
}

#[test]
fn months_share_a_quarter_as_they_stand_and_the_others_give() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    done(&mut grid, &set(1, (0, 3), 660, Keep::Row, Give::Siblings));
    assert_eq!(row(&grid, 1), [110, 220, 330, 180, 180, 180]);
    assert_eq!(row(&grid, 2), [50; 6], "who is beside it keeps what they have");
    assert_eq!(
        row(&grid, 0),
        [160, 270, 380, 230, 230, 230],
        "what is above is the sum"
    );
}

#[test]
fn who_is_beside_it_gives_in_each_of_its_months() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    done(&mut grid, &set(1, (0, 3), 660, Keep::Column, Give::Siblings));
    assert_eq!(row(&grid, 1), [110, 220, 330, 200, 200, 200]);
    assert_eq!(row(&grid, 2), [40, 30, 20, 50, 50, 50]);
    assert_eq!(row(&grid, 0), [150, 250, 350, 250, 250, 250]);
}

#[test]
fn a_locked_month_stays_and_the_others_take_it() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    done(&mut grid, &lock(1, 1));
    done(&mut grid, &set(1, (0, 3), 800, Keep::None, Give::Siblings));
    assert_eq!(row(&grid, 1), [150, 200, 450, 200, 200, 200]);
}

#[test]
fn months_with_nothing_share_by_season_or_else_alike() {
    let mut grid = half_year([0; 6], [100, 200, 300, 0, 0, 0]);
    done(&mut grid, &set(1, (0, 3), 60, Keep::None, Give::Siblings));
    assert_eq!(row(&grid, 1), [10, 20, 30, 0, 0, 0], "as the unit has it");
    done(&mut grid, &set(1, (3, 3), 100, Keep::None, Give::Siblings));
    assert_eq!(row(&grid, 1), [10, 20, 30, 34, 33, 33]);
}

#[test]
fn a_quarter_of_locked_months_names_one_and_what_can_be_had() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    for month in 0..3 {
        done(&mut grid, &lock(1, month));
    }
    let refused = apply(&grid, &set(1, (0, 3), 660, Keep::Row, Give::Siblings));
    let Err(Refusal::Blocked {
        reachable,
        missing,
        blockers,
        ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!((reachable, missing), (Minor(600), Minor(60)));
    let [
        Blocker {
            node, period, cause, ..
        },
    ] = blockers[..]
    else {
        panic!("one is enough: {blockers:?}");
    };
    assert_eq!((node, cause), (NodeIndex(1), Cause::Lock { by: who(1) }));
    assert!(period.is_some_and(|period| period.0 < 3), "{period:?}");
    // With it released the same goes through.
    let unlock = PlanCommand::Unlock { node, period };
    done(&mut grid, &unlock);
    done(&mut grid, &set(1, (0, 3), 660, Keep::Row, Give::Siblings));
    assert_eq!(row(&grid, 1)[..3].iter().sum::<i64>(), 660);
}

#[test]
fn what_the_rest_of_the_year_can_give_is_the_most() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    done(&mut grid, &lock(1, 4));
    done(&mut grid, &lock(1, 5));
    let refused = apply(&grid, &set(1, (0, 3), 1_000, Keep::Row, Give::Siblings));
    let Err(Refusal::Blocked {
        reachable, blockers, ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(reachable, Minor(800));
    let months: Vec<_> = blockers.iter().map(|blocker| blocker.period).collect();
    assert!(
        months == [Some(PeriodIndex(4))] || months == [Some(PeriodIndex(5))],
        "one of the two holds the 200 that are missing: {blockers:?}"
    );
    done(&mut grid, &set(1, (0, 3), 800, Keep::Row, Give::Siblings));
    assert_eq!(row(&grid, 1)[3..], [0, 200, 200]);
}

#[test]
fn what_a_total_leaves_is_the_most_for_all_months_together() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    let cap = |node: u32, amount: i64| PlanCommand::Cap {
        node: NodeIndex(node),
        period: None,
        amount: Some(Minor(amount)),
    };
    let most = |grid: &Grid| match apply(grid, &set(1, (0, 3), 5_000, Keep::None, Give::Siblings)) {
        Err(Refusal::Blocked {
            reachable, blockers, ..
        }) => (reachable.0, blockers[0].node, blockers[0].period),
        other => panic!("{other:?}"),
    };
    // 1200 and 300 make 1500.
    done(&mut grid, &cap(0, 1_650));
    assert_eq!(most(&grid), (750, NodeIndex(0), None), "of the unit above");
    done(&mut grid, &cap(1, 1_300));
    assert_eq!(most(&grid).0, 700, "of the row");
    done(&mut grid, &set(1, (0, 3), 700, Keep::None, Give::Siblings));
    assert_eq!(row(&grid, 1)[..3].iter().sum::<i64>(), 700);
}

#[test]
fn no_periods_and_unknown_ones_are_refused() {
    let grid = half_year([100; 6], [50; 6]);
    let asked = |span| apply(&grid, &set(1, span, 1, Keep::Row, Give::Siblings));
    assert_eq!(
        asked((0, 0)),
        Err(Refusal::UnknownPeriod {
            period: PeriodIndex(0)
        })
    );
    assert_eq!(
        asked((4, 3)),
        Err(Refusal::UnknownPeriod {
            period: PeriodIndex(6)
        })
    );
    assert!(asked((u16::MAX, u16::MAX)).is_err());
}

fn ways() -> impl Strategy<Value = (Keep, Give)> {
    let keep = prop::sample::select(vec![Keep::Row, Keep::Column, Keep::Both, Keep::None]);
    let give = prop::sample::select(vec![Give::Siblings, Give::ParentGrows, Give::Hedge]);
    (keep, give)
}

/// A row and neighbouring periods of a plan.
fn span() -> impl Strategy<Value = [prop::sample::Index; 3]> {
    any::<[prop::sample::Index; 3]>()
}

fn chosen(grid: &Grid, [node, first, periods]: [prop::sample::Index; 3]) -> (u32, (u16, u16)) {
    let columns = grid.shape().periods().len();
    let first = first.index(columns);
    let periods = periods.index(columns - first) + 1;
    (
        node.index(grid.shape().len()) as u32,
        (first as u16, periods as u16),
    )
}

fn sum(grid: &Grid, node: u32, (first, periods): (u16, u16)) -> i64 {
    let periods = (first..first + periods).map(|period| Some(PeriodIndex(period)));
    periods.map(|period| grid.amount(NodeIndex(node), period).0).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_what_was_typed_or_says_what_can_be_had(
        grid in held_plan(), span in span(), (keep, give) in ways(), factor in 0_i64..2_500, plus in -20_i64..200,
    ) {
        let (node, span) = chosen(&grid, span);
        let before = sum(&grid, node, span);
        let amount = before / 1_000 * factor + plus;
        let command = set(node, span, amount, keep, give);
        let deltas = match apply(&grid, &command) {
            Ok(deltas) => deltas,
            Err(Refusal::Blocked { wanted, reachable, missing, blockers, .. }) => {
                prop_assert_eq!(wanted, Minor(amount));
                prop_assert_eq!((amount - reachable.0).abs(), missing.0);
                prop_assert!(missing.0 > 0);
                prop_assert!((before.min(amount)..=before.max(amount)).contains(&reachable.0));
                prop_assert!(!blockers.is_empty());
                // What holds nothing but this change is no lock that somebody could release.
                for blocker in &blockers {
                    let held = grid.constraint(blocker.node, blocker.period);
                    match blocker.cause {
                        Cause::Lock { by } => prop_assert_eq!(held.lock, Some(by)),
                        Cause::Floor => prop_assert!(held.floor.is_some()),
                        Cause::Cap => prop_assert!(held.cap.is_some()),
                        _ => {}
                    }
                }
                return Ok(());
            }
            Err(Refusal::Negative { .. }) => {
                prop_assert!(amount < 0);
                return Ok(());
            }
            Err(other) => return Err(TestCaseError::fail(format!("{other:?}"))),
        };
        let mut after = grid.clone();
        after.fold(&deltas).unwrap();
        prop_assert_eq!(after.check(), Ok(()));
        prop_assert_eq!(sum(&after, node, span), amount);
        let now = |grid: &Grid, node: NodeIndex, period| grid.amount(node, period);
        for (node, period, held) in grid.constraints() {
            prop_assert_eq!(after.constraint(node, period), held);
            if held.lock.is_some() {
                prop_assert_eq!(now(&after, node, period), now(&grid, node, period));
            }
        }
        // Nothing moves but the periods that are set, those that give for them, and who has to do with the row.
        let shape = grid.shape();
        let (row, within) = (NodeIndex(node), span.0..span.0 + span.1);
        let own_periods = matches!(keep, Keep::Column | Keep::None);
        let siblings = give == Give::Siblings && matches!(keep, Keep::Column | Keep::Both);
        let parent = shape.parent(row);
        let below = parent.filter(|_| siblings).unwrap_or(row);
        let follows: Vec<NodeIndex> = shape.ancestors(row).collect();
        for other in shape.nodes() {
            let is_below = below <= other && other < shape.end(below);
            let is_kept = siblings && Some(other) == parent;
            let is_above = follows.contains(&other) && !siblings && give != Give::Hedge;
            for period in grid.periods() {
                let is_near = (is_below && !is_kept) || is_above;
                let may_move = is_near && (!own_periods || within.contains(&period.0));
                if !may_move {
                    prop_assert_eq!(
                        now(&after, other, Some(period)),
                        now(&grid, other, Some(period)),
                        "{:?} in {:?}", other, period
                    );
                }
            }
        }
        if matches!(keep, Keep::Row | Keep::Both) {
            prop_assert_eq!(now(&after, row, None), now(&grid, row, None));
        }
        let back = PlanCommand::Restore { of: 1, intent: Intent::Undo, deltas: deltas.invert() };
        done(&mut after, &back);
        prop_assert_eq!(after, grid);
    }

    /// With no totals held but those of the row and of what is above it: then the sums of bounds say how far the periods go.
    #[test]
    fn the_named_amount_is_the_most_or_the_least_that_is_accepted(
        mut grid in plan_held_in_periods(),
        span in span(),
        (keep, give) in ways(),
        slacks in prop::array::uniform2(prop::option::of(0_i64..200)),
        (up, beyond, part) in (any::<bool>(), 1_i64..10_000, 0_i64..100),
    ) {
        // Siblings whose totals stay have to be placed to know.
        let keep = if keep == Keep::Both && give == Give::Siblings { Keep::Row } else { keep };
        let (node, span) = chosen(&grid, span);
        for (row, slack) in [NodeIndex(node), NodeIndex(0)].into_iter().zip(slacks) {
            let Some(slack) = slack else { continue };
            let total = grid.amount(row, None).0;
            let (period, amount) = (None, if up { total + slack } else { (total - slack).max(0) });
            let amount = Some(Minor(amount));
            let hold = if up {
                PlanCommand::Cap { node: row, period, amount }
            } else {
                PlanCommand::Floor { node: row, period, amount }
            };
            done(&mut grid, &hold);
        }
        let now = sum(&grid, node, span);
        let far = if up { now.saturating_mul(3) + beyond } else { 0 };
        let asked = |amount: i64| apply(&grid, &set(node, span, amount, keep, give));
        let reachable = match asked(far) {
            Ok(_) => return Ok(()),
            Err(Refusal::Blocked { reachable, .. }) => reachable.0,
            Err(other) => return Err(TestCaseError::fail(format!("{other:?}"))),
        };
        prop_assert!((now.min(far)..=now.max(far)).contains(&reachable) && reachable != far);
        let between = now + (reachable - now) / 100 * part;
        for amount in [reachable, between] {
            let deltas = asked(amount);
            prop_assert!(deltas.is_ok(), "{amount} of {reachable}: {:?}", deltas);
            let mut after = grid.clone();
            after.fold(&deltas.unwrap()).unwrap();
            prop_assert_eq!(sum(&after, node, span), amount);
        }
        let further = if up { reachable + 1 } else { reachable - 1 };
        let refused = asked(further);
        let Err(Refusal::Blocked { reachable: named, missing, .. }) = refused else {
            return Err(TestCaseError::fail(format!("{further}: {refused:?}")));
        };
        prop_assert_eq!((named.0, missing), (reachable, Minor(1)));
    }

    /// Whatever is held.
    #[test]
    fn the_named_amount_can_be_had(
        grid in held_plan(), span in span(), (keep, give) in ways(), factor in 0_i64..3_000, plus in 0_i64..200,
    ) {
        let (node, span) = chosen(&grid, span);
        let amount = sum(&grid, node, span) / 1_000 * factor + plus;
        let asked = |amount: i64| apply(&grid, &set(node, span, amount, keep, give));
        if let Err(Refusal::Blocked { reachable, .. }) = asked(amount) {
            let named = asked(reachable.0);
            prop_assert!(named.is_ok(), "{:?}: {:?}", reachable, named);
        }
    }

    #[test]
    fn where_nothing_is_held_it_is_shared_as_the_months_stand(
        grid in plan(), span in span(), factor in 0_i64..2_500, plus in 0_i64..200,
    ) {
        let (node, span) = chosen(&grid, span);
        let before = sum(&grid, node, span);
        let amount = before / 1_000 * factor + plus;
        let command = set(node, span, amount, Keep::None, Give::Siblings);
        // Below a hedge more than everything cannot be taken away.
        let Ok(deltas) = apply(&grid, &command) else { return Ok(()) };
        let mut after = grid.clone();
        after.fold(&deltas).unwrap();
        if before == 0 {
            return Ok(());
        }
        let amounts = |grid: &Grid| row(grid, node)[usize::from(span.0)..usize::from(span.0 + span.1)].to_vec();
        let shares: Vec<Share> = amounts(&grid)
            .iter()
            .zip(span.0..)
            .map(|(amount, period)| Share::free(u128::from(period), *amount as u64))
            .collect();
        // Where the periods below are bound by nothing, each can have its share.
        if grid.hedges().next().is_none() {
            prop_assert_eq!(amounts(&after), allocate(amount, &shares).unwrap().amounts);
        }
    }
}
