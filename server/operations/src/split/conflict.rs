//! Whether two people set the same amounts without having seen each other.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{CellIndex, Deltas, Difference, Entry, Grid, NodeIndex, PeriodIndex, PlanCommand};

/// The rows and periods a command names; those that only give way are not among them.
pub(super) fn named(command: &PlanCommand) -> Vec<(NodeIndex, Option<PeriodIndex>)> {
    match command {
        PlanCommand::Set { node, period, .. }
        | PlanCommand::Lock { node, period, .. }
        | PlanCommand::Unlock { node, period }
        | PlanCommand::Floor { node, period, .. }
        | PlanCommand::Cap { node, period, .. } => vec![(*node, *period)],
        PlanCommand::Split { node, proposals, .. } => {
            let proposed = proposals.iter().map(|proposal| (proposal.node, proposal.period));
            std::iter::once((*node, None)).chain(proposed).collect()
        }
        PlanCommand::EvenOut { node, .. } => vec![(*node, None)],
        PlanCommand::SetTotal { .. } => vec![(NodeIndex(0), None)],
        PlanCommand::Move { from, to, period, .. } | PlanCommand::SendShare { from, to, period, .. } => {
            vec![(*from, *period), (*to, *period)]
        }
        PlanCommand::Enter { amounts, .. } => amounts
            .iter()
            .map(|entered| (entered.node, entered.period))
            .collect(),
        PlanCommand::Restore { .. } => Vec::new(),
    }
}

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
        PlanCommand::Set { .. } | PlanCommand::SetTotal { .. } | PlanCommand::Enter { .. }
    );
    if !sets {
        return Vec::new();
    }
    let asked = named(command);
    let mut left: BTreeMap<CellIndex, Minor> = BTreeMap::new();
    let mut last: BTreeMap<CellIndex, (UserId, u64)> = BTreeMap::new();
    for entry in since.iter().filter(|entry| entry.author != me) {
        let same = named(&entry.command).iter().any(|(node, period)| {
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
