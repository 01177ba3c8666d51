//! Figures that people bring along for a split: what a market is worth, and what somebody is capable of.
//!
//! As bases they are what [`crate::basis::given`] (potential, money a month) takes: one number of at least zero a node.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{AccountId, MemberId, ProductId, UnitId};
use crate::money::{FACT_SCALE, Fact};

/// What a figure of potential is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "subject", content = "id")]
pub enum Subject {
    /// A unit's market.
    Unit(UnitId),
    /// A product's.
    Product(ProductId),
    /// What a customer could buy.
    Account(AccountId),
}

impl Subject {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unit(_) => "unit",
            Self::Product(_) => "product",
            Self::Account(_) => "account",
        }
    }

    /// The id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Unit(id) => id.0,
            Self::Product(id) => id.0,
            Self::Account(id) => id.0,
        }
    }

    /// The subject of a stored name and an id.
    pub fn of(name: &str, id: Uuid) -> Option<Self> {
        match name {
            "unit" => Some(Self::Unit(id.into())),
            "product" => Some(Self::Product(id.into())),
            "account" => Some(Self::Account(id.into())),
            _ => None,
        }
    }
}

/// Whom a figure of capability is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who", content = "id")]
pub enum Who {
    /// A person.
    Member(MemberId),
    /// A unit.
    Unit(UnitId),
}

impl Who {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member(_) => "member",
            Self::Unit(_) => "unit",
        }
    }

    /// The id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Member(id) => id.0,
            Self::Unit(id) => id.0,
        }
    }
}

/// How much somebody is capable of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "figure")]
pub enum Figure {
    /// Money a month.
    Money(Fact),
    /// In millionths of what is usual: 1,000,000 is 100 %.
    Rating(u32),
}

/// The highest rating, 200 %, in millionths.
pub const MOST_RATING_PPM: u32 = 2_000_000;

impl Figure {
    /// The stored name of its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Money(_) => "money",
            Self::Rating(_) => "percent",
        }
    }

    /// The stored number.
    pub fn stored(self) -> i64 {
        match self {
            Self::Money(amount) => amount.0,
            Self::Rating(ppm) => i64::from(ppm),
        }
    }

    /// The figure of a stored kind and number.
    pub fn of(kind: &str, stored: i64) -> Option<Self> {
        match kind {
            "money" => Some(Self::Money(Fact(stored))),
            "percent" => u32::try_from(stored).ok().map(Self::Rating),
            _ => None,
        }
    }

    /// As a number: currency units a month, or a share of what is usual.
    pub fn value(self) -> f64 {
        match self {
            Self::Money(amount) => amount.0 as f64 / FACT_SCALE as f64,
            Self::Rating(ppm) => f64::from(ppm) / 1_000_000.0,
        }
    }
}

/// A rating such as `110 %`, `110` or `1.1`, in millionths; numbers up to 2 are shares, larger ones percent. None where it is
/// no rating from 0 to 200 %.
pub fn parse_rating(text: &str) -> Option<u32> {
    let plain: String = text.chars().map(crate::import::half_width).collect();
    let plain = plain.trim();
    let (number, percent) = match plain.strip_suffix('%') {
        Some(number) => (number.trim(), true),
        None => (plain, false),
    };
    let Fact(scaled) = crate::money::parse_fact(number, crate::money::AmountStyle::default()).ok()?;
    let share = !percent && scaled <= 2 * FACT_SCALE;
    let ppm = if share { scaled.checked_mul(100)? } else { scaled };
    u32::try_from(ppm).ok().filter(|ppm| *ppm <= MOST_RATING_PPM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_read_as_people_write_them() {
        for text in ["110%", "110 %", "110", "1.1", "110％"] {
            assert_eq!(parse_rating(text), Some(1_100_000), "{text}");
        }
        assert_eq!(parse_rating("0"), Some(0));
        assert_eq!(parse_rating("1.5%"), Some(15_000));
        assert_eq!(parse_rating("200"), Some(2_000_000));
        for text in ["201", "-1", "", "好", "2e9", "99999999999"] {
            assert_eq!(parse_rating(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_stored_comes_back() {
        let id = Uuid::from_u128(7);
        for subject in [
            Subject::Unit(id.into()),
            Subject::Product(id.into()),
            Subject::Account(id.into()),
        ] {
            assert_eq!(Subject::of(subject.as_str(), subject.id()), Some(subject));
        }
        for figure in [Figure::Money(Fact(5)), Figure::Rating(900_000)] {
            assert_eq!(Figure::of(figure.kind(), figure.stored()), Some(figure));
        }
        assert!((Figure::Rating(900_000).value() - 0.9).abs() < 1e-12);
    }
}
