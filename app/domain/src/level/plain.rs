//! The levels of one period where no node has its own: every cell less than one minor unit from its share, and in order.
//!
//! Floor and target cannot collide: the target's cells are whole shares of more. Stretch and challenge can where both
//! shares of a child lie between the same two whole units, so the two are rounded together: at most as many such children
//! go up in the stretch as go up in the challenge, and those go up there first. That is always possible: sums, roundings
//! and order are two nested families of intervals, so where shares fit (the unrounded ones do), whole numbers do too
//! (Edmonds 1970; controlled rounding, Cox 1987).

use super::{Level, LevelError, Ratios};
use crate::money::Minor;
use crate::plan::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex};

/// A child's share of a total: whole minor units, and the rest over the sum of the plan.
#[derive(Clone, Copy)]
struct Part {
    whole: i128,
    rest: i128,
}

/// One level of the children of one node.
struct Group {
    parts: Vec<Part>,
    /// How many of them go up by one so that they sum to the total.
    ups: usize,
}

impl Group {
    fn new(total: i128, weights: &[i64], sum: i128) -> Self {
        let part = |weight: &i64| Part {
            whole: total * i128::from(*weight) / sum,
            rest: total * i128::from(*weight) % sum,
        };
        let parts: Vec<Part> = weights.iter().map(part).collect();
        let ups = parts.iter().map(|part| part.rest).sum::<i128>() / sum;
        Self {
            parts,
            ups: ups as usize,
        }
    }

    /// Which of them go up: those of `first`, then the largest rests, ties to the smaller key. Not more than `most` of those
    /// in `few`.
    fn raised(
        &self,
        keys: &[u128],
        first: impl Fn(usize) -> bool,
        few: impl Fn(usize) -> bool,
        mut most: usize,
    ) -> Vec<bool> {
        let mut order: Vec<usize> = (0..self.parts.len())
            .filter(|index| self.parts[*index].rest > 0)
            .collect();
        order.sort_unstable_by_key(|index| (!first(*index), -self.parts[*index].rest, keys[*index]));
        let mut raised = vec![false; self.parts.len()];
        let mut left = self.ups;
        for index in order {
            if left == 0 {
                break;
            }
            if few(index) {
                if most == 0 {
                    continue;
                }
                most -= 1;
            }
            raised[index] = true;
            left -= 1;
        }
        raised
    }
}

/// The amounts of floor, stretch and challenge in one period.
pub(super) fn levels(
    target: &Grid,
    period: PeriodIndex,
    ratios: Ratios,
) -> Result<[Vec<i64>; 3], LevelError> {
    const LEVELS: [Level; 3] = [Level::Floor, Level::Stretch, Level::Challenge];
    let shape = target.shape();
    let plan = target.column(period);
    let mut amounts = LEVELS.map(|_| vec![0_i64; shape.len()]);
    let put = |amounts: &mut [Vec<i64>; 3], at: usize, node: NodeIndex, amount: i128| {
        if amount > i128::from(MAX_AMOUNT) {
            let level = LEVELS[at];
            return Err(LevelError::TooLarge { node, level });
        }
        amounts[at][node.0 as usize] = amount as i64;
        Ok(())
    };
    for (at, level) in LEVELS.into_iter().enumerate() {
        let root = super::rounded(plan[0], ratios.of(level));
        put(&mut amounts, at, NodeIndex(0), root)?;
    }
    for parent in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
        let children: Vec<NodeIndex> = shape.children(parent).collect();
        let weights: Vec<i64> = children.iter().map(|child| plan[child.0 as usize]).collect();
        let keys: Vec<u128> = children
            .iter()
            .map(|child| shape.reference(*child).key())
            .collect();
        let sum: i128 = weights.iter().copied().map(i128::from).sum();
        if sum == 0 {
            continue;
        }
        let Minor(hedge) = target.hedge(parent, Some(period));
        let group = |at: usize| {
            let own = i128::from(amounts[at][parent.0 as usize]);
            let ratio = (ratios.of(LEVELS[at]).into(), super::TARGET_PPM.into());
            Group::new(own + super::hedge_of(hedge, ratio), &weights, sum)
        };
        let [floor, stretch, challenge] = [group(0), group(1), group(2)];
        let close = |index: usize| stretch.parts[index].whole == challenge.parts[index].whole;
        let none = |_| false;
        let of_floor = floor.raised(&keys, none, none, 0);
        let of_stretch = stretch.raised(&keys, none, close, challenge.ups);
        let both = |index: usize| close(index) && of_stretch[index];
        let of_challenge = challenge.raised(&keys, both, none, 0);
        let groups = [
            (floor, of_floor),
            (stretch, of_stretch),
            (challenge, of_challenge),
        ];
        for (at, (group, raised)) in groups.into_iter().enumerate() {
            for ((child, part), up) in children.iter().zip(group.parts).zip(raised) {
                put(&mut amounts, at, *child, part.whole + i128::from(up))?;
            }
        }
    }
    Ok(amounts)
}
