//! A thousand rows of the grid beside a thousand of plain DOM code.

use serde_json::Value;

use super::numbers;
use crate::bench::{Figure, Limit, median};
use crate::failure::{Failure, Result};

/// What the grid's rows cost beside plain ones that were made by turns.
pub(super) fn beside_plain(measured: &Value) -> Result<Figure> {
    let (grid, plain) = (numbers(&measured["grid_ms"])?, numbers(&measured["plain_ms"])?);
    if plain.len() != grid.len() || plain.is_empty() {
        return Err(Failure::new("rows were not made by turns"));
    }
    let rounds = plain.len();
    let ratios = grid.iter().zip(&plain).map(|(grid, plain)| grid / plain);
    let (ratio, spread) = median(ratios.collect());
    let (grid, plain) = (median(grid).0, median(plain).0);
    Ok(Figure {
        name: "rows",
        value: ratio,
        unit: "x",
        numerator: format!(
            "{grid:.0} ms of script, style and layout to make, change, turn around and remove 1,000 rows of the grid, median of \
             {rounds}: {}",
            measured["told"].as_str().unwrap_or_default()
        ),
        denominator: Some(format!(
            "{plain:.0} ms by plain DOM code with the same markup and styles, by turns"
        )),
        spread: Some(spread),
        bar: Limit::AtMost(1.4),
        goal: Limit::AtMost(1.25),
    })
}
