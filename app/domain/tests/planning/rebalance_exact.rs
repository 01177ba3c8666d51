//! The drag against trying everything: small plans, every table of amounts there is.

use std::collections::BTreeSet;

use domain::money::Minor;
use domain::plan::{Blocker, Cause, Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply};
use domain::rebalance::{Aim, reachable};
use domain::statistics::Random;

use crate::tree::{done, shape, who};

/// root, team, a, b, c; and root, a, b, c.
pub(crate) const TREES: [(&[usize], [usize; 3]); 2] =
    [(&[0, 0, 1, 1, 0], [2, 3, 4]), (&[0, 0, 0, 0], [1, 2, 3])];
const MOST_NODES: usize = 5;
pub(crate) const PERIODS: usize = 2;
/// Leaves have less than this at first, in so many plans.
const SIZES: [(usize, usize); 2] = [(2, 2_000), (3, 60)];

/// No leaf can come to more in any change that is tried.
fn most(first: usize) -> i64 {
    3 * (first as i64 - 1)
}

pub(crate) type Place = (NodeIndex, Option<PeriodIndex>);

pub(crate) fn plan(random: &mut Random, tree: usize, first: usize, most_holds: usize) -> Grid {
    let leaves = |_, _| Minor(random.below(first) as i64);
    let mut grid = Grid::from_leaves(shape(TREES[tree].0, PERIODS), leaves).unwrap();
    for _ in 0..=random.below(most_holds) {
        let node = NodeIndex(random.below(TREES[tree].0.len()) as u32);
        let period = [None, Some(PeriodIndex(0)), Some(PeriodIndex(1))][random.below(3)];
        let amount = grid.amount(node, period).0;
        let slack = random.below(2) as i64;
        let command = match random.below(3) {
            0 => PlanCommand::Lock {
                node,
                period,
                by: who(1),
            },
            1 => PlanCommand::Floor {
                node,
                period,
                amount: Some(Minor((amount - slack).max(0))),
            },
            _ => PlanCommand::Cap {
                node,
                period,
                amount: Some(Minor(amount + slack)),
            },
        };
        done(&mut grid, &command);
    }
    grid
}

fn aim(random: &mut Random, grid: &Grid) -> Aim {
    Aim {
        node: NodeIndex(random.below(grid.shape().len()) as u32),
        period: [None, Some(PeriodIndex(0)), Some(PeriodIndex(1))][random.below(3)],
        keep: [Keep::Row, Keep::Column, Keep::Both, Keep::None][random.below(4)],
        give: [Give::Siblings, Give::ParentGrows][random.below(2)],
    }
}

/// Amounts of every node and period, from those of the leaves.
pub(crate) type Table = [[i64; PERIODS]; MOST_NODES];

pub(crate) fn total(table: &Table, (node, period): Place) -> i64 {
    let row = table[node.0 as usize];
    period.map_or_else(|| row.iter().sum(), |period| row[usize::from(period.0)])
}

pub(crate) fn of(grid: &Grid) -> Table {
    std::array::from_fn(|node| {
        std::array::from_fn(|period| {
            if node >= grid.shape().len() {
                return 0;
            }
            grid.amount(NodeIndex(node as u32), Some(PeriodIndex(period as u16)))
                .0
        })
    })
}

/// Whether a table keeps every lock and bound and everything that the change is to keep.
fn allowed(tree: usize, grid: &Grid, before: &Table, table: &Table, aim: Aim) -> bool {
    let (parents, leaves) = TREES[tree];
    let held = grid.constraints().all(|(node, period, held)| {
        let place = (node, period);
        let (old, new) = (total(before, place), total(table, place));
        held.lock.is_none_or(|_| old == new)
            && held.floor.is_none_or(|floor| new >= floor.0)
            && held.cap.is_none_or(|cap| new <= cap.0)
    });
    let same = |node: usize, period: usize| before[node][period] == table[node][period];
    let row = |node: usize| {
        total(before, (NodeIndex(node as u32), None)) == total(table, (NodeIndex(node as u32), None))
    };
    let own = aim.node.0 as usize;
    let siblings = own > 0 && aim.give == Give::Siblings && matches!(aim.keep, Keep::Column | Keep::Both);
    let top = if siblings { parents[own] } else { own };
    let below = |node: usize| node == top || top == 0 || parents[node] == top;
    let one = matches!(aim.keep, Keep::Column | Keep::None);
    held && (0..PERIODS).all(|period| {
        let here = aim
            .period
            .is_none_or(|only| !one || usize::from(only.0) == period);
        leaves
            .iter()
            .all(|leaf| (below(*leaf) && here) || same(*leaf, period))
            && (!siblings || same(top, period))
    }) && (aim.period.is_none() || one || row(own))
        && (aim.period.is_none()
            || one
            || !siblings
            || (1..parents.len()).filter(|node| parents[*node] == top).all(row))
}

/// Every amount the handle can come to.
fn attainable(tree: usize, grid: &Grid, aim: Aim, most: i64) -> BTreeSet<i64> {
    let (parents, leaves) = TREES[tree];
    let before = of(grid);
    let mut found = BTreeSet::new();
    let choices = (most + 1).pow(6);
    for mut choice in 0..choices {
        let mut table = before;
        for inner in (0..parents.len()).filter(|node| !leaves.contains(node)) {
            table[inner] = [0; PERIODS];
        }
        for leaf in leaves {
            for amount in &mut table[leaf] {
                *amount = choice % (most + 1);
                choice /= most + 1;
            }
        }
        for node in (1..parents.len()).rev() {
            let below = table[node];
            let above = &mut table[parents[node]];
            (above[0], above[1]) = (above[0] + below[0], above[1] + below[1]);
        }
        if allowed(tree, grid, &before, &table, aim) {
            found.insert(total(&table, (aim.node, aim.period)));
        }
    }
    found
}

fn set(aim: Aim, amount: i64) -> PlanCommand {
    let Aim {
        node,
        period,
        keep,
        give,
    } = aim;
    PlanCommand::Set {
        node,
        period,
        amount: Minor(amount),
        keep,
        give,
        reason: None,
    }
}

#[test]
fn an_amount_is_refused_only_where_no_table_has_it() {
    let mut random = Random::new(11);
    for (first, number) in SIZES
        .into_iter()
        .flat_map(|(first, plans)| (0..plans).map(move |number| (first, number)))
    {
        let tree = number % 2;
        let grid = plan(&mut random, tree, first, 4);
        let aim = aim(&mut random, &grid);
        let found = attainable(tree, &grid, aim, most(first));
        let reach = reachable(&grid, aim).unwrap();
        for amount in 0..=most(first) {
            let possible = found.contains(&amount);
            let decided = apply(&grid, &set(aim, amount));
            assert_eq!(
                decided.is_ok(),
                possible,
                "{number}: {aim:?} to {amount}: {decided:?}"
            );
            if let Ok(deltas) = decided {
                let mut after = grid.clone();
                after.fold(&deltas).unwrap();
                assert!(
                    allowed(tree, &grid, &of(&grid), &of(&after), aim),
                    "{number}: {aim:?} to {amount}"
                );
            }
            let reached = (reach.min.0..=reach.max.0).contains(&amount);
            assert_eq!(reached, possible, "{number}: {aim:?} to {amount}: {reach:?}");
        }
    }
}

#[test]
fn no_smaller_set_than_the_named_one_makes_room() {
    let mut random = Random::new(12);
    let mut judged = 0;
    for number in 0..3_000 {
        let grid = plan(&mut random, number % 2, 3, 5);
        let aim = aim(&mut random, &grid);
        let now = grid.amount(aim.node, aim.period).0;
        let amount = now + [-2, -1, 1, 2, 3][random.below(5)];
        let Err(Refusal::Blocked { blockers, .. }) = apply(&grid, &set(aim, amount)) else {
            continue;
        };
        if blockers
            .iter()
            .any(|blocker| matches!(blocker.cause, Cause::Empty | Cause::Kept))
        {
            continue;
        }
        judged += 1;
        let places: Vec<Place> = grid
            .constraints()
            .map(|(node, period, _)| (node, period))
            .filter(|place| *place != (aim.node, aim.period))
            .collect();
        let without = |released: &[Place]| {
            let mut grid = grid.clone();
            for (node, period) in released {
                for command in [
                    PlanCommand::Unlock {
                        node: *node,
                        period: *period,
                    },
                    PlanCommand::Floor {
                        node: *node,
                        period: *period,
                        amount: None,
                    },
                    PlanCommand::Cap {
                        node: *node,
                        period: *period,
                        amount: None,
                    },
                ] {
                    done(&mut grid, &command);
                }
            }
            match apply(&grid, &set(aim, amount)) {
                Ok(_) => 0,
                Err(Refusal::Blocked { missing, .. }) => missing.0,
                Err(_) => i64::MAX,
            }
        };
        let named: Vec<Place> = blockers
            .iter()
            .map(|blocker: &Blocker| (blocker.node, blocker.period))
            .collect();
        let subsets = 0_u32..1 << places.len();
        let chosen = |set: u32| -> Vec<Place> {
            let bits = places.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
            bits.map(|(_, place)| *place).collect()
        };
        let least = without(&places);
        assert_eq!(
            without(&named),
            least,
            "{number}: releasing {named:?} is not enough for {aim:?} to {amount}"
        );
        let smallest = subsets
            .filter(|set| without(&chosen(*set)) == least)
            .map(u32::count_ones)
            .min();
        assert_eq!(
            smallest,
            Some(named.len() as u32),
            "{number}: {aim:?} to {amount} names {named:?}"
        );
    }
    assert!(judged > 200, "{judged}");
}
