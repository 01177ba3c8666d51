//! The names of rows as somebody may have written them.

use std::collections::HashMap;

use super::PasteAt;
use crate::import::half_width;
use crate::plan::NodeIndex;

/// What the rows in sight are called, without spaces, width and case.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Vec<NodeIndex>>);

impl Names {
    pub(super) fn of(at: &PasteAt<'_>) -> Self {
        let mut names: HashMap<String, Vec<NodeIndex>> = HashMap::new();
        for node in at.rows {
            let name = folded(at.grid.shape().name(*node));
            names.entry(name).or_default().push(*node);
        }
        Self(names)
    }

    pub(super) fn find(&self, name: &str) -> Option<&[NodeIndex]> {
        self.0.get(&folded(name)).map(Vec::as_slice)
    }

    /// Whether the first column names rows: one of its cells does, or none has a digit while others stand beside it.
    pub(super) fn are_in(&self, table: &[Vec<String>]) -> bool {
        let first = || {
            table
                .iter()
                .filter_map(|row| row.first())
                .filter(|cell| !is_blank(cell))
        };
        first().any(|cell| self.find(cell).is_some())
            || (table.iter().any(|row| row.len() > 1)
                && first().next().is_some()
                && !first().any(|cell| has_digit(cell)))
    }
}

fn has_digit(cell: &str) -> bool {
    cell.chars().map(half_width).any(|sign| sign.is_ascii_digit())
}

pub(super) fn is_blank(cell: &str) -> bool {
    cell.chars().all(|sign| half_width(sign).is_whitespace())
}

fn folded(name: &str) -> String {
    name.chars()
        .map(half_width)
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| sign.to_ascii_lowercase())
        .collect()
}
