//! Commands that give whole subtrees new amounts: even out, set the total, move.

use super::blockers::Totals;
use super::refuse::{check_amount, check_bounds, gap_refusal};
use super::region::Region;
use super::room::total_room;
use super::split::resplit;
use super::spread::{Rule, Weights};
use super::{all_periods, delta, deltas_of};
use crate::allocation::{Filler, Slot};
use crate::money::Minor;
use crate::plan::{Blocker, Cause, Deltas, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal, Spread};

/// Makes the children of a node equal in every period; what lies below follows.
pub(crate) fn even_out(grid: &Grid, node: NodeIndex) -> Result<Deltas, Refusal> {
    grid.known(node, None)?;
    if grid.shape().is_leaf(node) {
        return Err(Refusal::NoChildren { node });
    }
    let weights = vec![1; (grid.shape().end(node).0 - node.0) as usize];
    let rule = Rule {
        weights: Weights::Given(&weights),
        except: None,
        step: 1,
    };
    resplit(grid, node, Spread::Children, rule)
}

/// Sets the total of the plan, over the periods by `seasons` or in present proportions.
pub(crate) fn set_total(grid: &Grid, amount: Minor, seasons: &[u64]) -> Result<Deltas, Refusal> {
    let root = NodeIndex(0);
    check_amount(root, None, amount.0)?;
    check_bounds(grid, root, None, amount.0)?;
    let mut region = Region::new(grid, root, all_periods(grid));
    let columns = region.periods.len();
    if !seasons.is_empty() && seasons.len() != columns {
        return Err(Refusal::Weights {
            expected: columns as u64,
            got: seasons.len() as u64,
        });
    }
    let mut slots = Vec::with_capacity(columns);
    let (mut least, mut most) = (0_i64, 0_i64);
    for column in 0..columns {
        let weight = seasons
            .get(column)
            .copied()
            .unwrap_or_else(|| region.now(grid, column, 0) as u64);
        let (lo, hi) = region.room(column, 0);
        least += lo;
        most += hi;
        slots.push(Slot::new(column as u32, weight, lo, hi));
    }
    if !region.row_lo.is_empty() {
        least = least.max(region.row_lo[0]);
        most = most.min(region.row_hi[0]);
    }
    if amount.0 < least || amount.0 > most {
        let gap = super::spread::Gap {
            parent: root,
            period: None,
            wanted: amount.0,
            reachable: amount.0.clamp(least, most),
        };
        return Err(gap_refusal(grid, &region, gap, Totals::Change));
    }
    Filler::default().fill(amount.0, &mut slots, u128::from);
    for (column, slot) in slots.iter().enumerate() {
        let at = region.at(column, 0);
        region.new[at] = slot.amount;
    }
    region
        .descend(grid, 0, Rule::FOLLOW)
        .map_err(|gap| gap_refusal(grid, &region, gap, Totals::Change))?;
    deltas_of(grid, &region)
}

/// Moves an amount between two nodes, in one period or over all; ancestors follow up to the common one.
pub(crate) fn move_amount(
    grid: &Grid,
    from: NodeIndex,
    to: NodeIndex,
    period: Option<PeriodIndex>,
    amount: Minor,
) -> Result<Deltas, Refusal> {
    grid.known(from, period)?;
    grid.known(to, period)?;
    let shape = grid.shape();
    let inside = |outer: NodeIndex, inner: NodeIndex| outer <= inner && inner < shape.end(outer);
    if inside(from, to) || inside(to, from) {
        return Err(Refusal::SameLine { from, to });
    }
    check_amount(from, period, amount.0)?;
    let ends = [(from, -amount.0), (to, amount.0)];
    for (node, change) in ends {
        let after = grid.amount_or_total(node, period) + change;
        check_amount(node, period, after)?;
        check_bounds(grid, node, period, after)?;
        if period.is_some() {
            let total = grid.amount_or_total(node, None) + change;
            check_amount(node, None, total)?;
            check_bounds(grid, node, None, total)?;
        }
    }
    let periods = period.map_or_else(|| all_periods(grid), |period| vec![period]);
    let paths = ends.map(|(node, change)| {
        let other = if node == from { to } else { from };
        let path: Vec<NodeIndex> = shape
            .ancestors(node)
            .take_while(|above| !inside(*above, other))
            .collect();
        (path, change)
    });
    let mut regions = [from, to].map(|node| Region::new(grid, node, periods.clone()));
    // Each period gives as the giver has, within what both sides and their ancestors allow.
    let mut slots = Vec::with_capacity(periods.len());
    let mut most = 0_i64;
    for (column, held) in periods.iter().enumerate() {
        let now = regions[0].now(grid, column, 0);
        let mut room = now - regions[0].room(column, 0).0;
        room = room.min(regions[1].room(column, 0).1 - regions[1].now(grid, column, 0));
        for (path, change) in &paths {
            for node in path {
                let now = grid.cell_amount(*node, *held);
                let (lo, hi) = grid.constraint(*node, Some(*held)).bounds(now);
                room = room.min(if *change < 0 {
                    now - lo
                } else {
                    hi.min(MAX_AMOUNT) - now
                });
            }
        }
        most += room;
        slots.push(Slot::new(column as u32, now as u64, 0, room));
    }
    for (path, change) in &paths {
        for node in path {
            let (down, up) = total_room(grid, *node);
            most = most.min(if *change < 0 { down } else { up });
        }
    }
    if amount.0 > most {
        return Err(blocked_move(grid, &paths, (to, period), amount.0, most, &regions));
    }
    Filler::default().fill(amount.0, &mut slots, u128::from);
    let mut deltas = Deltas::default();
    for (region, (path, change)) in regions.iter_mut().zip(&paths) {
        for (column, slot) in slots.iter().enumerate() {
            let part = change.signum() * slot.amount;
            let at = region.at(column, 0);
            region.new[at] += part;
            for node in path {
                let now = grid.cell_amount(*node, region.periods[column]);
                deltas
                    .cells
                    .push(delta(shape.cell(*node, region.periods[column]), now, now + part));
            }
        }
        region
            .descend(grid, 0, Rule::FOLLOW)
            .map_err(|gap| gap_refusal(grid, region, gap, Totals::Change))?;
        deltas.cells.append(&mut deltas_of(grid, region)?.cells);
    }
    Ok(deltas.tidy())
}

/// The refusal of a move that bounds below its ends or above them prevent.
fn blocked_move(
    grid: &Grid,
    paths: &[(Vec<NodeIndex>, i64); 2],
    (node, period): (NodeIndex, Option<PeriodIndex>),
    wanted: i64,
    most: i64,
    regions: &[Region; 2],
) -> Refusal {
    use super::blockers::{Way, collect, fewest, own_room};
    let mut found = Vec::new();
    for (region, (path, change)) in regions.iter().zip(paths) {
        let way = Way::of(*change);
        for column in 0..region.periods.len() {
            collect(grid, region, (column, 0), way, Totals::Change, &mut found);
        }
        for node in path {
            for place in region.periods.iter().copied().map(Some).chain([None]) {
                if let Some((room, cause, amount)) = own_room(grid, *node, place, way) {
                    let frees = Minor((wanted - room).max(0));
                    found.push(Blocker {
                        node: *node,
                        period: place,
                        cause,
                        amount: Minor(amount),
                        frees,
                    });
                }
            }
        }
    }
    found.retain(|blocker| blocker.frees.0 > 0);
    let now = grid.amount_or_total(node, period);
    let mut blockers = fewest(grid, found, wanted - most);
    if blockers.is_empty() {
        let amount = grid.amount(node, period);
        blockers.push(Blocker {
            node,
            period,
            cause: Cause::Empty,
            amount,
            frees: Minor(0),
        });
    }
    Refusal::Blocked {
        node,
        period,
        wanted: Minor(now + wanted),
        reachable: Minor(now + most),
        missing: Minor(wanted - most),
        blockers,
    }
}
