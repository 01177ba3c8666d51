//! Dates as files write them.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Month};
use crate::format::Lang;

/// The order of a date's three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 2017/03/01.
    Ymd,
    /// 01/03/2017 is the first of March.
    Dmy,
    /// 03/01/2017 is the first of March.
    Mdy,
}

impl DateOrder {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ymd => "ymd",
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
        }
    }

    /// The order of a wire name or of a pattern such as `DD/MM/YYYY`, `%m/%d/%Y`, `yyyy-MM-dd`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = String::new();
        // Only the date part of a pattern with a time: MM would come again as minutes.
        for letter in text.trim().split([' ', 'T']).next()?.chars() {
            let letter = letter.to_ascii_lowercase();
            if matches!(letter, 'y' | 'm' | 'd') {
                if !letters.ends_with(letter) {
                    letters.push(letter);
                }
            } else if letter.is_ascii_alphanumeric() {
                return None;
            }
        }
        match letters.as_str() {
            "ymd" => Some(Self::Ymd),
            "dmy" => Some(Self::Dmy),
            "mdy" => Some(Self::Mdy),
            _ => None,
        }
    }
}

/// Why no day can be read; on the wire `{"kind":"ambiguous","readings":[…]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DateError {
    /// Nothing there.
    #[error("no date")]
    Empty,
    /// Not a date in any form.
    #[error("not a date: write 2018-02-15")]
    NotADate,
    /// A month or a day that does not exist.
    #[error("month {month} has no day {day}")]
    NoSuchDay {
        /// Month as written.
        month: u32,
        /// Day as written.
        day: u32,
        /// The last day of that month, ISO, where month and year are known.
        last_day: Option<String>,
    },
    /// It can be read in two ways and nothing says which; name the order.
    #[error("can mean {}: set the date format to dmy or mdy", .readings.join(" or "))]
    Ambiguous {
        /// The readings, ISO.
        readings: Vec<String>,
    },
    /// Month and day without a year.
    #[error("the year is missing")]
    NoYear,
    /// Before 1900 or after 2199.
    #[error("the year {year} is outside 1900 to 2199")]
    OutOfRange {
        /// The year as written.
        year: i32,
    },
}

impl DateError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::Empty => "没有日期".to_owned(),
            Self::NotADate => "日期无法识别，请写成 2018-02-15".to_owned(),
            Self::NoSuchDay {
                month: month @ 1..=12,
                day,
                ..
            } => format!("{month} 月没有 {day} 日"),
            Self::NoSuchDay { month, .. } => format!("没有 {month} 月"),
            Self::Ambiguous { readings } => {
                format!("日月不明，可能是 {}，请选择日期格式", readings.join(" 或 "))
            }
            Self::NoYear => "缺少年份".to_owned(),
            Self::OutOfRange { year } => format!("年份 {year} 不在 1900 至 2199 之间"),
        }
    }

    /// The one date that was probably meant, ISO.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::NoSuchDay { last_day, .. } => last_day.as_deref(),
            _ => None,
        }
    }
}

/// Excel's serial number of 1970-01-01 in the 1900 date system.
const EXCEL_EPOCH: i64 = 25_569;

/// The day of an Excel serial number (1900 date system, serials from 61 on: before that Excel counts a day that never
/// was); the time part must be cut off before.
pub fn from_excel_serial(serial: i64) -> Option<Day> {
    let day = Day(i32::try_from(serial - EXCEL_EPOCH).ok()?);
    (serial >= 61 && (1900..=2199).contains(&day.ymd().0)).then_some(day)
}

/// Reads a date as files write it: `2017-03-01`, `2017/3/1`, `2017.3.1`, `2017年3月1日`, `20170301`, `Mar 1, 2017`,
/// `1-Mar-17`, `01/03/2017` (by `order`), Excel serials of five digits; a time part is dropped, full-width digits count.
///
/// Three numbers without the year in front are read by `order`; without one they must have only one meaning, else the
/// error names both. Two-digit years mean 1970 to 2069.
pub fn parse_date(text: &str, order: Option<DateOrder>) -> Result<Day, DateError> {
    let text = text.trim();
    if let Some(day) = Day::parse_iso(text) {
        return in_range(day);
    }
    let plain: String = text.chars().map(crate::import::half_width).collect();
    let plain = date_part(plain.trim());
    if plain.is_empty() {
        return Err(DateError::Empty);
    }
    if plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !has_two_dots(plain) {
        return digits_only(plain);
    }
    let pieces = pieces(plain).ok_or(DateError::NotADate)?;
    match pieces.as_slice() {
        // Month name: 1 Mar 2017, Mar 1 2017, 2017 Mar 1.
        [Piece::Name(month), a, b] => named(*month, b, a),
        [a, Piece::Name(month), b] if a.is_year() => named(*month, a, b),
        [a, Piece::Name(month), b] => named(*month, b, a),
        [
            a @ Piece::Number(..),
            b @ Piece::Number(..),
            c @ Piece::Number(..),
        ] => numbers(*a, *b, *c, order),
        [
            Piece::Number(month @ 1..=99, 1..=2),
            Piece::Number(day @ 1..=99, 1..=2),
        ] => {
            // 2000 is a leap year: what does not exist there exists in no year.
            match civil(2000, *month, *day) {
                Err(DateError::NoSuchDay { month, day, .. }) => Err(DateError::NoSuchDay {
                    month,
                    day,
                    last_day: None,
                }),
                _ => Err(DateError::NoYear),
            }
        }
        _ => Err(DateError::NotADate),
    }
}

/// A number with its count of digits, or the name of a month.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Number(u32, usize),
    Name(u32),
}

impl Piece {
    fn is_year(self) -> bool {
        matches!(self, Self::Number(_, 4))
    }
}

fn has_two_dots(text: &str) -> bool {
    text.matches('.').count() > 1
}

/// Cuts the time off: what follows the first `T` between digits, or the first space after which a clock stands.
fn date_part(text: &str) -> &str {
    let bytes = text.as_bytes();
    for (index, _) in text.match_indices(['T', ' ']) {
        let rest = &text[index + 1..];
        let clock = rest.contains(':') || rest.starts_with(['上', '下']) || rest.contains('时');
        let before_digit = index > 0 && bytes[index - 1].is_ascii_digit() || bytes[index] == b' ';
        // "Mar 1, 2017 10:00" has spaces inside the date: cut only where the clock itself begins.
        let starts_clock = rest.trim_start().find(':').is_some_and(|colon| {
            rest.trim_start()[..colon]
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                && (1..=2).contains(&colon)
        });
        if clock && before_digit && (starts_clock || !rest.contains(':') || rest.starts_with(['上', '下']))
        {
            return text[..index].trim_end();
        }
    }
    text
}

/// `20170301`, `43101`, `43101.75`.
fn digits_only(text: &str) -> Result<Day, DateError> {
    let whole = text.split('.').next().unwrap_or_default();
    let number: u32 = whole.parse().map_err(|_| DateError::NotADate)?;
    match (whole.len(), text.contains('.')) {
        (8, false) => civil((number / 10_000).cast_signed(), number / 100 % 100, number % 100),
        (5, _) => from_excel_serial(i64::from(number)).ok_or(DateError::NotADate),
        _ => Err(DateError::NotADate),
    }
}

/// Splits at separators; `None` at anything that belongs to no date.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut found = Vec::with_capacity(3);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            found.push(Piece::Number(rest[..end].parse().ok()?, end));
            rest = &rest[end..];
            // 1st, 2nd, 3rd, 4th.
            for suffix in ["st", "nd", "rd", "th"] {
                if let Some(after) = rest.strip_prefix(suffix) {
                    rest = after;
                    break;
                }
            }
        } else if first.is_ascii_alphabetic() {
            let end = rest
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(rest.len());
            let word = &rest[..end];
            let lower = word.to_ascii_lowercase();
            let is_weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .any(|day| lower.starts_with(day));
            if !(is_weekday && found.is_empty()) {
                found.push(Piece::Name(u32::from(crate::import::month_name(word)?)));
            }
            rest = &rest[end..];
        } else if matches!(first, '-' | '/' | '.' | ',' | ' ' | '年' | '月' | '日' | '号') {
            rest = &rest[first.len_utf8()..];
        } else {
            return None;
        }
        if found.len() > 3 {
            return None;
        }
    }
    Some(found)
}

/// A date with a month name.
fn named(month: u32, year: &Piece, day: &Piece) -> Result<Day, DateError> {
    match (*year, *day) {
        (Piece::Number(year, digits @ (2 | 4)), Piece::Number(day, 1..=2)) => {
            civil(full_year(year, digits), month, day)
        }
        _ => Err(DateError::NotADate),
    }
}

/// A date of three numbers.
fn numbers(first: Piece, second: Piece, third: Piece, order: Option<DateOrder>) -> Result<Day, DateError> {
    let (Piece::Number(x, x_digits), Piece::Number(y, y_digits), Piece::Number(z, z_digits)) =
        (first, second, third)
    else {
        return Err(DateError::NotADate);
    };
    if y_digits > 2 {
        return Err(DateError::NotADate);
    }
    match (x_digits, z_digits) {
        (4, 1..=2) => civil(full_year(x, 4), y, z),
        (1..=2, 4) => by_order(
            order.filter(|order| *order != DateOrder::Ymd),
            &[
                (DateOrder::Dmy, (full_year(z, 4), y, x)),
                (DateOrder::Mdy, (full_year(z, 4), x, y)),
            ],
        ),
        (1..=2, 1..=2) => by_order(
            order,
            &[
                (DateOrder::Dmy, (full_year(z, 2), y, x)),
                (DateOrder::Mdy, (full_year(z, 2), x, y)),
                (DateOrder::Ymd, (full_year(x, 2), y, z)),
            ],
        ),
        _ => Err(DateError::NotADate),
    }
}

/// The reading of the declared order, or the only one there is.
fn by_order(order: Option<DateOrder>, readings: &[(DateOrder, (i32, u32, u32))]) -> Result<Day, DateError> {
    if let Some((_, (year, month, day))) = readings.iter().find(|(reading, _)| Some(*reading) == order) {
        return civil(*year, *month, *day);
    }
    let mut days: Vec<Day> = Vec::new();
    for (_, (year, month, day)) in readings {
        if let Ok(day) = civil(*year, *month, *day)
            && !days.contains(&day)
        {
            days.push(day);
        }
    }
    match days.as_slice() {
        [] => match readings.first() {
            Some((_, (year, month, day))) => civil(*year, *month, *day),
            None => Err(DateError::NotADate),
        },
        [day] => Ok(*day),
        _ => Err(DateError::Ambiguous {
            readings: days.iter().map(Day::to_string).collect(),
        }),
    }
}

/// Two digits mean 1970 to 2069.
fn full_year(year: u32, digits: usize) -> i32 {
    let year = year.cast_signed();
    match (digits, year) {
        (2, ..70) => 2000 + year,
        (2, _) => 1900 + year,
        _ => year,
    }
}

fn in_range(day: Day) -> Result<Day, DateError> {
    let (year, _, _) = day.ymd();
    if (1900..=2199).contains(&year) {
        Ok(day)
    } else {
        Err(DateError::OutOfRange { year })
    }
}

/// The day of year, month and day, or what does not exist about it.
fn civil(year: i32, month: u32, day: u32) -> Result<Day, DateError> {
    if !(1900..=2199).contains(&year) {
        return Err(DateError::OutOfRange { year });
    }
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    Day::from_ymd(year, small(month), small(day)).ok_or_else(|| DateError::NoSuchDay {
        month,
        day,
        last_day: Month::new(year, small(month)).map(|month| month.end().plus(-1).to_string()),
    })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
