//! A change that is made in a grid, or tried on it, without a list of every cell it changes: that would be three times as large as
//! the amounts of the plan where all of them change.

use std::collections::{BTreeMap, BTreeSet};

use super::amounts::Amounts;
use super::apply::{Decision, decide};
use super::{CellIndex, Deltas, Grid, PlanCommand, Refusal};

/// Cells of the largest subtree of which what leads back is kept cell by cell.
const FEW_CELLS: usize = 65_536;

/// What leads back from a change: [`Grid::take_back`] takes it.
#[derive(Debug)]
pub struct Back(Way);

#[derive(Debug)]
enum Way {
    /// What was changed, cell by cell.
    Deltas(Deltas),
    /// What there was, with the periods that the change left alone shared. A subtree that is given new amounts changes nothing that
    /// is held.
    Before(Amounts, BTreeMap<CellIndex, i64>),
}

/// The grid as a command would leave it, or why it is refused: what folding what [`super::apply`] decides comes to.
pub fn after(grid: &Grid, command: &PlanCommand) -> Result<Grid, Refusal> {
    Ok(match decide(grid, command)? {
        Decision::Subtree(decided) => decided.leave(grid),
        Decision::Deltas(deltas) => {
            let mut after = grid.clone();
            after.put(&deltas);
            after
        }
    })
}

/// Changes a grid as a command asks, and tells what leads back; a refusal changes nothing.
pub fn make(grid: &mut Grid, command: &PlanCommand) -> Result<Back, Refusal> {
    match decide(grid, command)? {
        Decision::Subtree(decided) if decided.cells() > FEW_CELLS => {
            let after = decided.leave(grid);
            let amounts = std::mem::replace(&mut grid.amounts, after.amounts);
            let hedges = std::mem::replace(&mut grid.hedges, after.hedges);
            Ok(Back(Way::Before(amounts, hedges)))
        }
        decision => {
            let deltas = decision.deltas(grid);
            grid.put(&deltas);
            Ok(Back(Way::Deltas(deltas)))
        }
    }
}

/// A sum of changes by which two who made the same find that out.
#[derive(Default)]
pub(super) struct Digest(pub(super) u64);

impl Digest {
    pub(super) fn put(&mut self, value: u64) {
        self.0 = (self.0 ^ value)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29);
    }

    pub(super) fn put_cell(&mut self, cell: CellIndex, old: i64, new: i64) {
        self.put(u64::from(cell.0) + 1);
        self.put(old as u64);
        self.put(new as u64);
    }
}

impl Deltas {
    /// A number by which whoever made the same change on the same state knows it again ([`Back::digest`]).
    pub fn digest(&self) -> u64 {
        let mut digest = Digest::default();
        for list in [&self.cells, &self.hedges] {
            for delta in list {
                digest.put_cell(delta.cell, delta.old.0, delta.new.0);
            }
            digest.put(0);
        }
        digest.put(self.constraints.len() as u64);
        digest.0
    }
}

impl Back {
    /// What [`Deltas::digest`] of the change is, from what it left; none where so little was changed that nobody needs it.
    pub fn digest(&self, after: &Grid) -> Option<u64> {
        let Way::Before(amounts, hedges) = &self.0 else {
            return None;
        };
        let mut digest = Digest::default();
        let mut cells = (0_u32..).map(CellIndex);
        for (old, new) in amounts.columns().zip(after.amounts.columns()) {
            for ((old, new), cell) in old.iter().zip(new).zip(cells.by_ref()) {
                if old != new {
                    digest.put_cell(cell, *old, *new);
                }
            }
        }
        digest.put(0);
        let hedged: BTreeSet<CellIndex> = hedges.keys().chain(after.hedges.keys()).copied().collect();
        for cell in hedged {
            let of = |hedges: &BTreeMap<CellIndex, i64>| hedges.get(&cell).copied().unwrap_or_default();
            let (old, new) = (of(hedges), of(&after.hedges));
            if old != new {
                digest.put_cell(cell, old, new);
            }
        }
        digest.put(0);
        digest.put(0);
        Some(digest.0)
    }
}

impl Grid {
    /// Takes a change back that [`make`] made. Those that were made after it have to be taken back before; false where something
    /// else was changed meanwhile.
    pub fn take_back(&mut self, Back(way): Back) -> bool {
        match way {
            Way::Deltas(deltas) => self.fold(&deltas.invert()).is_ok(),
            Way::Before(amounts, hedges) => {
                let fits = amounts.len() == self.amounts.len();
                if fits {
                    self.amounts = amounts;
                    self.hedges = hedges;
                }
                fits
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::calendar::Day;
    use crate::id::{MemberId, UnitId, UserId};
    use crate::money::Minor;
    use crate::plan::{
        Entry, Give, Keep, NodeIndex, NodeRef, NodeSpec, PeriodIndex, PlanPeriod, Shape, apply,
    };
    use crate::split::{Applied, InForce, Stacks};

    /// A root with people, more cells than are kept one by one.
    fn large() -> Grid {
        let nodes = (0..5_000_u32).map(|row| NodeSpec {
            parent: (row > 0).then_some(NodeIndex(0)),
            reference: if row == 0 {
                NodeRef::Unit(UnitId(Uuid::from_u128(1)))
            } else {
                NodeRef::Member(MemberId(Uuid::from_u128(u128::from(row))))
            },
            name: String::new(),
        });
        let period = |at: i32| PlanPeriod {
            starts_on: Day(at * 10),
            ends_on: Day(at * 10 + 9),
        };
        let shape = Shape::new(nodes.collect(), (0..16).map(period).collect()).unwrap();
        let leaf = |node: NodeIndex, period: PeriodIndex| {
            Minor(1_000 + i64::from(node.0 % 7) * 10 + i64::from(period.0))
        };
        Grid::from_leaves(Arc::new(shape), leaf).unwrap()
    }

    #[test]
    fn a_change_of_everybody_is_made_and_taken_back_without_a_list_of_cells() {
        let before = large();
        let even = PlanCommand::EvenOut {
            node: NodeIndex(0),
            reason: None,
        };
        let over = PlanCommand::OverAssign {
            node: NodeIndex(0),
            uplift_ppm: vec![50_000],
            reason: None,
        };
        let total = PlanCommand::SetTotal {
            amount: Minor(90_000_000),
            seasons: Vec::new(),
            reason: None,
        };
        let mut grid = before.clone();
        let mut backs = Vec::new();
        for command in [even, over, total] {
            let mut folded = grid.clone();
            let deltas = apply(&grid, &command).unwrap();
            folded.fold(&deltas).unwrap();
            let back = make(&mut grid, &command).unwrap();
            assert!(matches!(back.0, Way::Before(..)), "{command:?}");
            assert_eq!(grid, folded);
            assert_eq!(back.digest(&grid), Some(deltas.digest()));
            assert_ne!(back.digest(&grid), Some(deltas.invert().digest()));
            assert_eq!(grid.check(), Ok(()));
            backs.push(back);
        }
        while let Some(back) = backs.pop() {
            assert!(grid.take_back(back));
        }
        assert_eq!(grid, before);
    }

    #[test]
    fn an_answer_leaves_out_only_what_its_sender_made_the_same() {
        let mut grid = large();
        let even = PlanCommand::EvenOut {
            node: NodeIndex(0),
            reason: None,
        };
        let deltas = apply(&grid, &even).unwrap();
        let digest = make(&mut grid, &even).unwrap().digest(&grid);
        let answer = |seq| Applied {
            entries: vec![Entry::new(
                seq,
                1,
                UserId(Uuid::nil()),
                even.clone(),
                deltas.clone(),
            )],
            behind: false,
            as_made: false,
            large: Vec::new(),
            head: seq,
            refused: None,
            bounded_by: None,
            differences: Vec::new(),
            more_rows: 0,
            rows: 0,
            undoable: Stacks::default(),
            people: BTreeMap::new(),
            shares: None,
            in_force: InForce::default(),
        };
        let same = answer(8).brief(7, digest);
        assert!(same.as_made && same.entries[0].deltas.is_empty());
        let others = [
            answer(8).brief(7, None),
            answer(8).brief(7, digest.map(|digest| digest ^ 1)),
            answer(9).brief(7, digest),
        ];
        for other in others {
            assert!(!other.as_made && other.entries[0].deltas == deltas);
        }
    }

    #[test]
    fn a_change_of_few_is_kept_cell_by_cell_and_fits_only_what_it_left() {
        let before = large();
        let mut grid = before.clone();
        let set = |amount| PlanCommand::Set {
            node: NodeIndex(5),
            period: Some(PeriodIndex(3)),
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::ParentGrows,
            reason: None,
        };
        let first = make(&mut grid, &set(5_000)).unwrap();
        assert!(matches!(first.0, Way::Deltas(..)));
        let second = make(&mut grid, &set(6_000)).unwrap();
        let last = grid.clone();
        assert!(!grid.take_back(first), "something was made after it");
        assert_eq!(grid, last);
        assert!(grid.take_back(second));
        assert_eq!(grid.amount(NodeIndex(5), Some(PeriodIndex(3))), Minor(5_000));
    }
}
