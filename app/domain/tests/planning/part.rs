//! Who sees a part of a plan follows the whole by what changed there, and is told of nothing else.

use domain::plan::{Entry, NodeIndex, apply};
use domain::split::PartChange;
use proptest::prelude::*;

use crate::tree::{command, held_plan, raw, who};

proptest! {
    #[test]
    fn a_part_that_follows_is_the_part_of_what_the_whole_became(
        start in held_plan(),
        raws in prop::collection::vec(raw(), 1..6),
        top in any::<prop::sample::Index>(),
    ) {
        let top = NodeIndex(top.index(start.shape().len()) as u32);
        let mut whole = start.clone();
        let mut part = start.part(top).unwrap();
        for (seq, raw) in (1..).zip(&raws) {
            let asked = command(&whole, raw);
            let Ok(deltas) = apply(&whole, &asked) else { continue };
            whole.fold(&deltas).unwrap();
            let entry = Entry::new(seq, 1, who(1), asked, deltas);
            if let Some(change) = PartChange::of(&entry, whole.shape(), top) {
                prop_assert!(change.places.iter().all(|(node, _)| part.shape().has(*node)));
                prop_assert_eq!(part.fold(&change.deltas), Ok(()));
            }
            prop_assert_eq!(&part, &whole.part(top).unwrap());
        }
    }
}
