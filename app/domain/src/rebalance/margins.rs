//! Bound rows as a flow, which is exact where sharing level by level is not.

use super::network::Network;
use super::region::{CEILING, Region};
use super::spread::{Gap, Rule};
use crate::plan::Grid;

/// What decides about the root's amounts and the handle while bound rows are brought in order.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    /// Bounds of the root's amounts, by period; `None` where they stay.
    pub(super) root: Option<&'a [(i64, i64)]>,
    /// Whose amount is set.
    pub(super) own: usize,
    /// Where: in a period, or its total.
    pub(super) handle: Handle,
}

/// The amount that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handle {
    None,
    Cell(usize),
    Total,
}

/// Which amounts a network starts from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Amounts {
    Now,
    New,
}

/// Whose amount in a period flows along an arc.
#[derive(Clone, Copy)]
enum Whose {
    /// A row's, or the root's.
    Row(usize),
    /// That of all children of a node that are no rows, together.
    Others(usize),
}

/// The bound rows of a region as one flow: each period's amount runs down the tree, each row's runs up again as its total.
///
/// What is held of cells bounds the ways down, what is held of totals the ways up, so that amounts keep every bound exactly
/// where the flow does; a subtree without bound totals is as free as its cells are, and takes part as one.
pub(super) struct Margins {
    pub(super) network: Network,
    arcs: Vec<Lead>,
    /// Where the handle's amount comes from and where it goes, when it is left open; one of each part.
    pub(super) gaps: Vec<(u32, u32)>,
}

/// An arc and whose amount it leads.
struct Lead {
    part: usize,
    column: usize,
    whose: Whose,
    arc: usize,
}

impl Margins {
    /// The flow of some regions; of several, what one gives in a period another takes. From the amounts of now the handles
    /// are left open; from new ones they are fixed.
    pub(super) fn of(grid: &Grid, parts: &[(&Region, Frame<'_>)], amounts: Amounts) -> Self {
        let mut margins = Self {
            network: Network::default(),
            arcs: Vec::new(),
            gaps: Vec::new(),
        };
        let columns = parts.first().map_or(0, |(region, _)| region.periods.len());
        let sums = margins.network.vertex();
        let outside: Vec<u32> = (0..columns)
            .map(|_| {
                if parts.len() > 1 {
                    margins.network.vertex()
                } else {
                    sums
                }
            })
            .collect();
        for (part, (region, frame)) in parts.iter().enumerate() {
            margins.add(grid, part, region, *frame, amounts, (&outside, sums));
        }
        margins
    }

    fn add(
        &mut self,
        grid: &Grid,
        part: usize,
        region: &Region,
        frame: Frame<'_>,
        amounts: Amounts,
        (outside, sums): (&[u32], u32),
    ) {
        let amount = |column: usize, local: usize| match amounts {
            Amounts::Now => region.now(grid, column, local),
            Amounts::New => region.amount(column, local),
        };
        let columns = region.periods.len();
        let total = |local: usize| -> i64 { (0..columns).map(|column| amount(column, local)).sum() };
        let lead = |column, whose, arc| Lead {
            part,
            column,
            whose,
            arc,
        };
        let top = self.network.vertex();
        let inner = region.is_above_rows(0);
        let cells: Vec<u32> = (0..columns)
            .map(|_| if inner { self.network.vertex() } else { top })
            .collect();
        if let Some(bounds) = frame.root {
            for (column, bounds) in bounds.iter().enumerate() {
                let handle = frame.handle == Handle::Cell(column);
                let ends = (outside[column], cells[column]);
                if let Some(arc) = self.arc(ends, amount(column, 0), *bounds, handle, amounts) {
                    self.arcs.push(lead(column, Whose::Row(0), arc));
                }
            }
            let stays = (total(0), total(0));
            self.arc(
                (top, sums),
                total(0),
                stays,
                frame.handle == Handle::Total,
                amounts,
            );
        }
        let mut open = Vec::new();
        if inner {
            open.push((0, cells, top));
        }
        while let Some((parent, cells, top)) = open.pop() {
            let (mut rows, mut others) = (Vec::new(), vec![(0_i64, 0_i64, 0_i64); columns]);
            for child in grid.shape().children(region.node(parent)) {
                let local = region.local(child);
                if let Some(row) = region.rows.get(&local) {
                    rows.push((grid.shape().reference(child), local, *row));
                    continue;
                }
                for (column, (flow, lo, hi)) in others.iter_mut().enumerate() {
                    let room = region.room(column, local);
                    *flow += amount(column, local);
                    *lo += room.0;
                    *hi = (*hi + room.1).min(CEILING);
                }
            }
            for (column, (flow, lo, hi)) in others.into_iter().enumerate() {
                if hi > 0 {
                    let arc = self.network.arc(cells[column], top, flow, (lo, hi));
                    self.arcs.push(lead(column, Whose::Others(parent), arc));
                }
            }
            // The order of siblings decides nothing.
            rows.sort_unstable_by_key(|(reference, _, _)| *reference);
            let mut below = Vec::new();
            for (_, local, row) in rows {
                let own = local == frame.own && local > 0;
                let sum = self.network.vertex();
                let handle = own && frame.handle == Handle::Total;
                self.arc((sum, top), total(local), (row.lo, row.hi), handle, amounts);
                let inner: Vec<u32> = (0..columns)
                    .map(|_| if row.above { self.network.vertex() } else { sum })
                    .collect();
                for column in 0..columns {
                    let handle = own && frame.handle == Handle::Cell(column);
                    let ends = (cells[column], inner[column]);
                    let bounds = region.room(column, local);
                    if let Some(arc) = self.arc(ends, amount(column, local), bounds, handle, amounts) {
                        self.arcs.push(lead(column, Whose::Row(local), arc));
                    }
                }
                if row.above {
                    below.push((local, inner, sum));
                }
            }
            open.extend(below.into_iter().rev());
        }
    }

    /// An arc; the handle's is fixed at what is set, or left open.
    fn arc(
        &mut self,
        (from, to): (u32, u32),
        flow: i64,
        bounds: (i64, i64),
        handle: bool,
        amounts: Amounts,
    ) -> Option<usize> {
        if !handle {
            return Some(self.network.arc(from, to, flow, bounds));
        }
        if amounts == Amounts::Now {
            self.gaps.push((from, to));
            return None;
        }
        Some(self.network.arc(from, to, flow, (flow, flow)))
    }

    /// Writes the amounts that flow in one part into its region; children that are no rows share what flows to them together.
    pub(super) fn write<'a>(
        &self,
        grid: &Grid,
        part: usize,
        region: &mut Region,
        rule: impl Fn(usize) -> Rule<'a>,
    ) -> Result<(), Gap> {
        let mut others = Vec::new();
        for lead in self.arcs.iter().filter(|lead| lead.part == part) {
            let flow = self.network.flow(lead.arc);
            match lead.whose {
                Whose::Row(local) => {
                    let at = region.at(lead.column, local);
                    region.new[at] = flow;
                }
                Whose::Others(parent) => others.push((lead.column, parent, flow)),
            }
        }
        for (column, parent, flow) in others {
            let rule = rule(parent);
            region.gather(grid, parent, column, rule);
            let mut slots = std::mem::take(&mut region.slots);
            slots.retain(|slot| !region.rows.contains_key(&(slot.id as usize)));
            let present: i64 = slots
                .iter()
                .map(|slot| region.amount(column, slot.id as usize))
                .sum();
            region.slots = slots;
            if present != flow {
                region.spread_column(grid, parent, column, flow, rule)?;
            }
        }
        Ok(())
    }
}
