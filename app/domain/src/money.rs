//! Money is integer: facts in ten-thousandths of the currency unit, targets and payouts in minor units.

mod digits;
mod edit;
mod parse;
mod whole;

use serde::{Deserialize, Serialize};

pub(crate) use edit::is_scaled;
pub use edit::{Edit, EditError, read_pasted};
pub use parse::{
    AmountError, AmountStyle, DecimalMark, MAX_UNITS, is_finer, parse_fact, parse_minor, parse_ratio,
    parse_share,
};
pub(crate) use whole::{divide, round_to_sum};

/// Ten-thousandths in one currency unit.
pub const FACT_SCALE: i64 = 10_000;

/// An amount of a fact (an order, a deal) in ten-thousandths of the currency unit; real order data has four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fact(pub i64);

/// An amount of a target, a cell or a payout in minor units of the currency (cents, fen; yen where there are none).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minor(pub i64);

/// A currency: ISO 4217 code and the number of its decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// ISO 4217 code, upper case.
    pub code: String,
    /// Decimals of the minor unit, 0 to 4.
    pub decimals: u8,
}

impl Currency {
    /// The currency of a code with its ISO 4217 number of decimals; three capital letters are required.
    pub fn from_code(code: &str) -> Option<Self> {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let decimals = match code {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        Some(Self {
            code: code.to_owned(),
            decimals,
        })
    }

    /// Minor units in one currency unit (100 for CNY, 1 for JPY).
    pub fn minor_per_unit(&self) -> i64 {
        10_i64.pow(u32::from(self.decimals.min(4)))
    }
}

impl Fact {
    /// Rounds to minor units, half away from zero; done once, when a sum is shown or answered.
    pub fn to_minor(self, currency: &Currency) -> Minor {
        let step = FACT_SCALE / currency.minor_per_unit();
        let half = step / 2;
        let rounded = if self.0 >= 0 {
            self.0.saturating_add(half)
        } else {
            self.0.saturating_sub(half)
        };
        Minor(rounded / step)
    }
}

impl Minor {
    /// The same amount in ten-thousandths; `None` where it does not fit.
    pub fn to_fact(self, currency: &Currency) -> Option<Fact> {
        self.0
            .checked_mul(FACT_SCALE / currency.minor_per_unit())
            .map(Fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_round_half_away_from_zero_once() {
        let cny = Currency::from_code("CNY").unwrap();
        assert_eq!(Fact(12_350).to_minor(&cny), Minor(124));
        assert_eq!(Fact(-12_350).to_minor(&cny), Minor(-124));
        assert_eq!(Fact(12_349).to_minor(&cny), Minor(123));
        let jpy = Currency::from_code("JPY").unwrap();
        assert_eq!(Fact(5_000).to_minor(&jpy), Minor(1));
        assert_eq!(Minor(3).to_fact(&jpy), Some(Fact(30_000)));
    }
}
