//! How far off a branch may be is measured on its own history, and so is how far off each branch below it may be. Together
//! those below can be off by the sum of their parts at most, when all of them err the same way at once: where the branch was
//! seen to be off by more, they are less certain than each alone showed, and their ranges are widened. In the same way a span
//! is off by what its months are off together, at most. All of this holds of what history says, before market factors.

use std::ops::Range;

use super::{Expected, Series};
use crate::money::Minor;
use crate::outlook::{CHANCES, Fan};

/// How far off each branch may be to one side, from the furthest level to the nearest.
type Reach = Vec<Vec<i64>>;
/// How far it can be off at most, of the same levels; none where that is not known.
type Rooms = Vec<Vec<Option<i64>>>;

/// Widens the ranges of branches until none is wider than those below it together, and keeps that of the span within those of
/// its months: on both sides. `floor`: what a branch (its place) cannot be below in a month (of those to come); none where it
/// can be anything.
pub(super) fn widen(
    series: &[Series],
    expected: &mut [Expected],
    span: &Range<usize>,
    floor: impl Fn(usize, usize) -> Option<Minor>,
) {
    let tree = Tree::of(series);
    let steps = expected.first().map_or(0, |expected| expected.fan.len());
    for step in 0..steps {
        let mut below: Reach = expected
            .iter()
            .map(|one| below(&one.fan[step]).to_vec())
            .collect();
        let mut above: Reach = expected
            .iter()
            .map(|one| above(&one.fan[step]).to_vec())
            .collect();
        let rooms = expected.iter().enumerate().map(|(place, one)| {
            let room = floor(place, step).map(|floor| one.fan[step].p50.0.saturating_sub(floor.0).max(0));
            vec![room; 2]
        });
        tree.widen(&mut below, rooms.collect());
        tree.widen(&mut above, vec![vec![None; 2]; series.len()]);
        for ((one, below), above) in expected.iter_mut().zip(below).zip(above) {
            let fan = &mut one.fan[step];
            let middle = fan.p50.0;
            (fan.p10, fan.p25) = (less(middle, below[0]), less(middle, below[1]));
            (fan.p90, fan.p75) = (more(middle, above[0]), more(middle, above[1]));
        }
    }
    if span.is_empty() {
        return;
    }
    let sides = expected.iter().map(|one| one.total.sides());
    let (mut lower, mut upper): (Reach, Reach) = sides.unzip();
    let lower_rooms = expected
        .iter()
        .map(|one| rooms(one, span, below, one.total.room()));
    let upper_rooms = expected.iter().map(|one| rooms(one, span, above, None));
    tree.widen(&mut lower, lower_rooms.collect());
    tree.widen(&mut upper, upper_rooms.collect());
    for ((one, lower), upper) in expected.iter_mut().zip(lower).zip(upper) {
        one.total = one.total.reaching(&lower, &upper);
    }
}

/// How far P10 and P25 lie below P50.
fn below(fan: &Fan) -> [i64; 2] {
    [fan.p10, fan.p25].map(|low| fan.p50.0.saturating_sub(low.0))
}

/// How far P90 and P75 lie above it.
fn above(fan: &Fan) -> [i64; 2] {
    [fan.p90, fan.p75].map(|high| high.0.saturating_sub(fan.p50.0))
}

fn less(middle: i64, by: i64) -> Minor {
    Minor(middle.saturating_sub(by))
}

fn more(middle: i64, by: i64) -> Minor {
    Minor(middle.saturating_add(by))
}

/// How far a span can be off to one side at most, for the chances of that side from the furthest: as its months together
/// between P10 and P90; beyond, no further than `most`.
fn rooms(
    one: &Expected,
    span: &Range<usize>,
    side: fn(&Fan) -> [i64; 2],
    most: Option<i64>,
) -> Vec<Option<i64>> {
    let months = one.fan.get(span.clone()).unwrap_or_default();
    let [outer, inner] = months.iter().map(side).fold([0_i64; 2], |sum, part| {
        [sum[0].saturating_add(part[0]), sum[1].saturating_add(part[1])]
    });
    let within = |room: i64| Some(most.map_or(room, |most| room.min(most)));
    let tails = CHANCES.iter().copied().filter(|chance| *chance < 0.5);
    tails
        .map(|tail| {
            if tail >= 0.25 {
                within(inner)
            } else if tail >= 0.1 {
                within(outer)
            } else {
                most
            }
        })
        .collect()
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

    /// Widens to one side. No branch is off by more than those below it have room for.
    fn widen(&self, reach: &mut Reach, mut rooms: Rooms) {
        for (place, below) in self.children.iter().enumerate().rev() {
            for level in 0..reach[place].len() {
                if !below.is_empty() {
                    let together = below.iter().try_fold(0_i64, |sum, child| {
                        Some(sum.saturating_add(rooms[*child][level]?))
                    });
                    rooms[place][level] = rooms[place][level].into_iter().chain(together).min();
                }
                if let Some(room) = rooms[place][level] {
                    reach[place][level] = reach[place][level].min(room);
                }
            }
        }
        for (place, below) in self.children.iter().enumerate() {
            // From the nearest level outwards: what is less likely lies no nearer.
            let mut nearer = vec![0_i64; below.len()];
            for level in (0..reach[place].len()).rev() {
                let limits: Vec<i64> = below
                    .iter()
                    .map(|child| rooms[*child][level].unwrap_or(i64::MAX))
                    .collect();
                let mut parts: Vec<i64> = below
                    .iter()
                    .zip(&nearer)
                    .map(|(child, nearer)| reach[*child][level].max(*nearer))
                    .collect();
                raise(&mut parts, reach[place][level], &limits);
                for (child, part) in below.iter().zip(&parts) {
                    reach[*child][level] = *part;
                }
                nearer = parts;
            }
        }
    }
}

/// Raises parts in proportion, each to its limit at most, until their sum is a whole; parts that are all nothing by the same.
fn raise(parts: &mut [i64], whole: i64, limits: &[i64]) {
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
