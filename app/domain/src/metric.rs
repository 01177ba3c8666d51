//! What is counted, by what it is broken down, and the shape of the answer (the attainment API).

mod attainment;
mod dimension;
pub mod rule;
mod source;
mod stage;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use attainment::{Attainment, AttainmentQuery, AttainmentRow, Key};
pub use dimension::{Dimension, DimensionError, parse_by};
pub use source::{Bookings, OrderAmount, Source};
pub use stage::{Stage, Status};

/// The stable key of a metric: lower-case ASCII letters, digits and `_`, starting with a letter, at most 40 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MetricKey(Cow<'static, str>);

/// A text that is not a metric key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a metric key: lower-case letters, digits and _ are allowed, a letter first")]
pub struct MetricKeyError(pub String);

impl MetricKey {
    /// 签约额: won opportunities by close date.
    pub const BOOKINGS: Self = Self(Cow::Borrowed("bookings"));
    /// 发货额: shipped orders by ship date.
    pub const SHIPMENTS: Self = Self(Cow::Borrowed("shipments"));
    /// 回款额: money received by receipt date.
    pub const COLLECTED: Self = Self(Cow::Borrowed("collected"));
    /// 新增客户: accounts by the date of their first order.
    pub const NEW_CUSTOMERS: Self = Self(Cow::Borrowed("new_customers"));
    /// 跟进数: follow-ups by date.
    pub const ACTIVITIES: Self = Self(Cow::Borrowed("activities"));

    /// The key of a text.
    pub fn parse(text: &str) -> Result<Self, MetricKeyError> {
        let bytes = text.as_bytes();
        let good = (1..=40).contains(&bytes.len())
            && bytes[0].is_ascii_lowercase()
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_');
        if good {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(MetricKeyError(text.to_owned()))
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for MetricKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MetricKey {
    type Error = MetricKeyError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MetricKey> for String {
    fn from(key: MetricKey) -> Self {
        key.0.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_keys_are_plain_words() {
        assert_eq!(MetricKey::parse("bookings"), Ok(MetricKey::BOOKINGS));
        for bad in ["", "Bookings", "1st", "a-b", "签约额", &"a".repeat(41)] {
            assert_eq!(MetricKey::parse(bad), Err(MetricKeyError(bad.to_owned())));
        }
        assert!(serde_json::from_str::<MetricKey>("\"; drop\"").is_err());
    }
}
