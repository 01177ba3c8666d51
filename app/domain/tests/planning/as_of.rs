//! The state of a version at an earlier place in its log, or at an earlier moment.

use domain::plan::{Entry, Log};

use crate::plan::set;
use crate::plan_log::Desk;
use crate::tree::family;

#[test]
fn the_state_as_of_a_place_or_a_moment_is_the_fold_so_far() {
    let start = family(&[10, 20, 30]);
    let mut desk = Desk::new(start.clone());
    let mut states = vec![start.clone()];
    for amount in [20, 6, 12] {
        desk.do_as(1, set(1, amount)).unwrap();
        states.push(desk.grid.clone());
    }
    desk.undo(1);
    states.push(desk.grid.clone());
    for (place, state) in states.iter().enumerate() {
        assert_eq!(&desk.log.as_of(&start, place as u64).unwrap(), state);
        // Entries are a second apart.
        let moment = place as i64 * 1_000;
        assert_eq!(desk.log.head_at(moment), place as u64);
        assert_eq!(desk.log.head_at(moment + 999), place as u64);
    }
    assert_eq!((desk.log.head_at(i64::MIN), desk.log.head_at(i64::MAX)), (0, 4));
    assert_eq!(&desk.log.as_of(&start, 99).unwrap(), &desk.grid);
    // From a snapshot on the way, and never back.
    let mut grid = states[2].clone();
    assert_eq!(desk.log.fold_until(&mut grid, 2, 3), Ok(3));
    assert_eq!(grid, states[3]);
    assert_eq!(desk.log.fold_until(&mut grid, 3, 1), Ok(3));
    assert_eq!(grid, states[3]);
    // A log that is not held from the beginning.
    let mut later = Log::after(2);
    for entry in &desk.log.entries()[2..] {
        later.push(entry.clone()).unwrap();
    }
    assert_eq!(later.head_at(0), 2);
    assert_eq!(&later.as_of(&states[2], 3).unwrap(), &states[3]);
    // A clock that went back: order counts.
    let mut log = Log::default();
    for (index, at_ms) in [100, 90, 110].into_iter().enumerate() {
        let entry = &desk.log.entries()[index];
        log.push(Entry {
            at_ms,
            ..entry.clone()
        })
        .unwrap();
    }
    assert_eq!(
        [89, 90, 100, 109, 110].map(|moment| log.head_at(moment)),
        [0, 2, 2, 2, 3]
    );
}
