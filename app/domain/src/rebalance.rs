//! The drag: one amount changes and everything else gives way, exactly and within locks and bounds.
//!
//! *Up* the ancestors stay or follow, *sideways* siblings share in proportion to what they have (bounded: see
//! [`crate::allocation`]), *down* every subtree follows its top level by level. What a subtree can take is the sum of
//! what its nodes can. Where a change only moves amounts between periods, everybody's total below stays too, as far as
//! bounds allow. The result depends on the state and the command only, not on the order of siblings or on what a drag
//! passed through; [`Drag::preview`] shows the amounts that [`crate::plan::apply`] will decide.
//!
//! Locks, floors and caps of cells and of totals are exact: a change is refused only where no amounts keep all of them.
//! Within one period, or where no total is held, sharing level by level finds them; else what breaks a bound total is led
//! another way as a flow (`margins`). A refusal names the fewest places whose release makes room; where totals are held
//! while several periods change, places of which none can be left out.

mod blockers;
mod decided;
mod knapsack;
mod margins;
mod motion;
mod network;
mod refuse;
mod region;
mod room;
mod rows;
mod shift;
mod span;
mod split;
mod spread;
mod transfer;
mod trial;
mod uplift;
mod weighing;
mod whole;

use serde::{Deserialize, Serialize};

pub(crate) use decided::Decided;
use decided::check_column;
pub use motion::Aim;
use motion::{Counterpart, Motion};
use refuse::check_totals;
pub(crate) use refuse::{check_amount, check_bounds, check_held};
pub(crate) use span::{Span, set_span};
pub(crate) use split::{Splitting, split};
use spread::Rule;
pub(crate) use transfer::move_amount;
pub(crate) use uplift::over_assign;
pub use weighing::{Rest, Weighing};
pub(crate) use whole::{even_out, set_total};

use crate::money::Minor;
use crate::plan::{CellDelta, CellIndex, Deltas, Grid, NodeIndex, PeriodIndex, Refusal};

/// The amounts a handle can be dragged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Least.
    pub min: Minor,
    /// Most.
    pub max: Minor,
}

/// How far an amount can go under today's locks and bounds. (Where children exceed their parent by a hedge, the last units
/// before [`MAX_AMOUNT`](crate::plan::MAX_AMOUNT) may be too many for them.)
pub fn reachable(grid: &Grid, aim: Aim) -> Result<Reach, Refusal> {
    let (min, max) = Motion::new(grid, aim)?.reach(grid);
    Ok(Reach {
        min: Minor(min),
        max: Minor(max),
    })
}

/// Sets one amount and solves the whole plan.
pub(crate) fn set(grid: &Grid, aim: Aim, amount: Minor) -> Result<Deltas, Refusal> {
    Ok(decide(grid, aim, amount)?.deltas(grid))
}

/// The same, in whichever form it is wanted.
pub(crate) fn decide(grid: &Grid, aim: Aim, amount: Minor) -> Result<Decided, Refusal> {
    solved(grid, Motion::new(grid, aim)?, amount)
}

/// Everything that a change of one amount changes.
fn solved(grid: &Grid, mut motion: Motion, amount: Minor) -> Result<Decided, Refusal> {
    motion.solve(grid, amount.0)?;
    motion.settle(grid)?;
    check_totals(grid, &motion.region)?;
    let mut around = Deltas::default();
    for column in 0..motion.region.periods.len() {
        surroundings(grid, &motion, column, &mut around)?;
        check_column(&motion.region, column)?;
    }
    Ok(Decided::new(motion.region, around))
}

/// A handle being dragged: what does not depend on the pointer is worked out once.
pub struct Drag {
    motion: Motion,
    reach: Reach,
    /// Parents whose children differ from the present amounts, by local index.
    spread: Vec<usize>,
    /// For each node of the region the frame in which its children were last spread.
    spread_in: Vec<u32>,
    frame: u32,
    /// What stopped it first on the way down and up, where finding that out takes more than a frame.
    stopped: [Option<Refusal>; 2],
}

/// What one frame of a drag shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Where the pointer is.
    pub wanted: Minor,
    /// Where the bar stops: the nearest amount within reach.
    pub placed: Minor,
    /// Why it does not go further: what cannot be placed, and who blocks.
    pub refusal: Option<Refusal>,
    /// The amounts, in every period that changes, of the node, its siblings where they give, its ancestors where they
    /// follow, and the visible nodes below; present ones among them where nothing changes.
    pub cells: Vec<(CellIndex, Minor)>,
    /// The parent's hedge, where that gives.
    pub hedges: Vec<(CellIndex, Minor)>,
}

impl Drag {
    /// Grips a handle.
    pub fn begin(grid: &Grid, aim: Aim) -> Result<Self, Refusal> {
        let motion = Motion::new(grid, aim)?;
        let (min, max) = motion.reach(grid);
        Ok(Self {
            reach: Reach {
                min: Minor(min),
                max: Minor(max),
            },
            spread: Vec::new(),
            spread_in: vec![0; motion.region.len],
            motion,
            frame: 0,
            stopped: [None, None],
        })
    }

    /// How far the handle goes.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// The amounts with the handle at `wanted`: the sibling group, the ancestors, and those of `visible` that lie below
    /// them. `grid` must be the one the drag began with; it stays as it is.
    pub fn preview(&mut self, grid: &Grid, wanted: Minor, visible: &[NodeIndex]) -> Preview {
        self.forget(grid);
        let mut placed = wanted.clamp(self.reach.min, self.reach.max);
        let mut refusal = None;
        if placed != wanted {
            refusal = self.refuse(grid, wanted);
        }
        if let Err(reason) = self.motion.solve(grid, placed.0) {
            // Nothing within reach is refused; if it were, the bar would stay.
            refusal = Some(reason);
            placed = grid.amount(self.motion.aim.node, self.motion.aim.period);
            self.motion.delta.fill(0);
            self.reset_group(grid);
        }
        let mut preview = Preview {
            wanted,
            placed,
            refusal,
            cells: Vec::new(),
            hedges: Vec::new(),
        };
        let mut around = Deltas::default();
        for column in 0..self.motion.region.periods.len() {
            // Amounts beyond all reason do not get here: the reach ends before.
            if let Err(reason) = surroundings(grid, &self.motion, column, &mut around) {
                preview.refusal = Some(reason);
            }
        }
        preview
            .cells
            .extend(around.cells.iter().map(|delta| (delta.cell, delta.new)));
        preview
            .hedges
            .extend(around.hedges.iter().map(|delta| (delta.cell, delta.new)));
        for local in self.group(grid) {
            self.show(grid, local, &mut preview.cells);
        }
        for node in visible {
            if let Some(local) = self.follow(grid, *node) {
                self.show(grid, local, &mut preview.cells);
            }
        }
        preview
    }

    /// Why an amount is out of reach. Where totals are bound, who stopped the drag first stays named while it goes on.
    fn refuse(&mut self, grid: &Grid, amount: Minor) -> Option<Refusal> {
        if let Err(own) = self.motion.check_own(grid, amount.0) {
            return Some(own);
        }
        let side = usize::from(amount > self.reach.max);
        if let Some(Refusal::Blocked {
            node,
            period,
            reachable,
            blockers,
            ..
        }) = &self.stopped[side]
        {
            return Some(Refusal::Blocked {
                node: *node,
                period: *period,
                wanted: amount,
                reachable: *reachable,
                missing: Minor((amount.0 - reachable.0).abs()),
                blockers: blockers.clone(),
            });
        }
        let refusal = self.motion.solve(grid, amount.0).err();
        self.reset_group(grid);
        if !self.motion.region.rows.is_empty() {
            self.stopped[side].clone_from(&refusal);
        }
        refusal
    }

    /// The node and, where they give, its siblings.
    fn group(&self, grid: &Grid) -> Vec<usize> {
        let region = &self.motion.region;
        if self.motion.counterpart != Counterpart::Siblings {
            return vec![self.motion.own];
        }
        grid.shape()
            .children(region.node(0))
            .map(|child| region.local(child))
            .collect()
    }

    /// Spreads the path from the group down to a visible node; `None` where it is not below the group.
    fn follow(&mut self, grid: &Grid, node: NodeIndex) -> Option<usize> {
        let region = &self.motion.region;
        let inside = grid.shape().has(node) && node.0 >= region.root && region.local(node) < region.len;
        if !inside {
            return None;
        }
        let local = region.local(node);
        // The parent of a group was spread by the solve.
        let top = u32::from(self.motion.counterpart == Counterpart::Siblings);
        let mut path: Vec<usize> = grid
            .shape()
            .ancestors(node)
            .take_while(|above| above.0 >= self.motion.region.root + top)
            .map(|above| self.motion.region.local(above))
            .collect();
        if path.is_empty() {
            return None;
        }
        while let Some(parent) = path.pop() {
            // What has bound rows below was spread by the solve too.
            if self.spread_in[parent] == self.frame || self.motion.region.is_above_rows(parent) {
                continue;
            }
            self.spread_in[parent] = self.frame;
            if self.motion.region.changes(grid, parent) {
                self.spread.push(parent);
                self.motion.region.spread(grid, parent, Rule::FOLLOW).ok()?;
            }
        }
        Some(local)
    }

    fn show(&self, grid: &Grid, local: usize, cells: &mut Vec<(CellIndex, Minor)>) {
        let region = &self.motion.region;
        for (column, period) in region.periods.iter().enumerate() {
            cells.push((
                grid.shape().cell(region.node(local), *period),
                Minor(region.amount(column, local)),
            ));
        }
    }

    /// Puts back what the last frame spread.
    fn forget(&mut self, grid: &Grid) {
        self.frame += 1;
        for parent in std::mem::take(&mut self.spread) {
            self.reset_children(grid, parent);
        }
        self.reset_group(grid);
    }

    fn reset_group(&mut self, grid: &Grid) {
        for parent in self.motion.region.parents_of_rows() {
            self.reset_children(grid, parent);
        }
        if self.motion.counterpart == Counterpart::Siblings {
            self.reset_children(grid, 0);
        } else {
            self.reset_cell(grid, self.motion.own);
        }
    }

    fn reset_children(&mut self, grid: &Grid, parent: usize) {
        let end = self.motion.region.end(grid, parent);
        let mut child = parent + 1;
        while child < end {
            self.reset_cell(grid, child);
            child = self.motion.region.end(grid, child);
        }
    }

    fn reset_cell(&mut self, grid: &Grid, local: usize) {
        let region = &mut self.motion.region;
        for column in 0..region.periods.len() {
            let at = region.at(column, local);
            region.new[at] = region.now(grid, column, local);
        }
    }
}

/// Appends what changes outside of the region in one period: ancestors, from the root down, or the parent's hedge.
fn surroundings(grid: &Grid, motion: &Motion, column: usize, deltas: &mut Deltas) -> Result<(), Refusal> {
    let (shape, period, change) = (grid.shape(), motion.region.periods[column], motion.delta[column]);
    if change == 0 {
        return Ok(());
    }
    match motion.counterpart {
        Counterpart::Siblings => {}
        Counterpart::Ancestors => {
            let from = deltas.cells.len();
            for node in shape.ancestors(motion.aim.node) {
                let now = grid.cell_amount(node, period);
                check_amount(node, Some(period), now + change)?;
                deltas
                    .cells
                    .push(delta(shape.cell(node, period), now, now + change));
            }
            deltas.cells[from..].reverse();
        }
        Counterpart::Hedge => {
            if let Some(parent) = shape.parent(motion.aim.node) {
                let now = grid.cell_hedge(parent, period);
                deltas
                    .hedges
                    .push(delta(shape.cell(parent, period), now, now + change));
            }
        }
    }
    Ok(())
}

fn delta(cell: CellIndex, old: i64, new: i64) -> CellDelta {
    CellDelta {
        cell,
        old: Minor(old),
        new: Minor(new),
    }
}

/// Every period of a grid.
fn all_periods(grid: &Grid) -> Vec<PeriodIndex> {
    grid.periods().collect()
}
