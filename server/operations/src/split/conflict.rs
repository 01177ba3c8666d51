//! Whether two people set the same amounts without having seen each other.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{CellIndex, Deltas, Difference, Entry, Grid, PlanCommand};

/// The amounts that this command sets outright and somebody else has set outright since: what they were, what they are,
/// and what this command would make of them. Commands that move, share or hold amounts mean the amounts at the head.
pub(super) fn differences(
    grid: &Grid,
    command: &PlanCommand,
    deltas: &Deltas,
    since: &[Entry],
    me: UserId,
) -> Vec<Difference> {
    let sets = matches!(
        command,
        PlanCommand::Set { .. }
            | PlanCommand::SetTotal { .. }
            | PlanCommand::Enter { .. }
            | PlanCommand::Steps { .. }
    );
    if !sets {
        return Vec::new();
    }
    let asked = command.named();
    let mut left: BTreeMap<CellIndex, Minor> = BTreeMap::new();
    let mut last: BTreeMap<CellIndex, (UserId, u64)> = BTreeMap::new();
    for entry in since.iter().filter(|entry| entry.author != me) {
        let same = entry.command.named().iter().any(|(node, period)| {
            asked
                .iter()
                .any(|(own, when)| own == node && (period == when || period.is_none() || when.is_none()))
        });
        for delta in &entry.deltas.cells {
            let (node, period) = grid.shape().place(delta.cell);
            let mine = asked
                .iter()
                .any(|(own, when)| *own == node && when.is_none_or(|when| when == period));
            if mine {
                left.entry(delta.cell).or_insert(delta.old);
                if same {
                    last.insert(delta.cell, (entry.author, entry.seq));
                }
            }
        }
    }
    let difference = |(cell, (by, seq)): (CellIndex, (UserId, u64))| {
        let (node, period) = grid.shape().place(cell);
        let now = grid.amount(node, Some(period));
        let becomes = deltas.of(cell).map_or(now, |delta| delta.new);
        Difference {
            cell,
            left: left.get(&cell).copied().unwrap_or(now),
            now,
            becomes,
            by,
            seq,
        }
    };
    last.into_iter()
        .map(difference)
        .filter(|difference| difference.left != difference.now)
        .collect()
}
