//! Amounts as people and files write them.

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::import::half_width;
use crate::money::digits::{Digits, round};
use crate::money::{Currency, FACT_SCALE, Fact, Minor};

/// Larger amounts, in currency units, are refused as absurd: a million millions. It also keeps sums of nine hundred such
/// amounts inside `i64`.
pub const MAX_UNITS: i64 = 1_000_000_000_000;

/// What separates whole units from their decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1,234.5`.
    #[default]
    Point,
    /// `1.234,5`.
    Comma,
}

/// How a column writes its amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountStyle {
    /// The decimal mark.
    pub mark: DecimalMark,
    /// Currency units that a bare 1 stands for (1, 1,000, 10,000); an amount with a word of its own (万, 亿, 元, K, M) keeps it.
    pub unit: u32,
    /// The ISO 4217 code of what is counted in; an amount marked as something else is refused, because nothing is converted.
    /// Without one every mark is taken off unread.
    pub currency: Option<[u8; 3]>,
}

impl Default for AmountStyle {
    fn default() -> Self {
        Self {
            mark: DecimalMark::Point,
            unit: 1,
            currency: None,
        }
    }
}

impl AmountStyle {
    /// The same style for amounts in the currency of a code.
    pub fn in_currency(self, code: &str) -> Self {
        Self {
            currency: code.as_bytes().try_into().ok(),
            ..self
        }
    }
}

/// Why no amount can be read; on the wire `{"kind":"grouping"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AmountError {
    /// Nothing there.
    #[error("no amount")]
    Empty,
    /// Not a number in any form.
    #[error("not an amount")]
    NotANumber,
    /// Thousands separators in wrong places; the amount may be something else.
    #[error("the separators stand in wrong places: write 1,234.56")]
    Grouping,
    /// Point and comma the other way round than the column says.
    #[error("point and comma are swapped: \"{reading}\" if the comma is the decimal mark")]
    Marks {
        /// The amount if it is meant the other way round.
        reading: String,
    },
    /// A percentage where an amount is wanted.
    #[error("a percentage is no amount")]
    Percentage,
    /// Marked as an amount of another currency.
    #[error(
        "the amount is in \"{written}\" and not in {expected}: nothing is converted, so convert it first"
    )]
    Currency {
        /// The mark or code beside the number.
        written: String,
        /// The code of what is counted in.
        expected: String,
    },
    /// Beyond a million millions.
    #[error("the amount is absurdly large: the limit is 1,000,000,000,000")]
    TooLarge,
}

impl AmountError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::Empty => "没有金额".to_owned(),
            Self::NotANumber => "金额不是数字".to_owned(),
            Self::Grouping => "千分位位置不对，请写成 1,234.56".to_owned(),
            Self::Marks { reading } => format!("小数点与逗号颠倒，若逗号是小数点则为 {reading}"),
            Self::Percentage => "百分比不是金额".to_owned(),
            Self::Currency { written, expected } => {
                format!("金额的币种是“{written}”，不是 {expected}：不会自动换算，请先换算")
            }
            Self::TooLarge => "金额大得离谱，上限为 1 万亿".to_owned(),
        }
    }

    /// The text that was probably meant.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Marks { reading } => Some(reading),
            _ => None,
        }
    }
}

/// Reads an amount into ten-thousandths; further decimals are rounded half away from zero.
///
/// Understood: `1,234.5`, `1 234.5`, `1'234.5` (groups of three), full-width digits, `￥ ¥ $ € £`, currency codes before or
/// after (of the style's currency, where it has one), `元`, signs (also `−` and behind the number), parentheses for negatives, `万`, `亿`, `千`, `百万`, `K`, `M`, `1.5E+05`.
pub fn parse_fact(text: &str, style: AmountStyle) -> Result<Fact, AmountError> {
    let tens = parse_scaled(text, style, FACT_SCALE)?;
    Ok(Fact(tens))
}

/// Reads an amount into minor units, rounded half away from zero.
pub fn parse_minor(text: &str, currency: &Currency, style: AmountStyle) -> Result<Minor, AmountError> {
    parse_scaled(text, style, currency.minor_per_unit()).map(Minor)
}

/// Whether an amount that can be read has more digits than the currency; up to six decimals are looked at.
pub fn is_finer(text: &str, currency: &Currency, style: AmountStyle) -> bool {
    const FINE: i64 = 1_000_000;
    parse_scaled(text, style, FINE).is_ok_and(|fine| fine % (FINE / currency.minor_per_unit()) != 0)
}

/// Reads a share, a probability or another percentage into millionths: `60 %`, `60`, `0.6` are all 600,000; a bare number
/// up to 1 is a ratio, above it a percentage. Below 0 or above 100 % is `TooLarge`.
pub fn parse_share(text: &str) -> Result<u32, AmountError> {
    let plain: String = text.chars().map(half_width).collect();
    let plain = plain.trim();
    let (number, percent) = match plain.strip_suffix('%') {
        Some(number) => (number, true),
        None => (plain, false),
    };
    let millionths = parse_scaled(number, AmountStyle::default(), 1_000_000)?;
    let millionths = if percent || millionths > 1_000_000 {
        // Hundredths of it, rounded: 33.333333 % keeps its six digits.
        (millionths + 50) / 100
    } else {
        millionths
    };
    u32::try_from(millionths)
        .ok()
        .filter(|share| *share <= 1_000_000)
        .ok_or(AmountError::TooLarge)
}

/// Reads a ratio that may exceed the whole into millionths: `110 %` and `1.1` are both 1,100,000; without a mark a number is
/// taken as it stands. Further decimals are rounded. Below 0 or beyond four thousand times the whole is `TooLarge`.
pub fn parse_ratio(text: &str) -> Result<u32, AmountError> {
    let plain: String = text.chars().map(half_width).collect();
    let plain = plain.trim();
    let (number, scale) = match plain.strip_suffix('%') {
        Some(number) => (number, 10_000),
        None => (plain, 1_000_000),
    };
    u32::try_from(parse_scaled(number, AmountStyle::default(), scale)?).map_err(|_| AmountError::TooLarge)
}

/// The number in units of `1 / scale`.
fn parse_scaled(text: &str, style: AmountStyle, scale: i64) -> Result<i64, AmountError> {
    if let Some(plain) = parse_plain(text, style, scale) {
        return plain;
    }
    let plain: String = text.chars().map(half_width).collect();
    let (negative, number) = unwrap(plain.trim(), style.currency)?;
    let (number, word) = split_word(number)?;
    let (digits, exponent) = split_exponent(number);
    let digits = Digits::read(digits, style.mark)?;
    let factor = word.unwrap_or(i64::from(style.unit.max(1)));
    let value = digits.scaled(i128::from(factor) * i128::from(scale), exponent)?;
    limited(if negative { -value } else { value }, scale)
}

/// The quick way for what most files hold: digits, at most one point, perhaps a minus in front.
fn parse_plain(text: &str, style: AmountStyle, scale: i64) -> Option<Result<i64, AmountError>> {
    if style.mark != DecimalMark::Point || text.len() > 17 {
        return None;
    }
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if !rest.first()?.is_ascii_digit() || !rest.last()?.is_ascii_digit() {
        return None;
    }
    let mut value: i128 = 0;
    let mut divisor: i128 = 0;
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i128::from(byte - b'0');
                divisor *= 10;
            }
            b'.' if divisor == 0 => divisor = 1,
            _ => return None,
        }
    }
    let value = value * i128::from(style.unit.max(1)) * i128::from(scale);
    let value = round(value, divisor.max(1));
    Some(limited(if negative { -value } else { value }, scale))
}

/// Refuses what is absurd.
fn limited(value: i128, scale: i64) -> Result<i64, AmountError> {
    if value.unsigned_abs() > i128::from(MAX_UNITS).unsigned_abs() * i128::from(scale).unsigned_abs() {
        return Err(AmountError::TooLarge);
    }
    i64::try_from(value).map_err(|_| AmountError::TooLarge)
}

/// Marks of currencies with the codes they may stand for; an empty list is a word for whichever is counted in.
const MARKS: [(&str, &[&str]); 12] = [
    ("CN¥", &["CNY"]),
    ("¥", &["CNY", "JPY"]),
    ("￥", &["CNY", "JPY"]),
    ("US$", &["USD"]),
    ("HK$", &["HKD"]),
    ("$", &["USD", "HKD", "TWD", "SGD", "AUD", "CAD"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("人民币", &["CNY"]),
    ("圆", &[]),
    ("元", &[]),
    ("块", &[]),
];
/// Codes that are taken off.
const CODES: [&str; 14] = [
    "CNY", "RMB", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "KRW", "SGD", "AUD", "CAD", "CHF", "INR",
];

/// Refuses a mark that cannot stand for the currency counted in.
fn fits(mark: &str, codes: &[&str], currency: Option<[u8; 3]>) -> Result<(), AmountError> {
    match currency {
        Some(own) if !codes.is_empty() && !codes.iter().any(|code| code.as_bytes() == own) => {
            Err(AmountError::Currency {
                written: mark.to_owned(),
                expected: String::from_utf8_lossy(&own).into_owned(),
            })
        }
        _ => Ok(()),
    }
}

/// The one code that a code is; renminbi has two names.
fn coded(code: &'static str) -> [&'static str; 1] {
    [if code == "RMB" { "CNY" } else { code }]
}

/// Takes off sign, parentheses and currency, in any order people use.
fn unwrap(text: &str, currency: Option<[u8; 3]>) -> Result<(bool, &str), AmountError> {
    let mut rest = text;
    let mut signs = 0;
    let mut negative = false;
    loop {
        rest = rest.trim();
        if rest.is_empty() {
            return Err(if text.is_empty() {
                AmountError::Empty
            } else {
                AmountError::NotANumber
            });
        }
        if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            (rest, negative, signs) = (inner, true, signs + 1);
        } else if let Some(after) = rest.strip_prefix(['-', '−', '–']) {
            (rest, negative, signs) = (after, true, signs + 1);
        } else if let Some(before) = rest.strip_suffix(['-', '−']) {
            (rest, negative, signs) = (before, true, signs + 1);
        } else if let Some(after) = rest.strip_prefix('+') {
            (rest, signs) = (after, signs + 1);
        } else if let Some((mark, codes, after)) = MARKS
            .iter()
            .find_map(|(mark, codes)| Some((mark, codes, rest.strip_prefix(mark)?)))
        {
            fits(mark, codes, currency)?;
            rest = after;
        } else if let Some((code, left)) = CODES.iter().find_map(|code| {
            let left = strip_code(rest, code).or_else(|| strip_code_behind(rest, code))?;
            Some((*code, left))
        }) {
            fits(code, &coded(code), currency)?;
            rest = left;
        } else {
            break;
        }
        if signs > 1 {
            return Err(AmountError::NotANumber);
        }
    }
    if rest.ends_with('%') || rest.ends_with('‰') {
        return Err(AmountError::Percentage);
    }
    Ok((negative, rest))
}

fn strip_code<'a>(text: &'a str, code: &str) -> Option<&'a str> {
    let head = text.get(..code.len())?;
    head.eq_ignore_ascii_case(code).then(|| &text[code.len()..])
}

fn strip_code_behind<'a>(text: &'a str, code: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(code.len())?;
    let tail = text.get(at..)?;
    tail.eq_ignore_ascii_case(code).then(|| &text[..at])
}

/// Splits a word for a number off the end: `3.5万元` → (`3.5`, 10,000).
fn split_word(text: &str) -> Result<(&str, Option<i64>), AmountError> {
    const WORDS: [(&str, i64); 17] = [
        ("百万", 1_000_000),
        ("千万", 10_000_000),
        ("万亿", 1_000_000_000_000),
        ("百亿", 10_000_000_000),
        ("十亿", 1_000_000_000),
        ("亿", 100_000_000),
        ("万", 10_000),
        ("千", 1_000),
        ("百", 100),
        ("mn", 1_000_000),
        ("bn", 1_000_000_000),
        ("k", 1_000),
        ("K", 1_000),
        ("m", 1_000_000),
        ("M", 1_000_000),
        ("B", 1_000_000_000),
        ("w", 10_000),
    ];
    let mut unit = None;
    let mut rest = text;
    for (word, factor) in [("元整", 1), ("圆", 1), ("元", 1), ("块", 1)] {
        if let Some(before) = rest.strip_suffix(word) {
            (rest, unit) = (before.trim_end(), Some(factor));
            break;
        }
    }
    for (word, factor) in WORDS {
        if let Some(before) = rest.strip_suffix(word) {
            (rest, unit) = (before.trim_end(), Some(factor));
            break;
        }
    }
    if rest.is_empty() {
        Err(AmountError::NotANumber)
    } else {
        Ok((rest, unit))
    }
}

/// Splits `1.5E+05` into `1.5` and 5.
fn split_exponent(text: &str) -> (&str, i32) {
    let parts = text.split_once(['e', 'E']);
    match parts.and_then(|(digits, exponent)| Some((digits, exponent.parse::<i32>().ok()?))) {
        Some((digits, exponent)) if digits.ends_with(|last: char| last.is_ascii_digit()) => {
            (digits, exponent)
        }
        _ => (text, 0),
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
