//! What is typed into a cell: an amount, or a change of the one that is there.

use super::{AmountError, AmountStyle, Currency, MAX_UNITS, Minor, parse_minor};
use crate::format::Lang;

/// Decimal places a factor or a percentage may have.
const PLACES: usize = 6;

/// An amount or a change, as typed: `1200`, `3.5万`, `+5%`, `=-5%`, `=+1000`, `=A*1.1`, `=A/3`, `=A+2万`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// This amount.
    Amount(String),
    /// The present amount and this much more.
    Add(String),
    /// The present amount and this much less.
    Subtract(String),
    /// The present amount times numerator / denominator.
    Scale(i128, i128),
}

/// Why an edit was not understood or not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The factor or percentage is no number.
    #[error("\"{0}\" is not a number")]
    Factor(String),
    /// Divided by zero.
    #[error("divided by zero")]
    Zero,
    /// The amount cannot be read.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// The result is larger than a plan can hold.
    #[error("the result is too large")]
    TooLarge,
}

impl EditError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Amount(error) => error.words(lang),
            _ if lang == Lang::En => self.to_string(),
            Self::Factor(text) => format!("“{text}”不是数字"),
            Self::Zero => "不能除以零".to_owned(),
            Self::TooLarge => "结果太大".to_owned(),
        }
    }
}

impl Edit {
    /// Reads what was typed; full-width signs are read like plain ones. Amounts are read when the edit is applied.
    pub fn parse(text: &str) -> Result<Self, EditError> {
        let text: String = text
            .trim()
            .chars()
            .map(plain)
            .filter(|sign| !sign.is_whitespace())
            .collect();
        let (formula, body) = match text.strip_prefix('=') {
            Some(body) => (true, body),
            None => (false, text.as_str()),
        };
        if let Some(rest) = body.strip_prefix(['A', 'a']).filter(|_| formula) {
            let mut signs = rest.chars();
            return match (signs.next(), signs.as_str()) {
                (None, _) => Ok(Self::Scale(1, 1)),
                (Some('*'), factor) => fraction(factor).map(|(n, d)| Self::Scale(n, d)),
                (Some('/'), factor) => match fraction(factor)? {
                    (0, _) => Err(EditError::Zero),
                    (n, d) => Ok(Self::Scale(d, n)),
                },
                (Some(sign @ ('+' | '-')), amount) => relative(sign, amount),
                _ => Err(EditError::Factor(rest.to_owned())),
            };
        }
        let signed = body.chars().next().filter(|sign| matches!(sign, '+' | '-'));
        match signed {
            Some(sign) if formula || body.ends_with('%') => relative(sign, &body[1..]),
            _ if body.ends_with('%') => fraction(body).map(|(n, d)| Self::Scale(n, d)),
            _ => Ok(Self::Amount(body.to_owned())),
        }
    }

    /// The amount it makes of the present one; rounded half away from zero to the minor unit.
    pub fn apply(&self, now: Minor, currency: &Currency) -> Result<Minor, EditError> {
        let read = |text: &str| parse_minor(text, currency, AmountStyle::default());
        let result = match self {
            Self::Amount(text) => i128::from(read(text)?.0),
            Self::Add(text) => i128::from(now.0) + i128::from(read(text)?.0),
            Self::Subtract(text) => i128::from(now.0) - i128::from(read(text)?.0),
            Self::Scale(numerator, denominator) => {
                let product = i128::from(now.0)
                    .checked_mul(*numerator)
                    .ok_or(EditError::TooLarge)?;
                let half = if (product < 0) == (*denominator < 0) {
                    denominator / 2
                } else {
                    -(denominator / 2)
                };
                (product + half) / denominator
            }
        };
        let limit = i128::from(MAX_UNITS) * i128::from(currency.minor_per_unit());
        if result.abs() > limit {
            return Err(EditError::TooLarge);
        }
        i64::try_from(result).map(Minor).map_err(|_| EditError::TooLarge)
    }
}

/// What a pasted cell makes of the present amount, as typing it there does: a percentage or a formula changes that amount, anything
/// else is an amount, which may name no other currency.
pub fn read_pasted(text: &str, now: Minor, currency: &Currency) -> Result<Minor, EditError> {
    let text = text.trim();
    if text.ends_with(['%', '％']) || text.starts_with(['=', '＝']) {
        return Edit::parse(text)?.apply(now, currency);
    }
    let style = AmountStyle::default().in_currency(&currency.code);
    Ok(parse_minor(text, currency, style)?)
}

/// Whether a pasted cell scales the present amount: what it makes is rounded then.
pub(crate) fn is_scaled(text: &str) -> bool {
    matches!(Edit::parse(text), Ok(Edit::Scale(..)))
}

/// `+5%` scales, `+1000` adds.
fn relative(sign: char, rest: &str) -> Result<Edit, EditError> {
    if rest.ends_with('%') {
        let (numerator, denominator) = fraction(rest)?;
        let numerator = if sign == '-' {
            denominator - numerator
        } else {
            denominator + numerator
        };
        return Ok(Edit::Scale(numerator, denominator));
    }
    Ok(if sign == '-' {
        Edit::Subtract(rest.to_owned())
    } else {
        Edit::Add(rest.to_owned())
    })
}

/// A plain decimal number, or a percentage, as a fraction.
fn fraction(text: &str) -> Result<(i128, i128), EditError> {
    let wrong = || EditError::Factor(text.to_owned());
    let (number, hundredth) = match text.strip_suffix('%') {
        Some(number) => (number, 100),
        None => (text, 1),
    };
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && places.is_empty())
        || whole.len() > 9
        || places.len() > PLACES
        || !digits(whole)
        || !digits(places)
    {
        return Err(wrong());
    }
    let numerator: i128 = format!("{whole}{places}").parse().map_err(|_| wrong())?;
    Ok((numerator, hundredth * 10_i128.pow(places.len() as u32)))
}

/// Full-width signs as plain ones.
fn plain(sign: char) -> char {
    match sign {
        '０'..='９' | '＝' | '＋' | '－' | '＊' | '／' | '％' | '．' | 'Ａ' => {
            char::from_u32(sign as u32 - 0xFEE0).unwrap_or(sign)
        }
        '−' | '–' => '-',
        '×' => '*',
        '÷' => '/',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, now: i64) -> Result<i64, EditError> {
        let currency = Currency {
            code: "CNY".into(),
            decimals: 2,
        };
        Edit::parse(text)?
            .apply(Minor(now), &currency)
            .map(|amount| amount.0)
    }

    #[test]
    fn amounts_and_changes_are_understood() {
        assert_eq!(of("1,200", 7), Ok(120_000));
        assert_eq!(of("+5%", 10_000), Ok(10_500));
        assert_eq!(of("=+5%", 10_000), Ok(10_500));
        assert_eq!(of("-5％", 10_000), Ok(9_500));
        assert_eq!(of("=A*1.1", 10_000), Ok(11_000));
        assert_eq!(of("=a/3", 10_000), Ok(3_333));
        assert_eq!(of("=A+10", 10_000), Ok(11_000));
        assert_eq!(of("=-10", 10_000), Ok(9_000));
        assert_eq!(of("＝Ａ＊２", 10_000), Ok(20_000));
        assert_eq!(of("50%", 10_000), Ok(5_000));
        assert_eq!(of("=A", 12_345), Ok(12_345));
    }

    #[test]
    fn a_pasted_cell_is_an_amount_or_a_change_of_what_is_there() {
        let currency = Currency {
            code: "CNY".into(),
            decimals: 2,
        };
        let now = Minor(100_000);
        for (text, expected) in [
            ("1,234.50", 123_450),
            (" 2000 ", 200_000),
            ("+2000", 200_000),
            ("(5)", -500),
            ("+5%", 105_000),
            ("-5%", 95_000),
            ("5 %", 5_000),
            ("１２％", 12_000),
            ("=A*1.1", 110_000),
        ] {
            assert_eq!(read_pasted(text, now, &currency), Ok(Minor(expected)), "{text}");
        }
        assert_eq!(
            read_pasted("(5%)", now, &currency),
            Err(EditError::Amount(AmountError::Percentage))
        );
        assert_eq!(
            read_pasted("x%", now, &currency),
            Err(EditError::Factor("x%".to_owned()))
        );
        assert!(matches!(
            read_pasted("$12", now, &currency),
            Err(EditError::Amount(AmountError::Currency { .. }))
        ));
    }

    #[test]
    fn words_for_large_numbers_are_understood() {
        for (text, units) in [
            ("400万", 4_000_000),
            ("４００万元", 4_000_000),
            ("4百万", 4_000_000),
            ("1.2亿", 120_000_000),
            ("400k", 400_000),
            ("400 K", 400_000),
            ("4M", 4_000_000),
            ("4m", 4_000_000),
            ("400", 400),
        ] {
            assert_eq!(of(text, 7), Ok(units * 100), "{text}");
        }
        assert_eq!(of("=A+2万", 100), Ok(2_000_100));
        assert_eq!(of("=A-1k", 200_000), Ok(100_000));
    }

    #[test]
    fn errors_are_said_in_both_languages() {
        for (text, zh, en) in [
            ("=A*x", "“x”不是数字", "\"x\" is not a number"),
            ("=A/0", "不能除以零", "divided by zero"),
            ("abc", "金额不是数字", "not an amount"),
        ] {
            let error = of(text, 1).unwrap_err();
            assert_eq!(error.words(Lang::ZhCn), zh);
            assert_eq!(error.words(Lang::En), en);
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(of("=A*0.5", 3), Ok(2));
        assert_eq!(of("=A*0.5", -3), Ok(-2));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(matches!(of("=A*x", 1), Err(EditError::Factor(_))));
        assert_eq!(of("=A/0", 1), Err(EditError::Zero));
        assert!(matches!(of("abc", 1), Err(EditError::Amount(_))));
        assert!(matches!(of("", 1), Err(EditError::Amount(_))));
        assert_eq!(of("=A*999999999", i64::MAX / 2), Err(EditError::TooLarge));
    }
}
