//! Who stands in the way where totals are bound while several periods change: found by trying.

use super::blockers::{MOST, Place, Way, own_room};
use crate::money::Minor;
use crate::plan::{Blocker, Grid};

/// How many cells are looked at in search of who stands in the way.
const WORK: usize = 2_000_000;

/// Of the places that may be released, some of which none can be left out, that make this much room or as much of it as
/// all do (`QuickXplain`; Junker 2004). Where [`WORK`] does not suffice, some of a larger set are named.
pub(super) fn irreducible(
    grid: &Grid,
    mut places: Vec<Place>,
    way: impl Fn(Place) -> Way,
    wanted: i64,
    cells: usize,
    room: impl Fn(&Grid) -> i64,
) -> Vec<Blocker> {
    places.sort_unstable_by_key(|(node, period)| {
        (grid.shape().depth(*node), grid.shape().reference(*node), *period)
    });
    let mut trial = Trial {
        grid: grid.clone(),
        held: grid,
        tries: (WORK / cells.max(1)).clamp(4, 200),
        wanted,
        room,
    };
    trial.wanted = trial.room_without(&places).min(wanted);
    let mut found = trial.needed(&[], &places, true);
    found.truncate(MOST);
    let whole = trial.wanted;
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
        let frees = if trial.tries > 0 {
            whole - trial.room_without(&others)
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

struct Trial<'a, Room> {
    grid: Grid,
    held: &'a Grid,
    tries: usize,
    wanted: i64,
    room: Room,
}

impl<Room: Fn(&Grid) -> i64> Trial<'_, Room> {
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
