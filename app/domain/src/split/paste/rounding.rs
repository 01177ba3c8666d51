//! By how much a pasted sum may differ from its parts where all of them were scaled alike: what they were rounded by, and no more.

use std::collections::{HashMap, HashSet};

use crate::plan::{Entered, Grid, NodeIndex, PeriodIndex};

/// How many of the amounts that count were scaled, and so rounded, by each place that they are a part of.
#[derive(Default)]
pub(super) struct Rounding {
    /// Rounded to the minor unit: half a unit each. Those of a total are of all its periods.
    halves: HashMap<(NodeIndex, Option<PeriodIndex>), u64>,
    /// Totals, which their periods share: each period of them is off by less than a unit.
    shared: HashMap<NodeIndex, u64>,
}

impl Rounding {
    /// Of the amounts that count, those at places that were scaled.
    pub(super) fn of(
        grid: &Grid,
        count: &[Entered],
        scaled: &HashSet<(NodeIndex, Option<PeriodIndex>)>,
    ) -> Self {
        let mut rounding = Self::default();
        let places = count.iter().map(|entered| (entered.node, entered.period));
        for (node, period) in places.filter(|place| scaled.contains(place)) {
            for above in std::iter::once(node).chain(grid.shape().ancestors(node)) {
                *rounding.halves.entry((above, None)).or_default() += 1;
                if period.is_some() {
                    *rounding.halves.entry((above, period)).or_default() += 1;
                } else {
                    *rounding.shared.entry(above).or_default() += 1;
                }
            }
        }
        rounding
    }

    /// How far a scaled sum may be apart from its parts: what they were rounded by, and half a unit of its own. Parts that were
    /// written are exact.
    pub(super) fn at(&self, node: NodeIndex, period: Option<PeriodIndex>) -> u64 {
        let halves = self.halves.get(&(node, period)).copied().unwrap_or_default();
        let shared = self.shared.get(&node).copied().unwrap_or_default();
        let shared = if period.is_some() { shared } else { 0 };
        shared + halves.div_ceil(2)
    }
}
