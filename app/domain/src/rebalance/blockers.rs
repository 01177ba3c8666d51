//! Who stands in the way when an amount cannot be placed: as few as make the room that is missing.

use std::rc::Rc;

use super::region::{CEILING, Region};
use crate::money::Minor;
use crate::plan::{Blocker, Cause, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex};

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

impl Way {
    /// The way of a difference.
    pub(super) fn of(difference: i64) -> Self {
        if difference > 0 { Self::Up } else { Self::Down }
    }

    pub(super) fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// Of a pair (down, up) the one of this way.
    pub(super) fn pick<T>(self, (down, up): (T, T)) -> T {
        match self {
            Self::Up => up,
            Self::Down => down,
        }
    }
}

/// Whether the totals of rows change with the move, so that their bounds count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Totals {
    Change,
    Stay,
}

/// A row's cell of a period, or its total.
pub(super) type Place = (NodeIndex, Option<PeriodIndex>);

/// How far a place's own lock or bound lets it go, and what holds it there.
pub(super) fn own_room(grid: &Grid, (node, period): Place, way: Way) -> Option<(i64, Cause, i64)> {
    let held = grid.constraint(node, period);
    let now = grid.amount_or_total(node, period);
    if let Some(by) = held.lock {
        return Some((0, Cause::Lock { by }, now));
    }
    match way {
        Way::Up => held.cap.map(|cap| (cap.0 - now, Cause::Cap, cap.0)),
        Way::Down => held.floor.map(|floor| (now - floor.0, Cause::Floor, floor.0)),
    }
}

/// More places than this are not named.
const MOST: usize = 64;

/// How much room releasing places makes: entries of more and more places with more and more room, each with the fewest
/// places for its room (a knapsack up the tree; Johnson and Niemi 1983).
#[derive(Clone)]
pub(super) struct Releases(Vec<Release>);

#[derive(Clone)]
struct Release {
    places: usize,
    room: i64,
    set: Rc<Set>,
}

/// Places that are released together.
enum Set {
    Nothing,
    One(Blocker),
    Both(Rc<Set>, Rc<Set>),
}

impl Set {
    fn list(&self, blockers: &mut Vec<Blocker>) {
        match self {
            Self::Nothing => {}
            Self::One(blocker) => blockers.push(*blocker),
            Self::Both(one, other) => {
                one.list(blockers);
                other.list(blockers);
            }
        }
    }
}

impl Releases {
    /// Room that no release changes.
    pub(super) fn fixed(room: i64) -> Self {
        Self(vec![Release {
            places: 0,
            room,
            set: Rc::new(Set::Nothing),
        }])
    }

    /// Both rooms together.
    pub(super) fn and(&self, other: &Self) -> Self {
        self.combine(other, |one, other| (one + other).min(CEILING))
    }

    /// The smaller of both rooms.
    pub(super) fn within(&self, other: &Self) -> Self {
        self.combine(other, i64::min)
    }

    /// The same within what a place's own lock or bound allows, unless that is released.
    pub(super) fn held(self, grid: &Grid, place: Place, way: Way) -> Self {
        let Some((bound, cause, amount)) = own_room(grid, place, way) else {
            return self;
        };
        let mut entries: Vec<Release> = Vec::with_capacity(2 * self.0.len());
        for entry in self.0 {
            if entry.room > bound {
                let blocker = Blocker {
                    node: place.0,
                    period: place.1,
                    cause,
                    amount: Minor(amount),
                    frees: Minor(entry.room - bound),
                };
                entries.push(Release {
                    places: entry.places + 1,
                    room: entry.room,
                    set: Rc::new(Set::Both(Rc::new(Set::One(blocker)), Rc::clone(&entry.set))),
                });
            }
            entries.push(Release {
                room: entry.room.min(bound),
                ..entry
            });
        }
        Self::best(entries)
    }

    /// The fewest places that make this much room, or as much of it as any do.
    pub(super) fn fewest(&self, room: i64) -> Vec<Blocker> {
        let most = self.0.last().map_or(0, |entry| entry.room);
        let mut blockers = Vec::new();
        if let Some(entry) = self.0.iter().find(|entry| entry.room >= room.min(most)) {
            entry.set.list(&mut blockers);
        }
        blockers
    }

    fn combine(&self, other: &Self, room: impl Fn(i64, i64) -> i64) -> Self {
        let mut best: Vec<Option<(i64, usize, usize)>> = vec![None; 2 * MOST + 1];
        for (here, one) in self.0.iter().enumerate() {
            for (there, two) in other.0.iter().enumerate() {
                let room = room(one.room, two.room);
                let best = &mut best[one.places + two.places];
                if best.is_none_or(|(most, _, _)| most < room) {
                    *best = Some((room, here, there));
                }
            }
        }
        let entries = best.into_iter().enumerate().filter_map(|(places, best)| {
            let (room, here, there) = best?;
            let (one, two) = (&self.0[here].set, &other.0[there].set);
            let set = match (&**one, &**two) {
                (Set::Nothing, _) => Rc::clone(two),
                (_, Set::Nothing) => Rc::clone(one),
                _ => Rc::new(Set::Both(Rc::clone(one), Rc::clone(two))),
            };
            Some(Release { places, room, set })
        });
        Self::best(entries.collect())
    }

    /// Keeps what makes more room than any entry of fewer places.
    fn best(mut entries: Vec<Release>) -> Self {
        entries.sort_by(|a, b| (a.places, b.room).cmp(&(b.places, a.room)));
        let mut most = -1;
        entries.retain(|entry| {
            let better = entry.room > most && entry.places <= MOST;
            if better {
                most = entry.room;
            }
            better
        });
        Self(entries)
    }
}

/// How far a subtree goes in one period, by what is released in it.
pub(super) fn subtree(
    grid: &Grid,
    region: &Region,
    (column, local): (usize, usize),
    way: Way,
    totals: Totals,
) -> Releases {
    let (node, period) = (region.node(local), region.periods[column]);
    let now = region.now(grid, column, local);
    let natural = Releases::fixed(if way == Way::Up { MAX_AMOUNT - now } else { now });
    let (from, until) = (node.0, grid.shape().end(node).0);
    let free = |period| grid.held(period, from, until).next().is_none();
    if free(Some(period)) && (totals == Totals::Stay || free(None)) {
        return natural;
    }
    let mut room = if grid.shape().is_leaf(node) {
        natural
    } else {
        let below = grid.shape().children(node).map(|child| region.local(child));
        below_together(grid, region, column, below, way, totals).within(&natural)
    };
    room = room.held(grid, (node, Some(period)), way);
    if totals == Totals::Change {
        room = room.held(grid, (node, None), way);
    }
    room
}

/// How far some siblings go together.
pub(super) fn below_together(
    grid: &Grid,
    region: &Region,
    column: usize,
    locals: impl Iterator<Item = usize>,
    way: Way,
    totals: Totals,
) -> Releases {
    // The order of siblings decides nothing.
    let mut locals: Vec<usize> = locals.collect();
    locals.sort_unstable_by_key(|local| grid.shape().reference(region.node(*local)));
    locals.into_iter().fold(Releases::fixed(0), |sum, local| {
        sum.and(&subtree(grid, region, (column, local), way, totals))
    })
}

/// How often room is worked out in search of who stands in the way.
const TRIES: usize = 200;

/// Of the places that may be released, some of which none can be left out, that make this much room or as much of it as
/// all do (`QuickXplain`; Junker 2004). Larger sets are named where [`TRIES`] do not suffice.
pub(super) fn irreducible(
    grid: &Grid,
    mut places: Vec<Place>,
    way: impl Fn(Place) -> Way,
    wanted: i64,
    room: impl Fn(&Grid) -> i64,
) -> Vec<Blocker> {
    places.sort_unstable_by_key(|(node, period)| {
        (grid.shape().depth(*node), grid.shape().reference(*node), *period)
    });
    let mut search = Search {
        grid: grid.clone(),
        held: grid,
        tries: TRIES,
        wanted,
        room,
    };
    search.wanted = search.room_without(&places).min(wanted);
    let found = search.needed(&[], &places, true);
    let whole = search.wanted;
    let mut blockers = Vec::new();
    for (index, place) in found.iter().enumerate() {
        let Some((_, cause, amount)) =
            own_room(grid, *place, way(*place)).or_else(|| own_room(grid, *place, way(*place).back()))
        else {
            continue;
        };
        let others: Vec<Place> = found
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .map(|(_, place)| *place)
            .collect();
        let frees = if search.tries > 0 {
            whole - search.room_without(&others)
        } else {
            whole
        };
        blockers.push(Blocker {
            node: place.0,
            period: place.1,
            cause,
            amount: Minor(amount),
            frees: Minor(frees.max(0)),
        });
    }
    blockers
}

struct Search<'a, Room> {
    grid: Grid,
    held: &'a Grid,
    tries: usize,
    wanted: i64,
    room: Room,
}

impl<Room: Fn(&Grid) -> i64> Search<'_, Room> {
    /// Those of `places` that are needed beside the released ones.
    fn needed(&mut self, released: &[Place], places: &[Place], changed: bool) -> Vec<Place> {
        if self.tries == 0 {
            return places.to_vec();
        }
        if changed && self.room_without(released) >= self.wanted {
            return Vec::new();
        }
        if places.len() < 2 {
            return places.to_vec();
        }
        let (one, other) = places.split_at(places.len() / 2);
        let with = [released, one].concat();
        let two = self.needed(&with, other, !one.is_empty());
        let with = [released, &two].concat();
        let mut needed = self.needed(&with, one, !two.is_empty());
        needed.extend(two);
        needed
    }

    /// The room with these places released.
    fn room_without(&mut self, places: &[Place]) -> i64 {
        self.tries = self.tries.saturating_sub(1);
        for place in places {
            self.grid.release(*place);
        }
        let room = (self.room)(&self.grid);
        for place in places {
            self.grid.hold_as(*place, self.held.constraint(place.0, place.1));
        }
        room
    }
}

/// In the order of what they free; nothing frees more than is missing.
pub(super) fn ordered(grid: &Grid, mut blockers: Vec<Blocker>, missing: i64) -> Vec<Blocker> {
    for blocker in &mut blockers {
        blocker.frees = blocker.frees.min(Minor(missing));
    }
    let key = |blocker: &Blocker| (grid.shape().reference(blocker.node), blocker.period);
    blockers.sort_by(|a, b| b.frees.cmp(&a.frees).then_with(|| key(a).cmp(&key(b))));
    blockers
}
