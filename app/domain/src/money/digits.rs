//! The digits of an amount with their separators.

use crate::money::{AmountError, DecimalMark};

/// Rounds half away from zero; both are not negative.
pub(super) fn round(value: i128, divisor: i128) -> i128 {
    (value + divisor / 2) / divisor
}

/// A decimal number as an integer and how many of its digits are decimals.
pub(super) struct Digits {
    value: i128,
    decimals: u32,
}

impl Digits {
    pub(super) fn read(text: &str, mark: DecimalMark) -> Result<Self, AmountError> {
        let (point, group) = match mark {
            DecimalMark::Point => ('.', ','),
            DecimalMark::Comma => (',', '.'),
        };
        let separators = [group, ' ', '\'', '’'];
        let known = |c: char| c.is_ascii_digit() || c == point || separators.contains(&c);
        if !text.chars().all(known) || !text.contains(|c: char| c.is_ascii_digit()) {
            return Err(AmountError::NotANumber);
        }
        let (whole, decimals) = text.split_once(point).unwrap_or((text, ""));
        let groups: Vec<&str> = whole.split(separators).collect();
        let well_grouped = groups.len() == 1
            || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3));
        if decimals.contains(|c: char| !c.is_ascii_digit()) || !well_grouped {
            return Err(Self::misread(text, mark));
        }
        let mut value: i128 = 0;
        for digit in whole
            .bytes()
            .chain(decimals.bytes().take(20))
            .filter(u8::is_ascii_digit)
        {
            value = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(i128::from(digit - b'0')))
                .ok_or(AmountError::TooLarge)?;
        }
        Ok(Self {
            value,
            decimals: decimals.len().min(20) as u32,
        })
    }

    /// Names the other reading when point and comma are only swapped.
    fn misread(text: &str, mark: DecimalMark) -> AmountError {
        let other = match mark {
            DecimalMark::Point => DecimalMark::Comma,
            DecimalMark::Comma => DecimalMark::Point,
        };
        // Only where both marks say so themselves: "1,23" alone may also be a slip in 1,230.
        if mark == DecimalMark::Point && text.contains('.') && text.contains(',')
            || mark == DecimalMark::Comma && text.contains('.')
        {
            let swapped: String = text
                .chars()
                .filter_map(|c| match (c, other) {
                    (',', DecimalMark::Comma) | ('.', DecimalMark::Point) => Some('.'),
                    (digit, _) if digit.is_ascii_digit() => Some(digit),
                    _ => None,
                })
                .collect();
            if swapped.matches('.').count() <= 1 && Self::probe(text, other) {
                return AmountError::Marks { reading: swapped };
            }
        }
        AmountError::Grouping
    }

    /// Whether the text is well formed under a mark; without naming readings again.
    fn probe(text: &str, mark: DecimalMark) -> bool {
        let (point, group) = match mark {
            DecimalMark::Point => ('.', ','),
            DecimalMark::Comma => (',', '.'),
        };
        let (whole, decimals) = text.split_once(point).unwrap_or((text, ""));
        let groups: Vec<&str> = whole.split(group).collect();
        decimals.bytes().all(|byte| byte.is_ascii_digit())
            && (1..=3).contains(&groups[0].len())
            && groups[1..].iter().all(|group| group.len() == 3)
    }

    /// The number times `factor` and ten to the exponent, rounded half away from zero.
    pub(super) fn scaled(&self, factor: i128, exponent: i32) -> Result<i128, AmountError> {
        if !(-30..=30).contains(&exponent) {
            return if self.value == 0 || exponent < 0 {
                Ok(0)
            } else {
                Err(AmountError::TooLarge)
            };
        }
        let shift = exponent - self.decimals.cast_signed();
        let value = self.value.checked_mul(factor).ok_or(AmountError::TooLarge)?;
        if shift >= 0 {
            let power = 10_i128
                .checked_pow(shift.unsigned_abs())
                .ok_or(AmountError::TooLarge)?;
            value.checked_mul(power).ok_or(AmountError::TooLarge)
        } else {
            match 10_i128.checked_pow(shift.unsigned_abs()) {
                Some(power) => Ok(round(value, power)),
                // Smaller than any amount.
                None => Ok(0),
            }
        }
    }
}
