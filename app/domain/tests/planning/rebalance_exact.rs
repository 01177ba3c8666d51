//! The drag against trying everything: small plans, every table of amounts there is.

use std::collections::BTreeSet;

use domain::money::Minor;
use domain::plan::{Blocker, Cause, Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply};
use domain::rebalance::{Aim, reachable};
use domain::statistics::Random;

use crate::tree::{done, shape, who};

/// root, team, a, b, c over two periods.
const PARENTS: [usize; 5] = [0, 0, 1, 1, 0];
const LEAVES: [usize; 3] = [2, 3, 4];
const PERIODS: usize = 2;
/// Leaves have less than this at first.
const FIRST: usize = 3;
/// No leaf can come to more in any change that is tried.
const MOST: i64 = 3 * (FIRST as i64 - 1);

type Place = (NodeIndex, Option<PeriodIndex>);

fn plan(random: &mut Random, most_holds: usize) -> Grid {
    let leaves = |_, _| Minor(random.below(FIRST) as i64);
    let mut grid = Grid::from_leaves(shape(&PARENTS, PERIODS), leaves).unwrap();
    for _ in 0..=random.below(most_holds) {
        let node = NodeIndex(random.below(PARENTS.len()) as u32);
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

fn aim(random: &mut Random) -> Aim {
    Aim {
        node: NodeIndex(random.below(PARENTS.len()) as u32),
        period: [None, Some(PeriodIndex(0)), Some(PeriodIndex(1))][random.below(3)],
        keep: [Keep::Row, Keep::Column, Keep::Both, Keep::None][random.below(4)],
        give: [Give::Siblings, Give::ParentGrows][random.below(2)],
    }
}

/// Amounts of every node and period, from those of the leaves.
type Table = [[i64; PERIODS]; PARENTS.len()];

fn total(table: &Table, (node, period): Place) -> i64 {
    let row = table[node.0 as usize];
    period.map_or_else(|| row.iter().sum(), |period| row[usize::from(period.0)])
}

fn of(grid: &Grid) -> Table {
    std::array::from_fn(|node| {
        std::array::from_fn(|period| {
            grid.amount(NodeIndex(node as u32), Some(PeriodIndex(period as u16)))
                .0
        })
    })
}

/// Whether a table keeps every lock and bound and everything that the change is to keep, but for what is released.
fn allowed(grid: &Grid, before: &Table, table: &Table, aim: Aim, released: &[Place]) -> bool {
    let held = grid.constraints().all(|(node, period, held)| {
        let place = (node, period);
        let (old, new) = (total(before, place), total(table, place));
        released.contains(&place)
            || (held.lock.is_none_or(|_| old == new)
                && held.floor.is_none_or(|floor| new >= floor.0)
                && held.cap.is_none_or(|cap| new <= cap.0))
    });
    let same = |node: usize, period: usize| before[node][period] == table[node][period];
    let row = |node: usize| {
        total(before, (NodeIndex(node as u32), None)) == total(table, (NodeIndex(node as u32), None))
    };
    let own = aim.node.0 as usize;
    let siblings = own > 0 && aim.give == Give::Siblings && matches!(aim.keep, Keep::Column | Keep::Both);
    let top = if siblings { PARENTS[own] } else { own };
    let below = |node: usize| node == top || top == 0 || (top == 1 && (node == 2 || node == 3));
    let one = matches!(aim.keep, Keep::Column | Keep::None);
    held && (0..PERIODS).all(|period| {
        let here = aim
            .period
            .is_none_or(|only| !one || usize::from(only.0) == period);
        LEAVES
            .iter()
            .all(|leaf| (below(*leaf) && here) || same(*leaf, period))
            && (!siblings || same(top, period))
    }) && (aim.period.is_none() || one || row(own))
        && (aim.period.is_none()
            || one
            || !siblings
            || (1..PARENTS.len()).filter(|node| PARENTS[*node] == top).all(row))
}

/// Every amount the handle can come to.
fn attainable(grid: &Grid, aim: Aim, released: &[Place]) -> BTreeSet<i64> {
    let before = of(grid);
    let mut found = BTreeSet::new();
    let choices = (MOST + 1).pow(6);
    for mut choice in 0..choices {
        let mut table = before;
        for leaf in LEAVES {
            for amount in &mut table[leaf] {
                *amount = choice % (MOST + 1);
                choice /= MOST + 1;
            }
        }
        let [root, team, one, two, three] = &mut table;
        for period in 0..PERIODS {
            team[period] = one[period] + two[period];
            root[period] = team[period] + three[period];
        }
        if allowed(grid, &before, &table, aim, released) {
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
    for number in 0..150 {
        let (grid, aim) = (plan(&mut random, 4), aim(&mut random));
        let found = attainable(&grid, aim, &[]);
        let reach = reachable(&grid, aim).unwrap();
        for amount in 0..=MOST {
            let possible = found.contains(&amount);
            let decided = apply(&grid, &set(aim, amount));
            assert_eq!(
                decided.is_ok(),
                possible,
                "{number}: {aim:?} to {amount}: {decided:?}"
            );
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
        let (grid, aim) = (plan(&mut random, 5), aim(&mut random));
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
