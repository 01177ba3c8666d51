//! Lines of the rows of a split, as they travel: a row with those below it, by one dimension.

use serde::{Deserialize, Serialize};

use super::words::quoted;
use super::{LineBy, LineError};
use crate::calendar::Period;
use crate::format::{self, Lang};
use crate::money::{Currency, Minor};
use crate::people::actor;
use crate::plan::{NodeIndex, PeriodIndex};

/// A reason for a line of a row is at most so long.
pub const LONGEST_REASON: usize = 500;

/// Rows below one row are told at most so many at once.
pub const MOST_ROWS: u32 = 1_000;

/// Lines are set together at most so many at once: each is decided by itself.
pub const MOST_AT_ONCE: usize = 200;

/// What cannot be met is told at most so often at once.
pub const MOST_FAULTS: usize = 20;

/// A row and those below it by the lines of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLines {
    /// By what.
    pub by: LineBy,
    /// What else there is data of, this one among it.
    pub known: Vec<LineBy>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The last command of the version that the numbers are of.
    pub head: u64,
    /// Whether this person may set lines of rows here.
    pub may_edit: bool,
    /// The lines, the largest first, the rest and what bears none last.
    pub columns: Vec<LineHead>,
    /// The row.
    pub row: LineRow,
    /// The rows below it, in the order of the tree, as many as were asked for.
    pub below: Vec<LineRow>,
    /// How many more there are.
    pub more: u64,
    /// What all rows below sum to by line, also those that are left out; none where there are none.
    pub sum: Option<Vec<Minor>>,
    /// What cannot be met from the whole down to these rows, at most [`MOST_FAULTS`]; the amounts are as close to it as there
    /// is room, and everything else that was set is as it was set.
    pub faults: Vec<RowFault>,
    /// How much more cannot be met.
    pub more_faults: u64,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineHead {
    /// Its key.
    pub key: String,
    /// What people call it; empty for the rest and for what bears none.
    pub name: String,
}

/// A row by lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// Where it stands in the whole version.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// What it sums to.
    pub total: Minor,
    /// Whether its lines can be set: not those of the whole, and nobody sets their own.
    pub may_set: bool,
    /// By line, in the order of the columns.
    pub cells: Vec<LineCell>,
}

/// How much of a row is to come from a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCell {
    /// How much.
    pub amount: Minor,
    /// What somebody set; another amount where that cannot be met now.
    pub set: Option<SetByHand>,
}

/// What somebody set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetByHand {
    /// How much.
    pub amount: Minor,
    /// Who, by name.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Why, where they said.
    pub reason: Option<String>,
}

impl SetByHand {
    /// The same with a reason, where none was given.
    #[must_use]
    pub fn because(mut self, why: Option<&str>) -> Self {
        self.reason = self.reason.or_else(|| why.map(str::to_owned));
        self
    }
}

/// What cannot be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFault {
    /// The lines of the whole target cannot be brought to its total.
    Whole(LineError),
    /// A line that was set for a row.
    Line(UnmetLine),
}

/// A period of a plan, as sentences name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPeriod {
    /// Its place.
    pub at: PeriodIndex,
    /// Which.
    pub period: Period,
}

/// A line of a row that was set to an amount there is no room for, or that is too small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmetLine {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// What it is called.
    pub row: String,
    /// By what it is cut.
    pub by: LineBy,
    /// The line.
    pub key: String,
    /// What it is called; empty for the rest and for what bears none.
    pub line: String,
    /// In which period; none: over the whole plan.
    pub period: Option<OfPeriod>,
    /// What was set.
    pub set: Minor,
    /// What goes with everything else that was set.
    pub fits: Minor,
    /// Why it was set, where somebody said.
    pub reason: Option<String>,
    /// Whether whoever asks may set it to what fits, or give it up.
    pub may_set: bool,
}

impl UnmetLine {
    /// By how much it is too much; below zero: too little.
    pub fn excess(&self) -> Minor {
        Minor(self.set.0.saturating_sub(self.fits.0))
    }

    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        let money = |amount: Minor| format::currency(amount, currency);
        let (row, by, line) = (
            quoted(&self.row, lang),
            self.by.word(lang),
            quoted(&self.line, lang),
        );
        let (set, fits) = (money(self.set), money(self.fits));
        let excess = self.excess();
        let apart = money(Minor(excess.0.saturating_abs()));
        let is_over = excess.0 > 0;
        if let Some(of) = &self.period {
            let period = format::period(&of.period, lang);
            return match lang {
                Lang::ZhCn => format!(
                    "{row}的{by}{line}在{period}手工设定为 {set}，{} {apart}：该项的全期数、这一行在{period}的数和其他已设定的数不变时，{}可设 \
                     {fits}。请改为 {fits}，或放弃这项设定。",
                    if is_over { "多了" } else { "少了" },
                    if is_over { "最多" } else { "最少" }
                ),
                Lang::En => format!(
                    "{line} ({by}) of {row} is set to {set} in {period}, {apart} too {}: with the whole line, the row's number of \
                     {period} and what else is set as they are, {} {fits} goes. Set it to {fits}, or give it up.",
                    if is_over { "much" } else { "little" },
                    if is_over { "at most" } else { "at least" }
                ),
            };
        }
        match lang {
            Lang::ZhCn => format!(
                "{row}的{by}{line}手工设定为 {set}，{} {apart}：与其他数对得上的是 {fits}。请改为 {fits}，或放弃这项设定。",
                if is_over { "多了" } else { "少了" }
            ),
            Lang::En => format!(
                "{line} ({by}) of {row} is set to {set}, {apart} too {}: {fits} goes with the other numbers. Set it to {fits}, or \
                 give it up.",
                if is_over { "much" } else { "little" }
            ),
        }
    }
}

impl RowFault {
    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        match self {
            Self::Whole(error) => error.words(lang, currency),
            Self::Line(unmet) => unmet.words(lang, currency),
        }
    }
}

/// A line of a row that is to be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRowLine {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// By what it is cut.
    pub by: LineBy,
    /// The line.
    pub key: String,
    /// In which period; none: over the whole plan.
    #[serde(default)]
    pub period: Option<PeriodIndex>,
    /// How much of the row is to come from it.
    pub amount: Minor,
    /// Why; may be left out.
    #[serde(default)]
    pub reason: Option<String>,
    /// What was set when whoever sets it looked.
    #[serde(default)]
    pub seen: SeenLine,
}

/// What was set of a line of a row when somebody looked who changes it now: what somebody else set since is not overwritten
/// unseen. What only follows from the numbers is not compared: it moves with every one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenLine {
    /// They do not say: it is changed whatever is there.
    #[default]
    Any,
    /// Nothing was set.
    Free,
    /// It was set to this.
    Set(Minor),
}

impl SeenLine {
    /// Who saw what is set, or that nothing is.
    pub fn of(set: Option<&SetByHand>) -> Self {
        set.map_or(Self::Free, |set| Self::Set(set.amount))
    }

    /// Whether it is so still.
    pub fn is(self, now: Option<Minor>) -> bool {
        match self {
            Self::Any => true,
            Self::Free => now.is_none(),
            Self::Set(amount) => now == Some(amount),
        }
    }
}

/// What became of a line that was to be set, or let go.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineAnswer {
    /// It is as it was wanted.
    Done,
    /// It was changed meanwhile, and is as it was left.
    Changed(LineChanged),
}

/// How a line is that was changed since somebody looked who wants to change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChanged {
    /// What is set now, by whom; none where it was let go.
    pub now: Option<SetByHand>,
    /// What it was to be set to; none: let go.
    pub wanted: Option<Minor>,
    /// The currency of the amounts.
    pub currency: Currency,
}

impl LineChanged {
    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang) -> String {
        let money = |amount: Minor| format::currency(amount, &self.currency);
        let now = match (&self.now, lang) {
            (Some(set), Lang::ZhCn) => {
                format!("{}刚把这一项设定为 {}", actor(&set.by, lang), money(set.amount))
            }
            (Some(set), Lang::En) => {
                format!(
                    "{} has just set this line to {}",
                    actor(&set.by, lang),
                    money(set.amount)
                )
            }
            (None, Lang::ZhCn) => "这一项的设定刚被放弃".to_owned(),
            (None, Lang::En) => "What was set of this line has just been given up".to_owned(),
        };
        match (self.wanted, lang) {
            (Some(wanted), Lang::ZhCn) => {
                format!(
                    "{now}，你要设定的是 {}，没有写入。可以仍然设定，或保留现在的数。",
                    money(wanted)
                )
            }
            (Some(wanted), Lang::En) => {
                format!(
                    "{now}; yours, {}, was not entered. Set it anyway, or keep what is there.",
                    money(wanted)
                )
            }
            (None, Lang::ZhCn) => format!("{now}，没有放弃。可以仍然放弃，或保留现在的数。"),
            (None, Lang::En) => {
                format!("{now}; it was not given up. Give it up anyway, or keep what is there.")
            }
        }
    }
}

/// How a number that somebody carries is cut by the lines of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLines {
    /// By what.
    pub by: LineBy,
    /// The lines in which there is something, the largest first, the rest and what bears none last; they sum to the number.
    pub lines: Vec<OwnLine>,
}

/// A line of a number that somebody carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLine {
    /// The line.
    pub head: LineHead,
    /// How much of the number is to come from it.
    pub amount: Minor,
    /// Who set it, when and why; none where it follows from the history.
    pub set: Option<SetByHand>,
}

#[cfg(test)]
mod tests;
