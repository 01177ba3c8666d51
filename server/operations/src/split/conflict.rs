//! Whether two people, or one in two places, set the same amounts without having seen each other.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{CellIndex, Deltas, Difference, Entry, Grid, NodeIndex, PeriodIndex, PlanCommand};

/// The amounts that this command sets outright and that were set outright since, unseen (`is_missed`) by who made it: what they
/// were, what they are, and what this command would make of them. Commands that move, share or hold amounts mean the amounts at
/// the head.
pub(super) fn differences(
    grid: &Grid,
    command: &PlanCommand,
    deltas: &Deltas,
    since: &[Entry],
    is_missed: impl Fn(&Entry) -> bool,
) -> Vec<Difference> {
    let sets = matches!(
        command,
        PlanCommand::Set { .. }
            | PlanCommand::SetSpan { .. }
            | PlanCommand::SetTotal { .. }
            | PlanCommand::Enter { .. }
            | PlanCommand::Steps { .. }
    );
    if !sets {
        return Vec::new();
    }
    // By row: a block of many numbers meets as many changed amounts, under the lock.
    let mut asked: BTreeMap<NodeIndex, BTreeSet<Option<PeriodIndex>>> = BTreeMap::new();
    for (node, period) in command.named() {
        asked.entry(node).or_default().insert(period);
    }
    let names = |(node, period): (NodeIndex, Option<PeriodIndex>)| {
        asked
            .get(&node)
            .is_some_and(|whens| period.is_none() || whens.contains(&None) || whens.contains(&period))
    };
    let mut left: BTreeMap<CellIndex, Minor> = BTreeMap::new();
    let mut last: BTreeMap<CellIndex, (UserId, u64)> = BTreeMap::new();
    for entry in since.iter().filter(|entry| is_missed(entry)) {
        let same = entry.command.named().into_iter().any(names);
        for delta in &entry.deltas.cells {
            let (node, period) = grid.shape().place(delta.cell);
            if names((node, Some(period))) {
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
