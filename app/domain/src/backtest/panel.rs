//! What people did in each period, and how much of that is shown.

use serde::{Deserialize, Serialize};

use super::BacktestError;
use crate::money::Minor;

/// People by periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Sent")]
pub struct Panel {
    people: usize,
    periods: usize,
    /// Row after row, one row a person.
    actuals: Vec<Option<Minor>>,
}

/// A panel as it comes, before its cells are counted.
#[derive(Deserialize)]
struct Sent {
    people: usize,
    periods: usize,
    actuals: Vec<Option<Minor>>,
}

impl TryFrom<Sent> for Panel {
    type Error = BacktestError;

    fn try_from(sent: Sent) -> Result<Self, BacktestError> {
        Self::new(sent.people, sent.periods, sent.actuals)
    }
}

impl Panel {
    /// A panel of `people` rows and `periods` columns, row after row. `None` where somebody had no territory in a period
    /// (not hired yet, gone, on leave): who is there is known beforehand, what he does is not.
    pub fn new(people: usize, periods: usize, actuals: Vec<Option<Minor>>) -> Result<Self, BacktestError> {
        let cells = actuals.len();
        if cells == 0 || people.checked_mul(periods) != Some(cells) {
            return Err(BacktestError::Panel {
                people,
                periods,
                cells,
            });
        }
        Ok(Self {
            people,
            periods,
            actuals,
        })
    }

    /// How many people.
    pub fn people(&self) -> usize {
        self.people
    }

    /// How many periods.
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// What somebody did in a period; `None` where not there.
    pub fn actual(&self, person: usize, period: usize) -> Option<Minor> {
        if person >= self.people || period >= self.periods {
            return None;
        }
        self.actuals
            .get(person * self.periods + period)
            .copied()
            .flatten()
    }

    /// What was known before a period.
    pub(super) fn before(&self, period: usize) -> Past<'_> {
        Past {
            panel: self,
            period,
            people: (0..self.people)
                .filter(|person| self.actual(*person, period).is_some())
                .collect(),
        }
    }
}

/// What was known before a period: who will be there, and what everybody did until then.
#[derive(Clone, Debug)]
pub struct Past<'a> {
    panel: &'a Panel,
    period: usize,
    people: Vec<usize>,
}

impl Past<'_> {
    /// The period to be split; the last one known is the one before it.
    pub fn period(&self) -> usize {
        self.period
    }

    /// Who gets a part of it: rows of the panel, ascending.
    pub fn people(&self) -> &[usize] {
        &self.people
    }

    /// Everybody there ever was until then, or is now: rows of the panel.
    pub fn everybody(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.panel.people)
            .filter(|person| self.people.binary_search(person).is_ok() || self.tenure(*person) > 0)
    }

    /// What somebody did in an earlier period; `None` for the one to be split and every later one, whatever happened there.
    pub fn actual(&self, person: usize, period: usize) -> Option<Minor> {
        if period < self.period {
            self.panel.actual(person, period)
        } else {
            None
        }
    }

    /// What somebody did in the last `periods` before this one, those without a number left out, the latest first.
    pub fn recent(&self, person: usize, periods: usize) -> impl Iterator<Item = Minor> + '_ {
        let from = self.period.saturating_sub(periods);
        (from..self.period)
            .rev()
            .filter_map(move |period| self.actual(person, period))
    }

    /// How many periods somebody has behind him.
    pub fn tenure(&self, person: usize) -> usize {
        self.recent(person, self.period).count()
    }
}
