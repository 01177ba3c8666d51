//! The number a new target is set to, as people type it.

use crate::format::{self, Lang};
use crate::money::{AmountError, AmountStyle, Currency, Minor, is_finer, parse_minor};
use crate::plan::MAX_AMOUNT;

/// Why a typed number cannot be a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TotalError {
    /// No amount can be read.
    #[error("{0}")]
    Amount(AmountError),
    /// Zero, or below.
    #[error("a target is more than 0")]
    NotPositive,
    /// More than a plan can hold.
    #[error("a target is at most {limit}")]
    TooLarge {
        /// The largest there can be, as people read it.
        limit: String,
    },
    /// More decimals than the currency has: which amount is meant is not guessed.
    #[error("{code} has {decimals} decimals: write {nearest}")]
    Finer {
        /// The currency's code.
        code: String,
        /// Its decimals.
        decimals: u8,
        /// The nearest amount there is.
        nearest: String,
    },
}

/// Reads the number a target is set to: more than 0, not more than a plan holds, exact in the currency.
pub fn parse_total(text: &str, currency: &Currency) -> Result<Minor, TotalError> {
    let style = AmountStyle::default();
    let limit = |units: i64| TotalError::TooLarge {
        limit: format::full(Minor(units), currency),
    };
    let most = crate::money::MAX_UNITS
        .saturating_mul(currency.minor_per_unit())
        .min(MAX_AMOUNT);
    let total = match parse_minor(text, currency, style) {
        Ok(total) => total,
        Err(AmountError::TooLarge) => {
            let below = text.trim_start().starts_with(['-', '−', '–', '(', '（']);
            return Err(if below {
                TotalError::NotPositive
            } else {
                limit(most)
            });
        }
        Err(error) => return Err(TotalError::Amount(error)),
    };
    let finer = is_finer(text, currency, style);
    if total.0 < 0 || (total.0 == 0 && !finer) {
        return Err(TotalError::NotPositive);
    }
    if total.0 > most {
        return Err(limit(most));
    }
    if finer {
        return Err(TotalError::Finer {
            code: currency.code.clone(),
            decimals: currency.decimals,
            nearest: format::full(Minor(total.0.max(1)), currency),
        });
    }
    Ok(total)
}

impl TotalError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Amount(error), _) => error.words(lang),
            (
                Self::Finer {
                    code,
                    decimals: 0,
                    nearest,
                },
                Lang::En,
            ) => format!("{code} has no decimals: write {nearest}"),
            (_, Lang::En) => self.to_string(),
            (Self::NotPositive, Lang::ZhCn) => "目标须大于 0".to_owned(),
            (Self::TooLarge { limit }, Lang::ZhCn) => format!("目标最多为 {limit}"),
            (
                Self::Finer {
                    code,
                    decimals: 0,
                    nearest,
                },
                Lang::ZhCn,
            ) => format!("{code} 没有小数，请写成 {nearest}"),
            (
                Self::Finer {
                    code,
                    decimals,
                    nearest,
                },
                Lang::ZhCn,
            ) => format!("{code} 最多 {decimals} 位小数，请写成 {nearest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, code: &str) -> Result<i64, String> {
        let currency = Currency::from_code(code).unwrap();
        parse_total(text, &currency)
            .map(|total| total.0)
            .map_err(|error| error.words(Lang::En))
    }

    #[test]
    fn what_is_wrong_with_a_total_is_said() {
        let refused = |text| said(text, "CNY").unwrap_err();
        assert_eq!(said("4,000,000.05", "CNY"), Ok(400_000_005));
        assert_eq!(said("120.12345万", "CNY"), Ok(120_123_450));
        assert_eq!(
            said("1.20", "JPY"),
            Err("JPY has no decimals: write 1".to_owned())
        );
        assert_eq!(refused("-5"), "a target is more than 0");
        assert_eq!(refused("0"), "a target is more than 0");
        assert_eq!(refused("-9e20"), "a target is more than 0");
        assert_eq!(refused("9e20"), "a target is at most 1,000,000,000,000.00");
        assert_eq!(
            refused("1,000,000,000,000.01"),
            "a target is at most 1,000,000,000,000.00"
        );
        assert_eq!(refused("4,000,000.005"), "CNY has 2 decimals: write 4,000,000.01");
        assert_eq!(refused("0.001"), "CNY has 2 decimals: write 0.01");
        assert_eq!(refused("many"), "not an amount");
        assert_eq!(refused("5 %"), "a percentage is no amount");
    }

    #[test]
    fn it_is_said_in_chinese_too() {
        let cny = Currency::from_code("CNY").unwrap();
        let said = |text| parse_total(text, &cny).unwrap_err().words(Lang::ZhCn);
        assert_eq!(said("0"), "目标须大于 0");
        assert_eq!(said("9e20"), "目标最多为 1,000,000,000,000.00");
        assert_eq!(said("1.005"), "CNY 最多 2 位小数，请写成 1.01");
        assert_eq!(said("x"), "金额不是数字");
    }
}
