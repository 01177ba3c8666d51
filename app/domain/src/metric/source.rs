//! What counts as bookings.

use serde::{Deserialize, Serialize};

/// What a fact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A deal of the pipeline, by the day it was won.
    #[default]
    Deals,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 1] = [Self::Deals];
}
