use super::*;

fn followed(rows: u32) -> Frames {
    Frames {
        rows: (0..rows)
            .map(|row| (NodeIndex(row), Followed::default()))
            .collect(),
        ..Frames::default()
    }
}

#[test]
fn a_frame_tells_so_many_rows_and_the_next_one_the_others() {
    let mut frames = followed(100);
    // Nothing follows the last two.
    frames.wait((0..102).map(NodeIndex), Told::Frame);
    assert_eq!(
        frames.due(&[NodeIndex(99), NodeIndex(0)], &[], 64).len(),
        2 * 66,
        "two out of turn"
    );
    // They move again before all were told: those that wait longest come first.
    frames.wait((0..100).map(NodeIndex), Told::Frame);
    assert_eq!(frames.due(&[], &[], 64).len(), 2 * 64);
    assert!(!frames.untold.contains_key(&NodeIndex(98)), "it waited longest");
    assert_eq!(frames.due(&[], &[], 64).len(), 2 * 36);
    assert!(frames.due(&[], &[], 64).is_empty());
    assert!(frames.waiting.is_empty());
}

#[test]
fn totals_are_told_at_once_and_periods_in_their_turn() {
    let mut frames = followed(100);
    frames.wait((0..100).map(NodeIndex), Told::Frame);
    let nearest: Vec<NodeIndex> = (1..49).map(NodeIndex).collect();
    assert_eq!(frames.due(&[NodeIndex(0)], &nearest, 0).len(), 2 + 48);
    // Told of once: of each only its periods are left.
    assert_eq!(frames.due(&[], &nearest, 0).len(), 0);
    assert_eq!(frames.due(&[], &[], 48).len(), 48);
    assert_eq!(
        frames.due(&[], &[], 100).len(),
        2 * 51,
        "those out of sight wait for both"
    );
    assert!(frames.untold.is_empty() && frames.waiting.is_empty());
}

#[test]
fn rows_that_are_not_in_the_page_take_no_room_among_the_nearest() {
    let frames = followed(3);
    let mut moved: Vec<NodeIndex> = [7, 2, 900, 0].map(NodeIndex).to_vec();
    frames.keep_followed(&mut moved);
    assert_eq!(moved, [2, 0].map(NodeIndex));
}

#[test]
fn a_change_tells_more_than_a_frame_and_nothing_of_it_is_lost_on_the_way() {
    let mut frames = followed(3);
    frames.wait([NodeIndex(0)], Told::Frame);
    frames.wait([NodeIndex(1)], Told::Shown);
    assert_eq!(frames.due(&[], &[], 2).len(), 2 + 3);
    // It settles, and moves again before that was told.
    frames.wait([NodeIndex(0), NodeIndex(2)], Told::Settled);
    frames.wait([NodeIndex(0)], Told::Frame);
    assert_eq!(frames.due(&[], &[NodeIndex(0)], 0).len(), 3);
    // It moves again before its periods were told.
    frames.wait([NodeIndex(0)], Told::Frame);
    assert_eq!(frames.due(&[NodeIndex(0)], &[], 0).len(), 2);
    assert_eq!(frames.due(&[], &[], 64).len(), 4);
    assert!(frames.due(&[], &[], 64).is_empty());
}

#[test]
fn rows_that_left_the_page_are_told_at_once_and_forgotten() {
    let mut frames = followed(3);
    frames.wait([NodeIndex(0)], Told::Frame);
    // Who follows what settles, too: that is not told of any more.
    assert_eq!(frames.leave(&[NodeIndex(1), NodeIndex(7)]).len(), 4 + 4);
    assert_eq!(frames.rows.keys().copied().collect::<Vec<_>>(), [NodeIndex(1)]);
    frames.wait((0..3).map(NodeIndex), Told::Shown);
    assert_eq!(frames.due(&[], &[], 64).len(), 3);
    assert!(frames.waiting.is_empty());
}
