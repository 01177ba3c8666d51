//! The table where not everything that is set can be met: all that can stays as it was set, and the rest comes as close to what
//! was set as there is room.

use std::collections::HashMap;

use super::{MatrixError, MatrixLine, MatrixRow, fill, table};
use crate::money::Minor;

/// Cells that are looked at for the closest amounts; beyond them what cannot be met goes by the proportions: what very large
/// tables take is bounded.
const LOOKS: u64 = 100_000_000;

/// A cell that was set and cannot be met; by its places in what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The row.
    pub row: usize,
    /// The line.
    pub line: usize,
    /// What was set.
    pub set: Minor,
    /// What there is room for, and what the table has.
    pub fits: Minor,
}

/// A table, and what of it is not as it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closest {
    /// For each row its amounts by line.
    pub cells: Vec<Vec<Minor>>,
    /// What cannot be met; empty where everything is as it was set.
    pub unmet: Vec<Unmet>,
}

/// The table with everything that is set, or as much of it as goes together: `order` names the cells that are set as row and
/// line, and those that come first stay first. A cell that cannot stay has the amount closest to what was set that leaves
/// all the others as they are. Refused where there is no table even without anything set.
pub fn closest(
    lines: &[MatrixLine],
    rows: &[MatrixRow],
    order: &[(usize, usize)],
) -> Result<Closest, MatrixError> {
    if let Ok(cells) = fill(lines, rows) {
        let unmet = Vec::new();
        return Ok(Closest { cells, unmet });
    }
    let set: Vec<Unmet> = order
        .iter()
        .filter_map(|(row, line)| {
            let set = rows.get(*row)?.fixed.get(*line).copied().flatten()?;
            Some(Unmet {
                row: *row,
                line: *line,
                set,
                fits: set,
            })
        })
        .collect();
    let mut search = Search {
        lines,
        rows: rows
            .iter()
            .map(|row| MatrixRow {
                fixed: vec![None; lines.len()],
                ..row.clone()
            })
            .collect(),
        looks: 0,
    };
    // Without anything set there is a table, or there is none at all.
    fill(lines, &search.rows)?;
    let (mut kept, mut unmet) = with_room(lines, rows, set);
    search.keep(&mut kept, &mut unmet);
    let ranks: HashMap<(usize, usize), usize> = order.iter().copied().zip(0..).collect();
    unmet.sort_by_key(|cell| ranks.get(&(cell.row, cell.line)).copied());
    for cell in &unmet {
        search.approach(*cell)?;
    }
    let cells = fill(lines, &search.rows)?;
    unmet.retain_mut(|cell| {
        let amount = cells.get(cell.row).and_then(|cells| cells.get(cell.line));
        cell.fits = amount.copied().unwrap_or_default();
        cell.fits != cell.set
    });
    Ok(Closest { cells, unmet })
}

/// What has room in its row and its line beside what comes before it, and what has none.
fn with_room(lines: &[MatrixLine], rows: &[MatrixRow], set: Vec<Unmet>) -> (Vec<Unmet>, Vec<Unmet>) {
    let mut of_rows: Vec<i64> = rows.iter().map(|row| row.total.0).collect();
    let mut of_lines: Vec<i64> = lines.iter().map(|line| line.total.0).collect();
    set.into_iter().partition(|cell| {
        let (Some(row), Some(line)) = (of_rows.get_mut(cell.row), of_lines.get_mut(cell.line)) else {
            return false;
        };
        let has_room = (0..=(*row).min(*line)).contains(&cell.set.0);
        if has_room {
            *row -= cell.set.0;
            *line -= cell.set.0;
        }
        has_room
    })
}

/// The table while it is tried what goes together.
struct Search<'a> {
    lines: &'a [MatrixLine],
    rows: Vec<MatrixRow>,
    looks: u64,
}

impl Search<'_> {
    fn put(&mut self, cell: &Unmet, amount: Option<Minor>) {
        let row = self.rows.get_mut(cell.row);
        if let Some(place) = row.and_then(|row| row.fixed.get_mut(cell.line)) {
            *place = amount;
        }
    }

    /// Whether there is a table with what is set now; never, once enough was looked at.
    fn is_met(&mut self) -> bool {
        self.looks <= LOOKS && table::is_met(self.lines, &self.rows, &mut self.looks)
    }

    /// Whether the first of these go together; the table has just them afterwards.
    fn is_met_by(&mut self, kept: &[Unmet], count: usize) -> bool {
        for (place, cell) in kept.iter().enumerate() {
            self.put(cell, (place < count).then_some(cell.set));
        }
        self.is_met()
    }

    /// Sets what goes together; the first that does not go with those before it is left out, and so on.
    fn keep(&mut self, kept: &mut Vec<Unmet>, unmet: &mut Vec<Unmet>) {
        while !self.is_met_by(kept, kept.len()) {
            // So many go together, and one more does not.
            let (mut met, mut not) = (0, kept.len());
            if not == 0 || self.looks > LOOKS {
                self.is_met_by(kept, 0);
                unmet.append(kept);
                return;
            }
            while not - met > 1 {
                let middle = met + (not - met) / 2;
                if self.is_met_by(kept, middle) {
                    met = middle;
                } else {
                    not = middle;
                }
            }
            let cell = kept.remove(met);
            self.put(&cell, None);
            unmet.push(cell);
        }
    }

    /// Brings a cell as close to what was set as there is room.
    fn approach(&mut self, cell: Unmet) -> Result<(), MatrixError> {
        self.put(&cell, Some(cell.set));
        if cell.set.0 >= 0 && self.is_met() {
            return Ok(());
        }
        self.put(&cell, None);
        if self.looks > LOOKS {
            return Ok(());
        }
        self.looks = self
            .looks
            .saturating_add((self.rows.len() * self.lines.len()) as u64);
        let cells = fill(self.lines, &self.rows)?;
        let now = cells.get(cell.row).and_then(|cells| cells.get(cell.line));
        // One end can be met, the other cannot; what can be met is all that lies between two amounts.
        let (mut met, mut not) = (now.copied().unwrap_or_default().0, cell.set.0.max(-1));
        while (met - not).abs() > 1 {
            let middle = met + (not - met) / 2;
            self.put(&cell, Some(Minor(middle)));
            if self.is_met() {
                met = middle;
            } else {
                not = middle;
            }
        }
        self.put(&cell, Some(Minor(met)));
        Ok(())
    }
}
