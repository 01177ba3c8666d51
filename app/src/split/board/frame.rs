//! What of a plan a frame of a drag changes, and the plan without it.

use domain::money::Minor;
use domain::plan::{NodeIndex, Shape};
use leptos::prelude::*;

use super::Board;
use crate::split::preview::Overlay;

impl Board {
    /// Whether what is shown is the whole plan as a change of it would leave it. Does not track.
    pub(in crate::split) fn is_other_plan(&self) -> bool {
        self.state
            .with_value(|state| state.overlay.as_ref().is_some_and(|overlay| !overlay.is_frame()))
    }

    /// Reads what [`Self::with_shown`] does, without the frame of a drag. Does not track.
    pub(in crate::split) fn with_base<T>(
        &self,
        read: impl FnOnce(&Shape, u32, &dyn Fn(NodeIndex) -> Minor) -> T,
    ) -> T {
        self.state.with_value(|state| {
            let grid = &state.open.grid;
            let other = state.overlay.as_ref().filter(|overlay| !overlay.is_frame());
            let total = |node: NodeIndex| {
                let preview = other.and_then(|overlay| overlay.amount((node, None)));
                preview.unwrap_or_else(|| grid.amount(node, None))
            };
            read(grid.shape(), state.open.offset, &total)
        })
    }

    /// Reads the rows that the frame of a drag changes, each with its total before and now; nothing outside of one. Does not
    /// track.
    pub(in crate::split) fn with_frame<T>(
        &self,
        read: impl FnOnce(&Shape, &[(NodeIndex, Minor, Minor)]) -> T,
    ) -> T {
        self.state.with_value(|state| {
            let grid = &state.open.grid;
            let changes: Vec<(NodeIndex, Minor, Minor)> = match &state.overlay {
                Some(Overlay::Frame { totals, .. }) => totals
                    .iter()
                    .map(|(node, now)| (*node, grid.amount(*node, None), *now))
                    .collect(),
                _ => Vec::new(),
            };
            read(grid.shape(), &changes)
        })
    }
}
