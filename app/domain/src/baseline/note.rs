//! What can and cannot be concluded from a history, as facts that a page puts into words.

use serde::{Deserialize, Serialize};

use super::{BaselineRow, Slice};
use crate::calendar::Period;
use crate::format::{self, Lang};
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
            Self::OnlyOne { .. } => "only_one",
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

    fn chinese(&self) -> String {
        let period = |period: &Period| format::period(period, Lang::ZhCn);
        match self {
            Self::UnderAYear { months } => format!(
                "只有 {months} 个完整月份：看得出总额和构成，还看不出同比和季节。可以照常定目标，按月分解时先按工作日均分。"
            ),
            Self::UnderTwoYears { months } => format!(
                "有 {months} 个完整月份：季节只出现过一次，已向平均月收缩一半；只有部分月份能算同比，还算不出年均增长。"
            ),
            Self::UnderThreeYears { months } => format!(
                "有 {months} 个完整月份：季节出现过两次，已向平均月收缩；同比可用，趋势还只是两年之比。"
            ),
            Self::Missing { gap } => {
                let (from, to) = (period(&gap.from), period(&gap.to));
                let span = if gap.months == 1 {
                    from
                } else {
                    format!("{from}至{to}")
                };
                format!(
                    "{span}（{} 个月）没有任何数据，更像缺失而不是零：不参与同比、年均增长和季节。补导这段数据后会自动重算。",
                    gap.months
                )
            }
            Self::StartsLate { period: month } => {
                format!("{}不完整（数据从月中开始）：不参与比较。", period(month))
            }
            Self::EndsEarly { period: month } => {
                format!("{}尚未结束或数据不全：不参与比较，也不当作下滑。", period(month))
            }
            Self::OnlyOne { .. } => {
                "按这个维度只有一项：看不出构成和集中度，也无法按它分解目标，换一个维度再看。".to_owned()
            }
            Self::NotGiven { share, .. } => format!(
                "有 {} 的金额没有填写这个维度：下面的占比包含“未填写”这一项，集中度只算填写了的部分。",
                format::percent(*share)
            ),
            Self::BelowZero { months } => {
                format!("有 {months} 个月合计为负（退单多于签单）：这些月份看不出季节，请核对冲销的日期。")
            }
            Self::LeftOutElsewhere { count } => {
                format!("有 {count} 笔剔除的单据已不在所示数据中：剔除仍保留，再次导入时照样生效。")
            }
            Self::OtherCurrency { rows, currency } => format!(
                "有 {rows} 行因币种不是 {currency} 没有导入，历史里没有它们：换算成 {currency} 再导入之前，总额和增长偏低。"
            ),
        }
    }

    fn english(&self) -> String {
        let period = |period: &Period| format::period(period, Lang::En);
        match self {
            Self::UnderAYear { months } => format!(
                "{months} whole months only: totals and contribution can be read, growth on last year and a season cannot. A \
                 target can be set; by months it starts from working days."
            ),
            Self::UnderTwoYears { months } => format!(
                "{months} whole months: the season was seen once and is drawn half-way to even months; growth on last year \
                 exists for some months, compound growth does not."
            ),
            Self::UnderThreeYears { months } => format!(
                "{months} whole months: the season was seen twice and is drawn towards even months; growth on last year \
                 holds, a trend is the ratio of two years."
            ),
            Self::Missing { gap } => {
                let (from, to) = (period(&gap.from), period(&gap.to));
                let span = if gap.months == 1 {
                    from
                } else {
                    format!("{from} to {to}")
                };
                let months = if gap.months == 1 { "month" } else { "months" };
                format!(
                    "{span} ({} {months}) has no data at all, which looks missing rather than zero: it is left out of \
                     growth and season. Import it and everything is reckoned again.",
                    gap.months
                )
            }
            Self::StartsLate { period: month } => {
                format!(
                    "{} is not whole (data begins within it): it is compared with nothing.",
                    period(month)
                )
            }
            Self::EndsEarly { period: month } => format!(
                "{} has not ended or lacks data: it is compared with nothing, and is no decline.",
                period(month)
            ),
            Self::OnlyOne { .. } => {
                "One value only by this dimension: no contribution, no concentration, and nothing to \
                                     split by. Look by another one."
                    .to_owned()
            }
            Self::NotGiven { share, .. } => format!(
                "{} of the amount has no value of this dimension: shares include what is not given, concentration is of the \
                 rest.",
                format::percent(*share)
            ),
            Self::BelowZero { months } => format!(
                "{months} months are below zero (more was taken back than sold): no season can be read from them. Check the \
                 dates of what was taken back."
            ),
            Self::LeftOutElsewhere { count } => format!(
                "{count} of what is left out is not among the data shown: it stays left out, also when it is imported again."
            ),
            Self::OtherCurrency { rows, currency } => format!(
                "{rows} rows were not imported because they are not in {currency}, and the history lacks them: until they are \
                 converted and imported, totals and growth are too low."
            ),
        }
    }
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
        let said = notes(
            &all,
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
    }
}
