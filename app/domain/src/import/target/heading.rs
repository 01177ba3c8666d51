//! What the headings of a sheet of targets say beyond their periods.

use crate::calendar::{Fiscal, Period};
use crate::import::header::half_width;
use crate::import::{Mapping, Role};

/// Takes columns out whose period holds the period of another column; answers their headings.
pub(super) fn leave_out_subtotals(mapping: &mut Mapping, fiscal: Fiscal, year: Option<u16>) -> Vec<String> {
    /// Any year shows whether a quarter holds a month.
    const SOME_YEAR: u16 = 2001;
    let periods: Vec<(usize, Period)> = mapping
        .periods()
        .filter_map(|(column, header)| Some((column, header.resolve(fiscal, year.or(Some(SOME_YEAR)))?)))
        .collect();
    let holds = |outer: &Period, inner: &Period| {
        outer.start <= inner.start && inner.end <= outer.end && outer.days() > inner.days()
    };
    let mut headings = Vec::new();
    for (column, period) in &periods {
        if periods.iter().any(|(_, other)| holds(period, other))
            && let Some(column) = mapping.columns.get_mut(*column)
        {
            column.role = Role::Ignored;
            column.confidence = 0;
            headings.push(column.header.clone());
        }
    }
    headings
}

/// What the amounts below a heading are written in, where its brackets say so: `目标(万元)`, `Target (k)`.
pub(super) fn unit_of_header(header: &str) -> Option<u32> {
    let plain: String = header
        .chars()
        .map(half_width)
        .map(|letter| match letter {
            '[' | '【' => '(',
            ']' | '】' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect();
    let (_, rest) = plain.rsplit_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    let inside = inside.trim();
    let word = inside.strip_prefix("单位:").unwrap_or(inside).trim();
    match word {
        "元" => Some(1),
        "千" | "千元" | "k" | "thousand" | "thousands" | "'000" | "000s" => Some(1_000),
        "万" | "万元" => Some(10_000),
        "百万" | "百万元" | "million" | "millions" => Some(1_000_000),
        "亿" | "亿元" => Some(100_000_000),
        _ => None,
    }
}
