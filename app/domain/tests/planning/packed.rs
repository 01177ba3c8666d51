//! What changed travels packed, and comes to what it comes to cell by cell; bytes of anything else are refused and change nothing.

use std::sync::Arc;

use domain::id::{MemberId, UnitId};
use domain::money::Minor;
use domain::plan::{
    CellIndex, Deltas, Grid, NodeIndex, NodeRef, NodeSpec, PackedDeltas, PeriodIndex, PlanCommand, Shape,
    Unfit, apply,
};
use proptest::prelude::*;

use crate::tree::{command, held_plan, id, periods, raw};

/// The bytes as they travel in a text, read again.
fn read(bytes: &[u8]) -> PackedDeltas {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = [0, 1, 2].map(|place| chunk.get(place).copied().unwrap_or_default());
        let group = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..4 {
            let symbol = ALPHABET[(group >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() {
                char::from(symbol)
            } else {
                '='
            });
        }
    }
    serde_json::from_value(serde_json::Value::String(text)).unwrap()
}

/// The bytes of packed changes.
fn bytes(packed: &PackedDeltas) -> Vec<u8> {
    let text = serde_json::to_value(packed).unwrap();
    let text = text.as_str().unwrap();
    let mut bytes = Vec::new();
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        let value = |symbol: &u8| match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        let group = chunk
            .iter()
            .fold(0_u32, |group, symbol| (group << 6) | u32::from(value(symbol)));
        let group = (group << (6 * (4 - chunk.len()))).to_be_bytes();
        bytes.extend_from_slice(&group[1..chunk.len()]);
    }
    assert_eq!(bytes.len(), packed.size());
    bytes
}

/// A root, teams and their people: 2,000 rows, 16 periods.
fn large() -> Grid {
    let nodes = (0..2_000_u32).map(|row| NodeSpec {
        parent: (row > 0).then(|| NodeIndex(if row % 20 == 1 { 0 } else { (row - 1) / 20 * 20 + 1 })),
        reference: if row == 0 || row % 20 == 1 {
            NodeRef::Unit(UnitId(id(u128::from(row) + 1)))
        } else {
            NodeRef::Member(MemberId(id(u128::from(row) + 1)))
        },
        name: String::new(),
    });
    let shape = Shape::new(nodes.collect(), periods(16)).unwrap();
    let leaf = |node: NodeIndex, period: PeriodIndex| {
        let spread = (u64::from(node.0) * 7_919 + u64::from(period.0) * 104_729) % 900_000;
        Minor(100_000 + spread as i64)
    };
    Grid::from_leaves(Arc::new(shape), leaf).unwrap()
}

#[test]
fn a_change_of_the_whole_plan_takes_few_bytes_a_cell_and_leads_back() {
    let start = large();
    let total = PlanCommand::SetTotal {
        amount: Minor(start.amount(NodeIndex(0), None).0 / 20 * 23),
        seasons: Vec::new(),
        reason: None,
    };
    let even = PlanCommand::EvenOut {
        node: NodeIndex(0),
        reason: None,
    };
    // Bytes for a hundred cells: of what follows one scale, and of what is another amount for everybody.
    for (command, most) in [(total, 160), (even, 330)] {
        let done = apply(&start, &command).unwrap();
        assert!(done.count() > 30_000, "{}", done.count());
        let mut grid = start.clone();
        for deltas in [done.clone(), done.invert()] {
            let mut folded = grid.clone();
            folded.fold(&deltas).unwrap();
            let packed = deltas.packed();
            assert!(packed.size() * 100 < deltas.count() * most, "{}", packed.size());
            assert!(packed.size() * 2 < deltas.to_bytes().len());
            assert_eq!(grid.fold_packed(&packed), Ok(()));
            assert_eq!(grid, folded);
        }
        assert_eq!(grid, start);
    }
}

#[test]
fn cells_that_are_not_there_and_bytes_that_say_nothing_are_refused() {
    let mut grid = large();
    let before = grid.clone();
    let mut deltas = Deltas::default();
    for cell in [5, 2_000 * 16] {
        deltas.cells.push(domain::plan::CellDelta {
            cell: CellIndex(cell),
            old: Minor(0),
            new: Minor(1),
        });
    }
    assert!(matches!(
        grid.fold_packed(&deltas.packed()),
        Err(Unfit::Misfit(_))
    ));
    let damaged: [&[u8]; 4] = [
        &[],
        &[1],
        &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[1, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 3],
    ];
    for bytes in damaged {
        let packed = read(bytes);
        assert!(
            matches!(grid.fold_packed(&packed), Err(Unfit::Bytes(_))),
            "{bytes:?}"
        );
        assert!(packed.first_cells(9).is_empty());
    }
    assert_eq!(grid, before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn packed_changes_come_to_what_their_cells_come_to(
        start in held_plan(), raws in prop::collection::vec(raw(), 1..5),
    ) {
        let (mut one, mut other) = (start.clone(), start.clone());
        for raw in &raws {
            let asked = command(&one, raw);
            let Ok(deltas) = apply(&one, &asked) else { continue };
            let packed = deltas.packed();
            prop_assert_eq!(&read(&bytes(&packed)), &packed);
            let cells: Vec<CellIndex> = deltas.cells.iter().map(|delta| delta.cell).collect();
            prop_assert_eq!(packed.first_cells(usize::MAX), cells.clone());
            prop_assert_eq!(packed.first_cells(3), &cells[..cells.len().min(3)]);
            let before = other.clone();
            one.fold(&deltas).unwrap();
            prop_assert_eq!(other.fold_packed(&packed), Ok(()));
            prop_assert_eq!(&other, &one);
            // Nobody who stands elsewhere takes them.
            if one != before {
                prop_assert!(other.fold_packed(&packed).is_err());
                prop_assert_eq!(&other, &one);
            }
            prop_assert_eq!(other.fold_packed(&deltas.invert().packed()), Ok(()));
            prop_assert_eq!(&other, &before);
            other = one.clone();
        }
    }

    #[test]
    fn any_bytes_are_changes_or_refused(
        grid in held_plan(),
        raw in raw(),
        at in any::<prop::sample::Index>(),
        instead in prop::collection::vec(any::<u8>(), 0..12),
        cut in any::<bool>(),
    ) {
        let deltas = apply(&grid, &command(&grid, &raw)).unwrap_or_default();
        let mut changed = bytes(&deltas.packed());
        let place = at.index(changed.len());
        let until = if cut { changed.len() } else { (place + instead.len()).min(changed.len()) };
        changed.splice(place..until, instead);
        let packed = read(&changed);
        let _cells = packed.first_cells(usize::MAX);
        let mut after = grid.clone();
        if after.fold_packed(&packed).is_err() {
            prop_assert_eq!(after, grid);
        }
    }
}
