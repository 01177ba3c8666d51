//! What can and cannot be concluded from a history, as facts that a page puts into words.

mod words;

use serde::{Deserialize, Serialize};

use super::{BaselineRow, Slice};
use crate::calendar::{Month, Period};
use crate::format::Lang;
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
    /// Most of those who sell every month have nothing in the last whole one: its data is taken for not complete.
    Incomplete {
        /// The month.
        period: Period,
    },
    /// The dimension has one value only: no contribution, no drift, nothing to split by.
    OnlyOne {
        /// The dimension.
        dimension: Dimension,
    },
    /// All of the history is of one product, whatever the dimension.
    OneProduct,
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

impl Note {
    /// The stable code.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::UnderAYear { .. } => "under_a_year",
            Self::UnderTwoYears { .. } => "under_two_years",
            Self::UnderThreeYears { .. } => "under_three_years",
            Self::Missing { .. } => "missing",
            Self::StartsLate { .. } => "starts_late",
            Self::EndsEarly { .. } => "ends_early",
            Self::Incomplete { .. } => "incomplete",
            Self::OnlyOne { .. } => "only_one",
            Self::OneProduct => "one_product",
            Self::NotGiven { .. } => "not_given",
            Self::BelowZero { .. } => "below_zero",
            Self::LeftOutElsewhere { .. } => "left_out_elsewhere",
            Self::OtherCurrency { .. } => "other_currency",
        }
    }

    /// Whether something is missing, so that one should look at it; the others are to know.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::UnderAYear { .. }
                | Self::Missing { .. }
                | Self::Incomplete { .. }
                | Self::BelowZero { .. }
                | Self::OtherCurrency { .. }
        )
    }

    /// What can and cannot be concluded, for people.
    pub fn words(&self, lang: Lang) -> String {
        if lang == Lang::En {
            self.english()
        } else {
            self.chinese()
        }
    }
}

/// The share without a value from which it is said.
const MUCH: f64 = 0.05;

/// What the months and rows themselves say. `incomplete`: the month whose data is taken for not complete.
pub fn notes(
    months: &[Slice],
    incomplete: Option<Month>,
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
    let lacks = months
        .iter()
        .find(|slice| incomplete == Some(Month::of(slice.period.start)))
        .map(|slice| slice.period.clone());
    // A month that lacks data is told as that, and not as one that has not ended.
    let ends_early = edge(months.last(), Coverage::EndsEarly).filter(|period| lacks.as_ref() != Some(period));
    notes.extend(lacks.map(|period| Note::Incomplete { period }));
    notes.extend(ends_early.map(|period| Note::EndsEarly { period }));
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
    use crate::calendar::Fiscal;

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
        let of = |count: usize| {
            notes(
                &months(&vec![5; count]),
                None,
                &[],
                &Dimension::Product,
                &[],
                Minor(0),
            )
        };
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
        let said = notes(
            &all,
            None,
            std::slice::from_ref(&gap),
            &Dimension::Product,
            &rows,
            Minor(200),
        );
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
        for note in said {
            both_languages(&note);
        }
    }

    fn both_languages(note: &Note) {
        let (zh, en) = (note.words(Lang::ZhCn), note.words(Lang::En));
        assert!(
            zh.contains(|c: char| c > '\u{4e00}') && zh.ends_with('。'),
            "{zh}"
        );
        assert!(
            !en.contains(|c: char| c > '\u{4e00}') && en.ends_with('.'),
            "{en}"
        );
    }

    #[test]
    fn a_month_that_lacks_data_is_told_as_that_and_once() {
        let mut all = months(&[5; 40]);
        all[39].coverage = Coverage::EndsEarly;
        let last = all[39].period.clone();
        let of = |month: i32, all: &[Slice]| {
            let month = Month::parse("2020-01").unwrap().plus(month);
            notes(all, Some(month), &[], &Dimension::Product, &[], Minor(0))
        };
        let said = of(39, &all);
        assert_eq!(said, [Note::Incomplete { period: last.clone() }]);
        both_languages(&said[0]);
        both_languages(&Note::OneProduct);
        // The month after it runs.
        all[38].coverage = Coverage::EndsEarly;
        let before = all[38].period.clone();
        assert_eq!(
            of(38, &all),
            [
                Note::Incomplete { period: before },
                Note::EndsEarly { period: last }
            ]
        );
        // What lies outside of what is shown is not told.
        all.truncate(30);
        assert!(of(38, &all).iter().all(|note| note.as_str() != "incomplete"));
    }
}
