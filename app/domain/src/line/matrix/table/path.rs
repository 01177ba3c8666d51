//! The steps along which cells of a table give and take.

/// A step along a path: the place of a cell, and whether it gets more.
pub(super) type Step = (usize, usize, bool);

/// The steps that led to a line.
pub(super) fn traced(end: usize, got_by: &[Option<usize>], gave_at: &[Option<usize>]) -> Vec<Step> {
    let mut path = Vec::new();
    let mut line = end;
    while let Some(row) = got_by.get(line).copied().flatten() {
        path.push((row, line, true));
        let Some(before) = gave_at.get(row).copied().flatten() else {
            break;
        };
        path.push((row, before, false));
        line = before;
    }
    path
}
