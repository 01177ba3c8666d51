//! What can and cannot be concluded from a history, as facts that a page puts into words.

use serde::{Deserialize, Serialize};

use super::{BaselineRow, Slice};
use crate::calendar::Period;
use crate::history::Coverage;
use crate::metric::Dimension;
use crate::money::Minor;

/// A stretch of months without anything in a history that had something before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its first month.
    pub from: Period,
    /// Its last month.
    pub to: Period,
    /// How many months.
    pub months: u32,
}

/// Something to know before one concludes anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Note {
    /// Less than a year: no growth on a year before, no season.
    UnderAYear {
        /// Whole months there are.
        months: u32,
    },
    /// Less than two years: growth on a year before of some months only, and a season seen once.
    UnderTwoYears {
        /// Whole months there are.
        months: u32,
    },
    /// Less than three years: a season seen twice is drawn towards even months.
    UnderThreeYears {
        /// Whole months there are.
        months: u32,
    },
    /// Months without anything: they are rather missing than nothing, and no growth or season is read from them.
    Missing {
        /// The stretch.
        gap: Gap,
    },
    /// The first month is not whole.
    StartsLate {
        /// The month.
        period: Period,
    },
    /// The last month is not whole.
    EndsEarly {
        /// The month.
        period: Period,
    },
    /// The dimension has one value only: no contribution, no drift, nothing to split by.
    OnlyOne {
        /// The dimension.
        dimension: Dimension,
    },
    /// Much has no value of the dimension.
    NotGiven {
        /// The dimension.
        dimension: Dimension,
        /// The share of the amount, 0 to 1.
        share: f64,
    },
    /// Months whose sum is below zero: more was taken back than sold.
    BelowZero {
        /// How many.
        months: u32,
    },
    /// What is left out and is no longer among the facts, or counts on other days.
    LeftOutElsewhere {
        /// How many.
        count: u32,
    },
    /// Rows in another currency that imports did not take over: they are missing in the history.
    OtherCurrency {
        /// How many.
        rows: u64,
        /// The currency there is.
        currency: String,
    },
}

/// The share without a value from which it is said.
const MUCH: f64 = 0.05;

/// What the months and rows themselves say.
pub fn notes(
    months: &[Slice],
    gaps: &[Gap],
    by: &Dimension,
    rows: &[BaselineRow],
    whole: Minor,
) -> Vec<Note> {
    let mut notes = Vec::new();
    let known = months.iter().filter(|month| month.is_whole()).count();
    let known = u32::try_from(known).unwrap_or(u32::MAX);
    match known {
        0..12 => notes.push(Note::UnderAYear { months: known }),
        12..24 => notes.push(Note::UnderTwoYears { months: known }),
        24..36 => notes.push(Note::UnderThreeYears { months: known }),
        36.. => {}
    }
    notes.extend(gaps.iter().cloned().map(|gap| Note::Missing { gap }));
    let edge = |slice: Option<&Slice>, coverage: Coverage| {
        slice
            .filter(|slice| slice.coverage == coverage)
            .map(|slice| slice.period.clone())
    };
    notes.extend(edge(months.first(), Coverage::StartsLate).map(|period| Note::StartsLate { period }));
    notes.extend(edge(months.last(), Coverage::EndsEarly).map(|period| Note::EndsEarly { period }));
    let below = months.iter().filter(|month| month.amount.0 < 0).count();
    if below > 0 {
        notes.push(Note::BelowZero {
            months: u32::try_from(below).unwrap_or(u32::MAX),
        });
    }
    let named = rows
        .iter()
        .filter(|row| row.total.0 != 0 && !row.id.is_empty())
        .count();
    if named == 1 {
        notes.push(Note::OnlyOne {
            dimension: by.clone(),
        });
    }
    let nameless = rows
        .iter()
        .find(|row| row.id.is_empty())
        .map_or(0, |row| row.total.0);
    if whole.0 > 0 {
        let share = nameless as f64 / whole.0 as f64;
        if share >= MUCH {
            notes.push(Note::NotGiven {
                dimension: by.clone(),
                share,
            });
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::Growth;
    use crate::calendar::{Fiscal, Month};

    fn months(amounts: &[i64]) -> Vec<Slice> {
        let first = Month::parse("2020-01").unwrap();
        (0..)
            .zip(amounts)
            .map(|(at, amount)| Slice {
                period: Fiscal::default().named(&first.plus(at).to_string()).unwrap(),
                amount: Minor(*amount),
                left_out: Minor(0),
                count: 1,
                coverage: Coverage::Whole,
                gap: false,
                growth: Growth::default(),
            })
            .collect()
    }

    fn row(id: &str, total: i64) -> BaselineRow {
        BaselineRow {
            id: id.to_owned(),
            name: id.to_owned(),
            amounts: Vec::new(),
            years: Vec::new(),
            total: Minor(total),
            on_year: None,
            compound: None,
            cumulative: 0.0,
        }
    }

    #[test]
    fn short_histories_say_what_they_do_not_tell() {
        let of = |count: usize| notes(&months(&vec![5; count]), &[], &Dimension::Product, &[], Minor(0));
        assert_eq!(of(0), [Note::UnderAYear { months: 0 }]);
        assert_eq!(of(11), [Note::UnderAYear { months: 11 }]);
        assert_eq!(of(12), [Note::UnderTwoYears { months: 12 }]);
        assert_eq!(of(35), [Note::UnderThreeYears { months: 35 }]);
        assert!(of(36).is_empty());
    }

    #[test]
    fn edges_gaps_losses_and_what_is_not_given_are_said() {
        let mut all = months(&[5; 40]);
        all[0].coverage = Coverage::StartsLate;
        all[39].coverage = Coverage::EndsEarly;
        all[7].amount = Minor(-3);
        let gap = Gap {
            from: all[10].period.clone(),
            to: all[15].period.clone(),
            months: 6,
        };
        let rows = [row("", 20), row("a", 180)];
        let said = notes(&all, &[gap.clone()], &Dimension::Product, &rows, Minor(200));
        assert_eq!(
            said,
            [
                Note::Missing { gap },
                Note::StartsLate {
                    period: all[0].period.clone()
                },
                Note::EndsEarly {
                    period: all[39].period.clone()
                },
                Note::BelowZero { months: 1 },
                Note::OnlyOne {
                    dimension: Dimension::Product
                },
                Note::NotGiven {
                    dimension: Dimension::Product,
                    share: 0.1
                },
            ]
        );
    }
}
