//! Commands that give whole subtrees new amounts: split, even out, set the total, move.

use super::blockers::Totals;
use super::margins::{Amounts, Frame, Handle, Margins};
use super::refuse::{check_amount, check_bounds, gap_refusal};
use super::region::Region;
use super::room::total_room;
use super::rows::Kept;
use super::spread::{Rule, Weights};
use super::{all_periods, delta, deltas_of};
use crate::allocation::{Filler, Slot, blend};
use crate::money::Minor;
use crate::plan::{
    BasisWeights, Blocker, Cause, Deltas, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal, Spread,
};

/// Splits what a node has over the nodes below by a blend of bases.
pub(crate) fn split(
    grid: &Grid,
    node: NodeIndex,
    spread: Spread,
    bases: &[BasisWeights],
    step: Minor,
) -> Result<Deltas, Refusal> {
    grid.known(node, None)?;
    if grid.shape().is_leaf(node) {
        return Err(Refusal::NoChildren { node });
    }
    if step.0 < 1 {
        return Err(Refusal::Step { step });
    }
    let weights = blend::of_subtree(grid.shape(), node, bases)?;
    let rule = Rule {
        weights: Weights::Given(&weights),
        except: None,
        step: step.0,
    };
    resplit(grid, node, spread, rule)
}

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

fn resplit(grid: &Grid, node: NodeIndex, spread: Spread, rule: Rule<'_>) -> Result<Deltas, Refusal> {
    let mut region = Region::new(grid, node, all_periods(grid), Kept::Nothing);
    let rule_of = |parent: usize| {
        if spread == Spread::Subtree || parent == 0 {
            rule
        } else {
            Rule::FOLLOW
        }
    };
    if !region.rows.is_empty() {
        let frame = Frame {
            root: None,
            own: 0,
            handle: Handle::None,
        };
        region
            .settle_rows(grid, frame, None, rule_of)
            .map_err(|gap| gap_refusal(grid, &region, gap, Totals::Change))?;
    }
    match spread {
        Spread::Subtree => region.descend(grid, 0, rule),
        Spread::Children if region.is_above_rows(0) => below(&mut region, grid, |region, child| {
            region.descend(grid, child, Rule::FOLLOW)
        }),
        Spread::Children => region.spread(grid, 0, rule).and_then(|()| {
            below(&mut region, grid, |region, child| {
                region.descend(grid, child, Rule::FOLLOW)
            })
        }),
    }
    .map_err(|gap| gap_refusal(grid, &region, gap, Totals::Change))?;
    deltas_of(grid, &region)
}

fn below<E>(
    region: &mut Region,
    grid: &Grid,
    mut each: impl FnMut(&mut Region, usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut child = 1;
    while child < region.len {
        each(region, child)?;
        child = region.end(grid, child);
    }
    Ok(())
}

/// Sets the total of the plan, over the periods by `seasons` or in present proportions.
pub(crate) fn set_total(grid: &Grid, amount: Minor, seasons: &[u64]) -> Result<Deltas, Refusal> {
    let root = NodeIndex(0);
    check_amount(root, None, amount.0)?;
    check_bounds(grid, root, None, amount.0)?;
    let mut region = Region::new(grid, root, all_periods(grid), Kept::Nothing);
    let columns = region.periods.len();
    if !seasons.is_empty() && seasons.len() != columns {
        return Err(Refusal::Weights {
            expected: columns as u64,
            got: seasons.len() as u64,
        });
    }
    let rooms: Vec<(i64, i64)> = (0..columns).map(|column| region.room(column, 0)).collect();
    let now: i64 = (0..columns).map(|column| region.now(grid, column, 0)).sum();
    let (mut least, mut most) = rooms
        .iter()
        .fold((0, 0), |(least, most), (lo, hi)| (least + lo, most + hi));
    let frame = Frame {
        root: Some(&rooms),
        own: 0,
        handle: Handle::Total,
    };
    if !region.rows.is_empty() {
        let (down, up) = region.rooms_of_rows(grid, frame, (now - least, most - now));
        (least, most) = (now - down, now + up);
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
    let mut slots: Vec<Slot> = Vec::with_capacity(columns);
    for (column, (lo, hi)) in rooms.iter().enumerate() {
        let season = seasons.get(column).copied();
        let weight = season.unwrap_or_else(|| region.now(grid, column, 0) as u64);
        slots.push(Slot::new(column as u32, weight, *lo, *hi));
    }
    Filler::default().fill(amount.0, &mut slots, u128::from);
    for (column, slot) in slots.iter().enumerate() {
        let at = region.at(column, 0);
        region.new[at] = slot.amount;
    }
    if !region.rows.is_empty() {
        region
            .settle_rows(grid, frame, None, |_| Rule::FOLLOW)
            .map_err(|gap| gap_refusal(grid, &region, gap, Totals::Change))?;
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
    let mut regions = [from, to].map(|node| Region::new(grid, node, periods.clone(), Kept::Nothing));
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
    let bound = regions.iter().any(|region| !region.rows.is_empty());
    let rooms = [-1, 1].map(|sign| room_bounds(grid, &regions[usize::from(sign > 0)], &slots, sign));
    let frames = [0, 1].map(|end| Frame {
        root: Some(&rooms[end]),
        own: 0,
        handle: Handle::Total,
    });
    if bound {
        let parts = [(&regions[0], frames[0]), (&regions[1], frames[1])];
        let mut margins = Margins::of(grid, &parts, Amounts::Now);
        if let [(giver, _), (taker, _)] = margins.gaps[..] {
            most = most.min(margins.network.push(giver, taker, most));
        }
    }
    if amount.0 > most {
        return Err(blocked_move(grid, &paths, (to, period), amount.0, most, &regions));
    }
    Filler::default().fill(amount.0, &mut slots, u128::from);
    let mut within = true;
    for (region, (_, change)) in regions.iter_mut().zip(&paths) {
        for (column, slot) in slots.iter().enumerate() {
            let at = region.at(column, 0);
            region.new[at] += change.signum() * slot.amount;
        }
        within &= region
            .spread_above_rows(grid, None, |_| Rule::FOLLOW)
            .map_err(|gap| gap_refusal(grid, region, gap, Totals::Change))?;
    }
    if !within {
        let parts = [(&regions[0], frames[0]), (&regions[1], frames[1])];
        let mut margins = Margins::of(grid, &parts, Amounts::New);
        if !margins.network.repair() {
            return Err(blocked_move(grid, &paths, (to, period), amount.0, most, &regions));
        }
        for (part, region) in regions.iter_mut().enumerate() {
            margins
                .write(grid, part, region, |_| Rule::FOLLOW)
                .map_err(|gap| gap_refusal(grid, region, gap, Totals::Change))?;
        }
    }
    let mut deltas = Deltas::default();
    for (region, (path, _)) in regions.iter_mut().zip(&paths) {
        for (column, period) in region.periods.iter().enumerate() {
            let part = region.amount(column, 0) - region.now(grid, column, 0);
            for node in path {
                let now = grid.cell_amount(*node, *period);
                deltas
                    .cells
                    .push(delta(shape.cell(*node, *period), now, now + part));
            }
        }
        region
            .descend(grid, 0, Rule::FOLLOW)
            .map_err(|gap| gap_refusal(grid, region, gap, Totals::Change))?;
        deltas.cells.append(&mut deltas_of(grid, region)?.cells);
    }
    Ok(deltas.tidy())
}

/// What the ends of a move may have in each period.
fn room_bounds(grid: &Grid, region: &Region, slots: &[Slot], sign: i64) -> Vec<(i64, i64)> {
    let of = |(column, slot): (usize, &Slot)| {
        let now = region.now(grid, column, 0);
        if sign > 0 {
            (now, now + slot.hi)
        } else {
            (now - slot.hi, now)
        }
    };
    slots.iter().enumerate().map(of).collect()
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
