//! How far off a branch may be is measured on its own history, and so is how far off each branch below it may be. Together
//! those below can be off by the sum of their parts at most, when all of them err the same way at once: where the branch was
//! seen to be off by more, they are less certain than each alone showed, and their ranges are widened.

use super::{Expected, Series};
use crate::money::Minor;
use crate::outlook::Fan;

/// How far off each branch may be to one side, from the furthest level to the nearest.
type Reach = Vec<Vec<i64>>;

/// Widens the ranges of branches until none is wider than those below it together: every month and the span, on both sides.
/// `floor`: what a branch (its place) cannot be below in a month (of those to come); none where it can be anything.
pub(super) fn widen(
    series: &[Series],
    expected: &mut [Expected],
    floor: impl Fn(usize, usize) -> Option<Minor>,
) {
    let tree = Tree::of(series);
    let steps = expected.first().map_or(0, |expected| expected.fan.len());
    for step in 0..steps {
        let month = |of: fn(&Fan) -> [i64; 2]| -> Reach {
            let reach = expected.iter().map(|expected| of(&expected.fan[step]).to_vec());
            reach.collect()
        };
        let mut below = month(|fan| [fan.p50.0 - fan.p10.0, fan.p50.0 - fan.p25.0]);
        let mut above = month(|fan| [fan.p90.0 - fan.p50.0, fan.p75.0 - fan.p50.0]);
        let rooms = expected.iter().enumerate().map(|(place, expected)| {
            let room = expected.fan[step].p50.0.saturating_sub(floor(place, step)?.0);
            Some(room.max(0))
        });
        tree.widen(&mut below, &rooms.collect::<Vec<_>>());
        tree.widen(&mut above, &vec![None; series.len()]);
        for ((expected, below), above) in expected.iter_mut().zip(below).zip(above) {
            let fan = &mut expected.fan[step];
            (fan.p10, fan.p25) = (Minor(fan.p50.0 - below[0]), Minor(fan.p50.0 - below[1]));
            (fan.p90, fan.p75) = (
                Minor(fan.p50.0.saturating_add(above[0])),
                Minor(fan.p50.0.saturating_add(above[1])),
            );
        }
    }
    let sides = expected.iter().map(|expected| expected.total.sides());
    let (mut below, mut above): (Reach, Reach) = sides.unzip();
    let rooms: Vec<Option<i64>> = expected.iter().map(|expected| expected.total.room()).collect();
    tree.widen(&mut below, &rooms);
    tree.widen(&mut above, &vec![None; series.len()]);
    for ((expected, below), above) in expected.iter_mut().zip(below).zip(above) {
        expected.total = expected.total.reaching(&below, &above);
    }
}

/// Which branches lie directly below which; those above come first.
struct Tree {
    children: Vec<Vec<usize>>,
}

impl Tree {
    fn of(series: &[Series]) -> Self {
        let mut children = vec![Vec::new(); series.len()];
        for (place, one) in series.iter().enumerate() {
            if let Some(above) = one.above {
                children[above].push(place);
            }
        }
        Self { children }
    }

    /// Widens to one side. `rooms`: how far a branch can be off at most. No branch can be off by more than those below it
    /// have room for.
    fn widen(&self, reach: &mut Reach, rooms: &[Option<i64>]) {
        let mut rooms = rooms.to_vec();
        for (place, below) in self.children.iter().enumerate().rev() {
            if !below.is_empty() {
                let together = below
                    .iter()
                    .try_fold(0_i64, |sum, child| Some(sum.saturating_add(rooms[*child]?)));
                rooms[place] = rooms[place].into_iter().chain(together).min();
            }
            for reach in &mut reach[place] {
                *reach = (*reach).min(rooms[place].unwrap_or(i64::MAX));
            }
        }
        for (place, below) in self.children.iter().enumerate() {
            if below.is_empty() {
                continue;
            }
            let mut limits: Vec<i64> = below
                .iter()
                .map(|child| rooms[*child].unwrap_or(i64::MAX))
                .collect();
            for level in 0..reach[place].len() {
                let mut parts: Vec<i64> = below.iter().map(|child| reach[*child][level]).collect();
                raise(&mut parts, reach[place][level], &limits);
                for (child, part) in below.iter().zip(&parts) {
                    reach[*child][level] = *part;
                }
                // What is less likely is not nearer.
                limits = parts;
            }
        }
    }
}

/// Raises parts in proportion, each to its limit at most, until their sum is a whole; parts that are all nothing by the same.
fn raise(parts: &mut [i64], whole: i64, limits: &[i64]) {
    for (part, limit) in parts.iter_mut().zip(limits) {
        *part = (*part).min(*limit);
    }
    loop {
        let sum: i128 = parts.iter().copied().map(i128::from).sum();
        let missing = i128::from(whole) - sum;
        let open: Vec<usize> = (0..parts.len())
            .filter(|place| parts[*place] < limits[*place])
            .collect();
        if missing <= 0 || open.is_empty() {
            return;
        }
        let weights: i128 = open.iter().map(|place| i128::from(parts[*place])).sum();
        for place in open.iter().copied() {
            let (weight, weights) = if weights > 0 {
                (i128::from(parts[place]), weights)
            } else {
                (1, open.len() as i128)
            };
            // Rounded up: a cent more is coherent as well, a cent less is not.
            let more = (missing * weight + weights - 1) / weights;
            let raised = i128::from(parts[place]) + more;
            parts[place] = i64::try_from(raised).unwrap_or(i64::MAX).min(limits[place]);
        }
    }
}
