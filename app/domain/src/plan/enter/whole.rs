//! Amounts that are had together or not at all, as those of the months of a quarter.

use super::siblings::{NOBODY, unsigned};
use super::{Entered, enter_most};
use crate::money::Minor;
use crate::plan::{Constraint, Deltas, Give, GiveWay, Grid, Keep, NodeIndex, PeriodIndex, Refusal};
use crate::rebalance::{self, Aim, Span};

/// What entering groups of amounts comes to where groups that cannot be had as a whole are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnteringWhole {
    /// Those that can be had together, by their places.
    pub taken: Vec<usize>,
    /// Those that cannot, each with what stands in its way.
    pub refused: Vec<(usize, Refusal)>,
    /// Every amount of the taken ones.
    pub amounts: Vec<Entered>,
    /// What they change.
    pub deltas: Deltas,
}

/// What as many groups of amounts as possible change, as [`enter_most`] works it out; of none is only a part entered.
pub fn enter_whole(grid: &Grid, groups: &[Vec<Entered>], gives: GiveWay) -> EnteringWhole {
    let mut left: Vec<(usize, &Vec<Entered>)> = groups.iter().enumerate().collect();
    let mut refused = Vec::new();
    loop {
        let amounts: Vec<Entered> = left.iter().flat_map(|(_, group)| group.iter().copied()).collect();
        let entering = enter_most(grid, &amounts, gives);
        let before = left.len();
        for (entered, refusal) in entering.refused {
            // Where two groups ask for the same, the later one is refused.
            if let Some(at) = left.iter().rposition(|(_, group)| group.contains(&entered)) {
                refused.push((left.remove(at).0, refusal));
            }
        }
        if left.len() == before {
            return EnteringWhole {
                taken: left.into_iter().map(|(place, _)| place).collect(),
                refused,
                amounts: entering.taken,
                deltas: entering.deltas,
            };
        }
    }
}

/// What each of neighbouring periods of a row is to have, so that together they have an amount: in their present proportions, within
/// what holds them in the row and below it; those that are entered `apart` have what they have there. What lies beside and above the
/// row is asked where they are entered.
pub fn by_period(
    grid: &Grid,
    node: NodeIndex,
    (first, periods): (PeriodIndex, u16),
    amount: Minor,
    apart: &[Entered],
) -> Result<Vec<Entered>, Refusal> {
    grid.known(node, Some(first))?;
    let unknown = Refusal::UnknownNode { node };
    let mut part = grid.part(node).map_err(|_| unknown.clone())?;
    let top = NodeIndex(0);
    let refused = |refusal: Refusal| unsigned(refusal.moved_down(node));
    for entered in apart {
        let aim = Aim {
            node: top,
            period: entered.period,
            keep: Keep::None,
            give: Give::Siblings,
        };
        let deltas = rebalance::set(&part, aim, entered.amount).map_err(refused)?;
        // They were decided on this very part, as those below.
        part.fold(&deltas).map_err(|_| unknown.clone())?;
        let held = Constraint {
            lock: Some(NOBODY),
            ..Constraint::default()
        };
        part.hold_as((top, entered.period), held);
    }
    let span = Span {
        node: top,
        first,
        periods,
        keep: Keep::None,
        give: Give::Siblings,
    };
    let deltas = rebalance::set_span(&part, span, amount).map_err(refused)?;
    part.fold(&deltas).map_err(|_| unknown)?;
    let each = (first.0..first.0.saturating_add(periods)).map(PeriodIndex);
    Ok(each
        .map(|period| Entered {
            node,
            period: Some(period),
            amount: part.amount(top, Some(period)),
        })
        .collect())
}
