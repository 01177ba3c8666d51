//! How the grid is looked at, apart from the numbers: what an address says of it, so that a link opens the same view.

use domain::id::UnitId;
use domain::level::Level;
use domain::line::LineBy;
use domain::outlook::Place as Branch;
use domain::plan::{NodeIndex, NodeRef, PeriodIndex, Shape};
use domain::split::{Against, Only, OpenGrid, Sort, SortBy};
use leptos::prelude::*;

use super::sheet::period_at;
use super::{Board, Column, Columns};

/// A sort by the amounts of a period begins with it.
const PERIOD: &str = "period:";

/// How a grid is looked at. Rows are named by what they stand for and periods by their names: both are the same in the next
/// version of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::split) struct Look {
    /// What the rows are sorted by.
    pub(in crate::split) sort: Option<String>,
    /// Which rows are shown.
    pub(in crate::split) only: Option<&'static str>,
    /// What the columns after the total are, where they are not the periods of the plan.
    pub(in crate::split) columns: Option<&'static str>,
    /// The period that the lines are of, where it is not the whole plan.
    pub(in crate::split) line_period: Option<String>,
    /// Which of the four levels the amounts are, where it is not the target.
    pub(in crate::split) amounts: Option<&'static str>,
    /// The level that the tree is unfolded to.
    pub(in crate::split) level: Option<String>,
    /// What the amounts are held against.
    pub(in crate::split) against: Option<&'static str>,
    /// What is sought among the names.
    pub(in crate::split) seek: Option<String>,
    /// The row with the focus, unless it is the topmost.
    pub(in crate::split) row: Option<String>,
    /// What of the row has the focus: [`TOTAL`] or a period.
    pub(in crate::split) cell: Option<String>,
    /// What of the row the open card is about: [`TOTAL`] or a period.
    pub(in crate::split) card: Option<String>,
}

/// Months that stand as quarters, in place of a dimension of lines.
pub(in crate::split) const QUARTERS: &str = "quarters";

/// The total of a row, in place of a period.
const TOTAL: &str = "total";

impl Board {
    /// How the grid is looked at now; tracks it.
    pub(in crate::split) fn looked_at(&self) -> Look {
        let (sort, only, against) = (self.sort(), self.only(), self.against.get());
        let aim = self.aim.get();
        let (level, seek, columns) = (self.level.get(), self.seek.get(), self.columns());
        let quarters = self.shows_quarters();
        let (selected, column, card) = (self.selected.get(), self.column.get(), self.why.get());
        let line_period = self.line_period();
        let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        self.about(|open| {
            // A card is about a row of its own.
            let row = card.map_or(selected, |(node, _)| node);
            let row = Some(row).filter(|row| row.0 > 0 && open.grid.shape().has(*row));
            Look {
                sort: sort.and_then(|sort| sort_words(sort, open)),
                only: only_word(only),
                columns: columns_word(columns, quarters),
                line_period: line_period.and_then(|period| period_word(Some(period), open)),
                amounts: (aim != Level::Target).then(|| aim.as_str()),
                level: given(level),
                against: against_word(against),
                seek: given(seek),
                row: row.map(|row| branch(open.grid.shape(), row).to_string()),
                cell: match column {
                    Column::Row | Column::Line(_) => None,
                    Column::Cell(period) => period_word(period, open),
                    Column::Quarter(at) => quarter_word(at, open),
                },
                card: card.and_then(|(_, period)| period_word(period, open)),
            }
        })
    }

    /// Looks at the grid as an address says; what it says of things that are not there is left out. Moves no focus.
    pub(in crate::split) fn look(&self, look: &Look) {
        let compares = |known: &[Option<domain::money::Minor>]| known.iter().any(Option::is_some);
        let (has_history, has_record) = self.about(|open| (compares(&open.history), compares(&open.record)));
        let against = match look.against {
            Some("last") if has_history => Against::LastYear,
            Some("record") if has_record => Against::Record,
            _ => Against::Start,
        };
        let only = match look.only {
            Some("changed") => Only::Changed,
            Some("locked") => Only::Locked,
            Some("uneven") => Only::Uneven,
            Some("below") if has_history => Only::BelowLastYear,
            _ => Only::All,
        };
        let level = look.level.clone().filter(|level| {
            let names = self.about(OpenGrid::level_names);
            names.contains(level)
        });
        let sort = look.sort.as_deref();
        let sort = sort.and_then(|words| self.about(|open| read_sort(words, open)));
        let row = look.row.as_deref().and_then(|row| row.parse::<Branch>().ok());
        let row =
            row.and_then(|row| self.shape(|shape| shape.nodes().find(|node| branch(shape, *node) == row)));
        let by = look.columns.and_then(LineBy::parse);
        self.show_columns(by.map_or(Columns::Periods, Columns::Lines));
        self.show_quarters(look.columns == Some(QUARTERS));
        // The order is that of a column which can be seen and pressed.
        let sort = sort.filter(|sort| match sort.by {
            SortBy::Quarter(_) => self.shows_quarters_now(),
            SortBy::Amount(Some(_)) => !self.shows_quarters_now(),
            _ => true,
        });
        let of_period = look.line_period.as_deref();
        let of_period = of_period.and_then(|word| self.about(|open| read_place(word, open)));
        self.show_line_period(of_period.and_then(period_at));
        self.against.set(against);
        if let Some(level) = look.amounts.and_then(Level::parse) {
            self.show_aim(level);
        }
        self.level.set(level.clone().unwrap_or_default());
        self.seek.set(look.seek.clone().unwrap_or_default());
        self.arrange(|state| {
            state.only = only;
            state.sort = sort;
            state.filter = crate::words::folded(look.seek.as_deref().unwrap_or_default().trim());
            if let Some(level) = &level {
                state.expanded = state.open.unfolded_to(level);
            }
            // The row may lie deeper than what is unfolded.
            let above: Vec<NodeIndex> = row
                .map(|row| state.open.grid.shape().ancestors(row).collect())
                .unwrap_or_default();
            for unit in above {
                if let Some(place) = state.expanded.get_mut(unit.0 as usize) {
                    *place = true;
                }
            }
        });
        let row = row.unwrap_or_default();
        if !self.state.with_value(|state| state.rows.contains(&row)) {
            return;
        }
        let place = |word: &String| self.about(|open| read_place(word, open));
        let quarter = look
            .cell
            .as_ref()
            .and_then(|word| self.about(|open| read_quarter(word, open)));
        if let Some(quarter) = quarter.filter(|_| self.shows_quarters_now()) {
            self.column.set(Column::Quarter(quarter));
        } else if let Some(place) = look.cell.as_ref().and_then(place) {
            let column = match period_at(place).filter(|_| self.shows_quarters_now()) {
                Some(month) => self.column_of(month),
                None => self.column_at(place.min(self.last_place())),
            };
            self.column.set(column);
        }
        self.selected.set(row);
        if let Some(place) = look.card.as_ref().and_then(place) {
            self.why.set(Some((row, period_at(place))));
        }
    }
}

/// What a row stands for.
fn branch(shape: &Shape, node: NodeIndex) -> Branch {
    let above = shape.parent(node).map(|parent| shape.reference(parent));
    let unit = match above {
        Some(NodeRef::Unit(unit)) => unit,
        Some(NodeRef::Member(_)) | None => UnitId::default(),
    };
    Branch::of_node(shape.reference(node), unit)
}

fn only_word(only: Only) -> Option<&'static str> {
    match only {
        Only::All => None,
        Only::Changed => Some("changed"),
        Only::Locked => Some("locked"),
        Only::Uneven => Some("uneven"),
        Only::BelowLastYear => Some("below"),
    }
}

fn columns_word(columns: Columns, quarters: bool) -> Option<&'static str> {
    match columns {
        Columns::Periods => quarters.then_some(QUARTERS),
        Columns::Lines(by) => Some(by.as_str()),
    }
}

fn against_word(against: Against) -> Option<&'static str> {
    match against {
        Against::Start => None,
        Against::LastYear => Some("last"),
        Against::Record => Some("record"),
    }
}

fn period_word(period: Option<PeriodIndex>, open: &OpenGrid) -> Option<String> {
    match period {
        None => Some(TOTAL.to_owned()),
        Some(at) => open
            .periods
            .get(usize::from(at.0))
            .map(|period| period.name.clone()),
    }
}

fn quarter_word(at: u16, open: &OpenGrid) -> Option<String> {
    let quarter = open.quarters.get(usize::from(at))?;
    Some(quarter.period.name.clone())
}

fn read_quarter(word: &str, open: &OpenGrid) -> Option<u16> {
    let at = open
        .quarters
        .iter()
        .position(|quarter| quarter.period.name == word)?;
    u16::try_from(at).ok()
}

/// The place among the amounts of a row that a word says.
fn read_place(word: &str, open: &OpenGrid) -> Option<usize> {
    if word == TOTAL {
        return Some(0);
    }
    let at = open.periods.iter().position(|period| period.name == word)?;
    Some(at + 1)
}

/// An order as an address says it: the largest first with a sign before it.
fn sort_words(sort: Sort, open: &OpenGrid) -> Option<String> {
    let by = match sort.by {
        SortBy::Name => "name".to_owned(),
        SortBy::History => "last".to_owned(),
        SortBy::Amount(None) => TOTAL.to_owned(),
        SortBy::Amount(period) => format!("{PERIOD}{}", period_word(period, open)?),
        SortBy::Quarter(at) => format!("{PERIOD}{}", quarter_word(at, open)?),
        SortBy::Share => "share".to_owned(),
        SortBy::Change => "change".to_owned(),
        SortBy::Chance => "chance".to_owned(),
        // What lines there are is not known when an address is read.
        SortBy::Line(_) => return None,
    };
    Some(if sort.descending { format!("-{by}") } else { by })
}

fn read_sort(words: &str, open: &OpenGrid) -> Option<Sort> {
    let (by, descending) = words
        .strip_prefix('-')
        .map_or((words, false), |words| (words, true));
    let by = match by {
        "name" => SortBy::Name,
        "last" => SortBy::History,
        TOTAL => SortBy::Amount(None),
        "share" => SortBy::Share,
        "change" => SortBy::Change,
        "chance" => SortBy::Chance,
        _ => {
            let word = by.strip_prefix(PERIOD)?;
            match read_quarter(word, open) {
                Some(quarter) => SortBy::Quarter(quarter),
                None => SortBy::Amount(period_at(read_place(word, open)?)),
            }
        }
    };
    Some(Sort { by, descending })
}
