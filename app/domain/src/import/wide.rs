//! Periods as headers (wide target sheets) and as cells (long ones).

use serde::{Deserialize, Serialize};

use crate::calendar::{Fiscal, Month, Period, PeriodKind};
use crate::import::header::half_width;

/// What a period header or a period cell says; parts without a year need a `year` column or the plan's year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodHeader {
    /// `2017-07`, `201707`, `Jul 2017`, `2017年7月`, `7/2017`.
    Month {
        /// Calendar month.
        month: Month,
    },
    /// `7月`, `Jul`, `M07`: a calendar month without a year.
    MonthOfYear {
        /// 1 to 12.
        month: u8,
    },
    /// `2017-Q3`, `Q3 2017`, `2017年三季度`.
    Quarter {
        /// Fiscal year.
        year: u16,
        /// 1 to 4.
        quarter: u8,
    },
    /// `Q3`, `三季度`: a fiscal quarter without a year.
    QuarterOfYear {
        /// 1 to 4.
        quarter: u8,
    },
    /// `2017`, `FY2017`, `2017年`, `2017财年`.
    Year {
        /// Fiscal year.
        year: u16,
    },
}

impl PeriodHeader {
    /// The period meant, given the fiscal calendar and the year of the row where the header has none. A month without a
    /// year lies in the **fiscal** year given: with April as first month, `1月` of 2018 is January 2018 and `4月` is April 2017.
    pub fn resolve(self, fiscal: Fiscal, year: Option<u16>) -> Option<Period> {
        let of_month = |month: Month| fiscal.period_of(PeriodKind::Month, month.first_day());
        match self {
            Self::Month { month } => Some(of_month(month)),
            Self::MonthOfYear { month } => {
                let year = i32::from(year?);
                let late = fiscal.start_month() > 1 && month >= fiscal.start_month();
                Month::new(if late { year - 1 } else { year }, month).map(of_month)
            }
            Self::Quarter { year, quarter } => fiscal.named(&format!("{year:04}-Q{quarter}")),
            Self::QuarterOfYear { quarter } => fiscal.named(&format!("{:04}-Q{quarter}", year?)),
            Self::Year { year } => fiscal.named(&format!("{year:04}")),
        }
    }

    /// Whether a year must come from elsewhere.
    pub fn lacks_year(self) -> bool {
        matches!(self, Self::MonthOfYear { .. } | Self::QuarterOfYear { .. })
    }
}

/// Reads a header as a period, `None` where it is something else. A bare year of four digits counts, a bare number of one
/// or two digits does not (`3` may be anything); `value_period` reads those in a month column.
pub fn period_header(text: &str) -> Option<PeriodHeader> {
    let plain: String = text
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
    period_in(&plain).or_else(|| period_in(&without_brackets(&plain)))
}

/// What a text in half-width small letters says. The word "target" beside the period does not hide it: `7月目标`,
/// `Jul 2017 target`.
fn period_in(text: &str) -> Option<PeriodHeader> {
    let mut plain = text.trim().to_owned();
    for word in ["目标", "任务", "target", "quota", "sales", "amount", "金额"] {
        plain = plain.replace(word, " ");
    }
    let tokens = tokens(plain.trim())?;
    read(&tokens)
}

/// A text without what stands in brackets: units and hints.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// Reads the cell of a period or month column: everything a header may be, also `7` or `07` for July.
pub fn value_period(text: &str) -> Option<PeriodHeader> {
    let plain: String = text.trim().chars().map(half_width).collect();
    if plain.len() <= 2
        && let Ok(month @ 1..=12) = plain.parse::<u8>()
    {
        return Some(PeriodHeader::MonthOfYear { month });
    }
    if let Some(header) = period_header(&plain) {
        return Some(header);
    }
    // A full date names its month when it is the month's first day: exports write 2017-03-01 for March.
    let day = crate::calendar::parse_date(&plain, None).ok()?;
    (day.ymd().2 == 1).then(|| PeriodHeader::Month {
        month: Month::of(day),
    })
}

/// A piece of a period's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A number with its count of digits.
    Number(u32, usize),
    /// An English month name.
    MonthName(u8),
    /// 年, 财年, 年度, fy.
    YearWord,
    /// 月.
    MonthWord,
    /// 季度, 季.
    QuarterWord,
    /// q before a number.
    Q,
    /// m before a number.
    M,
}

const MONTH_NAMES: [(&str, u8); 25] = [
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sept", 9),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("may", 5),
];

const CHINESE_NUMBERS: [(&str, u32); 12] = [
    ("十二", 12),
    ("十一", 11),
    ("十", 10),
    ("一", 1),
    ("二", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("六", 6),
    ("七", 7),
    ("八", 8),
    ("九", 9),
];

/// The number of an English month name or its short form.
pub(crate) fn month_name(word: &str) -> Option<u8> {
    let lower = word.to_ascii_lowercase();
    MONTH_NAMES
        .iter()
        .find(|(name, _)| *name == lower)
        .map(|(_, month)| *month)
}

/// Splits into tokens; `None` at the first piece that belongs to no period.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            found.push(Token::Number(rest[..digits].parse().ok()?, digits));
            rest = &rest[digits..];
        } else if first.is_ascii_alphabetic() {
            let end = rest
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(rest.len());
            found.push(match &rest[..end] {
                "q" => Token::Q,
                "m" => Token::M,
                "fy" | "year" | "cy" => Token::YearWord,
                word => Token::MonthName(month_name(word)?),
            });
            rest = &rest[end..];
        } else if matches!(first, ' ' | '-' | '/' | '.' | '_' | ',' | '\'' | '第') {
            rest = &rest[first.len_utf8()..];
        } else if let Some(&(word, number)) = CHINESE_NUMBERS.iter().find(|(word, _)| rest.starts_with(word))
        {
            found.push(Token::Number(number, 1));
            rest = &rest[word.len()..];
        } else {
            let words = [
                ("年度", Token::YearWord),
                ("财年", Token::YearWord),
                ("年", Token::YearWord),
                ("季度", Token::QuarterWord),
                ("季", Token::QuarterWord),
                ("月份", Token::MonthWord),
                ("月度", Token::MonthWord),
                ("月", Token::MonthWord),
            ];
            let (word, token) = words.into_iter().find(|(word, _)| rest.starts_with(word))?;
            found.push(token);
            rest = &rest[word.len()..];
        }
        if found.len() > 6 {
            return None;
        }
    }
    Some(found)
}

/// The period a sequence of tokens is.
fn read(tokens: &[Token]) -> Option<PeriodHeader> {
    use Token::{M, MonthName, MonthWord, Number, Q, QuarterWord, YearWord};
    let month = |year: u32, month: u32| {
        let month = u8::try_from(month).ok()?;
        let year = plausible(year)?;
        Month::new(i32::from(year), month).map(|month| PeriodHeader::Month { month })
    };
    let quarter = |year: Option<u32>, quarter: u32| {
        let quarter = u8::try_from(quarter)
            .ok()
            .filter(|quarter| (1..=4).contains(quarter))?;
        match year {
            None => Some(PeriodHeader::QuarterOfYear { quarter }),
            Some(year) => Some(PeriodHeader::Quarter {
                year: plausible(year)?,
                quarter,
            }),
        }
    };
    let of_year = |month: u32| {
        let month = u8::try_from(month)
            .ok()
            .filter(|month| (1..=12).contains(month))?;
        Some(PeriodHeader::MonthOfYear { month })
    };
    let year_only = |year: u32| {
        Some(PeriodHeader::Year {
            year: plausible(year)?,
        })
    };
    match *tokens {
        [Number(year, 4)] | [Number(year, 4), YearWord] | [YearWord, Number(year, 4)] => year_only(year),
        [YearWord, Number(year, 2)] => year_only(2000 + year),
        [Number(joined, 6)] => month(joined / 100, joined % 100),
        [Number(year, 4), Number(m, 1..=2)]
        | [Number(year, 4), Number(m, 1..=2), MonthWord]
        | [Number(year, 4), YearWord, Number(m, 1..=2), MonthWord]
        | [Number(m, 1..=2), Number(year, 4)]
        | [Number(year, 4), M, Number(m, 1..=2)]
        | [Number(year, 4), YearWord, M, Number(m, 1..=2)] => month(year, m),
        [Number(year, 2), YearWord, Number(m, 1..=2), MonthWord] => month(2000 + year, m),
        [MonthName(m), Number(year, 4)] | [Number(year, 4), MonthName(m)] => month(year, u32::from(m)),
        [MonthName(m), Number(year, 2)] => month(2000 + year, u32::from(m)),
        [MonthName(m)] => of_year(u32::from(m)),
        [Number(m, 1..=2), MonthWord] | [M, Number(m, 1..=2)] => of_year(m),
        [Q, Number(q, 1)] | [Number(q, 1), QuarterWord] => quarter(None, q),
        [Number(year, 4), Q, Number(q, 1)]
        | [Number(year, 4), YearWord, Q, Number(q, 1)]
        | [YearWord, Number(year, 4), Q, Number(q, 1)]
        | [Q, Number(q, 1), Number(year, 4)]
        | [Q, Number(q, 1), YearWord, Number(year, 4)]
        | [Number(year, 4), YearWord, Number(q, 1), QuarterWord]
        | [Number(year, 4), Number(q, 1), QuarterWord] => quarter(Some(year), q),
        _ => None,
    }
}

/// Years a plan can be for.
fn plausible(year: u32) -> Option<u16> {
    u16::try_from(year)
        .ok()
        .filter(|year| (1950..=2150).contains(year))
}

#[cfg(test)]
#[path = "wide_tests.rs"]
mod tests;
