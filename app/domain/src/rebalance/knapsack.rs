//! Who stands in the way where the room of a subtree follows from those of its children: the fewest, by a knapsack up the
//! tree (Johnson and Niemi 1983).

use std::cell::Cell;
use std::rc::Rc;

use super::blockers::{MOST, Place, Totals, Way, own_room};
use super::region::Region;
use crate::money::Minor;
use crate::plan::{Blocker, Grid, MAX_AMOUNT};

/// How much room releasing places makes: entries of more and more places with more and more room, each with the fewest
/// places for its room.
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

    fn with(one: &Rc<Self>, other: &Rc<Self>) -> Rc<Self> {
        match (&**one, &**other) {
            (Self::Nothing, _) => Rc::clone(other),
            (_, Self::Nothing) => Rc::clone(one),
            _ => Rc::new(Self::Both(Rc::clone(one), Rc::clone(other))),
        }
    }
}

/// A search for so much room with at most so many places; more room than that is as good as that.
pub(super) struct Search<'a> {
    grid: &'a Grid,
    wanted: i64,
    places: usize,
    /// Whether sets of more places were left out.
    cut: Cell<bool>,
}

/// The fewest places that make this much room, or as much of it as any do, where `room` says how releases make it.
pub(super) fn fewest(grid: &Grid, wanted: i64, room: impl Fn(&Search<'_>) -> Releases) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    // Most refusals have one or two to name: few places are tried first.
    for places in [2, 8, MOST] {
        let search = Search {
            grid,
            wanted,
            places,
            cut: Cell::new(false),
        };
        let Releases(entries) = room(&search);
        let last = entries
            .last()
            .filter(|last| last.room >= wanted || !search.cut.get() || places == MOST);
        if let Some(last) = last {
            last.set.list(&mut blockers);
            break;
        }
    }
    blockers
}

impl Search<'_> {
    /// Room that no release changes.
    pub(super) fn fixed(&self, room: i64) -> Releases {
        Releases(vec![Release {
            places: 0,
            room: room.min(self.wanted),
            set: Rc::new(Set::Nothing),
        }])
    }

    /// Both rooms together.
    pub(super) fn and(&self, one: Releases, other: &Releases) -> Releases {
        self.combine(one, other, |one, other| (one + other).min(self.wanted))
    }

    /// The smaller of both rooms.
    pub(super) fn within(&self, one: Releases, other: &Releases) -> Releases {
        self.combine(one, other, i64::min)
    }

    /// The same within what a place's own lock or bound allows, unless that is released.
    pub(super) fn held(&self, Releases(inner): Releases, place: Place, way: Way) -> Releases {
        let Some((bound, cause, amount)) = own_room(self.grid, place, way) else {
            return Releases(inner);
        };
        let mut entries: Vec<Release> = Vec::with_capacity(2 * inner.len());
        for entry in inner {
            if entry.room > bound {
                let blocker = Rc::new(Set::One(Blocker {
                    node: place.0,
                    period: place.1,
                    cause,
                    amount: Minor(amount),
                    frees: Minor(entry.room - bound),
                }));
                entries.push(Release {
                    places: entry.places + 1,
                    room: entry.room,
                    set: Set::with(&blocker, &entry.set),
                });
            }
            entries.push(Release {
                room: entry.room.min(bound),
                ..entry
            });
        }
        self.best(entries)
    }

    /// How far a subtree goes in one period, by what is released in it.
    pub(super) fn subtree(
        &self,
        region: &Region,
        (column, local): (usize, usize),
        way: Way,
        totals: Totals,
    ) -> Releases {
        let now = region.now(self.grid, column, local);
        let (lo, hi) = region.room(column, local);
        let (natural, present) = way.pick(((now, now - lo), (MAX_AMOUNT - now, hi - now)));
        // Nothing below holds it back, or not before the rest has all it wants.
        if present >= natural.min(self.wanted) {
            return self.fixed(natural);
        }
        let (node, period) = (region.node(local), region.periods[column]);
        let mut room = self.fixed(natural);
        if !self.grid.shape().is_leaf(node) {
            let below = self.grid.shape().children(node).map(|child| region.local(child));
            room = self.within(self.together(region, column, below, way, totals), &room);
        }
        room = self.held(room, (node, Some(period)), way);
        if totals == Totals::Change {
            room = self.held(room, (node, None), way);
        }
        room
    }

    /// How far some siblings go together.
    pub(super) fn together(
        &self,
        region: &Region,
        column: usize,
        locals: impl Iterator<Item = usize>,
        way: Way,
        totals: Totals,
    ) -> Releases {
        // The order of siblings decides nothing.
        let mut locals: Vec<usize> = locals.collect();
        locals.sort_unstable_by_key(|local| self.grid.shape().reference(region.node(*local)));
        locals.into_iter().fold(self.fixed(0), |sum, local| {
            self.and(sum, &self.subtree(region, (column, local), way, totals))
        })
    }

    fn combine(
        &self,
        Releases(mut one): Releases,
        Releases(other): &Releases,
        room: impl Fn(i64, i64) -> i64,
    ) -> Releases {
        if let [only] = &other[..]
            && only.places == 0
        {
            for entry in &mut one {
                entry.room = room(entry.room, only.room);
            }
            return self.best(one);
        }
        let mut best: Vec<Option<(i64, usize, usize)>> = vec![None; 2 * self.places + 1];
        for (here, one) in one.iter().enumerate() {
            for (there, two) in other.iter().enumerate() {
                let room = room(one.room, two.room);
                let best = &mut best[one.places + two.places];
                if best.is_none_or(|(most, _, _)| most < room) {
                    *best = Some((room, here, there));
                }
            }
        }
        let entries = best.into_iter().enumerate().filter_map(|(places, best)| {
            let (room, here, there) = best?;
            let set = Set::with(&one[here].set, &other[there].set);
            Some(Release { places, room, set })
        });
        self.best(entries.collect())
    }

    /// Keeps what makes more room than any entry of fewer places.
    fn best(&self, mut entries: Vec<Release>) -> Releases {
        entries.sort_by(|a, b| (a.places, b.room).cmp(&(b.places, a.room)));
        let mut most = -1;
        entries.retain(|entry| {
            let better = entry.room > most;
            let few = entry.places <= self.places;
            self.cut.set(self.cut.get() || (better && !few));
            if better && few {
                most = entry.room;
            }
            better && few
        });
        Releases(entries)
    }
}
