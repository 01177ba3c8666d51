//! The plan: a tree of nodes × periods with exact sums, changed only by commands.
//!
//! In every cell the children sum to their parent plus the parent's hedge, and every lock, floor and cap holds: the
//! constructors check it and no command breaks it, so each function here may rely on it. A [`Grid`] is dense (8 bytes
//! a cell, a copy shares the periods it does not change); locks, floors, caps and hedges are sparse. A change is a [`PlanCommand`]; [`apply`] turns it into
//! [`Deltas`] or a [`Refusal`], and the state of a version is the fold of its deltas.

mod amounts;
mod apply;
pub(crate) mod bytes;
mod check;
mod columns;
mod command;
mod delta;
mod enter;
mod grid;
mod inputs;
mod log;
mod made;
mod pack;
mod packed;
mod part;
mod refusal;
mod shape;
mod since;
mod standing;
mod steps;
mod way_back;

pub use apply::apply;
pub use bytes::BadBytes;
pub use check::GridError;
pub use columns::Arriving;
pub use command::{Give, GiveWay, Intent, Keep, PlanCommand, Spread};
pub use delta::{CellDelta, ConstraintDelta, Deltas, Misfit};
pub use enter::{Entered, Entering, EnteringWhole, by_period, enter_most, enter_whole, furthest_down};
pub use grid::{Constraint, Grid, HEDGE_LIMIT_PPM};
pub use inputs::{Basis, BasisWeights, Factor, FactorKind, Kept, OwnWeights, Proposal};
pub use log::{Difference, Entry, Log, LogError, Undo, UndoRefusal};
pub use made::{Back, after, make};
pub use packed::{PackedDeltas, Unfit};
pub use refusal::{Blocker, Cause, Refusal};
pub use shape::{CellIndex, NodeIndex, NodeRef, NodeSpec, PeriodIndex, PlanPeriod, Shape, ShapeError};
pub use since::{RowSince, rows_since};
pub use standing::Standing;
pub(crate) use steps::follow;
pub use steps::{MOST_STEPS, Step};
pub use way_back::HeldSince;

/// The version of the arithmetic; stored with every command and snapshot.
pub const ENGINE: u32 = 1;

/// The largest amount of a cell or a total: 10^15 minor units.
///
/// Below 2^50, so that products of two amounts stay within what the solver checks exactly.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000_000;
