//! What a change leaves is the same in whichever form it is asked for, and leads back.

use domain::plan::{Grid, NodeIndex, PlanCommand, after, apply, make};
use proptest::prelude::*;

use crate::tree::{command, held_plan, raw};

/// The same answer of all three ways.
fn agrees(grid: &Grid, command: &PlanCommand) -> Result<(), TestCaseError> {
    let mut made = grid.clone();
    match apply(grid, command) {
        Ok(deltas) => {
            let mut folded = grid.clone();
            folded.fold(&deltas).unwrap();
            prop_assert_eq!(&after(grid, command).unwrap(), &folded);
            let back = make(&mut made, command).unwrap();
            prop_assert_eq!(&made, &folded);
            prop_assert!(made.take_back(back));
        }
        Err(refusal) => {
            prop_assert_eq!(after(grid, command), Err(refusal.clone()));
            prop_assert_eq!(make(&mut made, command).err(), Some(refusal));
        }
    }
    prop_assert_eq!(&made, grid);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_is_what_folding_the_cells_comes_to(grid in held_plan(), raw in raw()) {
        agrees(&grid, &command(&grid, &raw))?;
    }

    #[test]
    fn so_it_is_of_an_over_assignment_of_a_branch(
        grid in held_plan(), at in any::<prop::sample::Index>(), uplift_ppm in prop::collection::vec(0_u32..600_000, 0..4),
    ) {
        let node = NodeIndex(at.index(grid.shape().len()) as u32);
        agrees(&grid, &PlanCommand::OverAssign { node, uplift_ppm, reason: None })?;
    }
}
